//! A saved host: a name and the `ssh_config` values the user set for it.

use serde::{Deserialize, Serialize};

/// Identifies a saved host for as long as it exists; stable over renames.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub String);

/// A saved host as `hosts.toml` holds it: only what the user set; the rest comes from `~/.ssh/config` and defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Identity.
    pub id: Id,
    /// What the list and the tab show.
    pub name: String,
    /// `HostName`: a name, an address or an alias of `~/.ssh/config`.
    pub host_name: String,
    /// `User`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `Port`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// `IdentityFile`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity_file: Vec<String>,
    /// `ForwardX11`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_x11: Option<bool>,
    /// The local display for X11 programs where it is not `DISPLAY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}
