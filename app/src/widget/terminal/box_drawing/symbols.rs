//! Braille patterns and the Powerline separators.

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

/// Draws one of U+E0B0 to U+E0BF.
pub(super) fn powerline(character: char, cell: Cell) -> Option<Mask> {
    let (width, height) = (cell.width as f32, cell.height as f32);
    let half = cell.thickness.max(1) as f32 / 2.0;
    let sampled = |inside: &dyn Fn(f32, f32) -> bool| Some(Mask::sampled(cell.width, cell.height, inside));
    // Distance to the tip's edge as a share of the width: 0 at the tip's line, positive inside the triangle.
    let arrow = |x: f32, y: f32| 1.0 - (2.0 * y / height - 1.0).abs() - x / width;
    // Across a line of the arrow's slope, a share of the width is this many pixels of distance.
    let slope = width * (height / 2.0) / width.hypot(height / 2.0);
    let ellipse = |x: f32, y: f32| (x / width).hypot(2.0 * y / height - 1.0);
    let rim = |x: f32, y: f32| ((1.0 - ellipse(x, y)) * width.min(height / 2.0) - half).abs() < half;
    match character {
        '\u{e0b0}' => sampled(&|x, y| arrow(x, y) > 0.0),
        '\u{e0b1}' => sampled(&|x, y| (arrow(x, y) * slope).abs() < half),
        '\u{e0b2}' => sampled(&|x, y| arrow(width - x, y) > 0.0),
        '\u{e0b3}' => sampled(&|x, y| (arrow(width - x, y) * slope).abs() < half),
        '\u{e0b4}' => sampled(&|x, y| ellipse(x, y) < 1.0),
        '\u{e0b5}' => sampled(&rim),
        '\u{e0b6}' => sampled(&|x, y| ellipse(width - x, y) < 1.0),
        '\u{e0b7}' => sampled(&|x, y| rim(width - x, y)),
        '\u{e0b8}' => sampled(&|x, y| y / height > x / width),
        '\u{e0ba}' => sampled(&|x, y| y / height > 1.0 - x / width),
        '\u{e0bc}' => sampled(&|x, y| y / height < 1.0 - x / width),
        '\u{e0be}' => sampled(&|x, y| y / height < x / width),
        '\u{e0b9}' | '\u{e0bf}' => super::lines::draw('╲', cell),
        '\u{e0bb}' | '\u{e0bd}' => super::lines::draw('╱', cell),
        _ => None,
    }
}
