//! What can go wrong between a host's name and a running shell.

/// A failed or lost connection. `Display` says what happened and where; [`Error::next_step`] what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user answered a prompt with "no" or closed what showed it.
    #[error("the connection was given up")]
    Cancelled,
}

impl Error {
    /// What the user can do about it, one sentence.
    #[must_use]
    pub fn next_step(&self) -> Option<String> {
        None
    }
}
