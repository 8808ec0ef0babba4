//! The bundled fonts: the window looks the same on every machine, with or without fonts installed.

use iced::font::{Font, Weight};

/// The window's text.
pub const UI: Font = Font::with_name("Inter");

/// Labels of controls.
pub const MEDIUM: Font = Font { weight: Weight::Medium, ..UI };

/// Titles and headings.
pub const STRONG: Font = Font { weight: Weight::Semibold, ..UI };

/// Fingerprints, file names and whatever else is compared character by character.
pub const MONO: Font = Font::with_name("JetBrains Mono");

/// The names of the monospace families that the system has, in the order of the alphabet. Looks at every font file, which
/// may take a second: call it on a thread of its own.
#[must_use]
pub fn monospace_families() -> Vec<String> {
    let mut database = cosmic_text::fontdb::Database::new();
    database.load_system_fonts();
    let monospace = database.faces().filter(|face| face.monospaced);
    let mut names: Vec<_> = monospace.filter_map(|face| face.families.first()).map(|(name, _)| name.clone()).collect();
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup();
    names
}

/// The font files to load before the first window opens.
#[must_use]
pub fn files() -> [&'static [u8]; 5] {
    [
        include_bytes!("../../../assets/fonts/Inter-Regular.otf"),
        include_bytes!("../../../assets/fonts/Inter-Medium.otf"),
        include_bytes!("../../../assets/fonts/Inter-SemiBold.otf"),
        include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf"),
        crate::widget::icon::BYTES,
    ]
}
