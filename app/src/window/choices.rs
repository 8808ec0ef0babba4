//! How choices take effect: in every window and every terminal at once.

use iced::{Task, window};

use super::{Message, Window, preferences};
use crate::store::settings::Theme;
use crate::theme::Mode;
use crate::window::frame::Wish;

impl Window {
    /// Does what a settings screen wants, and then its task.
    pub(super) fn grant(&mut self, id: window::Id, wish: Wish, task: Task<super::frame::Message>) -> Task<Message> {
        let preferences = self.library.preferences_mut();
        let granted = match wish {
            Wish::Change(settings) => {
                self.preview = None;
                preferences.choose(*settings)
            }
            Wish::Preview(preview) => {
                self.preview = preview;
                Task::none()
            }
            Wish::Import(path) => preferences.import(path),
            Wish::Families => preferences.ask_for_families(),
            Wish::OpenFile => preferences.open_file(),
            Wish::Reload => preferences.reload(),
            // Nothing looks different for that.
            Wish::Remember(name) => {
                let remember = preferences.remember(name).map(Message::Preferences);
                return Task::batch([remember, task.map(move |message| Message::Frame(id, message))]);
            }
        };
        let told = self.configure();
        let task = task.map(move |message| Message::Frame(id, message));
        Task::batch([granted.map(Message::Preferences), told, task])
    }

    /// Takes in what came of reading or writing the settings.
    pub(super) fn hear_preferences(&mut self, message: preferences::Message) -> Task<Message> {
        let task = self.library.preferences_mut().update(message);
        Task::batch([self.configure(), task.map(Message::Preferences)])
    }

    /// Gives every window and terminal the settings, colours and keys in force.
    pub(super) fn configure(&mut self) -> Task<Message> {
        let preferences = self.library.preferences();
        match preferences.settings().theme {
            Theme::Light => self.mode = Mode::Light,
            Theme::Dark => self.mode = Mode::Dark,
            // The system has said, or will.
            Theme::System => {}
        }
        let preview = self.preview.as_deref();
        let scheme = preview.and_then(|preview| preferences.schemes().get(preview.scheme.as_deref()?));
        self.services.palette = scheme.map_or_else(|| preferences.palette(self.mode), |scheme| scheme.palette.clone());
        let settings = preview.map_or(preferences.settings(), |preview| &preview.settings);
        self.services.settings = settings.terminal.clone();
        self.services.schemes = preferences.schemes().clone();
        self.services.bindings = preferences.bindings().clone();
        let tell = |(id, frame): (&window::Id, &mut super::Frame)| {
            let id = *id;
            frame.configure(&self.services);
            frame.refresh_settings(&self.library).map(move |message| Message::Frame(id, message))
        };
        Task::batch(self.frames.iter_mut().map(tell))
    }
}
