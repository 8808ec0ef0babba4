//! Symbols for Legacy Computing beyond the sextants: wedges, triangles, shaded halves, fills and light diagonals.

use super::blocks::{self, edge};
use super::{Cell, Mask};

/// Coverage of a medium shade.
const MEDIUM: u8 = 128;

/// The lines that bound the wedges U+1FB3C to U+1FB51, from left to right: columns 0 to 2 (left, centre, right) and
/// rows 0 to 3 (upper, upper middle, lower middle, lower). Each wedge lies below its line; U+1FB52 to U+1FB67 are, in
/// the same order, what lies above.
const WEDGES: [[u32; 4]; 22] = [
    [0, 2, 1, 3],
    [0, 2, 2, 3],
    [0, 1, 1, 3],
    [0, 1, 2, 3],
    [0, 0, 1, 3],
    [0, 1, 1, 0],
    [0, 1, 2, 0],
    [0, 2, 1, 0],
    [0, 2, 2, 0],
    [0, 3, 1, 0],
    [0, 2, 2, 1],
    [1, 3, 2, 2],
    [0, 3, 2, 2],
    [1, 3, 2, 1],
    [0, 3, 2, 1],
    [1, 3, 2, 0],
    [1, 0, 2, 1],
    [0, 0, 2, 1],
    [1, 0, 2, 2],
    [0, 0, 2, 2],
    [1, 0, 2, 3],
    [0, 1, 2, 2],
];

/// Draws one of U+1FB3C to U+1FB6F and U+1FB7C to U+1FBAF that is no plain block.
pub(super) fn draw(character: char, cell: Cell) -> Option<Mask> {
    let code = character as u32;
    match code {
        0x1fb3c..=0x1fb51 => wedge(cell, *WEDGES.get((code - 0x1fb3c) as usize)?, true),
        0x1fb52..=0x1fb67 => wedge(cell, *WEDGES.get((code - 0x1fb52) as usize)?, false),
        // Left, upper, right, lower: first all but that quarter, then the quarter alone.
        0x1fb68..=0x1fb6b => Some(triangles(cell, 0b1111 ^ (1 << (code - 0x1fb68)))),
        0x1fb6c..=0x1fb6f => Some(triangles(cell, 1 << (code - 0x1fb6c))),
        0x1fb9a => Some(triangles(cell, 0b1010)),
        0x1fb9b => Some(triangles(cell, 0b0101)),
        0x1fb7c..=0x1fb81 => Some(frame(cell, code)),
        0x1fb8c..=0x1fb94 => shades(cell, code),
        0x1fb95..=0x1fb99 => Some(fill(cell, code)),
        0x1fb9c..=0x1fb9f => Some(shaded_corner(cell, code)),
        0x1fba0..=0x1fbae => diagonals(cell, *DIAGONALS.get((code - 0x1fba0) as usize)?),
        0x1fbaf => stroke(cell),
        _ => None,
    }
}

/// What lies below (or above) a line between two of the twelve points that the sextants have corners at.
fn wedge(cell: Cell, [ax, ay, bx, by]: [u32; 4], below: bool) -> Option<Mask> {
    let point = |column, row| (edge((column, 2), cell.width) as f32, edge((row, 3), cell.height) as f32);
    let ((ax, ay), (bx, by)) = (point(ax, ay), point(bx, by));
    let side = |x: f32, y: f32| (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    Some(Mask::sampled(cell.width, cell.height, |x, y| (side(x, y) > 0.0) == below))
}

/// The quarters between the diagonals of the cell, as bits: left, upper, right, lower.
fn triangles(cell: Cell, quarters: u32) -> Mask {
    let (width, height) = (cell.width as f32, cell.height as f32);
    Mask::sampled(cell.width, cell.height, |x, y| {
        let (x, y) = (x / width, y / height);
        let quarter = match (y > x, y > 1.0 - x) {
            (true, false) => 0,
            (false, false) => 1,
            (false, true) => 2,
            (true, true) => 3,
        };
        quarters >> quarter & 1 == 1
    })
}

/// Eighths along several edges: U+1FB7C to U+1FB81.
fn frame(cell: Cell, code: u32) -> Mask {
    let mut mask = Mask::new(cell.width, cell.height);
    let mut row = |eighth: u32| blocks::cover(&mut mask, cell, (0, 8), (eighth, 8), (8, 8), (eighth + 1, 8));
    match code {
        0x1fb7c | 0x1fb7f => row(7),
        0x1fb7d | 0x1fb7e => row(0),
        0x1fb80 => [0, 7].into_iter().for_each(row),
        _ => [0, 2, 4, 7].into_iter().for_each(row),
    }
    let column = match code {
        0x1fb7c | 0x1fb7d => 0,
        0x1fb7e | 0x1fb7f => 7,
        _ => return mask,
    };
    blocks::cover(&mut mask, cell, (column, 8), (0, 8), (column + 1, 8), (8, 8));
    mask
}

/// Halves in a medium shade: U+1FB8C to U+1FB94. The second number of each pair is the other half's coverage.
fn shades(cell: Cell, code: u32) -> Option<Mask> {
    let (upright, first, second) = match code {
        0x1fb8c => (true, MEDIUM, 0),
        0x1fb8d => (true, 0, MEDIUM),
        0x1fb8e => (false, MEDIUM, 0),
        0x1fb8f => (false, 0, MEDIUM),
        0x1fb90 => (false, MEDIUM, MEDIUM),
        0x1fb91 => (false, 255, MEDIUM),
        0x1fb92 => (false, MEDIUM, 255),
        0x1fb94 => (true, MEDIUM, 255),
        _ => return None,
    };
    let (width, height) = (cell.width as i32, cell.height as i32);
    let (right, bottom) = if upright { (edge((1, 2), cell.width), height) } else { (width, edge((1, 2), cell.height)) };
    let (left, top) = if upright { (right, 0) } else { (0, bottom) };
    let mut mask = Mask::new(cell.width, cell.height);
    mask.cover(0, 0, right, bottom, first);
    mask.cover(left, top, width, height, second);
    Some(mask)
}

/// Patterns that run on from cell to cell: U+1FB95 to U+1FB99. Their periods divide the cell in both directions.
fn fill(cell: Cell, code: u32) -> Mask {
    let mut mask = Mask::new(cell.width, cell.height);
    match code {
        0x1fb95 | 0x1fb96 => {
            for (row, column) in (0..8).flat_map(|row| (0..4).map(move |column| (row, column))) {
                if (row + column) % 2 == code - 0x1fb95 {
                    blocks::cover(&mut mask, cell, (column, 4), (row, 8), (column + 1, 4), (row + 1, 8));
                }
            }
            mask
        }
        0x1fb97 => {
            for row in [1, 3] {
                blocks::cover(&mut mask, cell, (0, 1), (row, 4), (1, 1), (row + 1, 4));
            }
            mask
        }
        _ => {
            let (width, height) = (cell.width as f32, cell.height as f32);
            let direction = if code == 0x1fb98 { -1.0 } else { 1.0 };
            Mask::sampled(cell.width, cell.height, |x, y| {
                (2.0 * direction * x / width + 4.0 * y / height).rem_euclid(1.0) < 0.4
            })
        }
    }
}

/// Half of the cell beside a diagonal in a medium shade: the upper left, upper right, lower right, lower left one.
fn shaded_corner(cell: Cell, code: u32) -> Mask {
    let full = triangles(cell, [0b0011, 0b0110, 0b1100, 0b1001].get((code - 0x1fb9c) as usize).copied().unwrap_or(0));
    let shaded = full.coverage().iter().map(|coverage| (u16::from(*coverage) * u16::from(MEDIUM) / 255) as u8);
    Mask::from_coverage(cell.width, cell.height, shaded.collect())
}

/// The lines between the middles of the cell's edges that U+1FBA0 to U+1FBAE have, as bits: upper left, upper right,
/// lower left, lower right.
const DIAGONALS: [u8; 15] = [
    0b0001, 0b0010, 0b0100, 0b1000, 0b0101, 0b1010, 0b1100, 0b0011, 0b1001, 0b0110, 0b1110, 0b1101, 0b1011, 0b0111,
    0b1111,
];

/// Light lines between the middles of neighbouring edges, where the light straight lines end too.
fn diagonals(cell: Cell, lines: u8) -> Option<Mask> {
    let light = cell.thickness.max(1);
    let half = light as f32 / 2.0;
    let middle = |size: u32| ((size - light.min(size)) / 2) as f32 + half;
    let (width, height) = (cell.width as f32, cell.height as f32);
    let (across, down) = (middle(cell.width), middle(cell.height));
    let distance = |x: f32, y: f32, from: (f32, f32), to: (f32, f32)| {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        (dx * (y - from.1) - dy * (x - from.0)).abs() / dx.hypot(dy)
    };
    Some(Mask::sampled(cell.width, cell.height, |x, y| {
        let (right, lower) = (x > across, y > down);
        // Near the middle of an edge a line's end reaches into the quarter beside it: so the mirrored line is asked too.
        (0..4).filter(|line| lines >> line & 1 == 1).any(|line| {
            let (to_right, to_bottom) = (line & 1 == 1, line & 2 == 2);
            let near =
                (right == to_right || (x - across).abs() < half) && (lower == to_bottom || (y - down).abs() < half);
            let side = (if to_right { width } else { 0.0 }, down);
            let end = (across, if to_bottom { height } else { 0.0 });
            near && distance(x, y, side, end) < half
        })
    }))
}

/// A light horizontal line crossed by a short stroke.
fn stroke(cell: Cell) -> Option<Mask> {
    let mut mask = super::lines::draw('─', cell)?;
    let (light, height) = (cell.thickness.max(1) as i32, cell.height as i32);
    let x = (cell.width as i32 - light) / 2;
    mask.cover(x, height / 4, x + light, height - height / 4, 255);
    Some(mask)
}
