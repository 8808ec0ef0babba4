//! Pictures in the terminal: the slices that lines show, scaled to their place.
//!
//! What a line shows of all its pictures is one bitmap below its text and one above, in physical pixels. Both painters
//! draw those, so that they look the same, and nothing is scaled again while the pictures of a line stay the same.

mod scale;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use iced::Size;
use term::terminal::image::{Layer, Piece};

/// Frames after which the bitmaps of a line that is no longer shown are given up.
const PATIENCE: u64 = 2;

/// Pixels of a line, from its top to its bottom: red, green, blue, alpha, not multiplied.
#[derive(Debug)]
pub struct Bitmap {
    id: u64,
    left: u32,
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Bitmap {
    /// Names it; no other bitmap has this number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Pixels from the left of the line.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.left
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels: the line's.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

/// What a line shows of pictures.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// Between the backgrounds and the text.
    pub below: Option<Arc<Bitmap>>,
    /// Over the text, under the cursor.
    pub above: Option<Arc<Bitmap>>,
}

#[derive(Debug)]
struct Kept {
    layers: Layers,
    frame: u64,
}

/// The bitmaps of the lines that are shown.
#[derive(Debug, Default)]
pub struct Pictures {
    kept: HashMap<Vec<Piece>, Kept>,
    cell: Size<u32>,
    frame: u64,
    scaled: u64,
}

impl Pictures {
    /// Begins a frame with cells of this size.
    pub fn begin(&mut self, cell: Size<u32>) {
        if self.cell != cell {
            self.cell = cell;
            self.kept.clear();
        }
        self.frame += 1;
        let frame = self.frame;
        self.kept.retain(|_, kept| kept.frame + PATIENCE >= frame);
    }

    /// What a line with these parts of pictures shows.
    pub fn layers(&mut self, pieces: &[Piece]) -> Layers {
        if pieces.is_empty() {
            return Layers::default();
        }
        let frame = self.frame;
        if let Some(kept) = self.kept.get_mut(pieces) {
            kept.frame = frame;
            return kept.layers.clone();
        }
        self.scaled += 1;
        let layer = |layer| bitmap(pieces.iter().filter(|piece| piece.layer == layer), self.cell).map(Arc::new);
        let layers = Layers { below: layer(Layer::Below), above: layer(Layer::Above) };
        let _ = self.kept.insert(pieces.to_vec(), Kept { layers: layers.clone(), frame });
        layers
    }

    /// A line is still shown as it was in the frame before.
    pub fn keep(&mut self, pieces: &[Piece]) {
        if !pieces.is_empty()
            && let Some(kept) = self.kept.get_mut(pieces)
        {
            kept.frame = self.frame;
        }
    }

    /// How many lines were scaled so far.
    #[must_use]
    pub fn scaled(&self) -> u64 {
        self.scaled
    }
}

/// Lays pieces over each other.
fn bitmap<'a>(pieces: impl Iterator<Item = &'a Piece> + Clone, cell: Size<u32>) -> Option<Bitmap> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let left = pieces.clone().map(|piece| piece.columns.start).min()?;
    let right = pieces.clone().map(|piece| piece.columns.end).max()?;
    let (left, width) = (u32::from(left) * cell.width, u32::from(right.saturating_sub(left)) * cell.width);
    if width == 0 || cell.height == 0 {
        return None;
    }
    let mut pixels = vec![0; (width * cell.height) as usize * 4];
    for piece in pieces {
        scale::draw(piece, cell, left, &mut pixels, width);
    }
    Some(Bitmap { id: NEXT.fetch_add(1, Ordering::Relaxed), left, width, height: cell.height, pixels })
}

#[cfg(test)]
mod tests;
