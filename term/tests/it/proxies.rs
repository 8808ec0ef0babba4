//! Through proxies and programs.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use term::ssh::prompt::Question;
use term::ssh::{Error, Host, Proxy, Secret, Secrets, proxy};
use testbed::Sshd;
use testbed::sshd::free_port;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::jumps::output;
use crate::user::{LIMIT, host, nobody, open, secret, user};

const PASSWORD: &str = "open sesame";

/// A proxy that speaks what is asked of it and keeps a record.
struct Fake {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// `account` has to log in, where there is one. The connection is made to loopback whatever was asked for.
    async fn start(account: Option<(&'static str, &'static str)>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        drop(tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let log = Arc::clone(&log);
                drop(tokio::spawn(async move {
                    let mut first = [0];
                    let _ = client.read_exact(&mut first).await.unwrap();
                    let target = match first[0] {
                        5 => socks(&mut client, account, &log).await,
                        _ => http(&mut client, account, &log).await,
                    };
                    let Some(port) = target else { return };
                    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                }));
            }
        }));
        Self { port, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn proxy(&self, scheme: &str, user: &str) -> Proxy {
        Proxy::parse(&format!("{scheme}://{user}127.0.0.1:{}", self.port)).unwrap()
    }
}

async fn bytes(client: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let _ = client.read_exact(&mut bytes).await.unwrap();
    bytes
}

async fn socks(client: &mut TcpStream, account: Option<(&str, &str)>, log: &Mutex<Vec<String>>) -> Option<u16> {
    let count = client.read_u8().await.unwrap();
    let methods = bytes(client, count.into()).await;
    let method = if account.is_some() { 2 } else { 0 };
    if !methods.contains(&method) {
        client.write_all(&[5, 0xff]).await.unwrap();
        return None;
    }
    client.write_all(&[5, method]).await.unwrap();
    if let Some((user, password)) = account {
        assert_eq!(client.read_u8().await.unwrap(), 1);
        let mut said = Vec::new();
        for _ in 0..2 {
            let length = client.read_u8().await.unwrap();
            said.push(bytes(client, length.into()).await);
        }
        let right = said == [user.as_bytes(), password.as_bytes()];
        log.lock().unwrap().push(format!("login {right}"));
        client.write_all(&[1, u8::from(!right)]).await.unwrap();
        if !right {
            return None;
        }
    }
    let head = bytes(client, 4).await;
    assert_eq!(head[..3], [5, 1, 0]);
    let host = match head[3] {
        1 => bytes(client, 4).await.iter().map(u8::to_string).collect::<Vec<_>>().join("."),
        3 => {
            let length = client.read_u8().await.unwrap();
            String::from_utf8(bytes(client, length.into()).await).unwrap()
        }
        other => panic!("{other}"),
    };
    let port = client.read_u16().await.unwrap();
    log.lock().unwrap().push(format!("{host}:{port}"));
    let reply = if host == "forbidden" { 2 } else { 0 };
    // The address that it connects from, as a name: of any length.
    client.write_all(&[&[5, reply, 0, 3, 7][..], b"gateway", &[0, 22]].concat()).await.unwrap();
    (reply == 0).then_some(port)
}

async fn http(client: &mut TcpStream, account: Option<(&str, &str)>, log: &Mutex<Vec<String>>) -> Option<u16> {
    let mut head = String::from("C");
    while !head.ends_with("\r\n\r\n") {
        head.push(client.read_u8().await.unwrap().into());
    }
    let place = head.split(' ').nth(1).unwrap().to_owned();
    if let Some((user, password)) = account {
        let wanted = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let right = head.contains(&format!("Proxy-Authorization: Basic {wanted}\r\n"));
        log.lock().unwrap().push(format!("login {right}"));
        if !right {
            client.write_all(b"HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\n\r\n").await.unwrap();
            return None;
        }
    }
    log.lock().unwrap().push(place.clone());
    if place.starts_with("forbidden") {
        client.write_all(b"HTTP/1.1 403 Not \x1b[31mthere\r\n\r\n").await.unwrap();
        return None;
    }
    client.write_all(b"HTTP/1.1 200 OK\r\nVia: 1.1 fake\r\n\r\n").await.unwrap();
    Some(place.rsplit_once(':').unwrap().1.parse().unwrap())
}

/// A host that only the proxy can find.
fn behind(server: &Sshd, proxy: Proxy) -> Host {
    let known = host(server);
    let line = server.known_hosts_line().unwrap();
    let line = format!("[inside.example]:{} {}\n", server.port(), line.split_once(' ').unwrap().1);
    std::fs::write(&known.user_known_hosts_file[0], line).unwrap();
    Host { host_name: "inside.example".to_owned(), ..known }.through(proxy)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_connects_to_a_name_that_only_it_knows() {
    let server = Sshd::start().unwrap();
    for scheme in ["socks5", "http"] {
        let fake = Fake::start(None).await;
        let host = behind(&server, fake.proxy(scheme, ""));
        let (events, _) = nobody();
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        assert_eq!(output(&connection, "echo hi", &events).await, "hi\n");
        assert_eq!(fake.asked(), [format!("inside.example:{}", server.port())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxys_password_is_saved_or_asked_for_and_asked_for_again() {
    let server = Sshd::start().unwrap();
    for scheme in ["socks5", "http"] {
        let fake = Fake::start(Some(("me", PASSWORD))).await;
        let host = behind(&server, fake.proxy(scheme, "me@"));
        let saved = Secrets { proxy: Some(Secret::new(PASSWORD.to_owned())), ..Secrets::default() };
        let (events, seen) = nobody();
        let _ = open(&host, saved, &events).await.unwrap();
        assert!(seen.questions().is_empty());

        let wrong = Secrets { proxy: Some(Secret::new("old".to_owned())), ..Secrets::default() };
        let (events, seen) = user(|_| secret(PASSWORD));
        let connection = open(&host, wrong, &events).await.unwrap();
        let proxy = Box::new(fake.proxy(scheme, "me@"));
        assert_eq!(seen.questions(), [Question::ProxyPassword { proxy, retry: true }]);
        assert!(connection.login().proxy, "what worked can be remembered");

        let (events, seen) = user(|_| secret("wrong"));
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        assert!(matches!(&error, Error::Proxy { error: proxy::Error::Refused, .. }), "{error}");
        assert_eq!(seen.questions().len(), 3);

        // With BatchMode nobody is asked.
        let batch = Host { batch_mode: true, ..host };
        let (events, seen) = user(|_| secret(PASSWORD));
        let error = open(&batch, Secrets::default(), &events).await.unwrap_err();
        assert!(matches!(&error, Error::Proxy { .. }), "{error}");
        assert!(seen.questions().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_refuses_and_what_is_none_is_told() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let fail = async |host: Host| {
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        assert!(error.next_step().is_some(), "{error}");
        error
    };
    for (scheme, reason) in [("socks5", "its rules do not allow it"), ("http", "403 Not \\033[31mthere")] {
        let fake = Fake::start(None).await;
        let forbidden = Host { host_name: "forbidden".to_owned(), ..behind(&server, fake.proxy(scheme, "")) };
        let error = fail(forbidden).await;
        let Error::Proxy { error: proxy::Error::NotConnected { reason: told }, .. } = &error else { panic!("{error}") };
        assert_eq!(told, reason);

        let strict = Fake::start(Some(("me", PASSWORD))).await;
        let error = fail(behind(&server, strict.proxy(scheme, ""))).await;
        assert!(matches!(&error, Error::Proxy { error: proxy::Error::UserNeeded, .. }), "{error}");

        // An SSH server is no proxy.
        let other = Proxy::parse(&format!("{scheme}://127.0.0.1:{}", server.port())).unwrap();
        let error = fail(behind(&server, other)).await;
        assert!(matches!(&error, Error::Proxy { error: proxy::Error::NotAProxy { .. }, .. }), "{error}");

        let closed = Proxy::parse(&format!("{scheme}://127.0.0.1:{}", free_port().unwrap())).unwrap();
        let error = fail(behind(&server, closed)).await;
        assert!(matches!(error.root(), Error::Refused { .. }), "{error}");
        assert!(error.to_string().contains("at proxy"), "{error}");
    }
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let proxy = Proxy::parse(&format!("socks5://127.0.0.1:{}", silent.local_addr().unwrap().port())).unwrap();
    let host = Host { connect_timeout: Some(Duration::from_secs(1)), ..behind(&server, proxy) };
    let start = Instant::now();
    assert!(fail(host).await.to_string().contains("no answer within 1 s"));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_host_is_reached_through_the_proxy() {
    let (bastion, server) = (Sshd::start().unwrap(), Sshd::start().unwrap());
    let fake = Fake::start(None).await;
    let host = Host { jumps: vec![host(&bastion)], ..host(&server) }.through(fake.proxy("socks5", ""));
    let (events, _) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(output(&connection, "echo hi", &events).await, "hi\n");
    assert_eq!(fake.asked(), [format!("127.0.0.1:{}", bastion.port())]);
}

/// A command that connects to a server by itself and leaves its number in a file.
fn command(folder: &std::path::Path) -> String {
    let pid = folder.join("pid");
    format!("sh -c 'echo $$ > {}; echo hello from the proxy >&2; exec nc %h %p'", pid.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_command_leads_to_the_host_and_ends_with_the_connection() {
    let server = Sshd::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let host = Host { proxy_command: Some(command(folder.path())), ..host(&server) };
    let (events, seen) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    let bytes = output(&connection, "head -c 3000000 /dev/zero", &events).await;
    assert_eq!(bytes.len(), 3_000_000);
    assert_eq!(seen.notice("ProxyCommand").await, "ProxyCommand: hello from the proxy");
    let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
    let process = std::path::PathBuf::from(format!("/proc/{}", pid.trim()));
    assert!(process.exists());
    drop(connection);
    testbed::Deadline::after(LIMIT).wait_until("the end of the command", || !process.exists()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_command_that_fails_says_why() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    for (command, expected) in [
        ("sh -c 'echo no way >&2; exit 3'", "it ended with status 3 and said \"no way\""),
        ("/nonexistent/program", "status 127"),
        ("sh -c 'kill -9 $$'", "it was ended by signal 9"),
    ] {
        let host = Host { proxy_command: Some(command.to_owned()), ..host(&server) };
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        let Error::ProxyCommand { how, .. } = &error else { panic!("{error}") };
        assert!(how.contains(expected), "{how}");
    }
    // No name reaches a shell that could be taken for its code, wherever it comes from (CVE-2023-51385).
    for (host_name, user) in [("a;touch x", "me"), ("$(id)", "me"), ("h", "`id`"), ("-oProxyCommand=x", "me")] {
        let host = Host {
            host_name: host_name.to_owned(),
            user: user.to_owned(),
            proxy_command: Some("true".to_owned()),
            ..host(&server)
        };
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        assert!(matches!(&error, Error::ProxyCommand { how, .. } if how.contains("it was not run")), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_command_that_is_silent_is_given_up_with_what_it_started() {
    let server = Sshd::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    // A child that ignores being told to end.
    let command = format!("sh -c 'trap \"\" HUP TERM; echo $$ > {}; while :; do sleep 1; done'", pid.display());
    let host = Host { proxy_command: Some(command), connect_timeout: Some(Duration::from_secs(1)), ..host(&server) };
    let (events, _) = nobody();
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(&error, Error::HandshakeTimedOut { .. }), "{error}");
    let pid = std::fs::read_to_string(pid).unwrap();
    let process = std::path::PathBuf::from(format!("/proc/{}", pid.trim()));
    testbed::Deadline::after(LIMIT).wait_until("the end of the command", || !process.exists()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_command_runs_once_logged_in_where_it_is_permitted() {
    let server = Sshd::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ran");
    let command = format!("echo %n %p %r > {}; echo told; exit 4", file.display());
    let host = Host { local_command: Some(command), ..host(&server) };
    let (events, seen) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(!file.exists(), "nobody permitted it");
    let host = Host { permit_local_command: true, ..host };
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    let said = std::fs::read_to_string(&file).unwrap();
    assert_eq!(said, format!("127.0.0.1 {} {}\n", server.port(), server.user()));
    assert_eq!(seen.notice("told").await, "LocalCommand: told");
    assert_eq!(seen.notice("status").await, "LocalCommand: it ended with status 4.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_command_may_pass_the_connection_and_end() {
    let server = Sshd::start().unwrap();
    let command = format!("nc -F -X connect -x 127.0.0.1:{} 127.0.0.1 {}", Fake::start(None).await.port, server.port());
    let host = Host { proxy_command: Some(command), proxy_use_fdpass: true, ..host(&server) };
    let (events, _) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(output(&connection, "echo hi", &events).await, "hi\n");
    let host = Host { proxy_command: Some("true".to_owned()), ..host };
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(&error, Error::ProxyCommand { .. }), "{error}");
}
