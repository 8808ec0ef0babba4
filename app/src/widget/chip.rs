//! A chip: a word or two about something, in a rounded box.

use iced::widget::container::Style;
use iced::widget::{Container, container, row};
use iced::{Alignment, Background, Border, Theme, border};

use super::{Icon, label};
use crate::theme::{Colors, radius, size, space};

/// A chip with an icon and a text.
pub fn chip<'a, Message: 'a>(
    icon: Option<Icon>,
    text: impl iced::widget::text::IntoFragment<'a>,
) -> Container<'a, Message> {
    let icon = icon.map(|icon| icon.sized(size::SMALL).style(label::muted_style));
    let content = row![icon, label::hint(text)].spacing(space::XS).align_y(Alignment::Center);
    container(content).padding([2.0, space::S]).style(style)
}

/// The style of [`chip`].
pub fn style(theme: &Theme) -> Style {
    let colors = Colors::of(theme);
    Style {
        background: Some(Background::Color(colors.raised)),
        border: Border { radius: border::radius(radius::CONTROL), ..Border::default() },
        ..Style::default()
    }
}
