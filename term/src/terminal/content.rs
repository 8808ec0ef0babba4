//! What one frame needs of a terminal: the visible cells with their colours resolved.

use std::time::Instant;

use super::image::Piece;
use super::{Modes, Rgb, Size};

/// How a cell is underlined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Underline {
    /// Not at all.
    #[default]
    None,
    /// One line.
    Single,
    /// Two lines.
    Double,
    /// A wavy line.
    Curly,
    /// Dots.
    Dotted,
    /// Dashes.
    Dashed,
}

/// How many columns a cell's character covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Width {
    /// One.
    #[default]
    Narrow,
    /// Two: the next cell is its [`Width::Spacer`].
    Wide,
    /// Covered by the wide cell to its left.
    Spacer,
}

/// One cell, ready to draw: reverse video, dim, hidden and selection are already in its colours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The character; a space draws nothing.
    pub character: char,
    /// Combining characters and variation selectors that follow it, `None` for nearly all cells.
    pub combining: Option<std::sync::Arc<str>>,
    /// Text colour.
    pub foreground: Rgb,
    /// Background colour.
    pub background: Rgb,
    /// Columns covered.
    pub width: Width,
    /// Bold face.
    pub bold: bool,
    /// Italic face.
    pub italic: bool,
    /// Line through the middle.
    pub strikeout: bool,
    /// Line above.
    pub overline: bool,
    /// The text comes and goes (SGR 5 and 6).
    pub blink: bool,
    /// Underline.
    pub underline: Underline,
    /// The underline's colour, already resolved.
    pub underline_color: Rgb,
}

/// One visible line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The cells, as many as the terminal has columns.
    pub cells: Vec<Cell>,
    /// The pictures that are seen in it, from the lowest to the highest.
    pub pieces: Vec<Piece>,
    /// Changes whenever the cells or the pictures do; two rows of one terminal with equal revisions are equal.
    pub revision: u64,
}

/// The cursor's shape (DECSCUSR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum CursorShape {
    /// A filled block.
    #[default]
    Block,
    /// A line below.
    Underline,
    /// A line to the left.
    Beam,
}

/// The cursor, when it is visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Visible line from the top.
    pub line: u16,
    /// Column from the left.
    pub column: u16,
    /// Shape.
    pub shape: CursorShape,
    /// Whether the program asks for a blinking one.
    pub blinking: bool,
    /// Whether it stands on a wide character.
    pub wide: bool,
    /// Its colour.
    pub color: Rgb,
    /// The colour of text under a block.
    pub text_color: Rgb,
}

/// What one frame needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The size the rows have.
    pub size: Size,
    /// The visible rows from the top.
    pub rows: Vec<Row>,
    /// The cursor; `None` when hidden or scrolled out of sight.
    pub cursor: Option<Cursor>,
    /// Lines scrolled back from the newest; 0 at the bottom.
    pub scrolled: usize,
    /// Lines of scrollback there are.
    pub history: usize,
    /// The number of the topmost row's line ([`super::lines`]); `None` on the alternate screen.
    pub first_line: Option<u64>,
    /// The prompts that the shell marked, oldest first, of the main screen and all its scrollback.
    pub prompts: std::sync::Arc<[super::commands::Mark]>,
    /// Modes in force.
    pub modes: Modes,
    /// The colour around and between the rows.
    pub background: Rgb,
    /// When a picture that is seen is to show its next frame; `None` if none moves.
    pub next_frame: Option<Instant>,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            size: Size { columns: 0, lines: 0, width: 0, height: 0 },
            rows: Vec::new(),
            cursor: None,
            scrolled: 0,
            history: 0,
            first_line: None,
            prompts: std::sync::Arc::default(),
            modes: Modes::default(),
            background: Rgb::default(),
            next_frame: None,
        }
    }
}
