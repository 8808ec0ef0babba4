//! Pixel tests: what the renderers show must be what was rasterised, at every scale factor.

use std::path::Path;

use iced::advanced::Renderer as _;
use iced::advanced::renderer::Headless;
use iced::{Color, Font, Pixels, Point, Rectangle, Size};
use iced_test::futures::futures::executor::block_on;
use term::terminal::Content;
use term::terminal::content::CursorShape;

use super::canvas::Canvas;
use super::contrast::Contrast;
use super::glyphs::Glyphs;
use super::grid::Grid;
use super::plan::{Cursor, Plan};
use super::row_painter::RowPainter;
use super::sample;

/// The renderers a window may have. The second needs Vulkan; Mesa's software driver will do.
const BACKENDS: [&str; 2] = ["tiny-skia", "wgpu"];
const SCALES: [f32; 5] = [1.0, 1.25, 1.5, 1.75, 2.0];

/// Where the terminal lies in the window: off the pixel grid at most scales, as below a toolbar.
const BOUNDS: Rectangle = Rectangle { x: 3.0, y: 41.4, width: 620.0, height: 330.0 };
const PADDING: f32 = 8.0;

/// A picture of a window.
pub(super) struct Screen {
    pub(super) size: Size<u32>,
    pub(super) pixels: Vec<u8>,
}

impl Screen {
    fn at(&self, x: u32, y: u32) -> &[u8] {
        let start = (y * self.size.width + x) as usize * 4;
        &self.pixels[start..start + 4]
    }

    /// Writes the picture to the build folder, for the eye.
    pub(super) fn save(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pixels");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        let file = std::fs::File::create(folder.join(format!("{name}.png"))).expect("a picture file");
        let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), self.size.width, self.size.height);
        encoder.set_color(png::ColorType::Rgba);
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(&self.pixels).expect("pixels");
    }
}

pub(super) fn renderer(backend: &str) -> iced::Renderer {
    let renderer = <iced::Renderer as Headless>::new(Font::DEFAULT, Pixels(14.0), Some(backend));
    block_on(renderer).unwrap_or_else(|| panic!("no {backend} renderer: is a Vulkan driver (mesa) installed?"))
}

/// Draws with a renderer of its own and takes a picture.
fn shoot(backend: &str, scale: f32, draw: impl FnOnce(&mut iced::Renderer)) -> Screen {
    let mut renderer = renderer(backend);
    let logical = Size::new(BOUNDS.x + BOUNDS.width, BOUNDS.y + BOUNDS.height);
    let size = Size::new((logical.width * scale).ceil() as u32, (logical.height * scale).ceil() as u32);
    renderer.reset(Rectangle::with_size(logical));
    draw(&mut renderer);
    let pixels = renderer.screenshot(size, scale, Color::from_rgb8(255, 0, 255));
    Screen { size, pixels }
}

pub(super) fn cursor() -> Cursor {
    let (color, text) = (term::terminal::Rgb::hex(0x00e0_af68), term::terminal::Rgb::hex(0x001e_222a));
    Cursor { column: 3, shape: CursorShape::Block, hollow: false, wide: false, color, text }
}

/// The lines as they were rasterised, one below the other.
fn expected(content: &Content, glyphs: &mut Glyphs) -> Vec<Canvas> {
    let metrics = glyphs.metrics();
    let line = |(index, row)| {
        let mut plan = Plan::default();
        plan.fill(row, sample::COLUMNS, (index == 1).then(cursor), glyphs);
        let mut canvas = Canvas::new(u32::from(sample::COLUMNS) * metrics.width, metrics.height);
        canvas.draw(&plan, glyphs, &Contrast::default());
        canvas
    };
    content.rows.iter().enumerate().map(line).collect()
}

#[test]
fn every_pixel_is_shown_where_and_as_it_was_rasterised_at_every_scale() {
    for backend in BACKENDS {
        for scale in SCALES {
            let content = sample::content(scale == 1.5);
            let mut glyphs = Glyphs::new(14.0 * scale);
            let grid = Grid::new(BOUNDS, PADDING, scale, glyphs.metrics());
            let mut painter = RowPainter::default();
            painter.prepare(&content, Some((1, cursor())), &mut glyphs);
            let screen = shoot(backend, scale, |renderer| painter.draw(renderer, &grid, BOUNDS));
            screen.save(&format!("rows-{backend}-{scale}"));
            let mut wrong = 0;
            for (line, canvas) in expected(&content, &mut glyphs).iter().enumerate() {
                let origin = grid.physical_origin(line as u32);
                for (index, pixel) in canvas.pixels().chunks_exact(4).enumerate() {
                    let (x, y) = (index as u32 % canvas.width(), index as u32 / canvas.width());
                    wrong += u32::from(screen.at(origin.x as u32 + x, origin.y as u32 + y) != pixel);
                }
            }
            assert_eq!(wrong, 0, "pixels that differ with {backend} at {scale}");
        }
    }
}

#[test]
fn nothing_is_drawn_outside_the_cells() {
    for backend in BACKENDS {
        let content = sample::content(false);
        let mut glyphs = Glyphs::new(14.0 * 1.25);
        let grid = Grid::new(BOUNDS, PADDING, 1.25, glyphs.metrics());
        let mut painter = RowPainter::default();
        painter.prepare(&content, None, &mut glyphs);
        let screen = shoot(backend, 1.25, |renderer| painter.draw(renderer, &grid, BOUNDS));
        let (top, bottom) = (grid.physical_origin(0), grid.physical_origin(content.rows.len() as u32));
        let right = top.x + (u32::from(sample::COLUMNS) * grid.cell().width) as i32;
        for (x, y) in [(top.x - 1, top.y), (top.x, top.y - 1), (right, top.y), (top.x, bottom.y)] {
            assert_eq!(screen.at(x as u32, y as u32), [255, 0, 255, 255], "{backend}: {x},{y}");
        }
        assert_ne!(screen.at(top.x as u32, top.y as u32), [255, 0, 255, 255]);
        assert_eq!(grid.hit(Point::new(0.0, 0.0)).0.line, 0);
    }
}
