//! The form of a saved host: name, address and user first, the rest folded into sections that say what is in them.

pub mod choice;
mod entry;
mod in_force;
mod input;
mod section;
mod sections;
mod session;

use iced::widget::{Id, column, container, operation, row};
use iced::{Alignment, Element, Length, Task};

use super::inherited;
use crate::store::Schemes;
use crate::store::host::{self, Field, Host};
use crate::theme::space;
use crate::widget::banner::Kind;
use crate::widget::{Banner, Button, card, label, scroll};

pub use choice::{Choice, Kerberos};
use input::Input;
use section::Section;
pub(super) use section::hairline;

/// Wider than this a form falls apart.
const WIDTH: f32 = 560.0;

/// The form.
#[derive(Debug)]
pub struct Form {
    /// The name of the host that is changed; `None` for a new one.
    title: Option<String>,
    input: Input,
    /// What is wrong with which field, shown once saving was tried.
    errors: Vec<(Field, host::Error)>,
    /// Why it could not be saved.
    problem: Option<String>,
    /// The sections that are unfolded.
    open: Vec<Section>,
    /// What `ssh_config` says about the address that it was looked up for.
    inherited: Option<(String, inherited::Outcome)>,
    ids: [(Field, Id); 11],
}

/// What happens in the form.
#[derive(Debug, Clone)]
pub enum Message {
    /// A field's text changed.
    Typed(Field, String),
    /// Something was chosen.
    Choose(Choice),
    /// A section is to be opened or folded.
    Toggle(Section),
    /// What `ssh_config` says about this address was looked up.
    Inherited(String, inherited::Outcome),
    /// It is to be looked up.
    LookUp,
    /// "Save", or Enter in a field.
    Save,
    /// "Save and connect".
    SaveAndConnect,
    /// The new host is to be written to `~/.ssh/config` instead.
    ToConfig,
    /// "Cancel".
    Cancel,
}

/// What the form wants of the screen.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// The host is to be saved.
    Save {
        /// The host.
        host: Box<Host>,
        /// Whether to connect to it then.
        connect: bool,
    },
    /// The form is to give way to one for a new block of `~/.ssh/config`; what was typed of an address.
    ToConfig(String),
    /// The form is to be closed.
    Cancel,
}

impl Form {
    /// A form for a new host; `typed` is what the user was searching for, perhaps its address.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self::with(None, Input::typed(typed))
    }

    /// A form for a saved host.
    #[must_use]
    pub fn edit(host: &Host) -> Self {
        Self::with(Some(host.name.clone()), Input::of(host))
    }

    fn with(title: Option<String>, input: Input) -> Self {
        let ids = [
            Field::Name,
            Field::HostName,
            Field::User,
            Field::Port,
            Field::IdentityFile,
            Field::ProxyJump,
            Field::Proxy,
            Field::Display,
            Field::RemoteCommand,
            Field::LogFolder,
            Field::LogName,
        ];
        let ids = ids.map(|field| (field, Id::unique()));
        Self { title, input, errors: Vec::new(), problem: None, open: Vec::new(), inherited: None, ids }
    }

    /// Where the keyboard belongs: in the first field.
    #[must_use]
    pub fn home(&self) -> Option<Id> {
        self.ids.iter().find(|(field, _)| *field == Field::Name).map(|(_, id)| id.clone())
    }

    /// Says why the host could not be saved.
    pub fn failed(&mut self, problem: String) {
        self.problem = Some(problem);
    }

    /// Does what a message asks for.
    pub fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Typed(field, text) => {
                *self.input.text_mut(field) = text.replace(['\n', '\r'], "");
                self.errors.retain(|(other, _)| *other != field);
                Action::None
            }
            Message::Choose(choice) => {
                // What was wrong with a subsystem may be right for a shell.
                self.errors.retain(|(field, _)| *field != Field::RemoteCommand);
                choice.apply(&mut self.input);
                Action::None
            }
            Message::Toggle(section) => self.toggle(section),
            Message::LookUp => Action::Run(self.look_up()),
            Message::Inherited(address, outcome) => {
                self.inherited = Some((address, outcome));
                Action::None
            }
            Message::Save => self.save(false),
            Message::SaveAndConnect => self.save(true),
            Message::ToConfig => Action::ToConfig(self.input.address()),
            Message::Cancel => Action::Cancel,
        }
    }

    /// Draws the form.
    pub fn view<'a>(&'a self, schemes: &'a Schemes) -> Element<'a, Message> {
        let title = self.title.as_ref().map_or_else(|| "New host".to_owned(), |name| format!("Edit {name}"));
        let problem = self.problem.as_ref().map(|problem| Banner::new(Kind::Error, problem.as_str()));
        let elsewhere = self.title.is_none().then(|| {
            let button = Button::text("Write it to ~/.ssh/config instead").ghost().on_press(Message::ToConfig);
            row![label::hint("Kept in Tetherm's own hosts.toml."), button].align_y(Alignment::Center).spacing(space::S)
        });
        let content = column![
            column![label::title(title), elsewhere.map(|row| row.wrap())].spacing(space::XS),
            problem,
            card::card(
                column![
                    self.basics(),
                    self.connection(),
                    self.way(),
                    self.session(),
                    self.x11(),
                    self.agent(),
                    self.legacy(),
                    self.look(schemes),
                    self.log(),
                    self.clipboard(),
                    self.in_force()
                ]
                .spacing(space::M)
            )
            .width(Length::Fill),
        ]
        .spacing(space::L)
        .max_width(WIDTH);
        let page = container(content).center_x(Length::Fill).padding([space::L, space::XL]);
        // The buttons stay in sight however far the sections unfold.
        column![scroll::vertical(page).width(Length::Fill).height(Length::Fill), buttons()].into()
    }

    fn is_open(&self, section: Section) -> bool {
        self.open.contains(&section)
    }

    fn toggle(&mut self, section: Section) -> Action {
        if self.is_open(section) {
            self.open.retain(|open| *open != section);
            return Action::None;
        }
        self.open.push(section);
        match self.known() {
            None if section == Section::InForce => Action::Run(self.look_up()),
            _ => Action::None,
        }
    }

    fn save(&mut self, connect: bool) -> Action {
        match self.input.host() {
            Ok(host) => {
                self.problem = None;
                Action::Save { host: Box::new(host), connect }
            }
            Err(errors) => {
                let first = errors.first().map(|(field, _)| *field);
                let wrong = |fields: &[Field]| errors.iter().any(|(field, _)| fields.contains(field));
                let sections = [
                    (Section::Connection, wrong(&[Field::Port, Field::IdentityFile])),
                    (Section::Way, wrong(&[Field::ProxyJump, Field::Proxy])),
                    (Section::Session, wrong(&[Field::RemoteCommand])),
                    (Section::X11, wrong(&[Field::Display])),
                ];
                let folded = |section: &Section| !self.is_open(*section);
                let wrong = sections.into_iter().filter_map(|(section, wrong)| wrong.then_some(section));
                let unfold: Vec<_> = wrong.filter(folded).collect();
                self.open.extend(unfold);
                self.errors = errors;
                Action::Run(first.map_or_else(Task::none, |field| self.focus_field(field)))
            }
        }
    }

    fn focus_field(&self, field: Field) -> Task<Message> {
        let id = self.ids.iter().find(|(other, _)| *other == field).map(|(_, id)| id.clone());
        id.map_or_else(Task::none, |id| operation::focus(id.clone()).chain(operation::move_cursor_to_end(id)))
    }
}

fn buttons<'a>() -> Element<'a, Message> {
    let buttons = row![
        Button::text("Cancel").ghost().on_press(Message::Cancel),
        iced::widget::space::horizontal(),
        Button::text("Save").on_press(Message::Save),
        Button::text("Save and connect").primary().on_press(Message::SaveAndConnect),
    ]
    .spacing(space::S)
    .align_y(Alignment::Center);
    let bar = container(container(buttons).max_width(WIDTH)).center_x(Length::Fill).padding([space::M, space::XL]);
    column![section::hairline(), bar.style(card::bar)].into()
}
