//! Tabs and panes that the mouse carries out of their place: to the tab bar, to another window, or to a new one.
//!
//! A window hears of the pointer wherever it goes with a button down, but knows nothing of other windows: it tells the
//! root where the pointer is, and the root tells the window below it what to show.

use iced::advanced::{Shell, mouse};
use iced::{Element, Event, Point, Rectangle, Size, Task, window};

use super::{Action, Frame, Message};
use crate::pane;
use crate::tab::{self, Tab};
use crate::widget::gate::{Gate, Gated, Passage};
use crate::widget::reorder::Ground;
use crate::window::tab_bar::HEIGHT;
use crate::window::tab_menu::TabMenu;

use super::bar::Above;

/// What is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// A tab.
    Tab(tab::Id),
    /// A pane.
    Pane(pane::Id),
}

/// What becomes of it; points are of the window it comes from, in logical pixels, and may lie outside of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Carry {
    /// It is over this point.
    Over(Load, Point),
    /// It is where it was, or was let go of there.
    Returned,
    /// It was let go of at this point.
    Dropped(Load, Point),
}

/// Follows a pane that is dragged by its bar, beyond what the panes know of.
struct Pull {
    pane: pane::Id,
    /// Where the panes are.
    home: Rectangle,
    /// Whether the root was told that it is elsewhere.
    carries: bool,
}

impl Gate<Message> for Pull {
    fn pass(
        &self,
        event: &Event,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
        _has_keyboard: &mut dyn FnMut() -> bool,
    ) -> Passage {
        let load = Load::Pane(self.pane);
        match event {
            Event::Mouse(mouse::Event::CursorMoved { position }) if !self.home.contains(*position) => {
                shell.publish(Message::Carry(Carry::Over(load, *position)));
            }
            Event::Mouse(mouse::Event::CursorMoved { .. }) if self.carries => {
                shell.publish(Message::Carry(Carry::Returned));
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => match cursor.position() {
                Some(at) if self.home.contains(at) => {}
                at => {
                    let dropped = at.map_or(Carry::Returned, |at| Carry::Dropped(load, at));
                    shell.publish(Message::Carry(dropped));
                    // It is not dropped on a pane as well.
                    return Passage::Blind;
                }
            },
            _ => {}
        }
        Passage::Open
    }

    /// The pane would lie over the tab bar, where a line shows its place.
    fn hides(&self, cursor: mouse::Cursor) -> bool {
        cursor.position().is_none_or(|at| !self.home.contains(at))
    }
}

impl Frame {
    /// The content, from which a pane may be taken away.
    pub(super) fn pulled<'a>(&'a self, content: Element<'a, Message>) -> Element<'a, Message> {
        let Some(pane) = self.tab().filter(|_| self.settings.is_none()).and_then(Tab::picked) else { return content };
        let height = (self.size.height - HEIGHT).max(0.0);
        let home = Rectangle::new(Point::new(0.0, HEIGHT), Size::new(self.size.width, height));
        Gated::new(content, Pull { pane, home, carries: self.carries }).into()
    }

    /// Something of this window is carried.
    pub(super) fn carry(&mut self, carry: Carry) -> Action {
        self.carries = matches!(carry, Carry::Over(..));
        match carry {
            Carry::Over(Load::Tab(id), _) => self.step_aside(id),
            Carry::Returned => self.come_back(),
            _ => {}
        }
        if !self.carries
            && let Some(tab) = self.tab().map(Tab::id).and_then(|id| self.tab_mut(id))
        {
            tab.let_go();
        }
        Action::Carry(carry)
    }

    /// Where in the tab bar something goes that is let go of at `x`.
    #[must_use]
    pub fn place_at(&self, x: f32) -> usize {
        self.tab_bar.ground().place(x).min(self.tabs().len())
    }

    /// Whether something may be taken away, so that a window remains that is worth having.
    #[must_use]
    pub fn spares(&self, load: Load) -> bool {
        matches!(load, Load::Pane(_)) || self.tabs().len() > 1
    }

    /// Takes a tab away, or a pane as a tab of its own, with their sessions; nothing where it is gone, or is the last
    /// pane of its tab.
    pub fn lift(&mut self, load: Load) -> Option<(Tab, Task<Message>)> {
        match load {
            Load::Tab(id) => {
                let (tab, next) = self.tabs.take(id)?;
                Some((tab, next.map_or_else(Task::none, |next| self.show(next))))
            }
            Load::Pane(id) => {
                let pane = self.tabs.with(id)?.take(id)?;
                Some((Tab::of(pane), self.focus_again()))
            }
        }
    }

    /// Whether it shows nothing but its hosts.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.tabs().is_empty() && self.settings.is_none() && !self.hosts.is_editing()
    }

    /// How many windows there are.
    pub fn set_windows(&mut self, windows: usize) {
        self.windows = windows;
    }

    /// Asks which of these windows a tab is to go to.
    pub fn choose_window(&mut self, tab: tab::Id, windows: Vec<(window::Id, String)>) {
        self.above = Some(Above::Menu(TabMenu::windows(tab, self.below(tab), windows)));
    }

    /// Offers what can be done with the log of a tab.
    pub(super) fn log_menu(&mut self, id: tab::Id) -> Action {
        self.above = Some(Above::Menu(TabMenu::of(id, self.below(id))));
        Action::None
    }

    /// The point below a tab, where its menu opens that was not asked for at a point.
    pub(super) fn below(&self, id: tab::Id) -> Point {
        let position = self.tabs().iter().position(|tab| tab.id() == id);
        let ground: &Ground = self.tab_bar.ground();
        position.and_then(|position| ground.below(position)).unwrap_or(Point::new(0.0, HEIGHT))
    }
}
