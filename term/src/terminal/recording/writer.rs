//! The thread that writes a session to its file.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, watch};

use super::cast::{self, Decoder};
use super::typewriter::Typewriter;
use super::{Error, Format, Options, Size, Status};

/// How many files are open.
static OPEN: Mutex<usize> = Mutex::new(0);
static CLOSED: Condvar = Condvar::new();

fn open() -> MutexGuard<'static, usize> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts an open file until it is dropped.
struct Opened;

impl Opened {
    fn new() -> Self {
        *open() += 1;
        Self
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        *open() -= 1;
        CLOSED.notify_all();
    }
}

/// See [`super::finish_all`].
pub(super) fn finish_all(limit: Duration) -> bool {
    let (count, _) =
        CLOSED.wait_timeout_while(open(), limit, |count| *count > 0).unwrap_or_else(PoisonError::into_inner);
    *count == 0
}

/// What happened in a session.
#[derive(Debug)]
pub(super) enum Entry {
    Output(Vec<u8>),
    Input(Vec<u8>),
    Resize(Size),
}

/// What turns entries into lines of a file.
#[derive(Debug)]
enum Form {
    Text(Typewriter),
    Cast { began: Instant, output: Decoder, input: Decoder, size: Size },
}

/// A file being written.
pub(super) struct Writer {
    file: BufWriter<File>,
    form: Form,
    _opened: Opened,
}

impl Writer {
    pub(super) fn new(file: File, options: &Options) -> io::Result<Self> {
        let mut file = BufWriter::new(file);
        let form = match options.format {
            Format::Text => Form::Text(Typewriter::default()),
            Format::Cast => {
                let unix = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
                file.write_all(cast::header(options.size, &options.title, unix).as_bytes())?;
                let (output, input) = Default::default();
                Form::Cast { began: Instant::now(), output, input, size: options.size }
            }
        };
        Ok(Self { file, form, _opened: Opened::new() })
    }

    /// Writes until the other end of the queue is gone or the disk is full.
    pub(super) fn run(
        mut self,
        mut queue: mpsc::Receiver<(Instant, Entry)>,
        status: &watch::Sender<Status>,
        path: PathBuf,
    ) {
        let end = match self.write_all(&mut queue) {
            Ok(()) => Status::Finished,
            Err(error) => Status::Failed(Error::Write { path, reason: error.to_string() }),
        };
        // Who waits for the queue must not wait for somebody who takes nothing any more.
        drop(queue);
        let _ = status.send_replace(end);
    }

    fn write_all(&mut self, queue: &mut mpsc::Receiver<(Instant, Entry)>) -> io::Result<()> {
        loop {
            let next = match queue.try_recv() {
                Ok(next) => Some(next),
                Err(TryRecvError::Disconnected) => None,
                Err(TryRecvError::Empty) => {
                    // Whoever looks into the file finds what is on the screen.
                    self.file.flush()?;
                    queue.blocking_recv()
                }
            };
            match next {
                Some((at, entry)) => self.write(at, entry)?,
                None => break,
            }
        }
        let rest = match &mut self.form {
            Form::Text(typewriter) => typewriter.finish(),
            Form::Cast { began, output, .. } => match output.finish() {
                rest if rest.is_empty() => rest,
                rest => cast::event(began.elapsed(), 'o', &rest),
            },
        };
        self.file.write_all(rest.as_bytes())?;
        self.file.flush()
    }

    fn write(&mut self, at: Instant, entry: Entry) -> io::Result<()> {
        let text = match (&mut self.form, entry) {
            (Form::Text(typewriter), Entry::Output(bytes)) => typewriter.write(&bytes),
            (Form::Text(_), Entry::Input(_) | Entry::Resize(_)) => String::new(),
            (Form::Cast { began, output, .. }, Entry::Output(bytes)) => {
                event(at.saturating_duration_since(*began), 'o', &output.decode(&bytes))
            }
            (Form::Cast { began, input, .. }, Entry::Input(bytes)) => {
                event(at.saturating_duration_since(*began), 'i', &input.decode(&bytes))
            }
            (Form::Cast { began, size, .. }, Entry::Resize(new)) => {
                let same = (size.columns, size.lines) == (new.columns, new.lines);
                *size = new;
                let data = if same { String::new() } else { format!("{}x{}", new.columns, new.lines) };
                event(at.saturating_duration_since(*began), 'r', &data)
            }
        };
        self.file.write_all(text.as_bytes())
    }
}

/// An event, unless there is nothing to tell.
fn event(after: Duration, code: char, data: &str) -> String {
    if data.is_empty() { String::new() } else { cast::event(after, code, data) }
}
