//! What a key press sends (ctlseqs, "PC-Style Function Keys"; terminfo's `xterm-256color`).
//!
//! Three facts about the events decide the shape of this. `key` is what the key means without modifiers, `text` what it
//! writes with all of them, so that Ctrl+C carries `"\x03"` and AltGr+Q `"@"`. Alt does not put an ESC in front. And a
//! key of the keypad is named for its cursor function even when NumLock makes it write a digit.

mod kitty;
mod legacy;
mod other;

use iced::keyboard::key::{Code, Named, Physical};
use iced::keyboard::{Key, Location, Modifiers};
use term::terminal::Modes;

/// What happened to the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// It went down.
    #[default]
    Press,
    /// It is held down.
    Repeat,
    /// It went up; sent only if the kitty protocol's event types are on.
    Release,
}

/// A key event, as far as its encoding depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Stroke<'a> {
    /// The key without modifiers.
    pub key: &'a Key,
    /// Where it is on the board.
    pub physical: Physical,
    /// Which of several keys with one meaning.
    pub location: Location,
    /// The modifiers held.
    pub modifiers: Modifiers,
    /// What it writes with all modifiers applied.
    pub text: Option<&'a str>,
    /// What happened to it.
    pub kind: Kind,
}

/// The bytes that pressing a key sends; `None` if it sends none (a modifier, a key without a meaning here).
#[must_use]
pub fn encode(
    key: &Key,
    physical: Physical,
    location: Location,
    modifiers: Modifiers,
    text: Option<&str>,
    modes: Modes,
) -> Option<Vec<u8>> {
    encode_stroke(Stroke { key, physical, location, modifiers, text, kind: Kind::Press }, modes)
}

/// The bytes that `stroke` sends; `None` if it sends none.
#[must_use]
pub fn encode_stroke(stroke: Stroke<'_>, modes: Modes) -> Option<Vec<u8>> {
    if modes.kitty_keyboard != 0 {
        return kitty::encode(stroke, modes);
    }
    (stroke.kind != Kind::Release).then(|| legacy::encode(stroke, modes)).flatten()
}

/// Whether NumLock is on, learned from what the keypad writes: no key event tells it.
///
/// xterm ignores the keypad's application mode while NumLock is on, for else the keypad would be dead in each program
/// that sets the mode (zsh does) and expects digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumLock {
    on: bool,
}

impl Default for NumLock {
    /// On, as on nearly every desktop.
    fn default() -> Self {
        Self { on: true }
    }
}

impl NumLock {
    /// Learns from `stroke` and returns the modes it is to be encoded with.
    pub fn observe(&mut self, stroke: Stroke<'_>, modes: Modes) -> Modes {
        let cursor_key = matches!(
            stroke.physical,
            Physical::Code(
                Code::Numpad0
                    | Code::Numpad1
                    | Code::Numpad2
                    | Code::Numpad3
                    | Code::Numpad4
                    | Code::Numpad5
                    | Code::Numpad6
                    | Code::Numpad7
                    | Code::Numpad8
                    | Code::Numpad9
                    | Code::NumpadDecimal
            )
        );
        if cursor_key && stroke.kind != Kind::Release && !stroke.modifiers.control() {
            // Shift turns NumLock's effect around. Delete writes DEL, which is no digit.
            self.on = printable(stroke).is_some() != stroke.modifiers.shift();
        }
        Modes { application_keypad: modes.application_keypad && !self.on, ..modes }
    }
}

/// The text of `stroke` if it is text, not a control character.
fn printable(stroke: Stroke<'_>) -> Option<&str> {
    stroke.text.filter(|text| !text.is_empty() && !text.chars().any(char::is_control))
}

/// Whether Ctrl and Alt are only how AltGr reports itself (on Windows): the key writes another character than its own.
fn is_alt_gr(stroke: Stroke<'_>) -> bool {
    let own = match stroke.key {
        Key::Character(own) => own.as_str(),
        _ => return false,
    };
    stroke.modifiers.control()
        && stroke.modifiers.alt()
        && printable(stroke).is_some_and(|text| text != own && !text.eq_ignore_ascii_case(own))
}

/// The number of a function key, from 1.
fn function_number(named: Named) -> Option<u8> {
    const KEYS: [Named; 35] = [
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
        Named::F13,
        Named::F14,
        Named::F15,
        Named::F16,
        Named::F17,
        Named::F18,
        Named::F19,
        Named::F20,
        Named::F21,
        Named::F22,
        Named::F23,
        Named::F24,
        Named::F25,
        Named::F26,
        Named::F27,
        Named::F28,
        Named::F29,
        Named::F30,
        Named::F31,
        Named::F32,
        Named::F33,
        Named::F34,
        Named::F35,
    ];
    let index = KEYS.iter().position(|key| *key == named)?;
    u8::try_from(index + 1).ok()
}

/// The bits of the modifiers as xterm and kitty count them, without the 1 that is added to them.
fn modifier_bits(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.shift()) + 2 * u8::from(modifiers.alt()) + 4 * u8::from(modifiers.control())
}

#[cfg(test)]
mod tests;
