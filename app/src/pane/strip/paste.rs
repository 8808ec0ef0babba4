//! A paste that is shown before it is sent.

use std::sync::Arc;

use iced::widget::{Id, column, container, row, space as blank, text};
use iced::{Alignment, Element, Length};
use term::session::PasteProgress;

use super::Message;
use crate::theme::{font, size, space};
use crate::widget::banner::Kind;
use crate::widget::button::Button;
use crate::widget::checkbox::checkbox;
use crate::widget::terminal::paste::{Clip, Doubt};
use crate::widget::{Icon, card, label, scroll};

/// The highest that the preview gets, in logical pixels.
const PREVIEW: f32 = 150.0;

/// A paste that waits for the user.
#[derive(Debug)]
pub(super) struct Paste {
    pub(super) clip: Arc<Clip>,
    pub(super) doubt: Doubt,
    /// Whether no paste is to be asked about any more.
    pub(super) never: bool,
}

impl Paste {
    /// The question; `refuse` names the answer that does nothing.
    pub(super) fn view(&self, refuse: Id) -> Element<'_, Message> {
        let preview = text(self.clip.preview()).font(font::MONO).size(size::SMALL);
        let preview = preview.wrapping(text::Wrapping::WordOrGlyph);
        let preview = container(preview).width(Length::Fill).padding(space::S);
        let more = self.clip.more();
        let more = (more > 0).then(|| label::hint(format!("… and {more} more characters")));
        let preview = container(scroll::vertical(column![preview, more])).max_height(PREVIEW).style(card::inset);
        let several = self.clip.lines() > 1;
        let one_line = several.then(|| Button::text("Paste as one line").on_press(Message::PasteOneLine));
        let buttons = row![
            Button::text("Cancel").id(refuse).on_press(Message::Refused),
            one_line,
            Button::text("Paste").on_press(Message::Paste),
            checkbox(self.never, "Do not ask again").on_press(Message::NeverAsk(!self.never)),
        ]
        .spacing(space::S)
        .align_y(Alignment::Center)
        .wrap()
        .vertical_spacing(space::XS);
        let question = row![Icon::TriangleAlert.text(), label::strong(self.question())].spacing(space::S);
        container(column![question.align_y(Alignment::Center), preview, buttons].spacing(space::S))
            .padding([space::S, space::M])
            .style(Kind::Warning.style())
            .into()
    }

    fn question(&self) -> String {
        match self.doubt {
            Doubt::Runs(1) => "Paste this line with its line end? It may run as a command at once.".to_owned(),
            Doubt::Runs(lines) => format!("Paste {lines} lines? Each may run as a command."),
            Doubt::Lines(1) => "Paste this line with its line end?".to_owned(),
            Doubt::Lines(lines) => format!("Paste {lines} lines?"),
            Doubt::ControlCharacters(1) => "Paste this? A control character will be left out.".to_owned(),
            Doubt::ControlCharacters(count) => format!("Paste this? {count} control characters will be left out."),
        }
    }
}

/// How far a long paste is, and the way to break it off.
pub(super) fn progress<'a>(progress: PasteProgress) -> Element<'a, Message> {
    let percent = 100 * progress.sent / progress.total.max(1);
    let told = format!("Pasting {}: {percent} %", amount(progress.total));
    let break_off = Button::text("Break off").on_press(Message::BreakOff);
    container(
        row![Icon::ClipboardPaste.text(), label::body(told), blank::horizontal(), break_off]
            .spacing(space::S)
            .align_y(Alignment::Center),
    )
    .padding([space::S, space::M])
    .style(Kind::Info.style())
    .into()
}

/// A number of bytes, to be read.
fn amount(bytes: usize) -> String {
    if bytes < 1_000_000 { format!("{} kB", bytes / 1_000) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}
