//! What a window answers to `tetherm ctl`.

use term::session::Ended;
use term::ssh::prompt::Question;

use super::Frame;
use crate::control::answer::{State, Tab as TabAnswer, Window as WindowAnswer};
use crate::tab::{self, Reason, Tab};

/// What is told of a window.
pub(super) fn window(frame: &Frame, focused: bool) -> WindowAnswer {
    let active = frame.tab().map(Tab::id);
    WindowAnswer {
        id: frame.number(),
        title: frame.title(),
        width: frame.size().width,
        height: frame.size().height,
        scale: frame.scale(),
        focused,
        tabs: frame.tabs().iter().map(|tab| describe(tab, active)).collect(),
    }
}

fn describe(tab: &Tab, active: Option<tab::Id>) -> TabAnswer {
    let size = tab.terminal().size();
    TabAnswer {
        id: tab.id().0,
        state: state(tab),
        title: tab.title().to_owned(),
        host: tab.address(),
        columns: size.columns,
        lines: size.lines,
        active: active == Some(tab.id()),
    }
}

fn state(tab: &Tab) -> State {
    match tab.state() {
        tab::State::Connecting(connecting) => match connecting.prompt() {
            Some(prompt) => State::Prompt { prompt: kind(prompt.question()).to_owned() },
            None => State::Connecting,
        },
        tab::State::Open(_) => State::Open,
        tab::State::Closed(reason) => State::Closed { reason: why(reason) },
    }
}

fn kind(question: &Question) -> &'static str {
    match question {
        Question::UnknownHostKey { .. } => "host-key",
        Question::Password { .. } => "password",
        Question::Passphrase { .. } => "passphrase",
        Question::KeyboardInteractive { .. } => "keyboard-interactive",
    }
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::Ended(Ended::Exited(status)) => format!("exited {status}"),
        Reason::Ended(Ended::Signalled(signal)) => format!("signalled {signal}"),
        other => other.headline(),
    }
}
