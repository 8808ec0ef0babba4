//! The emulator: alacritty_terminal behind a lock, and what one frame needs of it.
//!
//! ```text
//!   bytes ──► Sync ──► Parser ──► Emulator ──► alacritty_terminal::Term (grid, cursor, scrollback, selection)
//!          holds a    one pass,      ├──► colours, titles, keyboard flags, modes that Term lacks
//!          2026 update in order      └──► replies, events
//!                                  Snapshot ──► Content, by damage
//! ```
//!
//! The parser and the dispatcher are ours, `Term` is driven through its `Handler` methods. So every sequence is parsed
//! once and arrives in order at one place, which decides whether `Term` knows it or we do it beside `Term`; wrapping
//! vte's `Processor` would hide what it does not know (all DCS and APC, most OSC) and hold strings of any length.

mod attributes;
mod color;
pub mod commands;
pub mod content;
pub mod directory;
mod emulator;
pub mod event;
mod feed;
mod html;
pub mod image;
mod keyboard;
pub mod legibility;
pub mod lines;
pub mod links;
pub mod modes;
pub mod palette;
mod parser;
pub mod recording;
pub mod search;
pub mod selection;
mod snapshot;
mod sync;
mod text;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use alacritty_terminal::grid::{Dimensions, Scroll as GridScroll};
use alacritty_terminal::index::{Column, Line, Point as GridPoint};
use alacritty_terminal::selection::{Selection, SelectionRange, SelectionType};
use alacritty_terminal::sync::FairMutex;
use alacritty_terminal::term::viewport_to_point;
use tokio::sync::Notify;

pub use commands::Outcome;
pub use content::Content;
pub use directory::WorkingDirectory;
pub use event::{Event, Progress};
pub use legibility::Legibility;
pub use links::Link;
pub use modes::{Modes, MouseEncoding, MouseReports};
pub use palette::{Palette, Rgb};
pub use selection::{Point, SelectionKind, Side};

use emulator::Emulator;
use parser::Parser;
use recording::Recording;
use search::Finder;
use selection::Selecting;
use selection::caret::Caret;
use snapshot::Snapshot;
use sync::Sync;

/// What is parsed under one lock, so that drawing gets its turn.
const LOCKED_BYTES: usize = 64 * 1024;

/// The size of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns, 2 to 2,048: a wide character must fit, and memory must be bounded.
    pub columns: u16,
    /// Lines, 1 to 1,024.
    pub lines: u16,
    /// Width of the whole text area in physical pixels, 0 if unknown.
    pub width: u16,
    /// Height of the whole text area in physical pixels, 0 if unknown.
    pub height: u16,
}

impl Size {
    /// The nearest size a terminal can have.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self { columns: self.columns.clamp(2, 2048), lines: self.lines.clamp(1, 1024), ..self }
    }
}

/// What programs may do that could harm the user. Nothing, unless the user says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions {
    /// Programs may ask for checksums of what is shown (DECRQCRA), cell by cell if they like: what the other end, or
    /// somebody who can make it print text, reads is sent as if it were typed.
    pub read_screen: bool,
    /// Programs may change the terminal's size (DECCOLM, DECSLPP, XTWINOPS).
    pub resize: bool,
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

/// Which prompt to scroll to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// The last one above what is shown.
    Previous,
    /// The first one below the first line that is shown.
    Next,
}

/// Which command is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandAt {
    /// The last one that has output; while scrolled back, the one at the top of what is shown.
    Shown,
    /// The one that the visible line belongs to, counted from the top.
    Line(u16),
}

/// The terminal. Shared by the session's pump, which feeds it, and the widget, which shows it; each call takes the
/// lock for a bounded time. It outlives sessions, so that scrollback survives a reconnect.
pub struct Terminal {
    inner: FairMutex<Inner>,
    /// The modes in force, for who must not wait until what is being parsed is done.
    modes: Mutex<Modes>,
    changed: Notify,
    /// There may be lines for the search to look through.
    searched: Notify,
    recording: Mutex<Option<Arc<Recording>>>,
}

struct Inner {
    parser: Parser,
    emulator: Emulator,
    sync: Sync,
    snapshot: Snapshot,
    finder: Option<Box<Finder>>,
    selecting: Selecting,
    caret: Option<Caret>,
    /// What a synchronized update held and is not parsed yet.
    released: Vec<u8>,
    /// Output shows the newest lines.
    follows: bool,
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a terminal shows may be secret.
        f.debug_struct("Terminal").finish_non_exhaustive()
    }
}

impl Terminal {
    /// Makes a terminal with `scrollback` lines of history.
    #[must_use]
    pub fn new(size: Size, scrollback: usize, palette: Palette) -> Arc<Self> {
        let inner = Inner {
            parser: Parser::default(),
            emulator: Emulator::new(size.clamped(), scrollback, palette),
            sync: Sync::default(),
            snapshot: Snapshot::default(),
            finder: None,
            selecting: Selecting::default(),
            caret: None,
            released: Vec::new(),
            follows: false,
        };
        Arc::new(Self {
            modes: Mutex::new(modes::of(&inner.emulator)),
            inner: FairMutex::new(inner),
            changed: Notify::new(),
            searched: Notify::new(),
            recording: Mutex::new(None),
        })
    }

    /// Parses output of the remote side, at most 64 KiB under one lock, and returns what the terminal answers by
    /// itself (device attributes, reports), which goes straight back down the channel.
    #[must_use]
    pub fn advance(&self, bytes: &[u8]) -> Vec<u8> {
        let mut replies = Vec::new();
        for chunk in bytes.chunks(LOCKED_BYTES) {
            self.feed(chunk, &mut replies);
        }
        self.touch();
        replies
    }

    /// There is new output for a search to look through.
    fn tell_search(&self, inner: &mut Inner) {
        if let Some(finder) = &mut inner.finder {
            finder.touch();
            self.searched.notify_one();
        }
    }

    /// Waits until there is something new to show or an [`Event`] to take; wake-ups are coalesced. One waiter.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Wakes the waiter of [`Terminal::changed`]; for changes made by the window itself.
    pub fn touch(&self) {
        self.changed.notify_one();
    }

    /// Takes what the remote program asked of the window since the last call; bounded, older titles are dropped.
    #[must_use]
    pub fn take_events(&self) -> Vec<Event> {
        self.inner.lock().emulator.pending.take()
    }

    /// Copies what is visible now into `content`, reusing its rows; rows that did not change keep their `revision`.
    /// Only what changed since the last call is looked at, so one `content` per terminal must see every call.
    pub fn snapshot(&self, content: &mut Content) {
        self.snapshot_at(Instant::now(), content);
    }

    fn snapshot_at(&self, now: Instant, content: &mut Content) {
        let mut inner = self.inner.lock();
        let Inner { emulator, snapshot, finder, caret, .. } = &mut *inner;
        let modes = modes::of(emulator);
        let highlights = finder.as_ref().map_or_else(Vec::new, |finder| finder.visible(emulator));
        snapshot.take(emulator, modes, highlights, now, content);
        if let Some(caret) = caret {
            caret.show(emulator, content);
        }
    }

    /// The size in force.
    #[must_use]
    pub fn size(&self) -> Size {
        self.inner.lock().emulator.size()
    }

    /// Resizes the grid, reflowing lines; a size out of range is clamped.
    pub fn resize(&self, size: Size) {
        let mut inner = self.inner.lock();
        let Inner { emulator, finder, .. } = &mut *inner;
        let reflow = emulator.resize(size.clamped());
        if let Some(finder) = finder {
            match reflow {
                Some(reflow) => finder.reflow(&reflow, emulator),
                None => finder.touch(),
            }
            self.searched.notify_one();
        }
        drop(inner);
        if let Some(recording) = self.recording() {
            recording.resized(size.clamped());
        }
        self.touch();
    }

    /// Changes what programs may do.
    pub fn permit(&self, permissions: Permissions) {
        self.inner.lock().emulator.permissions = permissions;
    }

    /// Takes what the terminal answers without being asked just now: reports of a new size or colour scheme, for programs
    /// that want them. Goes down the channel as the answers of [`Terminal::advance`] do.
    #[must_use]
    pub fn take_reports(&self) -> Vec<u8> {
        self.inner.lock().emulator.take_replies()
    }

    /// The modes in force. Never waits for output that is being parsed.
    #[must_use]
    pub fn modes(&self) -> Modes {
        *self.modes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the modes known that `inner` has now.
    fn tell_modes(&self, inner: &Inner) {
        *self.modes.lock().unwrap_or_else(PoisonError::into_inner) = modes::of(&inner.emulator);
    }

    /// Scrolls through the scrollback.
    pub fn scroll(&self, scroll: Scroll) {
        self.inner.lock().emulator.term.scroll_display(match scroll {
            Scroll::Lines(lines) => GridScroll::Delta(lines.clamp(-1_000_000, 1_000_000)),
            Scroll::PageUp => GridScroll::PageUp,
            Scroll::PageDown => GridScroll::PageDown,
            Scroll::Top => GridScroll::Top,
            Scroll::Bottom => GridScroll::Bottom,
        });
        self.touch();
    }

    /// The numbers of the lines there are, of the main screen and its scrollback.
    #[must_use]
    pub fn lines(&self) -> lines::Span {
        self.inner.lock().emulator.span()
    }

    /// Scrolls so that line `number` is `below` lines below the top of what is shown, or as near to it as the scrollback
    /// allows. False if the line is gone, or the alternate screen is shown.
    pub fn scroll_to_line(&self, number: u64, below: u16) -> bool {
        let mut inner = self.inner.lock();
        let Some(line) = inner.emulator.line_of(number) else { return false };
        let term = &mut inner.emulator.term;
        let shown = term.grid().display_offset();
        let wanted = i32::from(below) - line.0;
        term.scroll_display(GridScroll::Delta(wanted - i32::try_from(shown).unwrap_or(0)));
        drop(inner);
        self.touch();
        true
    }

    /// The directory that the shell says it is in (OSC 7); `None` if it never told, or is gone.
    #[must_use]
    pub fn working_directory(&self) -> Option<WorkingDirectory> {
        self.inner.lock().emulator.directory.clone()
    }

    /// Whether the shell marked a prompt that is still there (OSC 133).
    #[must_use]
    pub fn has_prompts(&self) -> bool {
        !self.inner.lock().emulator.commands.marks().is_empty()
    }

    /// Scrolls to the last prompt above what is shown, or to the first one below its first line. False if there is none,
    /// or the alternate screen is shown.
    pub fn scroll_to_prompt(&self, to: Prompt) -> bool {
        let inner = self.inner.lock();
        let scrolled = inner.emulator.term.grid().display_offset();
        let Some(first) = inner.emulator.line_number(Line(0) - scrolled) else { return false };
        let found = match to {
            Prompt::Previous => inner.emulator.commands.before(first),
            Prompt::Next if scrolled == 0 => None,
            Prompt::Next => inner.emulator.commands.after(first),
        };
        drop(inner);
        found.is_some_and(|line| self.scroll_to_line(line, 0))
    }

    /// Selects the output of a command (OSC 133). False if there is none.
    pub fn select_output(&self, of: CommandAt) -> bool {
        let mut inner = self.inner.lock();
        let Some((start, end)) = inner.output(of) else { return false };
        let mut selection = Selection::new(SelectionType::Simple, start, Side::Left.into());
        selection.update(end, Side::Right.into());
        inner.emulator.term.selection = Some(selection);
        drop(inner);
        self.touch();
        true
    }

    /// The output of a command (OSC 133), as [`Terminal::selected_text`] would give it.
    #[must_use]
    pub fn output_text(&self, of: CommandAt) -> Option<String> {
        let inner = self.inner.lock();
        let (start, end) = inner.output(of)?;
        text::of_range(&inner.emulator.term, SelectionRange::new(start, end, false))
    }

    /// The links in sight, in reading order: marked by the program (OSC 8), or found in the text.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        links::visible(&self.inner.lock().emulator.term)
    }

    /// The link at a cell in sight.
    #[must_use]
    pub fn link_at(&self, point: Point) -> Option<Link> {
        links::at(&self.inner.lock().emulator.term, point)
    }

    /// Keeps more or fewer lines from now on.
    pub fn set_scrollback(&self, scrollback: lines::Scrollback) {
        self.inner.lock().emulator.set_scrollback(scrollback);
        self.touch();
    }

    /// Whether output shows the newest lines, also to a user who has scrolled back.
    pub fn set_scroll_on_output(&self, follows: bool) {
        self.inner.lock().follows = follows;
    }

    /// Writes what the remote side sends to a file from now on, or no longer.
    pub fn record(&self, recording: Option<Arc<Recording>>) {
        *self.recording.lock().unwrap_or_else(PoisonError::into_inner) = recording;
    }

    /// What the remote side's output is written to.
    #[must_use]
    pub fn recording(&self) -> Option<Arc<Recording>> {
        self.recording.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Drops the scrollback.
    pub fn clear_scrollback(&self) {
        self.inner.lock().emulator.clear_history();
        self.touch();
    }

    /// Changes the colours.
    pub fn set_palette(&self, palette: Palette) {
        let mut inner = self.inner.lock();
        inner.emulator.set_palette(palette);
        drop(inner);
        self.touch();
    }

    /// Changes what is done so that text can be read.
    pub fn set_legibility(&self, legibility: Legibility) {
        let mut inner = self.inner.lock();
        if inner.emulator.legibility == legibility {
            return;
        }
        inner.emulator.legibility = legibility;
        inner.emulator.redraw = true;
        drop(inner);
        self.touch();
    }

    /// Sets the shape of the cursor where no program chose one (DECSCUSR 0).
    pub fn set_cursor_shape(&self, shape: content::CursorShape) {
        self.inner.lock().emulator.cursor_shape = shape;
        self.touch();
    }

    /// The visible text, a line each, without trailing blanks.
    #[must_use]
    pub fn visible_text(&self) -> String {
        text::visible(&self.inner.lock().emulator.term)
    }

    /// The text of the line that the cursor stands on, up to the cursor, wherever the view is scrolled to: what a program
    /// that waits for input asks.
    #[must_use]
    pub fn cursor_line(&self) -> String {
        text::before_cursor(&self.inner.lock().emulator.term)
    }

    /// Writes a line of the program's own below the output, told apart from the remote side's by its style; used for
    /// "connection closed" lines in a tab's terminal. Resets what a dead program left behind (alternate screen, mouse
    /// and paste modes, hidden cursor) and keeps the scrollback.
    pub fn note(&self, text: &str) {
        let mut inner = self.inner.lock();
        inner.note(text);
        self.tell_modes(&inner);
        self.touch();
    }
}

impl Inner {
    /// The first and last cell of a command's output.
    fn output(&self, of: CommandAt) -> Option<(GridPoint, GridPoint)> {
        let emulator = &self.emulator;
        let scrolled = emulator.term.grid().display_offset();
        let (start, end) = match of {
            CommandAt::Shown if scrolled == 0 => emulator.commands.last_output()?,
            CommandAt::Shown => emulator.commands.output_at(emulator.line_number(Line(0) - scrolled)?)?,
            CommandAt::Line(line) => {
                emulator.commands.output_at(emulator.line_number(Line(line.into()) - scrolled)?)?
            }
        };
        let cursor = emulator.term.grid().cursor.point;
        let point = |(line, column)| Some(GridPoint::new(emulator.line_of(line)?, Column(column)));
        let start = point(start)?;
        // What follows the last cell is given, the last cell is wanted.
        let end = end.map_or(Some(cursor), point)?;
        let last = match end.column.0 {
            0 => GridPoint::new(end.line - 1_usize, emulator.term.last_column()),
            column => GridPoint::new(end.line, Column(column - 1)),
        };
        (start <= last).then_some((start, last))
    }

    fn grid_point(&self, point: Point) -> GridPoint {
        let term = &self.emulator.term;
        let line = usize::from(point.line).min(term.screen_lines() - 1);
        let column = Column(point.column.into()).min(term.last_column());
        viewport_to_point(term.grid().display_offset(), GridPoint::new(line, column))
    }

    fn note(&mut self, text: &str) {
        self.end_sync();
        self.parser.reset(&mut self.emulator);
        self.emulator.now = Instant::now();
        self.emulator.release();
        self.emulator.write_note(text);
        self.emulator.end_chunk();
    }
}

#[cfg(test)]
mod tests;
