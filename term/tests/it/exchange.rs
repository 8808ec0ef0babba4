//! Packets that somebody on the way puts into the key exchange (CVE-2023-48795, "Terrapin").

use std::net::Ipv4Addr;

use term::ssh::{Error, Host, Secrets};
use testbed::Sshd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::user::{host, nobody, open};

/// SSH_MSG_IGNORE with empty data (RFC 4253 section 11.2).
const IGNORE: &[u8] = &[2, 0, 0, 0, 0];

/// SSH_MSG_DEBUG that is not to be shown, with an empty text and language.
const DEBUG: &[u8] = &[4, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// OpenSSH's SSH2_MSG_PING with empty data, which a client without limits would answer for ever (CVE-2025-26466).
const PING: &[u8] = &[192, 0, 0, 0, 0];

/// Stands between client and server and sends `message` to the client `count` times after the server's first packet.
async fn somebody_between(server: u16, message: &'static [u8], count: usize) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let server = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await.unwrap();
        let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
            (client.into_split(), server.into_split());
        let up = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
        let mut greeting = Vec::new();
        while !greeting.ends_with(b"\n") {
            greeting.push(from_server.read_u8().await.unwrap());
        }
        to_client.write_all(&greeting).await.unwrap();
        let length = from_server.read_u32().await.unwrap();
        let mut first = vec![0; usize::try_from(length).unwrap()];
        let _ = from_server.read_exact(&mut first).await.unwrap();
        to_client.write_all(&[&length.to_be_bytes(), &first[..]].concat()).await.unwrap();
        // A client that hangs up may do so while this is being sent.
        let _ = to_client.write_all(&packet(message).repeat(count)).await;
        let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
        let _ = up.await;
    }));
    port
}

/// A packet without encryption (RFC 4253 section 6).
fn packet(payload: &[u8]) -> Vec<u8> {
    let padding = 4 + (8 - (5 + payload.len() + 4) % 8) % 8;
    let length = u32::try_from(1 + payload.len() + padding).unwrap();
    [&length.to_be_bytes()[..], &[u8::try_from(padding).unwrap()], payload, &vec![0; padding]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn packets_put_into_the_key_exchange_end_it() {
    let server = Sshd::start().unwrap();
    for (message, count) in [(IGNORE, 1), (DEBUG, 1), (PING, 1), (PING, 100_000)] {
        let port = somebody_between(server.port(), message, count).await;
        let (events, seen) = nobody();
        // The key is known under the server's own port.
        let host = Host { port, host_key_alias: Some("server".to_owned()), ..known(&server) };
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        assert!(matches!(error, Error::KeyExchange { .. } | Error::Protocol { .. }), "{message:?} {count}: {error}");
        assert!(seen.questions().is_empty());
    }
    assert!(!server.log().contains("Accepted"), "{}", server.log());
    // What is between them is harmless by itself.
    let port = somebody_between(server.port(), IGNORE, 0).await;
    let host = Host { port, host_key_alias: Some("server".to_owned()), ..known(&server) };
    let (events, _) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
}

/// A user's host whose key is known under the name `server`.
fn known(server: &Sshd) -> Host {
    let line = server.known_hosts_line().unwrap();
    let (_, key) = line.split_once(' ').unwrap();
    let path = server.folder().join("known_as_server");
    std::fs::write(&path, format!("server {key}\n")).unwrap();
    Host { user_known_hosts_file: vec![path], ..host(server) }
}
