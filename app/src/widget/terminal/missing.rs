//! The sign for a character that no font has: a box with its number in it, where there is room for that.

use super::mask::Mask;
use super::metrics::Metrics;

/// The digits 0 to F, three pixels wide and five high, a row to three bits from the top.
const DIGITS: [u16; 16] = [
    0b111_101_101_101_111,
    0b010_110_010_010_111,
    0b111_001_111_100_111,
    0b111_001_111_001_111,
    0b101_101_111_001_001,
    0b111_100_111_001_111,
    0b111_100_111_101_111,
    0b111_001_001_010_010,
    0b111_101_111_101_111,
    0b111_101_111_001_111,
    0b111_101_111_101_101,
    0b110_101_110_101_110,
    0b111_100_100_100_111,
    0b110_101_101_101_110,
    0b111_100_111_100_111,
    0b111_100_111_100_100,
];

/// Draws the box for a character that covers `columns` columns.
#[must_use]
pub fn draw(character: char, columns: u32, metrics: Metrics) -> Mask {
    let (width, height) = (metrics.width * columns, metrics.height);
    let mut mask = Mask::new(width, height);
    let line = metrics.thickness.min(width / 4).max(1) as i32;
    // As high as the line nearly, so that the number fits, with a pixel free on both sides.
    let (left, right) = (1.min(width as i32 / 4), width as i32 - 1.min(width as i32 / 4));
    let (top, bottom) = ((height / 16) as i32, (height - height / 10) as i32);
    mask.cover(left, top, right, top + line, 255);
    mask.cover(left, bottom - line, right, bottom, 255);
    mask.cover(left, top, left + line, bottom, 255);
    mask.cover(right - line, top, right, bottom, 255);
    number(&mut mask, character as u32, (left + line, top + line, right - line, bottom - line));
    mask
}

/// Writes the number in two rows, as large as fits; nothing if even the smallest does not.
fn number(mask: &mut Mask, code: u32, (left, top, right, bottom): (i32, i32, i32, i32)) {
    let columns: i32 = if code > 0xffff { 3 } else { 2 };
    let (width, height) = (4 * columns - 1, 11);
    let scale = ((right - left - 2) / width).min((bottom - top - 2) / height);
    if scale < 1 {
        return;
    }
    let start = (left + (right - left - width * scale) / 2, top + (bottom - top - height * scale) / 2);
    for place in 0..2 * columns {
        let digit = code >> (4 * (2 * columns - 1 - place)) & 0xf;
        let bits = DIGITS.get(digit as usize).copied().unwrap_or(0);
        for pixel in (0..15).filter(|pixel| bits >> (14 - pixel) & 1 == 1) {
            let x = start.0 + (4 * (place % columns) + pixel % 3) * scale;
            let y = start.1 + (6 * (place / columns) + pixel / 3) * scale;
            mask.cover(x, y, x + scale, y + scale, 255);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::faces::Faces;
    use super::*;

    #[test]
    fn the_box_stays_in_its_cells_and_has_its_number_where_there_is_room() {
        for size in [8.0, 14.0, 17.5, 28.0, 56.0] {
            let metrics = Faces::new(size).metrics();
            for columns in [1, 2] {
                let ink = |character| {
                    let mask = draw(character, columns, metrics);
                    assert_eq!((mask.width(), mask.height()), (metrics.width * columns, metrics.height));
                    mask.coverage().iter().filter(|ink| **ink > 0).count()
                };
                let (sparse, dense) = (ink('\u{e117}'), ink('\u{e888}'));
                assert!(sparse > 0);
                assert!(dense > sparse || metrics.width * columns < 13, "different numbers at {size}, {columns}");
            }
        }
    }
}
