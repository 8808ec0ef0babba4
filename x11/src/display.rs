//! The local display: what a `DISPLAY` string means and how to reach it.

mod stream;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};

pub use stream::{Peer, Stream};

/// Display `N` of a host listens on TCP port 6000 + N (X(7)).
const FIRST_PORT: u16 = 6000;

/// Why a display string means nothing. The messages say what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// `DISPLAY` is not set, or is empty.
    #[error(
        "there is no local X11 display: DISPLAY is not set. Start an X server (on a Mac XQuartz, on Windows VcXsrv) \
         or name its display in the host's settings, such as ':0'"
    )]
    Unset,
    /// The string is not a display name (X(7), "DISPLAY NAMES").
    #[error("'{}' is not an X11 display: expected something like ':0' or 'localhost:10.0'", .0.escape_debug())]
    Malformed(String),
    /// The display's number is beyond what can exist: a TCP port is at most 65535, and so is a display's number.
    #[error("'{}' is not an X11 display: its number is above {limit}", .name.escape_debug())]
    TooLarge {
        /// The display's name.
        name: String,
        /// The largest number there can be.
        limit: u16,
    },
}

/// A parsed display name: where the server listens, which display and which screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    name: String,
    address: Address,
    number: u16,
    screen: u32,
}

/// Where a display's server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Address {
    /// The sockets of display N of this machine.
    Local,
    /// A socket named by its path, as launchd names XQuartz's.
    Socket(PathBuf),
    /// A host that listens on TCP, by name or address.
    Tcp(String),
}

impl Display {
    /// The display that `DISPLAY` names.
    ///
    /// # Errors
    /// [`Error::Unset`] when the variable is not set or empty; else as [`Display::parse`].
    pub fn from_env() -> Result<Self, Error> {
        Self::from_value(std::env::var_os("DISPLAY"))
    }

    fn from_value(value: Option<OsString>) -> Result<Self, Error> {
        match value {
            Some(value) if !value.is_empty() => match value.to_str() {
                Some(name) => Self::parse(name),
                None => Err(Error::Malformed(value.to_string_lossy().into_owned())),
            },
            _ => Err(Error::Unset),
        }
    }

    /// Parses a display name: `:0`, `:0.1`, `unix:0`, `host/unix:0`, `localhost:10.0`, `tcp/host:0`, `[::1]:0`,
    /// `::1:0`, or the path of a socket with an optional `.screen` behind it.
    ///
    /// Of a path, and only then, it asks the file system whether the file exists, because `.1` at the end of a path may
    /// be part of the name or a screen; libxcb asks in the same way.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the string is no display name, [`Error::TooLarge`] when its number cannot be.
    pub fn parse(name: &str) -> Result<Self, Error> {
        Self::parse_where(name, Path::exists)
    }

    fn parse_where(name: &str, exists: impl Fn(&Path) -> bool) -> Result<Self, Error> {
        let malformed = || Error::Malformed(name.to_owned());
        if name.chars().any(char::is_control) {
            return Err(malformed());
        }
        let path = name.strip_prefix("unix:").unwrap_or(name);
        if path.starts_with('/') {
            return Self::of_socket(name, path, exists);
        }
        let (place, numbers) = name.rsplit_once(':').ok_or_else(malformed)?;
        let (number, screen) = match numbers.split_once('.') {
            Some((number, screen)) => (number, decimal(screen).ok_or_else(malformed)?),
            None => (numbers, 0),
        };
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(malformed());
        }
        let address = Address::parse(place).ok_or_else(malformed)?;
        let limit = match address {
            Address::Tcp(_) => u16::MAX - FIRST_PORT,
            Address::Local | Address::Socket(_) => u16::MAX,
        };
        let number = number.parse().ok().filter(|number| *number <= limit);
        let number = number.ok_or_else(|| Error::TooLarge { name: name.to_owned(), limit })?;
        Ok(Self { name: name.to_owned(), address, number, screen })
    }

    fn of_socket(name: &str, path: &str, exists: impl Fn(&Path) -> bool) -> Result<Self, Error> {
        let whole = (path, 0);
        let (path, screen) = match path.rsplit_once('.') {
            Some((stem, screen)) if !exists(Path::new(path)) => decimal(screen).map_or(whole, |screen| (stem, screen)),
            _ => whole,
        };
        let address = Address::Socket(PathBuf::from(path));
        Ok(Self { name: name.to_owned(), address, number: number_of_socket(path), screen })
    }

    /// The display's number; with the kind of its address, it finds the cookie in the user's Xauthority file.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }

    /// The screen number, 0 unless the name says otherwise; goes into the `x11-req`.
    #[must_use]
    pub fn screen(&self) -> u32 {
        self.screen
    }

    /// Connects to the display's server, with no limit of time: drop the future to give up.
    ///
    /// # Errors
    /// The operating system's, from looking up the host or connecting to the server.
    pub async fn connect(&self) -> io::Result<Stream> {
        match &self.address {
            Address::Local => Stream::local(self.number).await,
            Address::Socket(path) => Stream::socket(path).await,
            Address::Tcp(host) => Stream::tcp(host, self.number).await,
        }
    }
}

impl fmt::Display for Display {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Address {
    /// Reads what stands before the last colon, `[protocol/]host`, as libxcb does: a protocol or a host called `unix`
    /// means this machine, and so does no host at all.
    fn parse(place: &str) -> Option<Self> {
        let (protocol, host) = match place.rsplit_once('/') {
            Some((protocol, host)) => (Some(protocol), host),
            None => (None, place),
        };
        match (protocol, host) {
            (Some("unix" | "local"), _) | (_, "unix") | (None, "") => Some(Self::Local),
            (Some("tcp" | "inet" | "inet6"), "") => Some(Self::Tcp("localhost".to_owned())),
            (None | Some("tcp" | "inet" | "inet6"), host) => host_name(host).map(|host| Self::Tcp(host.to_owned())),
            (Some(_), _) => None,
        }
    }
}

/// A host's name or address. Colons belong to IPv6 addresses, in brackets or bare; elsewhere they are of DECnet
/// (`host::0`), which no X server speaks any more.
fn host_name(host: &str) -> Option<&str> {
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let inner = bracketed.unwrap_or(host);
    if bracketed.is_some() || inner.contains(':') {
        let address = inner.split_once('%').map_or(inner, |(address, _zone)| address);
        return address.parse::<Ipv6Addr>().is_ok().then_some(inner);
    }
    (!inner.contains(|c: char| c.is_whitespace() || c == '[' || c == ']')).then_some(inner)
}

/// The number a socket's file name ends with, as in `org.xquartz:0`, or stands for, as in `X0`; 0 when there is none.
fn number_of_socket(path: &str) -> u16 {
    let file = path.rsplit('/').next().unwrap_or_default();
    let digits = file.rsplit_once(':').map_or_else(|| file.strip_prefix('X').unwrap_or_default(), |(_, digits)| digits);
    decimal(digits).and_then(|number| u16::try_from(number).ok()).unwrap_or(0)
}

/// A number in digits only: `u32::from_str` would take a sign.
fn decimal(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
