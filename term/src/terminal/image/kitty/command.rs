//! The keys of a command.

use std::str;

/// A command; what was not said is 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::terminal) struct Command {
    /// `a`: what to do, `t` if it was not said.
    pub(in crate::terminal) action: u8,
    /// Whether `a` was there: further parts of a transmission have none.
    pub(super) says_action: bool,
    /// `q`: 1 answers only errors, 2 nothing.
    pub(in crate::terminal) quiet: u32,
    /// `i`: the client's name for a picture.
    pub(in crate::terminal) image: u32,
    /// `I`: the client's number for a picture that we name.
    pub(in crate::terminal) number: u32,
    /// `p`: the client's name for a placement.
    pub(in crate::terminal) placement: u32,
    /// `t`: where the data is, `d` if it was not said.
    pub(super) medium: u8,
    /// `f`: what the data is, 32 if it was not said.
    pub(super) format: u32,
    /// `o`: `z` if it is compressed.
    pub(super) compression: u8,
    /// `s` and `v`: the size of pixels without a file around them; how an animation is played, and how often.
    pub(in crate::terminal) size: (u32, u32),
    /// `m`: more of the data follows.
    pub(super) more: bool,
    /// `x` and `y`: from where the picture is shown, or what to delete.
    pub(in crate::terminal) from: (u32, u32),
    /// `w` and `h`: how much of it is shown.
    pub(in crate::terminal) extent: (u32, u32),
    /// `X` and `Y`: how far it is moved within its first cell, in pixels; for frames, how they are laid onto what, or where
    /// in the source.
    pub(in crate::terminal) offset: (u32, u32),
    /// `c` and `r`: the cells to fill; for frames, the one that is below or changed, and the one that is laid on or named.
    pub(in crate::terminal) cells: (u32, u32),
    /// `C`: the cursor stays; a frame replaces what it is laid onto.
    pub(in crate::terminal) cursor_stays: bool,
    /// `U`: placeholders in the text show it.
    pub(in crate::terminal) placeholders: bool,
    /// `P` and `Q`: the picture, and the placement of it, that it shall lie relative to.
    pub(in crate::terminal) parent: (u32, u32),
    /// `H` and `V`: how far from that, in cells to the right and down.
    pub(in crate::terminal) away: (i32, i32),
    /// `z`: below the text if negative; how long a frame is shown, in milliseconds.
    pub(in crate::terminal) z: i32,
    /// `d`: what to delete, `a` if it was not said.
    pub(in crate::terminal) delete: u8,
}

impl Command {
    /// Reads `key=value` pairs; `None` if they are malformed. Keys that are not known mean nothing.
    pub(super) fn parse(control: &[u8]) -> Option<Self> {
        let mut command = Self { action: b't', medium: b'd', format: 32, delete: b'a', ..Self::default() };
        for pair in control.split(|byte| *byte == b',').filter(|pair| !pair.is_empty()) {
            let [key, b'=', value @ ..] = pair else { return None };
            command.set(*key, value)?;
        }
        Some(command)
    }

    fn set(&mut self, key: u8, value: &[u8]) -> Option<()> {
        match key {
            b'a' => {
                self.action = letter(value)?;
                self.says_action = true;
            }
            b't' => self.medium = letter(value)?,
            b'o' => self.compression = letter(value)?,
            b'd' => self.delete = letter(value)?,
            b'z' => self.z = signed(value)?,
            b'H' => self.away.0 = signed(value)?,
            b'V' => self.away.1 = signed(value)?,
            _ => return self.set_number(key, value),
        }
        Some(())
    }

    fn set_number(&mut self, key: u8, value: &[u8]) -> Option<()> {
        let place = match key {
            b'q' => &mut self.quiet,
            b'i' => &mut self.image,
            b'I' => &mut self.number,
            b'p' => &mut self.placement,
            b'f' => &mut self.format,
            b's' => &mut self.size.0,
            b'v' => &mut self.size.1,
            b'x' => &mut self.from.0,
            b'y' => &mut self.from.1,
            b'w' => &mut self.extent.0,
            b'h' => &mut self.extent.1,
            b'X' => &mut self.offset.0,
            b'Y' => &mut self.offset.1,
            b'c' => &mut self.cells.0,
            b'r' => &mut self.cells.1,
            b'P' => &mut self.parent.0,
            b'Q' => &mut self.parent.1,
            b'm' => return number(value).map(|value| self.more = value == 1),
            b'C' => return number(value).map(|value| self.cursor_stays = value == 1),
            b'U' => return number(value).map(|value| self.placeholders = value == 1),
            _ => return Some(()),
        };
        *place = number(value)?;
        Some(())
    }

    /// Whether it makes or changes a frame of an animation.
    pub(in crate::terminal) fn is_frame(&self) -> bool {
        matches!(self.action, b'f' | b'c')
    }

    /// The keys that say what an answer is about, as a client wrote them.
    pub(in crate::terminal) fn names(&self) -> String {
        let frame = if self.action == b'f' { self.cells.1 } else { 0 };
        let named = [("i", self.image), ("I", self.number), ("p", self.placement), ("r", frame)];
        let named: Vec<_> =
            named.iter().filter(|(_, value)| *value != 0).map(|(key, value)| format!("{key}={value}")).collect();
        named.join(",")
    }
}

fn letter(value: &[u8]) -> Option<u8> {
    match value {
        [letter] => Some(*letter),
        _ => None,
    }
}

fn number(value: &[u8]) -> Option<u32> {
    str::from_utf8(value).ok()?.parse().ok()
}

fn signed(value: &[u8]) -> Option<i32> {
    str::from_utf8(value).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_what_was_not_said_has_its_default() {
        let command = Command::parse(b"a=T,f=100,i=4294967295,z=-5,c=3,r=2,X=1,q=2,C=1,U=1,m=1,_=7").unwrap();
        assert_eq!((command.action, command.format, command.image), (b'T', 100, u32::MAX));
        assert_eq!((command.z, command.cells, command.offset), (-5, (3, 2), (1, 0)));
        assert!(command.cursor_stays && command.placeholders && command.more && command.says_action);
        let nothing = Command::parse(b"").unwrap();
        assert_eq!((nothing.action, nothing.medium, nothing.format, nothing.delete), (b't', b'd', 32, b'a'));
    }

    #[test]
    fn malformed_keys_are_refused() {
        for control in ["a", "a=", "a=tt", "i=-1", "i=4294967296", "i=x", "=1", "z=1.5", "i=1;2", "ab=1", "i=\u{e9}"] {
            assert_eq!(Command::parse(control.as_bytes()), None, "{control}");
        }
    }

    #[test]
    fn an_answer_names_numbers_only() {
        assert_eq!(Command::parse(b"i=3,p=7").unwrap().names(), "i=3,p=7");
        assert_eq!(Command::parse(b"I=9,r=4").unwrap().names(), "I=9");
        assert_eq!(Command::parse(b"a=f,i=9,r=4").unwrap().names(), "i=9,r=4");
        assert_eq!(Command::parse(b"").unwrap().names(), "");
    }
}
