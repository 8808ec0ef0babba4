//! The name and the colour that the user gives a tab.
//!
//! What is typed and chosen shows in the tab bar at once; Esc brings back what was there.

use iced::widget::{Id, column, container, mouse_area, opaque};
use iced::{Element, Length, Padding};

use super::tab_menu;
use crate::tab::{self, Tab};
use crate::theme::{Hue, space};
use crate::widget::{card, field, label};

/// Width of the card in logical pixels.
const WIDTH: f32 = 340.0;

/// A tab's name and colour, while they are changed.
#[derive(Debug)]
pub struct TabLabel {
    tab: tab::Id,
    text: String,
    field: Id,
    /// What there was before.
    before: (String, Option<Hue>),
    /// What the tab is called without a name.
    automatic: String,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Message {
    /// The name changed.
    Typed(String),
    /// A colour was chosen.
    Color(Option<Hue>),
    /// It is to stay so.
    Done,
    /// It is to be as it was.
    Left,
}

/// What is to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    None,
    /// It is over.
    Close,
}

impl TabLabel {
    /// Begins to change those of a tab.
    pub fn new(tab: &Tab) -> Self {
        let name = tab.name().unwrap_or_default().to_owned();
        let text = if name.is_empty() { tab.title().chars().take(tab::NAME).collect() } else { name.clone() };
        let automatic = tab.pane().title().chars().take(tab::NAME).collect();
        Self { tab: tab.id(), text, field: Id::unique(), before: (name, tab.hue()), automatic }
    }

    /// Whose they are.
    pub fn tab(&self) -> tab::Id {
        self.tab
    }

    /// Where the keyboard belongs.
    pub fn home(&self) -> Id {
        self.field.clone()
    }

    /// Does with the tab what a message asks for.
    pub fn update(&mut self, tab: &mut Tab, message: Message) -> Action {
        match message {
            Message::Typed(text) => {
                tab.set_name(&text);
                self.text = text.chars().filter(|c| !c.is_control()).take(tab::NAME).collect();
                Action::None
            }
            Message::Color(hue) => {
                tab.set_hue(hue);
                Action::None
            }
            Message::Done => Action::Close,
            Message::Left => {
                let (name, hue) = &self.before;
                tab.set_name(name);
                tab.set_hue(*hue);
                Action::Close
            }
        }
    }

    /// The card over the window; `hue` is the colour that the tab has now.
    pub fn view(&self, hue: Option<Hue>) -> Element<'_, Message> {
        let name = field::field(&self.automatic, &self.text)
            .id(self.field.clone())
            .on_input(Message::Typed)
            .on_submit(Message::Done);
        let content = column![
            field::labelled("Name of the tab", name),
            label::hint("Empty, it is named by its shell. Enter keeps it, Esc brings the old one back."),
            column![label::strong("Colour"), tab_menu::colors(hue, Message::Color)].spacing(space::XS),
        ];
        let card = container(content.spacing(space::M)).padding(space::L).max_width(WIDTH).style(card::floating);
        let around = Padding { top: 52.0, bottom: space::M, left: space::M, right: space::M };
        let layer = container(opaque(card)).center_x(Length::Fill).height(Length::Fill).padding(around);
        opaque(mouse_area(layer).on_press(Message::Done).on_right_press(Message::Done))
    }
}
