use iced::keyboard::key::{Code, Key, Named, Physical};
use iced::keyboard::{Event, Location, Modifiers};

use super::*;

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

fn named(key: Named, modifiers: Modifiers) -> Option<Shortcut> {
    Shortcut::of(&press(Key::Named(key), Key::Named(key), Code::F35, modifiers))
}

fn character(character: &str, modifiers: Modifiers) -> Option<Shortcut> {
    let key = Key::Character(character.into());
    Shortcut::of(&press(key.clone(), key, Code::F35, modifiers))
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
        (character("w", both), Shortcut::CloseTab),
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
        (named(Named::Tab, CONTROL), Shortcut::NextTab),
        (named(Named::Tab, both), Shortcut::PreviousTab),
        (named(Named::PageDown, CONTROL), Shortcut::NextTab),
        (named(Named::PageUp, CONTROL), Shortcut::PreviousTab),
        (named(Named::PageUp, both), Shortcut::MoveTabLeft),
        (named(Named::PageDown, both), Shortcut::MoveTabRight),
        (named(Named::ArrowUp, both), Shortcut::Strips),
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
    assert_eq!(named(Named::PageUp, SHIFT), None);
    assert_eq!(named(Named::F11, SHIFT), None);
}

#[test]
#[cfg(not(target_os = "macos"))]
fn a_chord_follows_the_printed_key_and_falls_back_to_the_place_where_it_prints_no_latin_letter() {
    let both = CONTROL | SHIFT;
    // Dvorak prints "c" where a QWERTY keyboard prints "i".
    let dvorak = press(Key::Character("c".into()), Key::Character("C".into()), Code::KeyI, both);
    assert_eq!(Shortcut::of(&dvorak), Some(Shortcut::Copy));
    let cyrillic = press(Key::Character("с".into()), Key::Character("С".into()), Code::KeyC, both);
    assert_eq!(Shortcut::of(&cyrillic), Some(Shortcut::Copy));
}

#[test]
fn a_shortcut_that_would_do_nothing_is_the_shells() {
    let terminal = Context { tabs: 1, terminal: true, tab: true, closed: false, strips: false };
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
    ];
    for (shortcut, applies) in table {
        assert_eq!(shortcut.applies(terminal), applies, "{shortcut:?}");
    }
    let hosts = Context { tabs: 1, terminal: false, tab: false, closed: false, strips: false };
    assert!(Shortcut::NextTab.applies(hosts));
    assert!(Shortcut::Escape.applies(hosts));
    assert!(!Shortcut::Copy.applies(hosts));
    assert!(Shortcut::Reconnect.applies(Context { closed: true, ..terminal }));
    assert!(!Shortcut::Strips.applies(terminal), "without strips the key is the shell's");
    assert!(Shortcut::Strips.applies(Context { strips: true, ..terminal }));
}
