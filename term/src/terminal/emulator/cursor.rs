//! Moving the cursor. Lines and columns count from 0.

use alacritty_terminal::grid::Cursor;
use alacritty_terminal::index::{Column, Line, Point};
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{Handler as _, NamedPrivateMode};

use super::Emulator;
use super::charset::Charsets;
use super::modes::{REVERSE_WRAP, REVERSE_WRAP_ALL};

/// What DECSC keeps. The grid's own saved cursor is not used: `Term` overwrites it when it changes screens.
#[derive(Debug, Clone, Default)]
pub(super) struct Saved {
    /// The place, the attributes and the pending wrap.
    cursor: Cursor<Cell>,
    charsets: Charsets,
    origin: bool,
}

impl Emulator {
    pub(super) fn cursor_line(&self) -> usize {
        usize::try_from(self.term.grid().cursor.point.line.0).unwrap_or(0)
    }

    pub(super) fn cursor_column(&self) -> usize {
        self.term.grid().cursor.point.column.0
    }

    /// Puts the cursor on the screen's cell next to `line` and `column`.
    pub(super) fn place(&mut self, line: usize, column: usize) {
        let line = line.min(usize::from(self.size.lines) - 1);
        let column = column.min(usize::from(self.size.columns) - 1);
        let cursor = &mut self.term.grid_mut().cursor;
        cursor.point = Point::new(Line(i32::try_from(line).unwrap_or(0)), Column(column));
        cursor.input_needs_wrap = false;
    }

    /// CUP: in origin mode the margins' corner is the origin, and the cursor stays inside the margins.
    pub(super) fn address(&mut self, line: usize, column: usize) {
        if self.in_origin_mode() {
            let margins = self.margins;
            let line = (line + margins.top).min(margins.bottom);
            self.place(line, (column + margins.left).min(margins.right));
        } else {
            self.place(line, column);
        }
    }

    /// Where the cursor is, as [`Emulator::address`] counts.
    pub(super) fn addressed(&self) -> (usize, usize) {
        let (line, column) = (self.cursor_line(), self.cursor_column());
        if self.in_origin_mode() {
            (line.saturating_sub(self.margins.top), column.saturating_sub(self.margins.left))
        } else {
            (line, column)
        }
    }

    /// DECOM.
    pub(super) fn in_origin_mode(&self) -> bool {
        self.term.mode().contains(TermMode::ORIGIN)
    }

    /// CUU stops at the top margin if it began below it.
    pub(super) fn move_up(&mut self, count: usize) {
        let from = self.cursor_line();
        let edge = if from >= self.margins.top { self.margins.top } else { 0 };
        self.place(from.saturating_sub(count).max(edge), self.cursor_column());
    }

    /// CUD stops at the bottom margin if it began above it.
    pub(super) fn move_down(&mut self, count: usize) {
        let from = self.cursor_line();
        let edge = if from <= self.margins.bottom { self.margins.bottom } else { usize::MAX };
        self.place((from + count).min(edge), self.cursor_column());
    }

    /// CUF stops at the right margin if it began to the left of it.
    pub(super) fn move_forward(&mut self, count: usize) {
        let from = self.cursor_column();
        self.place(self.cursor_line(), (from + count).min(self.right_end(from) - 1));
    }

    /// BS and CUB stop at the left margin if they began to the right of it. With reverse wrap they go on in the line
    /// above: mode 45 only if that line was wrapped into this one, mode 1045 always, from the top to the bottom.
    pub(super) fn move_back(&mut self, count: usize) {
        let wraps = self.term.mode().contains(TermMode::LINE_WRAP);
        let reverse = wraps && (self.modes.has(REVERSE_WRAP) || self.modes.has(REVERSE_WRAP_ALL));
        let mut left = count;
        if reverse && self.term.grid().cursor.input_needs_wrap {
            left -= 1;
        }
        let (mut line, mut column) = (self.cursor_line(), self.cursor_column());
        // One pass over the screen says all: after it the cursor stands or goes in circles.
        left = left.min(usize::from(self.size.lines) * usize::from(self.size.columns));
        loop {
            let edge = if column >= self.margins.left { self.margins.left } else { 0 };
            let step = left.min(column - edge);
            column -= step;
            left -= step;
            if left == 0 {
                break;
            }
            let Some(above) = self.line_above(line).filter(|_| reverse) else { break };
            (line, column) = (above, self.margins.right);
            left -= 1;
        }
        self.place(line, column);
    }

    /// The line that a reverse wrap leads to from `line`.
    fn line_above(&self, line: usize) -> Option<usize> {
        let margins = self.margins;
        let (first, last) =
            if margins.has_line(line) { (margins.top, margins.bottom) } else { (0, usize::from(self.size.lines) - 1) };
        if self.modes.has(REVERSE_WRAP_ALL) {
            return Some(if line == first { last } else { line - 1 });
        }
        let above = line.checked_sub(1).filter(|above| *above >= first)?;
        let row = &self.term.grid()[Line(i32::try_from(above).ok()?)];
        row[Column(margins.right)].flags.contains(Flags::WRAPLINE).then_some(above)
    }

    /// CR: to the left margin, from the left of it to the screen's edge.
    pub(super) fn carriage_return(&mut self) {
        let left = self.margins.left;
        let inside = self.in_origin_mode() || self.cursor_column() >= left;
        self.place(self.cursor_line(), if inside { left } else { 0 });
    }

    /// The column behind the last one that printing from `column` reaches before it wraps.
    pub(super) fn right_end(&self, column: usize) -> usize {
        if column > self.margins.right { self.size.columns.into() } else { self.margins.right + 1 }
    }

    /// DECSC.
    pub(super) fn save_cursor(&mut self) {
        let cursor = self.term.grid().cursor.clone();
        *self.saved() = Saved { cursor, charsets: self.charsets, origin: self.in_origin_mode() };
    }

    /// DECRC; if nothing was saved the cursor goes home, with no attributes.
    pub(super) fn restore_cursor(&mut self) {
        let cursor = self.saved().cursor.clone();
        self.term.grid_mut().cursor = cursor;
        self.restore_all_but_the_place();
    }

    /// DECRC where the cursor is right already.
    pub(super) fn restore_all_but_the_place(&mut self) {
        let Saved { charsets, origin, .. } = *self.saved();
        self.charsets = charsets;
        let mode = NamedPrivateMode::Origin.into();
        let Point { line, column } = self.term.grid().cursor.point;
        let wrap = self.term.grid().cursor.input_needs_wrap;
        if origin {
            self.term.set_private_mode(mode)
        } else {
            self.term.unset_private_mode(mode)
        }
        // The mode homed the cursor, and the screen may be smaller than it was.
        self.place(usize::try_from(line.0).unwrap_or(0), column.0);
        self.term.grid_mut().cursor.input_needs_wrap = wrap && self.term.mode().contains(TermMode::LINE_WRAP);
    }

    /// Forgets what DECSC kept.
    pub(super) fn forget_saved_cursor(&mut self) {
        *self.saved() = Saved::default();
    }

    fn saved(&mut self) -> &mut Saved {
        let [shown, _] = &mut self.saved;
        shown
    }
}
