//! What a bridge has seen.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

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
    /// Told when a channel ends.
    ended: Notify,
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

    /// Waits until no channel is open.
    pub(super) async fn idle(&self) {
        loop {
            let mut ended = pin!(self.ended.notified());
            // Listen before looking, so that an end in between is not lost.
            let _ = ended.as_mut().enable();
            if self.open.load(Ordering::Relaxed) == 0 {
                return;
            }
            ended.await;
        }
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
        self.0.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_tally_is_idle_when_its_last_channel_has_ended() {
        let tally = Tally::default();
        tally.idle().await;
        let (first, second) = (tally.accept(), tally.accept());
        let ends = async {
            drop(first);
            tokio::task::yield_now().await;
            assert_eq!(tally.counts().open, 1);
            drop(second);
        };
        let (idle, ()) = tokio::join!(
            async {
                tally.idle().await;
                tally.counts().open
            },
            ends
        );
        assert_eq!(idle, 0);
    }
}
