//! The font that the user chose.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What a terminal is written with.
#[derive(Debug, Clone, PartialEq)]
pub struct Font {
    /// A family of the system's; empty for the bundled one, which also stands in for one that is not there.
    pub family: Arc<str>,
    /// Physical pixels to the em.
    pub size: f32,
    /// Signs such as `->` are joined where the font has a drawing for that.
    pub ligatures: bool,
}

impl Font {
    /// The bundled font without ligatures, `size` physical pixels to the em.
    #[must_use]
    pub fn bundled(size: f32) -> Self {
        Self { family: Arc::from(""), size, ligatures: false }
    }
}

// A size is a number that is compared bit by bit here: one that is no number is never asked for.
impl Eq for Font {}

impl Hash for Font {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.family.hash(state);
        self.size.to_bits().hash(state);
        self.ligatures.hash(state);
    }
}
