//! What client and server agree on: algorithms, compression, new keys on the way.

use std::sync::Arc;
use std::time::Duration;

use term::ssh::channel::{Message, Program, Request};
use term::ssh::config::Config;
use term::ssh::host::{Algorithms, RekeyLimit};
use term::ssh::{Connection, Destination, Error, Events, Host, Secrets, legacy};
use testbed::Sshd;
use testbed::sshd::{KeyType, Options};

use crate::jumps::output;
use crate::user::{LIMIT, host, nobody, open};

/// A server of long ago.
fn old() -> Sshd {
    let options = Options::default()
        .host_keys(&[KeyType::Rsa])
        .line("KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1")
        .line("HostKeyAlgorithms ssh-rsa")
        .line("Ciphers aes128-cbc")
        .line("MACs hmac-sha1")
        .line("LogLevel DEBUG1");
    Sshd::start_with(options).unwrap()
}

/// A host with these options of ssh_config(5).
fn with(host: Host, options: &[String]) -> Host {
    let set = Config::default().resolve(&Destination::parse("h").unwrap(), options).unwrap();
    Host {
        kex_algorithms: set.kex_algorithms,
        ciphers: set.ciphers,
        macs: set.macs,
        host_key_algorithms: set.host_key_algorithms,
        pubkey_accepted_algorithms: set.pubkey_accepted_algorithms,
        compression: set.compression,
        rekey_limit: set.rekey_limit,
        ..host
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_old_algorithms_only_is_reached_only_where_they_are_allowed() {
    let server = old();
    let (events, seen) = nobody();
    let error = open(&host(&server), Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(&error, Error::NoCommonAlgorithm { kind: "key exchange", .. }), "{error}");
    let names: Vec<_> = error.legacy().iter().map(|weakness| weakness.name).collect();
    assert_eq!(names, ["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1"]);
    assert!(error.next_step().unwrap().contains("KexAlgorithms +diffie-hellman-group1-sha1"));

    let allowed = with(host(&server), &legacy::options());
    let connection = open(&allowed, Secrets::default(), &events).await.unwrap();
    assert_eq!(output(&connection, "echo hi", &events).await, "hi\n");
    // Each weakness is named, and the better one of two is taken.
    let notice = seen.notice("is weak").await;
    for name in ["diffie-hellman-group14-sha1", "ssh-rsa", "aes128-cbc", "hmac-sha1"] {
        assert!(notice.contains(&format!("{name} ")), "{name}: {notice}");
    }
    assert!(server.log().contains("kex: algorithm: diffie-hellman-group14-sha1"), "{}", server.log());

    // To a newer server the old ones are of no use.
    let newer = Sshd::start().unwrap();
    let (events, seen) = nobody();
    let _ = open(&with(host(&newer), &legacy::options()), Secrets::default(), &events).await.unwrap();
    assert!(seen.notices().is_empty(), "{:?}", seen.notices());
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_algorithms_decide_what_is_agreed_on() {
    let server = Sshd::start_with(Options::default().line("LogLevel DEBUG1")).unwrap();
    let (events, _) = nobody();
    for (kex, cipher, mac) in [
        ("curve25519-sha256", "aes128-ctr", "hmac-sha2-256"),
        ("ecdh-sha2-nistp256", "aes256-ctr", "hmac-sha2-512-etm@openssh.com"),
        ("ecdh-sha2-nistp521", "aes128-gcm@openssh.com", "<implicit>"),
        ("diffie-hellman-group16-sha512", "aes256-gcm@openssh.com", "<implicit>"),
        ("diffie-hellman-group-exchange-sha256", "chacha20-poly1305@openssh.com", "<implicit>"),
    ] {
        let mac_list = if mac.starts_with('<') { String::new() } else { mac.to_owned() };
        let host = Host {
            kex_algorithms: Algorithms::parse(kex),
            ciphers: Algorithms::parse(cipher),
            macs: Algorithms::parse(&mac_list),
            ..host(&server)
        };
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        assert_eq!(output(&connection, "echo hi", &events).await, "hi\n");
        let log = server.log();
        assert!(log.contains(&format!("kex: algorithm: {kex} ")) || log.contains(&format!("kex: algorithm: {kex}\n")));
        assert!(log.contains(&format!("cipher: {cipher} MAC: {mac} ")), "{cipher} {mac}: {log}");
    }
    // A list without anything that is built here is an error, and not the default.
    let lacking = Host { kex_algorithms: Algorithms::parse("sntrup761x25519-sha512@openssh.com"), ..host(&server) };
    let error = open(&lacking, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(&error, Error::NoSuchAlgorithm { keyword: "KexAlgorithms", .. }), "{error}");
    assert!(error.next_step().is_some());
}

/// Sends so many bytes to `cat` and takes them back; whether they come back as they went.
async fn there_and_back(connection: &Connection, events: &Events, length: usize) -> bool {
    let request = Request { program: Program::Exec("cat".to_owned()), ..Request::default() };
    let mut channel = connection.channel(request, events).await.unwrap();
    let writer = channel.writer();
    // Neither constant nor short: what compresses badly and shows each byte that is lost or doubled.
    let mut state = 1_u64;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    });
    let bytes: Arc<Vec<u8>> = Arc::new(noise.take(length).collect());
    let sent = Arc::clone(&bytes);
    let sending = tokio::spawn(async move {
        for chunk in sent.chunks(30_000) {
            writer.data(chunk.to_vec()).await.unwrap();
        }
        writer.eof().await.unwrap();
    });
    let mut received = Vec::with_capacity(length);
    let receive = async {
        while let Some(message) = channel.next().await {
            if let Message::Data(bytes) = message {
                received.extend(bytes);
            }
        }
    };
    tokio::time::timeout(LIMIT, receive).await.expect("the transfer takes too long");
    sending.await.unwrap();
    received == *bytes
}

/// How often keys were exchanged on the server's last connection.
fn exchanges(server: &Sshd) -> usize {
    let log = server.log();
    log.rsplit("Connection from").next().unwrap_or_default().matches("SSH2_MSG_NEWKEYS received").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_go_on_over_new_keys_that_either_side_asks_for() {
    let ours = Sshd::start_with(Options::default().line("LogLevel DEBUG1")).unwrap();
    let theirs = Sshd::start_with(Options::default().line("LogLevel DEBUG1").line("RekeyLimit 1M")).unwrap();
    let limit = RekeyLimit { bytes: Some(1 << 20), interval: None };
    let (events, _) = nobody();
    for (server, rekey_limit) in [(&ours, limit), (&theirs, RekeyLimit::default())] {
        for compression in [false, true] {
            let host = Host { rekey_limit, compression, ..host(server) };
            let connection = open(&host, Secrets::default(), &events).await.unwrap();
            assert!(there_and_back(&connection, &events, 8_000_000).await, "the bytes differ");
            let times = exchanges(server);
            assert!(times >= 5, "only {times} key exchanges: {}", server.log());
            // The same keys' time is not over, and nothing else is: the connection goes on.
            assert_eq!(output(&connection, "echo hi", &events).await, "hi\n");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_exchanged_anew_after_their_time_too() {
    let server = Sshd::start_with(Options::default().line("LogLevel DEBUG1")).unwrap();
    let rekey_limit = RekeyLimit { bytes: None, interval: Some(Duration::from_secs(1)) };
    let host = Host { rekey_limit, ..host(&server) };
    let (events, _) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    testbed::Deadline::after(LIMIT).wait_until("three key exchanges", || exchanges(&server) >= 3).unwrap();
    assert_eq!(output(&connection, "echo hi", &events).await, "hi\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn compression_is_used_where_it_is_asked_for() {
    let server = Sshd::start_with(Options::default().line("LogLevel DEBUG1")).unwrap();
    let (events, _) = nobody();
    for (compression, agreed) in [(true, "compression: zlib@openssh.com"), (false, "compression: none")] {
        let host = Host { compression, ..host(&server) };
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        assert!(there_and_back(&connection, &events, 500_000).await);
        let log = server.log();
        assert!(log.rsplit("Connection from").next().unwrap().contains(agreed), "{log}");
    }
}
