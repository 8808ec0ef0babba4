//! What a bridge has seen.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a bridge has seen so far. Bytes are counted on the channel's side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Channels now joined to the display.
    pub open: u64,
    /// Channels that were let through since the bridge was made.
    pub accepted: u64,
    /// Channels that were turned away since the bridge was made.
    pub refused: u64,
    /// Bytes from remote programs to the local display.
    pub up: u64,
    /// Bytes from the local display to remote programs.
    pub down: u64,
}

/// [`Counts`] in the making. Each number is right by itself; together they are no snapshot, and need not be.
#[derive(Debug, Default)]
pub(super) struct Tally {
    open: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
}

/// One open channel; it counts until it is dropped.
pub(super) struct Open<'a>(&'a Tally);

impl Tally {
    pub(super) fn counts(&self) -> Counts {
        Counts {
            open: self.open.load(Ordering::Relaxed),
            accepted: self.accepted.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            up: self.up.load(Ordering::Relaxed),
            down: self.down.load(Ordering::Relaxed),
        }
    }

    pub(super) fn accept(&self) -> Open<'_> {
        let _ = self.accepted.fetch_add(1, Ordering::Relaxed);
        let _ = self.open.fetch_add(1, Ordering::Relaxed);
        Open(self)
    }

    pub(super) fn refuse(&self) {
        let _ = self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn up(&self) -> &AtomicU64 {
        &self.up
    }

    pub(super) fn down(&self) -> &AtomicU64 {
        &self.down
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let _ = self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
