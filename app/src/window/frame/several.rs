//! What goes beyond one pane or one tab: broadcast input, and panes and tabs that move.

use iced::{Element, Task};

use super::{Action, Frame, Message};
use crate::tab::{self, Tab};
use crate::window::broadcast::{self, Broadcast};
use crate::window::shortcut::Shortcut;

impl Frame {
    /// Sends what is typed in the tab in front to several panes, or no longer.
    pub(super) fn toggle_broadcast(&mut self) -> Task<Message> {
        self.broadcast = match (self.broadcast.take(), self.tab()) {
            (None, Some(tab)) => Some(Broadcast::new(tab)),
            _ => None,
        };
        Task::none()
    }

    /// Handles what happened in the strip of the broadcast.
    pub(super) fn update_broadcast(&mut self, message: broadcast::Message) -> Task<Message> {
        match (message, &mut self.broadcast) {
            (broadcast::Message::Stop, _) => self.broadcast = None,
            (message, Some(broadcast)) => broadcast.update(message),
            (_, None) => {}
        }
        self.focus_again()
    }

    /// Whether what is typed goes to several panes.
    #[must_use]
    pub fn is_broadcasting(&self) -> bool {
        self.broadcast.is_some()
    }

    /// The strip of the broadcast, over the panes that it means.
    pub(super) fn view_broadcast(&self) -> Option<Element<'_, Message>> {
        let tab = self.tab().filter(|_| self.settings.is_none())?.id();
        let broadcast = self.broadcast.as_ref().filter(|broadcast| broadcast.includes(tab))?;
        let stop = self.services.bindings.label(Shortcut::Broadcast, "Type in one pane only");
        Some(broadcast.view(self.tabs(), tab, stop).map(Message::Broadcast))
    }

    /// Tells the panes where else goes what is typed in them. To be called after whatever may have changed that.
    pub fn feed(&mut self) {
        match &mut self.broadcast {
            Some(broadcast) => {
                if broadcast.is_over(self.tabs.all()) {
                    self.broadcast = None;
                    return self.feed();
                }
                broadcast.feed(self.tabs.iter_mut());
            }
            None => {
                for pane in self.tabs.iter_mut().flat_map(Tab::panes_mut).filter(|pane| pane.is_fed()) {
                    pane.set_feed(None);
                }
            }
        }
    }

    /// Gives the pane with the keyboard a tab of its own.
    pub(super) fn pane_to_tab(&mut self) -> Task<Message> {
        let Some(pane) = self.tab().map(|tab| tab.pane().id()) else { return Task::none() };
        match self.tabs.with(pane).and_then(|tab| tab.take(pane)) {
            Some(pane) => self.adopt(Tab::of(pane), None),
            None => Task::none(),
        }
    }

    /// Gives a tab a window of its own.
    pub(super) fn tab_to_window(&mut self, id: tab::Id) -> Action {
        if self.tabs().len() < 2 {
            return Action::None;
        }
        match self.tabs.take(id) {
            Some((tab, next)) => {
                let show = next.map_or_else(Task::none, |next| self.show(next));
                Action::Open(Some(Box::new(tab)), show)
            }
            None => Action::None,
        }
    }

    /// Shows a tab that was another window's, or a pane that was another tab's: at this place, else beside the tab in
    /// front.
    pub fn adopt(&mut self, mut tab: Tab, place: Option<usize>) -> Task<Message> {
        let id = tab.id();
        for pane in tab.panes_mut() {
            pane.set_feed(None);
        }
        match place {
            Some(place) => self.tabs.insert(place, tab),
            None => self.tabs.open(tab),
        }
        // The pane may have had the keyboard where it was: to the window that is nothing new.
        let show = self.show(Some(id));
        Task::batch([show, self.focus_again()])
    }
}
