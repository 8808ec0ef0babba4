//! The escape character (ssh(1), "ESCAPE CHARACTERS"): how to leave a session that answers no key any more.

/// What is typed into a remote terminal, looked through for escape sequences.
#[derive(Debug)]
pub(super) struct Escape {
    /// `EscapeChar`; none where there is no remote terminal.
    character: Option<u8>,
    /// An escape character means something only at the beginning of a line.
    begins: bool,
    /// The escape character was typed; what it means is not known yet.
    pending: bool,
}

/// What came of some input.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// What goes to the other side.
    pub(super) bytes: Vec<u8>,
    /// The list of escape sequences was asked for.
    pub(super) help: bool,
    /// The end of the connection was asked for; what was typed after that is gone.
    pub(super) end: bool,
}

impl Escape {
    pub(super) fn new(character: Option<u8>) -> Self {
        Self { character, begins: true, pending: false }
    }

    /// Takes the escape sequences out of `input`; one may be spread over several calls.
    pub(super) fn filter(&mut self, input: &[u8]) -> Typed {
        let Some(escape) = self.character else { return Typed { bytes: input.to_vec(), ..Typed::default() } };
        let mut typed = Typed::default();
        for &byte in input {
            if std::mem::take(&mut self.pending) {
                match byte {
                    b'.' => {
                        typed.end = true;
                        return typed;
                    }
                    b'?' => {
                        typed.help = true;
                        continue;
                    }
                    _ if byte == escape => {}
                    // Anything else was meant for the other side, the escape character with it.
                    _ => typed.bytes.push(escape),
                }
            } else if self.begins && byte == escape {
                self.pending = true;
                continue;
            }
            self.begins = matches!(byte, b'\r' | b'\n');
            typed.bytes.push(byte);
        }
        typed
    }

    /// The list of escape sequences, for a terminal in raw mode.
    pub(super) fn help(&self) -> String {
        let name = match self.character {
            Some(control @ 0..=0x1f) => format!("^{}", char::from(control | 0x40)),
            Some(character) => char::from(character).to_string(),
            None => String::new(),
        };
        format!(
            "{name}?\r\nSupported escape sequences:\r\n {name}.   - terminate connection\r\n {name}?   - this message\r\n \
             {name}{name}   - send the escape character by typing it twice\r\n(Note that escapes are only recognized \
             immediately after newline.)\r\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What goes to the other side of several pieces of input, and whether the end was asked for.
    fn sent(pieces: &[&str]) -> (String, bool) {
        let mut escape = Escape::new(Some(b'~'));
        let (mut bytes, mut end) = (Vec::new(), false);
        for piece in pieces {
            let typed = escape.filter(piece.as_bytes());
            bytes.extend(typed.bytes);
            end |= typed.end;
        }
        (String::from_utf8(bytes).unwrap(), end)
    }

    #[test]
    fn escapes_count_at_the_beginning_of_a_line_however_they_arrive() {
        for (pieces, expected, end) in [
            (&["~."][..], "", true),
            (&["~", "."], "", true),
            (&["ls\r~", ".more"], "ls\r", true),
            (&["ls ~.\r"], "ls ~.\r", false),
            (&["~~.\r"], "~.\r", false),
            (&["~/bin\r"], "~/bin\r", false),
            (&["~?~."], "", true),
            (&["~\r~."], "~\r", true),
        ] {
            assert_eq!(sent(pieces), (expected.to_owned(), end), "{pieces:?}");
        }
    }

    #[test]
    fn without_an_escape_character_every_byte_passes() {
        let typed = Escape::new(None).filter(b"~.\r~?");
        assert_eq!(typed, Typed { bytes: b"~.\r~?".to_vec(), ..Typed::default() });
    }

    #[test]
    fn the_help_names_the_character_in_force() {
        assert!(Escape::new(Some(b'~')).help().contains(" ~.   - terminate connection\r\n"));
        assert!(Escape::new(Some(0x1d)).help().contains(" ^].   - terminate connection\r\n"));
    }
}
