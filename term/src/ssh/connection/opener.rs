//! Opens the channels of forwardings, for tasks that must not keep the connection alive.

use std::sync::{Arc, PoisonError, Weak};

use russh::ChannelOpenFailure;
use russh::client::Handle;

use super::handler::Handler;
use super::state::State;
use super::{Connection, Event, Events};
use crate::ssh::channel::Stream;
use crate::ssh::forward::{self, Active, Endpoint, Forward, Options, Remotes, bind_host};

/// Opens channels for as long as there is a connection.
pub(in crate::ssh) struct Opener {
    handle: Weak<Handle<Handler>>,
    state: Arc<State>,
    runtime: tokio::runtime::Handle,
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opener").finish_non_exhaustive()
    }
}

/// Why the server opened no channel, in its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ssh) enum NotOpened {
    /// It does not allow it.
    Forbidden(String),
    /// It could not connect.
    ConnectFailed(String),
    /// Anything else.
    Other(String),
}

impl std::fmt::Display for NotOpened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Forbidden(words) | Self::ConnectFailed(words) | Self::Other(words)) = self;
        f.write_str(words)
    }
}

impl Opener {
    /// Counts a connection that is carried.
    pub(in crate::ssh) fn count(&self, what: String) -> forward::Carried {
        forward::Carried::new(&self.state, what)
    }

    pub(in crate::ssh) fn remotes(&self) -> &Remotes {
        self.state.remotes()
    }

    /// Tells the owner something that should be known.
    pub(in crate::ssh) fn tell(&self, text: String) {
        self.state.notice(text);
    }

    /// `direct-tcpip`, or `direct-streamlocal@openssh.com` for a socket; `address` and `port` are where the connection
    /// comes from.
    pub(in crate::ssh) async fn direct(
        &self,
        target: &Endpoint,
        address: String,
        port: u32,
    ) -> Result<Stream, NotOpened> {
        let closed = || NotOpened::Other("the connection is closed".to_owned());
        let handle = self.handle.upgrade().ok_or_else(closed)?;
        // Counted before it is there, so that one that holds the connection back learns that it must not.
        let _counted = self.state.count();
        let opened = match target {
            Endpoint::Port { host, port: to } => {
                let host = host.as_deref().unwrap_or("localhost");
                handle.channel_open_direct_tcpip(host, u32::from(*to), address, port).await
            }
            Endpoint::Socket(path) => handle.channel_open_direct_streamlocal(path.display().to_string()).await,
        };
        drop(handle);
        match opened {
            Ok(channel) => Ok(Stream::new(channel, &self.state)),
            Err(russh::Error::ChannelOpenFailure(reason)) => Err(self.refusal(reason).await),
            Err(_) => Err(closed()),
        }
    }

    /// The reason as ssh(1) says it, with the server's words.
    async fn refusal(&self, reason: ChannelOpenFailure) -> NotOpened {
        let name = match reason {
            ChannelOpenFailure::AdministrativelyProhibited => "administratively prohibited",
            ChannelOpenFailure::ConnectFailed => "connect failed",
            ChannelOpenFailure::UnknownChannelType => "unknown channel type",
            ChannelOpenFailure::ResourceShortage => "resource shortage",
            ChannelOpenFailure::Other { .. } => "unknown reason",
        };
        let words = match self.state.open_failure().await {
            Some(words) => format!("{name}: {words}"),
            None => name.to_owned(),
        };
        match reason {
            ChannelOpenFailure::AdministrativelyProhibited => NotOpened::Forbidden(words),
            ChannelOpenFailure::ConnectFailed => NotOpened::ConnectFailed(words),
            _ => NotOpened::Other(words),
        }
    }

    /// `tcpip-forward` or `streamlocal-forward@openssh.com`; the port that the server chose, if it was to choose one.
    pub(in crate::ssh) async fn listen(&self, listen: &Endpoint) -> Result<u16, forward::Error> {
        let handle = self.handle.upgrade().ok_or(forward::Error::Closed)?;
        let answer = match listen {
            Endpoint::Port { host, port } => handle.tcpip_forward(bind_host(host.as_deref()), u32::from(*port)).await,
            Endpoint::Socket(path) => handle.streamlocal_forward(path.display().to_string()).await.map(|()| 0),
        };
        let refused = || forward::Error::Refused { listen: listen.clone() };
        match answer {
            Ok(port) => u16::try_from(port).map_err(|_| refused()),
            Err(russh::Error::RequestDenied) => Err(refused()),
            Err(_) => Err(forward::Error::Closed),
        }
    }

    /// Asks the server to stop listening, and does not wait for its answer.
    pub(in crate::ssh) fn stop_listening(&self, listen: &Endpoint, port: Option<u16>) {
        let Some(handle) = self.handle.upgrade() else { return };
        let listen = listen.clone();
        // Ends with the answer, or with the connection.
        drop(self.runtime.spawn(async move {
            // A server that goes on listening is refused each channel.
            let _ = match listen {
                Endpoint::Port { host, port: asked } => {
                    let port = port.unwrap_or(asked);
                    handle.cancel_tcpip_forward(bind_host(host.as_deref()), u32::from(port)).await
                }
                Endpoint::Socket(path) => handle.cancel_streamlocal_forward(path.display().to_string()).await,
            };
        }));
    }
}

impl Connection {
    fn opener(&self) -> Arc<Opener> {
        let handle = self.handle.as_ref().map(Arc::downgrade).unwrap_or_default();
        Arc::new(Opener { handle, state: Arc::clone(&self.state), runtime: self.runtime.clone() })
    }

    /// Brings a forwarding up; it ends with the value that is returned. What goes wrong with single connections is told
    /// as notices.
    ///
    /// # Errors
    /// [`forward::Error`] when nothing can listen, here or there, or the host's key is not verified.
    pub async fn forward(&self, forward: Forward, options: &Options) -> Result<Active, forward::Error> {
        if !self.is_verified() {
            return Err(forward::Error::Unverified);
        }
        Active::start(forward, options, self.opener()).await
    }

    /// Brings up what the host's settings ask for, for as long as the connection lasts. What cannot be had costs a
    /// notice, as with ssh(1) where `ExitOnForwardFailure` is not set.
    pub async fn forward_all(&self, events: &Events) {
        let options = Options::of(&self.host);
        for forward in Forward::of(&self.host) {
            let listen = forward.listen().clone();
            let started = self.forward(forward, &options).await;
            let problem = match &started {
                Ok(active) => active.problem().map(ToString::to_string),
                Err(error) => Some(error.to_string()),
            };
            if let Some(problem) = problem {
                // Nobody to tell is no reason to lose the others.
                let _ = events.send(Event::Notice(format!("Port forwarding from {listen}: {problem}."))).await;
            }
            self.forwards.lock().unwrap_or_else(PoisonError::into_inner).extend(started.ok());
        }
    }

    /// Connects from the server to a target, as `-W` does.
    ///
    /// # Errors
    /// The server's reason, as ssh(1) words it.
    pub async fn direct(&self, target: &Endpoint) -> Result<Stream, String> {
        let (address, port) = forward::nowhere();
        self.opener().direct(target, address, port).await.map_err(|not_opened| not_opened.to_string())
    }

    /// Asks for new keys now.
    pub async fn rekey(&self) {
        if let Some(handle) = &self.handle {
            // A connection that is gone needs none.
            let _ = handle.rekey_soon().await;
        }
    }

    /// The connections that forwardings carry, one line each.
    #[must_use]
    pub fn carried(&self) -> Vec<String> {
        self.state.remotes().carried()
    }

    /// Waits until no forwarding carries a connection any more.
    pub async fn forwards_idle(&self) {
        self.state.remotes().idle().await;
    }
}
