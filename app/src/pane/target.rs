//! Where a pane leads.

use term::ssh::{self, Config, Destination};

use crate::store::{self, host};

/// Where a pane leads: what was typed or saved, before `ssh_config` has its say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What the pane is called until the remote side gives it a title.
    pub name: String,
    /// The destination.
    pub destination: Destination,
    /// `Keyword=value` options of ssh_config(5) that win over the configuration files.
    pub options: Vec<String>,
    /// The local display for X11 programs where it is not `DISPLAY`.
    pub display: Option<String>,
    /// The name of the colour scheme that its terminal has, where it is not the window's.
    pub scheme: Option<String>,
    /// Whether its programs may write the clipboard; `None` asks.
    pub clipboard: Option<bool>,
    /// The saved host it came from.
    pub saved: Option<host::Id>,
}

impl Target {
    /// A destination as typed.
    #[must_use]
    pub fn typed(destination: Destination, options: Vec<String>) -> Self {
        let name = match &destination.user {
            Some(user) => format!("{user}@{}", destination.host),
            None => destination.host.clone(),
        };
        Self { name, destination, options, display: None, scheme: None, clipboard: None, saved: None }
    }

    /// The settings in force, from the user's and the system's `ssh_config`. Blocks on the disk.
    ///
    /// # Errors
    /// [`ssh::config::Error`] where a file or an option cannot be used.
    pub fn resolve(&self) -> Result<ssh::Host, ssh::config::Error> {
        let mut host = Config::load()?.resolve(&self.destination, &self.options)?;
        if self.display.is_some() {
            host.display.clone_from(&self.display);
        }
        // A pane has to notice a network that went away; ssh_config's defaults leave that to the system.
        Ok(host.for_window())
    }
}

impl From<&store::Host> for Target {
    fn from(host: &store::Host) -> Self {
        Self {
            name: host.name.clone(),
            destination: host.destination(),
            options: host.options(),
            display: host.display.clone(),
            scheme: host.scheme.clone(),
            clipboard: host.clipboard_write,
            saved: Some(host.id.clone()),
        }
    }
}
