//! Where the items of a row lie in their window, for who has an item to place that comes from elsewhere.

use std::sync::{Arc, Mutex, PoisonError};

use iced::{Point, Rectangle};

/// The items' places, as of the last event that the row heard of.
#[derive(Debug, Clone, Default)]
pub struct Ground(Arc<Mutex<Vec<Rectangle>>>);

impl Ground {
    pub(super) fn note(&self, items: impl Iterator<Item = Rectangle>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.clear();
        known.extend(items);
    }

    /// Where an item goes that is let go of at `x`, in logical pixels: behind those whose middle is left of it.
    #[must_use]
    pub fn place(&self, x: f32) -> usize {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter(|item| item.center_x() < x).count()
    }

    /// The lower left corner of an item.
    #[must_use]
    pub fn below(&self, item: usize) -> Option<Point> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(item).map(|item| Point::new(item.x, item.y + item.height))
    }
}
