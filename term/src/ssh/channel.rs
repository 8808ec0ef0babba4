//! A session channel (RFC 4254 section 6).

mod inbox;
mod load;
mod queue;
mod request;
mod spill;
mod stream;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use russh::ChannelWriteHalf;
use russh::client::Msg;
use tokio::sync::{mpsc, watch};

use super::Error;
use super::connection::State;
use inbox::{End, Inbox};

pub(in crate::ssh) use inbox::Inboxes;
pub(in crate::ssh) use load::{Counted, Hold, Load};
pub use queue::{LIMIT, MEMORY};
pub use stream::Stream;

/// How long the server may take to close a channel on which neither side sends any more.
const GOODBYE: Duration = Duration::from_secs(5);

/// What is asked of a new session channel, in the order in which OpenSSH asks: X11, PTY, environment, program.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `auth-agent-req@openssh.com`: the agent that the host's `ForwardAgent` names may be used from there.
    pub agent: bool,
    /// `x11-req`.
    pub x11: Option<std::sync::Arc<x11::Bridge>>,
    /// `pty-req`.
    pub pty: Option<Pty>,
    /// `env`, in order.
    pub environment: Vec<(String, String)>,
    /// `shell`, `exec` or `subsystem`.
    pub program: Program,
}

/// A pseudo-terminal (RFC 4254 section 6.2).
#[derive(Debug, Clone)]
pub struct Pty {
    /// `TERM`.
    pub term: String,
    /// Columns.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// Width in pixels, 0 if unknown.
    pub width: u32,
    /// Height in pixels, 0 if unknown.
    pub height: u32,
    /// Encoded terminal modes (RFC 4254 section 8); empty leaves them to the server.
    pub modes: Vec<(u8, u32)>,
}

/// What runs at the other end.
#[derive(Debug, Clone, Default)]
pub enum Program {
    /// The login shell.
    #[default]
    Shell,
    /// A command.
    Exec(String),
    /// A subsystem.
    Subsystem(String),
}

/// What arrives on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Standard output.
    Data(Vec<u8>),
    /// Standard error.
    Extended(Vec<u8>),
    /// The other side sends no more.
    Eof,
    /// The program's exit status.
    ExitStatus(u32),
    /// The signal that ended the program, without `SIG`.
    ExitSignal(String),
}

impl Message {
    /// What it costs to keep.
    fn size(&self) -> usize {
        let bytes = match self {
            Self::Data(bytes) | Self::Extended(bytes) => bytes.capacity(),
            Self::ExitSignal(name) => name.len(),
            Self::Eof | Self::ExitStatus(_) => 0,
        };
        bytes + size_of::<Self>()
    }
}

/// One open channel. Dropping it closes it.
///
/// What arrives is taken off the connection at once and kept until [`Channel::next`] asks for it, so that nobody else on
/// the connection waits: up to [`MEMORY`] bytes in memory, beyond that in a temporary file. One that is not read when
/// [`LIMIT`] bytes wait in the file is closed, and [`Channel::error`] says so. A channel that is alone on its connection
/// holds the server back instead.
#[derive(Debug)]
pub struct Channel {
    host: String,
    state: Arc<State>,
    inbox: Arc<Inbox>,
    writer: Writer,
    replies: Option<mpsc::Receiver<bool>>,
    /// The server sends no more.
    ended: bool,
}

/// Bytes that wait to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// In memory.
    pub memory: usize,
    /// In a temporary file.
    pub file: u64,
}

impl Channel {
    /// What comes on `channel`, which the server has confirmed or wants to open.
    pub(super) fn new(channel: russh::Channel<Msg>, state: &Arc<State>, host: String) -> Self {
        // russh would queue all that comes here too; it comes by way of the handler.
        let (_, half) = channel.split();
        let inbox = state.inboxes().claim(half.id());
        let writer = Writer { half: Arc::new(half), end: inbox.end.subscribe(), closed: Arc::default() };
        let replies = inbox.claim();
        Self { host, state: Arc::clone(state), inbox, writer, replies, ended: false }
    }

    /// What arrives next; `None` once the channel is closed, by either side or with the connection.
    pub async fn next(&mut self) -> Option<Message> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// What has arrived, in order: waits for the first message, and takes no more once there are `most` bytes. Empty
    /// once the channel is closed.
    pub async fn batch(&mut self, most: usize) -> Vec<Message> {
        std::future::poll_fn(|cx| {
            let (mut messages, mut bytes) = (Vec::new(), 0);
            while bytes < most {
                match self.poll_next(cx) {
                    Poll::Ready(Some(message)) => {
                        bytes += message.size();
                        messages.push(message);
                    }
                    Poll::Pending if messages.is_empty() => return Poll::Pending,
                    // The end comes again when it is asked for.
                    Poll::Ready(None) | Poll::Pending => break,
                }
            }
            Poll::Ready(messages)
        })
        .await
    }

    /// [`Channel::next`] for a task that polls by itself.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        let next = self.inbox.queue.poll_next(cx);
        self.ended |= matches!(next, Poll::Ready(Some(Message::Eof)));
        next
    }

    /// A handle that sends into the channel; it may be cloned and outlives nothing.
    #[must_use]
    pub fn writer(&self) -> Writer {
        self.writer.clone()
    }

    /// Says that what comes is taken as fast as it can be, as a terminal does: then the connection waits for it rather
    /// than keep it for later. A user that takes nothing for half a second is waited for no longer.
    pub fn attend(&self) {
        self.inbox.queue.attend();
    }

    /// What waits to be read.
    #[must_use]
    pub fn backlog(&self) -> Backlog {
        let (memory, file) = self.inbox.queue.waiting();
        Backlog { memory, file }
    }

    /// Why the channel was closed, if this side closed it for a reason of its own.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        if let Some(cause) = self.inbox.queue.failure() {
            return Some(Error::ChannelSpill { host: self.host.clone(), cause });
        }
        let overflow = *self.writer.end.borrow() == End::Overflow;
        overflow.then(|| Error::ChannelOverflow { host: self.host.clone(), limit: LIMIT })
    }

    /// The next answer to a request.
    async fn reply(&mut self) -> Option<bool> {
        let mut end = self.writer.end.clone();
        let replies = self.replies.as_mut()?;
        tokio::select! {
            biased;
            reply = replies.recv() => reply,
            _ = end.wait_for(|end| *end != End::Open) => None,
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inbox.queue.abandon();
        let (state, writer, half) = (Arc::clone(&self.state), self.writer.clone(), Arc::clone(&self.writer.half));
        let id = half.id();
        if *writer.end.borrow() != End::Open {
            return state.inboxes().left(id);
        }
        let both_ended = self.ended && writer.closed.load(Ordering::Relaxed);
        // Ends when the connection's loop has taken the message, or with the connection.
        drop(self.inbox.queue.runtime().spawn(async move {
            if both_ended {
                // The server is about to close it. russh forgets a channel wholly only if the server comes first.
                let mut end = writer.end.clone();
                let closed = end.wait_for(|end| *end != End::Open);
                if tokio::time::timeout(GOODBYE, closed).await.is_ok() {
                    return;
                }
            }
            // A connection that is over has closed it already.
            let _ = half.close().await;
            state.inboxes().left(id);
        }));
    }
}

/// Sends into a channel.
#[derive(Debug, Clone)]
pub struct Writer {
    half: Arc<ChannelWriteHalf<Msg>>,
    end: watch::Receiver<End>,
    /// This side sends no more.
    closed: Arc<AtomicBool>,
}

impl Writer {
    /// Sends bytes to standard input; waits while the server's window is full.
    ///
    /// # Errors
    /// [`Error::ChannelClosed`] when the channel is closed, before or meanwhile.
    pub async fn data(&self, bytes: Vec<u8>) -> Result<(), Error> {
        self.while_open(self.half.data_bytes(bytes)).await
    }

    /// Ends standard input.
    ///
    /// # Errors
    /// [`Error::ChannelClosed`] when the channel is closed.
    pub async fn eof(&self) -> Result<(), Error> {
        self.closed.store(true, Ordering::Relaxed);
        self.while_open(self.half.eof()).await
    }

    /// `window-change`: columns, rows, width and height in pixels.
    ///
    /// # Errors
    /// [`Error::ChannelClosed`] when the channel is closed.
    pub async fn window_change(&self, columns: u32, rows: u32, width: u32, height: u32) -> Result<(), Error> {
        self.while_open(self.half.window_change(columns, rows, width, height)).await
    }

    /// `signal`: a name of RFC 4254 section 6.10 without `SIG`, such as `INT`.
    ///
    /// # Errors
    /// [`Error::ChannelClosed`] when the channel is closed.
    pub async fn signal(&self, name: &str) -> Result<(), Error> {
        self.while_open(self.half.signal(russh::Sig::Custom(name.to_owned()))).await
    }

    /// russh waits for the window of a closed channel for ever.
    async fn while_open(&self, sending: impl Future<Output = Result<(), russh::Error>>) -> Result<(), Error> {
        let mut end = self.end.clone();
        tokio::select! {
            biased;
            _ = end.wait_for(|end| *end != End::Open) => Err(Error::ChannelClosed),
            sent = sending => sent.map_err(|_| Error::ChannelClosed),
        }
    }
}
