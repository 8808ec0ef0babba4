//! A host key that no known_hosts file holds.

use iced::widget::{Column, column, container, row, text};
use iced::{Alignment, Element, Length};
use term::ssh::known_hosts::OtherName;
use term::ssh::prompt::Question;

use super::{Message, Prompt};
use crate::theme::{font, size, space};
use crate::widget::button::Button;
use crate::widget::{Icon, card, label};

pub(super) fn view(prompt: &Prompt) -> Element<'_, Message> {
    let Question::UnknownHostKey { name, address, key_type, fingerprint, randomart, path, elsewhere } =
        prompt.question()
    else {
        return column![].into();
    };
    let copy = Button::labelled(Icon::Copy, "Copy").ghost().on_press(Message::CopyFingerprint(fingerprint.clone()));
    let fingerprint = row![label::mono(fingerprint).width(Length::Fill), copy].align_y(Alignment::Center);
    let art = text(randomart).font(font::MONO).size(size::SMALL).line_height(1.15);
    let key = column![label::hint(format!("{key_type} key fingerprint")), fingerprint].spacing(space::XS);
    column![
        row![Icon::Shield.sized(size::TITLE).style(label::accent_style), label::title("Is this the right server?")]
            .spacing(space::M)
            .align_y(Alignment::Center),
        label::body(format!(
            "{}{} is not known yet: no known_hosts file has a key for {name}. Compare the fingerprint with one that you \
             got from the server's administrator. Nothing secret has been sent.",
            prompt.hop(),
            address.as_ref().map(|address| format!(" (at {address})")).unwrap_or_default(),
        )),
        elsewhere_known(elsewhere),
        container(key).padding([space::S, space::M]).width(Length::Fill).style(card::inset),
        row![
            container(art).padding([space::S, space::M]).style(card::inset),
            label::hint(format!(
                "“Trust and save” writes the key to {}. From then on a different key is refused.",
                path.display()
            ))
            .width(Length::Fill),
        ]
        .spacing(space::M)
        .align_y(Alignment::End),
        row![
            Button::text("Cancel").id(prompt.first.clone()).on_press(Message::Cancelled),
            iced::widget::space::horizontal(),
            Button::text("Connect once").on_press(Message::Trusted { save: false }),
            Button::text("Trust and save").primary().on_press(Message::Trusted { save: true }),
        ]
        .spacing(space::S),
    ]
    .spacing(space::L)
    .into()
}

/// Where the very same key is known under other names, at most the first few: a familiar name is a good sign.
fn elsewhere_known(names: &[OtherName]) -> Option<Element<'_, Message>> {
    const SHOWN: usize = 3;
    let rest = names.len().saturating_sub(SHOWN);
    let mut lines: Vec<Element<'_, Message>> = names
        .iter()
        .take(SHOWN)
        .map(|other| {
            let name = other.names.as_deref().unwrap_or("a hashed name");
            label::hint(format!("{name} ({}, line {})", other.place.path.display(), other.place.line)).into()
        })
        .collect();
    if rest > 0 {
        lines.push(label::hint(format!("and {rest} more")).into());
    }
    (!names.is_empty()).then(|| {
        column![label::body("The same key is known under other names:"), Column::with_children(lines)]
            .spacing(space::XS)
            .into()
    })
}
