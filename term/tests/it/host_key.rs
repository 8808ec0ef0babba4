//! Whether a server's host key is believed.

mod authority;
mod differential;
mod renewal;

use std::path::PathBuf;

use term::ssh::forward::{self, Forward};
use term::ssh::host::{Endpoint, StrictHostKeyChecking};
use term::ssh::prompt::{Answer, Question};
use term::ssh::{Error, Host, Secrets};
use testbed::Sshd;
use testbed::sshd::{KeyType, Options, generate_key};

use crate::user::{host, nobody, open, run, user};

/// A host that the server's key is not known of yet, with a known_hosts file that does not exist.
fn unknown(server: &Sshd) -> (Host, PathBuf) {
    let path = server.folder().join("new").join("known_hosts");
    (Host { user_known_hosts_file: vec![path.clone()], ..host(server) }, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_is_asked_about_and_saved_where_ssh_finds_it() {
    let server = Sshd::start().unwrap();
    let (host, path) = unknown(&server);
    let (events, seen) = user(|_| Some(Answer::TrustAndSave));
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    let [Question::UnknownHostKey { name, key_type, fingerprint, randomart, path: shown, .. }] = &seen.questions()[..]
    else {
        panic!("{:?}", seen.questions())
    };
    assert_eq!(*name, format!("[127.0.0.1]:{}", server.port()));
    assert_eq!(key_type, "ED25519");
    assert_eq!(*fingerprint, server.fingerprint().unwrap());
    assert!(randomart.starts_with("+--[ED25519 256]--+"));
    assert_eq!(*shown, path);
    assert_eq!(std::fs::read_to_string(&path).unwrap().trim(), server.known_hosts_line().unwrap());
    let found = run("ssh-keygen", &["-F", name, "-f", &path.display().to_string()]);
    assert!(found.contains("found"), "{found}");
    // The second time it is known.
    let (events, seen) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_trusted_once_is_not_saved() {
    let server = Sshd::start().unwrap();
    let (host, path) = unknown(&server);
    let (events, _) = user(|_| Some(Answer::TrustOnce));
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_is_refused_without_an_answer_and_nothing_was_sent() {
    let server = Sshd::start_with(Options::default().line("LogLevel DEBUG3")).unwrap();
    for strict in [StrictHostKeyChecking::Ask, StrictHostKeyChecking::Yes] {
        let (mut host, path) = unknown(&server);
        host.strict_host_key_checking = strict;
        let (events, seen) = nobody();
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        let Error::HostKeyRefused { fingerprint, .. } = &error else { panic!("{error}") };
        assert_eq!(fingerprint.to_string(), server.fingerprint().unwrap());
        assert_eq!(seen.questions().is_empty(), strict == StrictHostKeyChecking::Yes);
        assert!(!path.exists());
        assert!(error.next_step().unwrap().contains("fingerprint"));
    }
    // The server never heard who wanted to log in.
    assert!(!server.log().contains("userauth-request"), "{}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn accept_new_saves_and_tells_and_a_file_that_cannot_be_written_costs_a_notice() {
    let server = Sshd::start().unwrap();
    let (mut host, path) = unknown(&server);
    host.strict_host_key_checking = StrictHostKeyChecking::AcceptNew;
    let (events, seen) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(path.exists());
    let notice = seen.notice("was saved").await;
    assert!(notice.contains(&server.fingerprint().unwrap()), "{notice}");

    let folder = server.folder().join("a folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("file"), "").unwrap();
    host.user_known_hosts_file = vec![folder.join("file").join("known_hosts")];
    let (events, seen) = nobody();
    match open(&host, Secrets::default(), &events).await {
        Ok(_) => drop(seen.notice("for this connection only").await),
        Err(error) => assert!(matches!(error, Error::KnownHosts(_)), "{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_key_is_refused_with_its_place_and_both_fingerprints() {
    let server = Sshd::start().unwrap();
    let other = server.folder().join("other");
    generate_key(&other, KeyType::Ed25519).unwrap();
    let public = std::fs::read_to_string(other.with_extension("pub")).unwrap();
    let host = host(&server);
    let path = &host.user_known_hosts_file[0];
    std::fs::write(path, format!("# comment\n[127.0.0.1]:{} {public}", server.port())).unwrap();
    let (events, seen) = user(|_| Some(Answer::TrustAndSave));
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    let Error::HostKeyChanged { offered, expected, place, .. } = &error else { panic!("{error}") };
    assert_eq!(offered.to_string(), server.fingerprint().unwrap());
    let known = run("ssh-keygen", &["-lf", &other.display().to_string()]);
    assert!(known.contains(&expected.to_string()), "{known}");
    assert_eq!((place.path.as_path(), place.line), (path.as_path(), 2));
    assert!(seen.questions().is_empty(), "there is no accept button");
    assert!(error.next_step().unwrap().contains(&format!("line 2 of {}", path.display())));
    assert!(!server.log().contains("Accepted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_refused() {
    let server = Sshd::start().unwrap();
    let host = host(&server);
    let path = &host.user_known_hosts_file[0];
    let line = server.known_hosts_line().unwrap();
    let key = line.split_once(' ').unwrap().1;
    std::fs::write(path, format!("{line}\n@revoked * {key}\n")).unwrap();
    let (events, seen) = user(|_| Some(Answer::TrustAndSave));
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    let Error::HostKeyRevoked { place, .. } = &error else { panic!("{error}") };
    assert_eq!((place.path.as_path(), place.line), (path.as_path(), 2));
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn known_hosts_that_cannot_be_read_are_never_taken_for_empty() {
    let server = Sshd::start().unwrap();
    let folder = server.folder().join("a folder in place of a file");
    std::fs::create_dir(&folder).unwrap();
    let mut host = host(&server);
    host.user_known_hosts_file = vec![folder.clone()];
    let (events, seen) = user(|_| Some(Answer::TrustAndSave));
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(&error, Error::KnownHosts(_)), "{error}");
    assert!(error.to_string().contains(&folder.display().to_string()));
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_asked_for_the_key_that_is_known() {
    let options = Options::default().host_keys(&[KeyType::Rsa, KeyType::Ed25519, KeyType::Ecdsa]);
    let server = Sshd::start_with(options).unwrap();
    // Only the RSA key is known, though Ed25519 is preferred where nothing is.
    let (events, seen) = nobody();
    let _ = open(&host(&server), Secrets::default(), &events).await.unwrap();
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_looked_up_under_host_key_alias() {
    let server = Sshd::start().unwrap();
    let mut host = host(&server);
    let line = server.known_hosts_line().unwrap();
    let key = line.split_once(' ').unwrap().1;
    std::fs::write(&host.user_known_hosts_file[0], format!("the-alias {key}\n")).unwrap();
    host.host_key_alias = Some("the-alias".to_owned());
    let (events, seen) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_key_that_is_let_pass_gets_no_forwarding() {
    let server = Sshd::start().unwrap();
    let other = server.folder().join("other");
    generate_key(&other, KeyType::Ed25519).unwrap();
    let public = std::fs::read_to_string(other.with_extension("pub")).unwrap();
    let mut host = host(&server);
    std::fs::write(&host.user_known_hosts_file[0], format!("[127.0.0.1]:{} {public}", server.port())).unwrap();
    host.strict_host_key_checking = StrictHostKeyChecking::No;
    host.forward_x11 = true;
    host.display = Some(":7".to_owned());
    let (events, seen) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(!connection.is_verified());
    let _ = seen.notice("without a password or forwarding").await;
    assert!(connection.forwarded_display(&host, &events).await.is_none());
    let _ = seen.notice("X11 forwarding is off").await;
    let listen = Endpoint::Port { host: None, port: 0 };
    let forwarded = connection.forward(Forward::Dynamic { listen }, &forward::Options::of(&host)).await;
    assert!(matches!(forwarded, Err(forward::Error::Unverified)));
    // The file is as it was, and a host that is known is verified.
    assert!(std::fs::read_to_string(&host.user_known_hosts_file[0]).unwrap().lines().count() == 1);
    let known = Host { user_known_hosts_file: vec![server.known_hosts().unwrap()], ..host };
    assert!(open(&known, Secrets::default(), &events).await.unwrap().is_verified());
}
