//! A remote shell or program, bound to a [`Terminal`]: in a pseudo-terminal, without one, or nothing but its connection.

mod discipline;
mod input;
mod pump;

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::{oneshot, watch};

use crate::ssh::channel::{Program, Pty, Request};
use crate::ssh::host::{ForwardAgent, RequestTty, SessionType};
use crate::ssh::{self, Connection};
use crate::terminal::{self, Terminal};
use input::Input;
pub use input::Progress as PasteProgress;
use pump::{Pump, hold};

/// What the terminal calls itself on the other side.
const TERM: &str = "xterm-256color";

/// The terminal modes that are asked for (RFC 4254 section 8). Everything else the server knows better.
const MODES: [(u8, u32); 4] = [
    // VERASE: Backspace sends DEL.
    (3, 0x7f),
    // IUTF8: erasing a character erases all of its bytes.
    (42, 1),
    // TTY_OP_ISPEED and TTY_OP_OSPEED: OpenSSH's, which programs take for "fast enough".
    (128, 38400),
    (129, 38400),
];

/// How a shell is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The bridge to announce with `x11-req`; `None` asks for no X11 forwarding.
    pub x11: Option<Arc<x11::Bridge>>,
    /// `RemoteCommand`: run instead of the login shell, or the name of a subsystem.
    pub command: Option<String>,
    /// `SessionType`. With `none` no channel is opened: the session is there for the connection's forwardings.
    pub session_type: SessionType,
    /// `RequestTTY`, as ssh(1) takes it where its input is a terminal. Without one, lines are edited on this side.
    pub request_tty: RequestTty,
    /// `SetEnv` and the `SendEnv` values found in the environment.
    pub environment: Vec<(String, String)>,
}

impl Options {
    fn program(&self) -> Program {
        match (&self.command, self.session_type) {
            (Some(name), SessionType::Subsystem) => Program::Subsystem(name.clone()),
            (Some(command), _) => Program::Exec(command.clone()),
            (None, _) => Program::Shell,
        }
    }

    fn wants_tty(&self) -> bool {
        match self.request_tty {
            RequestTty::No => false,
            RequestTty::Yes | RequestTty::Force => true,
            RequestTty::Auto => self.command.is_none(),
        }
    }

    fn request(self, connection: &Connection, size: terminal::Size) -> Request {
        let pty = self.wants_tty().then(|| Pty {
            term: TERM.to_owned(),
            columns: size.columns.into(),
            rows: size.lines.into(),
            width: size.width.into(),
            height: size.height.into(),
            modes: MODES.to_vec(),
        });
        Request {
            agent: connection.host().forward_agent != ForwardAgent::No,
            program: self.program(),
            x11: self.x11,
            pty,
            environment: self.environment,
        }
    }
}

/// How a shell ended.
#[derive(Debug, Clone)]
pub enum Ended {
    /// The remote program exited with this status.
    Exited(u32),
    /// A signal ended the remote program; its name without `SIG`.
    Signalled(String),
    /// The user ended what has no PTY, with Ctrl+C.
    Interrupted,
    /// The connection was lost or closed under the session.
    Disconnected(Arc<ssh::Error>),
}

/// One remote shell or program, bound to a [`Terminal`]. Dropping it closes the channel.
#[derive(Debug)]
pub struct Session {
    terminal: Arc<Terminal>,
    input: Arc<Input>,
    ended: watch::Receiver<Option<Ended>>,
    /// Dropping it ends the pump, and with it the channel.
    _hold: oneshot::Sender<()>,
}

impl Session {
    /// Opens a shell on `connection` and pumps its output into `terminal`, which may hold the scrollback of an earlier
    /// session.
    ///
    /// # Errors
    /// [`ssh::Error`] when the channel, the PTY or the program is refused. A refused `x11-req` is no error: it is told
    /// by [`ssh::Event::Notice`] through `events`.
    pub async fn open(
        connection: &Connection,
        terminal: Arc<Terminal>,
        options: Options,
        events: ssh::Events,
    ) -> Result<Self, ssh::Error> {
        let size = terminal.size();
        let input = Input::new(size);
        let work: BoxFuture<'static, Ended> = if options.session_type == SessionType::None {
            connection.listen(&events);
            Box::pin(hold(Arc::clone(&input), connection.ending()))
        } else {
            let tty = options.wants_tty();
            let channel = connection.channel(options.request(connection, size), &events).await?;
            channel.attend();
            // The window may have changed while the server was thinking.
            input.resize(terminal.size());
            let pump = Pump {
                terminal: Arc::clone(&terminal),
                writer: channel.writer(),
                channel,
                input: Arc::clone(&input),
                closed: connection.ending(),
                tty,
            };
            Box::pin(pump.run())
        };
        let (hold, dropped) = oneshot::channel();
        let (sender, ended) = watch::channel(None);
        // Ends with the session, the channel or the connection.
        drop(tokio::spawn(async move {
            tokio::select! {
                end = work => {
                    let _ = sender.send_replace(Some(end));
                }
                _ = dropped => {}
            }
        }));
        Ok(Self { terminal, input, ended, _hold: hold })
    }

    /// The terminal this session writes to.
    #[must_use]
    pub fn terminal(&self) -> &Arc<Terminal> {
        &self.terminal
    }

    /// Sends what the user typed or pasted. Never blocks: a queue takes it, in order. Where the other side takes
    /// nothing any more, at most 64 MiB wait; what comes beyond is refused whole and told in the log.
    pub fn write(&self, bytes: &[u8]) {
        self.input.write(bytes);
    }

    /// Sends a paste, and `end` after it, in order with what is typed. Never blocks. False if it does not fit into the
    /// 64 MiB that may wait: then none of it is sent.
    #[must_use]
    pub fn paste(&self, bytes: Vec<u8>, end: &[u8]) -> bool {
        self.input.paste(bytes, end)
    }

    /// How far the pastes are that the other side has not taken yet.
    #[must_use]
    pub fn pasting(&self) -> Option<PasteProgress> {
        self.input.pasting()
    }

    /// Sends no more of the pastes under way but what ends them.
    pub fn cancel_paste(&self) {
        self.input.cancel_paste();
    }

    /// Bytes that wait for the other side to take them.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.input.waiting()
    }

    /// Resizes the terminal and tells the server (`window-change`, RFC 4254 section 6.7).
    pub fn resize(&self, size: terminal::Size) {
        self.terminal.resize(size);
        self.input.resize(size);
        self.send_reports();
    }

    /// Sends what the terminal tells by itself since the window changed its size or its colours, to programs that want to
    /// know (modes 2048 and 2031).
    pub fn send_reports(&self) {
        let reports = self.terminal.take_reports();
        if !reports.is_empty() {
            self.input.write(&reports);
        }
    }

    /// Waits for the end of the shell.
    pub async fn ended(&self) -> Ended {
        let mut ended = self.ended.clone();
        let value = ended.wait_for(Option::is_some).await.map(|ended| ended.clone());
        // The sender goes only with the pump, and the pump tells first unless the program itself is ending.
        value.ok().flatten().unwrap_or_else(|| Ended::Disconnected(Arc::new(ssh::Error::Cancelled)))
    }
}
