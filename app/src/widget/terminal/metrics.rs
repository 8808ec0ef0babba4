//! The size of a cell and where things lie in it, from the font's own metrics.

use super::box_drawing;

/// What a font says of itself, in its own units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Design {
    /// Units to the em.
    pub units_per_em: f32,
    /// Advance of every character.
    pub advance: f32,
    /// Height above the baseline.
    pub ascent: f32,
    /// Depth below the baseline, positive.
    pub descent: f32,
    /// Top of the underline below the baseline, positive.
    pub underline_offset: f32,
    /// Thickness of the underline.
    pub underline_thickness: f32,
    /// Top of the strikeout line above the baseline.
    pub strikeout_offset: f32,
}

/// A cell in physical pixels. All of it is whole numbers: glyphs are placed by cell, never by their advance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// The font's size in physical pixels to the em.
    pub size: f32,
    /// Width of one column.
    pub width: u32,
    /// Height of one line.
    pub height: u32,
    /// The baseline below the top of the cell.
    pub baseline: u32,
    /// The top of a single underline below the top of the cell.
    pub underline: u32,
    /// The top of the strikeout line below the top of the cell.
    pub strikeout: u32,
    /// Thickness of underline, strikeout, thin cursors and light box drawing lines.
    pub thickness: u32,
}

impl Metrics {
    /// Scales `design` to `size` physical pixels to the em.
    #[must_use]
    pub fn new(design: Design, size: f32) -> Self {
        let scale = size / design.units_per_em.max(1.0);
        let pixels = |units: f32| (units * scale).round().max(0.0) as u32;
        let baseline = pixels(design.ascent).max(1);
        let height = (baseline + pixels(design.descent)).max(2);
        // The font's own underline is a hair at large sizes; box drawing would look lost beside the letters.
        let thickness = pixels(design.underline_thickness).max((size / 13.0).round() as u32);
        let thickness = thickness.clamp(1, (height / 4).max(1));
        let lowest = height - thickness.min(height);
        Self {
            size,
            width: pixels(design.advance).max(1),
            height,
            baseline,
            // Never touching the letters, never leaving the cell.
            underline: (baseline + pixels(design.underline_offset).max(1)).min(lowest),
            strikeout: baseline.saturating_sub(pixels(design.strikeout_offset)).min(lowest),
            thickness,
        }
    }

    /// The cell as box drawing sees it.
    #[must_use]
    pub fn cell(&self) -> box_drawing::Cell {
        box_drawing::Cell { width: self.width, height: self.height, thickness: self.thickness }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESIGN: Design = Design {
        units_per_em: 1000.0,
        advance: 600.0,
        ascent: 1020.0,
        descent: 300.0,
        underline_offset: 150.0,
        underline_thickness: 50.0,
        strikeout_offset: 310.0,
    };

    #[test]
    fn a_cell_is_whole_pixels_at_every_scale() {
        for (scale, width, height, baseline) in
            [(1.0, 8, 18, 14), (1.25, 11, 23, 18), (1.5, 13, 27, 21), (2.0, 17, 37, 29)]
        {
            let metrics = Metrics::new(DESIGN, 14.0 * scale);
            assert_eq!((metrics.width, metrics.height, metrics.baseline), (width, height, baseline), "at {scale}");
        }
    }

    #[test]
    fn lines_stay_inside_the_cell_at_any_size() {
        for size in 1..200 {
            let metrics = Metrics::new(DESIGN, size as f32);
            assert!(metrics.thickness >= 1 && metrics.width >= 1);
            assert!(metrics.underline + metrics.thickness <= metrics.height, "underline at {size}");
            assert!(metrics.strikeout + metrics.thickness <= metrics.height, "strikeout at {size}");
            assert!(size < 6 || metrics.underline > metrics.baseline, "underline touches letters at {size}");
        }
    }
}
