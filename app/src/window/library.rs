//! The user's hosts and what keeps their secrets, as all windows show them.
//!
//! It is read and written on other threads. What it holds is the last that was read: `hosts.toml` and `~/.ssh/config`
//! may change under it, so it is read again whenever the hosts come into sight, and when a file changes while they are.

use std::path::PathBuf;
use std::sync::Arc;

use iced::Task;
use term::ssh;

use super::preferences::Preferences;
use crate::cli::{options, quick};
use crate::pane::Target;
use crate::screen::hosts::{Alias, Data};
use crate::store::{self, Folders, Host, Secrets, host, hosts::Deleted, secrets};

/// What the hosts screens show.
#[derive(Debug)]
pub struct Library {
    secrets: Secrets,
    hosts: store::Hosts,
    problem: Option<store::Error>,
    aliases: Vec<Alias>,
    config_problem: Option<String>,
    sources: Arc<[PathBuf]>,
    preferences: Preferences,
    keeper: Option<secrets::Status>,
}

/// What a hosts screen asks for.
#[derive(Debug, Clone)]
pub enum Request {
    /// Read everything again.
    Reload,
    /// Read the hosts and the configuration again.
    Files,
    /// Save a host.
    Save {
        /// The host.
        host: Box<Host>,
        /// Whether a tab is to be opened for it then.
        connect: bool,
    },
    /// Delete a host.
    Delete(host::Id),
    /// Undo a deletion.
    Restore(Box<Deleted>),
    /// Remember what a host allows.
    Permit(host::Id, host::Permission),
    /// Have the user unlock the keyring.
    Unlock,
    /// Ask the keyring again.
    RetryKeyring,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Message {
    /// The files were read.
    Read(Box<Read>),
    /// A host was saved, or not.
    Saved {
        /// The host.
        host: Box<Host>,
        /// Whether a tab is to be opened for it.
        connect: bool,
        /// All hosts now.
        outcome: Result<store::Hosts, store::Error>,
    },
    /// A host was deleted, or not.
    Deleted(Result<(store::Hosts, Box<Deleted>), store::Error>),
    /// A deletion was undone, or not.
    Restored(Result<store::Hosts, store::Error>),
    /// A permission was remembered, or not.
    Permitted(Result<store::Hosts, store::Error>),
    /// The keyring has answered.
    Keeper(secrets::Status),
}

/// What the files held.
#[derive(Debug, Clone)]
pub struct Read {
    hosts: store::Hosts,
    problem: Option<store::Error>,
    aliases: Result<Vec<Alias>, String>,
    sources: Arc<[PathBuf]>,
}

impl Library {
    /// Begins empty and reads everything.
    pub fn new(folders: Option<&Folders>, secrets: Secrets) -> (Self, Task<Message>) {
        let path = folders.map(Folders::hosts).unwrap_or_default();
        let library = Self {
            secrets,
            hosts: store::Hosts::none(path),
            problem: None,
            aliases: Vec::new(),
            config_problem: None,
            sources: Arc::default(),
            preferences: Preferences::load(folders),
            keeper: None,
        };
        let read = library.serve(Request::Reload);
        (library, read)
    }

    /// What a hosts screen shows.
    #[must_use]
    pub fn data(&self) -> Data<'_> {
        Data {
            hosts: &self.hosts,
            problem: self.problem.as_ref(),
            aliases: &self.aliases,
            config_problem: self.config_problem.as_deref(),
            settings_problem: self.preferences.problem(),
            schemes: self.preferences.schemes(),
            keeper: self.keeper.as_ref(),
        }
    }

    /// The files and folders that what is shown was read from.
    #[must_use]
    pub fn sources(&self) -> &Arc<[PathBuf]> {
        &self.sources
    }

    /// The settings and the colour schemes.
    #[must_use]
    pub fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// The same, to be changed.
    pub fn preferences_mut(&mut self) -> &mut Preferences {
        &mut self.preferences
    }

    /// Where this text leads: to the saved host of that name, else to what the quick-connect field makes of it.
    ///
    /// # Errors
    /// [`options::Error`] where it is neither.
    pub fn target(&self, text: &str) -> Result<Target, options::Error> {
        find(&self.hosts, text)
    }

    /// The same before there is a library. Blocks on the disk.
    ///
    /// # Errors
    /// As [`Library::target`].
    pub fn read_target(folders: Option<&Folders>, text: &str) -> Result<Target, options::Error> {
        let path = folders.map(Folders::hosts).unwrap_or_default();
        // A broken file is reported by the window that opens.
        let hosts = store::Hosts::load(path.clone()).unwrap_or_else(|_| store::Hosts::none(path));
        find(&hosts, text)
    }

    /// Does what a screen asks for.
    pub fn serve(&self, request: Request) -> Task<Message> {
        let hosts = self.hosts.clone();
        let secrets = self.secrets.clone();
        match request {
            Request::Reload => {
                let read = blocking(move || read(hosts)).map(|read| Message::Read(Box::new(read)));
                let status = Task::perform(async move { secrets.status().await }, Message::Keeper);
                Task::batch([read, status])
            }
            Request::Files => blocking(move || read(hosts)).map(|read| Message::Read(Box::new(read))),
            Request::Save { host, connect } => {
                let save = {
                    let host = host.clone();
                    blocking(move || hosts.save(&host))
                };
                save.map(move |outcome| Message::Saved { host: host.clone(), connect, outcome })
            }
            Request::Delete(id) => {
                blocking(move || hosts.delete(&id).map(|(hosts, deleted)| (hosts, Box::new(deleted))))
                    .map(Message::Deleted)
            }
            Request::Restore(deleted) => blocking(move || hosts.restore(*deleted)).map(Message::Restored),
            Request::Permit(id, permission) => blocking(move || hosts.permit(&id, permission)).map(Message::Permitted),
            Request::Unlock => Task::perform(
                async move {
                    if let Err(error) = secrets.unlock().await {
                        log::info!("{error}");
                    }
                    secrets.status().await
                },
                Message::Keeper,
            ),
            Request::RetryKeyring => Task::perform(async move { secrets.retry().await }, Message::Keeper),
        }
    }

    /// Takes in what came of it.
    pub fn update(&mut self, message: &Message) {
        match message {
            Message::Read(read) => {
                self.hosts = read.hosts.clone();
                self.problem.clone_from(&read.problem);
                self.sources = Arc::clone(&read.sources);
                self.config_problem = read.aliases.as_ref().err().cloned();
                self.aliases = read.aliases.clone().unwrap_or_default();
            }
            Message::Saved { outcome: Ok(hosts), .. }
            | Message::Deleted(Ok((hosts, _)))
            | Message::Restored(Ok(hosts))
            | Message::Permitted(Ok(hosts)) => self.hosts = hosts.clone(),
            Message::Saved { .. } | Message::Deleted(_) | Message::Restored(_) | Message::Permitted(_) => {}
            Message::Keeper(status) => self.keeper = Some(status.clone()),
        }
    }
}

fn find(hosts: &store::Hosts, text: &str) -> Result<Target, options::Error> {
    match hosts.iter().find(|host| host.name == text.trim()) {
        Some(host) => Ok(host.into()),
        None => quick::parse(text).map(|target| Target::typed(target.destination, target.options)),
    }
}

fn read(known: store::Hosts) -> Read {
    let (hosts, problem) = match store::Hosts::load(known.path()) {
        Ok(hosts) => (hosts, None),
        // What was read before it broke is still what the user has.
        Err(error) => (known, Some(error)),
    };
    let config = ssh::Config::load();
    let mut sources = match &config {
        Ok(config) => config.sources(),
        Err(_) => ssh::Config::default().sources(),
    };
    sources.push(hosts.path().to_owned());
    let aliases = config.map(|config| Alias::all(&config)).map_err(|error| error.to_string());
    Read { hosts, problem, aliases, sources: sources.into() }
}

/// Runs what blocks on a thread of its own. A thread that panics answers nothing.
pub(super) fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Task<T> {
    Task::future(async move { tokio::task::spawn_blocking(work).await }).then(|outcome| match outcome {
        Ok(value) => Task::done(value),
        Err(error) => {
            log::error!("reading or writing the user's files failed: {error}");
            Task::none()
        }
    })
}
