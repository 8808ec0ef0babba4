//! Where the keyboard is, moved at once.
//!
//! iced's own focus operations run some time after the message that asked for them. A key typed meanwhile goes where
//! the keyboard was: a fast typist loses letters after a change of tabs and presses the wrong button after Tab. So what
//! is shown says where the keyboard belongs in it ([`Focus::home`]), and both that and Tab take effect before the next
//! event is handled.

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer;
use iced::advanced::widget::operation::{Operation, Outcome, focusable};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Widget};
use iced::advanced::{Clipboard, Shell, mouse, overlay};
use iced::keyboard::{self, Key, key::Named};
use iced::{Element, Event, Length, Rectangle, Renderer, Size, Theme, Vector};

/// Gives the keyboard to its place in `content`, and moves it by Tab and Shift+Tab where no widget wants these.
pub struct Focus<'a, Message> {
    content: Element<'a, Message>,
    home: Option<Id>,
}

impl<'a, Message> Focus<'a, Message> {
    /// Around everything that the keys of a window reach.
    pub fn new(content: impl Into<Element<'a, Message>>) -> Self {
        Self { content: content.into(), home: None }
    }

    /// What has the keyboard when it is shown first. Whenever this changes the keyboard goes there, once: it does not
    /// come back after the user took it elsewhere.
    #[must_use]
    pub fn home(mut self, home: Option<Id>) -> Self {
        self.home = home;
        self
    }

    fn operate_now(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: impl Operation + 'static,
    ) {
        let mut next: Option<Box<dyn Operation>> = Some(Box::new(operation));
        while let Some(mut operation) = next.take() {
            self.content.as_widget_mut().operate(tree, layout, renderer, operation.as_mut());
            if let Outcome::Chain(chained) = operation.finish() {
                next = Some(chained);
            }
        }
    }
}

/// The home that had the keyboard last.
#[derive(Debug, Default)]
struct State(Option<Id>);

/// Whether a key moves the keyboard, and whether backwards.
fn traversal(event: &Event) -> Option<bool> {
    match event {
        Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(Named::Tab), modifiers, .. })
            if (*modifiers - keyboard::Modifiers::SHIFT).is_empty() =>
        {
            Some(modifiers.shift())
        }
        _ => None,
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Focus<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

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
        let state = tree.state.downcast_mut::<State>();
        if state.0 != self.home {
            state.0.clone_from(&self.home);
            if let Some(home) = self.home.clone() {
                self.operate_now(child(tree), layout, renderer, focusable::focus(home));
                shell.request_redraw();
            }
        }
        self.content.as_widget_mut().update(child(tree), event, layout, cursor, renderer, clipboard, shell, viewport);
        if shell.is_event_captured() {
            return;
        }
        if let Some(backwards) = traversal(event) {
            match backwards {
                true => self.operate_now(child(tree), layout, renderer, focusable::focus_previous()),
                false => self.operate_now(child(tree), layout, renderer, focusable::focus_next()),
            }
            shell.capture_event();
            shell.request_redraw();
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

impl<'a, Message: 'a> From<Focus<'a, Message>> for Element<'a, Message> {
    fn from(focus: Focus<'a, Message>) -> Self {
        Self::new(focus)
    }
}

#[cfg(test)]
mod tests {
    use iced::widget::{Column, column};
    use iced_test::Simulator;
    use iced_test::simulator;

    use super::*;
    use crate::widget::{Button, field};

    fn buttons<'a>(home: &'static str) -> Simulator<'a, String> {
        let button = |name: &'static str| Button::text(name).id(name).on_press(name.to_owned());
        let column: Column<'a, String> = column![button("first"), button("second"), button("third")];
        simulator(Focus::new(column).home(Some(Id::new(home))))
    }

    /// What pressing these keys, one straight after the other, presses.
    fn pressed(home: &'static str, keys: &[Named]) -> Vec<String> {
        let mut ui = buttons(home);
        let events: Vec<_> = keys.iter().flat_map(|key| simulator::tap_key(*key, None)).collect();
        let _ = ui.simulate(events);
        ui.into_messages().collect()
    }

    #[test]
    fn keys_of_one_moment_go_where_the_key_before_moved_the_keyboard() {
        assert_eq!(pressed("first", &[Named::Enter]), ["first"]);
        assert_eq!(pressed("second", &[Named::Enter]), ["second"]);
        assert_eq!(pressed("first", &[Named::Tab, Named::Tab, Named::Enter]), ["third"]);
    }

    #[test]
    fn what_is_typed_at_once_goes_to_the_place_of_the_keyboard() {
        let text = field::field("", "").id("field").on_input(|text| text);
        let mut ui = simulator(Focus::new(text).home(Some(Id::new("field"))));
        let _ = ui.typewrite("a");
        assert_eq!(ui.into_messages().collect::<Vec<_>>(), ["a"]);
    }
}
