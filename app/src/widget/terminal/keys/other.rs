//! xterm's modifyOtherKeys: keys with modifiers that have no code of their own (ctlseqs, "XTMODKEYS").

use iced::keyboard::Key;
use iced::keyboard::key::Named;
use term::terminal::Modes;

use super::legacy::control;
use super::{Stroke, is_alt_gr, modifier_bits, printable};

const SHIFT: u8 = 1;
const ALT: u8 = 2;
const CONTROL: u8 = 4;

/// What `stroke` sends, if it is one of those keys. Level 1 spares all that send something telling already, level 2 only
/// text and Shift with it.
pub(super) fn encode(stroke: Stroke<'_>, modes: Modes) -> Option<Vec<u8>> {
    let (bits, level) = (modifier_bits(stroke.modifiers), modes.modify_other_keys);
    if level == 0 || bits == 0 || is_alt_gr(stroke) || stroke.modifiers.logo() {
        return None;
    }
    let code = match stroke.key {
        Key::Named(named) => special(*named, bits, level)?,
        Key::Character(own) if is_modified(stroke, bits, level) => u32::from(shown(stroke, own)?),
        Key::Character(_) | Key::Unidentified => return None,
    };
    let text = match modes.format_other_keys {
        1 => format!("\x1b[{code};{}u", bits + 1),
        _ => format!("\x1b[27;{};{code}~", bits + 1),
    };
    Some(text.into_bytes())
}

/// Keys that have a control character.
fn special(named: Named, bits: u8, level: u8) -> Option<u32> {
    let (code, modified) = match named {
        // Shift and Tab are `CSI Z` at every level.
        Named::Tab if level == 1 => (9, bits & CONTROL != 0),
        Named::Tab => (9, bits != SHIFT),
        // Alt puts an ESC in front, which tells enough at level 1.
        Named::Enter => (13, level > 1 || bits & !ALT != 0),
        Named::Escape => (27, level > 1 || bits & !ALT != 0),
        Named::Backspace => (127, level > 1),
        Named::Space => (32, level > 1),
        _ => return None,
    };
    modified.then_some(code)
}

/// Whether a key that writes is sent as a sequence.
fn is_modified(stroke: Stroke<'_>, bits: u8, level: u8) -> bool {
    let no_control = bits & CONTROL != 0 && control(stroke).is_none();
    no_control || (level > 1 && bits & (CONTROL | ALT) != 0)
}

/// The character of the key, with Shift applied.
fn shown(stroke: Stroke<'_>, own: &str) -> Option<char> {
    let text = printable(stroke).and_then(|text| text.chars().next());
    let own = own.chars().next()?;
    if stroke.modifiers.shift() { text.or_else(|| own.to_uppercase().next()) } else { Some(own) }
}
