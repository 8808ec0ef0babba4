//! The fonts: JetBrains Mono, bundled in four faces, and whatever the system has for characters that it lacks.
//!
//! Glyphs are shaped one cell at a time. Shaping a whole line would move everything to the right of a fallback glyph,
//! whose advance is never that of the cell.

use std::sync::OnceLock;

use cosmic_text::fontdb::{self, ID, Source};
use cosmic_text::{
    Attrs, Buffer, CacheKey, CacheKeyFlags, Family, FontSystem, Metrics as Spacing, Shaping, Style, SubpixelBin,
    SwashCache, SwashContent, SwashImage, Weight, Wrap,
};
use iced::advanced::graphics::text::font_system;

use super::glyph::{Glyph, Pixels};
use super::metrics::{Design, Metrics};
use super::picture;

/// The family that is bundled.
pub const FAMILY: &str = "JetBrains Mono";

/// Families that draw emoji in colour, one for each platform.
const EMOJI: [&str; 4] = ["Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji", "Twemoji"];

/// Families whose full-width forms go with the ideographs beside them; left to itself the search may end at a serif.
const FULL_WIDTH: [&str; 6] =
    ["Noto Sans Mono CJK SC", "Noto Sans CJK SC", "PingFang SC", "Hiragino Sans", "Microsoft YaHei", "MS Gothic"];

/// The size at which emoji are rasterised before they are scaled to their cells: that of the bitmaps in Noto's.
const EMOJI_SIZE: f32 = 109.0;

/// How much a wide character of a fallback font may grow to fill its two cells.
const WIDEST: f32 = 1.12;

/// What is drawn in one cell, or in two.
#[derive(Debug, Clone, Copy)]
pub struct Cluster<'a> {
    /// The character.
    pub character: char,
    /// Combining characters and variation selectors after it.
    pub combining: Option<&'a str>,
    /// Bold face.
    pub bold: bool,
    /// Italic face.
    pub italic: bool,
    /// Columns it covers, 1 or 2.
    pub columns: u32,
}

/// The four bundled faces: regular, bold, italic, bold italic.
type Ids = [Option<ID>; 4];

/// The fonts at one size.
#[derive(Debug)]
pub struct Faces {
    ids: Ids,
    cache: SwashCache,
    metrics: Metrics,
}

impl Faces {
    /// Opens the fonts at `size` physical pixels to the em.
    #[must_use]
    pub fn new(size: f32) -> Self {
        let ids = bundled();
        let design = with_fonts(|fonts| ids[0].and_then(|id| design(fonts, id))).unwrap_or(Design {
            units_per_em: 1000.0,
            advance: 600.0,
            ascent: 1020.0,
            descent: 300.0,
            underline_offset: 150.0,
            underline_thickness: 50.0,
            strikeout_offset: 310.0,
        });
        Self { ids, cache: SwashCache::new(), metrics: Metrics::new(design, size) }
    }

    /// The size of a cell.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }

    /// Draws a cluster, `None` when it has no ink.
    #[must_use]
    pub fn draw(&mut self, cluster: Cluster<'_>) -> Option<Glyph> {
        with_fonts(|fonts| {
            if is_emoji(cluster)
                && let Some(glyph) = self.emoji(fonts, cluster)
            {
                return Some(glyph);
            }
            if cluster.combining.is_none()
                && let Some(image) = self.bundled_glyph(fonts, cluster)
            {
                return self.place(image, 0);
            }
            self.fallback(fonts, cluster)
        })
    }

    /// The character in the bundled face, which covers nearly all that is ever shown.
    fn bundled_glyph(&mut self, fonts: &mut FontSystem, cluster: Cluster<'_>) -> Option<SwashImage> {
        let face = usize::from(cluster.bold) + 2 * usize::from(cluster.italic);
        let (id, weight) = (self.ids.get(face).copied().flatten()?, weight(cluster.bold));
        let glyph = fonts.get_font(id, weight)?.as_swash().charmap().map(cluster.character);
        if glyph == 0 || cluster.columns != 1 {
            return None;
        }
        let key = CacheKey {
            font_id: id,
            glyph_id: glyph,
            font_size_bits: self.metrics.size.to_bits(),
            x_bin: SubpixelBin::Zero,
            y_bin: SubpixelBin::Zero,
            font_weight: weight,
            flags: CacheKeyFlags::empty(),
        };
        self.cache.get_image_uncached(fonts, key)
    }

    fn place(&self, image: SwashImage, shift: i32) -> Option<Glyph> {
        let placement = image.placement;
        let pixels = match image.content {
            SwashContent::Mask => Pixels::Mask(image.data),
            SwashContent::Color => Pixels::Color(image.data),
            SwashContent::SubpixelMask => return None,
        };
        let top = self.metrics.baseline as i32 - placement.top;
        let size = (placement.width, placement.height);
        Glyph::clipped(placement.left + shift, top, size, pixels, self.metrics.height)
    }

    /// A cluster that needs another font or several glyphs: as large as its cells allow, and centred in them.
    fn fallback(&mut self, fonts: &mut FontSystem, cluster: Cluster<'_>) -> Option<Glyph> {
        let room = (self.metrics.width * cluster.columns) as f32;
        let family = if matches!(cluster.character, '\u{ff00}'..='\u{ffef}') {
            FULL_WIDTH.into_iter().find(|family| has_family(fonts, family)).unwrap_or(FAMILY)
        } else {
            FAMILY
        };
        let shaped = shape(fonts, cluster, Family::Name(family), self.metrics.size);
        let natural = shaped.advance;
        let scale = if natural <= 0.0 {
            1.0
        } else if cluster.columns == 2 {
            (room / natural).min(WIDEST)
        } else {
            (room / natural).min(1.0)
        };
        let shaped = if (scale - 1.0).abs() > 0.01 {
            shape(fonts, cluster, Family::Name(family), self.metrics.size * scale)
        } else {
            shaped
        };
        let picture = picture::compose(self.images(fonts, &shaped.keys))?;
        if let Pixels::Color(_) = picture.pixels {
            return self.fit(picture, cluster.columns);
        }
        let shift = ((room - shaped.advance) / 2.0).round() as i32;
        let top = self.metrics.baseline as i32 - picture.top;
        Glyph::clipped(picture.left + shift, top, (picture.width, picture.height), picture.pixels, self.metrics.height)
    }

    /// A colour emoji, scaled to the cells it covers.
    fn emoji(&mut self, fonts: &mut FontSystem, cluster: Cluster<'_>) -> Option<Glyph> {
        let family = EMOJI.into_iter().find(|family| has_family(fonts, family))?;
        let plain = Cluster { bold: false, italic: false, ..cluster };
        let shaped = shape(fonts, plain, Family::Name(family), EMOJI_SIZE);
        let picture = picture::compose(self.images(fonts, &shaped.keys))?;
        matches!(picture.pixels, Pixels::Color(_)).then(|| self.fit(picture, cluster.columns)).flatten()
    }

    /// Scales a picture to its cells, keeping its proportions.
    fn fit(&self, picture: picture::Picture, columns: u32) -> Option<Glyph> {
        let (width, height) = (self.metrics.width * columns, self.metrics.height);
        let scaled = picture::fit(&picture, width, height)?;
        let left = (width - scaled.width) as i32 / 2;
        let top = (height - scaled.height) as i32 / 2;
        Glyph::clipped(left, top, (scaled.width, scaled.height), scaled.pixels, height)
    }

    fn images(&mut self, fonts: &mut FontSystem, keys: &[(CacheKey, i32, i32)]) -> Vec<picture::Picture> {
        let images = keys.iter().filter_map(|&(key, x, y)| {
            let image = self.cache.get_image_uncached(fonts, key)?;
            picture::Picture::new(image, x, y)
        });
        images.collect()
    }
}

/// The glyphs of a cluster, each with its place relative to the cluster's origin on the baseline.
struct Shaped {
    keys: Vec<(CacheKey, i32, i32)>,
    advance: f32,
}

/// Shapes with the wanted style first and, when no font of that style has the characters, with the plain one.
fn shape(fonts: &mut FontSystem, cluster: Cluster<'_>, family: Family<'_>, size: f32) -> Shaped {
    let shaped = shape_styled(fonts, cluster, family, size);
    let missing = shaped.keys.iter().any(|(key, ..)| key.glyph_id == 0);
    if missing && (cluster.bold || cluster.italic) {
        return shape_styled(fonts, Cluster { bold: false, italic: false, ..cluster }, family, size);
    }
    shaped
}

fn shape_styled(fonts: &mut FontSystem, cluster: Cluster<'_>, family: Family<'_>, size: f32) -> Shaped {
    let mut text = String::from(cluster.character);
    text.push_str(cluster.combining.unwrap_or_default());
    let style = if cluster.italic { Style::Italic } else { Style::Normal };
    let attrs = Attrs::new().family(family).weight(weight(cluster.bold)).style(style);
    let mut buffer = Buffer::new_empty(Spacing::new(size, size));
    buffer.set_wrap(fonts, Wrap::None);
    buffer.set_text(fonts, &text, &attrs, Shaping::Advanced, None);
    buffer.shape_until_scroll(fonts, false);
    let mut shaped = Shaped { keys: Vec::new(), advance: 0.0 };
    for run in buffer.layout_runs() {
        shaped.advance = shaped.advance.max(run.line_w);
        shaped.keys.extend(run.glyphs.iter().map(|glyph| {
            let physical = glyph.physical((0.0, 0.0), 1.0);
            (physical.cache_key, physical.x, physical.y)
        }));
    }
    shaped
}

/// Whether a cluster asks for a picture: by its variation selector, or by being wide and in a block of emoji.
fn is_emoji(cluster: Cluster<'_>) -> bool {
    let combining = cluster.combining.unwrap_or_default();
    let wide = cluster.columns == 2;
    combining.contains('\u{fe0f}')
        || (wide
            && !combining.contains('\u{fe0e}')
            && matches!(cluster.character, '\u{1f000}'..='\u{1faff}' | '\u{231a}'..='\u{2b55}'))
}

fn weight(bold: bool) -> Weight {
    if bold { Weight::BOLD } else { Weight::NORMAL }
}

fn has_family(fonts: &FontSystem, family: &str) -> bool {
    fonts.db().faces().any(|face| face.families.iter().any(|(name, _)| name == family))
}

/// Runs `work` on the fonts of the whole program, which iced owns: they are searched and read once.
fn with_fonts<T>(work: impl FnOnce(&mut FontSystem) -> T) -> T {
    // A panic while drawing text elsewhere leaves the fonts as they were: they are only ever added to.
    let mut fonts = font_system().write().unwrap_or_else(std::sync::PoisonError::into_inner);
    work(fonts.raw())
}

/// Loads the bundled faces, once for the program.
fn bundled() -> Ids {
    static IDS: OnceLock<Ids> = OnceLock::new();
    const FACES: [&[u8]; 4] = [
        include_bytes!("../../../../assets/fonts/JetBrainsMono-Regular.ttf"),
        include_bytes!("../../../../assets/fonts/JetBrainsMono-Bold.ttf"),
        include_bytes!("../../../../assets/fonts/JetBrainsMono-Italic.ttf"),
        include_bytes!("../../../../assets/fonts/JetBrainsMono-BoldItalic.ttf"),
    ];
    *IDS.get_or_init(|| with_fonts(|fonts| FACES.map(|bytes| load(fonts.db_mut(), bytes))))
}

fn load(database: &mut fontdb::Database, bytes: &'static [u8]) -> Option<ID> {
    database.load_font_source(Source::Binary(std::sync::Arc::new(bytes))).first().copied()
}

fn design(fonts: &mut FontSystem, id: ID) -> Option<Design> {
    let font = fonts.get_font(id, Weight::NORMAL)?;
    let metrics = font.metrics();
    let swash = font.as_swash();
    let underline = metrics.underline?;
    let strikeout = metrics.strikeout?;
    Some(Design {
        units_per_em: f32::from(metrics.units_per_em),
        advance: swash.glyph_metrics(&[]).advance_width(swash.charmap().map('0')),
        ascent: metrics.ascent,
        descent: -metrics.descent,
        underline_offset: -underline.offset,
        underline_thickness: underline.thickness,
        strikeout_offset: strikeout.offset,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(character: char, columns: u32) -> Cluster<'static> {
        Cluster { character, combining: None, bold: false, italic: false, columns }
    }

    #[test]
    fn the_bundled_font_gives_the_cell() {
        let metrics = Faces::new(14.0).metrics();
        assert_eq!((metrics.width, metrics.height, metrics.baseline, metrics.thickness), (8, 18, 14, 1));
    }

    #[test]
    fn each_style_has_a_face_of_its_own() {
        let mut faces = Faces::new(28.0);
        let styles = [(false, false), (true, false), (false, true), (true, true)];
        let mut glyphs: Vec<Glyph> = styles
            .iter()
            .map(|&(bold, italic)| faces.draw(Cluster { bold, italic, ..cluster('a', 1) }).expect("ink"))
            .collect();
        glyphs.dedup();
        assert_eq!(glyphs.len(), 4);
    }

    #[test]
    fn a_space_has_no_ink() {
        assert_eq!(Faces::new(14.0).draw(cluster(' ', 1)), None);
    }

    #[test]
    fn wide_characters_come_from_the_system_and_fill_two_cells() {
        let mut faces = Faces::new(14.0);
        let glyph = faces.draw(cluster('漢', 2)).expect("a CJK font is installed");
        assert!(matches!(glyph.pixels, Pixels::Mask(_)));
        assert!(glyph.left >= 0 && glyph.left as u32 + glyph.width <= 16, "{} {}", glyph.left, glyph.width);
        assert!(glyph.width > 10);
    }

    #[test]
    fn emoji_are_in_colour_and_stay_in_their_cells() {
        for size in [14.0, 17.5, 21.0, 28.0] {
            let mut faces = Faces::new(size);
            let metrics = faces.metrics();
            for (character, combining, columns) in [('😀', None, 2), ('❤', Some("\u{fe0f}"), 1)] {
                let glyph = faces.draw(Cluster { combining, ..cluster(character, columns) }).expect("an emoji font");
                assert!(matches!(glyph.pixels, Pixels::Color(_)), "{character}");
                assert!(glyph.left >= 0 && glyph.left as u32 + glyph.width <= metrics.width * columns);
                assert!(glyph.width + 2 >= metrics.width * columns || glyph.height + 2 >= metrics.height);
            }
        }
    }

    #[test]
    fn a_combining_mark_joins_its_letter() {
        let mut faces = Faces::new(28.0);
        let plain = faces.draw(cluster('x', 1)).expect("ink");
        let marked = faces.draw(Cluster { combining: Some("\u{0302}"), ..cluster('x', 1) }).expect("ink");
        assert!(marked.top < plain.top, "the circumflex stands above the letter");
    }
}
