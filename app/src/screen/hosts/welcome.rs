//! What a newcomer sees: what this is, and the ways to begin.

use iced::widget::{column, container, row};
use iced::{Alignment, Element, Length};

use super::Message;
use crate::theme::space;
use crate::widget::{Button, Icon, card, label, scroll};

/// The page in place of an empty list. Where the hosts could not be read they are only missing, and nobody is new.
pub(super) fn view<'a>(missing: bool) -> Element<'a, Message> {
    if missing {
        return iced::widget::space().height(Length::Fill).into();
    }
    let intro = column![
        container(Icon::SquareTerminal.sized(40.0).style(label::accent_style)).center(64.0),
        label::title("Welcome to Tetherm"),
        label::muted("Shells on your servers in tabs, and their X11 programs on this screen, all over SSH.").center(),
    ]
    .spacing(space::S)
    .align_x(Alignment::Center)
    .width(Length::Fill);
    let save = Button::labelled(Icon::Plus, "New host").primary().on_press(Message::New);
    let ways = column![
        way(
            Icon::Zap,
            "Connect once",
            "Type user@host:port, ssh://… or a whole ssh command into the field above and press Enter.",
            None,
        ),
        way(
            Icon::Server,
            "Save a host",
            "One click away from then on, with a key and X11 forwarding of its own.",
            Some(save.into()),
        ),
        way(
            Icon::FileText,
            "Keep using ~/.ssh/config",
            "Every host you write there is listed here by itself. Tetherm changes only the lines that you edit here.",
            None,
        ),
        way(
            Icon::Info,
            "Read the guide",
            "How to log in, split, search, copy, forward and more. It is among all commands, behind the three lines above.",
            Some(Button::text("Guide").on_press(Message::Guide).into()),
        ),
    ]
    .spacing(space::M);
    let content = column![intro, ways].spacing(space::XL).padding([space::L, space::L]);
    scroll::vertical(content).width(Length::Fill).height(Length::Fill).into()
}

fn way<'a>(
    icon: Icon,
    title: &'static str,
    text: &'static str,
    action: Option<Element<'a, Message>>,
) -> Element<'a, Message> {
    let texts = column![label::strong(title), label::muted(text)].spacing(space::XS).width(Length::Fill);
    let icon = icon.sized(20.0).style(label::accent_style);
    card::card(row![icon, texts, action].spacing(space::L).align_y(Alignment::Center)).width(Length::Fill).into()
}
