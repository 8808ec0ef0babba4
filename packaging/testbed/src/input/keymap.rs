//! Which key of the server's keyboard carries which keysym.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::ConnectionExt as _;
use x11rb::wrapper::ConnectionExt as _;

use super::Error;
use crate::desktop::Desktop;

/// A key that carries a keysym.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// Its code.
    pub(super) code: u8,
    /// Whether Shift must be held for the keysym.
    pub(super) shifted: bool,
}

/// The keyboard's mapping, with spare keys for keysyms that it lacks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Keymap {
    first: u8,
    per_key: usize,
    keysyms: Vec<u32>,
    /// Keys that carried nothing before this keymap gave them a keysym.
    borrowed: Vec<u8>,
}

impl Keymap {
    pub(super) fn read(desktop: &Desktop) -> Result<Self, Error> {
        let (first, last) = {
            let setup = desktop.connection().setup();
            (setup.min_keycode, setup.max_keycode)
        };
        let reply = desktop.connection().get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let per_key = usize::from(reply.keysyms_per_keycode).max(1);
        Ok(Self { first, per_key, keysyms: reply.keysyms, borrowed: Vec::new() })
    }

    /// The key that carries `keysym`; a spare one is given it where there is none. Each keysym gets a spare key of its
    /// own, because a program reads a changed mapping only when it comes to the notice of the change.
    pub(super) fn key(&mut self, desktop: &Desktop, keysym: u32) -> Result<Key, Error> {
        if let Some(key) = self.find(keysym) {
            return Ok(key);
        }
        let code = self.borrow(keysym).ok_or(Error::NoKey(keysym))?;
        change(desktop, code, keysym)?;
        Ok(Key { code, shifted: false })
    }

    /// Takes the keysyms off the spare keys again.
    pub(super) fn restore(&mut self, desktop: &Desktop) -> Result<(), Error> {
        self.borrowed.drain(..).try_for_each(|code| change(desktop, code, 0))
    }

    /// The first two columns are the first group without and with Shift; other groups and levels need a layout switch
    /// or AltGr, for which a spare key stands in.
    fn find(&self, keysym: u32) -> Option<Key> {
        let with = |column: usize, shifted: bool| {
            let index = self.keysyms.chunks(self.per_key).position(|key| key.get(column) == Some(&keysym))?;
            Some(Key { code: self.code(index)?, shifted })
        };
        with(0, false).or_else(|| with(1, true))
    }

    /// Notes `keysym` on the last key that carries nothing: laptops have their extra keys at the front.
    fn borrow(&mut self, keysym: u32) -> Option<u8> {
        let index = self.keysyms.chunks(self.per_key).rposition(|key| key.iter().all(|symbol| *symbol == 0))?;
        let code = self.code(index)?;
        *self.keysyms.get_mut(index * self.per_key)? = keysym;
        self.borrowed.push(code);
        Some(code)
    }

    fn code(&self, index: usize) -> Option<u8> {
        self.first.checked_add(u8::try_from(index).ok()?)
    }
}

/// Puts `keysym` on both levels of a key, so that neither Shift nor Caps Lock changes it.
fn change(desktop: &Desktop, code: u8, keysym: u32) -> Result<(), Error> {
    desktop.connection().change_keyboard_mapping(1, code, 2, &[keysym, keysym])?.check()?;
    Ok(desktop.connection().sync()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keymap() -> Keymap {
        Keymap { first: 8, per_key: 2, keysyms: vec![0x61, 0x41, 0, 0, 0x31, 0x21, 0, 0], borrowed: Vec::new() }
    }

    #[test]
    fn a_keysym_is_found_with_the_level_it_is_on() {
        assert_eq!(keymap().find(0x31), Some(Key { code: 10, shifted: false }));
        assert_eq!(keymap().find(0x41), Some(Key { code: 8, shifted: true }));
        assert_eq!(keymap().find(0xe9), None);
    }

    #[test]
    fn each_missing_keysym_gets_a_spare_key_of_its_own_until_none_is_left() {
        let mut keymap = keymap();
        assert_eq!(keymap.borrow(0xe9), Some(11));
        assert_eq!(keymap.borrow(0xe8), Some(9));
        assert_eq!(keymap.borrow(0xe7), None);
        assert_eq!(keymap.find(0xe9), Some(Key { code: 11, shifted: false }));
        assert_eq!(keymap.borrowed, [11, 9]);
    }
}
