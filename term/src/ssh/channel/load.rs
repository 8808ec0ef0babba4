//! What a connection's channels have to do with each other: how many there are, for those that must know whether others
//! wait for them, whose users are to be woken, and which of them the server is to send no more to.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use futures::task::AtomicWaker;
use tokio::sync::Notify;

/// Bytes that are little: whoever waits for them is woken at once.
const LITTLE: usize = 8 * 1024;

/// Bytes that are enough to wake their users, whatever else is there.
const ENOUGH: usize = 128 * 1024;

/// What a connection's channels have to do with each other.
#[derive(Debug, Default)]
pub(in crate::ssh) struct Load {
    channels: AtomicUsize,
    changed: Notify,
    sleeping: Mutex<Sleeping>,
    /// The channel that russh has just granted the server more to send on.
    granted: Mutex<Option<Hold>>,
    /// Who sends such grants.
    sender: AtomicWaker,
}

/// Whether the server is to send no more on a channel.
#[derive(Debug, Clone, Default)]
pub(in crate::ssh) struct Hold(Arc<AtomicBool>);

/// Users that have something to read and were not woken yet.
#[derive(Debug, Default)]
struct Sleeping {
    wakers: Vec<Waker>,
    /// What is there for them.
    bytes: usize,
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

    /// Wakes a user for whom so many bytes are there, now or together with others.
    pub(in crate::ssh) fn wake_later(&self, waker: Waker, bytes: usize) {
        if bytes < LITTLE {
            return waker.wake();
        }
        self.sleeping.lock().unwrap_or_else(PoisonError::into_inner).wakers.push(waker);
        self.came(bytes);
    }

    /// More came for users that sleep.
    pub(super) fn came(&self, bytes: usize) {
        let enough = {
            let mut sleeping = self.sleeping.lock().unwrap_or_else(PoisonError::into_inner);
            sleeping.bytes += bytes;
            !sleeping.wakers.is_empty() && sleeping.bytes >= ENOUGH
        };
        if enough {
            self.wake();
        }
    }

    /// Wakes everyone who has something to read.
    pub(in crate::ssh) fn wake(&self) {
        let sleeping = std::mem::take(&mut *self.sleeping.lock().unwrap_or_else(PoisonError::into_inner));
        for waker in sleeping.wakers {
            waker.wake();
        }
    }

    /// russh has written, and not sent yet, that the server may send more on a channel.
    pub(in crate::ssh) fn grant(&self, hold: &Hold) {
        *self.granted.lock().unwrap_or_else(PoisonError::into_inner) = Some(hold.clone());
    }

    /// The channel that was granted more since this was asked for the last time.
    pub(in crate::ssh) fn take_grant(&self) -> Option<Hold> {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Wakes this one when a channel is held no longer.
    pub(in crate::ssh) fn tell_of_release(&self, sender: &Waker) {
        self.sender.register(sender);
    }

    /// Lets the server send on a channel again.
    pub(in crate::ssh) fn release(&self, hold: &Hold) {
        if hold.0.swap(false, Ordering::AcqRel) {
            self.sender.wake();
        }
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

impl Hold {
    pub(in crate::ssh) fn is_held(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Keeps the server from sending more, once it has sent what it may.
    pub(in crate::ssh) fn hold(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let _ = self.0.channels.fetch_sub(1, Ordering::Relaxed);
    }
}
