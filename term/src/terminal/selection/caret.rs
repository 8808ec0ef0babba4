//! Selecting with the keyboard: a caret that walks over the screen and the scrollback.

use alacritty_terminal::grid::{Dimensions as _, Scroll};
use alacritty_terminal::index::{Column, Line, Point as GridPoint, Side as GridSide};
use alacritty_terminal::selection::Selection;
use alacritty_terminal::term::cell::Flags;

use super::super::content::{Content, Cursor, CursorShape};
use super::super::emulator::Emulator;
use super::super::search::{self, Passage, Place};
use super::super::{Inner, Terminal};
use super::word::is_separator;
use super::{SelectionKind, is_blank, place};

/// A movement of the caret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// One character to the left, from the first one to the line above.
    Left,
    /// One character to the right, from the last one to the line below.
    Right,
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// To the begin of the word, or of the one before.
    WordLeft,
    /// To the end of the word, or of the next one.
    WordRight,
    /// To the first column.
    LineStart,
    /// To the last character.
    LineEnd,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// To the oldest line.
    Top,
    /// To the last line with text.
    Bottom,
}

/// The caret.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Caret {
    at: Place,
    /// Where what it selects began, and by what it grows.
    from: Option<(Place, SelectionKind)>,
}

impl Terminal {
    /// Begins to select with the keyboard, at the cursor, or in the last row if that is not in sight.
    pub fn begin_caret(&self) {
        let mut inner = self.inner.lock();
        let grid = inner.emulator.term.grid();
        let bottom = Line(i32::try_from(grid.screen_lines()).unwrap_or(1) - 1) - grid.display_offset();
        let cursor = grid.cursor.point;
        let start = if cursor.line <= bottom { cursor } else { GridPoint::new(bottom, Column(0)) };
        let at = place(&inner.emulator, start);
        inner.caret = Some(Caret { at, from: None });
        drop(inner);
        self.touch();
    }

    /// Ends selecting with the keyboard; what is selected stays so.
    pub fn end_caret(&self) {
        let mut inner = self.inner.lock();
        inner.caret = None;
        // The cursor's row shows another cursor now.
        inner.emulator.redraw = true;
        drop(inner);
        self.touch();
    }

    /// Whether the keyboard selects.
    #[must_use]
    pub fn has_caret(&self) -> bool {
        self.inner.lock().caret.is_some()
    }

    /// Moves the caret; with `extend` it selects what it moves over, without it drops what is selected, unless
    /// [`Terminal::anchor_caret`] holds one end.
    pub fn move_caret(&self, movement: Movement, extend: bool) {
        let mut inner = self.inner.lock();
        inner.move_caret(movement, extend);
        drop(inner);
        self.touch();
    }

    /// Begins a selection of this kind at the caret, changes the kind of the one there is, or drops one of the same kind.
    pub fn anchor_caret(&self, kind: SelectionKind) {
        let mut inner = self.inner.lock();
        if let Some(caret) = &mut inner.caret {
            caret.from = match caret.from {
                Some((_, same)) if same == kind => None,
                Some((from, _)) => Some((from, kind)),
                None => Some((caret.at, kind)),
            };
            inner.select_by_caret();
        }
        drop(inner);
        self.touch();
    }
}

impl Inner {
    fn move_caret(&mut self, movement: Movement, extend: bool) {
        let Self { emulator, caret: Some(caret), .. } = self else { return };
        let Some(line) = search::line(emulator, caret.at) else {
            // Its line is gone from the scrollback: the oldest one takes its place.
            let first = GridPoint::new(emulator.term.topmost_line(), Column(0));
            *caret = Caret { at: place(emulator, first), from: None };
            return;
        };
        if extend && caret.from.is_none() {
            caret.from = Some((caret.at, SelectionKind::Simple));
        }
        let from = GridPoint::new(line, Column(caret.at.column.into()).min(emulator.term.last_column()));
        let to = moved(emulator, &self.selecting.separators, from, movement);
        caret.at = place(emulator, to);
        reveal(emulator, to.line);
        self.select_by_caret();
    }

    fn select_by_caret(&mut self) {
        let Self { emulator, caret: Some(caret), .. } = self else { return };
        let ends = caret.from.and_then(|(from, kind)| {
            Some((super::grid_point(emulator, from)?, super::grid_point(emulator, caret.at)?, kind))
        });
        emulator.term.selection = ends.map(|(from, to, kind)| {
            let mut selection = Selection::new(kind.into(), from, GridSide::Left);
            selection.update(to, GridSide::Right);
            selection.include_all();
            selection
        });
    }
}

impl Caret {
    /// Shows the caret in place of the cursor.
    pub(in super::super) fn show(self, emulator: &Emulator, content: &mut Content) {
        let grid = emulator.term.grid();
        let row = search::line(emulator, self.at)
            .and_then(|line| usize::try_from(line.0 + i32::try_from(grid.display_offset()).ok()?).ok())
            .filter(|row| *row < grid.screen_lines());
        let cell = row.and_then(|row| content.rows.get(row)?.cells.get(usize::from(self.at.column)));
        content.cursor = row.zip(cell).map(|(row, cell)| Cursor {
            line: u16::try_from(row).unwrap_or(0),
            column: self.at.column,
            shape: CursorShape::Block,
            blinking: false,
            wide: cell.width == super::super::content::Width::Wide,
            // As a block of the text's own colour it is told from the cursor, which has one of its own.
            color: cell.foreground,
            text_color: cell.background,
        });
    }
}

/// Scrolls a line into sight.
fn reveal(emulator: &mut Emulator, line: Line) {
    let term = &mut emulator.term;
    let shown = i32::try_from(term.grid().display_offset()).unwrap_or(0);
    let last = i32::try_from(term.screen_lines()).unwrap_or(1) - 1;
    let row = line.0 + shown;
    let by = if row < 0 { -row } else { (last - row).min(0) };
    if by != 0 {
        term.scroll_display(Scroll::Delta(by));
    }
}

fn moved(emulator: &Emulator, separators: &str, from: GridPoint, movement: Movement) -> GridPoint {
    let term = &emulator.term;
    let page = i32::try_from(term.screen_lines()).unwrap_or(1);
    let by = |lines: i32| {
        let line = (from.line + lines).clamp(term.topmost_line(), term.bottommost_line());
        GridPoint::new(line, from.column)
    };
    let point = match movement {
        Movement::Left if from.column.0 > 0 => GridPoint::new(from.line, from.column - 1),
        Movement::Left if from.line > term.topmost_line() => GridPoint::new(from.line - 1, term.last_column()),
        Movement::Right => right(emulator, from),
        Movement::Left => from,
        Movement::Up => by(-1),
        Movement::Down => by(1),
        Movement::PageUp => by(-page),
        Movement::PageDown => by(page),
        Movement::LineStart => GridPoint::new(from.line, Column(0)),
        Movement::LineEnd => GridPoint::new(from.line, last_used(emulator, from.line)),
        Movement::WordLeft => word(emulator, separators, from, true),
        Movement::WordRight => word(emulator, separators, from, false),
        Movement::Top => GridPoint::new(term.topmost_line(), Column(0)),
        Movement::Bottom => {
            let lines = (0..page).rev().map(Line).find(|line| !is_blank(&term.grid()[*line])).unwrap_or(Line(0));
            GridPoint::new(lines, last_used(emulator, lines))
        }
    };
    // The second half of a wide character is none to stand on.
    let spacer = term.grid()[point].flags.contains(Flags::WIDE_CHAR_SPACER);
    if spacer { GridPoint::new(point.line, Column(point.column.0.saturating_sub(1))) } else { point }
}

fn right(emulator: &Emulator, from: GridPoint) -> GridPoint {
    let term = &emulator.term;
    let wide = usize::from(term.grid()[from].flags.contains(Flags::WIDE_CHAR));
    let next = from.column + 1 + wide;
    if next <= term.last_column() {
        GridPoint::new(from.line, next)
    } else if from.line < term.bottommost_line() {
        GridPoint::new(from.line + 1, Column(0))
    } else {
        from
    }
}

fn last_used(emulator: &Emulator, line: Line) -> Column {
    let row = &emulator.term.grid()[line];
    Column(row.into_iter().rposition(|cell| cell.c != ' ' || cell.zerowidth().is_some()).unwrap_or(0))
}

/// The begin of the word before, or the end of the next, within the line and the one beside it.
fn word(emulator: &Emulator, separators: &str, from: GridPoint, left: bool) -> GridPoint {
    let at = place(emulator, from);
    let begin = search::begin(emulator, at.line, super::LONGEST);
    let passages = search::read(emulator, begin, at.line + super::LONGEST);
    let Some((first, passage)) = passages.first() else { return from };
    let position = search::Position { row: usize::try_from(at.line - first).unwrap_or(0), column: at.column };
    let text = passage.text();
    let byte = passage.byte(position).unwrap_or(text.len());
    let found = if left { word_left(text, byte, separators) } else { word_right(text, byte, separators) };
    let cell = |passage: &Passage, first: u64, byte: usize| {
        let position = passage.position(byte);
        super::grid_point(emulator, Place { line: first + position.row as u64, column: position.column })
    };
    let found = found.and_then(|byte| cell(passage, *first, byte));
    // Beyond its first or last word the line beside it is next.
    let (up, down) = (from.line - 1, from.line + 1);
    match found {
        Some(point) => point,
        None if left && up >= emulator.term.topmost_line() => GridPoint::new(up, last_used(emulator, up)),
        None if !left && down <= emulator.term.bottommost_line() => GridPoint::new(down, Column(0)),
        None => from,
    }
}

/// The first byte of the nearest word that begins before `byte`.
fn word_left(text: &str, byte: usize, separators: &str) -> Option<usize> {
    let before = text.get(..byte)?;
    let end = before.trim_end_matches(|c| is_separator(c, separators));
    let begin = end.trim_end_matches(|c| !is_separator(c, separators)).len();
    (begin < end.len()).then_some(begin)
}

/// The first byte of the last character of the nearest word that ends after the character at `byte`.
fn word_right(text: &str, byte: usize, separators: &str) -> Option<usize> {
    let after = text.get(byte..)?;
    let next = after.chars().next()?.len_utf8();
    let rest = after.get(next..)?;
    let word = rest.trim_start_matches(|c| is_separator(c, separators));
    let length = word.find(|c| is_separator(c, separators)).unwrap_or(word.len());
    let (last, _) = word.get(..length)?.char_indices().next_back()?;
    Some(byte + next + (rest.len() - word.len()) + last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_walked_over_in_both_directions() {
        let text = "one, two three";
        let mut right = vec![0];
        while let Some(byte) = word_right(text, right[right.len() - 1], " ,") {
            right.push(byte);
        }
        assert_eq!(right, [0, 2, 7, 13]);
        let mut left = vec![13];
        while let Some(byte) = word_left(text, left[left.len() - 1], " ,") {
            left.push(byte);
        }
        assert_eq!(left, [13, 9, 5, 0]);
    }
}
