//! Finding, selecting and keeping what a terminal shows.

use testbed::{Deadline, Screenshot};

use super::desk::Desk;

/// Another match's background (`term::terminal::snapshot`), drawn on every scheme.
const LIT: [u8; 3] = [0xff, 0xd5, 0x4a];
/// The background of the match that the user looks at.
const CURRENT: [u8; 3] = [0xb4, 0x3c, 0x00];

/// How many pixels of the window have this colour.
fn pixels(desk: &Desk, color: [u8; 3]) -> usize {
    let picture = Screenshot::of(&desk.desktop, &desk.tetherm()).unwrap();
    let rows = (0..picture.height()).flat_map(|y| (0..picture.width()).map(move |x| (x, y)));
    rows.filter(|(x, y)| picture.pixel(*x, *y) == Some(color)).count()
}

#[test]
fn text_is_found_in_the_scrollback_and_escape_comes_back() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("clear; for i in $(seq 500); do echo \"line $i.\"; done\n");
    desk.wait_for_text("line 500.");
    desk.press(&["ctrl+shift+f"]);
    desk.type_text("line 4");
    let deadline = Deadline::generous();
    deadline.wait_until("matches that are lit", || pixels(&desk, LIT) > 500 && pixels(&desk, CURRENT) > 100).unwrap();

    desk.type_text("2.");
    desk.wait_for_text("line 42.\n");
    assert!(!desk.control.text().unwrap().contains("line 500."), "the match is shown where it is");
    desk.press(&["Escape"]);
    desk.wait_for_text("line 500.");
    deadline.wait_until("no match that is lit", || pixels(&desk, CURRENT) == 0).unwrap();
    // The keyboard is the shell's again.
    desk.type_text("echo back-$((40 + 2))\n");
    desk.wait_for_text("back-42");
}

#[test]
fn the_keyboard_alone_selects_and_copies() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("clear; echo copied-$((6 * 7))-word\n");
    desk.wait_for_text("copied-42-word\n");
    desk.press(&["ctrl+shift+space", "Up", "Home", "shift+End", "Return"]);
    desk.type_text("echo again-");
    desk.press(&["ctrl+shift+v"]);
    desk.wait_for_text("again-copied-42-word");
}

#[test]
fn several_lines_are_shown_before_they_are_pasted() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    // sh knows no bracketed paste: each line would run at once. What is typed while bash is still there may be bash's.
    desk.type_text("clear; exec sh -c 'echo in-$((2 + 3)); exec sh'\n");
    desk.wait_for_text("in-5");
    desk.type_text("PS1='> '; clear; echo 'echo ran-$((6 * 7))'; echo 'echo th''en-$((7 * 7))'\n");
    desk.wait_for_text("then-$((7 * 7))\n");
    desk.press(&["ctrl+shift+space", "Up", "Up", "Home", "shift+Down", "shift+End", "Return", "ctrl+shift+v"]);
    // The keyboard is on the answer that does nothing; the next one makes a line of them, the third pastes.
    desk.settle();
    assert!(!desk.control.text().unwrap().contains("ran-42"), "nothing runs before the answer");
    desk.press(&["Tab", "Tab", "Return", "Return"]);
    desk.wait_for_text("ran-42");
    desk.wait_for_text("then-49");
}

#[test]
fn what_is_copied_with_colours_is_html_on_the_clipboard() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.type_text("clear; printf '\\e[38;2;1;2;200;1mcoloured\\e[m & <plain>\\n'\n");
    desk.wait_for_text("coloured & <plain>");
    desk.press(&["ctrl+shift+a", "ctrl+shift+p"]);
    desk.type_text("copy with colours\n");
    let html = || desk.clipboard("text/html");
    Deadline::generous().wait_until("HTML on the clipboard", || html().contains("coloured")).unwrap();
    let html = html();
    assert!(html.contains("#0102c8") || html.contains("rgb(1, 2, 200)"), "{html}");
    assert!(html.contains("&amp; &lt;plain&gt;"), "{html}");
    assert!(desk.clipboard("UTF8_STRING").contains("coloured & <plain>"), "and text for programs that want that");
}
