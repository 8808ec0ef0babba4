//! Standard output or error, and what becomes of the command when nobody reads it any more.

use std::time::{Duration, Instant};

use super::descriptor::Descriptor;

/// How long, and how much, a command may go on printing what nobody reads. ssh(1) tells the server, which ends the
/// command by SIGPIPE when it prints again (`eow@openssh.com`); without that, the command is let run to its own end and
/// status for this long, and otherwise it ends with the connection.
const PATIENCE: Duration = Duration::from_secs(1);
const WASTE: usize = 16 * 1024 * 1024;

/// Standard output or error.
pub(super) struct Sink {
    descriptor: Descriptor,
    broken: Option<Broken>,
}

/// Nobody reads it any more.
struct Broken {
    since: Instant,
    wasted: usize,
}

impl Sink {
    pub(super) fn new(descriptor: Descriptor) -> Self {
        Self { descriptor, broken: None }
    }

    /// Writes all of it at once; false when the command does not stop printing what nobody reads.
    pub(super) async fn write(&mut self, bytes: Vec<u8>) -> bool {
        if let Some(broken) = &mut self.broken {
            broken.wasted += bytes.len();
            return broken.since.elapsed() < PATIENCE && broken.wasted < WASTE;
        }
        let descriptor = self.descriptor;
        // On a thread of its own: a reader may stop, and what is typed has to go on meanwhile.
        let written = tokio::task::spawn_blocking(move || descriptor.write_all(&bytes)).await;
        if let Ok(Err(error)) = written {
            log::debug!("the output cannot be written: {error}");
            self.broken = Some(Broken { since: Instant::now(), wasted: 0 });
        }
        true
    }
}
