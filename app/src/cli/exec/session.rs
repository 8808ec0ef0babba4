//! One channel joined to standard input, output and error.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use term::ssh::channel::{Message, Program, Pty, Request, Writer};
use term::ssh::host::{ForwardAgent, LogLevel};
use term::ssh::{Channel, Connection, Events};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::descriptor::Descriptor;
use super::escape::{Escape, Typed};
use super::forwards::Forwards;
use super::sink::Sink;
use super::source::Source;
use super::{FAILED, Failure, complaint, logger, tty};
use crate::cli::print_error;

/// The longest line that is read for this program.
const LINE: usize = 32 * 1024;

/// How much of the output is written at once: waking whoever writes it costs as much as writing some of it.
const BATCH: usize = 256 * 1024;

/// How long is waited for the reason why a channel was closed without one.
const REASON: Duration = Duration::from_secs(1);

/// A command, or a shell, about to run.
pub(super) struct Session {
    pub(super) connection: Arc<Connection>,
    pub(super) forwards: Forwards,
    pub(super) tty: bool,
    pub(super) program: Program,
    pub(super) events: Events,
}

impl Session {
    /// Runs it and gives the exit status.
    ///
    /// # Errors
    /// Why the channel or the command was refused, or the connection lost.
    pub(super) async fn run(mut self) -> Result<u8, Failure> {
        let bridge = self.connection.forwarded_display(self.connection.host(), &self.events).await;
        let request = self.request(bridge.clone());
        let opened = self.connection.channel(request, &self.events).await;
        let channel = opened.map_err(|error| match complaint::refused(&error, &self.program) {
            Some(words) => Failure::Said(words),
            None => Failure::Ssh(Arc::new(error)),
        })?;
        // With -tt standard input need not be a terminal, and then it is not this program's to change: Ctrl+C at the
        // terminal still ends it.
        if self.tty {
            enter_raw_mode();
        }
        let end = self.join(channel).await;
        tty::restore();
        match end {
            End::Failed(error) => Err(Failure::Ssh(Arc::new(error))),
            end => self.finish(end, bridge).await,
        }
    }

    /// Carries bytes both ways, and the terminal's size, until the channel is closed.
    async fn join(&mut self, channel: Channel) -> End {
        let writer = channel.writer();
        let mut resized = self.tty.then(|| signal(SignalKind::window_change()).ok()).flatten();
        // A task of its own: output wakes it, and nothing of what is here. It ends with the channel, or the program.
        let mut output = tokio::spawn(output(channel));
        let no_input = self.connection.host().stdin_null;
        let mut input = std::pin::pin!(self.feed(writer.clone(), no_input));
        let mut feeding = true;
        loop {
            tokio::select! {
                end = &mut output => return end.unwrap_or(End::Nothing),
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

    /// Sends standard input, or none; whether the user left by the escape character.
    async fn feed(&mut self, writer: Writer, no_input: bool) -> bool {
        let host = self.connection.host();
        let mut escape = Escape::new(host.escape_char.filter(|_| self.tty), host.enable_escape_commandline);
        if !no_input {
            let mut input = Source::start();
            while let Some(piece) = input.next().await {
                for typed in escape.filter(piece) {
                    match typed {
                        Typed::End => {
                            show(&format!("{}.\r\n", escape.name()));
                            return true;
                        }
                        Typed::Bytes(bytes) => {
                            if writer.data(bytes).await.is_err() {
                                // The command is gone, and with it whatever else would be read.
                                return false;
                            }
                        }
                        Typed::CommandLine => self.command_line(&mut input).await,
                        typed => self.act(&typed, &escape).await,
                    }
                }
            }
        }
        let _ = writer.eof().await;
        false
    }

    /// Does what an escape sequence asks for.
    async fn act(&self, typed: &Typed, escape: &Escape) {
        let name = escape.name();
        match typed {
            Typed::Help => show(&escape.help()),
            Typed::Rekey => self.connection.rekey().await,
            Typed::List => {
                let lines = self.connection.carried();
                let lines = lines.iter().map(|line| format!("  {line}\r\n")).collect::<String>();
                show(&format!("{name}#\r\nThe following connections are open:\r\n  client-session\r\n{lines}"));
            }
            Typed::Suspend => {
                show(&format!("{name}^Z [suspend tetherm]\r\n"));
                tty::restore();
                // It goes on here once the shell says so.
                let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
                enter_raw_mode();
            }
            Typed::Louder => show(&format!("{name}v [LogLevel {}]\r\n", logger::change(true))),
            Typed::Quieter => show(&format!("{name}V [LogLevel {}]\r\n", logger::change(false))),
            Typed::Missing(letter) => show(&format!("{name}{letter} is not there\r\n")),
            Typed::Bytes(_) | Typed::End | Typed::CommandLine => {}
        }
    }

    /// Reads a line for this program, edited and shown by the terminal, and does what it says.
    async fn command_line(&mut self, input: &mut Source) {
        if !self.connection.host().enable_escape_commandline {
            return show("commandline disabled\r\n");
        }
        tty::restore();
        show("\r\nssh> ");
        let mut line = Vec::new();
        while !line.ends_with(b"\n") && line.len() < LINE {
            match input.next().await {
                Some(piece) => line.extend(piece),
                None => break,
            }
        }
        let line = String::from_utf8_lossy(&line);
        match line.trim().strip_prefix('!') {
            Some(command) if self.connection.host().permit_local_command => run_locally(command).await,
            _ => self.forwards.command(line.trim_end()).await,
        }
        enter_raw_mode();
    }

    async fn finish(&self, end: End, bridge: Option<Arc<x11::Bridge>>) -> Result<u8, Failure> {
        let status = match end {
            End::Status(status) => status,
            // Told before.
            End::Unwritable | End::Failed(_) => return Ok(FAILED),
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
                Ok(error) => return Err(Failure::Lost(error)),
                Err(_) => FAILED,
            },
        };
        if let Some(bridge) = bridge {
            self.wait_for_programs(&bridge).await;
        }
        // So are connections that forwardings carry. Whoever reads the command's output need not wait for those.
        if let Err(error) = Descriptor::Output.close() {
            log::debug!("standard output stays open: {error}");
        }
        tokio::select! {
            () = self.connection.forwards_idle() => {}
            _lost = self.connection.closed() => {}
        }
        self.tell_closed();
        Ok(status)
    }

    fn tell_closed(&self) {
        let host = self.connection.host();
        if self.tty && host.log_level >= LogLevel::Info {
            let _ = print_error(&format!("Connection to {} closed.\r\n", host.host_name));
        }
    }

    fn request(&self, x11: Option<Arc<x11::Bridge>>) -> Request {
        let host = self.connection.host();
        let (columns, rows, width, height) = tty::size();
        let term = std::env::var("TERM").unwrap_or_default();
        Request {
            agent: host.forward_agent != ForwardAgent::No,
            x11,
            pty: self.tty.then(|| Pty { term, columns, rows, width, height, modes: tty::modes() }),
            environment: host.environment(std::env::vars_os()),
            program: self.program.clone(),
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
    /// This side closed the channel.
    Failed(term::ssh::Error),
    /// The user left by the escape character.
    Left,
}

/// Copies what the command prints until the channel is closed.
async fn output(mut channel: Channel) -> End {
    let (mut out, mut err) = (Sink::new(Descriptor::Output), Sink::new(Descriptor::Error));
    let mut end = End::Nothing;
    loop {
        let mut messages = channel.batch(BATCH).await.into_iter().peekable();
        if messages.peek().is_none() {
            return channel.error().map_or(end, End::Failed);
        }
        while let Some(message) = messages.next() {
            let taken = match message {
                Message::Data(bytes) => {
                    let more = std::iter::from_fn(|| match messages.next_if(|next| matches!(next, Message::Data(_))) {
                        Some(Message::Data(bytes)) => Some(bytes),
                        _ => None,
                    });
                    out.write(std::iter::once(bytes).chain(more).collect()).await
                }
                Message::Extended(bytes) => err.write(vec![bytes]).await,
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
    }
}

fn show(text: &str) {
    // There is nobody else to tell.
    let _ = print_error(text);
}

fn enter_raw_mode() {
    if std::io::stdin().is_terminal()
        && let Err(error) = tty::enter_raw_mode()
    {
        log::info!("the local terminal stays as it is: {error}");
    }
}

/// Runs a command of the user's on this machine, by their shell.
async fn run_locally(command: &str) {
    let shell = std::env::var_os("SHELL").filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".into());
    if let Err(error) = tokio::process::Command::new(&shell).arg("-c").arg(command).status().await {
        logger::error(&format!("Couldn't execute {} -c \"{command}\": {error}", shell.display()));
    }
}

async fn changed(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => {
            let _ = signal.recv().await;
        }
        None => std::future::pending().await,
    }
}
