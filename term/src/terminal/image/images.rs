//! All pictures of one terminal, within their memory.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::sixel::{Registers, Spares};
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
    age: u64,
    place: Place,
}

/// Where a picture came to be.
#[derive(Debug, Clone, Copy)]
pub(in crate::terminal) struct Place {
    /// On the alternate screen, whose lines have no numbers.
    pub(in crate::terminal) alternate: bool,
    /// The number of the screen's first line.
    pub(in crate::terminal) top: u64,
    /// The number of the picture's first line.
    pub(in crate::terminal) line: u64,
    /// Its first column.
    pub(in crate::terminal) column: usize,
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
    /// The memory of dropped pictures, for sixel pictures to come.
    pub(in crate::terminal) spares: Spares,
    clock: u64,
    /// No line of the main screen before this number has cells that show a picture.
    marked: Option<u64>,
    /// When pictures were last moved to other lines, with the text they stand in.
    moved: u64,
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
        self.bytes() + self.spares.bytes() + bytes <= MEMORY && self.slots.len() < SLOTS && !self.kitty.is_full()
    }

    /// What all pictures take.
    pub(in crate::terminal) fn bytes(&self) -> usize {
        self.slots.values().map(|slot| slot.picture.pixels().len()).sum::<usize>() + self.kitty.bytes()
    }

    /// Drops pictures until another one has room: first those that no cell shows, of which `shown` tells the others,
    /// then the oldest. Pictures of the main screen cannot be looked for while the `alternate` one is shown. Returns the
    /// first line of the main screen that shows none of those that are gone.
    pub(in crate::terminal) fn make_room(&mut self, bytes: usize, alternate: bool, shown: &HashSet<u32>) -> u64 {
        let elsewhere = |slot: &Slot| alternate && !slot.place.alternate;
        let gone = self.slots.extract_if(.., |number, slot| !shown.contains(number) && !elsewhere(slot));
        let mut gone: Vec<Slot> = gone.map(|(_, slot)| slot).collect();
        self.drop_oldest(bytes, &mut gone);
        self.kitty.make_room();
        self.spares = Spares::default();
        let most = MEMORY.saturating_sub(self.bytes() + bytes);
        let end = gone.iter().map(|slot| self.end_of(slot)).max().unwrap_or(0);
        gone.into_iter().for_each(|slot| self.spares.keep(slot.picture, most));
        end
    }

    /// One past the last line that may show a picture.
    fn end_of(&self, slot: &Slot) -> u64 {
        let lines = slot.size.1.div_ceil(slot.cell.1.max(1).into());
        if slot.age <= self.moved { u64::MAX } else { slot.place.line.saturating_add(lines.into()) }
    }

    /// The pictures of the main screen, each with the line and column that it began in.
    pub(in crate::terminal) fn places(&self) -> impl Iterator<Item = (u32, u64, usize)> {
        let main = self.slots.iter().filter(|(_, slot)| !slot.place.alternate);
        main.map(|(number, slot)| (*number, slot.place.line, slot.place.column))
    }

    /// Text is moved to other lines of the screen, and what cells show with it.
    pub(in crate::terminal) fn note_moved(&mut self) {
        self.moved = self.clock;
    }

    fn drop_oldest(&mut self, bytes: usize, gone: &mut Vec<Slot>) {
        let least = MEMORY - MEMORY / FREED;
        while self.bytes() + bytes > least.max(bytes) || self.slots.len() > SLOTS - SLOTS / FREED {
            let oldest = self.slots.first_key_value().map(|(number, slot)| (*number, slot.age));
            match (oldest, self.kitty.oldest()) {
                (Some((number, age)), kitty) if kitty.is_none_or(|kitty| age < kitty) => {
                    gone.extend(self.slots.remove(&number));
                }
                (_, Some(_)) => self.kitty.drop_oldest(),
                (_, None) => return,
            }
        }
    }

    /// The first line of the main screen whose cells may show a picture; `None` if none does.
    pub(in crate::terminal) fn first_marked(&self) -> Option<u64> {
        self.marked
    }

    /// The lines of the main screen have other numbers: any of them may show a picture.
    pub(in crate::terminal) fn forget_marked(&mut self) {
        self.marked = self.marked.map(|_| 0);
        self.slots.values_mut().for_each(|slot| slot.place.top = 0);
        self.note_moved();
    }

    /// No cell of the main screen shows a picture that is gone. What leaves the screen moves no more, so that those that
    /// are there are shown from where the screen began when the first of them came.
    pub(in crate::terminal) fn note_cleared(&mut self) {
        self.marked = self.slots.values().filter(|slot| !slot.place.alternate).map(|slot| slot.place.top).min();
    }

    /// Keeps a picture for cells to show; returns its number.
    pub(in crate::terminal) fn add(
        &mut self,
        picture: Arc<Picture>,
        size: (u32, u32),
        cell: (u16, u16),
        place: Place,
    ) -> u32 {
        let age = self.tick();
        self.last = self.last.wrapping_add(1);
        let _ = self.slots.insert(self.last, Slot { picture, size, cell, age, place });
        if !place.alternate {
            self.marked = Some(self.marked.map_or(place.top, |marked| marked.min(place.top)));
        }
        self.last
    }

    /// The next moment; what came later has a higher one.
    pub(in crate::terminal) fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    /// The alternate screen was left or entered: it is empty then.
    pub(in crate::terminal) fn forget_alternate(&mut self) {
        self.slots.retain(|_, slot| !slot.place.alternate);
        self.kitty.forget_alternate();
    }

    /// Drops the pictures of the shown screen that none of its cells shows.
    pub(in crate::terminal) fn keep(&mut self, alternate: bool, shown: &HashSet<u32>) {
        self.slots.retain(|number, slot| slot.place.alternate != alternate || shown.contains(number));
    }

    /// RIS.
    pub(in crate::terminal) fn reset(&mut self) {
        let (last, clock) = (self.last, self.clock);
        *self = Self { last, clock, ..Self::default() };
    }
}
