//! What a pane does beside the GUI thread: reads the configuration, asks the keyring, connects, opens the shell and
//! waits for its end. It is one future; dropping it gives everything up.

use std::sync::Arc;

use futures::channel::mpsc::Sender;
use futures::future::OptionFuture;
use futures::{SinkExt as _, Stream};
use term::session::{self, Ended};
use term::ssh::connection::Login;
use term::ssh::host::SessionType;
use term::terminal::recording::{self, Recording};
use term::{Session, Terminal, ssh};

use super::session_log::{self, Wanted};
use super::{Failure, Pool, Target};
use crate::store::{Secrets, secrets};

/// How many events may wait for the window; a full queue holds the connection back, never the window.
const QUEUE: usize = 32;

/// What stands in a terminal without a shell.
const NO_SHELL: &str =
    "Connected, without a shell (SessionType none): forwardings work until you close this or press Ctrl+C";

/// What a worker tells its pane.
#[derive(Debug, Clone)]
pub enum Event {
    /// The settings in force for this host.
    Resolved(Arc<ssh::Host>),
    /// What keeps secrets; asked when the first question is.
    Keeper(secrets::Status),
    /// Another tab is logging in to the same host; this one will share its connection.
    Waiting,
    /// Progress, a question, a banner or a notice of the connection.
    Ssh(ssh::Event),
    /// The login succeeded, this way, and the shell runs.
    Opened(Arc<Session>, Arc<Login>),
    /// The session is logged from its beginning, or cannot be.
    Logged(Result<Arc<Recording>, recording::Error>),
    /// It came to no shell.
    Failed(Arc<Failure>),
    /// The shell is over.
    Ended {
        /// How.
        ended: Ended,
        /// Whether X11 programs of the connection are still shown here. They keep it up, as with ssh(1).
        programs: bool,
    },
    /// The last of these programs is gone.
    ProgramsEnded,
}

/// What a worker needs.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Where to.
    pub target: Target,
    /// What shows the shell; it may hold the scrollback of an earlier session.
    pub terminal: Arc<Terminal>,
    /// The connections to share.
    pub pool: Arc<Pool>,
    /// Where secrets are looked up before anything is asked.
    pub secrets: Secrets,
    /// What is to be logged.
    pub log: Wanted,
}

impl Worker {
    /// Does it all; ends with [`Event::Failed`] or [`Event::Ended`].
    pub fn run(self) -> impl Stream<Item = Event> {
        iced::stream::channel(QUEUE, async move |mut output| {
            let (sender, mut events) = tokio::sync::mpsc::channel(QUEUE);
            let keeper = self.secrets.clone();
            let mut work = std::pin::pin!(self.work(output.clone(), sender));
            // Asked beside the connection: a keyring that hangs must not hold up what the user answered meanwhile.
            let mut status = OptionFuture::default();
            let last = loop {
                tokio::select! {
                    // What the connection said before it ended is told before its end.
                    biased;
                    Some(event) = events.recv() => {
                        let asks = matches!(event, ssh::Event::Prompt(_));
                        tell(&mut output, Event::Ssh(event)).await;
                        if asks {
                            status = Some(Box::pin(keeper.status())).into();
                        }
                    }
                    Some(told) = &mut status => {
                        status = OptionFuture::default();
                        tell(&mut output, Event::Keeper(told)).await;
                    }
                    last = &mut work => break last,
                }
            };
            while let Ok(event) = events.try_recv() {
                tell(&mut output, Event::Ssh(event)).await;
            }
            tell(&mut output, last).await;
        })
    }

    async fn work(self, mut output: Sender<Event>, events: ssh::Events) -> Event {
        let Opened { session, connection, bridge } = match self.open(&mut output, events).await {
            Ok(opened) => opened,
            Err(failure) => return Event::Failed(Arc::new(failure)),
        };
        let login = Arc::new(connection.login().clone());
        tell(&mut output, Event::Opened(session.clone(), login)).await;
        // The pane keeps the connection up for as long as its shell runs.
        let ended = session.ended().await;
        match bridge.filter(|bridge| connection.is_open() && bridge.counts().open > 0) {
            None => Event::Ended { ended, programs: false },
            Some(bridge) => {
                tell(&mut output, Event::Ended { ended, programs: true }).await;
                tokio::select! {
                    () = bridge.idle() => {}
                    _lost = connection.closed() => {}
                }
                Event::ProgramsEnded
            }
        }
    }

    async fn open(self, output: &mut Sender<Event>, events: ssh::Events) -> Result<Opened, Failure> {
        let target = self.target.clone();
        let host = blocking(move || target.resolve()).await?.map_err(Failure::Config)?;
        tell(output, Event::Resolved(Arc::new(host.clone()))).await;
        if host.session_type == SessionType::Subsystem && host.remote_command.is_none() {
            return Err(Failure::NoSubsystem);
        }
        let failed = |error| Failure::Ssh(Arc::new(error));
        loop {
            let (connection, shared) = self.connect(&host, output, &events).await.map_err(failed)?;
            if !shared {
                connection.forward_all(&events).await;
            }
            let options = shell(&host, &connection, &events).await;
            let bridge = options.x11.clone();
            // Before the shell can say anything.
            let log = self.begin_log().await?;
            match Session::open(&connection, self.terminal.clone(), options, events.clone()).await {
                Ok(session) => {
                    if let Some(log) = log {
                        tell(output, Event::Logged(log)).await;
                    }
                    if host.session_type == SessionType::None {
                        self.terminal.note(NO_SHELL);
                    }
                    return Ok(Opened { session: Arc::new(session), connection, bridge });
                }
                Err(error) => {
                    if let Some(Ok(recording)) = log {
                        session_log::withdraw(recording, &self.terminal).await;
                    }
                    match error {
                        // The server limits the sessions of a connection (MaxSessions of sshd_config(5)); like ssh(1) with
                        // ControlMaster, this pane then has a connection of its own, which later ones share.
                        ssh::Error::ChannelRefused { .. } if shared => self.pool.retire(&host, &connection).await,
                        error => return Err(failed(error)),
                    }
                }
            }
        }
    }

    async fn begin_log(&self) -> Result<Option<Result<Arc<Recording>, recording::Error>>, Failure> {
        if self.log.format.is_none() {
            return Ok(None);
        }
        let (log, terminal) = (self.log.clone(), Arc::clone(&self.terminal));
        blocking(move || log.begin(&terminal)).await
    }

    /// A connection, and whether it was another pane's before.
    async fn connect(
        &self,
        host: &ssh::Host,
        output: &mut Sender<Event>,
        events: &ssh::Events,
    ) -> Result<(Arc<ssh::Connection>, bool), ssh::Error> {
        let mut shared = true;
        let open = async {
            shared = false;
            let (secrets, missing) = self.secrets.for_host(host).await;
            if let Some(error) = missing {
                log::info!("no secrets from the keyring: {error}");
            }
            ssh::Connection::open(host.clone(), secrets, events.clone()).await
        };
        let connection = self.pool.connection(host, async || tell(output, Event::Waiting).await, open).await?;
        Ok((connection, shared))
    }
}

/// What runs a shell.
struct Opened {
    session: Arc<Session>,
    connection: Arc<ssh::Connection>,
    /// What shows its X11 programs.
    bridge: Option<Arc<x11::Bridge>>,
}

/// How the shell is asked for.
async fn shell(host: &ssh::Host, connection: &ssh::Connection, events: &ssh::Events) -> session::Options {
    session::Options {
        x11: connection.forwarded_display(host, events).await,
        command: host.remote_command.clone(),
        session_type: host.session_type,
        request_tty: host.request_tty,
        environment: host.environment(std::env::vars_os()),
    }
}

/// Runs what blocks on a thread of its own.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Failure::Internal(error.to_string()))
}

/// A pane that is gone drops its worker as well: there is nobody left to tell.
async fn tell(output: &mut Sender<Event>, event: Event) {
    let _ = output.send(event).await;
}

#[cfg(test)]
mod tests;
