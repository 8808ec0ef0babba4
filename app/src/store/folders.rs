//! Where the user's files are.

use std::env;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::Error;

/// The folders that Tetherm keeps its files in: on Linux `~/.config/tetherm` and `~/.local/state/tetherm`, elsewhere
/// what the platform uses. `TETHERM_CONFIG_DIR` names another configuration folder; the state is kept inside it then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    config: PathBuf,
    state: PathBuf,
}

impl Folders {
    /// The user's own folders; nothing is created yet.
    ///
    /// # Errors
    /// [`Error::NoHome`] when the platform names no home folder and `TETHERM_CONFIG_DIR` is not set.
    pub fn user() -> Result<Self, Error> {
        match env::var_os("TETHERM_CONFIG_DIR").filter(|folder| !folder.is_empty()) {
            Some(folder) => Ok(Self::within(Path::new(&folder))),
            None => Self::platform().ok_or(Error::NoHome),
        }
    }

    /// Everything inside one folder: what `TETHERM_CONFIG_DIR` asks for.
    #[must_use]
    pub fn within(folder: &Path) -> Self {
        Self { config: folder.to_owned(), state: folder.join("state") }
    }

    fn platform() -> Option<Self> {
        let project = ProjectDirs::from("", "", "tetherm")?;
        let state = project.state_dir().unwrap_or_else(|| project.data_local_dir());
        Some(Self { config: project.config_dir().to_owned(), state: state.to_owned() })
    }

    /// The saved hosts.
    #[must_use]
    pub fn hosts(&self) -> PathBuf {
        self.config.join("hosts.toml")
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// The user's own colour schemes.
    #[must_use]
    pub fn schemes(&self) -> PathBuf {
        self.config.join("schemes")
    }

    /// What files of other programs held before they were changed.
    #[must_use]
    pub fn backups(&self) -> PathBuf {
        self.state.join("backups")
    }

    /// The commands that were used last.
    #[must_use]
    pub fn recent(&self) -> PathBuf {
        self.state.join("recent.toml")
    }

    /// The window's last place and size.
    #[must_use]
    pub fn window_state(&self) -> PathBuf {
        self.state.join("window.toml")
    }
}
