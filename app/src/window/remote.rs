//! What a window answers to `tetherm ctl`.

use term::session::Ended;
use term::ssh::prompt::Question;

use super::Frame;
use crate::control::answer::{Pane as PaneAnswer, State, Tab as TabAnswer, Window as WindowAnswer};
use crate::pane::{self, Pane, Reason};
use crate::tab::{self, Tab};

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
    let focused = describe_pane(tab.pane(), tab);
    TabAnswer {
        id: tab.id().0,
        state: focused.state,
        title: tab.title().to_owned(),
        host: focused.host,
        columns: focused.columns,
        lines: focused.lines,
        active: active == Some(tab.id()),
        panes: tab.panes().map(|pane| describe_pane(pane, tab)).collect(),
    }
}

fn describe_pane(pane: &Pane, tab: &Tab) -> PaneAnswer {
    let size = pane.terminal().size();
    PaneAnswer {
        id: pane.id().0,
        state: state(pane),
        title: pane.title().to_owned(),
        host: pane.address(),
        columns: size.columns,
        lines: size.lines,
        focused: tab.pane().id() == pane.id(),
    }
}

fn state(pane: &Pane) -> State {
    match pane.state() {
        pane::State::Connecting(connecting) => match connecting.prompt() {
            Some(prompt) => State::Prompt { prompt: kind(prompt.question()).to_owned() },
            None => State::Connecting,
        },
        pane::State::Open(_) => State::Open,
        pane::State::Closed(reason) => State::Closed { reason: why(reason) },
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
