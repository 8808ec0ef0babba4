//! Between a channel's reader, which must never wait for long, and whoever uses what it reads.
//!
//! russh hands data to a channel inside the loop that moves every channel's data, and opens the server's window when
//! data arrives, not when it is used. So what is not read holds back the whole connection. Here every message is taken
//! at once while there is room; a user that keeps up, if slowly, is waited for in small steps, which is how the server
//! is slowed down; one that does not move at all is not waited for once other channels would suffer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::Message;
use crate::ssh::connection::State;

/// Bytes that are taken without waiting for the user.
const ROOM: usize = 1024 * 1024;

/// How long other channels wait for a user that does not move.
const PATIENCE: Duration = Duration::from_millis(100);

/// Bytes that are held for a user that does not move while the connection has other channels. Beyond, the channel is
/// closed: what is lost is one channel, told as such, and not the connection.
pub(super) const LIMIT: usize = 64 * 1024 * 1024;

/// Messages on their way from the reader to the user.
#[derive(Debug)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    filled: Notify,
    emptied: Notify,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct Inner {
    messages: VecDeque<Message>,
    bytes: usize,
    /// The user did not move within [`PATIENCE`] and is not waited for until there is room again.
    stuck: bool,
    /// No more messages come.
    finished: bool,
    /// The user is gone.
    abandoned: bool,
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The user is gone.
    Abandoned,
    /// [`LIMIT`] is reached.
    Full,
}

impl Queue {
    pub(super) fn new(state: Arc<State>) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::default(), filled: Notify::new(), emptied: Notify::new(), state })
    }

    /// Takes a message from the reader.
    pub(super) async fn push(&self, message: Message) -> Result<(), Refused> {
        loop {
            let emptied = self.emptied.notified();
            {
                let mut inner = self.lock();
                if inner.abandoned {
                    return Err(Refused::Abandoned);
                }
                if inner.bytes < ROOM {
                    inner.stuck = false;
                }
                if inner.bytes < ROOM || inner.stuck {
                    if inner.bytes >= LIMIT {
                        return Err(Refused::Full);
                    }
                    inner.bytes += message.size();
                    inner.messages.push_back(message);
                    drop(inner);
                    self.filled.notify_one();
                    return Ok(());
                }
            }
            let moved = tokio::time::timeout(PATIENCE, emptied).await.is_ok();
            // Alone on its connection, a slow user may hold the server back for as long as it likes.
            if !moved && self.state.channels() > 1 {
                self.lock().stuck = true;
            }
        }
    }

    /// The next message; `None` after the last.
    pub(super) async fn next(&self) -> Option<Message> {
        loop {
            let filled = self.filled.notified();
            {
                let mut inner = self.lock();
                if let Some(message) = inner.messages.pop_front() {
                    inner.bytes -= message.size();
                    drop(inner);
                    self.emptied.notify_one();
                    return Some(message);
                }
                if inner.finished {
                    return None;
                }
            }
            filled.await;
        }
    }

    /// The next message if there is one now.
    pub(super) fn try_next(&self) -> Option<Message> {
        let mut inner = self.lock();
        let message = inner.messages.pop_front()?;
        inner.bytes -= message.size();
        drop(inner);
        self.emptied.notify_one();
        Some(message)
    }

    /// Tells the user that no more messages come.
    pub(super) fn finish(&self) {
        self.lock().finished = true;
        self.filled.notify_one();
    }

    /// Tells the reader that the user is gone.
    pub(super) fn abandon(&self) {
        let mut inner = self.lock();
        inner.abandoned = true;
        inner.messages.clear();
        inner.bytes = 0;
        drop(inner);
        self.emptied.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
