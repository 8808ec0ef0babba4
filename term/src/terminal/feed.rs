//! From bytes to what they do: chunk by chunk, with the lock given away in between.

use alacritty_terminal::grid::Scroll as GridScroll;
use std::time::Instant;

use super::{Inner, Terminal};

impl Terminal {
    /// Parses `chunk`. Where pictures make too much work the lock is given away now and then, and they are decoded
    /// without it.
    pub(super) fn feed(&self, chunk: &[u8], replies: &mut Vec<u8>) {
        let mut rest = chunk;
        loop {
            let mut inner = self.inner.lock();
            let used = inner.advance(rest, Instant::now());
            rest = rest.get(used..).unwrap_or_default();
            replies.append(&mut inner.emulator.take_replies());
            self.tell_search(&mut inner);
            self.tell_modes(&inner);
            let job = inner.emulator.graphics.take_job();
            let done = rest.is_empty() && inner.released.is_empty();
            drop(inner);
            match job {
                Some(job) => {
                    let decoded = job.run();
                    let mut inner = self.inner.lock();
                    inner.emulator.show_decoded(decoded);
                    replies.append(&mut inner.emulator.take_replies());
                }
                None if done => return,
                None => {}
            }
        }
    }

    /// When a synchronized update (mode 2026) must be ended by [`Terminal::end_sync`], if one is under way.
    #[must_use]
    pub fn sync_deadline(&self) -> Option<Instant> {
        self.inner.lock().sync.deadline()
    }

    /// Ends a synchronized update whose time is over.
    #[must_use]
    pub fn end_sync(&self) -> Vec<u8> {
        self.inner.lock().release_sync();
        let mut replies = Vec::new();
        self.feed(&[], &mut replies);
        self.touch();
        replies
    }
}

impl Inner {
    /// Parses `bytes` until their end, or until the lock should be given away; returns how many were used.
    pub(super) fn advance(&mut self, bytes: &[u8], now: Instant) -> usize {
        self.emulator.now = now;
        if self.sync.deadline().is_some_and(|deadline| deadline <= now) {
            self.release_sync();
        }
        self.emulator.begin_chunk();
        let used = self.parse(bytes, now);
        self.emulator.end_chunk();
        if self.follows {
            self.emulator.term.scroll_display(GridScroll::Bottom);
        }
        used
    }

    fn parse(&mut self, bytes: &[u8], now: Instant) -> usize {
        let mut rest = bytes;
        while self.parse_released() && !rest.is_empty() {
            if self.sync.deadline().is_some() {
                let Some(after) = self.sync.hold(rest) else { return bytes.len() };
                self.release_sync();
                rest = after;
            } else {
                let used = self.parser.advance(&mut self.emulator, rest);
                rest = rest.get(used..).unwrap_or_default();
                if std::mem::take(&mut self.emulator.sync_begun) {
                    self.sync.begin(now);
                }
                if self.emulator.graphics.must_pause() {
                    break;
                }
            }
        }
        bytes.len() - rest.len()
    }

    /// A synchronized update is over: what it held is parsed next.
    pub(super) fn release_sync(&mut self) {
        let held = self.sync.end();
        self.released.extend(held);
    }

    /// Parses what a synchronized update held; false if there is more of it and the lock should be given away.
    fn parse_released(&mut self) -> bool {
        if self.released.is_empty() {
            return true;
        }
        let released = std::mem::take(&mut self.released);
        let mut rest = released.as_slice();
        self.emulator.sync_held = true;
        while !rest.is_empty() && !self.emulator.graphics.must_pause() {
            let used = self.parser.advance(&mut self.emulator, rest);
            self.emulator.sync_begun = false;
            rest = rest.get(used..).unwrap_or_default();
        }
        self.emulator.sync_held = false;
        self.released = rest.to_vec();
        self.released.is_empty() && !self.emulator.graphics.must_pause()
    }

    /// Parses what a synchronized update holds, to its end.
    pub(super) fn end_sync(&mut self) {
        self.release_sync();
        loop {
            let done = self.parse_released();
            self.emulator.begin_chunk();
            match self.emulator.graphics.take_job() {
                Some(job) => self.emulator.show_decoded(job.run()),
                None if done => break,
                None => {}
            }
        }
        self.emulator.end_chunk();
    }
}
