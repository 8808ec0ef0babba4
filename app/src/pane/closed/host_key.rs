//! A host key that is not the known one, or was revoked: refused, and nothing here accepts it.

use iced::widget::{Column, column, container, row};
use iced::{Alignment, Element, Length};
use term::ssh;
use term::ssh::known_hosts::Place;

use super::Message;
use crate::theme::{size, space};
use crate::widget::banner::Kind;
use crate::widget::button::Button;
use crate::widget::{Icon, label};

/// Whether this error is one of these.
pub(super) fn is_danger(error: &ssh::Error) -> bool {
    matches!(error, ssh::Error::HostKeyChanged { .. } | ssh::Error::HostKeyRevoked { .. })
}

/// The page for such an error.
pub(super) fn view(error: &ssh::Error) -> Option<Element<'_, Message>> {
    match error {
        ssh::Error::HostKeyChanged { name, offered, expected, place } => Some(page(
            format!("The host key of {name} has changed"),
            vec![
                ("The server shows now", format!("{} {offered}", offered.key_type())),
                ("Known until now", format!("{} {expected}", expected.key_type())),
                ("Known from", line(place)),
            ],
            "Someone may be reading and changing everything between you and the server. It is also possible that the \
             server was installed anew or got new keys.",
            format!(
                "Ask the server's administrator for the new fingerprint, by another way than this connection. If it is \
                 the one above, remove line {} of {} and connect again.",
                place.line,
                place.path.display()
            ),
        )),
        ssh::Error::HostKeyRevoked { name, fingerprint, place } => Some(page(
            format!("The host key of {name} was revoked"),
            vec![
                ("The server shows", format!("{} {fingerprint}", fingerprint.key_type())),
                ("Revoked by", line(place)),
            ],
            "Whoever looks after your known hosts has marked this key as no longer to be trusted, usually because it \
             was stolen. A server that still shows it may not be the real one.",
            "Ask the server's administrator for the server's new key. Tetherm will not connect while the server shows \
             this one."
                .to_owned(),
        )),
        _ => None,
    }
}

fn line(place: &Place) -> String {
    match place.line {
        0 => place.path.display().to_string(),
        line => format!("{}, line {line}", place.path.display()),
    }
}

fn page<'a>(title: String, facts: Vec<(&'a str, String)>, meaning: &'a str, todo: String) -> Element<'a, Message> {
    let facts =
        facts.into_iter().map(|(name, value)| column![label::hint(name), label::mono(value)].spacing(2.0).into());
    column![
        row![
            Icon::ShieldAlert.sized(size::TITLE).style(label::danger_style),
            label::title(title).style(label::danger_style)
        ]
        .spacing(space::M)
        .align_y(Alignment::Center),
        label::strong("The connection was refused before anything secret was sent."),
        container(Column::with_children(facts).spacing(space::M))
            .padding(space::M)
            .width(Length::Fill)
            .style(Kind::Error.style()),
        section("What it can mean", meaning),
        section("What to do", todo),
        row![
            Button::text("Close").on_press(Message::Close),
            iced::widget::space::horizontal(),
            Button::labelled(Icon::RefreshCw, "Check again").on_press(Message::Reconnect),
        ],
    ]
    .spacing(space::L)
    .into()
}

fn section<'a>(title: &'a str, text: impl iced::widget::text::IntoFragment<'a>) -> Element<'a, Message> {
    // The card's own width breaks lines; a path may need a break inside.
    let text = label::body(text).wrapping(iced::widget::text::Wrapping::WordOrGlyph);
    column![label::strong(title), text].spacing(space::XS).into()
}
