//! The server's first words ("Connection Setup"): whether the client is in, and which resource ids are its own.

use crate::setup::{ByteOrder, padded};

/// Bytes that every answer to a set-up has, with its length among them.
const HEADER: usize = 8;

/// What a client that is in has learned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Greeting {
    /// The bits that all ids of this client have.
    pub(crate) base: u32,
    /// The bits that the client chooses.
    pub(crate) mask: u32,
    /// The root window of each screen.
    pub(crate) roots: Vec<u32>,
    /// Who made the server, and which release of it this is, in a number of the maker's own.
    pub(crate) vendor: String,
    pub(crate) release: u32,
    /// Major and minor number of the protocol.
    pub(crate) protocol: (u16, u16),
    /// Width and height of each screen in pixels.
    pub(crate) screens: Vec<(u16, u16)>,
}

impl Greeting {
    /// How long the answer is that begins with `bytes`; `None` while that cannot be told. At most 262,148 bytes.
    pub(crate) fn length(order: ByteOrder, bytes: &[u8]) -> Option<usize> {
        let units = order.short(bytes, 6)?;
        Some(HEADER + usize::from(units) * 4)
    }

    /// Reads a whole answer; `None` where it does not let the client in, or makes no sense.
    pub(crate) fn parse(order: ByteOrder, bytes: &[u8]) -> Option<Self> {
        if bytes.first() != Some(&1) {
            return None;
        }
        let (base, mask) = (order.long(bytes, 12)?, order.long(bytes, 16)?);
        let named = usize::from(order.short(bytes, 24)?);
        let (vendor, release) = (padded(named), order.long(bytes, 8)?);
        let protocol = (order.short(bytes, 2)?, order.short(bytes, 4)?);
        let name = bytes.get(40..40 + named)?;
        let (screens, formats) = (*bytes.get(28)?, usize::from(*bytes.get(29)?));
        let mut at = 40 + vendor + formats * 8;
        let (mut roots, mut sizes) = (Vec::new(), Vec::new());
        for _ in 0..screens {
            roots.push(order.long(bytes, at)?);
            sizes.push((order.short(bytes, at + 20)?, order.short(bytes, at + 22)?));
            let depths = *bytes.get(at + 39)?;
            at += 40;
            for _ in 0..depths {
                at += 8 + usize::from(order.short(bytes, at + 2)?) * 24;
            }
        }
        let vendor = String::from_utf8_lossy(name).escape_debug().to_string();
        Some(Self { base, mask, roots, vendor, release, protocol, screens: sizes })
    }
}

#[cfg(test)]
mod tests;
