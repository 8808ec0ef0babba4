//! The user's Xauthority file: which cookie opens which display.
//!
//! The format is libXau's: entries one after another, each a family (16 bits) and four counted strings, which are the
//! address, the display's number in digits, the protocol and the cookie. All numbers are big-endian.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::cookie::{self, Cookie};
use crate::display::Peer;

/// Families of addresses: `FamilyInternet` and `FamilyInternet6` of X.h, the others of libXau's Xauth.h.
const INTERNET: u16 = 0;
const INTERNET6: u16 = 6;
const LOCAL_HOST: u16 = 252;
const LOCAL: u16 = 256;
const WILD: u16 = 65535;

/// The largest file that is read, in bytes. A large one in daily use has a few dozen entries of about 60 bytes.
const LIMIT: u64 = 1 << 20;

/// Why an Xauthority file tells nothing. The messages name the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file exists and cannot be read.
    #[error("cannot read the X11 cookies in {}: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The name leads to something that is not a file.
    #[error("cannot read the X11 cookies in {}: it is not a file; correct XAUTHORITY", .0.display())]
    NotAFile(PathBuf),
    /// The file is larger than any real one.
    #[error("cannot read the X11 cookies in {}: it is larger than 1 MiB; remove it and log in again", .0.display())]
    TooLarge(PathBuf),
    /// The file ends inside an entry.
    #[error("the X11 cookies in {} are damaged: the entry at byte {offset} is cut off; remove the file and log in \
             again", .path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Where the entry begins, in bytes from the file's beginning.
        offset: usize,
    },
}

/// An Xauthority file in memory, which is wiped when this is dropped.
pub struct Xauthority {
    path: PathBuf,
    bytes: Zeroizing<Vec<u8>>,
}

/// One entry, borrowed from the file's bytes.
struct Entry<'a> {
    family: u16,
    address: &'a [u8],
    number: &'a [u8],
    protocol: &'a [u8],
    cookie: &'a [u8],
}

impl Xauthority {
    /// The file that holds the user's cookies: what `XAUTHORITY` names, else `.Xauthority` in the home folder; `None`
    /// where there is neither.
    #[must_use]
    pub fn path(xauthority: Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
        match xauthority {
            Some(path) if !path.is_empty() => Some(PathBuf::from(path)),
            _ => home.map(|home| home.join(".Xauthority")),
        }
    }

    /// Takes the contents of the file at `path`, which serves for messages only.
    #[must_use]
    pub fn new(path: PathBuf, bytes: Vec<u8>) -> Self {
        Self { path, bytes: Zeroizing::new(bytes) }
    }

    /// Reads the file at `path` without holding up the runtime. A missing file holds no cookies.
    ///
    /// # Errors
    /// See [`Error`]; a damaged file shows only in [`Xauthority::cookie`].
    pub async fn read(path: PathBuf) -> Result<Self, Error> {
        let shown = path.clone();
        let read = tokio::task::spawn_blocking(move || read_bounded(path)).await;
        read.unwrap_or_else(|error| Err(Error::Unreadable { path: shown, source: io::Error::other(error) }))
    }

    /// The cookie for display `number` of `peer`, which is the first that fits, as in libXau's `XauGetBestAuthByAddr`.
    /// `hostname` is this machine's name: local displays are kept under it.
    ///
    /// Connections to this machine's loopback addresses count as local, as in libxcb; hence a forwarded
    /// `localhost:10.0` is found under `host/unix:10`, where OpenSSH puts it.
    ///
    /// # Errors
    /// [`Error::Truncated`] when the file is damaged before an entry fits.
    pub fn cookie(&self, peer: Peer, number: u16, hostname: &[u8]) -> Result<Option<Cookie>, Error> {
        let number = number.to_string();
        let mut rest: &[u8] = &self.bytes;
        while !rest.is_empty() {
            let offset = self.bytes.len() - rest.len();
            let entry = Entry::take(&mut rest).ok_or_else(|| Error::Truncated { path: self.path.clone(), offset })?;
            if entry.is_for(peer, number.as_bytes(), hostname) {
                return Ok(Some(Cookie::new(entry.cookie.to_vec())));
            }
        }
        Ok(None)
    }
}

impl std::fmt::Debug for Xauthority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Xauthority").field("path", &self.path).finish_non_exhaustive()
    }
}

impl<'a> Entry<'a> {
    /// Takes the next entry off `bytes`; `None` when they end within it.
    fn take(bytes: &mut &'a [u8]) -> Option<Self> {
        Some(Self {
            family: number(bytes)?,
            address: string(bytes)?,
            number: string(bytes)?,
            protocol: string(bytes)?,
            cookie: string(bytes)?,
        })
    }

    fn is_for(&self, peer: Peer, number: &[u8], hostname: &[u8]) -> bool {
        self.protocol == cookie::PROTOCOL.as_bytes()
            && !self.cookie.is_empty()
            && (self.number.is_empty() || self.number == number)
            && self.is_of(peer, hostname)
    }

    fn is_of(&self, peer: Peer, hostname: &[u8]) -> bool {
        let here = match peer {
            Peer::Local => true,
            Peer::Host(address) => address.is_loopback(),
        };
        match self.family {
            WILD => true,
            LOCAL => here && self.address == hostname,
            LOCAL_HOST => here,
            INTERNET => matches!(peer, Peer::Host(IpAddr::V4(address)) if self.address == address.octets()),
            INTERNET6 => matches!(peer, Peer::Host(IpAddr::V6(address)) if self.address == address.octets()),
            _ => false,
        }
    }
}

fn number(bytes: &mut &[u8]) -> Option<u16> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u16::from_be_bytes(*number))
}

fn string<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(bytes)?;
    let (string, rest) = bytes.split_at_checked(usize::from(length))?;
    *bytes = rest;
    Some(string)
}

fn read_bounded(path: PathBuf) -> Result<Xauthority, Error> {
    let length = match path.metadata() {
        // Opening a pipe would wait for a writer who may never come.
        Ok(metadata) if !metadata.is_file() => return Err(Error::NotAFile(path)),
        Ok(metadata) => metadata.len().min(LIMIT),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Xauthority::new(path, Vec::new())),
        Err(source) => return Err(Error::Unreadable { path, source }),
    };
    // Room for all of it from the beginning: growing would leave copies of the cookies behind that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 64));
    let read = File::open(&path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes));
    match read {
        Ok(length) if length as u64 > LIMIT => Err(Error::TooLarge(path)),
        Ok(_) => Ok(Xauthority { path, bytes }),
        Err(source) => Err(Error::Unreadable { path, source }),
    }
}

#[cfg(test)]
mod tests;
