//! What the user typed, pasted and resized, on its way to the channel.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::terminal::Size;

/// Bytes that wait at most. More than anyone pastes, and still nothing that fills the memory.
const LIMIT: usize = 64 * 1024 * 1024;

/// Bytes that go to the channel at once.
const CHUNK: usize = 32 * 1024;

/// What goes to the channel next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// A size to tell.
    Resize(Size),
    /// Bytes to send.
    Bytes(Vec<u8>),
}

/// A queue of bytes and the newest size. Filling it never waits.
#[derive(Debug)]
pub(super) struct Input {
    inner: Mutex<Inner>,
    filled: Notify,
}

#[derive(Debug)]
struct Inner {
    bytes: VecDeque<u8>,
    /// The size that the server was told.
    told: Size,
    /// The size to tell: sizes in between are of no use to anyone.
    wanted: Size,
}

impl Input {
    /// Begins with the size that the channel was opened with.
    pub(super) fn new(size: Size) -> Arc<Self> {
        let inner = Inner { bytes: VecDeque::new(), told: size, wanted: size };
        Arc::new(Self { inner: Mutex::new(inner), filled: Notify::new() })
    }

    pub(super) fn write(&self, bytes: &[u8]) {
        let mut inner = self.lock();
        // Half of a paste would be worse than none.
        if inner.bytes.len() + bytes.len() > LIMIT {
            log::warn!("{} bytes of input were refused: the other side takes none", bytes.len());
            return;
        }
        inner.bytes.extend(bytes);
        drop(inner);
        self.filled.notify_one();
    }

    pub(super) fn resize(&self, size: Size) {
        self.lock().wanted = size;
        self.filled.notify_one();
    }

    pub(super) fn waiting(&self) -> usize {
        self.lock().bytes.len()
    }

    /// What goes next; waits until there is something. A size goes before what was typed into it.
    pub(super) async fn next(&self) -> Next {
        loop {
            let filled = self.filled.notified();
            if let Some(next) = self.take() {
                return next;
            }
            filled.await;
        }
    }

    fn take(&self) -> Option<Next> {
        let mut inner = self.lock();
        if inner.wanted != inner.told {
            inner.told = inner.wanted;
            return Some(Next::Resize(inner.told));
        }
        if inner.bytes.is_empty() {
            return None;
        }
        let length = inner.bytes.len().min(CHUNK);
        Some(Next::Bytes(inner.bytes.drain(..length).collect()))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(columns: u16) -> Size {
        Size { columns, lines: 24, width: 0, height: 0 }
    }

    #[test]
    fn only_the_newest_size_is_told_and_before_what_was_typed() {
        let input = Input::new(size(80));
        input.write(b"ls\r");
        input.resize(size(81));
        input.resize(size(90));
        assert_eq!(input.take(), Some(Next::Resize(size(90))));
        assert_eq!(input.take(), Some(Next::Bytes(b"ls\r".to_vec())));
        input.resize(size(90));
        assert_eq!(input.take(), None);
    }

    #[test]
    fn bytes_keep_their_order_and_have_a_limit() {
        let input = Input::new(size(80));
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
        for part in bytes.chunks(999) {
            input.write(part);
        }
        input.write(&vec![0; LIMIT]);
        let mut sent = Vec::new();
        while let Some(Next::Bytes(part)) = input.take() {
            assert!(part.len() <= CHUNK);
            sent.extend(part);
        }
        assert_eq!(sent, bytes);
    }
}
