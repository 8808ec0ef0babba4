//! The one question before a window with live sessions closes.

use iced::widget::{Id, column, container, mouse_area, opaque, row};
use iced::{Alignment, Element, Length};

use crate::theme::{size, space};
use crate::widget::button::Button;
use crate::widget::{Icon, card, elided, label};

/// How many tabs are named; the rest is counted.
const NAMED: usize = 6;

/// The question.
#[derive(Debug)]
pub struct Closing {
    titles: Vec<String>,
    cancel: Id,
}

/// The answer.
#[derive(Debug, Clone)]
pub enum Message {
    /// Close the window and end the sessions.
    Confirmed,
    /// Keep it open.
    Cancelled,
}

impl Closing {
    /// Asks about the tabs with these titles.
    pub fn new(titles: Vec<String>) -> Self {
        Self { titles, cancel: Id::unique() }
    }

    /// Where the keyboard belongs: on the harmless answer.
    pub fn home(&self) -> Id {
        self.cancel.clone()
    }

    /// The question over the whole window.
    pub fn view(&self) -> Element<'_, Message> {
        let (consequence, confirm) = match self.titles.len() {
            1 => ("1 session will end, and whatever runs in it may end too:".to_owned(), "Close and end it"),
            count => {
                (format!("{count} sessions will end, and whatever runs in them may end too:"), "Close and end them")
            }
        };
        let mut list = column![].spacing(space::XS);
        for title in self.titles.iter().take(NAMED) {
            let line = row![Icon::SquareTerminal.text().style(label::muted_style), elided::body(title)]
                .spacing(space::S)
                .align_y(Alignment::Center);
            list = list.push(line);
        }
        if self.titles.len() > NAMED {
            list = list.push(label::muted(format!("and {} more", self.titles.len() - NAMED)));
        }
        let card = column![
            row![
                Icon::TriangleAlert.sized(size::TITLE).style(label::accent_style),
                label::heading("Close the window?")
            ]
            .spacing(space::M)
            .align_y(Alignment::Center),
            label::body(consequence),
            list,
            row![
                Button::text("Keep it open").id(self.cancel.clone()).on_press(Message::Cancelled),
                iced::widget::space::horizontal(),
                Button::text(confirm).danger().on_press(Message::Confirmed),
            ]
            .spacing(space::S),
        ]
        .spacing(space::L);
        let card = container(card).padding(space::L).max_width(440).style(card::floating);
        let scrim = container(opaque(card)).center(Length::Fill).padding(space::L).style(card::scrim);
        opaque(mouse_area(scrim).on_press(Message::Cancelled))
    }
}
