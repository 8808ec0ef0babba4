//! `tetherm exec` against servers of other makers, and against one that knows only old algorithms.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use testbed::Deadline;
use testbed::foreign::Foreign;
use testbed::sshd::{KeyType, Options, free_port};

use crate::client::{Bench, feed, text};

/// Our program as a user of this server, without anything else of the user's.
fn command(server: &Foreign, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tetherm"));
    let known = folder.join("known_hosts");
    let _ = command.args(["exec", "-F", "none", "-o", "StrictHostKeyChecking=accept-new", "-o", "IdentityAgent=none"]);
    let _ = command.arg("-o").arg(format!("UserKnownHostsFile={}", known.display()));
    let _ =
        command.args(["-o", "BatchMode=yes", "-q", "-p", &server.port().to_string(), "-i"]).arg(server.client_key());
    let _ = command.env("HOME", folder).env("TETHERM_CONFIG_DIR", folder).stdin(Stdio::null());
    let _ = command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    for variable in ["DISPLAY", "WAYLAND_DISPLAY", "SSH_AUTH_SOCK"] {
        let _ = command.env_remove(variable);
    }
    command
}

/// Commands, their output and status, and a megabyte there and back.
fn runs_commands(server: &Foreign) {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| -> Output { command(server, folder.path()).args(arguments).output().unwrap() };
    let output = run(&["root@127.0.0.1", "echo out; echo err >&2; exit 3"]);
    assert_eq!(output.status.code(), Some(3), "{} {}", text(&output.stderr), server.log());
    assert_eq!((text(&output.stdout), text(&output.stderr)), ("out\n".to_owned(), "err\n".to_owned()));
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|index| index.to_le_bytes()[0] ^ index.to_le_bytes()[1]).collect();
    let mut cat = command(server, folder.path());
    let _ = cat.args(["root@127.0.0.1", "cat"]);
    let output = feed(cat, bytes.clone());
    assert!(output.stdout == bytes, "{} bytes, {}", output.stdout.len(), server.log());
    // The second time the host key is known.
    let output = run(&["-o", "StrictHostKeyChecking=yes", "root@127.0.0.1", "echo known"]);
    assert_eq!(text(&output.stdout), "known\n", "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(folder.path().join("known_hosts")).unwrap().lines().count(), 1);
}

/// A port of the server is reached through one here.
fn forwards_ports(server: &Foreign) {
    let folder = tempfile::tempdir().unwrap();
    let service = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let target = service.local_addr().unwrap().port();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = service.accept().unwrap();
        let mut said = String::new();
        let _ = stream.read_to_string(&mut said).unwrap();
        stream.write_all(said.to_uppercase().as_bytes()).unwrap();
    });
    let local = free_port().unwrap();
    let mut child = command(server, folder.path())
        .args(["-N", "-L", &format!("{local}:127.0.0.1:{target}"), "root@127.0.0.1"])
        .spawn()
        .unwrap();
    let mut stream = Deadline::generous()
        .wait_for("a listening port", || TcpStream::connect((Ipv4Addr::LOCALHOST, local)).ok())
        .unwrap();
    stream.write_all(b"half closed").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "HALF CLOSED", "{}", server.log());
    answering.join().unwrap();
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn dropbear_is_understood() {
    let server = Foreign::dropbear().unwrap();
    runs_commands(&server);
    forwards_ports(&server);
}

#[test]
fn tinysshd_is_understood() {
    // It forwards nothing.
    runs_commands(&Foreign::tinysshd().unwrap());
}

#[test]
fn asyncssh_is_understood() {
    let server = Foreign::asyncssh().unwrap();
    runs_commands(&server);
    forwards_ports(&server);
}

#[test]
fn openssh_with_each_cipher_mac_and_key_exchange_is_understood() {
    let bench = Bench::with(
        Options::default().line("Ciphers +aes128-cbc,3des-cbc").line("KexAlgorithms +diffie-hellman-group14-sha1"),
    );
    let list = |kind: &str| text(&bench.command("ssh").args(["-Q", kind]).output().unwrap().stdout);
    let ours = |kind: &str| text(&bench.ours(&["-Q", kind]).stdout);
    for (kind, keyword) in [("cipher", "Ciphers"), ("mac", "MACs"), ("kex", "KexAlgorithms")] {
        let theirs = list(kind);
        let server = fs::read_to_string(bench.sshd.folder().join("sshd_config")).unwrap();
        for name in ours(kind).lines().filter(|name| theirs.lines().any(|their| their == *name)) {
            // With a MAC of its own, which the others need.
            let cipher = if kind == "mac" { "aes128-ctr" } else { "+aes128-ctr" };
            let first = format!("{keyword}={name}");
            let output = bench.ours(&[
                "-o",
                &first,
                "-o",
                &format!("Ciphers={cipher}"),
                "box",
                "head -c 100000 /dev/zero | wc -c",
            ]);
            let offered = text(&output.stderr).contains("Unable to negotiate");
            assert!(text(&output.stdout) == "100000\n" || offered, "{name}: {}", text(&output.stderr));
            // What the server was not asked to allow is told as such, with what it offers.
            assert!(!offered || !server.contains(name), "{name}: {}", text(&output.stderr));
        }
    }
}

#[test]
fn a_server_with_old_algorithms_only_is_reached_when_they_are_asked_for() {
    let old = Options::default()
        .host_keys(&[KeyType::Rsa])
        .line("KexAlgorithms diffie-hellman-group14-sha1")
        .line("Ciphers aes128-cbc")
        .line("MACs hmac-sha1")
        .line("HostKeyAlgorithms ssh-rsa");
    let bench = Bench::with(old);
    let refused = bench.ours(&["box", "true"]);
    assert_eq!(refused.status.code(), Some(255));
    assert!(text(&refused.stderr).starts_with("Unable to negotiate with 127.0.0.1 port "), "{}", text(&refused.stderr));
    let asked = [
        "-o",
        "KexAlgorithms=+diffie-hellman-group14-sha1",
        "-o",
        "Ciphers=+aes128-cbc",
        "-o",
        "MACs=+hmac-sha1",
        "-o",
        "HostKeyAlgorithms=+ssh-rsa",
        "box",
        "echo in",
    ];
    let output = bench.ours(&asked);
    assert_eq!(text(&output.stdout), "in\n", "{}", text(&output.stderr));
}
