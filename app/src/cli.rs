//! The command line: what `tetherm` was asked to do, and the commands that need no window.

pub mod config;
pub mod ctl;
pub mod doctor;
pub mod exec;
pub mod help;
pub mod options;
pub mod quick;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// What the program is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invocation {
    /// Open the window.
    Window {
        /// `--control`: the socket to listen at.
        control: Option<PathBuf>,
        /// The destination to open a tab for, as written: the name of a saved host, or what [`quick::parse`] reads.
        open: Option<String>,
    },
    /// `tetherm exec`, with what follows.
    Exec(Vec<String>),
    /// `tetherm config`, with what follows.
    Config(Vec<String>),
    /// `tetherm doctor`, with what follows.
    Doctor(Vec<String>),
    /// `tetherm ctl`, with what follows.
    Control(Vec<OsString>),
    /// Print this and end well.
    Print(&'static str),
}

/// Why a command line cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An option that is none.
    #[error("unknown option {0}; 'tetherm --help' lists what there is, 'tetherm exec' takes ssh's options")]
    UnknownOption(String),
    /// An option without its argument.
    #[error("{0} needs an argument; see 'tetherm --help'")]
    MissingArgument(&'static str),
    /// More than one destination.
    #[error("{0:?} follows the destination; 'tetherm exec' runs a command, quotes keep a name with blanks together")]
    Surplus(String),
    /// A destination that is none.
    #[error(transparent)]
    Destination(#[from] options::Error),
    /// Words that are not Unicode.
    #[error("{0:?} is not valid Unicode")]
    Unicode(OsString),
}

impl Invocation {
    /// Reads the words after the program's name.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        let mut words = words.into_iter().peekable();
        if words.next_if(|first| first == "ctl").is_some() {
            // File names need not be Unicode.
            return Ok(Self::Control(words.collect()));
        }
        let words: Vec<String> =
            words.map(|word| word.into_string().map_err(Error::Unicode)).collect::<Result<_, _>>()?;
        match words.split_first() {
            Some((first, rest)) if first == "exec" => Ok(Self::Exec(rest.to_vec())),
            Some((first, rest)) if first == "config" => Ok(Self::Config(rest.to_vec())),
            Some((first, rest)) if first == "doctor" => Ok(Self::Doctor(rest.to_vec())),
            _ => Self::window(words),
        }
    }

    fn window(words: Vec<String>) -> Result<Self, Error> {
        let (mut control, mut open) = (None, None);
        let mut only_words = false;
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--" if !only_words => only_words = true,
                "--help" | "-h" if !only_words => return Ok(Self::Print(help::MAIN)),
                "--version" | "-V" if !only_words => return Ok(Self::Print(help::VERSION)),
                "--control" if !only_words => {
                    control = Some(PathBuf::from(words.next().ok_or(Error::MissingArgument("--control"))?));
                }
                option if option.starts_with('-') && !only_words => match option.strip_prefix("--control=") {
                    Some("") => return Err(Error::MissingArgument("--control")),
                    Some(path) => control = Some(PathBuf::from(path)),
                    None => return Err(Error::UnknownOption(word)),
                },
                _ if open.is_some() => return Err(Error::Surplus(word)),
                _ => open = Some(word),
            }
        }
        Ok(Self::Window { control, open })
    }
}

/// Prints a text and a line end, if it has none.
#[must_use]
pub fn print(text: &str) -> ExitCode {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    // `tetherm --help | head -1` closes the pipe: that is no failure.
    let _ = write!(std::io::stdout(), "{text}{end}");
    ExitCode::SUCCESS
}

/// Prints a text on standard error as it is.
pub(crate) fn print_error(text: &str) -> std::io::Result<()> {
    std::io::stderr().write_all(text.as_bytes())
}

/// Says on standard error why nothing could be done.
pub fn complain(error: &dyn std::fmt::Display) {
    // There is nobody else to tell.
    let _ = writeln!(std::io::stderr(), "tetherm: {error}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Invocation, Error> {
        Invocation::parse(words.iter().map(OsString::from))
    }

    fn window(control: Option<&str>, open: Option<&str>) -> Result<Invocation, Error> {
        Ok(Invocation::Window { control: control.map(PathBuf::from), open: open.map(str::to_owned) })
    }

    #[test]
    fn every_way_to_start_is_understood() {
        assert_eq!(parse(&[]), window(None, None));
        assert_eq!(parse(&["me@host:22"]), window(None, Some("me@host:22")));
        assert_eq!(parse(&["--control", "/s", "host"]), window(Some("/s"), Some("host")));
        assert_eq!(parse(&["host", "--control=/s"]), window(Some("/s"), Some("host")));
        assert_eq!(parse(&["--", "exec"]), window(None, Some("exec")));
        assert_eq!(parse(&["exec", "-v", "h"]), Ok(Invocation::Exec(vec!["-v".into(), "h".into()])));
        assert_eq!(parse(&["config", "h"]), Ok(Invocation::Config(vec!["h".into()])));
        assert_eq!(parse(&["doctor", "h"]), Ok(Invocation::Doctor(vec!["h".into()])));
        assert_eq!(parse(&["ctl", "ls"]), Ok(Invocation::Control(vec!["ls".into()])));
        assert_eq!(parse(&["--version"]), Ok(Invocation::Print(help::VERSION)));
        assert_eq!(parse(&["host", "-h"]), Ok(Invocation::Print(help::MAIN)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert_eq!(parse(&["-p", "22"]), Err(Error::UnknownOption("-p".into())));
        assert_eq!(parse(&["--control"]), Err(Error::MissingArgument("--control")));
        assert_eq!(parse(&["--control="]), Err(Error::MissingArgument("--control")));
        assert_eq!(parse(&["host", "uptime"]), Err(Error::Surplus("uptime".into())));
    }
}
