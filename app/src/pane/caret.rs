//! Selecting with the keyboard: what its keys mean, and what the pane says of them.

use iced::Element;
use iced::keyboard::{Event, Modifiers, key, key::Named};
use term::terminal::SelectionKind;
use term::terminal::selection::caret::Movement;

use super::Message;
use super::link_keys::note;

/// What a key means while the keyboard selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The caret moves; with `true` it selects what it moves over.
    Move(Movement, bool),
    /// A selection of this kind begins, or ends.
    Anchor(SelectionKind),
    /// What is selected is copied, and the keyboard is the shell's again.
    Copy,
    /// The keyboard is the shell's again.
    Leave,
    /// Nothing; the shell does not get it either.
    Nothing,
}

/// What a key means; `None` for one that is the window's.
#[must_use]
pub fn key(event: &Event) -> Option<Key> {
    let Event::KeyPressed { key, physical_key, modifiers, .. } = event else {
        // Releases of keys that the shell never heard of are not its business.
        return matches!(event, Event::KeyReleased { .. }).then_some(Key::Nothing);
    };
    match key {
        key::Key::Named(named) => of_named(*named, *modifiers),
        key::Key::Character(_) => of_character(key.to_latin(*physical_key)?, *modifiers),
        key::Key::Unidentified => None,
    }
}

fn of_named(named: Named, modifiers: Modifiers) -> Option<Key> {
    let extend = modifiers.shift();
    let by_words = modifiers.control();
    if (modifiers - Modifiers::SHIFT - Modifiers::CTRL) != Modifiers::empty() {
        return None;
    }
    let movement = match (named, by_words) {
        (Named::Escape, false) => return Some(Key::Leave),
        (Named::Enter, false) => return Some(Key::Copy),
        (Named::ArrowLeft, false) => Movement::Left,
        (Named::ArrowRight, false) => Movement::Right,
        (Named::ArrowLeft, true) => Movement::WordLeft,
        (Named::ArrowRight, true) => Movement::WordRight,
        (Named::ArrowUp, false) => Movement::Up,
        (Named::ArrowDown, false) => Movement::Down,
        (Named::PageUp, false) => Movement::PageUp,
        (Named::PageDown, false) => Movement::PageDown,
        (Named::Home, false) => Movement::LineStart,
        (Named::End, false) => Movement::LineEnd,
        (Named::Home, true) => Movement::Top,
        (Named::End, true) => Movement::Bottom,
        (Named::Control | Named::Shift | Named::Alt | Named::Super, _) => return Some(Key::Nothing),
        (_, true) => return None,
        (named, false) => return is_typed(named).then_some(Key::Nothing),
    };
    Some(Key::Move(movement, extend))
}

/// Keys that would be the shell's.
fn is_typed(named: Named) -> bool {
    matches!(named, Named::Space | Named::Tab | Named::Backspace | Named::Delete | Named::Insert)
}

/// As in vi.
fn of_character(printed: char, modifiers: Modifiers) -> Option<Key> {
    let shift = modifiers.shift();
    match (printed.to_ascii_lowercase(), modifiers - Modifiers::SHIFT) {
        ('v', Modifiers::CTRL) if !shift => Some(Key::Anchor(SelectionKind::Block)),
        (_, rest) if !rest.is_empty() => None,
        ('v', _) => Some(Key::Anchor(if shift { SelectionKind::Lines } else { SelectionKind::Simple })),
        ('y', _) => Some(Key::Copy),
        ('h', _) => Some(Key::Move(Movement::Left, shift)),
        ('j', _) => Some(Key::Move(Movement::Down, shift)),
        ('k', _) => Some(Key::Move(Movement::Up, shift)),
        ('l', _) => Some(Key::Move(Movement::Right, shift)),
        ('b', _) => Some(Key::Move(Movement::WordLeft, shift)),
        ('w' | 'e', _) => Some(Key::Move(Movement::WordRight, shift)),
        _ => Some(Key::Nothing),
    }
}

/// What the keys do, at the lower edge of the pane.
pub(super) fn hint<'a>() -> Element<'a, Message> {
    let keys =
        "Arrows move (Ctrl: by words) · Shift selects · v, V, Ctrl+V: text, lines, block · Enter copies · Esc leaves";
    note(keys)
}

#[cfg(test)]
mod tests {
    use iced::keyboard::Location;
    use iced::keyboard::key::{Code, Physical};

    use super::*;

    fn press(key: key::Key, modifiers: Modifiers) -> Option<Key> {
        super::key(&Event::KeyPressed {
            modified_key: key.clone(),
            key,
            physical_key: Physical::Code(Code::F35),
            location: Location::Standard,
            modifiers,
            text: None,
            repeat: false,
        })
    }

    #[test]
    fn keys_move_select_copy_and_leave_and_the_shell_gets_none() {
        let both = Modifiers::CTRL | Modifiers::SHIFT;
        let named = |key, modifiers| press(key::Key::Named(key), modifiers);
        let typed = |text: &str, modifiers| press(key::Key::Character(text.into()), modifiers);
        let none = Modifiers::empty();
        assert_eq!(named(Named::ArrowLeft, none), Some(Key::Move(Movement::Left, false)));
        assert_eq!(named(Named::ArrowLeft, both), Some(Key::Move(Movement::WordLeft, true)));
        assert_eq!(named(Named::End, Modifiers::SHIFT), Some(Key::Move(Movement::LineEnd, true)));
        assert_eq!(named(Named::Home, Modifiers::CTRL), Some(Key::Move(Movement::Top, false)));
        assert_eq!(named(Named::Enter, none), Some(Key::Copy));
        assert_eq!(named(Named::Escape, none), Some(Key::Leave));
        assert_eq!(typed("v", none), Some(Key::Anchor(SelectionKind::Simple)));
        assert_eq!(typed("v", Modifiers::SHIFT), Some(Key::Anchor(SelectionKind::Lines)));
        assert_eq!(typed("v", Modifiers::CTRL), Some(Key::Anchor(SelectionKind::Block)));
        assert_eq!(typed("x", none), Some(Key::Nothing));
        assert_eq!(named(Named::Space, none), Some(Key::Nothing));
        // The window keeps its own.
        assert_eq!(typed("c", both), None);
        assert_eq!(named(Named::Tab, Modifiers::CTRL), None);
        assert_eq!(named(Named::F11, none), None);
    }
}
