//! A line that ssh_config(5) does not allow, and what is said of it: here, and by ssh(1).

use std::path::PathBuf;

/// A line, or an option, that ssh_config(5) does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The file, or `command-line`.
    pub path: PathBuf,
    /// The line, counted from 1; 0 for an option of the command line.
    pub line: usize,
    /// What is wrong with it and what would be right.
    pub wrong: Wrong,
}

/// What is wrong with a line. `Display` adds what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// OpenSSH's words, without the place.
    message: String,
    /// What would be right, where that is not obvious.
    hint: Option<String>,
    beside: Beside,
    /// OpenSSH does not say where.
    is_placeless: bool,
    /// OpenSSH reads no further.
    is_last: bool,
}

/// What OpenSSH says besides.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Beside {
    Nothing,
    /// A line before.
    Before(String),
    /// A line after, with the place.
    After(String),
    /// This in place of it all.
    Instead(String),
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Self { message, hint: None, beside: Beside::Nothing, is_placeless: false, is_last: false }
    }
}

impl From<&str> for Wrong {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}

impl Wrong {
    /// With what would be right.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With what OpenSSH says before.
    pub(super) fn preceded_by(self, before: String) -> Self {
        Self { beside: Beside::Before(before), ..self }
    }

    /// With what OpenSSH says after.
    pub(super) fn followed_by(self, then: &str) -> Self {
        Self { beside: Beside::After(then.to_owned()), ..self }
    }

    /// With what OpenSSH says in place of all this.
    pub(super) fn instead(self, words: String) -> Self {
        Self { beside: Beside::Instead(words), ..self }
    }

    /// Without the place.
    pub(super) fn placeless(self) -> Self {
        Self { is_placeless: true, ..self }
    }

    /// The last line that OpenSSH reads.
    pub(super) fn last(self) -> Self {
        Self { is_last: true, ..self }
    }

    /// Whether OpenSSH reads no further.
    pub(super) fn is_last(&self) -> bool {
        self.is_last
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.hint, &self.beside) {
            (Some(hint), _) => write!(f, "{}{hint}", self.message.trim_end_matches('.')),
            // What the system's own functions say is about the same, and less clear.
            (None, Beside::Before(before)) if !self.message.ends_with('.') => write!(f, "{}: {before}", self.message),
            (None, _) => f.write_str(&self.message),
        }
    }
}

impl std::fmt::Display for BadLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: line {}: {}", self.path.display(), self.line, self.wrong)
    }
}

impl BadLine {
    /// What ssh(1) says of it.
    #[must_use]
    pub fn words(&self) -> String {
        let Wrong { message, beside, is_placeless, .. } = &self.wrong;
        let place = |colon| format!("{}{colon} line {}: ", self.path.display(), self.line);
        // Of all its messages one alone has a colon here.
        let colon = if message.starts_with("Bad configuration option") { ":" } else { "" };
        let words = format!("{}{message}", if *is_placeless { String::new() } else { place(colon) });
        match beside {
            Beside::Nothing => words,
            // Of what is said before, this alone has a place.
            Beside::Before(before) if before.starts_with('\'') => format!("{}{before}\n{words}", place("")),
            Beside::Before(before) => format!("{before}\n{words}"),
            Beside::After(after) => format!("{words}\n{}{after}", place("")),
            Beside::Instead(words) => words.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_for_people_and_what_openssh_says_besides_is_for_scripts() {
        let line = |wrong| BadLine { path: "/c".into(), line: 3, wrong };
        let hinted = line(Wrong::from("Bad port 'x'.").hint("; a port is a number"));
        assert_eq!(hinted.to_string(), "/c: line 3: Bad port 'x'; a port is a number");
        assert_eq!(hinted.words(), "/c line 3: Bad port 'x'.");
        let before = line(Wrong::from("Bad Match condition").preceded_by("Missing Match criteria for host".to_owned()));
        assert_eq!(before.to_string(), "/c: line 3: Bad Match condition: Missing Match criteria for host");
        assert_eq!(before.words(), "Missing Match criteria for host\n/c line 3: Bad Match condition");
        let unknown = line(Wrong::from("Bad configuration option: x").followed_by("invalid quotes"));
        assert_eq!(unknown.words(), "/c: line 3: Bad configuration option: x\n/c line 3: invalid quotes");
    }
}
