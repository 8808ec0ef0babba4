//! Remote forwardings: connections that come in at the server and go on from here.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use russh::client::{ChannelOpenHandle, Msg};
use russh::{Channel, ChannelOpenFailure};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::listener::Socket;
use super::socks::{self, Reply};
use super::{Endpoint, Options, relay};
use crate::ssh::channel::Stream;
use crate::ssh::connection::State;

/// How long a channel may wait for the server's answer that allows it: the server sends the answer first, but it is
/// read by another task.
const ANSWER: Duration = Duration::from_secs(5);

/// The remote forwardings of a connection, and how many connections all its forwardings carry.
#[derive(Debug)]
pub(in crate::ssh) struct Remotes {
    rules: watch::Sender<Vec<Rule>>,
    /// Each as people see it.
    carried: watch::Sender<BTreeMap<u64, String>>,
}

/// One of them.
#[derive(Debug, Clone)]
pub(in crate::ssh) struct Rule {
    pub(super) listen: Endpoint,
    /// The port that the server listens at; `None` until it has said so.
    pub(super) port: Option<u16>,
    pub(super) target: Option<Endpoint>,
    pub(super) options: Options,
}

/// A connection that is counted for as long as this lives.
#[derive(Debug)]
pub(in crate::ssh) struct Carried {
    state: Arc<State>,
    number: u64,
}

impl Default for Remotes {
    fn default() -> Self {
        Self { rules: watch::Sender::new(Vec::new()), carried: watch::Sender::new(BTreeMap::new()) }
    }
}

impl Rule {
    fn is_for_port(&self, address: &str, port: u32) -> bool {
        let Endpoint::Port { host, .. } = &self.listen else { return false };
        self.is_at_port(port) && address == bind_host(host.as_deref())
    }

    fn is_at_port(&self, port: u32) -> bool {
        matches!(self.listen, Endpoint::Port { .. }) && self.port.map(u32::from) == Some(port)
    }
}

/// What `tcpip-forward` says for an address (`channel_rfwd_bind_host` in channels.c).
pub(in crate::ssh) fn bind_host(host: Option<&str>) -> &str {
    match host {
        None => "localhost",
        Some("*") => "",
        Some(host) => host,
    }
}

impl Remotes {
    pub(super) fn add(&self, rule: Rule) {
        self.rules.send_modify(|rules| rules.push(rule));
    }

    /// Notes the port that the server chose.
    pub(super) fn listening(&self, listen: &Endpoint, port: u16) {
        self.rules.send_modify(|rules| {
            if let Some(rule) = rules.iter_mut().find(|rule| rule.port.is_none() && rule.listen == *listen) {
                rule.port = Some(port);
            }
        });
    }

    pub(super) fn remove(&self, listen: &Endpoint, port: Option<u16>) {
        self.rules.send_modify(|rules| {
            let found = rules.iter().position(|rule| rule.listen == *listen && rule.port == port);
            if let Some(index) = found {
                let _ = rules.remove(index);
            }
        });
    }

    /// The connections that forwardings carry.
    pub(in crate::ssh) fn carried(&self) -> Vec<String> {
        self.carried.borrow().values().cloned().collect()
    }

    /// Waits until no forwarding carries a connection.
    pub(in crate::ssh) async fn idle(&self) {
        // The sender lives in `self`.
        let _ = self.carried.subscribe().wait_for(BTreeMap::is_empty).await;
    }

    /// The forwarding that a channel belongs to; it may have to wait for the server's word about the port.
    async fn rule(&self, belongs: impl Fn(&Rule) -> bool) -> Option<Rule> {
        let find = |rules: &[Rule]| rules.iter().find(|rule| belongs(rule)).cloned();
        let mut rules = self.rules.subscribe();
        let decided = rules.wait_for(|rules| find(rules).is_some() || rules.iter().all(|rule| rule.port.is_some()));
        match tokio::time::timeout(ANSWER, decided).await {
            Ok(Ok(rules)) => find(&rules),
            _ => None,
        }
    }

    /// Answers a channel that the server opens for somebody who connected to one of its ports.
    pub(in crate::ssh) fn serve_port(
        state: &Arc<State>,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        address: &str,
        port: u32,
    ) {
        let (state, address) = (Arc::clone(state), address.to_owned());
        // Ends with the channel, which ends with the connection.
        drop(tokio::spawn(async move {
            let exact = state.remotes().rule(|rule| rule.is_for_port(&address, port)).await;
            // Not every server repeats the address as it was asked for.
            let rule = match exact {
                None => state.remotes().rule(|rule| rule.is_at_port(port)).await,
                rule => rule,
            };
            serve(&state, channel, reply, rule, "forwarded-tcpip").await;
        }));
    }

    /// The same for a Unix socket of the server.
    pub(in crate::ssh) fn serve_socket(
        state: &Arc<State>,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        path: &str,
    ) {
        let (state, listen) = (Arc::clone(state), Endpoint::socket(path));
        // The same.
        drop(tokio::spawn(async move {
            let rule = state.remotes().rule(|rule| rule.listen == listen).await;
            serve(&state, channel, reply, rule, "forwarded-streamlocal@openssh.com").await;
        }));
    }
}

impl Carried {
    pub(in crate::ssh) fn new(state: &Arc<State>, what: String) -> Self {
        let mut number = 0;
        state.remotes().carried.send_modify(|carried| {
            number = carried.last_key_value().map_or(0, |(last, _)| last + 1);
            let _ = carried.insert(number, what);
        });
        Self { state: Arc::clone(state), number }
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        self.state.remotes().carried.send_modify(|carried| drop(carried.remove(&self.number)));
    }
}

async fn serve(
    state: &Arc<State>,
    channel: Channel<Msg>,
    reply: ChannelOpenHandle,
    rule: Option<Rule>,
    channel_type: &'static str,
) {
    let Some(rule) = rule else {
        state.refused(channel_type);
        return reply.reject(ChannelOpenFailure::AdministrativelyProhibited).await;
    };
    let leads = rule.target.as_ref().map_or_else(|| "SOCKS".to_owned(), ToString::to_string);
    let _counted = Carried::new(state, format!("{channel_type}: listening at {} for {leads}", rule.listen));
    let Some(target) = &rule.target else {
        // The stream comes before the answer, which lets the server send.
        let stream = Stream::new(channel, state);
        reply.accept().await;
        return dynamic(state, stream, &rule.options).await;
    };
    // As in ssh(1), whoever connected there learns whether anything answers here.
    match connect(target).await {
        Ok(socket) => {
            let stream = Stream::new(channel, state);
            reply.accept().await;
            let (reader, writer) = tokio::io::split(socket);
            relay::join(stream, reader, writer).await;
        }
        Err(notice) => {
            state.notice(notice);
            reply.reject(ChannelOpenFailure::ConnectFailed).await;
        }
    }
}

/// Serves SOCKS inside a channel.
async fn dynamic(state: &State, mut channel: Stream, options: &Options) {
    let Some((target, version)) = socks::request(&mut channel).await else { return };
    let (answer, socket) = if !permits(options, &target) {
        (Reply::Forbidden, Err(format!("{target}: PermitRemoteOpen does not allow it")))
    } else {
        match connect(&target).await {
            Ok(socket) => (Reply::Connected, Ok(socket)),
            Err(notice) => (Reply::Refused, Err(notice)),
        }
    };
    let answered = socks::reply(&mut channel, version, answer).await;
    match socket {
        Ok(socket) if answered => {
            let (reader, writer) = tokio::io::split(socket);
            relay::join(channel, reader, writer).await;
        }
        Ok(_) => {}
        Err(notice) => state.notice(notice),
    }
}

fn permits(options: &Options, target: &Endpoint) -> bool {
    let (Some(permitted), Endpoint::Port { host, port }) = (&options.permit_remote_open, target) else {
        return options.permit_remote_open.is_none();
    };
    let host = host.as_deref().unwrap_or_default();
    permitted.iter().any(|permitted| {
        if permitted.eq_ignore_ascii_case("any") {
            return true;
        }
        let Some((name, number)) = permitted.rsplit_once([':', '/']) else { return false };
        let name = name.trim_start_matches('[').trim_end_matches(']');
        name == host && (number == "*" || number.parse() == Ok(*port))
    })
}

/// Connects from this machine; else why not, in ssh(1)'s words.
async fn connect(target: &Endpoint) -> Result<Box<dyn Socket>, String> {
    match target {
        Endpoint::Port { host, port } => {
            let host = host.as_deref().unwrap_or("localhost");
            let socket = TcpStream::connect((host, *port)).await.map_err(|error| {
                log::debug!("{host} port {port}: {error}");
                format!("connect_to {host} port {port}: failed.")
            })?;
            let _ = socket.set_nodelay(true);
            Ok(Box::new(socket))
        }
        #[cfg(unix)]
        Endpoint::Socket(path) => match tokio::net::UnixStream::connect(path).await {
            Ok(socket) => Ok(Box::new(socket)),
            Err(error) => {
                Err(format!("connect to {} port -2 failed: {}", path.display(), crate::ssh::failure::os_words(&error)))
            }
        },
        #[cfg(not(unix))]
        Endpoint::Socket(path) => Err(super::Error::NoSockets { path: path.clone() }.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permit_remote_open_names_hosts_and_ports() {
        let list = |list: Option<&[&str]>| Options {
            permit_remote_open: list.map(|list| list.iter().map(|&one| one.to_owned()).collect()),
            ..Options::default()
        };
        let target = Endpoint::port("host", 80);
        for (permitted, expected) in [
            (None, true),
            (Some(&["any"][..]), true),
            (Some(&["none"]), false),
            (Some(&[]), false),
            (Some(&["other:80", "host:80"]), true),
            (Some(&["host:*"]), true),
            (Some(&["host:81"]), false),
            (Some(&["*:80"]), false),
        ] {
            assert_eq!(permits(&list(permitted), &target), expected, "{permitted:?}");
        }
        assert!(permits(&list(Some(&["[::1]:80"])), &Endpoint::port("::1", 80)));
    }
}
