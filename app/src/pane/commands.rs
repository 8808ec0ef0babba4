//! What the keys of the window, the menu and the pages do in a pane.

use iced::{Point, Task};
use term::terminal::search::Direction;
use term::terminal::{self, CommandAt, Scroll};

use super::{
    Action, LinkKeys, Mark, Menu, Message, Pane, Reason, State, closed, find, menu, pasting, session_log, strip,
};
use crate::clipboard::Selection;
use crate::store::host::Permission;
use crate::window::Shortcut;

impl Pane {
    pub(super) fn choose(&mut self, message: menu::Message) -> Action {
        let Some(_menu) = self.menu.take() else { return Action::None };
        match message {
            menu::Message::Copy => self.copy(),
            menu::Message::Paste => Action::Run(pasting::fetch(Selection::Clipboard)),
            menu::Message::ClearScrollback => {
                self.clear_scrollback();
                Action::None
            }
            menu::Message::Find => Action::Run(self.open_find()),
            menu::Message::OpenLink(address) => self.open_link(&address),
            menu::Message::CopyLink(address) => Self::copy_link(&address),
            menu::Message::SelectOutput(of) => {
                let _ = self.terminal.select_output(of);
                Action::Run(self.focus())
            }
            menu::Message::CopyOutput(of) => self.copy_output(of),
            menu::Message::Window(shortcut) => Action::Shortcut(shortcut),
            menu::Message::Dismissed => Action::Run(self.focus()),
        }
    }

    pub(super) fn page(&mut self, message: closed::Message) -> Action {
        match message {
            closed::Message::Reconnect => Action::Run(self.reconnect()),
            closed::Message::AllowLegacy(jump) => self.allow_legacy(jump),
            closed::Message::Cancel => self.close(Reason::Cancelled),
            closed::Message::Close => Action::Close,
            closed::Message::Edit => self.target.saved.clone().map_or(Action::None, Action::Edit),
        }
    }

    /// Connects with old algorithms, and has that saved where there is a saved host.
    fn allow_legacy(&mut self, jump: Option<String>) -> Action {
        self.target.allow_legacy(jump.as_deref());
        let reconnect = self.reconnect();
        let permission = jump.map_or(Permission::LegacyAlgorithms, Permission::LegacyJump);
        match self.target.saved.clone() {
            Some(id) => Action::Permit(id, permission, reconnect),
            None => Action::Run(reconnect),
        }
    }

    /// Handles a key of the window that is a pane's to handle.
    pub fn shortcut(&mut self, shortcut: Shortcut) -> Action {
        if shortcut != Shortcut::OpenLink {
            self.link_keys = LinkKeys::Off;
        }
        match shortcut {
            Shortcut::Copy => self.copy(),
            Shortcut::CopyColors => self.copy_colors(),
            Shortcut::SelectAll => self.select_all(),
            Shortcut::SelectByKeys => self.select_by_keys(),
            Shortcut::OpenLink => self.label_links(),
            Shortcut::LogSession => self.toggle_log(),
            Shortcut::LogFolder => self.log(session_log::Message::OpenFolder),
            Shortcut::Paste => Action::Run(pasting::fetch(Selection::Clipboard)),
            Shortcut::PastePrimary => Action::Run(pasting::fetch(Selection::Primary)),
            Shortcut::ClearScrollback => {
                self.clear_scrollback();
                Action::None
            }
            Shortcut::ScrollPageUp => self.scroll(Scroll::PageUp),
            Shortcut::ScrollPageDown => self.scroll(Scroll::PageDown),
            Shortcut::ScrollToTop => self.scroll(Scroll::Top),
            Shortcut::ScrollToBottom => self.scroll(Scroll::Bottom),
            Shortcut::PreviousPrompt => self.scroll_to(terminal::Prompt::Previous),
            Shortcut::NextPrompt => self.scroll_to(terminal::Prompt::Next),
            Shortcut::SelectOutput => {
                let _ = self.terminal.select_output(CommandAt::Shown);
                Action::None
            }
            Shortcut::CopyOutput => self.copy_output(CommandAt::Shown),
            Shortcut::Reconnect => Action::Run(self.reconnect()),
            Shortcut::Find => Action::Run(self.open_find()),
            Shortcut::FindNext => self.find(find::Message::Go(Direction::Older)),
            Shortcut::FindPrevious => self.find(find::Message::Go(Direction::Newer)),
            Shortcut::Escape => self.escape(),
            Shortcut::Strips => Action::Run(self.strips.focus()),
            _ => Action::None,
        }
    }

    fn escape(&mut self) -> Action {
        if self.menu.take().is_some() {
            return Action::Run(self.focus());
        }
        if self.strips.asks() {
            return self.strip(strip::Message::Refused);
        }
        if self.mark() == Mark::Asks {
            return self.close(Reason::Cancelled);
        }
        if self.find.is_some() {
            return self.find(find::Message::Left);
        }
        if matches!(self.state, State::Open(_)) { Action::Run(self.focus()) } else { Action::None }
    }

    fn reconnect(&mut self) -> Task<Message> {
        match self.state {
            State::Closed(_) => self.connect(),
            _ => Task::none(),
        }
    }

    pub(super) fn open_menu(&mut self, at: Point) {
        self.link_keys = LinkKeys::Off;
        let closed = matches!(self.state, State::Closed(_));
        let command = CommandAt::Line(self.pointed.map_or(0, |cell| cell.line));
        self.menu = Some(Menu {
            at,
            can_copy: self.terminal.has_selection(),
            closed,
            logs: self.log.is_running(),
            link: self.hover.take().and_then(|hover| hover.address().map(str::to_owned)),
            command: self.terminal.output_text(command).map(|_| command),
        });
    }
}
