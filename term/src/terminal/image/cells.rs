//! Marks in the grid's cells: this cell shows that part of that picture.
//!
//! A mark is kept among the cell's combining characters, as private-use characters of plane 15. No program can print
//! one there, since they are not combining, and everything that moves, copies, wraps or erases a cell does the same to
//! its part of the picture. So text that is written over a sixel picture replaces it, and nothing must be kept in step.

use alacritty_terminal::term::cell::Cell;

/// The first of 65,536 private-use characters, each of which stands for a number.
const FIRST: u32 = 0xf_0000;

/// Characters of a mark.
const LENGTH: usize = 4;

/// Pictures that one cell shows, where they shine through each other.
const DEPTH: usize = 4;

/// Which part of which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terminal) struct Mark {
    /// The number of the slot that holds the picture.
    pub(in crate::terminal) slot: u32,
    /// Cells from the picture's top.
    pub(in crate::terminal) line: u16,
    /// Cells from the picture's left.
    pub(in crate::terminal) column: u16,
}

/// Whether a character in the place of combining ones belongs to a mark.
fn is_mark(c: char) -> bool {
    (FIRST..FIRST + 0x1_0000).contains(&u32::from(c))
}

/// The marks of a cell, the lowest first.
pub(in crate::terminal) fn marks(cell: &Cell) -> impl Iterator<Item = Mark> {
    let mut numbers =
        cell.zerowidth().unwrap_or_default().iter().filter(|c| is_mark(**c)).map(|c| u32::from(*c) - FIRST);
    std::iter::from_fn(move || {
        let (high, low) = (numbers.next()?, numbers.next()?);
        let (line, column) = (u16::try_from(numbers.next()?).ok()?, u16::try_from(numbers.next()?).ok()?);
        Some(Mark { slot: high << 16 | low, line, column })
    })
}

/// The combining characters of a cell, without marks.
pub(in crate::terminal) fn combining(cell: &Cell) -> impl Iterator<Item = char> {
    cell.zerowidth().unwrap_or_default().iter().copied().filter(|c| !is_mark(*c))
}

/// Marks a cell. What it showed before shows through if `transparent`.
pub(in crate::terminal) fn mark(cell: &mut Cell, mark: Mark, transparent: bool) {
    let below: Vec<Mark> = if transparent { marks(cell).collect() } else { Vec::new() };
    clear(cell);
    let skipped = below.len().saturating_sub(DEPTH - 1);
    for mark in below.into_iter().skip(skipped).chain([mark]) {
        let numbers = [mark.slot >> 16, mark.slot & 0xffff, mark.line.into(), mark.column.into()];
        let characters: [Option<char>; LENGTH] = numbers.map(|number| char::from_u32(FIRST + number));
        characters.into_iter().flatten().for_each(|c| cell.push_zerowidth(c));
    }
}

/// Removes the marks of a cell.
pub(in crate::terminal) fn clear(cell: &mut Cell) {
    if marks(cell).next().is_none() {
        return;
    }
    let combining: Vec<char> = combining(cell).collect();
    let (underline, link) = (cell.underline_color(), cell.hyperlink());
    cell.extra = None;
    combining.into_iter().for_each(|c| cell.push_zerowidth(c));
    if underline.is_some() {
        cell.set_underline_color(underline);
    }
    if link.is_some() {
        cell.set_hyperlink(link);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { slot: 0x1234_ffff, line: 700, column: u16::MAX };

    #[test]
    fn a_mark_is_read_as_it_was_made_and_leaves_the_rest_of_the_cell_alone() {
        let mut cell = Cell { c: 'e', ..Cell::default() };
        cell.push_zerowidth('\u{301}');
        let before = cell.clone();
        mark(&mut cell, MARK, false);
        assert_eq!(marks(&cell).collect::<Vec<_>>(), [MARK]);
        assert_eq!(combining(&cell).collect::<String>(), "\u{301}");
        clear(&mut cell);
        assert_eq!(cell, before);
    }

    #[test]
    fn an_opaque_picture_replaces_the_others_and_a_transparent_one_joins_a_few() {
        let mut cell = Cell::default();
        for slot in 1..=9 {
            mark(&mut cell, Mark { slot, ..MARK }, true);
        }
        assert_eq!(marks(&cell).map(|mark| mark.slot).collect::<Vec<_>>(), [6, 7, 8, 9]);
        mark(&mut cell, MARK, false);
        assert_eq!(marks(&cell).collect::<Vec<_>>(), [MARK]);
    }

    #[test]
    fn no_character_that_can_be_printed_into_a_cell_is_taken_for_a_mark() {
        use unicode_width::UnicodeWidthChar as _;
        let combining = |number: &u32| char::from_u32(*number).is_some_and(|c| c.width() == Some(0));
        assert_eq!((FIRST..FIRST + 0x1_0000).find(combining), None);
    }
}
