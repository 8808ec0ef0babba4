use iced::mouse::{Button as MouseButton, Event as Mouse};
use iced::widget::{Row, container, space};
use iced_test::simulator;

use super::*;
use crate::widget::{Button, label};

/// What is said when these events happen over four buttons, each 100 pixels wide and 4 apart.
fn acts(events: impl IntoIterator<Item = Event>) -> Vec<Option<Act>> {
    let buttons =
        (0..4).map(|number| Button::new(label::body(format!("item {number}"))).width(100).on_press(None::<Act>).into());
    let row = Reorder::new(Row::with_children(buttons).spacing(4), Some);
    let content: Element<'_, _> = container(iced::widget::column![row, space().height(300)]).into();
    let mut ui = simulator(content);
    for event in events {
        if let Event::Mouse(Mouse::CursorMoved { position }) = event {
            ui.point_at(position);
        }
        let _status = ui.simulate([event]);
    }
    ui.into_messages().collect()
}

fn to(x: f32) -> Event {
    Event::Mouse(Mouse::CursorMoved { position: Point::new(x, 10.0) })
}

fn down(button: MouseButton) -> Event {
    Event::Mouse(Mouse::ButtonPressed(button))
}

fn up(button: MouseButton) -> Event {
    Event::Mouse(Mouse::ButtonReleased(button))
}

const LEFT: MouseButton = MouseButton::Left;

#[test]
fn an_item_goes_beyond_those_whose_middle_it_has_passed() {
    let table =
        [(50.0, 400.0, 0, 3), (50.0, 170.0, 0, 1), (50.0, 120.0, 0, 0), (370.0, 10.0, 3, 0), (170.0, 290.0, 1, 2)];
    for (start, end, from, place) in table {
        let said = acts([to(start), down(LEFT), to(end), up(LEFT)]);
        assert_eq!(said, [Some(Act::Moved { from, to: place })], "{start} to {end}");
    }
}

#[test]
fn a_click_with_an_unsteady_hand_stays_a_click() {
    assert_eq!(acts([to(50.0), down(LEFT), to(54.0), up(LEFT)]), [None]);
}

#[test]
fn escape_leaves_a_dragged_item_where_it_was() {
    let escape = Event::Keyboard(keyboard::Event::KeyPressed {
        key: Key::Named(Named::Escape),
        modified_key: Key::Named(Named::Escape),
        physical_key: keyboard::key::Physical::Code(keyboard::key::Code::Escape),
        location: keyboard::Location::Standard,
        modifiers: keyboard::Modifiers::empty(),
        text: None,
        repeat: false,
    });
    let said = acts([to(50.0), down(LEFT), to(300.0), escape, to(320.0), up(LEFT)]);
    assert_eq!(said, [Some(Act::Moved { from: 0, to: 0 })]);
}

#[test]
fn a_double_click_renames_and_a_right_click_asks_for_the_menu() {
    let double = acts([to(150.0), down(LEFT), up(LEFT), down(LEFT), up(LEFT)]);
    assert_eq!(double, [None, Some(Act::Rename(1))]);
    let right = MouseButton::Right;
    let said = acts([to(250.0), down(right), up(right)]);
    assert_eq!(said, [Some(Act::Menu(2, Point::new(250.0, 10.0)))]);
}
