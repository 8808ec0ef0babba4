//! A host that `~/.ssh/config` does not have yet: its name, and the form that asks for it.

use std::path::PathBuf;

use iced::widget::Id;
use iced::{Element, Task};

use super::{Alias, AliasForm, Loaded, Message, OFFERS};
use crate::screen::hosts::inherited::{Inherited, short};
use crate::store::host;
use crate::store::ssh_config::Block;
use crate::widget::{field, label};

use term::ssh::Destination;

/// What a new host is to be called.
#[derive(Debug)]
pub(super) struct Name {
    text: String,
    error: Option<String>,
    id: Id,
}

impl Name {
    pub(super) fn id(&self) -> Id {
        self.id.clone()
    }

    pub(super) fn text(&self) -> String {
        self.text.trim().to_owned()
    }

    /// Whether it can stand in a `Host` line as the name of one host; else where the keyboard belongs.
    pub(super) fn check(&mut self) -> Result<(), Id> {
        let name = self.text();
        self.error = if name.is_empty() {
            Some("Give the host a name; it is what you type to go there".to_owned())
        } else if name.contains(['*', '?', '!', ',', '"', '#', '\\']) {
            Some("A name has no * ? ! , \" # or \\: in a Host line they would mean something else".to_owned())
        } else {
            host::check_host_name(&name).err().map(|error| error.to_string())
        };
        if self.error.is_some() { Err(self.id()) } else { Ok(()) }
    }

    pub(super) fn view(&self) -> Element<'_, Message> {
        let input = field::field("", &self.text)
            .id(self.id())
            .on_input(Message::Named)
            .on_submit(Message::Save)
            .invalid(self.error.is_some());
        let below = match &self.error {
            Some(error) => label::error(error.as_str()),
            None => label::hint("What you type to go there, here and with ssh: its Host line."),
        };
        field::labelled("Name", input).push(below).into()
    }
}

impl AliasForm {
    /// A form for a host that is to be added to the user's own file; `typed` may be its address.
    pub fn create(path: PathBuf, typed: &str) -> (Self, Task<Message>) {
        let alias = Alias { name: String::new(), place: short(&path), path: path.clone(), line: 0 };
        let destination = Destination::parse(typed.trim()).ok();
        let host = destination.as_ref().map(|destination| destination.host.clone()).unwrap_or_default();
        let mut texts: [String; OFFERS.len()] = Default::default();
        for (text, offer) in texts.iter_mut().zip(&OFFERS) {
            let known = destination.as_ref().and_then(|destination| match offer.keyword {
                // A name of one word is what the host may be called; an address needs another name beside it.
                "Hostname" => Some(host.clone()).filter(|host| host.contains(['.', ':'])),
                "User" => destination.user.clone(),
                "Port" => destination.port.map(|port| port.to_string()),
                _ => None,
            });
            *text = known.unwrap_or_default();
        }
        let suggested = host.split('.').next().filter(|label| label.parse::<u8>().is_err() && !label.contains(':'));
        let name = Name { text: suggested.unwrap_or_default().to_owned(), error: None, id: Id::unique() };
        let form = Self {
            alias,
            name: Some(name),
            loaded: None,
            texts,
            forward_x11: None,
            error: None,
            problem: None,
            ids: std::array::from_fn(|_| Id::unique()),
        };
        let read = form.load(move || Ok(Box::new(Loaded::new(Block::draft(&path)?, Ok(Inherited::default())))));
        (form, read)
    }

    pub(super) fn rename(&mut self, text: String) {
        if let Some(name) = &mut self.name {
            name.text = text.replace(['\n', '\r'], "");
            name.error = None;
        }
    }
}
