//! What keeps a connection from coming about, and what it is called.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use term::ssh::{Error, Host, Secrets};
use testbed::Sshd;
use testbed::sshd::{Options, free_port};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::jumps::output;
use crate::user::{LIMIT, host, nobody, open, stranger};

/// A listener that answers each connection with `words` and, unless it keeps silent, closes it.
async fn speaker(words: &'static [u8], close: bool) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(words).await;
            if !close {
                // Holds the connection until the other side gives up.
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
        }
    }));
    port
}

async fn failure(host: &term::ssh::Host) -> Error {
    let (events, seen) = nobody();
    let error = open(host, Secrets::default(), &events).await.unwrap_err();
    assert!(seen.questions().is_empty());
    assert!(error.next_step().is_some(), "{error} names no next step");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_port_is_named() {
    let port = free_port().unwrap();
    let error = failure(&stranger(port)).await;
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    assert_eq!(error.to_string(), format!("127.0.0.1 port {port}: connection refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_of_a_name_is_tried() {
    let server = Sshd::start().unwrap();
    let mut host = host(&server);
    // On most machines ::1 comes first, where nothing listens.
    host.host_name = "localhost".to_owned();
    host.host_key_alias = Some("the-server".to_owned());
    let line = server.known_hosts_line().unwrap();
    std::fs::write(&host.user_known_hosts_file[0], format!("the-server {}\n", line.split_once(' ').unwrap().1))
        .unwrap();
    let (events, _) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(connection.is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_is_named() {
    let mut host = stranger(22);
    host.host_name = "no-such-host.invalid".to_owned();
    let error = failure(&host).await;
    assert!(matches!(&error, Error::NameNotFound { host, .. } if host == "no-such-host.invalid"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_listener_is_given_up_in_time() {
    let port = speaker(b"", false).await;
    let mut host = stranger(port);
    host.connect_timeout = Some(Duration::from_secs(1));
    let start = Instant::now();
    let error = failure(&host).await;
    assert!(matches!(&error, Error::HandshakeTimedOut { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_after_its_greeting_is_given_up_in_time() {
    let port = speaker(b"SSH-2.0-Stuck\r\n", false).await;
    let mut host = stranger(port);
    host.connect_timeout = Some(Duration::from_secs(1));
    let error = failure(&host).await;
    assert!(matches!(&error, Error::HandshakeTimedOut { during: "the key exchange", .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_ssh_server_is_told_from_one_that_says_nothing() {
    let port = speaker(b"HTTP/1.1 400 Bad Request\r\nServer: \x1b[31mred\r\n\r\n", true).await;
    let error = failure(&stranger(port)).await;
    assert!(matches!(&error, Error::NotSsh { received, .. } if received == "HTTP/1.1 400 Bad Request"), "{error}");

    let port = speaker(b"\x1b]0;title\x07\n", true).await;
    let error = failure(&stranger(port)).await;
    assert!(matches!(&error, Error::NotSsh { received, .. } if received == "\\033]0;title\\007"), "{error}");

    let port = speaker(b"Exceeded MaxStartups\r\n", true).await;
    let error = failure(&stranger(port)).await;
    assert!(matches!(&error, Error::TurnedAway { message, .. } if message == "Exceeded MaxStartups"), "{error}");

    let port = speaker(b"", true).await;
    let error = failure(&stranger(port)).await;
    assert!(matches!(&error, Error::ClosedEarly { .. }), "{error}");

    let port = speaker(b"SSH-1.5-Old\r\n", true).await;
    let error = failure(&stranger(port)).await;
    assert!(matches!(&error, Error::ProtocolVersion { version, .. } if version == "SSH-1.5-Old"), "{error}");

    // As OpenSSH: lines may come first, but not without end.
    let port = speaker(Box::leak("chatter\r\n".repeat(1100).into_bytes().into_boxed_slice()), true).await;
    let error = failure(&stranger(port)).await;
    assert!(matches!(&error, Error::NotSsh { received, .. } if received == "chatter"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_common_algorithm_is_told_what_both_offer() {
    for (line, kind, theirs) in [
        ("Ciphers 3des-cbc", "cipher", "3des-cbc"),
        ("MACs umac-64@openssh.com\nCiphers aes128-ctr", "MAC", "umac-64@openssh.com"),
        ("KexAlgorithms diffie-hellman-group14-sha1", "key exchange", "diffie-hellman-group14-sha1"),
    ] {
        let server = Sshd::start_with(Options::default().line(line)).unwrap();
        let error = failure(&host(&server)).await;
        let Error::NoCommonAlgorithm { kind: told, ours, theirs: offered, .. } = &error else { panic!("{error}") };
        assert_eq!((*told, &offered[..]), (kind, &[theirs.to_owned()][..]));
        assert!(!ours.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_end_that_is_not_there_is_named() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let bound = Host { bind_address: Some("127.0.0.9".to_owned()), ..host(&server) };
    let connection = open(&bound, Secrets::default(), &events).await.unwrap();
    assert!(output(&connection, "echo $SSH_CLIENT", &events).await.starts_with("127.0.0.9 "));
    let foreign = Host { bind_address: Some("192.0.2.1".to_owned()), ..host(&server) };
    let error = failure(&foreign).await;
    assert!(error.to_string().contains("cannot bind to 192.0.2.1"), "{error}");
    let other_family = Host { bind_address: Some("::1".to_owned()), ..host(&server) };
    let error = failure(&other_family).await;
    assert!(error.to_string().contains("BindAddress is no IPv4 address"), "{error}");
    let nowhere = Host { bind_address: Some("no-such-host.invalid".to_owned()), ..host(&server) };
    let error = failure(&nowhere).await;
    assert!(matches!(&error, Error::BindAddress { address, .. } if address == "no-such-host.invalid"), "{error}");

    // Only where the system lets this user: then the loopback's interface leads to it, and no other does.
    let bound = Host { bind_interface: Some("lo".to_owned()), ..host(&server) };
    let connection = open(&bound, Secrets::default(), &events).await.unwrap();
    assert!(connection.is_open());
    let missing = Host { bind_interface: Some("none0".to_owned()), ..host(&server) };
    let error = failure(&missing).await;
    assert!(error.to_string().contains("cannot bind to the interface none0"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_up_late_is_reached_by_another_attempt() {
    let mut server = Sshd::start().unwrap();
    let host = Host { connection_attempts: 30, ..host(&server) };
    server.stop();
    let (events, _) = nobody();
    let opening = tokio::spawn(async move { open(&host, Secrets::default(), &events).await.map(|_| ()) });
    server.restart().unwrap();
    opening.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_closes_the_connection_whatever_it_waits_for() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let host = stranger(listener.local_addr().unwrap().port());
    let (events, _) = nobody();
    let opening = tokio::spawn(async move { open(&host, Secrets::default(), &events).await.map(drop) });
    let (mut stream, _) = listener.accept().await.unwrap();
    stream.write_all(b"SSH-2.0-Stuck\r\n").await.unwrap();
    // The client's greeting and its offer of algorithms have come: it is in the middle of the key exchange.
    let mut greeting = [0; 300];
    let _ = stream.read_exact(&mut greeting).await.unwrap();
    opening.abort();
    let rest = tokio::time::timeout(LIMIT, stream.read_to_end(&mut Vec::new())).await;
    assert!(rest.is_ok(), "the connection outlives who gave it up");
}
