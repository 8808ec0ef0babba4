//! Standard input, piece by piece.

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc;

use super::descriptor::{self, Unblocked};

/// Bytes that are read at a time: what a pipe holds.
const PIECE: usize = 64 * 1024;

/// Bytes that a thread reads at a time: handing a piece over costs as much as moving some of them.
const BLOCK: usize = 256 * 1024;

/// How many of those wait for the server.
const AHEAD: usize = 2;

/// Less of a piece than this is copied out of it, so that the piece can be used again.
const LITTLE: usize = 16 * 1024;

/// Standard input.
pub(super) struct Source(Way);

/// How it is read.
enum Way {
    /// Here, as it comes.
    Watched(AsyncFd<Unblocked>, Vec<u8>),
    /// Here, without ever waiting.
    Memory(Unblocked, Vec<u8>),
    /// By a thread of its own.
    Thread(mpsc::Receiver<Vec<u8>>),
}

impl Source {
    /// Begins to read; what was read and not taken is lost to whoever reads standard input next.
    pub(super) fn start() -> Self {
        Self(match Unblocked::input() {
            Some(memory @ Unblocked::Memory(_)) => Way::Memory(memory, Vec::new()),
            Some(unblocked) => match unblocked.watch(Interest::READABLE) {
                Ok(watched) => Way::Watched(watched, Vec::new()),
                Err(_) => Way::Thread(read_beside()),
            },
            None => Way::Thread(read_beside()),
        })
    }

    /// What comes next; none at the end. May be dropped while it waits.
    pub(super) async fn next(&mut self) -> Option<Vec<u8>> {
        let (read, piece) = match &mut self.0 {
            Way::Watched(watched, piece) => {
                piece.reserve(PIECE);
                (watched.async_io(Interest::READABLE, |from| from.read(piece)).await, piece)
            }
            Way::Memory(memory, piece) => {
                piece.reserve(PIECE);
                (memory.read(piece), piece)
            }
            Way::Thread(pieces) => return pieces.recv().await,
        };
        match read {
            // What cannot be read has ended, as in ssh(1).
            Ok(0) | Err(_) => None,
            Ok(length) if length < LITTLE => {
                let read = piece.clone();
                piece.clear();
                Some(read)
            }
            Ok(_) => Some(std::mem::take(piece)),
        }
    }
}

/// Reads on a thread of its own, for a read may last for ever.
fn read_beside() -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    // It ends with the input, with its reader, or with the process.
    let _ = std::thread::spawn(move || {
        loop {
            let mut block = vec![0; BLOCK];
            match descriptor::read(&mut block) {
                Ok(0) | Err(_) => return,
                Ok(length) => {
                    block.truncate(length);
                    if length < LITTLE {
                        block.shrink_to_fit();
                    }
                    if sender.blocking_send(block).is_err() {
                        return;
                    }
                }
            }
        }
    });
    receiver
}
