//! The emulator: alacritty_terminal behind a lock, and what one frame needs of it.

pub mod content;
pub mod palette;

use std::sync::Arc;

pub use content::Content;
pub use palette::{Palette, Rgb};

/// The size of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns, at least 1.
    pub columns: u16,
    /// Lines, at least 1.
    pub lines: u16,
    /// Width of the whole text area in physical pixels, 0 if unknown.
    pub width: u16,
    /// Height of the whole text area in physical pixels, 0 if unknown.
    pub height: u16,
}

/// What the remote program asks of the window. Everything else it asks, the terminal answers by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// OSC 0 and 2, cleaned of control and bidi characters, at most 256 characters; `None` resets it.
    Title(Option<String>),
    /// BEL.
    Bell,
    /// OSC 52 write to the clipboard (`primary` false) or to PRIMARY; at most 100 kB.
    Clipboard {
        /// PRIMARY instead of the clipboard.
        primary: bool,
        /// The text.
        text: String,
    },
}

/// The private modes that decide how keys, mouse and pasted text are encoded (ctlseqs, "DEC Private Mode").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]

pub struct Modes {
    /// DECCKM.
    pub application_cursor: bool,
    /// DECNKM, DECKPAM.
    pub application_keypad: bool,
    /// LNM: Enter sends CR LF.
    pub line_feed: bool,
    /// 2004.
    pub bracketed_paste: bool,
    /// 1004.
    pub focus_reports: bool,
    /// Which mouse events are reported.
    pub mouse: MouseReports,
    /// How they are encoded.
    pub mouse_encoding: MouseEncoding,
    /// 1007: the wheel sends arrow keys on the alternate screen.
    pub alternate_scroll: bool,
    /// The alternate screen is shown: it has no scrollback.
    pub alternate_screen: bool,
    /// The flags of the kitty keyboard protocol in force (bits 0 to 4), 0 when off.
    pub kitty_keyboard: u8,
}

/// Which mouse events are reported (ctlseqs, "Mouse Tracking").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MouseReports {
    /// None: the mouse selects.
    #[default]
    None,
    /// 1000: presses and releases.
    Click,
    /// 1002: also motion while a button is held.
    Drag,
    /// 1003: all motion.
    Motion,
}

/// How mouse events are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MouseEncoding {
    /// `CSI M` and three bytes.
    #[default]
    X10,
    /// 1005.
    Utf8,
    /// 1006.
    Sgr,
}

/// A cell of what is shown: line 0 is the topmost visible line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Visible line from the top.
    pub line: u16,
    /// Column from the left.
    pub column: u16,
}

/// Which half of a cell the pointer is in; a selection begins and ends between halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The left half.
    Left,
    /// The right half.
    Right,
}

/// What a selection grows by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectionKind {
    /// Characters (one click).
    Simple,
    /// A rectangle (Alt held).
    Block,
    /// Words (two clicks).
    Semantic,
    /// Lines (three clicks).
    Lines,
}

/// A movement through the scrollback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scroll {
    /// Lines, up if positive.
    Lines(i32),
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// The oldest line.
    Top,
    /// The newest line.
    Bottom,
}

/// The terminal. Shared by the session's pump, which feeds it, and the widget, which shows it; each call takes the
/// lock for a bounded time. It outlives sessions, so that scrollback survives a reconnect.
#[derive(Debug)]
pub struct Terminal {}

impl Terminal {
    /// Makes a terminal with `scrollback` lines of history.
    #[must_use]
    pub fn new(size: Size, scrollback: usize, palette: Palette) -> Arc<Self> {
        let _ = (size, scrollback, palette);
        Arc::new(Self {})
    }

    /// Parses output of the remote side, at most 64 KiB under one lock, and returns what the terminal answers by
    /// itself (device attributes, reports), which goes straight back down the channel.
    #[must_use]
    pub fn advance(&self, bytes: &[u8]) -> Vec<u8> {
        let _ = bytes;
        Vec::new()
    }

    /// When a synchronized update (mode 2026) must be ended by [`Terminal::end_sync`], if one is under way.
    #[must_use]
    pub fn sync_deadline(&self) -> Option<std::time::Instant> {
        None
    }

    /// Ends a synchronized update whose time is over.
    #[must_use]
    pub fn end_sync(&self) -> Vec<u8> {
        Vec::new()
    }

    /// Waits until there is something new to show or an [`Event`] to take; wake-ups are coalesced. One waiter.
    pub async fn changed(&self) {
        std::future::pending().await
    }

    /// Wakes the waiter of [`Terminal::changed`]; for changes made by the window itself.
    pub fn touch(&self) {}

    /// Takes what the remote program asked of the window since the last call; bounded, older titles are dropped.
    #[must_use]
    pub fn take_events(&self) -> Vec<Event> {
        Vec::new()
    }

    /// Copies what is visible now into `content`, reusing its rows; rows that did not change keep their `revision`.
    pub fn snapshot(&self, content: &mut Content) {
        let _ = content;
    }

    /// The size in force.
    #[must_use]
    pub fn size(&self) -> Size {
        Size { columns: 80, lines: 24, width: 0, height: 0 }
    }

    /// Resizes the grid, reflowing lines.
    pub fn resize(&self, size: Size) {
        let _ = size;
    }

    /// The modes in force.
    #[must_use]
    pub fn modes(&self) -> Modes {
        Modes::default()
    }

    /// Scrolls through the scrollback.
    pub fn scroll(&self, scroll: Scroll) {
        let _ = scroll;
    }

    /// Drops the scrollback.
    pub fn clear_scrollback(&self) {}

    /// Changes the colours.
    pub fn set_palette(&self, palette: Palette) {
        let _ = palette;
    }

    /// Begins a selection.
    pub fn select(&self, kind: SelectionKind, point: Point, side: Side) {
        let _ = (kind, point, side);
    }

    /// Moves the end of the selection.
    pub fn extend_selection(&self, point: Point, side: Side) {
        let _ = (point, side);
    }

    /// Drops the selection.
    pub fn clear_selection(&self) {}

    /// The selected text, without trailing blanks; wrapped lines are joined.
    #[must_use]
    pub fn selected_text(&self) -> Option<String> {
        None
    }

    /// The visible text, a line each, without trailing blanks.
    #[must_use]
    pub fn visible_text(&self) -> String {
        String::new()
    }

    /// Writes a line of the program's own below the output, told apart from the remote side's by its style; used for
    /// "connection closed" lines in a tab's terminal. Resets what a dead program left behind (alternate screen, mouse
    /// and paste modes, hidden cursor) and keeps the scrollback.
    pub fn note(&self, text: &str) {
        let _ = text;
    }
}
