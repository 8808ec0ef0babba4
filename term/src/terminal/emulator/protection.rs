//! Protected cells (DECSCA, SPA and EPA), which selective erasure leaves alone.

use alacritty_terminal::term::cell::Flags;

use super::Emulator;

/// The one bit of a cell's flags that alacritty_terminal has no use for.
const PROTECTED: Flags = Flags::from_bits_retain(1 << 15);

/// Who protected the cells there are: it decides what else leaves them alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Protection {
    /// DECSCA: only DECSED, DECSEL and DECSERA spare them.
    #[default]
    Dec,
    /// SPA and EPA (ISO 6429): ED, EL and ECH spare them too.
    Iso,
}

/// Whether these are the attributes of a protected cell.
pub(super) fn is_protected(flags: Flags) -> bool {
    flags.contains(PROTECTED)
}

impl Emulator {
    /// Whether what is printed now is protected.
    pub(super) fn protects(&self) -> bool {
        is_protected(self.term.grid().cursor.template.flags)
    }

    /// Protects what is printed from now on, or does not any more.
    pub(super) fn protect(&mut self, on: bool) {
        self.term.grid_mut().cursor.template.flags.set(PROTECTED, on);
    }

    /// DECSCA.
    pub(super) fn select_protection(&mut self, what: u16) {
        if what <= 2 {
            self.protection = Protection::Dec;
            self.protect(what == 1);
        }
    }

    /// SPA and EPA; the second alone makes nothing that DECSCA protected a guarded area.
    pub(super) fn guard(&mut self, on: bool) {
        if on {
            self.protection = Protection::Iso;
        }
        self.protect(on);
    }
}
