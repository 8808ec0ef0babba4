//! What was typed, on the screen before its frame is: for X11 where the window is drawn in software.
//!
//! A frame drawn in software ends with the whole window sent to the server, a character or a screenful alike, and most
//! of the time from a key to its character goes there. So the few images that an echo changes are put into the window
//! through a connection of our own as soon as they are rasterised. The frame follows as ever and shows the same pixels;
//! nothing depends on this having happened.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use iced_runtime::window::raw_window_handle::{HasWindowHandle, RawWindowHandle};
use x11rb::connection::Connection;
use x11rb::errors::ConnectionError;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateGCAux, ImageFormat, ImageOrder};
use x11rb::rust_connection::RustConnection;

/// Pixels that are worth the detour; what changes more is shown by its frame.
const MOST: usize = 64 * 1024;

/// Pixels of one image that fit into a request of every server (65,535 words).
const LARGEST: usize = 60_000;

/// Requests after which the server is asked for something, so that the connection forgets those before.
const CHECKED: u32 = 256;

/// An image and its place in the window, in physical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Red, green, blue and alpha of each pixel, row by row; opaque.
    pub pixels: &'a [u8],
}

/// A way into a window on X11 past its frames.
pub struct Ahead {
    connection: RustConnection,
    window: u32,
    context: u32,
    depth: u8,
    requests: AtomicU32,
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").field("window", &self.window).finish_non_exhaustive()
    }
}

/// The server's name for a window, `None` where it is no window on X11.
#[must_use]
pub fn window(window: &(impl HasWindowHandle + ?Sized)) -> Option<u32> {
    match window.window_handle().ok()?.as_raw() {
        RawWindowHandle::Xlib(handle) => u32::try_from(handle.window).ok(),
        RawWindowHandle::Xcb(handle) => Some(handle.window.get()),
        _ => None,
    }
}

impl Ahead {
    /// Connects to the server that `DISPLAY` names, for one of its windows. Waits for its answers. `None` where that
    /// cannot be done; frames do without.
    #[must_use]
    pub fn connect(window: u32) -> Option<Self> {
        let (connection, _) = RustConnection::connect(None).ok()?;
        Self::new(connection, window)
    }

    /// Draws into `window` through `connection`; `None` where its pixels are not 32 bits with blue first.
    #[must_use]
    pub fn new(connection: RustConnection, window: u32) -> Option<Self> {
        let depth = connection.get_geometry(window).ok()?.reply().ok()?.depth;
        let setup = connection.setup();
        let format = setup.pixmap_formats.iter().find(|format| format.depth == depth)?;
        let red = setup.roots.iter().flat_map(|root| &root.allowed_depths).filter(|allowed| allowed.depth == depth);
        let masks = red.flat_map(|allowed| &allowed.visuals).all(|visual| visual.red_mask == 0x00ff_0000);
        if format.bits_per_pixel != 32 || setup.image_byte_order != ImageOrder::LSB_FIRST || !masks {
            return None;
        }
        let context = connection.generate_id().ok()?;
        let cookie = connection.create_gc(context, window, &CreateGCAux::new().graphics_exposures(0)).ok()?;
        cookie.check().ok()?;
        Some(Self { connection, window, context, depth, requests: AtomicU32::new(0) })
    }

    /// Shows these images at once, unless they are many. A server that is gone is no matter: so is the window.
    pub fn show<'a>(&self, parts: impl Iterator<Item = Part<'a>> + Clone) {
        let pixels = |part: &Part<'_>| part.pixels.len() / 4;
        if parts.clone().map(|part| pixels(&part)).sum::<usize>() <= MOST {
            let small = parts.filter(|part| pixels(part) <= LARGEST);
            let _ = self.put(small);
        }
    }

    fn put<'a>(&self, parts: impl Iterator<Item = Part<'a>>) -> Result<(), ConnectionError> {
        let mut data = Vec::new();
        for Part { x, y, width, height, pixels } in parts {
            let (Ok(x), Ok(y)) = (i16::try_from(x), i16::try_from(y)) else { continue };
            let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else { continue };
            data.clear();
            data.extend(pixels.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, a]| [b, g, r, a]));
            let (window, context, depth) = (self.window, self.context, self.depth);
            let format = ImageFormat::Z_PIXMAP;
            let sent = self.connection.put_image(format, window, context, width, height, x, y, 0, depth, &data)?;
            sent.ignore_error();
            self.check()?;
        }
        self.connection.flush()?;
        // Nothing is expected; this only takes what came off the socket.
        while self.connection.poll_for_event()?.is_some() {}
        Ok(())
    }

    /// Asks for any answer now and then: without one the connection would remember every request.
    fn check(&self) -> Result<(), ConnectionError> {
        if self.requests.fetch_add(1, Ordering::Relaxed) % CHECKED == CHECKED - 1 {
            self.connection.get_input_focus()?.discard_reply_and_errors();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testbed::Xvfb;
    use x11rb::protocol::xproto::{CreateWindowAux, WindowClass};

    #[test]
    fn an_image_stands_in_the_window_where_it_belongs_and_a_screenful_does_not() {
        let display = Xvfb::start(64, 64).expect("a display");
        let connection = display.connect().expect("a connection");
        let root = connection.setup().roots[0].root;
        let window = connection.generate_id().expect("an id");
        let look = CreateWindowAux::new().background_pixel(0);
        let class = WindowClass::INPUT_OUTPUT;
        let made = connection.create_window(0, window, root, 0, 0, 64, 64, 0, class, 0, &look).expect("sent");
        made.check().expect("a window");
        connection.map_window(window).expect("sent").check().expect("a window that shows");
        let ahead = Ahead::new(display.connect().expect("a connection"), window).expect("32 bits, blue first");

        let pixels: Vec<u8> = (0..600).flat_map(|_| [1, 2, 3, 255]).collect();
        for _ in 0..CHECKED + 1 {
            let part = Part { x: 10, y: 20, width: 2, height: 3, pixels: &pixels[..24] };
            ahead.show([part].into_iter());
        }
        let screenful = vec![9; (MOST + 64) * 4];
        let part = Part { x: 0, y: 0, width: 64, height: screenful.len() as u32 / 256, pixels: &screenful };
        ahead.show([part].into_iter());
        // The server has answered this after it has done what came before, on the same connection.
        let _focus = ahead.connection.get_input_focus().expect("sent").reply().expect("an answer");

        let image = connection.get_image(ImageFormat::Z_PIXMAP, window, 9, 19, 4, 5, !0).expect("sent");
        let image = image.reply().expect("pixels").data;
        let at = |x: usize, y: usize| image.get((y * 4 + x) * 4..(y * 4 + x) * 4 + 3).expect("a pixel").to_vec();
        for (x, y) in [(1, 1), (2, 1), (1, 3), (2, 3)] {
            assert_eq!(at(x, y), [3, 2, 1], "{x},{y}");
        }
        for (x, y) in [(0, 1), (3, 1), (1, 0), (1, 4)] {
            assert_eq!(at(x, y), [0, 0, 0], "{x},{y}");
        }
    }
}
