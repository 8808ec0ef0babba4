//! Scrollable areas with a slim bar.

use iced::widget::container;
use iced::widget::scrollable::{AutoScroll, Direction, Rail, Scrollable, Scrollbar, Scroller, Status, Style};
use iced::{Background, Border, Color, Element, Shadow, Theme};

use crate::theme::{Colors, radius};

/// Width of the bar in logical pixels.
const WIDTH: f32 = 8.0;

/// Scrolls `content` up and down.
pub fn vertical<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Scrollable<'a, Message> {
    Scrollable::with_direction(content, Direction::Vertical(bar())).style(style)
}

/// The same with the bar beside `content` and not over it, for what reaches to its edge.
pub fn beside<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Scrollable<'a, Message> {
    Scrollable::with_direction(content, Direction::Vertical(bar().spacing(2.0))).style(style)
}

/// Scrolls `content` sideways, with no bar: for tabs that do not fit.
pub fn horizontal<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Scrollable<'a, Message> {
    Scrollable::with_direction(content, Direction::Horizontal(Scrollbar::hidden())).style(style)
}

fn bar() -> Scrollbar {
    Scrollbar::new().width(WIDTH).scroller_width(WIDTH).margin(2.0)
}

/// The style of both.
pub fn style(theme: &Theme, status: Status) -> Style {
    let colors = Colors::of(theme);
    let grabbed =
        matches!(status, Status::Dragged { .. } | Status::Hovered { is_vertical_scrollbar_hovered: true, .. });
    let scroller = if grabbed { colors.muted } else { colors.outline.scale_alpha(0.6) };
    let border = Border { radius: (WIDTH / 2.0).into(), ..Border::default() };
    let rail = Rail {
        background: None,
        border: Border::default(),
        scroller: Scroller { background: Background::Color(scroller), border },
    };
    Style {
        container: container::Style::default(),
        vertical_rail: rail,
        horizontal_rail: rail,
        gap: None,
        auto_scroll: AutoScroll {
            background: Background::Color(colors.surface),
            border: Border { color: colors.border, width: 1.0, radius: radius::CARD.into() },
            shadow: Shadow { color: Color::TRANSPARENT, ..Shadow::default() },
            icon: colors.text,
        },
    }
}
