//! What becomes of the key that a server presents, for whoever watches the connection.

use std::path::PathBuf;

use crate::ssh::fingerprint::Fingerprint;
use crate::ssh::known_hosts::Place;

/// What became of the key that a server presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyTaken {
    /// It was not known and is now.
    Saved {
        /// The host as known_hosts writes it.
        name: String,
        /// The host's address where that was saved too (`CheckHostIP`).
        address: Option<String>,
        /// The key.
        fingerprint: Fingerprint,
        /// The line that holds it.
        place: Place,
        /// Whether the user was asked and therefore knows.
        asked: bool,
    },
    /// It was known for the host's name and is now for this address too (`CheckHostIP`).
    AddressSaved {
        /// The address.
        address: String,
        /// The key.
        fingerprint: Fingerprint,
    },
    /// It could not be saved and is trusted for this connection only.
    NotSaved {
        /// Where it should have been saved; none with `UserKnownHostsFile none`.
        path: Option<PathBuf>,
        /// The address that it should have been saved for, where it is not the name.
        address: Option<String>,
        /// The key.
        fingerprint: Fingerprint,
        /// What kept it from being saved.
        reason: String,
    },
    /// It is the known one, and its picture is wanted (`VisualHostKey`).
    Pictured {
        /// The host as known_hosts writes it.
        name: String,
        /// The key.
        fingerprint: Fingerprint,
    },
    /// It is another than the known one, and `StrictHostKeyChecking no` goes on all the same.
    Unverified {
        /// The host, or its address, as known_hosts writes it.
        name: String,
        /// The key.
        offered: Fingerprint,
        /// The known one.
        expected: Fingerprint,
        /// The line that holds the known one.
        place: Place,
        /// Whether the other key is known for the host's address and not for its name.
        of_address: bool,
    },
}

impl KeyTaken {
    /// What a window shows of it; nothing of what the user has just been asked about.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        Some(match self {
            Self::Saved { asked: true, .. } | Self::AddressSaved { .. } => return None,
            Self::Saved { name, fingerprint, place, .. } => {
                format!("The new host key of {name} was saved in {place}: {} {fingerprint}.", fingerprint.key_type())
            }
            Self::NotSaved { address: None, reason, .. } => {
                format!("The host key is trusted for this connection only: {reason}.")
            }
            Self::NotSaved { reason, .. } => format!("The host key was not saved for the host's address: {reason}."),
            Self::Pictured { name, fingerprint } => {
                format!("The host key fingerprint of {name} is {fingerprint}\n{}", fingerprint.randomart())
            }
            Self::Unverified { name, offered, expected, place, .. } => format!(
                "{name}: the host key has changed: it is now {} {offered}, while {place} has {} {expected}. \
                 StrictHostKeyChecking no connects all the same, without a password or forwarding.",
                offered.key_type(),
                expected.key_type()
            ),
        })
    }
}
