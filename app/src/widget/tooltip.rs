//! Tooltips: the name of what shows only an icon, the whole of what was cut short.

use std::time::Duration;

use iced::Element;
use iced::widget::tooltip::Tooltip;
use iced::widget::{container, text};

pub use iced::widget::tooltip::Position;

use super::card;
use crate::theme::{Colors, radius, size, space};

/// Shows `tip` below `content` once the pointer rests on it.
pub fn below<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
    tip: impl text::IntoFragment<'a>,
) -> Tooltip<'a, Message> {
    at(content, tip, Position::Bottom)
}

/// Shows `tip` where `position` says once the pointer rests on `content`.
pub fn at<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
    tip: impl text::IntoFragment<'a>,
    position: Position,
) -> Tooltip<'a, Message> {
    let tip = container(text(tip).size(size::SMALL)).padding([space::XS, space::S]).max_width(420).style(|theme| {
        let mut style = card::floating(theme);
        style.border.radius = radius::CONTROL.into();
        style.text_color = Some(Colors::of(theme).text);
        style
    });
    Tooltip::new(content, tip, position).gap(space::XS).delay(Duration::from_millis(500))
}
