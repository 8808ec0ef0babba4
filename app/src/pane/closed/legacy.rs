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

/// A server, of this host or of a jump host on the way to it, that has only old algorithms.
pub(super) struct Weak {
    /// What happened, without the list of what this program offers, which is long and of no use here.
    pub(super) detail: String,
    /// What is weak about the algorithms that it offers, a line for each.
    lines: Vec<String>,
    /// The jump host that it is, as [`ssh::Hop`] names it.
    jump: Option<String>,
}

impl Weak {
    /// None where allowing old algorithms would not help.
    pub(super) fn of(failure: &Failure, target: &Target) -> Option<Self> {
        let Failure::Ssh(error) = failure else { return None };
        let ssh::Error::NoCommonAlgorithm { host, kind, .. } = error.root() else { return None };
        let lines: Vec<_> = error.legacy().iter().map(|weak| format!("{} {}.", weak.name, weak.why)).collect();
        let jump = error.jump().map(ToString::to_string);
        let at = match &jump {
            Some(jump) => format!("On the way, the jump host {jump}: its server"),
            None => format!("{host}: the server"),
        };
        let detail = format!("{at} has no {kind} algorithm that is still thought safe.");
        (!lines.is_empty() && !target.allows_legacy(jump.as_deref())).then_some(Self { detail, lines, jump })
    }

    /// What the page says of it.
    pub(super) fn view<'a>(self, saved: bool) -> Element<'a, Message> {
        let lines = self.lines.into_iter().map(|line| label::body(line).into());
        let whom = if self.jump.is_some() { "this jump host" } else { "this host" };
        let allowed = match (saved, &self.jump) {
            (true, None) => "for this host alone; its form takes that back.",
            (true, Some(_)) => "for this jump host, on the way to this host alone; this host's form takes that back.",
            (false, None) => "for this tab alone, until it is closed.",
            (false, Some(_)) => "for this jump host and this tab alone, until it is closed.",
        };
        column![
            container(column![label::strong("What it offers is weak"), Column::with_children(lines)].spacing(space::XS))
                .padding(space::M)
                .width(Length::Fill)
                .style(Kind::Warning.style()),
            label::muted(format!(
                "The cure is newer SSH software on the server. If that cannot be, old algorithms can be allowed {allowed}"
            )),
            Button::labelled(Icon::ShieldAlert, format!("Allow legacy algorithms for {whom}"))
                .on_press(Message::AllowLegacy(self.jump)),
        ]
        .spacing(space::M)
        .into()
    }
}
