//! `LocalForward`, `RemoteForward` and `DynamicForward`.

use std::path::PathBuf;

/// Where connections are accepted, or where they lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A TCP port.
    Port {
        /// The address to listen at, or the host to connect to; `None` is the loopback interface, or every one where
        /// `GatewayPorts` says so. An empty one and `*` are all interfaces.
        host: Option<String>,
        /// The port; 0 lets the server of a remote forwarding choose.
        port: u16,
    },
    /// A Unix socket.
    Socket(PathBuf),
}

/// A forwarding that comes up with a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Where connections are accepted: here for a local or dynamic forwarding, at the server for a remote one.
    pub listen: Endpoint,
    /// Where they lead; `None` where each says by SOCKS.
    pub target: Option<Endpoint>,
}
