//! What asks for attention: the bell that sounds, and the one that has the desktop point at the window.

use testbed::Deadline;

use super::desk::Desk;

#[test]
fn an_audible_bell_rings_the_displays() {
    let mut desk = Desk::sit_down_with("[terminal]\nbell = \"audible\"\n");
    desk.log_in();
    desk.desktop.listen_for_bells().unwrap();
    desk.type_text("printf '\\a'\n");
    Deadline::generous().wait_until("the bell", || desk.desktop.bells().unwrap() > 0).unwrap();
    // A thousand in one moment are one or a few.
    desk.type_text("for i in $(seq 1000); do printf '\\a'; done; echo rung-$((1 + 1))\n");
    desk.wait_for_text("rung-2");
    desk.settle();
    assert!(desk.desktop.bells().unwrap() < 20);
}

#[test]
fn an_urgent_bell_has_the_desktop_point_at_a_window_that_is_not_in_front() {
    let mut desk = Desk::sit_down_with("[terminal]\nbell = \"urgent\"\n");
    desk.log_in();
    let window = desk.tetherm();
    assert!(!desk.desktop.is_urgent(&window).unwrap());
    desk.type_text("until [ -e ~/ring ]; do sleep 0.1; done; printf '\\a'\n");
    desk.press(&["ctrl+shift+n"]);
    desk.wait_for_windows(2);
    let front = desk.windows().into_iter().find(|other| other.id != window.id).unwrap();
    desk.desktop.focus(&front).unwrap();
    std::fs::write(desk.sshd.home().join("ring"), "").unwrap();
    Deadline::generous().wait_until("the hint", || desk.desktop.is_urgent(&window).unwrap()).unwrap();
    assert!(!desk.desktop.is_urgent(&front).unwrap());
}
