//! A checkbox that the keyboard reaches: iced's own takes no focus.

use iced::widget::{container, row, space};
use iced::{Alignment, Background, Border, Theme};

use super::button::{Button, Kind};
use super::{Icon, label};
use crate::theme::{Colors, size, space as spacing};

/// Side of the box in logical pixels.
const SIDE: f32 = 18.0;

/// A checkbox; without [`Button::on_press`] it is disabled. Pressing it means to toggle it.
pub fn checkbox<'a, Message: Clone + 'a>(
    checked: bool,
    text: impl iced::widget::text::IntoFragment<'a>,
) -> Button<'a, Message> {
    let mark: iced::Element<'a, Message> = if checked { Icon::Check.sized(size::BODY).into() } else { space().into() };
    let mark = container(mark).center(SIDE).style(move |theme| style(theme, checked));
    Button::new(row![mark, label::body(text)].spacing(spacing::S).align_y(Alignment::Center))
        .kind(Kind::Plain)
        .padding(spacing::XS)
}

fn style(theme: &Theme, checked: bool) -> container::Style {
    let colors = Colors::of(theme);
    container::Style {
        text_color: Some(colors.on_accent),
        background: Some(Background::Color(if checked { colors.accent } else { colors.raised })),
        border: Border { color: if checked { colors.accent } else { colors.outline }, width: 1.0, radius: 4.0.into() },
        ..container::Style::default()
    }
}
