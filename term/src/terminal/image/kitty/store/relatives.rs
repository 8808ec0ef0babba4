//! Placements that lie relative to others, move with them and go with them.

use std::collections::HashMap;
use std::vec;

use super::{Anchor, Command, Failure, Placement, Store};

/// How many placements may lie relative to each other in a row, the first included.
const DEPTH: usize = 9;

/// What a placement lies relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parent {
    serial: u64,
    /// Cells to the right and down.
    away: (i32, i32),
}

impl Parent {
    /// Where a placement begins whose parent begins here.
    fn beside(self, (anchor, column): (Anchor, i32)) -> (Anchor, i32) {
        let line = |line: i64| line.saturating_add(self.away.1.into());
        let anchor = match anchor {
            Anchor::Main(first) => Anchor::Main(line(first)),
            Anchor::Alternate(first) => Anchor::Alternate(line(first)),
            Anchor::Text => Anchor::Text,
        };
        (anchor, column.saturating_add(self.away.0).clamp(-(1 << 16), 1 << 16))
    }
}

impl Placement {
    /// Whether it lies relative to the placement `serial`.
    pub(super) fn lies_beside(&self, serial: u64) -> bool {
        self.parent.is_some_and(|parent| parent.serial == serial)
    }
}

impl Store {
    /// Where the placement `serial` begins that `command` wants beside another one, and what that is.
    pub(super) fn parent(&self, serial: u64, command: &Command) -> Result<Option<(Anchor, i32, Parent)>, Failure> {
        let (image, id) = (u64::from(command.parent.0), command.parent.1);
        if image == 0 {
            return Ok(None);
        }
        if command.placeholders {
            return Err(Failure::NoPlace);
        }
        let fits = |placement: &&Placement| placement.key == image && (id == 0 || placement.id == id);
        let found = self.placements.iter().rev().find(fits).ok_or(Failure::NoParent)?;
        if found.anchor == Anchor::Text {
            return Err(Failure::NoPlace);
        }
        let mut above = Some(found);
        for _ in 1..DEPTH {
            let Some(placement) = above else { break };
            if placement.serial == serial {
                return Err(Failure::Cycle);
            }
            let of = placement.parent;
            above = of.and_then(|parent| self.placements.iter().find(|other| other.serial == parent.serial));
        }
        if above.is_some() {
            return Err(Failure::TooDeep);
        }
        let parent = Parent { serial: found.serial, away: command.away };
        let (anchor, column) = parent.beside((found.anchor, found.column));
        Ok(Some((anchor, column, parent)))
    }

    /// What it takes to move the placements along with a line, in pixels that could be painted meanwhile.
    pub(in crate::terminal) fn weight(&self) -> usize {
        let related = self.placements.iter().any(|placement| placement.parent.is_some());
        self.placements.len() * if related { 128 } else { 4 }
    }

    /// Puts what lies relative to others where it belongs.
    pub(super) fn follow_parents(&mut self) {
        let Some(children) = self.children() else { return };
        let mut places = self.places();
        // One generation after the other, and no more of them than are allowed.
        for _ in 0..DEPTH {
            let mut moves = false;
            for index in &children {
                let Some(child) = self.placements.get_mut(*index) else { continue };
                let found = child.parent.and_then(|parent| Some(parent.beside(*places.get(&parent.serial)?)));
                let Some(place) = found.filter(|place| *place != (child.anchor, child.column)) else { continue };
                moves = true;
                (child.anchor, child.column) = place;
                let _ = places.insert(child.serial, (child.anchor, child.column));
            }
            if !moves {
                return;
            }
        }
    }

    /// Drops what lay relative to placements that are gone; returns the keys of their pictures.
    pub(super) fn drop_orphans(&mut self) -> vec::IntoIter<u64> {
        let mut dropped = Vec::new();
        while self.children().is_some() {
            let places = self.places();
            let before = self.placements.len();
            self.placements.retain(|placement| {
                let kept = placement.parent.is_none_or(|parent| places.contains_key(&parent.serial));
                if !kept {
                    dropped.push(placement.key);
                }
                kept
            });
            if self.placements.len() == before {
                break;
            }
        }
        dropped.into_iter()
    }

    /// The placements that lie relative to others, if there are any.
    fn children(&self) -> Option<Vec<usize>> {
        let related = self.placements.iter().enumerate().filter(|(_, placement)| placement.parent.is_some());
        let children: Vec<usize> = related.map(|(index, _)| index).collect();
        (!children.is_empty()).then_some(children)
    }

    /// Where each placement begins.
    fn places(&self) -> HashMap<u64, (Anchor, i32)> {
        let place = |placement: &Placement| (placement.serial, (placement.anchor, placement.column));
        self.placements.iter().map(place).collect()
    }
}
