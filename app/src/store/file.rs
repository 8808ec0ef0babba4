//! Files that are replaced whole: a reader, a crash or a full disk meets the old content or the new, nothing between.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::Error;

/// Longer than any save takes, shorter than a user waits before wondering.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// The file's bytes, or `None` when there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::unreadable(path, &error)),
    }
}

/// Reads the file, lets `change` make its new content and puts that in its place, while no other Tetherm does the same.
/// `change` sees `None` when there is no file; the file is left alone when it fails or changes nothing.
pub(super) fn update<T>(
    path: &Path,
    change: impl FnOnce(Option<Vec<u8>>) -> Result<(Vec<u8>, T), Error>,
) -> Result<T, Error> {
    let folder = parent(path);
    create_folder(folder).map_err(|error| Error::unwritable(path, &error))?;
    let _lock = lock(folder)?;
    let before = read(path)?;
    let (after, outcome) = change(before.clone())?;
    if before.as_ref() != Some(&after) {
        replace(path, &after).map_err(|error| Error::unwritable(path, &error))?;
    }
    Ok(outcome)
}

/// Does something to other files while no other Tetherm changes the one that is named, or does the same.
pub(super) fn exclusively<T>(path: &Path, act: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let folder = parent(path);
    create_folder(folder).map_err(|error| Error::unwritable(path, &error))?;
    let _lock = lock(folder)?;
    act()
}

/// Puts a content in a file's place; one that is new is the user's alone, and so is a folder.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    create_folder(parent(path)).map_err(|error| Error::unwritable(path, &error))?;
    put_if(path, bytes, || Ok(()))
}

/// Makes the folder of a file where there is none, for the user alone.
pub(super) fn prepare_folder(path: &Path) -> Result<(), Error> {
    create_folder(parent(path)).map_err(|error| Error::unwritable(path, &error))
}

/// The same, if `check` says so when everything is ready: between it and the rename is nothing that takes time.
pub(super) fn put_if(path: &Path, bytes: &[u8], check: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    let unwritable = |error: io::Error| Error::unwritable(path, &error);
    let (temporary, target) = prepare(path, bytes).map_err(unwritable)?;
    check()?;
    install(temporary, &target).map_err(unwritable)
}

/// Writes a copy of a broken file beside it as `NAME.broken-N`, once for each content, and names it.
pub(super) fn keep_aside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut number = 1;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".broken-{number}"));
        let copy = PathBuf::from(name);
        match private().write(true).create_new(true).open(&copy) {
            Ok(mut file) => {
                file.write_all(bytes).and_then(|()| file.sync_all())?;
                return Ok(copy);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if fs::read(&copy)? == bytes {
                    return Ok(copy);
                }
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The lock lives in a file of its own, because the files themselves are replaced; dropping the handle releases it.
fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(".lock");
    let file = private().append(true).create(true).open(&path).map_err(|error| Error::unwritable(&path, &error))?;
    let deadline = Instant::now() + LOCK_PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(Duration::from_millis(2)),
            Err(TryLockError::WouldBlock) => return Err(Error::Busy { path }),
            Err(TryLockError::Error(error)) => return Err(Error::unwritable(&path, &error)),
        }
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (temporary, target) = prepare(path, bytes)?;
    install(temporary, &target)
}

/// Writes a temporary file beside the one that it is to replace.
fn prepare(path: &Path, bytes: &[u8]) -> io::Result<(tempfile::NamedTempFile, PathBuf)> {
    let target = follow_links(path)?;
    let folder = parent(&target);
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    remove_leftovers(folder, &prefix);
    let mut temporary = tempfile::Builder::new().prefix(&prefix).suffix(TEMPORARY).tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    if let Ok(metadata) = fs::metadata(&target) {
        // A file that the user made readable for others stays so; a new one is the user's alone.
        temporary.as_file().set_permissions(metadata.permissions())?;
    }
    temporary.as_file().sync_all()?;
    Ok((temporary, target))
}

fn install(temporary: tempfile::NamedTempFile, target: &Path) -> io::Result<()> {
    let _ = temporary.persist(target)?;
    sync_folder(parent(target))
}

const TEMPORARY: &str = ".tmp";

/// A save that was killed leaves its temporary file behind; under the lock nobody else can be using it.
fn remove_leftovers(folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(prefix) && name.ends_with(TEMPORARY) {
            // Only tidiness is lost when this fails.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Where a chain of symbolic links ends, whether or not a file is there: people link their configuration into a
/// repository, and a rename over the link would cut it.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux itself follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(link) => path = parent(&path).join(link),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn create_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    let _ = options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn private() -> OpenOptions {
    OpenOptions::new()
}

/// The rename itself is only on the disk when the folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
