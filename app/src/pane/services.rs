//! What panes are opened with, and what of it their terminals take on.

use std::sync::Arc;

use term::Terminal;
use term::terminal::Palette;
use term::terminal::content::CursorShape;
use term::terminal::lines::Scrollback;

use super::{Permissions, Pool, Target};
use crate::store::{Schemes, Secrets, settings};
use crate::window::Bindings;

/// What a pane needs of whoever shows it.
#[derive(Debug, Clone)]
pub struct Services {
    /// The connections to share.
    pub pool: Arc<Pool>,
    /// Where secrets are looked up and remembered.
    pub secrets: Secrets,
    /// The terminal's colours.
    pub palette: Palette,
    /// What the user chose for terminals.
    pub settings: settings::Terminal,
    /// The colour schemes, for hosts that have one of their own.
    pub schemes: Schemes,
    /// The keys of the window's commands.
    pub bindings: Arc<Bindings>,
    /// What hosts that are not saved may do.
    pub permissions: Permissions,
}

impl Services {
    /// A target's own colours, else those of the window.
    pub(super) fn palette_of(&self, target: &Target) -> Palette {
        let own = target.scheme.as_ref().and_then(|name| self.schemes.get(name));
        own.map_or_else(|| self.palette.clone(), |scheme| scheme.palette.clone())
    }
}

/// Gives a terminal the looks that the settings say.
pub fn dress(terminal: &Terminal, settings: &settings::Terminal) {
    terminal.set_legibility(term::terminal::Legibility {
        minimum_contrast: settings.minimum_contrast,
        bold_is_bright: settings.bold_is_bright,
    });
    terminal.set_word_separators(&settings.word_separators);
    terminal.set_scroll_on_output(settings.scroll_on_output);
    terminal.set_scrollback(match settings.scrollback {
        settings::Scrollback::Lines(lines) => Scrollback::Lines(lines),
        settings::Scrollback::Unlimited => Scrollback::Memory(settings.scrollback_memory as usize * 1024 * 1024),
    });
    terminal.set_cursor_shape(match settings.cursor_shape {
        settings::CursorShape::Block => CursorShape::Block,
        settings::CursorShape::Bar => CursorShape::Beam,
        settings::CursorShape::Underline => CursorShape::Underline,
    });
}
