//! A round of keyboard-interactive authentication: the server's own questions.

use iced::widget::{Column, column, container, row};
use iced::{Alignment, Element, Length};
use term::ssh::Secret;
use term::ssh::prompt::{Challenge, Question};

use super::{Message, Prompt};
use crate::theme::{size, space};
use crate::widget::button::Button;
use crate::widget::{Icon, card, field, label};

pub(super) fn view(prompt: &Prompt) -> Element<'_, Message> {
    let Question::KeyboardInteractive { name, instruction, challenges } = prompt.question() else {
        return column![].into();
    };
    let said = [name, instruction].into_iter().filter(|text| !text.trim().is_empty());
    let questions = challenges.iter().enumerate().map(|(index, challenge)| question(prompt, index, challenge));
    let words = column![
        label::hint(format!("{} says:", prompt.hop())),
        Column::with_children(said.map(|text| label::body(text.trim()).into())).spacing(space::XS),
        Column::with_children(questions).spacing(space::M),
    ]
    .spacing(space::S);
    column![
        row![Icon::Key.sized(size::TITLE).style(label::accent_style), label::title("The server asks")]
            .spacing(space::M)
            .align_y(Alignment::Center),
        container(words).padding(space::M).width(Length::Fill).style(card::inset),
        row![
            Button::text("Cancel").on_press(Message::Cancelled),
            iced::widget::space::horizontal(),
            Button::text("Continue").primary().on_press(Message::Answered),
        ],
    ]
    .spacing(space::L)
    .into()
}

fn question<'a>(prompt: &'a Prompt, index: usize, challenge: &'a Challenge) -> Element<'a, Message> {
    let field = field::field("", prompt.typed(index))
        .secure(!challenge.echo)
        .on_input(move |text| Message::Typed(index, Secret::new(text)))
        .on_submit(Message::Entered(index));
    let field = if index == 0 { field.id(prompt.first.clone()) } else { field };
    field::labelled(challenge.text.trim(), field).into()
}
