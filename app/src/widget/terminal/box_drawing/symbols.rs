//! Braille patterns and DEC's scan lines.

use super::{Cell, Mask};

/// Draws one of U+2800 to U+28FF: eight dots, two columns of four.
pub(super) fn braille(character: char, cell: Cell) -> Mask {
    // Dots 1 to 6 run down the columns; 7 and 8, added later, are the bottom row (Unicode chapter 21, Braille).
    const PLACES: [(u32, u32); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
    let bits = character as u32 & 0xff;
    let mut mask = Mask::new(cell.width, cell.height);
    let size = (cell.width / 4).min(cell.height / 8).max(1);
    for (dot, (column, row)) in PLACES.into_iter().enumerate() {
        if bits >> dot & 1 == 1 {
            let x = ((2 * column + 1) * cell.width / 4).saturating_sub(size / 2) as i32;
            let y = ((2 * row + 1) * cell.height / 8).saturating_sub(size / 2) as i32;
            mask.cover(x, y, x + size as i32, y + size as i32, 255);
        }
    }
    mask
}

/// Draws one of U+23BA to U+23BD, the scan lines 1, 3, 7 and 9 of DEC's special graphics. Line 5 is `─`, so the others
/// are spread evenly above and below it.
pub(super) fn scan_line(character: char, cell: Cell) -> Mask {
    let light = cell.thickness.max(1).min(cell.height);
    let (middle, last) = ((cell.height - light) / 2, cell.height - light);
    let top = match character {
        '\u{23ba}' => 0,
        '\u{23bb}' => middle / 2,
        '\u{23bc}' => middle + (last - middle) / 2,
        _ => last,
    };
    let mut mask = Mask::new(cell.width, cell.height);
    mask.cover(0, top as i32, cell.width as i32, (top + light) as i32, 255);
    mask
}
