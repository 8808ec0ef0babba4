//! Who asks the user: the terminal, or the program that `SSH_ASKPASS` names (`read_passphrase` in readpass.c).

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use term::ssh::Secret;
use zeroize::Zeroizing;

/// The longest answer that is read.
const LONGEST: u64 = 8 * 1024;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    Terminal,
    Program,
    Nobody,
}

impl Asker {
    /// Decides as ssh(1) does: by `SSH_ASKPASS_REQUIRE`, by whether a display is named, and by whether there is a
    /// terminal.
    pub(super) fn choose(require: Option<&str>, has_display: bool, has_terminal: bool) -> Self {
        let required = |word: &str| require.is_some_and(|require| require.eq_ignore_ascii_case(word));
        let allowed = (has_display || required("force")) && !required("never");
        if required("force") || (required("prefer") && has_display) {
            return Self::Program;
        }
        match (has_terminal, allowed) {
            (true, _) => Self::Terminal,
            (false, true) => Self::Program,
            (false, false) => Self::Nobody,
        }
    }
}

/// Runs the program and gives what it printed; `None` when it failed or the user closed it.
pub(super) fn ask(program: &Path, prompt: &str, confirm: bool) -> Option<Secret> {
    let mut command = Command::new(program);
    let _ = command.arg(prompt).stdin(Stdio::null()).stdout(Stdio::piped());
    if confirm {
        let _ = command.env("SSH_ASKPASS_PROMPT", "confirm");
    } else {
        let _ = command.env_remove("SSH_ASKPASS_PROMPT");
    }
    let mut child = command.spawn().map_err(|error| log::warn!("{}: {error}", program.display())).ok()?;
    let mut line = Zeroizing::new(Vec::new());
    let read = child.stdout.take().map(|output| BufReader::new(output.take(LONGEST)).read_until(b'\n', &mut line));
    let ended = child.wait().is_ok_and(|status| status.success());
    if !ended || !matches!(read, Some(Ok(_))) {
        return None;
    }
    let text = std::str::from_utf8(&line).ok()?;
    Some(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_who_asks_as_for_ssh() {
        for (require, display, terminal, expected) in [
            (None, false, true, Asker::Terminal),
            (None, true, true, Asker::Terminal),
            (None, true, false, Asker::Program),
            (None, false, false, Asker::Nobody),
            (Some("force"), false, true, Asker::Program),
            (Some("prefer"), true, true, Asker::Program),
            (Some("prefer"), false, true, Asker::Terminal),
            (Some("Never"), true, false, Asker::Nobody),
            (Some("never"), true, true, Asker::Terminal),
        ] {
            assert_eq!(Asker::choose(require, display, terminal), expected, "{require:?} {display} {terminal}");
        }
    }
}
