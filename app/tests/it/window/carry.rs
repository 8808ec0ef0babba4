//! Tabs and panes that the mouse carries from window to window, with their sessions.

use std::time::Duration;

use testbed::input::Button;
use testbed::{Deadline, Screenshot, Window, control::Tab};

use super::desk::Desk;

/// A window with a shell in which a variable is set, small and in the upper left corner.
fn one_window() -> (Desk, Window) {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("marker=it-is-$((40 + 2)); echo set-$((1 + 1))\n");
    desk.wait_for_text("set-2");
    let window = desk.tetherm();
    desk.desktop.resize(&window, 600, 400).unwrap();
    desk.desktop.move_to(&window, 0, 0).unwrap();
    let first = resized(&desk, window.id, 600);
    (desk, first)
}

/// A window of this id, once it is so wide.
fn resized(desk: &Desk, id: u32, width: u16) -> Window {
    let find = || desk.windows().into_iter().find(|window| window.id == id && window.width == width);
    Deadline::generous().wait_for("a window of another size", find).unwrap()
}

/// A second window, beside the first.
fn beside(desk: &mut Desk, first: &Window) -> Window {
    desk.press(&["ctrl+shift+n"]);
    desk.wait_for_windows(2);
    let second = desk.windows().into_iter().find(|window| window.id != first.id).unwrap();
    desk.desktop.resize(&second, 590, 400).unwrap();
    desk.desktop.move_to(&second, 660, 100).unwrap();
    let _ = resized(desk, second.id, 590);
    let there = || desk.windows().into_iter().find(|window| window.id == second.id && window.x == 660);
    let second = Deadline::generous().wait_for("it beside the first", there).unwrap();
    desk.settle();
    second
}

/// The middle of the tab at this position; the tabs are few.
fn tab(window: &Window, position: i32) -> (i16, i16) {
    window.at(8 + 36 + 224 * position + 90, 22)
}

/// Drags from one point over others to the last, each in a frame of its own, and lets go.
fn carry(desk: &mut Desk, points: &[(i16, i16)]) {
    hold(desk, points);
    desk.input.release(Button::Left).unwrap();
}

/// The same, without letting go.
fn hold(desk: &mut Desk, points: &[(i16, i16)]) {
    let [start, rest @ ..] = points else { return };
    desk.input.hold(*start, Button::Left).unwrap();
    desk.settle();
    for point in rest {
        desk.input.move_to(*point).unwrap();
        desk.settle();
    }
}

/// The session is the one that was begun in [`one_window`].
fn is_the_same_session(desk: &mut Desk, window: &Window) {
    desk.desktop.focus(window).unwrap();
    desk.type_text("echo $marker\n");
    desk.wait_for_text("it-is-42");
}

#[test]
fn a_tab_is_carried_to_another_windows_bar_and_the_empty_window_closes() {
    let (mut desk, first) = one_window();
    let logins = desk.logins();
    let second = beside(&mut desk, &first);
    carry(&mut desk, &[tab(&first, 0), first.at(300, 200), second.at(300, 20)]);
    desk.wait_for_windows(1);
    assert_eq!(desk.windows()[0].id, second.id);
    is_the_same_session(&mut desk, &second);
    assert_eq!(desk.logins(), logins);
}

#[test]
fn a_tab_is_carried_out_of_every_window_to_one_of_its_own() {
    let (mut desk, first) = one_window();
    let destination = desk.destination();
    desk.press(&["ctrl+shift+o"]);
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["open", "open"]);
    desk.settle();
    carry(&mut desk, &[tab(&first, 0), (400, 600), (700, 450)]);
    desk.wait_for_windows(2);
    let new = desk.windows().into_iter().find(|window| window.id != first.id).unwrap();
    // It hangs by its tab below the pointer.
    assert!((500..700).contains(&new.x) && (380..450).contains(&new.y), "{new}");
    is_the_same_session(&mut desk, &new);
}

#[test]
fn a_pane_is_carried_to_the_tab_bar_and_becomes_a_tab_there() {
    let (mut desk, first) = one_window();
    desk.press(&["ctrl+shift+d"]);
    desk.wait_for_panes(2, 1);
    desk.settle();
    // The left one, which has the variable, by its bar.
    carry(&mut desk, &[first.at(150, 58), first.at(200, 200), first.at(20, 20)]);
    let alone = |tabs: &[Tab]| tabs.len() == 2 && tabs.iter().all(|tab| tab.panes.len() == 1);
    desk.control.wait_for_tabs(Deadline::generous(), "two tabs with a pane each", alone).unwrap();
    desk.wait_for_front(Some(0));
    desk.type_text("echo $marker\n");
    desk.wait_for_text("it-is-42");
}

#[test]
fn a_pane_that_is_let_go_of_where_it_was_stays() {
    let (mut desk, first) = one_window();
    desk.press(&["ctrl+shift+d"]);
    desk.wait_for_panes(2, 1);
    desk.settle();
    carry(&mut desk, &[first.at(150, 58), first.at(150, 20), first.at(150, 200)]);
    desk.wait_for_panes(2, 0);
    // Nothing is carried any more: the pointer in the bar changes nothing.
    for point in [first.at(150, 20), (700, 600)] {
        desk.input.move_to(point).unwrap();
        desk.settle();
    }
    assert_eq!((desk.windows().len(), desk.control.tabs().unwrap().len()), (1, 1));
}

/// A second tab in the window, in front.
fn second_tab(desk: &mut Desk) {
    let destination = desk.destination();
    desk.press(&["ctrl+shift+o"]);
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["open", "open"]);
    desk.wait_for_text("$");
    desk.settle();
}

#[test]
fn a_tab_let_go_of_over_a_pane_takes_the_half_that_was_shown() {
    let (mut desk, first) = one_window();
    let logins = desk.logins();
    second_tab(&mut desk);
    // Not in the terminal's first lines, where text is.
    let colours = |desk: &Desk| {
        let now = Screenshot::of(&desk.desktop, &first).unwrap();
        (now.pixel(200, 300), now.pixel(450, 300))
    };
    let before = colours(&desk);
    hold(&mut desk, &[tab(&first, 0), first.at(100, 220)]);
    let shown = colours(&desk);
    assert!(shown.0 != before.0 && shown.1 == before.1, "the left half is marked: {before:?} {shown:?}");

    desk.input.release(Button::Left).unwrap();
    desk.wait_for_panes(2, 1);
    assert_eq!(desk.control.tabs().unwrap().len(), 1);
    // The keyboard came with it, and the session is the one that it was.
    desk.type_text("echo $marker\n");
    desk.wait_for_text("it-is-42");
    assert_eq!(desk.logins(), logins);
    // It is the left half: the other one is at its right.
    desk.press(&["ctrl+shift+Right"]);
    desk.wait_for_panes(2, 0);
}

#[test]
fn the_tab_in_front_makes_way_while_it_is_carried_and_escape_brings_it_back() {
    let (mut desk, first) = one_window();
    second_tab(&mut desk);
    hold(&mut desk, &[tab(&first, 1), first.at(500, 220)]);
    desk.wait_for_front(Some(0));
    desk.press(&["Escape"]);
    desk.wait_for_front(Some(1));
    desk.settle();
    desk.input.release(Button::Left).unwrap();
    desk.settle();
    let tabs = desk.control.tabs().unwrap();
    assert!(tabs.len() == 2 && tabs.iter().all(|tab| tab.panes.len() == 1), "nothing moved");

    hold(&mut desk, &[tab(&first, 1), first.at(500, 220)]);
    desk.input.release(Button::Left).unwrap();
    desk.wait_for_panes(2, 1);
    desk.press(&["ctrl+shift+Left"]);
    desk.type_text("echo $marker\n");
    desk.wait_for_text("it-is-42");
}

#[test]
fn no_tooltip_pops_up_while_something_is_dragged() {
    let (desk, first) = one_window();
    desk.input.move_to(tab(&first, 0)).unwrap();
    // A tooltip takes half a second, with nothing to wait for but that it shows.
    let below = |desk: &Desk| Screenshot::of(&desk.desktop, &first).unwrap().pixel(130, 60);
    let before = below(&desk);
    Deadline::generous().wait_until("the tab's tooltip", || below(&desk) != before).unwrap();
    desk.input.hold(tab(&first, 0), Button::Left).unwrap();
    Deadline::generous().wait_until("it to go at the press", || below(&desk) == before).unwrap();
    desk.input.move_to(first.at(260, 22)).unwrap();
    desk.input.move_to(tab(&first, 0)).unwrap();
    // Longer than one takes to show.
    let quiet = Duration::from_millis(900);
    let _ = Screenshot::settled(&desk.desktop, &first, quiet, Deadline::generous()).unwrap();
    assert_eq!(below(&desk), before, "none while the button is down");
    desk.input.release(Button::Left).unwrap();
    for point in [first.at(300, 300), tab(&first, 0)] {
        desk.input.move_to(point).unwrap();
    }
    Deadline::generous().wait_until("it again once the pointer came back", || below(&desk) != before).unwrap();
}
