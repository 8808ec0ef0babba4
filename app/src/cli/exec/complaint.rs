//! Why nothing was run, in ssh(1)'s words: scripts look for them.

use std::net::SocketAddr;

use term::ssh::channel::Program;
use term::ssh::error::Damage;
use term::ssh::{Error, Host};

use super::host_key;

/// What ssh(1) says of an error of the connection to `host`. `peer` is the address that was connected to last.
pub(super) fn words(error: &Error, host: &Host, peer: Option<SocketAddr>) -> String {
    let peer = peer.map_or_else(
        // As it names what a ProxyCommand leads to.
        || "UNKNOWN port 65535".to_owned(),
        |peer| format!("{} port {}", peer.ip(), peer.port()),
    );
    match error {
        Error::NameNotFound { host, cause } => {
            let cause = if cause.contains("AddressFamily") {
                "Address family for hostname not supported".to_owned()
            } else {
                capital(cause)
            };
            format!("ssh: Could not resolve hostname {host}: {cause}")
        }
        Error::Refused { host, port, attempts }
        | Error::Unreachable { host, port, attempts }
        | Error::ConnectTimedOut { host, port, attempts, .. } => {
            let cause = attempts.0.last().map_or("failure", |(_, cause)| cause);
            let cause = if cause == "no answer" { "Connection timed out".to_owned() } else { capital(cause) };
            format!("ssh: connect to host {host} port {port}: {cause}")
        }
        Error::ClosedEarly { .. } | Error::NotSsh { .. } => {
            format!("kex_exchange_identification: Connection closed by remote host\nConnection closed by {peer}")
        }
        Error::TurnedAway { message, .. } => {
            format!("kex_exchange_identification: banner line 0: {message}\nConnection closed by {peer}")
        }
        Error::ProtocolVersion { version, .. } => {
            format!("Protocol major versions differ: 2 vs. {version}")
        }
        Error::HandshakeTimedOut { .. } => {
            format!("Connection timed out during banner exchange\nConnection to {peer} timed out")
        }
        Error::NoCommonAlgorithm { kind, theirs, .. } => {
            let kind = match *kind {
                "key exchange" => "key exchange method",
                "host key" => "host key type",
                kind => kind,
            };
            format!("Unable to negotiate with {peer}: no matching {kind} found. Their offer: {}", theirs.join(","))
        }
        Error::AuthenticationFailed { user, accepted, .. } => {
            format!("{user}@{}: Permission denied ({}).", host.host_name, accepted.join(","))
        }
        Error::TooManyFailures { message, .. } => {
            format!("Received disconnect from {peer}:2: {message}\nDisconnected from {peer}")
        }
        Error::Disconnected { code, message, .. } => {
            format!("Received disconnect from {peer}:{code}: {message}\nDisconnected from {peer}")
        }
        Error::Corrupted { damage, .. } => corrupted(*damage, &peer),
        Error::Unresponsive { .. } => format!("Timeout, server {} not responding.", host.host_name),
        Error::Cancelled => host_key::FAILED.to_owned(),
        error => host_key::refused(error, host).unwrap_or_else(|| error.to_string()),
    }
}

/// What ssh(1) says of packets that were changed on the way (`ssh_packet_read_poll2` and `sshpkt_vfatal` in packet.c).
fn corrupted(damage: Damage, peer: &str) -> String {
    let (first, reason) = match damage {
        Damage::Mac => ("Corrupted MAC on input.\n".to_owned(), "message authentication code incorrect"),
        Damage::Tag => (String::new(), "message authentication code incorrect"),
        Damage::Length(length) => (format!("Bad packet length {length}.\n"), "Connection corrupted"),
    };
    format!("{first}ssh_dispatch_run_fatal: Connection to {peer}: {reason}")
}

/// What ssh(1) says of a connection that ends while a command runs.
pub(super) fn lost(error: &Error, host: &Host, peer: Option<SocketAddr>) -> String {
    match error {
        Error::Lost { cause, .. } if cause.contains("reset") => {
            format!("Read from remote host {}: Connection reset by peer", host.host_name)
        }
        Error::Lost { .. } => format!("Connection to {} closed by remote host.", host.host_name),
        error => words(error, host, peer),
    }
}

/// What ssh(1) says of a channel that does not get what it asks for.
pub(super) fn refused(error: &Error, program: &Program) -> Option<String> {
    match (error, program) {
        (Error::ChannelRefused { reason, .. }, _) => Some(format!("channel 0: open failed: {reason}")),
        (Error::RequestRefused { what, .. }, _) if what == "a terminal" => {
            Some("PTY allocation request failed on channel 0".to_owned())
        }
        (Error::RequestRefused { .. }, Program::Shell) => Some("shell request failed on channel 0".to_owned()),
        (Error::RequestRefused { .. }, Program::Exec(_)) => Some("exec request failed on channel 0".to_owned()),
        (Error::RequestRefused { .. }, Program::Subsystem(_)) => {
            Some("subsystem request failed on channel 0".to_owned())
        }
        _ => None,
    }
}

/// The operating system's words begin with a capital letter.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
