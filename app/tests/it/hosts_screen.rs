//! The hosts screen as a user meets it: what it shows, and what typing and clicking in it asks for.

mod provenance;
mod session;

use iced::keyboard::key::Named;
use iced::{Settings, Size};
use iced_test::Simulator;
use tetherm::screen::Hosts as Screen;
use tetherm::screen::hosts::{Action, Alias, Data, Entry, Message, Step, Target, form};
use tetherm::store::secrets::Status;
use tetherm::store::{self, Host, Hosts, host};
use tetherm::theme::{self, Mode};

/// The screen with the files behind it.
struct Story {
    _folder: tempfile::TempDir,
    hosts: Hosts,
    problem: Option<store::Error>,
    aliases: Vec<Alias>,
    config_problem: Option<String>,
    settings_problem: Option<store::Error>,
    schemes: store::Schemes,
    keeper: Option<Status>,
    screen: Screen,
    size: Size,
}

impl Story {
    /// A story that begins with this `hosts.toml`.
    fn new(text: &str, aliases: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hosts.toml");
        if !text.is_empty() {
            std::fs::write(&path, text).unwrap();
        }
        let loaded = Hosts::load(&path);
        let problem = loaded.as_ref().err().cloned();
        let hosts = loaded.unwrap_or_else(|_| Hosts::none(&path));
        let alias = |(line, name): (usize, &&str)| Alias {
            name: (*name).to_owned(),
            place: format!("~/.ssh/config:{}", 4 * line + 1),
            path: "/nowhere/config".into(),
            line: 4 * line + 1,
        };
        let aliases: Vec<_> = aliases.iter().enumerate().map(alias).collect();
        let keeper = Some(Status::Available { store: "GNOME Keyring".to_owned() });
        let schemes = store::Schemes::default();
        let data = Data {
            hosts: &hosts,
            problem: problem.as_ref(),
            aliases: &aliases,
            config_problem: None,
            settings_problem: None,
            schemes: &schemes,
            keeper: keeper.as_ref(),
        };
        let screen = Screen::new(data).0;
        let size = Size::new(1024.0, 700.0);
        Self {
            _folder: folder,
            hosts,
            problem,
            aliases,
            config_problem: None,
            settings_problem: None,
            schemes,
            keeper,
            screen,
            size,
        }
    }

    fn typical() -> Self {
        Self::new(TYPICAL, &["build", "gateway", "pi"])
    }

    /// Does what a message asks for, as the window does it.
    fn send(&mut self, message: Message) -> Action {
        let action = self.with(|screen, data| screen.update(message, data));
        match action {
            Action::Save { host, connect } => {
                let outcome = self.hosts.save(&host).map(|hosts| self.hosts = hosts);
                let saved = self.with(|screen, data| screen.saved(outcome, data));
                if connect { Action::Connect(Target::Saved(host.id)) } else { saved }
            }
            Action::Delete(id) => {
                let outcome = self.hosts.delete(&id).map(|(hosts, deleted)| {
                    self.hosts = hosts;
                    Box::new(deleted)
                });
                self.with(|screen, data| screen.deleted(outcome, data))
            }
            Action::Restore(deleted) => {
                let outcome = self.hosts.restore(*deleted).map(|hosts| self.hosts = hosts);
                self.with(|screen, data| screen.restored(outcome, data))
            }
            action => action,
        }
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut Screen, Data) -> T) -> T {
        let data = Data {
            hosts: &self.hosts,
            problem: self.problem.as_ref(),
            aliases: &self.aliases,
            config_problem: self.config_problem.as_deref(),
            settings_problem: self.settings_problem.as_ref(),
            schemes: &self.schemes,
            keeper: self.keeper.as_ref(),
        };
        act(&mut self.screen, data)
    }

    fn ui(&self) -> Simulator<'_, Message> {
        let data = Data {
            hosts: &self.hosts,
            problem: self.problem.as_ref(),
            aliases: &self.aliases,
            config_problem: self.config_problem.as_deref(),
            settings_problem: self.settings_problem.as_ref(),
            schemes: &self.schemes,
            keeper: self.keeper.as_ref(),
        };
        let fonts = theme::font::files().into_iter().map(std::borrow::Cow::Borrowed).collect();
        let settings = Settings { fonts, default_font: theme::font::UI, ..Settings::default() };
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

    /// Clicks a field, presses keys in it and does what that asks for.
    fn press(&mut self, field: &str, key: Named) -> Action {
        let mut ui = self.ui();
        let _ = ui.click(field).unwrap_or_else(|error| panic!("{field}: {error}"));
        let _ = ui.tap_key(key);
        self.play(ui.into_messages().collect())
    }

    fn play(&mut self, messages: Vec<Message>) -> Action {
        messages.into_iter().map(|message| self.send(message)).last().unwrap_or(Action::None)
    }

    fn type_text(&mut self, text: &str) {
        let _ = self.send(Message::Typed(text.to_owned()));
    }

    /// Keeps a picture of both themes where the build keeps its files, and returns how they differ.
    fn draw(&self, name: &str) {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosts");
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

const TYPICAL: &str = r#"
[[host]]
id = "web"
name = "web server"
host_name = "www.example.org"
user = "root"
port = 2222

[[host]]
id = "nas"
name = "nas"
host_name = "192.168.1.5"
forward_x11 = true

[[host]]
id = "lab"
name = "lab"
host_name = "lab.example.org"
user = "me"
forward_x11 = true
"#;

fn id(text: &str) -> host::Id {
    host::Id(text.to_owned())
}

fn leads_to(action: &Action, id: &str) -> bool {
    matches!(action, Action::Connect(Target::Saved(host::Id(saved))) if saved == id)
}

fn leads_to_alias(action: &Action, name: &str) -> bool {
    matches!(action, Action::Connect(Target::Typed { destination, .. }) if destination.host == name)
}

#[test]
fn a_newcomer_is_told_what_this_is_and_how_to_begin() {
    let mut story = Story::new("", &[]);
    assert!(story.shows("Welcome to Tetherm"));
    assert!(story.shows("Secrets are kept in GNOME Keyring, unlocked"));
    story.draw("welcome");
    let _ = story.click("New host");
    assert!(story.shows("Cancel"));
}

#[test]
fn one_click_connects() {
    let mut story = Story::typical();
    story.draw("three");
    let action = story.click("nas");
    assert!(leads_to(&action, "nas"), "{action:?}");
    let action = story.click("gateway");
    assert!(leads_to_alias(&action, "gateway"), "{action:?}");
    assert!(story.shows("from ~/.ssh/config:5"));
}

#[test]
fn typing_filters_and_enter_takes_the_best_match() {
    let mut story = Story::typical();
    story.type_text("lb");
    assert!(story.shows("lab") && !story.shows("nas") && !story.shows("gateway"));
    story.draw("filter");
    let action = story.press("lb", Named::Enter);
    assert!(leads_to(&action, "lab"), "{action:?}");
    story.type_text("GATE");
    let action = story.press("GATE", Named::Enter);
    assert!(leads_to_alias(&action, "gateway"), "{action:?}");
}

#[test]
fn enter_without_anything_typed_or_selected_connects_to_nothing() {
    let mut story = Story::typical();
    assert!(matches!(story.send(Message::Submitted), Action::None));
}

#[test]
fn arrow_keys_choose_what_enter_takes() {
    let mut story = Story::typical();
    for (steps, expected) in [(1, "web"), (2, "lab"), (9, "")] {
        for _ in 0..steps {
            let _ = story.send(Message::Moved(Step::Down));
        }
        let action = story.send(Message::Submitted);
        // The last is an alias.
        assert!(leads_to(&action, expected) || leads_to_alias(&action, "pi"), "{steps}: {action:?}");
    }
    let _ = story.send(Message::Moved(Step::PageUp));
    let _ = story.send(Message::Moved(Step::Up));
    assert!(leads_to(&story.send(Message::Submitted), "web"));
}

#[test]
fn a_destination_that_is_typed_is_connected_to_as_typed() {
    let mut story = Story::typical();
    story.type_text("me@lab.example.org:2200");
    story.draw("typed");
    let action = story.press("me@lab.example.org:2200", Named::Enter);
    let Action::Connect(Target::Typed { destination, .. }) = action else { panic!("{action:?}") };
    let (user, port) = (destination.user.as_deref(), destination.port);
    assert_eq!((user, destination.host.as_str(), port), (Some("me"), "lab.example.org", Some(2200)));
    // A name that only resembles a saved one can be meant as well.
    story.type_text("la");
    let action = story.click("Connect to la");
    assert!(leads_to_alias(&action, "la"), "{action:?}");
    assert!(story.shows("Connect to la"), "it may have to be corrected");
    assert!(leads_to(&story.send(Message::Submitted), "lab"), "the best match");
    // Whoever types a saved name to its end means it.
    story.type_text("lab");
    assert!(!story.shows("Connect to lab"));
}

#[test]
fn an_ssh_command_is_taken_at_its_word() {
    let mut story = Story::typical();
    story.type_text("ssh me@lab.example.org -p 2222 -X");
    let action = story.press("ssh me@lab.example.org -p 2222 -X", Named::Enter);
    let Action::Connect(Target::Typed { destination, options }) = action else { panic!("{action:?}") };
    assert_eq!(destination.host, "lab.example.org");
    assert!(options.contains(&"Port=\"2222\"".to_owned()) && options.contains(&"ForwardX11=\"yes\"".to_owned()));
    story.type_text("ssh lab -Q");
    let _ = story.send(Message::Submitted);
    assert!(story.shows(&Target::parse("ssh lab -Q").unwrap_err()));
}

#[test]
fn what_is_no_destination_is_not_offered_as_one() {
    let mut story = Story::typical();
    for text in ["xeyes & xclock", "me@", "ssh lab -Q"] {
        story.type_text(text);
        assert!(!story.shows(&format!("Connect to {text}")), "{text}");
    }
    story.type_text("xeyes & xclock");
    assert!(matches!(story.send(Message::Submitted), Action::Run(_)));
    story.draw("no-destination");
    assert!(story.shows(&Target::parse("xeyes & xclock").unwrap_err()));
}

#[test]
fn a_destination_that_is_a_saved_host_or_an_alias_is_taken_for_it() {
    let mut story = Story::typical();
    for text in ["root@www.example.org:2222", "ssh root@www.example.org -p 2222", "ssh://root@www.example.org:2222"] {
        story.type_text(text);
        assert!(story.shows(&format!("Connect to {text}")), "as typed, without its settings, is on offer");
        let action = story.send(Message::Submitted);
        assert!(leads_to(&action, "web"), "{text}: {action:?}");
        assert!(story.shows("nas"), "the search is over");
    }
    story.type_text("ssh nas");
    assert!(leads_to(&story.send(Message::Submitted), "nas"));
    story.type_text("ssh gateway");
    assert!(leads_to_alias(&story.send(Message::Submitted), "gateway"));
    story.type_text("ssh root@www.example.org -p 2222 -X");
    let action = story.send(Message::Submitted);
    assert!(matches!(action, Action::Connect(Target::Typed { .. })), "an option of its own is wanted: {action:?}");
}

#[test]
fn what_is_no_destination_says_why_below_the_field() {
    let mut story = Story::typical();
    story.type_text("ssh://-oProxyCommand=reboot");
    assert!(matches!(story.send(Message::Submitted), Action::Run(_)));
    story.draw("error");
    let error = Target::parse("ssh://-oProxyCommand=reboot").unwrap_err();
    assert!(story.shows(&error));
    story.type_text("ssh://");
    assert!(!story.shows(&error), "the error outlived what it was about");
}

#[test]
fn no_match_offers_to_connect_even_so() {
    let mut story = Story::typical();
    story.type_text("zebra");
    story.draw("nomatch");
    assert!(leads_to_alias(&story.send(Message::Submitted), "zebra"));
}

#[test]
fn escape_empties_the_field() {
    let mut story = Story::typical();
    story.type_text("zebra");
    let _ = story.with(|screen, data| screen.escape(data));
    assert!(story.shows("nas") && story.shows("gateway"));
    // The field keeps Escape to itself and tells of it.
    story.type_text("zebra");
    let _ = story.send(Message::Escaped);
    assert!(story.shows("nas") && story.shows("gateway"));
}

#[test]
fn a_deleted_host_comes_back_by_one_click() {
    let mut story = Story::typical();
    let _ = story.send(Message::Delete(id("nas")));
    assert!(!story.shows("nas") && story.shows("nas was deleted"));
    story.draw("deleted");
    let _ = story.click("Undo");
    assert!(story.shows("nas") && !story.shows("nas was deleted"));
    let names: Vec<_> = story.hosts.iter().map(|host| host.name.as_str()).collect();
    assert_eq!(names, ["web server", "nas", "lab"]);
}

#[test]
fn a_broken_file_is_named_with_its_place_and_the_rest_works() {
    let mut story = Story::new("[[host]]\nname = \"x\n", &["build"]);
    story.draw("broken");
    let Some(store::Error::Malformed { path, message, .. }) = &story.problem else { panic!("{:?}", story.problem) };
    assert!(story.shows(&format!("{}, line 2, column 10: {message}", path.display())));
    assert!(matches!(story.click("Read it again"), Action::Reload));
    assert!(leads_to_alias(&story.click("build"), "build"));
    // The form says why it cannot be saved.
    let _ = story.send(Message::New);
    fill(&mut story, host::Field::HostName, "h");
    let _ = story.click("Save");
    let problem = story.problem.clone().unwrap().to_string();
    assert!(story.shows(&problem), "{problem}");
    story.draw("broken-save");
}

#[test]
fn a_config_that_cannot_be_read_is_reported() {
    let mut story = Story::typical();
    story.aliases.clear();
    let problem = "~/.ssh/config: line 3: Bad configuration option: hots";
    story.config_problem = Some(problem.to_owned());
    assert!(story.shows(problem));
    story.draw("config");
}

#[test]
fn settings_that_are_broken_are_reported_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, "[terminal]\nscrollback = many\n").unwrap();
    let mut story = Story::typical();
    story.settings_problem = store::Settings::load(&path).err();
    let Some(store::Error::Malformed { line: 2, column, message, .. }) = story.settings_problem.clone() else {
        panic!("{:?}", story.settings_problem)
    };
    assert!(story.shows(&format!("{}, line 2, column {column}: {message}", path.display())));
    assert!(matches!(story.click("Read it again"), Action::Reload));
    story.draw("settings");
}

#[test]
fn the_keyring_can_be_unlocked_and_tried_again() {
    let mut story = Story::typical();
    story.keeper = Some(Status::Locked { store: "GNOME Keyring".to_owned() });
    story.draw("locked");
    assert!(matches!(story.click("Unlock"), Action::Unlock));
    story.keeper = Some(Status::Absent { reason: "no program offers the Secret Service".to_owned() });
    story.draw("absent");
    assert!(matches!(story.click("Try again"), Action::RetryKeyring));
    // One short line, also in the smallest window; why is told by a tooltip.
    story.size = Size::new(480.0, 320.0);
    story.draw("absent-small");
    assert!(story.shows("No keyring: secrets last for this session only"));
    assert!(!story.shows("no program offers the Secret Service"));
    let mut ui = story.ui();
    let height = |ui: &mut Simulator<'_, Message>| ui.find("Try again").map(|button| button.bounds().height);
    let narrow = height(&mut ui).unwrap();
    drop(ui);
    story.size = Size::new(1024.0, 700.0);
    assert_eq!(narrow, height(&mut story.ui()).unwrap(), "the button wraps");
}

fn fill(story: &mut Story, field: host::Field, text: &str) {
    let typed = tetherm::screen::hosts::form::Message::Typed(field, text.to_owned());
    let _ = story.send(Message::Form(typed));
}

#[test]
fn a_host_is_saved_with_what_the_form_says() {
    let mut story = Story::typical();
    let _ = story.click("New host");
    story.draw("form");
    fill(&mut story, host::Field::HostName, "ssh://me@new.example.org:2200");
    let _ = story.click("X11");
    let _ = story.click("Show this host's X11 programs on my screen");
    let _ = story.click("Connection");
    story.draw("form-open");
    let _ = story.press("~/.ssh/id_ed25519", Named::Enter);
    let host = story.hosts.iter().last().unwrap().clone();
    let expected = Host {
        id: host.id.clone(),
        user: Some("me".to_owned()),
        port: Some(2200),
        forward_x11: Some(true),
        ..Host::new("new.example.org", "new.example.org")
    };
    assert_eq!(host, expected);
    assert!(story.shows("new.example.org"), "the form is still open");
}

#[test]
fn save_and_connect_does_both() {
    let mut story = Story::typical();
    let _ = story.send(Message::Edit(id("nas")));
    assert!(story.shows("Edit nas"));
    fill(&mut story, host::Field::User, "admin");
    story.draw("edit");
    let action = story.click("Save and connect");
    assert!(leads_to(&action, "nas"), "{action:?}");
    assert_eq!(story.hosts.get(&id("nas")).unwrap().user.as_deref(), Some("admin"));
}

#[test]
fn a_wrong_field_says_so_and_nothing_is_saved() {
    let mut story = Story::typical();
    let _ = story.send(Message::New);
    fill(&mut story, host::Field::User, "a;b");
    fill(&mut story, host::Field::Port, "70000");
    let _ = story.click("Save");
    story.draw("form-errors");
    assert!(story.shows("Enter a host name, an IP address or an alias of ~/.ssh/config"));
    assert!(story.shows("A port is a number from 1 to 65535; leave this empty for 22"), "the section stayed folded");
    assert_eq!(story.hosts.len(), 3);
    let _ = story.with(|screen, data| screen.escape(data));
    assert!(story.shows("nas"), "Escape did not close the form");
}

#[test]
fn ten_thousand_hosts_are_searched_and_scrolled_like_ten() {
    let mut text = String::new();
    for n in 0..10_000 {
        text += &format!("[[host]]\nid = \"{n}\"\nname = \"host {n}\"\nhost_name = \"h{n}.example.org\"\n");
    }
    let mut story = Story::new(&text, &["build"]);
    let start = std::time::Instant::now();
    story.type_text("host 9876");
    let filtered = start.elapsed();
    assert!(story.shows("host 9876"));
    assert!(leads_to(&story.send(Message::Submitted), "9876"));
    story.type_text("");
    assert!(story.shows("host 3") && !story.shows("host 300"), "lines out of sight are built");
    // The last entry is scrolled into sight by the keyboard.
    let _ = story.send(Message::Moved(Step::Up));
    assert!(leads_to_alias(&story.send(Message::Submitted), "build"));
    // An unoptimised build; the user's is ten times faster.
    assert!(filtered.as_millis() < 1000, "{filtered:?}");
}

#[test]
fn long_names_and_small_windows_are_drawn() {
    let mut text = String::new();
    for n in 0..30 {
        let name = format!("host {n} ").repeat(12);
        text += &format!(
            "[[host]]\nid = \"{n}\"\nname = \"{}\"\nhost_name = \"{}.example.org\"\nuser = \"deploy\"\nforward_x11 = true\n",
            name.trim(),
            "a-rather-long-label.".repeat(6).trim_end_matches('.'),
        );
    }
    let mut story = Story::new(&text, &["build"]);
    story.draw("many");
    story.size = Size::new(420.0, 320.0);
    story.draw("small");
    let _ = story.send(Message::New);
    story.draw("small-form");
    story = Story::new("", &[]);
    story.size = Size::new(420.0, 320.0);
    story.draw("small-welcome");
    story.type_text("x");
    assert!(matches!(story.send(Message::Chosen(Entry::Typed("x".to_owned()))), Action::Connect(_)));
}

#[test]
fn a_host_can_have_colours_of_its_own() {
    let mut story = Story::typical();
    // High enough for the section.
    story.size = Size::new(1024.0, 1000.0);
    let _ = story.send(Message::Edit(id("web")));
    assert!(story.shows("as in the settings"));
    let _ = story.click("Colours");
    story.draw("form-colours");
    let _ = story.send(Message::Form(form::Message::Choose(form::Choice::Scheme(Some("nord".to_owned())))));
    let _ = story.click("Save");
    let saved = story.hosts.get(&id("web")).unwrap();
    assert_eq!(saved.scheme.as_deref(), Some("nord"));
    assert_eq!(Hosts::load(story.hosts.path()).as_ref(), Ok(&story.hosts));
    let _ = story.send(Message::Edit(id("web")));
    assert!(story.shows("Nord"), "folded, the section says what is in it");
}
