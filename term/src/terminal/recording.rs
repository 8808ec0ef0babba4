//! A session written to a file while it runs: as text to read, or as an asciinema recording to play.
//!
//! ```text
//!   pump ──► Recording::output ──► bounded queue ──► a thread of its own ──► Typewriter or Cast ──► file
//! ```
//!
//! Neither the window nor the terminal's lock ever waits for the disk. Where the disk is slower than the remote side,
//! the pump waits, and SSH's own window holds the server back: nothing is left out.

mod cast;
mod file;
mod typewriter;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};

use super::Size;
use writer::{Entry, Writer};

/// Chunks that wait for the disk; with the pump's 64 KiB each, 4 MiB.
const QUEUE: usize = 64;

/// How a session is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Lines of text, as a printer would show them: what a line was rewritten to last, without escape sequences and
    /// without what programs show on the alternate screen.
    #[default]
    Text,
    /// asciinema's `.cast`, version 2: everything with its time, to be played with `asciinema play`.
    Cast,
}

impl Format {
    /// The ending of its files' names, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "log",
            Self::Cast => "cast",
        }
    }
}

/// What is written where.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file. One that exists is left alone: a number is added to the name. Missing folders are made.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
    /// The terminal's size at the start.
    pub size: Size,
    /// What a recording is called; text has no place for it.
    pub title: String,
    /// Whether a recording has what is typed as well: passwords too, which the screen never shows.
    pub input: bool,
}

/// Why a session is not written, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file cannot be made.
    #[error("{} cannot be written: {reason}", .path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The disk takes no more; what was written before is there.
    #[error("The log ended early, {} takes no more: {reason}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

/// How a recording stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It goes on.
    Running,
    /// All of it is in the file.
    Finished,
    /// It ended early.
    Failed(Error),
}

/// A session being written to a file. Dropping it ends the file; nothing that was handed over is lost.
pub struct Recording {
    path: PathBuf,
    format: Format,
    input: bool,
    entries: mpsc::Sender<(Instant, Entry)>,
    status: watch::Receiver<Status>,
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").field("path", &self.path).field("format", &self.format).finish_non_exhaustive()
    }
}

impl Recording {
    /// Makes the file, which only its owner can read, and begins. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Create`].
    pub fn start(options: Options) -> Result<Arc<Self>, Error> {
        let create = |error: std::io::Error| Error::Create { path: options.path.clone(), reason: error.to_string() };
        let (file, path) = file::create(&options.path).map_err(create)?;
        let (entries, queue) = mpsc::channel(QUEUE);
        let (tell, status) = watch::channel(Status::Running);
        let (format, input) = (options.format, options.input);
        let writer = Writer::new(file, &options).map_err(create)?;
        let place = path.clone();
        let run = move || writer.run(queue, &tell, place);
        let _thread = std::thread::Builder::new().name("recording".to_owned()).spawn(run).map_err(create)?;
        Ok(Arc::new(Self { path, format, input, entries, status }))
    }

    /// The file, with the number that its name was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it is written.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// How it stands now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// What the remote side sent; waits while the disk is behind.
    pub async fn output(&self, bytes: &[u8]) {
        let _ended = self.entries.send((Instant::now(), Entry::Output(bytes.to_vec()))).await;
    }

    /// What was typed; written only where that was asked for. Where the disk is behind it is left out.
    pub fn input(&self, bytes: &[u8]) {
        if self.input && self.format == Format::Cast {
            let _left_out = self.entries.try_send((Instant::now(), Entry::Input(bytes.to_vec())));
        }
    }

    /// The terminal has another size.
    pub fn resized(&self, size: Size) {
        let _left_out = self.entries.try_send((Instant::now(), Entry::Resize(size)));
    }

    /// Waits until no more is written, and tells how it ended.
    pub async fn ended(mut status: watch::Receiver<Status>) -> Status {
        match status.wait_for(|status| *status != Status::Running).await {
            Ok(status) => status.clone(),
            Err(_) => Status::Finished,
        }
    }

    /// What [`Recording::ended`] waits on: it keeps nothing open.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }
}

/// Waits until every recording whose [`Recording`] is gone is in its file, at most so long: before the program ends.
/// Returns whether all are.
pub fn finish_all(limit: Duration) -> bool {
    writer::finish_all(limit)
}

#[cfg(test)]
mod tests;
