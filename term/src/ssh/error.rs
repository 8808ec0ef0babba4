//! What can go wrong between a host's name and a running shell.

mod next_step;
mod problem;

use std::net::SocketAddr;
use std::time::Duration;

use super::fingerprint::Fingerprint;
use super::known_hosts::{self, Place};
use super::{Hop, Host, Proxy, proxy};

pub use problem::Problem;

/// A failed or lost connection. `Display` says what happened and where; [`Error::next_step`] what to do.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The user answered a prompt with "no" or closed what showed it.
    #[error("the connection was given up")]
    Cancelled,
    /// A jump host or a proxy on the way could not be used.
    #[error("on the way to {host}, at {at}: {error}")]
    OnTheWay {
        /// The host as named by the user.
        host: String,
        /// What was reached last: `jump host user@name`, or a proxy.
        at: String,
        /// The jump host; `None` for a proxy.
        hop: Option<Box<Hop>>,
        /// What happened there.
        error: Box<Error>,
    },
    /// A jump host could not connect to the next host.
    #[error("{host} port {port}: the jump host {jump} cannot connect to it: {reason}")]
    JumpRefused {
        /// The jump host as named by the user.
        jump: String,
        /// What it was to connect to.
        host: String,
        /// The port.
        port: u16,
        /// Its reason, control characters made visible.
        reason: String,
    },
    /// A proxy made no connection to the host.
    #[error("{host}: the proxy {proxy} made no connection: {error}")]
    Proxy {
        /// The host as named by the user.
        host: String,
        /// The proxy.
        proxy: Box<Proxy>,
        /// Why.
        error: proxy::Error,
    },
    /// The program that was to lead to the host ended, or could not be started.
    #[error("{host}: the ProxyCommand did not connect: {how}")]
    ProxyCommand {
        /// The host as named by the user.
        host: String,
        /// How it ended, and what it said last.
        how: String,
    },
    /// `BindAddress` names no address of this machine.
    #[error("{host}: BindAddress {address} cannot be used: {cause}")]
    BindAddress {
        /// The host as named by the user.
        host: String,
        /// The setting.
        address: String,
        /// The resolver's reason.
        cause: String,
    },
    /// The name has no address.
    #[error("{host}: the name has no address: {cause}")]
    NameNotFound {
        /// What was looked up.
        host: String,
        /// The resolver's reason.
        cause: String,
    },
    /// Nothing listens on the port.
    #[error("{host} port {port}: connection refused{}", attempts.beside(host, "connection refused"))]
    Refused {
        /// The host that was looked up.
        host: String,
        /// The port.
        port: u16,
        /// What happened at each address.
        attempts: Attempts,
    },
    /// No address answered in time.
    #[error("{host} port {port}: no answer within {} s{}", limit.as_secs(), attempts.beside(host, "no answer"))]
    ConnectTimedOut {
        /// The host that was looked up.
        host: String,
        /// The port.
        port: u16,
        /// The time limit.
        limit: Duration,
        /// What happened at each address.
        attempts: Attempts,
    },
    /// No route leads there, or the network is down.
    #[error("{host} port {port}: not reachable ({attempts})")]
    Unreachable {
        /// The host that was looked up.
        host: String,
        /// The port.
        port: u16,
        /// What happened at each address.
        attempts: Attempts,
    },
    /// The server accepted the connection and closed it without a word.
    #[error("{host} ({peer}): the connection was closed before the server said anything")]
    ClosedEarly {
        /// The host.
        host: String,
        /// Its address, or what leads to it.
        peer: Peer,
    },
    /// The server takes no more connections now, or none from here (`MaxStartups`, `PerSourcePenalties`).
    #[error("{host} ({peer}): the server turned the connection away: {message}")]
    TurnedAway {
        /// The host.
        host: String,
        /// Its address, or what leads to it.
        peer: Peer,
        /// The server's words, control characters made visible.
        message: String,
    },
    /// What answered is no SSH server.
    #[error("{host} ({peer}): not an SSH server: it said \"{received}\"")]
    NotSsh {
        /// The host.
        host: String,
        /// Its address, or what leads to it.
        peer: Peer,
        /// The first of what it sent, control characters made visible.
        received: String,
    },
    /// The server speaks SSH 1 only.
    #[error("{host} ({peer}): the server speaks only {version}, not SSH 2.0")]
    ProtocolVersion {
        /// The host.
        host: String,
        /// Its address, or what leads to it.
        peer: Peer,
        /// The server's identification string.
        version: String,
    },
    /// The server accepted the connection and then did not answer in time.
    #[error("{host} ({peer}): the server did not answer within {} s during {during}", limit.as_secs())]
    HandshakeTimedOut {
        /// The host.
        host: String,
        /// Its address, or what leads to it.
        peer: Peer,
        /// The time limit.
        limit: Duration,
        /// What was waited for.
        during: &'static str,
    },
    /// Client and server have no algorithm of a kind in common.
    #[error("{host}: no common {kind} algorithm: the server offers {}; Tetherm offers {}", theirs.join(", "), ours.join(", "))]
    NoCommonAlgorithm {
        /// The host.
        host: String,
        /// `key exchange`, `host key`, `cipher`, `MAC` or `compression`.
        kind: &'static str,
        /// What this side offers.
        ours: Vec<String>,
        /// What the server offers, control characters made visible.
        theirs: Vec<String>,
    },
    /// A list of algorithms names nothing that is built here.
    #[error("{host}: {keyword} names no algorithm that Tetherm has")]
    NoSuchAlgorithm {
        /// The host as named by the user.
        host: String,
        /// The keyword of ssh_config(5).
        keyword: &'static str,
    },
    /// The key exchange failed.
    #[error("{host}: the key exchange failed: {cause}")]
    KeyExchange {
        /// The host.
        host: String,
        /// Why.
        cause: String,
    },
    /// The host's key is unknown, and the user, `StrictHostKeyChecking yes` or `BatchMode yes` refused it.
    #[error("{name}: the host key is not known and was refused: {} {fingerprint}", fingerprint.key_type())]
    HostKeyRefused {
        /// The host as known_hosts writes it.
        name: String,
        /// The key it presented.
        fingerprint: Box<Fingerprint>,
        /// Refused by `StrictHostKeyChecking yes` or `BatchMode yes` instead of by the user.
        strict: bool,
    },
    /// The host's key is another than the known one.
    #[error(
        "{name}: the host key has changed: it is now {} {offered}, while {place} has {} {expected}",
        offered.key_type(), expected.key_type()
    )]
    HostKeyChanged {
        /// The host as known_hosts writes it.
        name: String,
        /// The key it presented.
        offered: Box<Fingerprint>,
        /// The key that was expected.
        expected: Box<Fingerprint>,
        /// The line that holds the expected key.
        place: Place,
    },
    /// The host's key was revoked.
    #[error("{name}: the host key was revoked by {place}: {} {fingerprint}", fingerprint.key_type())]
    HostKeyRevoked {
        /// The host as known_hosts writes it.
        name: String,
        /// The key it presented.
        fingerprint: Box<Fingerprint>,
        /// The line that revokes it.
        place: Place,
    },
    /// The known hosts cannot be read, so nothing can be said about the host's key.
    #[error("{0}")]
    KnownHosts(#[from] known_hosts::Error),
    /// The server ended the connection while a question to the user was open.
    #[error("{host}: the server closed the connection while it waited for {waiting_for}")]
    PromptTimedOut {
        /// The host.
        host: String,
        /// What the server waited for.
        waiting_for: &'static str,
    },
    /// No method of authentication was left.
    #[error("{user}@{host}: permission denied: {}", refusals(tried, accepted, problems))]
    AuthenticationFailed {
        /// The user.
        user: String,
        /// The host.
        host: String,
        /// What was tried and refused, in order.
        tried: Vec<String>,
        /// The methods that the server would still accept.
        accepted: Vec<String>,
        /// What kept keys from being tried.
        problems: Vec<Problem>,
    },
    /// The server ended the connection because of too many failed attempts.
    #[error("{user}@{host}: the server refuses further attempts to log in: {message} (tried {})", tried.join(", "))]
    TooManyFailures {
        /// The user.
        user: String,
        /// The host.
        host: String,
        /// The server's words, control characters made visible.
        message: String,
        /// What was tried and refused, in order.
        tried: Vec<String>,
    },
    /// The server did not say what it makes of a password. It may have asked for a new one.
    #[error(
        "{user}@{host}: the server did not say within {} s what it makes of the password; it wants a new password, or is \
         slow; a new one cannot be set here", silence.as_secs()
    )]
    PasswordUnanswered {
        /// The user.
        user: String,
        /// The host.
        host: String,
        /// How long the server was silent.
        silence: Duration,
    },
    /// The server refused a channel.
    #[error("{host}: the server refused to open a session: {reason}")]
    ChannelRefused {
        /// The host.
        host: String,
        /// The server's reason, control characters made visible.
        reason: String,
    },
    /// The server refused a part of what was asked of a channel: a terminal, a shell, a command, a subsystem.
    #[error("{host}: the server refused {what}")]
    RequestRefused {
        /// The host.
        host: String,
        /// What was refused, with its article.
        what: String,
    },
    /// The channel was closed before it answered, or is closed already.
    #[error("the channel is closed")]
    ChannelClosed,
    /// Output came faster than anything read it, and other channels of the connection had to go on.
    #[error("{host}: more than {} MiB of output were waiting to be read; the channel was closed", limit / (1024 * 1024))]
    ChannelOverflow {
        /// The host.
        host: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// Output that nobody read could not be kept in a temporary file.
    #[error("{host}: output that nobody read could not be kept in a temporary file ({cause}); the channel was closed")]
    ChannelSpill {
        /// The host.
        host: String,
        /// The operating system's reason.
        cause: String,
    },
    /// The server ended the connection and said why.
    #[error("{host}: the server ended the connection: {message}")]
    Disconnected {
        /// The host.
        host: String,
        /// The reason code of RFC 4253 section 11.1.
        code: u32,
        /// The server's words, control characters made visible.
        message: String,
    },
    /// The connection ended without a word.
    #[error("{host}: the connection was lost: {cause}")]
    Lost {
        /// The host.
        host: String,
        /// What ended it.
        cause: String,
    },
    /// Keepalives stayed without an answer (`ServerAliveInterval`, `ServerAliveCountMax`).
    #[error("{host}: the connection was lost: no answer for {} s", silence.as_secs())]
    Unresponsive {
        /// The host.
        host: String,
        /// How long the server was silent.
        silence: Duration,
    },
    /// A packet that is not what was sent, by accident or because somebody tampers with what passes.
    #[error("{host}: the connection was ended because what arrived was changed on the way: {damage}")]
    Corrupted {
        /// The host.
        host: String,
        /// How it shows.
        damage: Damage,
    },
    /// The other side broke the protocol.
    #[error("{host}: the connection was ended because of a protocol error: {cause}")]
    Protocol {
        /// The host.
        host: String,
        /// What was wrong.
        cause: String,
    },
}

/// How it shows that a packet was changed on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// By its MAC (RFC 4253 section 6.4).
    #[error("the MAC of a packet is wrong")]
    Mac,
    /// By the tag of a cipher that needs no MAC.
    #[error("the tag of a packet is wrong")]
    Tag,
    /// By a length that no packet has.
    #[error("a packet has a length of {0} bytes")]
    Length(usize),
}

/// How a server was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peer {
    /// At this address.
    Address(SocketAddr),
    /// Through this: a jump host, a proxy or a command.
    Through(String),
}

impl Peer {
    /// The address, where it is known.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Address(address) => Some(*address),
            Self::Through(_) => None,
        }
    }
}

impl std::fmt::Display for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Through(what) => write!(f, "through {what}"),
        }
    }
}

impl Error {
    /// This error as one of a jump host on the way to `host`.
    pub(super) fn at(self, jump: &Host, host: &str) -> Self {
        let hop = jump.hop();
        self.on_the_way(format!("jump host {hop}"), Some(Box::new(hop)), host)
    }

    /// This error as one of a proxy on the way to `host`.
    pub(super) fn at_proxy(self, proxy: &Proxy, host: &str) -> Self {
        self.on_the_way(format!("proxy {proxy}"), None, host)
    }

    fn on_the_way(self, at: String, hop: Option<Box<Hop>>, host: &str) -> Self {
        match self {
            // The user gave up the whole way, and what failed first is what counts.
            Self::Cancelled | Self::OnTheWay { .. } => self,
            error => Self::OnTheWay { host: host.to_owned(), at, hop, error: Box::new(error) },
        }
    }

    /// What went wrong, wherever on the way it was.
    #[must_use]
    pub fn root(&self) -> &Self {
        match self {
            Self::OnTheWay { error, .. } => error.root(),
            other => other,
        }
    }
}

/// What happened at each address that was tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempts(pub Vec<(SocketAddr, String)>);

impl Attempts {
    /// What these add in parentheses to a message about `host` that says `cause`: nothing where `host` is the only
    /// address itself, and no cause twice.
    fn beside(&self, host: &str, cause: &str) -> String {
        match self.0.as_slice() {
            [(address, same)] if same == cause && address.ip().to_string() == host => String::new(),
            [(address, same)] if same == cause => format!(" ({})", address.ip()),
            _ => format!(" ({self})"),
        }
    }
}

impl std::fmt::Display for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (address, cause)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{address}: {cause}")?;
        }
        Ok(())
    }
}

fn refusals(tried: &[String], accepted: &[String], problems: &[Problem]) -> String {
    let mut parts = Vec::new();
    if !tried.is_empty() {
        parts.push(format!("the server refused {}", tried.join(", ")));
    }
    if !accepted.is_empty() {
        parts.push(format!("it accepts {}", accepted.join(", ")));
    }
    parts.extend(problems.iter().map(ToString::to_string));
    if parts.is_empty() {
        parts.push("the server accepts no method that Tetherm has".to_owned());
    }
    parts.join("; ")
}
