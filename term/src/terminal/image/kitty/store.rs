//! Pictures that clients name, and where they are placed.

mod frames;
mod relatives;
mod scrolling;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::super::{Area, Picture};
use super::animation::Animation;
use super::{Command, Failure};
use relatives::Parent;
pub(in crate::terminal) use scrolling::Region;

/// The most pictures and the most placements at a time.
const MOST: usize = 4096;

/// Names that are given to pictures whose client chose a number, or nothing, begin here.
const OURS: u64 = 1 << 31;
const NAMELESS: u64 = 1 << 32;

/// The most cells a placement has in each direction.
const CELLS: u32 = 10_000;

/// Which of the two screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terminal) enum Screen {
    /// The one with the scrollback.
    Main,
    /// The other one.
    Alternate,
}

/// Where a placement begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terminal) enum Anchor {
    /// At a numbered line of the main screen. What scrolled out of a region begins above it, perhaps above all lines.
    Main(i64),
    /// At a line of the alternate screen, counted from its top.
    Alternate(i64),
    /// Wherever the text has placeholders for it.
    Text,
}

impl Anchor {
    fn is_on(self, screen: Screen) -> bool {
        match self {
            Self::Main(_) => screen == Screen::Main,
            Self::Alternate(_) => screen == Screen::Alternate,
            Self::Text => false,
        }
    }
}

/// A picture that is placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::terminal) struct Placement {
    /// Tells it apart from others; one that is placed again keeps it.
    serial: u64,
    /// The picture's key.
    key: u64,
    /// The client's name for it, 0 if it has none.
    id: u32,
    /// Where it begins.
    pub(in crate::terminal) anchor: Anchor,
    /// The column in which it begins; negative if it is placed so far to the left of another one.
    pub(in crate::terminal) column: i32,
    /// What it lies relative to.
    parent: Option<Parent>,
    /// How far it is moved within its first cell, in pixels.
    pub(in crate::terminal) offset: (u32, u32),
    /// The part of the picture that is shown.
    pub(in crate::terminal) source: Area,
    /// The size it is shown at, in pixels.
    pub(in crate::terminal) size: (u32, u32),
    /// The cells it touches.
    pub(in crate::terminal) cells: (u32, u32),
    /// Those of its lines that were not scrolled away at the edge of a region.
    pub(in crate::terminal) lines: Range<u32>,
    /// The size of a cell when it was placed.
    pub(in crate::terminal) cell: (u16, u16),
    /// Below the text if negative.
    pub(in crate::terminal) z: i32,
}

/// Cells in which placements are looked for, of the screen that is shown: lines counted as placements are.
#[derive(Debug, Clone, Copy)]
pub(in crate::terminal) struct View {
    /// The screen.
    pub(in crate::terminal) screen: Screen,
    /// The number of its first line, 0 on the alternate screen.
    pub(in crate::terminal) top: u64,
    /// Its lines.
    pub(in crate::terminal) lines: u16,
    /// The cursor's column and line.
    pub(in crate::terminal) cursor: (u16, u16),
}

#[derive(Debug)]
struct Named {
    number: u32,
    /// What is shown of it: of an animation, a frame.
    picture: Arc<Picture>,
    animation: Option<Box<Animation>>,
    age: u64,
}

impl Named {
    fn bytes(&self) -> usize {
        self.animation.as_ref().map_or(self.picture.pixels().len(), |animation| animation.bytes())
    }
}

/// What clients sent.
#[derive(Debug, Default)]
pub(in crate::terminal) struct Store {
    pictures: BTreeMap<u64, Named>,
    placements: Vec<Placement>,
    next: u64,
    /// The picture that gets a frame: none is dropped to make room for its own.
    growing: Option<u64>,
}

impl Store {
    /// Whether there is nothing.
    pub(in crate::terminal) fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// What the pictures take.
    pub(in crate::terminal) fn bytes(&self) -> usize {
        self.pictures.values().map(Named::bytes).sum()
    }

    /// Whether there are as many as may be.
    pub(in crate::terminal) fn is_full(&self) -> bool {
        self.pictures.len() >= MOST || self.placements.len() >= MOST
    }

    /// The age of the picture to drop next: one that is shown nowhere, or the oldest.
    pub(in crate::terminal) fn oldest(&self) -> Option<u64> {
        self.next_to_drop().map(|(_, age)| age)
    }

    fn next_to_drop(&self) -> Option<(u64, u64)> {
        let shown: HashSet<u64> = self.placements.iter().map(|placement| placement.key).collect();
        let others = || self.pictures.iter().filter(|(key, _)| self.growing != Some(**key));
        let unshown = others().filter(|(key, _)| !shown.contains(key)).min_by_key(|(_, named)| named.age);
        match unshown {
            Some((key, _)) => Some((*key, 0)),
            None => others().min_by_key(|(_, named)| named.age).map(|(key, named)| (*key, named.age)),
        }
    }

    /// Drops that picture.
    pub(in crate::terminal) fn drop_oldest(&mut self) {
        if let Some((key, _)) = self.next_to_drop() {
            self.forget(key);
        }
    }

    /// Drops the oldest until one more picture and one more placement have room.
    pub(in crate::terminal) fn make_room(&mut self) {
        let surplus = (self.placements.len() + MOST / 4).saturating_sub(MOST);
        if self.placements.len() >= MOST {
            drop(self.placements.drain(..surplus));
            let _ = self.drop_orphans();
        }
        if self.pictures.len() >= MOST {
            let shown: HashSet<u64> = self.placements.iter().map(|placement| placement.key).collect();
            let order = |(key, named): (&u64, &Named)| (shown.contains(key), named.age, *key);
            let mut oldest: Vec<_> = self.pictures.iter().map(order).collect();
            oldest.sort_unstable();
            for (_, _, key) in oldest.into_iter().take(MOST / 4) {
                let _ = self.pictures.remove(&key);
            }
            self.placements.retain(|placement| self.pictures.contains_key(&placement.key));
            let _ = self.drop_orphans();
        }
    }

    fn forget(&mut self, key: u64) {
        let _ = self.pictures.remove(&key);
        self.placements.retain(|placement| placement.key != key);
        let _ = self.drop_orphans();
    }

    /// Drops what the alternate screen shows.
    pub(in crate::terminal) fn forget_alternate(&mut self) {
        self.delete_where(false, |_, placement| placement.anchor.is_on(Screen::Alternate));
    }

    /// Keeps a picture under the name that `command` gives it, in the place of one that had it; returns its key, and
    /// its name if that was ours to give.
    pub(in crate::terminal) fn add(
        &mut self,
        command: &Command,
        picture: Arc<Picture>,
        age: u64,
    ) -> (u64, Option<u32>) {
        let (key, given) = match (command.image, command.number) {
            (0, 0) => (NAMELESS + self.count(), None),
            (0, _) => {
                let key = (OURS..NAMELESS).find(|key| !self.pictures.contains_key(key)).unwrap_or(OURS);
                (key, u32::try_from(key).ok())
            }
            (image, _) => (u64::from(image), None),
        };
        if self.pictures.contains_key(&key) {
            self.forget(key);
        }
        let _ = self.pictures.insert(key, Named { number: command.number, picture, animation: None, age });
        (key, given)
    }

    fn count(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// The picture that `command` names; of several with one number the newest.
    pub(in crate::terminal) fn find(&self, command: &Command) -> Option<u64> {
        let key = u64::from(command.image);
        match (command.image, command.number) {
            (0, 0) => None,
            (0, number) => {
                let with_it = self.pictures.iter().filter(|(_, named)| named.number == number);
                with_it.max_by_key(|(_, named)| named.age).map(|(key, _)| *key)
            }
            _ => self.pictures.contains_key(&key).then_some(key),
        }
    }

    /// A picture.
    pub(in crate::terminal) fn picture(&self, key: u64) -> Option<&Arc<Picture>> {
        self.pictures.get(&key).map(|named| &named.picture)
    }

    /// Places a picture as `command` says; returns the cells it touches.
    pub(in crate::terminal) fn place(
        &mut self,
        key: u64,
        command: &Command,
        (anchor, column): (Anchor, u16),
        cell: (u16, u16),
    ) -> Result<(u32, u32), Failure> {
        let id = command.placement;
        let known = self.placements.iter().find(|placement| id != 0 && (placement.key, placement.id) == (key, id));
        let known = known.map(|placement| placement.serial);
        let serial = known.unwrap_or_else(|| self.count());
        let (anchor, column, parent) = match self.parent(serial, command)? {
            Some((anchor, column, parent)) => (anchor, column, Some(parent)),
            None => (anchor, column.into(), None),
        };
        let picture = self.picture(key).ok_or(Failure::Unknown)?;
        let source = source(picture, command).ok_or(Failure::Outside)?;
        let offset = (command.offset.0.min(u32::from(cell.0) - 1), command.offset.1.min(u32::from(cell.1) - 1));
        let (size, cells) = extent(source, command.cells, offset, cell);
        self.placements.retain(|placement| placement.serial != serial);
        let (lines, z) = (0..cells.1, command.z);
        let placement =
            Placement { serial, key, id, anchor, column, parent, offset, source, size, cells, lines, cell, z };
        self.placements.push(placement);
        if self.placements.iter().any(|placement| placement.lies_beside(serial)) {
            self.follow_parents();
        }
        Ok(cells)
    }

    /// What is placed on a screen, from the lowest to the highest.
    pub(in crate::terminal) fn placed(&self, screen: Screen) -> Vec<(&Placement, &Arc<Picture>)> {
        let placed = self.placements.iter().filter(|placement| placement.anchor.is_on(screen));
        let mut placed: Vec<_> =
            placed.filter_map(|placement| Some((placement, self.picture(placement.key)?))).collect();
        placed.sort_by_key(|(placement, _)| (placement.z, placement.key));
        placed
    }

    /// What a placeholder of this picture and placement (0 for any) shows.
    pub(in crate::terminal) fn in_text(&self, image: u32, id: u32) -> Option<(&Placement, &Arc<Picture>)> {
        let fits = |placement: &&Placement| {
            placement.key == u64::from(image) && placement.anchor == Anchor::Text && (id == 0 || placement.id == id)
        };
        let placement = self.placements.iter().find(fits)?;
        Some((placement, self.picture(placement.key)?))
    }

    /// Drops pictures that nobody can name and nothing shows.
    fn drop_nameless(&mut self) {
        let shown: HashSet<u64> = self.placements.iter().map(|placement| placement.key).collect();
        self.pictures.retain(|key, _| *key < NAMELESS || shown.contains(key));
    }

    /// ED 2 and RIS: drops the placements that are seen on the screen.
    pub(in crate::terminal) fn clear(&mut self, view: View) {
        self.delete_where(false, |_, placement| view.shows(placement));
    }

    /// Deletes what `command` says.
    pub(in crate::terminal) fn delete(&mut self, command: &Command, view: View) {
        let free = command.delete.is_ascii_uppercase();
        let (x, y) = (command.from.0.saturating_sub(1), u64::from(command.from.1.saturating_sub(1)));
        let line = view.top + y;
        let wanted = |placement: &Placement| command.placement == 0 || placement.id == command.placement;
        match command.delete.to_ascii_lowercase() {
            b'a' => self.delete_where(free, |_, placement| view.shows(placement)),
            b'i' => self.delete_named(u64::from(command.image), free, wanted),
            b'f' => self.delete_frame(command, free),
            b'n' => {
                if let Some(key) = self.find(&Command { image: 0, ..command.clone() }) {
                    self.delete_named(key, free, wanted);
                }
            }
            b'c' => {
                let (column, line) = (u32::from(view.cursor.0), view.top + u64::from(view.cursor.1));
                self.delete_where(free, |_, placement| view.shows(placement) && placement.covers(column, line));
            }
            b'p' => self.delete_where(free, |_, placement| view.shows(placement) && placement.covers(x, line)),
            b'q' => self.delete_where(free, |_, placement| {
                view.shows(placement) && placement.covers(x, line) && placement.z == command.z
            }),
            b'r' => {
                let range = u64::from(command.from.0)..=u64::from(command.from.1);
                self.delete_where(free, |key, _| range.contains(&key));
                if free {
                    self.pictures.retain(|key, _| !range.contains(key));
                }
            }
            b'x' => {
                self.delete_where(free, |_, placement| view.shows(placement) && placement.columns().contains(&x.into()))
            }
            b'y' => self.delete_where(free, |_, placement| view.shows(placement) && placement.has_line(line)),
            b'z' => self.delete_where(free, |_, placement| view.shows(placement) && placement.z == command.z),
            _ => {}
        }
    }

    fn delete_named(&mut self, key: u64, free: bool, wanted: impl Fn(&Placement) -> bool) {
        self.delete_where(false, |of, placement| of == key && wanted(placement));
        if free && !self.placements.iter().any(|placement| placement.key == key) {
            self.forget(key);
        }
    }

    /// Deletes placements; pictures that are placed nowhere any more too if `free`, and always if nobody can name them.
    fn delete_where(&mut self, free: bool, delete: impl Fn(u64, &Placement) -> bool) {
        let mut loose = HashSet::new();
        self.placements.retain(|placement| {
            let deleted = delete(placement.key, placement);
            if deleted && (free || placement.key >= NAMELESS) {
                let _ = loose.insert(placement.key);
            }
            !deleted
        });
        loose.extend(self.drop_orphans());
        for placement in &self.placements {
            let _ = loose.remove(&placement.key);
        }
        self.pictures.retain(|key, _| !loose.contains(key));
    }
}

impl View {
    fn lines(&self) -> Range<i64> {
        self.top.cast_signed()..self.top.cast_signed() + i64::from(self.lines)
    }

    fn shows(&self, placement: &Placement) -> bool {
        placement.anchor.is_on(self.screen) && placement.shown().is_some_and(|shown| overlap(&shown, &self.lines()))
    }
}

impl Placement {
    fn columns(&self) -> Range<i64> {
        i64::from(self.column)..i64::from(self.column) + i64::from(self.cells.0)
    }

    /// The lines in which it is seen; `None` where the text has placeholders for it.
    pub(in crate::terminal) fn shown(&self) -> Option<Range<i64>> {
        match self.anchor {
            Anchor::Main(first) | Anchor::Alternate(first) => {
                Some(first + i64::from(self.lines.start)..first + i64::from(self.lines.end))
            }
            Anchor::Text => None,
        }
    }

    fn has_line(&self, line: u64) -> bool {
        self.shown().is_some_and(|shown| shown.contains(&line.cast_signed()))
    }

    fn covers(&self, column: u32, line: u64) -> bool {
        self.columns().contains(&column.into()) && self.has_line(line)
    }
}

fn overlap(a: &Range<i64>, b: &Range<i64>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The part of a picture that `command` wants to show.
fn source(picture: &Picture, command: &Command) -> Option<Area> {
    let part = |from: u32, extent: u32, whole: u32| {
        let left = whole.checked_sub(from).filter(|left| *left > 0)?;
        Some((from, if extent == 0 { left } else { extent.min(left) }))
    };
    let (x, width) = part(command.from.0, command.extent.0, picture.width())?;
    let (y, height) = part(command.from.1, command.extent.1, picture.height())?;
    Some(Area { x, y, width, height })
}

/// The size in pixels, and the cells touched. One of columns and lines alone keeps the proportions.
fn extent(source: Area, cells: (u32, u32), offset: (u32, u32), cell: (u16, u16)) -> ((u32, u32), (u32, u32)) {
    let cell = (u32::from(cell.0), u32::from(cell.1));
    let filled = |cells: u32, cell: u32, offset: u32| (cells.min(CELLS) * cell - offset).max(1);
    let scaled = |from: u32, other: u32, by: u32| {
        let scaled = u64::from(from) * u64::from(other) / u64::from(by);
        u32::try_from(scaled).unwrap_or(u32::MAX).clamp(1, CELLS * 64)
    };
    let size = match cells {
        (0, 0) => (source.width, source.height),
        (columns, 0) => {
            let width = filled(columns, cell.0, offset.0);
            (width, scaled(width, source.height, source.width))
        }
        (0, lines) => {
            let height = filled(lines, cell.1, offset.1);
            (scaled(height, source.width, source.height), height)
        }
        (columns, lines) => (filled(columns, cell.0, offset.0), filled(lines, cell.1, offset.1)),
    };
    (size, ((size.0 + offset.0).div_ceil(cell.0), (size.1 + offset.1).div_ceil(cell.1)))
}

#[cfg(test)]
mod tests;
