//! Where a pane leads.

use term::ssh::{self, Config, Destination, Proxy};
use term::terminal::recording::Format;
use x11::Trust;

use super::session_log::{Place, Wanted};
use crate::store::settings::{self, LogSessions};
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
    /// How far X11 programs are trusted, where that is not left to `ForwardX11Trusted`.
    pub x11_trust: Option<Trust>,
    /// The local display for X11 programs where it is not `DISPLAY`.
    pub display: Option<String>,
    /// The proxy that the first connection is made through.
    pub proxy: Option<Proxy>,
    /// The name of the colour scheme that its terminal has, where it is not the window's.
    pub scheme: Option<String>,
    /// Whether its programs may write the clipboard; `None` asks.
    pub clipboard: Option<bool>,
    /// Whether its sessions are logged, where that is not as in the settings.
    pub log_sessions: Option<LogSessions>,
    /// The folder of their logs and the pattern of their names, where they are not those of the settings.
    pub log_place: (Option<String>, Option<String>),
    /// Whether `options` allow old algorithms.
    pub legacy: bool,
    /// The jump hosts on the way that old algorithms are offered to, each as [`ssh::Hop`] names it.
    pub legacy_jumps: Vec<String>,
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
        Self {
            name,
            destination,
            options,
            x11_trust: None,
            display: None,
            proxy: None,
            scheme: None,
            clipboard: None,
            log_sessions: None,
            log_place: (None, None),
            legacy: false,
            legacy_jumps: Vec::new(),
            saved: None,
        }
    }

    /// Offers old algorithms too, to a jump host or to the host itself, from the next attempt on.
    pub fn allow_legacy(&mut self, jump: Option<&str>) {
        if self.allows_legacy(jump) {
            return;
        }
        if let Some(jump) = jump {
            self.legacy_jumps.push(jump.to_owned());
        } else {
            self.legacy = true;
            self.options.extend(ssh::legacy::options());
        }
    }

    /// Whether a jump host, or the host itself, is offered old algorithms.
    #[must_use]
    pub fn allows_legacy(&self, jump: Option<&str>) -> bool {
        jump.map_or(self.legacy, |jump| self.legacy_jumps.iter().any(|known| known == jump))
    }

    /// What is to be logged of its sessions, and where; `settings` has the last word on what the host leaves open.
    #[must_use]
    pub fn wanted_log(&self, settings: &settings::Terminal) -> Wanted {
        let format = match self.log_sessions.unwrap_or(settings.log_sessions) {
            LogSessions::Off => None,
            LogSessions::Text => Some(Format::Text),
            LogSessions::Recording => Some(Format::Cast),
        };
        let (folder, name) = self.log_place.clone();
        let place = Place {
            folder: folder.unwrap_or_else(|| settings.log_folder.clone()),
            name: name.unwrap_or_else(|| settings.log_name.clone()),
        };
        Wanted { format, place, host: self.name.clone(), address: self.destination.to_string() }
    }

    /// The settings in force, from the user's and the system's `ssh_config`. Blocks on the disk.
    ///
    /// # Errors
    /// [`ssh::config::Error`] where a file or an option cannot be used.
    pub fn resolve(&self) -> Result<ssh::Host, ssh::config::Error> {
        let mut host = Config::load()?.reach(&self.destination, &self.options)?;
        host.x11_trust = self.x11_trust;
        if self.display.is_some() {
            host.display.clone_from(&self.display);
        }
        host.allow_legacy_jumps(&self.legacy_jumps);
        if let Some(proxy) = &self.proxy {
            host = host.through(proxy.clone());
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
            x11_trust: host.x11_trust_in_force(),
            display: host.display.clone(),
            // What is no proxy was refused when it was read.
            proxy: host.proxy.as_deref().and_then(|proxy| Proxy::parse(proxy).ok()),
            scheme: host.scheme.clone(),
            clipboard: host.clipboard_write,
            log_sessions: host.log_sessions,
            log_place: (host.log_folder.clone(), host.log_name.clone()),
            legacy: host.legacy_algorithms,
            legacy_jumps: host.legacy_jumps.clone(),
            saved: Some(host.id.clone()),
        }
    }
}
