//! Pixel tests: what the renderers show must be what was rasterised, at every scale factor.

use std::path::Path;

use iced::advanced::renderer::Headless;
use iced::advanced::{Renderer as _, clipboard};
use iced::{Color, Font, Pixels, Point, Rectangle, Size};
use iced_test::futures::futures::executor::block_on;
use iced_test::runtime::{UserInterface, user_interface};
use term::terminal::Content;
use term::terminal::content::{CursorShape, Row};

use super::Terminal;
use super::canvas::Canvas;
use super::contrast::Contrast;
use super::glyphs::Glyphs;
use super::gpu_painter::GpuPainter;
use super::grid::Grid;
use super::painter::Scene;
use super::pictures::Pictures;
use super::plan::{Cursor, Line, Plan};
use super::row_painter::RowPainter;
use super::sample;
use crate::store::settings::CursorBlink;

/// The renderers a window may have. The second needs Vulkan; Mesa's software driver will do.
const BACKENDS: [&str; 2] = ["tiny-skia", "wgpu"];
const SCALES: [f32; 5] = [1.0, 1.25, 1.5, 1.75, 2.0];

/// Where the terminal lies in the window: off the pixel grid at most scales, as below a toolbar.
const BOUNDS: Rectangle = Rectangle { x: 3.0, y: 41.4, width: 620.0, height: 370.0 };
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
    let mut pictures = Pictures::default();
    pictures.begin(Size::new(metrics.width, metrics.height));
    let line = |(index, row): (usize, &Row)| {
        let mut plan = Plan::default();
        let cursor = (index == 1).then(cursor);
        plan.fill(Line { row, columns: sample::COLUMNS, cursor, dark: false }, glyphs);
        let mut canvas = Canvas::new(u32::from(sample::COLUMNS) * metrics.width, metrics.height);
        let layers = pictures.layers(&row.pieces);
        canvas.draw(&plan, &layers, glyphs, &Contrast::default());
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
            painter.prepare(Scene { cursor: Some((1, cursor())), ..Scene::new(&content) }, &mut glyphs);
            let screen = shoot(backend, scale, |renderer| painter.draw(renderer, &grid, BOUNDS, 0..content.rows.len()));
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
fn a_screen_that_is_drawn_in_parts_looks_as_one_that_is_drawn_at_once() {
    for scale in SCALES {
        let content = sample::content(false);
        let mut glyphs = Glyphs::new(14.0 * scale);
        let grid = Grid::new(BOUNDS, PADDING, scale, glyphs.metrics());
        let mut screens = [usize::MAX, 1].map(|pixels| {
            let mut painter = RowPainter::of_pixels(pixels);
            let scene = |dark| Scene { cursor: Some((1, cursor())), dark, ..Scene::new(&content) };
            // Each frame moves the layers' edges as far as they ever are.
            for frame in 0..100 {
                painter.prepare(scene(frame % 2 == 1), &mut glyphs);
            }
            while painter.is_behind() {
                painter.prepare(scene(false), &mut glyphs);
            }
            let bands: Vec<_> = painter.bands(&grid, BOUNDS).collect();
            assert_eq!(bands.len(), if pixels == 1 { content.rows.len() } else { 1 });
            shoot("tiny-skia", scale, |renderer| {
                for band in bands {
                    renderer.with_layer(band.layer, |renderer| {
                        painter.draw(renderer, &grid, BOUNDS, band.lines);
                    });
                }
            })
        });
        let [whole, parts] = &mut screens;
        parts.save(&format!("bands-{scale}"));
        assert!(whole.pixels == parts.pixels, "at {scale}");
    }
}

#[test]
fn nothing_is_drawn_outside_the_cells() {
    for backend in BACKENDS {
        let content = sample::content(false);
        let mut glyphs = Glyphs::new(14.0 * 1.25);
        let grid = Grid::new(BOUNDS, PADDING, 1.25, glyphs.metrics());
        let mut painter = RowPainter::default();
        painter.prepare(Scene::new(&content), &mut glyphs);
        let screen = shoot(backend, 1.25, |renderer| painter.draw(renderer, &grid, BOUNDS, 0..content.rows.len()));
        let (top, bottom) = (grid.physical_origin(0), grid.physical_origin(content.rows.len() as u32));
        let right = top.x + (u32::from(sample::COLUMNS) * grid.cell().width) as i32;
        for (x, y) in [(top.x - 1, top.y), (top.x, top.y - 1), (right, top.y), (top.x, bottom.y)] {
            assert_eq!(screen.at(x as u32, y as u32), [255, 0, 255, 255], "{backend}: {x},{y}");
        }
        assert_ne!(screen.at(top.x as u32, top.y as u32), [255, 0, 255, 255]);
        assert_eq!(grid.hit(Point::new(0.0, 0.0)).0.line, 0);
    }
}

#[test]
fn both_painters_draw_the_same_picture_at_every_scale() {
    for scale in SCALES {
        let content = sample::content(scale == 1.5);
        let mut glyphs = Glyphs::new(14.0 * scale);
        let grid = Grid::new(BOUNDS, PADDING, scale, glyphs.metrics());
        let mut painter = GpuPainter::default();
        painter.prepare(Scene { cursor: Some((1, cursor())), ..Scene::new(&content) }, &mut glyphs);
        let screen = shoot("wgpu", scale, |renderer| painter.draw(renderer, &grid));
        screen.save(&format!("quads-{scale}"));
        for (line, canvas) in expected(&content, &mut glyphs).iter().enumerate() {
            let origin = grid.physical_origin(line as u32);
            for (index, pixel) in canvas.pixels().chunks_exact(4).enumerate() {
                let (x, y) = (index as u32 % canvas.width(), index as u32 / canvas.width());
                let shown = screen.at(origin.x as u32 + x, origin.y as u32 + y);
                // A GPU rounds the mixture of two colours in its own way.
                let off = shown.iter().zip(pixel).map(|(a, b)| a.abs_diff(*b)).max();
                assert!(off <= Some(2), "{shown:?} for {pixel:?} at {x},{y} of line {line}, scale {scale}");
            }
        }
    }
}

#[test]
fn the_gpu_plans_only_changed_lines_and_draws_them_beside_the_others() {
    let mut content = sample::content(false);
    let mut glyphs = Glyphs::new(14.0);
    let grid = Grid::new(BOUNDS, PADDING, 1.0, glyphs.metrics());
    let mut painter = GpuPainter::default();
    let mut renderer = renderer("wgpu");
    let logical = Size::new(BOUNDS.x + BOUNDS.width, BOUNDS.y + BOUNDS.height);
    let size = Size::new(logical.width.ceil() as u32, logical.height.ceil() as u32);
    let mut show = |painter: &GpuPainter| {
        renderer.reset(Rectangle::with_size(logical));
        painter.draw(&mut renderer, &grid);
        let pixels = renderer.screenshot(size, 1.0, Color::BLACK);
        Screen { size, pixels }
    };
    painter.prepare(Scene::new(&content), &mut glyphs);
    let lines = content.rows.len() as u64;
    assert_eq!(painter.planned(), lines);
    let before = show(&painter);
    painter.prepare(Scene::new(&content), &mut glyphs);
    assert_eq!(painter.planned(), lines);
    assert_eq!(show(&painter).pixels, before.pixels);
    // A glyph that the atlas has not seen, in the third line.
    content.rows[2].cells[0].character = 'Ω';
    content.rows[2].revision = 999;
    painter.prepare(Scene::new(&content), &mut glyphs);
    assert_eq!(painter.planned(), lines + 1);
    let after = show(&painter);
    let top = grid.physical_origin(2).y as u32;
    let changed = |y: u32| {
        let row = (y * size.width * 4) as usize..((y + 1) * size.width * 4) as usize;
        before.pixels[row.clone()] != after.pixels[row]
    };
    let rows: Vec<u32> = (0..size.height).filter(|&y| changed(y)).collect();
    assert!(!rows.is_empty() && rows.iter().all(|y| (top..top + grid.cell().height).contains(y)), "{rows:?}");
}

/// A window that shows nothing but a terminal.
struct Ui<'a> {
    raw: UserInterface<'a, (), iced::Theme, iced::Renderer>,
    renderer: iced::Renderer,
}

impl<'a> Ui<'a> {
    /// The pointer, over the scrollbar.
    const POINT: Point = Point::new(476.0, 100.0);
    const SIZE: Size<u32> = Size::new(480, 200);

    fn new(backend: &str, widget: Terminal<'a, ()>) -> Self {
        let mut renderer = renderer(backend);
        let size = Size::new(Self::SIZE.width as f32, Self::SIZE.height as f32);
        let raw = UserInterface::build(widget, size, user_interface::Cache::default(), &mut renderer);
        Self { raw, renderer }
    }

    /// Hands an event over and returns when another frame is wanted.
    fn update(&mut self, event: iced::Event) -> iced::window::RedrawRequest {
        let mouse = iced::mouse::Cursor::Available(Self::POINT);
        let state = &mut self.raw;
        let (state, _) = state.update(&[event], mouse, &mut self.renderer, &mut clipboard::Null, &mut Vec::new());
        match state {
            user_interface::State::Updated { redraw_request, .. } => redraw_request,
            user_interface::State::Outdated => iced::window::RedrawRequest::NextFrame,
        }
    }

    fn shoot(mut self) -> Screen {
        let _ = self.update(iced::Event::Mouse(iced::mouse::Event::CursorMoved { position: Self::POINT }));
        let now = std::time::Instant::now();
        let _ = self.update(iced::Event::Window(iced::window::Event::RedrawRequested(now)));
        let style = iced::advanced::renderer::Style { text_color: Color::WHITE };
        let mouse = iced::mouse::Cursor::Available(Self::POINT);
        self.raw.draw(&mut self.renderer, &iced::Theme::Dark, &style, mouse);
        let pixels = self.renderer.screenshot(Self::SIZE, 1.0, Color::from_rgb8(255, 0, 255));
        Screen { size: Self::SIZE, pixels }
    }
}

#[test]
fn a_terminal_fills_its_place_with_its_background_and_shows_its_text() {
    for backend in BACKENDS {
        let output: String =
            (0..30).map(|line| format!("line {line} \x1b[4:3;58;5;1mcurly\x1b[m ┌─┐ 漢字 😀\r\n")).collect();
        let terminal = super::stories::terminal(&output);
        let _ = terminal.advance(b"$ ");
        let window = |focused| Ui::new(backend, Terminal::new(&terminal).focused(focused)).shoot();
        let focused = window(true);
        focused.save(&format!("widget-{backend}"));
        let background = [0x1e, 0x22, 0x2a, 255];
        for (x, y) in [(0, 0), (471, 0), (0, 199), (470, 199), (4, 100)] {
            assert_eq!(focused.at(x, y), background, "{backend} at {x},{y}");
        }
        assert_ne!(focused.at(476, 180), background, "the scrollbar, since the pointer is there");
        // The last line: the prompt and the cursor after it.
        let cursor = |screen: &Screen| (0..18).map(|y| screen.at(8 + 2 * 8 + 4, 8 + 9 * 18 + y)[0]).collect::<Vec<_>>();
        assert!(cursor(&focused).iter().all(|&red| red == 0xe0), "a filled block");
        let unfocused = window(false);
        unfocused.save(&format!("widget-{backend}-unfocused"));
        let dead = Ui::new(backend, Terminal::new(&terminal).focused(true).live(false)).shoot();
        for hollow in [cursor(&unfocused), cursor(&dead)] {
            assert!(hollow[0] == 0xe0 && hollow[17] == 0xe0 && hollow[9] == 0x1e, "{hollow:?}");
        }
    }
}

#[test]
fn only_blinking_and_the_bell_ask_for_another_frame() {
    use iced::window::RedrawRequest;
    use std::time::{Duration, Instant};

    let terminal = super::stories::terminal("$ ");
    let now = Instant::now();
    let request = |widget: Terminal<'_, ()>, later: Duration| {
        let mut ui = Ui::new("tiny-skia", widget);
        ui.update(iced::Event::Window(iced::window::Event::RedrawRequested(now + later)))
    };
    let widget = || Terminal::new(&terminal).focused(true);
    assert_eq!(request(widget(), Duration::ZERO), RedrawRequest::Wait);
    let blink = || widget().cursor_blink(CursorBlink::Always);
    assert!(matches!(request(blink(), Duration::ZERO), RedrawRequest::At(at) if at > now));
    assert_eq!(request(blink(), Duration::from_secs(60)), RedrawRequest::Wait, "after ten idle seconds");
    assert_eq!(request(blink().focused(false), Duration::ZERO), RedrawRequest::Wait);
    let _ = terminal.advance(b"\x1b[1 q");
    assert!(matches!(request(widget(), Duration::ZERO), RedrawRequest::At(_)), "the program asks for it");
    assert_eq!(request(widget().cursor_blink(CursorBlink::Never), Duration::ZERO), RedrawRequest::Wait);
    let _ = terminal.advance(b"\x1b[2 q\x1b[5mx");
    assert!(matches!(request(widget(), Duration::ZERO), RedrawRequest::At(_)), "text that blinks");
    assert_eq!(request(widget().blinking_text(false), Duration::ZERO), RedrawRequest::Wait);
    let _ = terminal.advance(b"\x1b[0m\x1b[2J");
    assert!(matches!(request(widget().bell(Some(now)), Duration::ZERO), RedrawRequest::At(at) if at > now));
    assert_eq!(request(widget().bell(Some(now)), Duration::from_secs(1)), RedrawRequest::Wait);
}

#[test]
fn composed_text_is_drawn_in_the_cells_at_the_cursor() {
    for backend in BACKENDS {
        let terminal = super::stories::terminal("$ ");
        let window = |composed: Option<&str>| {
            let mut ui = Ui::new(backend, Terminal::new(&terminal).focused(true));
            if let Some(text) = composed {
                let event = iced::advanced::input_method::Event::Preedit(text.to_owned(), Some(3..3));
                let _ = ui.update(iced::Event::InputMethod(event));
            }
            ui.shoot()
        };
        let (plain, composed) = (window(None), window(Some("日本")));
        composed.save(&format!("preedit-{backend}"));
        let differs = |x: u32, y: u32| plain.at(x, y) != composed.at(x, y);
        let cells = |from: u32, to: u32| (8 + 8 * from..8 + 8 * to, 8..26_u32);
        let (columns, lines) = cells(2, 6);
        for (x, y) in (0..480).flat_map(|x| (0..200).map(move |y| (x, y))).filter(|&(x, y)| differs(x, y)) {
            assert!(columns.contains(&x) && lines.contains(&y), "{backend}: {x},{y}");
        }
        // Two wide characters, underlined, with a bar for the caret between them.
        let ink = |from, to| {
            let (columns, lines) = cells(from, to);
            columns
                .flat_map(|x| lines.clone().map(move |y| (x, y)))
                .filter(|&(x, y)| composed.at(x, y)[0] > 0x60)
                .count()
        };
        assert!(ink(2, 4) > 40 && ink(4, 6) > 40, "{backend}");
        assert!((8..26).all(|y| composed.at(8 + 4 * 8, y)[0] == 0xe0), "{backend}: the caret");
    }
}
