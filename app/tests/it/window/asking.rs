//! What programs ask the terminal for, and get, in the real window.

use testbed::Button;

use super::desk::Desk;

#[test]
fn a_program_gets_the_keys_and_the_pixels_that_it_asks_for() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    // modifyOtherKeys 2, then what has no code of its own otherwise.
    // The word is not in what is typed: its echo would be taken for the answer.
    desk.type_text("stty -echo; printf '\\e[>4;2m\\e[?1002;1016h\\e[H\\e[2Jrea''dy\\n'; cat -v\n");
    desk.wait_for_text("ready\n");
    desk.press(&["shift+Return", "alt+x", "ctrl+shift+j", "Return"]);
    desk.wait_for_text("^[[27;2;13~^[[27;3;120~^[[27;6;74~\n");
    // The middle of a cell of 8 by 18 pixels, counted from 1.
    let point = desk.cell(10, 5);
    desk.input.click(point, Button::Left).unwrap();
    desk.press(&["Return"]);
    desk.wait_for_text("^[[<0;85;100M^[[<0;85;100m\n");
}
