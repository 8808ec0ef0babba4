//! Pixels, and where they are shown.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::terminal::Rgb;

/// A picture: red, green, blue, alpha, not multiplied, row by row. Two are equal if they are the same one.
pub struct Picture {
    id: u64,
    width: u32,
    height: u32,
    pixels: Vec<u8>,
    opaque: bool,
    half: OnceLock<Arc<Picture>>,
}

impl Picture {
    /// Makes a picture; `None` if there is not a pixel, or another number of bytes than the size asks for.
    #[must_use]
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Arc<Self>> {
        let opaque = pixels.as_chunks::<4>().0.iter().all(|[_, _, _, alpha]| *alpha == 255);
        Self::of(width, height, pixels, opaque)
    }

    /// Makes a picture as [`Picture::new`] does, of pixels that are known to be opaque.
    pub(in crate::terminal) fn opaque_of(width: u32, height: u32, pixels: Vec<u8>) -> Option<Arc<Self>> {
        Self::of(width, height, pixels, true)
    }

    fn of(width: u32, height: u32, pixels: Vec<u8>, opaque: bool) -> Option<Arc<Self>> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let expected = (width as usize).checked_mul(height as usize)?.checked_mul(4)?;
        if expected == 0 || expected != pixels.len() {
            return None;
        }
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Some(Arc::new(Self { id, width, height, pixels, opaque, half: OnceLock::new() }))
    }

    /// Names the picture; no other one of this process has this number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, four bytes each.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Gives the pixels away.
    pub(in crate::terminal) fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Whether no pixel lets anything shine through.
    #[must_use]
    pub fn opaque(&self) -> bool {
        self.opaque
    }

    /// The same picture at half the width and height (rounded up), made once. Who shows a picture much smaller than it
    /// is reads this one, so that the work depends on what is shown.
    #[must_use]
    pub fn half(&self) -> Arc<Picture> {
        Arc::clone(self.half.get_or_init(|| self.halve()))
    }

    fn halve(&self) -> Arc<Picture> {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
        let row = |y: u32| {
            let length = self.width as usize * 4;
            let start = y.min(self.height - 1) as usize * length;
            self.pixels.get(start..start + length).unwrap_or_default()
        };
        for y in 0..height {
            let (upper, lower) = (row(2 * y), row(2 * y + 1));
            for (upper, lower) in upper.chunks(8).zip(lower.chunks(8)) {
                pixels.extend(mean([upper, lower]));
            }
        }
        Arc::new(Self { id: self.id, width, height, pixels, opaque: self.opaque, half: OnceLock::new() })
    }
}

/// The mean of the pixels in two rows, each weighted by its opacity: what cannot be seen has no colour.
fn mean(rows: [&[u8]; 2]) -> [u8; 4] {
    let (mut color, mut alphas, mut count) = ([0_u32; 3], 0, 0);
    for &[r, g, b, alpha] in rows.into_iter().flat_map(|row| row.as_chunks::<4>().0) {
        let alpha = u32::from(alpha);
        for (sum, channel) in color.iter_mut().zip([r, g, b]) {
            *sum += u32::from(channel) * alpha;
        }
        alphas += alpha;
        count += 1;
    }
    let channel = |sum: u32, over: u32| ((sum + over / 2) / over.max(1)).min(255) as u8;
    let [r, g, b] = color.map(|sum| channel(sum, alphas));
    [r, g, b, channel(alphas, count)]
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Picture {}

impl Hash for Picture {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a terminal shows may be secret.
        write!(f, "Picture {} of {}x{}", self.id, self.width, self.height)
    }
}

/// A rectangle of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Area {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// At least 1.
    pub width: u32,
    /// At least 1.
    pub height: u32,
}

/// Where a picture is shown, in pixels of the cells it was placed in: a font of another size scales it with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame {
    /// From the left of the first column.
    pub left: i32,
    /// From the top of the row that is looked at; negative in all rows but the first.
    pub top: i32,
    /// At least 1.
    pub width: u32,
    /// At least 1.
    pub height: u32,
    /// Width and height of those cells, at least 1.
    pub cell: (u16, u16),
}

/// What a picture covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The cells' backgrounds.
    Below,
    /// The text too.
    Above,
}

/// The part of a picture that is seen in one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Piece {
    /// The picture.
    pub picture: Arc<Picture>,
    /// The part of it that fills the frame.
    pub source: Area,
    /// The frame of the whole, of which this row shows a slice.
    pub frame: Frame,
    /// The columns in which it is seen.
    pub columns: Range<u16>,
    /// What it covers.
    pub layer: Layer,
    /// The colour of the selection, where it is selected.
    pub tint: Option<Rgb>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_as_many_pixels_as_its_size_says() {
        assert!(Picture::new(2, 1, vec![0; 8]).is_some());
        for (width, height, bytes) in [(2, 1, 7), (2, 1, 9), (0, 1, 0), (1, 0, 0), (u32::MAX, u32::MAX, 4)] {
            assert!(Picture::new(width, height, vec![0; bytes]).is_none(), "{width}x{height} of {bytes}");
        }
    }

    #[test]
    fn a_half_is_the_mean_of_what_can_be_seen() {
        let row = [[200, 100, 50, 255], [0, 0, 0, 0], [10, 20, 30, 255]].concat();
        let picture = Picture::new(3, 1, row).unwrap();
        let half = picture.half();
        assert_eq!((half.width(), half.height()), (2, 1));
        assert_eq!(half.pixels(), [200, 100, 50, 128, 10, 20, 30, 255]);
        assert!(!picture.opaque());
        assert!(Arc::ptr_eq(&half, &picture.half()));
    }
}
