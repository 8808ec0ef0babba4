//! Tab stops (HTS, TBC, DECST8C) and moving to them (HT, CHT, CBT).

use alacritty_terminal::term::TermMode;

use super::Emulator;
use super::modes::MORE_FIX;

/// Columns between the stops that a terminal begins with.
const INTERVAL: usize = 8;

/// Which columns are tab stops.
#[derive(Debug)]
pub(super) struct Tabs(Vec<bool>);

impl Tabs {
    /// Every eighth column of `columns`.
    pub(super) fn new(columns: usize) -> Self {
        Self((0..columns).map(|column| column % INTERVAL == 0).collect())
    }

    /// Keeps the stops that the program set; columns that are new get the ones a terminal begins with.
    pub(super) fn resize(&mut self, columns: usize) {
        self.0.truncate(columns);
        self.0.extend((self.0.len()..columns).map(|column| column % INTERVAL == 0));
    }

    /// Sets or clears the stop at `column`.
    pub(super) fn set(&mut self, column: usize, stop: bool) {
        if let Some(entry) = self.0.get_mut(column) {
            *entry = stop;
        }
    }

    /// Clears all.
    pub(super) fn clear(&mut self) {
        self.0.fill(false);
    }

    /// The columns that are stops.
    pub(super) fn stops(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter(|(_, stop)| **stop).map(|(column, _)| column)
    }

    fn after(&self, column: usize) -> Option<usize> {
        let from = column + 1;
        self.0.get(from..)?.iter().position(|stop| *stop).map(|offset| from + offset)
    }

    fn before(&self, column: usize) -> Option<usize> {
        self.0.get(..column)?.iter().rposition(|stop| *stop)
    }
}

impl Emulator {
    /// HT and CHT: to the `count`th stop, at most to the right margin. A tab does not undo a pending wrap: what a program
    /// prints after a full line and a tab begins the next line, as with xterm and the VT100.
    pub(super) fn tab(&mut self, count: u16) {
        let mode_41 = self.modes.has(MORE_FIX) && self.term.mode().contains(TermMode::LINE_WRAP);
        if mode_41 && self.term.grid().cursor.input_needs_wrap {
            self.wrap();
        }
        let mut column = self.cursor_column();
        let last = self.right_end(column) - 1;
        for _ in 0..count {
            let next = self.tabs.after(column).unwrap_or(last).min(last);
            if next == column {
                break;
            }
            column = next;
        }
        self.term.grid_mut().cursor.point.column.0 = column;
    }

    /// CBT: to the `count`th stop to the left, whatever the margins, but in origin mode.
    pub(super) fn back_tab(&mut self, count: u16) {
        let first = if self.in_origin_mode() { self.margins.left } else { 0 };
        let mut column = self.cursor_column();
        for _ in 0..count {
            if column <= first {
                break;
            }
            column = self.tabs.before(column).unwrap_or(0).max(first);
        }
        self.place(self.cursor_line(), column);
    }

    /// TBC.
    pub(super) fn clear_tabs(&mut self, what: u16) {
        match what {
            0 => self.tabs.set(self.cursor_column(), false),
            3 => self.tabs.clear(),
            _ => {}
        }
    }
}
