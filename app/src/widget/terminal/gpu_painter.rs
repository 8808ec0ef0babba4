//! The wgpu painter: each line becomes quads, which the GPU fills from an atlas of glyphs.

mod atlas;
mod pipeline;
mod quad;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use iced::Size;
use iced_wgpu::primitive::Renderer;

use super::glyph::Glyph;
use super::glyphs::Glyphs;
use super::grid::Grid;
use super::painter::Scene;
use super::pictures::{Layers, Pictures};
use super::plan::{self, Cursor, Plan};
use pipeline::Frame;
use quad::Quads;

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
    blinks: bool,
    dark: bool,
    quads: Arc<Quads>,
    layers: Layers,
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
    pictures: Pictures,
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
            pictures: Pictures::default(),
            planned: 0,
        }
    }
}

impl GpuPainter {
    /// Plans the lines that are new or changed.
    pub fn prepare(&mut self, scene: Scene<'_>, glyphs: &mut Glyphs) {
        let content = scene.content;
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
        self.pictures.begin(cell);
        for (at, line) in scene.lines().enumerate() {
            self.line(at, line, glyphs);
        }
        // The GPU is handed all glyphs, so that an atlas that was dropped or grew can be filled again.
        if anew || self.glyphs.len() != glyphs.all().len() {
            self.glyphs = Arc::new(glyphs.all().to_vec());
        }
    }

    fn line(&mut self, at: usize, line: plan::Line<'_>, glyphs: &mut Glyphs) {
        let Some(place) = self.lines.get_mut(at) else {
            return;
        };
        let same = place.as_ref().filter(|known| known.revision == line.row.revision);
        let blinks = same.map_or_else(|| line.blinks(), |known| known.blinks);
        let line = plan::Line { dark: line.dark && blinks, ..line };
        if same.is_some_and(|known| known.cursor == line.cursor && known.dark == line.dark) {
            self.pictures.keep(&line.row.pieces);
            return;
        }
        self.planned += 1;
        self.frame = unique();
        self.plan.fill(line, glyphs);
        let quads = Arc::new(Quads::new(&self.plan, glyphs));
        let plan::Line { row, cursor, dark, .. } = line;
        let layers = self.pictures.layers(&row.pieces);
        // No line has this revision: what was left out is drawn in the next frame.
        let revision = if glyphs.take_left_out() { 0 } else { row.revision };
        *place = Some(Line { revision, cursor, blinks, dark, quads, layers });
    }

    /// Draws the lines at their places.
    pub fn draw(&self, renderer: &mut impl Renderer, grid: &Grid) {
        let shown = |line: &Line| (Arc::clone(&line.quads), line.layers.clone());
        let lines: Vec<_> = self.lines.iter().flatten().map(shown).collect();
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

    /// The newest revision of a line that blinks, `None` if none does.
    #[must_use]
    pub fn blinking(&self) -> Option<u64> {
        self.lines.iter().flatten().filter(|line| line.blinks).map(|line| line.revision).max()
    }

    /// How many lines were planned so far.
    #[must_use]
    pub fn planned(&self) -> u64 {
        self.planned
    }
}
