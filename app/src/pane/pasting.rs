//! Pastes: fetched, looked at, asked about where that is wanted, sent, and broken off.

use std::sync::Arc;
use std::time::Duration;

use iced::Task;
use term::terminal::Scroll;

use super::{Action, Message, Pane, State, strip};
use crate::clipboard::{self, Selection};
use crate::store::settings::{self, PasteGuard};
use crate::widget::terminal::paste::{Clip, Prepared};

/// From so many bytes on a paste is told of while it is under way, and can be broken off.
pub(super) const LONG: usize = 64 * 1024;

/// How often it is told how far a paste is.
const PACE: Duration = Duration::from_millis(200);

impl Pane {
    /// Sends a text to the shell as if it were typed, or asks first.
    pub(super) fn paste(&mut self, clip: Arc<Clip>) -> Action {
        if clip.is_empty() || !matches!(self.state, State::Open(_)) {
            return Action::None;
        }
        let mut modes = self.terminal.modes();
        // Where it runs line by line in one of the panes that get it, it is to be looked at first.
        modes.bracketed_paste &= self.feed.as_ref().is_none_or(|feed| feed.is_bracketed());
        let action = self.strips.paste(clip, modes, self.services.settings.paste_guard);
        match action {
            strip::Action::Paste { clip, one_line, never } => self.send(&clip, one_line, never),
            _ => Action::None,
        }
    }

    /// Sends a text that may be sent.
    pub(super) fn send(&mut self, clip: &Clip, one_line: bool, never: bool) -> Action {
        let State::Open(session) = &self.state else { return Action::None };
        if let Some(feed) = &self.feed {
            feed.paste(&self.terminal, clip, one_line);
        }
        let modes = self.terminal.modes();
        let Prepared { bytes, end } = if one_line { clip.prepare_one_line(modes) } else { clip.prepare(modes) };
        let mut tasks = vec![self.focus()];
        if bytes.len() < LONG {
            self.write(&[bytes.as_slice(), end].concat());
        } else if session.paste(bytes, end) {
            tasks.push(Task::done(Message::Pasting));
        } else {
            let waits = "The paste was not sent: too much waits already for the other side to take it.";
            self.strips.notice(waits.to_owned());
        }
        if self.services.settings.scroll_on_key {
            self.terminal.scroll(Scroll::Bottom);
        }
        if never {
            let settings = settings::Terminal { paste_guard: PasteGuard::Never, ..self.services.settings.clone() };
            return Action::Choose(Box::new(settings));
        }
        Action::Run(Task::batch(tasks))
    }

    /// Looks how far a long paste is, and again soon for as long as it goes on.
    pub(super) fn watch_paste(&mut self) -> Action {
        let progress = match &self.state {
            State::Open(session) => session.pasting(),
            _ => None,
        };
        self.strips.pasting(progress);
        if progress.is_none() {
            return Action::None;
        }
        let wait = async { tokio::time::sleep(PACE).await };
        Action::Run(Task::perform(wait, |()| Message::Pasting))
    }

    /// Sends no more of a long paste.
    pub(super) fn break_off(&mut self) -> Action {
        if let State::Open(session) = &self.state {
            session.cancel_paste();
        }
        self.strips.pasting(None);
        Action::Run(self.focus())
    }
}

/// Fetches a selection to be pasted, and looks at it off the window's thread: it may be long.
pub(super) fn fetch(selection: Selection) -> Task<Message> {
    clipboard::read(selection).then(|text| {
        let Some(text) = text else { return Task::none() };
        let look = async move { tokio::task::spawn_blocking(move || Arc::new(Clip::new(&text))).await.ok() };
        Task::perform(look, Message::Pasted)
    })
}
