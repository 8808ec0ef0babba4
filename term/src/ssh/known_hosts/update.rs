//! `UpdateHostKeys`: learning the keys that a server has besides the known one, and forgetting those it gave up
//! (ssh_config(5), `client_input_hostkeys` in clientloop.c).

use russh::keys::PublicKey;

use super::line::{Line, Marker};
use super::{Error, KnownHosts, entry, file, for_each_in, name};
use crate::ssh::failure;

/// What a server's list of its host keys changes in the user's known_hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Keys that are not known for the host yet. They may be added once the server has proved that it has them.
    pub new: Vec<PublicKey>,
    /// Known keys that the server no longer has.
    pub obsolete: Vec<PublicKey>,
    known: KnownHosts,
    host: String,
    port: u16,
}

/// What the user's files say about the announced keys.
#[derive(Default)]
struct Survey {
    known: Vec<PublicKey>,
    obsolete: Vec<PublicKey>,
    /// Keys of lines that are about other hosts.
    elsewhere: Vec<PublicKey>,
    /// The host has lines that somebody wrote by hand; they stay as they are.
    by_hand: bool,
}

impl KnownHosts {
    /// What has to change so that the user's files hold the announced keys for `host` and no others. `None` where
    /// nothing has to, and where ssh(1) leaves the files alone too: lines about the host that were written by hand, with
    /// a marker, a pattern or several names, and keys that other hosts have as well.
    ///
    /// # Errors
    /// [`Error::Unreadable`], as in [`KnownHosts::check`].
    pub fn update(&self, host: &str, port: u16, announced: &[PublicKey]) -> Result<Option<Update>, Error> {
        let name = name(host, port);
        let mut survey = Survey::default();
        for_each_in(&self.user, |_, line| survey.take(line, &name, announced))?;
        let is_among = |key: &PublicKey, keys: &[PublicKey]| keys.iter().any(|other| is_same(key, other));
        let new: Vec<PublicKey> = announced.iter().filter(|key| !is_among(key, &survey.known)).cloned().collect();
        let nothing = new.is_empty() && survey.obsolete.is_empty();
        let shared = announced.iter().chain(&survey.obsolete).any(|key| is_among(key, &survey.elsewhere));
        if nothing || survey.by_hand || shared || announced.is_empty() {
            return Ok(None);
        }
        Ok(Some(Update { new, obsolete: survey.obsolete, known: self.clone(), host: host.to_owned(), port }))
    }
}

impl Update {
    /// Writes it down: new keys into the first of the user's files, obsolete ones out of all of them. The lines that
    /// stay keep their bytes and their order.
    ///
    /// # Errors
    /// [`Error::Unwritable`] names the file; those before it are changed already.
    pub fn apply(&self, hashed: bool) -> Result<(), Error> {
        let path = self.known.path().ok_or(Error::NoFile)?;
        let unwritable = |path: &std::path::Path, error: &std::io::Error| Error::Unwritable {
            path: path.to_owned(),
            reason: failure::words(error),
        };
        // First the new ones, so that the host is known at every moment.
        for key in &self.new {
            let line = entry(&self.host, self.port, key, hashed)?;
            let _ = file::append(path, &line).map_err(|error| unwritable(path, &error))?;
        }
        if self.obsolete.is_empty() {
            return Ok(());
        }
        let name = name(&self.host, self.port);
        for path in &self.known.user {
            file::retain(path, |text| !self.is_obsolete(text, &name)).map_err(|error| unwritable(path, &error))?;
        }
        Ok(())
    }

    fn is_obsolete(&self, text: &[u8], name: &str) -> bool {
        Line::parse(text).is_some_and(|line| {
            line.marker == Marker::None
                && line.is_about(name)
                && line.key().is_some_and(|key| self.obsolete.iter().any(|old| is_same(old, &key)))
        })
    }
}

impl Survey {
    fn take(&mut self, line: &Line<'_>, name: &str, announced: &[PublicKey]) {
        let Some(key) = line.key() else { return };
        if !line.is_about(name) {
            self.elsewhere.push(key);
        } else if line.marker != Marker::None || line.is_by_hand() {
            self.by_hand = true;
        } else if announced.iter().any(|other| is_same(&key, other)) {
            self.known.push(key);
        } else {
            self.obsolete.push(key);
        }
    }
}

fn is_same(one: &PublicKey, other: &PublicKey) -> bool {
    one.key_data() == other.key_data()
}
