//! Windows as an X server lists them.

use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt, MapState};

use crate::desktop::{Desktop, Error};

/// A window that is shown and carries a `WM_CLASS`. Positions are in pixels from the root window's top left corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its identifier.
    pub id: u32,
    /// The first string of `WM_CLASS`.
    pub instance: String,
    /// The second string of `WM_CLASS`.
    pub class: String,
    /// `_NET_WM_NAME`, else `WM_NAME`.
    pub title: String,
    /// Left edge.
    pub x: i16,
    /// Upper edge.
    pub y: i16,
    /// Width without the border.
    pub width: u16,
    /// Height without the border.
    pub height: u16,
}

/// How deep below the root a client's top-level window may lie: a window manager puts one or two frames around it.
const DEPTH: u8 = 3;

impl Window {
    /// All such windows of `desktop` in stacking order, the topmost last.
    pub(crate) fn all(desktop: &Desktop) -> Result<Vec<Self>, Error> {
        let mut found = Vec::new();
        collect(desktop, desktop.root(), DEPTH, &mut found)?;
        Ok(found)
    }

    /// Whether `class` is the instance or the class of its `WM_CLASS`, in any case of letters.
    #[must_use]
    pub fn is(&self, class: &str) -> bool {
        self.class.eq_ignore_ascii_case(class) || self.instance.eq_ignore_ascii_case(class)
    }

    /// The point in its middle.
    #[must_use]
    pub fn middle(&self) -> (i16, i16) {
        self.at(i32::from(self.width) / 2, i32::from(self.height) / 2)
    }

    /// The point that lies `x` and `y` pixels from its own top left corner; negative ones count from the other side.
    #[must_use]
    pub fn at(&self, x: i32, y: i32) -> (i16, i16) {
        let place = |origin: i16, extent: u16, offset: i32| {
            let offset = if offset < 0 { i32::from(extent) + offset } else { offset };
            i16::try_from(i32::from(origin) + offset).unwrap_or(i16::MAX)
        };
        (place(self.x, self.width, x), place(self.y, self.height, y))
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { instance, class, title, x, y, width, height, .. } = self;
        write!(f, "{instance}/{class} '{title}' {width}x{height}+{x}+{y}")
    }
}

fn collect(desktop: &Desktop, parent: u32, depth: u8, found: &mut Vec<Window>) -> Result<(), Error> {
    let Some(tree) = alive(desktop.connection().query_tree(parent)?.reply())? else { return Ok(()) };
    for id in tree.children {
        found.extend(read(desktop, id)?);
        if depth > 1 {
            collect(desktop, id, depth - 1, found)?;
        }
    }
    Ok(())
}

/// A window may be destroyed between two questions: the server's refusal then means that there is none.
fn alive<T>(reply: Result<T, ReplyError>) -> Result<Option<T>, Error> {
    match reply {
        Ok(reply) => Ok(Some(reply)),
        Err(ReplyError::X11Error(_)) => Ok(None),
        Err(ReplyError::ConnectionError(error)) => Err(error.into()),
    }
}

fn read(desktop: &Desktop, id: u32) -> Result<Option<Window>, Error> {
    let connection = desktop.connection();
    let Some(class) = property(desktop, id, AtomEnum::WM_CLASS.into())? else { return Ok(None) };
    let attributes = alive(connection.get_window_attributes(id)?.reply())?;
    if attributes.is_none_or(|attributes| attributes.map_state != MapState::VIEWABLE) {
        return Ok(None);
    }
    let geometry = alive(connection.get_geometry(id)?.reply())?;
    let origin = alive(connection.translate_coordinates(id, desktop.root(), 0, 0)?.reply())?;
    let (Some(geometry), Some(origin)) = (geometry, origin) else { return Ok(None) };

    let mut names = class.split('\0');
    Ok(Some(Window {
        id,
        instance: names.next().unwrap_or_default().to_owned(),
        class: names.next().unwrap_or_default().to_owned(),
        title: title(desktop, id)?,
        x: origin.dst_x,
        y: origin.dst_y,
        width: geometry.width,
        height: geometry.height,
    }))
}

fn title(desktop: &Desktop, id: u32) -> Result<String, Error> {
    let modern = desktop.connection().intern_atom(false, b"_NET_WM_NAME")?.reply()?.atom;
    let title = match property(desktop, id, modern)? {
        Some(title) => Some(title),
        None => property(desktop, id, AtomEnum::WM_NAME.into())?,
    };
    Ok(title.unwrap_or_default())
}

/// The text of a property, `None` where there is none.
fn property(desktop: &Desktop, window: u32, atom: u32) -> Result<Option<String>, Error> {
    let request = desktop.connection().get_property(false, window, atom, AtomEnum::ANY, 0, 1024)?;
    let reply = alive(request.reply())?;
    Ok(reply
        .filter(|reply| reply.format == 8 && !reply.value.is_empty())
        .map(|reply| String::from_utf8_lossy(&reply.value).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        Window {
            id: 1,
            instance: "xclock".to_owned(),
            class: "XClock".to_owned(),
            title: "clock".to_owned(),
            x: 100,
            y: 50,
            width: 200,
            height: 80,
        }
    }

    #[test]
    fn a_window_answers_to_its_instance_and_its_class() {
        assert!(window().is("xclock") && window().is("XCLOCK"));
        assert!(!window().is("xeyes"));
    }

    #[test]
    fn points_inside_a_window_are_named_from_either_corner() {
        assert_eq!(window().middle(), (200, 90));
        assert_eq!(window().at(5, -10), (105, 120));
    }
}
