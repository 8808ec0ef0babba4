//! The hosts screen: one field to search and to connect, the saved hosts, the hosts of `~/.ssh/config`.

pub mod alias_form;
pub mod form;
pub mod inherited;
mod list;
mod notices;
mod search;
pub mod target;
mod welcome;

use std::path::PathBuf;

use iced::keyboard::{self, key::Named};
use iced::widget::{Id, column, container, operation, row};
use iced::{Alignment, Element, Length, Task, event};
use term::ssh::Config;

use crate::store::{self, Host, host, hosts::Deleted, secrets};
use crate::theme::space;
use crate::widget::{Button, Icon, button, field, label};

pub use alias_form::AliasForm;
pub use form::Form;
pub use search::Entry;
pub use target::Target;

/// Wider than this the lines become hard to follow.
const WIDTH: f32 = 760.0;

/// An alias that a `Host` line of `~/.ssh/config` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The alias.
    pub name: String,
    /// Where it stands, such as `~/.ssh/config:12`.
    pub place: String,
    /// The file.
    pub path: PathBuf,
    /// The `Host` line, counted from 1.
    pub line: usize,
}

impl Alias {
    /// The aliases of the user's and the system's configuration.
    #[must_use]
    pub fn all(config: &Config) -> Vec<Self> {
        let places = config.alias_places().into_iter();
        places
            .map(|(name, place)| Self { name, place: inherited::shown(&place), path: place.path, line: place.line })
            .collect()
    }
}

/// What the screen shows and does not own.
#[derive(Debug, Clone, Copy)]
pub struct Data<'a> {
    /// The saved hosts.
    pub hosts: &'a store::Hosts,
    /// Why they could not be read.
    pub problem: Option<&'a store::Error>,
    /// The aliases of `~/.ssh/config`.
    pub aliases: &'a [Alias],
    /// Why `~/.ssh/config` could not be read.
    pub config_problem: Option<&'a str>,
    /// Why the settings could not be read.
    pub settings_problem: Option<&'a store::Error>,
    /// The colour schemes that a host can have.
    pub schemes: &'a store::Schemes,
    /// What keeps the secrets; `None` until the keyring has answered.
    pub keeper: Option<&'a secrets::Status>,
}

/// The screen.
#[derive(Debug)]
pub struct Hosts {
    query: String,
    field: Id,
    list: list::List,
    /// What is wrong with what was typed.
    error: Option<String>,
    form: Option<Open>,
    notice: Option<Notice>,
}

/// The form that is open.
#[derive(Debug)]
enum Open {
    /// Of a saved host.
    Saved(Box<Form>),
    /// Of a host of `~/.ssh/config`.
    Alias(Box<AliasForm>),
}

/// What happened to the list a moment ago.
#[derive(Debug)]
enum Notice {
    Deleted(Box<Deleted>),
    Failed(store::Error),
}

/// What happens on the screen.
#[derive(Debug, Clone)]
pub enum Message {
    /// The field's text changed.
    Typed(String),
    /// Enter was pressed in the field.
    Submitted,
    /// A key that moves the selection was pressed.
    Moved(Step),
    /// An entry was chosen.
    Chosen(Entry),
    /// A new host is to be written.
    New,
    /// The user's guide is to be read.
    Guide,
    /// A saved host is to be changed.
    Edit(host::Id),
    /// A host of `~/.ssh/config` is to be changed.
    EditAlias(String),
    /// A saved host is to be deleted.
    Delete(host::Id),
    /// Something in a notice above or below the list.
    Notice(notices::Message),
    /// Something in the form.
    Form(form::Message),
    /// Something in the form of a host of `~/.ssh/config`.
    AliasForm(alias_form::Message),
    /// The list was scrolled or resized.
    Scrolled(list::View),
    /// Escape was pressed in a field.
    Escaped,
}

/// How the selection moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// One up.
    Up,
    /// One down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// What the screen wants of its window.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// A tab is to be opened.
    Connect(Target),
    /// A host is to be saved, and a tab opened when that is done; then [`Hosts::saved`] is to be called.
    Save {
        /// The host.
        host: Box<Host>,
        /// Whether to connect to it.
        connect: bool,
    },
    /// A host is to be deleted; then [`Hosts::deleted`] is to be called.
    Delete(host::Id),
    /// A deletion is to be undone; then [`Hosts::restored`] is to be called.
    Restore(Box<Deleted>),
    /// The files are to be read again; then [`Hosts::refresh`] is to be called.
    Reload,
    /// The keyring is to be unlocked.
    Unlock,
    /// The keyring is to be tried again.
    RetryKeyring,
    /// The user's guide is to be shown.
    Guide,
}

impl Hosts {
    /// The screen.
    pub fn new(data: Data) -> (Self, Task<Message>) {
        let mut screen = Self {
            query: String::new(),
            field: Id::unique(),
            list: list::List::default(),
            error: None,
            form: None,
            notice: None,
        };
        screen.refresh(data);
        (screen, Task::none())
    }

    /// Whether a host is being written that is not saved.
    #[must_use]
    pub fn is_editing(&self) -> bool {
        self.form.is_some()
    }

    /// Where the keyboard belongs: in the field, or in the form's first.
    #[must_use]
    pub fn home(&self) -> Option<Id> {
        match &self.form {
            Some(Open::Saved(form)) => form.home(),
            Some(Open::Alias(form)) => form.home(),
            None => Some(self.field.clone()),
        }
    }

    /// Brings the keyboard back there from a button that is gone.
    fn focus(&self) -> Task<Message> {
        match &self.form {
            Some(_) => Task::none(),
            None => operation::focus(self.field.clone()).chain(operation::select_all(self.field.clone())),
        }
    }

    /// Takes notice of other hosts or aliases.
    pub fn refresh(&mut self, data: Data) {
        let (entries, selected) = search::entries(&self.query, data);
        self.list.show(entries, selected);
    }

    /// Does what a message asks for.
    pub fn update(&mut self, message: Message, data: Data) -> Action {
        match message {
            Message::Typed(text) => self.type_text(text, data),
            Message::Submitted => self.submit(data),
            Message::Moved(_) if self.form.is_some() => Action::None,
            Message::Moved(step) => Action::Run(self.list.step(step)),
            Message::Chosen(entry) => self.choose(entry, data),
            Message::Guide => Action::Guide,
            Message::New => self.open_form(Form::new(&self.query)),
            Message::Edit(id) => match data.hosts.get(&id) {
                Some(host) => self.open_form(Form::edit(host)),
                None => Action::None,
            },
            Message::EditAlias(name) => match data.aliases.iter().find(|alias| alias.name == name) {
                Some(alias) => self.open_alias(alias),
                None => Action::None,
            },
            Message::Delete(id) => Action::Delete(id),
            Message::Notice(message) => self.update_notice(message),
            Message::Form(message) => self.update_form(message),
            Message::AliasForm(message) => self.update_alias(message),
            Message::Escaped => self.escape(data),
            Message::Scrolled(view) => {
                self.list.scrolled(view);
                Action::None
            }
        }
    }

    /// Closes the form that Escape was pressed in, or empties the field.
    pub fn escape(&mut self, data: Data) -> Action {
        if self.form.take().is_some() {
            return Action::None;
        }
        let _ = self.type_text(String::new(), data);
        Action::Run(self.focus())
    }

    /// Fills the field, in place of a form that may be open.
    pub fn prefill(&mut self, text: String, data: Data) -> Action {
        self.form = None;
        match self.type_text(text, data) {
            Action::Run(task) => Action::Run(task.chain(self.focus())),
            other => other,
        }
    }

    /// A save has ended.
    pub fn saved(&mut self, outcome: Result<(), store::Error>, data: Data) -> Action {
        match (outcome, &mut self.form) {
            (Ok(()), _) => {
                self.form = None;
                self.refresh(data);
                Action::None
            }
            (Err(error), Some(Open::Saved(form))) => {
                form.failed(error.to_string());
                Action::None
            }
            (Err(error), _) => {
                self.notice = Some(Notice::Failed(error));
                Action::None
            }
        }
    }

    /// A deletion has ended.
    pub fn deleted(&mut self, outcome: Result<Box<Deleted>, store::Error>, data: Data) -> Action {
        self.notice = Some(match outcome {
            Ok(deleted) => Notice::Deleted(deleted),
            Err(error) => Notice::Failed(error),
        });
        self.refresh(data);
        Action::Run(self.focus())
    }

    /// The undoing of a deletion has ended.
    pub fn restored(&mut self, outcome: Result<(), store::Error>, data: Data) -> Action {
        self.notice = outcome.err().map(Notice::Failed);
        self.refresh(data);
        Action::Run(self.focus())
    }

    /// Opens the form on a saved host, as a tab's "edit" asks for.
    pub fn edit(&mut self, host: &Host) -> Action {
        self.open_form(Form::edit(host))
    }

    /// Draws the screen.
    pub fn view<'a>(&'a self, data: Data<'a>) -> Element<'a, Message> {
        match &self.form {
            Some(Open::Saved(form)) => return form.view(data.schemes).map(Message::Form),
            Some(Open::Alias(form)) => return form.view().map(Message::AliasForm),
            None => {}
        }
        let content = column![
            self.top(data),
            notices::above(data).map(|notices| notices.map(Message::Notice)),
            self.body(data),
            notices::below(self.notice.as_ref(), data).map(Message::Notice),
        ]
        .spacing(space::M)
        .max_width(WIDTH);
        container(content).center_x(Length::Fill).height(Length::Fill).padding([space::L, space::XL]).into()
    }

    /// What a key does while the screen is shown: the ones that the field leaves to the list, and the Escape that a field
    /// keeps to itself, giving up the focus.
    #[must_use]
    pub fn key(event: &keyboard::Event, status: event::Status) -> Option<Message> {
        let keyboard::Event::KeyPressed { key, modifiers, .. } = event else { return None };
        match status {
            event::Status::Captured => (*key == keyboard::Key::Named(Named::Escape)).then_some(Message::Escaped),
            event::Status::Ignored => modifiers.is_empty().then(|| step(key)).flatten().map(Message::Moved),
        }
    }

    fn type_text(&mut self, text: String, data: Data) -> Action {
        // What is pasted may bring line ends along.
        self.query = text.replace(['\n', '\r'], "");
        self.error = None;
        self.refresh(data);
        Action::Run(self.list.to_top())
    }

    fn submit(&mut self, data: Data) -> Action {
        match self.list.selected().cloned() {
            Some(entry) => self.choose(entry, data),
            None if self.query.trim().is_empty() => Action::None,
            // Nothing matches, and it is not offered as a destination: it says why.
            None => self.choose(Entry::Typed(self.query.trim().to_owned()), data),
        }
    }

    fn choose(&mut self, entry: Entry, data: Data) -> Action {
        let found = !matches!(entry, Entry::Typed(_));
        let target = match entry {
            Entry::Saved(id) => Ok(Target::Saved(id)),
            Entry::Alias(name) => Ok(Target::alias(&name)),
            Entry::Typed(text) => Target::parse(&text),
        };
        match target {
            Ok(target) => {
                self.error = None;
                // The search is over; what was typed as a destination may have to be corrected.
                if found && !self.query.is_empty() {
                    self.query.clear();
                    self.refresh(data);
                }
                Action::Connect(target)
            }
            Err(error) => {
                self.error = Some(error);
                Action::Run(self.focus())
            }
        }
    }

    fn open_form(&mut self, form: Form) -> Action {
        let look_up = form.look_up();
        self.form = Some(Open::Saved(Box::new(form)));
        Action::Run(look_up.map(Message::Form))
    }

    fn open_alias(&mut self, alias: &Alias) -> Action {
        let (form, read) = AliasForm::new(alias);
        self.form = Some(Open::Alias(Box::new(form)));
        Action::Run(read.map(Message::AliasForm))
    }

    fn update_alias(&mut self, message: alias_form::Message) -> Action {
        let Some(Open::Alias(form)) = &mut self.form else { return Action::None };
        match form.update(message) {
            alias_form::Action::None => Action::None,
            alias_form::Action::Run(task) => Action::Run(task.map(Message::AliasForm)),
            alias_form::Action::Saved => {
                self.form = None;
                Action::Reload
            }
            alias_form::Action::Cancel => {
                self.form = None;
                Action::Run(self.focus())
            }
        }
    }

    fn update_form(&mut self, message: form::Message) -> Action {
        let Some(Open::Saved(form)) = &mut self.form else { return Action::None };
        match form.update(message) {
            form::Action::None => Action::None,
            form::Action::Run(task) => Action::Run(task.map(Message::Form)),
            form::Action::Save { host, connect } => Action::Save { host, connect },
            form::Action::ToConfig(typed) => {
                let Some(path) = std::env::home_dir().map(|home| home.join(".ssh/config")) else { return Action::None };
                let (form, read) = AliasForm::create(path, &typed);
                self.form = Some(Open::Alias(Box::new(form)));
                Action::Run(read.map(Message::AliasForm))
            }
            form::Action::Cancel => {
                self.form = None;
                Action::Run(self.focus())
            }
        }
    }

    fn update_notice(&mut self, message: notices::Message) -> Action {
        match message {
            notices::Message::Undo => match self.notice.take() {
                Some(Notice::Deleted(deleted)) => Action::Restore(deleted),
                _ => Action::None,
            },
            notices::Message::Dismiss => {
                self.notice = None;
                Action::None
            }
            notices::Message::Reload => Action::Reload,
            notices::Message::Unlock => Action::Unlock,
            notices::Message::RetryKeyring => Action::RetryKeyring,
        }
    }

    /// The field, the button beside it and what is wrong with what was typed.
    fn top<'a>(&'a self, data: Data) -> Element<'a, Message> {
        let icon = iced::widget::text_input::Icon {
            font: crate::widget::icon::FONT,
            code_point: Icon::Search.glyph(),
            size: Some(16.0.into()),
            spacing: space::S,
            side: iced::widget::text_input::Side::Left,
        };
        let placeholder = if data.hosts.is_empty() && data.aliases.is_empty() {
            "Connect to user@host:port"
        } else {
            "Search, or connect to user@host:port"
        };
        let input = field::field(placeholder, &self.query)
            .id(self.field.clone())
            .icon(icon)
            .padding(space::M)
            .on_input(Message::Typed)
            .on_submit(Message::Submitted)
            .invalid(self.error.is_some());
        let new = Button::labelled(Icon::Plus, "New host").padding(space::M).on_press(Message::New);
        let error = self.error.as_deref().map(label::error);
        column![row![input, new].spacing(space::S).align_y(Alignment::Center), error].spacing(space::XS).into()
    }

    fn body<'a>(&'a self, data: Data<'a>) -> Element<'a, Message> {
        if data.hosts.is_empty() && data.aliases.is_empty() && self.query.trim().is_empty() {
            return welcome::view(data.problem.is_some());
        }
        if self.list.is_empty() {
            let hint = "No host matches. To connect, type user@host:port, ssh://… or a whole ssh command.";
            return container(label::muted(hint)).padding(space::M).width(Length::Fill).height(Length::Fill).into();
        }
        self.list.view(data)
    }
}

fn step(key: &keyboard::Key) -> Option<Step> {
    match key {
        keyboard::Key::Named(Named::ArrowUp) => Some(Step::Up),
        keyboard::Key::Named(Named::ArrowDown) => Some(Step::Down),
        keyboard::Key::Named(Named::PageUp) => Some(Step::PageUp),
        keyboard::Key::Named(Named::PageDown) => Some(Step::PageDown),
        _ => None,
    }
}

/// A button that shows only an icon, with its name when the pointer rests on it.
fn icon_button<'a>(icon: Icon, tip: &'static str, message: Message) -> Element<'a, Message> {
    let button = Button::icon(icon).kind(button::Kind::Ghost).on_press(message);
    crate::widget::tooltip::below(button, tip).into()
}
