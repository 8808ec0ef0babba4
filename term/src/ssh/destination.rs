//! What a user types to say where to go: `user@host:port`, `ssh://…`, a bare alias.

/// A destination as typed, before `ssh_config` has its say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Destination {
    /// The host as typed: a name, an address or an alias of `~/.ssh/config`.
    pub host: String,
    /// The user, if one was named.
    pub user: Option<String>,
    /// The port, if one was named.
    pub port: Option<u16>,
}
