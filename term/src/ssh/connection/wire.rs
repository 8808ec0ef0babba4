//! What a connection's bytes travel on: a TCP connection, a proxy command's pipes, a channel of a jump host.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt;
use tokio::io::Interest;
use tokio::net::unix::pipe;
use tokio::net::{TcpStream, UnixStream};

use super::command::Command;
use super::{Connection, Error};

/// How long is waited for the reason why what carries a connection has ended.
const REASON: Duration = Duration::from_millis(500);

/// What a connection's bytes travel on. All are sockets or pipes, so that their state is known while nobody reads.
#[derive(Debug)]
pub(super) struct Wire {
    line: Line,
    carrier: Carrier,
}

/// The file descriptors.
#[derive(Debug)]
pub(super) enum Line {
    Tcp(TcpStream),
    Socket(UnixStream),
    Pipes(pipe::Receiver, pipe::Sender),
}

/// What has to live for as long as the wire does.
#[derive(Debug)]
pub(super) enum Carrier {
    /// The network alone.
    Network,
    /// A program (`ProxyCommand`).
    Command(Command),
    /// A connection to a jump host (`ProxyJump`).
    Jump(Arc<Connection>),
}

impl Wire {
    pub(super) fn new(line: Line, carrier: Carrier) -> Self {
        Self { line, carrier }
    }

    pub(super) fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &self.line {
            Line::Tcp(socket) => socket.poll_read_ready(cx),
            Line::Socket(socket) => socket.poll_read_ready(cx),
            Line::Pipes(input, _) => input.poll_read_ready(cx),
        }
    }

    pub(super) fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &self.line {
            Line::Tcp(socket) => socket.poll_write_ready(cx),
            Line::Socket(socket) => socket.poll_write_ready(cx),
            Line::Pipes(_, output) => output.poll_write_ready(cx),
        }
    }

    /// Reads what is there. A read that could have taken more has taken all (epoll(7)): the wire is waited for then,
    /// without being asked again.
    pub(super) fn try_read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut last = None;
        let mut read = |line: BorrowedFd<'_>| {
            let room = bytes.len();
            match rustix::io::retry_on_intr(|| rustix::io::read(line, &mut *bytes))? {
                length if (1..room).contains(&length) => {
                    last = Some(length);
                    Err(io::ErrorKind::WouldBlock.into())
                }
                length => Ok(length),
            }
        };
        let read = match &self.line {
            Line::Tcp(socket) => socket.try_io(Interest::READABLE, || read(socket.as_fd())),
            Line::Socket(socket) => socket.try_io(Interest::READABLE, || read(socket.as_fd())),
            Line::Pipes(input, _) => input.try_io(|| read(input.as_fd())),
        };
        last.map_or(read, Ok)
    }

    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.line {
            Line::Tcp(socket) => socket.try_write(bytes),
            Line::Socket(socket) => socket.try_write(bytes),
            Line::Pipes(_, output) => output.try_write(bytes),
        }
    }

    /// Whether there is something to read, or the end, also where nobody was told of it yet.
    pub(super) fn has_something(&self) -> bool {
        let line = match &self.line {
            Line::Tcp(socket) => socket.as_fd(),
            Line::Socket(socket) => socket.as_fd(),
            Line::Pipes(input, _) => input.as_fd(),
        };
        let mut lines = [PollFd::from_borrowed_fd(line, PollFlags::IN)];
        poll(&mut lines, Some(&Timespec::default())).is_ok_and(|count| count > 0)
    }

    /// Waits until there is something to read, or the end.
    pub(super) async fn readable(&self) -> io::Result<()> {
        self.read_interest().await.map(drop)
    }

    /// Waits as [`Wire::readable`] does; whether the other side has closed its own.
    pub(super) async fn is_ended(&self) -> io::Result<bool> {
        self.read_interest().await.map(|ready| ready.is_read_closed())
    }

    async fn read_interest(&self) -> io::Result<tokio::io::Ready> {
        match &self.line {
            Line::Tcp(socket) => socket.ready(Interest::READABLE).await,
            Line::Socket(socket) => socket.ready(Interest::READABLE).await,
            Line::Pipes(input, _) => input.ready(Interest::READABLE).await,
        }
    }

    /// Reads what is there, waiting for something.
    pub(super) async fn read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            self.readable().await?;
            match self.try_read(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }

    /// Writes all of it.
    pub(super) async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            std::future::poll_fn(|cx| self.poll_write_ready(cx)).await?;
            match self.try_write(bytes) {
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Marks the packets for whoever forwards them, where they are this program's own. That it cannot be done costs nothing
    /// but speed, as in ssh(1).
    pub(super) fn mark(&self, class: u8) {
        let Line::Tcp(socket) = &self.line else { return };
        let marked = match socket.peer_addr() {
            Ok(SocketAddr::V4(_)) => sockopt::set_ip_tos(socket, class),
            Ok(SocketAddr::V6(_)) => sockopt::set_ipv6_tclass(socket, class.into()),
            Err(_) => return,
        };
        if let Err(error) = marked {
            log::debug!("IPQoS {class:#x} cannot be set: {error}");
        }
    }

    /// Why the wire has ended, where what carries it knows better than `error`.
    pub(super) async fn explain(&self, host: &str, error: Error) -> Error {
        // What the server said itself needs no other reason.
        if !matches!(error, Error::Lost { .. } | Error::ClosedEarly { .. } | Error::KeyExchange { .. }) {
            return error;
        }
        match &self.carrier {
            Carrier::Network => error,
            Carrier::Command(command) => {
                let ended = tokio::time::timeout(REASON, command.ended()).await;
                ended.map_or(error, |how| Error::ProxyCommand { host: host.to_owned(), how })
            }
            Carrier::Jump(jump) => {
                let ended = tokio::time::timeout(REASON, jump.closed()).await;
                ended.map_or(error, |reason| (*reason).clone().at(jump.host(), host))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    #[tokio::test]
    async fn all_that_comes_is_read_however_much_is_asked_for_and_then_the_end() {
        let (near, mut far) = UnixStream::pair().unwrap();
        let wire = Wire::new(Line::Socket(near), Carrier::Network);
        let mut bytes = [0; 8];
        for text in [&b"one"[..], b"two", b"more than is asked for at a time"] {
            far.write_all(text).await.unwrap();
            let mut read = Vec::new();
            while read.len() < text.len() {
                let length = wire.read(&mut bytes).await.unwrap();
                read.extend_from_slice(&bytes[..length]);
            }
            assert_eq!(read, text);
            // What was emptied is not asked again, and not taken for the end.
            assert!(wire.try_read(&mut bytes).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock));
        }
        far.write_all(b"last").await.unwrap();
        drop(far);
        assert_eq!(wire.read(&mut bytes).await.unwrap(), 4);
        assert_eq!(wire.read(&mut bytes).await.unwrap(), 0);
    }
}
