//! The saved hosts: `hosts.toml`, which the user may edit too.
//!
//! A [`Hosts`] is what the file held when it was read. Each change goes through the file: it is read again under a lock,
//! changed in place and replaced, so that two windows, or a window and an editor, never undo each other's work. A file
//! that is not understood is never written to.

mod edit;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use edit::Deleted;

pub use super::Error;
use super::document::{Document, Table, print};
use super::file;
use super::host::{self, Host, Permission};
use super::settings::LogSessions;
use super::settings::choice::Choice as _;

/// The key of the tables in the file.
const TABLES: &str = "host";

/// The saved hosts in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    path: Arc<PathBuf>,
    list: Arc<Vec<Host>>,
}

impl Hosts {
    /// No hosts, for a file that is not there or cannot be used; saving still goes to that file.
    #[must_use]
    pub fn none(path: impl Into<PathBuf>) -> Self {
        Self { path: Arc::new(path.into()), list: Arc::default() }
    }

    /// Reads the file; a missing one is an empty list. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Malformed`], after a copy was put beside the file as `hosts.toml.broken-N`; [`Error::Unreadable`].
    pub fn load(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let Some(bytes) = file::read(&path)? else { return Ok(Self::none(path)) };
        match Document::parse(&path, &bytes).and_then(|document| read(&document)) {
            Ok(list) => Ok(Self { path: Arc::new(path), list: Arc::new(list) }),
            Err(error) => {
                // The copy is a courtesy, for the user who mends the file and makes it worse; the file itself is safe.
                if let Err(reason) = file::keep_aside(&path, &bytes) {
                    log::warn!("no copy of the broken {} could be kept: {reason}", path.display());
                }
                Err(error)
            }
        }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The hosts.
    pub fn iter(&self) -> std::slice::Iter<'_, Host> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The host with this identity.
    #[must_use]
    pub fn get(&self, id: &host::Id) -> Option<&Host> {
        self.list.iter().find(|host| host.id == *id)
    }

    /// Saves a host: one with the same identity is changed where it stands, another is added at the end. Returns what
    /// the file holds now. Blocks on the disk.
    ///
    /// # Errors
    /// See [`Error`]; the file is as it was.
    pub fn save(&self, host: &Host) -> Result<Self, Error> {
        host.check().map_err(|(_, error)| self.unwritable(error.to_string()))?;
        let (hosts, ()) = self.change(|document, list| {
            edit::save(document, list.iter().position(|other| other.id == host.id), host);
            Ok(())
        })?;
        Ok(hosts)
    }

    /// Deletes a host. Returns what the file holds now, and what [`Hosts::restore`] needs to undo this. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::NoSuchHost`] when it is gone already; see [`Error`] for the rest.
    pub fn delete(&self, id: &host::Id) -> Result<(Self, Deleted), Error> {
        self.change(|document, list| {
            let position = list.iter().position(|host| host.id == *id);
            position
                .and_then(|position| edit::delete(document, position, list.get(position)?.clone()))
                .ok_or_else(|| Error::NoSuchHost { id: id.clone(), path: self.path.to_path_buf() })
        })
    }

    /// Puts a deleted host back where it stood, with its comments. Returns what the file holds now. Blocks on the disk.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn restore(&self, deleted: Deleted) -> Result<Self, Error> {
        let (hosts, ()) = self.change(|document, list| {
            if !list.iter().any(|host| host.id == deleted.host().id) {
                edit::restore(document, deleted);
            }
            Ok(())
        })?;
        Ok(hosts)
    }

    /// Remembers what a host allows. Returns what the file holds now. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::NoSuchHost`] when it is gone; see [`Error`] for the rest.
    pub fn permit(&self, id: &host::Id, permission: Permission) -> Result<Self, Error> {
        let (hosts, ()) = self.change(|document, list| {
            let gone = || Error::NoSuchHost { id: id.clone(), path: self.path.to_path_buf() };
            let position = list.iter().position(|host| host.id == *id).ok_or_else(gone)?;
            let host = list.get(position).ok_or_else(gone)?;
            let mut host = host.clone();
            match permission {
                Permission::Clipboard(allowed) => host.clipboard_write = Some(allowed),
                Permission::LegacyAlgorithms => host.legacy_algorithms = true,
                Permission::LegacyJump(jump) if host.legacy_jumps.contains(&jump) => {}
                Permission::LegacyJump(jump) => host.legacy_jumps.push(jump),
            }
            edit::save(document, Some(position), &host);
            Ok(())
        })?;
        Ok(hosts)
    }

    fn unwritable(&self, message: String) -> Error {
        Error::Unwritable { path: self.path.to_path_buf(), message }
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&mut toml_edit::DocumentMut, &[Host]) -> Result<T, Error>,
    ) -> Result<(Self, T), Error> {
        file::update(&self.path, |before| {
            let before = before.unwrap_or_else(|| edit::HEADER.as_bytes().to_vec());
            let document = Document::parse(&self.path, &before)?;
            let list = read(&document)?;
            let mut document = document.into_mut();
            let outcome = change(&mut document, &list)?;
            let after = print(&document, &before);
            // What will be written is read first: this program makes no file that it refuses afterwards.
            let list = Document::parse(&self.path, &after).and_then(|document| read(&document));
            let list = list.map_err(|error| self.unwritable(format!("the change would break it ({error})")))?;
            Ok((after, (Self { path: self.path.clone(), list: Arc::new(list) }, outcome)))
        })
    }
}

fn read(document: &Document) -> Result<Vec<Host>, Error> {
    let mut ids = HashSet::new();
    let tables = document.root().tables(TABLES)?;
    let mut list = Vec::with_capacity(tables.len());
    for table in &tables {
        let mut host = read_host(table)?;
        // An entry copied by hand has the identity of its original, one written by hand has none.
        let mut nth = 0;
        while host.id.0.is_empty() || ids.contains(&host.id) {
            host.id = host::Id::derived(&host.name, &host.host_name, nth);
            nth += 1;
        }
        let _ = ids.insert(host.id.clone());
        list.push(host);
    }
    Ok(list)
}

fn read_host(table: &Table) -> Result<Host, Error> {
    let text = |key| Ok::<_, Error>(table.string(key)?.map(str::to_owned));
    let required = |key| text(key)?.ok_or_else(|| table.error(key, format!("this host has no '{key}'")));
    let host_name = required("host_name")?;
    let host = Host {
        id: host::Id(text("id")?.unwrap_or_default()),
        // A host written by hand may do without: its address is a good name.
        name: text("name")?.unwrap_or_else(|| host_name.clone()),
        host_name,
        user: text("user")?,
        port: table.integer("port", 1..=u16::MAX.into())?.and_then(|port| u16::try_from(port).ok()),
        identity_file: table.strings("identity_file")?,
        proxy_jump: text("proxy_jump")?,
        proxy: text("proxy")?,
        forward_x11: table.boolean("forward_x11")?,
        x11_trust: table.choice("x11_trust", &host::X11_TRUST)?,
        display: text("display")?,
        forward_agent: table.boolean("forward_agent")?,
        gssapi_authentication: table.boolean("gssapi_authentication")?,
        gssapi_delegate_credentials: table.boolean("gssapi_delegate_credentials")?,
        remote_command: text("remote_command")?,
        session_type: table.choice("session_type", &host::SESSION_TYPES)?,
        request_tty: table.choice("request_tty", &host::REQUEST_TTY)?,
        legacy_algorithms: table.boolean("legacy_algorithms")?.unwrap_or_default(),
        legacy_jumps: table.strings("legacy_jumps")?,
        scheme: text("scheme")?,
        clipboard_write: table.boolean("clipboard_write")?,
        log_sessions: table.choice("log_sessions", &LogSessions::words())?,
        log_folder: text("log_folder")?,
        log_name: text("log_name")?,
    };
    host.check().map_err(|(field, error)| table.error(field.key(), error.to_string()))?;
    Ok(host)
}

#[cfg(test)]
mod tests;
