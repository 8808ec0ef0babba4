//! Which ids belong to the programs of one connection.
//!
//! Programs of one host may touch each other's windows: a browser is several programs, of which one draws into another's
//! window. The line that is guarded runs between the host and the local session.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many windows all programs of a connection may have. A program has hundreds.
const WINDOWS: usize = 1 << 16;

/// The ids of the programs of one connection.
#[derive(Debug, Default)]
pub(crate) struct Kin(Mutex<Family>);

#[derive(Debug, Default)]
struct Family {
    /// The bases and masks of the programs' ids.
    members: Vec<(u32, u32)>,
    windows: HashSet<u32>,
    /// Pictures (RENDER) of windows.
    pictures: HashSet<u32>,
}

/// A program's membership, until it is dropped.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    kin: &'a Kin,
    base: u32,
    mask: u32,
}

impl Kin {
    pub(crate) fn join(&self, base: u32, mask: u32) -> Member<'_> {
        self.lock().members.push((base, mask));
        Member { kin: self, base, mask }
    }

    fn lock(&self) -> MutexGuard<'_, Family> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Member<'_> {
    /// Whether the id belongs to a program of the connection.
    pub(crate) fn owns(&self, id: u32) -> bool {
        // Nearly always its own, for which no lock is taken.
        id & !self.mask == self.base || self.kin.lock().members.iter().any(|(base, mask)| id & !mask == *base)
    }

    /// Notes a window; false where there are too many.
    pub(crate) fn window(&self, id: u32) -> bool {
        let mut family = self.kin.lock();
        let room = family.windows.len() < WINDOWS;
        if room {
            let _ = family.windows.insert(id);
        }
        room
    }

    pub(crate) fn is_window(&self, id: u32) -> bool {
        self.kin.lock().windows.contains(&id)
    }

    /// Notes that the id is no window's any more.
    pub(crate) fn no_window(&self, id: u32) {
        let _ = self.kin.lock().windows.remove(&id);
    }

    /// Notes a picture of a window; false where there are too many.
    pub(crate) fn picture(&self, id: u32) -> bool {
        let mut family = self.kin.lock();
        let room = family.pictures.len() < WINDOWS;
        if room {
            let _ = family.pictures.insert(id);
        }
        room
    }

    pub(crate) fn is_window_picture(&self, id: u32) -> bool {
        self.kin.lock().pictures.contains(&id)
    }

    /// Notes that the id is no picture of a window any more.
    pub(crate) fn no_picture(&self, id: u32) {
        let _ = self.kin.lock().pictures.remove(&id);
    }
}

impl Member<'_> {
    /// Gives its ids up.
    pub(crate) fn leave(&self) {
        let mut family = self.kin.lock();
        let Some(at) = family.members.iter().position(|member| *member == (self.base, self.mask)) else { return };
        let _ = family.members.swap_remove(at);
        let (base, mask) = (self.base, self.mask);
        family.windows.retain(|id| id & !mask != base);
        family.pictures.retain(|id| id & !mask != base);
    }
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_and_its_kin_own_their_ids_until_they_end() {
        let kin = Kin::default();
        let first = kin.join(0x0020_0000, 0x001f_ffff);
        let second = kin.join(0x0040_0000, 0x001f_ffff);
        assert!(first.owns(0x0020_0001) && first.owns(0x0040_0001) && !first.owns(0x0060_0001) && !first.owns(0x123));
        assert!(second.window(0x0040_0007) && first.is_window(0x0040_0007));
        drop(second);
        assert!(!first.owns(0x0040_0001) && !first.is_window(0x0040_0007));
    }
}
