//! The tabs of a window, from the left, and which of them is in front.

use crate::pane;
use crate::tab::{Id, Tab};

/// The tabs.
#[derive(Debug, Default)]
pub(super) struct Tabs {
    tabs: Vec<Tab>,
    /// The tab in front; `None` shows the hosts.
    shown: Option<Id>,
}

impl Tabs {
    /// All of them.
    pub(super) fn all(&self) -> &[Tab] {
        &self.tabs
    }

    /// All of them, to be changed.
    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Tab> {
        self.tabs.iter_mut()
    }

    /// The one with this identity.
    pub(super) fn get_mut(&mut self, id: Id) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.id() == id)
    }

    /// The one that has this pane.
    pub(super) fn with(&mut self, pane: pane::Id) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.has(pane))
    }

    /// The one with this number, counted from 1; 9 is the last.
    pub(super) fn number(&self, number: u8) -> Option<Id> {
        let tab = match number {
            9 => self.tabs.last(),
            number => usize::from(number).checked_sub(1).and_then(|index| self.tabs.get(index)),
        };
        tab.map(Tab::id)
    }

    /// The one in front.
    pub(super) fn shown(&self) -> Option<&Tab> {
        self.tabs.iter().find(|tab| Some(tab.id()) == self.shown)
    }

    /// Where the one in front stands.
    pub(super) fn position(&self) -> Option<usize> {
        self.tabs.iter().position(|tab| Some(tab.id()) == self.shown)
    }

    /// Brings a tab to the front, or the hosts.
    pub(super) fn show(&mut self, shown: Option<Id>) {
        self.shown = shown.filter(|id| self.tabs.iter().any(|tab| tab.id() == *id));
        for tab in &mut self.tabs {
            tab.set_shown(Some(tab.id()) == self.shown);
        }
    }

    /// Adds a tab beside the one that it was opened from, as browsers do.
    pub(super) fn open(&mut self, tab: Tab) {
        let place = self.position().map_or(self.tabs.len(), |position| position + 1);
        self.tabs.insert(place, tab);
    }

    /// Adds a tab at this place, or at the end.
    pub(super) fn insert(&mut self, place: usize, tab: Tab) {
        self.tabs.insert(place.min(self.tabs.len()), tab);
    }

    /// Closes a tab. If it was in front, says what is to follow it there.
    pub(super) fn close(&mut self, id: Id) -> Option<Option<Id>> {
        let (tab, next) = self.take(id)?;
        drop(tab);
        next
    }

    /// Takes a tab away, alive. If it was in front, says what is to follow it there: the one to its right, else the one to
    /// its left, else the hosts.
    pub(super) fn take(&mut self, id: Id) -> Option<(Tab, Option<Option<Id>>)> {
        let neighbour = self.neighbour(id);
        let position = self.tabs.iter().position(|tab| tab.id() == id)?;
        Some((self.tabs.remove(position), (self.shown == Some(id)).then_some(neighbour)))
    }

    /// The tab that follows this one in front when it goes.
    pub(super) fn neighbour(&self, id: Id) -> Option<Id> {
        let position = self.tabs.iter().position(|tab| tab.id() == id)?;
        let right = self.tabs.get(position + 1);
        right.or_else(|| self.tabs.get(position.checked_sub(1)?)).map(Tab::id)
    }

    /// The tab so many places from the one in front, around the ends; from the hosts, the first or the last.
    pub(super) fn step(&self, by: isize) -> Option<Id> {
        let count = self.tabs.len();
        let next = match (self.position(), by) {
            (Some(position), by) => position.saturating_add(count).saturating_add_signed(by) % count.max(1),
            (None, 1) => 0,
            (None, _) => count.saturating_sub(1),
        };
        self.tabs.get(next).map(Tab::id)
    }

    /// Moves the one at `from` to `to`, counted from 0; nothing where there is none.
    pub(super) fn put(&mut self, from: usize, to: usize) {
        if from < self.tabs.len() && to < self.tabs.len() {
            let tab = self.tabs.remove(from);
            self.tabs.insert(to, tab);
        }
    }

    /// Moves the one in front by so many places, but not beyond the ends.
    pub(super) fn shift(&mut self, by: isize) {
        if let Some(from) = self.position()
            && let Some(to) = from.checked_add_signed(by)
            && to < self.tabs.len()
        {
            self.tabs.swap(from, to);
        }
    }
}
