//! The settings screen in its window.

use iced::Task;

use super::{Action, Frame, Message};
use crate::pane::Services;
use crate::screen::Settings;
use crate::screen::settings::{self, Data, Preview};
use crate::store;
use crate::window::library::Library;

/// What the settings screen wants of the root.
#[derive(Debug)]
pub enum Wish {
    /// These settings are chosen.
    Change(Box<store::Settings>),
    /// Terminals are to look so until something is chosen; `None` ends that.
    Preview(Option<Box<Preview>>),
    /// A scheme is to be imported from this file.
    Import(std::path::PathBuf),
    /// The system's fonts are to be looked for.
    Families,
    /// The settings' file is to be opened in an editor.
    OpenFile,
    /// The files are to be read again.
    Reload,
    /// The command of this name was used.
    Remember(String),
}

/// What the screen shows.
fn data<'a>(services: &'a Services, library: &'a Library) -> Data<'a> {
    let preferences = library.preferences();
    Data {
        settings: preferences.settings(),
        palette: &services.palette,
        schemes: preferences.schemes(),
        bindings: preferences.bindings(),
        problem: preferences.problem(),
        file: preferences.file(),
        families: preferences.families(),
        imported: preferences.imported(),
    }
}

impl Frame {
    /// Shows the settings, or goes back to what was shown before.
    pub(super) fn toggle_settings(&mut self, library: &Library) -> Action {
        self.close_guide();
        if self.settings.is_some() {
            return Action::Run(self.close_settings());
        }
        self.settings = Some(Settings::new(data(&self.services, library)));
        Action::Ask(super::Request::Reload)
    }

    /// Handles what happened on the settings screen.
    pub(super) fn update_settings(&mut self, message: settings::Message, library: &Library) -> Action {
        // Every window hears of what is dropped onto any.
        if matches!(&message, settings::Message::Dropped(window, _) if *window != self.id) {
            return Action::None;
        }
        let Some(screen) = &mut self.settings else { return Action::None };
        let action = screen.update(message, data(&self.services, library));
        self.obey_settings(action)
    }

    /// Escape was pressed in the window.
    pub(super) fn leave_settings(&mut self) -> Action {
        let Some(screen) = &mut self.settings else { return Action::None };
        let action = screen.back();
        self.obey_settings(action)
    }

    fn obey_settings(&mut self, action: settings::Action) -> Action {
        match action {
            settings::Action::None => Action::None,
            settings::Action::Run(task) => Action::Run(task.map(Message::Settings)),
            settings::Action::Change(settings) => Action::Prefer(Wish::Change(settings), Task::none()),
            settings::Action::Preview(preview, task) => {
                Action::Prefer(Wish::Preview(Some(preview)), task.map(Message::Settings))
            }
            settings::Action::Restore => Action::Prefer(Wish::Preview(None), Task::none()),
            settings::Action::Import(path) => Action::Prefer(Wish::Import(path), Task::none()),
            settings::Action::Families => Action::Prefer(Wish::Families, Task::none()),
            settings::Action::OpenFile => Action::Prefer(Wish::OpenFile, Task::none()),
            settings::Action::Reload => Action::Prefer(Wish::Reload, Task::none()),
            settings::Action::Close => Action::Run(self.close_settings()),
        }
    }

    /// Goes back to what was shown before; terminals look as the settings say.
    pub(super) fn close_settings(&mut self) -> Task<Message> {
        match self.settings.take() {
            Some(_) => Task::batch([self.focus_again(), Task::done(Message::Restore)]),
            None => Task::none(),
        }
    }

    /// Tells the settings screen of other settings, colours, schemes or fonts.
    pub fn refresh_settings(&mut self, library: &Library) -> Task<Message> {
        match &mut self.settings {
            Some(screen) => screen.refresh(data(&self.services, library)).map(Message::Settings),
            None => Task::none(),
        }
    }

    /// The settings screen, where it is shown.
    pub(super) fn view_settings<'a>(&'a self, library: &'a Library) -> Option<iced::Element<'a, Message>> {
        let screen = self.settings.as_ref()?;
        Some(screen.view(data(&self.services, library)).map(Message::Settings))
    }
}
