//! The bar that looks for text in the scrollback.
//!
//! It floats in a corner of its pane and resizes nothing: a remote program that redraws because of a search would
//! change what is looked at.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::stream;
use iced::keyboard::{self, Modifiers, key::Key, key::Named};
use iced::widget::{Id, column, container, opaque, operation, row};
use iced::{Alignment, Element, Length, Padding, Task, task};
use term::Terminal;
use term::terminal::search::{Case, Direction, Pattern, Query, Status, View};

use crate::theme::space;
use crate::widget::button::{Button, Kind};
use crate::widget::{Beside, Icon, card, field, keys, label, tooltip};
use crate::window::{Bindings, Shortcut};

/// The widest that the bar gets, in logical pixels.
const WIDTH: f32 = 520.0;

/// Room for the longest usual count.
const COUNT: f32 = 104.0;

/// The narrowest that the field and the count beside it get next to the buttons.
const LEAST: f32 = COUNT + 140.0;

/// Visible rows from the top that the bar may lie over; a match in one of these sends it to the bottom.
const COVERED: u16 = 4;

/// The longest selection that is looked for at once, in characters.
const SEED: usize = 200;

/// How often the count is told: each telling draws the window.
const PACE: Duration = Duration::from_millis(100);

/// A search of one pane.
#[derive(Debug)]
pub struct Find {
    terminal: Arc<Terminal>,
    query: Query,
    /// Why the query cannot be looked for.
    error: Option<String>,
    status: Option<Status>,
    /// What was shown before.
    before: View,
    field: Id,
    /// Ends the work when it is dropped.
    _worker: task::Handle,
}

/// What happens in the bar.
#[derive(Debug, Clone)]
pub enum Message {
    /// This is looked for.
    Typed(String),
    /// The next way of telling capital letters is wanted.
    Case,
    /// Regular expressions are wanted, or no longer.
    Regex,
    /// The next match is wanted.
    Go(Direction),
    /// So many were found.
    Found(Status),
    /// Back to where the user was.
    Left,
    /// The match stays in sight.
    Stayed,
}

/// What the bar wants of its pane.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// It is to be closed.
    Close,
}

impl Find {
    /// Begins with the text that is selected, if it is short enough to be looked for.
    pub fn new(terminal: &Arc<Terminal>) -> (Self, Task<Message>) {
        let selected = terminal.selected_text().unwrap_or_default();
        let seed = selected.lines().next().filter(|line| *line == selected.trim_end() && line.len() <= 4 * SEED);
        let seed: String = seed.unwrap_or_default().chars().take(SEED).collect();
        let (work, handle) = work(Arc::clone(terminal)).abortable();
        let mut find = Self {
            terminal: Arc::clone(terminal),
            query: Query { text: seed, ..Query::default() },
            error: None,
            status: None,
            before: terminal.view(),
            field: Id::unique(),
            _worker: handle.abort_on_drop(),
        };
        find.search();
        (find, work.map(Message::Found))
    }

    /// Where the keyboard belongs.
    #[must_use]
    pub fn home(&self) -> Id {
        self.field.clone()
    }

    /// Brings the keyboard back to the field.
    pub fn focus<T: Send + 'static>(&self) -> Task<T> {
        operation::focus(self.field.clone())
    }

    /// Handles what happened.
    pub fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Typed(text) => {
                self.query.text = text;
                self.search();
            }
            Message::Case => {
                self.query.case = match self.query.case {
                    Case::Smart => Case::Sensitive,
                    Case::Sensitive => Case::Insensitive,
                    Case::Insensitive => Case::Smart,
                };
                self.search();
            }
            Message::Regex => {
                self.query.regex = !self.query.regex;
                self.search();
            }
            Message::Go(direction) => {
                self.terminal.search_go(direction);
                self.status = self.terminal.search_status();
            }
            Message::Found(status) => self.status = self.status.and(Some(status)),
            Message::Left => {
                self.terminal.show(self.before);
                return Action::Close;
            }
            Message::Stayed => {
                self.terminal.search_select();
                return Action::Close;
            }
        }
        Action::None
    }

    fn search(&mut self) {
        match Pattern::new(&self.query) {
            Ok(pattern) => {
                self.error = None;
                self.terminal.search(pattern);
            }
            // What was found before is of no use while something else is typed.
            Err(error) => {
                self.error = Some(error.to_string());
                self.terminal.search(None);
            }
        }
        self.status = self.terminal.search_status();
    }

    /// The bar, in its corner.
    pub fn view(&self, bindings: &Bindings) -> Element<'_, Message> {
        let field = field::field("Find", &self.query.text)
            .id(self.field.clone())
            .padding([space::XS, space::S])
            .invalid(self.error.is_some())
            .on_input(Message::Typed)
            .on_submit(Message::Go(Direction::Older));
        let found = self.status.is_some_and(|status| status.total > 0);
        let go = |icon, direction, tip| {
            let button = Button::icon(icon).padding(space::XS).on_press_maybe(found.then_some(Message::Go(direction)));
            tooltip::below(button, tip)
        };
        let close = Button::icon(Icon::X).padding(space::XS).on_press(Message::Stayed);
        let sought = row![field, container(label::hint(self.count())).width(COUNT).align_x(Alignment::End)]
            .spacing(space::XS)
            .align_y(Alignment::Center);
        let buttons = row![
            self.case(),
            self.regex(),
            go(Icon::ChevronUp, Direction::Older, tip("Next match, further up (Enter", Shortcut::FindNext, bindings)),
            go(
                Icon::ChevronDown,
                Direction::Newer,
                tip("Previous match, further down (Shift+Enter", Shortcut::FindPrevious, bindings)
            ),
            tooltip::below(close, "Close and stay at this match (Esc goes back)"),
        ]
        .spacing(space::XS)
        .align_y(Alignment::Center);
        let row = Beside::new(sought, buttons, LEAST).spacing(space::XS);
        let error = self.error.as_deref().map(label::error);
        let bar =
            container(column![row, error].spacing(space::XS)).padding(space::S).max_width(WIDTH).style(card::floating);
        let low = self.status.and_then(|status| status.row).is_some_and(|row| row < COVERED);
        let room = container(opaque(keys(bar, key))).width(Length::Fill).height(Length::Fill).align_right(Length::Fill);
        // The scrollbar beside it stays within reach.
        let padding = Padding { right: space::L, ..Padding::from(space::S) };
        if low { room.align_bottom(Length::Fill) } else { room.align_top(Length::Fill) }.padding(padding).into()
    }

    /// How many there are, and which of them is looked at.
    fn count(&self) -> String {
        let Some(status) = self.status else { return String::new() };
        let more = match status {
            Status { truncated: true, .. } => "+",
            Status { complete: false, .. } => "…",
            _ => "",
        };
        match (status.total, status.current) {
            (0, _) if status.complete => "No matches".to_owned(),
            (0, _) => "Searching…".to_owned(),
            (total, Some(current)) => format!("{} of {}{more}", grouped(current), grouped(total)),
            (total, None) => format!("{}{more}", grouped(total)),
        }
    }

    fn case(&self) -> Element<'_, Message> {
        let (text, tip, chosen) = match self.query.case {
            Case::Smart => ("aA", "Capital letters matter if you type one (Alt+C)", false),
            Case::Sensitive => ("Aa", "Capital letters matter (Alt+C)", true),
            Case::Insensitive => ("aa", "Capital letters do not matter (Alt+C)", true),
        };
        toggle(text, tip, chosen, Message::Case)
    }

    fn regex(&self) -> Element<'_, Message> {
        let tip = if self.query.regex {
            "Regular expression (Alt+R)"
        } else {
            "Plain text; press for a regular expression (Alt+R)"
        };
        toggle(".*", tip, self.query.regex, Message::Regex)
    }
}

impl Drop for Find {
    fn drop(&mut self) {
        self.terminal.search(None);
    }
}

fn toggle<'a>(text: &'a str, tip: &'a str, chosen: bool, message: Message) -> Element<'a, Message> {
    let kind = if chosen { Kind::Secondary } else { Kind::Ghost };
    let button = Button::new(label::mono(text)).kind(kind).padding([space::XS, space::XS]).on_press(message);
    tooltip::below(button, tip).into()
}

/// A tooltip that ends with the bar's own key, and the command's behind it.
fn tip(begin: &str, command: Shortcut, bindings: &Bindings) -> String {
    match bindings.chords(command).first() {
        Some(chord) => format!("{begin}, {chord})"),
        None => format!("{begin})"),
    }
}

/// The keys of the bar, wherever in it the keyboard is.
fn key(event: &keyboard::Event) -> Option<Message> {
    let keyboard::Event::KeyPressed { key, physical_key, modifiers, .. } = event else { return None };
    match key {
        Key::Named(Named::Escape) => Some(Message::Left),
        Key::Named(Named::Enter) if *modifiers == Modifiers::SHIFT => Some(Message::Go(Direction::Newer)),
        Key::Character(_) if *modifiers == Modifiers::ALT => match key.to_latin(*physical_key)? {
            'c' => Some(Message::Case),
            'r' => Some(Message::Regex),
            _ => None,
        },
        _ => None,
    }
}

/// A number with its thousands told apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Looks through the terminal off the window's thread for as long as it runs, and tells what it found.
fn work(terminal: Arc<Terminal>) -> Task<Status> {
    Task::stream(stream::unfold((terminal, false, None), |(terminal, mut more, last)| async move {
        loop {
            if !more {
                terminal.search_due().await;
            }
            let steps = Arc::clone(&terminal);
            more = tokio::task::spawn_blocking(move || look(&steps)).await.ok()?;
            let status = terminal.search_status();
            if status.is_some() && status != last {
                if !more {
                    // A flood of output would draw the count as often as it comes.
                    tokio::time::sleep(PACE).await;
                }
                return status.map(|found| (found, (terminal, more, status)));
            }
        }
    }))
}

/// Looks through what can be in a short time; whether there is more.
fn look(terminal: &Terminal) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PACE {
        if !terminal.search_step() {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests;
