//! Where a window is, how large it is, and what else the system tells of it.

use std::sync::Arc;

use iced::{Point, Size};

use super::{Action, Frame};
use crate::store::WindowState;
use crate::tab::Tab;
use crate::widget::terminal::ahead::Ahead;
use crate::window::library::Request;

/// What the system tells of a window.
#[derive(Debug, Clone)]
pub enum Change {
    /// It has this size.
    Size(Size),
    /// Its upper left corner is there.
    Position(Option<Point>),
    /// It has this many physical pixels to the logical one.
    Scale(f32),
    /// What is typed can be shown before its frame.
    Ahead(Arc<Ahead>),
    /// It came to the front.
    Focused,
    /// Another window came to the front.
    Unfocused,
}

impl Frame {
    /// The system tells something of the window.
    pub fn changed(&mut self, change: Change) -> Action {
        if matches!(change, Change::Focused | Change::Unfocused) {
            let focused = matches!(change, Change::Focused);
            self.tabs.iter_mut().flat_map(Tab::panes_mut).for_each(|pane| pane.set_window_focused(focused));
        }
        match change {
            Change::Size(size) => {
                self.size = size;
                return Action::Run(self.reveal());
            }
            Change::Position(position) => self.position = position,
            Change::Scale(scale) => self.scale = Some(scale),
            Change::Ahead(ahead) => self.ahead = Some(ahead),
            // Another program may have changed ~/.ssh/config meanwhile.
            Change::Focused if self.tab().is_none() => return Action::Ask(Request::Reload),
            Change::Focused | Change::Unfocused => {}
        }
        Action::None
    }

    /// What the control socket names it by.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What tells it from other windows.
    #[must_use]
    pub fn summary(&self) -> String {
        let number = self.number;
        match (self.tab().or_else(|| self.tabs().first()), self.tabs().len()) {
            (None, _) => format!("Window {number}, without tabs"),
            (Some(tab), 1) => format!("Window {number}: {}", tab.title()),
            (Some(tab), count) => format!("Window {number}: {} and {} more", tab.title(), count - 1),
        }
    }

    /// Its size in logical pixels.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Physical pixels to the logical one.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.scale.unwrap_or(1.0)
    }

    /// How large the window is, to be opened so again. One that fills the screen is as large as it was opened once it
    /// does no longer.
    #[must_use]
    pub fn place(&self, maximized: bool) -> WindowState {
        let known = self.size.width > 0.0 && self.size.height > 0.0;
        let size = if known && !maximized && !self.full_screen {
            (self.size.width, self.size.height)
        } else {
            self.opened.size
        };
        WindowState { size, maximized, ..WindowState::default() }
    }

    /// Its upper left corner on the desktop, in logical pixels, where that tells.
    #[must_use]
    pub fn position(&self) -> Option<Point> {
        self.position
    }
}
