//! What buttons look like.

use iced::{Background, Border, Color};

use crate::theme::{Colors, radius};

/// What a button is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The one primary action.
    Primary,
    /// Any other action.
    Secondary,
    /// An action that destroys something.
    Danger,
    /// An action that is always there, such as one of a toolbar.
    Ghost,
    /// One of a list, which may be the selected one.
    Item {
        /// Whether it is.
        selected: bool,
    },
    /// Whatever draws itself: only the focus ring shows.
    Plain,
}

/// How it stands with a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It can be pressed.
    Active,
    /// The pointer is over it.
    Hovered,
    /// It is held down.
    Pressed,
    /// It cannot be pressed.
    Disabled,
}

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Its surface.
    pub background: Background,
    /// Its text and icons.
    pub text: Color,
    /// Its outline.
    pub border: Border,
}

impl Kind {
    /// What a button of this kind looks like.
    #[must_use]
    pub fn style(self, colors: &Colors, status: Status) -> Style {
        let plain = |surface: Color| (surface, colors.text, Color::TRANSPARENT);
        let (surface, text, outline) = match (self, status) {
            (Self::Plain, _) => plain(Color::TRANSPARENT),
            (Self::Ghost, Status::Disabled) => (Color::TRANSPARENT, colors.muted.scale_alpha(0.6), Color::TRANSPARENT),
            (Self::Ghost, Status::Active) => (Color::TRANSPARENT, colors.muted, Color::TRANSPARENT),
            (Self::Ghost, _) => plain(colors.hover),
            (Self::Item { selected: true }, _) => plain(colors.hover),
            (Self::Item { .. }, Status::Hovered | Status::Pressed) => plain(colors.raised),
            (Self::Item { .. }, _) => plain(Color::TRANSPARENT),
            (_, Status::Disabled) => (colors.raised, colors.muted.scale_alpha(0.6), colors.border),
            (Self::Primary, Status::Active) => (colors.accent, colors.on_accent, Color::TRANSPARENT),
            (Self::Primary, _) => (colors.accent_hover, colors.on_accent, Color::TRANSPARENT),
            (Self::Danger, Status::Active) => (colors.danger, colors.on_accent, Color::TRANSPARENT),
            (Self::Danger, _) => (colors.danger_hover, colors.on_accent, Color::TRANSPARENT),
            (Self::Secondary, Status::Active) => (colors.raised, colors.text, colors.outline.scale_alpha(0.6)),
            (Self::Secondary, _) => (colors.hover, colors.text, colors.outline),
        };
        let width = if outline == Color::TRANSPARENT { 0.0 } else { 1.0 };
        Style {
            background: Background::Color(surface),
            text,
            border: Border { color: outline, width, radius: radius::CONTROL.into() },
        }
    }
}
