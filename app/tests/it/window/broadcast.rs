//! Typing in several panes at once, and never a password in any but its own.

use testbed::{Deadline, Screenshot};

use super::desk::Desk;

/// Two panes side by side whose shells wait, the right one with the keyboard.
fn two_panes() -> Desk {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.press(&["ctrl+shift+d"]);
    desk.wait_for_panes(2, 1);
    desk.wait_for_text("$");
    desk
}

/// Waits until both panes show what is theirs.
fn wait_for_both(desk: &Desk, left: &str, right: &str) {
    let shows = || {
        let [first, second] = &desk.panes()[..] else { return false };
        desk.text_of(first.id).contains(left) && desk.text_of(second.id).contains(right)
    };
    Deadline::generous().wait_until(&format!("'{left}' on the left and '{right}' on the right"), shows).unwrap();
}

#[test]
fn what_is_typed_goes_to_all_panes_each_in_its_own_way() {
    let mut desk = two_panes();
    desk.press(&["ctrl+shift+b"]);
    desk.type_text("echo all-$((2 + 2))\n");
    wait_for_both(&desk, "all-4", "all-4");
    // Home and End are keys like others: the line is put together from its end.
    desk.type_text("-$((3 + 3))");
    desk.press(&["Home"]);
    desk.type_text("echo home");
    desk.press(&["End", "Return"]);
    wait_for_both(&desk, "home-6", "home-6");

    // The right program wants its cursor keys otherwise (DECCKM).
    desk.press(&["ctrl+shift+b"]);
    desk.type_text("printf '\\e[?1h'; echo set-$((1 + 0)); cat -v\n");
    desk.wait_for_text("set-1");
    desk.press(&["ctrl+shift+Left"]);
    desk.wait_for_panes(2, 0);
    desk.type_text("echo begun-$((1 + 0)); cat -v\n");
    desk.wait_for_text("begun-1");
    desk.press(&["ctrl+shift+b", "Up", "Return"]);
    wait_for_both(&desk, "^[[A", "^[OA");
    assert!(!desk.text_of(desk.panes()[0].id).contains("^[OA"));
}

#[test]
fn a_pane_that_asks_for_a_password_gets_nothing() {
    let mut desk = two_panes();
    desk.type_text("printf 'Pass''word: '; read -r -s x; echo \"got <$x>\"\n");
    desk.wait_for_text("Password:");
    desk.press(&["ctrl+shift+Left"]);
    desk.wait_for_panes(2, 0);
    desk.press(&["ctrl+shift+b"]);
    desk.type_text("echo only-$((4 + 4))\n");
    desk.wait_for_text("only-8");
    // What is typed at the question itself is a secret: it stays there.
    desk.press(&["ctrl+shift+Right"]);
    desk.wait_for_panes(2, 1);
    desk.type_text("secret\n");
    desk.wait_for_text("got <secret>");
    let left = desk.text_of(desk.panes()[0].id);
    assert!(!left.contains("secret"), "{left}");

    // The question is answered, so both are fed again.
    desk.type_text("echo again-$((1 + 1))\n");
    wait_for_both(&desk, "again-2", "again-2");
}

#[test]
fn a_pasted_text_goes_to_all_panes() {
    let mut desk = two_panes();
    desk.copy_elsewhere("echo pasted-$((5 + 5))");
    desk.press(&["ctrl+shift+b", "ctrl+shift+v"]);
    wait_for_both(&desk, "echo pasted-$((5 + 5))", "echo pasted-$((5 + 5))");
    desk.press(&["Return"]);
    wait_for_both(&desk, "pasted-10", "pasted-10");
}

#[test]
fn a_question_for_a_password_is_marked_in_the_strip_before_anybody_types() {
    let mut desk = two_panes();
    let flag = desk.sshd.home().join("ask");
    desk.type_text("until [ -e ~/ask ]; do sleep 0.1; done; printf 'Password: '; read -r x\n");
    desk.press(&["ctrl+shift+Left"]);
    desk.wait_for_panes(2, 0);
    desk.press(&["ctrl+shift+b"]);
    // The strip lies right below the tab bar; what is printed in the panes lies below it.
    let strip = |desk: &Desk| {
        let now = Screenshot::of(&desk.desktop, &desk.tetherm()).unwrap();
        (46..90).flat_map(|y| (0..now.width()).map(move |x| (x, y))).map(|(x, y)| now.pixel(x, y)).collect::<Vec<_>>()
    };
    desk.settle();
    let before = strip(&desk);
    std::fs::write(flag, "").unwrap();
    Deadline::generous().wait_until("the strip to say that one gets nothing", || strip(&desk) != before).unwrap();
}

#[test]
fn another_window_shares_the_connection_and_closes_by_itself() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let logins = desk.logins();
    desk.press(&["ctrl+shift+n"]);
    let windows = |desk: &Desk| {
        let listing: serde_json::Value = serde_json::from_str(&desk.control.ask(&["ls"]).unwrap()).unwrap();
        listing["windows"].as_array().map_or(0, Vec::len)
    };
    Deadline::generous().wait_until("a second window", || windows(&desk) == 2).unwrap();
    let shown = || desk.desktop.windows().unwrap().iter().filter(|window| window.is("tetherm")).count();
    Deadline::generous().wait_until("it on the screen", || shown() == 2).unwrap();
    let front = desk.desktop.find(|window| window.is("tetherm")).unwrap().unwrap();
    desk.desktop.focus(&front).unwrap();
    let destination = desk.destination();
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["open", "open"]);
    assert_eq!(desk.logins(), logins, "all windows share the connections");
}
