//! A configuration file with the files it includes.

use std::path::{Path, PathBuf};

use super::Error;
use super::bad_line::BadLine;
use super::context::Context;
use super::glob;
use super::line::{Broken, Line};
use super::tokens::Tokens;

/// How deep files may include files.
const DEEPEST: usize = 16;

/// Whose file it is; what relative paths and `~` in `Include` mean depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    User,
    System,
}

/// A file, read and taken apart into lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) lines: Vec<Entry>,
}

/// A line in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) number: usize,
    /// Broken lines are told of in their turn, where an earlier one may be wrong too.
    pub(super) line: Result<Line, Broken>,
    /// What an `Include` brings in.
    pub(super) included: Vec<File>,
    /// The folders in which it looked.
    folders: Vec<PathBuf>,
}

impl File {
    /// Reads a file; `None` if there is none. `guarded` refuses files that others could have written.
    pub(super) fn load(path: &Path, owner: Owner, guarded: bool, context: &Context) -> Result<Option<Self>, Error> {
        Loader { owner, context }.load(path, guarded, 0)
    }

    /// Adds this file, what it includes and where that was looked for.
    pub(super) fn sources(&self, sources: &mut Vec<PathBuf>) {
        sources.push(self.path.clone());
        for entry in &self.lines {
            sources.extend(entry.folders.iter().cloned());
            entry.included.iter().for_each(|file| file.sources(sources));
        }
    }
}

struct Loader<'a> {
    owner: Owner,
    context: &'a Context,
}

impl Loader<'_> {
    fn load(&self, path: &Path, guarded: bool, depth: usize) -> Result<Option<File>, Error> {
        let unreadable =
            |error: std::io::Error| Error::Unreadable { path: path.to_owned(), message: error.to_string() };
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            // `Include ~/.ssh/*` means folders too; reading one gives ssh(1) nothing.
            Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        if guarded && !is_safe(path, self.context.uid).map_err(unreadable)? {
            return Err(Error::Permissions { path: path.to_owned() });
        }
        let mut lines = Vec::new();
        for (index, text) in text.split(|byte| *byte == b'\n').enumerate() {
            let number = index + 1;
            let fail = |message: String| {
                Error::Line(Box::new(BadLine { path: path.to_owned(), line: number, wrong: message.into() }))
            };
            let line = match Line::parse(&String::from_utf8_lossy(text)) {
                Ok(None) => continue,
                Ok(Some(line)) => self.checked(line),
                Err(broken) => Err(broken),
            };
            let (included, folders) = match &line {
                Ok(line) if line.keyword.eq_ignore_ascii_case("include") => self.include(line, depth + 1, &fail)?,
                _ => (Vec::new(), Vec::new()),
            };
            lines.push(Entry { number, line, included, folders });
        }
        Ok(Some(File { path: path.to_owned(), lines }))
    }

    /// An `Include` that no file can be meant by is a broken line like any other.
    fn checked(&self, line: Line) -> Result<Line, Broken> {
        if !line.keyword.eq_ignore_ascii_case("include") {
            return Ok(line);
        }
        match line.arguments.iter().try_for_each(|argument| self.pattern(argument).map(drop)) {
            Ok(()) => Ok(line),
            Err(message) => Err(Broken { keyword: Some(line.keyword), message }),
        }
    }

    /// The files that are included, and the folders that would show others.
    fn include(
        &self,
        line: &Line,
        depth: usize,
        fail: &dyn Fn(String) -> Error,
    ) -> Result<(Vec<File>, Vec<PathBuf>), Error> {
        if depth > DEEPEST {
            return Err(fail("Too many recursive configuration includes".to_owned()));
        }
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for argument in &line.arguments {
            let pattern = self.pattern(argument).map_err(fail)?;
            folders.extend(pattern.parent().map(Path::to_owned));
            for path in glob::expand(&pattern) {
                files.extend(self.load(&path, true, depth)?);
            }
        }
        Ok((files, folders))
    }

    /// The absolute path, with wildcards, that an argument of `Include` means. What depends on the destination is not
    /// known here: an `Include` is read once, for all destinations.
    fn pattern(&self, argument: &str) -> Result<PathBuf, String> {
        if argument.is_empty() {
            return Err("keyword include empty argument".to_owned());
        }
        let path = Tokens::local(self.context).expand(argument, Some(&self.context.environment))?;
        match self.owner {
            Owner::System if path.starts_with('~') => Err(format!("bad include path {path}.")),
            Owner::System => Ok(self.context.system_folder().join(path)),
            Owner::User => Ok(self.context.home.join(".ssh").join(self.context.expand_tilde(&path)?)),
        }
    }
}

/// Whether only the user and root can have written the file (`SSHCONF_CHECKPERM` in readconf.c). A group whose number
/// is the user's own is the user's private one, as Debian's ssh(1) has it.
#[cfg(unix)]
fn is_safe(path: &Path, uid: u32) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path)?;
    let forbidden = if metadata.gid() == uid { 0o002 } else { 0o022 };
    Ok((metadata.uid() == 0 || metadata.uid() == uid) && metadata.mode() & forbidden == 0)
}

#[cfg(not(unix))]
fn is_safe(_path: &Path, _uid: u32) -> std::io::Result<bool> {
    Ok(true)
}
