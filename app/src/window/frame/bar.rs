//! What the tab bar does with tabs: their menus, names, colours and order.

use iced::widget::{Id, container, operation};
use iced::{Element, Padding, Task, event, keyboard};

use super::{Action, Carry, Frame, Load, Message};
use crate::pane::Pane;
use crate::screen::Guide;
use crate::screen::guide;
use crate::tab::{self, Tab};
use crate::widget::reorder::Act;
use crate::window::library::Library;
use crate::window::shortcut::Shortcut;
use crate::window::tab_bar::HEIGHT;
use crate::window::tab_label::{self, TabLabel};
use crate::window::tab_menu::{self, TabMenu};

/// What the tab bar opened over the window.
#[derive(Debug)]
pub(super) enum Above {
    /// A menu.
    Menu(TabMenu),
    /// The name and colour of a tab.
    Label(TabLabel),
    /// The user's guide.
    Guide(Guide),
}

impl Above {
    /// Where the keyboard belongs.
    pub(super) fn home(&self) -> Id {
        match self {
            Self::Menu(menu) => menu.home(),
            Self::Label(label) => label.home(),
            Self::Guide(guide) => guide.home(),
        }
    }

    /// What a key means after the widgets had it: the field of the name takes Escape for itself.
    pub(super) fn key(&self, event: &keyboard::Event, status: event::Status) -> Option<Message> {
        if let Self::Guide(_) = self {
            return Guide::key(event).filter(|_| status == event::Status::Ignored).map(Message::Guide);
        }
        let escape = keyboard::Key::Named(keyboard::key::Named::Escape);
        let keyboard::Event::KeyPressed { key, .. } = event else { return None };
        let left = matches!(self, Self::Label(_)) && status == event::Status::Captured && *key == escape;
        left.then_some(Message::Label(tab_label::Message::Left))
    }
}

impl Frame {
    /// Does what the mouse did with a tab.
    pub(super) fn act(&mut self, act: Act) -> Action {
        let id = |index: usize| self.tabs().get(index).map(Tab::id);
        match act {
            Act::Moved { from, to } => {
                self.tabs.put(from, to);
                return Action::Run(self.focus_again());
            }
            Act::Carried(index, at) => match id(index) {
                Some(id) => return self.carry(Carry::Over(Load::Tab(id), at)),
                None => return Action::None,
            },
            Act::Returned => return self.carry(Carry::Returned),
            Act::Dropped(index, at) => match id(index) {
                Some(id) => return self.carry(Carry::Dropped(Load::Tab(id), at)),
                None => return self.carry(Carry::Returned),
            },
            Act::Scroll(distance) => return Action::Run(self.tab_bar.scroll(distance)),
            Act::Menu(index, at) => self.above = id(index).map(|id| Above::Menu(TabMenu::of(id, at))),
            Act::Rename(index) => {
                if let Some(id) = id(index) {
                    self.label(id);
                }
            }
        }
        Action::None
    }

    /// Lists all tabs, or no longer.
    pub(super) fn list_tabs(&mut self) -> Action {
        self.above = match self.above.take() {
            Some(Above::Menu(_)) => None,
            _ => Some(Above::Menu(TabMenu::all())),
        };
        Action::None
    }

    /// Opens the user's guide, or closes it.
    pub(super) fn toggle_guide(&mut self) -> Action {
        self.above = match self.above.take() {
            Some(Above::Guide(_)) => None,
            _ => Some(Above::Guide(Guide::new())),
        };
        Action::None
    }

    /// Closes the guide, for something else to be looked at.
    pub(super) fn close_guide(&mut self) {
        let _closed = self.above.take_if(|above| matches!(above, Above::Guide(_)));
    }

    /// Handles what happened in the guide.
    pub(super) fn update_guide(&mut self, message: &guide::Message) -> Action {
        let Some(Above::Guide(guide)) = &mut self.above else { return Action::None };
        match guide.update(message) {
            guide::Action::Run(task) => Action::Run(task.map(Message::Guide)),
            guide::Action::Close => {
                self.close_guide();
                Action::None
            }
        }
    }

    fn label(&mut self, id: tab::Id) {
        self.above = self.tabs().iter().find(|tab| tab.id() == id).map(TabLabel::new).map(Above::Label);
    }

    /// Handles what was chosen in a menu.
    pub(super) fn update_menu(&mut self, message: tab_menu::Message, library: &Library) -> Action {
        self.above = None;
        match message {
            tab_menu::Message::Command(id, shortcut) => self.shortcut_of_tab(id, shortcut, library),
            tab_menu::Message::Color(id, hue) => {
                if let Some(tab) = self.tab_mut(id) {
                    tab.set_hue(hue);
                }
                Action::None
            }
            tab_menu::Message::Give(id, window) => Action::Give(id, Some(window)),
            tab_menu::Message::Join(id, other) => Action::Run(self.join(id, other)),
            tab_menu::Message::Show(id) => Action::Run(self.show(Some(id))),
            tab_menu::Message::Dismissed => Action::None,
        }
    }

    /// Handles what happened to the name and colour of a tab.
    pub(super) fn update_label(&mut self, message: tab_label::Message) -> Action {
        let Some(Above::Label(label)) = &mut self.above else { return Action::None };
        // It may have closed meanwhile.
        let action = match self.tabs.get_mut(label.tab()) {
            Some(tab) => label.update(tab, message),
            None => tab_label::Action::Close,
        };
        if action == tab_label::Action::Close {
            self.above = None;
        }
        Action::None
    }

    /// Does a command with a tab, which need not be the one in front.
    pub(super) fn shortcut_of_tab(&mut self, id: tab::Id, shortcut: Shortcut, library: &Library) -> Action {
        let position = self.tabs().iter().position(|tab| tab.id() == id);
        match shortcut {
            Shortcut::RenameTab => self.label(id),
            Shortcut::CloseTab => return Action::Run(self.close(id)),
            Shortcut::CloseOtherTabs => return self.close_those(|_, other| other != id),
            Shortcut::CloseTabsToRight => return self.close_those(|at, _| position.is_some_and(|of| at > of)),
            Shortcut::TabToWindow => return self.tab_to_window(id),
            Shortcut::SplitWithTab => return self.split_with_tab(id),
            Shortcut::TabElsewhere => return Action::Give(id, None),
            Shortcut::LogSession | Shortcut::LogFolder => {
                // Of several panes it is about one that is logged.
                if let Some(tab) = self.tab_mut(id)
                    && tab.pane().log_file().is_none()
                {
                    let logged = tab.logged().map(Pane::id).next();
                    logged.into_iter().for_each(|pane| tab.bring(pane));
                }
                let show = self.show(Some(id));
                return self.then_shortcut(show, shortcut, library);
            }
            other => {
                let show = self.show(Some(id));
                return self.then_shortcut(show, other, library);
            }
        }
        Action::None
    }

    fn then_shortcut(&mut self, first: Task<Message>, shortcut: Shortcut, library: &Library) -> Action {
        match self.shortcut(shortcut, library) {
            Action::Run(task) => Action::Run(Task::batch([first, task])),
            Action::None => Action::Run(first),
            action => action,
        }
    }

    /// What the tab bar opened, over the window.
    pub(super) fn view_above(&self) -> Option<Element<'_, Message>> {
        match self.above.as_ref()? {
            Above::Menu(menu) => {
                let shown = self.tab().map(Tab::id);
                Some(menu.view(self.tabs(), shown, self.windows, &self.services.bindings).map(Message::Menu))
            }
            Above::Guide(guide) => {
                let below = Padding { top: HEIGHT + 1.0, ..Padding::ZERO };
                Some(container(guide.view().map(Message::Guide)).padding(below).into())
            }
            Above::Label(label) => {
                let hue = self.tabs().iter().find(|tab| tab.id() == label.tab()).and_then(Tab::hue);
                Some(label.view(hue).map(Message::Label))
            }
        }
    }

    /// Brings the keyboard back from the tab bar, which a click took it to, to where it belongs in what is still shown.
    pub(super) fn focus_again(&self) -> Task<Message> {
        self.home().map_or_else(Task::none, operation::focus)
    }
}
