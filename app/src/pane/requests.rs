//! What the terminal asks of its pane, by the user's hand and by the remote program's.

use std::time::Instant;

use iced::Task;
use term::terminal::{self, CommandAt};

use super::{Action, Find, Message, Pane, State, find, strip};
use crate::clipboard::{self, Selection};
use crate::link::{self, Verdict, opener};
use crate::widget;

impl Pane {
    /// What the user did in the terminal.
    pub(super) fn serve(&mut self, action: widget::terminal::Action) -> Action {
        use widget::terminal::Action as Asked;
        match action {
            Asked::Copy(text) => Action::Run(clipboard::write(Selection::Clipboard, text)),
            Asked::SelectPrimary(text) => Action::Run(clipboard::write(Selection::Primary, text)),
            Asked::PastePrimary => Action::Run(clipboard::read(Selection::Primary).map(Message::Pasted)),
            Asked::Paste => Action::Run(clipboard::read(Selection::Clipboard).map(Message::Pasted)),
            Asked::FontSize(steps) => Action::FontSize(steps),
            Asked::Menu(at) => {
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
            terminal::Event::Bell => self.ring(),
            terminal::Event::Clipboard { primary, text } => {
                let selection = if primary { Selection::Primary } else { Selection::Clipboard };
                return self.strips.offer(selection, text);
            }
            terminal::Event::Notification { .. }
            | terminal::Event::Progress(_)
            | terminal::Event::WorkingDirectory
            | terminal::Event::CommandEnded { .. } => {}
        }
        Task::none()
    }

    fn ring(&mut self) {
        if self.shown {
            self.bell = Some(Instant::now());
        } else {
            self.rang = true;
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

    /// Sends a text to the shell as if it were typed, or asks first.
    pub(super) fn paste(&mut self, text: &str) -> Action {
        if text.is_empty() || !matches!(self.state, State::Open(_)) {
            return Action::None;
        }
        match self.strips.paste(text, self.terminal.modes()) {
            strip::Action::Write(bytes) => {
                self.write(&bytes);
                Action::None
            }
            strip::Action::Run(task) => Action::Run(task.map(Message::Strip)),
            strip::Action::None | strip::Action::Focus => Action::None,
        }
    }
}
