//! What a shell tells of itself, and what a program wants the user to know.

use super::*;

fn events(bytes: &str) -> Vec<Event> {
    let terminal = terminal(20, 4);
    assert_eq!(terminal.advance(bytes.as_bytes()), b"", "nothing of it is answered");
    terminal.take_events()
}

fn notification(title: &str, body: &str) -> Vec<Event> {
    vec![Event::Notification { title: title.to_owned(), body: body.to_owned() }]
}

#[test]
fn the_working_directory_follows_the_shell() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(b"\x1b]7;file://host/srv/a%20b\x07");
    assert_eq!(terminal.take_events(), [Event::WorkingDirectory]);
    assert_eq!(terminal.working_directory().unwrap().path(), "/srv/a b");
    let _ = terminal.advance(b"\x1b]7;file://host/srv/a%20b\x07");
    assert_eq!(terminal.take_events(), [], "nothing new");
    let _ = terminal.advance(b"\x1b]7;http://host/\x07");
    assert_eq!((terminal.take_events(), terminal.working_directory()), (vec![Event::WorkingDirectory], None));
    let _ = terminal.advance(b"\x1b]7;file://host/\x07");
    terminal.note("closed");
    assert_eq!(terminal.working_directory(), None, "the next shell is elsewhere");
}

#[test]
fn both_ways_to_notify_are_understood_and_cleaned() {
    assert_eq!(events("\x1b]9;Build done\x07"), notification("", "Build done"));
    assert_eq!(events("\x1b]9;3 tests failed\x07"), notification("", "3 tests failed"));
    assert_eq!(events("\x1b]777;notify;Mail;From: a; b\x1b\\"), notification("Mail", "From: a; b"));
    assert_eq!(events("\x1b]777;notify;Only\x1b\\"), notification("Only", ""));
    assert_eq!(events("\x1b]777;notify;a\u{202e}b;c\u{200b}\u{9b}d\x07"), notification("ab", "cd"));
    for nothing in ["\x1b]9;\u{200b}\x07", "\x1b]777;other;a;b\x07", "\x1b]777;notify\x07", "\x1b]9;1;1000\x07"] {
        assert_eq!(events(nothing), [], "{}", nothing.escape_debug());
    }
    let flood = events(&format!("\x1b]777;notify;{};{}\x07", "t".repeat(50_000), "b".repeat(50_000)).repeat(20));
    assert_eq!(flood, notification(&"t".repeat(128), &"b".repeat(512)));
}

#[test]
fn progress_is_told_when_it_changes_and_ends_with_the_shell() {
    let table = [
        ("1;50", Some(Progress::Percent(50))),
        ("1;999", Some(Progress::Percent(0))),
        ("1;120", Some(Progress::Percent(100))),
        ("2", Some(Progress::Failed)),
        ("3;0", Some(Progress::Indeterminate)),
        ("4;7", Some(Progress::Paused)),
    ];
    for (text, progress) in table {
        assert_eq!(events(&format!("\x1b]9;4;{text}\x07")), [Event::Progress(progress)], "{text}");
    }
    assert_eq!(events("\x1b]9;4;0\x07\x1b]9;4;9\x07"), []);
    let terminal = terminal(20, 4);
    let _ = terminal.advance(b"\x1b]9;4;1;5\x07");
    assert_eq!(terminal.take_events(), [Event::Progress(Some(Progress::Percent(5)))]);
    terminal.note("closed");
    assert_eq!(terminal.take_events(), [Event::Progress(None)]);
}
