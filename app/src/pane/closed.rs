//! A pane without a shell: why, and what can be done.

mod host_key;
mod legacy;

use std::sync::Arc;

use iced::widget::{Id, column, row};
use iced::{Alignment, Element};
use term::session::Ended;
use term::ssh;

use super::{Failure, Target, connecting};
use crate::theme::{size, space};
use crate::widget::banner::{Banner, Kind};
use crate::widget::button::Button;
use crate::widget::{Icon, elided, label};

/// Why there is no shell.
#[derive(Debug, Clone)]
pub enum Reason {
    /// There was one.
    Ended(Ended),
    /// It came to none.
    Failed(Arc<Failure>),
    /// The user gave it up.
    Cancelled,
}

/// A button of a pane that is connecting or closed.
#[derive(Debug, Clone)]
pub enum Message {
    /// Give up connecting.
    Cancel,
    /// Connect, again.
    Reconnect,
    /// Close the pane.
    Close,
    /// Allow old algorithms for the jump host of this name, or for the host itself, and connect again.
    AllowLegacy(Option<String>),
    /// Edit the saved host.
    Edit,
}

impl Reason {
    /// What happened, in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        match self {
            Self::Ended(Ended::Exited(status)) => format!("The shell ended with status {status}"),
            Self::Ended(Ended::Signalled(name)) => format!("The shell was ended by the signal {name}"),
            Self::Ended(Ended::Interrupted) => "You ended it with Ctrl+C".to_owned(),
            Self::Ended(Ended::Disconnected(error)) => format!("Disconnected: {error}"),
            Self::Failed(failure) => failure.to_string(),
            Self::Cancelled => "Not connected".to_owned(),
        }
    }

    /// What stands below the page's title.
    fn detail(&self) -> String {
        match self {
            Self::Cancelled => "The connection was cancelled.".to_owned(),
            other => other.headline(),
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn next_step(&self) -> Option<String> {
        match self {
            Self::Ended(Ended::Disconnected(error)) => error.next_step(),
            Self::Failed(failure) => failure.next_step(),
            Self::Ended(_) | Self::Cancelled => None,
        }
    }

    /// Whether it must be seen in full even where there is output to look at: a host key that is not the known one.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.ssh().is_some_and(host_key::is_danger)
    }

    fn ssh(&self) -> Option<&ssh::Error> {
        match self {
            Self::Failed(failure) => match failure.as_ref() {
                Failure::Ssh(error) => Some(error.root()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The page of a pane that has no output to show; `again` names the button that tries again.
    pub(super) fn page<'a>(&'a self, target: &'a Target, again: Id) -> Element<'a, Message> {
        if let Some(page) = self.ssh().and_then(host_key::view) {
            return connecting::page(page);
        }
        let failed = matches!(self, Self::Failed(_));
        let title = if failed { "Could not connect" } else { "Not connected" };
        let icon = if failed { Icon::CircleAlert } else { Icon::Unplug };
        let icon = icon.sized(size::TITLE).style(if failed { label::danger_style } else { label::muted_style });
        let weak = match self {
            Self::Failed(failure) => legacy::Weak::of(failure, target),
            Self::Ended(_) | Self::Cancelled => None,
        };
        let detail = weak.as_ref().map(|weak| weak.detail.clone());
        let detail = detail.unwrap_or_else(|| self.detail());
        let then = match weak {
            None => self.next_step().map(|step| label::muted(step).into()),
            Some(weak) => Some(weak.view(target.saved.is_some())),
        };
        let page = column![
            row![icon, label::title(title)].spacing(space::M).align_y(Alignment::Center),
            column![
                elided::strong(target.name.as_str()),
                label::body(detail).wrapping(iced::widget::text::Wrapping::WordOrGlyph),
            ]
            .spacing(space::XS),
            then,
            buttons(target, again),
        ]
        .spacing(space::L);
        connecting::page(page)
    }

    /// The strip above a terminal whose shell is over.
    pub(super) fn strip<'a>(&self) -> Element<'a, Message> {
        let kind = match self {
            Self::Ended(Ended::Disconnected(_)) | Self::Failed(_) => Kind::Error,
            Self::Ended(_) | Self::Cancelled => Kind::Info,
        };
        let step = self.next_step().map(|step| format!("{step} ")).unwrap_or_default();
        let (title, headline) = match self {
            Self::Ended(Ended::Disconnected(_)) | Self::Failed(_) | Self::Cancelled => (self.headline(), String::new()),
            Self::Ended(_) => ("Connection closed".to_owned(), format!("{}. ", self.headline())),
        };
        Banner::new(kind, title)
            .detail(format!("{headline}{step}Press Enter to connect again; the output below is kept."))
            .action(Button::labelled(Icon::RefreshCw, "Reconnect").on_press(Message::Reconnect))
            .action(Button::text("Close").ghost().on_press(Message::Close))
            .into()
    }
}

fn buttons<'a>(target: &Target, again: Id) -> Element<'a, Message> {
    let edit = target.saved.is_some().then(|| Button::labelled(Icon::Pencil, "Edit host").on_press(Message::Edit));
    row![
        Button::text("Close").on_press(Message::Close),
        iced::widget::space::horizontal(),
        edit,
        Button::labelled(Icon::RefreshCw, "Try again").id(again).primary().on_press(Message::Reconnect),
    ]
    .spacing(space::S)
    .into()
}
