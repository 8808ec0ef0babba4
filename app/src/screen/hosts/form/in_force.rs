//! What `ssh_config` adds to a saved host, in its form.

use iced::widget::column;
use iced::{Element, Task};

use super::section::{self, Section};
use super::{Form, Message};
use crate::screen::hosts::inherited::{self, Inherited};
use crate::store::host::Field;
use crate::theme::space;
use crate::widget::{Button, label};

impl Form {
    /// Looks up what the host inherits; where there is no address yet, there is nothing to look up.
    pub fn look_up(&self) -> Task<Message> {
        let Some((destination, options)) = self.input.asked() else { return Task::none() };
        let address = destination.host.clone();
        Inherited::look_up(destination, options).map(move |outcome| Message::Inherited(address.clone(), outcome))
    }

    /// What was looked up, while the address is the one that it was looked up for.
    pub(super) fn known(&self) -> Option<&inherited::Outcome> {
        let address = self.input.text(Field::HostName).trim();
        self.inherited.as_ref().filter(|(known, _)| known == address).map(|(_, outcome)| outcome)
    }

    /// What a field that is left empty stands for: the value, and where it is said.
    pub(super) fn fallback(&self, keyword: &str) -> Option<(String, String)> {
        let known = self.known()?.as_ref().ok()?;
        known.value(keyword).map(|(value, place)| (value.to_owned(), place))
    }

    /// What `ssh_config` adds to this form, with the lines that say it.
    pub(super) fn in_force(&self) -> Element<'_, Message> {
        let summary = match self.known() {
            None => "look it up".to_owned(),
            Some(Ok(known)) => match known.count() {
                0 => "nothing".to_owned(),
                1 => "1 setting".to_owned(),
                count => format!("{count} settings"),
            },
            Some(Err(_)) => "cannot be used".to_owned(),
        };
        let body = || {
            let hint = "What is left empty above and everything else comes from these lines.";
            match self.known() {
                Some(Ok(known)) => column![label::hint(hint), known.view()].spacing(space::S),
                Some(Err(problem)) => column![label::error(problem.as_str()), again("Look again")].spacing(space::S),
                None if self.input.asked().is_none() => column![label::hint("Type an address first.")],
                None => column![again("Look up what ~/.ssh/config says about this address")],
            }
        };
        section::view(Section::InForce, self.is_open(Section::InForce), summary, body)
    }
}

fn again<'a>(text: &'a str) -> Element<'a, Message> {
    Button::text(text).on_press(Message::LookUp).into()
}
