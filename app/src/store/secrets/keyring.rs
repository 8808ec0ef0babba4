//! The operating system's keyring, as one thread sees it. Every call blocks.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry};
use term::ssh::Secret;
use zeroize::Zeroizing;

#[cfg(all(unix, not(target_os = "macos")))]
use super::secret_service;
use super::{Error, Key, Status};

/// The service that all entries are filed under.
const SERVICE: &str = "tetherm";

/// The keyring; it is opened by the first call that needs it, and again after its program was replaced.
#[derive(Default)]
pub(super) struct Keyring {
    store: Option<Arc<CredentialStore>>,
}

impl Keyring {
    pub(super) fn status(&self) -> Status {
        status()
    }

    pub(super) fn unlock(&mut self) -> Result<(), Error> {
        unlock()
    }

    pub(super) fn get(&mut self, key: &Key) -> Result<Option<Secret>, Error> {
        // A locked keyring answers "no entry", or opens its dialogue: both would be wrong here.
        usable()?;
        self.look_up(key)
    }

    /// Those of these secrets that there are.
    pub(super) fn get_all(&mut self, keys: Vec<Key>) -> Result<Vec<(Key, Secret)>, Error> {
        usable()?;
        let mut found = Vec::new();
        for key in keys {
            if let Some(secret) = self.look_up(&key)? {
                found.push((key, secret));
            }
        }
        Ok(found)
    }

    fn look_up(&mut self, key: &Key) -> Result<Option<Secret>, Error> {
        self.with_entry(key, |entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(bytes)),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            // Two programs, or two versions, saved the same thing: either will do, a wrong one is asked about again.
            Err(keyring_core::Error::Ambiguous(entries)) => entries.first().map(Entry::get_secret).transpose(),
            Err(error) => Err(error),
        })
        .map(|bytes| bytes.and_then(secret))
    }

    pub(super) fn set(&mut self, key: &Key, secret: &Secret) -> Result<(), Error> {
        usable()?;
        let bytes = secret.expose().as_bytes();
        self.with_entry(key, |entry| match entry.set_secret(bytes) {
            Err(keyring_core::Error::Ambiguous(entries)) => {
                entries.iter().skip(1).try_for_each(Entry::delete_credential)?;
                entries.first().map_or(Ok(()), |entry| entry.set_secret(bytes))
            }
            outcome => outcome,
        })
    }

    pub(super) fn delete(&mut self, key: &Key) -> Result<(), Error> {
        usable()?;
        self.with_entry(key, |entry| match entry.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(keyring_core::Error::Ambiguous(entries)) => entries.iter().try_for_each(Entry::delete_credential),
            Err(error) => Err(error),
        })
    }

    /// Runs a call on an entry. A connection that broke, because the keyring's program was started anew, is made again.
    fn with_entry<T>(&mut self, key: &Key, call: impl Fn(&Entry) -> keyring_core::Result<T>) -> Result<T, Error> {
        let fresh = self.store.is_none();
        match self.entry(key).and_then(|entry| call(&entry)) {
            Err(keyring_core::Error::PlatformFailure(_)) if !fresh => {
                self.store = None;
                self.entry(key).and_then(|entry| call(&entry)).map_err(refused)
            }
            outcome => outcome.map_err(refused),
        }
    }

    fn entry(&mut self, key: &Key) -> keyring_core::Result<Entry> {
        let store = match &self.store {
            Some(store) => store,
            None => self.store.insert(open()?),
        };
        let label = key.label();
        let modifiers = HashMap::from([("label", label.as_str())]);
        store.build(SERVICE, &key.account(), LABELS.then_some(&modifiers))
    }
}

fn refused(error: keyring_core::Error) -> Error {
    match error {
        // Its Display lists the data that could not be read.
        keyring_core::Error::BadEncoding(_) | keyring_core::Error::BadDataFormat(..) => {
            Error::Refused { message: "the entry is damaged. Delete it in the keyring's own window".to_owned() }
        }
        error => Error::Refused { message: error.to_string() },
    }
}

/// Bytes that are not text were not put there by us.
fn secret(bytes: Vec<u8>) -> Option<Secret> {
    let bytes = Zeroizing::new(bytes);
    std::str::from_utf8(&bytes).ok().map(|text| Secret::new(text.to_owned()))
}

fn usable() -> Result<(), Error> {
    match status() {
        Status::Available { .. } => Ok(()),
        Status::Locked { store } => Err(Error::Locked { store }),
        Status::Absent { reason } => Err(Error::Absent { reason }),
        Status::Silent => Err(Error::Silent),
    }
}

/// Whether entries can be given a label when they are made.
const LABELS: bool = cfg!(all(unix, not(target_os = "macos")));

#[cfg(all(unix, not(target_os = "macos")))]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn status() -> Status {
    secret_service::status()
}

#[cfg(all(unix, not(target_os = "macos")))]
fn unlock() -> Result<(), Error> {
    secret_service::unlock()
}

/// The keychain is unlocked by logging in; where it is not, the system asks by itself.
#[cfg(target_os = "macos")]
fn status() -> Status {
    Status::Available { store: "the macOS keychain".to_owned() }
}

#[cfg(windows)]
fn status() -> Status {
    Status::Available { store: "Windows Credential Manager".to_owned() }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn unlock() -> Result<(), Error> {
    Ok(())
}
