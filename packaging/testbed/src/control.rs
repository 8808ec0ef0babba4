//! A running window from outside: `tetherm ctl`, as a user's script would call it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::deadline::{Deadline, Expired};

/// Why the window was not asked or gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program could not be started.
    #[error("cannot run {program} ctl: {error}")]
    Run {
        /// The program.
        program: PathBuf,
        /// The operating system's reason.
        error: std::io::Error,
    },
    /// The window is not there, or said no.
    #[error("ctl {command} failed: {reason}")]
    Refused {
        /// The command.
        command: String,
        /// What the program said.
        reason: String,
    },
    /// The answer is not the JSON that it should be.
    #[error("ctl ls answered something else than its JSON: {0}")]
    Malformed(String),
    /// The window did not come to what was waited for.
    #[error("{expired}; the tabs: {tabs}; the active one shows:\n{text}")]
    Expired {
        /// What was waited for.
        expired: Expired,
        /// The tabs as they are.
        tabs: String,
        /// What the active tab shows.
        text: String,
    },
}

/// A tab as `ctl ls` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its id.
    pub id: u64,
    /// `connecting`, `prompt`, `open` or `closed`.
    pub state: String,
    /// What a `prompt` asks for: `host-key`, `password` …; empty in other states.
    pub prompt: String,
    /// Why it is `closed`; empty in other states.
    pub reason: String,
    /// What the tab bar shows.
    pub title: String,
    /// Columns of its terminal.
    pub columns: u64,
    /// Lines of its terminal.
    pub lines: u64,
    /// Whether it is the one that the window shows.
    pub active: bool,
    /// Its panes, oldest first.
    pub panes: Vec<Pane>,
}

/// A pane of a tab, as `ctl ls` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pane {
    /// Its id.
    pub id: u64,
    /// As [`Tab::state`].
    pub state: String,
    /// Columns of its terminal.
    pub columns: u64,
    /// Lines of its terminal.
    pub lines: u64,
    /// Whether it has the tab's keyboard.
    pub focused: bool,
}

/// Asks a window through its control socket.
#[derive(Debug, Clone)]
pub struct Control {
    program: PathBuf,
    socket: PathBuf,
}

impl Control {
    /// For the window of `program` that was started with `--control socket`.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, socket: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), socket: socket.into() }
    }

    /// Where the window listens.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Runs one command, such as `["open", "example.org"]`, and returns what it printed.
    ///
    /// # Errors
    /// [`Error::Run`] and [`Error::Refused`].
    pub fn ask<S: AsRef<OsStr>>(&self, command: &[S]) -> Result<String, Error> {
        let output = Command::new(&self.program)
            .args([OsStr::new("ctl"), OsStr::new("--control"), self.socket.as_os_str()])
            .args(command)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Error::Run { program: self.program.clone(), error })?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let words: Vec<_> = command.iter().map(|word| word.as_ref().to_string_lossy()).collect();
        let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::Refused { command: words.join(" "), reason })
    }

    /// What the active tab's screen shows.
    ///
    /// # Errors
    /// [`Error::Refused`] also when there is no tab.
    pub fn text(&self) -> Result<String, Error> {
        self.ask(&["text"])
    }

    /// The tabs of all windows, in order.
    ///
    /// # Errors
    /// [`Error::Refused`] and [`Error::Malformed`].
    pub fn tabs(&self) -> Result<Vec<Tab>, Error> {
        let listing = self.ask(&["ls"])?;
        serde_json::from_str(&listing).ok().and_then(|listing| read(&listing)).ok_or(Error::Malformed(listing))
    }

    /// Waits until the window listens at its socket.
    ///
    /// # Errors
    /// [`Error::Expired`].
    pub fn wait_until_ready(&self, deadline: Deadline) -> Result<(), Error> {
        self.wait(deadline, "the window's control socket", |control| control.ask(&["ls"]).is_ok())
    }

    /// Waits until `condition` holds of the tabs.
    ///
    /// # Errors
    /// [`Error::Expired`], with the tabs as they are instead.
    pub fn wait_for_tabs(
        &self,
        deadline: Deadline,
        what: &str,
        condition: impl Fn(&[Tab]) -> bool,
    ) -> Result<(), Error> {
        self.wait(deadline, what, |control| control.tabs().is_ok_and(|tabs| condition(&tabs)))
    }

    /// Waits until the active tab shows `text`. Line ends and blanks are left out of the comparison, for a terminal wraps
    /// what is longer than a line. The echo of what is typed counts as well: wait for words that no command holds as such.
    ///
    /// # Errors
    /// [`Error::Expired`], with what it shows instead.
    pub fn wait_for_text(&self, deadline: Deadline, text: &str) -> Result<(), Error> {
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        let wanted = dense(text);
        self.wait(deadline, &format!("'{text}' in the terminal"), |control| {
            control.text().is_ok_and(|shown| dense(&shown).contains(&wanted))
        })
    }

    fn wait(&self, deadline: Deadline, what: &str, condition: impl Fn(&Self) -> bool) -> Result<(), Error> {
        deadline.wait_until(what, || condition(self)).map_err(|expired| Error::Expired {
            expired,
            tabs: self.tabs().map_or_else(|error| error.to_string(), |tabs| format!("{tabs:?}")),
            text: self.text().unwrap_or_else(|error| error.to_string()),
        })
    }
}

fn read(listing: &Value) -> Option<Vec<Tab>> {
    let windows = listing.get("windows")?.as_array()?;
    let tabs = windows.iter().map(|window| window.get("tabs").and_then(Value::as_array));
    tabs.collect::<Option<Vec<_>>>()?.into_iter().flatten().map(read_tab).collect()
}

fn read_tab(tab: &Value) -> Option<Tab> {
    let text = |name: &str| tab.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| tab.get(name).and_then(Value::as_u64);
    Some(Tab {
        id: number("id")?,
        state: text("state")?,
        prompt: text("prompt").unwrap_or_default(),
        reason: text("reason").unwrap_or_default(),
        title: text("title")?,
        columns: number("columns")?,
        lines: number("lines")?,
        active: tab.get("active")?.as_bool()?,
        panes: tab
            .get("panes")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(read_pane)
            .collect::<Option<_>>()?,
    })
}

fn read_pane(pane: &Value) -> Option<Pane> {
    let number = |name: &str| pane.get(name).and_then(Value::as_u64);
    Some(Pane {
        id: number("id")?,
        state: pane.get("state").and_then(Value::as_str)?.to_owned(),
        columns: number("columns")?,
        lines: number("lines")?,
        focused: pane.get("focused")?.as_bool()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tabs_of_all_windows_are_read_in_order() {
        let tab = |id: u64, state: &str| serde_json::json!({"id": id, "state": state, "title": "t", "columns": 80, "lines": 24, "active": id == 2});
        let listing = serde_json::json!({"windows": [{"tabs": [tab(1, "open"), tab(2, "closed")]}, {"tabs": []}]});
        let tabs = read(&listing).unwrap();
        let states: Vec<_> = tabs.iter().map(|tab| (tab.id, tab.state.as_str(), tab.active)).collect();
        assert_eq!(states, [(1, "open", false), (2, "closed", true)]);
        assert_eq!(read(&serde_json::json!({"windows": [{}]})), None);
    }

    #[test]
    fn a_program_that_refuses_is_quoted() {
        let error = Control::new("ls", "socket").ask(&["text"]).unwrap_err().to_string();
        assert!(error.starts_with("ctl text failed: ") && error.contains("--control"), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = Control::new("/nowhere/tetherm", "socket").tabs().unwrap_err().to_string();
        assert!(error.contains("/nowhere/tetherm"), "{error}");
    }
}
