//! Box drawing, block elements, Braille, Powerline, DEC's scan lines and the symbols for legacy computing, drawn to the
//! pixel so that neighbouring cells join without gaps whatever the font, the size and the scale. Pure: a character and a cell size give a [`Mask`].

mod blocks;
mod legacy;
mod lines;
mod powerline;
mod symbols;

use super::mask::Mask;

/// The cell that is drawn into, in physical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Width of one column.
    pub width: u32,
    /// Height of one line.
    pub height: u32,
    /// Thickness of a light line; a heavy one is twice as thick.
    pub thickness: u32,
}

/// Draws `character` for a cell, or returns `None` when it is one that the font draws.
#[must_use]
pub fn draw(character: char, cell: Cell) -> Option<Mask> {
    match character {
        '\u{23ba}'..='\u{23bd}' => Some(symbols::scan_line(character, cell)),
        '\u{2500}'..='\u{257f}' => lines::draw(character, cell),
        '\u{2580}'..='\u{259f}' => blocks::draw(character, cell),
        '\u{2800}'..='\u{28ff}' => Some(symbols::braille(character, cell)),
        '\u{e0b0}'..='\u{e0d4}' => powerline::draw(character, cell),
        '\u{1cd00}'..='\u{1cde5}' => blocks::octant(character, cell),
        '\u{1fb00}'..='\u{1fb3b}' => Some(blocks::sextant(character, cell)),
        '\u{1fb70}'..='\u{1fb7b}' | '\u{1fb82}'..='\u{1fb8b}' => blocks::legacy(character, cell),
        '\u{1fb3c}'..='\u{1fbaf}' => legacy::draw(character, cell),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
