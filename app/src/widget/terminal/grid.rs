//! Where the cells lie in the window.

use iced::{Point, Rectangle, Size};
use term::terminal::{self, Side};

use super::metrics::Metrics;

/// A point in physical pixels of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Physical {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// The cells inside a widget's bounds. Cells lie on whole physical pixels at every scale factor, so that text is crisp.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    origin: Physical,
    columns: u16,
    lines: u16,
    cell: Size<u32>,
    scale: f32,
}

impl Grid {
    /// Fits as many cells as possible into `bounds`, leaving `padding` free on all sides; both in logical pixels.
    #[must_use]
    pub fn new(bounds: Rectangle, padding: f32, scale: f32, metrics: Metrics) -> Self {
        let scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        let origin = Physical {
            x: ((bounds.x + padding) * scale).round() as i32,
            y: ((bounds.y + padding) * scale).round() as i32,
        };
        // The end of the room, from the bounds' own edge: half a pixel lost to rounding must not cost a column.
        let room = |start: f32, extent: f32, origin: i32| {
            (((start + extent - padding) * scale).round() as i32 - origin).max(0) as u32
        };
        let fit = |room: u32, cell: u32| u16::try_from(room / cell.max(1)).unwrap_or(u16::MAX).max(1);
        Self {
            origin,
            columns: fit(room(bounds.x, bounds.width, origin.x), metrics.width),
            lines: fit(room(bounds.y, bounds.height, origin.y), metrics.height),
            cell: Size::new(metrics.width, metrics.height),
            scale,
        }
    }

    /// The size that a program is told.
    #[must_use]
    pub fn size(&self) -> terminal::Size {
        let pixels = |cells: u16, cell: u32| u16::try_from(u32::from(cells) * cell).unwrap_or(u16::MAX);
        terminal::Size {
            columns: self.columns,
            lines: self.lines,
            width: pixels(self.columns, self.cell.width),
            height: pixels(self.lines, self.cell.height),
        }
    }

    /// Physical pixels to the logical one.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// The top left of a line in physical pixels of the window.
    #[must_use]
    pub fn physical_origin(&self, line: u32) -> Physical {
        Physical { x: self.origin.x, y: self.origin.y + (line * self.cell.height) as i32 }
    }

    /// The size of a cell in physical pixels.
    #[must_use]
    pub fn cell(&self) -> Size<u32> {
        self.cell
    }

    /// The rectangle of cells in logical pixels of the window.
    #[must_use]
    pub fn rectangle(&self, point: terminal::Point, columns: u16) -> Rectangle {
        let logical = |pixels: i32| pixels as f32 / self.scale;
        Rectangle::new(
            Point::new(
                logical(self.origin.x + (u32::from(point.column) * self.cell.width) as i32),
                logical(self.origin.y + (u32::from(point.line) * self.cell.height) as i32),
            ),
            Size::new(logical((u32::from(columns) * self.cell.width) as i32), logical(self.cell.height as i32)),
        )
    }

    /// The height of a line in logical pixels.
    #[must_use]
    pub fn line_height(&self) -> f32 {
        self.cell.height as f32 / self.scale
    }

    /// All cells, in logical pixels of the window.
    #[must_use]
    pub fn area(&self) -> Rectangle {
        let corner = self.rectangle(terminal::Point { line: 0, column: 0 }, self.columns);
        Rectangle { height: corner.height * f32::from(self.lines), ..corner }
    }

    /// What of `bounds` no cell covers, in logical pixels of the window: the strips above, below, left and right of the
    /// cells. Each reaches one physical pixel below the cells, so that rounding leaves no gap.
    #[must_use]
    pub fn surroundings(&self, bounds: Rectangle) -> [Rectangle; 4] {
        let area = self.area();
        let pixel = 1.0 / self.scale;
        let (left, top) = (area.x + pixel, area.y + pixel);
        let (right, bottom) = (area.x + area.width - pixel, area.y + area.height - pixel);
        let (end, foot) = (bounds.x + bounds.width, bounds.y + bounds.height);
        let strip = |x: f32, y: f32, end: f32, foot: f32| Rectangle {
            x,
            y,
            width: (end - x).max(0.0),
            height: (foot - y).max(0.0),
        };
        [
            strip(bounds.x, bounds.y, end, top.min(foot)),
            strip(bounds.x, bottom.max(bounds.y), end, foot),
            strip(bounds.x, top, left.min(end), bottom.min(foot)),
            strip(right.max(bounds.x), top, end, bottom.min(foot)),
        ]
    }

    /// The cell at a point of the window, or the nearest one, and the half of it.
    #[must_use]
    pub fn hit(&self, point: Point) -> (terminal::Point, Side) {
        let x = (point.x * self.scale).floor() as i32 - self.origin.x;
        let y = (point.y * self.scale).floor() as i32 - self.origin.y;
        let (width, height) = (self.cell.width.max(1) as i32, self.cell.height.max(1) as i32);
        let clamp = |cell: i32, cells: u16| cell.clamp(0, i32::from(cells) - 1) as u16;
        let side = if x < 0 {
            Side::Left
        } else if x >= width * i32::from(self.columns) || x.rem_euclid(width) * 2 >= width {
            Side::Right
        } else {
            Side::Left
        };
        let column = clamp(x.div_euclid(width), self.columns);
        (terminal::Point { line: clamp(y.div_euclid(height), self.lines), column }, side)
    }

    /// The physical pixel at a point of the window, or the nearest one of the cells, from their top left.
    #[must_use]
    pub fn pixel(&self, point: Point) -> (u32, u32) {
        let clamp = |at: i32, cells: u16, cell: u32| at.clamp(0, (u32::from(cells) * cell).max(1) as i32 - 1) as u32;
        let x = (point.x * self.scale).floor() as i32 - self.origin.x;
        let y = (point.y * self.scale).floor() as i32 - self.origin.y;
        (clamp(x, self.columns, self.cell.width), clamp(y, self.lines, self.cell.height))
    }

    /// Lines by which a point lies above (negative) or below (positive) the cells, 0 between.
    #[must_use]
    pub fn beyond(&self, point: Point) -> i32 {
        let area = self.area();
        let distance = if point.y < area.y {
            point.y - area.y
        } else if point.y > area.y + area.height {
            point.y - area.y - area.height
        } else {
            return 0;
        };
        let lines = (distance.abs() / self.line_height().max(1.0)).ceil().max(1.0);
        (lines * distance.signum()) as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widget::terminal::faces::Faces;

    fn grid(scale: f32, bounds: Rectangle) -> Grid {
        Grid::new(bounds, 8.0, scale, Faces::new(14.0 * scale).metrics())
    }

    #[test]
    fn a_pixel_is_counted_from_the_corner_of_the_cells_and_lies_in_them() {
        let grid = grid(2.0, Rectangle { x: 10.0, y: 20.0, width: 400.0, height: 300.0 });
        assert_eq!(grid.pixel(Point::new(18.0, 28.0)), (0, 0));
        assert_eq!(grid.pixel(Point::new(20.5, 29.0)), (5, 2));
        assert_eq!(grid.pixel(Point::new(0.0, 0.0)), (0, 0));
        let size = grid.size();
        assert_eq!(grid.pixel(Point::new(9000.0, 9000.0)), (u32::from(size.width) - 1, u32::from(size.height) - 1));
    }

    #[test]
    fn as_many_cells_as_fit_between_the_paddings() {
        let bounds = Rectangle { x: 0.0, y: 0.0, width: 16.0 + 80.0 * 8.0, height: 16.0 + 24.0 * 18.0 };
        let size = grid(1.0, bounds).size();
        assert_eq!((size.columns, size.lines, size.width, size.height), (80, 24, 640, 432));
        let narrower = grid(1.0, Rectangle { width: bounds.width - 1.0, ..bounds }).size();
        assert_eq!(narrower.columns, 79);
        let nothing = grid(1.0, Rectangle { width: 0.0, height: 0.0, ..bounds }).size();
        assert_eq!((nothing.columns, nothing.lines), (1, 1));
    }

    #[test]
    fn cells_lie_on_whole_pixels_at_every_scale() {
        for scale in [1.0, 1.25, 1.5, 1.75, 2.0] {
            let grid = grid(scale, Rectangle { x: 3.3, y: 41.7, width: 800.0, height: 600.0 });
            for line in 0..20 {
                let rectangle = grid.rectangle(terminal::Point { line, column: line }, 1);
                let physical = (rectangle.x * scale, rectangle.y * scale);
                assert!((physical.0 - physical.0.round()).abs() < 0.01, "{physical:?}");
                assert!((physical.1 - physical.1.round()).abs() < 0.01, "{physical:?}");
            }
        }
    }

    #[test]
    fn a_point_finds_its_cell_and_half() {
        let grid = grid(1.0, Rectangle { x: 0.0, y: 0.0, width: 656.0, height: 448.0 });
        let hit = |x, y| {
            let (point, side) = grid.hit(Point::new(x, y));
            (point.column, point.line, side)
        };
        assert_eq!(hit(8.0, 8.0), (0, 0, Side::Left));
        assert_eq!(hit(12.5, 8.0), (0, 0, Side::Right));
        assert_eq!(hit(16.5, 27.0), (1, 1, Side::Left));
        assert_eq!(hit(-50.0, -50.0), (0, 0, Side::Left));
        assert_eq!(hit(5000.0, 5000.0), (79, 23, Side::Right));
    }

    #[test]
    fn cells_and_surroundings_fill_the_bounds() {
        for (scale, width) in [(1.0, 803.0), (1.25, 803.0), (2.0, 11.0)] {
            let bounds = Rectangle { x: 3.0, y: 41.5, width, height: 601.0 };
            let grid = grid(scale, bounds);
            let parts: Vec<Rectangle> = grid.surroundings(bounds).into_iter().chain([grid.area()]).collect();
            for step in 0..2_000_u16 {
                let point = Point::new(
                    bounds.x + bounds.width * f32::from(step % 53) / 53.0,
                    bounds.y + bounds.height * f32::from(step) / 2_000.0,
                );
                assert!(parts.iter().any(|part| part.contains(point)), "{point:?} at {scale}");
            }
            let strips = grid.surroundings(bounds);
            assert!(
                width < 20.0
                    || strips.iter().all(|strip| strip
                        .intersection(&grid.area())
                        .is_none_or(|over| { over.width.min(over.height) <= 1.01 / scale }))
            );
        }
    }

    #[test]
    fn beyond_the_edges_is_counted_in_lines() {
        let grid = grid(1.0, Rectangle { x: 0.0, y: 0.0, width: 656.0, height: 448.0 });
        let beyond = |y| grid.beyond(Point::new(50.0, y));
        assert_eq!((beyond(100.0), beyond(7.0), beyond(-30.0), beyond(450.0), beyond(490.0)), (0, -1, -3, 1, 3));
    }
}
