//! What a process took that has ended.

use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::super::{Error, io, usage};
use super::client::Client;

/// What a process took that has ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finished {
    /// From `started` to its end.
    pub(super) time: Duration,
    /// Of the processor.
    pub(super) processor: Duration,
}

/// Waits for the end of a client that must succeed.
pub(super) fn wait(client: Client, child: &mut Child, started: Instant) -> Result<Finished, Error> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // It is left to be asked what it took, and waited for below.
        let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
            .map_err(|error| io("waiting for a client")(error.into()))?;
    }
    let time = started.elapsed();
    let processor = usage::own_processor_time(child.id());
    let status = child.wait().map_err(io("waiting for a client"))?;
    if status.success() {
        Ok(Finished { time, processor })
    } else {
        Err(Error::Client { client: client.name(), what: format!("it ended with {status}") })
    }
}
