//! The software painter: each line is rasterised to an image, and only when it changed.

mod bands;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use iced::advanced::image::{self, FilterMethod, Image};
use iced::{Point, Rectangle, Size};

use super::ahead::Part;
use super::canvas::Canvas;
use super::contrast::Contrast;
use super::glyphs::Glyphs;
use super::grid::Grid;
use super::painter::Scene;
use super::pictures::Pictures;
use super::plan::{Cursor, Line, Plan};
pub use bands::Band;
use bands::{Bands, FEW};

/// The largest image; iced uploads those of 2 MiB and more frames later, in the background.
const LARGEST: usize = 2 * 1024 * 1024 - 1;

/// Columns of an image: what is drawn anew for a typed character is one image, and not the whole line.
const COLUMNS: u32 = 40;

/// How far images are drawn off their pixel, in physical pixels. tiny-skia truncates positions where wgpu rounds them;
/// at scale 1.25 a whole number, divided by the scale and multiplied again, often falls just short of itself and
/// would lose a pixel. A quarter of a pixel is the same pixel to both.
const NUDGE: f32 = 0.25;

/// Part of a line, below the size that iced can draw at once.
#[derive(Debug, Clone)]
struct Tile {
    handle: image::Handle,
    x: u32,
    size: Size<u32>,
}

/// A line that is on the screen.
#[derive(Debug, Clone)]
struct Shown {
    revision: u64,
    cursor: Option<Cursor>,
    hash: u64,
    blinks: bool,
    dark: bool,
}

/// A rasterised line.
#[derive(Debug)]
struct Kept {
    tiles: Vec<Tile>,
    /// Nothing was left out, to be drawn in the next frame.
    whole: bool,
    frame: u64,
}

/// Draws lines as images.
#[derive(Debug, Default)]
pub struct RowPainter {
    shown: Vec<Option<Shown>>,
    kept: HashMap<u64, Kept>,
    plan: Plan,
    pictures: Pictures,
    contrast: Contrast,
    look: Look,
    frame: u64,
    rasterised: u64,
    /// The images that the last frame brought: line and place in it.
    changed: Vec<(usize, usize)>,
    bands: Bands,
    /// Something was put off to the next frame.
    behind: bool,
}

/// A line as it is to be shown.
#[derive(Debug, Clone, Copy)]
struct Wanted<'a> {
    line: Line<'a>,
    hash: u64,
    blinks: bool,
}

/// What all lines depend on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Look {
    glyphs: u64,
    columns: u16,
}

impl RowPainter {
    /// A painter that draws at most so many pixels in one frame.
    #[cfg(test)]
    pub(super) fn of_pixels(pixels: usize) -> Self {
        Self { bands: Bands::of_pixels(pixels), ..Self::default() }
    }

    /// Rasterises the lines that are new or changed. A line that only moved, as in scrolling, keeps its image. Of a very
    /// large terminal, one frame shows a part of what changed: see [`RowPainter::is_behind`].
    pub fn prepare(&mut self, scene: Scene<'_>, glyphs: &mut Glyphs) {
        let look = Look { glyphs: glyphs.generation(), columns: scene.content.size.columns };
        if look != self.look {
            self.look = look;
            self.shown.clear();
            self.kept.clear();
        }
        self.frame += 1;
        self.pictures.begin(Size::new(glyphs.metrics().width, glyphs.metrics().height));
        self.changed.clear();
        let lines: Vec<Line<'_>> = scene.lines().collect();
        let pixels = usize::from(look.columns) * (glyphs.metrics().width * glyphs.metrics().height) as usize;
        if self.bands.divide(lines.len(), pixels) && self.bands.count() > 1 {
            // The window has another size, so all of it is drawn anew: what is on the screen counts for nothing.
            self.shown.clear();
        }
        self.shown.resize(lines.len(), None);
        self.draw_bands(&lines, glyphs);
        // Lines of the frame before may come back at once, when an application scrolls to and fro or a cursor blinks.
        let frame = self.frame;
        self.kept.retain(|_, kept| kept.frame + 2 > frame);
    }

    /// Brings as many bands up to date as a frame has time for.
    fn draw_bands(&mut self, lines: &[Line<'_>], glyphs: &mut Glyphs) {
        let (mut left, mut put_off) = (self.bands.height(), None);
        for band in self.bands.in_turn() {
            let range = self.bands.lines(band);
            let lines = lines.get(range.clone()).unwrap_or_default();
            let wanted: Vec<Wanted<'_>> = range.clone().zip(lines).map(|(at, line)| self.want(at, *line)).collect();
            let count = range.clone().zip(&wanted).filter(|(at, wanted)| self.is_new(*at, wanted.hash)).count();
            if count > left {
                put_off = put_off.or(Some(band));
                self.keep(range);
                continue;
            }
            left -= count;
            let before = self.changed.len();
            for (at, wanted) in range.zip(wanted) {
                self.line(at, wanted, glyphs);
            }
            if self.changed.len() - before > FEW {
                self.bands.sweep(band);
            }
        }
        self.behind = put_off.is_some();
        self.bands.put_off(put_off);
    }

    /// Whether something is left to be shown by the next frame.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.behind
    }

    fn want<'a>(&self, at: usize, line: Line<'a>) -> Wanted<'a> {
        let shown = self.shown.get(at).and_then(Option::as_ref);
        let same = shown.filter(|shown| shown.revision == line.row.revision);
        let blinks = same.map_or_else(|| line.blinks(), |shown| shown.blinks);
        let line = Line { dark: line.dark && blinks, ..line };
        let unchanged = same.filter(|shown| shown.cursor == line.cursor && shown.dark == line.dark);
        let hash = unchanged.map_or_else(|| hash(line), |shown| shown.hash);
        Wanted { line, hash, blinks }
    }

    /// Whether a line does not show yet what it should.
    fn is_new(&self, at: usize, hash: u64) -> bool {
        self.hash_at(at) != Some(hash) || self.kept.get(&hash).is_none_or(|kept| !kept.whole)
    }

    fn hash_at(&self, at: usize) -> Option<u64> {
        Some(self.shown.get(at)?.as_ref()?.hash)
    }

    /// These lines go on to show what they show.
    fn keep(&mut self, lines: Range<usize>) {
        for at in lines {
            if let Some(kept) = self.hash_at(at).and_then(|hash| self.kept.get_mut(&hash)) {
                kept.frame = self.frame;
            }
        }
    }

    fn line(&mut self, at: usize, wanted: Wanted<'_>, glyphs: &mut Glyphs) {
        let Wanted { line, hash, blinks } = wanted;
        let before = self.hash_at(at);
        match self.kept.get_mut(&hash) {
            Some(kept) if kept.whole => {
                kept.frame = self.frame;
                self.pictures.keep(&line.row.pieces);
            }
            _ => {
                let mut tiles = self.rasterise(line, glyphs);
                let whole = !glyphs.take_left_out();
                if let Some(before) = before.and_then(|hash| self.kept.get(&hash)) {
                    keep_equal(&before.tiles, &mut tiles);
                }
                if before == Some(hash) {
                    self.changed.extend((0..tiles.len()).map(|index| (at, index)));
                }
                let _ = self.kept.insert(hash, Kept { tiles, whole, frame: self.frame });
            }
        }
        if before != Some(hash) {
            self.note_changes(at, before, hash);
        }
        if let Some(shown) = self.shown.get_mut(at) {
            let Line { row, cursor, dark, .. } = line;
            *shown = Some(Shown { revision: row.revision, cursor, hash, blinks, dark });
        }
    }

    /// Notes which images of a line are others than in the frame before.
    fn note_changes(&mut self, at: usize, before: Option<u64>, now: u64) {
        let before = before.and_then(|hash| self.kept.get(&hash)).map_or(&[][..], |kept| &kept.tiles);
        let now = self.kept.get(&now).map_or(&[][..], |kept| &kept.tiles);
        let same =
            |index: usize, tile: &Tile| before.get(index).is_some_and(|before| before.handle.id() == tile.handle.id());
        let changed = now.iter().enumerate().filter(|(index, tile)| !same(*index, tile));
        self.changed.extend(changed.map(|(index, _)| (at, index)));
    }

    /// The layers to draw in, within `clip`, which they fill.
    pub fn bands(&self, grid: &Grid, clip: Rectangle) -> impl Iterator<Item = Band> {
        self.bands.within(grid, clip)
    }

    /// Where nothing is drawn yet among these lines, in logical pixels of the window; a rectangle for each run of them.
    pub fn gaps(&self, grid: &Grid, lines: Range<usize>) -> Vec<Rectangle> {
        let mut gaps: Vec<Range<usize>> = Vec::new();
        for at in lines.filter(|at| self.shown.get(*at).is_some_and(Option::is_none)) {
            match gaps.last_mut().filter(|gap| gap.end == at) {
                Some(gap) => gap.end = at + 1,
                None => gaps.push(at..at + 1),
            }
        }
        let line = |at: usize| term::terminal::Point { line: u16::try_from(at).unwrap_or(u16::MAX), column: 0 };
        let place = |gap: Range<usize>| {
            let first = grid.rectangle(line(gap.start), self.look.columns);
            Rectangle { height: grid.line_height() * gap.len() as f32, ..first }
        };
        gaps.into_iter().map(place).collect()
    }

    /// What is new in this frame, with its place in the window.
    pub fn changed<'a>(&'a self, grid: &'a Grid) -> impl Iterator<Item = Part<'a>> + Clone {
        self.changed.iter().filter_map(move |&(at, index)| {
            let hash = self.shown.get(at)?.as_ref()?.hash;
            let tile = self.kept.get(&hash)?.tiles.get(index)?;
            let image::Handle::Rgba { pixels, .. } = &tile.handle else { return None };
            let origin = grid.physical_origin(at as u32);
            let Size { width, height } = tile.size;
            Some(Part { x: origin.x + tile.x as i32, y: origin.y, width, height, pixels })
        })
    }

    fn rasterise(&mut self, line: Line<'_>, glyphs: &mut Glyphs) -> Vec<Tile> {
        self.rasterised += 1;
        let metrics = glyphs.metrics();
        self.plan.fill(line, glyphs);
        let mut canvas = Canvas::new(u32::from(self.look.columns) * metrics.width, metrics.height);
        let layers = self.pictures.layers(&line.row.pieces);
        canvas.draw(&self.plan, &layers, glyphs, &self.contrast);
        tiles(canvas, COLUMNS * metrics.width)
    }

    /// Draws these lines at their places, clipped to `clip`.
    pub fn draw<Renderer>(&self, renderer: &mut Renderer, grid: &Grid, clip: Rectangle, lines: Range<usize>)
    where
        Renderer: image::Renderer<Handle = image::Handle>,
    {
        let shown = self.shown.get(lines.clone()).unwrap_or_default();
        for (line, shown) in lines.zip(shown) {
            let kept = shown.as_ref().and_then(|shown| self.kept.get(&shown.hash));
            for tile in kept.iter().flat_map(|kept| &kept.tiles) {
                let image = Image::new(tile.handle.clone()).filter_method(FilterMethod::Nearest).snap(true);
                let origin = grid.physical_origin(line as u32);
                let scale = grid.scale();
                let bounds = Rectangle::new(
                    Point::new((origin.x as f32 + tile.x as f32 + NUDGE) / scale, (origin.y as f32 + NUDGE) / scale),
                    Size::new(tile.size.width as f32 / scale, tile.size.height as f32 / scale),
                );
                renderer.draw_image(image, bounds, clip);
            }
        }
    }

    /// The newest revision of a line that blinks, `None` if none does.
    #[must_use]
    pub fn blinking(&self) -> Option<u64> {
        self.shown.iter().flatten().filter(|shown| shown.blinks).map(|shown| shown.revision).max()
    }

    /// How many lines were rasterised so far.
    #[must_use]
    pub fn rasterised(&self) -> u64 {
        self.rasterised
    }
}

fn hash(line: Line<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.row.cells.hash(&mut hasher);
    line.row.pieces.hash(&mut hasher);
    line.cursor.hash(&mut hasher);
    line.dark.hash(&mut hasher);
    hasher.finish()
}

/// Takes over the images of `before` that show the same as those of `tiles`: only what changed is drawn anew.
fn keep_equal(before: &[Tile], tiles: &mut [Tile]) {
    for (tile, before) in tiles.iter_mut().zip(before) {
        let same = match (&tile.handle, &before.handle) {
            (image::Handle::Rgba { pixels: now, .. }, image::Handle::Rgba { pixels: then, .. }) => now == then,
            _ => false,
        };
        if same && (tile.x, tile.size) == (before.x, before.size) {
            tile.handle = before.handle.clone();
        }
    }
}

/// Cuts a line into images of at most `width` pixels, and such that iced draws them at once.
fn tiles(canvas: Canvas, width: u32) -> Vec<Tile> {
    let tile = |canvas: Canvas, x: u32| {
        let size = Size::new(canvas.width(), canvas.height());
        Tile { handle: image::Handle::from_rgba(size.width, size.height, canvas.into_pixels()), x, size }
    };
    if canvas.width() == 0 || canvas.height() == 0 {
        return Vec::new();
    }
    let most = (LARGEST / (canvas.height() as usize * 4)).min(width as usize).max(1);
    let width = canvas.width();
    (0..width).step_by(most).map(|x| tile(canvas.columns(x, x.saturating_add(most as u32)), x)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::plan::tests::{BLACK, WHITE, cell};
    use super::*;
    use term::terminal::Content;
    use term::terminal::content::{CursorShape, Row};

    fn content(lines: &[&str]) -> Content {
        let row = |(index, text): (usize, &&str)| Row {
            cells: text.chars().map(cell).collect(),
            revision: index as u64,
            ..Row::default()
        };
        let columns = lines[0].len() as u16;
        let mut content = Content { rows: lines.iter().enumerate().map(row).collect(), ..Content::default() };
        content.size.columns = columns;
        content.size.lines = lines.len() as u16;
        content
    }

    fn ids(painter: &RowPainter) -> Vec<image::Id> {
        let hash = |shown: &Option<Shown>| shown.as_ref().expect("a line").hash;
        painter.shown.iter().map(|shown| painter.kept[&hash(shown)].tiles[0].handle.id()).collect()
    }

    #[test]
    fn a_changed_line_rasterises_only_that_line() {
        let (mut painter, mut glyphs) = (RowPainter::default(), Glyphs::new(14.0));
        let mut content = content(&["one", "two", "six"]);
        painter.prepare(Scene::new(&content), &mut glyphs);
        assert_eq!(painter.rasterised(), 3);
        let before = ids(&painter);
        painter.prepare(Scene::new(&content), &mut glyphs);
        assert_eq!((painter.rasterised(), ids(&painter)), (3, before.clone()));
        content.rows[1].cells[0].character = 'T';
        content.rows[1].revision = 9;
        painter.prepare(Scene::new(&content), &mut glyphs);
        assert_eq!(painter.rasterised(), 4);
        let after = ids(&painter);
        assert!(before[0] == after[0] && before[1] != after[1] && before[2] == after[2]);
    }

    #[test]
    fn a_changed_character_changes_one_image_of_its_line() {
        let (mut painter, mut glyphs) = (RowPainter::default(), Glyphs::new(14.0));
        let mut content = content(&["a".repeat(200).as_str()]);
        let tiles = |painter: &RowPainter| -> Vec<image::Id> {
            let hash = painter.shown[0].as_ref().expect("a line").hash;
            painter.kept[&hash].tiles.iter().map(|tile| tile.handle.id()).collect()
        };
        painter.prepare(Scene::new(&content), &mut glyphs);
        let before = tiles(&painter);
        content.rows[0].cells[100].character = 'b';
        content.rows[0].revision = 7;
        painter.prepare(Scene::new(&content), &mut glyphs);
        let after = tiles(&painter);
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        assert_eq!((after.len(), changed), (5, 1));
        let bounds = Rectangle { x: 5.0, y: 50.0, width: 1700.0, height: 100.0 };
        let grid = Grid::new(bounds, 8.0, 1.0, glyphs.metrics());
        let parts: Vec<_> = painter.changed(&grid).map(|part| (part.x, part.y, part.width, part.height)).collect();
        assert_eq!(parts, [(5 + 8 + 80 * 8, 58, 40 * 8, 18)]);
        painter.prepare(Scene::new(&content), &mut glyphs);
        assert_eq!(painter.changed(&grid).count(), 0);
    }

    #[test]
    fn a_change_of_a_few_images_leaves_the_layer_and_a_screenful_makes_it_another_one() {
        let (mut painter, mut glyphs) = (RowPainter::default(), Glyphs::new(14.0));
        let clip = Rectangle { x: 5.0, y: 41.4, width: 640.0, height: 400.0 };
        let grid = Grid::new(clip, 8.0, 1.0, glyphs.metrics());
        let mut layers = Vec::new();
        let mut show = |text: &str, changed: usize| {
            let lines: Vec<String> =
                (0..20).map(|line| format!("{line:02}{}", if line < changed { text } else { "a" })).collect();
            let mut content = content(&lines.iter().map(String::as_str).collect::<Vec<_>>());
            content.rows.iter_mut().zip(1..).for_each(|(row, at)| row.revision = at + 100 * layers.len() as u64);
            painter.prepare(Scene::new(&content), &mut glyphs);
            layers.extend(painter.bands(&grid, clip).map(|band| band.layer));
        };
        show("a", 0);
        show("b", 3);
        show("a", 0);
        (0..40).for_each(|turn| show(["c", "d"][turn % 2], 20));
        assert_eq!(layers[0], layers[1]);
        assert_eq!(layers[1], layers[2]);
        // As many frames back as a window has buffers.
        assert!((4..layers.len()).all(|at| layers[at - 4..at].iter().all(|before| *before != layers[at])));
        // No pixel is let in, at any scale: a layer's edge takes the pixels whose middle it reaches.
        let grown = |layer: &Rectangle| (clip.x - layer.x).max(layer.x + layer.width - clip.x - clip.width);
        assert!(layers.iter().all(|layer| (0.0..0.0625).contains(&grown(layer))));
    }

    #[test]
    fn what_changed_on_a_screen_too_large_for_a_frame_is_shown_part_by_part_and_none_waits_for_ever() {
        let mut glyphs = Glyphs::new(14.0);
        let line = 8 * 8 * 18;
        let mut painter = RowPainter::of_pixels(4 * line);
        let grid = Grid::new(Rectangle::with_size(Size::new(80.0, 200.0)), 8.0, 1.0, glyphs.metrics());
        let screen = |turn: u64| {
            let lines: Vec<String> = (0..10).map(|line| format!("{line} {turn:06}")).collect();
            let mut content = content(&lines.iter().map(String::as_str).collect::<Vec<_>>());
            content.rows.iter_mut().zip(0..).for_each(|(row, at)| row.revision = 100 * turn + at);
            content
        };
        painter.prepare(Scene::new(&screen(0)), &mut glyphs);
        assert_eq!((painter.rasterised(), painter.is_behind()), (4, true));
        assert_eq!(
            painter.gaps(&grid, 0..10),
            [Rectangle { x: 8.0, y: 8.0 + 4.0 * 18.0, width: 64.0, height: 6.0 * 18.0 }]
        );
        painter.prepare(Scene::new(&screen(0)), &mut glyphs);
        painter.prepare(Scene::new(&screen(0)), &mut glyphs);
        assert_eq!((painter.rasterised(), painter.is_behind()), (10, false));
        assert!(painter.gaps(&grid, 0..10).is_empty());
        // Where all of it changes all the time, each line is shown anew every few frames, and meanwhile as it was.
        let mut seen = vec![Vec::new(); 10];
        for turn in 1..=6 {
            painter.prepare(Scene::new(&screen(turn)), &mut glyphs);
            assert!(painter.changed(&grid).count() <= 4 && painter.is_behind());
            seen.iter_mut().zip(ids(&painter)).for_each(|(seen, id)| seen.push(id));
        }
        assert!(seen.iter().all(|ids| ids.windows(4).all(|few| few.iter().any(|id| *id != few[0]))), "{seen:?}");
        for _ in 0..3 {
            painter.prepare(Scene::new(&screen(7)), &mut glyphs);
        }
        assert!(!painter.is_behind());
        // A line that changes alone waits for nothing, wherever it is.
        let mut content = screen(7);
        content.rows[9].cells[0].character = 'x';
        content.rows[9].revision += 50;
        painter.prepare(Scene::new(&content), &mut glyphs);
        assert_eq!((painter.changed(&grid).count(), painter.is_behind()), (1, false));
    }

    #[test]
    fn what_a_frame_left_out_is_drawn_by_the_next() {
        let (mut painter, mut glyphs) = (RowPainter::default(), Glyphs::new(14.0));
        let line: String = ('\u{4e00}'..).take(400).collect();
        let content = content(&[&line]);
        let mut frames = 0;
        while frames == 0 || glyphs.is_behind() {
            glyphs.begin_frame();
            painter.prepare(Scene::new(&content), &mut glyphs);
            frames += 1;
        }
        assert_eq!((frames, painter.rasterised()), (2, 2));
        let (mut plain, mut all) = (RowPainter::default(), Glyphs::new(14.0));
        plain.prepare(Scene::new(&content), &mut all);
        let pixels = |painter: &RowPainter| -> Vec<Vec<u8>> {
            painter
                .kept
                .values()
                .flat_map(|kept| &kept.tiles)
                .map(|tile| match &tile.handle {
                    image::Handle::Rgba { pixels, .. } => pixels.to_vec(),
                    _ => Vec::new(),
                })
                .collect()
        };
        assert_eq!(pixels(&painter), pixels(&plain));
        glyphs.begin_frame();
        painter.prepare(Scene::new(&content), &mut glyphs);
        assert_eq!(painter.rasterised(), 2, "nothing is left to draw");
    }

    #[test]
    fn scrolling_rasterises_only_the_new_line() {
        let (mut painter, mut glyphs) = (RowPainter::default(), Glyphs::new(14.0));
        painter.prepare(Scene::new(&content(&["one", "two", "six"])), &mut glyphs);
        let before = ids(&painter);
        let mut scrolled = content(&["two", "six", "ten"]);
        for row in &mut scrolled.rows {
            row.revision += 10;
        }
        painter.prepare(Scene::new(&scrolled), &mut glyphs);
        assert_eq!(painter.rasterised(), 4);
        assert_eq!(ids(&painter)[..2], before[1..]);
    }

    #[test]
    fn a_moved_cursor_rasterises_the_two_lines_it_touches() {
        let (mut painter, mut glyphs) = (RowPainter::default(), Glyphs::new(14.0));
        let content = content(&["one", "two", "six"]);
        let cursor =
            Cursor { column: 0, shape: CursorShape::Block, hollow: false, wide: false, color: WHITE, text: BLACK };
        for line in [0, 1] {
            painter.prepare(Scene { cursor: Some((line, cursor)), ..Scene::new(&content) }, &mut glyphs);
        }
        assert_eq!(painter.rasterised(), 5);
    }

    #[test]
    fn blinking_rasterises_only_the_lines_that_blink_and_each_half_once() {
        let (mut painter, mut glyphs) = (RowPainter::default(), Glyphs::new(14.0));
        let mut content = content(&["one", "two", "six"]);
        content.rows[1].cells[0].blink = true;
        for (half, rasterised) in [(0, 3), (1, 4), (2, 4), (3, 4)] {
            let scene = Scene { dark: half % 2 == 1, ..Scene::new(&content) };
            painter.prepare(scene, &mut glyphs);
            assert_eq!(painter.blinking(), Some(1));
            assert_eq!(painter.rasterised(), rasterised, "in half {half}");
        }
        content.rows[1].cells[0].blink = false;
        content.rows[1].revision = 9;
        painter.prepare(Scene::new(&content), &mut glyphs);
        assert_eq!(painter.blinking(), None);
    }

    #[test]
    fn an_image_too_large_to_draw_at_once_is_cut() {
        let canvas = Canvas::new(7680, 190);
        let tiles = tiles(canvas, u32::MAX);
        assert!(tiles.len() > 1);
        assert!(tiles.iter().all(|tile| tile.size.width as usize * tile.size.height as usize * 4 <= LARGEST));
        assert_eq!(tiles.iter().map(|tile| tile.size.width).sum::<u32>(), 7680);
        assert!(tiles.windows(2).all(|pair| pair[0].x + pair[0].size.width == pair[1].x));
    }
}
