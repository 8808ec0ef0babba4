//! One drawn character: pixels ready to be placed in a cell.

use super::mask::Mask;

/// The pixels of a glyph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pixels {
    /// Coverage, painted in the text's colour.
    Mask(Vec<u8>),
    /// Colours of its own: red, green, blue, alpha; not premultiplied.
    Color(Vec<u8>),
}

/// A glyph placed against its cell. It never reaches above or below the line, so that lines can be drawn one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph {
    /// Pixels from the left edge of the cell, negative when it hangs out on the left.
    pub left: i32,
    /// Pixels from the top edge of the line.
    pub top: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The pixels, row by row.
    pub pixels: Pixels,
}

impl Glyph {
    /// A mask that fills its cell from the top left.
    #[must_use]
    pub fn from_mask(mask: &Mask) -> Self {
        Self {
            left: 0,
            top: 0,
            width: mask.width(),
            height: mask.height(),
            pixels: Pixels::Mask(mask.coverage().to_vec()),
        }
    }

    /// Places pixels at (`left`, `top`) and cuts off what lies above or below a line of `line_height` pixels. `None`
    /// when nothing remains.
    #[must_use]
    pub fn clipped(left: i32, top: i32, size: (u32, u32), pixels: Pixels, line_height: u32) -> Option<Self> {
        let (width, height) = size;
        let above = (-top).max(0) as u32;
        let top = top.max(0) as u32;
        let height = height.checked_sub(above)?.min(line_height.checked_sub(top)?);
        if width == 0 || height == 0 {
            return None;
        }
        let cut = |bytes: Vec<u8>, pixel: usize| {
            let row = width as usize * pixel;
            let mut bytes: Vec<u8> = bytes.into_iter().skip(row * above as usize).take(row * height as usize).collect();
            bytes.resize(row * height as usize, 0);
            bytes
        };
        let pixels = match pixels {
            Pixels::Mask(bytes) => Pixels::Mask(cut(bytes, 1)),
            Pixels::Color(bytes) => Pixels::Color(cut(bytes, 4)),
        };
        Some(Self { left, top, width, height, pixels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glyph_is_cut_at_the_top_and_bottom_of_its_line() {
        let pixels = Pixels::Mask(vec![1, 2, 3, 4, 5]);
        let glyph = Glyph::clipped(-1, -2, (1, 5), pixels.clone(), 2).expect("something remains");
        assert_eq!((glyph.left, glyph.top, glyph.height), (-1, 0, 2));
        assert_eq!(glyph.pixels, Pixels::Mask(vec![3, 4]));
        let glyph = Glyph::clipped(0, 3, (1, 5), pixels.clone(), 5).expect("something remains");
        assert_eq!(glyph.pixels, Pixels::Mask(vec![1, 2]));
        assert_eq!(Glyph::clipped(0, 5, (1, 5), pixels.clone(), 5), None);
        assert_eq!(Glyph::clipped(0, -5, (1, 5), pixels, 5), None);
    }
}
