//! What closes tabs and windows, and asks once where that ends sessions.

use iced::Task;

use super::{Action, Frame, Message};
use crate::pane::Pane;
use crate::tab::{self, Tab};
use crate::window::closing::{self, Closing, Goal};

impl Frame {
    /// The user wants the window closed: asks once if that ends sessions.
    pub fn request_close(&mut self) -> Action {
        let live = self.live();
        if live.is_empty() {
            return Action::Close;
        }
        self.closing = Some(Closing::new(Goal::Window, live));
        Action::None
    }

    /// What its sessions are called.
    #[must_use]
    pub fn live(&self) -> Vec<String> {
        let live = self.tabs().iter().flat_map(Tab::panes).filter(|pane| pane.is_live());
        live.map(|pane| pane.title().to_owned()).collect()
    }

    /// Asks whether all windows are to be closed, which ends these sessions.
    pub fn ask_to_quit(&mut self, live: Vec<String>) {
        self.closing = Some(Closing::new(Goal::Windows, live));
    }

    /// Closes some tabs; asks once if that ends sessions.
    pub(super) fn close_those(&mut self, closes: impl Fn(usize, tab::Id) -> bool) -> Action {
        let tabs = self.tabs().iter().enumerate().filter(|(index, tab)| closes(*index, tab.id()));
        let tabs: Vec<&Tab> = tabs.map(|(_, tab)| tab).collect();
        let live = tabs.iter().flat_map(|tab| tab.panes()).filter(|pane| pane.is_live());
        let live: Vec<_> = live.map(Pane::title).map(str::to_owned).collect();
        let ids = tabs.into_iter().map(Tab::id).collect();
        if live.is_empty() {
            return Action::Run(self.close_tabs(ids));
        }
        self.closing = Some(Closing::new(Goal::Tabs(ids), live));
        Action::None
    }

    /// Closes these tabs.
    fn close_tabs(&mut self, ids: Vec<tab::Id>) -> Task<Message> {
        Task::batch(ids.into_iter().map(|id| self.close(id)).collect::<Vec<_>>())
    }

    /// Does what the answer to the question says.
    pub(super) fn answer_closing(&mut self, answer: &closing::Message) -> Action {
        let Some(closing) = self.closing.take() else { return Action::None };
        match (answer, closing.goal()) {
            (closing::Message::Cancelled, _) => Action::None,
            (closing::Message::Confirmed, Goal::Window) => Action::Close,
            (closing::Message::Confirmed, Goal::Windows) => Action::CloseAll,
            (closing::Message::Confirmed, Goal::Tabs(tabs)) => Action::Run(self.close_tabs(tabs)),
        }
    }
}
