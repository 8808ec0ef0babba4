//! Forwardings against a real sshd: what goes in at one end comes out at the other.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use term::ssh::forward::{Active, Endpoint, Error, Options};
use term::ssh::{Connection, Forward, Secrets};
use testbed::Sshd;
use testbed::sshd::{Options as Sshd_, free_port};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use crate::user::{LIMIT, Seen, host, nobody, open};

/// A server, a connection to it, and what the connection says.
struct Bench {
    sshd: Sshd,
    connection: Arc<Connection>,
    seen: Seen,
}

impl Bench {
    async fn new(options: Sshd_) -> Self {
        let sshd = Sshd::start_with(options).unwrap();
        let (events, seen) = nobody();
        let connection = open(&host(&sshd), Secrets::default(), &events).await.unwrap();
        Self { sshd, connection, seen }
    }

    async fn forward(&self, forward: Forward) -> Result<Active, Error> {
        self.forward_with(forward, Options::default()).await
    }

    async fn forward_with(&self, forward: Forward, options: Options) -> Result<Active, Error> {
        tokio::time::timeout(LIMIT, self.connection.forward(forward, &options)).await.unwrap()
    }
}

/// Answers each connection, once its half is closed, with what it said and how many bytes that were: only a forwarding
/// that keeps half-open connections gets the answer.
async fn answering(stream: impl AsyncRead + AsyncWrite + Unpin) {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut said = Vec::new();
    let _ = reader.read_to_end(&mut said).await.unwrap();
    writer.write_all(format!("{} bytes: ", said.len()).as_bytes()).await.unwrap();
    writer.write_all(&said).await.unwrap();
    writer.shutdown().await.unwrap();
}

async fn service() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(tokio::spawn(answering(stream)));
        }
    }));
    port
}

fn socket_service(path: &std::path::Path) {
    let listener = UnixListener::bind(path).unwrap();
    drop(tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(tokio::spawn(answering(stream)));
        }
    }));
}

/// Says something, ends its half and waits for the answer.
async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, text: &str) -> String {
    let talking = async {
        stream.write_all(text.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        // A connection that is refused may be reset.
        let _ = stream.read_to_string(&mut answer).await;
        answer
    };
    tokio::time::timeout(LIMIT, talking).await.expect("no answer")
}

async fn dial(port: u16) -> TcpStream {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap()
}

fn at(port: u16) -> Endpoint {
    Endpoint::port("127.0.0.1", port)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_sends_without_end_hears_that_nobody_listens() {
    let bench = Bench::new(Sshd_::default()).await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let (port, target) = (free_port().unwrap(), at(listener.local_addr().unwrap().port()));
    let endless = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
    });
    let listen = Endpoint::Port { host: None, port };
    let _active = bench.forward(Forward::Local { listen, target }).await.unwrap();
    let mut client = dial(port).await;
    let _ = client.read_u8().await.unwrap();
    drop(client);
    tokio::time::timeout(LIMIT, endless).await.expect("it still sends").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_port_leads_to_a_port_of_the_server_and_keeps_half_closed_connections() {
    let bench = Bench::new(Sshd_::default()).await;
    let (port, target) = (free_port().unwrap(), at(service().await));
    let listen = Endpoint::Port { host: None, port };
    let active = bench.forward(Forward::Local { listen, target }).await.unwrap();
    assert_eq!(active.port(), Some(port));
    assert_eq!(talk(dial(port).await, "hello").await, "5 bytes: hello");
    let big = "x".repeat(5_000_000);
    assert_eq!(talk(dial(port).await, &big).await, format!("5000000 bytes: {big}"));
    bench.connection.forwards_idle().await;

    drop(active);
    let gone = || async { TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() };
    let deadline = std::time::Instant::now() + LIMIT;
    while !gone().await {
        assert!(std::time::Instant::now() < deadline, "it still listens");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_stand_at_either_end_of_a_local_forwarding() {
    let bench = Bench::new(Sshd_::default()).await;
    let folder = bench.sshd.folder();
    let (service_path, listen_path) = (folder.join("service"), folder.join("listen"));
    socket_service(&service_path);
    let port = free_port().unwrap();
    let to_socket = Forward::Local { listen: at(port), target: Endpoint::socket(&service_path) };
    let _active = bench.forward(to_socket).await.unwrap();
    assert_eq!(talk(dial(port).await, "one").await, "3 bytes: one");

    let from_socket = Forward::Local { listen: Endpoint::socket(&listen_path), target: at(service().await) };
    let active = bench.forward(from_socket.clone()).await.unwrap();
    assert_eq!(std::fs::metadata(&listen_path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(talk(UnixStream::connect(&listen_path).await.unwrap(), "two").await, "3 bytes: two");
    drop(active);

    // The path is taken now, unless it may be removed first.
    let taken = bench.forward(from_socket.clone()).await.unwrap_err();
    assert_eq!(taken.to_string(), format!("{}: Address already in use", listen_path.display()));
    let options = Options { stream_local_bind_unlink: true, stream_local_bind_mask: 0o111, ..Options::default() };
    let _active = bench.forward_with(from_socket, options).await.unwrap();
    assert_eq!(std::fs::metadata(&listen_path).unwrap().permissions().mode() & 0o777, 0o666);
    assert_eq!(talk(UnixStream::connect(&listen_path).await.unwrap(), "three").await, "5 bytes: three");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_listens_and_leads_back_here() {
    let bench = Bench::new(Sshd_::default()).await;
    let service = service().await;
    let any = Forward::Remote { listen: Endpoint::Port { host: None, port: 0 }, target: Some(at(service)) };
    let active = bench.forward(any).await.unwrap();
    let chosen = active.port().unwrap();
    assert_ne!(chosen, 0);
    assert_eq!(talk(dial(chosen).await, "hello").await, "5 bytes: hello");

    let path = bench.sshd.folder().join("remote");
    let socket = Forward::Remote { listen: Endpoint::socket(&path), target: Some(at(service)) };
    let _active = bench.forward(socket).await.unwrap();
    assert_eq!(talk(UnixStream::connect(&path).await.unwrap(), "socket").await, "6 bytes: socket");

    let fixed = free_port().unwrap();
    let twice = Forward::Remote { listen: Endpoint::Port { host: None, port: fixed }, target: Some(at(service)) };
    let _first = bench.forward(twice.clone()).await.unwrap();
    assert_eq!(talk(dial(fixed).await, "fixed").await, "5 bytes: fixed");
    assert!(matches!(bench.forward(twice).await, Err(Error::Refused { .. })));
    // The one that is up is not disturbed by the one that was refused.
    assert_eq!(talk(dial(fixed).await, "fixed").await, "5 bytes: fixed");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_connects_to_the_server_learns_that_nothing_answers_here() {
    let bench = Bench::new(Sshd_::default()).await;
    let nobody = free_port().unwrap();
    let listen = Endpoint::Port { host: None, port: 0 };
    let active = bench.forward(Forward::Remote { listen, target: Some(at(nobody)) }).await.unwrap();
    assert_eq!(talk(dial(active.port().unwrap()).await, "hello").await, "");
    let _ = bench.seen.notice(&format!("connect_to 127.0.0.1 port {nobody}: failed.")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forbids_forwarding_says_so() {
    let bench = Bench::new(Sshd_::default().line("AllowTcpForwarding no")).await;
    let listen = Endpoint::Port { host: None, port: 0 };
    let refused = bench.forward(Forward::Remote { listen, target: Some(at(1)) }).await.unwrap_err();
    assert!(matches!(refused, Error::Refused { .. }), "{refused}");
    let port = free_port().unwrap();
    let _active = bench.forward(Forward::Local { listen: at(port), target: at(1) }).await.unwrap();
    assert_eq!(talk(dial(port).await, "hello").await, "");
    let _ = bench.seen.notice("127.0.0.1:1: open failed: administratively prohibited: open failed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_named() {
    let bench = Bench::new(Sshd_::default()).await;
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
    let holder = TcpListener::bind(taken).await.unwrap();
    let error = bench.forward(Forward::Dynamic { listen: at(taken.port()) }).await.unwrap_err();
    assert_eq!(error.to_string(), format!("[127.0.0.1]:{}: Address already in use", taken.port()));
    drop(holder);
}

/// Asks a SOCKS server to connect; its answer to the request.
async fn socks5(stream: &mut TcpStream, target: SocketAddr) -> u8 {
    let SocketAddr::V4(target) = target else { panic!("IPv4 here") };
    stream.write_all(&[5, 1, 0]).await.unwrap();
    let mut method = [0; 2];
    let _ = stream.read_exact(&mut method).await.unwrap();
    assert_eq!(method, [5, 0]);
    let request = [&[5, 1, 0, 1][..], &target.ip().octets(), &target.port().to_be_bytes()].concat();
    stream.write_all(&request).await.unwrap();
    let mut answer = [0; 10];
    let _ = stream.read_exact(&mut answer).await.unwrap();
    answer[1]
}

fn address(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socks_server_here_leads_wherever_it_is_asked_to() {
    let bench = Bench::new(Sshd_::default()).await;
    let (port, service, nobody) = (free_port().unwrap(), service().await, free_port().unwrap());
    let _active = bench.forward(Forward::Dynamic { listen: at(port) }).await.unwrap();
    let mut stream = dial(port).await;
    assert_eq!(socks5(&mut stream, address(service)).await, 0);
    assert_eq!(talk(stream, "five").await, "4 bytes: five");

    let mut stream = dial(port).await;
    assert_eq!(socks5(&mut stream, address(nobody)).await, 5, "connection refused");

    let mut stream = dial(port).await;
    let name = [&[4, 1][..], &service.to_be_bytes(), b"\0\0\0\x01me\0localhost\0"].concat();
    stream.write_all(&name).await.unwrap();
    let mut answer = [0; 8];
    let _ = stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer[1], 90);
    assert_eq!(talk(stream, "four").await, "4 bytes: four");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socks_server_there_leads_only_where_it_may() {
    let bench = Bench::new(Sshd_::default()).await;
    let (allowed, other) = (service().await, service().await);
    let options = Options { permit_remote_open: Some(vec![format!("127.0.0.1:{allowed}")]), ..Options::default() };
    let listen = Endpoint::Port { host: None, port: 0 };
    let active = bench.forward_with(Forward::Remote { listen, target: None }, options).await.unwrap();
    let port = active.port().unwrap();
    let mut stream = dial(port).await;
    assert_eq!(socks5(&mut stream, address(allowed)).await, 0);
    assert_eq!(talk(stream, "back").await, "4 bytes: back");
    let mut stream = dial(port).await;
    assert_eq!(socks5(&mut stream, address(other)).await, 2, "not allowed");
    let _ = bench.seen.notice(&format!("127.0.0.1:{other}: PermitRemoteOpen does not allow it")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_input_can_lead_to_a_port_of_the_server() {
    let bench = Bench::new(Sshd_::default()).await;
    let stream = bench.connection.direct(&at(service().await)).await.unwrap();
    assert_eq!(talk(stream, "direct").await, "6 bytes: direct");
    let refused = bench.connection.direct(&at(free_port().unwrap())).await.map(drop).unwrap_err();
    assert_eq!(refused, "connect failed: Connection refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarding_does_not_keep_its_connection() {
    let bench = Bench::new(Sshd_::default()).await;
    let port = free_port().unwrap();
    let active = bench.forward(Forward::Local { listen: at(port), target: at(service().await) }).await.unwrap();
    let mut stream = dial(port).await;
    stream.write_all(b"before").await.unwrap();
    drop(bench.connection);
    let mut rest = Vec::new();
    // Closed or reset; only that it ends counts.
    let _ = tokio::time::timeout(LIMIT, stream.read_to_end(&mut rest)).await.expect("it goes on");
    assert_eq!(talk(dial(port).await, "after").await, "");
    drop(active);
}
