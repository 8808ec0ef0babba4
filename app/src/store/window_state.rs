//! Where the window was: `window.toml` in the state folder. It is Tetherm's own and nobody's loss.

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use super::Error;
use super::file;

/// The main window's last place. Sizes and positions are in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WindowState {
    /// Width and height, when not maximised.
    pub size: (f32, f32),
    /// The upper left corner; unknown where the desktop keeps it to itself, as Wayland does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<(f32, f32)>,
    /// Whether it filled the screen.
    #[serde(default)]
    pub maximized: bool,
}

impl Default for WindowState {
    fn default() -> Self {
        Self { size: (1024.0, 700.0), position: None, maximized: false }
    }
}

impl WindowState {
    /// Reads the file. What is missing, broken or makes no sense counts as the default: a window that opens in the
    /// middle is better than one that does not. Blocks on the disk.
    #[must_use]
    pub fn load(path: &Path) -> Self {
        let bytes = file::read(path).ok().flatten().unwrap_or_default();
        let state: Option<Self> = toml_edit::de::from_slice(&bytes).ok();
        state.filter(Self::is_sane).unwrap_or_default()
    }

    /// Writes the file. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Unwritable`], [`Error::Busy`].
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        file::update(path, |_| match toml_edit::ser::to_string(self) {
            Ok(text) => Ok((text.into_bytes(), ())),
            Err(error) => Err(Error::Unwritable { path: path.to_owned(), message: error.to_string() }),
        })
    }

    fn is_sane(&self) -> bool {
        let (width, height) = self.size;
        let size = 100.0..=20_000.0;
        let place = -50_000.0..=50_000.0;
        let position = self.position.is_none_or(|(x, y)| place.contains(&x) && place.contains(&y));
        size.contains(&width) && size.contains(&height) && position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_opens_where_it_was_closed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("state/window.toml");
        assert_eq!(WindowState::load(&path), WindowState::default());
        let state = WindowState { size: (800.0, 600.5), position: Some((-20.0, 35.0)), maximized: true };
        state.save(&path).expect("saved");
        assert_eq!(WindowState::load(&path), state);
    }

    #[test]
    fn a_state_that_makes_no_sense_is_ignored() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("window.toml");
        for text in ["size = [1, 1]", "size = [nan, 700.0]", "size = [800, 600]\nposition = [1e9, 0]", "size = ", "\0"]
        {
            std::fs::write(&path, text).expect("written");
            assert_eq!(WindowState::load(&path), WindowState::default(), "{text}");
        }
    }
}
