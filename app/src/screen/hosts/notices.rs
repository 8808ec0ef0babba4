//! What the user should know besides the hosts: a broken file, a deletion, where secrets are kept.

use iced::widget::text::Wrapping;
use iced::widget::tooltip::Position;
use iced::widget::{Column, column, container, row};
use iced::{Alignment, Element, Length};

use super::{Data, Notice};
use crate::store::{Error, secrets::Status};
use crate::theme::space;
use crate::widget::banner::Kind;
use crate::widget::{Banner, Button, Icon, label, tooltip};

/// What a notice offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// Brings the deleted host back.
    Undo,
    /// Closes the notice.
    Dismiss,
    /// Reads the files again.
    Reload,
    /// Unlocks the keyring.
    Unlock,
    /// Tries the keyring again.
    RetryKeyring,
}

/// Above the list: files that cannot be used.
pub(super) fn above<'a>(data: Data<'a>) -> Option<Element<'a, Message>> {
    let hosts = data.problem.map(|problem| {
        let (text, detail) = explain(problem);
        banner(Kind::Error, text, detail).action(Button::text("Read it again").on_press(Message::Reload))
    });
    let config = data.config_problem.map(|problem| {
        let text = "Your ~/.ssh/config is not understood, so its hosts are missing here";
        banner(Kind::Warning, text, problem).action(Button::text("Read it again").on_press(Message::Reload))
    });
    let settings = data.settings_problem.map(|problem| {
        let text = place(problem).unwrap_or_else(|| problem.to_string());
        let detail = "The defaults are in force. The file is left as it is: correct it in a text editor and start \
                      Tetherm again.";
        banner(Kind::Warning, text, detail).action(Button::text("Read it again").on_press(Message::Reload))
    });
    let any = hosts.is_some() || config.is_some() || settings.is_some();
    any.then(|| Column::new().push(hosts).push(config).push(settings).spacing(space::S).into())
}

/// Below the list: what happened, and where secrets are kept.
pub(super) fn below<'a>(notice: Option<&'a Notice>, data: Data<'a>) -> Element<'a, Message> {
    let close = || Button::icon(Icon::X).on_press(Message::Dismiss);
    let notice = notice.map(|notice| match notice {
        Notice::Deleted(deleted) => Banner::new(Kind::Info, format!("{} was deleted", deleted.host().name))
            .action(Button::labelled(Icon::Undo2, "Undo").on_press(Message::Undo))
            .action(close()),
        Notice::Failed(error) => banner(Kind::Error, "The hosts could not be changed", error).action(close()),
    });
    column![notice, keeper(data.keeper)].spacing(space::S).into()
}

fn banner<'a>(kind: Kind, text: impl Into<String>, detail: impl ToString) -> Banner<'a, Message> {
    Banner::new(kind, text).detail(detail.to_string())
}

/// Where a file is broken, and how.
fn place(problem: &Error) -> Option<String> {
    let Error::Malformed { path, line, column, message } = problem else { return None };
    Some(format!("{}, line {line}, column {column}: {message}", path.display()))
}

fn explain(problem: &Error) -> (String, String) {
    match place(problem) {
        Some(place) => (
            place,
            "Your saved hosts are missing here until that is corrected. The file is left as it is; a copy of it lies \
             beside it. Correct it in a text editor, then read it again."
                .to_owned(),
        ),
        None => ("Your saved hosts cannot be read".to_owned(), problem.to_string()),
    }
}

/// The one line that says where secrets are kept, and what can be done about it.
fn keeper<'a>(status: Option<&'a Status>) -> Element<'a, Message> {
    let (icon, action) = match status {
        Some(Status::Available { .. }) => (Icon::ShieldCheck, None),
        Some(Status::Locked { .. }) => (Icon::Lock, Some(("Unlock", Message::Unlock))),
        Some(Status::Absent { .. } | Status::Silent) => (Icon::ShieldAlert, Some(("Try again", Message::RetryKeyring))),
        None => (Icon::Shield, None),
    };
    let text = status.map_or_else(|| "Looking where secrets can be kept…".to_owned(), ToString::to_string);
    let action = action.map(|(text, message)| {
        let text = label::hint(text).wrapping(Wrapping::None);
        Button::new(text).ghost().padding([space::XS, space::S]).on_press(message)
    });
    let icon = icon.sized(14.0).style(label::muted_style);
    let said = row![icon, label::hint(text)].spacing(space::S).align_y(Alignment::Center);
    let said: Element<'a, Message> = match status.and_then(Status::reason) {
        Some(reason) => tooltip::at(said, reason, Position::Top).into(),
        None => said.into(),
    };
    let line = row![container(said).width(Length::Fill), action].spacing(space::S).align_y(Alignment::Center);
    container(line).padding([0.0, space::M]).into()
}
