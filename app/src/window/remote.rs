//! What the windows answer to `tetherm ctl`.

use iced::{Task, window};
use term::session::Ended;
use term::ssh::prompt::Question;

use super::{Frame, Message, Window};
use crate::control::answer::{Pane as PaneAnswer, State, Tab as TabAnswer, Window as WindowAnswer};
use crate::control::{Answer, Call, Listing, Request};
use crate::pane::{self, Pane, Reason};
use crate::tab::{self, Tab};

impl Window {
    /// Answers a call through the control socket.
    pub(super) fn control(&mut self, call: &Call) -> Task<Message> {
        let answer = match &call.request {
            Request::Ls => {
                let windows = self.frames.iter().map(|(id, frame)| describe_window(frame, self.front == Some(*id)));
                Answer::Listing(Listing { windows: windows.collect() })
            }
            Request::Text { tab } => match self.pane(*tab) {
                Ok(pane) => Answer::Text(pane.terminal().visible_text()),
                Err(refusal) => refusal,
            },
            Request::Send { tab, text } => match self.pane(*tab) {
                Ok(pane) if matches!(pane.state(), pane::State::Open(_)) => {
                    pane.write(text.as_bytes());
                    Answer::Sent
                }
                Ok(_) => Answer::Refused("no shell runs in that tab; wait until its state is open".to_owned()),
                Err(refusal) => refusal,
            },
            Request::Open { destination } => return self.open_by_call(call, destination),
            Request::Screenshot { window } => return self.photograph(call, *window),
        };
        call.reply.answer(answer);
        Task::none()
    }

    /// The pane with this number, or the one with the keyboard in the tab with this number.
    fn pane(&self, id: Option<u64>) -> Result<&Pane, Answer> {
        let tabs = || self.frames.values().flat_map(Frame::tabs);
        let found = match id {
            Some(id) => tabs()
                .find(|tab| tab.id().0 == id)
                .map(Tab::pane)
                .or_else(|| tabs().flat_map(Tab::panes).find(|pane| pane.id().0 == id)),
            None => self.front().and_then(|(_, frame)| frame.tab()).map(Tab::pane),
        };
        found.ok_or_else(|| Answer::Refused("there is no such tab; 'tetherm ctl ls' lists them".to_owned()))
    }

    fn open_by_call(&mut self, call: &Call, destination: &str) -> Task<Message> {
        let id = self.front().map(|(id, _)| id);
        let target = self.library.target(destination);
        match (target, id.and_then(|id| self.frames.get_mut(&id).map(|frame| (id, frame)))) {
            (Ok(target), Some((id, frame))) => {
                let task = frame.open(target).map(move |message| Message::Frame(id, message));
                let opened = frame.tab().map_or(0, |tab| tab.id().0);
                call.reply.answer(Answer::Opened { tab: opened });
                task
            }
            (Err(error), _) => {
                call.reply.answer(Answer::Refused(error.to_string()));
                Task::none()
            }
            (_, None) => {
                call.reply.answer(Answer::Refused("there is no window".to_owned()));
                Task::none()
            }
        }
    }

    fn photograph(&self, call: &Call, number: Option<u64>) -> Task<Message> {
        let found = match number {
            Some(number) => self.frames.iter().find(|(_, frame)| frame.number() == number).map(|(id, _)| *id),
            None => self.front().map(|(id, _)| id),
        };
        let Some(id) = found else {
            let refusal = "there is no such window; 'tetherm ctl ls' lists them".to_owned();
            call.reply.answer(Answer::Refused(refusal));
            return Task::none();
        };
        let reply = call.reply.clone();
        let answer = move |picture: window::Screenshot| {
            let (width, height) = (picture.size.width, picture.size.height);
            reply.answer(Answer::Screenshot { width, height, rgba: picture.rgba.to_vec() });
        };
        window::screenshot(id).map(answer).discard()
    }
}

/// What is told of a window.
fn describe_window(frame: &Frame, focused: bool) -> WindowAnswer {
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
        Question::AddressKeyDiffers { .. } => "address-key",
        Question::Password { .. } => "password",
        Question::ProxyPassword { .. } => "proxy-password",
        Question::Passphrase { .. } => "passphrase",
        Question::KeyboardInteractive { .. } => "keyboard-interactive",
        Question::UpdatedHostKeys { .. } => "updated-host-keys",
        Question::AddKeyToAgent { .. } => "add-key-to-agent",
    }
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::Ended(Ended::Exited(status)) => format!("exited {status}"),
        Reason::Ended(Ended::Interrupted) => "interrupted".to_owned(),
        Reason::Ended(Ended::Signalled(signal)) => format!("signalled {signal}"),
        other => other.headline(),
    }
}
