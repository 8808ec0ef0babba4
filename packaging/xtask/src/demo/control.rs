//! The window from outside: `tetherm ctl`, as a user's script would call it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{Error, io};

/// Asks a running window through its control socket.
#[derive(Debug)]
pub(super) struct Control {
    program: PathBuf,
    socket: PathBuf,
}

impl Control {
    pub(super) fn new(program: PathBuf, socket: PathBuf) -> Self {
        Self { program, socket }
    }

    /// What the front tab's screen shows.
    pub(super) fn text(&self) -> Result<String, Error> {
        self.ask(&["text"])
    }

    /// The state of every tab, in order: `connecting`, `open`, `closed` …
    pub(super) fn states(&self) -> Result<Vec<String>, Error> {
        let listing = self.ask(&["ls"])?;
        let windows: Value = serde_json::from_str(&listing)
            .map_err(|error| Error::Control { command: "ls".to_owned(), reason: format!("{error} in {listing}") })?;
        Ok(states(&windows))
    }

    fn ask(&self, command: &[&str]) -> Result<String, Error> {
        let output = Command::new(&self.program)
            .arg("ctl")
            .arg("--control")
            .arg(&self.socket)
            .args(command)
            .stdin(Stdio::null())
            .output()
            .map_err(io("running tetherm ctl"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::Control { command: command.join(" "), reason })
    }
}

fn states(listing: &Value) -> Vec<String> {
    let tabs = listing.get("windows").and_then(Value::as_array).into_iter().flatten();
    let tabs = tabs.filter_map(|window| window.get("tabs").and_then(Value::as_array)).flatten();
    tabs.filter_map(|tab| tab.get("state").and_then(Value::as_str)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_of_all_tabs_are_read_in_order() {
        let listing =
            serde_json::json!({"windows": [{"tabs": [{"state": "open"}, {"state": "closed"}]}, {"tabs": []}]});
        assert_eq!(states(&listing), ["open", "closed"]);
        assert!(states(&Value::Null).is_empty());
    }
}
