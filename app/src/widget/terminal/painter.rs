//! The two ways to draw a terminal, behind one interface.

use iced::Rectangle;
use term::terminal::Content;

use super::glyphs::Glyphs;
use super::gpu_painter::GpuPainter;
use super::grid::Grid;
use super::plan::Cursor;
use super::row_painter::RowPainter;

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
    pub fn prepare(
        &mut self,
        renderer: &iced::Renderer,
        content: &Content,
        cursor: Option<(u16, Cursor)>,
        glyphs: &mut Glyphs,
    ) {
        match (renderer, &*self) {
            (iced::Renderer::Primary(_), Self::Rows(_)) => *self = Self::Gpu(GpuPainter::default()),
            (iced::Renderer::Secondary(_), Self::Gpu(_)) => *self = Self::Rows(RowPainter::default()),
            _ => {}
        }
        match self {
            Self::Rows(painter) => painter.prepare(content, cursor, glyphs),
            Self::Gpu(painter) => painter.prepare(content, cursor, glyphs),
        }
    }

    /// Draws the lines at their places, clipped to `clip`.
    pub fn draw(&self, renderer: &mut iced::Renderer, grid: &Grid, clip: Rectangle) {
        match self {
            Self::Rows(painter) => painter.draw(renderer, grid, clip),
            Self::Gpu(painter) => painter.draw(renderer, grid),
        }
    }
}
