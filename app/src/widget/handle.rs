//! What a title bar is dragged by.
//!
//! iced's title bar is dragged by the room that its title leaves, and people grab it by its title. So the title is drawn
//! here and takes no room.

use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::{Operation, Tree, Widget};
use iced::advanced::{mouse, renderer};
use iced::{Element, Length, Rectangle, Renderer, Size, Theme};

use super::delegate::delegate;

/// Shows `content` over the room to its right, for a title bar to be grabbed through it. It hears no events.
#[expect(missing_debug_implementations, reason = "holds an element")]
pub struct Handle<'a, Message> {
    content: Element<'a, Message>,
}

impl<'a, Message> Handle<'a, Message> {
    /// A handle that shows `content`.
    pub fn new(content: impl Into<Element<'a, Message>>) -> Self {
        Self { content: content.into() }
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Handle<'_, Message> {
    delegate!(content, parent: children, diff);

    fn size(&self) -> Size<Length> {
        Size::new(Length::Shrink, Length::Shrink)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let content = match tree.children.first_mut() {
            Some(state) => self.content.as_widget_mut().layout(state, renderer, limits),
            None => layout::Node::new(Size::ZERO),
        };
        layout::Node::with_children(Size::new(0.0, content.size().height), vec![content])
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        if let (Some(state), Some(layout)) = (tree.children.first_mut(), layout.children().next()) {
            self.content.as_widget_mut().operate(state, layout, renderer, operation);
        }
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
        if let (Some(state), Some(layout)) = (tree.children.first(), layout.children().next()) {
            self.content.as_widget().draw(state, renderer, theme, style, layout, cursor, viewport);
        }
    }
}

impl<'a, Message: 'a> From<Handle<'a, Message>> for Element<'a, Message> {
    fn from(handle: Handle<'a, Message>) -> Self {
        Self::new(handle)
    }
}
