//! Links in terminals: what may be opened, and how an address is shown so that it cannot pretend.
//!
//! An address comes from the remote side and is hostile until it was judged. What is opened is made of the parts that
//! were judged, in ASCII: a host name with other letters in its `xn--` form (RFC 3492), the rest percent-encoded. So
//! the address that is shown is the address that is opened.

pub mod opener;
mod punycode;

use term::terminal::event::is_deceptive;

/// The schemes that are opened by the desktop.
const OPENED: [&str; 4] = ["http", "https", "ftp", "mailto"];

/// How many characters of the parts beside the host are shown.
const ELIDED: usize = 48;

/// What may be done with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The desktop opens this.
    Open(String),
    /// The quick-connect field is filled with this; nothing connects before the user says so.
    Connect(String),
    /// Nothing, and why.
    Refused(Refusal),
}

/// Why an address is not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A file of the remote host.
    #[error("this is a file on the remote host; it cannot be opened here")]
    RemoteFile,
    /// A scheme that is not on the list.
    #[error("only http, https, ftp, mailto and ssh links are opened, and this is a link of the kind '{0}'")]
    Scheme(String),
    /// No address.
    #[error("this is no complete address")]
    Incomplete,
    /// Characters that no address has.
    #[error("it holds characters that no address has, which could make it lead elsewhere than it seems to")]
    Deceptive,
}

/// An address as it may be shown: the host apart, so that it can be pointed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What stands before the host.
    pub before: String,
    /// The host, never cut short.
    pub host: String,
    /// What stands behind it, cut short in its middle.
    pub after: String,
}

/// An address in parts.
struct Parts<'a> {
    scheme: String,
    /// What stands between the scheme and the host.
    before: &'a str,
    host: &'a str,
    after: &'a str,
}

/// Judges an address that the remote side gave.
#[must_use]
pub fn judge(address: &str) -> Verdict {
    match parse(address) {
        Ok(parts) if parts.scheme == "ssh" => Verdict::Connect(whole(&parts)),
        Ok(parts) => Verdict::Open(whole(&parts)),
        Err(refusal) => Verdict::Refused(refusal),
    }
}

/// The address as it may be shown and copied: without what deceives, the host in its `xn--` form.
#[must_use]
pub fn shown(address: &str) -> Shown {
    let clean: String = address.chars().filter(|c| !is_deceptive(*c)).collect();
    let Ok(parts) = parse(&clean) else {
        return Shown { before: String::new(), host: String::new(), after: elide(&clean) };
    };
    let before = format!("{}:{}", parts.scheme, parts.before);
    Shown { before: elide(&before), host: punycode::host(parts.host), after: elide(parts.after) }
}

fn parse(address: &str) -> Result<Parts<'_>, Refusal> {
    let (scheme, rest) = address.split_once(':').ok_or(Refusal::Incomplete)?;
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    if !begins || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
        return Err(Refusal::Incomplete);
    }
    let scheme = scheme.to_ascii_lowercase();
    if scheme == "file" {
        return Err(Refusal::RemoteFile);
    }
    if scheme != "ssh" && !OPENED.contains(&scheme.as_str()) {
        return Err(Refusal::Scheme(scheme.chars().take(32).collect()));
    }
    // Browsers read a backslash as a slash, others as part of the name: nobody could say where it leads.
    if address.contains(|c: char| is_deceptive(c) || c.is_whitespace() || "\\\"<>^`{|}".contains(c)) {
        return Err(Refusal::Deceptive);
    }
    if scheme == "mailto" { mail(scheme, rest) } else { authority(scheme, rest) }
}

/// `user@host?subject=…`; of several addresses the last one's host is pointed out.
fn mail(scheme: String, rest: &str) -> Result<Parts<'_>, Refusal> {
    let end = rest.find('?').unwrap_or(rest.len());
    let (address, after) = rest.split_at_checked(end).ok_or(Refusal::Incomplete)?;
    let at = address.rfind('@').ok_or(Refusal::Incomplete)?;
    let (before, host) = address.split_at_checked(at + 1).ok_or(Refusal::Incomplete)?;
    check_host(host)?;
    Ok(Parts { scheme, before, host, after })
}

/// `//user@host:port/path` (RFC 3986 section 3.2).
fn authority(scheme: String, rest: &str) -> Result<Parts<'_>, Refusal> {
    let inner = rest.strip_prefix("//").ok_or(Refusal::Incomplete)?;
    let end = 2 + inner.find(['/', '?', '#']).unwrap_or(inner.len());
    let (authority, _) = rest.split_at_checked(end).ok_or(Refusal::Incomplete)?;
    let begin = authority.rfind('@').map_or(2, |at| at + 1);
    let named = authority.get(begin..).ok_or(Refusal::Incomplete)?;
    let length = match named.strip_prefix('[') {
        Some(literal) => literal.find(']').ok_or(Refusal::Incomplete)? + 2,
        None => named.find(':').unwrap_or(named.len()),
    };
    let host = named.get(..length).ok_or(Refusal::Incomplete)?;
    let port = named.get(length..).unwrap_or_default();
    if !port.is_empty() && !port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(Refusal::Incomplete);
    }
    check_host(host)?;
    let before = rest.get(..begin).ok_or(Refusal::Incomplete)?;
    let after = rest.get(begin + length..).ok_or(Refusal::Incomplete)?;
    Ok(Parts { scheme, before, host, after })
}

/// Letters, digits, hyphens, underscores and dots, or an IPv6 address in brackets.
fn check_host(host: &str) -> Result<(), Refusal> {
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match literal {
        Some(address) if address.parse::<std::net::Ipv6Addr>().is_ok() => Ok(()),
        Some(_) => Err(Refusal::Incomplete),
        None if host.trim_matches('.').is_empty() => Err(Refusal::Incomplete),
        None if host.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) => Ok(()),
        None => Err(Refusal::Deceptive),
    }
}

/// The address in ASCII.
fn whole(parts: &Parts<'_>) -> String {
    let Parts { scheme, before, host, after } = parts;
    format!("{scheme}:{}{}{}", encode(before), punycode::host(host), encode(after))
}

/// Percent-encodes what is not ASCII (RFC 3987 section 3.1).
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii() { encoded.push(byte.into()) } else { encoded.push_str(&format!("%{byte:02X}")) }
    }
    encoded
}

/// Cuts a long text short in its middle.
fn elide(text: &str) -> String {
    let count = text.chars().count();
    if count <= ELIDED {
        return text.to_owned();
    }
    let half = ELIDED / 2;
    text.chars().take(half).chain(['…']).chain(text.chars().skip(count - half)).collect()
}

#[cfg(test)]
mod tests;
