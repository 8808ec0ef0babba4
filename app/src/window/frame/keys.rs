//! What the keys of a window do.

use iced::Task;

use super::{Action, Frame};
use crate::pane::{Pane, State};
use crate::tab::Tab;
use crate::window::library::Library;
use crate::window::shortcut::{Context, Shortcut};

impl Frame {
    /// Handles a key that no widget took: the terminal does not have the keyboard then, a strip's button may.
    ///
    /// Of the commands that have the key the first that applies is obeyed.
    pub fn key(&mut self, shortcuts: &[Shortcut], library: &Library) -> Action {
        if self.palette.is_some() && self.closing.is_none() {
            // Its field takes what is typed; of the window's keys it knows those that close it.
            let closes = |shortcut: &Shortcut| matches!(shortcut, Shortcut::Escape | Shortcut::Palette);
            let _closed = self.palette.take_if(|_| shortcuts.iter().any(closes));
            return Action::None;
        }
        if self.above.is_some() && self.closing.is_none() {
            // A menu of the tab bar, too, leaves nothing to the keys behind it.
            let _closed = self.above.take_if(|_| shortcuts.contains(&Shortcut::Escape));
            return Action::None;
        }
        let context = Context { terminal: false, ..self.context() };
        if self.closing.is_none() && shortcuts.contains(&Shortcut::Escape) && Shortcut::Escape.applies(context) {
            return self.obey_shortcut(Shortcut::Escape, library);
        }
        let applies = |shortcut: &Shortcut| self.closing.is_some() || shortcut.applies(self.context());
        match shortcuts.iter().copied().find(applies) {
            Some(shortcut) => self.shortcut(shortcut, library),
            None => Action::None,
        }
    }

    /// Handles a key of the window.
    pub fn shortcut(&mut self, shortcut: Shortcut, library: &Library) -> Action {
        if self.closing.is_some() {
            return self.shortcut_while_closing(shortcut);
        }
        if !shortcut.applies(self.context()) {
            return Action::None;
        }
        self.obey_shortcut(shortcut, library)
    }

    fn obey_shortcut(&mut self, shortcut: Shortcut, library: &Library) -> Action {
        let task = match shortcut {
            Shortcut::NewTab | Shortcut::QuickConnect => self.show(None),
            Shortcut::NextTab => self.show(self.tabs.step(1)),
            Shortcut::PreviousTab => self.show(self.tabs.step(-1)),
            Shortcut::Tab(number) => self.show(self.tabs.number(number)),
            Shortcut::MoveTabLeft => self.move_tab(-1),
            Shortcut::MoveTabRight => self.move_tab(1),
            Shortcut::Larger => self.resize_text(1),
            Shortcut::Smaller => self.resize_text(-1),
            Shortcut::OriginalSize => self.resize_text(0),
            Shortcut::FullScreen => self.toggle_full_screen(),
            Shortcut::Settings => return self.toggle_settings(library),
            Shortcut::Palette => return self.toggle_palette(library),
            Shortcut::Guide => return self.toggle_guide(),
            Shortcut::Escape if self.settings.is_some() => return self.leave_settings(),
            Shortcut::CloseWindow => return self.request_close(),
            Shortcut::Quit => return Action::Quit,
            Shortcut::NewWindow => return Action::Open(None, Task::none()),
            Shortcut::RenameTab
            | Shortcut::CloseTab
            | Shortcut::CloseOtherTabs
            | Shortcut::CloseTabsToRight
            | Shortcut::TabElsewhere
            | Shortcut::SplitWithTab
            | Shortcut::TabToWindow => match self.tab().map(Tab::id) {
                Some(id) => return self.shortcut_of_tab(id, shortcut, library),
                None => Task::none(),
            },
            Shortcut::ListTabs => return self.list_tabs(),
            Shortcut::PaneToTab => self.pane_to_tab(),
            Shortcut::Broadcast => self.toggle_broadcast(),
            inner => return self.inner_shortcut(inner, library),
        };
        Action::Run(task)
    }

    /// A key that is the shown tab's, or the hosts'.
    fn inner_shortcut(&mut self, shortcut: Shortcut, library: &Library) -> Action {
        let Some(id) = self.tab().map(Tab::id) else {
            if shortcut != Shortcut::Escape {
                return Action::None;
            }
            let action = self.hosts.escape(library.data());
            return self.obey_hosts(action, library);
        };
        match self.tab_mut(id) {
            Some(tab) => {
                let action = tab.shortcut(shortcut);
                self.obey(id, action, library)
            }
            None => Action::None,
        }
    }

    /// While the question is open its own buttons are all that the keys reach.
    fn shortcut_while_closing(&mut self, shortcut: Shortcut) -> Action {
        match shortcut {
            Shortcut::Escape => {
                self.closing = None;
                Action::None
            }
            _ => Action::None,
        }
    }

    pub(super) fn context(&self) -> Context {
        if self.settings.is_some() {
            return Context {
                windows: self.windows,
                tabs: self.tabs().len(),
                broadcast: self.is_broadcasting(),
                ..Context::default()
            };
        }
        let pane = self.tab().map(Tab::pane);
        Context {
            windows: self.windows,
            tabs: self.tabs().len(),
            broadcast: self.is_broadcasting(),
            panes: self.tab().map_or(0, |tab| tab.panes().count()),
            terminal: pane.is_some_and(Pane::takes_keys),
            tab: pane.is_some(),
            closed: pane.is_some_and(|pane| matches!(pane.state(), State::Closed(_))),
            finding: pane.is_some_and(Pane::is_finding),
            strips: pane.is_some_and(Pane::has_strips),
            prompts: pane.is_some_and(|pane| pane.terminal().has_prompts()),
            logs: pane.is_some_and(|pane| pane.log_file().is_some()),
            ..Context::default()
        }
    }
}
