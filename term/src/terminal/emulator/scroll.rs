//! Scrolling: IND, RI, IL, DL, SU, SD and their sideways kin, all inside the margins.

use std::ops::Range;

use alacritty_terminal::grid::Scroll;
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::Cell;

use super::Emulator;

impl Emulator {
    /// IND, LF and a wrap: down one line; on the bottom margin the lines above move up instead. Outside the left and
    /// right margins nothing scrolls.
    pub(super) fn index(&mut self) {
        let (line, column) = (self.cursor_line(), self.cursor_column());
        if line == self.margins.bottom {
            if self.margins.has_column(column) {
                self.scroll_up(self.margins.top, 1);
            }
            self.term.grid_mut().cursor.input_needs_wrap = false;
        } else {
            self.place(line + 1, column);
        }
    }

    /// RI.
    pub(super) fn reverse_index(&mut self) {
        let (line, column) = (self.cursor_line(), self.cursor_column());
        if line == self.margins.top {
            if self.margins.has_column(column) {
                self.scroll_down(self.margins.top, 1);
            }
            self.term.grid_mut().cursor.input_needs_wrap = false;
        } else {
            self.place(line.saturating_sub(1), column);
        }
    }

    /// IL: only between the margins; the cursor goes to the left one.
    pub(super) fn insert_lines(&mut self, count: usize) {
        if self.is_inside_margins() {
            self.scroll_down(self.cursor_line(), count);
            self.place(self.cursor_line(), self.margins.left);
        }
    }

    /// DL, as IL.
    pub(super) fn delete_lines(&mut self, count: usize) {
        if self.is_inside_margins() {
            self.scroll_up(self.cursor_line(), count);
            self.place(self.cursor_line(), self.margins.left);
        }
    }

    /// Whether the cursor is between all four margins.
    pub(super) fn is_inside_margins(&self) -> bool {
        self.margins.has_line(self.cursor_line()) && self.margins.has_column(self.cursor_column())
    }

    /// SU: the lines from `top` to the bottom margin move up by `count`, blank ones come in at the bottom. What leaves
    /// the top of the primary screen goes into its history.
    pub(super) fn scroll_up(&mut self, top: usize, count: usize) {
        let bottom = self.margins.bottom;
        let count = count.min(bottom + 1 - top);
        if !self.scrolls_whole_lines() {
            return self.move_block(top, count, true);
        }
        self.scroll_lines_up(top, bottom, count);
    }

    /// Moves whole lines up.
    ///
    /// Every line that leaves the top of the main screen for the history leaves it here, `count` of them at once, and
    /// nowhere else (but for a change of the size): so this is where they are counted.
    fn scroll_lines_up(&mut self, top: usize, bottom: usize, count: usize) {
        self.carry_up(top, bottom, count);
        let region = lines(top..bottom + 1);
        let rotated = i32::try_from(count).unwrap_or(i32::MAX);
        self.term.selection = self.term.selection.take().and_then(|s| s.rotate(&self.term, &region, rotated));
        let grid = self.term.grid_mut();
        let scrolled = grid.display_offset();
        grid.scroll_up(&region, count);
        // The grid moves what is read in the scrollback along with every scroll. Where no line entered the history,
        // that would move it under the reader's eyes, and in the end beyond the oldest line.
        if top > 0 && scrolled != grid.display_offset() {
            let back = i32::try_from(grid.display_offset() - scrolled).unwrap_or(i32::MAX);
            grid.scroll_display(Scroll::Delta(-back));
        }
        self.count_lines();
        self.redraw = true;
    }

    /// ED 2 on the primary screen: what is on it goes into the history, so that it can be read again.
    pub(super) fn scroll_all_into_history(&mut self) {
        let screen = usize::from(self.size.lines);
        let grid = self.term.grid();
        let is_empty = |line: usize| grid[Line(i32::try_from(line).unwrap_or(0))].is_clear();
        let used = (0..screen).rev().find(|line| !is_empty(*line)).map_or(0, |line| line + 1);
        if used > 0 {
            self.scroll_lines_up(0, screen - 1, used);
        }
        self.term.grid_mut().reset_region(..);
    }

    /// SD: the lines from `top` to the bottom margin move down by `count`.
    pub(super) fn scroll_down(&mut self, top: usize, count: usize) {
        let bottom = self.margins.bottom;
        let count = count.min(bottom + 1 - top);
        if !self.scrolls_whole_lines() {
            return self.move_block(top, count, false);
        }
        self.carry_down(top, bottom, count);
        let region = lines(top..bottom + 1);
        let rotated = -i32::try_from(count).unwrap_or(i32::MAX);
        self.term.selection = self.term.selection.take().and_then(|s| s.rotate(&self.term, &region, rotated));
        self.term.grid_mut().scroll_down(&region, count);
        self.redraw = true;
    }

    /// Moves what is between the left and right margin up or down, cell by cell.
    fn move_block(&mut self, top: usize, count: usize, up: bool) {
        let bottom = self.margins.bottom;
        let height = bottom + 1 - top;
        for offset in 0..height - count {
            let (to, from) =
                if up { (top + offset, top + offset + count) } else { (bottom - offset, bottom - offset - count) };
            self.copy_between_margins(from, to);
        }
        let blank = if up { bottom + 1 - count..bottom + 1 } else { top..top + count };
        for line in blank {
            self.blank(line, self.margins.left..self.margins.right + 1);
        }
        let by = i64::try_from(count).unwrap_or(i64::MAX);
        self.carry_pictures(top, bottom, if up { -by } else { by });
        self.term.selection = None;
    }

    fn copy_between_margins(&mut self, from: usize, to: usize) {
        let range = Column(self.margins.left)..Column(self.margins.right + 1);
        let grid = self.term.grid_mut();
        let cells = grid[grid_line(from)][range.clone()].to_vec();
        grid[grid_line(to)][range.clone()].clone_from_slice(&cells);
        self.mend(to, range.start.0);
        self.mend(to, range.end.0);
        self.touch(to);
    }

    /// ICH: only between the left and right margin.
    pub(super) fn insert_characters(&mut self, count: usize) {
        if self.margins.has_column(self.cursor_column()) {
            self.insert_cells(self.cursor_line(), self.cursor_column(), count);
        }
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    /// DCH: only between the left and right margin.
    pub(super) fn delete_characters(&mut self, count: usize) {
        if self.margins.has_column(self.cursor_column()) {
            self.delete_cells(self.cursor_line(), self.cursor_column(), count);
        }
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    /// DECIC.
    pub(super) fn insert_columns(&mut self, count: usize) {
        if self.is_inside_margins() {
            let column = self.cursor_column();
            (self.margins.top..=self.margins.bottom).for_each(|line| self.insert_cells(line, column, count));
        }
    }

    /// DECDC.
    pub(super) fn delete_columns(&mut self, count: usize) {
        if self.is_inside_margins() {
            let column = self.cursor_column();
            (self.margins.top..=self.margins.bottom).for_each(|line| self.delete_cells(line, column, count));
        }
    }

    /// DECBI: left one column; on the left margin everything moves right instead, and above or below the margins nothing.
    pub(super) fn back_index(&mut self) {
        let (line, column) = (self.cursor_line(), self.cursor_column());
        if column != self.margins.left {
            self.place(line, column.saturating_sub(1));
        } else if self.margins.has_line(line) {
            (self.margins.top..=self.margins.bottom).for_each(|line| self.insert_cells(line, column, 1));
        }
    }

    /// DECFI: right one column; on the right margin everything moves left instead, and above or below the margins nothing.
    pub(super) fn forward_index(&mut self) {
        let (line, column) = (self.cursor_line(), self.cursor_column());
        if column != self.margins.right {
            self.place(line, column + 1);
        } else if self.margins.has_line(line) {
            let left = self.margins.left;
            (self.margins.top..=self.margins.bottom).for_each(|line| self.delete_cells(line, left, 1));
        }
    }

    /// SL: what is between the margins moves left, if the cursor is between them too (as with xterm).
    pub(super) fn scroll_left(&mut self, count: usize) {
        if self.is_inside_margins() {
            let left = self.margins.left;
            (self.margins.top..=self.margins.bottom).for_each(|line| self.delete_cells(line, left, count));
        }
    }

    /// SR, as SL.
    pub(super) fn scroll_right(&mut self, count: usize) {
        if self.is_inside_margins() {
            let left = self.margins.left;
            (self.margins.top..=self.margins.bottom).for_each(|line| self.insert_cells(line, left, count));
        }
    }

    /// Blanks come in at `column`, what is to the right of it moves towards the right margin.
    pub(super) fn insert_cells(&mut self, line: usize, column: usize, count: usize) {
        let end = self.right_end(column);
        let count = count.min(end - column);
        self.mend(line, column);
        self.cells(line, column..end).rotate_right(count);
        self.blank(line, column..column + count);
        self.mend(line, end);
    }

    /// The cells at `column` go, what is to the right of them moves left, blanks come in at the right margin.
    fn delete_cells(&mut self, line: usize, column: usize, count: usize) {
        let end = self.right_end(column);
        let count = count.min(end - column);
        self.mend(line, column + count);
        self.cells(line, column..end).rotate_left(count);
        self.blank(line, end - count..end);
        self.mend(line, column);
    }

    /// Some cells of a line, to be changed.
    pub(super) fn cells(&mut self, line: usize, columns: Range<usize>) -> &mut [Cell] {
        self.touch(line);
        &mut self.term.grid_mut()[grid_line(line)][Column(columns.start)..Column(columns.end)]
    }

    /// Makes cells blank, with the background in force.
    pub(super) fn blank(&mut self, line: usize, columns: Range<usize>) {
        let background = self.term.grid().cursor.template.bg;
        let Range { start, end } = columns;
        self.cells(line, columns).fill(Cell::from(background));
        self.mend(line, start);
        self.mend(line, end);
    }

    /// Notes that a line changed.
    pub(super) fn touch(&mut self, line: usize) {
        if let Some(touched) = self.touched.get_mut(line) {
            *touched = true;
        }
    }
}

/// A line of the screen in the grid's own counting.
pub(super) fn grid_line(line: usize) -> Line {
    Line(i32::try_from(line).unwrap_or(0))
}

fn lines(lines: Range<usize>) -> Range<Line> {
    grid_line(lines.start)..grid_line(lines.end)
}
