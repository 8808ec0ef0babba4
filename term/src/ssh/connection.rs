//! One authenticated transport that carries many channels.
//!
//! ```text
//!   Host ─► transport: TCP, proxy, command, jump host ─► identification ─► russh: key exchange ─► handler: host key, refusals
//!        ─► authentication: agent, key files, keyboard-interactive, password ─► Connection ─► Channel …
//! ```

mod address;
mod agent;
mod algorithms;
mod audience;
mod authentication;
mod batched;
mod command;
mod display;
mod grants;
mod handler;
mod host_key;
mod identification;
mod inquiry;
mod opener;
mod opening;
mod qos;
mod said;
mod silence;
mod state;
mod stream;
mod transport;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use russh::client::Handle;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::channel::Request;
use super::{Channel, Error, Hop, Host, Prompt, Secrets, failure};
use handler::Handler;
use inquiry::Inquiry;
use qos::Qos;

pub use authentication::{Key, Login};
pub use display::X11Denied;
pub use host_key::KeyTaken;
pub(in crate::ssh) use opener::{NotOpened, Opener};
pub use said::Said;
pub(in crate::ssh) use state::State;

/// How far a connection has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// What follows is about this host, which is not the only one on the way.
    Hop(Box<Hop>),
    /// Looking up the name.
    Resolving,
    /// Connecting to this address.
    Connecting(std::net::SocketAddr),
    /// Exchanging keys.
    KeyExchange,
    /// Logging in, by this method (`publickey`, `password` …); for a key, with its fingerprint or path.
    Authenticating(String),
    /// Running `LocalCommand`, which has to end first.
    LocalCommand,
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
    /// Something that a window shows and ssh(1), whose messages other programs read, is silent about, such as a use of the
    /// agent.
    Remark(String),
    /// A guarded X11 program was refused something.
    X11Denied(X11Denied),
    /// What became of the server's host key; [`KeyTaken::notice`] is what concerns the user of it.
    HostKey(Box<KeyTaken>),
    /// A program of the user's (`ProxyCommand`, `LocalCommand`) wrote something.
    Said(Said),
}

/// Where a connection's events go. Bounded; a full queue holds back questions and drops nothing but banners, notices and remarks.
pub type Events = mpsc::Sender<Event>;

/// How long a server may take to answer our goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// One authenticated transport that carries many channels. Dropping the last `Arc` disconnects.
pub struct Connection {
    host: Host,
    login: Login,
    verified: bool,
    state: Arc<State>,
    qos: Qos,
    /// Taken when the connection is dropped.
    handle: Option<Arc<Handle<Handler>>>,
    /// Dropping it ends the transport, whatever it is waiting for.
    hold: Option<oneshot::Sender<()>>,
    /// One channel is opened at a time, so that the server's words for refusing one are about that one.
    opening: Mutex<()>,
    bridge: Mutex<Option<Arc<x11::Bridge>>>,
    /// What the host's settings ask for, once it is up.
    forwards: std::sync::Mutex<Vec<super::forward::Active>>,
    runtime: tokio::runtime::Handle,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("host", &self.host.alias).finish_non_exhaustive()
    }
}

impl Connection {
    /// Connects and logs in, through the host's jump hosts one after the other. Cancel by dropping the future.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::OnTheWay`] names the jump host that one is about.
    pub async fn open(host: Host, mut secrets: Secrets, events: Events) -> Result<Arc<Self>, Error> {
        let mut reached: Option<Arc<Self>> = None;
        let mut of_jumps = std::mem::take(&mut secrets.jumps).into_iter();
        for jump in &host.jumps {
            let secrets = of_jumps.next().unwrap_or_default();
            transport::announce(jump, &events).await;
            let opened = Self::login_to(jump.clone(), secrets, reached.take(), &events).await;
            reached = Some(opened.map_err(|error| error.at(jump, &host.alias))?);
        }
        if !host.jumps.is_empty() {
            transport::announce(&host, &events).await;
        }
        let connection = Self::login_to(host, secrets, reached, &events).await?;
        command::run_local(&connection.host, &events).await;
        // The owner may have gone in this very moment; then the connection goes with it.
        let _ = events.send(Event::Stage(Stage::Open)).await;
        Ok(connection)
    }

    async fn login_to(
        host: Host,
        secrets: Secrets,
        jump: Option<Arc<Self>>,
        events: &Events,
    ) -> Result<Arc<Self>, Error> {
        let before = jump.as_ref().map(|jump| jump.login.clone());
        let mut opened = opening::open(&host, secrets, jump, events).await?;
        opened.login.before = before.map(Box::new);
        Ok(Arc::new(Self {
            host,
            login: opened.login,
            verified: opened.verified,
            state: opened.state,
            qos: opened.qos,
            handle: Some(opened.handle),
            hold: Some(opened.hold),
            opening: Mutex::new(()),
            bridge: Mutex::new(None),
            forwards: std::sync::Mutex::default(),
            runtime: tokio::runtime::Handle::current(),
        }))
    }

    /// The host this connection leads to.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// How the login succeeded: which method, key and secret worked.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.login
    }

    /// Whether the host's key is believed to be its own. It is not after `StrictHostKeyChecking no` has let a changed one
    /// pass; then nothing of this machine may be forwarded there (ssh_config(5)).
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified
    }

    /// Whether channels can still be opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state.ended().is_none() && self.handle.as_ref().is_some_and(|handle| !handle.is_closed())
    }

    /// Waits until the connection is over and says why.
    pub async fn closed(&self) -> Arc<Error> {
        self.state.closed().await
    }

    /// Says goodbye to the server and waits until that is sent, for a program that is about to end: [`Drop`] leaves it to
    /// a task, which ends with the program. Whatever the connection still carries ends with it.
    pub async fn disconnect(&self) {
        if let Some(handle) = &self.handle {
            goodbye(handle, &self.state).await;
        }
    }

    /// [`Connection::closed`] for a task that must not keep the connection alive.
    pub(crate) fn ending(&self) -> BoxFuture<'static, Arc<Error>> {
        let state = Arc::clone(&self.state);
        Box::pin(async move { state.closed().await })
    }

    /// Opens a session channel and asks for what `request` says. A refused `x11-req` costs a notice; `env` is sent
    /// without asking for an answer, as OpenSSH does. From now on `events` hears what concerns the connection as a whole.
    ///
    /// # Errors
    /// [`Error`] when the channel, the PTY or the program is refused, or the connection is gone.
    pub async fn channel(&self, request: Request, events: &Events) -> Result<Channel, Error> {
        self.state.audience().join(events, request.x11.is_some());
        if let Some(bridge) = &request.x11 {
            // Before the request: the first X11 channel may come before its answer.
            self.state.announce(bridge);
        }
        self.qos.carries(request.pty.is_some() || request.x11.is_some());
        let request = Request { agent: request.agent && self.announce_agent(events).await, ..request };
        let mut channel = self.open_channel().await?;
        match channel.request(request, events).await {
            Ok(()) => Ok(channel),
            Err(Error::ChannelClosed) if !self.is_open() => Err(self.gone().await),
            Err(error) => Err(error),
        }
    }

    /// From now on `events` hears what concerns the connection as a whole, without a channel of its own.
    pub fn listen(&self, events: &Events) {
        self.qos.carries(true);
        self.state.audience().join(events, false);
    }

    async fn open_channel(&self) -> Result<Channel, Error> {
        let Some(handle) = &self.handle else { return Err(self.gone().await) };
        // Counted before it is there, so that one that holds the connection back learns that it must not.
        let _counted = self.state.count();
        let _turn = self.opening.lock().await;
        match handle.channel_open_session().await {
            Ok(channel) => Ok(Channel::new(channel, &self.state, self.host.alias.clone())),
            Err(russh::Error::ChannelOpenFailure(reason)) => {
                let words = self.state.open_failure().await.unwrap_or_else(|| format!("{reason:?}"));
                Err(Error::ChannelRefused { host: self.host.alias.clone(), reason: words })
            }
            Err(error) if self.is_open() => Err(failure::of(&self.host.alias, Duration::ZERO, error)),
            Err(_) => Err(self.gone().await),
        }
    }

    /// Why the connection is over, for whoever still wants something of it.
    async fn gone(&self) -> Error {
        match tokio::time::timeout(GOODBYE, self.closed()).await {
            Ok(error) => (*error).clone(),
            Err(_) => Error::Lost { host: self.host.alias.clone(), cause: "it is closed".to_owned() },
        }
    }
}

impl Drop for Connection {
    /// Says goodbye, so that the server does not wait for us, and then closes the connection in any case.
    fn drop(&mut self) {
        let (Some(handle), Some(hold)) = (self.handle.take(), self.hold.take()) else { return };
        let state = Arc::clone(&self.state);
        // Ends by itself after GOODBYE at the latest.
        drop(self.runtime.spawn(async move {
            goodbye(&handle, &state).await;
            drop(hold);
        }));
    }
}

/// Takes [`GOODBYE`] at the most.
async fn goodbye(handle: &Handle<Handler>, state: &State) {
    let goodbye = async {
        let sent = handle.disconnect(russh::Disconnect::ByApplication, "disconnected by user", "").await;
        if sent.is_ok() {
            let _ = state.closed().await;
        }
    };
    // A server that takes nothing any more is left without.
    let _ = tokio::time::timeout(GOODBYE, goodbye).await;
}
