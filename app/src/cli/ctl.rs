//! `tetherm ctl`: drives a running window.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use base64::Engine as _;

use crate::control::{self, Client, Request};

/// What `tetherm ctl --help` prints.
pub const HELP: &str = "\
Drives a running window that was started with: tetherm --control PATH

Usage: tetherm ctl [--control PATH] COMMAND

Commands:
  ls                            Windows, tabs and panes as JSON: id, state, title, size
  text [TAB]                    What a tab's screen shows
  send [TAB] TEXT               Types TEXT into a tab, as it is; - reads it from standard input
  open DESTINATION              Opens a tab; prints its id
  screenshot [--window ID] FILE Writes a picture of a window as PNG; - is standard output

TAB and ID are ids that ls tells; without one the active tab of the focused window is meant.
A pane's id may stand for TAB; the id of a tab means its pane with the keyboard.

Options:
  --control PATH                The window's socket; without it the variable TETHERM_CONTROL names it
  -h, --help                    Prints this

Exit status: 0 done, 1 not done, 2 a wrong command line.

To press Enter, send a carriage return: tetherm ctl send $'uname -a\\r'
";

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line makes no sense.
    #[error("tetherm ctl: {0}\nTry: tetherm ctl --help")]
    Usage(String),
    /// The window could not be asked, or said no.
    #[error("tetherm ctl: {0}")]
    Control(#[from] control::Error),
    /// The answer is not what was asked for.
    #[error("tetherm ctl: the window answered something else; is it of another version?")]
    Unexpected,
    /// Something could not be read or written.
    #[error("tetherm ctl: {what}: {source}")]
    Io {
        /// What.
        what: String,
        /// What the system says.
        source: io::Error,
    },
}

/// A command line.
#[derive(Debug, PartialEq, Eq)]
enum Command {
    Help,
    Ask { control: Option<PathBuf>, request: Request, output: Output },
}

/// Where an answer goes.
#[derive(Debug, PartialEq, Eq)]
enum Output {
    Nowhere,
    Json,
    Text,
    TabId,
    Picture(PathBuf),
}

/// Runs `tetherm ctl` with what follows these two words on the command line.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let done = parse(arguments).and_then(|command| perform(command, &mut io::stdout().lock()));
    let Err(error) = done else { return ExitCode::SUCCESS };
    // The window's words may hold what a server said.
    let text: String =
        error.to_string().chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect();
    let _nobody_reads = writeln!(io::stderr().lock(), "{text}");
    ExitCode::from(if matches!(error, Error::Usage(_)) { 2 } else { 1 })
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Error> {
    let mut control = None;
    let mut window = None;
    let mut words = Vec::new();
    let mut arguments = arguments.into_iter();
    let mut options = true;
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        match text.as_str() {
            "-h" | "--help" if options => return Ok(Command::Help),
            "--control" if options => control = Some(value(&mut arguments, "--control needs a path")?),
            "--window" if options => window = Some(id(&value(&mut arguments, "--window needs an id")?)?),
            "--" if options => options = false,
            _ if options && text.starts_with("--control=") => {
                control = Some(text.trim_start_matches("--control=").into());
            }
            // What is sent may begin with a dash.
            _ if options && text.len() > 1 && text.starts_with('-') && !is_send(&words) => {
                return Err(Error::Usage(format!("there is no option {text}")));
            }
            _ => words.push(argument),
        }
    }
    let (request, output) = request(&words, window)?;
    if window.is_some() && !matches!(output, Output::Picture(_)) {
        return Err(Error::Usage("--window is for screenshot only".to_owned()));
    }
    Ok(Command::Ask { control: control.map(PathBuf::from), request, output })
}

fn value(arguments: &mut impl Iterator<Item = OsString>, missing: &str) -> Result<OsString, Error> {
    arguments.next().filter(|value| !value.is_empty()).ok_or_else(|| Error::Usage(missing.to_owned()))
}

fn is_send(words: &[OsString]) -> bool {
    words.first().is_some_and(|word| word == "send")
}

fn id(word: &OsStr) -> Result<u64, Error> {
    let text = word.to_string_lossy();
    text.parse().map_err(|_| Error::Usage(format!("{text} is no id; tetherm ctl ls tells the ids")))
}

fn request(words: &[OsString], window: Option<u64>) -> Result<(Request, Output), Error> {
    let text = |word: &OsString| {
        word.clone().into_string().map_err(|word| Error::Usage(format!("{} is not UTF-8", word.display())))
    };
    let Some((command, rest)) = words.split_first() else {
        return Err(Error::Usage("a command is missing".to_owned()));
    };
    Ok(match (command.to_string_lossy().as_ref(), rest) {
        ("ls", []) => (Request::Ls, Output::Json),
        ("text", []) => (Request::Text { tab: None }, Output::Text),
        ("text", [tab]) => (Request::Text { tab: Some(id(tab)?) }, Output::Text),
        ("send", [words]) => (Request::Send { tab: None, text: text(words)? }, Output::Nowhere),
        ("send", [tab, words]) => (Request::Send { tab: Some(id(tab)?), text: text(words)? }, Output::Nowhere),
        ("open", [destination]) => (Request::Open { destination: text(destination)? }, Output::TabId),
        ("screenshot", [file]) => (Request::Screenshot { window }, Output::Picture(file.into())),
        (name @ ("ls" | "text" | "send" | "open" | "screenshot"), _) => {
            return Err(Error::Usage(format!("{name} takes other arguments than these {}", rest.len())));
        }
        (name, _) => return Err(Error::Usage(format!("there is no command {name}"))),
    })
}

fn perform(command: Command, out: &mut impl Write) -> Result<(), Error> {
    let (control, mut request, output) = match command {
        Command::Help => return write(out, HELP.as_bytes()),
        Command::Ask { control, request, output } => (control, request, output),
    };
    if let Request::Send { text, .. } = &mut request
        && text == "-"
    {
        text.clear();
        let read = io::stdin().lock().read_to_string(text);
        let _bytes = read.map_err(|source| Error::Io { what: "standard input".to_owned(), source })?;
    }
    let from_environment = || std::env::var_os("TETHERM_CONTROL").filter(|path| !path.is_empty()).map(PathBuf::from);
    let path = control.or_else(from_environment).ok_or_else(|| {
        Error::Usage("which window? Name its socket with --control PATH or in the variable TETHERM_CONTROL".to_owned())
    })?;
    let answer = Client::connect(&path)?.ask(&request)?;
    show(&answer, &output, out)
}

fn show(answer: &serde_json::Value, output: &Output, out: &mut impl Write) -> Result<(), Error> {
    match output {
        Output::Nowhere => Ok(()),
        Output::Json => write(out, format!("{answer:#}\n").as_bytes()),
        Output::Text => write(out, answer.as_str().ok_or(Error::Unexpected)?.as_bytes()),
        Output::TabId => {
            let tab = answer.get("tab").and_then(serde_json::Value::as_u64).ok_or(Error::Unexpected)?;
            write(out, format!("{tab}\n").as_bytes())
        }
        Output::Picture(file) => {
            let encoded = answer.get("png").and_then(serde_json::Value::as_str).ok_or(Error::Unexpected)?;
            let png = base64::engine::general_purpose::STANDARD.decode(encoded).map_err(|_| Error::Unexpected)?;
            if file.as_os_str() == "-" {
                return write(out, &png);
            }
            std::fs::write(file, png).map_err(|source| Error::Io { what: file.display().to_string(), source })
        }
    }
}

fn write(out: &mut impl Write, bytes: &[u8]) -> Result<(), Error> {
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|source| Error::Io { what: "standard output".to_owned(), source })
}

#[cfg(test)]
mod tests;
