//! Why nothing was run, in ssh(1)'s words: scripts look for them.

use std::net::SocketAddr;

use term::ssh::channel::Program;
use term::ssh::{Error, Host, fingerprint::Fingerprint};

use super::logger::BREAK;

const RULE: &str = "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@";
const FAILED: &str = "Host key verification failed.";

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
        Error::Unresponsive { .. } => format!("Timeout, server {} not responding.", host.host_name),
        Error::Cancelled => FAILED.to_owned(),
        error => host_key(error, host).unwrap_or_else(|| error.to_string()),
    }
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

fn host_key(error: &Error, host: &Host) -> Option<String> {
    Some(match error {
        Error::HostKeyRefused { name, fingerprint, strict } => {
            let strict = *strict && !host.batch_mode;
            let known = format!(
                "No {} host key is known for {name} and you have requested strict checking.\n",
                short(fingerprint)
            );
            format!("{}{FAILED}", if strict { known } else { String::new() })
        }
        Error::HostKeyChanged { name, offered, expected, place } => {
            let path = place.path.display();
            format!(
                "{RULE}\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n{RULE}\n\
                 IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\n\
                 Someone could be eavesdropping on you right now (man-in-the-middle attack)!\n\
                 It is also possible that a host key has just been changed.\n\
                 The fingerprint for the {kind} key sent by the remote host is{BREAK}{offered}.\n\
                 Please contact your system administrator.\n\
                 Add correct host key in {first} to get rid of this message.\n\
                 Offending {known} key in {path}:{line}\n  remove with:\n  ssh-keygen -f \"{path}\" -R \"{name}\"\n\
                 Host key for {name} has changed and you have requested strict checking.\n{FAILED}",
                kind = short(offered),
                known = short(expected),
                line = place.line,
                first = host.user_known_hosts_file.first().unwrap_or(&place.path).display(),
            )
        }
        Error::HostKeyRevoked { name, fingerprint, .. } => {
            let kind = short(fingerprint);
            format!(
                "{RULE}\n@       WARNING: REVOKED HOST KEY DETECTED!               @\n{RULE}\n\
                 The {kind} host key for {name} is marked as revoked.\n\
                 This could mean that a stolen key is being used to\nimpersonate this host.\n\
                 {kind} host key for {name} was revoked and you have requested strict checking.\n{FAILED}"
            )
        }
        _ => return None,
    })
}

/// `ED25519` for `ssh-ed25519` (`sshkey_type` in sshkey.c).
fn short(fingerprint: &Fingerprint) -> String {
    let name = fingerprint.key_type();
    let plain = name.trim_start_matches("sk-").trim_start_matches("ssh-").split(['-', '@']).next().unwrap_or(name);
    plain.to_uppercase()
}

/// The operating system's words begin with a capital letter.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
