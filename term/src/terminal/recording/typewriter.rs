//! Output as lines of text: what a printer that can go back over its line would leave on paper.
//!
//! The terminal's own grid is not asked: it forgets what leaves the scrollback, and asking takes its lock. So a second,
//! much smaller emulation runs beside it, of one line. It does what shells and progress bars do within a line (carriage
//! return, backspace, erase, insert, delete); a movement to another line ends the line, and what is drawn on the
//! alternate screen is left out.

use unicode_width::UnicodeWidthChar as _;

use super::super::parser::{Csi, Parser, Perform, StringKind};

/// The longest line that is kept to be rewritten, in columns; a longer one is written in parts.
const LONGEST: usize = 16 * 1024;

/// Combining characters that one character keeps, as in the terminal itself.
const MARKS: usize = 30;

/// Turns output into text.
#[derive(Debug, Default)]
pub(super) struct Typewriter {
    parser: Parser,
    paper: Paper,
}

/// A character on the line. The second column of a wide one has none.
#[derive(Debug, Clone, Default)]
struct Glyph {
    character: Option<char>,
    marks: Vec<char>,
}

#[derive(Debug, Default)]
struct Paper {
    line: Vec<Glyph>,
    column: usize,
    finished: String,
    /// A program draws on the alternate screen.
    alternate: bool,
}

impl Typewriter {
    /// The text that `bytes` finished: whole lines, each with its line end.
    pub(super) fn write(&mut self, bytes: &[u8]) -> String {
        let mut rest = bytes;
        while !rest.is_empty() {
            let used = self.parser.advance(&mut self.paper, rest);
            rest = rest.get(used..).unwrap_or_default();
        }
        std::mem::take(&mut self.paper.finished)
    }

    /// The line that has no end yet.
    pub(super) fn finish(&mut self) -> String {
        if !self.paper.line.is_empty() {
            self.paper.end_line();
        }
        std::mem::take(&mut self.paper.finished)
    }
}

impl Paper {
    fn put(&mut self, character: char) {
        let width = character.width().unwrap_or(0);
        if width == 0 {
            let before = self.line.get_mut(..self.column).unwrap_or_default();
            if let Some(glyph) = before.iter_mut().rev().find(|glyph| glyph.character.is_some())
                && glyph.marks.len() < MARKS
            {
                glyph.marks.push(character);
            }
            return;
        }
        if self.column >= LONGEST {
            self.push_line();
        }
        self.reach(self.column + width);
        for (offset, glyph) in self.line.iter_mut().skip(self.column).take(width).enumerate() {
            *glyph = Glyph { character: (offset == 0).then_some(character), marks: Vec::new() };
        }
        self.column += width;
    }

    /// Fills the line with blanks up to this column.
    fn reach(&mut self, column: usize) {
        if self.line.len() < column {
            self.line.resize(column, Glyph { character: Some(' '), marks: Vec::new() });
        }
    }

    /// Moves within the line.
    fn move_to(&mut self, column: usize) {
        self.column = column.min(LONGEST);
    }

    fn end_line(&mut self) {
        let begin = self.finished.len();
        self.push_line();
        let kept = self.finished.get(begin..).unwrap_or_default().trim_end_matches(' ').len();
        self.finished.truncate(begin + kept);
        self.finished.push('\n');
    }

    fn push_line(&mut self) {
        for glyph in self.line.drain(..) {
            self.finished.extend(glyph.character);
            self.finished.extend(glyph.marks);
        }
        self.column = 0;
    }

    /// The cursor leaves for another line; an empty one is not worth an end.
    fn leave_line(&mut self) {
        if self.line.iter().any(|glyph| glyph.character.is_some_and(|c| c != ' ')) {
            self.end_line();
        }
        self.line.clear();
    }

    fn erase(&mut self, how: usize) {
        match how {
            0 => self.line.truncate(self.column),
            1 => {
                let blank = Glyph { character: Some(' '), marks: Vec::new() };
                let end = (self.column + 1).min(self.line.len());
                self.line.get_mut(..end).unwrap_or_default().fill(blank);
            }
            _ => self.line.clear(),
        }
    }

    fn edit(&mut self, action: u8, count: usize) {
        let count = count.clamp(1, LONGEST);
        let end = (self.column + count).min(self.line.len());
        match action {
            b'C' | b'a' => self.move_to(self.column + count),
            b'D' => self.move_to(self.column.saturating_sub(count)),
            b'G' | b'`' => self.move_to(count - 1),
            b'P' if self.column < end => drop(self.line.drain(self.column..end)),
            b'X' => self
                .line
                .get_mut(self.column..end)
                .unwrap_or_default()
                .fill(Glyph { character: Some(' '), marks: Vec::new() }),
            b'@' if self.column < self.line.len() => {
                let blank = Glyph { character: Some(' '), marks: Vec::new() };
                drop(self.line.splice(self.column..self.column, std::iter::repeat_n(blank, count)));
                self.line.truncate(LONGEST);
            }
            _ => {}
        }
    }
}

impl Perform for Paper {
    fn print(&mut self, text: &str) {
        if !self.alternate {
            text.chars().filter(|c| !c.is_control()).for_each(|c| self.put(c));
        }
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            _ if self.alternate => {}
            0x08 => self.column = self.column.saturating_sub(1),
            b'\t' => self.move_to((self.column / 8 + 1) * 8),
            b'\n' | 0x0b | 0x0c => {
                // A line feed keeps the column, which only a few programs want; the text reads the same without.
                self.end_line();
            }
            b'\r' => self.column = 0,
            _ => {}
        }
    }

    fn escape(&mut self, intermediate: u8, action: u8) {
        if intermediate == 0 && matches!(action, b'D' | b'E') && !self.alternate {
            self.end_line();
        }
    }

    fn control(&mut self, csi: &Csi<'_>) {
        let first = usize::from(csi.params.get(0));
        match (csi.private, csi.intermediate, csi.action) {
            (b'?', 0, b'h' | b'l') if csi.params.iter().any(|mode| matches!(mode, [47 | 1047 | 1049])) => {
                if !self.alternate {
                    self.leave_line();
                }
                self.alternate = csi.action == b'h';
            }
            (0, 0, _) if self.alternate => {}
            (0, 0, b'K') => self.erase(first),
            (0, 0, b'J') if first == 0 => self.erase(0),
            (0, 0, b'H' | b'f' | b'A' | b'B' | b'd' | b'E' | b'F') => {
                let column = if matches!(csi.action, b'A' | b'B' | b'd') { self.column } else { 0 };
                self.leave_line();
                self.column = column;
            }
            (0, 0, action) => self.edit(action, first),
            _ => {}
        }
    }

    fn string(&mut self, _kind: StringKind, _data: &[u8], _terminator: &str) {}

    fn paused(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(output: &str) -> String {
        let mut typewriter = Typewriter::default();
        let mut text: String = output.as_bytes().chunks(3).map(|chunk| typewriter.write(chunk)).collect();
        text.push_str(&typewriter.finish());
        text
    }

    #[test]
    fn lines_are_as_they_were_left() {
        let table = [
            ("a\r\nb\r\n", "a\nb\n"),
            ("\x1b[1;31mred\x1b[m text\r\n", "red text\n"),
            (" 10%\r 50%\r100%\r\n", "100%\n"),
            ("long line\rshort\x1b[K\r\n", "short\n"),
            ("lsx\x08\x08\x08cat\r\n", "cat\n"),
            ("abc\x1b[2D_\x1b[P!\r\n", "a_!\n"),
            ("ac\x08\x1b[@b\r\n", "abc\n"),
            ("a\tb   \r\n", "a       b\n"),
            ("漢字\x08\x08x\r\n", "漢x\n"),
            ("e\u{301}\r\n", "e\u{301}\n"),
            ("\x1b]0;title\x07\x1bPdcs\x1b\\text\r\n", "text\n"),
            ("$ vi\r\n\x1b[?1049hscreen\r\nful\x1b[?1049l$ \r\n", "$ vi\n$\n"),
            ("top\x1b[H\x1b[2Jnext\r\n", "top\nnext\n"),
            ("no end", "no end\n"),
            ("\r\n\r\n", "\n\n"),
        ];
        for (output, expected) in table {
            assert_eq!(typed(output), expected, "{}", output.escape_debug());
        }
    }

    #[test]
    fn a_line_without_end_takes_no_more_than_its_bound() {
        let mut typewriter = Typewriter::default();
        let mut written = 0;
        for _ in 0..100 {
            written += typewriter.write(&[b'x'; 10_000]).len();
            let _ = typewriter.write(b"\x1b[65535C\x1b[65535@");
            assert!(typewriter.paper.line.len() <= LONGEST + 2);
        }
        assert!(written >= 100 * 10_000 - LONGEST - 2, "{written}");
    }
}
