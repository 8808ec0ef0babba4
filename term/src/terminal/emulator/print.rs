//! Printing characters.

use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::index::Column;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::Flags;
use alacritty_terminal::vte::ansi::{Handler as _, StandardCharset};

use super::Emulator;

/// Combining characters that one cell keeps; Unicode's Stream-Safe Text Format (UAX 15) allows 30.
const COMBINING_LIMIT: usize = 30;

/// What a cell of a wide character has: writing over one half changes the other.
const WIDE: Flags = Flags::WIDE_CHAR.union(Flags::WIDE_CHAR_SPACER).union(Flags::LEADING_WIDE_CHAR_SPACER);

impl Emulator {
    /// Prints `text`; its runs of ASCII, which is nearly all that is ever printed, a row at a time.
    pub(super) fn print_text(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let run = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
            let (ascii, after) = rest.split_at_checked(run).unwrap_or((rest, ""));
            self.print_ascii(ascii.as_bytes());
            let others = after.bytes().position(|byte| byte.is_ascii()).unwrap_or(after.len());
            let (others, after) = after.split_at_checked(others).unwrap_or((after, ""));
            others.chars().for_each(|c| self.input(c));
            rest = after;
        }
    }

    /// Prints ASCII without controls. `Term` takes one character at a time; where nothing but the cells and the cursor
    /// changes, the cells are written here. The lines on which a snapshot finds the cursor, before and after, count as
    /// damaged, and a wrap, which is the only way to another line, is left to `Term`.
    fn print_ascii(&mut self, ascii: &[u8]) {
        let mut rest = ascii;
        while let Some((&first, others)) = rest.split_first() {
            let written = self.write_cells(rest);
            if written == 0 {
                self.input(char::from(first));
                rest = others;
            } else {
                self.last = rest.get(written - 1).map(|byte| char::from(*byte));
                rest = rest.get(written..).unwrap_or_default();
            }
        }
    }

    /// Writes as much of `ascii` as fits into the cursor's row; 0 if this needs `Term`.
    fn write_cells(&mut self, ascii: &[u8]) -> usize {
        let columns = self.term.columns();
        let inserts = self.term.mode().contains(TermMode::INSERT);
        let cursor = &self.term.grid().cursor;
        if inserts || cursor.input_needs_wrap || cursor.charsets[self.charset] != StandardCharset::Ascii {
            return 0;
        }
        let (line, from) = (cursor.point.line, cursor.point.column.0);
        let count = ascii.len().min(columns - from);
        let template = cursor.template.clone();
        let grid = self.term.grid_mut();
        let cells = &mut grid[line][Column(from)..Column(from + count)];
        if cells.iter().any(|cell| cell.flags.intersects(WIDE)) {
            return 0;
        }
        for (cell, byte) in cells.iter_mut().zip(ascii) {
            cell.c = char::from(*byte);
            cell.fg = template.fg;
            cell.bg = template.bg;
            cell.flags = template.flags;
            cell.extra.clone_from(&template.extra);
        }
        grid.cursor.input_needs_wrap = from + count == columns;
        grid.cursor.point.column = Column((from + count).min(columns - 1));
        count
    }

    /// Prints one character.
    fn input(&mut self, c: char) {
        if c.is_ascii() || self.has_room_for(c) {
            self.term.input(c);
        }
        self.last = Some(c);
    }

    /// Whether `c` is no combining character, or its cell takes one more.
    fn has_room_for(&self, c: char) -> bool {
        if unicode_width::UnicodeWidthChar::width(c) != Some(0) {
            return true;
        }
        let cursor = &self.term.grid().cursor;
        let mut column = cursor.point.column.0;
        if !cursor.input_needs_wrap {
            column = column.saturating_sub(1);
        }
        let row = &self.term.grid()[cursor.point.line];
        if row[Column(column)].flags.contains(Flags::WIDE_CHAR_SPACER) {
            column = column.saturating_sub(1);
        }
        row[Column(column)].zerowidth().is_none_or(|marks| marks.len() < COMBINING_LIMIT)
    }

    /// REP. A screenful repeated by each of thousands of sequences in a chunk would hold the lock for seconds.
    pub(super) fn repeat(&mut self, count: u16) {
        let Some(c) = self.last else { return };
        let count = usize::from(count).min(self.repeats);
        self.repeats -= count;
        for _ in 0..count {
            self.input(c);
        }
    }
}
