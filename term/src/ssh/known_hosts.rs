//! `known_hosts`: which key each host is known to have (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
//!
//! Written here because what comes with russh takes an unreadable file for an empty one and knows neither patterns nor
//! markers. Everything in this file reads or writes files: call it where blocking is allowed.

pub mod certificate;
mod command;
mod file;
mod findings;
mod krl;
mod line;
mod revoked;
#[cfg(test)]
mod tests;
mod update;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::keys::{Algorithm, Certificate, PublicKey};

use super::fingerprint::Fingerprint;
use super::{Host, failure};
use findings::{Authority, Findings};
use line::{Line, Marker};

pub use command::{Command, Invocation};
pub(super) use line::same_type;
pub use revoked::revocation;
pub use update::Update;

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
    /// The list of revoked keys is missing, cannot be read or is broken. It may hold this very key, so none is accepted.
    #[error("{}: the revoked host keys (RevokedHostKeys) cannot be read: {reason}", path.display())]
    Revocations {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `KnownHostsCommand` failed. It might have told the key from a forged one.
    #[error("KnownHostsCommand {command}: {reason}")]
    Command {
        /// The program.
        command: String,
        /// What went wrong.
        reason: String,
    },
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
    /// The file; the name of a keyword for what its command printed.
    pub path: PathBuf,
    /// The line, counted from 1; 0 for a file without lines.
    pub line: usize,
}

impl std::fmt::Display for Place {
    /// `path:line`, as OpenSSH names offending keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.path.display()),
            line => write!(f, "{}:{line}", self.path.display()),
        }
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

/// What the files say about the authority that signed a host's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateStatus {
    /// Its authority certifies this host, as this line says.
    Authorized(Place),
    /// No line makes its authority one for this host.
    Unauthorized,
    /// The key, the certificate or its authority was revoked: it must never be accepted.
    Revoked(Place),
}

/// The known hosts of a user and of the system. It holds names of files only: each question reads them anew, for
/// other programs write them too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownHosts {
    user: Vec<PathBuf>,
    global: Vec<PathBuf>,
    /// What `KnownHostsCommand` printed.
    printed: Option<Arc<[u8]>>,
}

impl KnownHosts {
    /// Takes `UserKnownHostsFile` and `GlobalKnownHostsFile`; new keys go into the first of the user's.
    #[must_use]
    pub fn new(user: Vec<PathBuf>, global: Vec<PathBuf>) -> Self {
        Self { user, global, printed: None }
    }

    /// The files that `host` names.
    #[must_use]
    pub fn of(host: &Host) -> Self {
        Self::new(host.user_known_hosts_file.clone(), host.global_known_hosts_file.clone())
    }

    /// The same with what [`Command`] printed, after the files.
    #[must_use]
    pub fn with(mut self, printed: Option<Vec<u8>>) -> Self {
        self.printed = printed.map(Arc::from);
        self
    }

    /// Whether this place is a line of one of the user's own files.
    #[must_use]
    pub fn is_own(&self, place: &Place) -> bool {
        self.user.contains(&place.path)
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

    /// What is known about the authority of a certificate that `host` presents. Where no line names it for the host on
    /// another port than 22, one for the bare name counts, as in OpenSSH. Whether the certificate holds for the host is told
    /// by [`certificate::check`].
    ///
    /// # Errors
    /// [`Error::Unreadable`], as in [`KnownHosts::check`].
    pub fn check_certificate(
        &self,
        host: &str,
        port: u16,
        certificate: &Certificate,
    ) -> Result<CertificateStatus, Error> {
        let status = self.authority(&name(host, port), certificate)?;
        if port == 22 || status != CertificateStatus::Unauthorized {
            return Ok(status);
        }
        self.authority(&name(host, 22), certificate)
    }

    /// Whether a line makes some key an authority for certificates of this host at this very port.
    ///
    /// # Errors
    /// [`Error::Unreadable`], as in [`KnownHosts::check`].
    pub fn has_authority(&self, host: &str, port: u16) -> Result<bool, Error> {
        let name = name(host, port);
        let mut found = false;
        self.for_each(|_, line| found |= line.marker == Marker::CertAuthority && line.is_about(&name))?;
        Ok(found)
    }

    /// The keys that are known for a host at this very port, in order.
    ///
    /// # Errors
    /// [`Error::Unreadable`], as in [`KnownHosts::check`].
    pub fn keys(&self, host: &str, port: u16) -> Result<Vec<PublicKey>, Error> {
        let name = name(host, port);
        let mut keys = Vec::new();
        self.for_each(|_, line| {
            if line.marker == Marker::None && line.is_about(&name) {
                keys.extend(line.key());
            }
        })?;
        Ok(keys)
    }

    /// The types of the keys known for a host, in the order of the files and without repetition.
    ///
    /// # Errors
    /// [`Error::Unreadable`], as in [`KnownHosts::check`].
    pub fn algorithms(&self, host: &str, port: u16) -> Result<Vec<Algorithm>, Error> {
        let name = name(host, port);
        let (mut keys, mut revoked): (Vec<PublicKey>, Vec<PublicKey>) = (Vec::new(), Vec::new());
        self.for_each(|_, line| match line.marker {
            Marker::None if line.is_about(&name) => keys.extend(line.key()),
            Marker::Revoked if line.is_about(&name) => revoked.extend(line.key()),
            _ => {}
        })?;
        let mut algorithms: Vec<Algorithm> = Vec::new();
        // As in ssh(1), the first key of a type stands for all of them, and a revoked one for none.
        for key in &keys {
            let first = keys.iter().find(|other| other.algorithm() == key.algorithm()).unwrap_or(key);
            let is_revoked = revoked.iter().any(|revoked| revoked.key_data() == first.key_data());
            if !is_revoked && !algorithms.contains(&key.algorithm()) {
                algorithms.push(key.algorithm());
            }
        }
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
        let line = entry(host, port, key, hashed)?;
        let line = file::append(path, &line)
            .map_err(|error| Error::Unwritable { path: path.to_owned(), reason: failure::words(&error) })?;
        Ok(Place { path: path.to_owned(), line })
    }

    fn authority(&self, name: &str, certificate: &Certificate) -> Result<CertificateStatus, Error> {
        let mut findings = Authority::new(name, certificate);
        self.for_each(|place, line| findings.take(place, line))?;
        Ok(findings.status())
    }

    fn check_name(&self, name: &str, key: &PublicKey) -> Result<Status, Error> {
        let mut findings = Findings::new(name, key);
        self.for_each(|place, line| findings.take(place, line))?;
        Ok(findings.status())
    }

    fn for_each(&self, mut each: impl FnMut(&Place, &Line<'_>)) -> Result<(), Error> {
        for_each_in(self.user.iter().chain(&self.global), &mut each)?;
        let place = |index| Place { path: Command::KEYWORD.into(), line: index + 1 };
        for (index, text) in self.printed.iter().flat_map(|printed| printed.split(|byte| *byte == b'\n')).enumerate() {
            if let Some(line) = Line::parse(text) {
                each(&place(index), &line);
            }
        }
        Ok(())
    }
}

fn for_each_in<'a>(
    paths: impl IntoIterator<Item = &'a PathBuf>,
    mut each: impl FnMut(&Place, &Line<'_>),
) -> Result<(), Error> {
    for path in paths {
        file::for_each_line(path, |number, text| {
            if let Some(line) = Line::parse(text) {
                each(&Place { path: path.clone(), line: number }, &line);
            }
        })
        .map_err(|error| Error::Unreadable { path: path.clone(), reason: failure::words(&error) })?;
    }
    Ok(())
}

/// A line, with its end, that makes `key` the key of `host`.
fn entry(host: &str, port: u16, key: &PublicKey, hashed: bool) -> Result<String, Error> {
    let name = storable_name(host, port)?;
    let name = if hashed { file::hashed(&name)? } else { name };
    let key = PublicKey::new(key.key_data().clone(), "")
        .to_openssh()
        .map_err(|error| Error::Key { reason: error.to_string() })?;
    Ok(format!("{name} {}\n", key.trim_end()))
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
