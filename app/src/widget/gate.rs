//! Content that hears of only some events: what decides which stands between the two.

use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::{Id, Tree, Widget};
use iced::advanced::{Clipboard, Layout, Shell, mouse, renderer};
use iced::{Element, Event, Rectangle, Renderer, Theme};

use super::delegate::delegate;

/// Decides what goes through.
pub trait Gate<Message> {
    /// What the content is to know of an event that happened with the pointer at `cursor`; `has_keyboard` tells whether
    /// a widget in it has the keyboard.
    fn pass(
        &self,
        event: &Event,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
        has_keyboard: &mut dyn FnMut() -> bool,
    ) -> Passage;

    /// Where the content is in its window, told before each event.
    fn lies(&self, _bounds: Rectangle) {}

    /// Whether the content is drawn as if the pointer were elsewhere.
    fn hides(&self, _cursor: mouse::Cursor) -> bool {
        false
    }
}

/// What the content knows of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// All of it.
    Open,
    /// That it happened, and not where the pointer was: what was pressed is let go of elsewhere.
    Blind,
    /// Nothing.
    Shut,
}

/// The content behind its gate. To the widgets' tree it is the content alone, so that a gate can come and go.
#[expect(missing_debug_implementations, reason = "holds an element")]
pub struct Gated<'a, Message, G> {
    content: Element<'a, Message>,
    gate: G,
}

impl<'a, Message, G: Gate<Message>> Gated<'a, Message, G> {
    /// Puts `gate` before `content`.
    pub fn new(content: impl Into<Element<'a, Message>>, gate: G) -> Self {
        Self { content: content.into(), gate }
    }
}

/// Whether any widget has the keyboard.
#[derive(Default)]
struct Focused(bool);

impl Operation for Focused {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn focusable(&mut self, _id: Option<&Id>, _bounds: Rectangle, state: &mut dyn Focusable) {
        self.0 |= state.is_focused();
    }
}

impl<Message, G: Gate<Message>> Widget<Message, Theme, Renderer> for Gated<'_, Message, G> {
    delegate!(content, transparent: tag, state, children, diff, size, layout, operate, mouse_interaction, overlay);

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        self.gate.lies(layout.bounds());
        let content = self.content.as_widget_mut();
        let mut has_keyboard = || {
            let mut focused = Focused::default();
            content.operate(tree, layout, renderer, &mut focused);
            focused.0
        };
        let cursor = match self.gate.pass(event, cursor, shell, &mut has_keyboard) {
            Passage::Open => cursor,
            Passage::Blind => mouse::Cursor::Unavailable,
            Passage::Shut => return,
        };
        content.update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let cursor = if self.gate.hides(cursor) { mouse::Cursor::Unavailable } else { cursor };
        self.content.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
    }
}

impl<'a, Message: 'a, G: Gate<Message> + 'a> From<Gated<'a, Message, G>> for Element<'a, Message> {
    fn from(gated: Gated<'a, Message, G>) -> Self {
        Self::new(gated)
    }
}
