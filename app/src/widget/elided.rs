//! Text on one line that ends in "…" where it does not fit.

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer;
use iced::advanced::text::{self, Hit, Paragraph as _, paragraph::Plain};
use iced::advanced::widget::operation::Operation;
use iced::advanced::widget::text::{Format, draw};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::{Widget, mouse};
use iced::{Element, Font, Length, Point, Rectangle, Renderer, Size, Theme};

use super::label;
use crate::theme::{font, size};

type Paragraph = <Renderer as text::Renderer>::Paragraph;

/// Text that never takes more room than there is.
pub struct Elided {
    content: String,
    size: f32,
    font: Font,
    style: fn(&Theme) -> iced::widget::text::Style,
}

/// The one title of a screen where it is a name that somebody else chose, as [`label::title`].
#[must_use]
pub fn title(content: impl Into<String>) -> Elided {
    Elided { content: content.into(), size: size::TITLE, font: font::STRONG, style: |_| Default::default() }
}

/// Whatever is read, with weight, as [`label::strong`].
#[must_use]
pub fn strong(content: impl Into<String>) -> Elided {
    Elided { content: content.into(), size: size::BODY, font: font::MEDIUM, style: |_| Default::default() }
}

/// Whatever is read, as [`label::body`].
#[must_use]
pub fn body(content: impl Into<String>) -> Elided {
    Elided { content: content.into(), size: size::BODY, font: font::UI, style: |_| Default::default() }
}

/// What explains it, as [`label::hint`].
#[must_use]
pub fn hint(content: impl Into<String>) -> Elided {
    Elided { content: content.into(), size: size::SMALL, font: font::UI, style: label::muted_style }
}

/// What was laid out last; measuring text is what costs.
#[derive(Default)]
struct State {
    content: String,
    width: f32,
    shown: Plain<Paragraph>,
}

impl Elided {
    /// Draws it in this style.
    #[must_use]
    pub fn style(self, style: fn(&Theme) -> iced::widget::text::Style) -> Self {
        Self { style, ..self }
    }

    fn format(&self) -> Format<Font> {
        Format {
            size: Some(self.size.into()),
            font: Some(self.font),
            wrapping: text::Wrapping::None,
            ..Format::default()
        }
    }

    fn paragraph(&self, content: &str) -> Plain<Paragraph> {
        let format = self.format();
        Plain::new(text::Text {
            content: content.to_owned(),
            bounds: Size::INFINITE,
            size: self.size.into(),
            line_height: format.line_height,
            font: self.font,
            align_x: format.align_x,
            align_y: format.align_y,
            shaping: format.shaping,
            wrapping: format.wrapping,
        })
    }

    /// The beginning of the text that fits into a width together with the "…".
    fn fit(&self, width: f32) -> Plain<Paragraph> {
        let whole = self.paragraph(&self.content);
        if whole.min_width() <= width {
            return whole;
        }
        let room = (width - self.paragraph("…").min_width()).max(0.0);
        let hit = whole.raw().hit_test(Point::new(room, whole.min_height() / 2.0)).map(Hit::cursor);
        let mut end = self.content.floor_char_boundary(hit.unwrap_or_default());
        loop {
            let shown = self.paragraph(&format!("{}…", self.content.get(..end).unwrap_or_default().trim_end()));
            // The hit is the nearest boundary, which may lie behind the edge.
            if shown.min_width() <= width || end == 0 {
                return shown;
            }
            end = self.content.floor_char_boundary(end - 1);
        }
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Elided {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Shrink, Length::Shrink)
    }

    fn layout(&mut self, tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let state = tree.state.downcast_mut::<State>();
        let width = limits.max().width;
        if state.content != self.content || state.width != width {
            state.shown = self.fit(width);
            state.content.clone_from(&self.content);
            state.width = width;
        }
        layout::Node::new(limits.resolve(Length::Shrink, Length::Shrink, state.shown.min_bounds()))
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        defaults: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let state = tree.state.downcast_ref::<State>();
        draw(renderer, defaults, layout.bounds(), state.shown.raw(), (self.style)(theme), viewport);
    }

    fn operate(&mut self, _tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        operation.text(None, layout.bounds(), &self.content);
    }
}

impl<'a, Message: 'a> From<Elided> for Element<'a, Message> {
    fn from(elided: Elided) -> Self {
        Element::new(elided)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_shown_whole_and_what_does_not_ends_in_an_ellipsis() {
        let text = strong("a name that is as long as a name can be, käse and all");
        let whole = text.fit(10_000.0);
        assert_eq!(whole.content(), text.content);
        for width in (0..whole.min_width() as u16).step_by(7) {
            let width = f32::from(width);
            let shown = text.fit(width);
            let begins = shown.content().strip_suffix('…').expect("cut");
            assert!(text.content.starts_with(begins));
            assert!(shown.min_width() <= width || begins.is_empty(), "{width}: {begins}");
        }
        assert!(text.fit(150.0).content().chars().count() > 10);
    }
}
