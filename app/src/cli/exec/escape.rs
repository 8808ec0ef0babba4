//! The escape character (ssh(1), "ESCAPE CHARACTERS"): what is typed for this program and not for the other side.

/// What is typed into a remote terminal, looked through for escape sequences.
#[derive(Debug)]
pub(super) struct Escape {
    /// `EscapeChar`; none where there is no remote terminal.
    character: Option<u8>,
    /// Whether `~C` is allowed (`EnableEscapeCommandline`).
    command_line: bool,
    /// An escape character means something only at the beginning of a line.
    begins: bool,
    /// The escape character was typed; what it means is not known yet.
    pending: bool,
}

/// What came of some input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// What goes to the other side.
    Bytes(Vec<u8>),
    /// `~?`: the list of escape sequences.
    Help,
    /// `~.`: the end of the connection.
    End,
    /// `~R`: new keys.
    Rekey,
    /// `~#`: the connections that forwardings carry.
    List,
    /// `~C`: a line for this program.
    CommandLine,
    /// `~^Z`: wait until the shell here continues this program.
    Suspend,
    /// `~v`: say more.
    Louder,
    /// `~V`: say less.
    Quieter,
    /// `~B`, `~&`: known to ssh(1) and not done here.
    Missing(char),
}

impl Escape {
    pub(super) fn new(character: Option<u8>, command_line: bool) -> Self {
        Self { character, command_line, begins: true, pending: false }
    }

    /// Takes the escape sequences out of `input`, in order; one may be spread over several calls.
    pub(super) fn filter(&mut self, input: Vec<u8>) -> Vec<Typed> {
        let Some(escape) = self.character else { return vec![Typed::Bytes(input)] };
        let mut all = Vec::new();
        let mut bytes = Vec::new();
        for byte in input {
            if std::mem::take(&mut self.pending) {
                if let Some(typed) = Self::meaning(byte) {
                    if !bytes.is_empty() {
                        all.push(Typed::Bytes(std::mem::take(&mut bytes)));
                    }
                    all.push(typed);
                    continue;
                }
                // Anything else was meant for the other side, the escape character with it.
                if byte != escape {
                    bytes.push(escape);
                }
            } else if self.begins && byte == escape {
                self.pending = true;
                continue;
            }
            self.begins = matches!(byte, b'\r' | b'\n');
            bytes.push(byte);
        }
        if !bytes.is_empty() {
            all.push(Typed::Bytes(bytes));
        }
        all
    }

    fn meaning(byte: u8) -> Option<Typed> {
        Some(match byte {
            b'.' => Typed::End,
            b'?' => Typed::Help,
            b'R' => Typed::Rekey,
            b'#' => Typed::List,
            b'C' => Typed::CommandLine,
            b'v' => Typed::Louder,
            b'V' => Typed::Quieter,
            b'B' | b'&' => Typed::Missing(char::from(byte)),
            0x1a => Typed::Suspend,
            _ => return None,
        })
    }

    /// The escape character as people write it.
    pub(super) fn name(&self) -> String {
        match self.character {
            Some(control @ 0..=0x1f) => format!("^{}", char::from(control | 0x40)),
            Some(character) => char::from(character).to_string(),
            None => String::new(),
        }
    }

    /// The list of escape sequences, for a terminal in raw mode.
    pub(super) fn help(&self) -> String {
        let name = self.name();
        let mut help = format!("{name}?\r\nSupported escape sequences:\r\n");
        for (sequence, what) in [
            (".", "terminate connection (and any multiplexed sessions)"),
            ("C", "open a command line"),
            ("R", "request rekey"),
            ("V/v", "decrease/increase verbosity (LogLevel)"),
            ("^Z", "suspend tetherm"),
            ("#", "list forwarded connections"),
            ("?", "this message"),
        ] {
            if sequence != "C" || self.command_line {
                help += &format!(" {name}{sequence:<3} - {what}\r\n");
            }
        }
        help + &format!(
            " {name}{name}   - send the escape character by typing it twice\r\n(Note that escapes are only recognized \
             immediately after newline.)\r\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What goes to the other side of several pieces of input, and whether the end was asked for before the rest.
    fn sent(pieces: &[&str]) -> (String, bool) {
        let mut escape = Escape::new(Some(b'~'), true);
        let mut sent = Vec::new();
        for piece in pieces {
            for typed in escape.filter(piece.as_bytes().to_vec()) {
                match typed {
                    Typed::Bytes(bytes) => sent.extend(bytes),
                    Typed::End => return (String::from_utf8(sent).unwrap(), true),
                    _ => {}
                }
            }
        }
        (String::from_utf8(sent).unwrap(), false)
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
    fn what_was_typed_keeps_its_order() {
        let bytes = |text: &str| Typed::Bytes(text.as_bytes().to_vec());
        let mut escape = Escape::new(Some(b'~'), true);
        let all = escape.filter(b"ls\r~R~C~#~v~V~\x1aid\r~B".to_vec());
        let expected = [
            bytes("ls\r"),
            Typed::Rekey,
            Typed::CommandLine,
            Typed::List,
            Typed::Louder,
            Typed::Quieter,
            Typed::Suspend,
            bytes("id\r"),
            Typed::Missing('B'),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn without_an_escape_character_every_byte_passes() {
        let typed = Escape::new(None, true).filter(b"~.\r~?".to_vec());
        assert_eq!(typed, [Typed::Bytes(b"~.\r~?".to_vec())]);
    }

    #[test]
    fn the_help_names_the_character_in_force_and_what_is_allowed() {
        let help = Escape::new(Some(b'~'), false).help();
        assert!(help.contains(" ~.   - terminate connection") && !help.contains("~C"), "{help}");
        let help = Escape::new(Some(0x1d), true).help();
        assert!(help.contains(" ^].   - terminate connection") && help.contains(" ^]C   - open"), "{help}");
    }
}
