//! Tabs and panes that are let go of over panes: a half of one is theirs then.

use std::cell::Cell;
use std::rc::Rc;

use iced::advanced::{Shell, mouse};
use iced::widget::{column, container, row, space};
use iced::{Element, Event, Point, Rectangle, Task};

use super::{Action, Frame, Load, Message};
use crate::tab::{self, Landing, Tab};
use crate::widget::gate::{Gate, Gated, Passage};
use crate::window::tab_menu::TabMenu;

use super::bar::Above;

/// Where something would go that the mouse carries.
#[derive(Debug, Clone, Copy)]
pub enum Incoming {
    /// To this place of the tab bar.
    Bar(usize),
    /// Beside a pane of the tab in front.
    Half(Landing),
}

/// Where the content of a window is, as of the last event that it heard of.
#[derive(Debug, Clone, Default)]
pub(super) struct Room(Rc<Cell<Rectangle>>);

impl Room {
    /// The content, whose place is noted.
    pub(super) fn note<'a>(&self, content: Element<'a, Message>) -> Element<'a, Message> {
        Gated::new(content, self.clone()).into()
    }
}

impl Gate<Message> for Room {
    fn pass(
        &self,
        _event: &Event,
        _cursor: mouse::Cursor,
        _shell: &mut Shell<'_, Message>,
        _has_keyboard: &mut dyn FnMut() -> bool,
    ) -> Passage {
        Passage::Open
    }

    fn lies(&self, bounds: Rectangle) {
        self.0.set(bounds);
    }
}

impl Frame {
    /// Shows where something would go that is carried, or no longer.
    pub fn set_incoming(&mut self, incoming: Option<Incoming>) {
        self.incoming = incoming;
    }

    /// The same, of the tab bar.
    pub(super) fn place_in_bar(&self) -> Option<usize> {
        match self.incoming {
            Some(Incoming::Bar(place)) => Some(place),
            _ => None,
        }
    }

    /// Where something lands in the tab in front that is let go of at this point of the window.
    #[must_use]
    pub fn landing(&self, load: Load, at: Point) -> Option<Landing> {
        let tab = self.tab().filter(|_| self.settings.is_none() && self.closing.is_none())?;
        let own = match load {
            Load::Tab(id) => tab.id() == id,
            Load::Pane(id) => tab.has(id),
        };
        let room = self.room.0.get();
        if own || !room.contains(at) { None } else { tab.landing(room, at) }
    }

    /// The half of the pane that something would take.
    pub(super) fn view_landing(&self) -> Option<Element<'_, Message>> {
        let Some(Incoming::Half(landing)) = self.incoming else { return None };
        let half = self.tab()?.half(self.room.0.get(), landing)?;
        let area = container(space()).width(half.width).height(half.height).style(tab::landing_style);
        Some(column![space().height(half.y), row![space().width(half.x), area]].into())
    }

    /// Shows the panes of a tab that was another window's, or another tab of this one, beside a pane; as a tab of its own
    /// where that pane is gone.
    pub fn land(&mut self, tab: Tab, landing: Landing) -> Task<Message> {
        let Some(target) = self.tabs.with(landing.pane) else { return self.adopt(tab, None) };
        let id = target.id();
        match target.join(landing, tab) {
            Some(tab) => self.adopt(tab, None),
            // A pane may have had the keyboard where it was: to the window that is nothing new.
            None => Task::batch([self.show(Some(id)), self.focus_again()]),
        }
    }

    /// Shows another tab beside what this one shows.
    pub(super) fn join(&mut self, id: tab::Id, other: tab::Id) -> Task<Message> {
        let Some(tab) = self.tab_mut(id).filter(|_| id != other) else { return Task::none() };
        let Some(landing) = tab.landing_beside() else {
            tab.tell_too_small();
            return self.show(Some(id));
        };
        match self.tabs.take(other) {
            Some((tab, _)) => self.land(tab, landing),
            None => Task::none(),
        }
    }

    /// Asks which tab is to be shown beside what this one shows, where there are several.
    pub(super) fn split_with_tab(&mut self, id: tab::Id) -> Action {
        let mut others = self.tabs().iter().map(Tab::id).filter(|other| *other != id);
        match (others.next(), others.next()) {
            (None, _) => Action::None,
            (Some(only), None) => Action::Run(self.join(id, only)),
            _ => {
                self.above = Some(Above::Menu(TabMenu::others(id, self.below(id))));
                Action::None
            }
        }
    }

    /// Shows the neighbour of a tab that is carried away, for it to be let go of there.
    pub(super) fn step_aside(&mut self, id: tab::Id) {
        let in_front = self.settings.is_none() && self.tab().is_some_and(|tab| tab.id() == id);
        if let Some(neighbour) = self.tabs.neighbour(id).filter(|_| in_front) {
            self.aside = Some(id);
            self.tabs.show(Some(neighbour));
        }
    }

    /// Shows the tab again that was carried away and is there still.
    pub fn come_back(&mut self) {
        if let Some(id) = self.aside.take()
            && self.tab_mut(id).is_some()
        {
            self.tabs.show(Some(id));
        }
    }
}
