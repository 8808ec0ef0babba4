//! A connection to a display's server, over whichever kind of socket it listens on.

use std::io;
use std::net::IpAddr;
#[cfg(unix)]
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
#[cfg(unix)]
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

use super::FIRST_PORT;

/// How long to wait before asking again a server whose queue of new connections is full.
#[cfg(unix)]
const BUSY: Duration = Duration::from_millis(20);

/// A connection to an X server.
#[derive(Debug)]
pub enum Stream {
    /// To this machine, through a socket of the file system or, on Linux, of the abstract name space.
    #[cfg(unix)]
    Unix(UnixStream),
    /// Over TCP.
    Tcp(TcpStream),
}

/// Who is at the other end, as an Xauthority file knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// This machine.
    Local,
    /// The host with this address.
    Host(IpAddr),
}

impl Stream {
    /// Connects to display `number` of this machine.
    #[cfg(unix)]
    pub(super) async fn local(number: u16) -> io::Result<Self> {
        let path = format!("/tmp/.X11-unix/X{number}");
        #[cfg(target_os = "linux")]
        if let Some(stream) = abstract_socket(&path).await {
            return Ok(Self::Unix(stream));
        }
        Self::socket(Path::new(&path)).await
    }

    /// Connects to display `number` of this machine, which has no Unix sockets to offer.
    #[cfg(not(unix))]
    pub(super) async fn local(number: u16) -> io::Result<Self> {
        Self::tcp("localhost", number).await
    }

    /// Connects to the socket at `path`.
    #[cfg(unix)]
    pub(super) async fn socket(path: &Path) -> io::Result<Self> {
        patiently(path).await.map(Self::Unix)
    }

    /// There are no Unix sockets here.
    #[cfg(not(unix))]
    pub(super) async fn socket(path: &std::path::Path) -> io::Result<Self> {
        let message = format!("'{}' is a Unix socket, which this system cannot use", path.display());
        Err(io::Error::new(io::ErrorKind::Unsupported, message))
    }

    /// Connects to display `number` of `host`, trying each of its addresses.
    pub(super) async fn tcp(host: &str, number: u16) -> io::Result<Self> {
        let port = FIRST_PORT.checked_add(number).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("display number {number} is beyond every TCP port"))
        })?;
        let stream = TcpStream::connect((host, port)).await?;
        // Requests are small and waited for: each must leave at once.
        stream.set_nodelay(true)?;
        Ok(Self::Tcp(stream))
    }

    /// The user id of whoever listens at the other end; none where that is not told, as over TCP.
    pub(crate) fn owner(&self) -> Option<u32> {
        match self {
            #[cfg(unix)]
            Self::Unix(stream) => stream.peer_cred().ok().map(|peer| peer.uid()),
            Self::Tcp(_) => None,
        }
    }

    /// Who is at the other end.
    ///
    /// # Errors
    /// The operating system's, when the connection is already gone.
    pub fn peer(&self) -> io::Result<Peer> {
        match self {
            #[cfg(unix)]
            Self::Unix(_) => Ok(Peer::Local),
            Self::Tcp(stream) => Ok(Peer::Host(stream.peer_addr()?.ip().to_canonical())),
        }
    }
}

/// Connects to a Unix socket; one that does not block answers "again" where one that blocks would wait for room in the
/// server's queue, which is short and fills up when a desktop's worth of programs starts at once.
#[cfg(unix)]
async fn patiently(path: &Path) -> io::Result<UnixStream> {
    loop {
        match UnixStream::connect(path).await {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => tokio::time::sleep(BUSY).await,
            result => return result,
        }
    }
}

/// Connects to the abstract socket that libxcb tries first. An abstract name belongs to nobody: whoever comes first
/// may bind it, so it counts only if root or this user listens there. The file system's socket lies in a folder where
/// that is not possible.
#[cfg(target_os = "linux")]
async fn abstract_socket(path: &str) -> Option<UnixStream> {
    let stream = patiently(Path::new(&format!("\0{path}"))).await.ok()?;
    let owner = stream.peer_cred().ok()?.uid();
    (owner == 0 || owner == rustix::process::geteuid().as_raw()).then_some(stream)
}

/// Does the same to whichever socket it is.
macro_rules! each {
    ($stream:expr, $inner:ident => $action:expr) => {
        match $stream {
            #[cfg(unix)]
            Stream::Unix($inner) => $action,
            Stream::Tcp($inner) => $action,
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        each!(&mut *self, stream => Pin::new(stream).poll_read(cx, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        each!(&mut *self, stream => Pin::new(stream).poll_write(cx, bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(&mut *self, stream => Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(&mut *self, stream => Pin::new(stream).poll_shutdown(cx))
    }
}
