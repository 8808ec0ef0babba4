//! The agent that keeps the user's keys (ssh-agent(1)).

use std::path::{Path, PathBuf};

use super::host::IdentityAgent;

/// Why an agent cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing answers on its socket.
    #[error("the agent at {} cannot be reached: {cause}", path.display())]
    Unreachable {
        /// The socket.
        path: PathBuf,
        /// The operating system's reason.
        cause: String,
    },
    /// It does not list its keys.
    #[error("the agent at {} does not list its keys: {cause}", path.display())]
    Unusable {
        /// The socket.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// It would not sign.
    #[error("the agent did not sign with {key}: {cause}")]
    Refused {
        /// The key.
        key: String,
        /// What it said.
        cause: String,
    },
}

/// The socket of the agent that `IdentityAgent` names; `None` without an agent.
#[must_use]
pub fn socket(setting: &IdentityAgent) -> Option<PathBuf> {
    match setting {
        IdentityAgent::None => None,
        IdentityAgent::Socket(path) => Some(path.clone()),
        IdentityAgent::Environment => {
            std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty()).map(PathBuf::from)
        }
    }
}

#[cfg(unix)]
pub(super) use unix::{Client, connect};

/// How long an agent may take to list its keys. Signing has no limit: it may wait for a touch or a confirmation.
const LIST: std::time::Duration = std::time::Duration::from_secs(5);

#[cfg(unix)]
mod unix {
    use russh::keys::agent::AgentIdentity;
    use russh::keys::agent::client::AgentClient;
    use tokio::net::UnixStream;

    use super::{Error, LIST, Path};

    /// A connection to an agent.
    pub(in crate::ssh) type Client = AgentClient<UnixStream>;

    /// Connects to an agent and asks for its keys.
    pub(in crate::ssh) async fn connect(path: &Path) -> Result<(Client, Vec<AgentIdentity>), Error> {
        let unreachable = |error: russh::keys::Error| Error::Unreachable {
            path: path.to_owned(),
            cause: error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase(),
        };
        let unusable = |cause: String| Error::Unusable { path: path.to_owned(), cause };
        let mut client = AgentClient::connect_uds(path).await.map_err(unreachable)?;
        let keys = tokio::time::timeout(LIST, client.request_identities())
            .await
            .map_err(|_| unusable(format!("no answer within {} s", LIST.as_secs())))?
            .map_err(|error| unusable(error.to_string().to_lowercase()))?;
        Ok((client, keys))
    }
}
