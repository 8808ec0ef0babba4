use iced::advanced::clipboard;
use iced::advanced::renderer::Headless as _;
use iced::advanced::widget::operation::focusable;
use iced::keyboard::Modifiers;
use iced_runtime::{UserInterface, user_interface};
use iced_test::simulator;

use super::*;
use crate::widget::field;

fn pair<'a>() -> Element<'a, &'static str> {
    row![Button::text("One").on_press("one"), Button::text("Off"), Button::text("Two").on_press("two").primary()]
        .spacing(space::S)
        .into()
}

/// Moves the focus `steps` times and then presses keys; what was said meanwhile.
fn with_focus(steps: usize, keys: &[Event]) -> Vec<&'static str> {
    let renderer = Renderer::new(iced::Font::DEFAULT, 14.0.into(), Some("tiny-skia"));
    let mut renderer = futures::executor::block_on(renderer).expect("a renderer without a window");
    let size = Size::new(400.0, 100.0);
    let mut ui = UserInterface::build(pair(), size, user_interface::Cache::default(), &mut renderer);
    for _ in 0..steps {
        // Counting and focusing are two operations, chained by their outcome.
        let mut next: Option<Box<dyn Operation<()>>> = Some(Box::new(focusable::focus_next()));
        while let Some(mut operation) = next.take() {
            ui.operate(&renderer, &mut iced::advanced::widget::operation::black_box(operation.as_mut()));
            if let iced::advanced::widget::operation::Outcome::Chain(chained) = operation.finish() {
                next = Some(chained);
            }
        }
    }
    let mut messages = Vec::new();
    let cursor = mouse::Cursor::Unavailable;
    let _ = ui.update(keys, cursor, &mut renderer, &mut clipboard::Null, &mut messages);
    messages
}

fn key(named: Named, modifiers: Modifiers, repeat: bool) -> Event {
    Event::Keyboard(keyboard::Event::KeyPressed {
        key: Key::Named(named),
        modified_key: Key::Named(named),
        physical_key: keyboard::key::Physical::Code(keyboard::key::Code::Enter),
        location: keyboard::Location::Standard,
        modifiers,
        text: None,
        repeat,
    })
}

#[test]
fn a_click_presses_the_button_under_the_pointer() {
    let mut ui = simulator(pair());
    let _ = ui.click("Two").expect("there is a button Two");
    assert_eq!(ui.into_messages().collect::<Vec<_>>(), ["two"]);
}

#[test]
fn a_disabled_button_does_nothing() {
    let mut ui = simulator(pair());
    let _ = ui.click("Off").expect("there is a button Off");
    assert_eq!(ui.into_messages().count(), 0);
}

#[test]
fn the_focus_passes_over_what_is_disabled_and_enter_and_space_press() {
    let enter = [key(Named::Enter, Modifiers::empty(), false)];
    let space = [key(Named::Space, Modifiers::empty(), false)];
    assert_eq!(with_focus(0, &enter), [""; 0], "nothing has the focus yet");
    assert_eq!(with_focus(1, &enter), ["one"]);
    assert_eq!(with_focus(2, &enter), ["two"]);
    assert_eq!(with_focus(2, &space), ["two"]);
}

#[test]
fn a_held_key_presses_once_and_a_chord_not_at_all() {
    let held = [key(Named::Enter, Modifiers::empty(), false), key(Named::Enter, Modifiers::empty(), true)];
    assert_eq!(with_focus(1, &held), ["one"]);
    assert_eq!(with_focus(1, &[key(Named::Enter, Modifiers::ALT, false)]), [""; 0]);
}

#[test]
fn a_field_can_stand_beside_a_button() {
    let element: Element<'_, &'static str> =
        row![field::field("Search", "").on_input(|_| "typed"), Button::text("Go").on_press("go")].into();
    let mut ui = simulator(element);
    let _ = ui.click("Go").expect("there is a button Go");
    assert_eq!(ui.into_messages().collect::<Vec<_>>(), ["go"]);
}
