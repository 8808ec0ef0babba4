//! The form of a saved host: name, address and user first, the rest folded into sections that say what is in them.

mod in_force;
mod input;
mod section;

use iced::widget::{Column, Id, Row, column, container, operation, row};
use iced::{Alignment, Element, Length, Task};

use super::inherited;
use crate::store::Schemes;
use crate::store::host::{self, Field, Host};
use crate::store::settings::LogSessions;
use crate::theme::space;
use crate::widget::banner::Kind;
use crate::widget::checkbox::checkbox;
use crate::widget::swatch::swatch;
use crate::widget::{Banner, Button, Icon, button, card, elided, field, label, scroll};

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
    connection: bool,
    way: bool,
    x11: bool,
    clipboard: bool,
    look: bool,
    log: bool,
    in_force: bool,
    /// What `ssh_config` says about the address that it was looked up for.
    inherited: Option<(String, inherited::Outcome)>,
    ids: [(Field, Id); 10],
}

/// What happens in the form.
#[derive(Debug, Clone)]
pub enum Message {
    /// A field's text changed.
    Typed(Field, String),
    /// A colour scheme was chosen; `None` for the window's.
    Scheme(Option<String>),
    /// The X11 box was ticked or cleared.
    ForwardX11(bool),
    /// Programs may write the clipboard, may not, or are to ask.
    ClipboardWrite(Option<bool>),
    /// Sessions are to be logged, or not; `None` as in the settings.
    Log(Option<LogSessions>),
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
            Field::LogFolder,
            Field::LogName,
        ];
        let ids = ids.map(|field| (field, Id::unique()));
        Self {
            title,
            input,
            errors: Vec::new(),
            problem: None,
            connection: false,
            way: false,
            x11: false,
            clipboard: false,
            look: false,
            log: false,
            in_force: false,
            inherited: None,
            ids,
        }
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
            Message::ForwardX11(on) => {
                self.input.forward_x11 = Some(on);
                Action::None
            }
            Message::ClipboardWrite(allowed) => {
                self.input.clipboard_write = allowed;
                Action::None
            }
            Message::Log(log) => {
                self.input.log_sessions = log;
                Action::None
            }
            Message::Toggle(Section::Log) => {
                self.log = !self.log;
                Action::None
            }
            Message::Toggle(Section::Clipboard) => {
                self.clipboard = !self.clipboard;
                Action::None
            }
            Message::Toggle(Section::Connection) => {
                self.connection = !self.connection;
                Action::None
            }
            Message::Toggle(Section::Way) => {
                self.way = !self.way;
                Action::None
            }
            Message::Toggle(Section::X11) => {
                self.x11 = !self.x11;
                Action::None
            }
            Message::Toggle(Section::InForce) => {
                self.in_force = !self.in_force;
                match self.known() {
                    None if self.in_force => Action::Run(self.look_up()),
                    _ => Action::None,
                }
            }
            Message::LookUp => Action::Run(self.look_up()),
            Message::Inherited(address, outcome) => {
                self.inherited = Some((address, outcome));
                Action::None
            }
            Message::Toggle(Section::Look) => {
                self.look = !self.look;
                Action::None
            }
            Message::Scheme(name) => {
                self.input.scheme = name;
                Action::None
            }
            Message::Save => self.save(false),
            Message::SaveAndConnect => self.save(true),
            Message::Cancel => Action::Cancel,
        }
    }

    /// Draws the form.
    pub fn view<'a>(&'a self, schemes: &'a Schemes) -> Element<'a, Message> {
        let title = self.title.as_ref().map_or_else(|| "New host".to_owned(), |name| format!("Edit {name}"));
        let problem = self.problem.as_ref().map(|problem| Banner::new(Kind::Error, problem.as_str()));
        let content = column![
            label::title(title),
            problem,
            card::card(
                column![
                    self.basics(),
                    self.connection(),
                    self.way(),
                    self.x11(),
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

    fn save(&mut self, connect: bool) -> Action {
        match self.input.host() {
            Ok(host) => {
                self.problem = None;
                Action::Save { host: Box::new(host), connect }
            }
            Err(errors) => {
                let first = errors.first().map(|(field, _)| *field);
                let wrong = |fields: &[Field]| errors.iter().any(|(field, _)| fields.contains(field));
                self.connection |= wrong(&[Field::Port, Field::IdentityFile]);
                self.way |= wrong(&[Field::ProxyJump, Field::Proxy]);
                self.x11 |= wrong(&[Field::Display]);
                self.errors = errors;
                Action::Run(first.map_or_else(Task::none, |field| self.focus_field(field)))
            }
        }
    }

    fn focus_field(&self, field: Field) -> Task<Message> {
        let id = self.ids.iter().find(|(other, _)| *other == field).map(|(_, id)| id.clone());
        id.map_or_else(Task::none, |id| operation::focus(id.clone()).chain(operation::move_cursor_to_end(id)))
    }

    fn basics(&self) -> Element<'_, Message> {
        column![
            self.field(
                Field::Name,
                "Name",
                &self.input.suggested_name(),
                "For the list and the tab. Left empty, it is the address."
            ),
            self.field(Field::HostName, "Address", "", "A host name, an IP address or an alias of ~/.ssh/config."),
            self.inheriting(
                Field::User,
                "User",
                "user",
                "",
                "Leave it empty for what ~/.ssh/config says, or your own name."
            ),
        ]
        .spacing(space::M)
        .into()
    }

    fn connection(&self) -> Element<'_, Message> {
        let body = || {
            column![
                self.inheriting(Field::Port, "Port", "port", "22", ""),
                self.inheriting(
                    Field::IdentityFile,
                    "Key file",
                    "identityfile",
                    "~/.ssh/id_ed25519",
                    "Leave it empty to try your agent's keys and the usual files. Several are separated by commas.",
                ),
            ]
            .spacing(space::M)
        };
        let (port, key) = (self.fallback("port"), self.fallback("identityfile"));
        let value = |inherited: Option<(String, String)>| inherited.map(|(value, _)| value);
        let summary = self.input.connection_summary(value(port).as_deref(), value(key).as_deref());
        section::view(Section::Connection, self.connection, summary, body)
    }

    fn way(&self) -> Element<'_, Message> {
        let body = || {
            column![
                self.field(
                    Field::ProxyJump,
                    "Jump hosts",
                    "me@bastion.example.org",
                    "Hosts to log in to on the way, separated by commas, in the order in which they are passed. Each \
                     has its own settings in ~/.ssh/config and asks for itself; none means direct.",
                ),
                self.field(
                    Field::Proxy,
                    "Proxy",
                    "socks5://proxy:1080",
                    "A SOCKS 5 or HTTP proxy for the first connection: socks5://me@host:1080 or http://host:3128. \
                     Its password is asked for when it is needed, and can be kept in the keyring.",
                ),
            ]
            .spacing(space::M)
        };
        section::view(Section::Way, self.way, self.input.way_summary(), body)
    }

    fn x11(&self) -> Element<'_, Message> {
        let on = self.input.forward_x11 == Some(true);
        let body = || {
            column![
                checkbox(on, "Show this host's X11 programs on my screen").on_press(Message::ForwardX11(!on)),
                label::hint(
                    "Programs of this host can then see and type into your other windows: do this with hosts you trust."
                ),
                self.field(
                    Field::Display,
                    "Display",
                    "$DISPLAY",
                    "Leave it empty for the display that you are looking at."
                ),
            ]
            .spacing(space::M)
        };
        let inherited = match (self.input.forward_x11, self.fallback("forwardx11")) {
            (None, Some((value, place))) => {
                Some(format!("{}, from {place}", if value == "yes" { "on" } else { "off" }))
            }
            _ => None,
        };
        section::view(Section::X11, self.x11, inherited.unwrap_or_else(|| self.input.x11_summary()), body)
    }

    fn clipboard(&self) -> Element<'_, Message> {
        let body = || {
            let choice = |name, allowed| {
                let selected = self.input.clipboard_write == allowed;
                Button::text(name).kind(button::Kind::Item { selected }).on_press(Message::ClipboardWrite(allowed))
            };
            column![
                row![choice("Ask", None), choice("Always allow", Some(true)), choice("Never", Some(false))]
                    .spacing(space::S),
                label::hint(
                    "What programs of this host may do that put text on your clipboard by themselves (OSC 52). None can ever read it."
                ),
            ]
            .spacing(space::M)
        };
        section::view(Section::Clipboard, self.clipboard, self.input.clipboard_summary().to_owned(), body)
    }

    fn log(&self) -> Element<'_, Message> {
        let body = || {
            let choice = |name, log| {
                let selected = self.input.log_sessions == log;
                Button::text(name).kind(button::Kind::Item { selected }).on_press(Message::Log(log)).into()
            };
            let choices = [
                choice("As in the settings", None),
                choice("As text", Some(LogSessions::Text)),
                choice("As recordings", Some(LogSessions::Recording)),
                choice("Only when I start it", Some(LogSessions::Off)),
            ];
            column![
                column![
                    label::strong("Log sessions to a folder"),
                    Row::with_children(choices).spacing(space::S).wrap(),
                ]
                .spacing(space::XS),
                self.field(
                    Field::LogFolder,
                    "Folder",
                    "~/tetherm-logs",
                    "Left empty, it is the folder of the settings. What is shown is logged, passwords that show too."
                ),
                self.field(
                    Field::LogName,
                    "File names",
                    "{host}-{date}-{time}",
                    "{host}, {address}, {date} and {time} stand for what they say, / makes folders."
                ),
            ]
            .spacing(space::M)
        };
        section::view(Section::Log, self.log, self.input.log_summary(), body)
    }

    fn look<'a>(&'a self, schemes: &'a Schemes) -> Element<'a, Message> {
        let chosen = self.input.scheme.as_deref();
        let title = chosen.map(|name| schemes.get(name).map_or(name, |scheme| scheme.title.as_str()));
        let body = || {
            let hint = "Colours of this host's terminals, to tell it from others at a glance.";
            column![label::hint(hint), scheme_list(chosen, schemes)].spacing(space::S)
        };
        section::view(Section::Look, self.look, title.unwrap_or("as in the settings").to_owned(), body)
    }

    /// A field that, left empty, takes what `ssh_config` says, and tells where it says so.
    fn inheriting<'a>(
        &'a self,
        field: Field,
        name: &'a str,
        keyword: &str,
        placeholder: &str,
        hint: &'a str,
    ) -> Element<'a, Message> {
        match self.fallback(keyword) {
            Some((value, place)) => {
                self.field(field, name, &value, format!("Left empty, it is {value}, from {place}."))
            }
            None => self.field(field, name, placeholder, hint),
        }
    }

    /// A field below its name, and below it what is wrong with it or what it is for.
    fn field<'a>(
        &'a self,
        field: Field,
        name: &'a str,
        placeholder: &str,
        hint: impl Into<std::borrow::Cow<'a, str>>,
    ) -> Element<'a, Message> {
        let hint = hint.into();
        let error = self.errors.iter().find(|(other, _)| *other == field).map(|(_, error)| sentence(error));
        let id = self.ids.iter().find(|(other, _)| *other == field).map(|(_, id)| id.clone());
        let mut input = field::field(placeholder, self.input.text(field))
            .on_input(move |text| Message::Typed(field, text))
            .on_submit(Message::Save)
            .invalid(error.is_some());
        if let Some(id) = id {
            input = input.id(id);
        }
        let below = match error {
            Some(error) => Some(label::error(error)),
            None if hint.is_empty() => None,
            None => Some(label::hint(hint)),
        };
        field::labelled(name, input).push(below).into()
    }
}

/// The schemes, before them the settings' own choice.
fn scheme_list<'a>(chosen: Option<&str>, schemes: &'a Schemes) -> Element<'a, Message> {
    let line = |name: Option<&'a str>, title: &'a str, swatch: Option<Element<'a, Message>>| {
        let mark = (name == chosen).then(|| Icon::Check.sized(14.0).style(label::accent_style));
        let content = row![swatch, container(elided::body(title)).width(Length::Fill), mark].spacing(space::M);
        Button::new(content.align_y(Alignment::Center))
            .kind(button::Kind::Item { selected: name == chosen })
            .padding([space::XS, space::S])
            .width(Length::Fill)
            .on_press(Message::Scheme(name.map(str::to_owned)))
            .into()
    };
    let own = schemes.iter().map(|scheme| line(Some(&scheme.name), &scheme.title, Some(swatch(&scheme.palette))));
    let lines = Column::with_children(std::iter::once(line(None, "As in the settings", None)).chain(own));
    let lines = container(lines).padding(iced::Padding::default().right(space::M));
    scroll::vertical(lines).width(Length::Fill).height(200).into()
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

/// A message that begins a line of its own.
fn sentence(error: &host::Error) -> String {
    let message = error.to_string();
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
