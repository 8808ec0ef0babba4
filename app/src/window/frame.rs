//! One window: the tab bar, and below it the hosts or a tab.

mod bar;
mod carry;
mod hosts;
mod keys;
mod landing;
mod palette;
mod place;
mod quit;
mod settings;
mod several;
mod tabs;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use iced::widget::{Id, column, container, stack};
use iced::{Element, Length, Point, Size, Task, event, keyboard, window};

use super::broadcast::{self, Broadcast};
use super::closing::{self, Closing};
use super::library::{Library, Request};
use super::palette::Palette;
use super::shortcut::Shortcut;
use super::tab_bar::{self, TabBar};
use super::{tab_label, tab_menu, watch};
use crate::pane::{self, Target};
use crate::screen::{self, Hosts};
use crate::store::{Settings, WindowState};
use crate::tab::{self, Look, Place, Tab};
use crate::widget::reorder::Act;
use crate::widget::terminal::ahead::Ahead;
use crate::widget::{Focus, unless_taken};

pub use carry::{Carry, Load};
pub use landing::Incoming;
pub use place::Change;
pub use settings::Wish;

use bar::Above;
use landing::Room;
use tabs::Tabs;

/// One window.
#[derive(Debug)]
pub struct Frame {
    id: window::Id,
    number: u64,
    hosts: Hosts,
    tabs: Tabs,
    tab_bar: TabBar,
    services: pane::Services,
    original_font_size: f32,
    font_size: f32,
    full_screen: bool,
    /// How many windows there are.
    windows: usize,
    /// Its upper left corner on the desktop, where that tells.
    position: Option<Point>,
    /// Whether a tab or pane of it is out of reach of its own place, by the mouse.
    carries: bool,
    /// Where something would go that the mouse carries.
    incoming: Option<Incoming>,
    /// The tab that was in front until the mouse carried it away.
    aside: Option<tab::Id>,
    /// Where the content is, below the bars.
    room: Room,
    /// Which panes get what is typed, where that is more than one.
    broadcast: Option<Broadcast>,
    closing: Option<Closing>,
    /// The settings screen, while it is in front of the tabs and the hosts.
    settings: Option<screen::Settings>,
    /// The command palette, while it is open.
    palette: Option<Palette>,
    /// What the tab bar opened over the window.
    above: Option<Above>,
    size: Size,
    /// How it was opened.
    opened: WindowState,
    /// Physical pixels to the logical one; `None` until the system has told.
    scale: Option<f32>,
    ahead: Option<Arc<Ahead>>,
}

/// What happens in a window.
#[derive(Debug, Clone)]
pub enum Message {
    /// The hosts come to the front.
    Home,
    /// Another tab is wanted: the hosts come to the front, with the field focused.
    New,
    /// A key was pressed that no widget wanted, and that these commands have.
    Key(Vec<Shortcut>),
    /// A tab comes to the front.
    Show(tab::Id),
    /// A tab is to be closed.
    Close(tab::Id),
    /// The tab bar is to be scrolled by so many logical pixels.
    ScrollTabs(f32),
    /// The mouse did something with a tab in the bar.
    Bar(Act),
    /// All tabs are to be listed, or no longer.
    ListTabs,
    /// The mark of a tab that is logged was pressed.
    LogMark(tab::Id),
    /// A pane was taken out of its place by the mouse.
    Carry(Carry),
    /// Something in a menu of the tab bar.
    Menu(tab_menu::Message),
    /// Something about the name and colour of a tab.
    Label(tab_label::Message),
    /// Something in the user's guide.
    Guide(screen::guide::Message),
    /// The window is to fill the screen no longer.
    LeaveFullScreen,
    /// Something in a pane.
    Pane(pane::Id, pane::Message),
    /// Something between the panes of a tab.
    Tab(tab::Id, tab::Message),
    /// Something in the strip of the broadcast.
    Broadcast(broadcast::Message),
    /// Something on the hosts screen.
    Hosts(screen::hosts::Message),
    /// The settings are to be shown, or left.
    OpenSettings,
    /// Something on the settings screen.
    Settings(screen::settings::Message),
    /// Terminals are to look as the settings say again.
    Restore,
    /// The command palette is to be opened, or closed.
    OpenPalette,
    /// Something in the command palette.
    Palette(super::palette::Message),
    /// The hosts are to be read or changed.
    Ask(Request),
    /// The question before closing is answered.
    Closing(closing::Message),
}

/// What a window wants of the root.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// The hosts are to be read or changed.
    Ask(Request),
    /// Settings are to be read, changed or tried; then this task is to be run.
    Prefer(Wish, Task<Message>),
    /// Another window is to be opened, perhaps with this tab; then this task is to be run.
    Open(Option<Box<Tab>>, Task<Message>),
    /// The mouse carries a tab or a pane.
    Carry(Carry),
    /// A tab is to go to another window: to this one, or the user is to choose.
    Give(tab::Id, Option<window::Id>),
    /// It is to be closed.
    Close,
    /// All windows are to be closed; it is to ask first where that ends sessions.
    Quit,
    /// All windows are to be closed, at once.
    CloseAll,
}

impl Frame {
    /// A window that shows the hosts.
    pub fn new(
        id: window::Id,
        opened: WindowState,
        services: pane::Services,
        library: &Library,
    ) -> (Self, Task<Message>) {
        let font_size = services.settings.font_size;
        let (hosts, task) = Hosts::new(library.data());
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let frame = Self {
            id,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            hosts,
            tabs: Tabs::default(),
            tab_bar: TabBar::new(),
            services,
            original_font_size: font_size,
            font_size,
            full_screen: false,
            windows: 1,
            position: None,
            carries: false,
            incoming: None,
            aside: None,
            room: Room::default(),
            broadcast: None,
            closing: None,
            settings: None,
            palette: None,
            above: None,
            size: Size::ZERO,
            opened,
            scale: None,
            ahead: None,
        };
        (frame, task.map(Message::Hosts))
    }

    /// Opens a tab and brings it to the front.
    pub fn open(&mut self, target: Target) -> Task<Message> {
        let (tab, task) = Tab::new(target, self.services.clone());
        let id = tab.id();
        self.tabs.open(tab);
        let focus = self.show(Some(id));
        Task::batch([task.map(move |message| inside(id, message)), focus])
    }

    /// Handles what happened.
    pub fn update(&mut self, message: Message, library: &Library) -> Action {
        match message {
            Message::Home | Message::New => Action::Run(self.show(None)),
            Message::Key(shortcuts) => self.key(&shortcuts, library),
            Message::Show(id) => Action::Run(self.show(Some(id))),
            Message::Close(id) => Action::Run(self.close(id)),
            Message::ScrollTabs(distance) => Action::Run(self.tab_bar.scroll(distance)),
            Message::Bar(act) => self.act(act),
            Message::ListTabs => self.list_tabs(),
            Message::LogMark(id) => self.log_menu(id),
            Message::Carry(carry) => self.carry(carry),
            Message::Menu(message) => self.update_menu(message, library),
            Message::Label(message) => self.update_label(message),
            Message::Guide(message) => self.update_guide(&message),
            Message::LeaveFullScreen => Action::Run(Task::batch([self.toggle_full_screen(), self.focus_again()])),
            Message::Pane(id, message) => match self.tabs.with(id).map(|tab| tab.id()) {
                Some(tab) => self.tell(tab, tab::Message::Pane(id, message), library),
                None => Action::None,
            },
            Message::Tab(id, message) => self.tell(id, message, library),
            Message::Hosts(message) => {
                let action = self.hosts.update(message, library.data());
                self.obey_hosts(action, library)
            }
            Message::Broadcast(message) => Action::Run(self.update_broadcast(message)),
            Message::OpenSettings => self.toggle_settings(library),
            Message::Settings(message) => self.update_settings(message, library),
            Message::Restore => Action::Prefer(Wish::Preview(None), Task::none()),
            Message::OpenPalette => self.toggle_palette(library),
            Message::Palette(message) => self.update_palette(message, library),
            Message::Ask(request) => Action::Ask(request),
            Message::Closing(message) => self.answer_closing(&message),
        }
    }

    fn tell(&mut self, id: tab::Id, message: tab::Message, library: &Library) -> Action {
        let Some(tab) = self.tab_mut(id) else { return Action::None };
        let action = tab.update(message);
        self.obey(id, action, library)
    }

    fn obey(&mut self, id: tab::Id, action: tab::Action, library: &Library) -> Action {
        match action {
            tab::Action::None => Action::None,
            tab::Action::Run(task) => Action::Run(task.map(move |message| inside(id, message))),
            tab::Action::Close => Action::Run(self.close(id)),
            tab::Action::Edit(host) => {
                let home = self.show(None);
                let Some(host) = library.data().hosts.get(&host) else { return Action::Run(home) };
                let action = self.hosts.edit(host);
                match self.obey_hosts(action, library) {
                    Action::Run(edit) => Action::Run(home.chain(edit)),
                    other => other,
                }
            }
            tab::Action::Shortcut(shortcut) => self.shortcut(shortcut, library),
            tab::Action::Show(_) => {
                let raise = window::minimize(self.id, false).chain(window::gain_focus(self.id));
                Action::Run(Task::batch([self.show(Some(id)), raise]))
            }
            tab::Action::Permit(host, permission, task) => {
                let ask = Task::done(Message::Ask(Request::Permit(host, permission)));
                Action::Run(Task::batch([task.map(move |message| inside(id, message)), ask]))
            }
            tab::Action::Prefill(text) => self.prefill(text, library),
            tab::Action::Choose(terminal) => {
                let settings = Settings { terminal: *terminal, ..library.preferences().settings().clone() };
                Action::Prefer(Wish::Change(Box::new(settings)), Task::none())
            }
            tab::Action::Attention => {
                let kind = window::UserAttention::Informational;
                Action::Run(window::request_user_attention(self.id, Some(kind)))
            }
            tab::Action::FontSize(steps) => Action::Run(self.resize_text(steps)),
        }
    }

    /// Takes other settings, colours and keys.
    pub fn configure(&mut self, services: &pane::Services) {
        let size = services.settings.font_size;
        // A window whose text was made larger or smaller comes along when another size is chosen, and only then.
        if size != self.services.settings.font_size {
            self.font_size = size;
        }
        self.original_font_size = size;
        self.services = services.clone();
        for tab in self.tabs.iter_mut() {
            tab.configure(services);
        }
    }

    /// The window's title.
    #[must_use]
    pub fn title(&self) -> String {
        match self.tab() {
            Some(tab) => format!("{} — Tetherm", tab.title()),
            None => "Tetherm".to_owned(),
        }
    }

    /// The window.
    pub fn view<'a>(&'a self, library: &'a Library) -> Element<'a, Message> {
        let content = match (self.view_settings(library), self.tab()) {
            (Some(settings), _) => settings,
            (None, Some(tab)) => {
                let (id, context) = (tab.id(), self.context());
                let (font_size, scale) = (self.font_size, self.scale);
                // The question about closing, the palette and the menus lie over everything.
                let focused = self.closing.is_none() && self.palette.is_none() && self.above.is_none();
                let ahead = self.ahead.as_deref().filter(|_| focused);
                let look = Look { font_size, scale, focused, place: Place::Alone, context, ahead };
                tab.view(look).map(move |message| inside(id, message))
            }
            (None, None) => self.hosts.view(library.data()).map(Message::Hosts),
        };
        let content = container(content).width(Length::Fill).height(Length::Fill);
        let bar = self.tab_bar.view(
            self.tabs(),
            self.shown(),
            self.full_screen,
            self.place_in_bar(),
            &self.services.bindings,
        );
        // Esc that ends the drag of a tab is not the shell's.
        let content = self.pulled(self.room.note(unless_taken(content)));
        let window = column![bar, self.view_broadcast(), content];
        // Nothing is painted below: the window is cleared to the theme's background where something is drawn anew. The
        // stack is there without a second layer too, or the window would forget how far its parts are scrolled.
        let window = stack![window].push(self.view_over());
        Focus::new(window).home(self.home()).on_key(|event, status| self.key_message(event, status)).into()
    }

    /// What lies over the whole window: a question, the palette, a menu.
    fn view_over(&self) -> Option<Element<'_, Message>> {
        match (&self.closing, &self.palette) {
            (Some(closing), _) => Some(closing.view().map(Message::Closing)),
            (None, Some(palette)) => Some(palette.view().map(Message::Palette)),
            (None, None) => self.view_landing().or_else(|| self.view_above()),
        }
    }

    /// What a key means after the widgets had it: it is one of the window's, or one that what is shown listens to.
    fn key_message(&self, event: &keyboard::Event, status: event::Status) -> Option<Message> {
        match self.services.bindings.of(event) {
            shortcuts @ [_, ..] if status == event::Status::Ignored => Some(Message::Key(shortcuts.to_vec())),
            _ if self.closing.is_some() => None,
            _ if self.palette.is_some() => Palette::key(event, status).map(Message::Palette),
            _ if self.above.is_some() => self.above.as_ref().and_then(|above| above.key(event, status)),
            _ if self.settings.is_some() => screen::Settings::key(event, status).map(Message::Settings),
            _ if self.tab().is_none() => Hosts::key(event, status).map(Message::Hosts),
            _ => None,
        }
    }

    /// The tabs from the left.
    #[must_use]
    pub fn tabs(&self) -> &[Tab] {
        self.tabs.all()
    }

    /// The tab in front.
    #[must_use]
    pub fn tab(&self) -> Option<&Tab> {
        self.tabs.shown()
    }

    /// What the tab bar marks as shown.
    fn shown(&self) -> tab_bar::Shown {
        match (&self.settings, self.tab()) {
            (Some(_), _) => tab_bar::Shown::Settings,
            (None, Some(tab)) => tab_bar::Shown::Tab(tab.id()),
            (None, None) => tab_bar::Shown::Hosts,
        }
    }

    /// The tab with this identity.
    pub fn tab_mut(&mut self, id: tab::Id) -> Option<&mut Tab> {
        self.tabs.get_mut(id)
    }

    /// What the settings listen to while they are shown.
    pub fn subscription(&self, library: &Library) -> iced::Subscription<Message> {
        match (&self.settings, self.tab()) {
            (Some(settings), _) => settings.subscription().map(Message::Settings),
            // The hosts are in sight.
            (None, None) => watch::changes(library.sources()).map(|()| Message::Ask(Request::Files)),
            (None, Some(_)) => iced::Subscription::none(),
        }
    }

    fn show(&mut self, shown: Option<tab::Id>) -> Task<Message> {
        self.close_guide();
        let settings = self.close_settings();
        let before = self.home();
        self.tabs.show(shown);
        let again = if before == self.home() { self.focus_again() } else { Task::none() };
        let then = match self.tab() {
            Some(_) => self.reveal(),
            None => Task::done(Message::Ask(Request::Reload)),
        };
        Task::batch([settings, again, then])
    }

    /// Scrolls the tab bar so that the tab in front can be seen in it.
    fn reveal(&self) -> Task<Message> {
        match self.tabs.position() {
            Some(position) => self.tab_bar.reveal(position, self.tabs().len(), self.full_screen, self.size.width),
            None => Task::none(),
        }
    }

    /// Where the keyboard belongs in what is shown.
    fn home(&self) -> Option<Id> {
        if let (None, Some(palette)) = (&self.closing, &self.palette) {
            return Some(palette.home());
        }
        if let (None, Some(above)) = (&self.closing, &self.above) {
            return Some(above.home());
        }
        match (&self.closing, &self.settings, self.tab()) {
            (Some(closing), ..) => Some(closing.home()),
            (None, Some(settings), _) => settings.home(),
            (None, None, Some(tab)) => tab.home(),
            (None, None, None) => self.hosts.home(),
        }
    }

    /// Closes a tab; its neighbour comes to the front if it was there.
    fn close(&mut self, id: tab::Id) -> Task<Message> {
        match self.tabs.close(id) {
            Some(next) => self.show(next),
            None => Task::batch([self.focus_again(), self.reveal()]),
        }
    }

    fn move_tab(&mut self, by: isize) -> Task<Message> {
        self.tabs.shift(by);
        self.reveal()
    }

    fn resize_text(&mut self, steps: i8) -> Task<Message> {
        let size = if steps == 0 { self.original_font_size } else { self.font_size + f32::from(steps) };
        self.font_size = size.clamp(*Settings::FONT_SIZES.start(), *Settings::FONT_SIZES.end());
        Task::none()
    }

    fn toggle_full_screen(&mut self) -> Task<Message> {
        self.full_screen = !self.full_screen;
        let mode = if self.full_screen { window::Mode::Fullscreen } else { window::Mode::Windowed };
        window::set_mode(self.id, mode)
    }
}

/// What happens in a tab, as it is told to the window.
fn inside(id: tab::Id, message: tab::Message) -> Message {
    match message {
        tab::Message::Pane(id, message) => Message::Pane(id, message),
        between => Message::Tab(id, between),
    }
}

#[cfg(test)]
mod tests;
