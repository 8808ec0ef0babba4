//! The flags of the kitty keyboard protocol (sw.kovidgoyal.net/kitty/keyboard-protocol).

/// How many pushed flags are remembered; the oldest are dropped, as the protocol asks for.
const DEPTH: usize = 16;

/// The flags in force and those pushed below them; each screen, main and alternate, has its own.
#[derive(Debug, Default)]
pub(super) struct Keyboard {
    flags: u8,
    pushed: Vec<u8>,
}

impl Keyboard {
    /// The flags in force, bits 0 to 4.
    pub(super) fn flags(&self) -> u8 {
        self.flags
    }

    /// `CSI > flags u`.
    pub(super) fn push(&mut self, flags: u16) {
        if self.pushed.len() == DEPTH {
            let _ = self.pushed.remove(0);
        }
        self.pushed.push(self.flags);
        self.flags = known(flags);
    }

    /// `CSI < count u`; popping more than was pushed turns everything off.
    pub(super) fn pop(&mut self, count: u16) {
        for _ in 0..usize::from(count).min(DEPTH + 1) {
            self.flags = self.pushed.pop().unwrap_or(0);
        }
    }

    /// `CSI = flags ; how u`: 1 replaces, 2 adds, 3 removes.
    pub(super) fn set(&mut self, flags: u16, how: u16) {
        match how {
            2 => self.flags |= known(flags),
            3 => self.flags &= !known(flags),
            _ => self.flags = known(flags),
        }
    }
}

fn known(flags: u16) -> u8 {
    (flags & 0x1f) as u8
}
