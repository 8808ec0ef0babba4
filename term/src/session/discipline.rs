//! The editing of lines on this side, for a session without a PTY: what a terminal's driver does for ssh(1) there
//! (canonical mode, termios(3)).

use unicode_width::UnicodeWidthChar as _;

/// What a line holds before it is sent unfinished, as with Linux's driver.
const LONGEST: usize = 4095;

/// A line that is being typed.
#[derive(Debug, Default)]
pub(super) struct Discipline {
    line: Vec<u8>,
}

/// What comes of some keys.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// What the terminal shows of them.
    pub(super) echo: Vec<u8>,
    /// What goes to the other side.
    pub(super) send: Vec<u8>,
    /// What they end.
    pub(super) end: Option<End>,
}

/// What a key ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The input (Ctrl+D on an empty line).
    Input,
    /// The session (Ctrl+C, Ctrl+\).
    Session,
}

impl Discipline {
    /// Takes keys, as the terminal encodes them. What follows one that ends something is dropped.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Typed {
        let mut typed = Typed::default();
        for byte in bytes {
            self.key(*byte, &mut typed);
            if typed.end.is_some() {
                break;
            }
        }
        typed
    }

    fn key(&mut self, byte: u8, typed: &mut Typed) {
        match byte {
            b'\r' | b'\n' => {
                typed.echo.extend(b"\r\n");
                self.line.push(b'\n');
                typed.send.append(&mut self.line);
            }
            key if interrupts(key) => {
                typed.echo.extend(caret(byte));
                self.line.clear();
                typed.end = Some(End::Session);
            }
            0x04 if self.line.is_empty() => typed.end = Some(End::Input),
            0x04 => typed.send.append(&mut self.line),
            0x08 | 0x7f => {
                let _ = self.erase(&mut typed.echo);
            }
            0x15 => while self.erase(&mut typed.echo).is_some() {},
            0x17 => self.erase_word(&mut typed.echo),
            control @ ..0x20 => {
                typed.echo.extend(caret(control));
                self.push(control, typed);
            }
            byte => {
                typed.echo.push(byte);
                self.push(byte, typed);
            }
        }
    }

    fn push(&mut self, byte: u8, typed: &mut Typed) {
        self.line.push(byte);
        if self.line.len() >= LONGEST {
            typed.send.append(&mut self.line);
        }
    }

    /// Takes the last character back, with all of its bytes; the character, or what stands for one that is broken.
    fn erase(&mut self, echo: &mut Vec<u8>) -> Option<char> {
        let start = self.line.iter().rposition(|byte| byte & 0xc0 != 0x80)?;
        let bytes = self.line.split_off(start);
        let character = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next());
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        // A control character has no width of its own: it was shown as ^X.
        for _ in 0..character.width().unwrap_or(2) {
            echo.extend(b"\x08 \x08");
        }
        Some(character)
    }

    fn erase_word(&mut self, echo: &mut Vec<u8>) {
        while self.line.last().is_some_and(u8::is_ascii_whitespace) {
            let _ = self.erase(echo);
        }
        while self.line.last().is_some_and(|byte| !byte.is_ascii_whitespace()) {
            let _ = self.erase(echo);
        }
    }
}

/// Whether a key ends the session: Ctrl+C and Ctrl+\.
pub(super) fn interrupts(key: u8) -> bool {
    matches!(key, 0x03 | 0x1c)
}

/// How a control character is shown.
fn caret(control: u8) -> [u8; 2] {
    [b'^', control | 0x40]
}

/// Output as a terminal's driver passes it on: its lines end with a carriage return too (`ONLCR`).
pub(super) fn with_returns(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    for byte in bytes {
        if *byte == b'\n' {
            text.push(b'\r');
        }
        text.push(*byte);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> (String, String, Option<End>) {
        let Typed { echo, send, end } = Discipline::default().take(keys.as_bytes());
        (String::from_utf8(echo).unwrap(), String::from_utf8(send).unwrap(), end)
    }

    #[test]
    fn lines_are_edited_here_and_sent_whole() {
        let back = "\x08 \x08";
        for (keys, echo, send) in [
            ("ls\r", "ls\r\n".to_owned(), "ls\n"),
            ("ls", "ls".to_owned(), ""),
            ("lx\x7fs\r", format!("lx{back}s\r\n"), "ls\n"),
            ("é漢\x7f\x7fa\r", format!("é漢{back}{back}{back}a\r\n"), "a\n"),
            ("\x7fa\r", "a\r\n".to_owned(), "a\n"),
            ("a\x1b[A\r", "a^[[A\r\n".to_owned(), "a\x1b[A\n"),
            ("\x01\x7fa\r", format!("^A{back}{back}a\r\n"), "a\n"),
            ("one two \x17x\r", format!("one two {}x\r\n", back.repeat(4)), "one x\n"),
            ("one\x15two\r", format!("one{}two\r\n", back.repeat(3)), "two\n"),
            ("half\x04", "half".to_owned(), "half"),
        ] {
            assert_eq!(typed(keys), (echo, send.to_owned(), None), "{keys:?}");
        }
    }

    #[test]
    fn keys_end_the_input_or_the_session() {
        assert_eq!(typed("a\r\x04never"), ("a\r\n".to_owned(), "a\n".to_owned(), Some(End::Input)));
        assert_eq!(typed("never\x03"), ("never^C".to_owned(), String::new(), Some(End::Session)));
        assert_eq!(typed("\x1c").2, Some(End::Session));
    }

    #[test]
    fn no_line_is_kept_for_ever() {
        let mut discipline = Discipline::default();
        assert_eq!(discipline.take(&[b'a'; LONGEST]).send.len(), LONGEST);
        assert!(discipline.line.is_empty());
        assert_eq!(with_returns(b"a\nb\n"), b"a\r\nb\r\n");
    }
}
