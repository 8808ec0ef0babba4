//! Watches a part of the screen for changes, by X's DAMAGE extension: nobody has to ask the server again and again, which
//! would take the processor from what is measured.

use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use testbed::{Desktop, desktop};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, ReportLevel};
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat};

use super::Error;

/// A rectangle of the screen, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    /// Left edge.
    pub(super) x: i16,
    /// Upper edge.
    pub(super) y: i16,
    /// Width.
    pub(super) width: u16,
    /// Height.
    pub(super) height: u16,
}

/// Hears when something is drawn into a window.
#[derive(Debug)]
pub(super) struct Watch {
    desktop: Desktop,
    damage: u32,
}

fn lost<E: Into<desktop::Error>>(error: E) -> Error {
    Error::Desktop(error.into())
}

impl Watch {
    /// Watches `window` and all inside it, on a connection of its own.
    pub(super) fn new(desktop: Desktop, window: u32) -> Result<Self, Error> {
        let connection = desktop.connection();
        let _version = connection.damage_query_version(1, 1).map_err(lost)?.reply().map_err(lost)?;
        let damage = connection.generate_id().map_err(|error| Error::NotShown(error.to_string()))?;
        connection.damage_create(damage, window, ReportLevel::NON_EMPTY).map_err(lost)?.check().map_err(lost)?;
        Ok(Self { desktop, damage })
    }

    /// When something was drawn next, told when it was drawn; `None` when nothing was until `end`.
    pub(super) fn next(&self, end: Instant) -> Result<Option<Instant>, Error> {
        loop {
            while let Some(event) = self.desktop.connection().poll_for_event().map_err(lost)? {
                if matches!(event, Event::DamageNotify(_)) {
                    let now = Instant::now();
                    // From here on the next change is told again.
                    let _ = self.desktop.connection().damage_subtract(self.damage, 0_u32, 0_u32).map_err(lost)?;
                    self.desktop.connection().flush().map_err(lost)?;
                    return Ok(Some(now));
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.wait(left)?;
        }
    }

    /// Forgets what was drawn up to now.
    pub(super) fn drain(&self) -> Result<(), Error> {
        while self.next(Instant::now())?.is_some() {}
        Ok(())
    }

    /// How often something was drawn within `time`.
    pub(super) fn count(&self, time: Duration) -> Result<usize, Error> {
        let end = Instant::now() + time;
        let mut count = 0;
        while self.next(end)?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    fn wait(&self, time: Duration) -> Result<(), Error> {
        let limit = Timespec { tv_sec: time.as_secs().cast_signed(), tv_nsec: time.subsec_nanos().into() };
        let stream = self.desktop.connection().stream().as_fd();
        let mut ready = [PollFd::from_borrowed_fd(stream, PollFlags::IN)];
        let _ready =
            poll(&mut ready, Some(&limit)).map_err(|error| super::io("waiting for the display")(error.into()))?;
        Ok(())
    }

    /// The pixels of a part of the screen as the server has them: four bytes each, blue first on this machine.
    pub(super) fn pixels(&self, area: Area) -> Result<Vec<u8>, Error> {
        pixels(&self.desktop, area)
    }
}

/// The pixels of a part of the screen: four bytes each, in the server's order.
pub(super) fn pixels(desktop: &Desktop, area: Area) -> Result<Vec<u8>, Error> {
    let Area { x, y, width, height } = area;
    let connection = desktop.connection();
    let image = connection.get_image(ImageFormat::Z_PIXMAP, desktop.root(), x, y, width, height, !0).map_err(lost)?;
    Ok(image.reply().map_err(lost)?.data)
}
