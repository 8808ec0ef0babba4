//! Points on the screen and what a selection is.

pub mod caret;
pub mod word;

use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::index::{Column, Line, Point as GridPoint, Side as GridSide};
use alacritty_terminal::selection::{Selection, SelectionRange, SelectionType};

use super::emulator::Emulator;
use super::html::Page;
use super::search::{self, Place, Position};
use super::text::{self, Span};
use super::{Inner, Terminal};

/// Rows that are copied under one lock.
const SLICE: u64 = 2_000;

/// Rows of one line that are looked at for a word.
const LONGEST: u64 = 256;

/// A cell of what is shown: line 0 is the topmost visible line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Visible line from the top.
    pub line: u16,
    /// Column from the left.
    pub column: u16,
}

/// Which half of a cell the pointer is in; a selection begins and ends between halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The left half.
    Left,
    /// The right half.
    Right,
}

/// What a selection grows by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectionKind {
    /// Characters (one click).
    Simple,
    /// A rectangle (Alt held).
    Block,
    /// Words (two clicks).
    Semantic,
    /// Lines (three clicks).
    Lines,
}

impl From<Side> for GridSide {
    fn from(side: Side) -> Self {
        match side {
            Side::Left => Self::Left,
            Side::Right => Self::Right,
        }
    }
}

impl From<SelectionKind> for SelectionType {
    fn from(kind: SelectionKind) -> Self {
        match kind {
            SelectionKind::Simple => Self::Simple,
            SelectionKind::Block => Self::Block,
            SelectionKind::Semantic => Self::Semantic,
            SelectionKind::Lines => Self::Lines,
        }
    }
}

/// How what is selected grows.
#[derive(Debug)]
pub(super) struct Selecting {
    /// Where words end.
    pub(super) separators: String,
    /// The word that a selection by words began with.
    word: Option<(Place, Place)>,
}

impl Default for Selecting {
    fn default() -> Self {
        Self { separators: word::SEPARATORS.to_owned(), word: None }
    }
}

impl Terminal {
    /// Begins a selection.
    pub fn select(&self, kind: SelectionKind, point: Point, side: Side) {
        let mut inner = self.inner.lock();
        let point = inner.grid_point(point);
        inner.select(kind, point, side);
        drop(inner);
        self.touch();
    }

    /// Moves the end of the selection.
    pub fn extend_selection(&self, point: Point, side: Side) {
        let mut inner = self.inner.lock();
        let point = inner.grid_point(point);
        inner.extend_selection(point, side);
        drop(inner);
        self.touch();
    }

    /// Selects everything, from the oldest line to the last one with text in it.
    pub fn select_all(&self) {
        let mut inner = self.inner.lock();
        let term = &mut inner.emulator.term;
        let used = (term.topmost_line().0..=term.bottommost_line().0).rev().map(Line);
        let last = used.take_while(|line| line.0 >= 0).find(|line| !is_blank(&term.grid()[*line]));
        let first = GridPoint::new(term.topmost_line(), Column(0));
        let last = GridPoint::new(last.unwrap_or(Line(0)), term.last_column());
        let mut selection = Selection::new(SelectionType::Simple, first, GridSide::Left);
        selection.update(last, GridSide::Right);
        term.selection = Some(selection);
        inner.selecting.word = None;
        drop(inner);
        self.touch();
    }

    /// The selected text, without trailing blanks; wrapped lines are joined.
    #[must_use]
    pub fn selected_text(&self) -> Option<String> {
        let mut text = String::new();
        self.each_selected(|emulator, spans| text::push(&mut text, &emulator.term, spans));
        (!text.is_empty()).then_some(text)
    }

    /// The selected text, and the same as HTML with its colours and styles as they are on the screen.
    #[must_use]
    pub fn selected_html(&self) -> Option<(String, String)> {
        let (mut text, mut page) = (String::new(), None);
        self.each_selected(|emulator, spans| {
            text::push(&mut text, &emulator.term, spans);
            page.get_or_insert_with(|| Page::new(emulator)).push(emulator, spans);
        });
        page.filter(|_| !text.is_empty()).map(|page| (text, page.finish()))
    }

    /// Hands out the selected parts of rows from the top, a slice at a time: a million lines must not hold the lock
    /// for as long as copying them takes. What leaves the scrollback meanwhile is left out.
    fn each_selected(&self, mut take: impl FnMut(&Emulator, &[Span])) {
        let mut slice: Option<(Place, Place, bool)> = None;
        let mut next = None;
        loop {
            let inner = self.inner.lock();
            let emulator = &inner.emulator;
            let term = &emulator.term;
            let (start, end, is_block) = match slice {
                Some(slice) => slice,
                None => match term.selection.as_ref().and_then(|selection| selection.to_range(term)) {
                    Some(range) => (place(emulator, range.start), place(emulator, range.end), range.is_block),
                    None => return,
                },
            };
            slice = Some((start, end, is_block));
            let from: u64 = next.unwrap_or(start.line);
            let to = end.line.min(from + SLICE - 1);
            next = Some(to + 1);
            // The column of an end that is gone does not matter: its row is not among these.
            let point = |place: Place| {
                GridPoint::new(
                    search::line(emulator, place).unwrap_or(term.topmost_line()),
                    Column(place.column.into()),
                )
            };
            let lines = |number: u64| search::line(emulator, Place { line: number, column: 0 });
            if let Some(last) = lines(to) {
                let first = lines(from).unwrap_or(term.topmost_line());
                let (mut begin, mut finish) = (point(start), point(end));
                if start.line < from {
                    begin.line = begin.line.min(first - 1);
                }
                finish.line = finish.line.max(last);
                let range = SelectionRange { start: begin, end: finish, is_block };
                take(emulator, &text::of_rows(term, range, first.0..=last.0));
            }
            if to >= end.line {
                return;
            }
        }
    }

    /// Whether anything is selected.
    #[must_use]
    pub fn has_selection(&self) -> bool {
        let inner = self.inner.lock();
        let term = &inner.emulator.term;
        term.selection.as_ref().is_some_and(|selection| selection.to_range(term).is_some())
    }

    /// Drops the selection.
    pub fn clear_selection(&self) {
        let mut inner = self.inner.lock();
        inner.emulator.term.selection = None;
        inner.selecting.word = None;
        drop(inner);
        self.touch();
    }

    /// The characters at which words end, for selecting by words.
    pub fn set_word_separators(&self, separators: &str) {
        separators.clone_into(&mut self.inner.lock().selecting.separators);
    }
}

impl Inner {
    pub(super) fn select(&mut self, kind: SelectionKind, point: GridPoint, side: Side) {
        let Self { emulator, selecting, .. } = self;
        selecting.word = None;
        let mut selection = Selection::new(kind.into(), point, side.into());
        if kind == SelectionKind::Semantic {
            let (first, last) = word_at(emulator, &selecting.separators, point);
            selection = Selection::new(SelectionType::Simple, first, GridSide::Left);
            selection.update(last, GridSide::Right);
            selecting.word = Some((place(emulator, first), place(emulator, last)));
        }
        emulator.term.selection = Some(selection);
    }

    pub(super) fn extend_selection(&mut self, point: GridPoint, side: Side) {
        let Self { emulator, selecting, .. } = self;
        if emulator.term.selection.is_none() {
            return;
        }
        let begun =
            selecting.word.and_then(|(first, last)| Some((grid_point(emulator, first)?, grid_point(emulator, last)?)));
        let Some((first, last)) = begun else {
            if let Some(selection) = &mut emulator.term.selection {
                selection.update(point, side.into());
            }
            return;
        };
        // The word that it began with stays selected, whichever way it grows.
        let (from, to) = word_at(emulator, &selecting.separators, point);
        let (begin, begin_side, end, end_side) = if from < first {
            (last, GridSide::Right, from, GridSide::Left)
        } else {
            (first, GridSide::Left, to.max(last), GridSide::Right)
        };
        let mut selection = Selection::new(SelectionType::Simple, begin, begin_side);
        selection.update(end, end_side);
        emulator.term.selection = Some(selection);
    }
}

fn is_blank(row: &alacritty_terminal::grid::Row<alacritty_terminal::term::cell::Cell>) -> bool {
    row.into_iter().all(|cell| cell.c == ' ' || cell.c == '\t')
}

fn place(emulator: &Emulator, point: GridPoint) -> Place {
    search::place(emulator, point.line, point.column.0)
}

fn grid_point(emulator: &Emulator, place: Place) -> Option<GridPoint> {
    Some(GridPoint::new(search::line(emulator, place)?, Column(place.column.into())))
}

/// The first and last cell of the word at `point`, which may go on over several rows.
fn word_at(emulator: &Emulator, separators: &str, point: GridPoint) -> (GridPoint, GridPoint) {
    if let Some(other) = emulator.term.bracket_search(point) {
        return (point.min(other), point.max(other));
    }
    let at = place(emulator, point);
    let begin = search::begin(emulator, at.line, LONGEST);
    let passages = search::read(emulator, begin, at.line + LONGEST);
    let Some((first, passage)) = passages.first().filter(|(first, _)| *first <= at.line) else { return (point, point) };
    let row = usize::try_from(at.line - first).unwrap_or(0);
    // Beyond the end of the text there are blanks.
    let Some(byte) = passage.byte(Position { row, column: at.column }) else { return (point, point) };
    let range = word::at(passage.text(), byte, separators);
    let cell = |byte: usize| {
        let position = passage.position(byte);
        grid_point(emulator, Place { line: first + position.row as u64, column: position.column }).unwrap_or(point)
    };
    (cell(range.start), cell(range.end.saturating_sub(1)))
}
