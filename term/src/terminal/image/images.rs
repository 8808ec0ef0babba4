//! All pictures of one terminal, within their memory.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::sixel::Registers;
use super::{MEMORY, Picture, kitty};

/// Pictures that cells may show at a time.
const SLOTS: usize = 4096;

/// What is dropped at a time when the room is used up, as a fraction: looking through the cells for pictures that
/// nothing shows any more is too much to do for each new one.
const FREED: usize = 4;

/// A picture that cells show.
#[derive(Debug)]
pub(in crate::terminal) struct Slot {
    pub(in crate::terminal) picture: Arc<Picture>,
    /// The size it is shown at, in pixels.
    pub(in crate::terminal) size: (u32, u32),
    /// The size of a cell when it was placed, in pixels.
    pub(in crate::terminal) cell: (u16, u16),
    alternate: bool,
    age: u64,
}

/// All pictures of one terminal.
#[derive(Debug, Default)]
pub(in crate::terminal) struct Images {
    /// By number; numbers grow and none is used twice, since cells of a dropped one may still be there.
    slots: BTreeMap<u32, Slot>,
    last: u32,
    pub(in crate::terminal) kitty: kitty::Store,
    /// The registers that pictures share while mode 1070 is off.
    pub(in crate::terminal) registers: Registers,
    clock: u64,
}

impl Images {
    /// Whether nothing can be shown.
    pub(in crate::terminal) fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.kitty.is_empty()
    }

    /// A picture that cells show.
    pub(in crate::terminal) fn slot(&self, number: u32) -> Option<&Slot> {
        self.slots.get(&number)
    }

    /// Whether pictures of this size have room without dropping others.
    pub(in crate::terminal) fn has_room(&self, bytes: usize) -> bool {
        self.bytes() + bytes <= MEMORY && self.slots.len() < SLOTS && !self.kitty.is_full()
    }

    /// What all pictures take.
    pub(in crate::terminal) fn bytes(&self) -> usize {
        self.slots.values().map(|slot| slot.picture.pixels().len()).sum::<usize>() + self.kitty.bytes()
    }

    /// Drops pictures until another one has room: first those that no cell shows, of which `shown` tells the others,
    /// then the oldest. Pictures of the main screen cannot be looked for while the `alternate` one is shown.
    pub(in crate::terminal) fn make_room(&mut self, bytes: usize, alternate: bool, shown: &HashSet<u32>) {
        self.slots.retain(|number, slot| (alternate && !slot.alternate) || shown.contains(number));
        let least = MEMORY - MEMORY / FREED;
        while self.bytes() + bytes > least.max(bytes) || self.slots.len() > SLOTS - SLOTS / FREED {
            let oldest = self.slots.first_key_value().map(|(number, slot)| (*number, slot.age));
            match (oldest, self.kitty.oldest()) {
                (Some((number, age)), kitty) if kitty.is_none_or(|kitty| age < kitty) => {
                    let _ = self.slots.remove(&number);
                }
                (_, Some(_)) => self.kitty.drop_oldest(),
                (_, None) => return,
            }
        }
        self.kitty.make_room();
    }

    /// Keeps a picture for cells to show; returns its number.
    pub(in crate::terminal) fn add(
        &mut self,
        picture: Arc<Picture>,
        size: (u32, u32),
        cell: (u16, u16),
        alternate: bool,
    ) -> u32 {
        let age = self.tick();
        self.last = self.last.wrapping_add(1);
        let _ = self.slots.insert(self.last, Slot { picture, size, cell, alternate, age });
        self.last
    }

    /// The next moment; what came later has a higher one.
    pub(in crate::terminal) fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    /// The alternate screen was left or entered: it is empty then.
    pub(in crate::terminal) fn forget_alternate(&mut self) {
        self.slots.retain(|_, slot| !slot.alternate);
        self.kitty.forget_alternate();
    }

    /// Drops the pictures of the shown screen that none of its cells shows.
    pub(in crate::terminal) fn keep(&mut self, alternate: bool, shown: &HashSet<u32>) {
        self.slots.retain(|number, slot| slot.alternate != alternate || shown.contains(number));
    }

    /// RIS.
    pub(in crate::terminal) fn reset(&mut self) {
        let (last, clock) = (self.last, self.clock);
        *self = Self { last, clock, ..Self::default() };
    }
}
