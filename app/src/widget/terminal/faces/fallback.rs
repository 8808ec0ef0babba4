//! The face for a character that the terminal's own font lacks.

use std::collections::HashMap;

use cosmic_text::FontSystem;

use super::face::Face;
use super::{coverage, families};

/// A style: bold, italic.
type Style = (bool, bool);

/// Looks for faces and remembers what it found.
#[derive(Debug, Default)]
pub struct Fallback {
    faces: HashMap<(String, Style), Option<Face>>,
    /// A character was not found, and not all fonts were looked through yet.
    waiting: bool,
}

impl Fallback {
    /// The face for `character`: of the families for its script, of those for symbols, or of any family that has it.
    pub fn face(&mut self, fonts: &mut FontSystem, character: char, style: Style) -> Option<Face> {
        let usual = families::of(character, fonts.locale()).into_iter();
        let usual = usual.chain(families::COMMON.map(str::to_owned));
        self.first(fonts, usual, character, style).or_else(|| {
            let Some(coverage) = coverage::of_system(fonts) else {
                self.waiting = true;
                return None;
            };
            let others = coverage.families(character).take(8).map(str::to_owned);
            self.first(fonts, others, character, style)
        })
    }

    /// The face for emoji.
    pub fn emoji(&mut self, fonts: &mut FontSystem, character: char) -> Option<Face> {
        self.first(fonts, families::EMOJI.map(str::to_owned).into_iter(), character, (false, false))
    }

    /// Whether something was not found that may be found now.
    pub fn may_find_more(&self) -> bool {
        self.waiting && coverage::is_ready()
    }

    /// Whether something was not found because it is still looked for.
    pub fn is_waiting(&self) -> bool {
        self.waiting
    }

    /// Forgets that something was not found.
    pub fn look_again(&mut self) {
        self.waiting = false;
    }

    fn first(
        &mut self,
        fonts: &mut FontSystem,
        mut names: impl Iterator<Item = String>,
        character: char,
        style: Style,
    ) -> Option<Face> {
        names.find_map(|name| {
            let face = self.of_family(fonts, name, style)?;
            face.glyph(fonts, character).map(|_| face)
        })
    }

    fn of_family(&mut self, fonts: &mut FontSystem, name: String, (bold, italic): Style) -> Option<Face> {
        *self
            .faces
            .entry((name, (bold, italic)))
            .or_insert_with_key(|(name, _)| Face::of_family(fonts, name, bold, italic))
    }
}
