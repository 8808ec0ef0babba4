//! The agent that keeps the user's keys (ssh-agent(1), draft-ietf-sshm-ssh-agent).
//!
//! Written here because what comes with russh gives up on an agent that holds a key it cannot read, and adds keys without
//! a name.

mod client;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::host::IdentityAgent;

pub(super) use client::{Client, Constraints, Held};

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
    /// It would not keep a key.
    #[error("the agent did not take {key}: {cause}")]
    NotAdded {
        /// The key's file.
        key: String,
        /// What it said.
        cause: String,
    },
}

/// How long an agent may take to list its keys. Signing has no limit: it may wait for a touch or a confirmation.
const LIST: Duration = Duration::from_secs(5);

/// The socket of the agent that `IdentityAgent` names; `None` without an agent.
#[must_use]
pub fn socket(setting: &IdentityAgent) -> Option<PathBuf> {
    match setting {
        IdentityAgent::None => None,
        IdentityAgent::Socket(path) => Some(path.clone()),
        IdentityAgent::Environment => {
            let named = std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty()).map(PathBuf::from);
            named.or_else(default_socket)
        }
    }
}

/// Where an agent is that no variable names.
fn default_socket() -> Option<PathBuf> {
    // The pipe of Windows' own OpenSSH; [`connect`] tries Pageant where nothing is there.
    cfg!(windows).then(|| PathBuf::from(r"\\.\pipe\openssh-ssh-agent"))
}

/// Connects to an agent.
///
/// # Errors
/// [`Error::Unreachable`].
pub(super) async fn connect(path: &Path) -> Result<Client, Error> {
    let unreachable = |cause: String| Error::Unreachable {
        path: path.to_owned(),
        cause: cause.split(" (os error").next().unwrap_or_default().to_lowercase(),
    };
    match stream(path).await {
        Ok(stream) => Ok(Client::new(stream)),
        Err(error) => Err(unreachable(error.to_string())),
    }
}

/// Connects to an agent and asks for its keys.
///
/// # Errors
/// [`Error::Unreachable`] and [`Error::Unusable`].
pub(super) async fn keys(client: &mut Client, path: &Path) -> Result<Vec<Held>, Error> {
    let unusable = |cause: String| Error::Unusable { path: path.to_owned(), cause };
    tokio::time::timeout(LIST, client.keys())
        .await
        .map_err(|_| unusable(format!("no answer within {} s", LIST.as_secs())))?
        .map_err(unusable)
}

#[cfg(unix)]
async fn stream(path: &Path) -> std::io::Result<Box<dyn client::Stream>> {
    Ok(Box::new(tokio::net::UnixStream::connect(path).await?))
}

#[cfg(windows)]
async fn stream(path: &Path) -> std::io::Result<Box<dyn client::Stream>> {
    use russh::keys::agent::client::AgentClient;
    match tokio::net::windows::named_pipe::ClientOptions::new().open(path) {
        Ok(pipe) => Ok(Box::new(pipe)),
        // PuTTY's agent has no name; it is there or not.
        Err(error) => match AgentClient::connect_pageant().await {
            Ok(pageant) => Ok(Box::new(pageant.into_inner())),
            Err(_) => Err(error),
        },
    }
}
