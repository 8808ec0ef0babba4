//! Erasing: ED, EL, ECH.

use std::ops::Range;

use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::Flags;

use super::Emulator;
use super::scroll::grid_line;

impl Emulator {
    /// ED.
    pub(super) fn erase_display(&mut self, what: u16) {
        let (line, lines) = (self.cursor_line(), usize::from(self.size.lines));
        match what {
            0 => {
                self.erase_line(0);
                self.erase_lines(line + 1..lines);
            }
            1 => {
                self.erase_lines(0..line);
                self.erase_line(1);
            }
            2 => self.erase_screen(),
            3 => self.clear_history(),
            _ => {}
        }
    }

    fn erase_screen(&mut self) {
        if self.term.mode().contains(TermMode::ALT_SCREEN) {
            self.erase_lines(0..self.size.lines.into());
        } else {
            self.scroll_all_into_history();
            self.redraw = true;
        }
        self.term.selection = None;
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    /// EL.
    pub(super) fn erase_line(&mut self, what: u16) {
        let (line, column, columns) = (self.cursor_line(), self.cursor_column(), usize::from(self.size.columns));
        let erased = match what {
            // The cursor is behind the last column in all but name: nothing is to the right of it. (xterm takes the last
            // character away, and with it that of each coloured match which ends there.)
            0 if self.term.grid().cursor.input_needs_wrap => return,
            0 => column..columns,
            1 => 0..column + 1,
            2 => 0..columns,
            _ => return,
        };
        self.erase_cells(line, erased);
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    /// ECH, which no margin stops.
    pub(super) fn erase_characters(&mut self, count: usize) {
        let (line, column) = (self.cursor_line(), self.cursor_column());
        self.erase_cells(line, column..(column + count).min(self.size.columns.into()));
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    fn erase_lines(&mut self, lines: Range<usize>) {
        let columns = usize::from(self.size.columns);
        lines.for_each(|line| self.erase_cells(line, 0..columns));
    }

    fn erase_cells(&mut self, line: usize, columns: Range<usize>) {
        self.blank(line, columns);
        let at = grid_line(line);
        self.term.selection = self.term.selection.take().filter(|selection| !selection.intersects_range(at..=at));
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
            left.clear_wide();
        } else if ends && !begins {
            right.flags.remove(Flags::WIDE_CHAR_SPACER);
            right.c = ' ';
        }
    }
}
