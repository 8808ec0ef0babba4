//! How the panes of a tab share its room: splitting, moving, zooming, and which one has the keyboard.

use iced::Task;
use iced::widget::pane_grid::{Axis, Direction, DragEvent, Node, Pane as Slot, Split};

use super::{Action, Message, Tab, inside};
use crate::pane::{self, Pane};
use crate::window::Shortcut;

/// Of what is narrower or lower than twice this, in cells, no half is made: nothing could be read in it.
const FEWEST_COLUMNS: u16 = 12;
const FEWEST_LINES: u16 = 3;

/// How far a key moves the line between two panes, as a part of the room that both have.
const STEP: f32 = 0.05;

impl Tab {
    /// Splits the pane that has the keyboard: the other half shows another shell of the same host and gets the keyboard.
    pub(super) fn split(&mut self, axis: Axis) -> Action {
        if !may_split(self.pane(), axis) {
            self.tell_too_small();
            return Action::None;
        }
        let (target, services) = (self.pane().target().clone(), self.pane().services().clone());
        let (pane, task) = Pane::new(target, services);
        let task = inside(pane.id(), task);
        self.adopt(axis, pane);
        Action::Run(task)
    }

    /// Says why the pane that has the keyboard is not split.
    pub fn tell_too_small(&mut self) {
        if let Some(pane) = self.panes.get_mut(self.focused) {
            pane.tell("This pane is too small to be split. Make the window larger or close another pane.");
        }
    }

    /// Shows a pane beside the one that has the keyboard, and gives it the keyboard.
    fn adopt(&mut self, axis: Axis, mut pane: Pane) {
        pane.set_shown(self.shown);
        if let Some((slot, _)) = self.panes.split(axis, self.focused, pane) {
            self.focus(slot);
        }
    }

    /// Takes a pane out of the tab, alive; the last one stays.
    pub fn take(&mut self, id: pane::Id) -> Option<Pane> {
        let slot = self.slot(id)?;
        let (pane, sibling) = self.panes.close(slot)?;
        if slot == self.focused {
            self.focused = sibling;
        }
        self.panes.restore();
        self.picked = None;
        Some(pane)
    }

    /// Closes a pane; with the last one the tab is to be closed.
    pub(super) fn close(&mut self, id: pane::Id) -> Action {
        let Some(slot) = self.slot(id) else { return Action::None };
        match self.panes.close(slot) {
            Some((pane, sibling)) => {
                drop(pane);
                self.panes.restore();
                if slot == self.focused {
                    self.focused = sibling;
                }
                Action::Run(self.focus_again())
            }
            None => Action::Close,
        }
    }

    /// Gives a pane the keyboard.
    pub(super) fn focus(&mut self, slot: Slot) {
        if slot == self.focused || self.panes.get(slot).is_none() {
            return;
        }
        if let Some(pane) = self.panes.get_mut(self.focused) {
            pane.close_menu();
        }
        self.focused = slot;
    }

    /// Gives a pane the keyboard, and sight where another is zoomed.
    pub fn bring(&mut self, id: pane::Id) {
        let Some(slot) = self.slot(id) else { return };
        if self.panes.maximized().is_some_and(|zoomed| zoomed != slot) {
            self.panes.restore();
        }
        self.focus(slot);
    }

    /// Gives the pane in this direction the keyboard, if there is one. A zoomed pane gives way to all of them.
    pub(super) fn focus_towards(&mut self, direction: Direction) {
        self.panes.restore();
        if let Some(slot) = self.panes.adjacent(self.focused, direction) {
            self.focus(slot);
        }
    }

    /// The same upwards. The strips stand above their pane: where there is no other pane, the key leads to them.
    pub(super) fn focus_above(&mut self) -> Action {
        let before = self.focused;
        self.focus_towards(Direction::Up);
        if before == self.focused { self.shortcut_in_pane(Shortcut::Strips) } else { Action::None }
    }

    /// Shows the pane with the keyboard alone, or all of them again.
    pub(super) fn zoom(&mut self, slot: Slot) {
        match self.panes.maximized() {
            Some(_) => self.panes.restore(),
            None if self.panes.len() > 1 => {
                self.focus(slot);
                self.panes.maximize(slot);
            }
            None => {}
        }
    }

    /// Moves the line beside the pane with the keyboard in this direction.
    pub(super) fn push(&mut self, direction: Direction) {
        let (axis, by) = match direction {
            Direction::Left => (Axis::Vertical, -STEP),
            Direction::Right => (Axis::Vertical, STEP),
            Direction::Up => (Axis::Horizontal, -STEP),
            Direction::Down => (Axis::Horizontal, STEP),
        };
        if let Some((split, ratio)) = nearest(self.panes.layout(), self.focused, axis) {
            self.resize(split, ratio + by);
        }
    }

    /// Moves the line between two panes.
    pub(super) fn resize(&mut self, split: Split, ratio: f32) {
        self.panes.resize(split, ratio.clamp(STEP, 1.0 - STEP));
    }

    /// Drops a dragged pane where it was let go.
    pub(super) fn drag(&mut self, event: DragEvent) {
        self.picked = None;
        match event {
            DragEvent::Picked { pane } => {
                self.focus(pane);
                self.picked = Some(pane);
            }
            DragEvent::Dropped { pane, target } => self.panes.drop(pane, target),
            DragEvent::Canceled { .. } => {}
        }
    }

    pub(super) fn slot(&self, id: pane::Id) -> Option<Slot> {
        self.panes.iter().find(|(_, pane)| pane.id() == id).map(|(slot, _)| *slot)
    }

    /// Brings the keyboard back from a title bar's button, which a click took it to.
    fn focus_again(&self) -> Task<Message> {
        self.home().map_or_else(Task::none, iced::widget::operation::focus)
    }
}

/// Whether both halves of a pane can be read.
pub(super) fn may_split(pane: &Pane, axis: Axis) -> bool {
    let size = pane.terminal().size();
    match axis {
        Axis::Vertical => size.columns >= 2 * FEWEST_COLUMNS,
        Axis::Horizontal => size.lines >= 2 * FEWEST_LINES,
    }
}

/// The innermost line of this axis beside `slot`, and where it is.
fn nearest(node: &Node, slot: Slot, axis: Axis) -> Option<(Split, f32)> {
    let Node::Split { id, axis: own, ratio, a, b } = node else { return None };
    let inner = [a, b].into_iter().find(|node| contains(node, slot))?;
    nearest(inner, slot, axis).or((*own == axis).then_some((*id, *ratio)))
}

fn contains(node: &Node, slot: Slot) -> bool {
    match node {
        Node::Split { a, b, .. } => contains(a, slot) || contains(b, slot),
        Node::Pane(pane) => *pane == slot,
    }
}
