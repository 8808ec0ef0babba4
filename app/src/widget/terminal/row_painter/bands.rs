//! The lines of a large terminal in bands, each of which a frame has time to draw.
//!
//! ```text
//!   ┌──────────────┐
//!   │ 0            │ ◄── drawn in this frame; its layer is another one than before
//!   ├──────────────┤
//!   │ 1            │ ◄── changed as well, and put off: shows what it showed, and is the first in the next frame
//!   ├──────────────┤
//!   │ 2            │ ◄── a line or two changed: drawn in this frame, too
//!   └──────────────┘
//! ```

use std::ops::Range;

use iced::Rectangle;

use super::super::grid::Grid;

/// Pixels that one frame draws anew, which in software takes a twentieth of a second or so: a window of 1920 by 1080 is one
/// band. Keys and questions are answered between two frames, however large the window and however much it shows.
const PIXELS: usize = 2_100_000;

/// Images that may change before their band is drawn anew as a whole: tiny-skia goes through the window's layers, and all
/// quads that reach there, for each part of the window that changed, and hardly joins parts.
pub(super) const FEW: usize = 10;

/// What a layer grows by, as a fraction of a logical pixel and no whole one: enough to be another layer to tiny-skia,
/// which draws a layer of other bounds as one part, and too little to let another pixel in.
const GROWTH: f32 = 1.0 / 256.0;

/// How many frames back a layer must differ: more than there are buffers that a window is drawn into in turn.
const SWEEPS: u8 = 16;

/// Lines that are drawn in one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Which.
    pub lines: Range<usize>,
    /// The bounds of the layer, in logical pixels of the window. Where much changed they are others than in the frames
    /// before: then all of it is one part that is drawn anew.
    pub layer: Rectangle,
}

/// How the lines are divided, and whose turn it is.
#[derive(Debug)]
pub(super) struct Bands {
    pixels: usize,
    lines: usize,
    height: usize,
    /// Of each band, of which there is at least one: counts the frames that changed more than a few images, to [`SWEEPS`].
    sweeps: Vec<u8>,
    /// The band that is drawn first.
    next: usize,
}

impl Default for Bands {
    fn default() -> Self {
        Self { pixels: PIXELS, lines: 0, height: 1, sweeps: vec![0], next: 0 }
    }
}

impl Bands {
    /// Bands of at most so many pixels.
    #[cfg(test)]
    pub(super) fn of_pixels(pixels: usize) -> Self {
        Self { pixels, ..Self::default() }
    }

    /// Divides so many lines of `pixels` each. True if they are divided otherwise than before.
    pub(super) fn divide(&mut self, lines: usize, pixels: usize) -> bool {
        let height = (self.pixels / pixels.max(1)).clamp(1, lines.max(1));
        if (lines, height) == (self.lines, self.height) {
            return false;
        }
        (self.lines, self.height, self.next) = (lines, height, 0);
        self.sweeps = vec![0; lines.div_ceil(height).max(1)];
        true
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.sweeps.len()
    }

    /// The lines that one frame may draw: those of any band.
    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// The lines of a band.
    pub(super) fn lines(&self, band: usize) -> Range<usize> {
        let first = band * self.height;
        first..(first + self.height).min(self.lines)
    }

    /// All bands, in the order in which they are drawn.
    pub(super) fn in_turn(&self) -> impl Iterator<Item = usize> + use<> {
        let (next, count) = (self.next, self.count());
        (0..count).map(move |turn| (next + turn) % count)
    }

    /// `band` is the first that was put off; `None` if all are drawn.
    pub(super) fn put_off(&mut self, band: Option<usize>) {
        self.next = band.unwrap_or(0);
    }

    /// More than a few images of a band changed.
    pub(super) fn sweep(&mut self, band: usize) {
        if let Some(sweep) = self.sweeps.get_mut(band) {
            *sweep = (*sweep + 1) % SWEEPS;
        }
    }

    /// The bands within `clip`, which they fill.
    pub(super) fn within(&self, grid: &Grid, clip: Rectangle) -> impl Iterator<Item = Band> {
        let last = self.count().saturating_sub(1);
        let edge = |line: usize| grid.physical_origin(line as u32).y as f32 / grid.scale();
        let foot = clip.y + clip.height;
        self.sweeps.iter().enumerate().filter_map(move |(band, sweep)| {
            let lines = self.lines(band);
            let top = if band == 0 { clip.y } else { edge(lines.start).max(clip.y) };
            let bottom = if band == last { foot } else { edge(lines.end).min(foot) };
            let bounds = Rectangle { y: top, height: bottom - top, ..clip };
            (bottom > top).then(|| Band { lines, layer: bounds.expand(GROWTH * f32::from(*sweep)) })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::glyphs::Glyphs;
    use super::*;

    #[test]
    fn an_ordinary_window_is_one_band_and_a_huge_one_several_that_fill_it() {
        let metrics = Glyphs::new(14.0).metrics();
        for (width, height, count) in [(1640.0, 980.0, 1), (1920.0, 1070.0, 1), (3840.0, 2160.0, 4), (1.0, 1.0, 1)] {
            let bounds = Rectangle { x: 0.0, y: 41.4, width, height };
            let grid = Grid::new(bounds, 8.0, 1.0, metrics);
            let size = grid.size();
            let mut bands = Bands::default();
            let pixels = usize::from(size.width) * metrics.height as usize;
            assert!(bands.divide(size.lines.into(), pixels));
            assert!(!bands.divide(size.lines.into(), pixels), "nothing is different");
            assert_eq!(bands.count(), count, "{width} by {height}");
            let within: Vec<Band> = bands.within(&grid, bounds).collect();
            assert!(within.iter().all(|band| band.lines.len() * pixels <= PIXELS));
            assert_eq!(within.iter().map(|band| band.layer.height).sum::<f32>().round(), height.round());
            assert_eq!(within.first().map(|band| band.layer.y), Some(bounds.y));
            assert!(within.windows(2).all(|pair| pair[0].layer.y + pair[0].layer.height == pair[1].layer.y));
            assert!(within.windows(2).all(|pair| pair[0].lines.end == pair[1].lines.start));
        }
    }

    #[test]
    fn a_band_that_was_put_off_is_the_first_in_the_next_frame() {
        let mut bands = Bands::of_pixels(100);
        assert!(bands.divide(10, 30));
        assert_eq!((bands.count(), bands.height()), (4, 3));
        bands.put_off(Some(2));
        assert_eq!(bands.in_turn().collect::<Vec<_>>(), [2, 3, 0, 1]);
        assert_eq!(bands.lines(3), 9..10);
        bands.put_off(None);
        assert_eq!(bands.in_turn().next(), Some(0));
    }
}
