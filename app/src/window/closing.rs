//! The one question before a window, or several tabs, with live sessions close.

use iced::widget::{Id, column, container, mouse_area, opaque, row};
use iced::{Alignment, Element, Length};

use crate::tab;
use crate::theme::{size, space};
use crate::widget::button::Button;
use crate::widget::{Icon, card, elided, label};

/// How many tabs are named; the rest is counted.
const NAMED: usize = 6;

/// What is to be closed.
#[derive(Debug)]
pub enum Goal {
    /// These tabs.
    Tabs(Vec<tab::Id>),
    /// The window.
    Window,
    /// All windows.
    Windows,
}

/// The question.
#[derive(Debug)]
pub struct Closing {
    goal: Goal,
    titles: Vec<String>,
    cancel: Id,
}

/// The answer.
#[derive(Debug, Clone)]
pub enum Message {
    /// Close them and end the sessions.
    Confirmed,
    /// Keep them open.
    Cancelled,
}

impl Closing {
    /// Asks about what has live sessions of these titles.
    pub fn new(goal: Goal, titles: Vec<String>) -> Self {
        Self { goal, titles, cancel: Id::unique() }
    }

    /// What is to be closed.
    pub fn goal(self) -> Goal {
        self.goal
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
        let (heading, keep) = match &self.goal {
            Goal::Window => ("Close the window?", "Keep it open"),
            Goal::Windows => ("Close all windows?", "Keep them open"),
            Goal::Tabs(tabs) if tabs.len() == 1 => ("Close the tab?", "Keep it open"),
            Goal::Tabs(_) => ("Close these tabs?", "Keep them open"),
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
            row![Icon::TriangleAlert.sized(size::TITLE).style(label::accent_style), label::heading(heading)]
                .spacing(space::M)
                .align_y(Alignment::Center),
            label::body(consequence),
            list,
            row![
                Button::text(keep).id(self.cancel.clone()).on_press(Message::Cancelled),
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
