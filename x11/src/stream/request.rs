//! The client's requests (X Window System Protocol, "Request Format").

use super::Error;
use crate::setup::ByteOrder;

/// As many bytes of a request, or the whole of a shorter one, are there when it is judged. The rest passes as it comes.
pub(crate) const HEAD: usize = 4096;

/// The longest request that may take the place of another.
const REPLACEMENT: usize = 128;

/// The longest request that is passed, in units of four bytes. Servers take a quarter of that at most, and some have
/// counted the bytes of longer ones in 32 bits, which reads other requests than were judged (CVE-2025-49176).
const LONGEST: u32 = 1 << 26;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on, as it was or as it was altered.
    Pass,
    /// Another one goes on in its place. What is longer than [`HEAD`] cannot be replaced, and is refused instead.
    Replace(Replacement),
}

/// A short request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Replacement {
    bytes: [u8; REPLACEMENT],
    length: usize,
}

/// How far a client's bytes were followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// As many bytes can go on.
    Pass(usize),
    /// As many bytes can go on, then the replacement; `skip` bytes behind them are dropped.
    Replace {
        /// Bytes that can go on.
        pass: usize,
        /// Bytes that are dropped.
        skip: usize,
        /// What goes on in their place.
        with: Replacement,
    },
}

/// Where a client's stream of requests is.
#[derive(Debug)]
pub(crate) struct Requests {
    order: ByteOrder,
    /// The major opcode of BIG-REQUESTS.
    big_requests: Option<u8>,
    /// Whether the client has switched long requests on.
    long: bool,
    /// Bytes of the request before that are still to come.
    body: u64,
    /// How many requests there were.
    count: u64,
}

/// A request: its first bytes.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    order: ByteOrder,
    head: &'a mut [u8],
    /// Four more bytes of header, in a long request.
    extra: usize,
    length: u64,
    /// Its sequence number: the first request has 1.
    pub(crate) number: u64,
}

impl Replacement {
    /// A replacement of these bytes; `None` where they are too many.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let mut replacement = Self { bytes: [0; REPLACEMENT], length: bytes.len() };
        replacement.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(replacement)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Requests {
    pub(crate) fn new(order: ByteOrder) -> Self {
        Self { order, big_requests: None, long: false, body: 0, count: 0 }
    }

    /// Says which extension of this connection is BIG-REQUESTS: its only request switches long requests on.
    pub(crate) fn with_big_requests(self, major: u8) -> Self {
        Self { big_requests: Some(major), ..self }
    }

    /// Takes long requests from the first.
    pub(crate) fn with_long(self) -> Self {
        Self { long: true, ..self }
    }

    /// Follows `bytes` up to their end, to a request that is replaced, or to one that is an error: when nothing can go on,
    /// more must come first. `judge` sees each request once.
    ///
    /// # Errors
    /// [`Error::Length`], behind which nobody knows where the next request begins.
    pub(crate) fn advance(
        &mut self,
        bytes: &mut [u8],
        mut judge: impl FnMut(&mut Request<'_>) -> Verdict,
    ) -> Result<Step, Error> {
        let mut at = 0;
        loop {
            let rest = bytes.get_mut(at..).unwrap_or_default();
            let body = usize::try_from(self.body).unwrap_or(usize::MAX).min(rest.len());
            self.body -= body as u64;
            at += body;
            let rest = rest.get_mut(body..).unwrap_or_default();
            let (length, extra) = match self.length(rest) {
                Ok(Some(length)) => length,
                // What was judged goes on before the stream ends.
                Err(error) if at == 0 => return Err(error),
                Ok(None) | Err(_) => return Ok(Step::Pass(at)),
            };
            let head = usize::try_from(length).unwrap_or(HEAD).min(HEAD);
            let Some(head) = rest.get_mut(..head) else { return Ok(Step::Pass(at)) };
            self.count += 1;
            // As exactly as the server: one that thinks otherwise about this reads other requests than were judged.
            if length == 4 && self.big_requests.is_some_and(|major| head.starts_with(&[major, 0])) {
                self.long = true;
            }
            let size = head.len();
            let mut request = Request { order: self.order, head, extra, length, number: self.count };
            match judge(&mut request) {
                Verdict::Replace(with) if request.is_whole() => {
                    return Ok(Step::Replace { pass: at, skip: size, with });
                }
                Verdict::Replace(_) => request.fail(),
                Verdict::Pass => {}
            }
            at += size;
            self.body = length - size as u64;
        }
    }

    /// The length of the request that begins here, in bytes, and how many of them are header beyond the usual four.
    fn length(&self, bytes: &[u8]) -> Result<Option<(u64, usize)>, Error> {
        let Some(units) = self.order.short(bytes, 2) else { return Ok(None) };
        if units > 0 {
            return Ok(Some((u64::from(units) * 4, 0)));
        }
        if !self.long {
            return Err(Error::Length);
        }
        match self.order.long(bytes, 4) {
            Some(units) if (2..=LONGEST).contains(&units) => Ok(Some((u64::from(units) * 4, 4))),
            Some(_) => Err(Error::Length),
            None => Ok(None),
        }
    }
}

impl Request<'_> {
    pub(crate) fn opcode(&self) -> u8 {
        self.head.first().copied().unwrap_or_default()
    }

    /// The second byte: an extension's minor opcode, or a short field.
    pub(crate) fn minor(&self) -> u8 {
        self.head.get(1).copied().unwrap_or_default()
    }

    pub(crate) fn order(&self) -> ByteOrder {
        self.order
    }

    /// Whether all of it is there.
    pub(crate) fn is_whole(&self) -> bool {
        self.length == self.head.len() as u64
    }

    /// The bytes from `at` on, where the protocol's text counts from the request's beginning.
    pub(crate) fn from(&self, at: usize) -> &[u8] {
        self.head.get(at + self.extra..).unwrap_or_default()
    }

    pub(crate) fn byte(&self, at: usize) -> Option<u8> {
        self.from(at).first().copied()
    }

    pub(crate) fn short(&self, at: usize) -> Option<u16> {
        self.order.short(self.from(at), 0)
    }

    pub(crate) fn long(&self, at: usize) -> Option<u32> {
        self.order.long(self.from(at), 0)
    }

    pub(crate) fn put_long(&mut self, at: usize, number: u32) {
        self.order.put_long(self.head, at + self.extra, number);
    }

    pub(crate) fn put_byte(&mut self, at: usize, byte: u8) {
        let at = if at < 4 { at } else { at + self.extra };
        if let Some(place) = self.head.get_mut(at) {
            *place = byte;
        }
    }

    /// The bits `mask` of the bytes from `at` on are cleared.
    pub(crate) fn clear(&mut self, at: usize, mask: &[u8]) {
        for (place, mask) in self.head.get_mut(at + self.extra..).unwrap_or_default().iter_mut().zip(mask) {
            *place &= !mask;
        }
    }

    /// Makes it a request that no server knows: the answer is a `BadRequest` error with the right sequence number.
    pub(crate) fn fail(&mut self) {
        self.put_byte(0, 0);
    }

    /// Makes it a `NoOperation`, which may be of any length and has no answer.
    pub(crate) fn drop(&mut self) {
        self.put_byte(0, 127);
    }
}

#[cfg(test)]
mod tests;
