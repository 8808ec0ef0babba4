use iced::keyboard::key::NativeCode;

use super::*;

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::CTRL;
const ALT: Modifiers = Modifiers::ALT;
const UNKNOWN: Physical = Physical::Unidentified(NativeCode::Unidentified);

fn character(text: &str) -> Key {
    Key::Character(text.into())
}

fn press<'a>(key: &'a Key, modifiers: Modifiers, text: Option<&'a str>) -> Stroke<'a> {
    Stroke { key, physical: UNKNOWN, location: Location::Standard, modifiers, text, kind: Kind::Press }
}

/// What a stroke sends, as text; empty for nothing.
fn sent(stroke: Stroke<'_>, modes: Modes) -> String {
    encode_stroke(stroke, modes).map(|bytes| String::from_utf8(bytes).unwrap()).unwrap_or_default()
}

fn named(named: Named, modifiers: Modifiers, modes: Modes) -> String {
    sent(press(&Key::Named(named), modifiers, None), modes)
}

#[test]
fn terminfo_and_the_keyboard_agree() {
    let application = Modes { application_cursor: true, application_keypad: true, ..Modes::default() };
    let output = std::process::Command::new("infocmp").args(["-1", "-x", "xterm-256color"]).output();
    let output = output.expect("infocmp (package ncurses-bin) runs");
    let entry = String::from_utf8(output.stdout).unwrap();
    let capability = |name: &str| {
        let value = entry.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='));
        value
            .unwrap_or_else(|| panic!("{name} is missing"))
            .trim_end_matches(',')
            .replace("\\E", "\x1b")
            .replace("^?", "\x7f")
    };
    let mut table = vec![
        ("kcuu1", Named::ArrowUp, NONE),
        ("kcud1", Named::ArrowDown, NONE),
        ("kcuf1", Named::ArrowRight, NONE),
        ("kcub1", Named::ArrowLeft, NONE),
        ("khome", Named::Home, NONE),
        ("kend", Named::End, NONE),
        ("kich1", Named::Insert, NONE),
        ("kdch1", Named::Delete, NONE),
        ("kpp", Named::PageUp, NONE),
        ("knp", Named::PageDown, NONE),
        ("kbs", Named::Backspace, NONE),
        ("kcbt", Named::Tab, SHIFT),
        ("kri", Named::ArrowUp, SHIFT),
        ("kind", Named::ArrowDown, SHIFT),
        ("kRIT", Named::ArrowRight, SHIFT),
        ("kLFT", Named::ArrowLeft, SHIFT),
        ("kHOM", Named::Home, SHIFT),
        ("kEND", Named::End, SHIFT),
        ("kIC", Named::Insert, SHIFT),
        ("kDC", Named::Delete, SHIFT),
        ("kPRV", Named::PageUp, SHIFT),
        ("kNXT", Named::PageDown, SHIFT),
        ("kUP5", Named::ArrowUp, CTRL),
        ("kLFT3", Named::ArrowLeft, ALT),
        ("kDC6", Named::Delete, CTRL | SHIFT),
        ("kHOM7", Named::Home, CTRL | ALT),
    ];
    let functions = [
        ["kf1", "kf2", "kf3", "kf4", "kf5", "kf6", "kf7", "kf8", "kf9", "kf10", "kf11", "kf12"],
        ["kf13", "kf14", "kf15", "kf16", "kf17", "kf18", "kf19", "kf20", "kf21", "kf22", "kf23", "kf24"],
        ["kf25", "kf26", "kf27", "kf28", "kf29", "kf30", "kf31", "kf32", "kf33", "kf34", "kf35", "kf36"],
        ["kf37", "kf38", "kf39", "kf40", "kf41", "kf42", "kf43", "kf44", "kf45", "kf46", "kf47", "kf48"],
        ["kf49", "kf50", "kf51", "kf52", "kf53", "kf54", "kf55", "kf56", "kf57", "kf58", "kf59", "kf60"],
    ];
    let keys = [
        Named::F1,
        Named::F2,
        Named::F3,
        Named::F4,
        Named::F5,
        Named::F6,
        Named::F7,
        Named::F8,
        Named::F9,
        Named::F10,
        Named::F11,
        Named::F12,
    ];
    for (names, modifiers) in functions.into_iter().zip([NONE, SHIFT, CTRL, CTRL | SHIFT, ALT]) {
        table.extend(names.into_iter().zip(keys).map(|(name, key)| (name, key, modifiers)));
    }
    // A keyboard that has them sends what Shift+F1 and so on do.
    table.extend([("kf13", Named::F13, NONE), ("kf24", Named::F24, NONE), ("kf37", Named::F13, CTRL)]);
    for (name, key, modifiers) in table {
        assert_eq!(named(key, modifiers, application), capability(name), "{name}");
    }
}

#[test]
fn cursor_keys_follow_their_mode() {
    let application = Modes { application_cursor: true, ..Modes::default() };
    let table = [
        (Named::ArrowUp, NONE, "\x1b[A", "\x1bOA"),
        (Named::Home, NONE, "\x1b[H", "\x1bOH"),
        (Named::End, NONE, "\x1b[F", "\x1bOF"),
        (Named::ArrowLeft, CTRL, "\x1b[1;5D", "\x1b[1;5D"),
        (Named::ArrowUp, ALT | SHIFT, "\x1b[1;4A", "\x1b[1;4A"),
        (Named::PageUp, NONE, "\x1b[5~", "\x1b[5~"),
    ];
    for (key, modifiers, normal, in_application) in table {
        assert_eq!(named(key, modifiers, Modes::default()), normal);
        assert_eq!(named(key, modifiers, application), in_application);
    }
}

#[test]
fn keys_with_a_control_character_send_it() {
    let table = [
        (Named::Enter, NONE, "\r"),
        (Named::Enter, ALT, "\x1b\r"),
        (Named::Tab, NONE, "\t"),
        (Named::Tab, SHIFT, "\x1b[Z"),
        (Named::Backspace, NONE, "\x7f"),
        (Named::Backspace, CTRL, "\x08"),
        (Named::Backspace, ALT, "\x1b\x7f"),
        (Named::Escape, NONE, "\x1b"),
        (Named::Escape, ALT, "\x1b\x1b"),
        (Named::Space, NONE, " "),
        (Named::Space, CTRL, "\0"),
        (Named::Space, ALT, "\x1b "),
        (Named::Space, CTRL | ALT, "\x1b\0"),
        (Named::Shift, SHIFT, ""),
        (Named::Control, CTRL, ""),
        (Named::CapsLock, NONE, ""),
    ];
    for (key, modifiers, expected) in table {
        assert_eq!(named(key, modifiers, Modes::default()), expected, "{key:?} {modifiers:?}");
    }
    assert_eq!(named(Named::Enter, NONE, Modes { line_feed: true, ..Modes::default() }), "\r\n");
    // The events carry the wrong ones of the two as text.
    assert_eq!(sent(press(&Key::Named(Named::Backspace), NONE, Some("\x08")), Modes::default()), "\x7f");
    assert_eq!(sent(press(&Key::Named(Named::Delete), NONE, Some("\x7f")), Modes::default()), "\x1b[3~");
}

#[test]
fn text_is_sent_as_it_is_written() {
    let table = [
        ("a", NONE, Some("a"), "a"),
        ("a", SHIFT, Some("A"), "A"),
        ("é", NONE, Some("é"), "é"),
        // A dead key and a letter.
        ("e", NONE, Some("ê"), "ê"),
        ("a", ALT, Some("a"), "\x1ba"),
        ("a", ALT | SHIFT, Some("A"), "\x1bA"),
        ("é", ALT, Some("é"), "\x1bé"),
        // AltGr, as Windows reports it and as X11 does.
        ("q", CTRL | ALT, Some("@"), "@"),
        ("q", NONE, Some("@"), "@"),
        // Super is the desktop's.
        ("l", Modifiers::LOGO, Some("l"), ""),
    ];
    for (key, modifiers, text, expected) in table {
        assert_eq!(sent(press(&character(key), modifiers, text), Modes::default()), expected, "{key} {modifiers:?}");
    }
}

#[test]
fn control_makes_the_same_characters_as_in_xterm() {
    // What the window system writes, and what is sent where it writes nothing.
    let table = [
        ("a", Some("\x01"), "\x01"),
        ("c", None, "\x03"),
        ("z", Some("\x1a"), "\x1a"),
        ("[", Some("\x1b"), "\x1b"),
        ("[", None, "\x1b"),
        ("\\", None, "\x1c"),
        ("]", None, "\x1d"),
        ("@", None, "\0"),
        ("^", None, "\x1e"),
        ("_", None, "\x1f"),
        ("/", Some("\x1f"), "\x1f"),
        ("?", None, "\x7f"),
        ("2", Some("\0"), "\0"),
        ("2", None, "\0"),
        ("3", None, "\x1b"),
        ("4", None, "\x1c"),
        ("5", None, "\x1d"),
        ("6", None, "\x1e"),
        ("7", None, "\x1f"),
        ("8", Some("\x7f"), "\x7f"),
        ("1", Some("1"), "1"),
        ("9", Some("9"), "9"),
        ("0", Some("0"), "0"),
        ("-", Some("-"), "-"),
        (";", Some(";"), ";"),
    ];
    for (key, text, expected) in table {
        assert_eq!(sent(press(&character(key), CTRL, text), Modes::default()), expected, "{key} {text:?}");
        let alt = format!("\x1b{expected}");
        assert_eq!(sent(press(&character(key), CTRL | ALT, text), Modes::default()), alt, "{key} with Alt");
    }
    let minus = character("-");
    assert_eq!(sent(press(&minus, CTRL | SHIFT, None), Modes::default()), "\x1f");
    // A layout without Latin letters: the place on the board decides.
    let key = character("с");
    let stroke = Stroke { physical: Physical::Code(Code::KeyC), ..press(&key, CTRL, None) };
    assert_eq!(sent(stroke, Modes::default()), "\x03");
}

fn keypad<'a>(key: &'a Key, code: Code, text: Option<&'a str>) -> Stroke<'a> {
    Stroke { physical: Physical::Code(code), location: Location::Numpad, ..press(key, NONE, text) }
}

#[test]
fn the_keypad_writes_digits_or_moves_as_num_lock_says() {
    let (home, plus, enter) = (Key::Named(Named::Home), character("+"), Key::Named(Named::Enter));
    let application = Modes { application_keypad: true, ..Modes::default() };
    let table = [
        (keypad(&home, Code::Numpad7, Some("7")), "7", "\x1bOw"),
        (keypad(&home, Code::Numpad7, None), "\x1b[H", "\x1b[H"),
        (keypad(&plus, Code::NumpadAdd, Some("+")), "+", "\x1bOk"),
        (keypad(&enter, Code::NumpadEnter, Some("\r")), "\r", "\x1bOM"),
        (keypad(&Key::Named(Named::Clear), Code::Numpad5, None), "\x1b[E", "\x1b[E"),
    ];
    for (stroke, normal, in_application) in table {
        assert_eq!(sent(stroke, Modes::default()), normal);
        assert_eq!(sent(stroke, application), in_application);
    }
}

#[test]
fn num_lock_turns_the_application_keypad_off() {
    let application = Modes { application_keypad: true, ..Modes::default() };
    let (home, plus) = (Key::Named(Named::Home), character("+"));
    let mut num_lock = NumLock::default();
    let add = keypad(&plus, Code::NumpadAdd, Some("+"));
    assert!(!num_lock.observe(add, application).application_keypad);
    // Seven moved the cursor: NumLock is off.
    assert!(num_lock.observe(keypad(&home, Code::Numpad7, None), application).application_keypad);
    assert!(num_lock.observe(add, application).application_keypad);
    let shifted = Stroke { modifiers: SHIFT, ..keypad(&home, Code::Numpad7, Some("7")) };
    assert!(num_lock.observe(shifted, application).application_keypad);
    assert!(!num_lock.observe(keypad(&home, Code::Numpad7, Some("7")), application).application_keypad);
    assert!(!num_lock.observe(add, Modes::default()).application_keypad);
}

fn kitty(flags: u8) -> Modes {
    Modes { kitty_keyboard: flags, ..Modes::default() }
}

#[test]
fn kitty_disambiguates_what_was_ambiguous() {
    let table = [
        ("a", NONE, Some("a"), "a"),
        ("a", SHIFT, Some("A"), "A"),
        ("c", CTRL, Some("\x03"), "\x1b[99;5u"),
        ("c", CTRL | SHIFT, Some("\x03"), "\x1b[99;6u"),
        ("a", ALT, Some("a"), "\x1b[97;3u"),
        ("i", CTRL, Some("\t"), "\x1b[105;5u"),
        ("[", CTRL, Some("\x1b"), "\x1b[91;5u"),
        ("q", CTRL | ALT, Some("@"), "@"),
        ("l", Modifiers::LOGO, Some("l"), "\x1b[108;9u"),
    ];
    for (key, modifiers, text, expected) in table {
        assert_eq!(sent(press(&character(key), modifiers, text), kitty(1)), expected, "{key} {modifiers:?}");
    }
    let table = [
        (Named::Escape, NONE, "\x1b[27u"),
        (Named::Enter, NONE, "\r"),
        (Named::Enter, SHIFT, "\x1b[13;2u"),
        (Named::Tab, NONE, "\t"),
        (Named::Tab, SHIFT, "\x1b[9;2u"),
        (Named::Backspace, NONE, "\x7f"),
        (Named::Backspace, CTRL, "\x1b[127;5u"),
        (Named::Space, CTRL, "\x1b[32;5u"),
        (Named::ArrowUp, NONE, "\x1b[A"),
        (Named::ArrowUp, CTRL, "\x1b[1;5A"),
        (Named::F1, NONE, "\x1b[P"),
        (Named::F3, NONE, "\x1b[13~"),
        (Named::F12, SHIFT, "\x1b[24;2~"),
        (Named::F13, NONE, "\x1b[57376u"),
        (Named::ContextMenu, NONE, "\x1b[57363u"),
        (Named::Shift, SHIFT, ""),
    ];
    for (key, modifiers, expected) in table {
        assert_eq!(named(key, modifiers, kitty(1)), expected, "{key:?} {modifiers:?}");
    }
    let home = Key::Named(Named::Home);
    assert_eq!(sent(keypad(&home, Code::Numpad7, None), kitty(1)), "\x1b[57423u");
    assert_eq!(sent(keypad(&home, Code::Numpad7, Some("7")), kitty(1)), "7");
}

#[test]
fn kitty_tells_event_types_alternates_and_text_when_asked() {
    let (a, up) = (character("a"), Key::Named(Named::ArrowUp));
    let released = Stroke { kind: Kind::Release, ..press(&up, NONE, None) };
    let repeated = Stroke { kind: Kind::Repeat, ..press(&up, CTRL, None) };
    assert_eq!(sent(released, kitty(1)), "");
    assert_eq!(sent(released, kitty(3)), "\x1b[1;1:3A");
    assert_eq!(sent(repeated, kitty(3)), "\x1b[1;5:2A");
    assert_eq!(sent(released, Modes::default()), "");
    // Text has no release, unless all keys are escape sequences.
    let released = Stroke { kind: Kind::Release, ..press(&a, NONE, Some("a")) };
    assert_eq!(sent(released, kitty(3)), "");
    assert_eq!(sent(released, kitty(0b11011)), "\x1b[97;1:3u");
    assert_eq!(sent(press(&a, NONE, Some("a")), kitty(0b1001)), "\x1b[97u");
    assert_eq!(sent(press(&a, SHIFT, Some("A")), kitty(0b11001)), "\x1b[97;2;65u");
    assert_eq!(sent(press(&a, NONE, Some("a")), kitty(0b11001)), "\x1b[97;;97u");
    assert_eq!(sent(press(&a, SHIFT, Some("A")), kitty(0b1101)), "\x1b[97:65;2u");
    let key = character("с");
    let stroke = Stroke { physical: Physical::Code(Code::KeyC), ..press(&key, CTRL, None) };
    assert_eq!(sent(stroke, kitty(0b101)), "\x1b[1089::99;5u");
    assert_eq!(sent(press(&Key::Named(Named::Enter), NONE, Some("\r")), kitty(0b1001)), "\x1b[13u");
    let shift = Key::Named(Named::Shift);
    let left = Stroke { location: Location::Left, ..press(&shift, SHIFT, None) };
    assert_eq!(sent(left, kitty(0b1001)), "\x1b[57441;2u");
}

#[test]
fn modified_keys_have_codes_of_their_own_when_asked_for() {
    let modes = |modify_other_keys| Modes { modify_other_keys, ..Modes::default() };
    let keys: &[(&Key, Modifiers, Option<&str>, [&str; 3])] = &[
        // The key, and what it sends without, at level 1 and at level 2.
        (&character("a"), CTRL, Some("\x01"), ["\x01", "\x01", "\x1b[27;5;97~"]),
        (&character("a"), CTRL | SHIFT, Some("\x01"), ["\x01", "\x01", "\x1b[27;6;65~"]),
        (&character("a"), ALT, Some("a"), ["\x1ba", "\x1ba", "\x1b[27;3;97~"]),
        (&character("a"), SHIFT, Some("A"), ["A", "A", "A"]),
        (&character(","), CTRL, Some(","), [",", "\x1b[27;5;44~", "\x1b[27;5;44~"]),
        (&character("1"), CTRL | ALT, Some("1"), ["\x1b1", "\x1b[27;7;49~", "\x1b[27;7;49~"]),
        (&Key::Named(Named::Enter), SHIFT, Some("\r"), ["\r", "\x1b[27;2;13~", "\x1b[27;2;13~"]),
        (&Key::Named(Named::Enter), ALT, Some("\r"), ["\x1b\r", "\x1b\r", "\x1b[27;3;13~"]),
        (&Key::Named(Named::Tab), SHIFT, Some("\t"), ["\x1b[Z", "\x1b[Z", "\x1b[Z"]),
        (&Key::Named(Named::Tab), CTRL, Some("\t"), ["\t", "\x1b[27;5;9~", "\x1b[27;5;9~"]),
        (&Key::Named(Named::Backspace), CTRL, None, ["\x08", "\x08", "\x1b[27;5;127~"]),
        (&Key::Named(Named::Space), CTRL, None, ["\0", "\0", "\x1b[27;5;32~"]),
        (&Key::Named(Named::ArrowUp), CTRL, None, ["\x1b[1;5A", "\x1b[1;5A", "\x1b[1;5A"]),
    ];
    for (key, modifiers, text, expected) in keys {
        let sent = |level| sent(press(key, *modifiers, *text), modes(level));
        assert_eq!([sent(0), sent(1), sent(2)], *expected, "{key:?} {modifiers:?}");
    }
    let formatted = Modes { format_other_keys: 1, ..modes(1) };
    assert_eq!(sent(press(&character(","), CTRL, Some(",")), formatted), "\x1b[44;5u");
}

#[test]
fn backspace_and_a_vt52_are_as_the_program_wants_them() {
    let turned = Modes { backspace_sends_bs: true, ..Modes::default() };
    assert_eq!(named(Named::Backspace, NONE, turned), "\x08");
    assert_eq!(named(Named::Backspace, CTRL, turned), "\x7f");
    let vt52 = Modes { vt52: true, application_keypad: true, application_cursor: true, ..Modes::default() };
    assert_eq!(named(Named::ArrowUp, NONE, vt52), "\x1bA");
    assert_eq!(named(Named::F1, NONE, vt52), "\x1bP");
    let five = Key::Named(Named::Clear);
    assert_eq!(sent(Stroke { location: Location::Numpad, ..press(&five, NONE, Some("5")) }, vt52), "\x1b?u");
}

#[test]
fn enter_tab_and_backspace_have_no_release_unless_all_keys_have() {
    for key in [Named::Enter, Named::Tab, Named::Backspace] {
        let key = Key::Named(key);
        let release = Stroke { kind: Kind::Release, ..press(&key, CTRL, None) };
        assert_eq!(sent(release, Modes { kitty_keyboard: 0b11, ..Modes::default() }), "");
        assert!(sent(release, Modes { kitty_keyboard: 0b1011, ..Modes::default() }).ends_with(";5:3u"));
    }
}
