//! The menu that a right click on a terminal opens.

use iced::widget::{Column, column, container, float, mouse_area, opaque, row, space as blank};
use iced::{Alignment, Element, Length, Point, Rectangle, Vector};
use term::terminal::CommandAt;

use super::view::Place;
use crate::theme::space;
use crate::widget::button::{Button, Kind};
use crate::widget::{Icon, card, label, scroll};
use crate::window::Shortcut;
use crate::window::shortcut::Bindings;

/// Width in logical pixels.
const WIDTH: f32 = 250.0;

/// An open menu.
#[derive(Debug, Clone, PartialEq)]
pub struct Menu {
    /// Where in the window it was asked for.
    pub at: Point,
    /// Whether text is selected.
    pub can_copy: bool,
    /// Whether the shell is over.
    pub closed: bool,
    /// Whether the session is written to a file.
    pub logs: bool,
    /// The address of the link that it was asked for on.
    pub link: Option<String>,
    /// The command that it was asked for on, if that has output.
    pub command: Option<CommandAt>,
}

/// What is chosen.
#[derive(Debug, Clone)]
pub enum Message {
    /// Copy the selection.
    Copy,
    /// Paste the clipboard.
    Paste,
    /// Look for text.
    Find,
    /// Drop the scrollback.
    ClearScrollback,
    /// Open this link.
    OpenLink(String),
    /// Copy this link's address.
    CopyLink(String),
    /// Select what a command printed.
    SelectOutput(CommandAt),
    /// Copy what a command printed.
    CopyOutput(CommandAt),
    /// What a key of the window does as well.
    Window(Shortcut),
    /// Nothing.
    Dismissed,
}

impl Menu {
    /// The menu over the whole terminal, which a press beside it closes.
    pub(super) fn view<'a>(&self, place: Place, tabs: usize, bindings: &Bindings) -> Element<'a, Message> {
        let at = self.at;
        let menu =
            float(self.entries(place, tabs, bindings)).translate(move |bounds, viewport| shift(at, bounds, viewport));
        let layer = container(menu).width(Length::Fill).height(Length::Fill);
        opaque(mouse_area(layer).on_press(Message::Dismissed).on_right_press(Message::Dismissed))
    }

    /// What can be done with what lies under the pointer, then with the whole terminal.
    fn entries<'a>(&self, place: Place, tabs: usize, bindings: &Bindings) -> Element<'a, Message> {
        let (zoom, close) = match place {
            Place::Alone => ("Zoom pane", "Close tab"),
            Place::Beside => ("Zoom pane", "Close pane"),
            Place::Zoomed => ("Show all panes", "Close pane"),
        };
        let link = self.link.as_ref().map(|address| {
            column![
                entry(Icon::ExternalLink, "Open link", String::new(), Some(Message::OpenLink(address.clone()))),
                entry(Icon::Link, "Copy link address", String::new(), Some(Message::CopyLink(address.clone()))),
                line(),
            ]
        });
        let command = self.command.map(|command| {
            column![
                entry(
                    Icon::SquareTerminal,
                    "Select command output",
                    String::new(),
                    Some(Message::SelectOutput(command))
                ),
                entry(Icon::Copy, "Copy command output", String::new(), Some(Message::CopyOutput(command))),
                line(),
            ]
        });
        let log = if self.logs { "Stop the log" } else { "Log to a file…" };
        let (several, others) = (place != Place::Alone, tabs > 1);
        let entry =
            |icon, name, shortcut, message: Option<Message>| entry(icon, name, bindings.hint(shortcut), message);
        let window = |icon, name, shortcut, applies: bool| {
            entry(icon, name, shortcut, applies.then_some(Message::Window(shortcut)))
        };
        let clear = Some(Message::ClearScrollback);
        let entries: Column<'a, Message> = column![
            link,
            command,
            entry(Icon::Copy, "Copy", Shortcut::Copy, self.can_copy.then_some(Message::Copy)),
            window(Icon::Copy, "Copy with colours", Shortcut::CopyColors, self.can_copy),
            entry(Icon::ClipboardPaste, "Paste", Shortcut::Paste, (!self.closed).then_some(Message::Paste)),
            entry(Icon::Search, "Find…", Shortcut::Find, Some(Message::Find)),
            window(Icon::ExternalLink, "Open a link…", Shortcut::OpenLink, true),
            window(Icon::FileText, log, Shortcut::LogSession, true),
            entry(Icon::Trash2, "Clear scrollback", Shortcut::ClearScrollback, clear),
            window(Icon::RefreshCw, "Reconnect", Shortcut::Reconnect, self.closed),
            line(),
            window(Icon::Columns2, "Split right", Shortcut::SplitRight, true),
            window(Icon::Rows2, "Split down", Shortcut::SplitDown, true),
            window(Icon::Maximize, zoom, Shortcut::ZoomPane, several),
            several.then(|| window(Icon::AppWindow, "Move to a new tab", Shortcut::PaneToTab, true)),
            others.then(|| window(Icon::AppWindow, "Move tab to a new window", Shortcut::TabToWindow, true)),
            window(Icon::Zap, "Type in several panes", Shortcut::Broadcast, several || others),
            window(Icon::X, close, Shortcut::ClosePane, true),
            line(),
            window(Icon::Menu, "All commands…", Shortcut::Palette, true),
        ];
        // Presses between the entries must not close the menu.
        // A pane may be lower than its menu.
        let entries = scroll::vertical(entries);
        opaque(container(entries).padding(space::XS).width(WIDTH).style(card::flat))
    }
}

/// From where it was laid out to where it was asked for, but inside of the window.
fn shift(at: Point, bounds: Rectangle, viewport: Rectangle) -> Vector {
    let right = viewport.x + viewport.width - bounds.width - space::XS;
    let bottom = viewport.y + viewport.height - bounds.height - space::XS;
    let x = at.x.min(right).max(viewport.x);
    let y = at.y.min(bottom).max(viewport.y);
    Vector::new(x - bounds.x, y - bounds.y)
}

/// A line between groups of entries.
fn line<'a>() -> Element<'a, Message> {
    let line = container(blank().height(1)).width(Length::Fill).style(card::hairline);
    container(line).padding([space::XS, 0.0]).into()
}

fn entry<'a>(icon: Icon, name: &'a str, key: String, message: Option<Message>) -> Element<'a, Message> {
    let enabled = message.is_some();
    let name = if enabled { label::body(name) } else { label::muted(name) };
    let content = row![icon.text().style(label::muted_style), name, blank::horizontal(), label::hint(key)]
        .spacing(space::S)
        .align_y(Alignment::Center);
    Button::new(content)
        .kind(Kind::Item { selected: false })
        .width(Length::Fill)
        .padding([space::XS + 2.0, space::S])
        .on_press_maybe(message)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_opens_where_it_was_asked_for_and_stays_inside_of_its_window() {
        let viewport = Rectangle { x: 0.0, y: 0.0, width: 800.0, height: 600.0 };
        let bounds = Rectangle { x: 0.0, y: 44.0, width: 250.0, height: 160.0 };
        let corner = |x, y| bounds.position() + shift(Point::new(x, y), bounds, viewport);
        assert_eq!(corner(10.0, 70.0), Point::new(10.0, 70.0));
        let last = corner(799.0, 599.0);
        assert!(last.x + 250.0 <= 800.0 && last.y + 160.0 <= 600.0, "{last:?}");
    }
}
