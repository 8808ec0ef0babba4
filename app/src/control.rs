//! The socket through which `tetherm ctl` drives a running window.
//!
//! It exists only when the window was started with `--control PATH`, belongs to the user alone, and carries a line of
//! JSON each way: a [`Request`], then `{"ok": …}` or `{"error": "…"}`. No secret passes through it: what the user is
//! asked for and what was answered is in no [`Answer`].
//!
//! ```text
//!   tetherm ctl ──► Server ──► Call { request, reply } ──► the window's update
//!               ◄── {"ok"} ◄──────────── Answer ◄──────────┘
//! ```

pub mod answer;
pub mod client;
pub mod request;
pub mod server;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

pub use answer::{Answer, Listing};
pub use client::Client;
pub use request::Request;
pub use server::Server;

/// Why the socket cannot be served or asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A window listens there already.
    #[error("{path}: a window listens here already; choose another path for --control")]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// Something else has the name.
    #[error("{path} exists and is no socket; remove it or choose another path for --control")]
    NotASocket {
        /// What is there.
        path: PathBuf,
    },
    /// The socket cannot be made.
    #[error("{path}: the control socket cannot be made: {source}")]
    Bind {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Nobody listens there.
    #[error("{path}: no window listens here ({source}); start one with: tetherm --control {path}")]
    NoWindow {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The conversation broke off.
    #[error("{path}: the window did not answer: {source}")]
    NoAnswer {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The window answered something that is no answer.
    #[error("{path}: the answer makes no sense: {reason}; is another program listening there?")]
    Garbled {
        /// The socket.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The window said no.
    #[error("{0}")]
    Refused(String),
    /// There are no Unix sockets here.
    #[error("the control socket does not exist on this system yet")]
    Unsupported,
}

/// A request that waits for the window's answer.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is wanted.
    pub request: Request,
    /// Where the answer goes.
    pub reply: Reply,
}

impl Call {
    /// A call and the end its answer comes out of.
    #[must_use]
    pub fn new(request: Request) -> (Self, oneshot::Receiver<Answer>) {
        let (sender, receiver) = oneshot::channel();
        (Self { request, reply: Reply(Arc::new(Mutex::new(Some(sender)))) }, receiver)
    }
}

/// Takes one answer. Dropping it tells the other side that there will be none.
#[derive(Clone)]
pub struct Reply(Arc<Mutex<Option<oneshot::Sender<Answer>>>>);

impl Reply {
    /// Answers the call; a second answer is dropped, and so is one to a client that has gone.
    pub fn answer(&self, answer: Answer) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            let _gone = sender.send(answer);
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply")
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
