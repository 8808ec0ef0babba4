//! One rectangle for the GPU.

use term::terminal::Rgb;

use super::super::contrast;
use super::super::glyph::Pixels;
use super::super::glyphs::{Glyphs, Id};
use super::super::pictures::Bitmap;
use super::super::plan::{Fill, Plan};

/// How a quad gets its colour: below, the row of the contrast table for a mask in that brightness of text.
pub(super) const FILL: u8 = 128;
/// From the colours of the atlas.
pub(super) const COLOR: u8 = 129;

/// A rectangle in physical pixels from the top left of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quad {
    pub(super) x: i16,
    pub(super) y: i16,
    pub(super) width: u16,
    pub(super) height: u16,
    /// The glyph it is filled with.
    pub(super) glyph: Option<Id>,
    pub(super) kind: u8,
    pub(super) color: Rgb,
}

/// The quads of a line, in drawing order; pictures lie between them.
#[derive(Debug, Default)]
pub(super) struct Quads {
    /// Below all pictures.
    pub(super) backgrounds: Vec<Quad>,
    /// Above the pictures that lie below the text.
    pub(super) text: Vec<Quad>,
    /// Above all pictures.
    pub(super) cursor: Vec<Quad>,
}

impl Quads {
    pub(super) fn new(plan: &Plan, glyphs: &Glyphs) -> Self {
        let mut cursor = Vec::new();
        if let Some(raised) = &plan.raised {
            cursor.extend(raised.backgrounds.iter().map(fill));
            cursor.extend(text(raised, glyphs));
        }
        Self { backgrounds: plan.backgrounds.iter().map(fill).collect(), text: text(plan, glyphs), cursor }
    }

    pub(super) fn len(&self) -> usize {
        self.backgrounds.len() + self.text.len() + self.cursor.len()
    }
}

/// A picture's part of a line.
pub(super) fn bitmap(bitmap: &Bitmap) -> Quad {
    Quad {
        x: near(bitmap.left() as i32),
        y: 0,
        width: short(bitmap.width()),
        height: short(bitmap.height()),
        glyph: None,
        kind: COLOR,
        color: Rgb::default(),
    }
}

fn text(plan: &Plan, glyphs: &Glyphs) -> Vec<Quad> {
    let mut quads = Vec::with_capacity(plan.underlines.len() + plan.glyphs.len() + plan.overlays.len());
    quads.extend(plan.underlines.iter().map(fill));
    quads.extend(plan.glyphs.iter().filter_map(|placed| {
        let glyph = glyphs.get(placed.glyph)?;
        Some(Quad {
            x: near(placed.x + glyph.left),
            y: near(glyph.top as i32),
            width: short(glyph.width),
            height: short(glyph.height),
            glyph: Some(placed.glyph),
            kind: match glyph.pixels {
                Pixels::Mask(_) => contrast::step(placed.color) as u8,
                Pixels::Color(_) => COLOR,
            },
            color: placed.color,
        })
    }));
    quads.extend(plan.overlays.iter().map(fill));
    quads
}

fn fill(fill: &Fill) -> Quad {
    Quad {
        x: near(fill.x),
        y: near(fill.y as i32),
        width: short(fill.width),
        height: short(fill.height),
        glyph: None,
        kind: FILL,
        color: fill.color,
    }
}

/// A place on any screen there is; one beyond is out of sight wherever it lies.
fn near(pixels: i32) -> i16 {
    i16::try_from(pixels).unwrap_or(if pixels < 0 { i16::MIN } else { i16::MAX })
}

fn short(pixels: u32) -> u16 {
    u16::try_from(pixels).unwrap_or(u16::MAX)
}
