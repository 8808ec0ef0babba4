//! What programs show on a display.

use std::fmt;

use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, MapState, Window as Id};
use x11rb::rust_connection::RustConnection;

use super::Error;

/// A window with a WM_CLASS that is mapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its X11 id.
    pub id: Id,
    /// The program's name as of WM_CLASS: `xeyes`.
    pub instance: String,
    /// The program's class as of WM_CLASS: `XEyes`.
    pub class: String,
    /// WM_NAME; empty when it is not set.
    pub title: String,
    /// From the left edge of its parent, in pixels.
    pub x: i16,
    /// From the upper edge of its parent, in pixels.
    pub y: i16,
    /// In pixels.
    pub width: u16,
    /// In pixels.
    pub height: u16,
}

impl Window {
    /// Whether `class` is its class or its instance, in any case of letters.
    #[must_use]
    pub fn is(&self, class: &str) -> bool {
        self.class.eq_ignore_ascii_case(class) || self.instance.eq_ignore_ascii_case(class)
    }

    /// Every such window of the first screen.
    pub(super) fn all(connection: &RustConnection) -> Result<Vec<Self>, Error> {
        let Some(screen) = x11rb::connection::Connection::setup(connection).roots.first() else {
            return Err(Error::Protocol("it has no screen".to_owned()));
        };
        let mut found = Vec::new();
        search(connection, screen.root, 0, &mut found)?;
        Ok(found)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} '{}'", self.instance, self.class, self.title)
    }
}

/// A window manager, where one runs, puts top-level windows into frames, and those at times into one more.
const DEPTH: usize = 3;

fn search(connection: &RustConnection, parent: Id, depth: usize, found: &mut Vec<Window>) -> Result<(), Error> {
    // A window may be destroyed between two requests: that is its end, not the search's.
    let Some(tree) = alive(connection.query_tree(parent).map_err(failed)?.reply())? else { return Ok(()) };
    for id in tree.children {
        match describe(connection, id)? {
            Some(window) => found.push(window),
            None if depth < DEPTH => search(connection, id, depth + 1, found)?,
            None => {}
        }
    }
    Ok(())
}

fn describe(connection: &RustConnection, id: Id) -> Result<Option<Window>, Error> {
    let Some(attributes) = alive(connection.get_window_attributes(id).map_err(failed)?.reply())? else {
        return Ok(None);
    };
    let Some(class) = text(connection, id, AtomEnum::WM_CLASS)? else { return Ok(None) };
    let Some(geometry) = alive(connection.get_geometry(id).map_err(failed)?.reply())? else { return Ok(None) };
    let mut names = class.split('\0');
    let (Some(instance), Some(class)) = (names.next(), names.next()) else { return Ok(None) };
    if attributes.map_state != MapState::VIEWABLE {
        return Ok(None);
    }
    Ok(Some(Window {
        id,
        instance: instance.to_owned(),
        class: class.to_owned(),
        title: text(connection, id, AtomEnum::WM_NAME)?.unwrap_or_default(),
        x: geometry.x,
        y: geometry.y,
        width: geometry.width,
        height: geometry.height,
    }))
}

fn text(connection: &RustConnection, id: Id, property: AtomEnum) -> Result<Option<String>, Error> {
    let request = connection.get_property(false, id, property, AtomEnum::ANY, 0, 256).map_err(failed)?;
    let reply = alive(request.reply())?;
    Ok(reply.filter(|it| it.type_ != 0).map(|it| String::from_utf8_lossy(&it.value).into_owned()))
}

/// A reply, or `None` when its window is gone.
fn alive<T>(reply: Result<T, x11rb::errors::ReplyError>) -> Result<Option<T>, Error> {
    match reply {
        Ok(reply) => Ok(Some(reply)),
        Err(x11rb::errors::ReplyError::X11Error(_)) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

fn failed(error: impl fmt::Display) -> Error {
    Error::Protocol(error.to_string())
}
