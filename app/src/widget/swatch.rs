//! A colour scheme at a glance: its text on its background, and its colours.

use iced::widget::{Row, container, row, space, text};
use iced::{Alignment, Background, Border, Color, Element};
use term::terminal::{Palette, Rgb};

use crate::theme::{font, radius, size};

/// The colours that are shown: red, green, yellow, blue, magenta, cyan.
const SHOWN: std::ops::Range<usize> = 1..7;

/// A scheme in the height of a line.
pub fn swatch<'a, Message: 'a>(palette: &Palette) -> Element<'a, Message> {
    let (ground, border) = (color(palette.background), color(palette.foreground).scale_alpha(0.25));
    let letters = text("Aa").size(size::SMALL).font(font::MONO).color(color(palette.foreground));
    let dots = palette.ansi.get(SHOWN).unwrap_or_default().iter().map(|rgb| dot(color(*rgb)));
    let content = row![letters, Row::with_children(dots).spacing(3)].spacing(6).align_y(Alignment::Center);
    container(content)
        .padding([4.0, 8.0])
        .style(move |_| container::Style {
            background: Some(Background::Color(ground)),
            border: Border { color: border, width: 1.0, radius: radius::CONTROL.into() },
            ..container::Style::default()
        })
        .into()
}

fn dot<'a, Message: 'a>(color: Color) -> Element<'a, Message> {
    container(space().width(9).height(9))
        .style(move |_| container::Style {
            background: Some(Background::Color(color)),
            border: Border { radius: 4.5.into(), ..Border::default() },
            ..container::Style::default()
        })
        .into()
}

fn color(rgb: Rgb) -> Color {
    Color::from_rgb8(rgb.r, rgb.g, rgb.b)
}
