//! The glyph cache: every character is rasterised once for a font size and a scale, whichever terminal shows it and
//! whichever painter draws it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use term::terminal::content::{Cell, Width};

use super::box_drawing;
use super::decoration;
use super::faces::{Cluster, Faces, Group};
use super::font::Font;
use super::glyph::Glyph;
use super::joined::{self, Kind};
use super::metrics::Metrics;

/// Glyphs kept before the cache starts anew; a screen full of different ones is far smaller.
const MOST: usize = 16_384;

/// Glyphs that one frame may draw first: about a twentieth of a second's work where all come from fonts of the system. A
/// page of ideographs that were never shown appears within a few frames, between which keys are answered.
const FRESH: usize = 256;

/// Ends a cell in the key of cells that are drawn as one; no cell has it.
const SEPARATOR: char = '\u{1f}';

/// The place of a glyph in the cache, valid for one [`Glyphs::generation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id(pub u32);

/// What distinguishes glyphs beyond plain ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    character: char,
    combining: Option<Arc<str>>,
    style: u8,
    wide: bool,
}

/// What distinguishes cells that are drawn as one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct JoinedKey {
    kind: Kind,
    /// The characters, with a unit separator after each cell.
    text: String,
    style: u8,
}

/// Glyphs of cells that are drawn as one, each with its column.
type Columns = Arc<[(u32, Id)]>;

/// Cells that are drawn as one.
#[derive(Debug, Clone)]
pub struct Joined {
    /// How many.
    pub cells: usize,
    /// What is drawn, with the column counted from the first of them.
    pub glyphs: Columns,
}

/// How far the cache knows a character of plain ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    NotYet,
    Blank,
    Glyph(Id),
}

fn next_generation() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// All glyphs at one size.
#[derive(Debug)]
pub struct Glyphs {
    faces: Faces,
    ascii: Vec<Known>,
    others: HashMap<Key, Option<Id>>,
    joined: HashMap<JoinedKey, Option<Columns>>,
    groups: HashMap<Group, Option<Id>>,
    font: Font,
    curl: Option<Id>,
    glyphs: Vec<Arc<Glyph>>,
    generation: u64,
    /// How many more glyphs this frame may draw first.
    fresh: usize,
    /// Something was left out since [`Glyphs::take_left_out`], and in this frame.
    left_out: bool,
    behind: bool,
}

impl Glyphs {
    /// An empty cache of the bundled font at `size` physical pixels to the em.
    #[must_use]
    pub fn new(size: f32) -> Self {
        Self::of_font(Font::bundled(size))
    }

    /// An empty cache.
    #[must_use]
    pub fn of_font(font: Font) -> Self {
        Self {
            faces: Faces::of_font(&font),
            ascii: vec![Known::NotYet; 4 * 128],
            others: HashMap::new(),
            joined: HashMap::new(),
            groups: HashMap::new(),
            font,
            curl: None,
            glyphs: Vec::new(),
            generation: next_generation(),
            fresh: usize::MAX,
            left_out: false,
            behind: false,
        }
    }

    /// The cache for a font that is shared by all terminals of this thread; it goes with the last of them.
    #[must_use]
    pub fn shared(font: &Font) -> Rc<RefCell<Self>> {
        thread_local! {
            static FONTS: RefCell<HashMap<Font, Weak<RefCell<Glyphs>>>> = RefCell::new(HashMap::new());
        }
        FONTS.with_borrow_mut(|fonts| {
            fonts.retain(|_, glyphs| glyphs.strong_count() > 0);
            if let Some(glyphs) = fonts.get(font).and_then(Weak::upgrade) {
                return glyphs;
            }
            let glyphs = Rc::new(RefCell::new(Self::of_font(font.clone())));
            let _ = fonts.insert(font.clone(), Rc::downgrade(&glyphs));
            glyphs
        })
    }

    /// The font.
    #[must_use]
    pub fn font(&self) -> &Font {
        &self.font
    }

    /// The size of a cell.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.faces.metrics()
    }

    /// Tells this cache from all others, and changes whenever it starts anew and all [`Id`]s lose their meaning.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Begins a frame, which draws a bounded number of glyphs first and leaves others out. Without this there is no bound.
    pub fn begin_frame(&mut self) {
        self.trim();
        self.fresh = FRESH;
        self.behind = false;
    }

    /// Whether this frame left something out, which the next one should draw.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.behind
    }

    /// Whether something was left out since this was asked last.
    pub fn take_left_out(&mut self) -> bool {
        std::mem::take(&mut self.left_out)
    }

    /// Whether another glyph may be drawn first in this frame; notes that it is left out if not.
    fn may_draw(&mut self) -> bool {
        let may = self.fresh > 0;
        self.fresh = self.fresh.saturating_sub(1);
        self.left_out |= !may;
        self.behind |= !may;
        may
    }

    /// Starts anew when the cache has grown too large, or when more fonts are known than when a character was not found.
    /// Called between frames, never within one.
    fn trim(&mut self) {
        let found = self.faces.fallback().may_find_more();
        if self.glyphs.len() > MOST || self.joined.len() > MOST || found {
            self.generation = next_generation();
            self.ascii.fill(Known::NotYet);
            self.others.clear();
            self.joined.clear();
            self.groups.clear();
            self.curl = None;
            self.glyphs.clear();
            self.faces.look_again();
        }
    }

    /// Whether a character is shown as missing for now, because the system's fonts are still being looked through.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.faces.fallback().is_waiting()
    }

    /// The glyph behind an id of this generation.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<&Arc<Glyph>> {
        self.glyphs.get(id.0 as usize)
    }

    /// All glyphs, in the order of their ids.
    #[must_use]
    pub fn all(&self) -> &[Arc<Glyph>] {
        &self.glyphs
    }

    /// The glyph of a cell's character; `None` for one without ink.
    pub fn of(&mut self, cell: &Cell) -> Option<Id> {
        if cell.character == ' ' && cell.combining.is_none() {
            return None;
        }
        let style = u8::from(cell.bold) + 2 * u8::from(cell.italic);
        if cell.character.is_ascii() && cell.combining.is_none() && cell.width == Width::Narrow {
            return self.ascii(cell, usize::from(style) * 128 + cell.character as usize);
        }
        let wide = cell.width == Width::Wide;
        let key = Key { character: cell.character, combining: cell.combining.clone(), style, wide };
        if let Some(&id) = self.others.get(&key) {
            return id;
        }
        if !self.may_draw() {
            return None;
        }
        let id = self.draw(cell).map(|glyph| self.add(glyph));
        let _ = self.others.insert(key, id);
        id
    }

    /// Whether [`Glyphs::joined`] is worth asking: plain ASCII, nearly all there is, is not without ligatures.
    #[inline]
    #[must_use]
    pub fn may_join(&self, cell: &Cell) -> bool {
        self.font.ligatures || !cell.character.is_ascii() || cell.combining.is_some()
    }

    /// What the first of `cells` is drawn as one with; `None` for nearly all cells.
    pub fn joined(&mut self, cells: &[Cell]) -> Option<Joined> {
        let (kind, count) = joined::find(cells, self.font.ligatures)?;
        let (cells, first) = (cells.get(..count)?, cells.first()?);
        let mut text = String::with_capacity(4 * count);
        for cell in cells.iter().filter(|cell| cell.width != Width::Spacer) {
            text.push(cell.character);
            text.push_str(cell.combining.as_deref().unwrap_or_default());
            text.push(SEPARATOR);
        }
        let key = JoinedKey { kind, text, style: u8::from(first.bold) + 2 * u8::from(first.italic) };
        let known = self.joined.get(&key).cloned();
        let glyphs = match known {
            Some(known) => known,
            None if !self.may_draw() => None,
            None => {
                let glyphs = self.join(&key, first).map(Columns::from);
                let _ = self.joined.insert(key, glyphs.clone());
                glyphs
            }
        };
        glyphs.map(|glyphs| Joined { cells: count, glyphs })
    }

    fn join(&mut self, key: &JoinedKey, first: &Cell) -> Option<Vec<(u32, Id)>> {
        let (bold, italic) = (first.bold, first.italic);
        let cells = key.text.split_terminator(SEPARATOR);
        let groups = match key.kind {
            Kind::Picture => {
                // A blank that only gives room is no part of the picture.
                let text: Vec<char> = cells.filter(|cell| *cell != " ").flat_map(str::chars).collect();
                let picture = self.faces.picture(&text, cluster(first))?;
                return Some(vec![(0, self.add(picture))]);
            }
            Kind::Script => self.faces.script(&cells.map(str::to_owned).collect::<Vec<_>>(), bold, italic)?,
            Kind::Signs => self.faces.signs(&cells.collect::<String>(), bold, italic)?,
        };
        let placed = groups.into_iter().filter_map(|(column, group)| Some((column, self.group(group)?)));
        Some(placed.collect())
    }

    /// The same letters stand in many words: each group is drawn once.
    fn group(&mut self, group: Group) -> Option<Id> {
        if let Some(&known) = self.groups.get(&group) {
            return known;
        }
        let id = self.faces.group(&group).map(|glyph| self.add(glyph));
        let _ = self.groups.insert(group, id);
        id
    }

    /// The wave of a curly underline, one cell wide.
    pub fn curl(&mut self) -> Id {
        if let Some(id) = self.curl {
            return id;
        }
        let id = self.add(decoration::curl(self.metrics()));
        self.curl = Some(id);
        id
    }

    fn ascii(&mut self, cell: &Cell, index: usize) -> Option<Id> {
        match self.ascii.get(index).copied().unwrap_or(Known::Blank) {
            Known::Blank => None,
            Known::Glyph(id) => Some(id),
            Known::NotYet => {
                let id = self.draw(cell).map(|glyph| self.add(glyph));
                if let Some(known) = self.ascii.get_mut(index) {
                    *known = id.map_or(Known::Blank, Known::Glyph);
                }
                id
            }
        }
    }

    fn draw(&mut self, cell: &Cell) -> Option<Glyph> {
        if cell.combining.is_none()
            && let Some(mask) = box_drawing::draw(cell.character, self.metrics().cell())
        {
            return Some(Glyph::from_mask(&mask));
        }
        self.faces.draw(cluster(cell))
    }

    fn add(&mut self, glyph: Glyph) -> Id {
        let id = Id(u32::try_from(self.glyphs.len()).unwrap_or(u32::MAX));
        self.glyphs.push(Arc::new(glyph));
        id
    }
}

/// A cell as the fonts see it.
fn cluster(cell: &Cell) -> Cluster<'_> {
    Cluster {
        character: cell.character,
        combining: cell.combining.as_deref(),
        bold: cell.bold,
        italic: cell.italic,
        columns: if cell.width == Width::Wide { 2 } else { 1 },
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::tests::cell;
    use super::*;

    #[test]
    fn a_frame_draws_a_bounded_number_of_glyphs_first_and_the_next_ones_the_others() {
        let mut glyphs = Glyphs::new(14.0);
        let cells: Vec<Cell> =
            ('\u{4e00}'..).take(FRESH + 10).map(|c| Cell { width: Width::Wide, ..cell(c) }).collect();
        let frame = |glyphs: &mut Glyphs| {
            glyphs.begin_frame();
            let drawn = cells.iter().filter(|cell| glyphs.of(cell).is_some()).count();
            (drawn, glyphs.is_behind(), glyphs.take_left_out())
        };
        assert_eq!(frame(&mut glyphs), (FRESH, true, true));
        assert_eq!(frame(&mut glyphs), (FRESH + 10, false, false));
        assert!(glyphs.of(&cell('a')).is_some(), "plain text is never left out");
    }

    #[test]
    fn the_same_letters_in_another_word_are_drawn_once() {
        let mut glyphs = Glyphs::new(14.0);
        let mut word = |text: &str| {
            let cells: Vec<Cell> = text.chars().map(cell).collect();
            let joined = glyphs.joined(&cells).expect("a Devanagari font");
            assert_eq!(joined.cells, cells.len());
            (joined.glyphs.iter().map(|(_, id)| *id).collect::<Vec<_>>(), glyphs.all().len())
        };
        let (first, drawn) = word("कमल");
        let (second, after) = word("लमक");
        assert_eq!(second, first.into_iter().rev().collect::<Vec<_>>());
        assert_eq!(drawn, after);
    }
}
