//! A server that has only old algorithms: what is weak about them, and the button that allows them for this host.

use iced::widget::{Column, column, container};
use iced::{Element, Length};
use term::ssh;

use super::Message;
use crate::pane::{Failure, Target};
use crate::theme::space;
use crate::widget::banner::Kind;
use crate::widget::button::Button;
use crate::widget::{Icon, label};

/// What is weak about the algorithms that the server offers, a line for each; none where allowing them would not help.
pub(super) fn weaknesses(failure: &Failure, target: &Target) -> Vec<String> {
    match failure {
        // A jump host has its own settings, which this tab's do not reach.
        Failure::Ssh(error) if !target.legacy => weak(error),
        _ => Vec::new(),
    }
}

/// What happened, without the list of what this program offers, which is long and of no use here.
pub(super) fn detail(failure: &Failure) -> Option<String> {
    match failure {
        Failure::Ssh(error) => match error.as_ref() {
            ssh::Error::NoCommonAlgorithm { host, kind, .. } => {
                Some(format!("{host}: the server has no {kind} algorithm that is still thought safe."))
            }
            _ => None,
        },
        _ => None,
    }
}

fn weak(error: &ssh::Error) -> Vec<String> {
    error.legacy().iter().map(|weakness| format!("{} {}.", weakness.name, weakness.why)).collect()
}

/// What the page says of it.
pub(super) fn view<'a>(weaknesses: Vec<String>, saved: bool) -> Element<'a, Message> {
    let lines = weaknesses.into_iter().map(|line| label::body(line).into());
    let allowed = if saved {
        "If that cannot be, old algorithms can be allowed for this host alone; its form takes that back."
    } else {
        "If that cannot be, old algorithms can be allowed for this tab alone, until it is closed."
    };
    column![
        container(column![label::strong("What it offers is weak"), Column::with_children(lines)].spacing(space::XS))
            .padding(space::M)
            .width(Length::Fill)
            .style(Kind::Warning.style()),
        label::muted(format!("The cure is newer SSH software on the server. {allowed}")),
        Button::labelled(Icon::ShieldAlert, "Allow legacy algorithms for this host").on_press(Message::AllowLegacy),
    ]
    .spacing(space::M)
    .into()
}
