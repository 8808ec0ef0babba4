//! Erasing: ED, EL, ECH, DECSED, DECSEL.

use std::ops::Range;

use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};

use super::Emulator;
use super::protection::{Protection, is_protected};
use super::scroll::grid_line;

/// What erasing takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Erase {
    /// Everything, but what SPA and EPA guard.
    Ordinary,
    /// What is not protected. Attributes go with it, as with xterm; a VT420 leaves them.
    Selective,
}

impl Emulator {
    /// ED and DECSED.
    pub(super) fn erase_display(&mut self, what: u16, how: Erase) {
        let (line, lines) = (self.cursor_line(), usize::from(self.size.lines));
        match what {
            0 => {
                self.erase_line(0, how);
                self.erase_lines(line + 1..lines, how);
            }
            1 => {
                self.erase_lines(0..line, how);
                self.erase_line(1, how);
            }
            2 => self.erase_screen(how),
            3 if how == Erase::Ordinary => self.clear_history(),
            _ => {}
        }
    }

    fn erase_screen(&mut self, how: Erase) {
        let view = self.graphics_view();
        self.graphics.images.kitty.clear(view);
        if self.term.mode().contains(TermMode::ALT_SCREEN) || self.spares_protected(how) {
            self.erase_lines(0..self.size.lines.into(), how);
        } else {
            self.scroll_all_into_history();
            self.redraw = true;
        }
        self.term.selection = None;
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    /// EL and DECSEL.
    pub(super) fn erase_line(&mut self, what: u16, how: Erase) {
        let (line, column, columns) = (self.cursor_line(), self.cursor_column(), usize::from(self.size.columns));
        let erased = match what {
            // The cursor is behind the last column in all but name: nothing is to the right of it. (xterm takes the last
            // character away, and with it that of each coloured match which ends there.)
            0 if self.is_behind_the_line() => return,
            0 => column..columns,
            1 => 0..column + 1,
            2 => 0..columns,
            _ => return,
        };
        self.erase_cells(line, erased, how);
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    /// Whether the next character is for the line below.
    fn is_behind_the_line(&self) -> bool {
        self.term.grid().cursor.input_needs_wrap && self.term.mode().contains(TermMode::LINE_WRAP)
    }

    /// ECH, which no margin stops.
    pub(super) fn erase_characters(&mut self, count: usize) {
        let (line, column) = (self.cursor_line(), self.cursor_column());
        self.erase_cells(line, column..(column + count).min(self.size.columns.into()), Erase::Ordinary);
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    fn erase_lines(&mut self, lines: Range<usize>, how: Erase) {
        let columns = usize::from(self.size.columns);
        lines.for_each(|line| self.erase_cells(line, 0..columns, how));
    }

    /// Whether protected cells stay.
    fn spares_protected(&self, how: Erase) -> bool {
        how == Erase::Selective || self.protection == Protection::Iso
    }

    pub(super) fn erase_cells(&mut self, line: usize, columns: Range<usize>, how: Erase) {
        if self.spares_protected(how) {
            self.erase_unprotected(line, columns);
        } else {
            self.blank(line, columns);
        }
        let at = grid_line(line);
        self.term.selection = self.term.selection.take().filter(|selection| !selection.intersects_range(at..=at));
    }

    fn erase_unprotected(&mut self, line: usize, columns: Range<usize>) {
        let blank = Cell::from(self.term.grid().cursor.template.bg);
        let Range { start, end } = columns;
        for cell in self.cells(line, columns).iter_mut().filter(|cell| !is_protected(cell.flags)) {
            cell.clone_from(&blank);
        }
        self.mend(line, start);
        self.mend(line, end);
    }

    /// Clears what is left of a wide character that an edit cut before `column`.
    pub(super) fn mend(&mut self, line: usize, column: usize) {
        let columns = usize::from(self.size.columns);
        if column == 0 || column >= columns {
            return;
        }
        let [left, right] = self.cells(line, column - 1..column + 1) else { return };
        let begins = left.flags.contains(Flags::WIDE_CHAR);
        let ends = right.flags.contains(Flags::WIDE_CHAR_SPACER);
        if begins && !ends {
            *left = Cell { fg: left.fg, bg: left.bg, ..Cell::default() };
        } else if ends && !begins {
            *right = Cell { fg: right.fg, bg: right.bg, ..Cell::default() };
        }
    }
}
