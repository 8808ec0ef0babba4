//! Channels beside each other on one connection.

use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::server::Handle;
use term::ssh::channel::{Message, Program, Request};
use term::ssh::{Channel, Connection, Error, Secrets};
use testbed::Sshd;
use testbed::sshd::Options;

use crate::server::{Server, Wants};
use crate::user::{LIMIT, host, nobody, open, stranger};

pub(crate) async fn start(connection: &Connection, command: &str) -> Channel {
    let (events, _) = nobody();
    let request = Request { program: Program::Exec(command.to_owned()), ..Request::default() };
    connection.channel(request, &events).await.unwrap()
}

pub(crate) async fn connected(server: &Sshd) -> Arc<Connection> {
    let (events, _) = nobody();
    open(&host(server), Secrets::default(), &events).await.unwrap()
}

/// Reads until `bytes` of standard output have come.
pub(crate) async fn read(channel: &mut Channel, bytes: usize) -> Vec<u8> {
    let mut all = Vec::new();
    while all.len() < bytes {
        match tokio::time::timeout(LIMIT, channel.next()).await.expect("nothing comes") {
            Some(Message::Data(part)) => all.extend(part),
            Some(_) => {}
            None => panic!("closed after {} bytes", all.len()),
        }
    }
    all
}

/// The slowest of some echoes.
async fn slowest_echo(channel: &mut Channel, echoes: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..echoes {
        let start = Instant::now();
        channel.writer().data(b"x".to_vec()).await.unwrap();
        let _ = read(channel, 1).await;
        slowest = slowest.max(start.elapsed());
    }
    slowest
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_come_back_as_they_went() {
    let server = Sshd::start().unwrap();
    for compression in [false, true] {
        let mut host = host(&server);
        host.compression = compression;
        let (events, _) = nobody();
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        let mut channel = start(&connection, "cat").await;
        let sent: Vec<u8> = (0..10 * 1024 * 1024_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let (writer, bytes) = (channel.writer(), sent.clone());
        let writing = tokio::spawn(async move {
            writer.data(bytes).await.unwrap();
            writer.eof().await.unwrap();
        });
        let mut back = Vec::new();
        let mut status = None;
        while let Some(message) = tokio::time::timeout(LIMIT, channel.next()).await.expect("nothing comes") {
            match message {
                Message::Data(part) => back.extend(part),
                Message::ExitStatus(code) => status = Some(code),
                _ => {}
            }
        }
        writing.await.unwrap();
        assert!(back == sent, "{} of {} bytes came back", back.len(), sent.len());
        assert_eq!(status, Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_alone_loses_nothing() {
    let server = Sshd::start().unwrap();
    let connection = connected(&server).await;
    let mut channel = start(&connection, "head -c 100000000 /dev/zero").await;
    // A pager that is not touched for a while.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(channel.backlog().file, 0, "nobody else waits, so the server can");
    assert_eq!(read(&mut channel, 100_000_000).await.len(), 100_000_000);
    assert!(channel.error().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_channel_is_closed_and_its_command_ends() {
    let server = Sshd::start().unwrap();
    let connection = connected(&server).await;
    let file = server.folder().join("ended");
    let mut channel = start(&connection, &format!("trap 'touch {}' EXIT; echo on; cat", file.display())).await;
    let _ = read(&mut channel, 3).await;
    let writer = channel.writer();
    drop(channel);
    let deadline = Instant::now() + LIMIT;
    while !file.exists() {
        assert!(Instant::now() < deadline, "the command goes on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(matches!(writer.data(b"late".to_vec()).await, Err(Error::ChannelClosed)));
    assert!(connection.is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_channel_tells_the_servers_reason() {
    let server = Sshd::start_with(Options::default().line("MaxSessions 1")).unwrap();
    let connection = connected(&server).await;
    let _first = start(&connection, "cat").await;
    let (events, _) = nobody();
    let request = Request { program: Program::Exec("true".to_owned()), ..Request::default() };
    let error = connection.channel(request, &events).await.unwrap_err();
    let Error::ChannelRefused { reason, .. } = &error else { panic!("{error}") };
    assert!(reason.contains("open failed"), "{reason}");
    assert!(error.next_step().unwrap().contains("MaxSessions"));
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_that_nobody_asked_for_are_refused_with_one_notice() {
    let server = Server::start(Wants::default()).await;
    let mut host = stranger(server.port);
    host.strict_host_key_checking = term::ssh::host::StrictHostKeyChecking::No;
    let (events, seen) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    let mut echo = start(&connection, "echo").await;
    let handle: Handle = server.handles.lock().unwrap()[0].clone();
    let opening = Instant::now();
    let attacks = (0..200).map(|_| async {
        let x11 = handle.channel_open_x11("127.0.0.1", 6000).await;
        let agent = handle.channel_open_agent().await;
        let tcp = handle.channel_open_forwarded_tcpip("localhost", 1, "localhost", 2).await;
        let local = handle.channel_open_forwarded_streamlocal("/tmp/socket").await;
        let direct = handle.channel_open_direct_tcpip("localhost", 22, "localhost", 2).await;
        let session = handle.channel_open_session().await;
        [x11, agent, tcp, local, direct, session].iter().all(Result::is_err)
    });
    let refused = futures::future::join_all(attacks).await;
    assert!(refused.iter().all(|refused| *refused), "a channel was let in");
    assert!(opening.elapsed() < Duration::from_secs(20));
    let notice = seen.notice("nobody asked for").await;
    assert!(notice.contains("x11") && notice.contains("auth-agent@openssh.com"), "{notice}");
    let _ = slowest_echo(&mut echo, 10).await;
    assert!(seen.notices().iter().filter(|text| text.contains("nobody asked for")).count() <= 20);
}
