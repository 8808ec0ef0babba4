//! One channel joined to standard input, output and error.

use std::io::{IsTerminal, Read};
use std::sync::Arc;
use std::time::Duration;

use term::ssh::channel::{Message, Program, Pty, Request, Writer};
use term::ssh::host::LogLevel;
use term::ssh::{Channel, Connection, Error, Events};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::escape::Escape;
use super::sink::Sink;
use super::{FAILED, tty};
use crate::cli::print_error;

/// How much of standard input is read at once: what fits into one packet.
const PIECE: usize = 32 * 1024;

/// How many pieces wait for the server.
const AHEAD: usize = 4;

/// How long is waited for the reason why a channel was closed without one.
const REASON: Duration = Duration::from_secs(1);

/// A command, or a shell, about to run.
pub(super) struct Session {
    pub(super) connection: Arc<Connection>,
    pub(super) tty: bool,
    pub(super) no_input: bool,
    pub(super) command: Option<String>,
    pub(super) events: Events,
}

impl Session {
    /// Runs it and gives the exit status.
    ///
    /// # Errors
    /// Why the channel or the command was refused, or the connection lost.
    pub(super) async fn run(self) -> Result<u8, Arc<Error>> {
        let bridge = self.connection.forwarded_display(self.connection.host(), &self.events).await;
        let request = self.request(bridge.clone());
        let mut channel = self.connection.channel(request, &self.events).await.map_err(Arc::new)?;
        // With -tt standard input need not be a terminal, and then it is not this program's to change: Ctrl+C at the
        // terminal still ends it.
        if self.tty
            && std::io::stdin().is_terminal()
            && let Err(error) = tty::enter_raw_mode()
        {
            log::info!("the local terminal stays as it is: {error}");
        }
        let end = self.join(&mut channel).await;
        tty::restore();
        match channel.error() {
            Some(error) => Err(Arc::new(error)),
            None => self.finish(end, bridge).await,
        }
    }

    /// Carries bytes both ways, and the terminal's size, until the channel is closed.
    async fn join(&self, channel: &mut Channel) -> End {
        let writer = channel.writer();
        let mut resized = self.tty.then(|| signal(SignalKind::window_change()).ok()).flatten();
        let escape = Escape::new(self.connection.host().escape_char.filter(|_| self.tty));
        let mut input = std::pin::pin!(feed(writer.clone(), self.no_input, escape));
        let mut output = std::pin::pin!(output(channel));
        let mut feeding = true;
        loop {
            tokio::select! {
                end = &mut output => return end,
                left = &mut input, if feeding => {
                    if left {
                        return End::Left;
                    }
                    feeding = false;
                }
                () = changed(&mut resized) => {
                    let (columns, rows, width, height) = tty::size();
                    // A channel that is closed has no size.
                    let _ = writer.window_change(columns, rows, width, height).await;
                }
            }
        }
    }

    async fn finish(&self, end: End, bridge: Option<Arc<x11::Bridge>>) -> Result<u8, Arc<Error>> {
        let status = match end {
            End::Status(status) => status,
            End::Unwritable => return Ok(FAILED),
            End::Left => {
                self.tell_closed();
                return Ok(FAILED);
            }
            End::Signal(name) => {
                log::info!("the command was ended by SIG{name}");
                FAILED
            }
            // The channel ends a moment before the connection that it was lost with.
            End::Nothing => match tokio::time::timeout(REASON, self.connection.closed()).await {
                Ok(error) => return Err(error),
                Err(_) => FAILED,
            },
        };
        if let Some(bridge) = bridge {
            self.wait_for_programs(&bridge).await;
        }
        self.tell_closed();
        Ok(status)
    }

    fn tell_closed(&self) {
        let host = self.connection.host();
        if self.tty && host.log_level >= LogLevel::Info {
            let _ = print_error(&format!("Connection to {} closed.\r\n", host.alias));
        }
    }

    fn request(&self, x11: Option<Arc<x11::Bridge>>) -> Request {
        let host = self.connection.host();
        let command = self.command.clone().or_else(|| host.remote_command.clone());
        let (columns, rows, width, height) = tty::size();
        let term = std::env::var("TERM").unwrap_or_default();
        Request {
            x11,
            pty: self.tty.then(|| Pty { term, columns, rows, width, height, modes: tty::modes() }),
            environment: host.environment(std::env::vars_os()),
            program: command.map_or(Program::Shell, Program::Exec),
        }
    }

    /// As in ssh(1), programs that the command left behind are shown until they are closed.
    async fn wait_for_programs(&self, bridge: &x11::Bridge) {
        tokio::select! {
            () = bridge.idle() => {}
            _lost = self.connection.closed() => {}
        }
    }
}

/// How the output came to its end.
enum End {
    Status(u8),
    Signal(String),
    /// The channel was closed without a word, or the connection lost.
    Nothing,
    /// Nobody reads what the command prints.
    Unwritable,
    /// The user left by the escape character.
    Left,
}

/// Copies what the command prints until the channel is closed.
async fn output(channel: &mut Channel) -> End {
    let (mut out, mut err) = (Sink::new(tokio::io::stdout()), Sink::new(tokio::io::stderr()));
    let mut end = End::Nothing;
    while let Some(message) = channel.next().await {
        let taken = match message {
            Message::Data(bytes) => out.write(&bytes).await,
            Message::Extended(bytes) => err.write(&bytes).await,
            // Only the last eight bits reach the parent process, as with ssh(1).
            Message::ExitStatus(status) => {
                end = End::Status(status.to_le_bytes()[0]);
                true
            }
            Message::ExitSignal(name) => {
                end = End::Signal(name);
                true
            }
            Message::Eof => true,
        };
        if !taken {
            return End::Unwritable;
        }
    }
    end
}

/// Sends standard input, or none; whether the user left by the escape character.
async fn feed(writer: Writer, no_input: bool, mut escape: Escape) -> bool {
    if !no_input {
        let mut pieces = read_input();
        while let Some(piece) = pieces.recv().await {
            let typed = escape.filter(&piece);
            if typed.help {
                let _ = print_error(&escape.help());
            }
            if typed.end {
                return true;
            }
            if !typed.bytes.is_empty() && writer.data(typed.bytes).await.is_err() {
                // The command is gone, and with it whatever else would be read.
                return false;
            }
        }
    }
    let _ = writer.eof().await;
    false
}

/// Reads standard input on a thread of its own, for a read may last for ever.
fn read_input() -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    // It ends with the input, with its reader, or with the process.
    let _ = std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        let mut piece = vec![0; PIECE];
        loop {
            match input.read(&mut piece) {
                Ok(0) | Err(_) => return,
                Ok(length) => {
                    let read = piece.get(..length).unwrap_or_default().to_vec();
                    if sender.blocking_send(read).is_err() {
                        return;
                    }
                }
            }
        }
    });
    receiver
}

async fn changed(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => {
            let _ = signal.recv().await;
        }
        None => std::future::pending().await,
    }
}
