//! Keys that a group of widgets takes before its widgets do, while one of them has the keyboard.
//!
//! A text field takes Escape for itself and knows no Shift+Enter; a bar around it means something else by them.

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer;
use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::tree::Tree;
use iced::advanced::widget::{Id, Widget};
use iced::advanced::{Clipboard, Shell, mouse, overlay};
use iced::keyboard;
use iced::{Element, Event, Length, Rectangle, Renderer, Size, Theme, Vector};

/// What a key means; `None` leaves it to the content.
type Meaning<'a, Message> = Box<dyn Fn(&keyboard::Event) -> Option<Message> + 'a>;

/// Takes keys before `content` does while the keyboard is in it.
pub struct Keys<'a, Message> {
    content: Element<'a, Message>,
    meaning: Meaning<'a, Message>,
}

impl<'a, Message> Keys<'a, Message> {
    /// Around `content`.
    pub fn new(
        content: impl Into<Element<'a, Message>>,
        meaning: impl Fn(&keyboard::Event) -> Option<Message> + 'a,
    ) -> Self {
        Self { content: content.into(), meaning: Box::new(meaning) }
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

impl<Message> Widget<Message, Theme, Renderer> for Keys<'_, Message> {
    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.content));
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        self.content.as_widget_mut().layout(child(tree), renderer, limits)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.content.as_widget_mut().operate(child(tree), layout, renderer, operation);
    }

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
        if let Event::Keyboard(key) = event
            && !shell.is_event_captured()
            && let Some(message) = (self.meaning)(key)
        {
            let mut focused = Focused::default();
            self.content.as_widget_mut().operate(child(tree), layout, renderer, &mut focused);
            if focused.0 {
                shell.publish(message);
                shell.capture_event();
                return;
            }
        }
        self.content.as_widget_mut().update(child(tree), event, layout, cursor, renderer, clipboard, shell, viewport);
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
        if let Some(child) = tree.children.first() {
            self.content.as_widget().draw(child, renderer, theme, style, layout, cursor, viewport);
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        tree.children.first().map_or_else(mouse::Interaction::default, |child| {
            self.content.as_widget().mouse_interaction(child, layout, cursor, viewport, renderer)
        })
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        self.content.as_widget_mut().overlay(child(tree), layout, renderer, viewport, translation)
    }
}

/// The content's part of the tree, which `children` made.
#[expect(clippy::indexing_slicing, reason = "iced calls `children` or `diff` before anything else")]
fn child(tree: &mut Tree) -> &mut Tree {
    &mut tree.children[0]
}

impl<'a, Message: 'a> From<Keys<'a, Message>> for Element<'a, Message> {
    fn from(keys: Keys<'a, Message>) -> Self {
        Self::new(keys)
    }
}

#[cfg(test)]
mod tests {
    use iced::keyboard::key::{Key, Named};
    use iced::widget::row;
    use iced_test::simulator;

    use super::*;
    use crate::widget::{Focus, field};

    fn messages(home: &'static str) -> Vec<String> {
        let inside = Keys::new(field::field("", "").id("inside").on_input(|text| text), |event| match event {
            keyboard::Event::KeyPressed { key: Key::Named(Named::Escape), .. } => Some("left".to_owned()),
            _ => None,
        });
        let outside = field::field("", "").id("outside").on_input(|text| text);
        let content: Element<'_, String> = row![inside, outside].into();
        let mut ui = simulator(Focus::new(content).home(Some(Id::new(home))));
        let _ = ui.tap_key(Named::Escape);
        ui.into_messages().collect()
    }

    #[test]
    fn keys_are_taken_only_while_the_keyboard_is_inside() {
        assert_eq!(messages("inside"), ["left"]);
        assert!(messages("outside").is_empty());
    }
}
