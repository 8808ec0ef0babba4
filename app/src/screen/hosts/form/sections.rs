//! What the form asks for, part by part.

use iced::widget::{Column, Row, column, container, row};
use iced::{Alignment, Element, Length};
use x11::Trust;

use super::section::{self, Section};
use super::{Choice, Form, Message};
use crate::store::Schemes;
use crate::store::host::Field;
use crate::store::settings::LogSessions;
use crate::theme::space;
use crate::widget::checkbox::checkbox;
use crate::widget::swatch::swatch;
use crate::widget::{Button, Icon, button, elided, label, scroll};

impl Form {
    pub(super) fn basics(&self) -> Element<'_, Message> {
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

    pub(super) fn connection(&self) -> Element<'_, Message> {
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
                self.kerberos(),
            ]
            .spacing(space::M)
        };
        let (port, key) = (self.fallback("port"), self.fallback("identityfile"));
        let value = |inherited: Option<(String, String)>| inherited.map(|(value, _)| value);
        let summary = self.input.connection_summary(value(port).as_deref(), value(key).as_deref());
        section::view(Section::Connection, self.is_open(Section::Connection), summary, body)
    }

    pub(super) fn way(&self) -> Element<'_, Message> {
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
        section::view(Section::Way, self.is_open(Section::Way), self.input.way_summary(), body)
    }

    pub(super) fn x11(&self) -> Element<'_, Message> {
        let on = self.input.forward_x11 == Some(true);
        let body = || {
            column![
                checkbox(on, "Show this host's X11 programs on my screen")
                    .on_press(Message::Choose(Choice::ForwardX11(!on))),
                self.x11_trust(),
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
        section::view(
            Section::X11,
            self.is_open(Section::X11),
            inherited.unwrap_or_else(|| self.input.x11_summary()),
            body,
        )
    }

    /// How far the host's X11 programs are trusted, and what that means.
    fn x11_trust(&self) -> Element<'_, Message> {
        let chosen = self.input.x11_trust.unwrap_or_default();
        let choice = |trust: Trust| {
            Button::text(match trust {
                Trust::Guarded => "Guarded",
                Trust::Full => "Full",
                Trust::Untrusted => "Untrusted",
            })
            .kind(button::Kind::Item { selected: trust == chosen })
            .on_press(Message::Choose(Choice::X11Trust(trust)))
            .into()
        };
        column![
            label::strong("How far they are trusted"),
            Row::with_children(Trust::ALL.map(choice)).spacing(space::S).wrap(),
            label::hint(chosen.sentence()),
        ]
        .spacing(space::S)
        .into()
    }

    pub(super) fn clipboard(&self) -> Element<'_, Message> {
        let body = || {
            let choice = |name, allowed| {
                let selected = self.input.clipboard_write == allowed;
                Button::text(name)
                    .kind(button::Kind::Item { selected })
                    .on_press(Message::Choose(Choice::ClipboardWrite(allowed)))
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
        section::view(
            Section::Clipboard,
            self.is_open(Section::Clipboard),
            self.input.clipboard_summary().to_owned(),
            body,
        )
    }

    pub(super) fn log(&self) -> Element<'_, Message> {
        let body = || {
            let choice = |name, log| {
                let selected = self.input.log_sessions == log;
                Button::text(name)
                    .kind(button::Kind::Item { selected })
                    .on_press(Message::Choose(Choice::Log(log)))
                    .into()
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
        section::view(Section::Log, self.is_open(Section::Log), self.input.log_summary(), body)
    }

    pub(super) fn look<'a>(&'a self, schemes: &'a Schemes) -> Element<'a, Message> {
        let chosen = self.input.scheme.as_deref();
        let title = chosen.map(|name| schemes.get(name).map_or(name, |scheme| scheme.title.as_str()));
        let body = || {
            let hint = "Colours of this host's terminals, to tell it from others at a glance.";
            column![label::hint(hint), scheme_list(chosen, schemes)].spacing(space::S)
        };
        section::view(
            Section::Look,
            self.is_open(Section::Look),
            title.unwrap_or("as in the settings").to_owned(),
            body,
        )
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
            .on_press(Message::Choose(Choice::Scheme(name.map(str::to_owned))))
            .into()
    };
    let own = schemes.iter().map(|scheme| line(Some(&scheme.name), &scheme.title, Some(swatch(&scheme.palette))));
    let lines = Column::with_children(std::iter::once(line(None, "As in the settings", None)).chain(own));
    let lines = container(lines).padding(iced::Padding::default().right(space::M));
    scroll::vertical(lines).width(Length::Fill).height(200).into()
}
