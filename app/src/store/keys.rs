//! Chords: a key with the modifiers that are held, as `settings.toml` and the window spell them.
//!
//! `Ctrl+Shift+T`, `Alt+1`, `Ctrl++`, `F11`. Letters mean the key that prints them, whatever Shift makes of it; a sign
//! that needs Shift to be typed is written without it.

use std::fmt;
use std::str::FromStr;

/// What stands in `settings.toml` for no chord at all.
pub const NONE: &str = "none";

/// The modifiers of a chord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Modifiers {
    /// Ctrl.
    pub control: bool,
    /// Alt, or Option.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
    /// Command on macOS, the key with the window elsewhere.
    pub logo: bool,
}

impl Modifiers {
    /// Whether none is held, or only Shift: then the key types.
    #[must_use]
    pub fn types(self) -> bool {
        !self.control && !self.alt && !self.logo
    }
}

/// The key of a chord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// One that prints this, in lower case.
    Character(char),
    /// One that prints nothing.
    Named(Named),
    /// A function key, F1 to F35.
    Function(u8),
}

/// A key with the modifiers that are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    /// The modifiers.
    pub modifiers: Modifiers,
    /// The key.
    pub key: Key,
}

/// Why a text is no chord.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such key.
    #[error("'{0}' names no key: write a chord as \"Ctrl+Shift+T\", \"Alt+1\" or \"F11\", or \"{NONE}\"")]
    UnknownKey(String),
}

/// Declares the keys that print nothing: the variant, its name and another spelling of it.
macro_rules! named {
    ($($name:ident $text:literal $other:literal,)*) => {
        /// A key that prints nothing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Named {
            $(#[doc = concat!("`", $text, "`.")] $name,)*
        }

        /// Each key with its name and another spelling of it.
        const NAMED: &[(Named, &str, &str)] = &[$((Named::$name, $text, $other)),*];
    };
}

named! {
    Backspace "Backspace" "Back",
    Copy "Copy" "CopyKey",
    Delete "Delete" "Del",
    Down "Down" "ArrowDown",
    End "End" "EndKey",
    Enter "Enter" "Return",
    Escape "Esc" "Escape",
    Home "Home" "HomeKey",
    Insert "Insert" "Ins",
    Left "Left" "ArrowLeft",
    Menu "Menu" "ContextMenu",
    PageDown "PageDown" "PgDn",
    PageUp "PageUp" "PgUp",
    Paste "Paste" "PasteKey",
    Right "Right" "ArrowRight",
    Space "Space" "Spacebar",
    Tab "Tab" "TabKey",
    Up "Up" "ArrowUp",
}

impl Chord {
    /// A key with these modifiers.
    #[must_use]
    pub fn new(modifiers: Modifiers, key: Key) -> Self {
        Self { modifiers, key }
    }

    /// Reads `Ctrl+Shift+T`. Upper and lower case are the same.
    ///
    /// # Errors
    /// [`Error::UnknownKey`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let unknown = || Error::UnknownKey(text.to_owned());
        let trimmed = text.trim();
        // The last part is the key, which may be the plus itself.
        let (modifiers, key) = match trimmed.strip_suffix("++") {
            Some(modifiers) => (Some(modifiers), "+"),
            None => trimmed.rsplit_once('+').map_or((None, trimmed), |(modifiers, key)| (Some(modifiers), key)),
        };
        let (modifiers, key) = if trimmed == "+" { (None, "+") } else { (modifiers, key) };
        let mut held = Modifiers::default();
        for name in modifiers.into_iter().flat_map(|modifiers| modifiers.split('+')) {
            let place = modifier(&mut held, name.trim()).ok_or_else(unknown)?;
            *place = true;
        }
        Ok(Self { modifiers: held, key: parse_key(key.trim()).ok_or_else(unknown)? })
    }

    /// Why no command may have this chord: the shell needs it. `None` for one that a command may have.
    #[must_use]
    pub fn is_the_shells(self) -> Option<&'static str> {
        let Modifiers { control, alt, logo, .. } = self.modifiers;
        let bare_control = control && !alt && !logo && !self.modifiers.shift;
        match self.key {
            Key::Character(character) if bare_control && is_control(character) => {
                Some("it belongs to the shell; add Shift or Alt")
            }
            Key::Named(Named::Space) if bare_control => Some("it belongs to the shell; add Shift or Alt"),
            Key::Character(_) if self.modifiers.types() => Some("it types text; add Ctrl+Shift or Alt"),
            Key::Named(named) if self.modifiers == Modifiers::default() && !named.is_spare() => {
                Some("the shell needs this key; add Ctrl, Alt or Shift")
            }
            Key::Named(Named::Space | Named::Enter | Named::Tab | Named::Backspace) if self.modifiers.types() => {
                Some("the shell needs this key; add Ctrl or Alt")
            }
            _ => None,
        }
    }

    /// What programs in a terminal lose by this chord, for a warning; `None` where hardly any uses it.
    #[must_use]
    pub fn costs(self) -> Option<&'static str> {
        let Modifiers { control, alt, shift, logo } = self.modifiers;
        match self.key {
            Key::Character(character) if alt && !control && !logo && !character.is_ascii_digit() => {
                Some("Shells and editors use Alt with a letter or sign; they will not get this one.")
            }
            Key::Character(_) if control && !alt && !logo && !shift => {
                Some("Some programs use Ctrl with a digit or sign; they will not get this one.")
            }
            Key::Function(1..=12) if self.modifiers == Modifiers::default() && self.key != Key::Function(11) => {
                Some("Programs such as htop and Midnight Commander use function keys; they will not get this one.")
            }
            _ => None,
        }
    }
}

impl Named {
    /// Whether no program in a terminal misses it.
    fn is_spare(self) -> bool {
        matches!(self, Self::Copy | Self::Paste | Self::Menu)
    }
}

/// Whether Ctrl makes a control character of it (ECMA-48, C0): what a terminal's line discipline and editors live on.
fn is_control(character: char) -> bool {
    character.is_ascii_alphabetic() || matches!(character, '@' | '[' | '\\' | ']' | '^' | '_' | '/' | '?')
}

fn modifier<'a>(held: &'a mut Modifiers, name: &str) -> Option<&'a mut bool> {
    match name.to_ascii_lowercase().as_str() {
        "ctrl" | "control" => Some(&mut held.control),
        "alt" | "option" | "meta" => Some(&mut held.alt),
        "shift" => Some(&mut held.shift),
        "cmd" | "command" | "super" | "logo" | "win" => Some(&mut held.logo),
        _ => None,
    }
}

fn parse_key(text: &str) -> Option<Key> {
    let mut characters = text.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        let lower = character.to_lowercase().next().unwrap_or(character);
        return (!character.is_control() && !character.is_whitespace()).then_some(Key::Character(lower));
    }
    let same = |name: &str| name.eq_ignore_ascii_case(text);
    if let Some((named, ..)) = NAMED.iter().find(|(_, name, other)| same(name) || same(other)) {
        return Some(Key::Named(*named));
    }
    let number = text.strip_prefix(['f', 'F'])?.parse().ok()?;
    (1..=35).contains(&number).then_some(Key::Function(number))
}

impl FromStr for Chord {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Modifiers { control, alt, shift, logo } = self.modifiers;
        let logo_name = if cfg!(target_os = "macos") { "Cmd" } else { "Super" };
        for (held, name) in [(control, "Ctrl"), (alt, "Alt"), (shift, "Shift"), (logo, logo_name)] {
            if held {
                write!(f, "{name}+")?;
            }
        }
        match self.key {
            Key::Character(character) => write!(f, "{}", character.to_uppercase()),
            Key::Function(number) => write!(f, "F{number}"),
            Key::Named(named) => {
                let name = NAMED.iter().find(|(other, ..)| *other == named).map_or("", |(_, name, _)| name);
                f.write_str(name)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_however_they_are_spelt_and_printed_in_one_way() {
        let table = [
            ("ctrl+shift+t", "Ctrl+Shift+T"),
            ("Shift + Control + T", "Ctrl+Shift+T"),
            ("Alt+1", "Alt+1"),
            ("Ctrl++", "Ctrl++"),
            ("Ctrl+-", "Ctrl+-"),
            ("+", "+"),
            ("F11", "F11"),
            ("ctrl+pgup", "Ctrl+PageUp"),
            ("Shift+Ins", "Shift+Insert"),
            ("Ctrl+,", "Ctrl+,"),
            ("Alt+ö", "Alt+Ö"),
            ("Ctrl+Return", "Ctrl+Enter"),
            ("escape", "Esc"),
        ];
        for (written, printed) in table {
            let chord = Chord::parse(written).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(chord.to_string(), printed);
            assert_eq!(Chord::parse(printed), Ok(chord));
        }
    }

    #[test]
    fn what_is_no_chord_is_refused() {
        for text in
            ["", "Ctrl+", "Ctrl", "Hyper+T", "Ctrl+Foo", "F0", "F36", "Ctrl+Shift+ ", "Ctrl T", "+ +x", "Ctrl+++"]
        {
            assert_eq!(Chord::parse(text), Err(Error::UnknownKey(text.to_owned())));
        }
    }

    #[test]
    fn the_shell_keeps_its_keys() {
        let mut kept: Vec<_> = ('a'..='z').map(|letter| format!("Ctrl+{letter}")).collect();
        kept.extend(["a", "Shift+a", "1", "Space", "Enter", "Shift+Enter", "Tab", "Up", "Home", "Esc"].map(Into::into));
        kept.extend(["Ctrl+[", "Ctrl+Space", "Ctrl+\\", "Ctrl+_", "Backspace", "Delete"].map(Into::into));
        for text in kept {
            let chord = Chord::parse(&text).unwrap();
            assert!(chord.is_the_shells().is_some(), "{chord}");
        }
        for text in ["Ctrl+Shift+A", "Alt+A", "Super+A", "Ctrl+,", "F5", "Ctrl+Tab", "Shift+PageUp", "Ctrl+0", "Copy"] {
            let chord = Chord::parse(text).unwrap();
            assert_eq!(chord.is_the_shells(), None, "{chord}");
        }
        let costs = |text| Chord::parse(text).unwrap().costs().is_some();
        assert!(costs("Alt+B") && costs("F5") && costs("Ctrl+2") && !costs("Ctrl+Shift+B") && !costs("Alt+1"));
    }
}
