//! Text that an input method is composing, drawn in the cells where it will stand.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use term::terminal::content::{Cell, CursorShape, Row, Underline, Width};
use term::terminal::{Content, Rgb};
use unicode_width::UnicodeWidthChar;

use super::plan::Cursor;

/// Text being composed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preedit {
    /// The text.
    pub text: String,
    /// The bytes of the part that is being worked on; an empty range is the place of the caret. `None` shows none.
    pub selection: Option<Range<usize>>,
}

/// A line with composed text in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// Which line.
    pub line: u16,
    /// The column of the caret, where the input method's window belongs.
    pub column: u16,
    /// What the line looks like.
    pub row: Row,
    /// The caret; `None` where the input method shows none.
    pub cursor: Option<Cursor>,
}

impl Preedit {
    /// Puts the text over the cells from (`line`, `column`) on. Where the line ends too early it begins further left, and
    /// of text that is longer than the line the end is shown. `None` where there is no such line.
    #[must_use]
    pub fn compose(&self, content: &Content, (line, column): (u16, u16), caret: Rgb) -> Option<Composed> {
        let row = content.rows.get(usize::from(line))?;
        let columns = row.cells.len();
        let template = row.cells.get(usize::from(column))?;
        let (cells, at) = self.cells(template);
        let skipped = first_shown(&cells, columns);
        let shown = cells.get(skipped..).unwrap_or_default();
        let start = usize::from(column).min(columns - shown.len());
        let mut row = Row { cells: row.cells.clone(), pieces: row.pieces.clone(), revision: 0 };
        for (place, cell) in row.cells.iter_mut().skip(start).zip(shown) {
            *place = cell.clone();
        }
        heal(&mut row.cells, start, start + shown.len(), template);
        row.revision = revision(&row);
        let caret_column = (start + at.saturating_sub(skipped)).min(columns.saturating_sub(1));
        let column = u16::try_from(caret_column).unwrap_or(u16::MAX);
        let cursor = self.selection.as_ref().map(|_| Cursor {
            column,
            shape: CursorShape::Beam,
            hollow: false,
            wide: false,
            color: caret,
            text: template.foreground,
        });
        Some(Composed { line, column, row, cursor })
    }

    /// The cells of the text, and how many of them stand before the caret.
    fn cells(&self, template: &Cell) -> (Vec<Cell>, usize) {
        let selection = self.selection.clone().unwrap_or(self.text.len()..self.text.len());
        let plain = Cell {
            combining: None,
            underline_color: template.foreground,
            width: Width::Narrow,
            strikeout: false,
            overline: false,
            blink: false,
            ..template.clone()
        };
        let (mut cells, mut before) = (Vec::<Cell>::new(), None);
        for (index, character) in self.text.char_indices().filter(|(_, character)| !character.is_control()) {
            if index >= selection.end && before.is_none() {
                before = Some(cells.len());
            }
            // What is being worked on stands out from the rest.
            let underline = if selection.contains(&index) { Underline::Double } else { Underline::Single };
            let cell = Cell { character, underline, ..plain.clone() };
            match character.width() {
                Some(0) => {
                    if let Some(last) = cells.iter_mut().rev().find(|cell| cell.width != Width::Spacer) {
                        last.combining = Some(format!("{}{character}", last.combining.as_deref().unwrap_or("")).into());
                    }
                }
                Some(2) => {
                    cells.push(Cell { width: Width::Wide, ..cell.clone() });
                    cells.push(Cell { character: ' ', width: Width::Spacer, ..cell });
                }
                _ => cells.push(cell),
            }
        }
        let before = before.unwrap_or(cells.len());
        (cells, before)
    }
}

/// The first cell that is shown of more than fit; never the second half of a character.
fn first_shown(cells: &[Cell], columns: usize) -> usize {
    let first = cells.len().saturating_sub(columns);
    first + usize::from(cells.get(first).is_some_and(|cell| cell.width == Width::Spacer))
}

/// Blanks the halves of wide characters that lost their other half at either end of the text.
fn heal(cells: &mut [Cell], start: usize, end: usize, template: &Cell) {
    let blank =
        Cell { character: ' ', combining: None, width: Width::Narrow, underline: Underline::None, ..template.clone() };
    if let Some(last) =
        start.checked_sub(1).and_then(|index| cells.get_mut(index)).filter(|cell| cell.width == Width::Wide)
    {
        *last = blank.clone();
    }
    if let Some(next) = cells.get_mut(end).filter(|cell| cell.width == Width::Spacer) {
        *next = blank;
    }
}

/// A revision that no row of a terminal has and that is the same for the same cells.
fn revision(row: &Row) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.cells.hash(&mut hasher);
    hasher.finish() | 1 << 63
}

#[cfg(test)]
mod tests {
    use super::super::plan::tests::{WHITE, cell};
    use super::*;

    fn content(text: &str) -> Content {
        let row = Row { cells: text.chars().map(cell).collect(), revision: 1, ..Row::default() };
        Content { rows: vec![row], ..Content::default() }
    }

    fn compose(line: &str, column: u16, text: &str, selection: Option<Range<usize>>) -> Composed {
        let preedit = Preedit { text: text.to_owned(), selection };
        preedit.compose(&content(line), (0, column), WHITE).expect("a line")
    }

    /// The characters, `_` for the second half of a wide one.
    fn shown(composed: &Composed) -> String {
        let character = |cell: &Cell| if cell.width == Width::Spacer { '_' } else { cell.character };
        composed.row.cells.iter().map(character).collect()
    }

    #[test]
    fn the_text_stands_at_the_cursor_underlined_with_its_caret() {
        let composed = compose("$ .......", 2, "かn", Some(3..3));
        assert_eq!((shown(&composed).as_str(), composed.column), ("$ か_n....", 4));
        let underlines: Vec<_> = composed.row.cells.iter().map(|cell| cell.underline != Underline::None).collect();
        assert_eq!(underlines, [false, false, true, true, true, false, false, false, false]);
        assert_eq!(composed.cursor.map(|cursor| (cursor.column, cursor.shape)), Some((4, CursorShape::Beam)));
        assert_eq!(compose("$ .......", 2, "かn", None).cursor, None);
    }

    #[test]
    fn the_part_that_is_worked_on_stands_out() {
        let composed = compose(".......", 0, "漢字x", Some(0..3));
        let underline = |index: usize| composed.row.cells[index].underline;
        assert_eq!(
            (underline(0), underline(1), underline(2), underline(4)),
            (Underline::Double, Underline::Double, Underline::Single, Underline::Single)
        );
        assert_eq!(composed.column, 2);
    }

    #[test]
    fn text_that_does_not_fit_moves_left_and_then_loses_its_beginning() {
        assert_eq!(shown(&compose("abcdef", 5, "xyz", Some(3..3))), "abcxyz");
        let long = compose("abcdef", 5, "漢字漢字", Some(12..12));
        assert_eq!((shown(&long).as_str(), long.column), ("字_漢_字_", 5));
        let odd = compose("abcde", 4, "漢字漢", Some(9..9));
        assert_eq!(shown(&odd), "a字_漢_");
    }

    #[test]
    fn marks_join_their_letter_and_controls_are_left_out() {
        let composed = compose("......", 0, "e\u{301}\x1bx", Some(0..0));
        assert_eq!((shown(&composed).as_str(), composed.column), ("ex....", 0));
        assert_eq!(composed.row.cells[0].combining.as_deref(), Some("\u{301}"));
    }

    #[test]
    fn half_covered_characters_are_blank_and_equal_lines_have_equal_revisions() {
        let mut content = content("......");
        content.rows[0].cells[1].width = Width::Wide;
        content.rows[0].cells[2].width = Width::Spacer;
        let preedit = Preedit { text: "x".to_owned(), selection: None };
        let composed = preedit.compose(&content, (0, 2), WHITE).expect("a line");
        assert_eq!((composed.row.cells[1].character, composed.row.cells[1].width), (' ', Width::Narrow));
        let composed = preedit.compose(&content, (0, 1), WHITE).expect("a line");
        assert_eq!((composed.row.cells[2].character, composed.row.cells[2].width), (' ', Width::Narrow));
        assert_eq!(preedit.compose(&content, (0, 1), WHITE), Some(composed));
        assert_eq!(preedit.compose(&content, (1, 0), WHITE), None);
    }
}
