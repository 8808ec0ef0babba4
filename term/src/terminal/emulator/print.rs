//! Printing characters.

use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::index::Column;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::Flags;
use unicode_width::UnicodeWidthChar as _;

use super::Emulator;
use super::modes::{CLUSTERS, NATIONAL};
use super::scroll::grid_line;

/// Combining characters that one cell keeps; Unicode's Stream-Safe Text Format (UAX 15) allows 30.
const COMBINING_LIMIT: usize = 30;

/// What a cell of a wide character has: writing over one half changes the other.
const WIDE: Flags = Flags::WIDE_CHAR.union(Flags::WIDE_CHAR_SPACER).union(Flags::LEADING_WIDE_CHAR_SPACER);

impl Emulator {
    /// Prints `text`; its runs of ASCII, which is nearly all that is ever printed, a row at a time.
    pub(super) fn print_text(&mut self, text: &str) {
        if self.term.grid().cursor.template.extra.is_some() {
            self.touch_extras();
        }
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

    /// Prints ASCII without controls.
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

    /// Writes as much of `ascii` as fits into the cursor's row; 0 if something else than cells and cursor must change.
    fn write_cells(&mut self, ascii: &[u8]) -> usize {
        let inserts = self.term.mode().contains(TermMode::INSERT);
        let cursor = &self.term.grid().cursor;
        if inserts || cursor.input_needs_wrap || !self.charsets.is_plain() {
            return 0;
        }
        let (line, from) = (cursor.point.line, cursor.point.column.0);
        let end = self.right_end(from);
        let count = ascii.len().min(end - from);
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
        grid.cursor.input_needs_wrap = from + count == end;
        grid.cursor.point.column = Column((from + count).min(end - 1));
        self.touch(self.cursor_line());
        count
    }

    /// Prints one character.
    fn input(&mut self, c: char) {
        let shown = if c.is_ascii() { self.charsets.map(c, self.modes.has(NATIONAL)) } else { c };
        if self.modes.has(CLUSTERS) && self.joins(shown) {
            return self.join(shown);
        }
        self.last = Some(c);
        match shown.width() {
            Some(0) => self.combine(shown),
            Some(width) => self.put(shown, width),
            None => {}
        }
    }

    /// Prints a character that covers `width` columns, 1 or 2.
    fn put(&mut self, c: char, width: usize) {
        let wraps = self.term.mode().contains(TermMode::LINE_WRAP);
        if self.term.grid().cursor.input_needs_wrap && wraps {
            self.wrap();
        }
        let end = self.right_end(self.cursor_column());
        if self.cursor_column() + width > end {
            if !wraps {
                self.term.grid_mut().cursor.input_needs_wrap = true;
                return;
            }
            self.leave_room(end);
            self.wrap();
        }
        let (line, column) = (self.cursor_line(), self.cursor_column());
        let end = self.right_end(column);
        if self.term.mode().contains(TermMode::INSERT) && self.margins.has_column(column) {
            self.insert_cells(line, column, width);
        }
        if width == 2 {
            self.write_cell(line, column, c, Flags::WIDE_CHAR);
            self.write_cell(line, column + 1, ' ', Flags::WIDE_CHAR_SPACER);
        } else {
            self.write_cell(line, column, c, Flags::empty());
        }
        let cursor = &mut self.term.grid_mut().cursor;
        cursor.input_needs_wrap = column + width == end;
        cursor.point.column = Column((column + width).min(end - 1));
    }

    /// A wide character does not fit into the last column: it is left blank, and a copy of the text joins the two lines
    /// without that blank.
    fn leave_room(&mut self, end: usize) {
        let whole = end == self.term.columns();
        let flags = if whole { Flags::LEADING_WIDE_CHAR_SPACER } else { Flags::empty() };
        self.write_cell(self.cursor_line(), self.cursor_column(), ' ', flags);
    }

    /// Goes on at the left margin of the next line.
    pub(super) fn wrap(&mut self) {
        let (line, column) = (self.cursor_line(), self.cursor_column());
        if let [cell] = self.cells(line, column..column + 1) {
            cell.flags.insert(Flags::WRAPLINE);
        }
        self.index();
        let left = self.margins.left;
        self.place(self.cursor_line(), left);
    }

    /// Writes a cell with the attributes in force. Half a wide character does not stay behind.
    fn write_cell(&mut self, line: usize, column: usize, c: char, width: Flags) {
        let template = self.term.grid().cursor.template.clone();
        let [cell] = self.cells(line, column..column + 1) else { return };
        let before = std::mem::replace(cell, template);
        cell.c = c;
        cell.flags.insert(width);
        if before.flags.intersects(WIDE) {
            self.mend(line, column);
            self.mend(line, column + 1);
            self.forget_room(line, column);
        }
    }

    /// The line above was wrapped early for a wide character that is overwritten now.
    fn forget_room(&mut self, line: usize, column: usize) {
        let Some(above) = line.checked_sub(1).filter(|_| column <= 1) else { return };
        let last = self.term.last_column();
        self.term.grid_mut()[grid_line(above)][last].flags.remove(Flags::LEADING_WIDE_CHAR_SPACER);
    }

    /// The column of the character before the cursor.
    fn column_before(&self) -> usize {
        let cursor = &self.term.grid().cursor;
        let mut column = cursor.point.column.0;
        if !cursor.input_needs_wrap {
            column = column.saturating_sub(1);
        }
        let row = &self.term.grid()[cursor.point.line];
        if row[Column(column)].flags.contains(Flags::WIDE_CHAR_SPACER) {
            column = column.saturating_sub(1);
        }
        column
    }

    /// Puts a combining character on the one before the cursor, if that cell takes one more.
    fn combine(&mut self, mark: char) {
        let (line, column) = (self.cursor_line(), self.column_before());
        if let [cell] = self.cells(line, column..column + 1)
            && cell.zerowidth().is_none_or(|marks| marks.len() < COMBINING_LIMIT)
        {
            cell.push_zerowidth(mark);
            self.touch_extras();
        }
    }

    /// Mode 2027: whether `c` belongs to the cluster before the cursor though it has a width of its own, or changes that
    /// cluster's width (Unicode Standard Annex 29, of which this is what emoji need).
    fn joins(&self, c: char) -> bool {
        let cursor = &self.term.grid().cursor;
        if cursor.point.column.0 == 0 {
            return false;
        }
        let cell = &self.term.grid()[cursor.point.line][Column(self.column_before())];
        let marks = cell.zerowidth().unwrap_or_default();
        let last = marks.last().copied().unwrap_or(cell.c);
        match c {
            // The presentation selector for emoji makes a narrow one wide.
            '\u{fe0f}' => cell.c != ' ' && !cell.c.is_ascii_alphabetic(),
            '\u{1f3fb}'..='\u{1f3ff}' => cell.flags.contains(Flags::WIDE_CHAR),
            '\u{1f1e6}'..='\u{1f1ff}' => marks.is_empty() && ('\u{1f1e6}'..='\u{1f1ff}').contains(&cell.c),
            _ => last == '\u{200d}' && c.width().unwrap_or(0) > 0,
        }
    }

    /// Adds `c` to the cluster before the cursor, which is wide from now on.
    fn join(&mut self, c: char) {
        self.combine(c);
        let (line, column) = (self.cursor_line(), self.column_before());
        let fits = column + 2 <= self.right_end(column);
        let is_wide = self.cells(line, column..column + 1).iter().any(|cell| cell.flags.contains(Flags::WIDE_CHAR));
        if is_wide || !fits {
            return;
        }
        if let [cell] = self.cells(line, column..column + 1) {
            cell.flags.insert(Flags::WIDE_CHAR);
        }
        self.write_cell(line, column + 1, ' ', Flags::WIDE_CHAR_SPACER);
        let end = self.right_end(column);
        let cursor = &mut self.term.grid_mut().cursor;
        cursor.input_needs_wrap = column + 2 == end;
        cursor.point.column = Column((column + 2).min(end - 1));
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
