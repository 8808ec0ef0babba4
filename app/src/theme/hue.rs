//! Colours by which a user tells tabs apart.

use iced::{Color, color};

/// A colour that a tab can have. Each can be told from the bar in the dark and in the light theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hue {
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
    /// Pink.
    Pink,
}

impl Hue {
    /// Every colour, in the order of the rainbow.
    pub const ALL: [Self; 8] =
        [Self::Red, Self::Orange, Self::Yellow, Self::Green, Self::Teal, Self::Blue, Self::Purple, Self::Pink];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Red => "Red",
            Self::Orange => "Orange",
            Self::Yellow => "Yellow",
            Self::Green => "Green",
            Self::Teal => "Teal",
            Self::Blue => "Blue",
            Self::Purple => "Purple",
            Self::Pink => "Pink",
        }
    }

    /// How it is drawn.
    #[must_use]
    pub fn color(self) -> Color {
        match self {
            Self::Red => color!(0xe0453c),
            Self::Orange => color!(0xcf6a14),
            Self::Yellow => color!(0xa88a0c),
            Self::Green => color!(0x3f9a44),
            Self::Teal => color!(0x1d9794),
            Self::Blue => color!(0x3b82d6),
            Self::Purple => color!(0x9563d8),
            Self::Pink => color!(0xd5519f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::colors::{DARK, LIGHT};

    #[test]
    fn every_colour_can_be_told_from_the_bars_of_both_themes() {
        for hue in Hue::ALL {
            for surface in [DARK.surface, DARK.hover, LIGHT.surface, LIGHT.hover] {
                let (a, b) = (hue.color().relative_luminance(), surface.relative_luminance());
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 2.5, "{hue:?} on {surface:?}: {contrast}");
            }
        }
    }
}
