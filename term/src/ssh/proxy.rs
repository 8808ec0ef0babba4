//! Proxies that connections are made through: SOCKS 5 (RFC 1928) and HTTP's CONNECT (RFC 9110 section 9.3.6).

mod http;
mod socks5;

use std::fmt;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use super::{Destination, Secret};

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// SOCKS 5. Names are resolved by the proxy.
    Socks5,
    /// HTTP's CONNECT.
    Http,
}

impl Scheme {
    /// The port where an address names none: IANA's for SOCKS, and the one that most HTTP proxies listen on.
    #[must_use]
    pub fn port(self) -> u16 {
        match self {
            Self::Socks5 => 1080,
            Self::Http => 3128,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Socks5 => "socks5",
            Self::Http => "http",
        }
    }
}

/// A proxy that a host is reached through, as `socks5://user@host:1080` or `http://user@host:3128` name it. Its password
/// is a secret of its own and never part of this.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// How it is spoken to.
    pub scheme: Scheme,
    /// Who uses it; `None` where it asks nobody.
    pub user: Option<String>,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// Why a text names no proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Another scheme, or none.
    #[error("write a proxy as socks5://host:port or http://host:port")]
    Scheme,
    /// A password, which others could read there.
    #[error("leave the password out: it will be asked for, and can be kept in the keyring")]
    Password,
    /// Something after the host and port.
    #[error("a proxy ends with its host and port; leave out {rest:?}")]
    Rest {
        /// What follows.
        rest: String,
    },
    /// A host, user or port that can be none.
    #[error(transparent)]
    Destination(#[from] super::destination::Error),
}

/// Why a proxy made no connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It wants to know who asks.
    #[error("it asks for a user and a password")]
    UserNeeded,
    /// It did not accept the user or the password.
    #[error("it refused the user or the password")]
    Refused,
    /// It made no connection to the host.
    #[error("it cannot connect to the host: {reason}")]
    NotConnected {
        /// Its reason, control characters made visible.
        reason: String,
    },
    /// What answers is no proxy of this kind.
    #[error("it does not answer as {expected} does: {received}")]
    NotAProxy {
        /// The kind of proxy that was expected.
        expected: &'static str,
        /// The first of what it sent, control characters made visible.
        received: String,
    },
    /// A name, user or password that the protocol cannot carry.
    #[error("{what} is longer than the 255 bytes that SOCKS can carry")]
    TooLong {
        /// What is too long.
        what: &'static str,
    },
    /// It closed the connection.
    #[error("it closed the connection")]
    Closed,
    /// The connection to it failed.
    #[error("the connection failed: {reason}")]
    Lost {
        /// The operating system's reason.
        reason: String,
    },
}

impl Proxy {
    /// Reads `socks5://[user@]host[:port]`, `socks5h://…` or `http://[user@]host[:port]`.
    ///
    /// # Errors
    /// See [`ParseError`].
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(ParseError::Scheme)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            // As curl writes them; names are always the proxy's to resolve.
            "socks5" | "socks5h" | "socks" => Scheme::Socks5,
            "http" => Scheme::Http,
            _ => return Err(ParseError::Scheme),
        };
        let place = rest.strip_suffix('/').unwrap_or(rest);
        if let Some((_, after)) = place.split_once('/') {
            return Err(ParseError::Rest { rest: format!("/{after}") });
        }
        if place.rsplit_once('@').is_some_and(|(user, _)| user.contains(':')) {
            return Err(ParseError::Password);
        }
        let Destination { host, user, port } = Destination::parse(place)?;
        Ok(Self { scheme, user, host, port: port.unwrap_or(scheme.port()) })
    }

    /// Asks the proxy on the other side of `stream` for a connection to a host. Nothing is read beyond its answer.
    ///
    /// # Errors
    /// See [`Error`].
    pub(super) async fn connect(
        &self,
        stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
        host: &str,
        port: u16,
        password: Option<&Secret>,
    ) -> Result<(), Error> {
        let account = self.user.as_deref().map(|user| (user, password.map_or("", Secret::expose)));
        match self.scheme {
            Scheme::Socks5 => socks5::connect(stream, host, port, account).await,
            Scheme::Http => http::connect(stream, host, port, account).await,
        }
    }
}

impl fmt::Display for Proxy {
    /// What [`Proxy::parse`] reads as this proxy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let destination = Destination { host: self.host.clone(), user: self.user.clone(), port: Some(self.port) };
        write!(f, "{}://{destination}", self.scheme.name())
    }
}

impl std::str::FromStr for Proxy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Closed,
            _ => Self::Lost { reason: super::failure::words(&error) },
        }
    }
}

async fn read<const N: usize>(stream: &mut (impl AsyncRead + Unpin)) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    let _ = stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read_as_they_are_written() {
        for (text, expected) in [
            ("socks5://proxy", Ok("socks5://proxy:1080")),
            ("SOCKS5H://me@proxy:9050/", Ok("socks5://me@proxy:9050")),
            (" http://[2001:db8::1]:3128 ", Ok("http://[2001:db8::1]:3128")),
            ("http://proxy.example.org", Ok("http://proxy.example.org:3128")),
            ("proxy:1080", Err("write a proxy as")),
            ("ftp://proxy", Err("write a proxy as")),
            ("http://me:secret@proxy", Err("leave the password out")),
            ("http://proxy/path", Err("leave out \"/path\"")),
            ("http://", Err("no host is named")),
            ("http://-x", Err("invalid characters")),
            ("http://proxy:0", Err("bad port")),
        ] {
            match (Proxy::parse(text), expected) {
                (Ok(proxy), Ok(expected)) => {
                    assert_eq!(proxy.to_string(), expected);
                    assert_eq!(Proxy::parse(expected), Ok(proxy));
                }
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{text}: {error}"),
                (other, _) => panic!("{text}: {other:?}"),
            }
        }
    }
}
