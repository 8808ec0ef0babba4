//! `UpdateHostKeys`: keys that a server has besides the known one, and keys that it gave up.

use std::path::Path;

use term::ssh::host::{StrictHostKeyChecking, YesNoAsk};
use term::ssh::prompt::{Answer, Question};
use term::ssh::{Host, Secrets};
use testbed::sshd::{KeyType, Options, generate_key};
use testbed::{Deadline, Sshd};

use crate::user::{host, nobody, open, user};

const ALL: [KeyType; 3] = [KeyType::Ed25519, KeyType::Ecdsa, KeyType::Rsa];

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn key(server: &Sshd, key_type: KeyType) -> String {
    let text = read(&server.host_key(key_type).with_extension("pub"));
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

async fn wait_until(what: &str, condition: impl FnMut() -> bool + Send + 'static) {
    let what = what.to_owned();
    tokio::task::spawn_blocking(move || Deadline::generous().wait_until(&what, condition)).await.unwrap().unwrap();
}

/// Time enough for a list that comes right after the login to have been acted on: the next connection's login.
async fn settle(host: &Host) {
    let (events, _) = nobody();
    let quiet = Host { update_host_keys: YesNoAsk::No, ..host.clone() };
    for _ in 0..2 {
        let connection = open(&quiet, Secrets::default(), &events).await.unwrap();
        drop(connection);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_keys_are_learned_and_given_up_ones_forgotten_around_what_else_is_there() {
    let server = Sshd::start_with(Options::default().host_keys(&ALL)).unwrap();
    let host = host(&server);
    let path = host.user_known_hosts_file[0].clone();
    let old = server.folder().join("old");
    generate_key(&old, KeyType::Ecdsa).unwrap();
    let old = read(&old.with_extension("pub"));
    let name = format!("[127.0.0.1]:{}", server.port());
    let (before, after) = ("# mine\nother.example ssh-ed25519 AAAA\n\n", "# end");
    let known = format!("{name} {}", key(&server, KeyType::Ed25519));
    // The last line has no end, and what is added begins a line all the same.
    std::fs::write(&path, format!("{before}{known}\n{name} {old}{after}")).unwrap();
    let (events, seen) = nobody();
    let _connection = open(&host, Secrets::default(), &events).await.unwrap();
    let added: String =
        [KeyType::Ecdsa, KeyType::Rsa].iter().map(|of| format!("{name} {}\n", key(&server, *of))).collect();
    let wanted = sorted(&format!("{before}{known}\n{after}\n{added}"));
    let file = path.clone();
    wait_until("the file is in line with the server", move || sorted(&read(&file)) == wanted).await;
    let text = read(&path);
    assert!(text.starts_with(&format!("{before}{known}\n{after}\n")), "{text}");
    assert!(seen.questions().is_empty() && seen.notices().is_empty());
    // ssh(1) has nothing to add.
    let output = std::process::Command::new("ssh")
        .args(["-v", "-F", "none", "-p", &server.port().to_string(), "-i", &server.client_key().display().to_string()])
        .args(["-o", &format!("UserKnownHostsFile={}", path.display()), "-o", "UpdateHostKeys=yes"])
        .args(["-o", "GlobalKnownHostsFile=none", "-o", "StrictHostKeyChecking=yes"])
        .args([&format!("{}@127.0.0.1", server.user()), "sleep 1"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains("no new or deprecated keys from server"), "{told}");
    assert_eq!(read(&path), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_ssh_leaves_alone_are_left_alone() {
    let server = Sshd::start_with(Options::default().host_keys(&ALL)).unwrap();
    let host = host(&server);
    let path = host.user_known_hosts_file[0].clone();
    let name = format!("[127.0.0.1]:{}", server.port());
    let (known, other) = (key(&server, KeyType::Ed25519), key(&server, KeyType::Rsa));
    for text in [
        format!("{name},a.example,b.example {known}\n"),
        format!("* {known}\n"),
        format!("127.0.0.1 {known}\n"),
        format!("{name} {known}\n@cert-authority * {other}\n"),
        format!("{name} {known}\nb.example {other}\n"),
    ] {
        std::fs::write(&path, &text).unwrap();
        let (events, _) = nobody();
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        settle(&host).await;
        assert_eq!(read(&path), text);
        drop(connection);
    }
    // A key that came from the system's file, or that was taken without the user, is no reason to believe others.
    std::fs::write(&path, "").unwrap();
    let global = server.folder().join("global");
    std::fs::write(&global, format!("{name} {known}\n")).unwrap();
    let (events, _) = nobody();
    let by_system = Host { global_known_hosts_file: vec![global], ..host.clone() };
    let connection = open(&by_system, Secrets::default(), &events).await.unwrap();
    settle(&by_system).await;
    assert_eq!(read(&path), "");
    drop(connection);
    let taken = Host { strict_host_key_checking: StrictHostKeyChecking::AcceptNew, ..host };
    let connection = open(&taken, Secrets::default(), &events).await.unwrap();
    settle(&taken).await;
    assert_eq!(read(&path).lines().count(), 1);
    drop(connection);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_is_asked_about_other_keys_where_that_is_set() {
    let server = Sshd::start_with(Options::default().host_keys(&ALL)).unwrap();
    let host = Host { update_host_keys: YesNoAsk::Ask, ..host(&server) };
    let path = host.user_known_hosts_file[0].clone();
    let before = read(&path);
    for (answer, lines) in [(Answer::No, 1), (Answer::Yes, 3)] {
        let (events, seen) = user(move |_| Some(answer.clone()));
        let _ = open(&host, Secrets::default(), &events).await.unwrap();
        let [Question::UpdatedHostKeys { name, new, obsolete, path: shown }] = &seen.questions()[..] else {
            panic!("{:?}", seen.questions())
        };
        assert_eq!((name.clone(), obsolete.len(), shown), (format!("[127.0.0.1]:{}", server.port()), 0, &path));
        assert!(new.len() == 2 && new.iter().all(|key| key.contains("SHA256:")), "{new:?}");
        let text = read(&path);
        assert!(text.starts_with(&before) && text.lines().count() == lines, "{text}");
    }
    // Now they are known.
    let (events, seen) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn hashed_names_and_links_stay_what_they_are() {
    let server = Sshd::start_with(Options::default().host_keys(&ALL)).unwrap();
    let mut host = host(&server);
    host.hash_known_hosts = true;
    let real = server.folder().join("real");
    let path = server.folder().join("link");
    let known = &host.user_known_hosts_file[0];
    let old = server.folder().join("old");
    generate_key(&old, KeyType::Rsa).unwrap();
    let name = format!("[127.0.0.1]:{}", server.port());
    std::fs::write(&real, format!("{}{name} {}", read(known), read(&old.with_extension("pub")))).unwrap();
    let _ = crate::user::run("ssh-keygen", &["-q", "-H", "-f", &real.display().to_string()]);
    std::os::unix::fs::symlink(&real, &path).unwrap();
    host.user_known_hosts_file = vec![path.clone()];
    let (events, _) = nobody();
    let _connection = open(&host, Secrets::default(), &events).await.unwrap();
    let file = real.clone();
    wait_until("three keys", move || read(&file).lines().count() == 3 && !read(&file).contains("[127")).await;
    assert!(path.is_symlink() && read(&real).lines().all(|line| line.starts_with("|1|")));
}
