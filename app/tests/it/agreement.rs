//! `tetherm exec` beside ssh: the same server, the same words, byte for byte.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use testbed::sshd::{KeyType, Options, generate_key};

use crate::client::{Bench, text};

/// `SSH_MSG_NEWKEYS` (RFC 4253 section 12).
const NEWKEYS: u8 = 21;

/// Runs both and compares all that comes of it. What is compared is returned once.
fn compare(bench: &Bench, arguments: &[&str]) -> (String, String, Option<i32>) {
    let [ours, theirs] = ["tetherm", "ssh"].map(|program| {
        let output = bench.command(program).args(arguments).output().unwrap();
        (text(&output.stdout), text(&output.stderr), output.status.code())
    });
    assert_eq!(ours, theirs, "{arguments:?}");
    ours
}

#[test]
fn a_long_banner_is_shown_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("banner");
    let banner = "what the owner of this machine wants to be known\n".repeat(2_500);
    fs::write(&path, &banner).unwrap();
    let bench = Bench::with(Options::default().line(format!("Banner {}", path.display())));
    assert_eq!(compare(&bench, &["box", "true"]).1, banner);
    assert_eq!(compare(&bench, &["-q", "box", "true"]).1, "");
}

#[test]
fn a_list_of_host_key_algorithms_keeps_its_order_and_no_command_is_asked_about_it() {
    let bench = Bench::with(Options::default().host_keys(&[KeyType::Ed25519, KeyType::Ecdsa]));
    let script = bench.path("command");
    let known = bench.sshd.known_hosts().unwrap();
    let told = bench.path("told");
    fs::write(&script, format!("#!/bin/sh\necho \"$1 $2\" >> {}\ncat {}\n", told.display(), known.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    bench.configure(Path::new("none"), &bench.sshd.client_key());
    let command = format!("KnownHostsCommand={} %I %t", script.display());
    for (algorithms, expected) in [
        (None, "ORDER NONE\nHOSTNAME ssh-ed25519\n"),
        (Some("HostKeyAlgorithms=ssh-ed25519"), "HOSTNAME ssh-ed25519\n"),
        (Some("HostKeyAlgorithms=^ssh-ed25519"), "HOSTNAME ssh-ed25519\n"),
        (Some("HostKeyAlgorithms=+ssh-rsa"), "ORDER NONE\nHOSTNAME ssh-ed25519\n"),
    ] {
        for program in ["tetherm", "ssh"] {
            let _ = fs::remove_file(&told);
            let mut client = bench.command(program);
            let _ = client.args(["-o", &command]).args(algorithms.iter().flat_map(|list| ["-o", list]));
            let output = client.args(["box", "true"]).output().unwrap();
            assert!(output.status.success(), "{}", text(&output.stderr));
            assert_eq!(fs::read_to_string(&told).unwrap(), expected, "{program} {algorithms:?}");
        }
    }
}

#[test]
fn a_certificate_in_place_of_the_public_key_is_what_is_offered() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in ["authority", "certified", "plain"] {
        generate_key(Path::new(&path(name)), KeyType::Ed25519).unwrap();
    }
    let bench = Bench::with(
        Options::default()
            .line(format!("TrustedUserCAKeys {}", path("authority.pub")))
            .line("AuthenticationMethods publickey,publickey"),
    );
    let (authority, user, public) = (path("authority"), bench.sshd.user(), path("certified.pub"));
    let signed = Command::new("ssh-keygen").args(["-q", "-s", &authority, "-I", "me", "-n", &user, &public]).status();
    assert!(signed.unwrap().success());
    let _ = fs::copy(path("plain.pub"), bench.sshd.authorized_keys()).unwrap();
    let certified = format!("IdentityFile={}", path("certified"));
    let plain = format!("IdentityFile={}", path("plain"));
    let alone = ["-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no"];
    let port = bench.sshd.port().to_string();
    let place = [
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=error",
        "-p",
        &port,
        "-l",
        &user,
        "127.0.0.1",
        "echo in",
    ];
    let log_in = |identities: [&str; 2]| {
        let identities = identities.iter().flat_map(|identity| ["-o", identity]).collect::<Vec<_>>();
        compare(&bench, &[&alone[..], &identities, &place].concat())
    };
    // The authority's word does not stand for the plain key, which this account does not know.
    fs::remove_file(&public).unwrap();
    assert_eq!(log_in([&certified, &plain]).2, Some(0), "the certificate lies beside the key");
    fs::rename(path("certified-cert.pub"), &public).unwrap();
    assert_eq!(log_in([&certified, &plain]), ("in\n".to_owned(), String::new(), Some(0)));
    assert_eq!(log_in([&plain, &certified]).2, Some(0));
    fs::remove_file(&public).unwrap();
    assert_eq!(log_in([&certified, &plain]).2, Some(255));
}

/// What becomes of a packet on its way to the client.
#[derive(Clone, Copy)]
enum Damage {
    /// Its last byte, which belongs to its tag or MAC, is another.
    Seal,
    /// It says that it is longer than any packet.
    Length,
}

/// Leads one client to the server and damages the first long packet of those that are encrypted. With ciphers whose
/// lengths travel in the clear, each packet is seen for what it is.
fn damaged(server: u16, seal: usize, damage: Damage) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let _ = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut server = TcpStream::connect(("127.0.0.1", server)).unwrap();
        let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let _ = std::thread::spawn(move || std::io::copy(&mut from, &mut to));
        let mut byte = [0];
        while byte != *b"\n" {
            server.read_exact(&mut byte).unwrap();
            client.write_all(&byte).unwrap();
        }
        let mut sealed = false;
        let mut head = [0; 4];
        while server.read_exact(&mut head).is_ok() {
            let length = u32::from_be_bytes(head) as usize;
            let mut rest = vec![0; length + if sealed { seal } else { 0 }];
            if server.read_exact(&mut rest).is_err() {
                return;
            }
            // What a program writes comes in pieces of 8 KiB at least, and all that comes before is shorter.
            if sealed && length > 4_000 {
                match damage {
                    Damage::Seal => *rest.last_mut().unwrap() ^= 1,
                    Damage::Length => head = [0x7f; 4],
                }
            }
            sealed |= rest.get(1) == Some(&NEWKEYS);
            if client.write_all(&head).and_then(|()| client.write_all(&rest)).is_err() {
                return;
            }
        }
    });
    port
}

#[test]
fn packets_that_were_changed_on_the_way_end_the_connection_in_the_words_of_ssh() {
    let bench = Bench::new();
    let alias = format!("HostKeyAlias=[127.0.0.1]:{}", bench.sshd.port());
    for (ciphers, seal, damage, expected) in [
        ("aes256-gcm@openssh.com", 16, Damage::Seal, ""),
        ("aes256-gcm@openssh.com", 16, Damage::Length, "Bad packet length 2139062143.\r\n"),
        ("aes128-ctr", 32, Damage::Seal, "Corrupted MAC on input.\r\n"),
    ] {
        let [ours, theirs] = ["tetherm", "ssh"].map(|program| {
            let port = damaged(bench.sshd.port(), seal, damage).to_string();
            let options = ["-c", ciphers, "-m", "hmac-sha2-256-etm@openssh.com", "-o", &alias, "-p", &port, "-l"];
            let command = ["127.0.0.1", "head -c 1000000 /dev/zero"];
            let output = bench.command(program).args(options).arg(bench.sshd.user()).args(command).output().unwrap();
            (text(&output.stderr).replace(&port, "PORT"), output.status.code())
        });
        assert_eq!(ours, theirs);
        assert!(ours.0.starts_with(expected) && ours.1 == Some(255), "{ours:?}");
    }
}

#[test]
fn new_keys_are_told_of_where_much_is_told() {
    let bench = Bench::new();
    let output = bench.ours(&["-v", "-o", "RekeyLimit=256K", "box", "head -c 1000000 /dev/zero"]);
    assert_eq!(output.stdout.len(), 1_000_000);
    let count = text(&output.stderr).lines().filter(|line| *line == "debug1: SSH2_MSG_NEWKEYS sent").count();
    assert!(count >= 3, "{count}: {}", text(&output.stderr));
}

#[test]
fn every_bad_line_of_a_file_is_told_before_it_is_given_up() {
    let bench = Bench::new();
    let config = fs::read_to_string(bench.path("config")).unwrap();
    let included = bench.path("included");
    fs::write(&included, "Port x\nUser u\nCiphers x\n").unwrap();
    fs::set_permissions(&included, fs::Permissions::from_mode(0o600)).unwrap();
    for (lines, status) in [
        ("FowardX11 yes\nPort 0\nUser \"a\nMatch host\nBatchMode # none\nKexAlgorithms x\n".to_owned(), 255),
        (format!("Port ssh x\nInclude {}\nTunnel x\n", included.display()), 255),
        ("PermitRemoteOpen a\nPort x\n".to_owned(), 255),
        ("Nonsense \"x\nIgnoreUnknown *\nMore nonsense\n".to_owned(), 255),
        ("IgnoreUnknown non*\nNonsense yes\n".to_owned(), 0),
    ] {
        fs::write(bench.path("config"), format!("{config}{lines}")).unwrap();
        let (_, said, ended) = compare(&bench, &["box", "true"]);
        assert_eq!((ended, said.is_empty()), (Some(status), status == 0), "{said}");
        if status == 255 {
            assert_eq!(compare(&bench, &["-G", "box"]).1, said);
        }
    }
    fs::write(bench.path("config"), &config).unwrap();
    for option in ["Nonsense=x", "Port=0", "Host=a", "Match=all", "Include=x", "BatchMode=maybe"] {
        assert_eq!(compare(&bench, &["-o", option, "-o", "Port=x", "box", "true"]).2, Some(255));
    }
}
