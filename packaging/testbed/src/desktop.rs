//! A connection of our own to an X server under test: through it tests look at windows, take pictures and type.

use std::sync::Arc;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xkb::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask, InputFocus};
use x11rb::rust_connection::RustConnection;

use crate::deadline::{Deadline, Expired};
use crate::window::Window;

/// Why a desktop does not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The connection ended in between.
    #[error("the connection to the X server was lost: {0}")]
    Lost(#[from] x11rb::errors::ConnectionError),
    /// The server refused a request, or went before it answered.
    #[error("the X server refused a request: {0}")]
    Refused(#[from] x11rb::errors::ReplyError),
    /// The server has no screen.
    #[error("the X server has no screen")]
    NoScreen,
    /// Something did not come in time.
    #[error(transparent)]
    Expired(#[from] Expired),
}

/// The first screen of an X server, for looking at it and acting on it from outside. Clones share the connection.
#[derive(Debug, Clone)]
pub struct Desktop {
    connection: Arc<RustConnection>,
    root: u32,
}

impl Desktop {
    /// Looks at the server through `connection`.
    ///
    /// # Errors
    /// [`Error::NoScreen`].
    pub fn new(connection: RustConnection) -> Result<Self, Error> {
        let root = connection.setup().roots.first().map(|screen| screen.root).ok_or(Error::NoScreen)?;
        Ok(Self { connection: Arc::new(connection), root })
    }

    /// The connection itself.
    #[must_use]
    pub fn connection(&self) -> &RustConnection {
        &self.connection
    }

    /// The root window's identifier.
    #[must_use]
    pub fn root(&self) -> u32 {
        self.root
    }

    /// The windows that programs show, the topmost last.
    ///
    /// # Errors
    /// [`Error::Lost`] and [`Error::Refused`] when the server has gone.
    pub fn windows(&self) -> Result<Vec<Window>, Error> {
        Window::all(self)
    }

    /// The topmost window for which `wanted` holds.
    ///
    /// # Errors
    /// As [`Desktop::windows`].
    pub fn find(&self, wanted: impl Fn(&Window) -> bool) -> Result<Option<Window>, Error> {
        Ok(self.windows()?.into_iter().rev().find(wanted))
    }

    /// Waits for a window whose class or instance is `class`, in any case of letters.
    ///
    /// # Errors
    /// [`Error::Expired`] with the windows that there are instead; else as [`Desktop::windows`].
    pub fn wait_for_window(&self, class: &str, deadline: Deadline) -> Result<Window, Error> {
        let found = deadline
            .wait_for(&format!("a window of class '{class}'"), || self.find(|window| window.is(class)).transpose());
        match found {
            Ok(window) => window,
            Err(mut expired) => {
                let there: Vec<_> = self.windows()?.into_iter().map(|window| window.to_string()).collect();
                expired.what = format!("{}; there are: {}", expired.what, there.join(", "));
                Err(expired.into())
            }
        }
    }

    /// Gives `window` the keyboard, as a window manager would: there is none under a bare server.
    ///
    /// # Errors
    /// [`Error::Refused`] when the window is gone or not shown.
    pub fn focus(&self, window: &Window) -> Result<(), Error> {
        let cookie = self.connection.set_input_focus(InputFocus::PARENT, window.id, x11rb::CURRENT_TIME)?;
        Ok(cookie.check()?)
    }

    /// Moves the upper left corner of `window` to a point of the screen, as its user does by its title bar.
    ///
    /// # Errors
    /// [`Error::Refused`] when the window is gone.
    pub fn move_to(&self, window: &Window, x: i32, y: i32) -> Result<(), Error> {
        let place = ConfigureWindowAux::new().x(x).y(y);
        Ok(self.connection.configure_window(window.id, &place)?.check()?)
    }

    /// Asks `window` to close, as a window manager does when its user presses the cross (ICCCM 4.2.8.1).
    ///
    /// # Errors
    /// [`Error::Refused`] when the window is gone.
    pub fn close(&self, window: &Window) -> Result<(), Error> {
        let atom = |name: &[u8]| -> Result<u32, Error> { Ok(self.connection.intern_atom(false, name)?.reply()?.atom) };
        let data = [atom(b"WM_DELETE_WINDOW")?, x11rb::CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window.id, atom(b"WM_PROTOCOLS")?, data);
        Ok(self.connection.send_event(false, window.id, EventMask::NO_EVENT, event)?.check()?)
    }

    /// Whether `window` asks for attention: the urgency hint of its `WM_HINTS` (ICCCM 4.1.2.4).
    ///
    /// # Errors
    /// [`Error::Refused`] when the window is gone.
    pub fn is_urgent(&self, window: &Window) -> Result<bool, Error> {
        const URGENCY: u32 = 1 << 8;
        let hints = self.connection.get_property(false, window.id, AtomEnum::WM_HINTS, AtomEnum::WM_HINTS, 0, 9)?;
        let flags = hints.reply()?.value32().and_then(|mut values| values.next());
        Ok(flags.is_some_and(|flags| flags & URGENCY != 0))
    }

    /// Counts from now on how often the server is asked to ring its bell, which no speaker need be there for.
    ///
    /// # Errors
    /// [`Error::Refused`] by a server without the X keyboard extension.
    pub fn listen_for_bells(&self) -> Result<(), Error> {
        let _version = self.connection.xkb_use_extension(1, 0)?.reply()?;
        let (core, bells) = (u16::from(xkb::ID::USE_CORE_KBD), xkb::EventType::BELL_NOTIFY);
        let (none, details) = (xkb::EventType::from(0_u16), xkb::SelectEventsAux::new());
        let no_map = xkb::MapPart::from(0_u16);
        let cookie = self.connection.xkb_select_events(core, none, bells, no_map, no_map, &details)?;
        Ok(cookie.check()?)
    }

    /// How many bells rang since this was last asked.
    ///
    /// # Errors
    /// [`Error::Lost`] when the server has gone.
    pub fn bells(&self) -> Result<usize, Error> {
        let mut bells = 0;
        while let Some(event) = self.connection.poll_for_event()? {
            bells += usize::from(matches!(event, Event::XkbBellNotify(_)));
        }
        Ok(bells)
    }

    /// Gives `window` another size in pixels, as its user does by dragging a corner.
    ///
    /// # Errors
    /// [`Error::Refused`] when the window is gone.
    pub fn resize(&self, window: &Window, width: u32, height: u32) -> Result<(), Error> {
        let size = ConfigureWindowAux::new().width(width).height(height);
        Ok(self.connection.configure_window(window.id, &size)?.check()?)
    }
}
