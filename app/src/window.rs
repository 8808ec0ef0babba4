//! The windows: what opens them, what closes them, and who gets to hear what happens.
//!
//! ```text
//!   run ──► Window (the root, only routes) ──► Frame (one window) ──► screen::Hosts
//!                                                             └─────► Tab ──► Pane ──► widget::terminal
//! ```

pub mod broadcast;
pub mod closing;
pub mod frame;
pub mod library;
pub mod palette;
pub mod preferences;
pub mod renderer;
pub mod shortcut;

mod carry;
mod choices;
mod executor;
mod icon;
mod remote;
mod tab_bar;
pub mod tab_label;
pub mod tab_menu;
mod watch;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use iced::{Element, Event, Point, Size, Subscription, Task, Theme, event, window};

use crate::cli::complain;
use crate::control::{Call, Server};
use crate::pane::{self, Target};
use crate::screen::settings::Preview;
use crate::store::settings::{Settings, Theme as Brightness};
use crate::store::{Folders, WindowState};
use crate::tab::Tab;
use crate::theme::{Mode, font, size, system};
use crate::widget::terminal::ahead::{self, Ahead};

pub use frame::Frame;
pub use library::Library;
pub use shortcut::{Bindings, Shortcut};

/// What the desktop knows the program by: the name of its `.desktop` file and its windows' class.
pub const APPLICATION_ID: &str = "tetherm";

/// The smallest size in which everything can still be reached.
const SMALLEST: Size = Size::new(480.0, 320.0);

/// How the window is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The socket to listen at for `tetherm ctl`.
    pub control: Option<PathBuf>,
    /// What to open a tab for: a saved host's name, or whatever the quick-connect field takes.
    pub open: Option<String>,
}

/// The windows of this program.
#[derive(Debug)]
pub struct Window {
    frames: BTreeMap<window::Id, Frame>,
    folders: Option<Folders>,
    mode: Mode,
    services: pane::Services,
    library: Library,
    /// What terminals look like while something is chosen.
    preview: Option<Box<Preview>>,
    /// The window that came to the front last.
    front: Option<window::Id>,
    /// The windows that came to the front, the last one first.
    recent: Vec<window::Id>,
    /// The window in whose tab bar something would go that the mouse carries, while it carries anything.
    carried: Option<Option<window::Id>>,
}

/// What happens, and to which window.
#[derive(Debug, Clone)]
pub enum Message {
    /// A window is there.
    Opened(window::Id),
    /// The user wants a window closed.
    CloseRequested(window::Id),
    /// A window is gone.
    Closed(window::Id),
    /// The system tells something of a window.
    Changed(window::Id, frame::Change),
    /// The desktop turned dark or light.
    Mode(Mode),
    /// Something inside of a window.
    Frame(window::Id, frame::Message),
    /// What came of what a window asked of the library; `None` is the start.
    Library(Option<window::Id>, Box<library::Message>),
    /// What came of reading or writing the settings.
    Preferences(preferences::Message),
    /// Somebody drives the windows through the control socket.
    Control(Call),
}

/// Opens the window and runs until the last one is closed. Call it while the process has a single thread: the choice
/// of the renderer goes through the environment.
#[must_use]
pub fn run(options: Options) -> ExitCode {
    let folders = Folders::user().map_err(|error| log::warn!("{error}")).ok();
    let target = match options.open.as_deref().map(|text| Library::read_target(folders.as_ref(), text)).transpose() {
        Ok(target) => target,
        Err(error) => {
            complain(&error);
            return ExitCode::from(2);
        }
    };
    let server = match options.control.as_deref().map(Server::bind).transpose() {
        Ok(server) => Arc::new(Mutex::new(server)),
        Err(error) => {
            complain(&error);
            return ExitCode::FAILURE;
        }
    };
    renderer::choose(load_settings(folders.as_ref()).renderer);
    let boot = move || {
        let (window, task) = Window::new(target.clone(), folders.clone());
        // It boots once; the lock is only there because iced might do it again.
        let server = server.lock().unwrap_or_else(PoisonError::into_inner).take();
        let calls = server.map_or(Task::none(), |server| Task::run(server.calls(), Message::Control));
        (window, Task::batch([task, calls]))
    };
    let daemon = iced::daemon(boot, Window::update, Window::view)
        .executor::<executor::Executor>()
        .title(Window::title)
        .theme(|window: &Window, _: window::Id| window.mode.theme())
        .subscription(Window::subscription)
        .settings(iced::Settings {
            id: Some(APPLICATION_ID.to_owned()),
            fonts: font::files().into_iter().map(Into::into).collect(),
            default_font: font::UI,
            default_text_size: size::BODY.into(),
            ..iced::Settings::default()
        });
    let end = daemon.run();
    // What panes were writing to files goes on for a moment without them.
    let _ = term::terminal::recording::finish_all(std::time::Duration::from_secs(3));
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format_args!("the window cannot be opened: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn load_settings(folders: Option<&Folders>) -> Settings {
    let load = |folders: &Folders| Settings::load(&folders.settings());
    // A broken file is reported on the hosts screen, which reads it again; the window opens with the defaults.
    folders.map(load).transpose().unwrap_or_default().unwrap_or_default()
}

impl Window {
    fn new(open: Option<Target>, folders: Option<Folders>) -> (Self, Task<Message>) {
        let secrets = crate::store::Secrets::new();
        let (library, read) = Library::new(folders.as_ref(), secrets.clone());
        let preferences = library.preferences();
        let mode = Mode::default();
        let services = pane::Services {
            pool: std::sync::Arc::default(),
            secrets,
            palette: preferences.palette(mode),
            settings: preferences.settings().terminal.clone(),
            schemes: preferences.schemes().clone(),
            bindings: preferences.bindings().clone(),
            permissions: pane::Permissions::default(),
        };
        let frames = BTreeMap::new();
        let mut window = Self {
            frames,
            folders,
            mode,
            services,
            library,
            preview: None,
            front: None,
            recent: Vec::new(),
            carried: None,
        };
        let told = window.configure();
        let open = window.open(open);
        let read = read.map(|message| Message::Library(None, Box::new(message)));
        (window, Task::batch([told, open, read]))
    }

    /// Opens a window, with this tab if there is one to open with.
    fn open(&mut self, target: Option<Target>) -> Task<Message> {
        let state = self.folders.as_ref().map(|folders| WindowState::load(&folders.window_state())).unwrap_or_default();
        let (id, open) = self.add(state);
        let tab = target.and_then(|target| Some(self.frames.get_mut(&id)?.open(target)));
        let tab = tab.map_or_else(Task::none, |tab| tab.map(move |message| Message::Frame(id, message)));
        Task::batch([open, tab])
    }

    fn placed(state: WindowState) -> window::Settings {
        let (width, height) = state.size;
        window::Settings {
            size: Size::new(width, height),
            min_size: Some(SMALLEST),
            maximized: state.maximized,
            position: match state.position {
                Some((x, y)) => window::Position::Specific(Point::new(x, y)),
                None => window::Position::default(),
            },
            icon: icon::load(),
            exit_on_close_request: false,
            #[cfg(target_os = "linux")]
            platform_specific: window::settings::PlatformSpecific {
                application_id: APPLICATION_ID.to_owned(),
                ..Default::default()
            },
            ..window::Settings::default()
        }
    }

    fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Opened(id) => {
                let scale = window::scale_factor(id).map(frame::Change::Scale);
                Task::batch([scale, self.ahead(id), Self::locate(id)]).map(move |change| Message::Changed(id, change))
            }
            Message::CloseRequested(id) => self.with(id, |frame, _| frame.request_close()),
            Message::Closed(id) => self.closed(id),
            Message::Changed(id, change) => {
                if matches!(change, frame::Change::Focused) {
                    self.front = Some(id);
                    self.recent.retain(|other| *other != id);
                    self.recent.insert(0, id);
                }
                self.with(id, |frame, _| frame.changed(change))
            }
            Message::Mode(mode) => self.set_mode(mode),
            Message::Frame(id, message) => {
                let id = self.owner(&message).unwrap_or(id);
                self.with(id, |frame, library| frame.update(message, library))
            }
            Message::Library(asker, message) => self.tell(asker, &message),
            Message::Preferences(message) => self.hear_preferences(message),
            Message::Control(call) => self.control(&call),
        }
    }

    /// The window that has the pane which a message is about: it may have moved there meanwhile.
    fn owner(&self, message: &frame::Message) -> Option<window::Id> {
        let frame::Message::Pane(pane, _) = message else { return None };
        let (id, _) = self.frames.iter().find(|(_, frame)| frame.tabs().iter().any(|tab| tab.has(*pane)))?;
        Some(*id)
    }

    /// Where frames are drawn in software: a way past them for what is typed.
    fn ahead(&self, id: window::Id) -> Task<frame::Change> {
        if !renderer::is_software_chosen() {
            return Task::none();
        }
        window::run(id, |window| ahead::window(window))
            .and_then(|window| {
                Task::future(async move {
                    let connected = tokio::task::spawn_blocking(move || Ahead::connect(window)).await;
                    connected.ok().flatten().map(Arc::new)
                })
            })
            .and_then(|ahead| Task::done(frame::Change::Ahead(ahead)))
    }

    /// Lets a window do something, and does for it what only the root can.
    fn with(&mut self, id: window::Id, work: impl FnOnce(&mut Frame, &Library) -> frame::Action) -> Task<Message> {
        let Some(frame) = self.frames.get_mut(&id) else { return Task::none() };
        let action = work(frame, &self.library);
        frame.feed();
        match action {
            frame::Action::None => Task::none(),
            frame::Action::Run(task) => task.map(move |message| Message::Frame(id, message)),
            frame::Action::Ask(request) => self.ask(id, request),
            frame::Action::Prefer(wish, task) => self.grant(id, wish, task),
            frame::Action::Open(tab, task) => {
                let state = frame.place(false);
                let open = self.open_beside(state, tab);
                Task::batch([open, task.map(move |message| Message::Frame(id, message))])
            }
            frame::Action::Carry(carry) => self.carry(id, carry),
            frame::Action::Give(tab, to) => self.give(id, tab, to),
            frame::Action::Close => self.close(id),
            frame::Action::Quit => self.quit(id),
            frame::Action::CloseAll => self.close_all(),
        }
    }

    /// Opens another window as large as the one with this state, perhaps with a tab of it.
    fn open_beside(&mut self, state: WindowState, tab: Option<Box<Tab>>) -> Task<Message> {
        let (id, open) = self.add(state);
        let adopt = match (tab, self.frames.get_mut(&id)) {
            (Some(tab), Some(frame)) => frame.adopt(*tab, None),
            _ => Task::none(),
        };
        Task::batch([open, adopt.map(move |message| Message::Frame(id, message))])
    }

    /// Opens a window that shows the hosts.
    fn add(&mut self, state: WindowState) -> (window::Id, Task<Message>) {
        let (id, opened) = window::open(Self::placed(state));
        let services = self.services.clone();
        let (frame, hosts) = Frame::new(id, state, services, &self.library);
        let _none = self.frames.insert(id, frame);
        self.count();
        (id, Task::batch([opened.map(Message::Opened), hosts.map(move |message| Message::Frame(id, message))]))
    }

    /// Has the files read or changed for a window.
    fn ask(&self, id: window::Id, request: library::Request) -> Task<Message> {
        let reload = match request {
            library::Request::Reload => self.library.preferences().reload().map(Message::Preferences),
            _ => Task::none(),
        };
        let serve = self.library.serve(request).map(move |message| Message::Library(Some(id), Box::new(message)));
        Task::batch([serve, reload])
    }

    /// Tells every window what came of what one of them asked for.
    fn tell(&mut self, asker: Option<window::Id>, message: &library::Message) -> Task<Message> {
        self.library.update(message);
        let ids: Vec<_> = self.frames.keys().copied().collect();
        let tell = |id| {
            let message = message.clone();
            self.with(id, move |frame, library| frame.library(message, Some(id) == asker, library))
        };
        Task::batch(ids.into_iter().map(tell))
    }

    /// The window that came to the front last, else the oldest.
    fn front(&self) -> Option<(window::Id, &Frame)> {
        let front = self.front.and_then(|id| self.frames.get_key_value(&id));
        front.or_else(|| self.frames.first_key_value()).map(|(id, frame)| (*id, frame))
    }

    fn close(&self, id: window::Id) -> Task<Message> {
        self.keep_place(id).chain(window::close(id))
    }

    /// Closes all windows; this one asks once if that ends sessions in any of them.
    fn quit(&mut self, id: window::Id) -> Task<Message> {
        let live: Vec<_> = self.frames.values().flat_map(Frame::live).collect();
        if live.is_empty() {
            return self.close_all();
        }
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.ask_to_quit(live);
        }
        Task::none()
    }

    fn close_all(&self) -> Task<Message> {
        Task::batch(self.frames.keys().map(|id| self.close(*id)))
    }

    /// Has the window opened as large as this one next time, if it is the one that was in front last: with several, the
    /// order in which a desktop closes them says nothing of which is the user's.
    fn keep_place(&self, id: window::Id) -> Task<Message> {
        let (Some(frame), Some(folders)) = (self.frames.get(&id), self.folders.clone()) else { return Task::none() };
        if self.front.is_some_and(|front| front != id) {
            return Task::none();
        }
        let (windowed, maximized) = (frame.place(false), frame.place(true));
        window::is_maximized(id)
            .then(move |is_maximized| {
                let (state, folders) = (if is_maximized { maximized } else { windowed }, folders.clone());
                Task::future(async move {
                    let save = move || state.save(&folders.window_state());
                    if let Ok(Err(error)) = tokio::task::spawn_blocking(save).await {
                        log::warn!("the window's size is not kept: {error}");
                    }
                })
            })
            .discard()
    }

    fn closed(&mut self, id: window::Id) -> Task<Message> {
        // The tabs go with it: their work is aborted, their shells are closed.
        drop(self.frames.remove(&id));
        self.recent.retain(|other| *other != id);
        self.count();
        if self.frames.is_empty() { iced::exit() } else { Task::none() }
    }

    fn set_mode(&mut self, mode: Mode) -> Task<Message> {
        self.mode = mode;
        self.configure()
    }

    fn title(&self, id: window::Id) -> String {
        self.frames.get(&id).map_or_else(|| "Tetherm".to_owned(), Frame::title)
    }

    fn view(&self, id: window::Id) -> Element<'_, Message, Theme> {
        match self.frames.get(&id) {
            Some(frame) => frame.view(&self.library).map(move |message| Message::Frame(id, message)),
            None => iced::widget::space().into(),
        }
    }

    fn subscription(&self) -> Subscription<Message> {
        let system = match self.library.preferences().settings().theme {
            Brightness::System => Subscription::run(system::modes).map(Message::Mode),
            Brightness::Light | Brightness::Dark => Subscription::none(),
        };
        let frames = self.frames.iter().map(|(id, frame)| {
            frame.subscription(&self.library).with(*id).map(|(id, message)| Message::Frame(id, message))
        });
        Subscription::batch(frames.chain([event::listen_with(listen), system]))
    }
}

/// What of all that happens is the root's. Everything else is the widgets' own.
fn listen(event: Event, _status: event::Status, id: window::Id) -> Option<Message> {
    match event {
        Event::Window(window::Event::CloseRequested) => Some(Message::CloseRequested(id)),
        Event::Window(window::Event::Closed) => Some(Message::Closed(id)),
        Event::Window(window::Event::Opened { size, .. } | window::Event::Resized(size)) => {
            Some(Message::Changed(id, frame::Change::Size(size)))
        }
        Event::Window(window::Event::Moved(point)) => Some(Message::Changed(id, frame::Change::Position(Some(point)))),
        Event::Window(window::Event::Rescaled(scale)) => Some(Message::Changed(id, frame::Change::Scale(scale))),
        Event::Window(window::Event::Focused) => Some(Message::Changed(id, frame::Change::Focused)),
        Event::Window(window::Event::Unfocused) => Some(Message::Changed(id, frame::Change::Unfocused)),
        _ => None,
    }
}
