//! Tabs and panes that go from window to window, by the mouse and by command.
//!
//! The pointer is told of by the window that the button went down in, in that window's own points. Where the desktop says
//! where windows are (Wayland does not), they become points of the others.

use iced::{Point, Rectangle, Size, Task, window};

use super::frame::{Carry, Change, Incoming, Load};
use super::tab_bar::HEIGHT;
use super::{Frame, Message, Window, frame};
use crate::store::WindowState;
use crate::tab::{self, Landing, Tab};

/// Where the pointer holds a window that is made for what it carries, in logical pixels.
const GRIP: (f32, f32) = (120.0, 22.0);

/// Where something was let go of.
#[derive(Debug, Clone, Copy)]
enum Spot {
    /// In a window, at this place of its tab bar.
    Bar(window::Id, usize),
    /// In a window, in a half of this pane.
    Half(window::Id, Landing),
    /// In its own window, where it changes nothing.
    Own,
    /// Outside of every window, at this point of the desktop.
    Outside(Point),
    /// Outside of its own window; the desktop does not say where that is.
    Elsewhere,
}

impl Window {
    /// Does what the mouse does with a tab or pane of a window.
    pub(super) fn carry(&mut self, from: window::Id, carry: Carry) -> Task<Message> {
        match carry {
            Carry::Over(load, at) => {
                let spot = self.spot(from, load, at);
                let locate = if self.carried.is_none() { self.locate_all() } else { Task::none() };
                self.hint(Some(spot));
                locate
            }
            Carry::Returned => {
                self.hint(None);
                Task::none()
            }
            Carry::Dropped(load, at) => {
                let spot = self.spot(from, load, at);
                self.hint(None);
                let put = self.put(from, load, spot);
                if let Some(frame) = self.frames.get_mut(&from) {
                    frame.come_back();
                }
                put
            }
        }
    }

    /// Where a point of the window `from` is.
    fn spot(&self, from: window::Id, load: Load, at: Point) -> Spot {
        let Some(source) = self.frames.get(&from) else { return Spot::Own };
        if bounds(source).contains(at) {
            return match load {
                Load::Pane(_) if at.y < HEIGHT => Spot::Bar(from, source.place_at(at.x)),
                _ => source.landing(load, at).map_or(Spot::Own, |landing| Spot::Half(from, landing)),
            };
        }
        let Some(corner) = source.position() else { return Spot::Elsewhere };
        let on_desktop = corner + (at - Point::ORIGIN);
        // Of windows that lie over each other the one that was in front last is above.
        let others = self.recent.iter().chain(self.frames.keys()).filter(|id| **id != from);
        let below = |id: &window::Id| {
            let frame = self.frames.get(id)?;
            let inside = on_desktop - frame.position()?;
            let point = Point::ORIGIN + inside;
            let place = if point.y < HEIGHT { frame.place_at(point.x) } else { frame.tabs().len() };
            let spot = frame.landing(load, point).map_or(Spot::Bar(*id, place), |landing| Spot::Half(*id, landing));
            bounds(frame).contains(point).then_some(spot)
        };
        others.into_iter().find_map(below).unwrap_or(Spot::Outside(on_desktop))
    }

    /// Shows in the window below the pointer where something would go.
    fn hint(&mut self, spot: Option<Spot>) {
        let target = match spot {
            Some(Spot::Bar(id, place)) => Some((id, Incoming::Bar(place))),
            Some(Spot::Half(id, landing)) => Some((id, Incoming::Half(landing))),
            _ => None,
        };
        if let Some(Some(before)) = self.carried
            && let Some(frame) = self.frames.get_mut(&before)
        {
            frame.set_incoming(None);
        }
        if let Some((id, place)) = target
            && let Some(frame) = self.frames.get_mut(&id)
        {
            frame.set_incoming(Some(place));
        }
        self.carried = spot.map(|_| target.map(|(id, _)| id));
    }

    fn put(&mut self, from: window::Id, load: Load, spot: Spot) -> Task<Message> {
        match (spot, load) {
            (Spot::Own, _) => Task::none(),
            (Spot::Bar(to, place), _) => self.transfer(from, load, to, |frame, tab| frame.adopt(tab, Some(place))),
            (Spot::Half(to, landing), _) => self.transfer(from, load, to, |frame, tab| frame.land(tab, landing)),
            (Spot::Elsewhere, Load::Tab(tab)) if self.frames.len() > 1 => self.give(from, tab, None),
            (Spot::Elsewhere, _) => self.part(from, load, None),
            (Spot::Outside(point), _) => self.part(from, load, Some(point)),
        }
    }

    /// Moves a tab or pane to a window that is there, which gives it a place, and brings that to the front.
    fn transfer(
        &mut self,
        from: window::Id,
        load: Load,
        to: window::Id,
        place: impl FnOnce(&mut Frame, Tab) -> Task<frame::Message>,
    ) -> Task<Message> {
        if !self.frames.contains_key(&to) {
            return Task::none();
        }
        let Some((tab, left)) = self.frames.get_mut(&from).and_then(|frame| frame.lift(load)) else {
            return Task::none();
        };
        let Some(frame) = self.frames.get_mut(&to) else { return Task::none() };
        let arrived = place(frame, tab).map(move |message| Message::Frame(to, message));
        self.feed();
        let left = match self.frames.get(&from) {
            // As in a browser: a window is gone with its last tab.
            Some(frame) if from != to && frame.is_idle() => self.close(from),
            _ => left.map(move |message| Message::Frame(from, message)),
        };
        let raise = if from == to { Task::none() } else { window::gain_focus(to) };
        Task::batch([left, arrived, raise])
    }

    /// Gives a tab or pane a window of its own, below the pointer where that is known.
    fn part(&mut self, from: window::Id, load: Load, point: Option<Point>) -> Task<Message> {
        let Some(frame) = self.frames.get_mut(&from).filter(|frame| frame.spares(load)) else { return Task::none() };
        let position = point.map(|point| ((point.x - GRIP.0).max(0.0), (point.y - GRIP.1).max(0.0)));
        let state = WindowState { position, ..frame.place(false) };
        let Some((tab, left)) = frame.lift(load) else { return Task::none() };
        let open = self.open_beside(state, Some(Box::new(tab)));
        self.feed();
        Task::batch([open, left.map(move |message| Message::Frame(from, message))])
    }

    /// Moves a tab to another window: to this one, to the only other one, or the user chooses.
    pub(super) fn give(&mut self, from: window::Id, tab: tab::Id, to: Option<window::Id>) -> Task<Message> {
        let others = self.recent.iter().chain(self.frames.keys()).filter(|id| **id != from);
        let mut windows: Vec<(window::Id, String)> = Vec::new();
        for id in others {
            if let Some(frame) = self.frames.get(id).filter(|_| windows.iter().all(|(known, _)| known != id)) {
                windows.push((*id, frame.summary()));
            }
        }
        match (to, windows.as_slice()) {
            (Some(to), _) => self.transfer(from, Load::Tab(tab), to, |frame, tab| frame.adopt(tab, None)),
            (None, []) => Task::none(),
            (None, [(only, _)]) => self.transfer(from, Load::Tab(tab), *only, |frame, tab| frame.adopt(tab, None)),
            (None, _) => {
                if let Some(frame) = self.frames.get_mut(&from) {
                    frame.choose_window(tab, windows);
                }
                Task::none()
            }
        }
    }

    /// Tells every window how many there are.
    pub(super) fn count(&mut self) {
        let count = self.frames.len();
        self.frames.values_mut().for_each(|frame| frame.set_windows(count));
    }

    /// What is typed goes elsewhere once panes have moved.
    fn feed(&mut self) {
        self.frames.values_mut().for_each(Frame::feed);
    }

    /// Asks where a window is.
    pub(super) fn locate(id: window::Id) -> Task<Change> {
        window::position(id).map(Change::Position)
    }

    /// Asks where all of them are: a desktop need not tell when it moves them.
    fn locate_all(&self) -> Task<Message> {
        let locate = |id: &window::Id| {
            let id = *id;
            Self::locate(id).map(move |change| Message::Changed(id, change))
        };
        Task::batch(self.frames.keys().map(locate))
    }
}

/// A window in its own points.
fn bounds(frame: &Frame) -> Rectangle {
    let Size { width, height } = frame.size();
    Rectangle { x: 0.0, y: 0.0, width, height }
}

#[cfg(test)]
mod tests;
