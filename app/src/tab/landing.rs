//! Where in a tab something lands that the mouse drops there, and how the panes of another tab find room in it.

use std::collections::BTreeMap;

use iced::widget::pane_grid::{Axis, Edge, Node, Pane as Slot};
use iced::{Point, Rectangle, Vector};

use super::view::{GAP, SMALLEST};
use super::{Tab, places};
use crate::pane::{self, Pane};

/// The half of a pane that something takes which lands there.
#[derive(Debug, Clone, Copy)]
pub struct Landing {
    /// The pane.
    pub pane: pane::Id,
    /// Where in it.
    pub edge: Edge,
}

impl Tab {
    /// Where something lands that is dropped at this point, of a tab that is shown in `room`: in the half at the nearest
    /// edge. Nowhere where the halves would be too small to read anything in.
    #[must_use]
    pub fn landing(&self, room: Rectangle, at: Point) -> Option<Landing> {
        let (slot, region) = self.regions(room).into_iter().find(|(_, region)| region.contains(at))?;
        let pane = self.panes.get(slot)?;
        let (x, y) = ((at.x - region.x) / region.width, (at.y - region.y) / region.height);
        let edges = [(Edge::Left, x), (Edge::Right, 1.0 - x), (Edge::Top, y), (Edge::Bottom, 1.0 - y)];
        let edges = edges.into_iter().filter(|(edge, _)| places::may_split(pane, axis(*edge)));
        let (edge, _) = edges.min_by(|(_, one), (_, other)| one.total_cmp(other))?;
        Some(Landing { pane: pane.id(), edge })
    }

    /// Where something lands beside the pane that has the keyboard: at its right, else below it.
    #[must_use]
    pub fn landing_beside(&self) -> Option<Landing> {
        let mut edges = [Edge::Right, Edge::Bottom].into_iter();
        let edge = edges.find(|edge| places::may_split(self.pane(), axis(*edge)))?;
        Some(Landing { pane: self.pane().id(), edge })
    }

    /// The half that it takes of a tab that is shown in `room`.
    #[must_use]
    pub fn half(&self, room: Rectangle, landing: Landing) -> Option<Rectangle> {
        let slot = self.slot(landing.pane)?;
        let (_, whole) = self.regions(room).into_iter().find(|(other, _)| *other == slot)?;
        let (width, height) = (whole.width / 2.0, whole.height / 2.0);
        Some(match landing.edge {
            Edge::Left => Rectangle { width, ..whole },
            Edge::Right => Rectangle { x: whole.x + width, width, ..whole },
            Edge::Top => Rectangle { height, ..whole },
            Edge::Bottom => Rectangle { y: whole.y + height, height, ..whole },
        })
    }

    /// Takes the panes of another tab in, with their sessions and as they lie to each other. The keyboard is where it was
    /// among them. Gives the tab back where its place is gone.
    pub fn join(&mut self, landing: Landing, mut other: Self) -> Option<Self> {
        let Some(slot) = self.slot(landing.pane) else { return Some(other) };
        let (layout, keyboard) = (other.panes.layout().clone(), other.pane().id());
        let mut panes = std::mem::take(&mut other.panes.panes);
        for pane in panes.values_mut() {
            pane.set_feed(None);
            pane.set_shown(self.shown);
        }
        self.panes.restore();
        let first = panes.remove(&first(&layout))?;
        let (new, _) = self.panes.split(axis(landing.edge), slot, first)?;
        if matches!(landing.edge, Edge::Left | Edge::Top) {
            self.panes.swap(slot, new);
        }
        self.unfold(&layout, new, &mut panes);
        self.bring(keyboard);
        None
    }

    /// Gives the panes of `node` their places, the first of which is in `slot` already.
    fn unfold(&mut self, node: &Node, slot: Slot, panes: &mut BTreeMap<Slot, Pane>) {
        let Node::Split { axis, ratio, a, b, .. } = node else { return };
        let Some(pane) = panes.remove(&first(b)) else { return };
        if let Some((new, split)) = self.panes.split(*axis, slot, pane) {
            self.panes.resize(split, *ratio);
            self.unfold(a, slot, panes);
            self.unfold(b, new, panes);
        }
    }

    /// The panes in sight and where they are.
    fn regions(&self, room: Rectangle) -> Vec<(Slot, Rectangle)> {
        if let Some(zoomed) = self.panes.maximized() {
            return vec![(zoomed, room)];
        }
        let gap = if self.panes.len() > 1 { GAP } else { 0.0 };
        let regions = self.panes.layout().pane_regions(gap, SMALLEST, room.size());
        let shift = Vector::new(room.x, room.y);
        regions.into_iter().map(|(slot, region)| (slot, region + shift)).collect()
    }
}

fn axis(edge: Edge) -> Axis {
    match edge {
        Edge::Left | Edge::Right => Axis::Vertical,
        Edge::Top | Edge::Bottom => Axis::Horizontal,
    }
}

/// The first pane of a part of the layout.
fn first(node: &Node) -> Slot {
    match node {
        Node::Split { a, .. } => first(a),
        Node::Pane(slot) => *slot,
    }
}
