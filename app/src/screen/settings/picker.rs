//! A list that is searched by typing and walked through by the arrow keys.

use iced::widget::{Column, Id, column, container, mouse_area, operation, scrollable};
use iced::{Element, Length, Padding, Task};

use crate::theme::space;
use crate::widget::{Button, button, field, label, scroll};

/// Height of a line in logical pixels.
pub(super) const LINE: f32 = 40.0;

/// How many lines are built; what is beyond is found by typing.
const LINES: usize = 400;

/// Something that can be picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// What the settings say.
    pub(super) name: String,
    /// What the list shows.
    pub(super) title: String,
}

/// The list.
#[derive(Debug)]
pub(super) struct Picker {
    query: String,
    field: Id,
    list: Id,
    items: Vec<Item>,
    /// The name of the selected one.
    selected: String,
    /// What was selected in the beginning.
    before: String,
    /// Height of the part in sight, in logical pixels.
    height: f32,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    /// The field's text changed.
    Typed(String),
    /// The selection moves by so many lines.
    Moved(isize),
    /// The pointer is over one.
    Pointed(String),
    /// One was pressed.
    Pressed(String),
    /// Enter was pressed in the field.
    Submitted,
    /// The list has this height.
    Seen(f32),
}

/// What it wants.
#[derive(Debug)]
pub(super) enum Action {
    /// Nothing but this task.
    Run(Task<Message>),
    /// Another one is selected: it is to be shown to be chosen or not.
    Show(Task<Message>),
    /// This one is chosen.
    Choose(String),
}

impl Picker {
    pub(super) fn new(items: Vec<Item>, selected: String) -> Self {
        Self {
            query: String::new(),
            field: Id::unique(),
            list: Id::unique(),
            items,
            before: selected.clone(),
            selected,
            height: 400.0,
        }
    }

    /// Where the keyboard belongs.
    pub(super) fn home(&self) -> Id {
        self.field.clone()
    }

    /// The name of the selected one.
    pub(super) fn selected(&self) -> &str {
        &self.selected
    }

    /// What was selected in the beginning.
    pub(super) fn before(&self) -> &str {
        &self.before
    }

    /// Shows other items; what is selected stays so. Returns whether there are more than before.
    pub(super) fn show(&mut self, items: Vec<Item>) -> bool {
        let more = items.len() > self.items.len();
        self.items = items;
        more
    }

    /// Selects one and brings it into sight.
    pub(super) fn select(&mut self, name: &str) -> Task<Message> {
        name.clone_into(&mut self.selected);
        self.reveal()
    }

    fn found(&self) -> impl Iterator<Item = &Item> {
        let words: Vec<_> = self.query.split_whitespace().map(str::to_lowercase).collect();
        let matches = move |item: &&Item| {
            let title = item.title.to_lowercase();
            words.iter().all(|word| title.contains(word.as_str()))
        };
        self.items.iter().filter(matches).take(LINES)
    }

    fn position(&self) -> Option<usize> {
        self.found().position(|item| item.name == self.selected)
    }

    /// Brings the selected one into sight, in the middle where that is possible.
    pub(super) fn reveal(&self) -> Task<Message> {
        let Some(at) = self.position() else { return Task::none() };
        let y = (at as f32 * LINE - (self.height - LINE) / 2.0).max(0.0);
        operation::scroll_to(self.list.clone(), scrollable::AbsoluteOffset { x: 0.0, y })
    }

    pub(super) fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Typed(text) => {
                self.query = text.replace(['\n', '\r'], "");
                let first = self.found().next().map(|item| item.name.clone());
                match first.filter(|_| self.position().is_none()) {
                    Some(first) => {
                        self.selected = first;
                        Action::Show(self.reveal())
                    }
                    None => Action::Run(self.reveal()),
                }
            }
            Message::Moved(by) => self.walk(by),
            Message::Pointed(name) => {
                self.selected = name;
                Action::Show(Task::none())
            }
            Message::Pressed(name) => Action::Choose(name),
            Message::Submitted => match self.position() {
                Some(_) => Action::Choose(self.selected.clone()),
                None => Action::Run(Task::none()),
            },
            Message::Seen(height) => {
                self.height = height;
                Action::Run(Task::none())
            }
        }
    }

    fn walk(&mut self, by: isize) -> Action {
        let last = self.found().count().saturating_sub(1);
        let next = self.position().map_or(0, |at| at.saturating_add_signed(by)).min(last);
        let Some(name) = self.found().nth(next).map(|item| item.name.clone()) else {
            return Action::Run(Task::none());
        };
        self.selected = name;
        Action::Show(self.reveal())
    }

    /// The field and the list; `line` draws what stands in a line.
    pub(super) fn view<'a>(
        &'a self,
        placeholder: &str,
        line: impl Fn(&'a Item) -> Element<'a, Message>,
    ) -> Element<'a, Message> {
        let input = field::field(placeholder, &self.query)
            .id(self.field.clone())
            .on_input(Message::Typed)
            .on_submit(Message::Submitted);
        let lines: Vec<_> = self.found().map(|item| self.line(item, line(item))).collect();
        let lines: Element<'a, Message> = if lines.is_empty() {
            container(label::muted("Nothing matches.")).padding(space::M).into()
        } else {
            container(Column::with_children(lines)).padding(Padding::default().right(space::M)).into()
        };
        let list = scroll::vertical(lines)
            .id(self.list.clone())
            .on_scroll(|view| Message::Seen(view.bounds().height))
            .width(Length::Fill)
            .height(Length::Fill);
        column![input, list].spacing(space::S).into()
    }

    fn line<'a>(&self, item: &'a Item, content: Element<'a, Message>) -> Element<'a, Message> {
        let content = container(content).height(Length::Fill).align_y(iced::Alignment::Center);
        let button = Button::new(content)
            .kind(button::Kind::Item { selected: item.name == self.selected })
            .padding([0.0, space::S])
            .width(Length::Fill)
            .on_press(Message::Pressed(item.name.clone()));
        let line = container(button).height(LINE).padding([2.0, 0.0]);
        mouse_area(line).on_enter(Message::Pointed(item.name.clone())).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker() -> Picker {
        let names = ["nord", "dracula", "gruvbox-dark"];
        let items = names.map(|name| Item { name: name.to_owned(), title: name.replace('-', " ") });
        Picker::new(items.into(), "dracula".to_owned())
    }

    #[test]
    fn the_arrow_keys_walk_through_what_was_found_and_stay_within() {
        let mut picker = picker();
        assert!(matches!(picker.update(Message::Moved(1)), Action::Show(_)));
        assert_eq!(picker.selected(), "gruvbox-dark");
        let _ = picker.update(Message::Moved(5));
        assert_eq!(picker.selected(), "gruvbox-dark");
        let _ = picker.update(Message::Moved(-9));
        assert_eq!((picker.selected(), picker.before()), ("nord", "dracula"));
    }

    #[test]
    fn typing_selects_the_first_that_matches_and_enter_takes_it() {
        let mut picker = picker();
        assert!(matches!(picker.update(Message::Typed("dark gruv".to_owned())), Action::Show(_)));
        assert!(matches!(picker.update(Message::Submitted), Action::Choose(name) if name == "gruvbox-dark"));
        let _ = picker.update(Message::Typed("nothing".to_owned()));
        assert!(matches!(picker.update(Message::Submitted), Action::Run(_)), "there is nothing to take");
    }
}
