//! A part of the form that can be folded, and says what is in it when it is.

use iced::widget::{Column, column, container, row};
use iced::{Alignment, Background, Element, Length};

use super::Message;
use crate::theme::{Colors, space};
use crate::widget::{Button, Icon, button, label};

/// Which section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Port and key file.
    Connection,
    /// Jump hosts and proxy.
    Way,
    /// What runs at the other end.
    Session,
    /// X11 forwarding.
    X11,
    /// Agent forwarding.
    Agent,
    /// Old algorithms.
    Legacy,
    /// Whether programs may write the clipboard.
    Clipboard,
    /// Colours.
    Look,
    /// What is logged of its sessions.
    Log,
    /// What `ssh_config` says.
    InForce,
}

/// A section; `body` is only built when it is open.
pub(super) fn view<'a>(
    section: Section,
    open: bool,
    summary: String,
    body: impl FnOnce() -> Column<'a, Message>,
) -> Element<'a, Message> {
    let title = match section {
        Section::Connection => "Connection",
        Section::Way => "Way there",
        Section::Session => "What runs there",
        Section::X11 => "X11",
        Section::Agent => "Agent forwarding",
        Section::Legacy => "Legacy algorithms",
        Section::Clipboard => "Clipboard",
        Section::Look => "Colours",
        Section::Log => "Session log",
        Section::InForce => "From ~/.ssh/config",
    };
    let icon = if open { Icon::ChevronDown } else { Icon::ChevronRight };
    let cut = iced::widget::text::Wrapping::None;
    let summary = (!open).then(|| container(label::muted(summary).wrapping(cut)).width(Length::Fill).clip(true));
    let head = row![icon.text().style(label::muted_style), label::strong(title), summary]
        .spacing(space::S)
        .align_y(Alignment::Center);
    let head = Button::new(head)
        .kind(button::Kind::Item { selected: false })
        .padding([space::S, space::XS])
        .width(Length::Fill)
        .on_press(Message::Toggle(section));
    let body = open.then(|| container(body()).padding(iced::Padding::default().top(space::S).bottom(space::S)));
    column![hairline(), column![head, body]].spacing(space::S).into()
}

/// A line between parts.
pub(in crate::screen::hosts) fn hairline<'a, Message: 'a>() -> Element<'a, Message> {
    let line = container(iced::widget::space().width(Length::Fill).height(1));
    line.style(|theme| {
        let border = Colors::of(theme).border;
        container::Style { background: Some(Background::Color(border)), ..container::Style::default() }
    })
    .into()
}
