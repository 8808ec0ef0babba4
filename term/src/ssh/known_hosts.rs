//! `known_hosts`: which key each host is known to have (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").

use std::path::PathBuf;

/// A line of a file, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
}

/// The known hosts of a user and of the system.
#[derive(Debug, Clone, Default)]
pub struct KnownHosts {}
