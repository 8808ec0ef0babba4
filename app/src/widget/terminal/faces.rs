//! The fonts: the one that the user chose, JetBrains Mono, which is bundled in four faces, and whatever the system has
//! for characters that both lack.
//!
//! Glyphs are shaped a cell at a time, or a few that belong together ([`super::joined`]), and placed cell by cell. Shaping
//! a whole line would move everything to the right of a fallback glyph, whose advance is never that of the cell.

mod coverage;
mod face;
mod fallback;
mod families;
mod group;
mod shaping;

use std::sync::OnceLock;

use cosmic_text::fontdb::{self, ID, Source};
use cosmic_text::{FontSystem, SwashCache};
use iced::advanced::graphics::text::font_system;

use super::font::Font;
use super::glyph::{Glyph, Pixels};
use super::joined;
use super::metrics::{Design, Metrics};
use super::missing;
use super::picture::{self, Picture};
use face::Face;
use fallback::Fallback;
pub use group::{Fit, Group};
use shaping::{Placed, advance, shape};

/// The size at which emoji are rasterised before they are scaled to their cells: that of the bitmaps in Noto's.
const EMOJI_SIZE: f32 = 109.0;

/// How much a wide character of a fallback font may grow to fill its two cells.
const WIDEST: f32 = 1.12;

/// How much letters of a fallback font may be narrowed before they are made smaller.
const NARROWEST: f32 = 0.6;

/// The same for symbols, which are told by their form, but also by their size: a circled number is hardly one to begin with.
const NARROWEST_SYMBOL: f32 = 0.8;

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

impl Cluster<'_> {
    fn text(&self) -> impl Iterator<Item = char> {
        std::iter::once(self.character).chain(self.combining.unwrap_or_default().chars())
    }

    fn has(&self, selector: char) -> bool {
        self.combining.is_some_and(|marks| marks.contains(selector))
    }
}

/// The faces of a family: regular, bold, italic, bold italic.
type Styles = [Option<Face>; 4];

/// The place of a style in [`Styles`].
fn style(bold: bool, italic: bool) -> usize {
    usize::from(bold) + 2 * usize::from(italic)
}

/// The fonts at one size.
#[derive(Debug)]
pub struct Faces {
    own: Styles,
    bundled: Styles,
    fallback: Fallback,
    cache: SwashCache,
    metrics: Metrics,
}

impl Faces {
    /// The bundled font at `size` physical pixels to the em.
    #[must_use]
    pub fn new(size: f32) -> Self {
        Self::of_font(&Font::bundled(size))
    }

    /// Opens the fonts.
    #[must_use]
    pub fn of_font(font: &Font) -> Self {
        let bundled = bundled();
        let own = with_fonts(|fonts| chosen(fonts, &font.family)).unwrap_or(bundled);
        let [regular, ..] = own;
        let design = with_fonts(|fonts| regular.and_then(|face| design(fonts, face))).unwrap_or(Design {
            units_per_em: 1000.0,
            advance: 600.0,
            ascent: 1020.0,
            descent: 300.0,
            underline_offset: 150.0,
            underline_thickness: 50.0,
            strikeout_offset: 310.0,
        });
        let metrics = Metrics::new(design, font.size);
        Self { own, bundled, fallback: Fallback::default(), cache: SwashCache::new(), metrics }
    }

    /// The size of a cell.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }

    /// What is known of characters that were not found.
    #[must_use]
    pub fn fallback(&self) -> &Fallback {
        &self.fallback
    }

    /// Looks again for characters that were not found.
    pub fn look_again(&mut self) {
        self.fallback.look_again();
    }

    /// Draws a cluster, `None` when it has no ink.
    #[must_use]
    pub fn draw(&mut self, cluster: Cluster<'_>) -> Option<Glyph> {
        with_fonts(|fonts| {
            if is_emoji(cluster)
                && let Some(glyph) = self.emoji(fonts, cluster.text(), cluster.columns)
            {
                return Some(glyph);
            }
            if let Some(face) = self.own_face(fonts, cluster) {
                return self.own_glyph(fonts, face, cluster);
            }
            if is_blank(cluster.character) {
                return None;
            }
            let style = (cluster.bold, cluster.italic);
            match self.fallback.face(fonts, cluster.character, style) {
                Some(face) => self.fitted(fonts, face, cluster),
                None => self.emoji(fonts, cluster.text(), cluster.columns).or_else(|| {
                    Some(Glyph::from_mask(&missing::draw(cluster.character, cluster.columns, self.metrics)))
                }),
            }
        })
    }

    /// Draws characters as one picture in two columns; `None` where no font has one picture for all of them.
    #[must_use]
    pub fn picture(&mut self, text: &[char], cluster: Cluster<'_>) -> Option<Glyph> {
        with_fonts(|fonts| {
            if let Some(glyph) = self.emoji(fonts, text.iter().copied(), 2) {
                return Some(glyph);
            }
            // An icon of private use.
            let [character] = text else { return None };
            let face = self.fallback.face(fonts, *character, (cluster.bold, cluster.italic))?;
            self.fitted(fonts, face, Cluster { columns: 2, ..cluster })
        })
    }

    /// Shapes signs joined, each glyph at its column; `None` where the font joins nothing here.
    #[must_use]
    pub fn signs(&mut self, text: &str, bold: bool, italic: bool) -> Option<Vec<(u32, Group)>> {
        with_fonts(|fonts| {
            let face = self.own.get(style(bold, italic)).copied().flatten()?;
            let shaped = shape(fonts, face, text.chars().zip(0..), self.metrics.size, true);
            let plain: Vec<Option<u16>> = text.chars().map(|character| face.glyph(fonts, character)).collect();
            if shaped.iter().map(|placed| Some(placed.glyph)).eq(plain) {
                return None;
            }
            let group =
                |placed: &Placed| (placed.cluster, Group::new(face, std::slice::from_ref(placed), 1, Fit::Natural));
            Some(shaped.iter().map(group).collect())
        })
    }

    /// Shapes the cells of a script that joins its letters. What became one is drawn in the cells it came from, and fills
    /// them where the letters hang from a line. `None` where no font has all of it.
    #[must_use]
    pub fn script(&mut self, cells: &[String], bold: bool, italic: bool) -> Option<Vec<(u32, Group)>> {
        with_fonts(|fonts| {
            let first = cells.first()?.chars().next()?;
            let face = self.fallback.face(fonts, first, (bold, italic))?;
            let text = cells.iter().zip(0..).flat_map(|(cell, index)| cell.chars().map(move |c| (c, index)));
            let shaped = shape(fonts, face, text, self.metrics.size, true);
            if shaped.iter().any(|placed| placed.glyph == 0) {
                return None;
            }
            let fit = if joined::has_headline(first) { Fit::Filled } else { Fit::Inside };
            let (mut groups, mut rest) = (Vec::new(), shaped.as_slice());
            while let Some(start) = rest.first().map(|placed| placed.cluster) {
                let count = rest.iter().take_while(|placed| placed.cluster == start).count();
                let (group, after) = rest.split_at_checked(count)?;
                let end = after.first().map_or(cells.len() as u32, |placed| placed.cluster);
                groups.push((start, Group::new(face, group, end.checked_sub(start)?, fit)));
                rest = after;
            }
            Some(groups)
        })
    }

    /// Draws glyphs that became one, `None` when they have no ink.
    #[must_use]
    pub fn group(&mut self, group: &Group) -> Option<Glyph> {
        with_fonts(|fonts| {
            let natural = group.advance().max(1.0);
            let room = (self.metrics.width * group.columns) as f32;
            let factor = match group.fit {
                Fit::Natural => 1.0,
                Fit::Inside => (room / natural).clamp(0.5, 1.0),
                Fit::Filled => (room / natural).clamp(0.5, 1.5),
            };
            let picture = picture::compose(self.images(fonts, group.face, &group.glyphs(), self.metrics.size))?;
            let shift = if group.fit == Fit::Inside { (room - natural * factor) / 2.0 } else { 0.0 };
            self.placed(picture::stretch(picture, factor), shift.round() as i32)
        })
    }

    /// The face of the terminal's own font, or of the bundled one, that has all of a cluster.
    fn own_face(&self, fonts: &mut FontSystem, cluster: Cluster<'_>) -> Option<Face> {
        if cluster.columns != 1 {
            return None;
        }
        let style = style(cluster.bold, cluster.italic);
        let faces = [self.own.get(style), self.bundled.get(style)];
        let has_all = |fonts: &mut FontSystem, face: &Face| {
            cluster.text().filter(|c| !is_selector(*c)).all(|character| face.glyph(fonts, character).is_some())
        };
        faces.into_iter().filter_map(|face| face.copied().flatten()).find(|face| has_all(fonts, face))
    }

    /// A glyph as it comes: its font has the cell's width.
    fn own_glyph(&mut self, fonts: &mut FontSystem, face: Face, cluster: Cluster<'_>) -> Option<Glyph> {
        if !self.own.contains(&Some(face)) {
            return self.fitted(fonts, face, cluster);
        }
        let size = self.metrics.size;
        if cluster.combining.is_none() {
            let glyph = face.glyph(fonts, cluster.character)?;
            let picture = Picture::new(face.image(fonts, &mut self.cache, glyph, size)?, 0, 0)?;
            return self.placed(picture, 0);
        }
        let shaped = shape(fonts, face, cluster.text().zip(std::iter::repeat(0)), size, false);
        let picture = picture::compose(self.images(fonts, face, &shaped, size))?;
        self.placed(picture, 0)
    }

    /// A cluster of another font: as large as its cells allow, and centred in them. Letters that are too wide are made
    /// narrower, so that all letters of a word are of one height; symbols nearly keep their proportions.
    fn fitted(&mut self, fonts: &mut FontSystem, face: Face, cluster: Cluster<'_>) -> Option<Glyph> {
        let room = (self.metrics.width * cluster.columns) as f32;
        let text = || cluster.text().zip(std::iter::repeat(0));
        let size = self.metrics.size;
        let natural = advance(&shape(fonts, face, text(), size, false)).max(1.0);
        let widest = if cluster.columns == 2 { WIDEST } else { 1.0 };
        let fit = (room / natural).min(widest);
        let narrowest = if cluster.character.is_alphabetic() { NARROWEST } else { NARROWEST_SYMBOL };
        let (scale, factor) = if fit < 1.0 { ((fit / narrowest).min(1.0), fit.max(narrowest)) } else { (fit, 1.0) };
        let shaped = shape(fonts, face, text(), size * scale, false);
        let picture = picture::compose(self.images(fonts, face, &shaped, size * scale))?;
        if let Pixels::Color(_) = picture.pixels {
            return self.scaled(&picture, cluster.columns);
        }
        let shift = ((room - advance(&shaped) * factor) / 2.0).round() as i32;
        self.placed(self.lowered(picture::stretch(picture, factor)), shift)
    }

    /// Moves what would stick out of the line into it as far as there is room on the other side.
    fn lowered(&self, picture: Picture) -> Picture {
        let (above, below) = (self.metrics.baseline as i32, (self.metrics.height - self.metrics.baseline) as i32);
        let bottom = picture.height as i32 - picture.top;
        let down = (picture.top - above).max(0).min((below - bottom).max(0));
        let up = (bottom - below).max(0).min((above - picture.top).max(0));
        Picture { top: picture.top - down + up, ..picture }
    }

    fn placed(&self, picture: Picture, shift: i32) -> Option<Glyph> {
        let top = self.metrics.baseline as i32 - picture.top;
        let size = (picture.width, picture.height);
        Glyph::clipped(picture.left + shift, top, size, picture.pixels, self.metrics.height)
    }

    /// A colour emoji, scaled to the cells it covers; `None` where no font has one picture for all of the text.
    fn emoji(&mut self, fonts: &mut FontSystem, text: impl Iterator<Item = char>, columns: u32) -> Option<Glyph> {
        let text: Vec<char> = text.collect();
        let face = self.fallback.emoji(fonts, *text.first()?)?;
        let shaped = shape(fonts, face, text.into_iter().zip(std::iter::repeat(0)), EMOJI_SIZE, true);
        let mut pictures = self.images(fonts, face, &shaped, EMOJI_SIZE);
        let picture = pictures.pop().filter(|_| pictures.is_empty())?;
        matches!(picture.pixels, Pixels::Color(_)).then(|| self.scaled(&picture, columns)).flatten()
    }

    /// Scales a picture to its cells, keeping its proportions.
    fn scaled(&self, picture: &Picture, columns: u32) -> Option<Glyph> {
        let (width, height) = (self.metrics.width * columns, self.metrics.height);
        let scaled = picture::fit(picture, width, height)?;
        let left = (width - scaled.width) as i32 / 2;
        let top = (height - scaled.height) as i32 / 2;
        Glyph::clipped(left, top, (scaled.width, scaled.height), scaled.pixels, height)
    }

    /// The pictures of glyphs, placed against the first one's origin.
    fn images(&mut self, fonts: &mut FontSystem, face: Face, glyphs: &[Placed], size: f32) -> Vec<Picture> {
        let origin = glyphs.first().map_or(0.0, |first| first.x);
        let images = glyphs.iter().filter_map(|placed| {
            let image = face.image(fonts, &mut self.cache, placed.glyph, size)?;
            Picture::new(image, (placed.x - origin).round() as i32, -placed.y.round() as i32)
        });
        images.collect()
    }
}

/// Whether a cluster asks for a picture: by its variation selector, or by being wide and in a block of emoji.
fn is_emoji(cluster: Cluster<'_>) -> bool {
    let wide = cluster.columns == 2 && !cluster.has('\u{fe0e}');
    cluster.has('\u{fe0f}')
        || cluster.has('\u{20e3}')
        || (wide && matches!(cluster.character, '\u{1f000}'..='\u{1faff}' | '\u{231a}'..='\u{2b55}'))
}

/// Variation selectors choose between a text and a picture, which is done here, and need no glyph.
fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{200c}' | '\u{200d}')
}

/// Characters without ink, which no font needs to have.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(character, '\u{3164}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The faces of the family that the user chose; `None` for the bundled one and for one that is not there.
fn chosen(fonts: &mut FontSystem, family: &str) -> Option<Styles> {
    let wanted = |family: &str| !family.is_empty() && !family.eq_ignore_ascii_case(FAMILY);
    let family = Some(family.trim()).filter(|family| wanted(family))?;
    let mut face = |bold, italic| Face::of_family(fonts, family, bold, italic);
    let styles = [face(false, false), face(true, false), face(false, true), face(true, true)];
    styles.iter().all(Option::is_some).then_some(styles)
}

/// The family that is bundled.
pub const FAMILY: &str = "JetBrains Mono";

/// Runs `work` on the fonts of the whole program, which iced owns: they are searched and read once.
fn with_fonts<T>(work: impl FnOnce(&mut FontSystem) -> T) -> T {
    // A panic while drawing text elsewhere leaves the fonts as they were: they are only ever added to.
    let mut fonts = font_system().write().unwrap_or_else(std::sync::PoisonError::into_inner);
    work(fonts.raw())
}

/// Loads the bundled faces, once for the program.
fn bundled() -> Styles {
    static IDS: OnceLock<[Option<ID>; 4]> = OnceLock::new();
    const FACES: [&[u8]; 4] = [
        include_bytes!("../../../../assets/fonts/JetBrainsMono-Regular.ttf"),
        include_bytes!("../../../../assets/fonts/JetBrainsMono-Bold.ttf"),
        include_bytes!("../../../../assets/fonts/JetBrainsMono-Italic.ttf"),
        include_bytes!("../../../../assets/fonts/JetBrainsMono-BoldItalic.ttf"),
    ];
    let [regular, bold, italic, both] =
        *IDS.get_or_init(|| with_fonts(|fonts| FACES.map(|bytes| load(fonts.db_mut(), bytes))));
    let face = |id: Option<ID>, bold| id.map(|id| Face::new(id, bold));
    [face(regular, false), face(bold, true), face(italic, false), face(both, true)]
}

fn load(database: &mut fontdb::Database, bytes: &'static [u8]) -> Option<ID> {
    database.load_font_source(Source::Binary(std::sync::Arc::new(bytes))).first().copied()
}

fn design(fonts: &mut FontSystem, face: Face) -> Option<Design> {
    let font = face.font(fonts)?;
    let metrics = font.metrics();
    let swash = font.as_swash();
    let em = f32::from(metrics.units_per_em);
    // Fonts without these tables get lines where those that have them put theirs.
    let underline = metrics.underline.map_or((-0.15 * em, 0.05 * em), |line| (line.offset, line.thickness));
    Some(Design {
        units_per_em: em,
        advance: swash.glyph_metrics(&[]).advance_width(swash.charmap().map('0')),
        ascent: metrics.ascent + metrics.leading.max(0.0) / 2.0,
        descent: -metrics.descent + metrics.leading.max(0.0) / 2.0,
        underline_offset: -underline.0,
        underline_thickness: underline.1,
        strikeout_offset: metrics.strikeout.map_or(0.31 * em, |line| line.offset),
    })
}

#[cfg(test)]
mod tests;
