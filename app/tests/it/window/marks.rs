//! Links and marked prompts in the real window.

use testbed::{Button, Deadline};

use super::desk::Desk;

#[test]
fn ctrl_click_on_a_link_gives_it_to_the_desktop_and_no_other_click_does() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("clear; printf '\\e]8;;https://b.example/?a=1&b=2\\e\\\\here\\e]8;;\\e\\\\ file:///etc/x ok\\n'\n");
    desk.wait_for_text("here file:///etc/x ok");
    let (link, other) = (desk.cell(1, 0), desk.cell(20, 0));
    // iced hands out what came within one frame with the pointer where it was last: each click gets a frame of its own.
    desk.input.click(link, Button::Left).unwrap();
    desk.settle();
    desk.input.control_click(other, Button::Left).unwrap();
    desk.settle();
    desk.input.control_click(link, Button::Left).unwrap();
    Deadline::generous().wait_until("the address to be opened", || !desk.opened().is_empty()).unwrap();
    assert_eq!(desk.opened(), "https://b.example/?a=1&b=2\n");

    // An address of another kind is refused in words, above the shell.
    let before = desk.active_tab().lines;
    desk.type_text("clear; printf '\\e]8;;javascript:alert(1)\\e\\\\here\\e]8;;\\e\\\\ again\\n'\n");
    desk.wait_for_text("here again");
    desk.input.control_click(link, Button::Left).unwrap();
    let told = |tabs: &[testbed::control::Tab]| tabs.iter().all(|tab| tab.lines < before);
    desk.control.wait_for_tabs(Deadline::generous(), "a strip above the terminal", told).unwrap();
    assert_eq!(desk.opened(), "https://b.example/?a=1&b=2\n");
}

#[test]
fn typing_a_links_label_opens_it_and_the_shell_gets_no_letter() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("clear; printf 'https://a.example/x \\e]8;;https://b.example/\\e\\\\here\\e]8;;\\e\\\\ two\\n'\n");
    desk.wait_for_text("https://a.example/x here two");
    desk.settle();
    desk.press(&["ctrl+shift+l"]);
    desk.settle();
    desk.press(&["s"]);
    Deadline::generous().wait_until("the address to be opened", || !desk.opened().is_empty()).unwrap();
    assert_eq!(desk.opened(), "https://b.example/\n");
    // Esc leaves, and the keys are the shell's again, which has got none of the letters.
    desk.press(&["ctrl+shift+l"]);
    desk.settle();
    desk.press(&["Escape"]);
    desk.settle();
    desk.type_text("clear; echo over-$((1 + 1))\n");
    desk.wait_for_text("over-2");
    // Nothing is in sight to open: the letters are the shell's.
    desk.press(&["ctrl+shift+l"]);
    desk.settle();
    desk.type_text("echo shell-$((2 + 2))\n");
    desk.wait_for_text("shell-4");
    assert_eq!(desk.opened(), "https://b.example/\n");
}

#[test]
fn an_ssh_link_fills_the_quick_connect_field_and_connects_to_nothing() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let (logins, destination) = (desk.logins(), desk.destination());
    desk.type_text(&format!("clear; echo ssh://{destination} is th''ere\n"));
    desk.wait_for_text("is there");
    desk.input.control_click(desk.cell(3, 0), Button::Left).unwrap();
    desk.wait_for_front(None);
    desk.settle();
    assert_eq!((desk.logins(), desk.control.tabs().unwrap().len()), (logins, 1));
    desk.press(&["Return"]);
    desk.wait_for_states(&["open", "open"]);
}

#[test]
fn the_keys_go_from_prompt_to_prompt_once_the_shell_marks_them() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    // Without marks the key is the shell's.
    desk.type_text("echo begun-$((1 + 0)); cat -v\n");
    desk.wait_for_text("begun-1");
    desk.press(&["ctrl+shift+Home"]);
    desk.wait_for_text("^[[1;6H");
    desk.press(&["ctrl+c"]);
    desk.type_text("PS1='\\[\\e]133;A\\a\\]$ '; PS0='\\e]133;C\\a'; PROMPT_COMMAND='printf \"\\e]133;D;$?\\a\"'\n");
    for number in 0..3 {
        desk.type_text(&format!("seq {number}00 {number}99; echo done-{number}\n"));
        desk.wait_for_text(&format!("\ndone-{number}\n"));
    }
    // A key means what the last frame shows.
    desk.settle();
    desk.press(&["ctrl+shift+Home"]);
    desk.wait_for_text("$ seq 200 299");
    desk.press(&["ctrl+shift+Home", "ctrl+shift+Home"]);
    desk.wait_for_text("$ seq 000 099");
    desk.press(&["ctrl+shift+End"]);
    desk.wait_for_text("$ seq 100 199");
}
