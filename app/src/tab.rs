//! A tab: one or more panes side by side, one of which has the keyboard.
//!
//! ```text
//!   Tab ──► pane_grid::State ──► Pane (one session's life) ──► widget::terminal
//! ```
//!
//! What happens in a pane is addressed by the pane's own identity: it may have moved to another tab, or to another
//! window, since the work began that tells of it.

mod landing;
mod places;
mod view;

use iced::Task;
use iced::widget::Id as WidgetId;
use iced::widget::pane_grid::{self, Axis, Direction, DragEvent, Pane as Slot, ResizeEvent};
use term::terminal::event::is_deceptive;

use crate::pane::{self, Mark, Pane, Services, Target};
use crate::store::{host, settings};
use crate::theme::Hue;
use crate::window::Shortcut;

pub use landing::Landing;
pub use view::{Look, Place, landing_style};

/// How many characters of a name are kept.
pub const NAME: usize = 80;

/// Identifies a tab for as long as the program runs. No pane has the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub u64);

/// A tab.
#[derive(Debug)]
pub struct Tab {
    id: Id,
    panes: pane_grid::State<Pane>,
    /// The place of the pane that has the keyboard; there is always a pane in it.
    focused: Slot,
    /// Whether it is in front.
    shown: bool,
    /// What the user calls it.
    name: Option<String>,
    /// The colour that the user gave it.
    hue: Option<Hue>,
    /// The place of the pane that is dragged.
    picked: Option<Slot>,
}

/// What happens in a tab.
#[derive(Debug, Clone)]
pub enum Message {
    /// Something in a pane, which may be another tab's by now.
    Pane(pane::Id, pane::Message),
    /// A pane was clicked.
    Clicked(Slot),
    /// The line between panes was moved.
    Resized(ResizeEvent),
    /// A pane is dragged.
    Dragged(DragEvent),
    /// A pane is to be shown alone, or all of them again.
    Zoom(Slot),
    /// A pane is to be closed.
    Close(pane::Id),
}

/// What a tab wants of its window.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// It is to be closed.
    Close,
    /// The saved host behind one of its panes is to be edited.
    Edit(host::Id),
    /// This key of the window was pressed.
    Shortcut(Shortcut),
    /// This pane is to come to the front, with its window.
    Show(pane::Id),
    /// This saved host allows this from now on; and this task is to be run.
    Permit(host::Id, host::Permission, Task<Message>),
    /// The quick-connect field is to be filled with this, for the user to look at.
    Prefill(String),
    /// The settings of terminals are to be these, from now on.
    Choose(Box<settings::Terminal>),
    /// The window is to ask for attention.
    Attention,
    /// The terminals' text is to grow by this many steps; 0 gives it its size back.
    FontSize(i8),
}

impl Tab {
    /// A tab of a pane that was another tab's.
    #[must_use]
    pub fn of(pane: Pane) -> Self {
        let (panes, focused) = pane_grid::State::new(pane);
        Self { id: Id(pane::Id::next().0), panes, focused, shown: false, name: None, hue: None, picked: None }
    }

    /// Opens a tab with one pane, which starts to connect.
    pub fn new(target: Target, services: Services) -> (Self, Task<Message>) {
        let id = Id(pane::Id::next().0);
        let (pane, task) = Pane::new(target, services);
        let task = inside(pane.id(), task);
        let (panes, focused) = pane_grid::State::new(pane);
        (Self { id, panes, focused, shown: false, name: None, hue: None, picked: None }, task)
    }

    /// Handles what happened; nothing where it happened in a pane that is not its own.
    pub fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Pane(id, message) => return self.tell(id, message),
            Message::Clicked(slot) => self.focus(slot),
            Message::Resized(ResizeEvent { split, ratio }) => self.resize(split, ratio),
            Message::Dragged(event) => self.drag(event),
            Message::Zoom(slot) => self.zoom(slot),
            Message::Close(id) => return self.close(id),
        }
        Action::None
    }

    fn tell(&mut self, id: pane::Id, message: pane::Message) -> Action {
        let Some(slot) = self.slot(id) else { return Action::None };
        if message.is_by_hand() {
            self.focus(slot);
        }
        let Some(pane) = self.panes.get_mut(slot) else { return Action::None };
        let action = pane.update(message);
        self.obey(id, action)
    }

    /// Handles a key of the window that is the tab's, or that of its pane with the keyboard.
    pub fn shortcut(&mut self, shortcut: Shortcut) -> Action {
        match shortcut {
            Shortcut::SplitRight => return self.split(Axis::Vertical),
            Shortcut::SplitDown => return self.split(Axis::Horizontal),
            Shortcut::ClosePane => return self.close(self.pane().id()),
            Shortcut::ZoomPane => self.zoom(self.focused),
            Shortcut::PaneLeft => self.focus_towards(Direction::Left),
            Shortcut::PaneRight => self.focus_towards(Direction::Right),
            Shortcut::PaneUp => return self.focus_above(),
            Shortcut::PaneDown => self.focus_towards(Direction::Down),
            Shortcut::PushLeft => self.push(Direction::Left),
            Shortcut::PushRight => self.push(Direction::Right),
            Shortcut::PushUp => self.push(Direction::Up),
            Shortcut::PushDown => self.push(Direction::Down),
            inner => return self.shortcut_in_pane(inner),
        }
        Action::None
    }

    fn shortcut_in_pane(&mut self, shortcut: Shortcut) -> Action {
        let Some(pane) = self.panes.get_mut(self.focused) else { return Action::None };
        let (id, action) = (pane.id(), pane.shortcut(shortcut));
        self.obey(id, action)
    }

    fn obey(&mut self, id: pane::Id, action: pane::Action) -> Action {
        match action {
            pane::Action::None => Action::None,
            pane::Action::Run(task) => Action::Run(inside(id, task)),
            pane::Action::Close => self.close(id),
            pane::Action::Edit(host) => Action::Edit(host),
            pane::Action::Shortcut(shortcut) => Action::Shortcut(shortcut),
            pane::Action::Show => {
                self.bring(id);
                Action::Show(id)
            }
            pane::Action::Permit(host, permission, task) => Action::Permit(host, permission, inside(id, task)),
            pane::Action::Prefill(text) => Action::Prefill(text),
            pane::Action::Attention => Action::Attention,
            pane::Action::FontSize(steps) => Action::FontSize(steps),
            pane::Action::Choose(settings) => Action::Choose(settings),
        }
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// What the tab bar calls it: what the user does, else as the pane with the keyboard is called.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.pane().title())
    }

    /// What the user calls it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Calls it by this name, cut to [`NAME`] characters and without such as mislead or break the line; by none it is
    /// called as its pane is again.
    pub fn set_name(&mut self, name: &str) {
        let name: String = name.trim().chars().filter(|c| !c.is_control() && !is_deceptive(*c)).take(NAME).collect();
        self.name = Some(name).filter(|name| !name.is_empty());
    }

    /// The colour that the user gave it.
    #[must_use]
    pub fn hue(&self) -> Option<Hue> {
        self.hue
    }

    /// Gives it a colour, or none.
    pub fn set_hue(&mut self, hue: Option<Hue>) {
        self.hue = hue;
    }

    /// What the tab bar shows beside the title: of all panes' marks the one that matters most.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let urgent = [Mark::Asks, Mark::Rang];
        let urgent = urgent.into_iter().find(|mark| self.panes().any(|pane| pane.mark() == *mark));
        urgent.unwrap_or_else(|| self.pane().mark())
    }

    /// The pane that has the keyboard.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "`focused` is moved before its pane is taken away")]
    pub fn pane(&self) -> &Pane {
        &self.panes.panes[&self.focused]
    }

    /// All panes, in the order in which they were opened.
    pub fn panes(&self) -> impl Iterator<Item = &Pane> {
        self.panes.panes.values()
    }

    /// All panes, to be changed.
    pub fn panes_mut(&mut self) -> impl Iterator<Item = &mut Pane> {
        self.panes.panes.values_mut()
    }

    /// Those of its panes whose sessions are logged.
    pub fn logged(&self) -> impl Iterator<Item = &Pane> {
        self.panes().filter(|pane| pane.log_file().is_some())
    }

    /// The pane that is dragged.
    #[must_use]
    pub fn picked(&self) -> Option<pane::Id> {
        self.picked.and_then(|slot| self.panes.get(slot)).map(Pane::id)
    }

    /// No pane is dragged any more.
    pub fn let_go(&mut self) {
        self.picked = None;
    }

    /// Whether a pane is one of its own.
    #[must_use]
    pub fn has(&self, id: pane::Id) -> bool {
        self.panes().any(|pane| pane.id() == id)
    }

    /// Whether one of its panes gets what is typed in others, or the others what is typed in it.
    #[must_use]
    pub fn is_fed(&self) -> bool {
        self.panes().any(Pane::is_fed)
    }

    /// Where the keyboard belongs.
    #[must_use]
    pub fn home(&self) -> Option<WidgetId> {
        self.pane().home()
    }

    /// Brings it to the front, or puts it behind.
    pub fn set_shown(&mut self, shown: bool) {
        self.shown = shown;
        for pane in self.panes_mut() {
            pane.set_shown(shown);
        }
    }

    /// Takes other settings, colours and keys, now and for later attempts.
    pub fn configure(&mut self, services: &Services) {
        for pane in self.panes_mut() {
            pane.configure(services);
        }
    }
}

/// A pane's task as its tab's.
fn inside(id: pane::Id, task: Task<pane::Message>) -> Task<Message> {
    task.map(move |message| Message::Pane(id, message))
}

#[cfg(test)]
mod tests;
