//! Tooltips: the name of what shows only an icon, the whole of what was cut short.
//!
//! iced's own pop up whenever the pointer rests, also while it drags something, and lie over the menu that a press
//! opened, and stay while somebody types. These wait until no button is down and the pointer has left what was pressed.

use std::time::Duration;

use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::{Clipboard, Layout, Shell, Widget, mouse, overlay};
use iced::widget::tooltip;
use iced::widget::{container, text};
use iced::{Element, Event, Rectangle, Renderer, Theme, Vector, keyboard};

pub use iced::widget::tooltip::Position;

use super::card;
use super::delegate::{child, delegate};
use crate::theme::{Colors, radius, size, space};

/// How long the pointer rests before a tooltip shows.
const DELAY: Duration = Duration::from_millis(500);

/// Shows `tip` below `content` once the pointer rests on it.
pub fn below<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
    tip: impl text::IntoFragment<'a>,
) -> Tooltip<'a, Message> {
    at(content, tip, Position::Bottom)
}

/// Shows `tip` where `position` says once the pointer rests on `content`.
pub fn at<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
    tip: impl text::IntoFragment<'a>,
    position: Position,
) -> Tooltip<'a, Message> {
    let tip = container(text(tip).size(size::SMALL)).padding([space::XS, space::S]).max_width(420).style(|theme| {
        let mut style = card::floating(theme);
        style.border.radius = radius::CONTROL.into();
        style.text_color = Some(Colors::of(theme).text);
        style
    });
    Tooltip(tooltip::Tooltip::new(content, tip, position).gap(space::XS).delay(DELAY).into())
}

/// Something with a tooltip.
#[expect(missing_debug_implementations, reason = "holds an element")]
pub struct Tooltip<'a, Message>(Element<'a, Message>);

/// What the mouse does.
#[derive(Debug, Default)]
struct State {
    /// A button is down.
    held: bool,
    /// No tooltip shows.
    quiet: bool,
}

impl State {
    /// Follows what the user does. Returns whether a tooltip that shows must go.
    fn hear(&mut self, event: &Event, over: bool) -> bool {
        let was_quiet = self.quiet;
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(_)) => (self.held, self.quiet) = (true, true),
            Event::Mouse(mouse::Event::ButtonReleased(_)) => self.held = false,
            Event::Keyboard(keyboard::Event::KeyPressed { .. }) => self.quiet = true,
            _ => {}
        }
        self.quiet &= self.held || over;
        over && self.quiet && !was_quiet
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Tooltip<'_, Message> {
    delegate!(0, parent: children, diff, size, layout, operate, draw, mouse_interaction);

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
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
        if tree.state.downcast_mut::<State>().hear(event, cursor.is_over(layout.bounds())) {
            shell.invalidate_layout();
            shell.request_redraw();
        }
        self.0.as_widget_mut().update(child(tree), event, layout, cursor, renderer, clipboard, shell, viewport);
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        if tree.state.downcast_ref::<State>().quiet {
            return None;
        }
        self.0.as_widget_mut().overlay(child(tree), layout, renderer, viewport, translation)
    }
}

impl<'a, Message: 'a> From<Tooltip<'a, Message>> for Element<'a, Message> {
    fn from(tooltip: Tooltip<'a, Message>) -> Self {
        Self::new(tooltip)
    }
}

#[cfg(test)]
mod tests {
    use iced::keyboard::key::Named;
    use iced::mouse::{Button, Event as Mouse};
    use iced_test::simulator;

    use super::*;

    #[test]
    fn nothing_pops_up_while_a_button_is_down_or_somebody_types_until_the_pointer_has_left() {
        let moved = Event::Mouse(Mouse::CursorMoved { position: iced::Point::ORIGIN });
        let [down, up] = [Mouse::ButtonPressed(Button::Left), Mouse::ButtonReleased(Button::Left)].map(Event::Mouse);
        let key = simulator::press_key(Named::Enter, None);
        let mut state = State::default();
        // What happens, whether over the content, whether that takes a tooltip away and whether one may show then.
        let story = [
            (&moved, true, false, true),
            (&down, true, true, false),
            (&moved, false, false, false),
            (&moved, true, false, false),
            (&up, true, false, false),
            (&moved, true, false, false),
            (&moved, false, false, true),
            (&down, false, false, false),
            (&up, false, false, true),
            (&moved, true, false, true),
            (&key, true, true, false),
            (&moved, true, false, false),
            (&moved, false, false, true),
        ];
        for (step, (event, over, goes, may_show)) in story.into_iter().enumerate() {
            assert_eq!((state.hear(event, over), !state.quiet), (goes, may_show), "step {step}");
        }
    }
}
