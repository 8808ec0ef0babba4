//! The form of a host of `~/.ssh/config`, there or to be: what its block sets, what it inherits and from which lines.

mod name;

use iced::widget::{Column, Id, column, container, operation, row};
use iced::{Alignment, Element, Length, Task};

use super::Alias;
use super::inherited::{self, Inherited, in_background, short};
use crate::store::ssh_config::{self, Block, Change};
use crate::store::{self, Folders};
use crate::theme::space;
use crate::widget::banner::Kind;
use crate::widget::{Banner, Button, button, card, elided, field, label, scroll};

use name::Name;
use term::ssh::Destination;

/// Wider than this a form falls apart.
const WIDTH: f32 = 560.0;

/// A keyword that the form offers.
struct Offer {
    /// As ssh_config(5) spells it.
    keyword: &'static str,
    /// As `ssh -G` spells it.
    printed: &'static str,
    name: &'static str,
    /// What is shown where nothing is set and nothing inherited.
    placeholder: &'static str,
    hint: &'static str,
}

/// The first is where the keyboard belongs.
const OFFERS: [Offer; 5] = [
    Offer {
        keyword: "Hostname",
        printed: "hostname",
        name: "Address",
        placeholder: "",
        hint: "A host name or an IP address. Left empty, it is the name of the host.",
    },
    Offer { keyword: "User", printed: "user", name: "User", placeholder: "", hint: "Left empty, it is your own name." },
    Offer { keyword: "Port", printed: "port", name: "Port", placeholder: "22", hint: "" },
    Offer {
        keyword: "IdentityFile",
        printed: "identityfile",
        name: "Key file",
        placeholder: "~/.ssh/id_ed25519",
        hint: "Left empty, your agent's keys and the usual files are tried. Several are separated by commas.",
    },
    Offer {
        keyword: "ProxyJump",
        printed: "proxyjump",
        name: "Jump hosts",
        placeholder: "me@bastion.example.org",
        hint: "Hosts to log in to on the way, separated by commas, in the order in which they are passed; none means direct.",
    },
];

/// What was read for the form.
#[derive(Debug, Clone)]
pub struct Loaded {
    block: Block,
    inherited: inherited::Outcome,
}

impl Loaded {
    /// A block, and what is in force for its host.
    #[must_use]
    pub fn new(block: Block, inherited: inherited::Outcome) -> Self {
        Self { block, inherited }
    }
}

/// The form.
#[derive(Debug)]
pub struct AliasForm {
    alias: Alias,
    /// What the host is to be called, where it is a new one.
    name: Option<Name>,
    loaded: Option<Loaded>,
    texts: [String; OFFERS.len()],
    forward_x11: Option<bool>,
    error: Option<(usize, String)>,
    problem: Option<String>,
    ids: [Id; OFFERS.len()],
}

/// What happens in the form.
#[derive(Debug, Clone)]
pub enum Message {
    /// The block was read.
    Read(Result<Box<Loaded>, store::Error>),
    /// The name of a new host changed.
    Named(String),
    /// A field's text changed.
    Typed(usize, String),
    /// X11 programs are shown, are not, or as is said elsewhere.
    ForwardX11(Option<bool>),
    /// "Save", or Enter in a field.
    Save,
    /// The lines were written, or not.
    Saved(Result<(), store::Error>),
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
    /// The form is to be closed, and the configuration read again.
    Saved,
    /// The form is to be closed.
    Cancel,
}

impl AliasForm {
    /// A form for a host, and the task that reads its block.
    pub fn new(alias: &Alias) -> (Self, Task<Message>) {
        let form = Self {
            alias: alias.clone(),
            name: None,
            loaded: None,
            texts: Default::default(),
            forward_x11: None,
            error: None,
            problem: None,
            ids: std::array::from_fn(|_| Id::unique()),
        };
        let alias = alias.clone();
        let load = form.load(move || {
            let block = Block::read(&alias.path, alias.line, &alias.name)?;
            let destination = Destination { host: alias.name.clone(), user: None, port: None };
            Ok(Box::new(Loaded::new(block, Inherited::read(&destination, &[]))))
        });
        (form, load)
    }

    fn load(&self, read: impl FnOnce() -> Result<Box<Loaded>, store::Error> + Send + 'static) -> Task<Message> {
        let path = self.alias.path.clone();
        in_background(read).map(move |outcome| {
            let unreadable = |message| store::Error::Unreadable { path: path.clone(), message };
            Message::Read(outcome.map_err(unreadable).and_then(|outcome| outcome))
        })
    }

    /// Where the keyboard belongs: in the first field, as soon as there is one.
    #[must_use]
    pub fn home(&self) -> Option<Id> {
        let first = self.name.as_ref().map(Name::id).or_else(|| self.ids.first().cloned());
        self.loaded.as_ref().and(first)
    }

    /// Does what a message asks for.
    pub fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Read(Ok(loaded)) => self.fill(*loaded),
            Message::Read(Err(error)) => self.problem = Some(error.to_string()),
            Message::Named(text) => self.rename(text),
            Message::Typed(at, text) => {
                if let Some(known) = self.texts.get_mut(at) {
                    *known = text.replace(['\n', '\r'], "");
                }
                self.error = None;
            }
            Message::ForwardX11(choice) => self.forward_x11 = choice,
            Message::Save => return self.save(),
            Message::Saved(Ok(())) => return Action::Saved,
            Message::Saved(Err(error)) => self.problem = Some(error.to_string()),
            Message::Cancel => return Action::Cancel,
        }
        Action::None
    }

    fn fill(&mut self, loaded: Loaded) {
        // A new block has no values; what was typed before it was a block stays.
        for (text, offer) in self.texts.iter_mut().zip(&OFFERS).filter(|_| self.name.is_none()) {
            *text = loaded.block.values_of(offer.keyword).collect::<Vec<_>>().join(", ");
        }
        self.forward_x11 = loaded.block.values_of("ForwardX11").next().map(is_yes);
        self.loaded = Some(loaded);
    }

    fn save(&mut self) -> Action {
        let Some(Loaded { block, .. }) = &self.loaded else { return Action::None };
        let block = block.clone();
        if let Some(Err(id)) = self.name.as_mut().map(Name::check) {
            return Action::Run(operation::focus(id));
        }
        let changes = self.changes(&block);
        for (at, offer) in OFFERS.iter().enumerate() {
            let values = changes.iter().filter(|change| change.keyword == offer.keyword).flat_map(|it| &it.values);
            if let Some(message) = values.filter_map(|value| ssh_config::check(offer.keyword, value).err()).next() {
                self.error = Some((at, message));
                let id = self.ids.get(at).cloned();
                return Action::Run(id.map_or_else(Task::none, operation::focus));
            }
        }
        self.problem = None;
        let path = block.path.clone();
        let name = self.name.as_ref().map(Name::text);
        let save = in_background(move || match name {
            Some(name) => block.create(&name, &changes, &Folders::user()?),
            None => block.save(&changes, &Folders::user()?),
        });
        Action::Run(save.map(move |outcome| {
            let unwritable = |message| store::Error::Unwritable { path: path.clone(), message };
            Message::Saved(outcome.map_err(unwritable).and_then(|outcome| outcome))
        }))
    }

    /// What differs from the block, keyword by keyword.
    fn changes(&self, block: &Block) -> Vec<Change> {
        let texts = OFFERS.iter().zip(&self.texts).map(|(offer, text)| {
            let several = offer.keyword == "IdentityFile";
            let text = if offer.keyword == "ProxyJump" { text.replace(' ', "") } else { text.clone() };
            let parts: Vec<&str> = if several { text.split(',').collect() } else { vec![text.as_str()] };
            let values = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
            Change { keyword: offer.keyword, values }
        });
        let answer = |choice: bool| if choice { "yes" } else { "no" }.to_owned();
        let unchanged = block.values_of("ForwardX11").next().map(is_yes) == self.forward_x11;
        let x11 = Change { keyword: "ForwardX11", values: self.forward_x11.map(answer).into_iter().collect() };
        let x11 = (!unchanged).then_some(x11);
        let differs = |change: &Change| !block.values_of(change.keyword).eq(change.values.iter().map(String::as_str));
        texts.filter(differs).chain(x11).collect()
    }

    /// Draws the form.
    pub fn view(&self) -> Element<'_, Message> {
        let (title, hint) = match self.name {
            Some(_) => {
                let hint = format!("A new block in {} – every other line stays as it is", self.alias.place);
                ("New host".to_owned(), hint)
            }
            None => {
                let hint = format!("{} – only the lines that you change are written", self.alias.place);
                (format!("Edit {}", self.alias.name), hint)
            }
        };
        let title = column![label::title(title), elided::hint(hint)].spacing(space::XS);
        let problem = self.problem.as_ref().map(|problem| Banner::new(Kind::Error, problem.as_str()));
        let content = column![title, problem, self.loaded.as_ref().map(|loaded| self.body(loaded))]
            .spacing(space::L)
            .max_width(WIDTH);
        let page = container(content).center_x(Length::Fill).padding([space::L, space::XL]);
        column![scroll::vertical(page).width(Length::Fill).height(Length::Fill), self.buttons()].into()
    }

    fn body<'a>(&'a self, loaded: &'a Loaded) -> Element<'a, Message> {
        let fields = OFFERS.iter().enumerate().map(|(at, offer)| self.field(at, offer, loaded));
        let fields = Column::with_children(self.name.as_ref().map(Name::view).into_iter().chain(fields));
        let fields = fields.push(self.x11(loaded)).spacing(space::M);
        let others: Vec<&str> =
            loaded.block.patterns.iter().map(String::as_str).filter(|name| *name != self.alias.name).collect();
        let others = (!others.is_empty())
            .then(|| Banner::new(Kind::Info, format!("These lines are also for {}", others.join(", "))));
        let from_files = match &loaded.inherited {
            // Nothing is in force for a host that has no name yet.
            Ok(_) if self.name.is_some() => column![],
            Ok(inherited) => {
                let hint = "Every line that has a say about this host:";
                column![label::strong("In force"), label::hint(hint), inherited.view()].spacing(space::S)
            }
            Err(problem) => column![label::strong("In force"), label::error(problem.as_str())].spacing(space::S),
        };
        let fields = card::card(fields).width(Length::Fill);
        let from_files = self.name.is_none().then(|| card::card(from_files).width(Length::Fill));
        column![others, fields, from_files, label::hint(self.backup())].spacing(space::M).into()
    }

    fn backup(&self) -> String {
        match Folders::user() {
            Ok(folders) => {
                let backup = ssh_config::backup_of(&self.alias.path, &folders);
                format!("What the file holds before a change is kept in {}.", short(&backup))
            }
            Err(error) => error.to_string(),
        }
    }

    fn field<'a>(&'a self, at: usize, offer: &'a Offer, loaded: &'a Loaded) -> Element<'a, Message> {
        let text = self.texts.get(at).map(String::as_str).unwrap_or_default();
        let error = self.error.as_ref().filter(|(wrong, _)| *wrong == at).map(|(_, error)| error.as_str());
        let said = loaded.inherited.as_ref().ok().and_then(|inherited| inherited.value(offer.printed));
        // What the block itself says is in the field; what another line says is what the field falls back to.
        let elsewhere = said.filter(|_| loaded.block.values_of(offer.keyword).next().is_none());
        let placeholder = elsewhere.as_ref().map_or(offer.placeholder, |(value, _)| value);
        let mut input = field::field(placeholder, text)
            .on_input(move |text| Message::Typed(at, text))
            .on_submit(Message::Save)
            .invalid(error.is_some());
        if let Some(id) = self.ids.get(at) {
            input = input.id(id.clone());
        }
        let below: Option<Element<'a, Message>> = match (error, elsewhere) {
            (Some(error), _) => Some(label::error(error).into()),
            (None, Some((value, place))) => {
                Some(label::hint(format!("Left empty, it is {value}, from {place}.")).into())
            }
            (None, None) if offer.hint.is_empty() => None,
            (None, None) => Some(label::hint(offer.hint).into()),
        };
        field::labelled(offer.name, input).push(below).into()
    }

    fn x11<'a>(&'a self, loaded: &'a Loaded) -> Element<'a, Message> {
        let choice = |name, choice| {
            let selected = self.forward_x11 == choice;
            Button::text(name).kind(button::Kind::Item { selected }).on_press(Message::ForwardX11(choice))
        };
        let choices = row![choice("Not said here", None), choice("On", Some(true)), choice("Off", Some(false))];
        let said = loaded.inherited.as_ref().ok().and_then(|inherited| inherited.value("forwardx11"));
        let hint = match said.filter(|_| loaded.block.values_of("ForwardX11").next().is_none()) {
            Some((value, place)) => {
                format!("Not said here, it is {}, from {place}.", if value == "yes" { "on" } else { "off" })
            }
            None => {
                "Whether X11 programs of this host are shown on your screen. Not said anywhere, it is off.".to_owned()
            }
        };
        column![label::strong("X11 forwarding"), choices.spacing(space::S), label::hint(hint)].spacing(space::S).into()
    }

    fn buttons(&self) -> Element<'_, Message> {
        let save = Button::text("Save").primary();
        let save = if self.loaded.is_some() { save.on_press(Message::Save) } else { save };
        let buttons =
            row![Button::text("Cancel").ghost().on_press(Message::Cancel), iced::widget::space::horizontal(), save,]
                .spacing(space::S)
                .align_y(Alignment::Center);
        let bar = container(container(buttons).max_width(WIDTH)).center_x(Length::Fill).padding([space::M, space::XL]);
        column![super::form::hairline(), bar.style(card::bar)].into()
    }
}

fn is_yes(value: &str) -> bool {
    value.eq_ignore_ascii_case("yes") || value.eq_ignore_ascii_case("true")
}
