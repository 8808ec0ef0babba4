//! What programs of the user's say while a connection is made.

use crate::ssh::visible::Visible;

/// How much of a line is shown, in bytes.
const LINE: usize = 500;

/// How many lines of one program are shown; what it says beyond helps nobody.
const LINES: usize = 50;

/// A line, or a piece of a long one, that a program of the user's wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The keyword of ssh_config(5) that names the program.
    pub program: &'static str,
    /// Whether it was written to standard output, and not to standard error.
    pub output: bool,
    /// As it was written, with its line end.
    pub bytes: Vec<u8>,
    /// How many were written before.
    pub before: usize,
}

impl Said {
    /// The line without its end, control characters made visible; empty where nothing is to be seen.
    #[must_use]
    pub fn line(&self) -> String {
        Visible::line(String::from_utf8_lossy(&self.bytes).trim_end(), LINE).to_string()
    }

    /// What a window shows of it; nothing of empty lines, nor of those after many.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        let line = self.line();
        (self.before < LINES && !line.is_empty()).then(|| format!("{}: {line}", self.program))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_the_first_lines_with_their_controls_in_sight() {
        let said = |bytes: &[u8], before| Said { program: "ProxyCommand", output: false, bytes: bytes.into(), before };
        assert_eq!(said(b"no\x1b[2Jway\r\n", 0).notice().as_deref(), Some("ProxyCommand: no\\033[2Jway"));
        assert_eq!(said(b"\n", 0).notice(), None);
        assert_eq!(said(b"more\n", LINES).notice(), None);
    }
}
