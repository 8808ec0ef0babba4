//! Passwords and passphrases: in the operating system's keyring, and nowhere else.
//!
//! Keyrings block: on a dialogue that asks for a master password, on a provider that hangs. So each call runs on a thread
//! of its own (`worker`) and is given up after a few seconds; the user is asked for the secret then. Where there is no
//! usable keyring, what the user wanted remembered lasts for the session, in memory, and moves into the keyring when
//! there is one after all.
//!
//! Every entry has the service `tetherm` and an account as [`Key::account`] describes; they never change, because
//! secrets that are saved under another name are lost to the user.

mod key;
mod keyring;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
mod worker;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use term::ssh::{self, Secret};

pub use key::Key;
use keyring::Keyring;
use worker::Worker;

/// How long a keyring may take to answer before the user is asked instead.
const PATIENCE: Duration = Duration::from_millis(2500);
/// How long a keyring may take to save: it may rewrite and sync a large file.
const SAVE_PATIENCE: Duration = Duration::from_secs(5);
/// How long the user may take to type the keyring's own password into its dialogue.
const UNLOCK_PATIENCE: Duration = Duration::from_secs(120);

/// Why a keyring gave no answer. None of these says that there is no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is there and wants its own password first.
    #[error("{store} is locked. Unlock it to use the secrets in it")]
    Locked {
        /// The keyring's name.
        store: String,
    },
    /// There is none.
    #[error("there is no keyring: {reason}")]
    Absent {
        /// Why, and what would help.
        reason: String,
    },
    /// It did not answer in time.
    #[error("the keyring does not answer. Restart it, or log in again")]
    Silent,
    /// It answered with an error.
    #[error("the keyring refused: {message}")]
    Refused {
        /// Its words.
        message: String,
    },
}

/// What keeps the secrets; its `Display` is the one line that the window shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// A keyring, ready for use.
    Available {
        /// Its name.
        store: String,
    },
    /// A keyring that wants its own password first; [`Secrets::unlock`] makes it ask.
    Locked {
        /// Its name.
        store: String,
    },
    /// None.
    Absent {
        /// Why, and what would help.
        reason: String,
    },
    /// A keyring that does not answer.
    Silent,
}

impl Status {
    /// What lies behind it, for whoever wants to know more or to change it.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Absent { reason } => Some(reason),
            _ => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Available { store } => write!(f, "Secrets are kept in {store}, unlocked"),
            Self::Locked { store } => write!(f, "{store} is locked: secrets last for this session only"),
            Self::Absent { .. } => f.write_str("No keyring: secrets last for this session only"),
            Self::Silent => f.write_str("The keyring does not answer: secrets last for this session only"),
        }
    }
}

/// Where a secret went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Into the keyring.
    Keyring,
    /// Into memory, until the program ends or the keyring can be used.
    Session(Error),
}

/// The secrets of the user. Clones share everything; the calls are futures for any task of a tokio runtime.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    worker: Arc<Worker>,
    session: Arc<Mutex<HashMap<Key, Remembered>>>,
}

/// A secret in memory.
#[derive(Debug, Clone)]
struct Remembered {
    secret: Secret,
    /// Whether the user wanted it in the keyring.
    for_keyring: bool,
}

impl Secrets {
    /// Nothing is asked of the keyring until the first call.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What keeps the secrets now.
    pub async fn status(&self) -> Status {
        self.worker.run(PATIENCE, |keyring| Ok(keyring.status())).await.unwrap_or(Status::Silent)
    }

    /// Tries again with a fresh connection to the keyring; what waited for it in memory goes into it.
    pub async fn retry(&self) -> Status {
        self.worker.restart();
        let status = self.status().await;
        self.save_waiting(&status).await;
        status
    }

    /// Makes a locked keyring ask the user for its own password, and waits for that. What waited for it in memory goes
    /// into it.
    ///
    /// # Errors
    /// [`Error::Locked`] when the user closed its dialogue or it has none; see [`Error`] for the rest.
    pub async fn unlock(&self) -> Result<(), Error> {
        self.worker.run(UNLOCK_PATIENCE, Keyring::unlock).await?;
        let status = self.status().await;
        self.save_waiting(&status).await;
        Ok(())
    }

    /// Looks a secret up. `None` means that there surely is none.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get(&self, key: &Key) -> Result<Option<Secret>, Error> {
        if let Some(remembered) = self.session().get(key) {
            return Ok(Some(remembered.secret.clone()));
        }
        let key = key.clone();
        self.worker.run(PATIENCE, move |keyring| keyring.get(&key)).await
    }

    /// Everything a connection to this host may need, for its proxy and the hosts on the way too, as far as it is known,
    /// and why some of it may be missing. Answers within three seconds whatever the keyring does.
    pub async fn for_host(&self, host: &ssh::Host) -> (ssh::Secrets, Option<Error>) {
        let hosts = || std::iter::once(host).chain(&host.jumps);
        let mut known = HashMap::new();
        let mut wanted: Vec<Key> = Vec::new();
        for key in hosts().flat_map(keys) {
            match self.session().get(&key) {
                Some(remembered) => {
                    let _ = known.insert(key, remembered.secret.clone());
                }
                None if wanted.contains(&key) => {}
                None => wanted.push(key),
            }
        }
        let missing = match self.worker.run(PATIENCE, move |keyring| keyring.get_all(wanted)).await {
            Ok(answers) => {
                known.extend(answers);
                None
            }
            Err(error) => Some(error),
        };
        let jumps = host.jumps.iter().map(|jump| select(&known, jump)).collect();
        (ssh::Secrets { jumps, ..select(&known, host) }, missing)
    }

    /// Remembers a secret in the keyring, or for the session where that cannot be.
    pub async fn remember(&self, key: Key, secret: Secret) -> Kept {
        let (for_keyring, value) = (key.clone(), secret.clone());
        match self.worker.run(SAVE_PATIENCE, move |keyring| keyring.set(&for_keyring, &value)).await {
            Ok(()) => {
                let _ = self.session().remove(&key);
                Kept::Keyring
            }
            Err(error) => {
                let _ = self.session().insert(key, Remembered { secret, for_keyring: true });
                Kept::Session(error)
            }
        }
    }

    /// Remembers a secret until the program ends.
    pub fn remember_for_session(&self, key: Key, secret: Secret) {
        let _ = self.session().insert(key, Remembered { secret, for_keyring: false });
    }

    /// Forgets a secret, everywhere. That there was none is no error.
    ///
    /// # Errors
    /// See [`Error`]; the session has forgotten it even so.
    pub async fn forget(&self, key: &Key) -> Result<(), Error> {
        let _ = self.session().remove(key);
        let key = key.clone();
        self.worker.run(SAVE_PATIENCE, move |keyring| keyring.delete(&key)).await
    }

    async fn save_waiting(&self, status: &Status) {
        if !matches!(status, Status::Available { .. }) {
            return;
        }
        let waiting: Vec<_> =
            self.session().iter().filter(|(_, remembered)| remembered.for_keyring).map(clone).collect();
        for (key, remembered) in waiting {
            // What cannot be saved stays in memory.
            let _ = self.remember(key, remembered.secret).await;
        }
    }

    fn session(&self) -> MutexGuard<'_, HashMap<Key, Remembered>> {
        // A map is whole whatever panicked while it was held.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn clone((key, remembered): (&Key, &Remembered)) -> (Key, Remembered) {
    (key.clone(), remembered.clone())
}

/// The secrets that logging in to a host may need.
fn keys(host: &ssh::Host) -> Vec<Key> {
    let password = Key::password(&host.user, &host.host_name, host.port);
    let proxy = host.proxy.iter().filter(|proxy| proxy.user.is_some()).map(Key::proxy);
    let passphrases = host.identity_file.iter().cloned().map(Key::passphrase);
    std::iter::once(password).chain(proxy).chain(passphrases).collect()
}

/// Those of the secrets that are for a host itself.
fn select(known: &HashMap<Key, Secret>, host: &ssh::Host) -> ssh::Secrets {
    let mut secrets = ssh::Secrets::default();
    for key in keys(host) {
        let Some(secret) = known.get(&key).cloned() else { continue };
        match key {
            Key::Password { .. } => secrets.password = Some(secret),
            Key::Proxy { .. } => secrets.proxy = Some(secret),
            Key::Passphrase { path } => {
                let _: Option<Secret> = secrets.passphrases.insert(path, secret);
            }
        }
    }
    secrets
}
