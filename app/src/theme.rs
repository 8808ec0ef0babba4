//! One spacing scale, one type scale, and the colours of the light and the dark theme.
//!
//! Every widget draws with the [`Colors`] of the theme in force ([`Colors::of`]), never with a literal colour.

pub mod colors;
pub mod font;
pub mod hue;
pub mod system;

use std::sync::LazyLock;

use iced::Theme;

use crate::store::schemes::Ground;

pub use colors::Colors;
pub use hue::Hue;

/// Distances in logical pixels; nothing in the window is spaced by any other number.
pub mod space {
    /// Between an icon and its label.
    pub const XS: f32 = 4.0;
    /// Inside a control.
    pub const S: f32 = 8.0;
    /// Between controls.
    pub const M: f32 = 12.0;
    /// Between groups.
    pub const L: f32 = 20.0;
    /// Around a screen.
    pub const XL: f32 = 32.0;
}

/// Type sizes in logical pixels.
pub mod size {
    /// Hints and fingerprints' labels.
    pub const SMALL: f32 = 12.0;
    /// Everything that is read.
    pub const BODY: f32 = 14.0;
    /// Headings of a section or card.
    pub const HEADING: f32 = 17.0;
    /// The one title of a screen.
    pub const TITLE: f32 = 24.0;
}

/// Corner radii in logical pixels.
pub mod radius {
    /// Buttons, fields, chips.
    pub const CONTROL: f32 = 6.0;
    /// Cards, banners, menus.
    pub const CARD: f32 = 10.0;
}

/// The brightness that the user, or the system for them, asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Dark: also where the system says nothing, because a terminal is dark by custom.
    #[default]
    Dark,
    /// Light.
    Light,
}

impl Mode {
    /// The theme of this brightness; cheap to call.
    #[must_use]
    pub fn theme(self) -> Theme {
        static DARK: LazyLock<Theme> = LazyLock::new(|| colors::DARK.theme("Tetherm Dark"));
        static LIGHT: LazyLock<Theme> = LazyLock::new(|| colors::LIGHT.theme("Tetherm Light"));
        match self {
            Self::Dark => DARK.clone(),
            Self::Light => LIGHT.clone(),
        }
    }

    /// The terminal's colours of this brightness that a new user has.
    #[must_use]
    pub fn palette(self) -> term::terminal::Palette {
        self.ground().palette()
    }

    /// What this brightness is to a colour scheme.
    #[must_use]
    pub fn ground(self) -> Ground {
        match self {
            Self::Dark => Ground::Dark,
            Self::Light => Ground::Light,
        }
    }
}
