//! How many channels a connection has, for those that must know whether others wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// How many channels a connection has.
#[derive(Debug, Default)]
pub(in crate::ssh) struct Load {
    channels: AtomicUsize,
    changed: Notify,
}

/// A channel that is counted for as long as this lives.
#[derive(Debug)]
pub(in crate::ssh) struct Counted(Arc<Load>);

impl Load {
    /// Counts a channel.
    pub(in crate::ssh) fn count(self: &Arc<Self>) -> Counted {
        let _ = self.channels.fetch_add(1, Ordering::Relaxed);
        // Only a channel that was alone before can wait for this.
        self.changed.notify_one();
        Counted(Arc::clone(self))
    }

    /// The channels that are open, or being opened.
    pub(super) fn channels(&self) -> usize {
        self.channels.load(Ordering::Relaxed)
    }

    /// Waits until a channel is opened.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let _ = self.0.channels.fetch_sub(1, Ordering::Relaxed);
    }
}
