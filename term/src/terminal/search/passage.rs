//! A line of text as the program printed it, and where in the grid each of its characters stands.

use alacritty_terminal::grid::Row;
use alacritty_terminal::index::Column;
use alacritty_terminal::term::cell::{Cell, Flags};

use super::super::image::cells;

/// A line of text: the rows that it was wrapped into, joined.
#[derive(Debug, Default)]
pub(in super::super) struct Passage {
    text: String,
    rows: Vec<Part>,
}

/// What one row adds.
#[derive(Debug)]
struct Part {
    /// Where in the text it begins.
    begin: usize,
    /// The column of each byte; `None` while they count up together, as in rows of ASCII.
    columns: Option<Vec<u16>>,
}

/// A cell of a passage: rows are counted from its first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Position {
    pub(in super::super) row: usize,
    pub(in super::super) column: u16,
}

impl Passage {
    /// The text.
    pub(in super::super) fn text(&self) -> &str {
        &self.text
    }

    /// Adds the next row. Blanks at the end of the last row are none of the text.
    pub(in super::super) fn push(&mut self, row: &Row<Cell>, last: bool) {
        let begin = self.text.len();
        let mut columns = None;
        for column in 0..row.len() {
            let cell = &row[Column(column)];
            if cell.flags.intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER) {
                continue;
            }
            let character = if cell.c.is_control() { ' ' } else { cell.c };
            let plain = cells::combining(cell).next().is_none();
            if columns.is_none() && !(character.is_ascii() && plain && self.text.len() - begin == column) {
                columns = Some((0..column as u16).collect::<Vec<_>>());
            }
            self.text.push(character);
            self.text.extend(cells::combining(cell));
            if let Some(columns) = &mut columns {
                columns.resize(self.text.len() - begin, column as u16);
            }
        }
        if last {
            let kept = self.text.get(begin..).unwrap_or_default().trim_end_matches(' ').len();
            self.text.truncate(begin + kept);
        }
        self.rows.push(Part { begin, columns });
    }

    /// The cell of the character to which this byte belongs; the one after the last for the end of the text.
    pub(in super::super) fn position(&self, byte: usize) -> Position {
        let row = self.rows.partition_point(|part| part.begin <= byte).saturating_sub(1);
        let Some(part) = self.rows.get(row) else { return Position { row: 0, column: 0 } };
        let within = byte - part.begin;
        let column = match &part.columns {
            None => u16::try_from(within).unwrap_or(u16::MAX),
            Some(columns) => match columns.get(within) {
                Some(column) => *column,
                None => columns.last().map_or(0, |last| last + 1),
            },
        };
        Position { row, column }
    }

    /// The byte at which the character of a cell begins; `None` beyond the text.
    pub(in super::super) fn byte(&self, position: Position) -> Option<usize> {
        let part = self.rows.get(position.row)?;
        let end = self.rows.get(position.row + 1).map_or(self.text.len(), |next| next.begin);
        let within = match &part.columns {
            None => usize::from(position.column),
            // The second half of a wide character has no byte of its own.
            Some(columns) => {
                let after = columns.partition_point(|column| *column <= position.column);
                let last = *columns.get(after.checked_sub(1)?)?;
                if after == columns.len() && position.column > last + 1 {
                    return None;
                }
                columns.partition_point(|column| *column < last)
            }
        };
        Some(part.begin + within).filter(|byte| *byte < end)
    }

    /// The rows that it has.
    pub(in super::super) fn rows(&self) -> usize {
        self.rows.len()
    }
}
