//! From a key event to the chords that it may mean.

use iced::keyboard::key::{self, Named as Pressed};
use iced::keyboard::{Event, Modifiers as Held};

use crate::store::keys::{Chord, Key, Modifiers, Named};

/// The chords that a key press may mean, the likelier first: the key as it is printed with all modifiers; and, where
/// Shift makes another sign of it, that sign without Shift. A plus needs Shift on one keyboard and not on the next, so
/// it counts without Shift on all.
pub(super) fn chords(event: &Event) -> [Option<Chord>; 2] {
    let Event::KeyPressed { key, modified_key, physical_key, modifiers, .. } = event else { return [None, None] };
    let held = held(*modifiers);
    match key {
        key::Key::Named(named) => [self::named(*named).map(|key| Chord::new(held, key)), None],
        key::Key::Character(_) => {
            let printed = key.to_latin(*physical_key).and_then(lower);
            let plain = printed.map(|printed| Chord::new(held, self::character(printed)));
            let sign = match modified_key {
                key::Key::Character(text) if held.shift => {
                    let sign = text.chars().next().filter(|sign| !sign.is_alphabetic());
                    sign.filter(|sign| Some(*sign) != printed || *sign == '+')
                }
                _ => None,
            };
            let sign = sign.map(|sign| Chord::new(Modifiers { shift: false, ..held }, Key::Character(sign)));
            [plain, sign]
        }
        key::Key::Unidentified => [None, None],
    }
}

fn lower(character: char) -> Option<char> {
    character.to_lowercase().next()
}

/// A blank is a character to some keyboards and a key to others.
fn character(printed: char) -> Key {
    if printed == ' ' { Key::Named(Named::Space) } else { Key::Character(printed) }
}

fn held(modifiers: Held) -> Modifiers {
    Modifiers { control: modifiers.control(), alt: modifiers.alt(), shift: modifiers.shift(), logo: modifiers.logo() }
}

fn named(key: Pressed) -> Option<Key> {
    let named = match key {
        Pressed::Backspace => Named::Backspace,
        Pressed::Copy => Named::Copy,
        Pressed::Delete => Named::Delete,
        Pressed::ArrowDown => Named::Down,
        Pressed::End => Named::End,
        Pressed::Enter => Named::Enter,
        Pressed::Escape => Named::Escape,
        Pressed::Home => Named::Home,
        Pressed::Insert => Named::Insert,
        Pressed::ArrowLeft => Named::Left,
        Pressed::ContextMenu => Named::Menu,
        Pressed::PageDown => Named::PageDown,
        Pressed::PageUp => Named::PageUp,
        Pressed::Paste => Named::Paste,
        Pressed::ArrowRight => Named::Right,
        Pressed::Space => Named::Space,
        Pressed::Tab => Named::Tab,
        Pressed::ArrowUp => Named::Up,
        other => return function(other),
    };
    Some(Key::Named(named))
}

fn function(key: Pressed) -> Option<Key> {
    const KEYS: [Pressed; 35] = [
        Pressed::F1,
        Pressed::F2,
        Pressed::F3,
        Pressed::F4,
        Pressed::F5,
        Pressed::F6,
        Pressed::F7,
        Pressed::F8,
        Pressed::F9,
        Pressed::F10,
        Pressed::F11,
        Pressed::F12,
        Pressed::F13,
        Pressed::F14,
        Pressed::F15,
        Pressed::F16,
        Pressed::F17,
        Pressed::F18,
        Pressed::F19,
        Pressed::F20,
        Pressed::F21,
        Pressed::F22,
        Pressed::F23,
        Pressed::F24,
        Pressed::F25,
        Pressed::F26,
        Pressed::F27,
        Pressed::F28,
        Pressed::F29,
        Pressed::F30,
        Pressed::F31,
        Pressed::F32,
        Pressed::F33,
        Pressed::F34,
        Pressed::F35,
    ];
    (1..).zip(KEYS).find(|(_, other)| *other == key).map(|(number, _)| Key::Function(number))
}
