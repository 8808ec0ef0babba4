//! Banners: information, warnings and errors above or between other things.

use iced::widget::container::Style;
use iced::widget::{Column, Row, container, row};
use iced::{Alignment, Background, Border, Color, Element, Length, Theme};

use super::{Beside, Icon, label};
use crate::theme::{Colors, radius, space};

/// The narrowest that a text may get beside its actions, in logical pixels.
const READABLE: f32 = 260.0;

/// How much a banner matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Good to know.
    Info,
    /// Something may go wrong or costs something.
    Warning,
    /// Something went wrong.
    Error,
}

impl Kind {
    fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Warning => Icon::TriangleAlert,
            Self::Error => Icon::CircleAlert,
        }
    }

    fn colors(self, theme: &Theme) -> (Color, Color) {
        let colors = Colors::of(theme);
        match self {
            Self::Info => (colors.info_text, colors.info_tint),
            Self::Warning => (colors.warning_text, colors.warning_tint),
            Self::Error => (colors.danger_text, colors.danger_tint),
        }
    }

    /// The surface of a banner of this kind.
    pub fn style(self) -> impl Fn(&Theme) -> Style {
        move |theme| {
            let (text, tint) = self.colors(theme);
            Style {
                background: Some(Background::Color(tint)),
                border: Border { color: text.scale_alpha(0.35), width: 1.0, radius: radius::CARD.into() },
                text_color: Some(Colors::of(theme).text),
                ..Style::default()
            }
        }
    }
}

/// A banner: an icon, a text, perhaps an explanation below it, and actions to its right or, where that is narrow, below.
pub struct Banner<'a, Message> {
    kind: Kind,
    text: String,
    detail: Option<String>,
    actions: Vec<Element<'a, Message>>,
}

impl<'a, Message: 'a> Banner<'a, Message> {
    /// A banner that says `text`.
    pub fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), detail: None, actions: Vec::new() }
    }

    /// Explains, in muted text below.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds an action to the right.
    #[must_use]
    pub fn action(mut self, action: impl Into<Element<'a, Message>>) -> Self {
        self.actions.push(action.into());
        self
    }
}

impl<'a, Message: 'a> From<Banner<'a, Message>> for Element<'a, Message> {
    fn from(banner: Banner<'a, Message>) -> Self {
        let kind = banner.kind;
        let icon =
            kind.icon().text().style(move |theme| iced::widget::text::Style { color: Some(kind.colors(theme).0) });
        let texts = Column::new()
            .push(label::body(banner.text))
            .push(banner.detail.map(label::muted))
            .spacing(space::XS)
            .width(Length::Fill);
        let told = row![icon, texts].spacing(space::M).align_y(Alignment::Center);
        let content = if banner.actions.is_empty() {
            told.into()
        } else {
            let actions = Row::with_children(banner.actions).spacing(space::S).align_y(Alignment::Center).wrap();
            Element::from(Beside::new(told, actions, READABLE))
        };
        container(content).padding([space::S, space::M]).style(kind.style()).into()
    }
}
