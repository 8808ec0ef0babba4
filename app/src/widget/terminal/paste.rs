//! What pasting sends.

use term::terminal::Modes;

/// Begins a bracketed paste (ctlseqs, mode 2004).
const BEGIN: &[u8] = b"\x1b[200~";
/// Ends one.
const END: &[u8] = b"\x1b[201~";

/// The bytes that paste `text`: lines end with CR as the Enter key ends them, control characters other than tab and
/// the line ends are left out. Without ESC the text cannot end a bracketed paste by itself and have the rest typed.
#[must_use]
pub fn prepare(text: &str, modes: Modes) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() + BEGIN.len() + END.len());
    if modes.bracketed_paste {
        bytes.extend_from_slice(BEGIN);
    }
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => bytes.push(b'\r'),
            '\t' | '\r' => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            _ if c.is_control() => {}
            _ => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    if modes.bracketed_paste {
        bytes.extend_from_slice(END);
    }
    bytes
}

/// Why a paste should be confirmed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The program takes each line as typed (no bracketed paste), so a shell would run each of them at once.
    Lines(usize),
    /// The text has control characters, which will be left out: it may not be what it looked like.
    ControlCharacters(usize),
}

/// Whether `text` should be confirmed before it is sent.
#[must_use]
pub fn doubt(text: &str, modes: Modes) -> Option<Doubt> {
    let controls = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n')).count();
    if controls > 0 {
        return Some(Doubt::ControlCharacters(controls));
    }
    let text = text.replace("\r\n", "\n");
    // A line end at the end begins no further line, but it runs the last one.
    let lines = text.strip_suffix(['\r', '\n']).unwrap_or(&text).split(['\r', '\n']).count();
    let runs = text.contains(['\r', '\n']) && !modes.bracketed_paste;
    runs.then_some(Doubt::Lines(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRACKETED: Modes = Modes { bracketed_paste: true, ..PLAIN };
    const PLAIN: Modes = Modes {
        application_cursor: false,
        application_keypad: false,
        line_feed: false,
        bracketed_paste: false,
        focus_reports: false,
        mouse: term::terminal::MouseReports::None,
        mouse_encoding: term::terminal::MouseEncoding::X10,
        alternate_scroll: false,
        alternate_screen: false,
        kitty_keyboard: 0,
        modify_other_keys: 0,
        format_other_keys: 0,
        backspace_sends_bs: false,
        vt52: false,
    };

    #[test]
    fn pasted_text_is_made_safe() {
        let table: &[(&str, &[u8])] = &[
            ("é\tb", "é\tb".as_bytes()),
            ("a\nb\r\nc\rd", b"a\rb\rc\rd"),
            ("a\x1b[201~rm -rf ~\n", b"a[201~rm -rf ~\r"),
            ("a\x03\x04\x00\x7f\u{9b}b", b"ab"),
            ("", b""),
        ];
        for (text, expected) in table {
            assert_eq!(prepare(text, PLAIN), *expected, "{}", text.escape_debug());
            assert_eq!(prepare(text, BRACKETED), [BEGIN, expected, END].concat());
        }
    }

    #[test]
    fn what_would_run_at_once_or_hides_something_is_doubted() {
        let table = [
            ("ls", PLAIN, None),
            ("ls\n", PLAIN, Some(Doubt::Lines(1))),
            ("a\nb\n", PLAIN, Some(Doubt::Lines(2))),
            ("a\r\nb", PLAIN, Some(Doubt::Lines(2))),
            ("a\nb\nc", PLAIN, Some(Doubt::Lines(3))),
            ("a\nb\nc", BRACKETED, None),
            ("a\tb", PLAIN, None),
            ("a\x1b[201~b\x07", BRACKETED, Some(Doubt::ControlCharacters(2))),
        ];
        for (text, modes, expected) in table {
            assert_eq!(doubt(text, modes), expected, "{}", text.escape_debug());
        }
    }
}
