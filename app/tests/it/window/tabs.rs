//! Tabs: renamed, dragged to another place, and left where they were.

use testbed::input::Button;
use testbed::{Deadline, control::Tab};

use super::desk::Desk;

/// The middle of the tab at this position, of two.
fn middle(desk: &Desk, position: i32) -> (i16, i16) {
    // The bar's padding, the hosts' button, and tabs of 220 pixels with gaps of 4.
    desk.tetherm().at(8 + 36 + 224 * position + 90, 22)
}

fn wait_for_titles(desk: &Desk, titles: [&str; 2]) {
    let same = |tabs: &[Tab]| tabs.iter().map(|tab| tab.title.as_str()).eq(titles);
    desk.control.wait_for_tabs(Deadline::generous(), &format!("tabs called {titles:?}"), same).unwrap();
}

/// Two tabs called "one" and "two", the second in front.
fn two_tabs() -> Desk {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.at_once(|desk| {
        desk.input.click(middle(desk, 0), Button::Left).unwrap();
        desk.input.click(middle(desk, 0), Button::Left).unwrap();
        desk.type_text("one\n");
    });
    desk.control
        .wait_for_tabs(Deadline::generous(), "a tab called one", |tabs| tabs.iter().any(|tab| tab.title == "one"))
        .unwrap();
    let destination = desk.destination();
    desk.press(&["ctrl+shift+o"]);
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["open", "open"]);
    desk.input.click(middle(&desk, 1), Button::Left).unwrap();
    desk.input.click(middle(&desk, 1), Button::Left).unwrap();
    desk.type_text("two\n");
    wait_for_titles(&desk, ["one", "two"]);
    desk
}

#[test]
fn a_double_click_renames_a_tab_and_the_keyboard_goes_back_to_its_shell() {
    let mut desk = two_tabs();
    desk.type_text("echo back-$((1 + 1))\n");
    desk.wait_for_text("back-2");
    assert!(!desk.text_of(desk.active_tab().id).contains("two"), "the name went nowhere else");
}

#[test]
fn a_tab_is_dragged_to_another_place_with_its_session_and_escape_leaves_it() {
    let mut desk = two_tabs();
    let (first, second) = (middle(&desk, 0), middle(&desk, 1));
    desk.input.drag(second, (first.0 - 40, first.1), Button::Left).unwrap();
    wait_for_titles(&desk, ["two", "one"]);
    desk.wait_for_front(Some(0));
    desk.type_text("echo moved-$((1 + 1))\n");
    desk.wait_for_text("moved-2");

    desk.input.hold(first, Button::Left).unwrap();
    desk.input.move_to((second.0 + 40, second.1)).unwrap();
    desk.press(&["Escape"]);
    desk.input.release(Button::Left).unwrap();
    desk.type_text("echo stayed-$((1 + 1))\n");
    desk.wait_for_text("stayed-2");
    wait_for_titles(&desk, ["two", "one"]);
}

#[test]
fn f2_names_the_tab_that_has_the_keyboard() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    // From the field of the hosts backwards: settings, all commands, new tab, and the tab with its cross.
    desk.press(&["ctrl+shift+t"]);
    desk.wait_for_front(None);
    desk.press(&["shift+Tab", "shift+Tab", "shift+Tab", "shift+Tab", "F2"]);
    desk.type_text("named by keys\n");
    let named = |tabs: &[Tab]| tabs.iter().any(|tab| tab.title == "named by keys");
    desk.control.wait_for_tabs(Deadline::generous(), "the name", named).unwrap();
}
