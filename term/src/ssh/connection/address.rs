//! From a name to a TCP connection: the resolver, the order of the addresses, the local end.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, sleep_until};

use super::{Event, Events, Stage};
use crate::ssh::error::Attempts;
use crate::ssh::failure::words;
use crate::ssh::host::{AddressFamily, CONNECT_TIMEOUT};
use crate::ssh::{Error, Host};

/// How long an address may be silent before the next one is tried beside it (RFC 8305, "Connection Attempt Delay").
const STAGGER: Duration = Duration::from_millis(250);

/// A TCP connection to a server, or to a proxy.
#[derive(Debug)]
pub(super) struct Connected {
    pub(super) socket: TcpStream,
    pub(super) address: SocketAddr,
    /// How long it took to answer: the way there and back.
    pub(super) distance: Duration,
}

/// What is connected to, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    /// The name or address: the host's, or its proxy's.
    pub(super) name: &'a str,
    pub(super) port: u16,
    /// Whose settings hold.
    pub(super) host: &'a Host,
}

/// What happened at the addresses of one round.
enum Round {
    Connected(Connected),
    Failed { attempts: Vec<(SocketAddr, io::Error)>, pending: Vec<SocketAddr> },
}

/// What the local end is bound to.
#[derive(Debug, Default)]
struct Local {
    addresses: Vec<SocketAddr>,
    interface: Option<String>,
}

impl Target<'_> {
    /// Looks the name up and connects to the first of its addresses that answers. `ConnectionAttempts` and
    /// `ConnectTimeout` are honoured; the time limit holds for each round of attempts.
    pub(super) async fn connect(self, events: &Events) -> Result<Connected, Error> {
        let limit = self.host.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        tell(events, Stage::Resolving).await;
        let addresses = self.resolve(limit).await?;
        let local = Local::of(self.host, limit).await?;
        let mut rounds = self.host.connection_attempts.max(1);
        loop {
            rounds -= 1;
            match self.try_all(addresses.clone(), &local, limit, events).await {
                Round::Connected(connected) => return Ok(connected),
                Round::Failed { attempts, pending } if rounds == 0 => {
                    return Err(self.failure(limit, attempts, pending));
                }
                // As long as OpenSSH waits between its attempts (ssh_connect_direct in sshconnect.c).
                Round::Failed { .. } => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
    }

    /// The addresses of a name, families alternating as the resolver's first choice begins (RFC 8305 section 4).
    async fn resolve(self, limit: Duration) -> Result<VecDeque<SocketAddr>, Error> {
        let found = look_up(self.name, self.port, limit).await?;
        let family = self.host.address_family;
        let addresses = alternate(found.into_iter().filter(|address| is_wanted(family, address)).collect());
        if addresses.is_empty() {
            let family = if family == AddressFamily::Inet { "IPv4" } else { "IPv6" };
            let cause = format!("it has no {family} address, and AddressFamily asks for one");
            return Err(Error::NameNotFound { host: self.name.to_owned(), cause });
        }
        Ok(addresses)
    }

    /// Tries the addresses, each a moment after the one before it, and keeps the first that answers.
    async fn try_all(
        self,
        mut waiting: VecDeque<SocketAddr>,
        local: &Local,
        limit: Duration,
        events: &Events,
    ) -> Round {
        let deadline = Instant::now() + limit;
        let mut running = FuturesUnordered::new();
        let mut pending: Vec<SocketAddr> = Vec::new();
        let mut attempts = Vec::new();
        let mut next = Instant::now();
        loop {
            if (Instant::now() >= next || running.is_empty())
                && let Some(address) = waiting.pop_front()
            {
                tell(events, Stage::Connecting(address)).await;
                running.push(attempt(address, local, self.host));
                pending.push(address);
                next = Instant::now() + STAGGER;
            }
            if running.is_empty() {
                return Round::Failed { attempts, pending };
            }
            let wake = if waiting.is_empty() { deadline } else { next.min(deadline) };
            tokio::select! {
                Some((address, result)) = running.next() => {
                    pending.retain(|other| *other != address);
                    match result {
                        Ok((socket, distance)) => return Round::Connected(Connected { socket, address, distance }),
                        Err(error) => attempts.push((address, error)),
                    }
                }
                () = sleep_until(wake) => {
                    if Instant::now() >= deadline {
                        return Round::Failed { attempts, pending };
                    }
                }
            }
        }
    }

    fn failure(self, limit: Duration, attempts: Vec<(SocketAddr, io::Error)>, pending: Vec<SocketAddr>) -> Error {
        let has = |kind: io::ErrorKind| attempts.iter().any(|(_, error)| error.kind() == kind);
        let refused = has(io::ErrorKind::ConnectionRefused);
        let timed_out = !pending.is_empty() || has(io::ErrorKind::TimedOut);
        let mut told: Vec<_> = attempts.iter().map(|(address, error)| (*address, words(error))).collect();
        told.extend(pending.into_iter().map(|address| (address, "no answer".to_owned())));
        let (host, port, attempts) = (self.name.to_owned(), self.port, Attempts(told));
        if refused {
            Error::Refused { host, port, attempts }
        } else if timed_out {
            Error::ConnectTimedOut { host, port, limit, attempts }
        } else {
            Error::Unreachable { host, port, attempts }
        }
    }
}

impl Local {
    /// `BindAddress`, or `BindInterface` where there is none, as in ssh(1).
    async fn of(host: &Host, limit: Duration) -> Result<Self, Error> {
        let Some(name) = &host.bind_address else {
            return Ok(Self { addresses: Vec::new(), interface: host.bind_interface.clone() });
        };
        let addresses = look_up(name, 0, limit).await.map_err(|error| Error::BindAddress {
            host: host.alias.clone(),
            address: name.clone(),
            cause: match error {
                Error::NameNotFound { cause, .. } => cause,
                other => other.to_string(),
            },
        })?;
        Ok(Self { addresses, interface: None })
    }

    fn bind(&self, socket: &TcpSocket, to: SocketAddr) -> io::Result<()> {
        if let Some(interface) = &self.interface {
            return bind_device(socket, interface)
                .map_err(|error| because(&error, &format!("bind to the interface {interface}")));
        }
        if self.addresses.is_empty() {
            return Ok(());
        }
        let same_family = |address: &&SocketAddr| address.is_ipv4() == to.is_ipv4();
        let Some(address) = self.addresses.iter().find(same_family) else {
            let family = if to.is_ipv4() { "IPv4" } else { "IPv6" };
            return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, format!("BindAddress is no {family} address")));
        };
        socket.bind(*address).map_err(|error| because(&error, &format!("bind to {}", address.ip())))
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn bind_device(socket: &TcpSocket, interface: &str) -> io::Result<()> {
    socket.bind_device(Some(interface.as_bytes()))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn bind_device(_: &TcpSocket, _: &str) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this system cannot; set BindAddress instead"))
}

fn because(error: &io::Error, what: &str) -> io::Error {
    io::Error::new(error.kind(), format!("cannot {what}: {}", words(error)))
}

async fn tell(events: &Events, stage: Stage) {
    // An owner that is gone has no use for progress; the connection is given up by whoever dropped it.
    let _ = events.send(Event::Stage(stage)).await;
}

async fn look_up(name: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, Error> {
    let not_found = |cause: String| Error::NameNotFound { host: name.to_owned(), cause };
    let found = tokio::time::timeout(limit, tokio::net::lookup_host((name, port)))
        .await
        .map_err(|_| not_found(format!("no answer from the resolver within {} s", limit.as_secs())))?
        .map_err(|error| not_found(reason(&error)))?;
    Ok(found.collect())
}

fn is_wanted(family: AddressFamily, address: &SocketAddr) -> bool {
    match family {
        AddressFamily::Any => true,
        AddressFamily::Inet => address.is_ipv4(),
        AddressFamily::Inet6 => address.is_ipv6(),
    }
}

fn alternate(found: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let first_is_v4 = found.first().is_some_and(SocketAddr::is_ipv4);
    let (mut one, mut other): (VecDeque<_>, VecDeque<_>) =
        found.into_iter().partition(|address| address.is_ipv4() == first_is_v4);
    let mut addresses = VecDeque::new();
    while let Some(address) = one.pop_front() {
        if !addresses.contains(&address) {
            addresses.push_back(address);
        }
        std::mem::swap(&mut one, &mut other);
        if one.is_empty() {
            std::mem::swap(&mut one, &mut other);
        }
    }
    addresses
}

async fn attempt(address: SocketAddr, local: &Local, host: &Host) -> (SocketAddr, io::Result<(TcpStream, Duration)>) {
    let connect = async {
        let started = Instant::now();
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_keepalive(host.tcp_keep_alive)?;
        // A keystroke is a packet of its own: waiting to fill one would be felt.
        socket.set_nodelay(true)?;
        local.bind(&socket, address)?;
        let socket = socket.connect(address).await?;
        Ok((socket, started.elapsed()))
    };
    (address, connect.await)
}

/// The resolver's words.
fn reason(error: &io::Error) -> String {
    let text = words(error);
    text.strip_prefix("failed to lookup address information: ").unwrap_or(&text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_families_alternate_and_repeats_go() {
        let parse = |text: &str| -> Vec<SocketAddr> { text.split(' ').map(|a| a.parse().unwrap()).collect() };
        for (found, expected) in [
            ("[::1]:22 [::2]:22 1.1.1.1:22 2.2.2.2:22", "[::1]:22 1.1.1.1:22 [::2]:22 2.2.2.2:22"),
            ("1.1.1.1:22 2.2.2.2:22 [::1]:22", "1.1.1.1:22 [::1]:22 2.2.2.2:22"),
            ("1.1.1.1:22 1.1.1.1:22 2.2.2.2:22", "1.1.1.1:22 2.2.2.2:22"),
        ] {
            assert_eq!(Vec::from(alternate(parse(found))), parse(expected));
        }
    }

    fn host() -> Host {
        Host::new("h", "me", std::path::Path::new("/nonexistent"))
    }

    async fn listener(address: &str, port: u16) -> (tokio::net::TcpListener, SocketAddr) {
        let listener = tokio::net::TcpListener::bind((address, port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    /// An address that is silent: its listener's queue is full, and the system drops what else asks for a connection, as
    /// a firewall would.
    async fn silent() -> (SocketAddr, Vec<TcpStream>, TcpSocket) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        rustix::net::listen(&socket, 1).unwrap();
        let mut waiting = Vec::new();
        while let Ok(stream) = tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
            waiting.push(stream.unwrap());
        }
        (address, waiting, socket)
    }

    async fn try_all(host: &Host, addresses: &[SocketAddr]) -> Round {
        let (events, _kept) = tokio::sync::mpsc::channel(16);
        let target = Target { name: "h", port: 22, host };
        target.try_all(addresses.to_vec().into(), &Local::default(), Duration::from_secs(3), &events).await
    }

    #[tokio::test]
    async fn a_silent_address_holds_up_the_next_for_a_moment() {
        let (silent, _waiting, _socket) = silent().await;
        let (_listener, answering) = listener("127.0.0.1", 0).await;
        let start = Instant::now();
        let Round::Connected(connected) = try_all(&host(), &[silent, answering]).await else { panic!("no connection") };
        assert_eq!(connected.address, answering);
        assert!((STAGGER..Duration::from_secs(2)).contains(&start.elapsed()), "{:?}", start.elapsed());
        let Round::Failed { pending, .. } = try_all(&host(), &[silent]).await else { panic!("a connection") };
        assert_eq!(pending, [silent]);
    }

    #[tokio::test]
    async fn a_refusal_leads_to_the_next_address_at_once() {
        let (closed, refusing) = listener("127.0.0.1", 0).await;
        drop(closed);
        let (_listener, answering) = listener("127.0.0.1", 0).await;
        let start = Instant::now();
        let Round::Connected(connected) = try_all(&host(), &[refusing, answering]).await else {
            panic!("no connection")
        };
        assert_eq!(connected.address, answering);
        assert!(start.elapsed() < STAGGER, "{:?}", start.elapsed());
    }

    #[tokio::test]
    async fn connections_are_probed_as_the_settings_say() {
        let (_listener, address) = listener("127.0.0.1", 0).await;
        for tcp_keep_alive in [false, true] {
            let host = Host { tcp_keep_alive, ..host() };
            let (_, connected) = attempt(address, &Local::default(), &host).await;
            let (socket, _) = connected.unwrap();
            assert_eq!(rustix::net::sockopt::socket_keepalive(&socket).unwrap(), tcp_keep_alive);
            assert!(rustix::net::sockopt::tcp_nodelay(&socket).unwrap());
        }
    }
}
