//! What a tab looks like: its panes in their places.

use iced::Element;
use iced::widget::pane_grid::{self, PaneGrid};

use super::{Message, Tab};

pub use crate::pane::Look;

impl Tab {
    /// The panes.
    pub fn view(&self, look: Look) -> Element<'_, Message> {
        let grid = PaneGrid::new(&self.panes, |_, pane, _| {
            let id = pane.id();
            pane_grid::Content::new(pane.view(look).map(move |message| Message::Pane(id, message)))
        });
        grid.into()
    }
}
