//! Powerline's separators and those that Nerd Fonts add to them.

use super::blocks::cover;
use super::{Cell, Mask};

/// Draws one of U+E0B0 to U+E0D4. A character of an odd place that has a mirror image before or after it is drawn by
/// mirroring, so that the two ends of a segment match.
pub(super) fn draw(character: char, cell: Cell) -> Option<Mask> {
    match character {
        '\u{e0b0}'..='\u{e0b7}' => separator(character, cell),
        '\u{e0b8}'..='\u{e0bf}' => slant(character, cell),
        '\u{e0c0}' => Some(sampled(cell, |x, y| x < flame(y))),
        '\u{e0c1}' => Some(outline(cell, flame)),
        '\u{e0c4}' => {
            Some(squares(cell, 10, &[0b11_1111_1111, 0b11_0111_1011, 0b01_1010_1101, 0b10_0100_0110, 0b00_0010_1000]))
        }
        '\u{e0c6}' => Some(squares(cell, 6, &[0b11_1111, 0b10_1101, 0b01_0010])),
        '\u{e0c8}' => Some(sampled(cell, |x, y| x < wave(y))),
        '\u{e0cc}' => Some(sampled(cell, |x, y| x < honeycomb(y))),
        '\u{e0cd}' => Some(outline(cell, honeycomb)),
        '\u{e0ce}' => Some(studs(cell, true)),
        '\u{e0cf}' => Some(outline(cell, |y| if ((y * 4.0) as u32).is_multiple_of(2) { 0.3 } else { 0.9 })),
        '\u{e0d0}' => Some(studs(cell, false)),
        '\u{e0d1}' => Some(mirrored(&studs(cell, false))),
        '\u{e0d2}' => Some(trapezoids(cell)),
        '\u{e0c2}' | '\u{e0c3}' => Some(mirrored(&draw(shifted(character, -2)?, cell)?)),
        '\u{e0c5}' | '\u{e0c7}' => Some(mirrored(&draw(shifted(character, -1)?, cell)?)),
        '\u{e0ca}' | '\u{e0d4}' => Some(mirrored(&draw(shifted(character, -2)?, cell)?)),
        _ => None,
    }
}

fn shifted(character: char, by: i32) -> Option<char> {
    char::from_u32((character as u32).checked_add_signed(by)?)
}

/// A mask of the points of the unit square for which `inside` holds.
fn sampled(cell: Cell, inside: impl Fn(f32, f32) -> bool) -> Mask {
    let (width, height) = (cell.width as f32, cell.height as f32);
    Mask::sampled(cell.width, cell.height, |x, y| inside(x / width, y / height))
}

/// A light line along the edge of a shape that fills the cell from the left up to `border`.
fn outline(cell: Cell, border: impl Fn(f32) -> f32) -> Mask {
    let half = cell.thickness.max(1) as f32 / 2.0;
    let (width, height) = (cell.width as f32, cell.height as f32);
    Mask::sampled(cell.width, cell.height, |x, y| {
        let at = |y: f32| border(y / height) * (width - half);
        // The border may run flat: then the line is as thick in the other direction.
        let (low, high) = [at(y - half), at(y), at(y + half)]
            .into_iter()
            .fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(value), high.max(value)));
        x > low - half && x < high + half
    })
}

fn mirrored(mask: &Mask) -> Mask {
    let rows = mask.coverage().chunks(mask.width().max(1) as usize);
    let coverage = rows.flat_map(|row| row.iter().rev().copied()).collect();
    Mask::from_coverage(mask.width(), mask.height(), coverage)
}

/// Triangles and half circles, filled and as lines.
fn separator(character: char, cell: Cell) -> Option<Mask> {
    let (width, height) = (cell.width as f32, cell.height as f32);
    let half = cell.thickness.max(1) as f32 / 2.0;
    // Distance to the tip's edge as a share of the width: 0 at the tip's line, positive inside the triangle.
    let arrow = |x: f32, y: f32| 1.0 - (2.0 * y / height - 1.0).abs() - x / width;
    // Across a line of the arrow's slope, a share of the width is this many pixels of distance.
    let slope = width * (height / 2.0) / width.hypot(height / 2.0);
    let ellipse = |x: f32, y: f32| (x / width).hypot(2.0 * y / height - 1.0);
    let rim = |x: f32, y: f32| ((1.0 - ellipse(x, y)) * width.min(height / 2.0) - half).abs() < half;
    let sampled = |inside: &dyn Fn(f32, f32) -> bool| Mask::sampled(cell.width, cell.height, inside);
    Some(match character {
        '\u{e0b0}' => sampled(&|x, y| arrow(x, y) > 0.0),
        '\u{e0b1}' => sampled(&|x, y| (arrow(x, y) * slope).abs() < half),
        '\u{e0b4}' => sampled(&|x, y| ellipse(x, y) < 1.0),
        '\u{e0b5}' => sampled(&rim),
        '\u{e0b2}' | '\u{e0b3}' | '\u{e0b6}' | '\u{e0b7}' => mirrored(&separator(shifted(character, -2)?, cell)?),
        _ => return None,
    })
}

/// Halves of the cell beside a diagonal, and the diagonals.
fn slant(character: char, cell: Cell) -> Option<Mask> {
    Some(match character {
        '\u{e0b8}' => sampled(cell, |x, y| y > x),
        '\u{e0ba}' => sampled(cell, |x, y| y > 1.0 - x),
        '\u{e0bc}' => sampled(cell, |x, y| y <= 1.0 - x),
        '\u{e0be}' => sampled(cell, |x, y| y <= x),
        '\u{e0b9}' | '\u{e0bf}' => super::lines::draw('╲', cell)?,
        '\u{e0bb}' | '\u{e0bd}' => super::lines::draw('╱', cell)?,
        _ => return None,
    })
}

/// How far tongues of flame reach at a height, as a share of the width.
fn flame(y: f32) -> f32 {
    const TONGUES: [(f32, f32); 9] = [
        (0.0, 1.0),
        (0.14, 0.35),
        (0.28, 0.75),
        (0.42, 0.2),
        (0.56, 0.95),
        (0.68, 0.3),
        (0.8, 0.6),
        (0.9, 0.25),
        (1.0, 0.8),
    ];
    TONGUES.windows(2).find(|pair| matches!(pair, [(from, _), (to, _)] if (*from..=*to).contains(&y))).map_or(
        1.0,
        |pair| match pair {
            [(from, start), (to, end)] => {
                let turn = (1.0 - ((y - from) / (to - from) * std::f32::consts::PI).cos()) / 2.0;
                start + (end - start) * turn
            }
            _ => 1.0,
        },
    )
}

/// Three waves, as of ice.
fn wave(y: f32) -> f32 {
    0.55 + 0.4 * (y * 3.0 * std::f32::consts::TAU).cos()
}

/// The sides of a hexagon.
fn honeycomb(y: f32) -> f32 {
    (2.0 * (1.0 - (2.0 * y - 1.0).abs())).min(1.0)
}

/// Columns of squares that thin out to the right; each number has the squares of a column from the top.
fn squares(cell: Cell, rows: u32, columns: &[u32]) -> Mask {
    let mut mask = Mask::new(cell.width, cell.height);
    let count = columns.len() as u32;
    for (column, bits) in (0_u32..).zip(columns) {
        for row in (0..rows).filter(|row| bits >> row & 1 == 1) {
            cover(&mut mask, cell, (column, count), (row, rows), (column + 1, count), (row + 1, rows));
        }
    }
    mask
}

/// A brick with two studs on its right, `filled` up to them or only their end of it.
fn studs(cell: Cell, filled: bool) -> Mask {
    let mut mask = Mask::new(cell.width, cell.height);
    let left = if filled { (0, 1) } else { (1, 4) };
    cover(&mut mask, cell, left, (0, 1), (3, 5), (1, 1));
    for stud in [1, 5] {
        cover(&mut mask, cell, (3, 5), (stud, 8), (1, 1), (stud + 2, 8));
    }
    mask
}

/// Two trapezoids, one above the other, with a gap between.
fn trapezoids(cell: Cell) -> Mask {
    let gap = cell.thickness.max(1) as f32 / cell.height.max(1) as f32 / 2.0;
    sampled(cell, |x, y| (y - 0.5).abs() > gap && x < 0.5 + (y - 0.5).abs())
}
