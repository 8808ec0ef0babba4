//! The memory of pictures that are gone, for those that come: where one follows the other without end, taking new memory
//! from the system, page by page, is most of the work.

use std::sync::Arc;

use super::super::Picture;

/// Memory that was a picture's.
#[derive(Debug, Default)]
pub(in crate::terminal) struct Spares(Vec<Vec<u8>>);

impl Spares {
    /// How many bytes there are.
    pub(in crate::terminal) fn bytes(&self) -> usize {
        self.0.iter().map(Vec::capacity).sum()
    }

    /// Keeps the memory of a picture that nothing shows any more, if that makes no more than `most` bytes.
    pub(in crate::terminal) fn keep(&mut self, picture: Arc<Picture>, most: usize) {
        if let Some(mut pixels) = Arc::into_inner(picture).map(Picture::into_pixels)
            && self.bytes() + pixels.capacity() <= most
        {
            pixels.clear();
            self.0.push(pixels);
        }
    }

    /// The smallest that has room for so many bytes, empty; if none has, the largest, with more room.
    pub(super) fn take(&mut self, bytes: usize) -> Vec<u8> {
        let by_capacity = |(_, spare): &(usize, &Vec<u8>)| spare.capacity();
        let fitting = self.0.iter().enumerate().filter(|(_, spare)| spare.capacity() >= bytes).min_by_key(by_capacity);
        let chosen = fitting.or_else(|| self.0.iter().enumerate().max_by_key(by_capacity)).map(|(index, _)| index);
        let mut pixels = chosen.map(|index| self.0.swap_remove(index)).unwrap_or_default();
        pixels.reserve_exact(bytes);
        pixels
    }

    /// So many bytes of zero.
    pub(super) fn zeroed(&mut self, bytes: usize) -> Vec<u8> {
        if self.0.is_empty() {
            // The system's memory is zero as it comes.
            return vec![0; bytes];
        }
        let mut pixels = self.take(bytes);
        pixels.resize(bytes, 0);
        pixels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_fits_is_used_and_shows_nothing_of_what_was_there() {
        let mut spares = Spares::default();
        for side in [40, 10, 20] {
            let picture = Picture::new(side, side, vec![7; (side * side * 4) as usize]).expect("a picture");
            spares.keep(picture, 10_000);
        }
        assert_eq!(spares.bytes(), 1600 * 4 + 100 * 4 + 400 * 4);
        let pixels = spares.zeroed(401);
        assert_eq!((pixels.len(), pixels.capacity()), (401, 1600));
        assert!(pixels.iter().all(|byte| *byte == 0));
        let pixels = spares.take(6401);
        assert_eq!((pixels.len(), pixels.capacity() >= 6401, spares.bytes()), (0, true, 400));
        let shown = Picture::new(1, 1, vec![7; 4]).expect("a picture");
        let before = spares.bytes();
        spares.keep(Arc::clone(&shown), 10_000);
        spares.keep(Picture::new(30, 30, vec![7; 3600]).expect("a picture"), 3_000);
        assert_eq!(spares.bytes(), before, "one is still shown, the other is too much");
    }
}
