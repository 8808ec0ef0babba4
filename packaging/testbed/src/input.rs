//! Keys and pointer events made through the XTEST extension: to the programs they are a user's.

mod chord;
mod keymap;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::wrapper::ConnectionExt as _;

pub use chord::{Chord, Unknown};

use crate::desktop::{self, Desktop};
use keymap::Keymap;

/// Why an event cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server did not take it.
    #[error(transparent)]
    Desktop(#[from] desktop::Error),
    /// A chord that cannot be read.
    #[error(transparent)]
    Chord(#[from] Unknown),
    /// The keyboard has no key for a keysym and none is free to carry it.
    #[error("no key carries the keysym {0:#x} and no spare key is left to put it on")]
    NoKey(u32),
}

impl From<x11rb::errors::ConnectionError> for Error {
    fn from(error: x11rb::errors::ConnectionError) -> Self {
        Self::Desktop(error.into())
    }
}

impl From<x11rb::errors::ReplyError> for Error {
    fn from(error: x11rb::errors::ReplyError) -> Self {
        Self::Desktop(error.into())
    }
}

/// A button of the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// The left one.
    Left,
    /// The middle one, which pastes the PRIMARY selection.
    Middle,
    /// The right one.
    Right,
    /// A step of the wheel away from the user.
    WheelUp,
    /// A step of the wheel towards the user.
    WheelDown,
}

impl Button {
    /// The number that the core protocol gives it.
    fn number(self) -> u8 {
        match self {
            Self::Left => 1,
            Self::Middle => 2,
            Self::Right => 3,
            Self::WheelUp => 4,
            Self::WheelDown => 5,
        }
    }
}

/// A keyboard and a pointer on a [`Desktop`].
#[derive(Debug)]
pub struct Input {
    desktop: Desktop,
    keymap: Keymap,
}

impl Input {
    /// Takes the keyboard and the pointer of `desktop`.
    ///
    /// # Errors
    /// [`Error::Desktop`] when the server has no XTEST extension.
    pub fn new(desktop: &Desktop) -> Result<Self, Error> {
        let _version = desktop.connection().xtest_get_version(2, 2)?.reply()?;
        Ok(Self { keymap: Keymap::read(desktop)?, desktop: desktop.clone() })
    }

    /// Types `text`, a key per character; `'\n'` is Return and `'\t'` is Tab.
    ///
    /// # Errors
    /// [`Error::NoKey`] for a character that no key can carry.
    pub fn type_text(&mut self, text: &str) -> Result<(), Error> {
        for character in text.chars() {
            self.press(&Chord::from(character))?;
        }
        Ok(())
    }

    /// Presses a chord such as `ctrl+shift+t`, `Return`, `alt+1` or `F11`, and lets go of it. See [`Chord`].
    ///
    /// # Errors
    /// [`Error::Chord`] when it cannot be read, [`Error::NoKey`] when no key can carry it.
    pub fn chord(&mut self, chord: &str) -> Result<(), Error> {
        self.press(&chord.parse()?)
    }

    fn press(&mut self, chord: &Chord) -> Result<(), Error> {
        let target = self.keymap.key(&self.desktop, chord.keysym)?;
        let mut held: Vec<u8> = Vec::new();
        for modifier in &chord.modifiers {
            held.push(self.keymap.key(&self.desktop, *modifier)?.code);
        }
        let shift = self.keymap.key(&self.desktop, chord::SHIFT)?.code;
        if target.shifted && !held.contains(&shift) {
            held.push(shift);
        }
        held.push(target.code);
        for code in &held {
            self.event(KEY_PRESS_EVENT, *code, 0, 0)?;
        }
        for code in held.iter().rev() {
            self.event(KEY_RELEASE_EVENT, *code, 0, 0)?;
        }
        Ok(self.desktop.connection().sync()?)
    }

    /// Moves the pointer to a point of the root window.
    ///
    /// # Errors
    /// [`Error::Desktop`].
    pub fn move_to(&self, (x, y): (i16, i16)) -> Result<(), Error> {
        self.event(MOTION_NOTIFY_EVENT, 0, x, y)?;
        Ok(self.desktop.connection().sync()?)
    }

    /// Moves the pointer to a point of the root window, presses a button there and lets go of it.
    ///
    /// # Errors
    /// [`Error::Desktop`].
    pub fn click(&self, point: (i16, i16), button: Button) -> Result<(), Error> {
        self.drag(point, point, button)
    }

    /// The same with Ctrl held.
    ///
    /// # Errors
    /// [`Error::NoKey`] when no key carries Ctrl, [`Error::Desktop`].
    pub fn control_click(&mut self, point: (i16, i16), button: Button) -> Result<(), Error> {
        let control = self.keymap.key(&self.desktop, chord::CONTROL)?.code;
        self.move_to(point)?;
        self.event(KEY_PRESS_EVENT, control, 0, 0)?;
        self.click(point, button)?;
        self.event(KEY_RELEASE_EVENT, control, 0, 0)?;
        Ok(self.desktop.connection().sync()?)
    }

    /// Presses a button at one point of the root window, moves the pointer to another and lets go there.
    ///
    /// # Errors
    /// [`Error::Desktop`].
    pub fn drag(&self, from: (i16, i16), to: (i16, i16), button: Button) -> Result<(), Error> {
        self.hold(from, button)?;
        if to != from {
            self.move_to(to)?;
        }
        self.release(button)
    }

    /// Moves the pointer to a point of the root window and presses a button there.
    ///
    /// # Errors
    /// [`Error::Desktop`].
    pub fn hold(&self, point: (i16, i16), button: Button) -> Result<(), Error> {
        self.move_to(point)?;
        self.event(BUTTON_PRESS_EVENT, button.number(), 0, 0)?;
        Ok(self.desktop.connection().sync()?)
    }

    /// Lets go of a button where the pointer is.
    ///
    /// # Errors
    /// [`Error::Desktop`].
    pub fn release(&self, button: Button) -> Result<(), Error> {
        self.event(BUTTON_RELEASE_EVENT, button.number(), 0, 0)?;
        Ok(self.desktop.connection().sync()?)
    }

    /// Turns the wheel over a point of the root window; positive `steps` away from the user.
    ///
    /// # Errors
    /// [`Error::Desktop`].
    pub fn wheel(&self, point: (i16, i16), steps: i32) -> Result<(), Error> {
        let button = if steps > 0 { Button::WheelUp } else { Button::WheelDown };
        (0..steps.unsigned_abs()).try_for_each(|_| self.click(point, button))
    }

    fn event(&self, kind: u8, detail: u8, x: i16, y: i16) -> Result<(), Error> {
        let root = self.desktop.root();
        let cookie = self.desktop.connection().xtest_fake_input(kind, detail, x11rb::CURRENT_TIME, root, x, y, 0)?;
        Ok(cookie.check()?)
    }
}

impl Drop for Input {
    /// Gives the spare keys back: a keyboard belongs to everyone on the display.
    fn drop(&mut self) {
        // The server may have gone first; then there is nothing to give back.
        let _ = self.keymap.restore(&self.desktop);
        let _ = self.desktop.connection().flush();
    }
}
