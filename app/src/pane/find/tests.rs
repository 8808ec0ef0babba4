use iced::keyboard::Location;
use iced::keyboard::key::{Code, Physical};
use iced_test::{Simulator, simulator};
use term::terminal::{SelectionKind, Side, Size};

use super::*;
use crate::theme::Mode;
use crate::widget::Focus;

fn terminal(output: &str) -> Arc<Terminal> {
    let size = Size { columns: 40, lines: 10, width: 0, height: 0 };
    let terminal = Terminal::new(size, 1_000, Mode::Dark.palette());
    let _ = terminal.advance(output.as_bytes());
    terminal
}

fn lines(count: usize) -> String {
    (0..count).map(|line| format!("line {line}\r\n")).collect()
}

fn open(terminal: &Arc<Terminal>) -> Find {
    // The task would look by itself; a test looks when it wants to.
    Find::new(terminal).0
}

/// Types into the bar and looks through everything.
fn look_for(find: &mut Find, text: &str) {
    let _ = find.update(Message::Typed(text.to_owned()));
    while find.terminal.search_step() {}
    if let Some(status) = find.terminal.search_status() {
        let _ = find.update(Message::Found(status));
    }
}

fn ui(find: &Find) -> Simulator<'_, Message> {
    simulator(Focus::new(find.view(&Bindings::default())).home(Some(find.home())))
}

fn press(key: Key, modifiers: Modifiers) -> iced::Event {
    iced::Event::Keyboard(keyboard::Event::KeyPressed {
        modified_key: key.clone(),
        key,
        physical_key: Physical::Code(Code::F35),
        location: Location::Standard,
        modifiers,
        text: None,
        repeat: false,
    })
}

#[test]
fn the_bar_counts_and_says_when_there_is_nothing() {
    let terminal = terminal(&lines(500));
    let mut find = open(&terminal);
    assert!(ui(&find).find("No matches").is_err(), "nothing is looked for yet");
    look_for(&mut find, "line 4");
    assert!(ui(&find).find("1 of 111").is_ok());
    look_for(&mut find, "line 4x");
    assert!(ui(&find).find("No matches").is_ok());
}

#[test]
fn a_bad_expression_is_explained_in_the_bar() {
    let terminal = terminal(&lines(5));
    let mut find = open(&terminal);
    let _ = find.update(Message::Regex);
    look_for(&mut find, "lin(e");
    assert!(ui(&find).find("Not a regular expression: unclosed group").is_ok());
    look_for(&mut find, "lin(e)");
    assert_eq!(find.count(), "1 of 5");
    assert_eq!(find.error, None);
}

#[test]
fn keys_go_through_the_matches_and_change_what_counts() {
    let terminal = terminal(&lines(500));
    let mut find = open(&terminal);
    look_for(&mut find, "line 4");
    let keys = [
        press(Key::Named(Named::Enter), Modifiers::empty()),
        press(Key::Named(Named::Enter), Modifiers::SHIFT),
        press(Key::Character("c".into()), Modifiers::ALT),
        press(Key::Character("r".into()), Modifiers::ALT),
        press(Key::Named(Named::Escape), Modifiers::empty()),
    ];
    // A key waits for the view that the one before leads to, so each gets a view of its own.
    let told = |key| {
        let mut ui = ui(&find);
        let _ = ui.simulate([key]);
        ui.into_messages().map(|message| format!("{message:?}")).collect::<Vec<_>>()
    };
    let messages: Vec<_> = keys.into_iter().flat_map(told).collect();
    assert_eq!(messages, ["Go(Older)", "Go(Newer)", "Case", "Regex", "Left"]);
}

#[test]
fn escape_shows_what_was_shown_and_closing_stays_at_the_match() {
    let terminal = terminal(&lines(500));
    let before = terminal.visible_text();
    let mut find = open(&terminal);
    look_for(&mut find, "line 99");
    assert!(terminal.visible_text().contains("line 99\n"));
    assert!(matches!(find.update(Message::Left), Action::Close));
    assert_eq!(terminal.visible_text(), before);
    drop(find);
    assert_eq!(terminal.search_status(), None);

    let mut find = open(&terminal);
    look_for(&mut find, "line 99");
    assert!(matches!(find.update(Message::Stayed), Action::Close));
    assert!(terminal.visible_text().contains("line 99\n"));
    assert_eq!(terminal.selected_text().as_deref(), Some("line 99"));
}

#[test]
fn a_selection_is_what_is_looked_for_first() {
    let terminal = terminal("one two\r\nthree");
    let point = |column| term::terminal::Point { line: 0, column };
    terminal.select(SelectionKind::Semantic, point(5), Side::Left);
    assert_eq!(open(&terminal).query.text, "two");
    terminal.select_all();
    assert_eq!(open(&terminal).query.text, "", "several lines are none to look for");
}

#[test]
fn capital_letters_are_told_apart_as_asked_for() {
    let terminal = terminal("err Err ERR");
    let mut find = open(&terminal);
    let mut counts = Vec::new();
    look_for(&mut find, "Err");
    for _ in 0..3 {
        counts.push(find.count());
        let _ = find.update(Message::Case);
        look_for(&mut find, "Err");
    }
    assert_eq!(counts, ["1 of 1", "1 of 1", "2 of 3"]);
}

#[test]
fn thousands_are_told_apart() {
    for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
        assert_eq!(grouped(number), text);
    }
}

#[test]
fn tooltips_name_the_keys_in_force() {
    let tip = |bindings: &Bindings| tip("Next match (Enter", Shortcut::FindNext, bindings);
    let chosen = |chords| Bindings::new(&[("find-next".to_owned(), chords)].into());
    let f8 = crate::store::keys::Chord::parse("F8").expect("a chord");
    let told = [tip(&Bindings::default()), tip(&chosen(vec![f8])), tip(&chosen(Vec::new()))];
    assert_eq!(told, ["Next match (Enter, F3)", "Next match (Enter, F8)", "Next match (Enter)"]);
}
