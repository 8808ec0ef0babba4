//! Placements move with the lines that they lie on.

use std::ops::Range;

use super::{Anchor, Placement, Screen, Store};

/// Lines and columns of a screen, counted as placements are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::terminal) struct Region {
    /// The screen.
    pub(in crate::terminal) screen: Screen,
    /// Its lines, beyond which nothing is shown of what moves.
    pub(in crate::terminal) lines: Range<i64>,
    /// The same, and what is beyond the edges of the screen, if it ends there: what is placed on both moves too.
    pub(in crate::terminal) reach: Range<i64>,
    /// Its columns.
    pub(in crate::terminal) columns: Range<i64>,
}

impl Region {
    /// Whether what is placed here moves with the region: what reaches beyond it stays (as with kitty).
    fn holds(&self, placement: &Placement) -> bool {
        let (lines, columns) = (&self.reach, placement.columns());
        placement.anchor.is_on(self.screen)
            && placement.shown().is_some_and(|shown| lines.start <= shown.start && shown.end <= lines.end)
            && self.columns.start <= columns.start
            && columns.end <= self.columns.end
    }
}

impl Placement {
    fn move_by(&mut self, lines: i64) {
        match &mut self.anchor {
            Anchor::Main(line) | Anchor::Alternate(line) => *line += lines,
            Anchor::Text => {}
        }
    }

    /// Leaves out what moved beyond the `edges`, down or up; false if nothing is left.
    fn clip(&mut self, edges: &Range<i64>, down: bool) -> bool {
        let Some(shown) = self.shown() else { return true };
        let cut = |lines: i64| u32::try_from(lines.max(0)).unwrap_or(u32::MAX);
        if down {
            self.lines.end = self.lines.end.saturating_sub(cut(shown.end - edges.end));
        } else {
            self.lines.start = self.lines.start.saturating_add(cut(edges.start - shown.start));
        }
        !self.lines.is_empty()
    }
}

impl Store {
    /// The text of `region` moved down by so many lines, up if negative. What leaves the region is cut off.
    pub(in crate::terminal) fn scroll(&mut self, region: &Region, by: i64) {
        self.follow_each(|placement| {
            if !region.holds(placement) {
                return true;
            }
            placement.move_by(by);
            placement.clip(&region.lines, by > 0)
        });
    }

    /// So many lines entered the main screen's history, and the lines from number `first` on did not move with them.
    pub(in crate::terminal) fn stay(&mut self, first: i64, by: i64) {
        self.follow_each(|placement| {
            let reaches = placement.shown().is_some_and(|shown| shown.end > first);
            if placement.anchor.is_on(Screen::Main) && reaches {
                placement.move_by(by);
            }
            true
        });
    }

    /// Follows the main screen's lines, of which `line` tells the new number and column; what has none is dropped.
    pub(in crate::terminal) fn follow(&mut self, line: impl Fn(u64, usize) -> Option<(u64, usize)>) {
        self.follow_each(|placement| {
            let (Anchor::Main(_), Some(shown)) = (placement.anchor, placement.shown()) else { return true };
            let first = u64::try_from(shown.start).ok();
            let from = usize::try_from(placement.column).unwrap_or(0);
            let Some((number, column)) = first.and_then(|first| line(first, from)) else {
                return false;
            };
            placement.anchor = Anchor::Main(number.cast_signed() - i64::from(placement.lines.start));
            placement.column = i32::try_from(column).unwrap_or(0);
            true
        });
    }

    /// Drops placements that end above line `oldest`.
    pub(in crate::terminal) fn trim(&mut self, oldest: u64) {
        self.follow_each(|placement| {
            let ends = placement.shown().filter(|_| placement.anchor.is_on(Screen::Main)).map(|shown| shown.end);
            ends.is_none_or(|end| end > oldest.cast_signed())
        });
    }

    /// Keeps the placements for which `step` holds.
    fn follow_each(&mut self, step: impl FnMut(&mut Placement) -> bool) {
        let before = self.placements.len();
        self.placements.retain_mut(step);
        if self.placements.len() < before {
            let _ = self.drop_orphans();
            self.drop_nameless();
        }
        self.follow_parents();
    }
}
