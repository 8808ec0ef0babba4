//! The list of entries. Only the lines in sight are built: ten thousand hosts scroll like ten.

use iced::widget::{Column, Id, Row, column, container, operation, row, scrollable, stack};
use iced::{Alignment, Background, Border, Element, Length, Task, Theme};

use super::{Data, Entry, Message, Step, icon_button};
use crate::store::host;
use crate::theme::{Colors, radius, space};
use crate::widget::{Button, Icon, button, chip, elided, label, scroll};

/// Height of a line in logical pixels.
const LINE: f32 = 56.0;
/// Width of a button at a line's end.
const BUTTON: f32 = 36.0;
/// Height of a heading above lines.
const HEADING: f32 = 40.0;
/// What is built beyond the edges, so that a fast wheel meets no gap.
const MARGIN: f32 = 4.0 * LINE;

/// What part of the list is in sight, in logical pixels.
#[derive(Debug, Clone, Copy)]
pub struct View {
    top: f32,
    height: f32,
}

impl Default for View {
    /// Until the first frame tells, as high as the highest screens.
    fn default() -> Self {
        Self { top: 0.0, height: 2400.0 }
    }
}

/// The entries, the selected one and the part in sight.
#[derive(Debug)]
pub(super) struct List {
    entries: Vec<Entry>,
    selected: Option<usize>,
    view: View,
    id: Id,
    /// Where headings stand: before the first saved host and before the first alias.
    headings: Vec<(usize, &'static str)>,
}

impl Default for List {
    fn default() -> Self {
        Self { entries: Vec::new(), selected: None, view: View::default(), id: Id::unique(), headings: Vec::new() }
    }
}

impl List {
    /// Shows other entries.
    pub(super) fn show(&mut self, entries: Vec<Entry>, selected: Option<usize>) {
        self.headings.clear();
        // Without a query the entries stand in their sections; with one, the best stands first.
        if selected.is_none() {
            let first = |kind: fn(&Entry) -> bool| entries.iter().position(kind);
            self.headings.extend(first(|entry| matches!(entry, Entry::Saved(_))).map(|at| (at, "Saved hosts")));
            self.headings.extend(first(|entry| matches!(entry, Entry::Alias(_))).map(|at| (at, "From ~/.ssh/config")));
        }
        self.entries = entries;
        self.selected = selected;
    }

    /// Whether nothing matches.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What Enter takes.
    pub(super) fn selected(&self) -> Option<&Entry> {
        self.entries.get(self.selected?)
    }

    /// Moves the selection, and scrolls so that it is in sight.
    pub(super) fn step(&mut self, step: Step) -> Task<Message> {
        let Some(last) = self.entries.len().checked_sub(1) else { return Task::none() };
        let page = ((self.view.height / LINE) as usize).saturating_sub(1).max(1);
        let selected = match (step, self.selected) {
            (Step::Down | Step::PageDown, None) => 0,
            (Step::Up | Step::PageUp, None) => last,
            (Step::Up, Some(at)) => at.saturating_sub(1),
            (Step::Down, Some(at)) => at + 1,
            (Step::PageUp, Some(at)) => at.saturating_sub(page),
            (Step::PageDown, Some(at)) => at + page,
        };
        self.selected = Some(selected.min(last));
        self.scroll_to(selected.min(last))
    }

    pub(super) fn to_top(&self) -> Task<Message> {
        operation::scroll_to(self.id.clone(), scrollable::AbsoluteOffset { x: 0.0, y: 0.0 })
    }

    pub(super) fn scrolled(&mut self, view: View) {
        self.view = view;
    }

    fn scroll_to(&self, at: usize) -> Task<Message> {
        let (top, bottom) = (self.top_of(at), self.top_of(at) + LINE);
        let y = if top < self.view.top {
            if at == 0 { 0.0 } else { top }
        } else if bottom > self.view.top + self.view.height {
            bottom - self.view.height
        } else {
            return Task::none();
        };
        operation::scroll_to(self.id.clone(), scrollable::AbsoluteOffset { x: 0.0, y })
    }

    /// The upper edge of an entry's line.
    fn top_of(&self, at: usize) -> f32 {
        let headings = self.headings.iter().filter(|(before, _)| *before <= at).count();
        at as f32 * LINE + headings as f32 * HEADING
    }

    /// The entries of which something may be in sight.
    fn in_sight(&self) -> std::ops::Range<usize> {
        let top = (self.view.top - MARGIN - self.headings.len() as f32 * HEADING).max(0.0);
        let first = ((top / LINE) as usize).min(self.entries.len());
        let count = ((self.view.height + 2.0 * MARGIN) / LINE) as usize + 3;
        first..(first + count).min(self.entries.len())
    }

    pub(super) fn view<'a>(&'a self, data: Data<'a>) -> Element<'a, Message> {
        let sight = self.in_sight();
        let filler = |height: f32| -> Element<'a, Message> { iced::widget::space().height(height).into() };
        let before = |at: usize| self.headings.iter().any(|(heading, _)| *heading == at);
        // A heading at the edge belongs to the line below it.
        let above = self.top_of(sight.start) - if before(sight.start) { HEADING } else { 0.0 };
        let total = self.top_of(self.entries.len());
        let end = if sight.end == self.entries.len() { total } else { self.top_of(sight.end) };
        let end = end - if sight.end < self.entries.len() && before(sight.end) { HEADING } else { 0.0 };
        let mut lines = vec![filler(above)];
        for at in sight.clone() {
            let heading = self.headings.iter().find(|(heading, _)| *heading == at);
            lines.extend(heading.map(|(_, text)| self::heading(text)));
            lines.extend(self.entries.get(at).map(|entry| self.line(at, entry, data)));
        }
        lines.push(filler(total - end));
        let content = container(Column::with_children(lines)).padding(iced::Padding::default().right(space::M));
        scroll::vertical(content)
            .id(self.id.clone())
            .on_scroll(|view| Message::Scrolled(View { top: view.absolute_offset().y, height: view.bounds().height }))
            .width(Length::Fill)
            .height(Length::Fill)
            .into()
    }

    fn line<'a>(&'a self, at: usize, entry: &'a Entry, data: Data<'a>) -> Element<'a, Message> {
        let selected = self.selected == Some(at);
        let (line, after) = match entry {
            Entry::Saved(id) => saved(id, data),
            Entry::Alias(name) => alias(name, data),
            Entry::Typed(text) => typed(text),
        };
        let hint = selected.then(|| label::hint("Enter to connect"));
        // The whole line can be pressed; its own buttons lie above it.
        let main = container(row![line.push(hint), room(&after)]).height(Length::Fill).align_y(Alignment::Center);
        let main = Button::new(main)
            .kind(button::Kind::Item { selected })
            .padding([0.0, space::M])
            .width(Length::Fill)
            .on_press(Message::Chosen(entry.clone()));
        let after = container(after).align_right(Length::Fill).center_y(Length::Fill).padding([0.0, space::S]);
        let line = stack![container(main).height(LINE - space::XS), after].height(LINE - space::XS).width(Length::Fill);
        container(line).height(LINE).align_y(Alignment::Center).into()
    }
}

fn heading(text: &str) -> Element<'_, Message> {
    container(label::hint(text).font(crate::theme::font::MEDIUM))
        .height(HEADING)
        .padding([space::S, space::M])
        .align_y(Alignment::End)
        .into()
}

/// What a line says, and the buttons at its end.
type Line<'a> = (Row<'a, Message>, Option<Row<'a, Message>>);

/// Room for the buttons at a line's end.
fn room<'a>(buttons: &Option<Row<'a, Message>>) -> Option<Element<'a, Message>> {
    buttons.is_some().then(|| iced::widget::space().width(2.0 * BUTTON).into())
}

fn saved<'a>(id: &host::Id, data: Data<'a>) -> Line<'a> {
    let Some(host) = data.hosts.get(id) else { return (Row::new(), None) };
    let x11 = (host.forward_x11 == Some(true)).then(|| chip::chip(Some(Icon::AppWindow), "X11"));
    let line = texts(Icon::Server, host.name.as_str(), host.address()).push(x11);
    let actions = row![
        icon_button(Icon::Pencil, "Edit", Message::Edit(id.clone())),
        icon_button(Icon::Trash2, "Delete", Message::Delete(id.clone())),
    ];
    (line, Some(actions))
}

fn alias<'a>(name: &'a str, data: Data<'a>) -> Line<'a> {
    let place = data.aliases.iter().find(|alias| alias.name == name).map_or("", |alias| alias.place.as_str());
    let edit = row![icon_button(Icon::Pencil, "Edit its lines", Message::EditAlias(name.to_owned()))];
    (texts(Icon::FileText, name, format!("from {place}")), Some(edit))
}

fn typed(text: &str) -> Line<'_> {
    (texts(Icon::Plug, format!("Connect to {text}"), "not saved"), None)
}

/// An icon, a name and what explains it.
fn texts<'a>(icon: Icon, name: impl Into<String>, detail: impl Into<String>) -> Row<'a, Message> {
    let texts = column![elided::strong(name), elided::hint(detail)].spacing(2.0).width(Length::Fill);
    let icon = container(icon.text().style(label::accent_style)).center(32.0).style(tile);
    row![icon, texts].spacing(space::M).align_y(Alignment::Center)
}

/// The surface behind an entry's icon.
fn tile(theme: &Theme) -> container::Style {
    container::Style {
        background: Some(Background::Color(Colors::of(theme).raised)),
        border: Border { radius: radius::CONTROL.into(), ..Border::default() },
        ..container::Style::default()
    }
}
