//! Sockets that accept connections for a forwarding, on this machine.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use socket2::{Domain, Protocol, SockAddr, Type};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use super::{Endpoint, Error, Options};
use crate::ssh::failure::os_words;
use crate::ssh::host::AddressFamily;

/// How many connections may wait to be accepted (`SSH_LISTEN_BACKLOG` in ssh.h).
const BACKLOG: u8 = 128;

/// What a socket that was accepted can do.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Socket for T {}

/// Accepts connections.
#[derive(Debug)]
pub(super) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(tokio::net::UnixListener, Bound),
}

/// A connection, and where it comes from as `direct-tcpip` tells the server.
pub(super) struct Accepted {
    pub(super) socket: Box<dyn Socket>,
    pub(super) address: String,
    pub(super) port: u32,
}

/// Makes up an origin for what has none, as OpenSSH does.
pub(in crate::ssh) fn nowhere() -> (String, u32) {
    ("127.0.0.1".to_owned(), 65535)
}

impl Listener {
    pub(super) async fn accept(&self) -> io::Result<Accepted> {
        match self {
            Self::Tcp(listener) => {
                let (socket, from) = listener.accept().await?;
                // What is sent through may be keystrokes.
                let _ = socket.set_nodelay(true);
                let (address, port) = (from.ip().to_string(), from.port().into());
                Ok(Accepted { socket: Box::new(socket), address, port })
            }
            #[cfg(unix)]
            Self::Unix(listener, _) => {
                let (socket, _) = listener.accept().await?;
                let (address, port) = nowhere();
                Ok(Accepted { socket: Box::new(socket), address, port })
            }
        }
    }

    /// The port it listens at.
    pub(super) fn port(&self) -> Option<u16> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok().map(|address| address.port()),
            #[cfg(unix)]
            Self::Unix(..) => None,
        }
    }
}

/// Listens. As with ssh(1) one of several addresses is enough, for a machine need not have IPv6.
///
/// What is wrong with the last address is told beside the others, as there.
pub(super) async fn listen(endpoint: &Endpoint, options: &Options) -> Result<(Vec<Listener>, Option<Error>), Error> {
    match endpoint {
        Endpoint::Port { host, port } => ports(endpoint, host.as_deref(), *port, options).await,
        Endpoint::Socket(path) => Ok((vec![socket(path, options)?], None)),
    }
}

async fn ports(
    endpoint: &Endpoint,
    host: Option<&str>,
    port: u16,
    options: &Options,
) -> Result<(Vec<Listener>, Option<Error>), Error> {
    let mut addresses = addresses(host, options).await?;
    addresses.retain(|address| match options.address_family {
        AddressFamily::Any => true,
        AddressFamily::Inet => address.is_ipv4(),
        AddressFamily::Inet6 => address.is_ipv6(),
    });
    let mut failed = None;
    let mut listeners: Vec<Listener> = Vec::new();
    for address in addresses {
        // Where the system chose a port for the first address, the others get the same.
        let port = if port == 0 { listeners.first().and_then(Listener::port).unwrap_or(0) } else { port };
        match open(SocketAddr::new(address, port)) {
            Ok(listener) => {
                listeners.push(Listener::Tcp(listener));
                failed = None;
            }
            Err(error) => failed = Some((address, error)),
        }
    }
    let problem = failed.map(|(address, error)| Error::Listen {
        at: format!("[{address}]:{port}"),
        listen: endpoint.clone(),
        cause: os_words(&error),
    });
    match problem {
        Some(problem) if listeners.is_empty() => Err(problem),
        problem => Ok((listeners, problem)),
    }
}

/// Where to listen (`channel_fwd_bind_addr` in channels.c).
async fn addresses(host: Option<&str>, options: &Options) -> Result<Vec<IpAddr>, Error> {
    match host {
        None if options.gateway_ports => Ok(vec![Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()]),
        Some("" | "*") => Ok(vec![Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()]),
        None | Some("localhost") => Ok(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]),
        Some(name) => {
            let unknown = |cause| Error::Address { host: name.to_owned(), cause };
            let found = tokio::net::lookup_host((name, 0)).await.map_err(|error| unknown(os_words(&error)))?;
            let mut addresses = Vec::new();
            for address in found.map(|address| address.ip()) {
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
            Ok(addresses)
        }
    }
}

fn open(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = if address.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
    let socket = socket2::Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    // On Windows the option would let two programs listen at one port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        // IPv4 has a socket of its own.
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&SockAddr::from(address))?;
    socket.listen(BACKLOG.into())?;
    TcpListener::from_std(socket.into())
}

/// The path of a socket that was made here. It stays when the listener ends, as with ssh(1): by then another program may
/// listen there.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct Bound;

#[cfg(unix)]
fn socket(path: &Path, options: &Options) -> Result<Listener, Error> {
    let failed = |error: io::Error| Error::Listen {
        at: path.display().to_string(),
        listen: Endpoint::socket(path),
        cause: os_words(&error),
    };
    if options.stream_local_bind_unlink {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    }
    let listener = bind(path, options.stream_local_bind_mask).map_err(failed)?;
    Ok(Listener::Unix(listener, Bound))
}

/// The permissions are set before the socket listens, so that nobody gets in between; the process's own mask belongs
/// to all its threads.
#[cfg(unix)]
fn bind(path: &Path, mask: u32) -> io::Result<tokio::net::UnixListener> {
    use std::os::unix::fs::PermissionsExt;

    let socket = tokio::net::UnixSocket::new_stream()?;
    socket.bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777 & !mask))?;
    socket.listen(BACKLOG.into())
}

#[cfg(not(unix))]
fn socket(path: &Path, _: &Options) -> Result<Listener, Error> {
    Err(Error::NoSockets { path: path.to_owned() })
}
