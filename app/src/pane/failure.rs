//! Why there is no shell.

use std::sync::Arc;

use term::ssh;

/// Why it came to no shell.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The configuration cannot be used.
    #[error("{0}")]
    Config(ssh::config::Error),
    /// `SessionType subsystem` without the name of one.
    #[error("there is no subsystem to start: SessionType is subsystem, and RemoteCommand does not name one")]
    NoSubsystem,
    /// The connection, the login or the shell failed.
    #[error("{0}")]
    Ssh(Arc<ssh::Error>),
    /// The program itself failed.
    #[error("something went wrong inside Tetherm: {0}")]
    Internal(String),
}

impl Failure {
    /// What the user can do about it, one sentence.
    #[must_use]
    pub fn next_step(&self) -> Option<String> {
        match self {
            Self::Config(_) => Some("Correct the configuration, then try again. Tetherm never changes it.".to_owned()),
            Self::NoSubsystem => Some("Name it, as in RemoteCommand netconf, or leave SessionType out.".to_owned()),
            Self::Ssh(error) => error.next_step(),
            Self::Internal(_) => Some("Please report it, with what you did before.".to_owned()),
        }
    }
}
