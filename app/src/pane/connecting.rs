//! On the way to a shell: what is happening, and what is asked.

use iced::widget::{column, container, row, space as blank};
use iced::{Alignment, Element, Length};
use term::ssh::Hop;
use term::ssh::connection::Stage;

use super::{Prompt, closed};
use crate::store::secrets;
use crate::theme::space;
use crate::widget::button::Button;
use crate::widget::{Icon, card, elided, label, scroll};

/// Widest that a page grows, in logical pixels: longer lines are hard to read.
pub(super) const WIDTH: f32 = 620.0;

/// How far it has come.
#[derive(Debug, Default)]
pub struct Connecting {
    stage: Option<Stage>,
    /// The host that it is about, where there are others on the way.
    hop: Option<Hop>,
    waiting: bool,
    prompt: Option<Prompt>,
}

impl Connecting {
    /// Another pane logs in to the same host.
    pub(super) fn wait(&mut self) {
        self.waiting = true;
    }

    /// The connection got on.
    pub(super) fn advance(&mut self, stage: Stage) {
        self.waiting = false;
        match stage {
            Stage::Hop(hop) => (self.hop, self.stage) = (Some(*hop), Some(Stage::Resolving)),
            stage => self.stage = Some(stage),
        }
    }

    /// The connection asks; an older question has been given up by it.
    pub(super) fn ask(&mut self, prompt: Prompt) {
        self.waiting = false;
        self.prompt = Some(prompt);
    }

    /// The question is answered.
    pub(super) fn answered(&mut self) {
        self.prompt = None;
    }

    /// What is asked.
    #[must_use]
    pub fn prompt(&self) -> Option<&Prompt> {
        self.prompt.as_ref()
    }

    pub(super) fn prompt_mut(&mut self) -> Option<&mut Prompt> {
        self.prompt.as_mut()
    }

    /// What is happening, in a sentence, with the host that it is about where there are several on the way.
    #[must_use]
    pub fn happening(&self) -> String {
        match &self.hop {
            Some(hop) if !self.waiting && self.stage != Some(Stage::Open) => {
                let role = if hop.toward.is_some() { "Jump host" } else { "Host" };
                format!("{role} {hop}: {}", self.step_now())
            }
            _ => self.step_now(),
        }
    }

    fn step_now(&self) -> String {
        match &self.stage {
            _ if self.waiting => "Another tab is logging in to this host; its connection will be shared".to_owned(),
            None => "Reading the configuration".to_owned(),
            Some(Stage::Resolving | Stage::Hop(_)) => "Looking up the address".to_owned(),
            Some(Stage::Connecting(address)) => format!("Connecting to {address}"),
            Some(Stage::KeyExchange) => "Agreeing on keys and checking the host key".to_owned(),
            Some(Stage::Authenticating(method)) => format!("Logging in with {method}"),
            Some(Stage::LocalCommand) => "Running your LocalCommand".to_owned(),
            Some(Stage::Open) => "Opening the shell".to_owned(),
        }
    }

    /// How many of the steps are behind it.
    fn done(&self) -> usize {
        match &self.stage {
            None | Some(Stage::Resolving | Stage::Hop(_)) => 0,
            Some(Stage::Connecting(_)) => 1,
            Some(Stage::KeyExchange) => 2,
            Some(Stage::Authenticating(_)) => 3,
            Some(Stage::LocalCommand | Stage::Open) => 4,
        }
    }

    /// The page of a pane that is connecting.
    pub(super) fn view<'a>(
        &'a self,
        name: &'a str,
        keeper: Option<&'a secrets::Status>,
    ) -> Element<'a, super::Message> {
        match &self.prompt {
            Some(prompt) => page(prompt.view(keeper).map(super::Message::Prompt)),
            None => page(self.progress(name).map(super::Message::Page)),
        }
    }

    fn progress<'a>(&'a self, name: &'a str) -> Element<'a, closed::Message> {
        let steps = ["Find", "Connect", "Secure", "Log in", "Shell"].into_iter().enumerate();
        let steps = steps.map(|(index, step)| self.step(index, step));
        column![
            elided::title(name),
            iced::widget::Row::with_children(steps).spacing(space::L),
            row![
                label::muted(format!("{}…", self.happening())).width(Length::Fill),
                blank::horizontal().width(space::M),
                Button::text("Cancel").on_press(closed::Message::Cancel),
            ]
            .align_y(Alignment::Center),
        ]
        .spacing(space::L)
        .into()
    }

    fn step<'a>(&self, index: usize, name: &'a str) -> Element<'a, closed::Message> {
        let done = self.done();
        let (icon, text) = match index.cmp(&done) {
            std::cmp::Ordering::Less => (Icon::Check.text().style(label::accent_style), label::muted(name)),
            std::cmp::Ordering::Equal => (Icon::ChevronRight.text().style(label::accent_style), label::strong(name)),
            std::cmp::Ordering::Greater => (Icon::ChevronRight.text().style(label::muted_style), label::muted(name)),
        };
        row![icon, text].spacing(space::XS).align_y(Alignment::Center).into()
    }
}

/// A card in the middle of the pane, which scrolls where the window is too small for it.
pub(super) fn page<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    let card = card::card(content).padding(space::XL).max_width(WIDTH).width(Length::Fill);
    let page = container(card).center_x(Length::Fill).padding(space::L);
    container(scroll::vertical(page)).center(Length::Fill).style(card::background).into()
}
