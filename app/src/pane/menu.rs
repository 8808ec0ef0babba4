//! The menu that a right click on a terminal opens.

use iced::widget::{Column, column};
use iced::{Element, Point};
use term::terminal::CommandAt;

use super::view::Place;
use crate::widget::Icon;
use crate::widget::menu::{self, entry, line};
use crate::window::Shortcut;
use crate::window::shortcut::Bindings;

/// Width in logical pixels.
const WIDTH: f32 = 280.0;

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
        menu::over(self.at, WIDTH, self.entries(place, tabs, bindings), Message::Dismissed)
    }

    /// What can be done with what lies under the pointer, then with the whole terminal.
    fn entries<'a>(&self, place: Place, tabs: usize, bindings: &Bindings) -> Column<'a, Message> {
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
        column![
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
        ]
    }
}
