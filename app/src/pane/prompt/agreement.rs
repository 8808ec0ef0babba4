//! Questions that are answered by yes or no: an address with another key, the server's other host keys, and whether the
//! agent keeps a key.

use iced::widget::{Column, column, container, row};
use iced::{Alignment, Element, Length};
use term::ssh::prompt::Question;

use super::{Message, Prompt};
use crate::theme::{size, space};
use crate::widget::button::Button;
use crate::widget::{Icon, card, label};

/// What one of these questions says.
struct Words<'a> {
    icon: Icon,
    title: &'a str,
    detail: String,
    /// Keys, under the words that say what becomes of them.
    keys: Vec<(&'a str, Vec<&'a str>)>,
    no: &'a str,
    yes: &'a str,
}

pub(super) fn view(prompt: &Prompt) -> Element<'_, Message> {
    let Some(words) = words(prompt) else { return column![].into() };
    let listed = words.keys.iter().any(|(_, keys)| !keys.is_empty());
    let keys = words.keys.into_iter().filter(|(_, keys)| !keys.is_empty()).map(|(what, keys)| {
        let keys = keys.into_iter().map(|key| label::mono(key).into());
        let keys = column![label::hint(what), Column::with_children(keys).spacing(space::XS)].spacing(space::XS);
        container(keys).padding([space::S, space::M]).width(Length::Fill).style(card::inset).into()
    });
    column![
        row![words.icon.sized(size::TITLE).style(label::accent_style), label::title(words.title)]
            .spacing(space::M)
            .align_y(Alignment::Center),
        label::body(words.detail).wrapping(iced::widget::text::Wrapping::WordOrGlyph),
        listed.then(|| Column::with_children(keys).spacing(space::S)),
        row![
            Button::text(words.no).id(prompt.first.clone()).on_press(Message::Agreed(false)),
            iced::widget::space::horizontal(),
            Button::text(words.yes).primary().on_press(Message::Agreed(true)),
        ],
    ]
    .spacing(space::L)
    .into()
}

fn words(prompt: &Prompt) -> Option<Words<'_>> {
    match prompt.question() {
        Question::AddressKeyDiffers { name, address, key_type, fingerprint, expected, place, matching } => {
            Some(Words {
                icon: Icon::ShieldAlert,
                title: "The address is known by another key",
                detail: format!(
                    "{name} shows the {key_type} key it has always had{}. But its address {address} is known by another \
                 ({place}). A server that moved, or took over the address of one before it, does that; so does somebody \
                 who stands in between and has the key.",
                    matching.as_ref().map(|place| format!(" ({place})")).unwrap_or_default(),
                ),
                keys: vec![("The server shows", vec![fingerprint]), ("The address is known by", vec![expected])],
                no: "Cancel",
                yes: "Connect all the same",
            })
        }
        Question::UpdatedHostKeys { name, new, obsolete, path } => Some(Words {
            icon: Icon::Shield,
            title: "The server has other keys",
            detail: format!(
                "{} is the server it was, and says which keys it has now; it has proved that they are its own. They can \
                 be saved for {name} in {}, so that it is known by them too.",
                prompt.hop(),
                path.display()
            ),
            keys: vec![("New", texts(new)), ("Given up", texts(obsolete))],
            no: "Not now",
            yes: "Save",
        }),
        Question::AddKeyToAgent { path, fingerprint } => Some(Words {
            icon: Icon::Key,
            title: "Keep the key in the agent?",
            detail: format!(
                "The key {} ({fingerprint}) is open. The agent can keep it, so that neither this program nor others ask \
                 for its passphrase again.",
                path.display()
            ),
            keys: Vec::new(),
            no: "No",
            yes: "Keep it",
        }),
        _ => None,
    }
}

fn texts(keys: &[String]) -> Vec<&str> {
    keys.iter().map(String::as_str).collect()
}
