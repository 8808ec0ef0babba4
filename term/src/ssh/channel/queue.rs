//! Between the loop that moves every channel's data, which must not wait, and whoever uses what comes on one channel.
//!
//! russh opens the server's window when data arrive, not when they are used. So what it writes of that is not sent while
//! much waits for a channel's user (`connection/grants.rs`), and the server stops on this channel alone. It has to be sent
//! with whatever else is written, though, as the packets of a connection have an order. What comes in spite of it is
//! kept: up to [`MEMORY`] here, and beyond that in a [`Spill`], up to [`LIMIT`].
//!
//! ```text
//!   push ─► head ─────────────────────────────► poll_next        while the user keeps up
//!   push ─► tail ─► blocks in a file ─► head ─► poll_next        while it does not
//! ```
//!
//! A user that is fast is waited for in steps that nobody feels. A terminal is waited for as long as it moves at all: what
//! it would have to catch up with is what still comes after Ctrl+C, and what fills a file while noise is parsed on a
//! machine with much else to do is shown for half a minute. A channel that is alone on its connection is waited for
//! rather than closed.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::Message;
use super::load::{Hold, Load};
use super::spill::{Block, Spill};

/// Bytes that may wait before the server is to send no more: far more than a user needs to be busy until more is there.
const ENOUGH: usize = 512 * 1024;

/// Bytes that still wait when it may go on: enough for the time that takes.
const LOW: usize = 256 * 1024;

/// Bytes that are taken without another thought.
const ROOM: usize = 1024 * 1024;

/// The same for a channel alone on its connection: all that a server far away may still send when it is held, so that a
/// pager needs no file.
const ROOM_ALONE: usize = 9 * 1024 * 1024;

/// Bytes that go into the file at a time.
const BLOCK: usize = 1024 * 1024;

/// Bytes that wait for the file.
const TAIL: usize = 4 * 1024 * 1024;

/// Bytes that are held in memory for one channel, whatever its user does: the head with a block that was read back, the
/// tail, and a block on its way.
pub const MEMORY: usize = 15 * 1024 * 1024;

/// Bytes that are held in a file for one channel. Beyond, a channel whose user does not move is closed: what is lost is
/// one channel, told as such, and not the connection.
pub const LIMIT: u64 = 512 * 1024 * 1024;

/// How long the other channels wait, once the file is full, for a user that does not move, or for the disk.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a connection with one channel waits, at a time, for its user once the file is full, or for the disk.
const PAUSE: Duration = Duration::from_secs(20);

/// How long the other channels wait, at a time, for a user that is fast.
const BLINK: Duration = Duration::from_millis(10);

/// How long the other channels wait, at a time, for a user that takes all as fast as it can.
const HESITATION: Duration = Duration::from_millis(500);

/// Bytes that a fast user takes in a [`PERIOD`]: 50 MB a second.
const FAST: usize = 1024 * 1024;

/// How long a user is watched to know how fast it is.
const PERIOD: Duration = Duration::from_millis(20);

/// Messages on their way to the user.
#[derive(Debug)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    /// There is room again.
    room: Notify,
    /// Whether the server is to send more.
    hold: Hold,
    load: Arc<Load>,
    runtime: tokio::runtime::Handle,
}

#[derive(Debug)]
struct Inner {
    /// What the user takes next.
    head: VecDeque<Message>,
    head_bytes: usize,
    /// What follows the head, in the file.
    blocks: VecDeque<Block>,
    file_bytes: u64,
    /// What follows the blocks.
    tail: VecDeque<Message>,
    tail_bytes: usize,
    /// Where the blocks lie; elsewhere while something is read or written.
    spill: Option<Spill>,
    /// A task reads or writes.
    busy: bool,
    /// The disk did not move either.
    stalled: bool,
    /// When the user took something for the last time.
    moved: Instant,
    /// How fast the user is.
    pace: Pace,
    /// The user takes all as fast as it can.
    attentive: bool,
    /// The user waits.
    waker: Option<Waker>,
    /// No more messages come.
    finished: bool,
    /// The user is gone.
    abandoned: bool,
    /// Why something was lost.
    failure: Option<String>,
}

/// How fast a user takes what there is for it.
#[derive(Debug, Default)]
struct Pace {
    /// Since when it is watched; not while there is nothing for it.
    since: Option<Instant>,
    /// What it took since then.
    bytes: usize,
    slow: bool,
    /// What may still be put behind a backlog: less than is taken from it, so that it goes away.
    credit: usize,
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The user is gone.
    Abandoned,
    /// [`LIMIT`] is reached.
    Full,
    /// The file failed; [`Queue::failure`] says why.
    Failed,
}

/// What becomes of a message.
#[derive(Debug, PartialEq, Eq)]
enum Admission {
    Head,
    Tail,
    /// Asked again when there is room, or a channel is opened beside this one, or after this time.
    Wait(Duration),
    Refused(Refused),
}

/// What is done with the file.
enum Job {
    Write(Option<Spill>, Vec<Message>),
    Read(Spill, Block),
}

/// What came of it.
enum Done {
    Written(Spill, Block),
    Read(Spill, Vec<Message>, u64),
}

impl Queue {
    /// A queue whose file is used by tasks of the runtime that this is called in.
    pub(super) fn new(load: Arc<Load>) -> Arc<Self> {
        let inner = Inner {
            head: VecDeque::new(),
            head_bytes: 0,
            blocks: VecDeque::new(),
            file_bytes: 0,
            tail: VecDeque::new(),
            tail_bytes: 0,
            spill: None,
            busy: false,
            stalled: false,
            moved: Instant::now(),
            pace: Pace::default(),
            attentive: false,
            waker: None,
            finished: false,
            abandoned: false,
            failure: None,
        };
        let runtime = tokio::runtime::Handle::current();
        Arc::new(Self { inner: Mutex::new(inner), room: Notify::new(), hold: Hold::default(), load, runtime })
    }

    /// Takes a message that came. Waits, and with it the whole connection, only where nobody else would suffer, or where
    /// something would be lost otherwise.
    pub(super) async fn push(self: &Arc<Self>, message: Message) -> Result<(), Refused> {
        loop {
            let wait = {
                let mut inner = self.lock();
                match inner.admission(&self.load) {
                    Admission::Head => {
                        let bytes = message.size();
                        inner.head_bytes += bytes;
                        inner.head.push_back(message);
                        match inner.waker.take() {
                            Some(waker) => self.load.wake_later(waker, bytes),
                            None => self.load.came(bytes),
                        }
                        self.restrain(&inner);
                        return Ok(());
                    }
                    Admission::Tail => {
                        inner.pace.credit = inner.pace.credit.saturating_sub(message.size());
                        inner.tail_bytes += message.size();
                        inner.tail.push_back(message);
                        self.restrain(&inner);
                        self.kick(&mut inner);
                        return Ok(());
                    }
                    Admission::Refused(refused) => return Err(refused),
                    Admission::Wait(limit) => limit,
                }
            };
            self.load.wake();
            tokio::select! {
                () = self.room.notified() => {}
                () = self.load.changed() => {}
                () = tokio::time::sleep(wait) => self.lock().waited(),
            }
        }
    }

    /// The next message; `None` after the last.
    pub(super) fn poll_next(self: &Arc<Self>, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        let mut inner = self.lock();
        if let Some(message) = inner.take() {
            self.restrain(&inner);
            self.kick(&mut inner);
            drop(inner);
            self.room.notify_one();
            return Poll::Ready(Some(message));
        }
        if inner.is_drained() {
            // It has all: whoever waits for more is fast enough.
            inner.pace = Pace::default();
            if inner.finished {
                return Poll::Ready(None);
            }
        }
        if !inner.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            inner.waker = Some(cx.waker().clone());
        }
        self.kick(&mut inner);
        Poll::Pending
    }

    /// Tells the user that no more messages come.
    pub(super) fn finish(&self) {
        let mut inner = self.lock();
        inner.finished = true;
        inner.wake();
    }

    /// Forgets what waits: the user is gone.
    pub(super) fn abandon(&self) {
        let mut inner = self.lock();
        inner.abandoned = true;
        inner.clear();
        self.restrain(&inner);
        drop(inner);
        self.room.notify_one();
    }

    /// The user takes all that comes as fast as it can, until it does not move at all.
    pub(super) fn attend(&self) {
        self.lock().attentive = true;
    }

    /// Whether the server is to send more.
    pub(super) fn hold(&self) -> &Hold {
        &self.hold
    }

    /// Where this queue's tasks run.
    pub(super) fn runtime(&self) -> &tokio::runtime::Handle {
        &self.runtime
    }

    /// Why something was lost on its way through the file.
    pub(super) fn failure(&self) -> Option<String> {
        self.lock().failure.clone()
    }

    /// Bytes that wait in memory, and in the file.
    pub(super) fn waiting(&self) -> (usize, u64) {
        let inner = self.lock();
        (inner.head_bytes + inner.tail_bytes, inner.file_bytes)
    }

    /// Keeps the server from sending while enough waits.
    fn restrain(&self, inner: &Inner) {
        let waiting = (inner.head_bytes + inner.tail_bytes) as u64 + inner.file_bytes;
        if waiting >= ENOUGH as u64 {
            self.hold.hold();
        } else if waiting < LOW as u64 {
            self.load.release(&self.hold);
        }
    }

    /// Starts the task that reads and writes, if there is something to do and none does it.
    fn kick(self: &Arc<Self>, inner: &mut Inner) {
        if let Some(job) = inner.job() {
            let queue = Arc::clone(self);
            // Ends as soon as there is nothing to read or write.
            drop(self.runtime.spawn(async move { queue.work(job).await }));
        }
    }

    async fn work(&self, mut job: Job) {
        loop {
            let done = tokio::task::spawn_blocking(move || job.run()).await;
            let mut inner = self.lock();
            inner.busy = false;
            match done.unwrap_or_else(|_| Err(io::ErrorKind::Interrupted.into())) {
                Ok(done) => inner.settle(done),
                Err(error) => inner.fail(&error),
            }
            self.restrain(&inner);
            let next = inner.job();
            drop(inner);
            self.room.notify_one();
            match next {
                Some(next) => job = next,
                None => return,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn admission(&self, load: &Load) -> Admission {
        if self.failure.is_some() {
            return Admission::Refused(Refused::Failed);
        }
        if self.abandoned {
            return Admission::Refused(Refused::Abandoned);
        }
        let alone = load.channels() <= 1;
        if self.head_bytes < (if alone { ROOM_ALONE } else { ROOM }) && self.is_all_in_head() {
            return Admission::Head;
        }
        // What waits for the file counts as if it were there, or a slow disk would let the file grow beyond its limit.
        let full = self.file_bytes + self.tail_bytes as u64 >= LIMIT;
        let behind = self.tail_bytes >= TAIL;
        if alone && (full || behind) {
            return Admission::Wait(PAUSE);
        }
        let still = self.moved.elapsed();
        if full && still < PATIENCE {
            return Admission::Wait(PATIENCE.saturating_sub(still));
        }
        if self.attentive && self.file_bytes == 0 && still < HESITATION {
            return Admission::Wait(HESITATION.saturating_sub(still));
        }
        if still < BLINK && !self.pace.slow && self.pace.credit == 0 {
            return Admission::Wait(BLINK);
        }
        if full || behind && self.stalled {
            return Admission::Refused(Refused::Full);
        }
        if behind {
            return Admission::Wait(PATIENCE);
        }
        Admission::Tail
    }

    /// A wait ended with nothing but time.
    fn waited(&mut self) {
        self.stalled = self.tail_bytes >= TAIL;
    }

    fn take(&mut self) -> Option<Message> {
        self.refill();
        let message = self.head.pop_front()?;
        self.head_bytes -= message.size();
        self.moved = Instant::now();
        self.pace.took(message.size(), self.moved);
        Some(message)
    }

    /// Moves on what never went into the file.
    fn refill(&mut self) {
        while self.head_bytes < ROOM && self.blocks.is_empty() && !self.busy {
            let Some(message) = self.tail.pop_front() else { return };
            self.tail_bytes -= message.size();
            self.head_bytes += message.size();
            self.head.push_back(message);
        }
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn is_all_in_head(&self) -> bool {
        self.blocks.is_empty() && self.tail.is_empty() && !self.busy
    }

    fn is_drained(&self) -> bool {
        self.head.is_empty() && self.is_all_in_head()
    }

    /// What is to be done with the file now, unless something is being done. What is read goes before what is written:
    /// somebody waits for it.
    fn job(&mut self) -> Option<Job> {
        if self.busy || self.abandoned {
            return None;
        }
        self.refill();
        let job = if self.head_bytes < ROOM
            && let Some(block) = self.blocks.pop_front()
        {
            Job::Read(self.spill.take()?, block)
        } else if self.tail_bytes >= BLOCK {
            let mut bytes = 0;
            let mut messages = Vec::new();
            while bytes < BLOCK
                && let Some(message) = self.tail.pop_front()
            {
                bytes += message.size();
                messages.push(message);
            }
            self.tail_bytes -= bytes;
            Job::Write(self.spill.take(), messages)
        } else {
            return None;
        };
        self.busy = true;
        Some(job)
    }

    fn settle(&mut self, done: Done) {
        self.stalled = false;
        match done {
            Done::Written(spill, block) if !self.abandoned => {
                self.file_bytes += block.length as u64;
                self.blocks.push_back(block);
                self.spill = Some(spill);
            }
            Done::Read(spill, messages, length) if !self.abandoned => {
                self.file_bytes -= length;
                self.head_bytes += messages.iter().map(Message::size).sum::<usize>();
                self.head.extend(messages);
                // Without blocks the file is dropped, which gives the disk back.
                self.spill = (!self.blocks.is_empty()).then_some(spill);
            }
            Done::Written(..) | Done::Read(..) => {}
        }
        self.refill();
        self.wake();
    }

    fn fail(&mut self, error: &io::Error) {
        log::warn!("output that nobody reads cannot be kept: {error}");
        self.clear_file();
        self.failure = Some(error.to_string());
        self.finished = true;
        self.wake();
    }

    fn clear(&mut self) {
        self.head.clear();
        self.head_bytes = 0;
        self.clear_file();
    }

    fn clear_file(&mut self) {
        self.blocks.clear();
        self.file_bytes = 0;
        self.tail.clear();
        self.tail_bytes = 0;
        self.spill = None;
    }
}

impl Pace {
    fn took(&mut self, bytes: usize, now: Instant) {
        self.credit = (self.credit + bytes / 4 * 3).min(BLOCK);
        self.bytes += bytes;
        let time = now - *self.since.get_or_insert(now);
        if time >= PERIOD {
            self.slow = self.bytes as f64 * PERIOD.as_secs_f64() < FAST as f64 * time.as_secs_f64();
            (self.since, self.bytes) = (Some(now), 0);
        }
    }
}

impl Job {
    fn run(self) -> io::Result<Done> {
        match self {
            Self::Write(spill, messages) => {
                let mut spill = spill.map_or_else(Spill::create, Ok)?;
                let block = spill.write(messages)?;
                Ok(Done::Written(spill, block))
            }
            Self::Read(mut spill, block) => {
                let messages = spill.read(&block)?;
                Ok(Done::Read(spill, messages, block.length as u64))
            }
        }
    }
}
