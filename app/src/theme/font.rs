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
