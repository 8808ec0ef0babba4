//! What the remote program asks of the window.

use std::time::Duration;

/// The longest title that is shown, in characters.
const TITLE_LIMIT: usize = 256;

/// The longest title and body of a notification, in characters.
const NOTIFICATION_TITLE: usize = 128;
const NOTIFICATION_BODY: usize = 512;

/// What the remote program asks of the window. Everything else it asks, the terminal answers by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// OSC 0 and 2, cleaned of control and bidi characters, at most 256 characters; `None` resets it.
    Title(Option<String>),
    /// BEL.
    Bell,
    /// OSC 52 write to the clipboard (`primary` false) or to PRIMARY; at most 100 kB.
    Clipboard {
        /// PRIMARY instead of the clipboard.
        primary: bool,
        /// The text.
        text: String,
    },
    /// OSC 9 and OSC 777: the user should know something. Cleaned as a title is.
    Notification {
        /// The title, at most 128 characters; may be empty.
        title: String,
        /// The text, at most 512 characters; may be empty if the title is not.
        body: String,
    },
    /// OSC 9;4: how far something is; `None` when it is over.
    Progress(Option<Progress>),
    /// OSC 7: the shell is in another directory; [`super::Terminal::working_directory`] tells which.
    WorkingDirectory,
    /// OSC 133: a command is over.
    CommandEnded {
        /// Its exit status, if the shell told.
        status: Option<i32>,
        /// How long it took.
        duration: Duration,
    },
}

/// How far something is, as a program tells it (ConEmu's OSC 9;4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many percent are done, 0 to 100.
    Percent(u8),
    /// It goes on, nobody knows how long.
    Indeterminate,
    /// It failed.
    Failed,
    /// It waits for something.
    Paused,
}

/// The events nobody took yet: of each kind only the newest, so that a flood of them takes no memory.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) title: Option<Option<String>>,
    pub(super) bell: bool,
    pub(super) clipboard: Option<String>,
    pub(super) primary: Option<String>,
    pub(super) notification: Option<(String, String)>,
    pub(super) progress: Option<Option<Progress>>,
    pub(super) directory: bool,
    pub(super) ended: Option<(Option<i32>, Duration)>,
}

impl Pending {
    /// Takes them all.
    pub(super) fn take(&mut self) -> Vec<Event> {
        let Self { title, bell, clipboard, primary, notification, progress, directory, ended } = std::mem::take(self);
        let title = title.map(Event::Title);
        let bell = bell.then_some(Event::Bell);
        let clipboard = clipboard.map(|text| Event::Clipboard { primary: false, text });
        let primary = primary.map(|text| Event::Clipboard { primary: true, text });
        let notification = notification.map(|(title, body)| Event::Notification { title, body });
        let progress = progress.map(Event::Progress);
        let directory = directory.then_some(Event::WorkingDirectory);
        let ended = ended.map(|(status, duration)| Event::CommandEnded { status, duration });
        [title, bell, clipboard, primary, notification, progress, directory, ended].into_iter().flatten().collect()
    }

    /// A notification, unless nothing is left of it that can be shown.
    pub(super) fn notify(&mut self, title: &str, body: &str) {
        let (title, body) = (clean(title, NOTIFICATION_TITLE), clean(body, NOTIFICATION_BODY));
        if !title.is_empty() || !body.is_empty() {
            self.notification = Some((title, body));
        }
    }
}

/// A title as it may be shown: without controls and bidi controls, which could make it read as something else.
pub(super) fn clean_title(title: &str) -> String {
    clean(title, TITLE_LIMIT)
}

fn clean(text: &str, limit: usize) -> String {
    text.chars().filter(|c| !is_deceptive(*c)).take(limit).collect::<String>().trim().to_owned()
}

/// C0, C1, DEL, the bidi controls (Unicode Standard Annex 9), line and paragraph separators, zero-width characters.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
