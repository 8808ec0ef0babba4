//! What is chosen in the form with one press.

use term::ssh::host::{RequestTty, SessionType};
use x11::Trust;

use super::input::Input;
use crate::store::settings::LogSessions;

/// A choice; `None` leaves it to the settings or to `~/.ssh/config`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The colour scheme.
    Scheme(Option<String>),
    /// Whether X11 programs are shown.
    ForwardX11(bool),
    /// How far X11 programs are trusted.
    X11Trust(Trust),
    /// Whether the agent may be used from there.
    ForwardAgent(Option<bool>),
    /// Whether a Kerberos ticket logs in.
    Kerberos(Option<Kerberos>),
    /// What is started at the other end.
    SessionType(Option<SessionType>),
    /// Whether it gets a terminal.
    RequestTty(Option<RequestTty>),
    /// Whether old algorithms are offered.
    LegacyAlgorithms(bool),
    /// This jump host is not to be offered them any more.
    ForbidLegacyJump(String),
    /// Whether programs may write the clipboard; `None` asks.
    ClipboardWrite(Option<bool>),
    /// Whether sessions are logged.
    Log(Option<LogSessions>),
}

/// What a Kerberos ticket is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kerberos {
    /// Nothing.
    Off,
    /// Logging in.
    LogIn,
    /// Logging in, and then by the programs there.
    HandOn,
}

impl Kerberos {
    /// What stands in a host's `GSSAPIAuthentication` and `GSSAPIDelegateCredentials`.
    pub(super) fn of(settings: (Option<bool>, Option<bool>)) -> Option<Self> {
        Some(match settings {
            (None, _) => return None,
            (Some(false), _) => Self::Off,
            (Some(true), Some(true)) => Self::HandOn,
            (Some(true), _) => Self::LogIn,
        })
    }

    fn settings(self) -> (Option<bool>, Option<bool>) {
        match self {
            Self::Off => (Some(false), None),
            Self::LogIn => (Some(true), Some(false)),
            Self::HandOn => (Some(true), Some(true)),
        }
    }
}

impl Choice {
    /// Takes it into the form.
    pub(super) fn apply(self, input: &mut Input) {
        match self {
            Self::Scheme(name) => input.scheme = name,
            Self::ForwardX11(on) => input.forward_x11 = Some(on),
            Self::X11Trust(trust) => input.x11_trust = Some(trust),
            Self::ForwardAgent(on) => input.forward_agent = on,
            Self::Kerberos(purpose) => input.kerberos = purpose.map_or((None, None), Kerberos::settings),
            Self::SessionType(kind) => input.session_type = kind,
            Self::RequestTty(wanted) => input.request_tty = wanted,
            Self::LegacyAlgorithms(on) => input.legacy_algorithms = on,
            Self::ForbidLegacyJump(jump) => input.legacy_jumps.retain(|known| *known != jump),
            Self::ClipboardWrite(allowed) => input.clipboard_write = allowed,
            Self::Log(log) => input.log_sessions = log,
        }
    }
}
