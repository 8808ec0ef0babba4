//! What a server can make a bridge hold and wait for.

use std::time::Duration;

/// What a bridge holds and waits for at most. The defaults are for use; tests take shorter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Channels in their set-up at once; more are turned away.
    pub half_open: usize,
    /// How long a set-up may take, and how long the display may take to accept a connection.
    pub setup: Duration,
    /// How long one direction may be silent once the other has ended.
    pub linger: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { half_open: 256, setup: Duration::from_secs(10), linger: Duration::from_secs(10) }
    }
}
