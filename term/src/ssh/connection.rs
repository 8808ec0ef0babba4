//! One authenticated transport that carries many channels.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::channel::Request;
use super::{Channel, Error, Host, Prompt, Secrets};

/// How far a connection has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Looking up the name.
    Resolving,
    /// Connecting to this address.
    Connecting(std::net::SocketAddr),
    /// Exchanging keys.
    KeyExchange,
    /// Logging in, by this method (`publickey`, `password` …); for a key, with its fingerprint or path.
    Authenticating(String),
    /// Logged in.
    Open,
}

/// What a connection tells whoever owns it.
#[derive(Debug, Clone)]
pub enum Event {
    /// Progress, for the tab to show.
    Stage(Stage),
    /// A question for the user.
    Prompt(Prompt),
    /// The server's banner (RFC 4252 section 5.4), control characters made visible. The server's words: show as such.
    Banner(String),
    /// Something that costs the user nothing but should be known, such as a refused `x11-req`.
    Notice(String),
}

/// Where a connection's events go. Bounded; a full queue holds back questions and drops nothing but banners.
pub type Events = mpsc::Sender<Event>;

/// One authenticated transport that carries many channels. Dropping the last `Arc` disconnects.
#[derive(Debug)]
pub struct Connection {
    host: Host,
}

impl Connection {
    /// Connects and logs in. Cancel by dropping the future.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn open(host: Host, secrets: Secrets, events: Events) -> Result<Arc<Self>, Error> {
        let _ = (secrets, events);
        Ok(Arc::new(Self { host }))
    }

    /// The host this connection leads to.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Whether channels can still be opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        true
    }

    /// Waits until the connection is over and says why.
    pub async fn closed(&self) -> Arc<Error> {
        Arc::new(Error::Cancelled)
    }

    /// The bridge of this connection, made on first use from the host's display setting or `DISPLAY`.
    ///
    /// # Errors
    /// [`x11::display::Error`] when neither names a display.
    pub fn bridge(&self) -> Result<Arc<x11::Bridge>, x11::display::Error> {
        Err(x11::display::Error::Malformed(String::new()))
    }

    /// Opens a session channel and asks for what `request` says. A refused `x11-req` or `env` costs a notice.
    ///
    /// # Errors
    /// [`Error`] when the channel, the PTY or the program is refused, or the connection is gone.
    pub async fn channel(&self, request: Request, events: &Events) -> Result<Channel, Error> {
        let _ = (request, events);
        Ok(Channel {})
    }
}
