//! The settings in force, and their way to the file and back.
//!
//! A choice takes effect at once and is written on another thread, one save after the other. Only what was chosen is
//! written: what an editor or another window changed in the file meanwhile stays, and is taken in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use iced::Task;
use term::terminal::Palette;

use super::Bindings;
use super::library::blocking;
use crate::store::schemes::Ground;
use crate::store::settings::Settings;
use crate::store::{self, Folders, Recent, Schemes};
use crate::theme::Mode;

/// The settings and the colour schemes.
#[derive(Debug)]
pub struct Preferences {
    /// In force.
    settings: Settings,
    /// What the file held when it was read or written last.
    saved: Settings,
    saving: bool,
    bindings: Arc<Bindings>,
    schemes: Schemes,
    /// The settings' file; `None` where no folder is known.
    file: Option<PathBuf>,
    /// The folder of the user's own schemes.
    folder: Option<PathBuf>,
    /// Why the file could not be read or written.
    problem: Option<store::Error>,
    /// The monospace families of this system, once somebody has asked.
    families: Option<Arc<Vec<String>>>,
    /// What came of the last import of a scheme: its name.
    imported: Option<Result<String, store::Error>>,
    /// The commands that were used last from the palette.
    recent: Recent,
    /// Where they are kept.
    recent_file: Option<PathBuf>,
}

/// What came of work on other threads.
#[derive(Debug, Clone)]
pub enum Message {
    /// The settings were written: what the file holds now. The first are those that were to be written.
    Saved(Box<(Settings, Result<Settings, store::Error>)>),
    /// The files were read.
    Read(Box<(Result<Settings, store::Error>, Schemes)>),
    /// A scheme was imported, or not; and all schemes.
    Imported(Result<String, store::Error>, Schemes),
    /// The families of this system.
    Families(Arc<Vec<String>>),
}

impl Preferences {
    /// Reads the files. Blocks on the disk.
    #[must_use]
    pub fn load(folders: Option<&Folders>) -> Self {
        let (file, folder) = (folders.map(Folders::settings), folders.map(Folders::schemes));
        let (settings, problem) = match file.as_deref().map(Settings::load).transpose() {
            Ok(settings) => (settings.unwrap_or_default(), None),
            Err(error) => (Settings::default(), Some(error)),
        };
        Self {
            bindings: Arc::new(Bindings::new(&settings.keys)),
            saved: settings.clone(),
            settings,
            saving: false,
            schemes: Schemes::load(folder.as_deref()),
            file,
            folder,
            problem,
            families: None,
            imported: None,
            recent: folders.map(|folders| Recent::load(&folders.recent())).unwrap_or_default(),
            recent_file: folders.map(Folders::recent),
        }
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The keys in force.
    #[must_use]
    pub fn bindings(&self) -> &Arc<Bindings> {
        &self.bindings
    }

    /// The colour schemes.
    #[must_use]
    pub fn schemes(&self) -> &Schemes {
        &self.schemes
    }

    /// Why the file could not be read or written.
    #[must_use]
    pub fn problem(&self) -> Option<&store::Error> {
        self.problem.as_ref()
    }

    /// The settings' file.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The monospace families of this system, once they are known.
    #[must_use]
    pub fn families(&self) -> Option<&[String]> {
        self.families.as_deref().map(Vec::as_slice)
    }

    /// What came of the last import of a scheme: its name.
    #[must_use]
    pub fn imported(&self) -> Option<&Result<String, store::Error>> {
        self.imported.as_ref()
    }

    /// The terminals' colours while the window has this brightness.
    #[must_use]
    pub fn palette(&self, mode: Mode) -> Palette {
        match mode {
            Mode::Dark => self.schemes.palette(&self.settings.scheme.dark, Ground::Dark),
            Mode::Light => self.schemes.palette(&self.settings.scheme.light, Ground::Light),
        }
    }

    /// Puts settings into force and has them written.
    pub fn choose(&mut self, settings: Settings) -> Task<Message> {
        self.put(settings);
        self.save()
    }

    fn put(&mut self, settings: Settings) {
        if settings.keys != self.settings.keys {
            self.bindings = Arc::new(Bindings::new(&settings.keys));
        }
        self.settings = settings;
    }

    /// Writes what was chosen, unless that is under way: then again when it is done.
    fn save(&mut self) -> Task<Message> {
        let Some(file) = self.file.clone().filter(|_| !self.saving && self.settings != self.saved) else {
            return Task::none();
        };
        self.saving = true;
        let (base, wanted) = (self.saved.clone(), self.settings.clone());
        blocking(move || {
            let outcome = wanted.save(&base, &file);
            Message::Saved(Box::new((wanted, outcome)))
        })
    }

    /// Reads the files again.
    pub fn reload(&self) -> Task<Message> {
        let (file, folder) = (self.file.clone(), self.folder.clone());
        blocking(move || {
            let settings = file.as_deref().map(Settings::load).transpose();
            Message::Read(Box::new((settings.map(Option::unwrap_or_default), Schemes::load(folder.as_deref()))))
        })
    }

    /// Opens the file in the desktop's editor; one that is not there is made first, with all that it can say.
    pub fn open_file(&self) -> Task<Message> {
        let Some(file) = self.file.clone() else { return Task::none() };
        blocking(move || {
            let settings = Settings::default();
            // A broken file is what the editor is for.
            if let Err(error) = settings.save(&settings, &file) {
                log::info!("{error}");
            }
            let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
            let opened = std::process::Command::new(opener).arg(&file).status();
            if !opened.as_ref().is_ok_and(std::process::ExitStatus::success) {
                log::warn!("{} cannot be opened by {opener}: {opened:?}", file.display());
            }
        })
        .discard()
    }

    /// The names of the commands that were used last from the palette, the last one first.
    #[must_use]
    pub fn recent(&self) -> &[String] {
        self.recent.commands()
    }

    /// Remembers that a command was used.
    pub fn remember(&mut self, command: String) -> Task<Message> {
        self.recent.add(command);
        let (recent, file) = (self.recent.clone(), self.recent_file.clone());
        let Some(file) = file else { return Task::none() };
        blocking(move || {
            if let Err(error) = recent.save(&file) {
                log::warn!("the commands that were used last are not kept: {error}");
            }
        })
        .discard()
    }

    /// Copies another program's scheme into the user's folder.
    pub fn import(&self, source: PathBuf) -> Task<Message> {
        let folder = self.folder.clone();
        blocking(move || {
            let outcome = match &folder {
                Some(folder) => Schemes::import(&source, folder),
                None => Err(store::Error::NoHome),
            };
            Message::Imported(outcome, Schemes::load(folder.as_deref()))
        })
    }

    /// Asks the system for its monospace families, once.
    pub fn ask_for_families(&self) -> Task<Message> {
        match self.families {
            Some(_) => Task::none(),
            None => blocking(|| Message::Families(Arc::new(crate::theme::font::monospace_families()))),
        }
    }

    /// Takes in what came of it. What is in force may be something else then.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Saved(outcome) => return self.saved(*outcome),
            Message::Read(read) => {
                let (settings, schemes) = *read;
                self.schemes = schemes;
                self.read(settings);
            }
            Message::Imported(outcome, schemes) => {
                self.schemes = schemes;
                self.imported = Some(outcome);
            }
            Message::Families(families) => self.families = Some(families),
        }
        Task::none()
    }

    fn saved(&mut self, (wanted, outcome): (Settings, Result<Settings, store::Error>)) -> Task<Message> {
        self.saving = false;
        match outcome {
            Ok(written) => {
                self.problem = None;
                let settings = written.with_changes(&wanted, &self.settings);
                self.saved = written;
                self.put(settings);
                self.save()
            }
            // What was chosen stays in force; the next choice tries again.
            Err(error) => {
                self.problem = Some(error);
                Task::none()
            }
        }
    }

    fn read(&mut self, settings: Result<Settings, store::Error>) {
        match settings {
            Ok(read) if !self.saving => {
                let settings = read.with_changes(&self.saved, &self.settings);
                self.saved = read;
                self.put(settings);
                self.problem = None;
            }
            Ok(_) => {}
            Err(error) => self.problem = Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::settings::{Bell, Theme};

    fn preferences() -> (tempfile::TempDir, Preferences) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let preferences = Preferences::load(Some(&Folders::within(folder.path())));
        (folder, preferences)
    }

    #[test]
    fn what_is_chosen_while_a_save_is_under_way_is_saved_after_it() {
        let (_folder, mut preferences) = preferences();
        let dark = Settings { theme: Theme::Dark, ..Settings::default() };
        let _save = preferences.choose(dark.clone());
        assert!(preferences.saving);
        let light = Settings { theme: Theme::Light, ..Settings::default() };
        let _none = preferences.choose(light.clone());
        let _again = preferences.update(Message::Saved(Box::new((dark.clone(), Ok(dark.clone())))));
        assert_eq!((&preferences.settings, &preferences.saved), (&light, &dark));
        assert!(preferences.saving, "the second choice is on its way to the file");
        let _done = preferences.update(Message::Saved(Box::new((light.clone(), Ok(light.clone())))));
        assert!(!preferences.saving && preferences.saved == light);
    }

    #[test]
    fn what_an_editor_changes_in_the_file_is_taken_in_beside_what_was_chosen_here() {
        let (_folder, mut preferences) = preferences();
        let mut here = Settings { theme: Theme::Dark, ..Settings::default() };
        let _save = preferences.choose(here.clone());
        // The file had another bell meanwhile, and keeps it.
        let mut file = here.clone();
        file.terminal.bell = Bell::None;
        let _ = preferences.update(Message::Saved(Box::new((here.clone(), Ok(file.clone())))));
        assert_eq!(preferences.settings, file);
        here.theme = Theme::Light;
        let _ = preferences.update(Message::Read(Box::new((Ok(here.clone()), Schemes::default()))));
        assert_eq!(preferences.settings, here);
    }

    #[test]
    fn a_choice_that_cannot_be_saved_stays_in_force_and_says_why() {
        let (folder, mut preferences) = preferences();
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, "theme = \n").expect("written");
        let dark = Settings { theme: Theme::Dark, ..Settings::default() };
        let _save = preferences.choose(dark.clone());
        let outcome = dark.save(&Settings::default(), &file);
        let _ = preferences.update(Message::Saved(Box::new((dark, outcome))));
        assert_eq!(preferences.settings.theme, Theme::Dark);
        assert!(matches!(preferences.problem(), Some(store::Error::Malformed { line: 1, .. })));
    }
}
