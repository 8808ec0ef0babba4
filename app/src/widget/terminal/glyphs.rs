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
use super::faces::{Cluster, Faces};
use super::glyph::Glyph;
use super::metrics::Metrics;

/// Glyphs kept before the cache starts anew; a screen full of different ones is far smaller.
const MOST: usize = 16_384;

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
    curl: Option<Id>,
    glyphs: Vec<Arc<Glyph>>,
    generation: u64,
}

impl Glyphs {
    /// An empty cache at `size` physical pixels to the em.
    #[must_use]
    pub fn new(size: f32) -> Self {
        Self {
            faces: Faces::new(size),
            ascii: vec![Known::NotYet; 4 * 128],
            others: HashMap::new(),
            curl: None,
            glyphs: Vec::new(),
            generation: next_generation(),
        }
    }

    /// The cache for `size` that is shared by all terminals of this thread; it goes with the last of them.
    #[must_use]
    pub fn shared(size: f32) -> Rc<RefCell<Self>> {
        thread_local! {
            static SIZES: RefCell<HashMap<u32, Weak<RefCell<Glyphs>>>> = RefCell::new(HashMap::new());
        }
        SIZES.with_borrow_mut(|sizes| {
            sizes.retain(|_, glyphs| glyphs.strong_count() > 0);
            if let Some(glyphs) = sizes.get(&size.to_bits()).and_then(Weak::upgrade) {
                return glyphs;
            }
            let glyphs = Rc::new(RefCell::new(Self::new(size)));
            let _ = sizes.insert(size.to_bits(), Rc::downgrade(&glyphs));
            glyphs
        })
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

    /// Starts anew when the cache has grown too large. Called between frames, never within one.
    pub fn trim(&mut self) {
        if self.glyphs.len() > MOST {
            self.generation = next_generation();
            self.ascii.fill(Known::NotYet);
            self.others.clear();
            self.curl = None;
            self.glyphs.clear();
        }
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
        let id = self.draw(cell).map(|glyph| self.add(glyph));
        let _ = self.others.insert(key, id);
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
        self.faces.draw(Cluster {
            character: cell.character,
            combining: cell.combining.as_deref(),
            bold: cell.bold,
            italic: cell.italic,
            columns: if cell.width == Width::Wide { 2 } else { 1 },
        })
    }

    fn add(&mut self, glyph: Glyph) -> Id {
        let id = Id(u32::try_from(self.glyphs.len()).unwrap_or(u32::MAX));
        self.glyphs.push(Arc::new(glyph));
        id
    }
}
