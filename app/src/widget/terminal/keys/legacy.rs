//! The encoding that xterm has by default.

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Location};
use term::terminal::Modes;

use super::{Stroke, function_number, is_alt_gr, modifier_bits, other, printable};

/// What a press or a repeat of `stroke` sends.
pub(super) fn encode(stroke: Stroke<'_>, modes: Modes) -> Option<Vec<u8>> {
    if let Some(bytes) = keypad(stroke, modes) {
        return Some(if modes.vt52 { as_vt52(bytes) } else { bytes });
    }
    if let Some(bytes) = other::encode(stroke, modes) {
        return Some(bytes);
    }
    match stroke.key {
        // A key of the keypad is named for its cursor function even when it writes a digit.
        Key::Named(_) if stroke.location == Location::Numpad && printable(stroke).is_some() => text(stroke),
        Key::Named(named) => match editing(*named, stroke, modes) {
            Some(bytes) if modes.vt52 => Some(as_vt52(bytes)),
            Some(bytes) => Some(bytes),
            None => special(*named, stroke, modes),
        },
        Key::Character(_) | Key::Unidentified => text(stroke),
    }
}

/// A VT52 sends its cursor keys and PF1 to PF4 as ESC and a letter, its keypad as `ESC ?` and one; it has no others.
fn as_vt52(bytes: Vec<u8>) -> Vec<u8> {
    match *bytes {
        [0x1b, b'[' | b'O', letter @ (b'A'..=b'D' | b'P'..=b'S')] => vec![0x1b, letter],
        [0x1b, b'O', key] => vec![0x1b, b'?', key],
        _ => bytes,
    }
}

/// The keypad in application mode (DECKPAM): what VT100's keypad sends.
fn keypad(stroke: Stroke<'_>, modes: Modes) -> Option<Vec<u8>> {
    if stroke.location != Location::Numpad || !modes.application_keypad {
        return None;
    }
    let action = match (stroke.key, printable(stroke)) {
        (Key::Named(Named::Enter), _) => b'M',
        (_, Some(text)) => match text.as_bytes() {
            [digit @ b'0'..=b'9'] => b'p' + (digit - b'0'),
            [b'*'] => b'j',
            [b'+'] => b'k',
            [b','] => b'l',
            [b'-'] => b'm',
            [b'.'] => b'n',
            [b'/'] => b'o',
            [b'='] => b'X',
            _ => return None,
        },
        _ => return None,
    };
    Some(match modifier_bits(stroke.modifiers) {
        0 => vec![0x1b, b'O', action],
        bits => format!("\x1bO{}{}", bits + 1, char::from(action)).into_bytes(),
    })
}

/// Cursor, editing and function keys: `CSI`, modifiers and a letter or a number.
fn editing(named: Named, stroke: Stroke<'_>, modes: Modes) -> Option<Vec<u8>> {
    let bits = modifier_bits(stroke.modifiers);
    let cursor = if modes.application_cursor { "\x1bO" } else { "\x1b[" };
    match named {
        Named::ArrowUp => Some(letter(cursor, 'A', bits)),
        Named::ArrowDown => Some(letter(cursor, 'B', bits)),
        Named::ArrowRight => Some(letter(cursor, 'C', bits)),
        Named::ArrowLeft => Some(letter(cursor, 'D', bits)),
        Named::Clear if stroke.location == Location::Numpad => Some(letter(cursor, 'E', bits)),
        Named::End => Some(letter(cursor, 'F', bits)),
        Named::Home => Some(letter(cursor, 'H', bits)),
        Named::Insert => Some(number(2, bits)),
        Named::Delete => Some(number(3, bits)),
        Named::PageUp => Some(number(5, bits)),
        Named::PageDown => Some(number(6, bits)),
        Named::ContextMenu => Some(number(29, bits)),
        _ => function(function_number(named)?, bits),
    }
}

/// F1 to F24. A terminal has twelve of them: terminfo takes F13 for Shift+F1, and so on.
fn function(key: u8, bits: u8) -> Option<Vec<u8>> {
    let (key, bits) = if key > 12 { (key - 12, bits | 1) } else { (key, bits) };
    Some(match key {
        1..=4 => letter("\x1bO", char::from(b'P' + key - 1), bits),
        5 => number(15, bits),
        6..=10 => number(key + 11, bits),
        11 | 12 => number(key + 12, bits),
        _ => return None,
    })
}

fn letter(introducer: &str, letter: char, bits: u8) -> Vec<u8> {
    match bits {
        0 => format!("{introducer}{letter}").into_bytes(),
        _ => format!("\x1b[1;{}{letter}", bits + 1).into_bytes(),
    }
}

fn number(number: u8, bits: u8) -> Vec<u8> {
    match bits {
        0 => format!("\x1b[{number}~").into_bytes(),
        _ => format!("\x1b[{number};{}~", bits + 1).into_bytes(),
    }
}

/// Keys with a control character of their own.
fn special(named: Named, stroke: Stroke<'_>, modes: Modes) -> Option<Vec<u8>> {
    let modifiers = stroke.modifiers;
    let bytes: &[u8] = match named {
        Named::Enter if modes.line_feed => b"\r\n",
        Named::Enter => b"\r",
        Named::Tab if modifiers.shift() => b"\x1b[Z",
        Named::Tab => b"\t",
        // The events have it the other way round: Backspace writes BS.
        // DECBKM turns the two around.
        Named::Backspace if modifiers.control() != modes.backspace_sends_bs => b"\x08",
        Named::Backspace => b"\x7f",
        Named::Escape => b"\x1b",
        Named::Space if modifiers.control() => b"\0",
        Named::Space => return text(Stroke { text: stroke.text.or(Some(" ")), ..stroke }),
        // A dead key that is pressed twice, or a key with a name we have no use for, may still write.
        _ => return printable(stroke).and_then(|_| text(stroke)),
    };
    Some(with_escape(modifiers.alt(), bytes))
}

/// Keys that write.
fn text(stroke: Stroke<'_>) -> Option<Vec<u8>> {
    if is_alt_gr(stroke) {
        return stroke.text.map(|text| text.as_bytes().to_vec());
    }
    let alt = stroke.modifiers.alt();
    if stroke.modifiers.control()
        && let Some(control) = control(stroke)
    {
        return Some(with_escape(alt, &[control]));
    }
    // Super is the desktop's.
    if stroke.modifiers.logo() {
        return None;
    }
    let own = match stroke.key {
        Key::Character(own) => Some(own.as_str()),
        _ => None,
    };
    let text = stroke.text.filter(|text| !text.is_empty()).or(own)?;
    Some(with_escape(alt, text.as_bytes()))
}

/// The control character that Ctrl makes of a key, where it makes one (ctlseqs, "Controls beginning with ESC").
pub(super) fn control(stroke: Stroke<'_>) -> Option<u8> {
    // Where the window system knows, it is right: its layout may be one that we cannot guess.
    if let Some([byte @ (..0x20 | 0x7f)]) = stroke.text.map(str::as_bytes) {
        return Some(*byte);
    }
    let own = stroke.key.to_latin(stroke.physical)?;
    Some(match own {
        'a'..='z' | 'A'..='Z' => (own as u8) & 0x1f,
        '@' | ' ' | '2' => 0,
        '[' | '3' => 0x1b,
        '\\' | '4' => 0x1c,
        ']' | '5' => 0x1d,
        '^' | '6' => 0x1e,
        '_' | '7' | '/' => 0x1f,
        '-' if stroke.modifiers.shift() => 0x1f,
        '?' | '8' => 0x7f,
        _ => return None,
    })
}

fn with_escape(alt: bool, bytes: &[u8]) -> Vec<u8> {
    let escape: &[u8] = if alt { b"\x1b" } else { b"" };
    [escape, bytes].concat()
}
