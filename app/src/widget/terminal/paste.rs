//! What pasting sends, and what the user should see of it first.

use std::fmt;

use term::terminal::Modes;

use crate::store::settings::PasteGuard;

/// Begins a bracketed paste (ctlseqs, mode 2004).
const BEGIN: &str = "\x1b[200~";
/// Ends one.
const END: &str = "\x1b[201~";

/// How much of a text is shown, in bytes.
const PREVIEW: usize = 32 * 1024;

/// A text that is to be pasted, made safe: lines end with CR as the Enter key ends them, and the marks of a bracketed
/// paste and all control characters but tabs and line ends are left out. Without ESC the text cannot end a bracketed
/// paste by itself and have the rest typed.
pub struct Clip {
    body: Vec<u8>,
    lines: usize,
    controls: usize,
    preview: String,
    /// Characters that the preview leaves out.
    more: usize,
}

/// Bytes to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The text.
    pub bytes: Vec<u8>,
    /// What ends it.
    pub end: &'static [u8],
}

/// Why a paste should be confirmed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The program takes each line as typed (no bracketed paste), so a shell would run each of them at once.
    Runs(usize),
    /// It has several lines, which a shell will not run before Enter is pressed.
    Lines(usize),
    /// The text had control characters: it may not be what it looked like.
    ControlCharacters(usize),
}

impl fmt::Debug for Clip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is pasted may be a password.
        f.debug_struct("Clip").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl Clip {
    /// Looks at `text`. Takes as long as its length is: not for the window's own thread.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let (unmarked, mut controls) = without_marks(text);
        let mut body = Vec::with_capacity(unmarked.len());
        let mut characters = unmarked.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\n' | '\r' => body.push(b'\r'),
                '\t' => body.push(b'\t'),
                _ if c.is_control() => controls += 1,
                _ => body.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        // A line end at the end begins no further line.
        let lines = body.strip_suffix(b"\r").unwrap_or(&body).split(|byte| *byte == b'\r').count();
        let (preview, more) = preview(text);
        Self { body, lines, controls, preview, more }
    }

    /// Whether there is nothing to paste.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// How many lines it has.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// What it looks like, as it was copied, with control characters and line ends as signs.
    #[must_use]
    pub fn preview(&self) -> &str {
        &self.preview
    }

    /// How many characters [`Clip::preview`] leaves out.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    /// The bytes that paste it.
    #[must_use]
    pub fn prepare(&self, modes: Modes) -> Prepared {
        bracketed(&self.body, modes)
    }

    /// The bytes that paste it as one line: line ends are blanks, and none is at the end.
    #[must_use]
    pub fn prepare_one_line(&self, modes: Modes) -> Prepared {
        let ends = self.body.iter().rev().take_while(|byte| **byte == b'\r').count();
        let text = self.body.get(..self.body.len() - ends).unwrap_or_default();
        let line: Vec<u8> = text.iter().map(|byte| if *byte == b'\r' { b' ' } else { *byte }).collect();
        bracketed(&line, modes)
    }

    /// Whether it should be confirmed before it is sent.
    #[must_use]
    pub fn doubt(&self, modes: Modes, guard: PasteGuard) -> Option<Doubt> {
        if guard == PasteGuard::Never {
            return None;
        }
        if self.controls > 0 {
            return Some(Doubt::ControlCharacters(self.controls));
        }
        let ends = self.body.contains(&b'\r');
        match modes.bracketed_paste {
            false => ends.then_some(Doubt::Runs(self.lines)),
            true => (ends && guard == PasteGuard::Always).then_some(Doubt::Lines(self.lines)),
        }
    }
}

fn bracketed(body: &[u8], modes: Modes) -> Prepared {
    if modes.bracketed_paste {
        Prepared { bytes: [BEGIN.as_bytes(), body].concat(), end: END.as_bytes() }
    } else {
        Prepared { bytes: body.to_vec(), end: b"" }
    }
}

/// Takes out the marks of bracketed pastes, also those that taking out another one makes; counts them.
fn without_marks(original: &str) -> (String, usize) {
    let mut text = String::with_capacity(original.len());
    let mut marks = 0;
    for c in original.chars() {
        text.push(c);
        for mark in [BEGIN, END, "\u{9b}200~", "\u{9b}201~"] {
            if c == '~' && text.ends_with(mark) {
                text.truncate(text.len() - mark.len());
                marks += 1;
            }
        }
    }
    (text, marks)
}

/// The begin of `text` as it can be seen, and how many characters follow.
fn preview(text: &str) -> (String, usize) {
    let mut shown = String::new();
    let mut characters = text.chars();
    while shown.len() < PREVIEW {
        match characters.next() {
            Some('\n') => shown.push_str("⏎\n"),
            Some('\r') if characters.as_str().starts_with('\n') => {}
            Some('\r') => shown.push_str("⏎\n"),
            Some('\t') => shown.push_str("⇥   "),
            Some(c) => visible(c, &mut shown),
            None => return (shown, 0),
        }
    }
    (shown, characters.count())
}

/// Control characters as their pictures (Unicode 24xx), what changes the direction or has no width by its number.
fn visible(c: char, shown: &mut String) {
    match u32::from(c) {
        code @ 0..0x20 => shown.extend(char::from_u32(0x2400 + code)),
        0x7f => shown.push('\u{2421}'),
        code @ (0x80..0xa0 | 0x200b..=0x200c | 0x200e..=0x200f | 0x2028..=0x202e | 0x2060..=0x2069 | 0xfeff) => {
            shown.push_str(&format!("<U+{code:04X}>"));
        }
        _ => shown.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modes(bracketed_paste: bool) -> Modes {
        Modes { bracketed_paste, ..Modes::default() }
    }

    #[test]
    fn pasted_text_is_made_safe() {
        let table: &[(&str, &[u8])] = &[
            ("é\tb", "é\tb".as_bytes()),
            ("a\nb\r\nc\rd", b"a\rb\rc\rd"),
            ("a\x1b[201~rm -rf ~\n", b"arm -rf ~\r"),
            ("a\x1b[20\x1b[201~1~b", b"ab"),
            ("a\x1b[2\x1b[20\x1b[200~1~01~b\u{9b}201~", b"ab"),
            ("a\x03\x04\x00\x7f\u{9b}b", b"ab"),
            ("", b""),
        ];
        for (text, expected) in table {
            let clip = Clip::new(text);
            let plain = Prepared { bytes: expected.to_vec(), end: b"" };
            assert_eq!(clip.prepare(modes(false)), plain, "{}", text.escape_debug());
            let marked = Prepared { bytes: [BEGIN.as_bytes(), expected].concat(), end: END.as_bytes() };
            assert_eq!(clip.prepare(modes(true)), marked);
        }
    }

    #[test]
    fn what_would_run_at_once_or_hides_something_is_doubted() {
        use PasteGuard::{Always, Never, Unbracketed};
        let table = [
            ("ls", false, Always, None),
            ("ls\n", false, Unbracketed, Some(Doubt::Runs(1))),
            ("a\nb\n", false, Unbracketed, Some(Doubt::Runs(2))),
            ("a\r\nb", false, Unbracketed, Some(Doubt::Runs(2))),
            ("a\nb\nc", true, Unbracketed, None),
            ("a\nb\nc", true, Always, Some(Doubt::Lines(3))),
            ("a\nb\nc", false, Never, None),
            ("a\tb", false, Always, None),
            ("a\x1b[201~b\x07", true, Unbracketed, Some(Doubt::ControlCharacters(2))),
            ("a\x07", false, Never, None),
        ];
        for (text, bracketed, guard, expected) in table {
            assert_eq!(Clip::new(text).doubt(modes(bracketed), guard), expected, "{}", text.escape_debug());
        }
    }

    #[test]
    fn several_lines_can_be_one() {
        let one = |text: &str| String::from_utf8(Clip::new(text).prepare_one_line(modes(false)).bytes).expect("text");
        assert_eq!(one("a\n b\r\nc\n\n"), "a  b c");
        assert_eq!(one("\n"), "");
    }

    #[test]
    fn the_preview_is_what_was_copied_with_nothing_hidden() {
        let clip = Clip::new("a\tb\r\n\x1b[201~c\u{202e}d\u{7f}\n");
        assert_eq!(clip.preview(), "a⇥   b⏎\n␛[201~c<U+202E>d␡⏎\n");
        assert_eq!((clip.more(), clip.lines()), (0, 2));
        let long = Clip::new(&"x".repeat(PREVIEW + 77));
        assert_eq!((long.preview().len(), long.more()), (PREVIEW, 77));
    }
}
