//! The real window under Xvfb, driven by real key events and read back through its control socket.

mod asking;
mod attention;
mod broadcast;
mod carry;
mod closing;
mod configuration;
mod desk;
mod guarded;
mod legacy;
mod logs;
mod marks;
mod panes;
mod pictures;
mod programs;
mod questions;
mod reading;
mod settings;
mod suspend;
mod tabs;
mod vttest;
mod way;

use std::fs;
use std::time::Duration;

use testbed::{Deadline, Screenshot};

use desk::Desk;

/// Less processor time than a cursor that blinks takes in six seconds.
const DRAWN: Duration = Duration::from_millis(20);

#[test]
fn an_unknown_host_is_asked_about_trusted_by_keyboard_and_then_known() {
    let mut desk = Desk::sit_down();
    let destination = desk.destination();
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["prompt"]);
    assert_eq!(desk.active_tab().prompt, "host-key");
    assert_eq!(desk.logins(), 0, "nothing is sent before the answer");

    desk.trust_and_save();
    desk.wait_for_states(&["open"]);
    let known = fs::read_to_string(desk.known_hosts()).unwrap();
    let key = desk.sshd.known_hosts_line().unwrap();
    let (_, key) = key.split_once(' ').unwrap();
    // The name before it is hashed where the system's ssh_config says so.
    assert!(known.trim_end().ends_with(key) && known.lines().count() == 1, "{known}");
}

#[test]
fn what_is_typed_runs_and_its_output_is_shown() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("echo \"$((6 * 7))-ok\"; tput colors\n");
    desk.wait_for_text("42-ok");
    desk.wait_for_text("256");

    let before = Screenshot::of(&desk.desktop, &desk.tetherm()).unwrap();
    desk.type_text("printf '\\e[41m%500s\\e[m' ''\n");
    let red = |desk: &Desk| {
        let now = Screenshot::of(&desk.desktop, &desk.tetherm()).unwrap();
        (0..now.height()).filter(|y| now.pixel(now.width() / 2, *y) != before.pixel(now.width() / 2, *y)).count() > 40
    };
    Deadline::generous().wait_until("red lines in the window", || red(&desk)).unwrap();
}

#[test]
fn a_resized_window_resizes_the_remote_terminal() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let before = desk.active_tab();
    let window = desk.tetherm();
    desk.desktop.resize(&window, 760, 500).unwrap();
    let resized = |tabs: &[testbed::control::Tab]| {
        tabs.iter().all(|tab| tab.columns < before.columns && tab.lines < before.lines)
    };
    desk.control.wait_for_tabs(Deadline::generous(), "a smaller terminal", resized).unwrap();
    desk.type_text("clear; echo \"size $(stty size)\"\n");
    let tab = desk.active_tab();
    desk.wait_for_text(&format!("size {} {}", tab.lines, tab.columns));
}

#[test]
fn enter_in_a_closed_tab_connects_again_and_keeps_the_scrollback() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("echo before-the-end\n");
    desk.wait_for_text("before-the-end");

    desk.sshd.stop();
    desk.wait_for_states(&["closed"]);
    assert!(!desk.active_tab().reason.is_empty());
    desk.sshd.restart().unwrap();
    desk.press(&["Return"]);
    desk.wait_for_states(&["open"]);
    desk.type_text("echo after-it\n");
    desk.wait_for_text("after-it");
    let text = desk.control.text().unwrap();
    assert!(text.contains("before-the-end"), "{text}");
}

#[test]
fn a_remote_program_opens_its_window_here() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("echo \"on $DISPLAY\"; xeyes &\n");
    desk.wait_for_text("on localhost:1");
    let xeyes = desk.desktop.wait_for_window("xeyes", Deadline::generous()).unwrap();
    let quiet = Duration::from_millis(200);
    let picture = Screenshot::settled(&desk.desktop, &xeyes, quiet, Deadline::generous()).unwrap();
    assert!(picture.colors() > 1, "the eyes are drawn");

    // Under a bare server the focus follows no window manager: the shell still has it.
    desk.type_text("kill %1\n");
    Deadline::generous()
        .wait_until("the eyes to close", || desk.desktop.find(|window| window.is("xeyes")).unwrap().is_none())
        .unwrap();
}

#[test]
fn a_remote_program_outlives_the_shell_that_started_it() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let logins = desk.logins();
    desk.type_text("xeyes & echo $! >\"$HOME/eyes\"\n");
    let eyes = |window: &testbed::Window| window.is("xeyes");
    let _ = desk.desktop.wait_for_window("xeyes", Deadline::generous()).unwrap();
    desk.type_text("exit\n");
    desk.wait_for_states(&["closed"]);
    desk.wait_for_text("X11 programs go on");

    desk.press(&["Return"]);
    desk.wait_for_states(&["open"]);
    assert_eq!(desk.logins(), logins, "the connection stayed up for the program, and the new shell shares it");
    assert!(desk.desktop.find(eyes).unwrap().is_some());
    desk.type_text("kill $(cat \"$HOME/eyes\")\n");
    Deadline::generous().wait_until("the eyes to close", || desk.desktop.find(eyes).unwrap().is_none()).unwrap();
}

#[test]
fn a_second_tab_to_the_same_host_shares_the_connection() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let logins = desk.logins();
    desk.press(&["ctrl+shift+t"]);
    desk.wait_for_front(None);
    let destination = desk.destination();
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["open", "open"]);
    desk.type_text("echo second-$((1 + 1))\n");
    desk.wait_for_text("second-2");
    assert_eq!(desk.logins(), logins);

    desk.press(&["ctrl+shift+Tab"]);
    desk.wait_for_front(Some(0));
    desk.type_text("echo first-$((0 + 1))\n");
    desk.wait_for_text("first-1");
    assert!(!desk.control.text().unwrap().contains("second-2"), "each tab has a terminal of its own");
}

#[test]
fn a_window_in_which_nothing_happens_does_nothing() {
    let mut desk = Desk::sit_down();
    desk.settle();
    assert!(desk.busy(Duration::from_secs(6)) < DRAWN, "the hosts, with the keyboard in the field");
    desk.log_in();
    desk.settle();
    assert!(desk.busy(Duration::from_secs(6)) < DRAWN, "a shell that waits");
}
