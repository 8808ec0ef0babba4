//! A session channel (RFC 4254 section 6).

mod queue;
mod reader;
mod request;
mod stream;

use std::sync::Arc;

use russh::ChannelWriteHalf;
use russh::client::Msg;
use tokio::sync::{mpsc, oneshot, watch};

use super::Error;
use super::connection::State;
use queue::Queue;
use reader::{End, Reader};

pub use stream::Stream;

/// What is asked of a new session channel, in the order in which OpenSSH asks: X11, PTY, environment, program.
#[derive(Debug, Clone, Default)]
pub struct Request {
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

/// One open session channel. Dropping it closes it.
///
/// What arrives is taken off the connection at once and kept until [`Channel::next`] asks for it. A user that reads
/// slowly slows the server down. One that stops reading is waited for as long as its channel is the connection's only
/// one; beside others it is closed when 64 MiB wait, and [`Channel::error`] says so.
#[derive(Debug)]
pub struct Channel {
    host: String,
    queue: Arc<Queue>,
    writer: Writer,
    replies: mpsc::UnboundedReceiver<bool>,
    /// Dropping it tells the reader that nobody reads any more.
    _hold: oneshot::Sender<()>,
}

impl Channel {
    /// Starts reading `channel`.
    pub(super) fn new(channel: russh::Channel<Msg>, state: &Arc<State>, host: String) -> Self {
        let (half, write) = channel.split();
        let write = Arc::new(write);
        let queue = Queue::new(Arc::clone(state));
        let (sender, replies) = mpsc::unbounded_channel();
        let (hold, abandoned) = oneshot::channel();
        let end = watch::Sender::new(End::Open);
        let writer = Writer { half: Arc::clone(&write), end: end.subscribe() };
        let reader =
            Reader { half, write, queue: Arc::clone(&queue), replies: sender, abandoned, end, counted: state.count() };
        // Ends with the channel: closed by the server, by dropping this value, or with the connection.
        drop(tokio::spawn(reader.run()));
        Self { host, queue, writer, replies, _hold: hold }
    }

    /// What arrives next; `None` once the channel is closed, by either side or with the connection.
    pub async fn next(&mut self) -> Option<Message> {
        self.queue.next().await
    }

    /// What arrived already and was not taken yet.
    #[must_use]
    pub fn try_next(&self) -> Option<Message> {
        self.queue.try_next()
    }

    /// A handle that sends into the channel; it may be cloned and outlives nothing.
    #[must_use]
    pub fn writer(&self) -> Writer {
        self.writer.clone()
    }

    /// Why the channel was closed, if this side closed it for a reason of its own.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let overflow = *self.writer.end.borrow() == End::Overflow;
        overflow.then(|| Error::ChannelOverflow { host: self.host.clone(), limit: queue::LIMIT })
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.queue.abandon();
    }
}

/// Sends into a channel.
#[derive(Debug, Clone)]
pub struct Writer {
    half: Arc<ChannelWriteHalf<Msg>>,
    end: watch::Receiver<End>,
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
