//! The command palette in its window.

use iced::Task;

use super::{Action, Frame, Message, Wish};
use crate::pane::Target;
use crate::screen::hosts;
use crate::window::library::Library;
use crate::window::palette::{self, Goal, OpenTab, Palette, Sources};

impl Frame {
    /// Opens the palette, or closes it.
    pub(super) fn toggle_palette(&mut self, library: &Library) -> Action {
        if self.palette.take().is_some() {
            return Action::None;
        }
        let data = library.data();
        let sources = Sources {
            context: self.context(),
            bindings: &self.services.bindings,
            tabs: self.tabs().iter().map(OpenTab::of).collect(),
            hosts: data.hosts,
            aliases: data.aliases.iter().map(|alias| alias.name.as_str()).collect(),
            recent: library.preferences().recent(),
        };
        self.palette = Some(Palette::new(&sources, self.size.height));
        Action::None
    }

    /// Handles what happened in the palette.
    pub(super) fn update_palette(&mut self, message: palette::Message, library: &Library) -> Action {
        let Some(palette) = &mut self.palette else { return Action::None };
        match palette.update(message) {
            palette::Action::Run(task) => Action::Run(task.map(Message::Palette)),
            palette::Action::Close => {
                self.palette = None;
                Action::None
            }
            palette::Action::Go(goal) => {
                self.palette = None;
                self.go(goal, library)
            }
        }
    }

    fn go(&mut self, goal: Goal, library: &Library) -> Action {
        match goal {
            Goal::Command(shortcut) => {
                let name = shortcut.command().map(|command| command.name.to_owned()).unwrap_or_default();
                match self.shortcut(shortcut, library) {
                    Action::None => Action::Prefer(Wish::Remember(name), Task::none()),
                    Action::Run(task) => Action::Prefer(Wish::Remember(name), task),
                    Action::Ask(request) => Action::Prefer(Wish::Remember(name), Task::done(Message::Ask(request))),
                    // One that closes the window has nobody to be remembered for.
                    other => other,
                }
            }
            Goal::Tab(id) => Action::Run(self.show(Some(id))),
            Goal::Pane(id) => match self.tabs.with(id) {
                Some(tab) => {
                    tab.bring(id);
                    let tab = tab.id();
                    Action::Run(self.show(Some(tab)))
                }
                None => Action::None,
            },
            Goal::Host(id) => match library.data().hosts.get(&id) {
                Some(host) => Action::Run(self.open(host.into())),
                None => Action::None,
            },
            Goal::Alias(name) => match hosts::Target::alias(&name) {
                hosts::Target::Typed { destination, options } => {
                    Action::Run(self.open(Target::typed(destination, options)))
                }
                hosts::Target::Saved(_) => Action::None,
            },
        }
    }
}
