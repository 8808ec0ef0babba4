//! Standard output or error, and what becomes of the command when nobody reads it any more.

use std::time::{Duration, Instant};

use tokio::io::{AsyncWrite, AsyncWriteExt};

/// How long, and how much, a command may go on printing what nobody reads. ssh(1) tells the server, which ends the
/// command by SIGPIPE when it prints again (`eow@openssh.com`); without that, the command is let run to its own end and
/// status for this long, and otherwise it ends with the connection.
const PATIENCE: Duration = Duration::from_secs(1);
const WASTE: usize = 16 * 1024 * 1024;

/// Standard output or error.
pub(super) struct Sink<W> {
    output: W,
    broken: Option<Broken>,
}

/// Nobody reads it any more.
struct Broken {
    since: Instant,
    wasted: usize,
}

impl<W: AsyncWrite + Unpin> Sink<W> {
    pub(super) fn new(output: W) -> Self {
        Self { output, broken: None }
    }

    /// Writes all of it at once; false when the command does not stop printing what nobody reads.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> bool {
        if let Some(broken) = &mut self.broken {
            broken.wasted += bytes.len();
            return broken.since.elapsed() < PATIENCE && broken.wasted < WASTE;
        }
        // Both are unbuffered in ssh(1), and a prompt without a line end has to be seen.
        let written = match self.output.write_all(bytes).await {
            Ok(()) => self.output.flush().await,
            error => error,
        };
        if let Err(error) = written {
            log::debug!("the output cannot be written: {error}");
            self.broken = Some(Broken { since: Instant::now(), wasted: 0 });
        }
        true
    }
}
