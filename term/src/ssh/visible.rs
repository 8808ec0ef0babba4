//! Text from the other side, made safe to show.

/// The other side's words with their control characters made visible: `ESC` becomes `\033`, as OpenSSH shows it
/// (`vis(3)` with `VIS_OCTAL`). Bidirectional controls, which could reorder what stands around them, too.
#[derive(Debug, Clone, Copy)]
pub struct Visible<'a> {
    text: &'a str,
    limit: usize,
    lines: bool,
}

impl<'a> Visible<'a> {
    /// One line of at most `limit` bytes: line ends are made visible too.
    #[must_use]
    pub fn line(text: &'a str, limit: usize) -> Self {
        Self { text, limit, lines: false }
    }

    /// Lines of together at most `limit` bytes: line feeds and tabs stay as they are, `CR LF` becomes `LF`.
    #[must_use]
    pub fn lines(text: &'a str, limit: usize) -> Self {
        Self { text, limit, lines: true }
    }

    fn stays(&self, c: char) -> bool {
        match c {
            '\n' | '\t' => self.lines,
            // Arabic letter mark, directional marks, line and paragraph separators, embeddings, overrides, isolates.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
            // Characters that show as nothing: a word joiner, the byte order mark, tags.
            '\u{2060}'..='\u{2065}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}' => false,
            _ => !c.is_control(),
        }
    }
}

impl std::fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut characters = self.text.chars().peekable();
        let mut written = 0;
        while let Some(c) = characters.next() {
            if written >= self.limit {
                return f.write_str("…");
            }
            if self.lines && c == '\r' && characters.peek() == Some(&'\n') {
                continue;
            }
            written += c.len_utf8();
            if self.stays(c) {
                write!(f, "{c}")?;
                continue;
            }
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                write!(f, "\\{byte:03o}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_visible() {
        for (text, expected) in [
            ("plain ünïcödé", "plain ünïcödé"),
            ("\u{1b}]0;title\u{7}", "\\033]0;title\\007"),
            ("c1 \u{9b}31m", "c1 \\302\\23331m"),
            ("abc\u{202e}def", "abc\\342\\200\\256def"),
            ("one\r\ntwo\tthree", "one\\015\\012two\\011three"),
            ("\u{7f}\0", "\\177\\000"),
        ] {
            assert_eq!(Visible::line(text, 1000).to_string(), expected);
        }
    }

    #[test]
    fn lines_keep_their_ends_and_tabs() {
        assert_eq!(Visible::lines("one\r\ntwo\tthree\rfour", 1000).to_string(), "one\ntwo\tthree\\015four");
    }

    #[test]
    fn long_text_is_clipped() {
        assert_eq!(Visible::lines(&"ä".repeat(100), 6).to_string(), "äää…");
        assert_eq!(Visible::lines("äää", 6).to_string(), "äää");
    }
}
