//! A host key that no known_hosts file holds.

use iced::widget::{column, container, row, text};
use iced::{Alignment, Element, Length};
use term::ssh::prompt::Question;

use super::{Message, Prompt};
use crate::theme::{font, size, space};
use crate::widget::button::Button;
use crate::widget::{Icon, card, label};

pub(super) fn view(prompt: &Prompt) -> Element<'_, Message> {
    let Question::UnknownHostKey { name, key_type, fingerprint, randomart, path } = prompt.question() else {
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
            "{} is not known yet: no known_hosts file has a key for {name}. Compare the fingerprint with one that you \
             got from the server's administrator. Nothing secret has been sent.",
            prompt.hop()
        )),
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
