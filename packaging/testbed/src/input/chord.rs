//! A key with modifiers, as a person writes it: `ctrl+shift+t`.

use std::str::FromStr;

/// `Shift_L`. Keysyms are X11's (`keysymdef.h`).
pub(super) const SHIFT: u32 = 0xffe1;
/// `Control_L`.
pub(super) const CONTROL: u32 = 0xffe3;

/// What the modifiers and the keys without a character are called, in lower case.
const NAMED: &[(&str, u32)] = &[
    ("shift", SHIFT),
    ("ctrl", CONTROL),
    ("alt", 0xffe9),
    ("super", 0xffeb),
    ("altgr", 0xfe03),
    ("return", 0xff0d),
    ("enter", 0xff0d),
    ("tab", 0xff09),
    ("escape", 0xff1b),
    ("esc", 0xff1b),
    ("space", 0x20),
    ("backspace", 0xff08),
    ("delete", 0xffff),
    ("insert", 0xff63),
    ("home", 0xff50),
    ("end", 0xff57),
    ("pageup", 0xff55),
    ("pagedown", 0xff56),
    ("left", 0xff51),
    ("up", 0xff52),
    ("right", 0xff53),
    ("down", 0xff54),
    ("menu", 0xff67),
];

/// A chord that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{key}' in the chord '{chord}' is neither a character nor the name of a key")]
pub struct Unknown {
    key: String,
    chord: String,
}

/// Keys pressed together: modifiers, joined by `+`, then one key, named (`Return`, `PageUp`, `F5`) or a character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chord {
    /// Keysyms of the modifiers, in the order in which they go down.
    pub(super) modifiers: Vec<u32>,
    /// The keysym of the key.
    pub(super) keysym: u32,
}

impl From<char> for Chord {
    fn from(character: char) -> Self {
        Self { modifiers: Vec::new(), keysym: keysym(character) }
    }
}

impl FromStr for Chord {
    type Err = Unknown;

    fn from_str(chord: &str) -> Result<Self, Unknown> {
        // The last key may be the plus sign itself.
        let (modifiers, key) = match chord.strip_suffix('+') {
            Some(rest) => (rest.strip_suffix('+').unwrap_or(rest), "+"),
            None => chord.rsplit_once('+').unwrap_or(("", chord)),
        };
        let read = |name: &str| named(name).ok_or_else(|| Unknown { key: name.to_owned(), chord: chord.to_owned() });
        let modifiers = modifiers.split('+').filter(|name| !name.is_empty()).map(read).collect::<Result<_, _>>()?;
        Ok(Self { modifiers, keysym: read(key)? })
    }
}

/// The keysym of a named key or of a single character.
fn named(name: &str) -> Option<u32> {
    let mut characters = name.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        return Some(keysym(character));
    }
    let lower = name.to_ascii_lowercase();
    let function = lower.strip_prefix('f').and_then(|number| number.parse().ok()).filter(|n| (1..=35).contains(n));
    function
        .map(|number: u32| 0xffbe + number - 1)
        .or_else(|| NAMED.iter().find(|(name, _)| *name == lower).map(|(_, keysym)| *keysym))
}

/// The keysym of a character: Latin-1 as it is, the rest in X11's Unicode range.
fn keysym(character: char) -> u32 {
    match (character, u32::from(character)) {
        ('\n' | '\r', _) => 0xff0d,
        ('\t', _) => 0xff09,
        (_, code @ (0x20..=0x7e | 0xa0..=0xff)) => code,
        (_, code) => 0x0100_0000 | code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_as_people_write_them() {
        let cases: &[(&str, &[u32], u32)] = &[
            ("a", &[], 0x61),
            ("Return", &[], 0xff0d),
            ("ctrl+shift+t", &[0xffe3, SHIFT], 0x74),
            ("ctrl++", &[0xffe3], 0x2b),
            ("+", &[], 0x2b),
            ("alt+F4", &[0xffe9], 0xffc1),
            ("f", &[], 0x66),
            ("ctrl+PageDown", &[0xffe3], 0xff56),
            ("€", &[], 0x0100_20ac),
        ];
        for (text, modifiers, keysym) in cases {
            let chord: Chord = text.parse().unwrap();
            assert_eq!((chord.modifiers.as_slice(), chord.keysym), (*modifiers, *keysym), "{text}");
        }
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = "ctrl+hyper".parse::<Chord>().unwrap_err();
        assert_eq!(error.to_string(), "'hyper' in the chord 'ctrl+hyper' is neither a character nor the name of a key");
        assert!("F36".parse::<Chord>().is_err());
    }

    #[test]
    fn a_line_end_is_the_return_key() {
        assert_eq!(Chord::from('\n').keysym, 0xff0d);
    }
}
