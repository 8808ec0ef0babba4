//! The file that a session is written to.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The numbers that are tried for a name that is taken.
const NUMBERS: std::ops::RangeInclusive<u32> = 2..=9_999;

/// Makes a file that was not there, readable only for its owner. What a shell shows may be secret, and nothing that
/// exists is overwritten or, by a link that somebody else laid there, written through.
pub(super) fn create(path: &Path) -> io::Result<(File, PathBuf)> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    let _ = options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let _ = options.mode(0o600);
    }
    let numbered = NUMBERS.map(|number| with_number(path, number));
    for path in std::iter::once(path.to_owned()).chain(numbered) {
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "too many files of this name"))
}

/// `name-2.log` for `name.log`.
fn with_number(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_stem().map_or_else(OsString::new, OsString::from);
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_a_number_and_a_link_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/host.log");
        assert_eq!(create(&path).expect("made").1, path);
        assert_eq!(create(&path).expect("made").1, path.with_file_name("host-2.log"));
        let victim = folder.path().join("victim");
        std::os::unix::fs::symlink(&victim, folder.path().join("link.log")).expect("linked");
        let (_, made) = create(&folder.path().join("link.log")).expect("made");
        assert_eq!(made, folder.path().join("link-2.log"));
        assert!(!victim.exists());
    }

    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let (file, _) = create(&folder.path().join("host.log")).expect("made");
        assert_eq!(file.metadata().expect("metadata").permissions().mode() & 0o777, 0o600);
    }
}
