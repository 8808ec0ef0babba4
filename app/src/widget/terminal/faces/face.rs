//! One face of a font: where it comes from, and what must be done to it to look bold or italic.

use cosmic_text::fontdb::{FaceInfo, ID, Stretch, Style};
use cosmic_text::{CacheKey, CacheKeyFlags, FontSystem, SubpixelBin, SwashCache, SwashContent, SwashImage, Weight};

/// A face, with the style that is synthesised where the family has no face of that style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Face {
    id: ID,
    weight: Weight,
    slanted: bool,
    thickened: bool,
}

impl Face {
    /// A face that is exactly what is wanted.
    #[must_use]
    pub fn new(id: ID, bold: bool) -> Self {
        Self { id, weight: weight(bold), slanted: false, thickened: false }
    }

    /// The face of a family that is nearest to a style. `None` where the system has no such family.
    #[must_use]
    pub fn of_family(fonts: &mut FontSystem, family: &str, bold: bool, italic: bool) -> Option<Self> {
        let named = |face: &&FaceInfo| face.families.iter().any(|(name, _)| name.eq_ignore_ascii_case(family));
        let faces = fonts.db().faces().filter(named);
        let best = faces.min_by_key(|face| distance(face, bold, italic))?;
        let (id, upright, light) = (best.id, best.style == Style::Normal, best.weight.0 < 600);
        let variable = fonts.get_font(id, weight(bold)).is_some_and(|font| has_weights(&font));
        Some(Self { id, weight: weight(bold), slanted: italic && upright, thickened: bold && light && !variable })
    }

    /// The file's face, for shaping and measuring.
    #[must_use]
    pub fn font(self, fonts: &mut FontSystem) -> Option<std::sync::Arc<cosmic_text::Font>> {
        fonts.get_font(self.id, self.weight)
    }

    /// The glyph of a character, `None` where the face lacks it.
    #[must_use]
    pub fn glyph(self, fonts: &mut FontSystem, character: char) -> Option<u16> {
        let glyph = self.font(fonts)?.as_swash().charmap().map(character);
        (glyph != 0).then_some(glyph)
    }

    /// Rasterises a glyph at `size` pixels to the em.
    #[must_use]
    pub fn image(self, fonts: &mut FontSystem, cache: &mut SwashCache, glyph: u16, size: f32) -> Option<SwashImage> {
        let key = CacheKey {
            font_id: self.id,
            glyph_id: glyph,
            font_size_bits: size.to_bits(),
            x_bin: SubpixelBin::Zero,
            y_bin: SubpixelBin::Zero,
            font_weight: self.weight,
            flags: if self.slanted { CacheKeyFlags::FAKE_ITALIC } else { CacheKeyFlags::empty() },
        };
        let image = cache.get_image_uncached(fonts, key)?;
        Some(if self.thickened { thicken(image, size) } else { image })
    }
}

fn weight(bold: bool) -> Weight {
    if bold { Weight::BOLD } else { Weight::NORMAL }
}

/// Whether the weight is an axis of the font: then every weight can be had.
fn has_weights(font: &cosmic_text::Font) -> bool {
    font.as_swash().variations().any(|axis| axis.tag() == u32::from_be_bytes(*b"wght"))
}

/// How far a face is from a style; the smaller the better.
fn distance(face: &FaceInfo, bold: bool, italic: bool) -> (bool, bool, u16) {
    let upright = face.style == Style::Normal;
    (face.stretch != Stretch::Normal, upright == italic, face.weight.0.abs_diff(weight(bold).0))
}

/// Draws a mask again a fraction of a pixel to the right: bold, for a family that has none.
fn thicken(image: SwashImage, size: f32) -> SwashImage {
    if image.content != SwashContent::Mask || image.placement.width == 0 {
        return image;
    }
    let shift = (size / 20.0).max(0.5);
    let (whole, part) = (shift.floor() as usize, shift.fract());
    let width = image.placement.width as usize;
    let wider = width + whole + 1;
    let mut data = Vec::with_capacity(wider * image.placement.height as usize);
    for row in image.data.chunks_exact(width) {
        let at = |x: Option<usize>| x.and_then(|x| row.get(x)).copied().unwrap_or(0);
        data.extend((0..wider).map(|x| {
            let solid = (0..=whole).map(|back| at(x.checked_sub(back))).max().unwrap_or(0);
            let faint = (f32::from(at(x.checked_sub(whole + 1))) * part) as u8;
            solid.max(faint)
        }));
    }
    let mut image = image;
    image.placement.width = wider as u32;
    image.data = data;
    image
}
