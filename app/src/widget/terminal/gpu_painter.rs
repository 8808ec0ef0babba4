//! The wgpu painter: each line becomes quads, which the GPU fills from an atlas of glyphs.

mod atlas;
mod pipeline;
mod quad;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use iced::Size;
use iced_wgpu::primitive::Renderer;
use term::terminal::Content;
use term::terminal::content::Row;

use super::glyph::Glyph;
use super::glyphs::Glyphs;
use super::grid::Grid;
use super::plan::{Cursor, Plan};
use pipeline::Frame;
use quad::Quad;

/// A number that no other painter and no other frame has.
fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A line whose quads are known.
#[derive(Debug)]
struct Line {
    revision: u64,
    cursor: Option<Cursor>,
    quads: Arc<Vec<Quad>>,
}

/// What all lines depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Look {
    glyphs: u64,
    columns: u16,
    cell: Size<u32>,
}

/// Draws lines as quads.
#[derive(Debug)]
pub struct GpuPainter {
    /// Names this terminal's buffers: all terminals share one pipeline.
    key: u64,
    frame: u64,
    look: Look,
    lines: Vec<Option<Line>>,
    glyphs: Arc<Vec<Arc<Glyph>>>,
    plan: Plan,
    planned: u64,
}

impl Default for GpuPainter {
    fn default() -> Self {
        Self {
            key: unique(),
            frame: unique(),
            look: Look::default(),
            lines: Vec::new(),
            glyphs: Arc::default(),
            plan: Plan::default(),
            planned: 0,
        }
    }
}

impl GpuPainter {
    /// Plans the lines that are new or changed.
    pub fn prepare(&mut self, content: &Content, cursor: Option<(u16, Cursor)>, glyphs: &mut Glyphs) {
        let metrics = glyphs.metrics();
        let cell = Size::new(metrics.width, metrics.height);
        let look = Look { glyphs: glyphs.generation(), columns: content.size.columns, cell };
        let anew = look != self.look || self.lines.len() != content.rows.len();
        if anew {
            self.look = look;
            self.lines.clear();
            self.lines.resize_with(content.rows.len(), || None);
            self.frame = unique();
        }
        for (line, row) in content.rows.iter().enumerate() {
            let cursor = cursor.and_then(|(at, cursor)| (usize::from(at) == line).then_some(cursor));
            self.line(line, row, cursor, glyphs);
        }
        // The GPU is handed all glyphs, so that an atlas that was dropped or grew can be filled again.
        if anew || self.glyphs.len() != glyphs.all().len() {
            self.glyphs = Arc::new(glyphs.all().to_vec());
        }
    }

    fn line(&mut self, line: usize, row: &Row, cursor: Option<Cursor>, glyphs: &mut Glyphs) {
        let Some(place) = self.lines.get_mut(line) else {
            return;
        };
        if place.as_ref().is_some_and(|known| known.revision == row.revision && known.cursor == cursor) {
            return;
        }
        self.planned += 1;
        self.frame = unique();
        self.plan.fill(row, self.look.columns, cursor, glyphs);
        let quads = Arc::new(quad::quads(&self.plan, glyphs));
        *place = Some(Line { revision: row.revision, cursor, quads });
    }

    /// Draws the lines at their places.
    pub fn draw(&self, renderer: &mut impl Renderer, grid: &Grid) {
        let lines: Vec<_> = self.lines.iter().flatten().map(|line| Arc::clone(&line.quads)).collect();
        let size =
            Size::new(u32::from(self.look.columns) * self.look.cell.width, lines.len() as u32 * self.look.cell.height);
        let origin = grid.physical_origin(0);
        let scale = grid.scale();
        let bounds = iced::Rectangle::new(
            iced::Point::new(origin.x as f32 / scale, origin.y as f32 / scale),
            Size::new(size.width as f32 / scale, size.height as f32 / scale),
        );
        renderer.draw_primitive(
            bounds,
            Frame {
                key: self.key,
                frame: self.frame,
                atlas: self.look.glyphs,
                glyphs: Arc::clone(&self.glyphs),
                lines,
                line_height: self.look.cell.height,
                size,
            },
        );
    }

    /// How many lines were planned so far.
    #[must_use]
    pub fn planned(&self) -> u64 {
        self.planned
    }
}
