//! Looking for text in the scrollback and on the screen.
//!
//! The terminal keeps what was found and draws it; somebody else drives the search, a slice at a time, on a thread
//! where it may take its time ([`Terminal::search_step`]).

mod finder;
mod passage;
pub mod pattern;

use alacritty_terminal::grid::{Dimensions as _, Scroll};
use alacritty_terminal::index::{Column, Line, Point as GridPoint, Side};
use alacritty_terminal::selection::{Selection, SelectionType};

use super::emulator::Emulator;
use super::{Inner, Terminal};

pub(super) use finder::{Finder, Highlight, Place, begin, line, place, read};
pub(super) use passage::{Passage, Position};
pub use pattern::{Case, Error, Pattern, Query};

/// Visible rows from the top in which a match counts as out of sight.
const COVERED: u16 = 3;

/// The most parts that [`Terminal::search_marks`] tells apart.
const PARTS: usize = 4_096;

/// Where the next match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Further up.
    Older,
    /// Further down.
    Newer,
}

/// How a search stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// Matches so far.
    pub total: usize,
    /// The number of the one that the user looks at, counted from the newest, which is 1; `None` while there is none.
    pub current: Option<usize>,
    /// Whether all lines were looked through.
    pub complete: bool,
    /// Whether there are more matches than are remembered.
    pub truncated: bool,
    /// The visible row, from the top, of the match that the user looks at.
    pub row: Option<u16>,
}

/// What the screen shows of the scrollback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The newest lines, whichever they will be.
    Bottom,
    /// The line of this number at the top.
    Line(u64),
}

/// The matches as a scrollbar shows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// For each part of all lines, the oldest first, whether it has a match.
    pub parts: Vec<bool>,
    /// The part with the match that the user looks at.
    pub current: Option<usize>,
}

impl Terminal {
    /// Begins a search, narrows the one under way, or ends it.
    pub fn search(&self, pattern: Option<Pattern>) {
        let mut inner = self.inner.lock();
        let before = inner.finder.take();
        inner.finder = pattern.map(|pattern| Box::new(Finder::new(pattern, &inner.emulator, before.as_deref())));
        drop(inner);
        self.touch();
        self.searched.notify_one();
    }

    /// Looks through the next lines, outside of the lock, and shows the first match when it is found. Returns whether
    /// there is more to do at once; if not, [`Terminal::search_due`] tells when there is again. Takes milliseconds: not
    /// for the window's own thread.
    pub fn search_step(&self) -> bool {
        let mut inner = self.inner.lock();
        let Inner { emulator, finder, .. } = &mut *inner;
        let Some(slice) = finder.as_mut().and_then(|finder| finder.slice(emulator)) else { return false };
        drop(inner);
        let found = slice.search();
        let mut inner = self.inner.lock();
        let Inner { emulator, finder, .. } = &mut *inner;
        let Some(finder) = finder else { return false };
        if finder.take_in(&slice, found, emulator) {
            reveal(finder, emulator);
            drop(inner);
            self.touch();
        }
        true
    }

    /// Waits until there may be lines to look through: a search began, or there is output. One waiter.
    pub async fn search_due(&self) {
        self.searched.notified().await;
    }

    /// How the search stands; `None` while there is none.
    #[must_use]
    pub fn search_status(&self) -> Option<Status> {
        let inner = self.inner.lock();
        let finder = inner.finder.as_ref()?;
        let mut status = finder.status(&inner.emulator);
        status.row = finder.current().and_then(|found| shown_row(&inner.emulator, found.start));
        Some(status)
    }

    /// Goes to the next match and shows it; beyond the last one the first follows.
    pub fn search_go(&self, direction: Direction) {
        let mut inner = self.inner.lock();
        let Inner { emulator, finder, .. } = &mut *inner;
        if let Some(finder) = finder
            && finder.go(direction)
        {
            reveal(finder, emulator);
        }
        drop(inner);
        self.touch();
    }

    /// Selects the match that the user looks at.
    pub fn search_select(&self) {
        let mut inner = self.inner.lock();
        let Inner { emulator, finder, .. } = &mut *inner;
        let Some(found) = finder.as_ref().and_then(|finder| finder.current()) else { return };
        let (start, end) = (found.start, found.end());
        if let (Some(first), Some(last)) = (line(emulator, start), line(emulator, end)) {
            let first = GridPoint::new(first, Column(start.column.into()));
            let mut selection = Selection::new(SelectionType::Simple, first, Side::Left);
            selection.update(GridPoint::new(last, Column(end.column.into())), Side::Right);
            emulator.term.selection = Some(selection);
        }
        drop(inner);
        self.touch();
    }

    /// The matches in `parts` equal parts of all lines; `None` while there is no search.
    #[must_use]
    pub fn search_marks(&self, parts: usize) -> Option<Marks> {
        let inner = self.inner.lock();
        let (parts, current) = inner.finder.as_ref()?.marks(&inner.emulator, parts.min(PARTS));
        Some(Marks { parts, current })
    }

    /// What the screen shows now, to be brought back by [`Terminal::show`].
    #[must_use]
    pub fn view(&self) -> View {
        let inner = self.inner.lock();
        let shown = inner.emulator.term.grid().display_offset();
        let top = Line(0) - shown;
        match inner.emulator.line_number(top) {
            Some(number) if shown > 0 => View::Line(number),
            _ => View::Bottom,
        }
    }

    /// Shows this part of the scrollback again; if it is gone, the oldest lines there are.
    pub fn show(&self, view: View) {
        match view {
            View::Bottom => self.scroll(super::Scroll::Bottom),
            View::Line(number) => {
                let oldest = self.lines().oldest;
                let _ = self.scroll_to_line(number.max(oldest), 0);
            }
        }
    }
}

/// Scrolls the match that the user looks at into sight: to the middle, unless it is in sight already, and not at the
/// very top, where what drives the search may lie over it.
fn reveal(finder: &Finder, emulator: &mut Emulator) {
    let Some(place) = finder.current().map(|found| found.start) else { return };
    if shown_row(emulator, place).is_some_and(|row| row >= COVERED) {
        return;
    }
    let Some(line) = line(emulator, place) else { return };
    let term = &mut emulator.term;
    let middle = i32::try_from(term.screen_lines() / 2).unwrap_or(0);
    let shown = i32::try_from(term.grid().display_offset()).unwrap_or(0);
    term.scroll_display(Scroll::Delta(middle - line.0 - shown));
}

/// The visible row that a place is in.
fn shown_row(emulator: &Emulator, place: Place) -> Option<u16> {
    let grid = emulator.term.grid();
    let row = i64::from(line(emulator, place)?.0) + i64::try_from(grid.display_offset()).ok()?;
    u16::try_from(row).ok().filter(|row| usize::from(*row) < grid.screen_lines())
}
