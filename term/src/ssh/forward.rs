//! Forwarding of TCP ports and Unix sockets (RFC 4254 section 7), in both directions.
//!
//! ```text
//!   Local     here: listen ─► accept ──────────► direct-tcpip ─► the server connects to the target
//!   Dynamic   here: listen ─► accept ─► SOCKS ─► direct-tcpip ─► the server connects to what was asked for
//!   Remote    the server listens ─► forwarded-tcpip ─► here: connect to the target, or SOCKS where there is none
//! ```
//!
//! Either end may close its half first: the other half goes on until it is closed too.

mod active;
mod listener;
mod local;
mod relay;
mod remote;
mod socks;
mod specification;

use std::path::{Path, PathBuf};

use super::Host;
use super::host::{self, AddressFamily};

pub use super::host::Endpoint;
pub use active::Active;
pub(in crate::ssh) use listener::nowhere;
pub use relay::join;
pub(in crate::ssh) use remote::{Carried, Remotes, bind_host};
pub use specification::Invalid;

/// A forwarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forward {
    /// `LocalForward`, `-L`: who connects here gets to the target as the server sees it.
    Local {
        /// Where connections are accepted on this machine.
        listen: Endpoint,
        /// Where the server connects to.
        target: Endpoint,
    },
    /// `RemoteForward`, `-R`: who connects to the server gets to the target as this machine sees it.
    Remote {
        /// Where the server accepts connections.
        listen: Endpoint,
        /// Where this machine connects to; `None` where each connection says by SOCKS.
        target: Option<Endpoint>,
    },
    /// `DynamicForward`, `-D`: a SOCKS server here whose connections start at the server.
    Dynamic {
        /// Where connections are accepted on this machine.
        listen: Endpoint,
    },
}

/// How forwardings are made; the fields are ssh_config(5)'s keywords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// `GatewayPorts`: whether ports without an address of their own are open to other machines.
    pub gateway_ports: bool,
    /// `AddressFamily`, of listening ports.
    pub address_family: AddressFamily,
    /// `StreamLocalBindMask`: the permissions that a Unix socket does not get.
    pub stream_local_bind_mask: u32,
    /// `StreamLocalBindUnlink`: whether a socket that is there already is removed first.
    pub stream_local_bind_unlink: bool,
    /// `PermitRemoteOpen`: `host:port` that a remote forwarding without target may lead to; `None` is any.
    pub permit_remote_open: Option<Vec<String>>,
}

/// Why a forwarding is not up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing can listen there.
    #[error("{at}: {cause}")]
    Listen {
        /// The address and port as `[address]:port`, or the path.
        at: String,
        /// The port or path that was asked for.
        listen: Endpoint,
        /// The operating system's reason.
        cause: String,
    },
    /// The name to listen at has no address.
    #[error("{host}: {cause}")]
    Address {
        /// The name.
        host: String,
        /// The resolver's reason.
        cause: String,
    },
    /// The server refused to listen.
    #[error("the server refused to listen at {listen}; AllowTcpForwarding, GatewayPorts or PermitListen may forbid it")]
    Refused {
        /// Where it was to listen.
        listen: Endpoint,
    },
    /// The connection is gone.
    #[error("the connection is closed")]
    Closed,
    /// The host's key is not the known one and `StrictHostKeyChecking no` has connected all the same (ssh_config(5)).
    #[error("nothing is forwarded, for the host's key is not the known one: whoever answers could listen in")]
    Unverified,
    /// This system has no Unix sockets.
    #[error("{}: this system has no Unix sockets", path.display())]
    NoSockets {
        /// The path.
        path: PathBuf,
    },
}

impl Forward {
    /// What a host's settings ask for, in the order in which ssh(1) brings it up: what listens here first.
    #[must_use]
    pub fn of(host: &Host) -> Vec<Self> {
        let local = host.local_forward.iter().chain(&host.dynamic_forward).map(|host::Forward { listen, target }| {
            let listen = listen.clone();
            match target.clone() {
                Some(target) => Self::Local { listen, target },
                None => Self::Dynamic { listen },
            }
        });
        let remote = host
            .remote_forward
            .iter()
            .map(|host::Forward { listen, target }| Self::Remote { listen: listen.clone(), target: target.clone() });
        local.chain(remote).collect()
    }

    /// Where connections are accepted, here or at the server.
    #[must_use]
    pub fn listen(&self) -> &Endpoint {
        match self {
            Self::Local { listen, .. } | Self::Remote { listen, .. } | Self::Dynamic { listen } => listen,
        }
    }

    /// Where they lead; `None` where each connection says by SOCKS.
    #[must_use]
    pub fn target(&self) -> Option<&Endpoint> {
        match self {
            Self::Local { target, .. } => Some(target),
            Self::Remote { target, .. } => target.as_ref(),
            Self::Dynamic { .. } => None,
        }
    }
}

impl Endpoint {
    /// A port of a host.
    #[must_use]
    pub fn port(host: &str, port: u16) -> Self {
        Self::Port { host: Some(host.to_owned()), port }
    }

    /// A Unix socket.
    #[must_use]
    pub fn socket(path: impl AsRef<Path>) -> Self {
        Self::Socket(path.as_ref().to_owned())
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Port { host: None, port } => write!(f, "{port}"),
            Self::Port { host: Some(host), port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Port { host: Some(host), port } => write!(f, "{host}:{port}"),
            Self::Socket(path) => path.display().fmt(f),
        }
    }
}

impl Options {
    /// What a host's settings say.
    #[must_use]
    pub fn of(host: &Host) -> Self {
        Self {
            gateway_ports: host.gateway_ports,
            address_family: host.address_family,
            stream_local_bind_mask: host.stream_local_bind_mask,
            stream_local_bind_unlink: host.stream_local_bind_unlink,
            permit_remote_open: host.permit_remote_open.clone(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gateway_ports: false,
            address_family: AddressFamily::Any,
            stream_local_bind_mask: 0o177,
            stream_local_bind_unlink: false,
            permit_remote_open: None,
        }
    }
}
