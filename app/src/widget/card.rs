//! Surfaces: what lies on the window's background.

use iced::widget::container::{Container, Style};
use iced::{Background, Border, Element, Theme};

use crate::theme::{Colors, radius, space};

/// A card: a surface with a hairline around it.
pub fn card<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Container<'a, Message> {
    Container::new(content).padding(space::L).style(style)
}

/// The style of [`card`].
pub fn style(theme: &Theme) -> Style {
    let colors = Colors::of(theme);
    Style {
        background: Some(Background::Color(colors.surface)),
        border: Border { color: colors.border, width: 1.0, radius: radius::CARD.into() },
        ..Style::default()
    }
}

/// A bar along an edge of the window.
pub fn bar(theme: &Theme) -> Style {
    Style { background: Some(Background::Color(Colors::of(theme).surface)), ..Style::default() }
}

/// A line between a bar and what it belongs to.
pub fn hairline(theme: &Theme) -> Style {
    Style { background: Some(Background::Color(Colors::of(theme).border)), ..Style::default() }
}

/// The window's background, for what must hide what lies below it.
pub fn background(theme: &Theme) -> Style {
    Style { background: Some(Background::Color(Colors::of(theme).background)), ..Style::default() }
}

/// What floats above everything: menus, tooltips, the palette, the summary before a window closes. Without a shadow:
/// tiny-skia draws one again, over what is there, whenever something beside it changes, and in the end it is black.
pub fn floating(theme: &Theme) -> Style {
    let colors = Colors::of(theme);
    Style {
        border: Border { color: colors.outline.scale_alpha(0.5), width: 1.0, radius: radius::CARD.into() },
        ..style(theme)
    }
}

/// A field's surface around something that is not typed: a fingerprint, a picture of a key.
pub fn inset(theme: &Theme) -> Style {
    let colors = Colors::of(theme);
    Style {
        background: Some(Background::Color(colors.raised)),
        border: Border { radius: radius::CONTROL.into(), ..Border::default() },
        ..Style::default()
    }
}

/// Dims what lies behind something floating.
pub fn scrim(theme: &Theme) -> Style {
    Style { background: Some(Background::Color(Colors::of(theme).background.scale_alpha(0.7))), ..Style::default() }
}
