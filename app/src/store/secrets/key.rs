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
    /// A user's password at a proxy.
    Proxy {
        /// The proxy with its user, as `socks5://user@host:port`.
        address: String,
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

    /// The key of a proxy's password.
    #[must_use]
    pub fn proxy(proxy: &ssh::Proxy) -> Self {
        Self::Proxy { address: proxy.to_string().to_lowercase() }
    }

    /// The secret that a question of `hop` asks for; `None` for questions whose answers are not to be kept.
    #[must_use]
    pub fn of(question: &ssh::prompt::Question, hop: &ssh::Hop) -> Option<Self> {
        match question {
            ssh::prompt::Question::Password { .. } => Some(Self::password(&hop.user, &hop.host_name, hop.port)),
            ssh::prompt::Question::ProxyPassword { proxy, .. } => Some(Self::proxy(proxy)),
            ssh::prompt::Question::Passphrase { path, .. } => Some(Self::passphrase(path.clone())),
            _ => None,
        }
    }

    /// The account (in the Secret Service the attribute `username`): `password:USER@HOST:PORT`, `proxy:ADDRESS` or
    /// `passphrase:PATH`.
    #[must_use]
    pub fn account(&self) -> String {
        match self {
            Self::Password { user, host, port } => format!("password:{user}@{host}:{port}"),
            Self::Proxy { address } => format!("proxy:{address}"),
            Self::Passphrase { path } => format!("passphrase:{}", path.display()),
        }
    }

    /// What the keyring's own window shows.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Password { user, host, port } => format!("Tetherm: password of {user}@{host}, port {port}"),
            Self::Proxy { address } => format!("Tetherm: password for the proxy {address}"),
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
        let proxy = "socks5://me@Proxy:1080".parse().unwrap();
        assert_eq!(Key::proxy(&proxy).account(), "proxy:socks5://me@proxy:1080");
        assert_eq!(Key::passphrase("/home/me/.ssh/id".into()).account(), "passphrase:/home/me/.ssh/id");
    }
}
