//! What the remote side wants the user to know, and how the desktop is told of it.

use std::time::{Duration, Instant};

use iced::Task;
use term::terminal::Progress;

use super::{Action, Message, Pane, hover};
use crate::notification::{self, Limit, Note, Outcome, Place};
use crate::store::settings::Notifications;

/// The notices of one pane.
#[derive(Debug)]
pub(super) struct Notices {
    limit: Limit,
    /// The place of the one that is shown.
    place: Place,
    /// Stops listening for a click on it.
    listening: Option<iced::task::Handle>,
    /// Whether the window has the desktop's focus.
    window_focused: bool,
    pub(super) progress: Option<Progress>,
    /// Where the shell says it is.
    pub(super) directory: Option<String>,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            limit: Limit::default(),
            place: Place::default(),
            listening: None,
            window_focused: true,
            progress: None,
            directory: None,
        }
    }
}

impl Pane {
    /// A program wants the user to know something.
    pub(super) fn notify(&mut self, title: &str, body: &str) -> Task<Message> {
        if !self.is_wanted(Instant::now()) {
            return Task::none();
        }
        let note = Note::new(&self.target.name, title, body);
        let show = notification::show(note, self.notices.place.clone());
        let (task, handle) = Task::perform(show, Message::Notified).abortable();
        self.notices.listening = Some(handle.abort_on_drop());
        task
    }

    /// Whether a notification that comes now is to be shown.
    fn is_wanted(&mut self, now: Instant) -> bool {
        let wanted = match self.services.settings.notifications {
            Notifications::Never => false,
            Notifications::Hidden => !(self.shown && self.notices.window_focused),
            Notifications::Always => true,
        };
        wanted && self.notices.limit.admits(now)
    }

    /// A command is over: a long one is told of.
    pub(super) fn command_ended(&mut self, status: Option<i32>, duration: Duration) -> Task<Message> {
        let after = Duration::from_secs(self.services.settings.command_finished_after.into());
        if after.is_zero() || duration < after {
            return Task::none();
        }
        let time = hover::time(duration);
        let body = match status {
            Some(0) => format!("It succeeded after {time}."),
            Some(status) => format!("Exit status {status} after {time}."),
            None => format!("It took {time}."),
        };
        self.notify("a command has ended", &body)
    }

    /// What came of a notification.
    pub(super) fn notified(&mut self, outcome: Result<Outcome, notification::Error>) -> Action {
        match outcome {
            Ok(Outcome::Clicked) => Action::Show,
            Ok(Outcome::Closed) => Action::None,
            Err(error) => {
                log::info!("{error}");
                Action::None
            }
        }
    }

    /// Tells it whether its window has the desktop's focus.
    pub fn set_window_focused(&mut self, focused: bool) {
        self.notices.window_focused = focused;
    }

    /// Tells the user something above the terminal, if it is in front.
    pub fn tell_if_shown(&mut self, notice: &str) {
        if self.shown {
            self.strips.notice(notice.to_owned());
        }
    }

    /// How far a program says it is.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.notices.progress
    }

    /// The directory in which its shell says it is, as it may be shown.
    #[must_use]
    pub fn directory(&self) -> Option<&str> {
        self.notices.directory.as_deref()
    }
}
