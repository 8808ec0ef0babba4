//! The commands that were used last: `recent.toml` in the state folder. It is Tetherm's own and nobody's loss.

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use super::Error;
use super::file;

/// How many are remembered.
const REMEMBERED: usize = 8;

/// The commands that were used last from the palette, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recent {
    #[serde(default)]
    commands: Vec<String>,
}

impl Recent {
    /// Reads the file. What is missing or broken counts as none. Blocks on the disk.
    #[must_use]
    pub fn load(path: &Path) -> Self {
        let bytes = file::read(path).ok().flatten().unwrap_or_default();
        let mut recent: Self = toml_edit::de::from_slice(&bytes).unwrap_or_default();
        recent.commands.truncate(REMEMBERED);
        recent
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

    /// The names, the last one used first.
    #[must_use]
    pub fn commands(&self) -> &[String] {
        &self.commands
    }

    /// Puts a command first.
    pub fn add(&mut self, command: String) {
        self.commands.retain(|other| *other != command);
        self.commands.insert(0, command);
        self.commands.truncate(REMEMBERED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_commands_are_remembered_once_each_and_not_without_end() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("state/recent.toml");
        let mut recent = Recent::load(&path);
        for number in 0..20 {
            recent.add(format!("command-{number}"));
        }
        recent.add("command-15".to_owned());
        recent.save(&path).expect("saved");
        let loaded = Recent::load(&path);
        assert_eq!(loaded, recent);
        assert_eq!((loaded.commands().len(), loaded.commands()[0].as_str()), (8, "command-15"));
        std::fs::write(&path, "commands = 7").expect("written");
        assert_eq!(Recent::load(&path), Recent::default());
    }
}
