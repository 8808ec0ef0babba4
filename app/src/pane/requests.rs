//! What the terminal asks of its pane, by the user's hand and by the remote program's.

use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::Task;
use term::terminal::{self, CommandAt, Scroll};

use super::{Action, Find, Message, Pane, caret, find, pasting, session_log};
use crate::clipboard::{self, Selection};
use crate::link::{self, Verdict, opener};
use crate::store::host::Permission;
use crate::store::settings::{Bell, RightClick};
use crate::widget;

/// How soon the bell rings again.
const RINGS: Duration = Duration::from_millis(250);

impl Pane {
    /// Text was selected: it goes into PRIMARY, and onto the clipboard for those who want that.
    fn selected(&self, text: String) -> Task<Message> {
        let copy = match self.services.settings.copy_on_select {
            true => clipboard::write(Selection::Clipboard, text.clone()),
            false => Task::none(),
        };
        Task::batch([clipboard::write(Selection::Primary, text), copy])
    }

    /// What the user did in the terminal.
    pub(super) fn serve(&mut self, action: widget::terminal::Action) -> Action {
        use widget::terminal::Action as Asked;
        match action {
            Asked::Copy(text) => Action::Run(clipboard::write(Selection::Clipboard, text)),
            Asked::SelectPrimary(text) => Action::Run(self.selected(text)),
            Asked::PastePrimary => Action::Run(pasting::fetch(Selection::Primary)),
            Asked::Paste => Action::Run(pasting::fetch(Selection::Clipboard)),
            Asked::FontSize(steps) => Action::FontSize(steps),
            Asked::Menu { shift: false, .. } if self.services.settings.right_click == RightClick::Paste => {
                Action::Run(pasting::fetch(Selection::Clipboard))
            }
            Asked::Menu { at, .. } => {
                self.open_menu(at);
                Action::None
            }
            Asked::Hover(hover) => {
                self.hover = hover;
                Action::None
            }
            Asked::PointAt(cell) => {
                self.pointed = Some(cell);
                Action::None
            }
            Asked::OpenLink(address) => self.open_link(&address),
        }
    }

    /// Opens a link as far as its kind may be opened, or says why not.
    pub(super) fn open_link(&mut self, address: &str) -> Action {
        match link::judge(address) {
            Verdict::Open(address) => Action::Run(Task::perform(opener::open(address), Message::Opened)),
            Verdict::Connect(address) => Action::Prefill(address),
            Verdict::Refused(refusal) => {
                self.strips.notice(format!("The link is not opened: {refusal}."));
                Action::None
            }
        }
    }

    /// Copies a link's address: as it would be opened, or as the remote side gave it, without what deceives.
    pub(super) fn copy_link(address: &str) -> Action {
        let text = match link::judge(address) {
            Verdict::Open(address) | Verdict::Connect(address) => address,
            Verdict::Refused(_) => address.chars().filter(|c| !terminal::event::is_deceptive(*c)).collect(),
        };
        Action::Run(clipboard::write(Selection::Clipboard, text))
    }

    /// Copies what a command printed.
    pub(super) fn copy_output(&self, of: CommandAt) -> Action {
        match self.terminal.output_text(of) {
            Some(text) => Action::Run(clipboard::write(Selection::Clipboard, text)),
            None => Action::None,
        }
    }

    /// What the remote program asks for.
    pub(super) fn obey(&mut self, event: terminal::Event) -> Task<Message> {
        match event {
            terminal::Event::Title(title) => self.title = title.filter(|title| !title.trim().is_empty()),
            terminal::Event::Bell => return self.ring(),
            terminal::Event::Clipboard { primary, text } => {
                let selection = if primary { Selection::Primary } else { Selection::Clipboard };
                return self.strips.offer(selection, text, self.clipboard_permission());
            }
            terminal::Event::Notification { title, body } => return self.notify(&title, &body),
            terminal::Event::Progress(progress) => self.notices.progress = progress,
            terminal::Event::WorkingDirectory => {
                self.notices.directory = self.terminal.working_directory().map(|directory| directory.shown());
            }
            terminal::Event::CommandEnded { status, duration } => return self.command_ended(status, duration),
        }
        Task::none()
    }

    /// What the user answered for this host; `None` asks.
    fn clipboard_permission(&self) -> Option<bool> {
        match self.target.saved {
            Some(_) => self.target.clipboard,
            None => self.services.permissions.clipboard(&self.target.destination.to_string()),
        }
    }

    /// Remembers whether programs on this host may write the clipboard, and writes what was waiting.
    pub(super) fn permit(&mut self, allowed: bool, write: Option<(Selection, String)>) -> Action {
        let write = write.map_or_else(Task::none, |(selection, text)| clipboard::write(selection, text));
        let then = Task::batch([write, self.focus()]);
        match self.target.saved.clone() {
            Some(id) => {
                self.target.clipboard = Some(allowed);
                Action::Permit(id, Permission::Clipboard(allowed), then)
            }
            None => {
                self.services.permissions.set_clipboard(self.target.destination.to_string(), allowed);
                Action::Run(then)
            }
        }
    }

    /// What the saved host behind it says now of the clipboard.
    pub fn set_clipboard_permission(&mut self, allowed: Option<bool>) {
        self.target.clipboard = allowed;
    }

    /// The bell rings as the user wants it, at most a few times a second: `cat` of a binary file rings it thousands of
    /// times.
    fn ring(&mut self) -> Task<Message> {
        let now = Instant::now();
        let bell = self.services.settings.bell;
        if bell == Bell::None {
            return Task::none();
        }
        self.rang |= !self.shown;
        let recent = |rung: Option<Instant>| rung.is_some_and(|last| now.duration_since(last) < RINGS);
        if self.shown && !recent(self.bell) {
            self.bell = Some(now);
        }
        if recent(self.rung) {
            return Task::none();
        }
        self.rung = Some(now);
        match bell {
            Bell::Audible => crate::bell::ring(),
            Bell::Urgent => Task::done(Message::Attention),
            Bell::Visual | Bell::None => Task::none(),
        }
    }

    /// Copies what is selected, as text.
    pub(super) fn copy(&self) -> Action {
        let terminal = Arc::clone(&self.terminal);
        let make = move || terminal.selected_text().map(|text| clipboard::Copied { text, html: None });
        Action::Run(clipboard::fill(Selection::Clipboard, make))
    }

    /// Scrolls.
    pub(super) fn scroll(&self, scroll: Scroll) -> Action {
        self.terminal.scroll(scroll);
        self.terminal.touch();
        Action::None
    }

    /// Scrolls to a prompt.
    pub(super) fn scroll_to(&self, prompt: terminal::Prompt) -> Action {
        let _ = self.terminal.scroll_to_prompt(prompt);
        Action::None
    }

    /// Drops the scrollback.
    pub(super) fn clear_scrollback(&self) {
        self.terminal.clear_scrollback();
        self.terminal.touch();
    }

    /// Copies what is selected, as text and with its colours as HTML.
    pub(super) fn copy_colors(&self) -> Action {
        let terminal = Arc::clone(&self.terminal);
        let make = move || {
            let (text, html) = terminal.selected_html()?;
            Some(clipboard::Copied { text, html: Some(html) })
        };
        Action::Run(clipboard::fill(Selection::Clipboard, make))
    }

    /// Selects all there is, which fills PRIMARY as every selecting does.
    pub(super) fn select_all(&self) -> Action {
        self.terminal.select_all();
        let terminal = Arc::clone(&self.terminal);
        let make = move || Some(clipboard::Copied { text: terminal.selected_text()?, html: None });
        Action::Run(clipboard::fill(Selection::Primary, make))
    }

    /// Lets the keyboard select, or gives it back to the shell.
    pub(super) fn select_by_keys(&mut self) -> Action {
        self.selects = !self.selects;
        if self.selects {
            self.terminal.begin_caret();
        } else {
            self.terminal.end_caret();
        }
        Action::Run(self.focus())
    }

    /// A key while the keyboard selects.
    pub(super) fn select(&mut self, key: caret::Key) -> Action {
        match key {
            caret::Key::Move(movement, extend) => self.terminal.move_caret(movement, extend),
            caret::Key::Anchor(kind) => self.terminal.anchor_caret(kind),
            caret::Key::Copy => {
                let copy = self.copy();
                self.selects = false;
                self.terminal.end_caret();
                return copy;
            }
            caret::Key::Leave => {
                self.selects = false;
                self.terminal.end_caret();
                self.terminal.clear_selection();
                self.terminal.scroll(Scroll::Bottom);
            }
            caret::Key::Nothing => {}
        }
        Action::None
    }

    /// Asks where to log the session to, or ends its log.
    pub(super) fn toggle_log(&mut self) -> Action {
        let wanted = self.target.wanted_log(&self.services.settings);
        let action = self.log.toggle(&self.target.name, &self.terminal, &wanted);
        self.obey_log(action)
    }

    /// What happened in the bar of the log.
    pub(super) fn log(&mut self, message: session_log::Message) -> Action {
        let action = self.log.update(message, &self.terminal, &self.target.name);
        self.obey_log(action)
    }

    pub(super) fn obey_log(&mut self, action: session_log::Action) -> Action {
        match action {
            session_log::Action::None => Action::None,
            session_log::Action::Run(task) => Action::Run(task.map(Message::Log)),
            session_log::Action::Focus => Action::Run(self.focus()),
            session_log::Action::Tell(text) => {
                self.strips.notice(text);
                Action::None
            }
        }
    }

    /// Opens the bar that looks for text, or brings the keyboard back to it.
    pub(super) fn open_find(&mut self) -> Task<Message> {
        match &self.find {
            Some(find) => find.focus(),
            None => {
                let (find, work) = Find::new(&self.terminal);
                self.find = Some(find);
                work.map(Message::Find)
            }
        }
    }

    /// What happened in the bar that looks for text.
    pub(super) fn find(&mut self, message: find::Message) -> Action {
        let Some(find) = &mut self.find else { return Action::None };
        match find.update(message) {
            find::Action::None => Action::None,
            find::Action::Close => {
                self.find = None;
                Action::Run(self.focus())
            }
        }
    }
}
