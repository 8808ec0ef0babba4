//! Numbers for the lines of the main screen and its scrollback.
//!
//! A grid counts its lines from the top of the screen, so a line's index changes whenever one leaves the top. Here each
//! line has a number for as long as it exists: the first line ever shown is 0, and a number that is gone never comes
//! back. What is remembered about a line (a prompt, an image, a match) is remembered by this number.
//!
//! ```text
//!   oldest ──► ┌──────────────┐  scrollback, trimmed at its limit: `oldest` grows
//!              ├──────────────┤ ◄── top: the first line of the screen
//!              │    screen    │
//!              └──────────────┘ ◄── end: one past the last line
//! ```
//!
//! What scrolls within the screen (margins, inserted lines, reverse index) moves text between lines and leaves the
//! numbers where they are; what is remembered by them is carried along (`emulator/passengers.rs`). Erasing the scrollback ends the numbers of its lines. A full reset ends all of them. A change
//! of columns wraps the text anew: all lines get new numbers, and a `Reflow` says which became which. The alternate
//! screen has no numbers; the main screen keeps its own meanwhile.
//!
//! How many lines left the top is seen from how the history grows. So that it always can, the grid may hold
//! `SLACK` lines more than the user's limit, and what is over the limit is dropped here.

mod extras;

use std::ops::Range;

use alacritty_terminal::event::VoidListener;
use alacritty_terminal::grid::{Dimensions, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::{Cell, Flags, LineLength};
use alacritty_terminal::term::{Config, Osc52, Term, TermMode};
use alacritty_terminal::vte::ansi::{CursorShape, CursorStyle};

use extras::Extras;
pub(super) use extras::of_screen as extras_of_screen;

/// How many lines may leave the top of the screen between two counts.
pub(super) const SLACK: usize = 4096;

/// Over the limit by so many lines, the oldest are dropped. Fewer than a grid keeps in reserve (1,000), so that this moves
/// no memory.
const OVER: usize = 512;

/// The most lines of history: line numbers within a grid are `i32`.
const MOST: usize = 1 << 30;

/// Lines that a grid may hold beyond its limit: what is dropped late, what one piece of output adds, and what a grid
/// keeps in reserve.
const RESERVE: usize = OVER + SLACK / 4 + 1_000;

/// What the rows of a scrollback may take beyond their cells, in bytes.
const SPARE: usize = 8 * 1024 * 1024;

/// What the links and combining characters of a scrollback may take that is limited by lines, in bytes.
const EXTRAS: usize = 64 * 1024 * 1024;

/// How much of what has left the screen is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scrollback {
    /// So many lines; fewer where their links and combining characters take more than 64 MiB.
    Lines(usize),
    /// As many lines as so many bytes hold. Text takes 24 bytes a cell, whatever its colours; what links, combining
    /// characters and coloured underlines take is counted as well.
    Memory(usize),
}

impl Scrollback {
    /// The lines that are kept of a screen of so many columns.
    #[must_use]
    pub fn lines(self, columns: usize) -> usize {
        match self {
            Self::Lines(lines) => lines.min(MOST),
            Self::Memory(bytes) => (bytes / row(columns)).saturating_sub(RESERVE).min(MOST),
        }
    }

    /// What the cells of so many lines may hold beside their text, in bytes.
    fn extras(self, lines: usize, columns: usize) -> usize {
        match self {
            Self::Lines(_) => EXTRAS,
            Self::Memory(bytes) => bytes.saturating_sub((lines + RESERVE) * row(columns)),
        }
    }
}

/// The bytes of a line of plain text.
fn row(columns: usize) -> usize {
    columns * size_of::<Cell>() + size_of::<alacritty_terminal::grid::Row<Cell>>()
}

/// Which lines there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The oldest line of the scrollback.
    pub oldest: u64,
    /// The first line of the main screen.
    pub top: u64,
    /// One past the last line of the main screen.
    pub end: u64,
}

impl Span {
    /// All lines.
    #[must_use]
    pub fn lines(&self) -> Range<u64> {
        self.oldest..self.end
    }

    /// Whether a line of this number exists.
    #[must_use]
    pub fn contains(&self, number: u64) -> bool {
        self.lines().contains(&number)
    }
}

/// Counts the lines of the main screen.
#[derive(Debug)]
pub(super) struct Lines {
    /// The number of the screen's first line.
    top: u64,
    /// The lines of history at the last count.
    history: usize,
    /// What the user wants to keep.
    scrollback: Scrollback,
    /// The most lines of history by that.
    limit: usize,
    /// What they hold beside their text.
    extras: Extras,
    /// The most columns that there may be room for in a row.
    widest: usize,
}

impl Lines {
    /// Begins to count for a scrollback of `limit` lines.
    pub(super) fn new(limit: usize) -> Self {
        let scrollback = Scrollback::Lines(limit);
        Self { top: 0, history: 0, scrollback, limit: scrollback.lines(0), extras: Extras::default(), widest: 0 }
    }

    /// The history that the grid may hold.
    pub(super) fn capacity(&self) -> usize {
        self.limit + SLACK
    }

    /// Which lines there are, on a screen of `screen` lines.
    pub(super) fn span(&self, screen: usize) -> Span {
        Span { oldest: self.top - self.history as u64, top: self.top, end: self.top + screen as u64 }
    }

    /// Counts what left the top of the main screen. Called at least once for every [`SLACK`] lines, and before the
    /// history shrinks in any way.
    #[inline]
    pub(super) fn count(&mut self, grid: &mut Grid<Cell>) {
        let history = grid.history_size();
        if history > self.history {
            let first = self.top;
            self.top += (history - self.history) as u64;
            self.history = history;
            self.extras.leave(grid, first, self.top);
            if history > self.limit + OVER {
                self.trim(grid);
            }
        }
    }

    /// Drops what is over the limit.
    pub(super) fn trim(&mut self, grid: &mut Grid<Cell>) {
        let kept = self.affordable(grid.columns());
        if self.history > kept {
            self.drop_to(grid, kept);
        }
    }

    /// How many lines of history may stay.
    fn affordable(&self, columns: usize) -> usize {
        let mut kept = self.history.min(self.limit);
        let mut extras = self.extras.lines();
        let mut total = self.extras.total();
        while total > self.scrollback.extras(kept, columns) {
            let Some((number, bytes)) = extras.next() else { break };
            total -= bytes;
            kept = kept.min(usize::try_from(self.top - number - 1).unwrap_or(kept));
        }
        kept
    }

    fn drop_to(&mut self, grid: &mut Grid<Cell>, kept: usize) {
        self.extras.drop_before(grid, self.top - kept as u64, self.top);
        grid.update_history(kept);
        grid.update_history(self.capacity());
        self.history = kept;
    }

    /// Takes back the room of rows that were wider. A grid cuts its rows where they are, and a window that was huge for a
    /// moment would hold ten times what its lines need.
    fn pack(&mut self, grid: &mut Grid<Cell>) {
        let (columns, rows) = (grid.columns(), grid.total_lines());
        self.widest = self.widest.max(columns);
        if (self.widest - columns) * rows * size_of::<Cell>() < SPARE {
            return;
        }
        self.widest = columns;
        grid.truncate();
        let number = |lines: usize| i32::try_from(lines).unwrap_or(i32::MAX);
        for line in -number(grid.history_size())..number(grid.screen_lines()) {
            let row = &mut grid[Line(line)];
            *row = row.clone();
        }
    }

    /// A cell of the screen got something beside its text.
    pub(super) fn touch_extras(&mut self, screen: usize) {
        self.extras.touch(self.top + screen as u64);
    }

    /// The history is about to be erased.
    pub(super) fn forget_history(&mut self, grid: &mut Grid<Cell>) {
        self.drop_to(grid, 0);
    }

    /// The screen of `screen` lines was erased, after the history.
    pub(super) fn forget_screen(&mut self, screen: usize) {
        self.top += screen as u64;
    }
}

/// How the lines of the main screen were wrapped.
#[derive(Debug)]
struct Wrapping {
    span: Span,
    columns: u64,
    /// The offset from the oldest line at which each logical line begins, in order.
    begins: Vec<u32>,
}

impl Wrapping {
    fn of(grid: &Grid<Cell>, oldest: u64) -> Self {
        let (history, screen) = (grid.history_size(), grid.screen_lines());
        let mut begins = Vec::new();
        let mut continued = false;
        for offset in 0..history + screen {
            if !continued {
                begins.push(u32::try_from(offset).unwrap_or(u32::MAX));
            }
            let line = Line(i32::try_from(offset).unwrap_or(i32::MAX)) - history;
            continued = grid[line][grid.last_column()].flags.contains(Flags::WRAPLINE);
        }
        let top = oldest + history as u64;
        Self { span: Span { oldest, top, end: top + screen as u64 }, columns: grid.columns() as u64, begins }
    }

    /// The logical line that holds `number`, and the offset of its `column` in it, in cells.
    fn logical(&self, number: u64, column: u64) -> Option<(usize, u64)> {
        let offset = number.checked_sub(self.span.oldest).filter(|_| number < self.span.end)?;
        let logical = self.begins.partition_point(|begin| u64::from(*begin) <= offset).checked_sub(1)?;
        let begin = u64::from(*self.begins.get(logical)?);
        Some((logical, (offset - begin) * self.columns + column))
    }

    /// The line and column of a cell of a logical line; beyond its end, its last line.
    fn physical(&self, logical: usize, cell: u64) -> Option<(u64, u64)> {
        let begin = self.span.oldest + u64::from(*self.begins.get(logical)?);
        let end = self.begins.get(logical + 1).map_or(self.span.end, |next| self.span.oldest + u64::from(*next));
        let line = begin + cell / self.columns;
        if line < end { Some((line, cell % self.columns)) } else { Some((end - 1, self.columns - 1)) }
    }
}

/// Which line became which when the text was wrapped anew.
#[derive(Debug)]
pub(super) struct Reflow {
    before: Wrapping,
    after: Wrapping,
    /// What is left after the scrollback was trimmed.
    left: Span,
}

impl Reflow {
    /// Where the cell at `column` of line `number` is now; `None` if it is gone. Where a wide character did not fit at a
    /// line's end, what follows in that logical line is off by the blank cell before it.
    pub(super) fn translate(&self, number: u64, column: usize) -> Option<(u64, usize)> {
        let (logical, cell) = self.before.logical(number, column as u64)?;
        let (number, column) = self.after.physical(logical, cell)?;
        self.left.contains(number).then(|| (number, usize::try_from(column).unwrap_or(0)))
    }
}

/// The lines of history of which something is left once the text is wrapped at `columns`, where `most` lines may be: what
/// is older would be wrapped only to be dropped, and a window of a pixel wraps each line fifty times.
fn survivors(grid: &Grid<Cell>, columns: usize, most: usize) -> usize {
    let (history, screen) = (grid.history_size(), grid.screen_lines());
    let row = |offset: usize| &grid[Line(i32::try_from(offset).unwrap_or(i32::MAX)) - history];
    let goes_on = |offset: usize| row(offset)[grid.last_column()].flags.contains(Flags::WRAPLINE);
    let mut wrapped = 0;
    for offset in (0..history + screen).rev() {
        // Parts of a logical line share its last line: they are counted as what they fill alone.
        let is_part = goes_on(offset) || (offset > 0 && goes_on(offset - 1));
        wrapped += (row(offset).line_length().0 / columns).max(usize::from(!is_part));
        if wrapped > most {
            return history.saturating_sub(offset);
        }
    }
    history
}

/// Brings lines back that left the top of the screen although it is empty below its cursor: where there is room, what was
/// on the screen stays there. Says whether it did.
fn pull_back(grid: &mut Grid<Cell>, before: &Wrapping, after: &Wrapping) -> bool {
    let top = before.logical(before.span.top, 0).and_then(|(logical, cell)| after.physical(logical, cell));
    let gone = top.map_or(0, |(top, _)| after.span.top.saturating_sub(top));
    let lines = grid.screen_lines();
    let below = (grid.cursor.point.line.0 + 1).max(0)..i32::try_from(lines).unwrap_or(i32::MAX);
    let empty = below.rev().take_while(|line| grid[Line(*line)].is_clear()).count();
    let pulled = usize::try_from(gone).unwrap_or(usize::MAX).min(empty);
    if pulled > 0 {
        // Empty lines go at the end, and lines that are added come from the history.
        let columns = grid.columns();
        grid.resize(true, lines - pulled, columns);
        grid.resize(true, lines, columns);
    }
    pulled > 0
}

/// Resizes `term` to `size` and follows its lines. A change of columns gives all lines new numbers, which the
/// [`Reflow`] tells; one of lines alone changes none.
pub(super) fn resize(lines: &mut Lines, term: &mut Term<VoidListener>, size: impl Dimensions) -> Option<Reflow> {
    let reflows = size.columns() != term.columns();
    lines.limit = lines.scrollback.lines(size.columns());
    if size.columns() < term.columns() {
        let most = lines.limit + term.screen_lines() + SLACK;
        with_main(term, |grid| {
            lines.count(grid);
            let kept = survivors(grid, size.columns(), most).min(lines.history);
            lines.drop_to(grid, kept);
        });
    }
    // Nothing leaves at the old end while the text is wrapped: lines are told apart by counting from there.
    set_history(term, MOST);
    let oldest = lines.span(0).oldest;
    let before = reflows.then(|| with_main(term, |grid| Wrapping::of(grid, oldest)));
    term.resize(size);
    let first = before.as_ref().map_or(oldest, |before| before.span.end);
    let (after, history) = with_main(term, |grid| {
        let mut after = reflows.then(|| Wrapping::of(grid, first));
        if let (Some(before), Some(wrapped)) = (&before, &mut after)
            && pull_back(grid, before, wrapped)
        {
            *wrapped = Wrapping::of(grid, first);
        }
        let history = grid.history_size();
        lines.history = history;
        lines.top = first + history as u64;
        lines.extras.recount(grid, first, lines.top);
        lines.trim(grid);
        lines.pack(grid);
        (after, history)
    });
    debug_assert!(lines.history <= history, "trimming adds nothing");
    set_history(term, lines.capacity());
    let (before, after) = (before?, after?);
    let left = lines.span(term.screen_lines());
    Some(Reflow { before, after, left })
}

/// Keeps more or fewer lines from now on.
pub(super) fn set_scrollback(lines: &mut Lines, term: &mut Term<VoidListener>, scrollback: Scrollback) {
    let limit = scrollback.lines(term.columns());
    lines.scrollback = scrollback;
    with_main(term, |grid| {
        lines.count(grid);
        lines.limit = limit;
        lines.trim(grid);
    });
    set_history(term, lines.capacity());
}

/// What `Term` is made with: nothing of its own that is done beside it.
pub(super) fn config(history: usize) -> Config {
    // A shape that no program can ask for tells that none was: then the user's own is shown.
    let default_cursor_style = CursorStyle { shape: CursorShape::HollowBlock, blinking: false };
    Config { scrolling_history: history, osc52: Osc52::Disabled, default_cursor_style, ..Config::default() }
}

/// Changes how much history the main screen may have, whichever screen is shown.
fn set_history(term: &mut Term<VoidListener>, history: usize) {
    let escapes = term.semantic_escape_chars().to_owned();
    term.set_options(Config { semantic_escape_chars: escapes, ..config(history) });
}

/// Looks at the grid of the main screen. `Term` shows only the grid in use, and clears the alternate one when it
/// swaps it in, so that one is put aside meanwhile.
pub(super) fn with_main<R>(term: &mut Term<VoidListener>, look: impl FnOnce(&mut Grid<Cell>) -> R) -> R {
    if !term.mode().contains(TermMode::ALT_SCREEN) {
        return look(term.grid_mut());
    }
    let selection = term.selection.take();
    let stand_in = Grid::new(term.screen_lines(), term.columns(), 0);
    let alternate = std::mem::replace(term.grid_mut(), stand_in);
    term.swap_alt();
    let result = look(term.grid_mut());
    // The saved cursor of the main screen becomes its cursor, which it was made when the screens were swapped before.
    term.swap_alt();
    *term.grid_mut() = alternate;
    term.selection = selection;
    result
}

#[cfg(test)]
mod tests {
    use alacritty_terminal::term::test::TermSize;

    use super::*;

    #[test]
    fn rows_that_were_wide_for_a_moment_give_back_their_room() {
        let extent = |columns| TermSize::new(columns, 30);
        let mut lines = Lines::new(5_000);
        let mut term = Term::new(config(lines.capacity()), &extent(100), VoidListener);
        with_main(&mut term, |grid| {
            (0..5_000).for_each(|_| grid.scroll_up::<alacritty_terminal::vte::ansi::Color>(&(Line(0)..Line(30)), 1));
        });
        let mut widest = |columns| {
            let _reflow = resize(&mut lines, &mut term, extent(columns));
            lines.widest
        };
        assert_eq!(widest(500), 500);
        assert_eq!(widest(490), 500, "a little is left for when it grows again");
        assert_eq!(widest(100), 100);
    }
}
