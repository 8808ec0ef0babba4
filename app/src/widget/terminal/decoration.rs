//! Underlines and strikeout.

use term::terminal::content::{Cell, Underline};

use super::glyph::Glyph;
use super::mask::Mask;
use super::metrics::Metrics;
use super::plan::Fill;

/// The wave of a curly underline, one period to the cell, so that neighbours join.
#[must_use]
pub fn curl(metrics: Metrics) -> Glyph {
    let (width, thickness) = (metrics.width as f32, metrics.thickness as f32);
    let room = (metrics.height - metrics.underline.min(metrics.height)) as f32;
    // As high as what is left below the baseline allows, but never a blot.
    let amplitude = ((room - thickness) / 2.0).min(width / 5.0).max(0.75);
    let middle = (metrics.underline as f32 + amplitude + thickness / 2.0)
        .min(metrics.height as f32 - amplitude - thickness / 2.0);
    let turn = std::f32::consts::TAU / width;
    let mask = Mask::sampled(metrics.width, metrics.height, |x, y| {
        let slope = amplitude * turn * (x * turn).cos();
        let distance = (y - middle - amplitude * (x * turn).sin()).abs() / slope.hypot(1.0);
        distance < (thickness / 2.0).max(0.6)
    });
    Glyph::from_mask(&mask)
}

/// The straight lines below a cell at `x`, `width` pixels wide. A curly one is a glyph: [`curl`].
pub fn underline(cell: &Cell, metrics: Metrics, x: i32, width: u32, fills: &mut Vec<Fill>) {
    let (top, thickness) = (metrics.underline, metrics.thickness);
    let mut line = |x: i32, y: u32, width: u32| {
        fills.push(Fill { x, y, width, height: thickness, color: cell.underline_color });
    };
    match cell.underline {
        Underline::None | Underline::Curly => {}
        Underline::Single => line(x, top, width),
        Underline::Double => {
            // Two lines and a gap of one thickness, moved up where the cell ends too early.
            let lower = (top + 2 * thickness).min(metrics.height - thickness);
            line(x, lower.saturating_sub(2 * thickness), width);
            line(x, lower, width);
        }
        Underline::Dotted => pattern(x, width, thickness, thickness, |x, width| line(x, top, width)),
        Underline::Dashed => {
            let dash = (metrics.width / 2).max(1);
            pattern(x, width, dash, (metrics.width - dash).max(1), |x, width| line(x, top, width));
        }
    }
}

/// Calls `line` for each dash of a pattern that is anchored to the line's left edge, so that it runs on through cells.
fn pattern(x: i32, width: u32, dash: u32, gap: u32, mut line: impl FnMut(i32, u32)) {
    let (dash, period, end) = (dash as i32, (dash + gap) as i32, x + width as i32);
    let mut start = x - x.rem_euclid(period);
    while start < end {
        let (from, to) = (start.max(x), (start + dash).min(end));
        if from < to {
            line(from, (to - from) as u32);
        }
        start += period;
    }
}

/// The line through a cell.
#[must_use]
pub fn strikeout(cell: &Cell, metrics: Metrics, x: i32, width: u32) -> Option<Fill> {
    cell.strikeout.then_some(Fill { x, y: metrics.strikeout, width, height: metrics.thickness, color: cell.foreground })
}

/// The line above a cell.
#[must_use]
pub fn overline(cell: &Cell, metrics: Metrics, x: i32, width: u32) -> Option<Fill> {
    cell.overline.then_some(Fill { x, y: 0, width, height: metrics.thickness, color: cell.foreground })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_runs_on_through_neighbouring_cells() {
        let dashes = |x, width| {
            let mut pixels = Vec::new();
            pattern(x, width, 3, 2, |x, width| pixels.extend(x..x + width as i32));
            pixels
        };
        let mut apart = dashes(0, 7);
        apart.extend(dashes(7, 7));
        assert_eq!(apart, dashes(0, 14));
        assert_eq!(dashes(0, 7), [0, 1, 2, 5, 6]);
    }

    #[test]
    fn the_wave_joins_at_the_cell_edges_and_stays_inside() {
        for size in [12.0, 14.0, 17.5, 28.0] {
            let metrics = super::super::faces::Faces::new(size).metrics();
            let glyph = curl(metrics);
            let super::super::glyph::Pixels::Mask(coverage) = &glyph.pixels else {
                panic!("a mask");
            };
            let row = |y: u32| coverage.iter().skip((y * glyph.width) as usize).take(glyph.width as usize);
            assert!(row(metrics.baseline.saturating_sub(1)).all(|&coverage| coverage == 0), "clear of the letters");
            let column = |x: u32| (0..glyph.height).map(move |y| (y * glyph.width + x) as usize);
            let ink = |x: u32| column(x).map(|index| u32::from(*coverage.get(index).expect("inside"))).sum::<u32>();
            assert!((0..glyph.width).all(|x| ink(x) >= 120), "an unbroken line at {size}");
        }
    }
}
