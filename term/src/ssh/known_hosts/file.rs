//! Reading and adding to a known_hosts file.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use russh::keys::PublicKey;
use russh::keys::ssh_key::rand_core::Rng;

use super::{Error, line};

/// Longer lines are skipped: a line of OpenSSH's own making is below 3 kB, and a file without a line end must not be
/// taken into memory whole.
const LONGEST_LINE: u64 = 1024 * 1024;

/// Reads a file line by line, lines counted from 1 and without their ends. A missing file is an empty one.
pub(super) fn for_each_line(path: &Path, mut each: impl FnMut(usize, &[u8])) -> io::Result<()> {
    let mut reader = match File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.ends_with(b"\n") || (line.len() as u64) < LONGEST_LINE {
            each(number, &line);
        } else {
            let _ = reader.skip_until(b'\n')?;
        }
    }
    Ok(())
}

/// Adds one line, which ends with a line end, and gives its number. The file and its folder are made, for the user
/// only, where they are missing.
pub(super) fn append(path: &Path, line: &str) -> io::Result<usize> {
    create_folder(path)?;
    let mut file = locked(path)?;
    let mut text = String::with_capacity(line.len() + 1);
    if !ends_with_line_end(&mut file)? {
        text.push('\n');
    }
    text.push_str(line);
    let written = file.write(text.as_bytes())?;
    if written < text.len() {
        return Err(io::Error::new(io::ErrorKind::StorageFull, "only part of the line could be written"));
    }
    file.sync_all().or_else(|error| if is_regular(&file) { Err(error) } else { Ok(()) })?;
    number_of(path, line)
}

/// Takes out the lines that `keep` says no to; the others keep their bytes and their order. A file without such lines,
/// and a missing one, stays untouched; else the new content is written beside it, synced and renamed over it.
pub(super) fn retain(path: &Path, keep: impl Fn(&[u8]) -> bool) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    // A link to a file elsewhere stays a link.
    let path = path.canonicalize()?;
    let mut file = locked(&path)?;
    // OpenSSH takes no lock: what it adds between our reading and renaming must not get lost, so then we begin again.
    for _ in 0..ATTEMPTS {
        let mut content = Vec::new();
        let _ = file.seek(SeekFrom::Start(0))?;
        let _ = file.read_to_end(&mut content)?;
        let kept: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').filter(|line| keep(line)).collect();
        let kept = kept.concat();
        if kept.len() == content.len() {
            return Ok(());
        }
        let temporary = beside(&path, &file, &kept)?;
        if file.metadata()?.len() == content.len() as u64 {
            return temporary.replace(&path);
        }
    }
    Err(io::Error::new(io::ErrorKind::ResourceBusy, "another program keeps writing it"))
}

/// How often a file is read again because another program wrote it.
const ATTEMPTS: usize = 10;

/// A new version of a file, not yet in its place; removed where it does not get there.
struct Temporary(Option<PathBuf>);

impl Temporary {
    fn replace(mut self, path: &Path) -> io::Result<()> {
        let Some(temporary) = &self.0 else { return Ok(()) };
        std::fs::rename(temporary, path)?;
        self.0 = None;
        // The name is only safe on the disk with its folder; some systems cannot sync one.
        if let Some(folder) = path.parent()
            && let Ok(folder) = File::open(folder)
        {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Writes a new version beside a file, with its permissions, down to the disk.
fn beside(path: &Path, file: &File, content: &[u8]) -> io::Result<Temporary> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let name = PathBuf::from(name);
    let mut options = OpenOptions::new();
    let _ = options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    let _ = std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&name)?;
    let temporary = Temporary(Some(name));
    written.set_permissions(file.metadata()?.permissions())?;
    written.write_all(content)?;
    written.sync_all()?;
    Ok(temporary)
}

/// The name under a fresh random salt.
pub(super) fn hashed(name: &str) -> Result<String, Error> {
    let mut salt = [0; 20];
    russh::keys::key::safe_rng().fill_bytes(&mut salt);
    line::hash(&salt, name).ok_or_else(|| Error::Name { name: name.to_owned() })
}

/// The key's base64 as files hold it; empty where it cannot be encoded, which equals no line.
pub(super) fn key_text(key: &PublicKey) -> String {
    key.to_bytes().map(|blob| STANDARD.encode(blob)).unwrap_or_default()
}

/// The last line with this text: another program may have added after it.
fn number_of(path: &Path, line: &str) -> io::Result<usize> {
    let mut found = 0;
    for_each_line(path, |number, text| {
        if text == line.as_bytes() {
            found = number;
        }
    })?;
    Ok(found)
}

fn ends_with_line_end(file: &mut File) -> io::Result<bool> {
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        let _ = file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    Ok(last == *b"\n")
}

fn is_regular(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file())
}

fn create_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.exists() => {
            let mut builder = DirBuilder::new();
            let _ = builder.recursive(true);
            #[cfg(unix)]
            let _ = std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder)
        }
        _ => Ok(()),
    }
}

/// Opens the file and takes its lock. OpenSSH takes none, so what is added is one write; the lock keeps programs that do
/// take it apart. Some file systems have no locks at all.
fn locked(path: &Path) -> io::Result<File> {
    loop {
        let file = open(path)?;
        let _ = file.lock();
        // Whoever had the lock may have put another file in its place.
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

/// Whether this file is the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(file), Ok(there)) => (file.dev(), file.ino()) == (there.dev(), there.ino()),
        (_, Err(error)) => error.kind() != io::ErrorKind::NotFound,
        (Err(_), _) => true,
    }
}

/// Whether this file is the one at `path`; an open file cannot be replaced here.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let _ = options.read(true).append(true).create(true);
    #[cfg(unix)]
    let _ = std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
