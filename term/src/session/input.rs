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

/// What waits, in order.
#[derive(Debug)]
enum Part {
    /// What was typed.
    Typed(VecDeque<u8>),
    /// A paste, which can be broken off.
    Paste(Paste),
}

/// A paste on its way.
#[derive(Debug)]
struct Paste {
    bytes: Vec<u8>,
    sent: usize,
    /// What must follow it, whole or broken off, once any of it was sent: the end of a bracketed paste.
    end: Vec<u8>,
}

/// How far a paste is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes sent.
    pub sent: usize,
    /// Bytes in all.
    pub total: usize,
}

/// A queue of bytes and the newest size. Filling it never waits.
#[derive(Debug)]
pub(super) struct Input {
    inner: Mutex<Inner>,
    filled: Notify,
}

#[derive(Debug)]
struct Inner {
    parts: VecDeque<Part>,
    /// Bytes in all parts.
    waiting: usize,
    /// The size that the server was told.
    told: Size,
    /// The size to tell: sizes in between are of no use to anyone.
    wanted: Size,
}

impl Input {
    /// Begins with the size that the channel was opened with.
    pub(super) fn new(size: Size) -> Arc<Self> {
        let inner = Inner { parts: VecDeque::new(), waiting: 0, told: size, wanted: size };
        Arc::new(Self { inner: Mutex::new(inner), filled: Notify::new() })
    }

    pub(super) fn write(&self, bytes: &[u8]) {
        let mut inner = self.lock();
        if inner.waiting + bytes.len() > LIMIT {
            log::warn!("{} bytes of input were refused: the other side takes none", bytes.len());
            return;
        }
        inner.waiting += bytes.len();
        match inner.parts.back_mut() {
            Some(Part::Typed(typed)) => typed.extend(bytes),
            _ => inner.parts.push_back(Part::Typed(bytes.iter().copied().collect())),
        }
        drop(inner);
        self.filled.notify_one();
    }

    /// Queues a paste; false if there is no room for it. Half of a paste would be worse than none.
    pub(super) fn paste(&self, bytes: Vec<u8>, end: &[u8]) -> bool {
        let mut inner = self.lock();
        let length = bytes.len() + end.len();
        if inner.waiting + length > LIMIT {
            return false;
        }
        inner.waiting += length;
        inner.parts.push_back(Part::Paste(Paste { bytes, sent: 0, end: end.to_vec() }));
        drop(inner);
        self.filled.notify_one();
        true
    }

    /// How far the pastes under way are.
    pub(super) fn pasting(&self) -> Option<Progress> {
        let inner = self.lock();
        let pastes = inner.parts.iter().filter_map(|part| match part {
            Part::Paste(paste) => Some(Progress { sent: paste.sent, total: paste.bytes.len() }),
            Part::Typed(_) => None,
        });
        pastes.reduce(|all, one| Progress { sent: all.sent + one.sent, total: all.total + one.total })
    }

    /// Breaks the pastes off; what was typed after them stays.
    pub(super) fn cancel_paste(&self) {
        let mut inner = self.lock();
        for part in &mut inner.parts {
            if let Part::Paste(paste) = part {
                paste.bytes.truncate(paste.sent);
                if paste.sent == 0 {
                    paste.end.clear();
                }
            }
        }
        let waiting = inner.parts.iter().map(Part::len).sum();
        inner.waiting = waiting;
        drop(inner);
        self.filled.notify_one();
    }

    pub(super) fn resize(&self, size: Size) {
        self.lock().wanted = size;
        self.filled.notify_one();
    }

    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting
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
        loop {
            let bytes = inner.parts.front_mut()?.take();
            if bytes.is_empty() {
                let _done = inner.parts.pop_front();
            } else {
                inner.waiting = inner.waiting.saturating_sub(bytes.len());
                return Some(Next::Bytes(bytes));
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Part {
    fn len(&self) -> usize {
        match self {
            Self::Typed(bytes) => bytes.len(),
            Self::Paste(paste) => paste.bytes.len() - paste.sent + paste.end.len(),
        }
    }

    /// What goes next of it; nothing once all of it went.
    fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Typed(bytes) => bytes.drain(..bytes.len().min(CHUNK)).collect(),
            Self::Paste(paste) if paste.sent == paste.bytes.len() => std::mem::take(&mut paste.end),
            Self::Paste(paste) => {
                let rest = paste.bytes.get(paste.sent..).unwrap_or_default();
                // A paste that is broken off ends with a whole character.
                let cut = (1..=CHUNK).rev().find(|length| rest.get(*length).is_none_or(|byte| byte & 0xc0 != 0x80));
                let chunk = rest.get(..cut.unwrap_or(CHUNK).min(rest.len())).unwrap_or_default().to_vec();
                paste.sent += chunk.len();
                chunk
            }
        }
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

    fn all(input: &Input) -> Vec<u8> {
        std::iter::from_fn(|| match input.take() {
            Some(Next::Bytes(part)) => Some(part),
            _ => None,
        })
        .flatten()
        .collect()
    }

    #[test]
    fn a_paste_keeps_its_place_and_has_an_end() {
        let input = Input::new(size(80));
        input.write(b"a");
        assert!(input.paste(b"<b".to_vec(), b">"));
        input.write(b"c");
        assert_eq!(input.waiting(), 5);
        assert_eq!(all(&input), b"a<b>c");
        assert_eq!((input.waiting(), input.pasting()), (0, None));
        assert!(!input.paste(vec![0; LIMIT + 1], b""), "it would not fit");
    }

    #[test]
    fn a_paste_that_is_broken_off_is_ended_and_what_was_typed_after_it_stays() {
        let input = Input::new(size(80));
        let text = "é".repeat(CHUNK);
        assert!(input.paste(text.clone().into_bytes(), b">"));
        assert!(input.paste(b"never".to_vec(), b">"));
        input.write(b"x");
        let Some(Next::Bytes(first)) = input.take() else { panic!("bytes") };
        assert!(input.pasting().is_some_and(|progress| progress.sent == first.len() && progress.total > text.len()));
        input.cancel_paste();
        assert!(std::str::from_utf8(&first).is_ok(), "no half of a character");
        assert_eq!(all(&input), b">x");
        assert_eq!(input.waiting(), 0);
    }
}
