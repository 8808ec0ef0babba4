//! The local display: what a `DISPLAY` string means and how to reach it.

/// Why a display string means nothing or its server cannot be reached.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The string is not a display name (X(7), "DISPLAY NAMES").
    #[error("'{0}' is not an X11 display: expected something like ':0' or 'localhost:10.0'")]
    Malformed(String),
}

/// A parsed display name: where the server listens, which display and which screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    screen: u32,
}

impl Display {
    /// Parses a display name such as `:0`, `:0.1`, `unix:0`, `localhost:10.0`.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the string is no display name.
    pub fn parse(name: &str) -> Result<Self, Error> {
        Err(Error::Malformed(name.to_owned()))
    }

    /// The screen number, 0 unless the name says otherwise; goes into the `x11-req`.
    #[must_use]
    pub fn screen(&self) -> u32 {
        self.screen
    }
}
