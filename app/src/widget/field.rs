//! Text fields, with or without a label, a hint and an error.

use iced::widget::text_input::{Status, Style, TextInput};
use iced::widget::{Column, column};
use iced::{Background, Border, Element, Theme};

use super::label;
use crate::theme::{Colors, radius, size, space};

/// A text field.
pub fn field<'a, Message: Clone + 'a>(placeholder: &str, value: &str) -> TextInput<'a, Message> {
    TextInput::new(placeholder, value).size(size::BODY).padding([space::S, space::M]).style(style)
}

/// A text field that shows dots in place of what is typed.
pub fn secret<'a, Message: Clone + 'a>(placeholder: &str, value: &str) -> TextInput<'a, Message> {
    field(placeholder, value).secure(true)
}

/// A field below its label.
pub fn labelled<'a, Message: Clone + 'a>(
    name: impl iced::widget::text::IntoFragment<'a>,
    field: impl Into<Element<'a, Message>>,
) -> Column<'a, Message> {
    column![label::strong(name), field.into()].spacing(space::XS)
}

/// The style of a field.
pub fn style(theme: &Theme, status: Status) -> Style {
    style_of(Colors::of(theme), status)
}

/// The style of a field whose value cannot be used.
pub fn invalid(theme: &Theme, status: Status) -> Style {
    let colors = Colors::of(theme);
    let style = style_of(colors, status);
    Style { border: Border { color: colors.danger_text, ..style.border }, ..style }
}

fn style_of(colors: &Colors, status: Status) -> Style {
    let (outline, width) = match status {
        Status::Active => (colors.outline, 1.0),
        Status::Hovered => (colors.muted, 1.0),
        Status::Focused { .. } => (colors.accent_text, 2.0),
        Status::Disabled => (colors.border, 1.0),
    };
    Style {
        background: Background::Color(colors.raised),
        border: Border { color: outline, width, radius: radius::CONTROL.into() },
        icon: colors.muted,
        placeholder: colors.muted,
        value: if status == Status::Disabled { colors.muted } else { colors.text },
        selection: colors.selection,
    }
}
