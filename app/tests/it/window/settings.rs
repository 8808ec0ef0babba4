//! Settings, keys and commands in the real window.

use std::fs;

use testbed::{Deadline, Screenshot};

use super::desk::Desk;

/// Presses Tab so often, then Enter.
fn tab_and_enter(desk: &mut Desk, tabs: usize) {
    desk.press(&vec!["Tab"; tabs]);
    desk.press(&["Return"]);
}

/// Waits until the settings' file says this.
fn wait_for_setting(desk: &Desk, line: &str) {
    let says = || fs::read_to_string(desk.settings()).is_ok_and(|text| text.lines().any(|other| other == line));
    Deadline::generous().wait_until(&format!("{line} in the settings' file"), says).unwrap();
}

/// Waits until the terminal's background, in the middle of the window, has this colour.
fn wait_for_ground(desk: &Desk, color: [u8; 3]) {
    let is = || {
        let now = Screenshot::of(&desk.desktop, &desk.tetherm()).unwrap();
        now.pixel(now.width() / 2, now.height() / 2) == Some(color)
    };
    Deadline::generous().wait_until(&format!("the colour {color:x?}"), is).unwrap();
}

/// The buttons between the search field and the first result: Close, four lists, the file.
const BEFORE_RESULTS: usize = 6;

#[test]
fn a_colour_scheme_is_found_tried_and_chosen_by_keyboard() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    wait_for_ground(&desk, [0x14, 0x17, 0x1c]);
    desk.press(&["ctrl+,"]);
    desk.settle();
    desk.type_text("dark colours");
    desk.settle();
    tab_and_enter(&mut desk, BEFORE_RESULTS + 1);
    desk.settle();
    desk.type_text("drac");
    desk.press(&["Return"]);
    wait_for_setting(&desk, "dark = \"dracula\"");
    // The search is left, then the screen: the terminal is back, in the new colours.
    desk.press(&["Escape", "Escape"]);
    wait_for_ground(&desk, [0x28, 0x2a, 0x36]);
    desk.type_text("echo still-$((40 + 2))\n");
    desk.wait_for_text("still-42");
}

#[test]
fn a_key_that_is_pressed_in_the_settings_is_the_commands_from_then_on() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.press(&["ctrl+,"]);
    desk.settle();
    desk.type_text("new tab");
    desk.settle();
    // The chord's own button, then the one that adds another.
    tab_and_enter(&mut desk, BEFORE_RESULTS + 2);
    desk.settle();
    desk.press(&["ctrl+shift+y"]);
    wait_for_setting(&desk, "new-tab = [\"Ctrl+Shift+T\", \"Ctrl+Shift+Y\"]");
    desk.press(&["Escape", "Escape"]);
    desk.type_text("echo back-$((20 + 1))\n");
    desk.wait_for_text("back-21");
    desk.press(&["ctrl+shift+y"]);
    desk.wait_for_front(None);
}

#[test]
fn a_key_that_an_editor_writes_into_the_file_is_in_force_without_a_restart() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    fs::create_dir_all(desk.settings().parent().unwrap()).unwrap();
    fs::write(desk.settings(), "[keys]\nquick-connect = \"F9\"\n").unwrap();
    // Whatever shows the hosts or the settings reads the files again.
    desk.press(&["ctrl+,"]);
    desk.settle();
    desk.press(&["ctrl+,"]);
    desk.wait_for_front(Some(0));
    desk.press(&["F9"]);
    desk.wait_for_front(None);
}

#[test]
fn the_palette_does_a_command_that_is_found_by_a_few_letters() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("echo over-$((1 + 1))\n");
    desk.wait_for_text("over-2");
    desk.press(&["ctrl+shift+p"]);
    desk.settle();
    desk.press(&["Escape"]);
    desk.type_text("echo again-$((2 + 1))\n");
    desk.wait_for_text("again-3");
    desk.press(&["ctrl+shift+p"]);
    desk.type_text("quickc");
    desk.press(&["Return"]);
    desk.wait_for_front(None);
    let remembered = || fs::read_to_string(desk.recent()).is_ok_and(|text| text.contains("quick-connect"));
    Deadline::generous().wait_until("the command to be remembered", remembered).unwrap();
}
