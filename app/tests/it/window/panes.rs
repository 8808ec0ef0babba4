//! Panes: split, left and entered by keys and by the mouse, moved, zoomed and closed.

use testbed::Deadline;
use testbed::input::Button;

use super::desk::Desk;

#[test]
fn a_split_opens_another_shell_on_the_same_connection_and_keys_go_where_the_keyboard_is() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let logins = desk.logins();
    desk.press(&["ctrl+shift+d"]);
    desk.wait_for_panes(2, 1);
    desk.wait_for_text("$");
    desk.type_text("echo right-$((1 + 1))\n");
    desk.wait_for_text("right-2");
    // Keys of one moment: what is typed right after the command belongs to where it leads.
    desk.at_once(|desk| {
        desk.press(&["ctrl+shift+Left"]);
        desk.type_text("echo left-$((1 + 0))\n");
    });
    desk.wait_for_panes(2, 0);
    desk.wait_for_text("left-1");
    assert_eq!(desk.logins(), logins, "they share the connection");
    let [left, right] = &desk.panes()[..] else { panic!("two panes") };
    assert!(!desk.text_of(right.id).contains("left-1") && !desk.text_of(left.id).contains("right-2"));
    assert!(desk.text_of(right.id).contains("right-2"), "a pane is named by its own id");

    desk.press(&["ctrl+shift+w"]);
    desk.wait_for_panes(1, 0);
    desk.wait_for_text("right-2");
    desk.type_text("echo alone-$((3 + 4))\n");
    desk.wait_for_text("alone-7");
}

#[test]
fn the_mouse_chooses_resizes_and_closes_panes() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.press(&["ctrl+shift+d"]);
    desk.wait_for_panes(2, 1);
    let window = desk.tetherm();
    let (width, height) = (i32::from(window.width), i32::from(window.height));
    desk.at_once(|desk| {
        desk.input.click(window.at(width / 4, height / 2), Button::Left).unwrap();
        desk.type_text("echo clicked-$((1 + 1))\n");
    });
    desk.wait_for_panes(2, 0);
    desk.wait_for_text("clicked-2");

    let before = desk.panes();
    let middle = window.at(width / 2, height / 2);
    desk.input.drag(middle, window.at(width / 4, height / 2), Button::Left).unwrap();
    let moved = |desk: &Desk| {
        let now = desk.panes();
        now[0].columns < before[0].columns && now[1].columns > before[1].columns
    };
    Deadline::generous().wait_until("the line between the panes to move", || moved(&desk)).unwrap();
    let columns = desk.panes()[0].columns;
    desk.type_text("clear; echo \"wide $(tput cols)\"\n");
    desk.wait_for_text(&format!("wide {columns}"));

    // The cross of the right pane's bar.
    desk.input.click(window.at(-14, 58), Button::Left).unwrap();
    desk.wait_for_panes(1, 0);
}

#[test]
fn a_zoomed_pane_fills_the_tab_and_gives_the_room_back() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.press(&["ctrl+shift+e"]);
    desk.wait_for_panes(2, 1);
    let small = desk.panes()[1].lines;
    let lines = |desk: &Desk| desk.panes()[1].lines;
    desk.press(&["ctrl+shift+z"]);
    Deadline::generous().wait_until("a pane that fills the tab", || lines(&desk) > small + small / 2).unwrap();
    desk.press(&["ctrl+shift+z"]);
    Deadline::generous().wait_until("a pane of its own size", || lines(&desk) == small).unwrap();
    desk.press(&["alt+shift+Down"]);
    Deadline::generous().wait_until("a line that moved down", || lines(&desk) < small).unwrap();
}

#[test]
fn a_pane_whose_shell_ends_says_so_inside_of_itself() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.press(&["ctrl+shift+d"]);
    desk.wait_for_panes(2, 1);
    desk.wait_for_text("$");
    desk.type_text("exit 3\n");
    let states = |desk: &Desk| desk.panes().into_iter().map(|pane| pane.state).collect::<Vec<_>>();
    Deadline::generous().wait_until("one pane to close", || states(&desk) == ["open", "closed"]).unwrap();
    desk.press(&["ctrl+shift+Left"]);
    desk.type_text("echo still-$((4 + 4))\n");
    desk.wait_for_text("still-8");
    desk.press(&["ctrl+shift+Right", "Return"]);
    desk.wait_for_panes(2, 1);
}
