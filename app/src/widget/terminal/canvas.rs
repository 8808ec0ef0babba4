//! A line's pixels and the blitter that fills them.

use term::terminal::Rgb;

use super::contrast::Contrast;
use super::glyph::{Glyph, Pixels};
use super::glyphs::Glyphs;
use super::pictures::{Bitmap, Layers};
use super::plan::{Fill, Plan};

/// Pixels: red, green, blue, alpha.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    /// An empty canvas: the backgrounds of a plan make it opaque.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, pixels: vec![0; width as usize * height as usize * 4] }
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, row by row, four bytes each.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Gives the pixels away.
    #[must_use]
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Copies out the columns from `left` to `right` (exclusive).
    #[must_use]
    pub fn columns(&self, left: u32, right: u32) -> Self {
        let (left, right) = (left.min(self.width), right.min(self.width));
        let mut pixels = Vec::with_capacity((right - left) as usize * self.height as usize * 4);
        for row in self.pixels.chunks_exact(self.width as usize * 4) {
            pixels.extend(row.get(left as usize * 4..right as usize * 4).unwrap_or_default());
        }
        Self { width: right - left, height: self.height, pixels }
    }

    /// Draws a line's plan, and what the line shows of pictures.
    pub fn draw(&mut self, plan: &Plan, layers: &Layers, glyphs: &Glyphs, contrast: &Contrast) {
        plan.backgrounds.iter().for_each(|fill| self.fill(*fill));
        layers.below.iter().for_each(|bitmap| self.bitmap(bitmap));
        self.text(plan, glyphs, contrast);
        layers.above.iter().for_each(|bitmap| self.bitmap(bitmap));
        if let Some(cursor) = &plan.raised {
            cursor.backgrounds.iter().for_each(|fill| self.fill(*fill));
            self.text(cursor, glyphs, contrast);
        }
    }

    fn text(&mut self, plan: &Plan, glyphs: &Glyphs, contrast: &Contrast) {
        plan.underlines.iter().for_each(|fill| self.fill(*fill));
        for placed in &plan.glyphs {
            if let Some(glyph) = glyphs.get(placed.glyph) {
                self.glyph(glyph, placed.x, placed.color, contrast);
            }
        }
        for &fill in &plan.overlays {
            self.fill(fill);
        }
    }

    fn bitmap(&mut self, bitmap: &Bitmap) {
        let left = bitmap.left() as usize;
        let lines = bitmap.pixels().chunks_exact(bitmap.width() as usize * 4);
        for (row, line) in self.rows(0, bitmap.height()).zip(lines) {
            let (pixels, _) = row.as_chunks_mut::<4>();
            for (pixel, &[r, g, b, alpha]) in pixels.iter_mut().skip(left).zip(line.as_chunks::<4>().0) {
                mix(pixel, [r, g, b], alpha);
            }
        }
    }

    fn fill(&mut self, fill: Fill) {
        let (left, skipped) = self.clip(fill.x);
        let width = (fill.width as usize).saturating_sub(skipped);
        let pixel = [fill.color.r, fill.color.g, fill.color.b, 255];
        for row in self.rows(fill.y, fill.height) {
            let (pixels, _) = row.as_chunks_mut::<4>();
            let end = (left + width).min(pixels.len());
            if let Some(span) = pixels.get_mut(left..end) {
                span.fill(pixel);
            }
        }
    }

    fn glyph(&mut self, glyph: &Glyph, x: i32, color: Rgb, contrast: &Contrast) {
        let (left, skipped) = self.clip(x + glyph.left);
        let width = glyph.width.max(1) as usize;
        match &glyph.pixels {
            Pixels::Mask(coverage) => {
                let Some(table) = contrast.table(color) else {
                    return;
                };
                let ink = [color.r, color.g, color.b];
                for (row, line) in self.rows(glyph.top, glyph.height).zip(coverage.chunks_exact(width)) {
                    let (pixels, _) = row.as_chunks_mut::<4>();
                    for (pixel, &coverage) in pixels.iter_mut().skip(left).zip(line.iter().skip(skipped)) {
                        // Nearly every pixel of a glyph is either empty or full.
                        if coverage != 0 {
                            mix(pixel, ink, table.opacity(coverage));
                        }
                    }
                }
            }
            Pixels::Color(colors) => {
                for (row, line) in self.rows(glyph.top, glyph.height).zip(colors.chunks_exact(width * 4)) {
                    let (pixels, _) = row.as_chunks_mut::<4>();
                    let (line, _) = line.as_chunks::<4>();
                    for (pixel, &[r, g, b, alpha]) in pixels.iter_mut().skip(left).zip(line.iter().skip(skipped)) {
                        mix(pixel, [r, g, b], alpha);
                    }
                }
            }
        }
    }

    /// The first column to draw to, and how many columns of what is drawn lie left of the canvas.
    fn clip(&self, x: i32) -> (usize, usize) {
        (x.max(0) as usize, (-x).max(0) as usize)
    }

    fn rows(&mut self, top: u32, height: u32) -> impl Iterator<Item = &mut [u8]> {
        let row = (self.width as usize * 4).max(1);
        self.pixels.chunks_exact_mut(row).skip(top as usize).take(height as usize)
    }
}

/// Lays `ink` over a pixel with this opacity.
#[inline]
fn mix(pixel: &mut [u8; 4], ink: [u8; 3], opacity: u8) {
    let [r, g, b, _] = pixel;
    if opacity == 255 {
        [*r, *g, *b] = ink;
        return;
    }
    let opacity = u32::from(opacity);
    for (below, ink) in [r, g, b].into_iter().zip(ink) {
        let sum = u32::from(ink) * opacity + u32::from(*below) * (255 - opacity) + 127;
        *below = (sum / 255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::super::glyphs::Glyphs;
    use super::super::plan::Line;
    use super::super::plan::tests::{BLACK, WHITE, cell};
    use super::*;
    use term::terminal::content::Row;

    #[test]
    fn mixing_is_exact_at_both_ends_and_monotonic_between() {
        let mut last = 0;
        for opacity in 0..=255 {
            let mut pixel = [0, 0, 0, 255];
            mix(&mut pixel, [255, 255, 255], opacity);
            assert_eq!(pixel[0], opacity);
            assert!(pixel[0] >= last);
            last = pixel[0];
        }
    }

    #[test]
    fn what_hangs_out_of_the_line_is_cut_off_on_both_sides() {
        let mut canvas = Canvas::new(4, 1);
        let glyph = Glyph { left: -1, top: 0, width: 3, height: 1, pixels: Pixels::Mask(vec![255; 3]) };
        let contrast = Contrast::default();
        canvas.glyph(&glyph, 0, WHITE, &contrast);
        canvas.glyph(&glyph, 4, Rgb { r: 9, g: 9, b: 9 }, &contrast);
        let reds: Vec<u8> = canvas.pixels().chunks(4).map(|pixel| pixel[0]).collect();
        assert_eq!(reds, [255, 255, 0, 9]);
        canvas.fill(Fill { x: -2, y: 0, width: 3, height: 9, color: BLACK });
        assert_eq!(canvas.pixels()[0], 0);
        assert_eq!(canvas.pixels()[4], 255);
    }

    #[test]
    fn columns_of_a_canvas_join_to_the_whole() {
        let mut glyphs = Glyphs::new(14.0);
        let mut plan = Plan::default();
        let row = Row { cells: "hello".chars().map(cell).collect(), ..Row::default() };
        plan.fill(Line { row: &row, columns: 5, cursor: None, dark: false }, &mut glyphs);
        let mut canvas = Canvas::new(40, 18);
        canvas.draw(&plan, &Layers::default(), &glyphs, &Contrast::default());
        assert!(canvas.pixels().contains(&255));
        let (left, right) = (canvas.columns(0, 13), canvas.columns(13, 40));
        let halves = left.pixels().chunks(13 * 4).zip(right.pixels().chunks(27 * 4));
        let joined: Vec<u8> = halves.flat_map(|(left, right)| [left, right].concat()).collect();
        assert_eq!(joined, canvas.pixels());
    }
}
