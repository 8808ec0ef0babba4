//! From a host's name to a TCP connection.

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
use crate::ssh::host::{AddressFamily, CONNECT_TIMEOUT};
use crate::ssh::{Error, Host};

/// How long an address may be silent before the next one is tried beside it (RFC 8305, "Connection Attempt Delay").
const STAGGER: Duration = Duration::from_millis(250);

/// A TCP connection to a server.
#[derive(Debug)]
pub(super) struct Connected {
    pub(super) socket: TcpStream,
    pub(super) address: SocketAddr,
    /// How long the server took to answer: the way there and back.
    pub(super) distance: Duration,
}

/// What happened at the addresses of one round.
enum Round {
    Connected(Connected),
    Failed { attempts: Vec<(SocketAddr, io::Error)>, pending: Vec<SocketAddr> },
}

/// Looks the host up and connects to the first of its addresses that answers. `ConnectionAttempts` and
/// `ConnectTimeout` are honoured; the time limit holds for each round of attempts.
pub(super) async fn connect(host: &Host, events: &Events) -> Result<Connected, Error> {
    let limit = host.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
    tell(events, Stage::Resolving).await;
    let addresses = resolve(host, limit).await?;
    let mut rounds = host.connection_attempts.max(1);
    loop {
        rounds -= 1;
        match try_all(host, addresses.clone(), limit, events).await {
            Round::Connected(connected) => return Ok(connected),
            Round::Failed { attempts, pending } if rounds == 0 => {
                return Err(failure(host, limit, attempts, pending));
            }
            // As long as OpenSSH waits between its attempts (ssh_connect_direct in sshconnect.c).
            Round::Failed { .. } => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
}

async fn tell(events: &Events, stage: Stage) {
    // An owner that is gone has no use for progress; the connection is given up by whoever dropped it.
    let _ = events.send(Event::Stage(stage)).await;
}

/// The addresses of a host, families alternating as the resolver's first choice begins (RFC 8305 section 4).
async fn resolve(host: &Host, limit: Duration) -> Result<VecDeque<SocketAddr>, Error> {
    let not_found = |cause: String| Error::NameNotFound { host: host.host_name.clone(), cause };
    let lookup = tokio::net::lookup_host((host.host_name.as_str(), host.port));
    let found = tokio::time::timeout(limit, lookup)
        .await
        .map_err(|_| not_found(format!("no answer from the resolver within {} s", limit.as_secs())))?
        .map_err(|error| not_found(reason(&error)))?;
    let wanted = |address: &SocketAddr| match host.address_family {
        AddressFamily::Any => true,
        AddressFamily::Inet => address.is_ipv4(),
        AddressFamily::Inet6 => address.is_ipv6(),
    };
    let addresses = alternate(found.filter(wanted).collect());
    if addresses.is_empty() {
        let family = if host.address_family == AddressFamily::Inet { "IPv4" } else { "IPv6" };
        return Err(not_found(format!("it has no {family} address")));
    }
    Ok(addresses)
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

/// Tries the addresses, each a moment after the one before it, and keeps the first that answers.
async fn try_all(host: &Host, mut waiting: VecDeque<SocketAddr>, limit: Duration, events: &Events) -> Round {
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
            running.push(attempt(address, host.tcp_keep_alive));
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

async fn attempt(address: SocketAddr, keep_alive: bool) -> (SocketAddr, io::Result<(TcpStream, Duration)>) {
    let connect = async {
        let started = Instant::now();
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_keepalive(keep_alive)?;
        // A keystroke is a packet of its own: waiting to fill one would be felt.
        socket.set_nodelay(true)?;
        let socket = socket.connect(address).await?;
        Ok((socket, started.elapsed()))
    };
    (address, connect.await)
}

fn failure(host: &Host, limit: Duration, attempts: Vec<(SocketAddr, io::Error)>, pending: Vec<SocketAddr>) -> Error {
    let has = |kind: io::ErrorKind| attempts.iter().any(|(_, error)| error.kind() == kind);
    let refused = has(io::ErrorKind::ConnectionRefused);
    let timed_out = !pending.is_empty() || has(io::ErrorKind::TimedOut);
    let mut told: Vec<_> = attempts.iter().map(|(address, error)| (*address, reason(error))).collect();
    told.extend(pending.into_iter().map(|address| (address, "no answer".to_owned())));
    let (host, port, attempts) = (host.host_name.clone(), host.port, Attempts(told));
    if refused {
        Error::Refused { host, port, attempts }
    } else if timed_out {
        Error::ConnectTimedOut { host, port, limit, attempts }
    } else {
        Error::Unreachable { host, port, attempts }
    }
}

/// The operating system's words without the number that Rust adds.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    text.strip_prefix("failed to lookup address information: ").unwrap_or(text).to_lowercase()
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
}
