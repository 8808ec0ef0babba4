//! The settings screen: every setting of `settings.toml`, the colour schemes, the fonts and the keys.
//!
//! A choice takes effect at once. What the screen shows and does not own comes in as [`Data`]; what it wants goes out
//! as an [`Action`].

pub mod keys;
mod parts;
pub mod picker;
mod row;
mod sample;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use iced::keyboard::{self, key::Named};
use iced::widget::{Id, operation};
use iced::{Event, Subscription, Task, event, window};
use term::terminal::Palette;

use crate::file_chooser::{self, Filter};
use crate::store::schemes::Ground;
use crate::store::settings::table::{Kind, Section, Setting};
use crate::store::settings::{self as stored, Value};
use crate::store::{self, Schemes};
use crate::window::Bindings;

use picker::{Item, Picker};
use sample::Sample;

/// The files that schemes are imported from.
const SCHEMES: Filter = Filter { name: "Colour schemes", patterns: &["*.toml", "*.yml", "*.yaml", "*.itermcolors"] };

/// What the screen shows and does not own.
#[derive(Debug, Clone, Copy)]
pub struct Data<'a> {
    /// The settings in force.
    pub settings: &'a stored::Settings,
    /// The colours in force.
    pub palette: &'a Palette,
    /// The colour schemes.
    pub schemes: &'a Schemes,
    /// The keys in force.
    pub bindings: &'a Bindings,
    /// Why the file could not be read or written.
    pub problem: Option<&'a store::Error>,
    /// The settings' file.
    pub file: Option<&'a Path>,
    /// The monospace families of this system; `None` until they are known.
    pub families: Option<&'a [String]>,
    /// What came of the last import of a scheme: its name.
    pub imported: Option<&'a Result<String, store::Error>>,
}

/// The screen.
#[derive(Debug)]
pub struct Settings {
    page: Page,
    /// The list that is in front, or that Back leads to.
    list: List,
    query: String,
    field: Id,
    /// What was typed into fields and not taken over yet, by the settings' paths.
    drafts: BTreeMap<String, String>,
    keys: keys::Editor,
    sample: Sample,
    source: String,
    /// Why the desktop did not let the user choose a file.
    no_chooser: Option<file_chooser::Error>,
}

/// A list of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// A section of the table.
    Section(Section),
    /// The keys.
    Keys,
}

/// What is shown.
#[derive(Debug)]
enum Page {
    List,
    Scheme(Ground, Picker),
    Family(Picker),
}

/// What happens on the screen.
#[derive(Debug, Clone)]
pub enum Message {
    /// The search field's text changed.
    Typed(String),
    /// A list is to be shown.
    Show(List),
    /// A setting gets a value.
    Set(&'static Setting, Value),
    /// Something was typed into a setting's field.
    Drafted(&'static Setting, String),
    /// What was typed there is to be taken over.
    Committed(&'static Setting),
    /// A setting gets its default back.
    Reset(&'static Setting),
    /// The schemes for windows of this ground are to be shown.
    Schemes(Ground),
    /// The fonts are to be shown.
    Families,
    /// Something in the list of schemes or fonts.
    Picker(picker::Message),
    /// A path was typed to import a scheme from.
    Source(String),
    /// It is to be imported.
    Import,
    /// The desktop is to let the user choose the file.
    Browse,
    /// They chose one, or none, or it cannot.
    Chosen(Result<Option<PathBuf>, file_chooser::Error>),
    /// A file was dropped onto this window.
    Dropped(window::Id, PathBuf),
    /// Something in the list of keys.
    Keys(keys::Message),
    /// The settings' file is to be opened in an editor.
    OpenFile,
    /// The files are to be read again.
    Reload,
    /// One step back.
    Back,
}

/// What the screen wants of its window.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// These settings are chosen.
    Change(Box<stored::Settings>),
    /// Terminals are to look so until something is chosen or [`Action::Restore`] comes.
    Preview(Box<Preview>, Task<Message>),
    /// They are to look as the settings say again.
    Restore,
    /// A scheme is to be imported from this file.
    Import(PathBuf),
    /// The system's fonts are to be looked for.
    Families,
    /// The settings' file is to be opened in an editor.
    OpenFile,
    /// The files are to be read again.
    Reload,
    /// The screen is to be closed.
    Close,
}

/// What terminals look like while something is chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The settings.
    pub settings: stored::Settings,
    /// The colour scheme, whatever the brightness of the window.
    pub scheme: Option<String>,
}

impl Settings {
    /// The screen, with the first list.
    #[must_use]
    pub fn new(data: Data) -> Self {
        Self {
            page: Page::List,
            list: List::Section(Section::Appearance),
            query: String::new(),
            field: Id::unique(),
            drafts: BTreeMap::new(),
            keys: keys::Editor::default(),
            sample: Sample::new(data.palette.clone(), &data.settings.terminal),
            source: String::new(),
            no_chooser: None,
        }
    }

    /// Where the keyboard belongs.
    #[must_use]
    pub fn home(&self) -> Option<Id> {
        match &self.page {
            Page::List => Some(self.field.clone()),
            Page::Scheme(_, picker) | Page::Family(picker) => Some(picker.home()),
        }
    }

    /// Takes notice of other settings, colours, schemes or fonts.
    pub fn refresh(&mut self, data: Data) -> Task<Message> {
        let task = match &mut self.page {
            Page::List => Task::none(),
            Page::Scheme(_, picker) => {
                let more = picker.show(schemes(data));
                match data.imported {
                    Some(Ok(name)) if more => picker.select(name).map(Message::Picker),
                    _ => Task::none(),
                }
            }
            Page::Family(picker) => {
                let _more = picker.show(families(data));
                Task::none()
            }
        };
        self.show_sample(data);
        task
    }

    fn show_sample(&self, data: Data) {
        let palette = match &self.page {
            Page::Scheme(ground, picker) => data.schemes.palette(picker.selected(), *ground),
            Page::List | Page::Family(_) => data.palette.clone(),
        };
        self.sample.show(palette, &data.settings.terminal);
    }

    /// Does what a message asks for.
    pub fn update(&mut self, message: Message, data: Data) -> Action {
        match message {
            Message::Typed(text) => {
                self.query = text.replace(['\n', '\r'], "");
                Action::None
            }
            Message::Show(list) => self.show(list, data),
            Message::Set(setting, value) => {
                let _ = self.drafts.remove(&setting.path());
                change(data, |settings| (setting.field.set)(settings, &value))
            }
            Message::Drafted(setting, text) => {
                let _ = self.drafts.insert(setting.path(), text.replace(['\n', '\r'], ""));
                Action::None
            }
            Message::Committed(setting) => self.commit(setting, data),
            Message::Reset(setting) => {
                let _ = self.drafts.remove(&setting.path());
                change(data, |settings| setting.reset(settings))
            }
            Message::Schemes(ground) => self.open_schemes(ground, data),
            Message::Families => self.open_families(data),
            Message::Picker(message) => self.pick(message, data),
            Message::Source(text) => {
                self.source = text.replace(['\n', '\r'], "");
                Action::None
            }
            Message::Import => self.import(),
            Message::Browse => {
                self.no_chooser = None;
                let choose = file_chooser::choose("Import a colour scheme", SCHEMES);
                Action::Run(Task::perform(choose, Message::Chosen))
            }
            Message::Chosen(Ok(None)) => Action::None,
            Message::Chosen(Ok(Some(path))) | Message::Dropped(_, path) => match self.page {
                Page::Scheme(..) => Action::Import(path),
                _ => Action::None,
            },
            Message::Chosen(Err(error)) => {
                self.no_chooser = Some(error);
                Action::None
            }
            Message::Keys(message) => match self.keys.update(message, data) {
                Some(keys) => change(data, |settings| settings.keys = keys),
                None => Action::None,
            },
            Message::OpenFile => Action::OpenFile,
            Message::Reload => Action::Reload,
            Message::Back => self.back(),
        }
    }

    fn show(&mut self, list: List, data: Data) -> Action {
        let restore = !matches!(self.page, Page::List);
        self.list = list;
        self.page = Page::List;
        self.query.clear();
        let _ = self.keys.stop();
        self.show_sample(data);
        if restore { Action::Restore } else { Action::None }
    }

    /// Takes over what was typed into a setting's field, if it is a value of it.
    fn commit(&mut self, setting: &'static Setting, data: Data) -> Action {
        let path = setting.path();
        let Some(Ok(value)) = self.drafts.get(&path).map(|text| row::parse(setting, text)) else { return Action::None };
        let _ = self.drafts.remove(&path);
        change(data, |settings| (setting.field.set)(settings, &value))
    }

    fn open_schemes(&mut self, ground: Ground, data: Data) -> Action {
        let chosen = match ground {
            Ground::Dark => &data.settings.scheme.dark,
            Ground::Light => &data.settings.scheme.light,
        };
        let picker = Picker::new(schemes(data), chosen.clone());
        let reveal = picker.reveal().map(Message::Picker);
        self.page = Page::Scheme(ground, picker);
        self.show_sample(data);
        Action::Run(reveal)
    }

    fn open_families(&mut self, data: Data) -> Action {
        let picker = Picker::new(families(data), data.settings.terminal.font_family.clone());
        self.page = Page::Family(picker);
        self.show_sample(data);
        Action::Families
    }

    fn pick(&mut self, message: picker::Message, data: Data) -> Action {
        let picker = match &mut self.page {
            Page::List => return Action::None,
            Page::Scheme(_, picker) | Page::Family(picker) => picker,
        };
        match picker.update(message) {
            picker::Action::Run(task) => Action::Run(task.map(Message::Picker)),
            picker::Action::Show(task) => {
                let task = task.map(Message::Picker);
                self.show_sample(data);
                match self.preview(data) {
                    Some(preview) => Action::Preview(Box::new(preview), task),
                    None => Action::Run(task),
                }
            }
            picker::Action::Choose(name) => self.choose(name, data),
        }
    }

    /// What terminals look like with what is selected.
    fn preview(&self, data: Data) -> Option<Preview> {
        let mut settings = data.settings.clone();
        match &self.page {
            Page::List => None,
            Page::Scheme(_, picker) => Some(Preview { settings, scheme: Some(picker.selected().to_owned()) }),
            Page::Family(picker) => {
                picker.selected().clone_into(&mut settings.terminal.font_family);
                Some(Preview { settings, scheme: None })
            }
        }
    }

    fn choose(&mut self, name: String, data: Data) -> Action {
        let page = std::mem::replace(&mut self.page, Page::List);
        change(data, |settings| match page {
            Page::Scheme(Ground::Dark, _) => settings.scheme.dark = name,
            Page::Scheme(Ground::Light, _) => settings.scheme.light = name,
            Page::Family(_) => settings.terminal.font_family = name,
            Page::List => {}
        })
    }

    fn import(&self) -> Action {
        let text = self.source.trim().trim_matches(['"', '\'']);
        let path = match (text.strip_prefix("~/"), std::env::home_dir()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(text),
        };
        if text.is_empty() { Action::None } else { Action::Import(path) }
    }

    /// Leaves what is in front: a recording, a list of schemes, the search, the screen.
    pub fn back(&mut self) -> Action {
        if self.keys.stop() {
            return Action::None;
        }
        if !matches!(self.page, Page::List) {
            self.page = Page::List;
            return Action::Restore;
        }
        if !self.query.is_empty() {
            self.query.clear();
            return Action::Run(operation::focus(self.field.clone()));
        }
        Action::Close
    }

    /// What a key does while the screen is shown: the ones of the lists, and the Escape that a field keeps to itself.
    #[must_use]
    pub fn key(event: &keyboard::Event, status: event::Status) -> Option<Message> {
        let keyboard::Event::KeyPressed { key, modifiers, .. } = event else { return None };
        match status {
            event::Status::Captured => (*key == keyboard::Key::Named(Named::Escape)).then_some(Message::Back),
            event::Status::Ignored => modifiers.is_empty().then(|| walk(key)).flatten().map(Message::Picker),
        }
    }

    /// Dropped files.
    pub fn subscription(&self) -> Subscription<Message> {
        event::listen_with(|event, _status, window| match event {
            Event::Window(window::Event::FileDropped(path)) => Some(Message::Dropped(window, path)),
            _ => None,
        })
    }
}

fn walk(key: &keyboard::Key) -> Option<picker::Message> {
    let keyboard::Key::Named(named) = key else { return None };
    let by = match named {
        Named::ArrowUp => -1,
        Named::ArrowDown => 1,
        Named::PageUp => -8,
        Named::PageDown => 8,
        _ => return None,
    };
    Some(picker::Message::Moved(by))
}

fn change(data: Data, change: impl FnOnce(&mut stored::Settings)) -> Action {
    let mut settings = data.settings.clone();
    change(&mut settings);
    Action::Change(Box::new(settings))
}

fn schemes(data: Data) -> Vec<Item> {
    data.schemes.iter().map(|scheme| Item { name: scheme.name.clone(), title: scheme.title.clone() }).collect()
}

/// The bundled font first, then those of the system, and the one that is chosen though it is not there.
fn families(data: Data) -> Vec<Item> {
    let chosen = &data.settings.terminal.font_family;
    let known = data.families.unwrap_or_default();
    let missing = (!chosen.is_empty() && !known.contains(chosen)).then(|| Item {
        name: chosen.clone(),
        title: if data.families.is_some() { format!("{chosen} (not installed)") } else { chosen.clone() },
    });
    let bundled = Item { name: String::new(), title: "JetBrains Mono (bundled)".to_owned() };
    let known = known.iter().map(|name| Item { name: name.clone(), title: name.clone() });
    [Some(bundled), missing].into_iter().flatten().chain(known).collect()
}

/// Whether a search finds a setting: each of its words in its name, its title or its explanation.
fn matches(setting: &Setting, words: &[String]) -> bool {
    let kind = match setting.kind {
        Kind::Choice(words) => words.iter().map(|word| word.label).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    };
    let text = format!("{} {} {} {kind}", setting.path(), setting.title, setting.explanation).to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}
