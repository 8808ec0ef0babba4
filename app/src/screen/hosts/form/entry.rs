//! A field of the form below its name, with what is wrong with it or what it is for.

use iced::Element;

use super::{Form, Message};
use crate::store::host::{self, Field};
use crate::widget::{field, label};

impl Form {
    /// A field that, left empty, takes what `ssh_config` says, and tells where it says so.
    pub(super) fn inheriting<'a>(
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
    pub(super) fn field<'a>(
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

/// A message that begins a line of its own.
fn sentence(error: &host::Error) -> String {
    let message = error.to_string();
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
