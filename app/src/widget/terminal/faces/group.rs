//! Glyphs that are drawn as one.

use super::face::Face;
use super::shaping::{Placed, advance};

/// How glyphs lie in the cells they are drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fit {
    /// As the font has them: it has the cells' width.
    Natural,
    /// Narrower where they do not fit, and in the middle.
    Inside,
    /// From the first cell's edge to the last one's.
    Filled,
}

/// Glyphs that are drawn as one. Equal ones look the same, wherever they stand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    pub(super) face: Face,
    pub(super) columns: u32,
    pub(super) fit: Fit,
    /// Glyph, distance from the first one and from the baseline, in 64ths of a pixel.
    glyphs: Vec<(u16, i32, i32)>,
    /// In 64ths of a pixel.
    advance: i32,
}

impl Group {
    pub(super) fn new(face: Face, glyphs: &[Placed], columns: u32, fit: Fit) -> Self {
        let parts = |pixels: f32| (pixels * 64.0).round() as i32;
        let origin = glyphs.first().map_or(0.0, |first| first.x);
        Self {
            face,
            columns,
            fit,
            glyphs: glyphs.iter().map(|placed| (placed.glyph, parts(placed.x - origin), parts(placed.y))).collect(),
            advance: parts(advance(glyphs)),
        }
    }

    pub(super) fn advance(&self) -> f32 {
        self.advance as f32 / 64.0
    }

    pub(super) fn glyphs(&self) -> Vec<Placed> {
        let pixels = |parts: i32| parts as f32 / 64.0;
        let placed =
            |&(glyph, x, y): &(u16, i32, i32)| Placed { glyph, cluster: 0, x: pixels(x), y: pixels(y), advance: 0.0 };
        self.glyphs.iter().map(placed).collect()
    }
}
