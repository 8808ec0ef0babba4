//! The kitty keyboard protocol (sw.kovidgoyal.net/kitty/keyboard-protocol).

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Location};
use term::terminal::Modes;

use super::{Kind, Stroke, function_number, is_alt_gr, legacy, modifier_bits, printable};

/// Repeats and releases are told apart from presses.
const EVENT_TYPES: u8 = 0b10;
/// The shifted key and the key on a US board are told too.
const ALTERNATE_KEYS: u8 = 0b100;
/// Keys that write are escape sequences as well.
const ALL_KEYS: u8 = 0b1000;
/// With `ALL_KEYS`: the text is told too.
const TEXT: u8 = 0b1_0000;

/// What `stroke` sends.
pub(super) fn encode(stroke: Stroke<'_>, modes: Modes) -> Option<Vec<u8>> {
    let flags = modes.kitty_keyboard;
    let all = flags & ALL_KEYS != 0;
    if stroke.kind == Kind::Release && flags & EVENT_TYPES == 0 {
        return None;
    }
    // A shell that a crashed program left in this mode would get them as text.
    if !all && stroke.kind == Kind::Release && is_enter_tab_or_backspace(stroke) {
        return None;
    }
    if !all && stays_text(stroke, flags) {
        return (stroke.kind != Kind::Release).then(|| legacy::encode(stroke, modes)).flatten();
    }
    match stroke.key {
        Key::Named(named) => {
            if let Some(code) = keypad_code(stroke) {
                return Some(unicode(code, stroke, flags));
            }
            if let Some(bytes) = functional(*named, stroke, flags) {
                return Some(bytes);
            }
            let code = named_code(*named, stroke.location, all)?;
            Some(unicode(code, stroke, flags))
        }
        _ if stroke.location == Location::Numpad => Some(unicode(keypad_code(stroke)?, stroke, flags)),
        Key::Character(own) => Some(unicode(u32::from(own.chars().next()?), stroke, flags)),
        Key::Unidentified => None,
    }
}

/// Whether the key sends what it always did: text, and Enter, Tab and Backspace alone, so that a shell left in this
/// mode by a program that crashed can still be typed in.
fn stays_text(stroke: Stroke<'_>, flags: u8) -> bool {
    let bits = modifier_bits(stroke.modifiers);
    match stroke.key {
        Key::Named(Named::Enter | Named::Tab | Named::Backspace) => bits == 0 && stroke.location != Location::Numpad,
        // Without "disambiguate" only the event types of functional keys are new.
        _ if flags & 1 == 0 && !is_functional(stroke) => true,
        _ => is_alt_gr(stroke) || (bits & !1 == 0 && !stroke.modifiers.logo() && printable(stroke).is_some()),
    }
}

fn is_enter_tab_or_backspace(stroke: Stroke<'_>) -> bool {
    let named = matches!(stroke.key, Key::Named(Named::Enter | Named::Tab | Named::Backspace));
    named && stroke.location != Location::Numpad
}

fn is_functional(stroke: Stroke<'_>) -> bool {
    matches!(stroke.key, Key::Named(named) if *named != Named::Space) && printable(stroke).is_none()
}

/// Keys that keep the form they have in xterm.
fn functional(named: Named, stroke: Stroke<'_>, flags: u8) -> Option<Vec<u8>> {
    let letter = |letter| Some(with_letter(letter, stroke, flags));
    let number = |number| Some(with_number(number, '~', None, stroke, flags));
    match named {
        Named::ArrowUp => letter('A'),
        Named::ArrowDown => letter('B'),
        Named::ArrowRight => letter('C'),
        Named::ArrowLeft => letter('D'),
        Named::End => letter('F'),
        Named::Home => letter('H'),
        Named::Insert => number("2"),
        Named::Delete => number("3"),
        Named::PageUp => number("5"),
        Named::PageDown => number("6"),
        _ => match function_number(named)? {
            1 => letter('P'),
            2 => letter('Q'),
            // `CSI R` would be a cursor position report.
            3 => number("13"),
            4 => letter('S'),
            5 => number("15"),
            key @ 6..=10 => number(&(key + 11).to_string()),
            key @ (11 | 12) => number(&(key + 12).to_string()),
            _ => None,
        },
    }
}

/// The numbers of keys that have a name and no older form.
fn named_code(named: Named, location: Location, all: bool) -> Option<u32> {
    if let Some(key @ 13..) = function_number(named) {
        return Some(57376 + u32::from(key) - 13);
    }
    let right = u32::from(location == Location::Right) * 6;
    Some(match named {
        Named::Escape => 27,
        Named::Enter => 13,
        Named::Tab => 9,
        Named::Backspace => 127,
        Named::Space => 32,
        Named::CapsLock if all => 57358,
        Named::ScrollLock if all => 57359,
        Named::NumLock if all => 57360,
        Named::PrintScreen => 57361,
        Named::Pause => 57362,
        Named::ContextMenu => 57363,
        // The modifiers themselves, left ones first.
        Named::Shift if all => 57441 + right,
        Named::Control if all => 57442 + right,
        Named::Alt if all => 57443 + right,
        Named::Super if all => 57444 + right,
        Named::AltGraph if all => 57453,
        _ => return None,
    })
}

/// The numbers of the keypad's keys: digits when they write, cursor keys when not.
fn keypad_code(stroke: Stroke<'_>) -> Option<u32> {
    if stroke.location != Location::Numpad {
        return None;
    }
    if let Some(text) = printable(stroke) {
        return match text.as_bytes() {
            [digit @ b'0'..=b'9'] => Some(57399 + u32::from(digit - b'0')),
            [b'.'] => Some(57409),
            [b'/'] => Some(57410),
            [b'*'] => Some(57411),
            [b'-'] => Some(57412),
            [b'+'] => Some(57413),
            [b'='] => Some(57415),
            [b','] => Some(57416),
            _ => None,
        };
    }
    match stroke.key {
        Key::Named(Named::Enter) => Some(57414),
        Key::Named(Named::ArrowLeft) => Some(57417),
        Key::Named(Named::ArrowRight) => Some(57418),
        Key::Named(Named::ArrowUp) => Some(57419),
        Key::Named(Named::ArrowDown) => Some(57420),
        Key::Named(Named::PageUp) => Some(57421),
        Key::Named(Named::PageDown) => Some(57422),
        Key::Named(Named::Home) => Some(57423),
        Key::Named(Named::End) => Some(57424),
        Key::Named(Named::Insert) => Some(57425),
        Key::Named(Named::Delete) => Some(57426),
        Key::Named(Named::Clear) => Some(57427),
        _ => None,
    }
}

/// `CSI code : shifted : base ; modifiers : event ; text u`.
fn unicode(code: u32, stroke: Stroke<'_>, flags: u8) -> Vec<u8> {
    let mut number = code.to_string();
    if flags & ALTERNATE_KEYS != 0
        && let Key::Character(own) = stroke.key
    {
        let mut others = printable(stroke).into_iter().flat_map(str::chars);
        let shifted = others.next().filter(|c| stroke.modifiers.shift() && u32::from(*c) != code);
        let base = stroke.key.to_latin(stroke.physical).filter(|base| !own.starts_with(*base));
        let part = |c: Option<char>| c.map(|c| u32::from(c).to_string()).unwrap_or_default();
        number = format!("{number}:{}:{}", part(shifted), part(base)).trim_end_matches(':').to_owned();
    }
    let told = flags & TEXT != 0 && flags & ALL_KEYS != 0 && stroke.kind != Kind::Release;
    with_number(&number, 'u', printable(stroke).filter(|_| told), stroke, flags)
}

fn with_number(number: &str, end: char, text: Option<&str>, stroke: Stroke<'_>, flags: u8) -> Vec<u8> {
    let text = text.map(|text| text.chars().map(|c| u32::from(c).to_string()).collect::<Vec<_>>().join(":"));
    match (modifiers(stroke, flags), text) {
        (None, None) => format!("\x1b[{number}{end}"),
        (Some(modifiers), None) => format!("\x1b[{number};{modifiers}{end}"),
        (modifiers, Some(text)) => format!("\x1b[{number};{};{text}{end}", modifiers.unwrap_or_default()),
    }
    .into_bytes()
}

fn with_letter(letter: char, stroke: Stroke<'_>, flags: u8) -> Vec<u8> {
    match modifiers(stroke, flags) {
        None => format!("\x1b[{letter}"),
        Some(modifiers) => format!("\x1b[1;{modifiers}{letter}"),
    }
    .into_bytes()
}

/// `modifiers : event`, unless both are what goes without saying.
fn modifiers(stroke: Stroke<'_>, flags: u8) -> Option<String> {
    let bits = modifier_bits(stroke.modifiers) + 8 * u8::from(stroke.modifiers.logo());
    let event = match stroke.kind {
        Kind::Repeat if flags & EVENT_TYPES != 0 => ":2",
        Kind::Release => ":3",
        Kind::Press | Kind::Repeat => "",
    };
    (bits != 0 || !event.is_empty()).then(|| format!("{}{event}", bits + 1))
}
