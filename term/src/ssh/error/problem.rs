//! What kept a way to log in from being used.

use crate::ssh::{agent, gssapi, identity};

/// What kept a key, an agent or a ticket from being used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A key file.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// The agent.
    #[error(transparent)]
    Agent(#[from] agent::Error),
    /// Kerberos.
    #[error(transparent)]
    Gssapi(#[from] gssapi::Error),
    /// Keys were kept back so that the server would not end the connection before a password was asked for.
    #[error("the server refused {refused} keys; {left} more were not offered, for servers end the connection soon")]
    NotOffered {
        /// How many were refused.
        refused: usize,
        /// How many were not offered.
        left: usize,
    },
    /// The server takes RSA keys only with SHA-1 signatures, which are not made.
    #[error("{key}: the server accepts RSA keys only with SHA-1 signatures, which are forgeable and not made")]
    Sha1Only {
        /// The key.
        key: String,
    },
}

impl Problem {
    /// Whether ssh(1) says nothing of it unless it is asked to say more.
    pub(in crate::ssh) fn is_remark(&self) -> bool {
        matches!(self, Self::Gssapi(_) | Self::Agent(agent::Error::Unreachable { .. }))
    }

    /// Whether it is that Kerberos is not in use here.
    pub(in crate::ssh) fn is_without_kerberos(&self) -> bool {
        matches!(self, Self::Gssapi(error) if error.is_absence())
    }

    /// Whether it matters only where nothing else succeeds: many people have keys that do not fit every host, and ask for
    /// Kerberos everywhere.
    pub(in crate::ssh) fn is_quiet(&self) -> bool {
        matches!(
            self,
            Self::Gssapi(_)
                | Self::Identity(
                    identity::Error::OnToken { .. }
                        | identity::Error::NotPrivate { .. }
                        | identity::Error::TooSmall { .. }
                )
        )
    }
}
