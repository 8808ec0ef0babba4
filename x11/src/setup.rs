//! A client's connection set-up: the first message of every X11 connection (X Window System Protocol, "Connection
//! Setup"). It says in which byte order the client writes, and holds its authorization.

use zeroize::Zeroizing;

use crate::cookie::{self, Cookie};

/// Bytes before the authorization's name.
const HEADER: usize = 12;

/// The longest name of an authorization protocol that is taken, in bytes. The longest known has 20.
pub const MAX_NAME: usize = 64;

/// The longest authorization that is taken, in bytes. MIT-MAGIC-COOKIE-1 has 16.
pub const MAX_DATA: usize = 256;

/// The longest set-up that is taken, in bytes.
pub const MAX_LENGTH: usize = HEADER + MAX_NAME + MAX_DATA;

/// The order of the bytes in a client's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// The most significant byte first: the set-up begins with `B`.
    Big,
    /// The least significant byte first: the set-up begins with `l`.
    Little,
}

/// Why bytes are no set-up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The first byte is neither `B` nor `l`.
    #[error("its connection does not begin as X11 does (first byte {0:#04x})")]
    NotX11(u8),
    /// The name or the data of the authorization is longer than any real one.
    #[error("its authorization is too long ({name} bytes of name, {data} of data)")]
    TooLong {
        /// The client's byte order.
        order: ByteOrder,
        /// Announced bytes of name.
        name: u16,
        /// Announced bytes of data.
        data: u16,
    },
}

/// A complete set-up.
#[derive(Clone, PartialEq, Eq)]
pub struct Setup {
    order: ByteOrder,
    major: u16,
    minor: u16,
    name: Vec<u8>,
    data: Zeroizing<Vec<u8>>,
}

impl Setup {
    /// The set-up of a client of our own, with no authorization yet, for version 11.0.
    pub(crate) fn new(order: ByteOrder) -> Self {
        Self { order, major: 11, minor: 0, name: Vec::new(), data: Zeroizing::default() }
    }

    /// Reads a set-up from what a client has sent so far, and says how many bytes it took; `None` while bytes are
    /// missing. A set-up that cannot become a good one is an error at the first byte that shows it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Error> {
        let order = match bytes.first() {
            Some(b'B') => ByteOrder::Big,
            Some(b'l') => ByteOrder::Little,
            Some(other) => return Err(Error::NotX11(*other)),
            None => return Ok(None),
        };
        let Some((&header, rest)) = bytes.split_first_chunk::<HEADER>() else { return Ok(None) };
        let [_, _, major_0, major_1, minor_0, minor_1, name_0, name_1, data_0, data_1, _, _] = header;
        let (name, data) = (order.read([name_0, name_1]), order.read([data_0, data_1]));
        if usize::from(name) > MAX_NAME || usize::from(data) > MAX_DATA {
            return Err(Error::TooLong { order, name, data });
        }
        let (name, data) = (usize::from(name), usize::from(data));
        let (Some(name_bytes), Some(data_bytes)) =
            (rest.get(..name), rest.get(padded(name)..).and_then(|rest| rest.get(..data)))
        else {
            return Ok(None);
        };
        let length = HEADER + padded(name) + padded(data);
        if bytes.len() < length {
            return Ok(None);
        }
        let setup = Self {
            order,
            major: order.read([major_0, major_1]),
            minor: order.read([minor_0, minor_1]),
            name: name_bytes.to_vec(),
            data: Zeroizing::new(data_bytes.to_vec()),
        };
        Ok(Some((setup, length)))
    }

    /// The client's byte order.
    #[must_use]
    pub fn order(&self) -> ByteOrder {
        self.order
    }

    /// Whether the client presents `cookie`.
    #[must_use]
    pub fn presents(&self, cookie: &Cookie) -> bool {
        self.name == cookie::PROTOCOL.as_bytes() && cookie.matches(&self.data)
    }

    /// The set-up with `cookie` in place of what the client presented, or with no authorization at all: a server may
    /// admit by user or by host.
    #[must_use]
    pub fn with(self, cookie: Option<&Cookie>) -> Self {
        let (name, data) = match cookie {
            Some(cookie) => (cookie::PROTOCOL.as_bytes().to_vec(), cookie.expose().to_vec()),
            None => (Vec::new(), Vec::new()),
        };
        Self { name, data: Zeroizing::new(data), ..self }
    }

    /// The set-up's bytes, in the client's own order: the server goes on in it.
    ///
    /// Name and data must be shorter than 64 KiB, as those of a file or of the wire are; what is longer is cut.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let (name, name_length) = counted(&self.name);
        let (data, data_length) = counted(&self.data);
        // All the room at once: growing would leave unwiped copies of the cookie behind.
        let length = HEADER + padded(name.len()) + padded(data.len());
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        bytes.extend([self.order.letter(), 0]);
        for number in [self.major, self.minor, name_length, data_length, 0] {
            bytes.extend(self.order.write(number));
        }
        for field in [name, data] {
            bytes.extend(field);
            let aligned = padded(bytes.len());
            bytes.resize(aligned, 0);
        }
        bytes
    }
}

/// Without the authorization.
impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup").field("order", &self.order).finish_non_exhaustive()
    }
}

impl ByteOrder {
    fn letter(self) -> u8 {
        match self {
            Self::Big => b'B',
            Self::Little => b'l',
        }
    }

    pub(crate) fn read(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Big => u16::from_be_bytes(bytes),
            Self::Little => u16::from_le_bytes(bytes),
        }
    }

    pub(crate) fn write(self, number: u16) -> [u8; 2] {
        match self {
            Self::Big => number.to_be_bytes(),
            Self::Little => number.to_le_bytes(),
        }
    }

    /// The two bytes at `at`; `None` where they are not there.
    pub(crate) fn short(self, bytes: &[u8], at: usize) -> Option<u16> {
        bytes.get(at..)?.first_chunk().map(|number| self.read(*number))
    }

    /// The four bytes at `at`; `None` where they are not there.
    pub(crate) fn long(self, bytes: &[u8], at: usize) -> Option<u32> {
        let number = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Big => u32::from_be_bytes(number),
            Self::Little => u32::from_le_bytes(number),
        })
    }

    /// Writes `number` at `at`, where there is room for it.
    pub(crate) fn put_short(self, bytes: &mut [u8], at: usize, number: u16) {
        if let Some(place) = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = self.write(number);
        }
    }

    /// Writes `number` at `at`, where there is room for it.
    pub(crate) fn put_long(self, bytes: &mut [u8], at: usize, number: u32) {
        if let Some(place) = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = match self {
                Self::Big => number.to_be_bytes(),
                Self::Little => number.to_le_bytes(),
            };
        }
    }
}

/// The reply with which a server refuses a connection: `Failed`, with a reason that Xlib and xcb print for the user. The
/// reason is Latin-1; what is beyond, and what is beyond 254 bytes, is left out.
#[must_use]
pub fn failed(order: ByteOrder, reason: &str) -> Vec<u8> {
    let latin = reason.chars().filter_map(|c| u8::try_from(u32::from(c)).ok());
    // libxcb prints the reason as it comes: without a new line at its end, the next message would run into it.
    let reason: Vec<u8> = latin.take(254).chain([b'\n']).collect();
    let (reason, _) = counted(&reason);
    let units = u16::try_from(padded(reason.len()) / 4).unwrap_or_default();
    let mut bytes = vec![0, u8::try_from(reason.len()).unwrap_or_default()];
    for number in [11, 0, units] {
        bytes.extend(order.write(number));
    }
    bytes.extend(reason);
    bytes.resize(padded(bytes.len()), 0);
    bytes
}

/// The reason in a server's `Failed` reply; `None` for any other reply, and for one that is not there as a whole.
#[must_use]
pub fn refusal(reply: &[u8]) -> Option<String> {
    let (&[status, length, ..], rest) = reply.split_first_chunk::<8>()?;
    let reason = rest.get(..usize::from(length)).filter(|_| status == 0)?;
    Some(reason.iter().map(|byte| char::from(*byte)).collect::<String>().trim().to_owned())
}

/// Rounds up to the four bytes that everything in X11 is aligned to.
pub(crate) fn padded(length: usize) -> usize {
    length.next_multiple_of(4)
}

/// A field and its length, cut to what a length can say.
fn counted(field: &[u8]) -> (&[u8], u16) {
    let length = u16::try_from(field.len()).unwrap_or(u16::MAX);
    (field.get(..usize::from(length)).unwrap_or(field), length)
}

#[cfg(test)]
mod tests;
