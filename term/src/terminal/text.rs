//! Text out of the grid: what is selected, what is visible.

use std::ops::RangeInclusive;

use alacritty_terminal::event::VoidListener;
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::selection::SelectionRange;
use alacritty_terminal::term::Term;
use alacritty_terminal::term::cell::{Cell, Flags};

use super::image::cells;
use super::image::kitty::placeholder;
/// The selected part of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// The row, 0 for the topmost of the screen and negative above it.
    pub(super) line: i32,
    /// The first column.
    pub(super) from: usize,
    /// The last column.
    pub(super) to: usize,
    /// The text goes on in the next row: blanks at the end belong to it.
    pub(super) wrapped: bool,
    /// A line end comes after it.
    pub(super) ends: bool,
}

/// The parts of these rows in a range that includes them, from the top.
pub(super) fn of_rows(term: &Term<VoidListener>, range: SelectionRange, lines: RangeInclusive<i32>) -> Vec<Span> {
    let part = |number: i32| {
        let line = Line(number);
        let whole = |edge: Line| !range.is_block && line != edge;
        let from = if whole(range.start.line) { 0 } else { range.start.column.0 };
        let to = if whole(range.end.line) { term.columns() - 1 } else { range.end.column.0 };
        let row = &term.grid()[line];
        // The first half of a wide character belongs to the second.
        let halved = row[Column(from.min(term.columns() - 1))].flags.contains(Flags::WIDE_CHAR_SPACER);
        let wrapped = !range.is_block && wraps(term, line) && to + 1 >= term.columns();
        let ends = !wrapped && number != range.end.line.0;
        Span { line: number, from: from - usize::from(halved && from > 0), to, wrapped, ends }
    };
    lines.map(part).collect()
}

/// The text of a range: wrapped lines joined, trailing blanks dropped.
pub(super) fn of_range(term: &Term<VoidListener>, range: SelectionRange) -> Option<String> {
    let mut text = String::new();
    push(&mut text, term, &of_rows(term, range, range.start.line.0..=range.end.line.0));
    (!text.is_empty()).then_some(text)
}

/// Appends the text of parts of rows.
pub(super) fn push(text: &mut String, term: &Term<VoidListener>, spans: &[Span]) {
    for span in spans {
        push_line(text, term, Line(span.line), (span.from, span.to), span.wrapped);
        if span.ends {
            text.push('\n');
        }
    }
}

/// The visible text, a line each, without trailing blanks.
pub(super) fn visible(term: &Term<VoidListener>) -> String {
    let offset = term.grid().display_offset();
    let mut text = String::new();
    for line in 0..term.screen_lines() {
        let line = Line(i32::try_from(line).unwrap_or(0)) - offset;
        push_line(&mut text, term, line, (0, term.columns() - 1), false);
        text.push('\n');
    }
    text
}

/// How many rows of a wrapped line are looked at before the one with the cursor.
const WRAPPED: i32 = 4;

/// The text of the cursor's line up to the cursor; of a wrapped line with the rows before it.
pub(super) fn before_cursor(term: &Term<VoidListener>) -> String {
    let cursor = term.grid().cursor.point;
    let last = cursor.line.0;
    let mut first = last;
    while first > 0 && last - first < WRAPPED && wraps(term, Line(first - 1)) {
        first -= 1;
    }
    let mut text = String::new();
    for line in first..last {
        push_line(&mut text, term, Line(line), (0, term.columns() - 1), true);
    }
    if let Some(to) = cursor.column.0.checked_sub(1) {
        push_line(&mut text, term, cursor.line, (0, to), true);
    }
    text
}

/// The text of one line of the grid, without trailing blanks.
#[cfg(test)]
pub(super) fn line(term: &Term<VoidListener>, line: Line) -> String {
    let mut text = String::new();
    push_line(&mut text, term, line, (0, term.columns() - 1), false);
    text
}

/// Whether the line goes on in the next one.
fn wraps(term: &Term<VoidListener>, line: Line) -> bool {
    term.grid()[line][term.last_column()].flags.contains(Flags::WRAPLINE)
}

/// Appends columns `from` to `to` of `line`; blanks at its end only if the text goes on.
fn push_line(text: &mut String, term: &Term<VoidListener>, line: Line, (from, to): (usize, usize), goes_on: bool) {
    let row = &term.grid()[line];
    let begin = text.len();
    for column in from..=to.min(term.columns() - 1) {
        push_cell(text, &row[Column(column)]);
    }
    if !goes_on {
        let kept = text.get(begin..).unwrap_or_default().trim_end_matches(' ').len();
        text.truncate(begin + kept);
    }
}

fn push_cell(text: &mut String, cell: &Cell) {
    if cell.flags.intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER) {
        return;
    }
    // A part of a picture is no text.
    if cell.c == placeholder::CHARACTER {
        return text.push(' ');
    }
    // Where a tab was printed the grid holds one, followed by blanks.
    text.push(if cell.c.is_control() { ' ' } else { cell.c });
    text.extend(cells::combining(cell));
}
