//! The settings screen as a user meets it: what it shows, and what pressing and typing in it asks for.

use iced::keyboard::key::Named;
use iced::{Settings as Iced, Size};
use iced_test::Simulator;
use tetherm::screen::Settings as Screen;
use tetherm::screen::settings::{Action, Data, List, Message, picker};
use tetherm::store::keys::Chord;
use tetherm::store::schemes::Ground;
use tetherm::store::settings::table::Section;
use tetherm::store::settings::{Bell, Setting, Value};
use tetherm::store::{Error, Schemes, Settings};
use tetherm::theme::{self, Mode};
use tetherm::window::{Bindings, Shortcut};

/// The screen with what a window has behind it.
struct Story {
    settings: Settings,
    palette: term::terminal::Palette,
    schemes: Schemes,
    bindings: Bindings,
    problem: Option<Error>,
    families: Option<Vec<String>>,
    imported: Option<Result<String, Error>>,
    screen: Screen,
    size: Size,
}

impl Story {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let (schemes, bindings) = (Schemes::default(), Bindings::new(&settings.keys));
        let palette = Ground::Dark.palette();
        let data = Data {
            settings: &settings,
            palette: &palette,
            schemes: &schemes,
            bindings: &bindings,
            problem: None,
            file: None,
            families: None,
            imported: None,
        };
        let screen = Screen::new(data);
        let size = Size::new(1024.0, 700.0);
        Self { settings, palette, schemes, bindings, problem: None, families: None, imported: None, screen, size }
    }

    /// Does what a message asks for, as the window does it.
    fn send(&mut self, message: Message) -> Action {
        let data = Data {
            settings: &self.settings,
            palette: &self.palette,
            schemes: &self.schemes,
            bindings: &self.bindings,
            problem: self.problem.as_ref(),
            file: None,
            families: self.families.as_deref(),
            imported: self.imported.as_ref(),
        };
        let action = self.screen.update(message, data);
        if let Action::Change(settings) = &action {
            self.settings = (**settings).clone();
            self.bindings = Bindings::new(&self.settings.keys);
        }
        action
    }

    fn ui(&self) -> Simulator<'_, Message> {
        let data = Data {
            settings: &self.settings,
            palette: &self.palette,
            schemes: &self.schemes,
            bindings: &self.bindings,
            problem: self.problem.as_ref(),
            file: None,
            families: self.families.as_deref(),
            imported: self.imported.as_ref(),
        };
        let fonts = theme::font::files().into_iter().map(std::borrow::Cow::Borrowed).collect();
        let settings = Iced { fonts, default_font: theme::font::UI, ..Iced::default() };
        Simulator::with_size(settings, self.size, self.screen.view(data))
    }

    fn shows(&self, text: &str) -> bool {
        self.ui().find(text).is_ok()
    }

    /// Clicks the text and does what that asks for.
    fn click(&mut self, text: &str) -> Action {
        let mut ui = self.ui();
        let _ = ui.click(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        self.play(ui.into_messages().collect())
    }

    fn play(&mut self, messages: Vec<Message>) -> Action {
        messages.into_iter().map(|message| self.send(message)).last().unwrap_or(Action::None)
    }

    /// Presses keys, whatever has the keyboard.
    fn press(&mut self, keys: &[Named]) -> Action {
        let mut ui = self.ui();
        for key in keys {
            let _ = ui.tap_key(*key);
        }
        self.play(ui.into_messages().collect())
    }

    /// Keeps a picture of both themes where the build keeps its files, and returns how they differ.
    fn draw(&self, name: &str) {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("settings");
        let mut drawn = Vec::new();
        for mode in [Mode::Light, Mode::Dark] {
            let snapshot = self.ui().snapshot(&mode.theme()).unwrap();
            let path = folder.join(format!("{name}-{mode:?}.png").to_lowercase());
            let file = folder.join(format!("{name}-{mode:?}-tiny-skia.png").to_lowercase());
            // Leaves no picture of an earlier run to compare with.
            let _ = std::fs::remove_file(&file);
            assert!(snapshot.matches_image(&path).unwrap());
            drawn.push(std::fs::read(file).unwrap());
        }
        assert!(drawn.iter().all(|png| png.len() > 5_000), "{name} is empty");
        assert_ne!(drawn.first(), drawn.last(), "{name} looks the same in both themes");
    }
}

fn setting(path: &str) -> &'static Setting {
    Setting::find(path).unwrap()
}

fn chord(text: &str) -> Chord {
    Chord::parse(text).unwrap()
}

const SECTIONS: [Section; 3] = [Section::Appearance, Section::Terminal, Section::Behaviour];

#[test]
fn every_setting_is_on_the_screen_with_what_it_is_for_and_its_default() {
    let mut story = Story::new();
    story.size.height = 3_000.0;
    for section in SECTIONS {
        let _ = story.send(Message::Show(List::Section(section)));
        for setting in tetherm::store::settings::table::ALL.iter().filter(|setting| setting.section == section) {
            assert!(story.shows(setting.title) && story.shows(setting.explanation), "{}", setting.path());
        }
    }
    for (name, list) in [("appearance", 0), ("terminal", 1), ("behaviour", 2)] {
        story.size = Size::new(1024.0, 700.0);
        let _ = story.send(Message::Show(List::Section(SECTIONS[list])));
        story.draw(name);
        story.size = Size::new(480.0, 360.0);
        story.draw(&format!("{name}-small"));
    }
}

#[test]
fn a_press_changes_a_setting_at_once_and_another_gives_the_default_back() {
    let mut story = Story::new();
    let _ = story.click("Behaviour");
    assert!(matches!(story.click("Sound"), Action::Change(_)));
    assert_eq!(story.settings.terminal.bell, Bell::Audible);
    assert!(matches!(story.send(Message::Reset(setting("terminal.bell"))), Action::Change(_)));
    assert_eq!(story.settings, Settings::default());
    let _ = story.click("Terminal");
    let _ = story.click("Unlimited");
    assert_eq!(story.settings.terminal.scrollback, tetherm::store::settings::Scrollback::Unlimited);
}

#[test]
fn a_number_is_taken_over_by_enter_and_a_wrong_one_says_what_is_expected() {
    let mut story = Story::new();
    let scrollback = setting("terminal.scrollback");
    let _ = story.send(Message::Show(List::Section(Section::Terminal)));
    for (typed, shown) in [("5", true), ("", false), ("99999999", false), ("1.5", false)] {
        let action = story.send(Message::Drafted(scrollback, typed.to_owned()));
        assert!(matches!(action, Action::None), "half a number must cost nobody the scrollback");
        assert_eq!(story.shows("A whole number from 0 to 1000000"), !shown, "{typed}");
    }
    assert!(matches!(story.send(Message::Committed(scrollback)), Action::None));
    story.draw("wrong-number");
    let _ = story.send(Message::Drafted(scrollback, "5000".to_owned()));
    assert!(matches!(story.send(Message::Committed(scrollback)), Action::Change(_)));
    assert_eq!((scrollback.field.get)(&story.settings), Value::Number(5000.0));
    let _ = story.send(Message::Drafted(scrollback, "Unlimited".to_owned()));
    let _ = story.send(Message::Committed(scrollback));
    assert_eq!((scrollback.field.get)(&story.settings), Value::Word("unlimited"));
}

#[test]
fn the_search_finds_settings_and_commands_by_any_of_their_words() {
    let mut story = Story::new();
    let _ = story.send(Message::Typed("bell flash".to_owned()));
    assert!(story.shows("Bell") && !story.shows("Theme"));
    let _ = story.send(Message::Typed("new tab".to_owned()));
    assert!(story.shows("New tab") && !story.shows("Bell"));
    let _ = story.send(Message::Typed("ctrl+shift+t".to_owned()));
    assert!(story.shows("New tab"), "found by its key");
    let _ = story.send(Message::Typed("scroll".to_owned()));
    assert!(story.shows("Scrollback") && story.shows("Scroll a page up"));
    story.draw("search");
    let _ = story.send(Message::Typed("xyzzy".to_owned()));
    assert!(story.shows("No setting and no command matches."));
    assert!(matches!(story.send(Message::Back), Action::Run(_)), "first the search is left");
    assert!(story.shows("Theme"));
    assert!(matches!(story.send(Message::Back), Action::Close));
}

#[test]
fn walking_through_the_schemes_shows_each_and_escape_brings_the_old_one_back() {
    let mut story = Story::new();
    let _ = story.click("Tetherm Dark");
    assert!(story.shows("Dracula") && story.shows("Solarized Light"));
    let moved = story.send(Message::Picker(picker::Message::Moved(-1)));
    let Action::Preview(preview, _) = moved else { panic!("{moved:?}") };
    assert_eq!(preview.scheme.as_deref(), Some("solarized-light"));
    story.draw("schemes");
    assert!(matches!(story.send(Message::Back), Action::Restore));
    assert_eq!(story.settings, Settings::default());

    let _ = story.click("Tetherm Dark");
    let found = story.send(Message::Picker(picker::Message::Typed("drac".to_owned())));
    assert!(matches!(found, Action::Preview(preview, _) if preview.scheme.as_deref() == Some("dracula")));
    assert!(matches!(story.send(Message::Picker(picker::Message::Submitted)), Action::Change(_)));
    assert_eq!(story.settings.scheme.dark, "dracula");
    assert!(story.shows("Dracula"), "the list of settings is back and names it");

    let _ = story.click("Tetherm Light");
    let _ = story.send(Message::Picker(picker::Message::Pressed("nord".to_owned())));
    assert_eq!((story.settings.scheme.light.as_str(), story.settings.scheme.dark.as_str()), ("nord", "dracula"));
    let _ = story.send(Message::Schemes(Ground::Dark));
    story.size = Size::new(480.0, 360.0);
    story.draw("schemes-small");
}

#[test]
fn a_scheme_is_imported_by_its_path_or_by_dropping_its_file() {
    let mut story = Story::new();
    let _ = story.send(Message::Schemes(Ground::Dark));
    assert!(matches!(story.send(Message::Import), Action::None), "nothing is named yet");
    let _ = story.send(Message::Source("/tmp/my scheme.toml".to_owned()));
    assert!(matches!(story.click("Import"), Action::Import(path) if path.ends_with("my scheme.toml")));
    assert!(matches!(
        story.send(Message::Dropped(iced::window::Id::unique(), "/x.itermcolors".into())),
        Action::Import(_)
    ));
    let _ = story.send(Message::Source(String::new()));
    assert!(matches!(story.click("Browse…"), Action::Run(_)), "the desktop is asked");
    assert!(matches!(story.send(Message::Chosen(Ok(None))), Action::None), "nothing was chosen");
    assert!(matches!(story.send(Message::Chosen(Ok(Some("/y.toml".into())))), Action::Import(_)));
    let _ = story.send(Message::Chosen(Err(tetherm::file_chooser::Error::NoDesktop("no portal".to_owned()))));
    story.draw("schemes-no-chooser");
    assert!(story.shows(
        "Type the path instead, or drop the file onto the window: the desktop offers no file chooser: no portal."
    ));
    let _ = story.click("Browse…");
    let message = "it has no colors.normal.red".to_owned();
    story.imported = Some(Err(Error::NotImported { path: "/tmp/my scheme.toml".into(), message }));
    assert!(story.shows("/tmp/my scheme.toml cannot be imported: it has no colors.normal.red"));
    story.draw("import-failed");
    story.imported = Some(Ok("my-scheme".to_owned()));
    assert!(story.shows("Imported as my-scheme."));
}

#[test]
fn a_font_is_looked_for_tried_and_chosen() {
    let mut story = Story::new();
    assert!(matches!(story.click("JetBrains Mono (bundled)"), Action::Families));
    assert!(story.shows("Looking for the monospace fonts of this system…"));
    story.families = Some(vec!["DejaVu Sans Mono".to_owned(), "Hack".to_owned()]);
    assert!(matches!(story.send(Message::Back), Action::Restore));
    let _ = story.click("JetBrains Mono (bundled)");
    let tried = story.send(Message::Picker(picker::Message::Moved(1)));
    assert!(
        matches!(&tried, Action::Preview(preview, _) if preview.settings.terminal.font_family == "DejaVu Sans Mono"),
        "{tried:?}"
    );
    story.draw("fonts");
    let _ = story.click("Hack");
    assert_eq!(story.settings.terminal.font_family, "Hack");
    story.settings.terminal.font_family = "Gone".to_owned();
    let _ = story.send(Message::Families);
    assert!(story.shows("Gone (not installed)"));
}

#[test]
fn a_broken_file_is_reported_with_its_place_and_the_ways_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, "[terminal]\nfont_size = 400\n").unwrap();
    let mut story = Story::new();
    story.problem = Settings::load(&path).err();
    let place = format!("{}: line 2, column 13: 'font_size' must be a number from 6 to 72", path.display());
    assert!(story.problem.as_ref().unwrap().to_string().starts_with(&place));
    assert!(story.shows(&story.problem.as_ref().unwrap().to_string()));
    assert!(matches!(story.click("Read it again"), Action::Reload));
    story.draw("broken");
    story.size = Size::new(480.0, 360.0);
    story.draw("broken-small");
}

#[cfg(not(target_os = "macos"))]
mod keys {
    use iced::keyboard::key::{Code, Key, Physical};
    use iced::keyboard::{Event, Location, Modifiers};
    use tetherm::screen::settings::keys::Message as Keys;

    use super::*;

    fn event(key: Key, modifiers: Modifiers) -> Event {
        Event::KeyPressed {
            modified_key: key.clone(),
            key,
            physical_key: Physical::Code(Code::F35),
            location: Location::Standard,
            modifiers,
            text: None,
            repeat: false,
        }
    }

    fn pressed(letter: &str, modifiers: Modifiers) -> Message {
        Message::Keys(Keys::Pressed(event(Key::Character(letter.into()), modifiers)))
    }

    fn recording(command: &'static str) -> Story {
        let mut story = Story::new();
        let _ = story.click("Keys");
        let _ = story.send(Message::Keys(Keys::Record(command)));
        assert!(story.shows("Press the new key…"));
        story
    }

    const BOTH: Modifiers = Modifiers::CTRL.union(Modifiers::SHIFT);

    #[test]
    fn a_chord_that_is_pressed_is_a_commands_beside_those_it_had() {
        let mut story = recording("new-tab");
        let _ = story.send(pressed("y", BOTH));
        assert_eq!(story.settings.keys.get("new-tab"), Some(&vec![chord("Ctrl+Shift+T"), chord("Ctrl+Shift+Y")]));
        assert!(story.shows("Ctrl+Shift+Y"));
        let _ = story.send(Message::Keys(Keys::Remove("new-tab", chord("Ctrl+Shift+T"))));
        assert!(!story.shows("Ctrl+Shift+T"));
        story.draw("keys-changed");
        let _ = story.send(Message::Keys(Keys::Remove("new-tab", chord("Ctrl+Shift+Y"))));
        assert_eq!(story.settings.keys.get("new-tab"), Some(&Vec::new()), "a command may have no key at all");
        let _ = story.send(Message::Keys(Keys::Reset("new-tab")));
        assert!(story.settings.keys.is_empty() && story.shows("Ctrl+Shift+T"));
    }

    #[test]
    fn a_chord_of_another_command_is_asked_about_and_can_be_moved() {
        let mut story = recording("reconnect");
        assert!(matches!(story.send(pressed("t", BOTH)), Action::None));
        assert!(story.shows("Ctrl+Shift+T is the key of \"New tab\"."));
        story.draw("keys-conflict");
        story.size = Size::new(480.0, 360.0);
        story.draw("keys-conflict-small");
        let _ = story.send(Message::Keys(Keys::Move));
        assert_eq!(story.settings.keys.get("new-tab"), Some(&Vec::new()));
        assert_eq!(story.bindings.with(chord("Ctrl+Shift+T")), [Shortcut::Reconnect]);
        assert!(matches!(story.click("Reset all"), Action::Change(_)));
        assert_eq!(story.settings, Settings::default());
        let _ = story.send(Message::Keys(Keys::Record("reconnect")));
        let _ = story.send(pressed("t", BOTH));
        assert!(matches!(story.send(Message::Back), Action::None), "Esc leaves the question");
        assert_eq!(story.settings, Settings::default());
    }

    #[test]
    fn the_shells_keys_are_refused_and_costly_ones_explained() {
        let mut story = recording("full-screen");
        assert!(matches!(story.send(pressed("c", Modifiers::CTRL)), Action::None));
        assert!(story.shows("Ctrl+C: it belongs to the shell; add Shift or Alt."));
        story.draw("keys-refused");
        let _ = story.send(pressed("b", Modifiers::ALT));
        assert!(story.shows("Shells and editors use Alt with a letter or sign; they will not get this one."));
        assert_eq!(story.bindings.with(chord("Alt+B")), [Shortcut::FullScreen]);
    }

    #[test]
    fn while_a_key_is_recorded_no_other_widget_hears_of_it() {
        let mut story = recording("new-tab");
        let action = story.press(&[Named::F9]);
        assert!(matches!(action, Action::Change(_)), "{action:?}");
        assert_eq!(story.bindings.with(chord("F9")), [Shortcut::NewTab]);
        let _ = story.send(Message::Keys(Keys::Record("new-tab")));
        let _ = story.press(&[Named::Escape]);
        assert!(!story.shows("Press the new key…"), "Esc gives up");
    }
}
