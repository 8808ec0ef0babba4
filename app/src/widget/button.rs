//! A button that the keyboard reaches: iced's own takes no focus.
//!
//! Tab moves the focus to it, which a ring shows; Enter and Space press it.

pub mod style;

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{self, Quad, Renderer as _};
use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Widget};
use iced::advanced::{Clipboard, Shell, mouse, overlay};
use iced::keyboard::{self, Key, key::Named};
use iced::widget::row;
use iced::widget::text::IntoFragment;
use iced::{
    Alignment, Background, Border, Color, Element, Event, Length, Padding, Rectangle, Renderer, Size, Theme, Vector,
    touch, window,
};

use super::delegate::{child, delegate};
use super::{Icon, label};
use crate::theme::{Colors, space};

pub use style::{Kind, Status};

/// Width of the focus ring in logical pixels; it lies outside of the button.
const RING: f32 = 2.0;

/// A button. Without [`Button::on_press`] it is disabled and takes no focus.
pub struct Button<'a, Message> {
    content: Element<'a, Message>,
    on_press: Option<Message>,
    kind: Kind,
    id: Option<Id>,
    width: Length,
    padding: Padding,
    status: Option<Status>,
}

impl<'a, Message: Clone + 'a> Button<'a, Message> {
    /// A secondary button around `content`.
    pub fn new(content: impl Into<Element<'a, Message>>) -> Self {
        let content = content.into();
        let width = content.as_widget().size_hint().width.fluid();
        let padding = Padding::from([space::S, space::M]);
        Self { content, on_press: None, kind: Kind::Secondary, id: None, width, padding, status: None }
    }

    /// A secondary button with a text.
    pub fn text(text: impl IntoFragment<'a>) -> Self {
        Self::new(label::strong(text))
    }

    /// A secondary button with an icon and a text.
    pub fn labelled(icon: Icon, text: impl IntoFragment<'a>) -> Self {
        Self::new(row![icon.text(), label::strong(text)].spacing(space::S).align_y(Alignment::Center))
    }

    /// A ghost button that shows only an icon; give it a tooltip that names it.
    pub fn icon(icon: Icon) -> Self {
        Self::new(icon.text()).kind(Kind::Ghost).padding(space::S)
    }

    /// What the button looks like.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Makes it the one primary action of what shows it.
    #[must_use]
    pub fn primary(self) -> Self {
        self.kind(Kind::Primary)
    }

    /// Makes it an action that destroys something.
    #[must_use]
    pub fn danger(self) -> Self {
        self.kind(Kind::Danger)
    }

    /// Takes its surface away until the pointer is over it.
    #[must_use]
    pub fn ghost(self) -> Self {
        self.kind(Kind::Ghost)
    }

    /// What pressing it means.
    #[must_use]
    pub fn on_press(mut self, message: Message) -> Self {
        self.on_press = Some(message);
        self
    }

    /// What pressing it means, if anything.
    #[must_use]
    pub fn on_press_maybe(mut self, message: Option<Message>) -> Self {
        self.on_press = message;
        self
    }

    /// The name by which an operation can focus it.
    #[must_use]
    pub fn id(mut self, id: impl Into<Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Its width.
    #[must_use]
    pub fn width(mut self, width: impl Into<Length>) -> Self {
        self.width = width.into();
        self
    }

    /// The space between its edge and its content.
    #[must_use]
    pub fn padding(mut self, padding: impl Into<Padding>) -> Self {
        self.padding = padding.into();
        self
    }

    fn status(&self, state: State, hovered: bool) -> Status {
        if self.on_press.is_none() {
            Status::Disabled
        } else if hovered && state.pressed {
            Status::Pressed
        } else if hovered {
            Status::Hovered
        } else {
            Status::Active
        }
    }

    fn pointer(&self, state: &mut State, event: &Event, hovered: bool, shell: &mut Shell<'_, Message>) {
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerPressed { .. }) => {
                state.focused = false;
                if hovered && self.on_press.is_some() {
                    state.pressed = true;
                    shell.capture_event();
                }
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerLifted { .. })
                if state.pressed =>
            {
                state.pressed = false;
                if hovered {
                    self.press(shell);
                }
                shell.capture_event();
            }
            Event::Touch(touch::Event::FingerLost { .. }) => state.pressed = false,
            _ => {}
        }
    }

    fn key(&self, state: State, event: &Event, shell: &mut Shell<'_, Message>) {
        let Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, repeat, .. }) = event else { return };
        let presses = matches!(key, Key::Named(Named::Enter | Named::Space)) || key.as_ref() == Key::Character(" ");
        if state.focused && presses && modifiers.is_empty() {
            // A held key presses once; its repetitions must not reach what the press brings up.
            if !repeat {
                self.press(shell);
            }
            shell.capture_event();
        }
    }

    fn press(&self, shell: &mut Shell<'_, Message>) {
        if let Some(message) = &self.on_press {
            shell.publish(message.clone());
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    pressed: bool,
    focused: bool,
}

impl Focusable for State {
    fn is_focused(&self) -> bool {
        self.focused
    }

    fn focus(&mut self) {
        self.focused = true;
    }

    fn unfocus(&mut self) {
        self.focused = false;
    }
}

impl<'a, Message: Clone + 'a> Widget<Message, Theme, Renderer> for Button<'a, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    delegate!(content, parent: children, diff);

    fn size(&self) -> Size<Length> {
        Size { width: self.width, height: self.content.as_widget().size_hint().height.fluid() }
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let height = self.size().height;
        layout::padded(limits, self.width, height, self.padding, |limits| {
            self.content.as_widget_mut().layout(child(tree), renderer, limits)
        })
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        if self.on_press.is_some() {
            operation.focusable(self.id.as_ref(), layout.bounds(), tree.state.downcast_mut::<State>());
        }
        operation.container(self.id.as_ref(), layout.bounds());
        operation.traverse(&mut |operation| {
            self.content.as_widget_mut().operate(child(tree), layout.child(0), renderer, operation);
        });
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
        let content = layout.child(0);
        self.content.as_widget_mut().update(child(tree), event, content, cursor, renderer, clipboard, shell, viewport);
        if shell.is_event_captured() {
            return;
        }
        let hovered = cursor.is_over(layout.bounds());
        let state = tree.state.downcast_mut::<State>();
        let focused = state.focused;
        self.pointer(state, event, hovered, shell);
        self.key(*state, event, shell);
        let status = self.status(*state, hovered);
        if let Event::Window(window::Event::RedrawRequested(_)) = event {
            self.status = Some(status);
        } else if self.status.is_some_and(|drawn| drawn != status) || focused != state.focused {
            shell.request_redraw();
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let style = self.kind.style(Colors::of(theme), self.status.unwrap_or(Status::Active));
        renderer.fill_quad(Quad { bounds, border: style.border, ..Quad::default() }, style.background);
        if tree.state.downcast_ref::<State>().focused && self.on_press.is_some() {
            let radius = style.border.radius.top_left + RING;
            let border = Border { color: Colors::of(theme).accent_text, width: RING, radius: radius.into() };
            let ring = Quad { bounds: bounds.expand(RING), border, ..Quad::default() };
            renderer.fill_quad(ring, Background::Color(Color::TRANSPARENT));
        }
        let content = renderer::Style { text_color: style.text };
        if let Some(state) = tree.children.first() {
            self.content.as_widget().draw(state, renderer, theme, &content, layout.child(0), cursor, viewport);
        }
    }

    fn mouse_interaction(
        &self,
        _tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        if self.on_press.is_some() && cursor.is_over(layout.bounds()) {
            mouse::Interaction::Pointer
        } else {
            mouse::Interaction::default()
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        self.content.as_widget_mut().overlay(child(tree), layout.child(0), renderer, viewport, translation)
    }
}

impl<'a, Message: Clone + 'a> From<Button<'a, Message>> for Element<'a, Message> {
    fn from(button: Button<'a, Message>) -> Self {
        Self::new(button)
    }
}

#[cfg(test)]
mod tests;
