//! Moves output from the channel into the terminal, and input from the user into the channel.

use std::sync::Arc;
use std::time::Instant;

use futures::future::BoxFuture;

use super::Ended;
use super::discipline::{self, Discipline, End, with_returns};
use super::input::{Input, Next};
use crate::ssh::channel::{Channel, Message, Writer};
use crate::ssh::{self};
use crate::terminal::Terminal;

/// What the terminal parses under one lock, so that drawing gets its turn.
const CHUNK: usize = 64 * 1024;

/// Both directions of one session.
pub(super) struct Pump {
    pub(super) terminal: Arc<Terminal>,
    pub(super) channel: Channel,
    pub(super) writer: Writer,
    pub(super) input: Arc<Input>,
    /// Resolves when the connection is over.
    pub(super) closed: BoxFuture<'static, Arc<ssh::Error>>,
    /// Whether the other side has a PTY, which edits lines and ends them as terminals want it.
    pub(super) tty: bool,
}

impl Pump {
    /// Runs until the channel is closed.
    pub(super) async fn run(self) -> Ended {
        let Self { terminal, channel, writer, input, closed, tty } = self;
        let send = async {
            match tty {
                true => match send(&input, &writer).await {},
                false => send_lines(&terminal, &input, &writer).await,
            }
        };
        let receive = receive(&terminal, channel, &input, tty);
        tokio::select! {
            ended = receive => match ended {
                Some(ended) => ended,
                // Without an exit status it is the connection that ended, or is about to.
                None => disconnected(closed).await,
            },
            ended = send => ended,
        }
    }
}

async fn disconnected(closed: BoxFuture<'static, Arc<ssh::Error>>) -> Ended {
    let limit = std::time::Duration::from_secs(1);
    let error = tokio::time::timeout(limit, closed).await.unwrap_or_else(|_| Arc::new(ssh::Error::ChannelClosed));
    Ended::Disconnected(error)
}

/// Sends what the user types for as long as the channel is open; afterwards it waits for the end to be noticed.
async fn send(input: &Input, writer: &Writer) -> std::convert::Infallible {
    loop {
        let sent = match input.next().await {
            Next::Bytes(bytes) => writer.data(bytes).await,
            Next::Resize(size) => {
                let (columns, rows) = (size.columns.into(), size.lines.into());
                writer.window_change(columns, rows, size.width.into(), size.height.into()).await
            }
        };
        if sent.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// The same without a PTY: lines are edited and shown on this side, until the user ends the session.
async fn send_lines(terminal: &Terminal, input: &Input, writer: &Writer) -> Ended {
    let mut discipline = Discipline::default();
    loop {
        // Without a PTY the other side has no use for a size.
        let Next::Bytes(bytes) = input.next().await else { continue };
        let typed = discipline.take(&bytes);
        if !typed.echo.is_empty() {
            show(terminal, &typed.echo, input).await;
            record(terminal, &typed.echo).await;
        }
        let sent = if typed.send.is_empty() { Ok(()) } else { writer.data(typed.send).await };
        match typed.end {
            Some(End::Session) => return Ended::Interrupted,
            Some(End::Input) if sent.is_ok() => {
                // A channel that is closed has no end to be told.
                let _ = writer.eof().await;
                until_interrupted(input).await;
                return Ended::Interrupted;
            }
            _ if sent.is_err() => std::future::pending().await,
            _ => {}
        }
    }
}

/// Waits for Ctrl+C; nobody has a use for other keys.
async fn until_interrupted(input: &Input) {
    loop {
        if let Next::Bytes(bytes) = input.next().await
            && bytes.iter().any(|byte| discipline::interrupts(*byte))
        {
            return;
        }
    }
}

/// A session without a channel: it lasts as long as the connection, or until the user ends it.
pub(super) async fn hold(input: Arc<Input>, closed: BoxFuture<'static, Arc<ssh::Error>>) -> Ended {
    tokio::select! {
        error = closed => Ended::Disconnected(error),
        () = until_interrupted(&input) => Ended::Interrupted,
    }
}

/// Feeds the terminal until the channel is closed; how the program ended, if the server told.
async fn receive(terminal: &Terminal, mut channel: Channel, input: &Input, tty: bool) -> Option<Ended> {
    let mut ended = None;
    loop {
        let message = match terminal.sync_deadline() {
            None => channel.next().await,
            Some(deadline) => match tokio::time::timeout_at(deadline.into(), channel.next()).await {
                Ok(message) => message,
                Err(_) => {
                    input.write(&terminal.end_sync());
                    continue;
                }
            },
        };
        match message {
            Some(Message::Data(bytes) | Message::Extended(bytes)) => {
                let bytes = if tty { bytes } else { with_returns(&bytes) };
                show(terminal, &bytes, input).await;
                record(terminal, &bytes).await;
            }
            Some(Message::ExitStatus(status)) => ended = Some(Ended::Exited(status)),
            Some(Message::ExitSignal(name)) => ended = Some(Ended::Signalled(name)),
            Some(Message::Eof) => {}
            None => break,
        }
    }
    // A half-drawn update must not hide the last words.
    if terminal.sync_deadline().is_some() {
        let _ = terminal.end_sync();
    }
    channel.error().map(|error| Ended::Disconnected(Arc::new(error))).or(ended)
}

/// Hands output to whoever writes it to a file; waits while the disk is behind.
async fn record(terminal: &Terminal, bytes: &[u8]) {
    if let Some(recording) = terminal.recording() {
        for chunk in bytes.chunks(CHUNK) {
            recording.output(chunk).await;
        }
    }
}

async fn show(terminal: &Terminal, bytes: &[u8], input: &Input) {
    for chunk in bytes.chunks(CHUNK) {
        // What the terminal answers goes the way of what the user types: in order, and without waiting for a window.
        let answer = terminal.advance(chunk);
        if !answer.is_empty() {
            input.write(&answer);
        }
        if terminal.sync_deadline().is_some_and(|deadline| deadline <= Instant::now()) {
            input.write(&terminal.end_sync());
        }
        // A flood never makes this task wait: others of the runtime get their turn here. The runtime has more threads than
        // there are processors to parse on, so a key meanwhile finds one; parsing aside (`block_in_place`) would wake
        // another thread for each piece, and an echo beside a flood took a third longer.
        tokio::task::yield_now().await;
    }
}
