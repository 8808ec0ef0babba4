//! How choices take effect: in every window and every terminal at once.

use iced::Task;

use super::{Message, Window, preferences};
use crate::store::settings::Theme;
use crate::theme::Mode;

impl Window {
    /// Takes in what came of reading or writing the settings.
    pub(super) fn hear_preferences(&mut self, message: preferences::Message) -> Task<Message> {
        let task = self.library.preferences_mut().update(message);
        self.configure();
        task.map(Message::Preferences)
    }

    /// Gives every window and terminal the settings, colours and keys in force.
    pub(super) fn configure(&mut self) {
        let preferences = self.library.preferences();
        match preferences.settings().theme {
            Theme::Light => self.mode = Mode::Light,
            Theme::Dark => self.mode = Mode::Dark,
            // The system has said, or will.
            Theme::System => {}
        }
        let preview = self.preview.as_ref().and_then(|name| preferences.schemes().get(name));
        self.services.palette = preview.map_or_else(|| preferences.palette(self.mode), |scheme| scheme.palette.clone());
        self.services.settings = preferences.settings().terminal.clone();
        self.services.schemes = preferences.schemes().clone();
        self.services.bindings = preferences.bindings().clone();
        for frame in self.frames.values_mut() {
            frame.configure(&self.services);
        }
    }
}
