use std::collections::{BTreeMap, HashSet};

use iced::keyboard::key::{Code, Key, Named, Physical};
use iced::keyboard::{Event, Location, Modifiers};

use super::*;
use crate::store::keys::Chord;

fn press(key: Key, modified: Key, code: Code, modifiers: Modifiers) -> Event {
    Event::KeyPressed {
        key,
        modified_key: modified,
        physical_key: Physical::Code(code),
        location: Location::Standard,
        modifiers,
        text: None,
        repeat: false,
    }
}

fn of(event: &Event) -> Option<Shortcut> {
    Bindings::default().of(event).first().copied()
}

fn named(key: Named, modifiers: Modifiers) -> Option<Shortcut> {
    of(&press(Key::Named(key), Key::Named(key), Code::F35, modifiers))
}

fn character(character: &str, modifiers: Modifiers) -> Option<Shortcut> {
    let key = Key::Character(character.into());
    of(&press(key.clone(), key, Code::F35, modifiers))
}

const CONTROL: Modifiers = Modifiers::CTRL;
const SHIFT: Modifiers = Modifiers::SHIFT;
const NONE: Modifiers = Modifiers::empty();

#[test]
#[cfg(not(target_os = "macos"))]
fn the_keys_of_the_window_are_the_ones_people_know() {
    let both = CONTROL | SHIFT;
    let table = [
        (character("t", both), Shortcut::NewTab),
        (character("w", both), Shortcut::ClosePane),
        (character("d", both), Shortcut::SplitRight),
        (character("e", both), Shortcut::SplitDown),
        (character("z", both), Shortcut::ZoomPane),
        (named(Named::ArrowLeft, both), Shortcut::PaneLeft),
        (named(Named::ArrowUp, Modifiers::ALT | SHIFT), Shortcut::PushUp),
        (character("o", both), Shortcut::QuickConnect),
        (character("c", both), Shortcut::Copy),
        (character("v", both), Shortcut::Paste),
        (character("r", both), Shortcut::Reconnect),
        (character("k", both), Shortcut::ClearScrollback),
        (character("1", Modifiers::ALT), Shortcut::Tab(1)),
        (character("9", Modifiers::ALT), Shortcut::Tab(9)),
        (character("=", CONTROL), Shortcut::Larger),
        (character("+", CONTROL), Shortcut::Larger),
        (character("+", both), Shortcut::Larger),
        (character("-", CONTROL), Shortcut::Smaller),
        (character("0", CONTROL), Shortcut::OriginalSize),
        (character("p", both), Shortcut::Palette),
        (character(",", CONTROL), Shortcut::Settings),
        (named(Named::Tab, CONTROL), Shortcut::NextTab),
        (named(Named::Tab, both), Shortcut::PreviousTab),
        (named(Named::PageDown, CONTROL), Shortcut::NextTab),
        (named(Named::PageUp, CONTROL), Shortcut::PreviousTab),
        (named(Named::PageUp, both), Shortcut::MoveTabLeft),
        (named(Named::PageDown, both), Shortcut::MoveTabRight),
        (named(Named::PageUp, SHIFT), Shortcut::ScrollPageUp),
        (named(Named::PageDown, SHIFT), Shortcut::ScrollPageDown),
        (named(Named::Home, SHIFT), Shortcut::ScrollToTop),
        (named(Named::End, SHIFT), Shortcut::ScrollToBottom),
        (named(Named::ArrowUp, both), Shortcut::PaneUp),
        (named(Named::F6, SHIFT), Shortcut::Strips),
        (named(Named::Insert, CONTROL), Shortcut::Copy),
        (named(Named::Insert, SHIFT), Shortcut::PastePrimary),
        (named(Named::F11, NONE), Shortcut::FullScreen),
    ];
    for (found, expected) in table {
        assert_eq!(found, Some(expected));
    }
}

#[test]
fn the_shell_keeps_every_ctrl_letter_and_its_undo() {
    for letter in 'a'..='z' {
        assert_eq!(character(&letter.to_string(), CONTROL), None, "Ctrl+{letter}");
        assert_eq!(character(&letter.to_string(), Modifiers::ALT), None, "Alt+{letter}");
        assert_eq!(character(&letter.to_string(), NONE), None, "{letter}");
    }
    for digit in '0'..='9' {
        assert_eq!(character(&digit.to_string(), NONE), None, "{digit}");
    }
    assert_eq!(character("-", CONTROL | SHIFT), None);
    assert_eq!(named(Named::ArrowUp, SHIFT), None);
    assert_eq!(named(Named::F11, SHIFT), None);
}

#[test]
#[cfg(not(target_os = "macos"))]
fn a_chord_follows_the_printed_key_and_falls_back_to_the_place_where_it_prints_no_latin_letter() {
    let both = CONTROL | SHIFT;
    // Dvorak prints "c" where a QWERTY keyboard prints "i".
    let dvorak = press(Key::Character("c".into()), Key::Character("C".into()), Code::KeyI, both);
    assert_eq!(of(&dvorak), Some(Shortcut::Copy));
    let cyrillic = press(Key::Character("с".into()), Key::Character("С".into()), Code::KeyC, both);
    assert_eq!(of(&cyrillic), Some(Shortcut::Copy));
    // On a French keyboard the digits need Shift.
    let azerty = press(Key::Character("&".into()), Key::Character("1".into()), Code::Digit1, Modifiers::ALT | SHIFT);
    assert_eq!(of(&azerty), Some(Shortcut::Tab(1)));
}

#[test]
fn a_shortcut_that_would_do_nothing_is_the_shells() {
    let terminal = Context { tabs: 1, terminal: true, tab: true, ..Context::default() };
    let table = [
        (Shortcut::Tab(1), true),
        (Shortcut::Tab(2), false),
        (Shortcut::Tab(9), true),
        (Shortcut::NextTab, false),
        (Shortcut::MoveTabLeft, false),
        (Shortcut::Reconnect, false),
        (Shortcut::CloseTab, true),
        (Shortcut::Copy, true),
        (Shortcut::Escape, false),
        (Shortcut::ScrollPageUp, true),
    ];
    for (shortcut, applies) in table {
        assert_eq!(shortcut.applies(terminal), applies, "{shortcut:?}");
    }
    let hosts = Context { tabs: 1, ..Context::default() };
    assert!(Shortcut::NextTab.applies(hosts));
    assert!(Shortcut::Escape.applies(hosts));
    assert!(!Shortcut::Copy.applies(hosts));
    assert!(Shortcut::Reconnect.applies(Context { closed: true, ..terminal }));
    assert!(!Shortcut::Strips.applies(terminal), "without strips the key is the shell's");
    assert!(Shortcut::Strips.applies(Context { strips: true, ..terminal }));
    let up = press(Key::Named(Named::ArrowUp), Key::Named(Named::ArrowUp), Code::ArrowUp, CONTROL | SHIFT);
    let find = |context| Bindings::default().find(&up, context);
    assert_eq!(find(terminal), None, "with one pane the key is the shell's");
    assert_eq!(find(Context { strips: true, ..terminal }), Some(Shortcut::Strips));
    assert_eq!(find(Context { panes: 2, strips: true, ..terminal }), Some(Shortcut::PaneUp));
    let editor = Context { alternate_screen: true, ..terminal };
    assert!(!Shortcut::ScrollPageUp.applies(editor), "a program that fills the screen scrolls by itself");
    let page_up = press(Key::Named(Named::PageUp), Key::Named(Named::PageUp), Code::PageUp, SHIFT);
    assert_eq!(Bindings::default().find(&page_up, editor), None);
    assert_eq!(Bindings::default().find(&page_up, terminal), Some(Shortcut::ScrollPageUp));
}

#[test]
fn every_command_has_a_name_of_its_own_and_keys_that_can_be_read_and_chosen() {
    let mut names = HashSet::new();
    for command in Command::all() {
        assert!(names.insert(command.name), "{} twice", command.name);
        assert!(command.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        let chords = bindings::defaults(command);
        assert_eq!(chords.len(), command.keys.len(), "{}: {:?}", command.name, command.keys);
        for chord in chords {
            // Esc is taken only where no terminal has the keyboard, Copy and Paste only where a keyboard has them.
            let spared = command.shortcut == Shortcut::Escape;
            assert!(spared || chord.is_the_shells().is_none(), "{}: {chord}", command.name);
            assert_eq!(Chord::parse(&chord.to_string()), Ok(chord));
        }
    }
    for group in Group::ALL {
        assert!(Command::all().any(|command| command.group == group), "nothing is in {group:?}");
    }
}

#[test]
#[cfg(not(target_os = "macos"))]
fn what_the_user_chose_takes_the_place_of_a_commands_own_keys() {
    let chord = |text| Chord::parse(text).unwrap();
    let chosen = BTreeMap::from([
        ("new-tab".to_owned(), vec![chord("Ctrl+Shift+Y"), chord("F9")]),
        ("copy".to_owned(), Vec::new()),
        ("no-such-command".to_owned(), vec![chord("F8")]),
    ]);
    let bindings = Bindings::new(&chosen);
    let of = |text| bindings.with(chord(text)).to_vec();
    assert_eq!((of("Ctrl+Shift+Y"), of("F9")), (vec![Shortcut::NewTab], vec![Shortcut::NewTab]));
    assert!(of("Ctrl+Shift+T").is_empty() && of("Ctrl+Shift+C").is_empty() && of("F8").is_empty());
    assert_eq!(of("Ctrl+Shift+V"), [Shortcut::Paste]);
    assert_eq!(bindings.label(Shortcut::NewTab, "New tab"), "New tab (Ctrl+Shift+Y)");
    assert_eq!(bindings.label(Shortcut::Copy, "Copy"), "Copy");
    assert_eq!(bindings.hint(Shortcut::Copy), "");
}

/// The guide's lines about a command, as the table makes them.
fn guide_line(command: &Command) -> String {
    let chords: Vec<_> = bindings::defaults(command).iter().map(Chord::to_string).collect();
    let chords = if chords.is_empty() { "–".to_owned() } else { chords.join(", ") };
    format!("| {} | {chords} | `{}` |", command.title, command.name)
}

#[test]
#[cfg(not(target_os = "macos"))]
fn the_guides_table_of_keys_is_the_programs() {
    let guide = include_str!("../../../../assets/guide/keys.md");
    let mut expected = String::new();
    for group in Group::ALL {
        expected.push_str(&format!("\n## {}\n\n| to | press | name |\n|---|---|---|\n", group.title()));
        for command in Command::all().filter(|command| command.group == group) {
            expected.push_str(&format!("{}\n", guide_line(command)));
        }
    }
    assert!(guide.contains(&expected), "assets/guide/keys.md is to hold these lines:\n{expected}");
}
