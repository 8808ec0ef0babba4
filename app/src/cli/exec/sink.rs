//! Standard output or error, and what becomes of the command when nobody reads it any more.

use std::io::{self, IoSlice};
use std::time::{Duration, Instant};

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::descriptor::{Descriptor, Unblocked};

/// How long, and how much, a command may go on printing what nobody reads. ssh(1) tells the server, which ends the
/// command by SIGPIPE when it prints again (`eow@openssh.com`); without that, the command is let run to its own end and
/// status for this long, and otherwise it ends with the connection.
const PATIENCE: Duration = Duration::from_secs(1);
const WASTE: usize = 16 * 1024 * 1024;

/// Pieces that are written in one call; every system takes so many.
const PIECES: usize = 16;

/// Standard output or error. Whatever it is, what is typed goes on while its reader has stopped.
pub(super) struct Sink {
    descriptor: Descriptor,
    way: Way,
    broken: Option<Broken>,
}

/// How it is written to.
enum Way {
    /// Here, as far as there is room.
    Here(Unblocked),
    /// The same once there was none: the runtime says when there is.
    Watched(AsyncFd<Unblocked>),
    /// By a thread of its own.
    Thread,
}

/// Nobody reads it any more.
struct Broken {
    since: Instant,
    wasted: usize,
}

impl Sink {
    pub(super) fn new(descriptor: Descriptor) -> Self {
        Self { descriptor, way: descriptor.unblocked().map_or(Way::Thread, Way::Here), broken: None }
    }

    /// Writes all of it at once; false when the command does not stop printing what nobody reads.
    pub(super) async fn write(&mut self, pieces: Vec<Vec<u8>>) -> bool {
        if let Some(broken) = &mut self.broken {
            broken.wasted += pieces.iter().map(Vec::len).sum::<usize>();
            return broken.since.elapsed() < PATIENCE && broken.wasted < WASTE;
        }
        if let Err(error) = self.write_all(pieces).await {
            log::debug!("the output cannot be written: {error}");
            self.broken = Some(Broken { since: Instant::now(), wasted: 0 });
        }
        true
    }

    async fn write_all(&mut self, pieces: Vec<Vec<u8>>) -> io::Result<()> {
        if matches!(self.way, Way::Thread) {
            let descriptor = self.descriptor;
            let write = move || pieces.iter().try_for_each(|piece| descriptor.write_all(piece));
            // A thread that failed wrote what it could.
            return tokio::task::spawn_blocking(write).await.unwrap_or(Ok(()));
        }
        for pieces in pieces.chunks(PIECES) {
            let mut slices: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
            let mut slices = slices.as_mut_slice();
            // Empty ones are passed over.
            IoSlice::advance_slices(&mut slices, 0);
            while !slices.is_empty() {
                let written = self.way.write(slices).await?;
                IoSlice::advance_slices(&mut slices, written);
            }
        }
        Ok(())
    }
}

impl Way {
    /// Writes the beginning of `pieces`, once there is room.
    async fn write(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        loop {
            let written = match self {
                Self::Here(unblocked) => unblocked.write(pieces),
                Self::Watched(watched) => watched.async_io(Interest::WRITABLE, |to| to.write(pieces)).await,
                Self::Thread => Err(io::ErrorKind::Unsupported.into()),
            };
            match (written, std::mem::replace(self, Self::Thread)) {
                (Err(error), Self::Here(unblocked)) if error.kind() == io::ErrorKind::WouldBlock => {
                    *self = Self::Watched(unblocked.watch(Interest::WRITABLE)?);
                }
                (written, way) => {
                    *self = way;
                    return written;
                }
            }
        }
    }
}
