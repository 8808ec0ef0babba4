//! Where the keyboard is, moved at once.
//!
//! iced's own focus operations run some time after the message that asked for them. A key typed meanwhile goes where
//! the keyboard was: a fast typist loses letters after a change of tabs and presses the wrong button after Tab. So what
//! is shown says where the keyboard belongs in it ([`Focus::home`]), and both that and Tab take effect before the next
//! event is handled.
//!
//! For the same reason a key waits where something before it, in the same batch of events, has told the program what may
//! take the keyboard elsewhere: it is handled when the window shows what came of that.

mod reveal;

use std::collections::VecDeque;

use iced::advanced::widget::operation::{Operation, Outcome, focusable};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Widget};
use iced::advanced::{Clipboard, Layout, Shell, input_method, mouse};
use iced::keyboard::{self, Key, key::Named};
use iced::{Element, Event, Point, Rectangle, Renderer, Theme, event};

use reveal::reveal;

use super::delegate::{child, delegate};
use super::field::is_chord;

/// Gives the keyboard to its place in `content`, and moves it by Tab and Shift+Tab where no widget wants these.
pub struct Focus<'a, Message> {
    content: Element<'a, Message>,
    home: Option<Id>,
    on_key: Option<OnKey<'a, Message>>,
}

/// What a key means to the window, and whether a widget took it.
type OnKey<'a, Message> = Box<dyn Fn(&keyboard::Event, event::Status) -> Option<Message> + 'a>;

impl<'a, Message> Focus<'a, Message> {
    /// Around everything that the keys of a window reach.
    pub fn new(content: impl Into<Element<'a, Message>>) -> Self {
        Self { content: content.into(), home: None, on_key: None }
    }

    /// What has the keyboard when it is shown first. Whenever this changes the keyboard goes there, once: it does not
    /// come back after the user took it elsewhere.
    #[must_use]
    pub fn home(mut self, home: Option<Id>) -> Self {
        self.home = home;
        self
    }

    /// What a key means to the window after the widgets had it, given whether one of them took it.
    #[must_use]
    pub fn on_key(mut self, on_key: impl Fn(&keyboard::Event, event::Status) -> Option<Message> + 'a) -> Self {
        self.on_key = Some(Box::new(on_key));
        self
    }

    #[expect(clippy::too_many_arguments, reason = "what iced gives a widget to handle an event with")]
    fn handle(
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
        let press = matches!(event, Event::Mouse(mouse::Event::ButtonPressed(_)));
        let was_home = press && self.look(child(tree), layout, renderer).home;
        self.content.as_widget_mut().update(child(tree), event, layout, cursor, renderer, clipboard, shell, viewport);
        // A press on what takes no keyboard, such as a bar or a gap, takes none away.
        if let Some(home) = self.home.clone().filter(|_| was_home)
            && !self.look(child(tree), layout, renderer).any
        {
            self.operate_now(child(tree), layout, renderer, focusable::focus(home));
        }
        match traversal(event) {
            Some(backwards) if !shell.is_event_captured() => {
                self.traverse(child(tree), backwards, layout, renderer, shell);
            }
            _ => self.tell(event, shell),
        }
        let state = tree.state.downcast_mut::<State>();
        state.moving |= !shell.is_empty() && may_move(event);
    }

    fn tell(&self, event: &Event, shell: &mut Shell<'_, Message>) {
        if let (Event::Keyboard(event), Some(on_key)) = (event, &self.on_key)
            && let Some(message) = on_key(event, shell.event_status())
        {
            shell.publish(message);
        }
    }

    /// Moves the keyboard where no widget wants the key that does so.
    fn traverse(
        &mut self,
        tree: &mut Tree,
        backwards: bool,
        layout: Layout<'_>,
        renderer: &Renderer,
        shell: &mut Shell<'_, Message>,
    ) {
        match backwards {
            true => self.operate_now(tree, layout, renderer, focusable::focus_previous()),
            false => self.operate_now(tree, layout, renderer, focusable::focus_next()),
        }
        reveal(|operation| self.content.as_widget_mut().operate(tree, layout, renderer, operation));
        shell.capture_event();
        shell.request_redraw();
    }

    /// Looks where the keyboard is.
    fn look(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer) -> Look {
        let mut look = Look { wanted: self.home.clone(), home: false, any: false };
        self.content.as_widget_mut().operate(tree, layout, renderer, &mut look);
        look
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

#[derive(Debug, Default)]
struct State {
    /// The home that had the keyboard last.
    home: Option<Id>,
    /// Whether the program was told what may take the keyboard elsewhere, and has not shown yet what comes of it.
    moving: bool,
    /// What waits for that, and where the pointer was.
    waiting: VecDeque<(Event, mouse::Cursor)>,
    /// Where the pointer was moved last.
    pointer: Option<Point>,
}

impl State {
    /// Where the pointer was when `event` happened: of a batch iced only tells where it is in the end.
    fn pointer(&mut self, event: &Event, cursor: mouse::Cursor) -> mouse::Cursor {
        match event {
            Event::Mouse(mouse::Event::CursorMoved { position }) => self.pointer = Some(*position),
            Event::Mouse(mouse::Event::CursorLeft) => self.pointer = None,
            _ => {}
        }
        match (event, self.pointer, cursor) {
            (Event::Mouse(_), Some(pointer), mouse::Cursor::Available(_)) => mouse::Cursor::Available(pointer),
            _ => cursor,
        }
    }

    /// Whether `event` is to wait.
    fn holds(&self, event: &Event) -> bool {
        is_input(event) && (self.moving || !self.waiting.is_empty())
    }

    /// The next of what waits, once it need not.
    fn next(&mut self) -> Option<(Event, mouse::Cursor)> {
        if self.moving { None } else { self.waiting.pop_front() }
    }
}

/// Where the keyboard is.
struct Look {
    wanted: Option<Id>,
    /// At its home.
    home: bool,
    /// Anywhere.
    any: bool,
}

impl Operation for Look {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn focusable(&mut self, id: Option<&Id>, _bounds: Rectangle, state: &mut dyn focusable::Focusable) {
        self.any |= state.is_focused();
        self.home |= state.is_focused() && id.is_some() && id == self.wanted.as_ref();
    }
}

/// Whether an event goes to what has the keyboard, or may give it to another.
fn is_input(event: &Event) -> bool {
    matches!(
        event,
        Event::Keyboard(_)
            | Event::InputMethod(input_method::Event::Commit(_))
            | Event::Mouse(mouse::Event::ButtonPressed(_) | mouse::Event::ButtonReleased(_))
    )
}

/// Whether the keyboard may be elsewhere after what the program does about this event: a click, or a key that writes no
/// text. What is typed into a field waits for nothing.
fn may_move(event: &Event) -> bool {
    match event {
        Event::Mouse(mouse::Event::ButtonPressed(_)) => true,
        Event::Keyboard(keyboard::Event::KeyPressed { text, modifiers, .. }) => {
            is_chord(*modifiers) || text.as_ref().is_none_or(|text| text.chars().all(char::is_control))
        }
        _ => false,
    }
}

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

    delegate!(content, parent: children, size, layout, operate, draw, mouse_interaction, overlay);

    fn diff(&self, tree: &mut Tree) {
        // A new view is what the program answers with, to whatever it was told.
        tree.state.downcast_mut::<State>().moving = false;
        tree.diff_children(std::slice::from_ref(&self.content));
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
        if state.home != self.home {
            state.home.clone_from(&self.home);
            if let Some(home) = self.home.clone() {
                self.operate_now(child(tree), layout, renderer, focusable::focus(home));
                shell.request_redraw();
            }
        }
        while let Some((event, cursor)) = tree.state.downcast_mut::<State>().next() {
            // In a shell of its own: what becomes of it must not be taken for what becomes of the event that came now.
            let mut messages = Vec::new();
            let mut own = Shell::new(&mut messages);
            self.handle(tree, &event, layout, cursor, renderer, clipboard, &mut own, viewport);
            let (layout_changed, widgets_changed) = (own.is_layout_invalid(), own.are_widgets_invalid());
            if layout_changed {
                shell.invalidate_layout();
            }
            if widgets_changed {
                shell.invalidate_widgets();
            }
            messages.into_iter().for_each(|message| shell.publish(message));
            shell.request_redraw();
        }
        let state = tree.state.downcast_mut::<State>();
        let cursor = state.pointer(event, cursor);
        if state.holds(event) {
            state.waiting.push_back((event.clone(), cursor));
            shell.capture_event();
            shell.request_redraw();
            return;
        }
        self.handle(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
    }
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

    #[derive(Debug, Clone, PartialEq)]
    enum Told {
        Key(keyboard::Key, event::Status),
        Pressed,
    }

    fn keys<'a>(content: impl Into<Element<'a, Told>>) -> Focus<'a, Told> {
        Focus::new(content).on_key(|event, status| match event {
            keyboard::Event::KeyPressed { key, .. } => Some(Told::Key(key.clone(), status)),
            _ => None,
        })
    }

    #[test]
    fn a_key_waits_for_what_the_program_does_about_the_one_before() {
        let mut ui = simulator(keys(Button::text("A").id("a").on_press(Told::Pressed)).home(Some(Id::new("a"))));
        let press = |named| simulator::press_key(named, None);
        let _ = ui.simulate([press(Named::F1), press(Named::Enter)]);
        // What the simulator keeps is what the program has not answered: the second key goes nowhere yet.
        let messages: Vec<_> = ui.into_messages().collect();
        assert_eq!(messages, [Told::Key(Key::Named(Named::F1), event::Status::Ignored)]);
    }

    #[test]
    fn nothing_waits_longer_than_for_the_program_and_nothing_overtakes() {
        let key = Event::Keyboard(keyboard::Event::ModifiersChanged(keyboard::Modifiers::SHIFT));
        let motion = Event::Mouse(mouse::Event::CursorEntered);
        let mut state = State { moving: true, ..State::default() };
        assert!(state.holds(&key) && !state.holds(&motion));
        state.waiting.push_back((key.clone(), mouse::Cursor::Unavailable));
        assert!(state.next().is_none(), "the program has not answered");
        state.moving = false;
        assert!(state.holds(&key), "nothing overtakes what waits");
        assert!(state.next().is_some_and(|(event, _)| event == key));
        assert!(state.next().is_none() && !state.holds(&key));
    }

    #[test]
    fn a_press_happens_where_the_pointer_was_then() {
        let mut state = State::default();
        let press = Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left));
        let moved = |x| Event::Mouse(mouse::Event::CursorMoved { position: Point::new(x, 5.0) });
        let end = mouse::Cursor::Available(Point::new(9.0, 5.0));
        assert_eq!(state.pointer(&press, end), end, "it has not been moved yet");
        let _ = state.pointer(&moved(1.0), end);
        assert_eq!(state.pointer(&press, end), mouse::Cursor::Available(Point::new(1.0, 5.0)));
        assert_eq!(state.pointer(&press, mouse::Cursor::Unavailable), mouse::Cursor::Unavailable);
        let _ = state.pointer(&moved(9.0), end);
        assert_eq!(state.pointer(&press, end), end);
    }

    #[test]
    fn a_press_on_nothing_takes_no_keyboard_away() {
        let text = |name: &'static str| field::field("", "").id(name).on_input(move |text| format!("{name} {text}"));
        let column: Column<'_, String> = column![text("first"), text("second"), "nothing"];
        let mut ui = simulator(Focus::new(column).home(Some(Id::new("first"))));
        let _ = ui.click("nothing").expect("a text");
        let _ = ui.typewrite("a");
        assert_eq!(ui.into_messages().collect::<Vec<_>>(), ["first a"]);
    }

    #[test]
    fn what_tab_moves_the_keyboard_to_is_scrolled_into_sight() {
        let buttons = (0..30).map(|number| Button::text(format!("button {number}")).on_press(()).into());
        let list = crate::widget::scroll::vertical(Column::with_children(buttons)).height(120.0);
        let mut ui = simulator(Focus::new(list));
        for last in [20, 3] {
            let backwards = if last == 20 { keyboard::Modifiers::empty() } else { keyboard::Modifiers::SHIFT };
            let tab = || match simulator::press_key(Named::Tab, None) {
                Event::Keyboard(keyboard::Event::KeyPressed { key, modified_key, physical_key, location, .. }) => {
                    Event::Keyboard(keyboard::Event::KeyPressed {
                        key,
                        modified_key,
                        physical_key,
                        location,
                        modifiers: backwards,
                        text: None,
                        repeat: false,
                    })
                }
                other => other,
            };
            let _ = ui.simulate((0..if last == 20 { 21 } else { 17 }).map(|_| tab()));
            let text = ui.find(format!("button {last}")).expect("a button");
            let shown = text.visible_bounds().unwrap_or_else(|| panic!("button {last} is out of sight"));
            assert!((shown.height - text.bounds().height).abs() < 0.5, "{last}: {shown:?}");
        }
    }

    #[test]
    fn letters_wait_for_nothing() {
        let table = [
            (simulator::press_key(Named::Enter, None), true),
            (simulator::press_key(Key::Character("a".into()), Some("a".into())), false),
            (Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)), true),
            (Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)), false),
        ];
        for (event, expected) in table {
            assert_eq!(may_move(&event), expected, "{event:?}");
        }
    }
}
