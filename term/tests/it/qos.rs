//! What the packets of a connection are marked with, read from its own socket.

use rustix::net::{getpeername, sockopt};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use term::session::Options as How;
use term::ssh::channel::{Program, Request};
use term::ssh::config::Config;
use term::ssh::{Destination, Host, Secrets};
use term::{Session, ssh};
use testbed::Sshd;

use crate::session::terminal;
use crate::user::{host, nobody, open};

/// The type of service of this process's connection to a server's port.
fn marked(port: u16) -> u8 {
    let me: Pid = getpid();
    let me = pidfd_open(me, PidfdFlags::empty()).unwrap();
    let entries = std::fs::read_dir("/proc/self/fd").unwrap();
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let mut found = numbers.filter_map(|number| {
        let socket = pidfd_getfd(&me, number, PidfdGetfdFlags::empty()).ok()?;
        let peer = std::net::SocketAddr::try_from(getpeername(&socket).ok()??).ok()?;
        (peer.port() == port).then(|| sockopt::ip_tos(&socket).unwrap())
    });
    found.next().expect("a connection to the server")
}

/// A host with these services.
fn with(server: &Sshd, services: &str) -> Host {
    let options = [format!("IPQoS={services}")];
    let set = Config::default().resolve(&Destination::parse("h").unwrap(), &options).unwrap();
    Host { ip_qos: set.ip_qos, ..host(server) }
}

#[tokio::test(flavor = "multi_thread")]
async fn packets_are_marked_by_what_the_connection_carries() {
    let (events, _) = nobody();
    for (services, interactive, bulk) in [
        ("lowdelay throughput", 0x10, 0x08),
        ("af21 cs1", 0x48, 0x20),
        ("0x20 24", 0x20, 24),
        ("ef", 0xb8, 0xb8),
        ("none cs1", 0, 0x20),
        ("af21 none", 0x48, 0),
    ] {
        let server = Sshd::start().unwrap();
        let connection = open(&with(&server, services), Secrets::default(), &events).await.unwrap();
        assert_eq!(marked(server.port()), 0, "{services}: nothing is carried yet");
        let request = Request { program: Program::Exec("cat".to_owned()), ..Request::default() };
        let _command = connection.channel(request, &events).await.unwrap();
        assert_eq!(marked(server.port()), bulk, "{services}: a command without a terminal");
        let _shell = Session::open(&connection, terminal(), How::default(), events.clone()).await.unwrap();
        let expected = if services.starts_with("none") { bulk } else { interactive };
        assert_eq!(marked(server.port()), expected, "{services}: a shell");
        let request = Request { program: Program::Exec("true".to_owned()), ..Request::default() };
        let _more = connection.channel(request, &events).await.unwrap();
        assert_eq!(marked(server.port()), expected, "{services}: who types is not slowed down by another's command");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_for_forwardings_alone_is_interactive() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let host = Host { session_type: ssh::host::SessionType::None, ..with(&server, "af21 cs1") };
    let _connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(marked(server.port()), 0x48);
}
