//! What a user types to say where to go: `user@host:port`, `ssh://…`, a bare alias.

mod uri;

use std::fmt;
use std::net::Ipv6Addr;

/// Why a text is no destination.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No host was named.
    #[error("no host is named; write a host, user@host or ssh://user@host:port")]
    NoHost,
    /// Nothing stands before the `@`.
    #[error("no user is named before the @; write user@host, or the host alone")]
    NoUser,
    /// A host that OpenSSH refuses too: it could be taken for an option or for shell code.
    #[error(
        "hostname contains invalid characters: {host:?}; a host must not begin with - nor hold blanks, control \
         characters, quotes or any of `$\\;&<>|(){{}},"
    )]
    Host {
        /// The host as typed.
        host: String,
    },
    /// A user name that OpenSSH refuses too.
    #[error(
        "remote username contains invalid characters: {user:?}; a user must not begin with - nor hold control \
         characters, quotes or any of `;&<>|(){{}}"
    )]
    User {
        /// The user as typed.
        user: String,
    },
    /// Something that is no port.
    #[error("bad port {port:?}; a port is a number from 1 to 65535")]
    Port {
        /// The port as typed.
        port: String,
    },
    /// Colons that could begin a port or belong to an address.
    #[error("{host:?} is neither host:port nor an IPv6 address; write [address]:port for an address with a port")]
    Colons {
        /// The host as typed.
        host: String,
    },
    /// A `[` without its `]`, or something else than a port behind it.
    #[error("{host:?} has unmatched brackets; write [address] or [address]:port")]
    Brackets {
        /// The host as typed.
        host: String,
    },
    /// A URI with a password. The password is not repeated here.
    #[error(
        "a password does not belong in an address, where others can read it; leave it out and it will be asked for"
    )]
    Password,
    /// A URI with connection parameters, which would be wrong to ignore: `fingerprint` promises a check.
    #[error("the connection parameter {name:?} of an ssh:// address is not supported; leave it out")]
    Parameter {
        /// The parameter's name.
        name: String,
    },
    /// A URI that goes on after the host.
    #[error("an ssh:// address ends with the host and port; leave out {rest:?}")]
    Path {
        /// What follows.
        rest: String,
    },
    /// A `%` that is not followed by two hexadecimal digits, or bytes that are no UTF-8.
    #[error("{text:?} is not encoded as a URI asks for: % must be followed by two hexadecimal digits")]
    Encoding {
        /// The part that cannot be decoded.
        text: String,
    },
}

/// A destination as typed, before `ssh_config` has its say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Destination {
    /// The host as typed: a name, an address or an alias of `~/.ssh/config`.
    pub host: String,
    /// The user, if one was named.
    pub user: Option<String>,
    /// The port, if one was named.
    pub port: Option<u16>,
}

impl Destination {
    /// Puts a destination together from parts that may come from anywhere.
    ///
    /// # Errors
    /// [`Error::NoHost`], [`Error::Host`], [`Error::User`]: what OpenSSH's `ssh_valid_hostname` and `ssh_valid_ruser`
    /// refuse, so that no name can reach a program's options or a shell (CVE-2017-9800, CVE-2023-51385).
    pub fn new(host: &str, user: Option<&str>, port: Option<u16>) -> Result<Self, Error> {
        if host.is_empty() {
            return Err(Error::NoHost);
        }
        if !is_valid_host(host) {
            return Err(Error::Host { host: host.to_owned() });
        }
        if let Some(user) = user
            && !is_valid_user(user)
        {
            return Err(Error::User { user: user.to_owned() });
        }
        Ok(Self { host: host.to_owned(), user: user.map(str::to_owned), port })
    }

    /// Reads `host`, `user@host`, `user@host:port`, `host:port`, `[address]:port`, a bare IPv6 address, or
    /// `ssh://[user@]host[:port][/]`. The last `@` ends the user, who may have others in the name.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some(rest) = uri::strip_scheme(text) {
            return uri::parse(rest);
        }
        let (user, place) = match text.rsplit_once('@') {
            Some(("", _)) => return Err(Error::NoUser),
            Some((user, place)) => (Some(user), place),
            None => (None, text),
        };
        let (host, port) = split_port(place)?;
        Self::new(host, user, port)
    }
}

impl fmt::Display for Destination {
    /// The shortest text that [`Destination::parse`] reads as this destination.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            // A user like this would be read as the beginning of a URI.
            if uri::strip_scheme(user).is_some() {
                write!(f, "ssh://{}@", uri::encode(user))?;
            } else {
                write!(f, "{user}@")?;
            }
        }
        match (self.host.contains(':'), self.port) {
            (true, Some(port)) => write!(f, "[{}]:{port}", self.host),
            (false, Some(port)) => write!(f, "{}:{port}", self.host),
            (true, None) if self.user.as_deref().is_some_and(|user| uri::strip_scheme(user).is_some()) => {
                write!(f, "[{}]", self.host)
            }
            (_, None) => f.write_str(&self.host),
        }
    }
}

impl std::str::FromStr for Destination {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// Reads a port.
///
/// # Errors
/// [`Error::Port`], which names the text.
pub fn parse_port(text: &str) -> Result<u16, Error> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let port = if digits { text.parse().ok() } else { None };
    port.filter(|port| *port != 0).ok_or_else(|| Error::Port { port: text.to_owned() })
}

/// Whether `text` is an IPv6 address, possibly with a zone (`fe80::1%eth0`).
pub(super) fn is_ipv6(text: &str) -> bool {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

/// Splits the port off a host that may be bracketed.
fn split_port(place: &str) -> Result<(&str, Option<u16>), Error> {
    if let Some(rest) = place.strip_prefix('[') {
        let brackets = || Error::Brackets { host: place.to_owned() };
        let (host, after) = rest.split_once(']').ok_or_else(brackets)?;
        if host.contains(':') && !is_ipv6(host) {
            return Err(Error::Colons { host: host.to_owned() });
        }
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(parse_port(port)?))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(brackets()),
        };
    }
    if is_ipv6(place) {
        return Ok((place, None));
    }
    match place.split_once(':') {
        Some((_, port)) if port.contains(':') => Err(Error::Colons { host: place.to_owned() }),
        Some((host, port)) => Ok((host, Some(parse_port(port)?))),
        None => Ok((place, None)),
    }
}

/// OpenSSH's `ssh_valid_hostname` (readconf.c), widened to the blanks and controls of Unicode.
fn is_valid_host(host: &str) -> bool {
    let forbidden = |c: char| "'`\"$\\;&<>|(){},".contains(c) || c.is_whitespace() || c.is_control();
    !host.starts_with('-') && !host.contains(forbidden)
}

/// OpenSSH's `ssh_valid_ruser` (readconf.c).
fn is_valid_user(user: &str) -> bool {
    let forbidden = |c: char| "'`\";&<>|(){}".contains(c) || c.is_control();
    let mut pairs = user.chars().zip(user.chars().skip(1));
    !user.is_empty()
        && !user.starts_with('-')
        && !user.ends_with('\\')
        && !user.contains(forbidden)
        && !pairs.any(|(one, next)| one.is_whitespace() && next == '-')
}

#[cfg(test)]
mod tests;
