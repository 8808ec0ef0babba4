//! Blocks of `~/.ssh/config` that are changed in the window.
//!
//! The file is the user's: only the lines of what is changed are written, into a temporary file that takes its place,
//! after what it held was put aside. A file that changed since it was read is left alone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use term::ssh::config::block::{self, Text, Value};

use super::{Error, Folders, file};

/// A `Host` block as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The file that holds it.
    pub path: PathBuf,
    /// Its `Host` line, counted from 1.
    pub line: usize,
    /// What that line names.
    pub patterns: Vec<String>,
    /// What is set in it.
    pub values: Vec<Value>,
    /// What the whole file held.
    text: Arc<str>,
}

/// What is to be set in a block: a keyword and its values, one for each line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The keyword.
    pub keyword: &'static str,
    /// The values; none removes its lines.
    pub values: Vec<String>,
}

impl Block {
    /// Reads the block whose `Host` line stands there. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Unreadable`]; [`Error::Changed`] when there is no `Host` line any more that names `alias`.
    pub fn read(path: &Path, line: usize, alias: &str) -> Result<Self, Error> {
        let content = read(path)?;
        let text = Text::new(&content);
        let patterns = text.patterns(line).filter(|patterns| patterns.iter().any(|pattern| pattern == alias));
        let patterns = patterns.ok_or_else(|| Error::Changed { path: path.to_owned() })?;
        Ok(Self { path: path.to_owned(), line, patterns, values: text.values(line), text: content.into() })
    }

    /// What a file holds before a block is added to it; a file that is not there is empty. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Unreadable`].
    pub fn draft(path: &Path) -> Result<Self, Error> {
        let text = read_or_nothing(path)?.into();
        Ok(Self { path: path.to_owned(), line: 0, patterns: Vec::new(), values: Vec::new(), text })
    }

    /// Adds a block for this host with these values, and puts the file's content aside before. Blocks on the disk.
    ///
    /// # Errors
    /// As [`Block::save`]; [`Error::Unwritable`] too where the file has a block for the host.
    pub fn create(&self, name: &str, changes: &[Change], folders: &Folders) -> Result<(), Error> {
        let mut text = Text::new(&self.text);
        if text.has_host(name) {
            return Err(self.unwritable(format!("it has a Host line for {name} already")));
        }
        let line = text.add_host(name);
        self.write(text, line, changes, folders)
    }

    /// The values of a keyword that the block sets.
    pub fn values_of(&self, keyword: &str) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |value| value.keyword == keyword).map(|value| value.value.as_str())
    }

    /// Writes the lines that change, and puts the file's content aside before. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Changed`] when the file is not what it was when the block was read; [`Error::Unwritable`] when a value
    /// cannot stand there, or the disk is full. The file is as it was.
    pub fn save(&self, changes: &[Change], folders: &Folders) -> Result<(), Error> {
        self.write(Text::new(&self.text), self.line, changes, folders)
    }

    fn write(&self, mut text: Text, line: usize, changes: &[Change], folders: &Folders) -> Result<(), Error> {
        for Change { keyword, values } in changes {
            for value in values {
                check(keyword, value).map_err(|message| self.unwritable(message))?;
            }
            text.set(line, keyword, values);
        }
        let after = text.to_string();
        if *after == *self.text {
            return Ok(());
        }
        let backup = backup_of(&self.path, folders);
        // Two windows take turns; an editor takes none, so the file is looked at again when all else is ready.
        file::exclusively(&folders.hosts(), || {
            self.check_unchanged()?;
            if !self.text.is_empty() {
                file::put(&backup, self.text.as_bytes())?;
            }
            file::prepare_folder(&self.path)?;
            file::put_if(&self.path, after.as_bytes(), || self.check_unchanged())
        })
    }

    fn check_unchanged(&self) -> Result<(), Error> {
        if read_or_nothing(&self.path)? == *self.text {
            Ok(())
        } else {
            Err(Error::Changed { path: self.path.clone() })
        }
    }

    fn unwritable(&self, message: String) -> Error {
        Error::Unwritable { path: self.path.clone(), message }
    }
}

/// Checks a value that is to be written for a keyword.
///
/// # Errors
/// What is wrong with it.
pub fn check(keyword: &str, value: &str) -> Result<(), String> {
    let environment: HashMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    block::check(keyword, value, &environment)
}

/// Where the content that a change replaces is kept: the last one of each file, and out of reach of `Include conf.d/*`.
#[must_use]
pub fn backup_of(path: &Path, folders: &Folders) -> PathBuf {
    folders.backups().join(path.to_string_lossy().replace(['/', '\\'], "%"))
}

fn read_or_nothing(path: &Path) -> Result<String, Error> {
    if path.exists() { read(path) } else { Ok(String::new()) }
}

fn read(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|_| Error::Unreadable {
        path: path.to_owned(),
        message: "it is not UTF-8; change it in a text editor".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const FILE: &str = "# mine\nHost web www # both\n  Port 2222 # odd\n\nHost *\n  User all\n";

    struct Bench {
        folder: tempfile::TempDir,
    }

    impl Bench {
        fn new() -> Self {
            let bench = Self { folder: tempfile::tempdir().unwrap() };
            fs::write(bench.path(), FILE).unwrap();
            fs::set_permissions(bench.path(), fs::Permissions::from_mode(0o640)).unwrap();
            bench
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("config")
        }

        fn folders(&self) -> Folders {
            Folders::within(&self.folder.path().join("tetherm"))
        }

        fn block(&self) -> Block {
            Block::read(&self.path(), 2, "web").unwrap()
        }

        fn text(&self) -> String {
            fs::read_to_string(self.path()).unwrap()
        }
    }

    fn change(keyword: &'static str, values: &[&str]) -> Change {
        Change { keyword, values: values.iter().map(|value| (*value).to_owned()).collect() }
    }

    #[test]
    fn only_the_changed_lines_are_written_and_the_rest_put_aside() {
        let bench = Bench::new();
        let block = bench.block();
        assert_eq!(
            (block.patterns.as_slice(), block.values_of("Port").next()),
            (&["web".into(), "www".into()][..], Some("2222"))
        );
        block.save(&[change("Port", &["22"]), change("User", &["deploy"])], &bench.folders()).unwrap();
        let expected = FILE.replace("Port 2222 # odd\n", "Port 22 # odd\n  User deploy\n");
        assert_eq!(bench.text(), expected);
        let backup = backup_of(&bench.path(), &bench.folders());
        assert_eq!(fs::read_to_string(&backup).unwrap(), FILE);
        assert_eq!(fs::metadata(bench.path()).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o077, 0, "a copy is the user's alone");
        let names: Vec<_> =
            fs::read_dir(bench.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "nothing else is left beside it: {names:?}");
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let bench = Bench::new();
        let block = bench.block();
        fs::write(bench.path(), format!("{FILE}# more\n")).unwrap();
        let error = block.save(&[change("Port", &["22"])], &bench.folders()).unwrap_err();
        assert_eq!(error, Error::Changed { path: bench.path() });
        assert_eq!(bench.text(), format!("{FILE}# more\n"));
        assert!(!backup_of(&bench.path(), &bench.folders()).exists());
        // A line that says something else now is no block of that alias.
        fs::write(bench.path(), "Host other\n").unwrap();
        assert_eq!(Block::read(&bench.path(), 1, "web").unwrap_err(), Error::Changed { path: bench.path() });
    }

    #[test]
    fn what_changes_nothing_writes_nothing_and_nonsense_is_refused() {
        let bench = Bench::new();
        bench.block().save(&[change("Port", &["2222"])], &bench.folders()).unwrap();
        assert!(!backup_of(&bench.path(), &bench.folders()).exists());
        let error = bench.block().save(&[change("Port", &["x"])], &bench.folders()).unwrap_err();
        assert!(error.to_string().contains("Bad port 'x'"), "{error}");
        assert_eq!(bench.text(), FILE);
    }

    #[test]
    fn a_new_block_is_added_once_and_what_was_there_is_kept() {
        let bench = Bench::new();
        let draft = Block::draft(&bench.path()).unwrap();
        let changes = [change("Hostname", &["db.example"]), change("ProxyJump", &["web,me@two"])];
        draft.create("db", &changes, &bench.folders()).unwrap();
        let block = "Host db\n    Hostname db.example\n    ProxyJump web,me@two\n\n";
        assert_eq!(bench.text(), FILE.replace("Host *\n", &format!("{block}Host *\n")));
        assert_eq!(fs::read_to_string(backup_of(&bench.path(), &bench.folders())).unwrap(), FILE);
        let error = draft.create("other", &[], &bench.folders()).unwrap_err();
        assert_eq!(error, Error::Changed { path: bench.path() });
        let error = Block::draft(&bench.path()).unwrap().create("db", &[], &bench.folders()).unwrap_err();
        assert!(error.to_string().contains("it has a Host line for db already"), "{error}");
        // The first one makes the folder, for the user alone.
        let first = bench.folder.path().join("home/.ssh/config");
        Block::draft(&first).unwrap().create("db", &changes[..1], &bench.folders()).unwrap();
        assert_eq!(fs::read_to_string(&first).unwrap(), "Host db\n    Hostname db.example\n");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&first), mode(first.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_link_stays_a_link() {
        let bench = Bench::new();
        let link = bench.folder.path().join("link");
        std::os::unix::fs::symlink("config", &link).unwrap();
        Block::read(&link, 2, "www").unwrap().save(&[change("Port", &[])], &bench.folders()).unwrap();
        assert_eq!(bench.text(), FILE.replace("  Port 2222 # odd\n", ""));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
