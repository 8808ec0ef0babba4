//! Which family of the system has a character that none of the usual ones has.
//!
//! To know that, every font must be opened, which takes a good part of a second where there are hundreds. So it is done
//! once, on a thread of its own, and only when such a character is shown for the first time; until then it is shown as
//! missing.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use cosmic_text::FontSystem;
use cosmic_text::fontdb::{FaceInfo, Source, Stretch, Style};
use cosmic_text::skrifa::{FontRef, MetadataProvider as _};

/// The characters of a family in one block of 256, as bits.
type Block = [u64; 4];

/// For each block of 256 characters, the families that have some of it, best first.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    families: Vec<String>,
    blocks: HashMap<u32, Vec<(u16, Block)>>,
}

static READY: OnceLock<Coverage> = OnceLock::new();

/// The coverage of the system's fonts, `None` while it is found out; the first call starts that.
pub(super) fn of_system(fonts: &FontSystem) -> Option<&'static Coverage> {
    static STARTED: AtomicBool = AtomicBool::new(false);
    let ready = READY.get();
    if ready.is_none() && !STARTED.swap(true, Ordering::Relaxed) {
        let faces: Vec<FaceInfo> = representatives(fonts).into_iter().cloned().collect();
        let work = move || {
            let _ = READY.set(Coverage::of(&faces));
        };
        // Without a thread the characters stay missing.
        let started = std::thread::Builder::new().name("fonts".to_owned()).spawn(work);
        if let Err(error) = started {
            log::warn!("the system's fonts cannot be looked through: {error}");
        }
    }
    ready
}

/// Whether it is known what the system's fonts have.
pub(super) fn is_ready() -> bool {
    READY.get().is_some()
}

/// One face of each family, best families first: monospaced before others, Noto's before others, upright before serifs.
fn representatives(fonts: &FontSystem) -> Vec<&FaceInfo> {
    let plain = |face: &&FaceInfo| face.style == Style::Normal && face.stretch == Stretch::Normal;
    let mut best: HashMap<&str, &FaceInfo> = HashMap::new();
    for face in fonts.db().faces().filter(plain) {
        let Some((family, _)) = face.families.first() else {
            continue;
        };
        let known = best.entry(family).or_insert(face);
        if face.weight.0.abs_diff(400) < known.weight.0.abs_diff(400) {
            *known = face;
        }
    }
    let mut faces: Vec<(&str, &FaceInfo)> = best.into_iter().filter(|(family, _)| !family.contains("Emoji")).collect();
    faces.sort_by_key(|(family, face)| {
        let serif = family.contains("Serif") || family.contains("Roman") || family.contains("Nastaliq");
        (serif, !face.monospaced, !family.starts_with("Noto"), family.len(), *family)
    });
    faces.into_iter().map(|(_, face)| face).collect()
}

impl Coverage {
    fn of(faces: &[FaceInfo]) -> Self {
        let mut coverage = Self::default();
        for face in faces {
            let Some((family, _)) = face.families.first() else {
                continue;
            };
            let Ok(index) = u16::try_from(coverage.families.len()) else {
                break;
            };
            coverage.families.push(family.clone());
            for (block, bits) in blocks(face) {
                coverage.blocks.entry(block).or_default().push((index, bits));
            }
        }
        coverage
    }

    /// The families that have a character, best first.
    pub(super) fn families(&self, character: char) -> impl Iterator<Item = &str> {
        let code = character as u32;
        let (word, bit) = ((code >> 6 & 3) as usize, code & 63);
        let families = self.blocks.get(&(code >> 8)).into_iter().flatten();
        families
            .filter(move |(_, bits)| bits.get(word).is_some_and(|bits| bits >> bit & 1 == 1))
            .filter_map(|(index, _)| self.families.get(usize::from(*index)).map(String::as_str))
    }
}

/// The characters of a face. A file that cannot be read has none.
fn blocks(face: &FaceInfo) -> HashMap<u32, Block> {
    let read = |data: &[u8]| {
        let mut blocks: HashMap<u32, Block> = HashMap::new();
        if let Ok(font) = FontRef::from_index(data, face.index) {
            for (code, _) in font.charmap().mappings() {
                if let Some(word) = blocks.entry(code >> 8).or_default().get_mut((code >> 6 & 3) as usize) {
                    *word |= 1 << (code & 63);
                }
            }
        }
        blocks
    };
    match &face.source {
        Source::Binary(data) | Source::SharedFile(_, data) => read((**data).as_ref()),
        Source::File(path) => std::fs::read(path).map(|data| read(&data)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_found_by_the_characters_it_has() {
        let mut fonts = cosmic_text::fontdb::Database::new();
        fonts.load_font_data(include_bytes!("../../../../../assets/fonts/JetBrainsMono-Regular.ttf").to_vec());
        fonts.load_font_data(include_bytes!("../../../../../assets/fonts/JetBrainsMono-Bold.ttf").to_vec());
        let fonts = FontSystem::new_with_locale_and_db("en-US".to_owned(), fonts);
        let faces: Vec<FaceInfo> = representatives(&fonts).into_iter().cloned().collect();
        assert_eq!(faces.len(), 1, "one face of a family is enough");
        let coverage = Coverage::of(&faces);
        assert_eq!(coverage.families('ж').collect::<Vec<_>>(), ["JetBrains Mono"]);
        assert_eq!(coverage.families('漢').count(), 0);
        assert_eq!(coverage.families('\u{10ffff}').count(), 0);
    }
}
