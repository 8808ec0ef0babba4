//! A pane: one remote shell, from the first look at the configuration to its end and back.
//!
//! ```text
//!   Connecting { stage, prompt } ──► Open(Session) ──► Closed(reason)
//!         ▲                                                 │ Enter: into the same terminal, scrollback kept
//!         └─────────────────────────────────────────────────┘
//! ```
//!
//! The work belongs to the pane: dropping it aborts what is under way and closes the shell.

pub mod caret;
pub mod closed;
pub mod connecting;
pub mod failure;
pub mod feed;
pub mod find;
pub mod link_keys;
pub mod mark;
pub mod menu;
pub mod pool;
pub mod prompt;
pub mod secrecy;
pub mod session_log;
pub mod strip;
pub mod target;
pub mod worker;

mod commands;
mod facts;
mod hover;
mod notices;
mod pasting;
pub mod permissions;
mod progress;
mod requests;
mod services;
mod view;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use iced::widget::Id as WidgetId;
use iced::{Task, task};
use term::terminal::{self, Size};
use term::{Session, Terminal, ssh};

use crate::link::opener;
use crate::notification;
use crate::store::{host, secrets, settings};
use crate::widget;
use crate::widget::terminal::Hover;
use crate::widget::terminal::paste::Clip;
use crate::window::Shortcut;

pub use closed::Reason;
pub use connecting::Connecting;
pub use failure::Failure;
pub use feed::Feed;
pub use find::Find;
pub use link_keys::LinkKeys;
pub use mark::Mark;
use notices::Notices;

pub use menu::Menu;
pub use permissions::Permissions;
pub use pool::Pool;
pub use prompt::Prompt;
pub use services::{Services, dress};
pub use session_log::SessionLog;
pub use strip::Strips;
pub use target::Target;
pub use view::{Look, Place};
pub use worker::Worker;

/// Identifies a pane for as long as the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub u64);

impl Id {
    /// A number that no pane and no tab has had: `tetherm ctl` names both by theirs.
    pub(crate) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A pane.
#[derive(Debug)]
pub struct Pane {
    id: Id,
    target: Target,
    services: Services,
    terminal: Arc<Terminal>,
    state: State,
    /// Which attempt is under way; what an earlier one still says is not listened to.
    attempt: u32,
    /// Aborts the attempt when it is dropped.
    worker: Option<task::Handle>,
    /// Aborts what keeps the connection up for the X11 programs of a shell that is over.
    programs: Option<task::Handle>,
    /// Ends the wake-ups of the terminal when it is dropped.
    _wakes: task::Handle,
    /// What the terminal's widget is focused by.
    focus: WidgetId,
    /// Whether it is in front.
    shown: bool,
    host: Option<Arc<ssh::Host>>,
    keeper: Option<secrets::Status>,
    /// What to remember once the login has succeeded.
    pending: Vec<(secrets::Key, ssh::Secret)>,
    title: Option<String>,
    strips: Strips,
    menu: Option<Menu>,
    find: Option<Find>,
    log: SessionLog,
    /// The keys select.
    selects: bool,
    /// The keys choose a link.
    link_keys: LinkKeys,
    /// Where else goes what is typed here.
    feed: Option<Arc<Feed>>,
    /// Notices when it begins to ask for a secret while it is fed.
    secrecy: Arc<secrecy::Watch>,
    /// What the pointer rests on in the terminal.
    hover: Option<Hover>,
    notices: Notices,
    /// The cell at which the menu was asked for.
    pointed: Option<terminal::Point>,
    /// Whether there ever was a shell, so that there is output worth keeping in sight.
    was_open: bool,
    /// When the bell last rang in front of the user.
    bell: Option<Instant>,
    /// When it last rang at all.
    rung: Option<Instant>,
    /// Whether the bell rang behind the user's back.
    rang: bool,
}

/// How it stands with a pane.
#[derive(Debug)]
pub enum State {
    /// On its way to a shell.
    Connecting(Box<Connecting>),
    /// A shell runs.
    Open(Arc<Session>),
    /// None does.
    Closed(Reason),
}

/// What happens in a pane.
#[derive(Debug, Clone)]
pub enum Message {
    /// The worker of this attempt tells something.
    Worker(u32, worker::Event),
    /// The terminal's widget asks for something.
    Terminal(widget::terminal::Action),
    /// The remote program asks for something.
    Asked(Vec<terminal::Event>),
    /// Something in the prompt.
    Prompt(prompt::Message),
    /// Something in the strips above the terminal.
    Strip(strip::Message),
    /// Something in the terminal's menu.
    Menu(menu::Message),
    /// Something in the bar that looks for text.
    Find(find::Message),
    /// Something in the bar of the session's log.
    Log(session_log::Message),
    /// A key while the keyboard selects.
    Select(caret::Key),
    /// A key while links have labels.
    Link(link_keys::Key),
    /// The bell asks for attention.
    Attention,
    /// What a paste found.
    Pasted(Option<Arc<Clip>>),
    /// It is time to look how far a paste is.
    Pasting,
    /// Other panes are held back from what is typed here than the window shows.
    Held,
    /// A key of the window was pressed over the terminal.
    Shortcut(Shortcut),
    /// A button of the connecting or closed page.
    Page(closed::Message),
    /// A notification of the desktop was clicked, is gone, or could not be shown.
    Notified(Result<notification::Outcome, notification::Error>),
    /// A link was given to the desktop, or could not be.
    Opened(Result<(), opener::Error>),
    /// A secret was kept, or only for the session.
    Kept(secrets::Kept),
}

impl Message {
    /// Whether the user points at the pane with it, so that it is to have the keyboard.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        use widget::terminal::Action as Asked;
        matches!(self, Self::Terminal(Asked::Menu { .. } | Asked::Paste | Asked::PastePrimary))
    }
}

/// What a pane wants of its window.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// It is to be closed.
    Close,
    /// The saved host behind it is to be edited.
    Edit(host::Id),
    /// This key of the window was pressed.
    Shortcut(Shortcut),
    /// It is to come to the front, with its window.
    Show,
    /// The saved host behind it allows this from now on; and this task is to be run.
    Permit(host::Id, host::Permission, Task<Message>),
    /// The quick-connect field is to be filled with this, for the user to look at.
    Prefill(String),
    /// The settings of terminals are to be these, from now on.
    Choose(Box<settings::Terminal>),
    /// The window is to ask for attention.
    Attention,
    /// The terminal's text is to grow by this many steps; 0 gives it its size back.
    FontSize(i8),
}

impl Pane {
    /// Opens a pane and starts to connect.
    pub fn new(target: Target, services: Services) -> (Self, Task<Message>) {
        let size = Size { columns: 80, lines: 24, width: 0, height: 0 };
        let terminal = Terminal::new(size, services.settings.scrollback_lines(), services.palette_of(&target));
        dress(&terminal, &services.settings);
        let secrecy = Arc::new(secrecy::Watch::default());
        let watch = Arc::clone(&secrecy);
        let matters = move |terminal: &Terminal| watch.notices(|| terminal.cursor_line());
        let (wakes, handle) = widget::terminal::wakes(terminal.clone(), matters).map(Message::Asked).abortable();
        let mut pane = Self {
            id: Id::next(),
            target,
            services,
            terminal,
            state: State::Connecting(Box::default()),
            attempt: 0,
            worker: None,
            programs: None,
            _wakes: handle.abort_on_drop(),
            focus: WidgetId::unique(),
            shown: false,
            host: None,
            keeper: None,
            pending: Vec::new(),
            title: None,
            strips: Strips::default(),
            menu: None,
            find: None,
            log: SessionLog::default(),
            selects: false,
            link_keys: LinkKeys::Off,
            feed: None,
            secrecy,
            hover: None,
            notices: Notices::default(),
            pointed: None,
            was_open: false,
            bell: None,
            rung: None,
            rang: false,
        };
        let connect = pane.connect();
        (pane, Task::batch([wakes, connect]))
    }

    /// Starts another attempt; whatever the last one still does is given up.
    fn connect(&mut self) -> Task<Message> {
        self.attempt += 1;
        self.state = State::Connecting(Box::default());
        self.strips.clear();
        self.pending.clear();
        let worker = Worker {
            target: self.target.clone(),
            terminal: self.terminal.clone(),
            pool: self.services.pool.clone(),
            secrets: self.services.secrets.clone(),
            log: self.target.wanted_log(&self.services.settings),
        };
        let attempt = self.attempt;
        let (task, handle) = Task::run(worker.run(), move |event| Message::Worker(attempt, event)).abortable();
        self.worker = Some(handle.abort_on_drop());
        task
    }

    /// Handles what happened.
    pub fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Worker(attempt, event)
                if attempt == self.attempt || matches!(event, worker::Event::ProgramsEnded) =>
            {
                self.hear(event)
            }
            Message::Worker(..) => Action::None,
            Message::Terminal(action) => self.serve(action),
            Message::Asked(events) => Action::Run(Task::batch(events.into_iter().map(|event| self.obey(event)))),
            Message::Prompt(message) => self.answer(message),
            Message::Strip(message) => self.strip(message),
            Message::Menu(message) => self.choose(message),
            Message::Find(message) => self.find(message),
            Message::Log(message) => self.log(message),
            Message::Select(key) => self.select(key),
            Message::Link(key) => self.link_key(key),
            Message::Attention => Action::Attention,
            Message::Pasted(clip) => clip.map_or(Action::None, |clip| self.paste(clip)),
            Message::Pasting => self.watch_paste(),
            Message::Held => Action::None,
            Message::Shortcut(shortcut) => Action::Shortcut(shortcut),
            Message::Page(message) => self.page(message),
            Message::Notified(outcome) => self.notified(outcome),
            Message::Opened(outcome) => {
                if let Err(error) = outcome {
                    self.strips.notice(format!("The link is not opened: {error}."));
                }
                Action::None
            }
            Message::Kept(kept) => {
                if let secrets::Kept::Session(error) = kept {
                    self.strips.notice(format!("The secret is remembered only until Tetherm ends: {error}"));
                }
                Action::None
            }
        }
    }

    /// The shell is over, or there will be none; Enter is to connect again.
    fn close(&mut self, reason: Reason) -> Action {
        self.worker = None;
        self.pending.clear();
        self.menu = None;
        self.link_keys = LinkKeys::Off;
        self.hover = None;
        if self.was_open {
            self.terminal.note(&reason.headline());
        }
        self.state = State::Closed(reason);
        Action::None
    }

    fn answer(&mut self, message: prompt::Message) -> Action {
        let State::Connecting(connecting) = &mut self.state else { return Action::None };
        let Some(prompt) = connecting.prompt_mut() else { return Action::None };
        match prompt.update(message) {
            prompt::Action::None => Action::None,
            prompt::Action::Run(task) => Action::Run(task.map(Message::Prompt)),
            prompt::Action::Answered(secret) => {
                let key = secrets::Key::of(prompt.question(), prompt.hop());
                connecting.answered();
                if let Some(key) = key {
                    // A refused answer is asked for again: only the last one counts.
                    self.pending.retain(|(other, _)| *other != key);
                    self.pending.extend(secret.map(|secret| (key, secret)));
                }
                Action::None
            }
            prompt::Action::Cancelled => self.close(Reason::Cancelled),
        }
    }

    fn strip(&mut self, message: strip::Message) -> Action {
        match self.strips.update(message) {
            strip::Action::None => Action::None,
            strip::Action::Run(task) => Action::Run(task.map(Message::Strip)),
            strip::Action::Paste { clip, one_line, never } => self.send(&clip, one_line, never),
            strip::Action::BreakOff => self.break_off(),
            strip::Action::Focus => Action::Run(self.focus()),
            strip::Action::Permit { allowed, write } => self.permit(allowed, write),
        }
    }

    /// Tells the user something above the terminal.
    pub fn tell(&mut self, notice: &str) {
        self.strips.notice(notice.to_owned());
    }

    /// Says where else goes what is typed here.
    pub fn set_feed(&mut self, feed: Option<Arc<Feed>>) {
        self.secrecy.set(feed.as_ref().map(|_| self.asks_secret()));
        self.feed = feed;
    }

    /// Closes its menu, where one is open.
    pub fn close_menu(&mut self) {
        self.menu = None;
    }

    /// Sends input to the shell, as if it were typed; nothing happens where there is none.
    pub fn write(&self, bytes: &[u8]) {
        if let State::Open(session) = &self.state {
            session.write(bytes);
        }
    }

    /// Where the keyboard belongs: in the prompt, on the strip that asks, in the terminal, or on what connects again.
    #[must_use]
    pub fn home(&self) -> Option<WidgetId> {
        match &self.state {
            State::Connecting(connecting) => connecting.prompt().map(Prompt::home),
            State::Open(_) if self.strips.asks() => Some(self.strips.home()),
            _ if self.log.asks() => Some(self.log.home()),
            _ => Some(self.find.as_ref().map_or_else(|| self.focus.clone(), Find::home)),
        }
    }

    /// Brings the keyboard back to the terminal from a strip or a menu that is gone.
    fn focus(&self) -> Task<Message> {
        widget::terminal::focus(self.focus.clone())
    }

    /// Brings it to the front, or puts it behind.
    pub fn set_shown(&mut self, shown: bool) {
        self.shown = shown;
        self.menu = None;
        self.hover = None;
        self.bell = None;
        if shown {
            self.rang = false;
        }
    }

    /// Takes other settings, colours and keys, now and for later attempts.
    pub fn configure(&mut self, services: &Services) {
        self.services = services.clone();
        self.terminal.set_palette(services.palette_of(&self.target));
        dress(&self.terminal, &services.settings);
        if let State::Open(session) = &self.state {
            session.send_reports();
        }
        self.terminal.touch();
    }
}

#[cfg(test)]
mod tests;
