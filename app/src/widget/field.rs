//! Text fields, with or without a label, a hint and an error.

use std::sync::LazyLock;
use std::time::Instant;

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer;
use iced::advanced::widget::Widget;
use iced::advanced::widget::operation::{Operation, TextInput as Input};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::{Clipboard, Shell, mouse, text};
use iced::keyboard::{self, Modifiers};
use iced::widget::text_input::{Icon, State, Status, Style, TextInput};
use iced::widget::{Column, Id, column};
use iced::window::{self, RedrawRequest};
use iced::{Background, Border, Element, Event, Length, Padding, Rectangle, Renderer, Size, Theme};

use super::label;
use crate::theme::{Colors, radius, size, space};

/// Before every press of a key: measured from here, none is ever so long ago that the cursor is out.
static BEFORE: LazyLock<Instant> = LazyLock::new(Instant::now);

/// A text field whose cursor stands still, so that a window in which nothing happens draws nothing, and whose text is
/// selected when the keyboard moves into it.
pub struct Field<'a, Message>(TextInput<'a, Message>);

/// A text field.
pub fn field<'a, Message: Clone + 'a>(placeholder: &str, value: &str) -> Field<'a, Message> {
    let _ = LazyLock::force(&BEFORE);
    Field(TextInput::new(placeholder, value).size(size::BODY).padding([space::S, space::M]).style(style))
}

/// A field below its label.
pub fn labelled<'a, Message: Clone + 'a>(
    name: impl iced::widget::text::IntoFragment<'a>,
    field: impl Into<Element<'a, Message>>,
) -> Column<'a, Message> {
    column![label::strong(name), field.into()].spacing(space::XS)
}

impl<'a, Message: Clone + 'a> Field<'a, Message> {
    /// The name by which an operation can focus it.
    #[must_use]
    pub fn id(self, id: impl Into<Id>) -> Self {
        Self(self.0.id(id))
    }

    /// The icon beside the text.
    #[must_use]
    pub fn icon(self, icon: Icon<iced::Font>) -> Self {
        Self(self.0.icon(icon))
    }

    /// The space between its edge and its text.
    #[must_use]
    pub fn padding(self, padding: impl Into<Padding>) -> Self {
        Self(self.0.padding(padding))
    }

    /// What a change of its text means.
    #[must_use]
    pub fn on_input(self, message: impl Fn(String) -> Message + 'a) -> Self {
        Self(self.0.on_input(message))
    }

    /// What Enter means.
    #[must_use]
    pub fn on_submit(self, message: Message) -> Self {
        Self(self.0.on_submit(message))
    }

    /// Shows dots in place of what is typed.
    #[must_use]
    pub fn secure(self, secure: bool) -> Self {
        Self(self.0.secure(secure))
    }

    /// Shows that its text cannot be used.
    #[must_use]
    pub fn invalid(self, invalid: bool) -> Self {
        if invalid { Self(self.0.style(self::invalid)) } else { self }
    }

    /// Lets the field handle an event; keeps it from asking for the frames of a blinking cursor.
    fn inner(
        &mut self,
        handle: impl FnOnce(&mut TextInput<'a, Message>, &mut Shell<'_, Message>),
        shell: &mut Shell<'_, Message>,
    ) {
        let asked = shell.redraw_request();
        handle(&mut self.0, shell);
        if let RedrawRequest::At(_) = shell.redraw_request() {
            Shell::replace_redraw_request(shell, asked);
        }
    }
}

/// What the field is told in place of an event, where that is not the event itself.
fn replacement(event: &Event) -> Option<Event> {
    match event {
        Event::Window(window::Event::RedrawRequested(_)) => {
            Some(Event::Window(window::Event::RedrawRequested(*BEFORE)))
        }
        // Ctrl with a comma is a command and not a comma, though the keyboard's layout says so.
        Event::Keyboard(keyboard::Event::KeyPressed {
            key,
            modified_key,
            physical_key,
            location,
            modifiers,
            text: Some(_),
            repeat,
        }) if is_chord(*modifiers) => Some(Event::Keyboard(keyboard::Event::KeyPressed {
            key: key.clone(),
            modified_key: modified_key.clone(),
            physical_key: *physical_key,
            location: *location,
            modifiers: *modifiers,
            text: None,
            repeat: *repeat,
        })),
        _ => None,
    }
}

/// Whether a key pressed with these writes nothing. Ctrl and Alt together are AltGr on Windows, and Option writes on
/// macOS.
pub(super) fn is_chord(modifiers: Modifiers) -> bool {
    let alt = modifiers.alt() && cfg!(not(target_os = "macos"));
    modifiers.logo() || modifiers.control() != alt
}

fn is_focused(tree: &Tree) -> bool {
    tree.state.downcast_ref::<State<<Renderer as text::Renderer>::Paragraph>>().is_focused()
}

/// Selects all the text of a field.
struct SelectAll;

impl Operation for SelectAll {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn text_input(&mut self, _id: Option<&Id>, _bounds: Rectangle, state: &mut dyn Input) {
        state.select_all();
    }
}

impl<'a, Message: Clone + 'a> Widget<Message, Theme, Renderer> for Field<'a, Message> {
    fn tag(&self) -> tree::Tag {
        self.0.tag()
    }

    fn state(&self) -> tree::State {
        Widget::<Message, Theme, Renderer>::state(&self.0)
    }

    fn diff(&self, tree: &mut Tree) {
        self.0.diff(tree);
    }

    fn size(&self) -> Size<Length> {
        Widget::<Message, Theme, Renderer>::size(&self.0)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        Widget::layout(&mut self.0, tree, renderer, limits)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        let before = is_focused(tree);
        self.0.operate(tree, layout, renderer, operation);
        if !before && is_focused(tree) {
            self.0.operate(tree, layout, renderer, &mut SelectAll);
        }
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
        let replaced = replacement(event);
        let event = replaced.as_ref().unwrap_or(event);
        self.inner(
            |field, shell| field.update(tree, event, layout, cursor, renderer, clipboard, shell, viewport),
            shell,
        );
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
        Widget::draw(&self.0, tree, renderer, theme, style, layout, cursor, viewport);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        self.0.mouse_interaction(tree, layout, cursor, viewport, renderer)
    }
}

impl<'a, Message: Clone + 'a> From<Field<'a, Message>> for Element<'a, Message> {
    fn from(field: Field<'a, Message>) -> Self {
        Element::new(field)
    }
}

/// The style of a field.
pub fn style(theme: &Theme, status: Status) -> Style {
    style_of(Colors::of(theme), status)
}

/// The style of a field whose value cannot be used.
fn invalid(theme: &Theme, status: Status) -> Style {
    let colors = Colors::of(theme);
    let style = style_of(colors, status);
    Style { border: Border { color: colors.danger_text, ..style.border }, ..style }
}

fn style_of(colors: &Colors, status: Status) -> Style {
    let (outline, width) = match status {
        Status::Active => (colors.outline, 1.0),
        Status::Hovered => (colors.muted, 1.0),
        Status::Focused { .. } => (colors.accent_text, 2.0),
        Status::Disabled => (colors.border, 1.0),
    };
    Style {
        background: Background::Color(colors.raised),
        border: Border { color: outline, width, radius: radius::CONTROL.into() },
        icon: colors.muted,
        placeholder: colors.muted,
        value: if status == Status::Disabled { colors.muted } else { colors.text },
        selection: colors.selection,
    }
}

#[cfg(test)]
mod tests {
    use iced::advanced::clipboard;
    use iced::advanced::renderer::Headless as _;
    use iced::advanced::widget::operation::focusable;
    use iced::keyboard::{Key, key};
    use iced_runtime::{UserInterface, user_interface};

    use super::*;

    /// What is said when a field that holds "old" is given the focus and then told `events`, and when it wants to be
    /// drawn again.
    fn focused(events: &[Event]) -> (Vec<String>, Option<RedrawRequest>) {
        let renderer = Renderer::new(iced::Font::DEFAULT, 14.0.into(), Some("tiny-skia"));
        let mut renderer = futures::executor::block_on(renderer).expect("a renderer without a window");
        let field = field("", "old").id("field").on_input(|text| text);
        let size = Size::new(400.0, 100.0);
        let mut ui = UserInterface::build(field, size, user_interface::Cache::default(), &mut renderer);
        ui.operate(&renderer, &mut focusable::focus::<()>(Id::new("field")));
        let mut messages = Vec::new();
        let nowhere = mouse::Cursor::Unavailable;
        let (state, _) = ui.update(events, nowhere, &mut renderer, &mut clipboard::Null, &mut messages);
        let redraw = match state {
            user_interface::State::Updated { redraw_request, .. } => Some(redraw_request),
            user_interface::State::Outdated => None,
        };
        (messages, redraw)
    }

    fn press(text: &str, modifiers: Modifiers) -> Event {
        let key = Key::Character(text.into());
        Event::Keyboard(keyboard::Event::KeyPressed {
            key: key.clone(),
            modified_key: key,
            physical_key: key::Physical::Code(key::Code::KeyN),
            location: keyboard::Location::Standard,
            modifiers,
            text: Some(text.into()),
            repeat: false,
        })
    }

    #[test]
    fn a_command_writes_nothing_though_its_key_has_a_text() {
        for (text, modifiers) in [(",", Modifiers::CTRL), ("1", Modifiers::LOGO), ("=", Modifiers::CTRL)] {
            assert_eq!(focused(&[press(text, modifiers)]).0, [""; 0], "{text}");
        }
        assert_eq!(focused(&[press("1", Modifiers::ALT)]).0.is_empty(), cfg!(not(target_os = "macos")));
        assert_eq!(focused(&[press("€", Modifiers::CTRL | Modifiers::ALT)]).0, ["€"], "AltGr on Windows");
        assert_eq!(focused(&[press("N", Modifiers::SHIFT)]).0, ["N"]);
    }

    #[test]
    fn typing_after_the_keyboard_moved_in_replaces_the_text() {
        assert_eq!(focused(&[press("n", Modifiers::empty())]).0, ["n"]);
    }

    #[test]
    fn a_focused_field_wants_no_frame_while_nothing_happens() {
        let later = Instant::now() + std::time::Duration::from_millis(700);
        let drawn = Event::Window(window::Event::RedrawRequested(later));
        assert_eq!(focused(&[drawn]).1, Some(RedrawRequest::Wait));
    }
}
