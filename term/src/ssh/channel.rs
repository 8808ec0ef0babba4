//! A session channel (RFC 4254 section 6).

/// What is asked of a new session channel, in the order in which OpenSSH asks: X11, PTY, environment, program.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `x11-req`.
    pub x11: Option<std::sync::Arc<x11::Bridge>>,
    /// `pty-req`.
    pub pty: Option<Pty>,
    /// `env`, in order.
    pub environment: Vec<(String, String)>,
    /// `shell`, `exec` or `subsystem`.
    pub program: Program,
}

/// A pseudo-terminal (RFC 4254 section 6.2).
#[derive(Debug, Clone)]
pub struct Pty {
    /// `TERM`.
    pub term: String,
    /// Columns.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// Width in pixels, 0 if unknown.
    pub width: u32,
    /// Height in pixels, 0 if unknown.
    pub height: u32,
    /// Encoded terminal modes (RFC 4254 section 8); empty leaves them to the server.
    pub modes: Vec<(u8, u32)>,
}

/// What runs at the other end.
#[derive(Debug, Clone, Default)]
pub enum Program {
    /// The login shell.
    #[default]
    Shell,
    /// A command.
    Exec(String),
    /// A subsystem.
    Subsystem(String),
}

/// What arrives on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Standard output.
    Data(Vec<u8>),
    /// Standard error.
    Extended(Vec<u8>),
    /// The other side sends no more.
    Eof,
    /// The program's exit status.
    ExitStatus(u32),
    /// The signal that ended the program, without `SIG`.
    ExitSignal(String),
}

/// One open session channel. Dropping it closes it.
#[derive(Debug)]
pub struct Channel {}

impl Channel {
    /// What arrives next; `None` once the channel is closed, by either side or with the connection.
    pub async fn next(&mut self) -> Option<Message> {
        None
    }

    /// A handle that sends into the channel; it may be cloned and outlives nothing.
    #[must_use]
    pub fn writer(&self) -> Writer {
        Writer {}
    }
}

/// Sends into a channel.
#[derive(Debug, Clone)]
pub struct Writer {}

impl Writer {
    /// Sends bytes to standard input; waits while the server's window is full.
    ///
    /// # Errors
    /// [`super::Error`] when the channel is closed.
    pub async fn data(&self, bytes: Vec<u8>) -> Result<(), super::Error> {
        let _ = bytes;
        Ok(())
    }

    /// Ends standard input.
    ///
    /// # Errors
    /// [`super::Error`] when the channel is closed.
    pub async fn eof(&self) -> Result<(), super::Error> {
        Ok(())
    }

    /// `window-change`: columns, rows, width and height in pixels.
    ///
    /// # Errors
    /// [`super::Error`] when the channel is closed.
    pub async fn window_change(&self, columns: u32, rows: u32, width: u32, height: u32) -> Result<(), super::Error> {
        let _ = (columns, rows, width, height);
        Ok(())
    }
}
