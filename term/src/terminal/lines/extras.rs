//! What the cells of the scrollback hold beside their own bytes: combining characters, links, the colours of underlines.
//!
//! A cell is 24 bytes and, where it has any of these, a pointer to more: 30 combining characters and an address of two
//! kilobytes are a hundred times as much. So it is measured when a line leaves the screen, and remembered by the line's
//! number until that is gone. Most output has none of it: then nothing is looked at.

use std::collections::VecDeque;
use std::sync::Arc;

use alacritty_terminal::grid::{Dimensions as _, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::{Cell, CellExtra};

/// What a block of the heap takes beside its bytes.
const BLOCK: usize = 16;

/// What an `Arc` keeps beside its value.
const COUNTS: usize = 16;

/// Bytes of a dropped line that are freed at once. A grid uses a row that it dropped again before long, and has about a
/// thousand of them: what a line with a few emoji holds is not worth fetching all of its cells for.
const HEAVY: usize = 8 * 1024;

/// What the lines of the scrollback hold.
#[derive(Debug, Default)]
pub(super) struct Extras {
    /// The lines that hold any, the oldest first, and how many bytes.
    lines: VecDeque<(u64, usize)>,
    total: usize,
    /// Lines of the screen before this number may hold any; `None` if none does.
    dirty: Option<u64>,
    /// What was measured last.
    last: Seen,
}

/// What the cell before holds, by its place in memory: neighbours share it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    extra: usize,
    link: usize,
}

impl Extras {
    /// The bytes that all lines hold together.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The lines that hold any, the oldest first, and how many bytes.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u64, usize)> {
        self.lines.iter().copied()
    }

    /// A cell of the screen, whose lines end before this number, got some.
    pub(super) fn touch(&mut self, end: u64) {
        self.dirty = Some(end);
    }

    /// Measures the lines from the number `first` to before `top`, which have left the screen.
    pub(super) fn leave(&mut self, grid: &Grid<Cell>, first: u64, top: u64) {
        let Some(end) = self.dirty else { return };
        for number in first..top {
            self.measure(grid, number, top);
        }
        if top >= end {
            // What moved down on the screen meanwhile has a higher number than it had.
            let screen = grid.screen_lines();
            let clean = (0..screen).all(|line| cells(grid, i64::try_from(line).unwrap_or(0)).all(is_plain));
            self.dirty = (!clean).then_some(top + screen as u64);
        }
    }

    /// Measures all lines of the scrollback, which begins with the number `oldest`, anew.
    pub(super) fn recount(&mut self, grid: &Grid<Cell>, oldest: u64, top: u64) {
        if self.dirty.is_none() && self.lines.is_empty() {
            return;
        }
        self.clear();
        self.dirty = Some(top + grid.screen_lines() as u64);
        for number in oldest..top {
            self.measure(grid, number, top);
        }
    }

    fn measure(&mut self, grid: &Grid<Cell>, number: u64, top: u64) {
        let line = number.wrapping_sub(top).cast_signed();
        let bytes: usize = cells(grid, line).map(|cell| bytes(cell, &mut self.last)).sum();
        if bytes > 0 {
            self.lines.push_back((number, bytes));
            self.total += bytes;
        }
    }

    /// Forgets the lines before the number `oldest`, and frees what they hold if that is much: a grid keeps rows that it
    /// drops, to use them again.
    pub(super) fn drop_before(&mut self, grid: &mut Grid<Cell>, oldest: u64, top: u64) {
        while let Some((number, bytes)) = self.lines.pop_front_if(|(number, _)| *number < oldest) {
            self.total -= bytes;
            if bytes > HEAVY
                && let Ok(line) = i32::try_from(number.wrapping_sub(top).cast_signed())
                && line >= grid.topmost_line().0
            {
                (&mut grid[Line(line)]).into_iter().for_each(|cell| cell.extra = None);
            }
        }
    }

    /// Forgets all lines of the scrollback.
    pub(super) fn clear(&mut self) {
        *self = Self { dirty: self.dirty, ..Self::default() };
    }
}

fn cells(grid: &Grid<Cell>, line: i64) -> impl Iterator<Item = &Cell> {
    let line = i32::try_from(line).unwrap_or(0).max(grid.topmost_line().0);
    grid[Line(line)].into_iter()
}

fn is_plain(cell: &Cell) -> bool {
    cell.extra.is_none()
}

/// What a cell holds that the one before it does not.
fn bytes(cell: &Cell, last: &mut Seen) -> usize {
    let Some(extra) = &cell.extra else { return 0 };
    let (before, link) = (*last, cell.hyperlink());
    *last = Seen {
        extra: Arc::as_ptr(extra).addr(),
        link: link.as_ref().map_or(before.link, |link| link.uri().as_ptr().addr()),
    };
    if last.extra == before.extra {
        return 0;
    }
    let marks = cell.zerowidth().unwrap_or_default().len();
    let marks = if marks > 0 { marks.next_power_of_two().max(4) * size_of::<char>() + BLOCK } else { 0 };
    let link = link.filter(|_| last.link != before.link);
    let link = link.map_or(0, |link| link.id().len() + link.uri().len() + 2 * size_of::<String>() + COUNTS + 3 * BLOCK);
    size_of::<CellExtra>() + COUNTS + BLOCK + marks + link
}

/// What the cells of a screen hold.
pub(in crate::terminal) fn of_screen(grid: &Grid<Cell>) -> usize {
    let mut last = Seen::default();
    let lines = 0..grid.screen_lines();
    lines.flat_map(|line| cells(grid, i64::try_from(line).unwrap_or(0))).map(|cell| bytes(cell, &mut last)).sum()
}
