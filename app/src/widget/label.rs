//! Text in the sizes, weights and colours of the type scale.

use iced::Theme;
use iced::widget::Text;
use iced::widget::text::{self, IntoFragment, Style};

use super::Icon;
use super::icon::FONT;
use crate::theme::{Colors, font, size};

impl Icon {
    /// The icon as text, a little larger than what is read; it takes the colour of what surrounds it.
    #[must_use]
    pub fn text<'a>(self) -> Text<'a> {
        self.sized(size::BODY + 2.0)
    }

    /// The icon in another size, in logical pixels.
    #[must_use]
    pub fn sized<'a>(self, size: f32) -> Text<'a> {
        // A line exactly as high as the glyph centres it in whatever row it stands.
        Text::new(self.glyph()).font(FONT).size(size).line_height(1.0)
    }
}

/// The one title of a screen.
pub fn title<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    Text::new(content).size(size::TITLE).font(font::STRONG)
}

/// The heading of a section or card.
pub fn heading<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    Text::new(content).size(size::HEADING).font(font::STRONG)
}

/// Whatever is read.
pub fn body<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    Text::new(content).size(size::BODY)
}

/// Whatever is read, with weight: the name of a host, the label of a field.
pub fn strong<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    Text::new(content).size(size::BODY).font(font::MEDIUM)
}

/// Whatever may be overlooked.
pub fn muted<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    body(content).style(muted_style)
}

/// A hint below a field, the label of a value.
pub fn hint<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    Text::new(content).size(size::SMALL).style(muted_style)
}

/// An error below a field.
pub fn error<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    Text::new(content).size(size::SMALL).style(|theme| colored(Colors::of(theme).danger_text))
}

/// What is compared character by character: fingerprints, addresses, file names.
pub fn mono<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    Text::new(content).size(size::BODY - 1.0).font(font::MONO).wrapping(text::Wrapping::WordOrGlyph)
}

/// The style of [`muted`] text, for icons too.
pub fn muted_style(theme: &Theme) -> Style {
    colored(Colors::of(theme).muted)
}

/// The style of text and icons in the accent colour.
pub fn accent_style(theme: &Theme) -> Style {
    colored(Colors::of(theme).accent_text)
}

/// The style of text and icons that tell of something wrong.
pub fn danger_style(theme: &Theme) -> Style {
    colored(Colors::of(theme).danger_text)
}

/// The style of text and icons that warn.
pub fn warning_style(theme: &Theme) -> Style {
    colored(Colors::of(theme).warning_text)
}

/// The style of text in one colour.
fn colored(color: iced::Color) -> Style {
    Style { color: Some(color) }
}
