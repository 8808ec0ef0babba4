//! What russh's errors mean to the user.

use std::io;
use std::time::Duration;

use russh::AlgorithmKind;

use super::Error;
use super::error::Damage;
use super::visible::Visible;

/// How much of a name that the server sent is shown.
const NAME: usize = 100;

/// Translates an error of russh about the connection to `host`. `silence` is how long keepalives wait.
pub(super) fn of(host: &str, silence: Duration, error: russh::Error) -> Error {
    let host = host.to_owned();
    match error {
        russh::Error::NoCommonAlgo { kind, ours, theirs } => Error::NoCommonAlgorithm {
            host,
            kind: kind_name(&kind),
            ours: without_markers(ours),
            theirs: without_markers(theirs).iter().map(|name| Visible::line(name, NAME).to_string()).collect(),
        },
        russh::Error::KeepaliveTimeout => Error::Unresponsive { host, silence },
        russh::Error::IO(error) if error.kind() == io::ErrorKind::TimedOut => Error::Unresponsive { host, silence },
        // Our own hanging up: nobody is left to be told anything else.
        russh::Error::IO(error) if error.kind() == io::ErrorKind::ConnectionAborted => Error::Cancelled,
        russh::Error::IO(error) => Error::Lost { host, cause: cause(&error) },
        russh::Error::HUP | russh::Error::Disconnect | russh::Error::SendError | russh::Error::RecvError => {
            Error::Lost { host, cause: "the server closed it".to_owned() }
        }
        russh::Error::Kex | russh::Error::KexInit | russh::Error::WrongServerSig | russh::Error::UnknownKey => {
            Error::KeyExchange { host, cause: error.to_string().to_lowercase() }
        }
        russh::Error::PacketAuth => Error::Corrupted { host, damage: Damage::Mac },
        russh::Error::DecryptionError => Error::Corrupted { host, damage: Damage::Tag },
        russh::Error::PacketSize(length) => Error::Corrupted { host, damage: Damage::Length(length) },
        error => Error::Protocol { host, cause: Visible::line(&error.to_string(), NAME * 3).to_string() },
    }
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the server closed it".to_owned(),
        io::ErrorKind::ConnectionReset => "it was reset by the server".to_owned(),
        _ => words(error),
    }
}

/// The operating system's words as it writes them, without the number that Rust adds.
pub(super) fn os_words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    text.strip_prefix("failed to lookup address information: ").unwrap_or(text).to_owned()
}

/// The operating system's words without the number that Rust adds; ours as they are.
pub(super) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match error.raw_os_error() {
        Some(_) => text.split(" (os error").next().unwrap_or_default().to_lowercase(),
        None => text,
    }
}

fn kind_name(kind: &AlgorithmKind) -> &'static str {
    match kind {
        AlgorithmKind::Kex => "key exchange",
        AlgorithmKind::Key => "host key",
        AlgorithmKind::Cipher => "cipher",
        AlgorithmKind::Compression => "compression",
        AlgorithmKind::Mac => "MAC",
    }
}

/// The names of real algorithms: extension markers travel in the same list (RFC 8308, OpenSSH's strict key exchange).
fn without_markers(names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| !name.starts_with("ext-info-") && !name.starts_with("kex-strict-")).collect()
}
