//! Synchronized updates (mode 2026): between begin and end nothing shows, so that no half-drawn frame does.
//!
//! What comes in between is held as bytes and parsed at the end. Freezing the picture instead would be simpler, but a
//! program that draws frame after frame would then hide them all from a window that looks only now and then.

use std::time::{Duration, Instant};

/// How long an update may hold the picture; a program that died in one shall not freeze the terminal.
const TIME_LIMIT: Duration = Duration::from_millis(150);

/// How much it may hold, in bytes.
const SIZE_LIMIT: usize = 512 * 1024;

/// The one way to write the end that is looked for. Naming several modes in one sequence is legal, but nobody does it
/// for this mode, and the time limit covers it.
const END: &[u8] = b"\x1b[?2026l";

/// A synchronized update, under way or not.
#[derive(Debug, Default)]
pub(super) struct Sync {
    held: Vec<u8>,
    deadline: Option<Instant>,
}

impl Sync {
    /// When the update under way must end.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Begins an update.
    pub(super) fn begin(&mut self, now: Instant) {
        self.deadline = Some(now + TIME_LIMIT);
    }

    /// Holds `bytes` up to the end of the update; returns what comes after it, or `None` if it goes on.
    pub(super) fn hold<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        // The end may have begun in the chunk before.
        let from = self.held.len().saturating_sub(END.len() - 1);
        self.held.extend_from_slice(bytes);
        let searched = self.held.get(from..).unwrap_or_default();
        match searched.windows(END.len()).position(|window| window == END) {
            Some(position) => {
                let end = from + position + END.len();
                let after = self.held.len() - end;
                self.held.truncate(end);
                bytes.get(bytes.len() - after..)
            }
            None if self.held.len() > SIZE_LIMIT => Some(&[]),
            None => None,
        }
    }

    /// Ends the update and returns what it held.
    pub(super) fn end(&mut self) -> Vec<u8> {
        self.deadline = None;
        std::mem::take(&mut self.held)
    }
}
