//! The command palette: every command that applies, every open tab and every host, found by typing.

mod entry;

use iced::keyboard::{self, key::Named};
use iced::widget::{Column, Id, column, container, mouse_area, opaque, operation, row, scrollable};
use iced::{Alignment, Element, Length, Padding, Task, event};

use crate::theme::space;
use crate::widget::{Button, button, card, chip, elided, field, label, scroll};

pub use entry::{Entry, Goal, OpenTab, Sources};

/// Height of a line, of the list and of what lies around it, and the palette's width, in logical pixels.
const LINE: f32 = 38.0;
const LIST: f32 = 10.0 * LINE;
const AROUND: f32 = 190.0;
const WIDTH: f32 = 600.0;

/// How many lines are built; what is beyond is found by typing on.
const LINES: usize = 100;

/// The palette, while it is open.
#[derive(Debug)]
pub struct Palette {
    query: String,
    field: Id,
    list: Id,
    /// Everything that can be reached, the most recently used first.
    entries: Vec<Entry>,
    /// The places in `entries` of those that match, the best first.
    found: Vec<usize>,
    selected: usize,
    /// Height of the list, in logical pixels.
    height: f32,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    /// The field's text changed.
    Typed(String),
    /// The selection moves by so many lines.
    Moved(isize),
    /// Enter was pressed in the field.
    Submitted,
    /// A line was pressed.
    Pressed(Goal),
    /// It is to be closed.
    Left,
}

/// What it wants of its window.
#[derive(Debug)]
pub enum Action {
    /// Nothing but this task.
    Run(Task<Message>),
    /// It is to be closed, and this is to be done.
    Go(Goal),
    /// It is to be closed.
    Close,
}

impl Palette {
    /// The palette with everything that can be reached; `height` is the window's.
    #[must_use]
    pub fn new(sources: &Sources, height: f32) -> Self {
        let entries = sources.entries();
        let found = (0..entries.len()).collect();
        let (field, list) = (Id::unique(), Id::unique());
        // Before the window has told its size, as high as the lowest windows.
        let height = if height > 0.0 { height } else { 360.0 };
        let height = LIST.min(height - AROUND).max(2.0 * LINE);
        Self { query: String::new(), field, list, entries, found, selected: 0, height }
    }

    /// Where the keyboard belongs.
    #[must_use]
    pub fn home(&self) -> Id {
        self.field.clone()
    }

    /// Does what a message asks for.
    pub fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Typed(text) => {
                self.query = text.replace(['\n', '\r'], "");
                self.found = entry::find(&self.query, &self.entries);
                self.selected = 0;
                Action::Run(self.reveal())
            }
            Message::Moved(by) => {
                let count = self.found.len().clamp(1, LINES);
                // Around the ends: the last is one step up from the first.
                self.selected = match by {
                    -1 | 1 => self.selected.saturating_add(count).saturating_add_signed(by) % count,
                    by => self.selected.saturating_add_signed(by).min(count - 1),
                };
                Action::Run(self.reveal())
            }
            Message::Submitted => match self.selected() {
                Some(entry) => Action::Go(entry.goal.clone()),
                None => Action::Run(Task::none()),
            },
            Message::Pressed(goal) => Action::Go(goal),
            Message::Left => Action::Close,
        }
    }

    fn selected(&self) -> Option<&Entry> {
        self.entries.get(*self.found.get(self.selected)?)
    }

    /// Brings the selected line into sight.
    fn reveal(&self) -> Task<Message> {
        let y = (self.selected as f32 * LINE - (self.height - LINE) / 2.0).max(0.0);
        operation::scroll_to(self.list.clone(), scrollable::AbsoluteOffset { x: 0.0, y })
    }

    /// What a key means after the widgets had it: it moves the selection, or is Escape in the field.
    #[must_use]
    pub fn key(event: &keyboard::Event, status: event::Status) -> Option<Message> {
        let keyboard::Event::KeyPressed { key: keyboard::Key::Named(named), .. } = event else { return None };
        match (status, named) {
            (event::Status::Captured, Named::Escape) => Some(Message::Left),
            (event::Status::Ignored, Named::ArrowUp) => Some(Message::Moved(-1)),
            (event::Status::Ignored, Named::ArrowDown) => Some(Message::Moved(1)),
            (event::Status::Ignored, Named::PageUp) => Some(Message::Moved(-8)),
            (event::Status::Ignored, Named::PageDown) => Some(Message::Moved(8)),
            _ => None,
        }
    }

    /// The palette over the whole window.
    pub fn view(&self) -> Element<'_, Message> {
        let input = field::field("Type a command, a tab or a host", &self.query)
            .id(self.field.clone())
            .padding(space::M)
            .on_input(Message::Typed)
            .on_submit(Message::Submitted);
        let lines: Vec<_> =
            self.found.iter().take(LINES).enumerate().filter_map(|(at, index)| self.line(at, *index)).collect();
        let list: Element<'_, Message> = if lines.is_empty() {
            let nothing = container(label::muted("No command, tab or host matches."));
            nothing.padding(space::M).width(Length::Fill).height(self.height).into()
        } else {
            let lines = container(Column::with_children(lines)).padding(Padding::default().right(space::M));
            // As high as ever, however little is found: a card that jumps while one types is no help.
            scroll::vertical(lines).id(self.list.clone()).width(Length::Fill).height(self.height).into()
        };
        let foot = container(label::hint("Arrow keys choose, Enter does it, Esc closes")).padding([0.0, space::S]);
        let content = column![input, list, foot].spacing(space::S);
        let card = container(content).padding(space::M).max_width(WIDTH).style(card::floating);
        let scrim = container(opaque(card)).center_x(Length::Fill).height(Length::Fill).padding(Padding {
            top: 52.0,
            bottom: space::M,
            left: space::M,
            right: space::M,
        });
        opaque(mouse_area(scrim.style(card::scrim)).on_press(Message::Left))
    }

    fn line(&self, at: usize, index: usize) -> Option<Element<'_, Message>> {
        let entry = self.entries.get(index)?;
        let title = container(elided::body(entry.title.as_str())).width(Length::Fill);
        let chord = (!entry.chord.is_empty()).then(|| {
            container(label::mono(entry.chord.as_str()).size(12.0)).padding([2.0, space::S]).style(chip::style)
        });
        let icon = entry.icon.text().style(label::muted_style);
        let content = row![icon, title, label::hint(entry.detail.as_str()), chord];
        let content = container(content.spacing(space::M).align_y(Alignment::Center));
        let button = Button::new(content.height(Length::Fill).align_y(Alignment::Center))
            .kind(button::Kind::Item { selected: at == self.selected })
            .padding([0.0, space::M])
            .width(Length::Fill)
            .on_press(Message::Pressed(entry.goal.clone()));
        Some(container(button).height(LINE).padding([1.0, 0.0]).into())
    }
}

#[cfg(test)]
mod tests;
