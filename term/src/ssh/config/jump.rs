//! The argument of `ProxyJump`.

use super::value;
use crate::ssh::destination;

/// The last jump host, by which a list is known, and those before it as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Jump {
    pub(super) user: Option<String>,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) before: Option<String>,
}

/// Removes a comment and blanks from a value.
pub(super) fn trim(text: &str) -> &str {
    text.split('#').next().unwrap_or_default().trim_end()
}

impl Jump {
    /// Reads a list: hosts as `[user@]host[:port]` or `ssh://` URIs, separated by commas; `None` for a bad one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (before, last) = match trim(text).rsplit_once(',') {
            Some((before, last)) => (Some(before), last),
            None => (None, trim(text)),
        };
        for hop in before.iter().flat_map(|before| before.split(',')) {
            let _ = hop_of(hop)?;
        }
        let (user, host, port) = hop_of(last)?;
        Some(Self { user, host, port, before: before.map(str::to_owned) })
    }
}

impl std::fmt::Display for Jump {
    /// As `ssh -G` prints it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(before) = &self.before {
            write!(f, "{before},")?;
        }
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        let numeric = self.host.contains(':') || self.host.chars().all(|c| c.is_ascii_digit() || c == '.');
        let (open, close) = if numeric { ("[", "]") } else { ("", "") };
        write!(f, "{open}{}{close}", self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

type Hop = (Option<String>, String, Option<u16>);

fn hop_of(text: &str) -> Option<Hop> {
    if text.starts_with("ssh://") {
        let destination = destination::Destination::parse(text).ok()?;
        return Some((destination.user, destination.host, destination.port));
    }
    let (user, rest) = match text.rsplit_once('@') {
        Some(("", _)) => return None,
        Some((user, rest)) => (Some(user.to_owned()), rest),
        None => (None, text),
    };
    let (host, port) = value::split_host(rest)?;
    if host.is_empty() {
        return None;
    }
    let port = match port.filter(|port| !port.is_empty()) {
        Some(port) => Some(value::port(port).filter(|port| *port > 0)?),
        None => None,
    };
    Some((user, host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_jump_hosts_are_checked_and_printed() {
        for (text, expected) in [
            ("a", Some("a")),
            ("me@a:22,b", Some("me@a:22,b")),
            ("a,me@b:2222 # comment", Some("a,me@b:2222")),
            ("ssh://me@b:2222", Some("me@b:2222")),
            ("10.0.0.1", Some("[10.0.0.1]")),
            ("[::1]:7", Some("[::1]:7")),
            ("a:", Some("a")),
            ("a:x", None),
            ("@a", None),
            ("a,,b", None),
            ("", None),
            ("a/b", None),
            ("a:0", None),
        ] {
            assert_eq!(Jump::parse(text).map(|jump| jump.to_string()).as_deref(), expected, "{text}");
        }
    }
}
