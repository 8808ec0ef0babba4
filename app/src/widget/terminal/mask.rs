//! Coverage: how much of each pixel of a small rectangle a shape covers.

/// Samples a side of a pixel when a shape has curved or slanted edges.
const SAMPLES: u32 = 8;

/// A rectangle of coverage, 0 (untouched) to 255 (covered), row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    width: u32,
    height: u32,
    coverage: Vec<u8>,
}

impl Mask {
    /// An untouched rectangle of `width` by `height` pixels.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, coverage: vec![0; width as usize * height as usize] }
    }

    /// Makes a mask of coverage computed elsewhere; missing pixels are untouched, surplus ones dropped.
    #[must_use]
    pub fn from_coverage(width: u32, height: u32, mut coverage: Vec<u8>) -> Self {
        coverage.resize(width as usize * height as usize, 0);
        Self { width, height, coverage }
    }

    /// A mask of the points for which `inside` holds, with smooth edges. Coordinates are pixels from the top left.
    #[must_use]
    pub fn sampled(width: u32, height: u32, inside: impl Fn(f32, f32) -> bool) -> Self {
        let step = 1.0 / SAMPLES as f32;
        let mut mask = Self::new(width, height);
        for (index, pixel) in mask.coverage.iter_mut().enumerate() {
            let (x, y) = (index as u32 % width.max(1), index as u32 / width.max(1));
            let hits = (0..SAMPLES * SAMPLES)
                .filter(|sample| {
                    let dx = (sample % SAMPLES) as f32 * step + step / 2.0;
                    let dy = (sample / SAMPLES) as f32 * step + step / 2.0;
                    inside(x as f32 + dx, y as f32 + dy)
                })
                .count();
            *pixel = (hits as u32 * 255 / (SAMPLES * SAMPLES)) as u8;
        }
        mask
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

    /// The coverage, `width` bytes a row.
    #[must_use]
    pub fn coverage(&self) -> &[u8] {
        &self.coverage
    }

    /// The coverage of one pixel, 0 outside.
    #[must_use]
    pub fn at(&self, x: u32, y: u32) -> u8 {
        if x >= self.width {
            return 0;
        }
        self.coverage.get((y * self.width + x) as usize).copied().unwrap_or(0)
    }

    /// Covers the pixels from `left` to `right` and `top` to `bottom` (both exclusive at the end) to at least
    /// `coverage`; what lies outside is ignored, so edges may be negative or too large.
    pub fn cover(&mut self, left: i32, top: i32, right: i32, bottom: i32, coverage: u8) {
        let clamp = |value: i32, end: u32| value.clamp(0, end as i32) as usize;
        let (left, right) = (clamp(left, self.width), clamp(right, self.width));
        let (top, bottom) = (clamp(top, self.height), clamp(bottom, self.height));
        let rows = self.coverage.chunks_exact_mut(self.width.max(1) as usize);
        for row in rows.take(bottom).skip(top) {
            for pixel in row.iter_mut().take(right).skip(left) {
                *pixel = (*pixel).max(coverage);
            }
        }
    }

    /// Merges `other`, whose top left lies at (`x`, `y`) here; each pixel keeps the higher coverage.
    pub fn merge(&mut self, other: &Mask, x: i32, y: i32) {
        for (row, line) in other.coverage.chunks_exact(other.width.max(1) as usize).enumerate() {
            for (column, &coverage) in line.iter().enumerate() {
                let (x, y) = (x + column as i32, y + row as i32);
                if coverage > 0 {
                    self.cover(x, y, x + 1, y + 1, coverage);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covering_clips_to_the_rectangle() {
        let mut mask = Mask::new(3, 2);
        mask.cover(-5, -5, 1, 9, 255);
        assert_eq!(mask.coverage(), [255, 0, 0, 255, 0, 0]);
        mask.cover(2, 1, 99, 99, 7);
        assert_eq!(mask.coverage(), [255, 0, 0, 255, 0, 7]);
    }

    #[test]
    fn a_sampled_edge_is_half_covered() {
        let mask = Mask::sampled(2, 1, |x, _| x < 0.5);
        assert_eq!(mask.coverage(), [127, 0]);
    }

    #[test]
    fn merging_keeps_the_higher_coverage() {
        let mut mask = Mask::from_coverage(2, 1, vec![10, 200]);
        mask.merge(&Mask::from_coverage(2, 1, vec![50, 50]), 0, 0);
        assert_eq!(mask.coverage(), [50, 200]);
    }
}
