//! Where what comes on a connection's channels goes. The connection's loop hands it over right where it reads it, without
//! another task or queue between.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use russh::ChannelId;
use tokio::sync::{mpsc, watch};

use super::Message;
use super::load::{Counted, Load};
use super::queue::{Queue, Refused};

/// Answers to requests that may wait. Nobody waits for more at a time, and a server may send more.
const REPLIES: usize = 16;

/// How a channel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Not yet.
    Open,
    /// Closed by either side, or with the connection.
    Closed,
    /// Closed because too much waited for its user.
    Overflow,
    /// Closed because what waited could not be kept.
    Failed,
}

/// What comes on one channel.
#[derive(Debug)]
pub(super) struct Inbox {
    pub(super) queue: Arc<Queue>,
    pub(super) end: watch::Sender<End>,
    replies: mpsc::Sender<bool>,
    /// The other end of `replies`, until the channel's user takes it.
    unclaimed: Mutex<Option<mpsc::Receiver<bool>>>,
    counted: Mutex<Option<Counted>>,
}

/// What comes on all channels of a connection.
#[derive(Debug, Default)]
pub(in crate::ssh) struct Inboxes {
    load: Arc<Load>,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    inboxes: HashMap<ChannelId, Arc<Inbox>>,
    /// The connection has ended.
    over: bool,
}

impl Inbox {
    fn new(load: &Arc<Load>) -> Arc<Self> {
        let (replies, unclaimed) = mpsc::channel(REPLIES);
        Arc::new(Self {
            queue: Queue::new(Arc::clone(load)),
            end: watch::Sender::new(End::Open),
            replies,
            unclaimed: Mutex::new(Some(unclaimed)),
            counted: Mutex::new(Some(load.count())),
        })
    }

    fn over(&self, end: End) {
        // The first reason counts.
        let _ = self.end.send_if_modified(|now| {
            let first = *now == End::Open;
            if first {
                *now = end;
            }
            first
        });
        self.queue.finish();
        drop(self.counted.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Answers to requests; they are the first user's.
    pub(super) fn claim(&self) -> Option<mpsc::Receiver<bool>> {
        self.unclaimed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn is_claimed(&self) -> bool {
        self.unclaimed.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

impl Inboxes {
    /// How many channels there are.
    pub(in crate::ssh) fn load(&self) -> &Arc<Load> {
        &self.load
    }

    /// The server confirmed a channel; the next that comes may be its data, before its user knows of it. The user may
    /// also have been faster.
    pub(in crate::ssh) fn opened(&self, id: ChannelId) {
        let _ = self.lock().inboxes.entry(id).or_insert_with(|| Inbox::new(&self.load));
    }

    /// The inbox of a channel, for its user: made by [`Inboxes::opened`], or now where the server opens the channel.
    pub(super) fn claim(&self, id: ChannelId) -> Arc<Inbox> {
        let mut open = self.lock();
        let over = open.over;
        let inbox = Arc::clone(open.inboxes.entry(id).or_insert_with(|| Inbox::new(&self.load)));
        if over {
            inbox.over(End::Closed);
        }
        if *inbox.end.borrow() != End::Open {
            let _ = open.inboxes.remove(&id);
        }
        inbox
    }

    /// Hands a message over; false if the channel has to be closed.
    pub(in crate::ssh) async fn deliver(&self, id: ChannelId, message: Message) -> bool {
        let Some(inbox) = self.get(id) else { return true };
        match inbox.queue.push(message).await {
            // Whoever was its user closes the channel.
            Ok(()) | Err(Refused::Abandoned) => true,
            Err(refused) => {
                inbox.over(if refused == Refused::Full { End::Overflow } else { End::Failed });
                self.forget(id);
                false
            }
        }
    }

    /// russh is about to tell the server that it may send more on a channel.
    pub(in crate::ssh) fn grant(&self, id: ChannelId) {
        if let Some(inbox) = self.get(id) {
            self.load.grant(inbox.queue.hold());
        }
    }

    /// Hands an answer to a request over.
    pub(in crate::ssh) fn reply(&self, id: ChannelId, granted: bool) {
        if let Some(inbox) = self.get(id) {
            // Nobody waits for answers any more once the channel is set up.
            let _ = inbox.replies.try_send(granted);
        }
    }

    /// The server closed a channel. One that nobody claimed yet stays until somebody does.
    pub(in crate::ssh) fn closed(&self, id: ChannelId) {
        if let Some(inbox) = self.get(id) {
            inbox.over(End::Closed);
            if inbox.is_claimed() {
                self.forget(id);
            }
        }
    }

    /// This side closed a channel: russh tells no more of it.
    pub(super) fn left(&self, id: ChannelId) {
        if let Some(inbox) = self.lock().inboxes.remove(&id) {
            inbox.over(End::Closed);
        }
    }

    /// The connection has ended, and all channels with it.
    pub(in crate::ssh) fn end(&self) {
        let inboxes = {
            let mut open = self.lock();
            open.over = true;
            std::mem::take(&mut open.inboxes)
        };
        for inbox in inboxes.into_values() {
            inbox.over(End::Closed);
        }
        self.load.wake();
    }

    fn get(&self, id: ChannelId) -> Option<Arc<Inbox>> {
        self.lock().inboxes.get(&id).cloned()
    }

    fn forget(&self, id: ChannelId) {
        drop(self.lock().inboxes.remove(&id));
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
