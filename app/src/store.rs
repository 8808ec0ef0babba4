//! What outlives the process: hosts, settings, secrets. The only code that writes the user's files.
//!
//! ```text
//!   hosts ─────┐
//!   settings ──┼─► document (TOML, edited in place) ─► file (lock, temporary file, sync, rename)
//!   window_state ┘
//!   ssh_config ─────► a block of ~/.ssh/config, its lines changed one by one ─► file
//!   secrets ─────► a thread of its own ─► the operating system's keyring, or memory
//! ```
//!
//! Everything here blocks on the disk except [`Secrets`], whose calls are futures: call the rest from a worker thread.

mod document;
mod file;
mod folders;
pub mod host;
pub mod hosts;
pub mod keys;
pub mod recent;
pub mod schemes;
pub mod secrets;
pub mod settings;
pub mod ssh_config;
pub mod window_state;

use std::path::{Path, PathBuf};

pub use folders::Folders;
pub use host::Host;
pub use hosts::Hosts;
pub use recent::Recent;
pub use schemes::Schemes;
pub use secrets::Secrets;
pub use settings::Settings;
pub use window_state::WindowState;

/// Why a file of the user could not be read or written. The file itself is as it was in every case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is not what it should be, and is left alone until the user has mended it.
    #[error(
        "{path}: line {line}, column {column}: {message}. Nothing is written to this file until that is corrected",
        path = path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column in characters, counted from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// The file exists and cannot be read.
    #[error("{path} cannot be read: {message}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        message: String,
    },
    /// The file cannot be written; what it held before is still there.
    #[error("{path} cannot be saved: {message}. What it held before is untouched", path = path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        message: String,
    },
    /// A file of another program is not what it was when it was read.
    #[error(
        "{path} was changed meanwhile, by an editor or another window. Nothing was written: close this form, open it \
         again and look at what it says now",
        path = path.display()
    )]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Another Tetherm held the folder's lock for longer than a save can take.
    #[error("{path} is locked by another Tetherm. Close it or try again", path = path.display())]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// The host to change is in the file no more: another window deleted it.
    #[error("the host '{id}' is no longer in {path}", id = id.0, path = path.display())]
    NoSuchHost {
        /// What was looked for.
        id: host::Id,
        /// The file.
        path: PathBuf,
    },
    /// Another program's file holds no colour scheme that Tetherm understands.
    #[error("{path} cannot be imported: {message}", path = path.display())]
    NotImported {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what can be imported.
        message: String,
    },
    /// The platform tells no home folder, so there is no place to keep files in.
    #[error(
        "no home folder is known: set HOME, or TETHERM_CONFIG_DIR to the folder that Tetherm shall keep its files in"
    )]
    NoHome,
}

impl Error {
    fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), message: error.to_string() }
    }

    fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unwritable { path: path.to_owned(), message: error.to_string() }
    }
}
