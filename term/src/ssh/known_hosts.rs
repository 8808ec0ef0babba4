//! `known_hosts`: which key each host is known to have (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
//!
//! Written here because what comes with russh takes an unreadable file for an empty one and knows neither patterns nor
//! markers. Everything in this file reads or writes files: call it where blocking is allowed.

mod file;
mod line;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use russh::keys::ssh_key::public::KeyData;
use russh::keys::{Algorithm, PublicKey};

use super::fingerprint::Fingerprint;
use super::{Host, failure};
use line::{Line, Marker, same_type};

/// Why the known hosts cannot be read or added to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file that exists and cannot be read. It may hold the key that tells a forged host from the right one, so
    /// nothing can be said about any host.
    #[error("{}: the known host keys cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
    /// The key could not be written down.
    #[error("{}: the host key cannot be saved: {reason}; nothing was changed", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
    /// There is no file to save into (`UserKnownHostsFile none`).
    #[error("the host key cannot be saved: UserKnownHostsFile is none")]
    NoFile,
    /// A name that would mean something else in a known_hosts file.
    #[error("the key of {name:?} cannot be saved: known_hosts cannot hold this name; set HostKeyAlias for the host")]
    Name {
        /// The host's name.
        name: String,
    },
    /// A key that cannot be encoded.
    #[error("the host key cannot be saved: it cannot be encoded: {reason}")]
    Key {
        /// What is wrong with it.
        reason: String,
    },
}

/// A line of a file, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
}

impl std::fmt::Display for Place {
    /// `path:line`, as OpenSSH names offending keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

/// Another name under which a key is already known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName {
    /// Where.
    pub place: Place,
    /// The names of that line; `None` where they are hashed.
    pub names: Option<String>,
}

/// What the files say about a host's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The key is the host's.
    Known(Place),
    /// Nothing is known about this host.
    Unknown {
        /// Where the same key is known for hosts with other names; a familiar one is a good sign.
        elsewhere: Vec<OtherName>,
    },
    /// The host is known by other keys and not by this one. As in OpenSSH a known key of another type counts: a server
    /// that lost its known key is not the server that was known.
    Changed {
        /// The line of the key that was expected: the first of the same type, else the first.
        place: Place,
        /// The key that was expected.
        expected: Fingerprint,
    },
    /// The key was revoked: it must never be accepted.
    Revoked(Place),
}

/// The known hosts of a user and of the system. It holds names of files only: each question reads them anew, for
/// other programs write them too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownHosts {
    user: Vec<PathBuf>,
    global: Vec<PathBuf>,
}

impl KnownHosts {
    /// Takes `UserKnownHostsFile` and `GlobalKnownHostsFile`; new keys go into the first of the user's.
    #[must_use]
    pub fn new(user: Vec<PathBuf>, global: Vec<PathBuf>) -> Self {
        Self { user, global }
    }

    /// The files that `host` names.
    #[must_use]
    pub fn of(host: &Host) -> Self {
        Self::new(host.user_known_hosts_file.clone(), host.global_known_hosts_file.clone())
    }

    /// The file that new keys are saved in; `None` with `UserKnownHostsFile none`.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.user.first().map(PathBuf::as_path)
    }

    /// What is known about `key` as the key of `host` (a name, an address, or the `HostKeyAlias` with port 22).
    ///
    /// A host on another port than 22 that is unknown there is also known by its bare name's key, as in OpenSSH.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: a file that exists cannot be read. A missing file is an empty one.
    pub fn check(&self, host: &str, port: u16, key: &PublicKey) -> Result<Status, Error> {
        let status = self.check_name(&name(host, port), key)?;
        if port == 22 || !matches!(status, Status::Unknown { .. }) {
            return Ok(status);
        }
        match self.check_name(&name(host, 22), key)? {
            known @ (Status::Known(_) | Status::Revoked(_)) => Ok(known),
            // Another server may well listen on port 22 of the same machine.
            Status::Unknown { .. } | Status::Changed { .. } => Ok(status),
        }
    }

    /// The types of the keys known for a host, in the order of the files and without repetition.
    ///
    /// # Errors
    /// [`Error::Unreadable`], as in [`KnownHosts::check`].
    pub fn algorithms(&self, host: &str, port: u16) -> Result<Vec<Algorithm>, Error> {
        let name = name(host, port);
        let mut algorithms: Vec<Algorithm> = Vec::new();
        self.for_each(|_, line| {
            if line.marker == Marker::None
                && line.is_about(&name)
                && let Some(key) = line.key()
                && !algorithms.contains(&key.algorithm())
            {
                algorithms.push(key.algorithm());
            }
        })?;
        Ok(algorithms)
    }

    /// Orders host key algorithms so that those come first whose keys are known for the host, and otherwise keeps
    /// their order: a server is then asked for the key that can be checked (`order_hostkeyalgs` in sshconnect2.c).
    ///
    /// # Errors
    /// [`Error::Unreadable`], as in [`KnownHosts::check`].
    pub fn order(&self, host: &str, port: u16, preferred: &[Algorithm]) -> Result<Vec<Algorithm>, Error> {
        let known = self.algorithms(host, port)?;
        let is_known = |algorithm: &&Algorithm| known.iter().any(|known| same_type(known, algorithm));
        if preferred.first().is_some_and(|best| is_known(&best)) {
            return Ok(preferred.to_vec());
        }
        let (mut first, last): (Vec<_>, Vec<_>) = preferred.iter().partition(is_known);
        first.extend(last);
        Ok(first.into_iter().cloned().collect())
    }

    /// Saves `key` as the key of `host` at the end of the user's first file, with the name `hashed` or readable, and
    /// says where. What is in the file stays as it is; several programs may add at the same time.
    ///
    /// # Errors
    /// [`Error::Unwritable`], and [`Error::NoFile`], [`Error::Name`], [`Error::Key`] where there is nothing to write.
    pub fn add(&self, host: &str, port: u16, key: &PublicKey, hashed: bool) -> Result<Place, Error> {
        let path = self.path().ok_or(Error::NoFile)?;
        let name = storable_name(host, port)?;
        let name = if hashed { file::hashed(&name)? } else { name };
        let key = PublicKey::new(key.key_data().clone(), "")
            .to_openssh()
            .map_err(|error| Error::Key { reason: error.to_string() })?;
        let line = file::append(path, &format!("{name} {}\n", key.trim_end()))
            .map_err(|error| Error::Unwritable { path: path.to_owned(), reason: failure::words(&error) })?;
        Ok(Place { path: path.to_owned(), line })
    }

    fn check_name(&self, name: &str, key: &PublicKey) -> Result<Status, Error> {
        let mut findings = Findings::new(name, key);
        self.for_each(|place, line| findings.take(place, line))?;
        Ok(findings.status())
    }

    fn for_each(&self, mut each: impl FnMut(&Place, &Line<'_>)) -> Result<(), Error> {
        for path in self.user.iter().chain(&self.global) {
            file::for_each_line(path, |number, text| {
                if let Some(line) = Line::parse(text) {
                    each(&Place { path: path.clone(), line: number }, &line);
                }
            })
            .map_err(|error| Error::Unreadable { path: path.clone(), reason: failure::words(&error) })?;
        }
        Ok(())
    }
}

/// How known_hosts writes a host: `[host]:port`, or `host` alone where the port is 22; in lower case.
#[must_use]
pub fn name(host: &str, port: u16) -> String {
    let host = host.to_ascii_lowercase();
    if port == 22 { host } else { format!("[{host}]:{port}") }
}

/// The name to save, unless it would be read as a pattern, a list, a hash, a marker or a comment (`check_host_key` in
/// sshconnect.c).
fn storable_name(host: &str, port: u16) -> Result<String, Error> {
    let special = |c: char| "@?*#[]|'\"\\,!".contains(c) || c.is_whitespace() || c.is_control();
    if host.is_empty() || host.contains(special) {
        return Err(Error::Name { name: host.to_owned() });
    }
    Ok(name(host, port))
}

/// What the lines read so far say about one key of one host.
struct Findings<'a> {
    name: &'a str,
    key: &'a PublicKey,
    text: String,
    known: Option<Place>,
    revoked: Option<Place>,
    expected: Option<(Place, PublicKey)>,
    elsewhere: Vec<OtherName>,
}

impl<'a> Findings<'a> {
    fn new(name: &'a str, key: &'a PublicKey) -> Self {
        let text = file::key_text(key);
        Self { name, key, text, known: None, revoked: None, expected: None, elsewhere: Vec::new() }
    }

    fn take(&mut self, place: &Place, line: &Line<'_>) {
        if !line.is_about(self.name) {
            if line.marker == Marker::None && line.key_text() == self.text.as_bytes() {
                let names = (!line.names.starts_with(b"|")).then(|| String::from_utf8_lossy(line.names).into_owned());
                self.elsewhere.push(OtherName { place: place.clone(), names });
            }
            return;
        }
        let Some(key) = line.key() else { return };
        let same = key.key_data() == self.key.key_data();
        match line.marker {
            Marker::None if same => {
                let _ = self.known.get_or_insert_with(|| place.clone());
            }
            Marker::None => self.expect(place, key),
            Marker::Revoked if same || signed_by(self.key, &key) => {
                let _ = self.revoked.get_or_insert_with(|| place.clone());
            }
            Marker::Revoked | Marker::CertAuthority => {}
        }
    }

    fn expect(&mut self, place: &Place, key: PublicKey) {
        let offered = self.key.algorithm();
        let better = match &self.expected {
            None => true,
            Some((_, old)) => !same_type(&old.algorithm(), &offered) && same_type(&key.algorithm(), &offered),
        };
        if better {
            self.expected = Some((place.clone(), key));
        }
    }

    fn status(self) -> Status {
        match (self.revoked, self.known, self.expected) {
            (Some(place), _, _) => Status::Revoked(place),
            (None, Some(place), _) => Status::Known(place),
            (None, None, Some((place, key))) => Status::Changed { place, expected: Fingerprint::of(&key) },
            (None, None, None) => Status::Unknown { elsewhere: self.elsewhere },
        }
    }
}

/// Whether `key` is a certificate that `authority` signed: revoking the authority revokes what it signed.
fn signed_by(key: &PublicKey, authority: &PublicKey) -> bool {
    match key.key_data() {
        KeyData::Certificate(certificate) => certificate.signature_key() == authority.key_data(),
        _ => false,
    }
}
