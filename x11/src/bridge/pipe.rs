//! Moves bytes in one direction.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

/// How much is read at once. Images come in long runs; sshd's own window for X11 is as large.
pub(super) const BUFFER: usize = 64 * 1024;

/// Which end of a direction broke. How it broke helps nobody: an X11 program's end is as often a reset as a farewell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// Where the bytes come from.
    Source,
    /// Where they go.
    Sink,
}

/// Counts the bytes of one direction of one channel, for the bridge's total and for itself.
pub(super) struct Meter<'a> {
    total: &'a AtomicU64,
    moved: AtomicU64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(total: &'a AtomicU64) -> Self {
        Self { total, moved: AtomicU64::new(0) }
    }

    pub(super) fn add(&self, bytes: usize) {
        let bytes = bytes as u64;
        let _ = self.total.fetch_add(bytes, Ordering::Relaxed);
        let _ = self.moved.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Goes on with `direction`, which this meters, as long as bytes move at least every `silence`.
    ///
    /// The other direction has ended. This one may have much to deliver yet, but a peer that neither reads nor closes
    /// must not keep the channel for ever.
    pub(super) async fn while_moving<F>(&self, silence: Duration, mut direction: Pin<&mut F>)
    where
        F: Future<Output = Result<(), Broken>>,
    {
        let mut before = self.moved.load(Ordering::Relaxed);
        while timeout(silence, &mut direction).await.is_err() {
            let now = self.moved.load(Ordering::Relaxed);
            if now == before {
                return;
            }
            before = now;
        }
    }
}

/// The buffer of one direction: what was read and not yet sent on.
pub(super) struct Pipe {
    buffer: Box<[u8]>,
    filled: usize,
}

impl Pipe {
    pub(super) fn new() -> Self {
        Self { buffer: vec![0; BUFFER].into_boxed_slice(), filled: 0 }
    }

    /// Takes bytes that were read elsewhere, as many as there is room for; says how many.
    pub(super) fn fill(&mut self, bytes: &[u8]) -> usize {
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let taken = room.len().min(bytes.len());
        for (place, byte) in room.iter_mut().zip(bytes) {
            *place = *byte;
        }
        self.filled += taken;
        taken
    }

    /// Waits for more bytes and says how many; 0 at their end. There must be room for one.
    pub(super) async fn read<R>(&mut self, from: &mut R) -> Result<usize, Broken>
    where
        R: AsyncRead + Unpin,
    {
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let read = from.read(room).await.map_err(|_| Broken::Source)?;
        self.filled += read;
        Ok(read)
    }

    pub(super) fn has_room(&self) -> bool {
        self.filled < self.buffer.len()
    }

    /// What is there.
    pub(super) fn bytes(&mut self) -> &mut [u8] {
        self.buffer.get_mut(..self.filled).unwrap_or_default()
    }

    /// Sends the first bytes on; what is behind them stays.
    pub(super) async fn send<W>(&mut self, length: usize, to: &mut W) -> Result<(), Broken>
    where
        W: AsyncWrite + Unpin,
    {
        if length > 0 {
            write(to, self.buffer.get(..length).unwrap_or_default()).await?;
            self.skip(length);
        }
        Ok(())
    }

    /// Leaves the first bytes out.
    pub(super) fn skip(&mut self, length: usize) {
        let length = length.min(self.filled);
        self.buffer.copy_within(length..self.filled, 0);
        self.filled -= length;
    }
}

/// Sends bytes on at once: whoever waits for them waits a whole round trip already.
pub(super) async fn write<W>(to: &mut W, bytes: &[u8]) -> Result<(), Broken>
where
    W: AsyncWrite + Unpin,
{
    to.write_all(bytes).await.map_err(|_| Broken::Sink)?;
    to.flush().await.map_err(|_| Broken::Sink)
}

/// Ends the direction; the other one goes on.
pub(super) async fn close<W>(to: &mut W) -> Result<(), Broken>
where
    W: AsyncWrite + Unpin,
{
    to.shutdown().await.map_err(|_| Broken::Sink)
}
