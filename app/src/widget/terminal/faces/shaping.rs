//! From characters to placed glyphs, with one face.

use cosmic_text::FontSystem;
use harfrust::{Feature, Tag, UnicodeBuffer};

use super::face::Face;

/// A glyph placed on the baseline, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    /// The glyph; 0 is the font's sign for a character that it lacks.
    pub(super) glyph: u16,
    /// The number that the characters it stands for were given; the least one, where it stands for several.
    pub(super) cluster: u32,
    /// To the right of where the text begins.
    pub(super) x: f32,
    /// Above the baseline.
    pub(super) y: f32,
    /// From where it begins to where the next one does.
    pub(super) advance: f32,
}

/// Shapes characters, each with a number of its cluster, at `size` pixels to the em. `joined` switches the drawings for
/// sequences of signs on; without them each sign stays what it is.
#[must_use]
pub(super) fn shape(
    fonts: &mut FontSystem,
    face: Face,
    text: impl Iterator<Item = (char, u32)>,
    size: f32,
    joined: bool,
) -> Vec<Placed> {
    let Some(font) = face.font(fonts) else {
        return Vec::new();
    };
    let mut buffer = UnicodeBuffer::new();
    text.for_each(|(character, cluster)| buffer.add(character, cluster));
    buffer.guess_segment_properties();
    let off = |tag| Feature::new(Tag::new(tag), 0, ..);
    // Contextual alternates are what programming fonts make their ligatures of; scripts need theirs, which have other names.
    let features = if joined { vec![] } else { vec![off(b"liga"), off(b"calt"), off(b"clig"), off(b"dlig")] };
    let shaper = font.shaper();
    let scale = size / (shaper.units_per_em() as f32).max(1.0);
    let shaped = shaper.shape(buffer, &features);
    let mut pen = 0.0;
    let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
    glyphs
        .map(|(info, position)| {
            let x = pen + position.x_offset as f32 * scale;
            let advance = position.x_advance as f32 * scale;
            pen += advance;
            Placed {
                glyph: u16::try_from(info.glyph_id).unwrap_or(0),
                cluster: info.cluster,
                x,
                y: position.y_offset as f32 * scale,
                advance,
            }
        })
        .collect()
}

/// The distance from the beginning to the end of shaped text.
#[must_use]
pub(super) fn advance(glyphs: &[Placed]) -> f32 {
    glyphs.iter().map(|glyph| glyph.advance).sum()
}
