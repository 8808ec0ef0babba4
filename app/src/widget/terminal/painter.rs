//! The two ways to draw a terminal, behind one interface.

use iced::Rectangle;
use term::terminal::Content;
use term::terminal::content::Row;

use super::ahead::Ahead;
use super::glyphs::Glyphs;
use super::gpu_painter::GpuPainter;
use super::grid::Grid;
use super::plan::{Cursor, Line};
use super::row_painter::{Band, RowPainter};

/// What is drawn in one frame.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The terminal.
    pub content: &'a Content,
    /// The line of the cursor, and its look.
    pub cursor: Option<(u16, Cursor)>,
    /// Blinking text is in the dark half of its period.
    pub dark: bool,
    /// A line that looks different from the terminal's own for now, because text is being composed in it.
    pub composed: Option<(u16, &'a Row)>,
}

impl<'a> Scene<'a> {
    /// A terminal without a cursor.
    #[must_use]
    pub fn new(content: &'a Content) -> Self {
        Self { content, cursor: None, dark: false, composed: None }
    }

    /// The lines from the top.
    pub fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let Self { content, cursor, dark, composed } = *self;
        content.rows.iter().enumerate().map(move |(line, row)| {
            let row = composed.filter(|(at, _)| usize::from(*at) == line).map_or(row, |(_, row)| row);
            let cursor = cursor.and_then(|(at, cursor)| (usize::from(at) == line).then_some(cursor));
            Line { row, columns: content.size.columns, cursor, dark }
        })
    }
}

/// Draws what [`super::plan`] plans: by itself where the window is drawn in software, by the GPU where there is one.
#[derive(Debug)]
pub enum Painter {
    /// Lines rasterised to images.
    Rows(RowPainter),
    /// Quads and a glyph atlas.
    Gpu(GpuPainter),
}

impl Default for Painter {
    fn default() -> Self {
        Self::Rows(RowPainter::default())
    }
}

impl Painter {
    /// Brings what will be drawn up to date. A window that got another renderer gets the painter that goes with it.
    pub fn prepare(&mut self, renderer: &iced::Renderer, scene: Scene<'_>, glyphs: &mut Glyphs) {
        match (renderer, &*self) {
            (iced::Renderer::Primary(_), Self::Rows(_)) => *self = Self::Gpu(GpuPainter::default()),
            (iced::Renderer::Secondary(_), Self::Gpu(_)) => *self = Self::Rows(RowPainter::default()),
            _ => {}
        }
        match self {
            Self::Rows(painter) => painter.prepare(scene, glyphs),
            Self::Gpu(painter) => painter.prepare(scene, glyphs),
        }
    }

    /// Shows what [`Painter::prepare`] found changed before the frame does, where that is worth it.
    pub fn show_ahead(&self, ahead: &Ahead, grid: &Grid) {
        if let Self::Rows(painter) = self {
            ahead.show(painter.changed(grid));
        }
    }

    /// The newest revision of a line that blinks, `None` if none does.
    #[must_use]
    pub fn blinking(&self) -> Option<u64> {
        match self {
            Self::Rows(painter) => painter.blinking(),
            Self::Gpu(painter) => painter.blinking(),
        }
    }

    /// Whether something is left to be shown by the next frame.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        match self {
            Self::Rows(painter) => painter.is_behind(),
            Self::Gpu(_) => false,
        }
    }

    /// The layers to draw in, which fill `clip`, each with its lines.
    #[must_use]
    pub fn bands(&self, grid: &Grid, clip: Rectangle) -> Vec<Band> {
        match self {
            Self::Rows(painter) => painter.bands(grid, clip).collect(),
            Self::Gpu(_) => vec![Band { lines: 0..grid.size().lines.into(), layer: clip }],
        }
    }

    /// What of these lines is not drawn yet, in logical pixels of the window.
    #[must_use]
    pub fn gaps(&self, grid: &Grid, band: &Band) -> Vec<Rectangle> {
        match self {
            Self::Rows(painter) => painter.gaps(grid, band.lines.clone()),
            Self::Gpu(_) => Vec::new(),
        }
    }

    /// Draws the lines of a band at their places, clipped to `clip`.
    pub fn draw(&self, renderer: &mut iced::Renderer, grid: &Grid, clip: Rectangle, band: Band) {
        match self {
            Self::Rows(painter) => painter.draw(renderer, grid, clip, band.lines),
            Self::Gpu(painter) => painter.draw(renderer, grid),
        }
    }
}
