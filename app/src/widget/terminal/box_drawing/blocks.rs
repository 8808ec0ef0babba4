//! Block elements, sextants and the eighths of the legacy computing block.

use super::{Cell, Mask};

/// A part of a cell in eighths of its width and height.
fn eighths(cell: Cell, left: u32, top: u32, right: u32, bottom: u32) -> Mask {
    let mut mask = Mask::new(cell.width, cell.height);
    cover(&mut mask, cell, (left, 8), (top, 8), (right, 8), (bottom, 8));
    mask
}

/// Covers a part whose edges are fractions of the cell. An edge falls on the same pixel whichever block it belongs to,
/// so that complementary blocks tile.
pub(super) fn cover(
    mask: &mut Mask,
    cell: Cell,
    left: (u32, u32),
    top: (u32, u32),
    right: (u32, u32),
    bottom: (u32, u32),
) {
    mask.cover(edge(left, cell.width), edge(top, cell.height), edge(right, cell.width), edge(bottom, cell.height), 255);
}

/// The pixel on which an edge falls that lies at a fraction of `size`.
pub(super) fn edge((part, whole): (u32, u32), size: u32) -> i32 {
    ((size * part + whole / 2) / whole) as i32
}

/// Draws one of U+2580 to U+259F.
pub(super) fn draw(character: char, cell: Cell) -> Option<Mask> {
    let code = character as u32;
    Some(match code {
        0x2580 => eighths(cell, 0, 0, 8, 4),
        0x2581..=0x2588 => eighths(cell, 0, 8 - (code - 0x2580), 8, 8),
        0x2589..=0x258f => eighths(cell, 0, 0, 8 - (code - 0x2588), 8),
        0x2590 => eighths(cell, 4, 0, 8, 8),
        0x2591..=0x2593 => shade(cell, (code - 0x2590) * 64),
        0x2594 => eighths(cell, 0, 0, 8, 1),
        0x2595 => eighths(cell, 7, 0, 8, 8),
        0x2596..=0x259f => quadrants(cell, quadrant_bits(code)?),
        _ => return None,
    })
}

fn shade(cell: Cell, coverage: u32) -> Mask {
    let mut mask = Mask::new(cell.width, cell.height);
    mask.cover(0, 0, cell.width as i32, cell.height as i32, coverage.min(255) as u8);
    mask
}

/// The quadrants of U+2596 to U+259F: bit 0 upper left, 1 upper right, 2 lower left, 3 lower right.
fn quadrant_bits(code: u32) -> Option<u32> {
    [0b0100, 0b1000, 0b0001, 0b1101, 0b1001, 0b0111, 0b1011, 0b0010, 0b0110, 0b1110]
        .get(code.checked_sub(0x2596)? as usize)
        .copied()
}

fn quadrants(cell: Cell, bits: u32) -> Mask {
    grid(cell, bits, 2)
}

/// Two columns and `rows` rows of parts, bit 0 upper left, then row by row.
fn grid(cell: Cell, bits: u32, rows: u32) -> Mask {
    let mut mask = Mask::new(cell.width, cell.height);
    for part in (0..rows * 2).filter(|part| bits >> part & 1 == 1) {
        let (column, row) = (part % 2, part / 2);
        cover(&mut mask, cell, (column, 2), (row, rows), (column + 1, 2), (row + 1, rows));
    }
    mask
}

/// Draws one of U+1FB00 to U+1FB3B. The block leaves out the empty and the full cell and the two halves, which exist
/// elsewhere.
pub(super) fn sextant(character: char, cell: Cell) -> Mask {
    let index = character as u32 - 0x1fb00;
    let bits = index + 1 + u32::from(index >= 0x14) + u32::from(index >= 0x28);
    grid(cell, bits, 3)
}

/// Draws one of U+1CD00 to U+1CDE5: two columns of four. The block has the patterns in the order of their numbers, bit
/// 0 upper left and then row by row, and leaves out the 26 that exist elsewhere.
pub(super) fn octant(character: char, cell: Cell) -> Option<Mask> {
    let index = (character as u32).checked_sub(0x1cd00)?;
    let bits = (0..=0xff_u32).filter(|bits| !exists_elsewhere(*bits)).nth(index as usize)?;
    Some(grid(cell, bits, 4))
}

/// Whether an octant pattern is a quadrant pattern, a quarter or three quarters of the cell, or a quarter of a half.
fn exists_elsewhere(bits: u32) -> bool {
    let rows = |upper: u32| bits >> upper & 0b11 == bits >> (upper + 2) & 0b11;
    let quadrants = rows(0) && rows(4);
    quadrants || matches!(bits, 0x01 | 0x02 | 0x03 | 0x14 | 0x28 | 0x3f | 0x40 | 0x80 | 0xc0 | 0xfc)
}

/// Draws the eighths of U+1FB70 to U+1FB7B and U+1FB82 to U+1FB8B.
pub(super) fn legacy(character: char, cell: Cell) -> Option<Mask> {
    let code = character as u32;
    Some(match code {
        0x1fb70..=0x1fb75 => eighths(cell, code - 0x1fb6f, 0, code - 0x1fb6e, 8),
        0x1fb76..=0x1fb7b => eighths(cell, 0, code - 0x1fb75, 8, code - 0x1fb74),
        // Upper one quarter, three, five, six and seven eighths, then the same from the right.
        0x1fb82..=0x1fb86 => eighths(cell, 0, 0, 8, fraction(code - 0x1fb82)?),
        0x1fb87..=0x1fb8b => eighths(cell, 8 - fraction(code - 0x1fb87)?, 0, 8, 8),
        _ => return None,
    })
}

fn fraction(index: u32) -> Option<u32> {
    [2, 3, 5, 6, 7].get(index as usize).copied()
}
