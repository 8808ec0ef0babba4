//! What is chosen in the form with one press.

use term::ssh::host::{RequestTty, SessionType};

use super::input::Input;
use crate::store::settings::LogSessions;

/// A choice; `None` leaves it to the settings or to `~/.ssh/config`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The colour scheme.
    Scheme(Option<String>),
    /// Whether X11 programs are shown.
    ForwardX11(bool),
    /// Whether the agent may be used from there.
    ForwardAgent(Option<bool>),
    /// What is started at the other end.
    SessionType(Option<SessionType>),
    /// Whether it gets a terminal.
    RequestTty(Option<RequestTty>),
    /// Whether old algorithms are offered.
    LegacyAlgorithms(bool),
    /// Whether programs may write the clipboard; `None` asks.
    ClipboardWrite(Option<bool>),
    /// Whether sessions are logged.
    Log(Option<LogSessions>),
}

impl Choice {
    /// Takes it into the form.
    pub(super) fn apply(self, input: &mut Input) {
        match self {
            Self::Scheme(name) => input.scheme = name,
            Self::ForwardX11(on) => input.forward_x11 = Some(on),
            Self::ForwardAgent(on) => input.forward_agent = on,
            Self::SessionType(kind) => input.session_type = kind,
            Self::RequestTty(wanted) => input.request_tty = wanted,
            Self::LegacyAlgorithms(on) => input.legacy_algorithms = on,
            Self::ClipboardWrite(allowed) => input.clipboard_write = allowed,
            Self::Log(log) => input.log_sessions = log,
        }
    }
}
