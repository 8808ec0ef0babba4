//! Passwords and passphrases in memory.

use std::collections::HashMap;
use std::path::PathBuf;

use zeroize::Zeroizing;

/// A password, passphrase or one-time code. It is wiped when dropped and never shown: its `Debug` is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the keyring held for a host before connecting, so that a [`crate::ssh::Prompt`] always means a human.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// The password of the host's user.
    pub password: Option<Secret>,
    /// The passphrases of key files.
    pub passphrases: HashMap<PathBuf, Secret>,
    /// The password of the proxy on the way.
    pub proxy: Option<Secret>,
    /// The same for each of the host's jump hosts, in order; there may be fewer than jump hosts.
    pub jumps: Vec<Secrets>,
}
