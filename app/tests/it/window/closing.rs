//! What closing a window closes, and what is left of it at the next start.

use std::fs;

use testbed::{Deadline, Screenshot, Window};

use super::desk::Desk;

/// A window as its user closes it, and the question that comes.
fn close_and_be_asked(desk: &Desk, window: &Window) {
    let corner = || Screenshot::of(&desk.desktop, window).unwrap().pixel(3, 3);
    desk.settle();
    let before = corner();
    desk.desktop.close(window).unwrap();
    Deadline::generous().wait_until("a question over the window", || corner() != before).unwrap();
}

/// A second window, beside the one that is there; returns both.
fn two_windows(desk: &mut Desk) -> [Window; 2] {
    let first = desk.tetherm();
    desk.press(&["ctrl+shift+n"]);
    desk.wait_for_windows(2);
    let second = desk.windows().into_iter().find(|window| window.id != first.id).unwrap();
    desk.desktop.focus(&second).unwrap();
    [first, second]
}

#[test]
fn a_window_closes_alone_and_the_last_with_a_shell_asks_once() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let [first, second] = two_windows(&mut desk);
    desk.desktop.close(&second).unwrap();
    desk.wait_for_windows(1);
    desk.desktop.focus(&first).unwrap();
    desk.desktop.resize(&first, 900, 600).unwrap();
    Deadline::generous().wait_until("the new size", || desk.tetherm().width == 900).unwrap();

    close_and_be_asked(&desk, &first);
    // The keyboard is on the answer that keeps it.
    desk.press(&["Return"]);
    desk.type_text("echo kept-$((1 + 1))\n");
    desk.wait_for_text("kept-2");

    close_and_be_asked(&desk, &first);
    desk.press(&["Tab", "Return"]);
    assert!(desk.wait_for_end().success());
    let kept = fs::read_to_string(desk.home().join("config/state/window.toml")).unwrap();
    assert!(kept.contains("size = [900.0, 600.0]"), "{kept}");
}

#[test]
fn quitting_closes_all_windows_after_one_question_about_all_their_shells() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let [_, second] = two_windows(&mut desk);
    desk.settle();
    let destination = desk.destination();
    desk.type_text(&format!("{destination}\n"));
    let shells = || desk.sshd.log().matches("Starting session: shell").count();
    Deadline::generous().wait_until("a shell in the other window", || shells() == 2).unwrap();
    desk.settle();
    let corner = |desk: &Desk| Screenshot::of(&desk.desktop, &second).unwrap().pixel(3, 3);
    let before = corner(&desk);
    desk.press(&["ctrl+shift+q"]);
    Deadline::generous().wait_until("a question", || corner(&desk) != before).unwrap();
    assert_eq!(desk.windows().len(), 2);
    desk.press(&["Tab", "Return"]);
    assert!(desk.wait_for_end().success());
}
