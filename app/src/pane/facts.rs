//! What a window may know of a pane.

use std::path::Path;
use std::sync::Arc;

use term::Terminal;
use term::session::Ended;

use super::{Id, Mark, Pane, Reason, Services, State, Target, secrecy};

impl Pane {
    /// Its identity.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// How it stands with it.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Where it leads.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What it was opened with, for another one.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Where it is connected to or tries to be, as `user@host`, with the port where it is not 22.
    #[must_use]
    pub fn address(&self) -> String {
        match &self.host {
            Some(host) if host.port == 22 => format!("{}@{}", host.user, host.host_name),
            Some(host) => format!("{}@{}:{}", host.user, host.host_name, host.port),
            None => self.target.destination.host.clone(),
        }
    }

    /// Its terminal.
    #[must_use]
    pub fn terminal(&self) -> &Arc<Terminal> {
        &self.terminal
    }

    /// What the tab bar calls it: the title that the remote side gave it, or the host.
    #[must_use]
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.target.name)
    }

    /// What the tab bar shows beside the title.
    #[must_use]
    pub fn mark(&self) -> Mark {
        match &self.state {
            State::Connecting(connecting) if connecting.prompt().is_some() => Mark::Asks,
            State::Connecting(_) => Mark::Connecting,
            State::Open(_) if self.rang => Mark::Rang,
            State::Open(_) => Mark::Open,
            State::Closed(_) => Mark::Closed,
        }
    }

    /// Whether closing it ends a shell, its X11 programs or a login that is under way.
    #[must_use]
    pub fn is_live(&self) -> bool {
        !matches!(self.state, State::Closed(_)) || self.programs.is_some()
    }

    /// Whether the terminal takes the keys.
    #[must_use]
    pub fn takes_keys(&self) -> bool {
        match &self.state {
            State::Open(_) => !self.strips.asks() && self.menu.is_none(),
            State::Connecting(_) => false,
            State::Closed(reason) => self.was_open && !reason.is_page(),
        }
    }

    /// Whether the program in it seems to ask for a secret.
    #[must_use]
    pub fn asks_secret(&self) -> bool {
        matches!(self.state, State::Open(_)) && secrecy::asks(&self.terminal.cursor_line())
    }

    /// Whether it is one of several panes that get what is typed in each of them.
    #[must_use]
    pub fn is_fed(&self) -> bool {
        self.feed.is_some()
    }

    /// Whether strips above the terminal wait for the user.
    #[must_use]
    pub fn has_strips(&self) -> bool {
        !matches!(self.state, State::Closed(_)) && self.strips.first().is_some()
    }

    /// Whether the bar that looks for text is open.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        self.find.is_some()
    }

    /// The file that its session is logged to, while it is.
    #[must_use]
    pub fn log_file(&self) -> Option<&Path> {
        self.log.path()
    }

    /// How the last shell ended, if it did.
    #[must_use]
    pub fn ended(&self) -> Option<&Ended> {
        match &self.state {
            State::Closed(Reason::Ended(ended)) => Some(ended),
            _ => None,
        }
    }
}
