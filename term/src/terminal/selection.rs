//! Points on the screen and what a selection is.

use alacritty_terminal::index::Side as GridSide;
use alacritty_terminal::selection::SelectionType;

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

impl From<Side> for GridSide {
    fn from(side: Side) -> Self {
        match side {
            Side::Left => Self::Left,
            Side::Right => Self::Right,
        }
    }
}

impl From<SelectionKind> for SelectionType {
    fn from(kind: SelectionKind) -> Self {
        match kind {
            SelectionKind::Simple => Self::Simple,
            SelectionKind::Block => Self::Block,
            SelectionKind::Semantic => Self::Semantic,
            SelectionKind::Lines => Self::Lines,
        }
    }
}
