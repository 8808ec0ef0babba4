//! A switch that the keyboard reaches: on to the right, off to the left.

use iced::alignment::Horizontal;
use iced::widget::{container, space};
use iced::{Background, Border, Theme};

use super::button::{Button, Kind};
use crate::theme::Colors;

/// Size of the track and distance of the knob from its edge, in logical pixels.
const WIDTH: f32 = 38.0;
const HEIGHT: f32 = 22.0;
const GAP: f32 = 3.0;

/// A switch; pressing it means to toggle it.
pub fn switch<'a, Message: Clone + 'a>(on: bool) -> Button<'a, Message> {
    let side = HEIGHT - 2.0 * GAP;
    let knob = container(space().width(side).height(side)).style(move |theme| round(theme, on, true));
    let track = container(knob)
        .width(WIDTH)
        .height(HEIGHT)
        .padding(GAP)
        .align_x(if on { Horizontal::Right } else { Horizontal::Left })
        .style(move |theme| round(theme, on, false));
    Button::new(track).kind(Kind::Plain).padding(2)
}

fn round(theme: &Theme, on: bool, knob: bool) -> container::Style {
    let colors = Colors::of(theme);
    let (surface, outline) = match (on, knob) {
        (true, true) => (colors.on_accent, colors.on_accent),
        (true, false) => (colors.accent, colors.accent),
        (false, true) => (colors.outline, colors.outline),
        (false, false) => (colors.raised, colors.outline),
    };
    container::Style {
        background: Some(Background::Color(surface)),
        border: Border { color: outline, width: 1.0, radius: (HEIGHT / 2.0).into() },
        ..container::Style::default()
    }
}
