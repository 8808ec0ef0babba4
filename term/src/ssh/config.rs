//! `ssh_config(5)`: read live, never written.

use std::path::PathBuf;

use super::{Destination, Host};

/// Why a configuration cannot be used. Messages are worded as OpenSSH words them.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A line that ssh_config(5) does not allow.
    #[error("{path}: line {line}: {message}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it and what would be right.
        message: String,
    },
    /// A file that exists and cannot be read.
    #[error("{path}: {message}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        message: String,
    },
}

/// The `ssh_config` files in force, read and parsed.
#[derive(Debug, Clone, Default)]
pub struct Config {}

impl Config {
    /// Reads the user's `~/.ssh/config` and the system's `/etc/ssh/ssh_config`, with what they include. Missing files
    /// are empty ones.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn load() -> Result<Self, Error> {
        Ok(Self {})
    }

    /// The aliases that `Host` lines name without wildcards, in the order of the files.
    #[must_use]
    pub fn aliases(&self) -> Vec<String> {
        Vec::new()
    }

    /// The settings in force for a destination; `options` are `Keyword=value` pairs as of `-o`, which win.
    ///
    /// # Errors
    /// [`Error::Line`] when an option is not one of ssh_config(5).
    pub fn resolve(&self, destination: &Destination, options: &[String]) -> Result<Host, Error> {
        let _ = (destination, options);
        Err(Error::Unreadable { path: PathBuf::new(), message: String::new() })
    }
}
