//! What a secret is for, and the name it has in the keyring.

use std::path::PathBuf;

use term::ssh;

/// What a secret is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// A user's password on a server.
    Password {
        /// `User`.
        user: String,
        /// `HostName`, lower case.
        host: String,
        /// `Port`.
        port: u16,
    },
    /// A key file's passphrase.
    Passphrase {
        /// The file, absolute.
        path: PathBuf,
    },
}

impl Key {
    /// The key of a password. Host names are compared without regard to case, as the DNS does (RFC 4343).
    #[must_use]
    pub fn password(user: &str, host: &str, port: u16) -> Self {
        Self::Password { user: user.to_owned(), host: host.to_lowercase(), port }
    }

    /// The key of a passphrase.
    #[must_use]
    pub fn passphrase(path: PathBuf) -> Self {
        Self::Passphrase { path }
    }

    /// The secret that a question asks for when it comes from a connection to `host`; `None` for questions whose
    /// answers are not to be kept.
    #[must_use]
    pub fn of(question: &ssh::prompt::Question, host: &ssh::Host) -> Option<Self> {
        match question {
            ssh::prompt::Question::Password { .. } => Some(Self::password(&host.user, &host.host_name, host.port)),
            ssh::prompt::Question::Passphrase { path, .. } => Some(Self::passphrase(path.clone())),
            _ => None,
        }
    }

    /// The account (in the Secret Service the attribute `username`): `password:USER@HOST:PORT` or `passphrase:PATH`.
    #[must_use]
    pub fn account(&self) -> String {
        match self {
            Self::Password { user, host, port } => format!("password:{user}@{host}:{port}"),
            Self::Passphrase { path } => format!("passphrase:{}", path.display()),
        }
    }

    /// What the keyring's own window shows.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Password { user, host, port } => format!("Tetherm: password of {user}@{host}, port {port}"),
            Self::Passphrase { path } => format!("Tetherm: passphrase of {}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_in_the_keyring_stay_as_they_are() {
        assert_eq!(Key::password("me", "Web.Example.org", 22).account(), "password:me@web.example.org:22");
        assert_eq!(Key::passphrase("/home/me/.ssh/id".into()).account(), "passphrase:/home/me/.ssh/id");
    }
}
