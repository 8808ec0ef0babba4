//! A saved host: a name and the `ssh_config` values the user set for it.

use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};

use serde::{Deserialize, Serialize};
use term::ssh::config::option;
use term::ssh::host::{RequestTty, SessionType};
use term::ssh::{Destination, Proxy, destination, legacy, proxy};
use x11::Trust;

use super::settings::LogSessions;

/// Identifies a saved host for as long as it exists; stable over renames.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub String);

impl Id {
    /// An identity that no other host has: 64 random bits, so that two windows need not agree on it.
    #[must_use]
    pub fn random() -> Self {
        Self(format!("{:016x}", RandomState::new().build_hasher().finish()))
    }

    /// The identity of an entry that a person wrote without one: made of its content, so that it is the same each time
    /// the file is read; `nth` tells equal entries apart.
    pub(super) fn derived(name: &str, host_name: &str, nth: usize) -> Self {
        let mut hasher = DefaultHasher::new();
        (name, host_name, nth).hash(&mut hasher);
        Self(format!("{:016x}", hasher.finish()))
    }
}

/// A saved host as `hosts.toml` holds it: only what the user set; the rest comes from `~/.ssh/config` and defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Identity.
    pub id: Id,
    /// What the list and the tab show.
    pub name: String,
    /// `HostName`: a name, an address or an alias of `~/.ssh/config`.
    pub host_name: String,
    /// `User`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `Port`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// `IdentityFile`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity_file: Vec<String>,
    /// `ProxyJump`: the hosts to go through, separated by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_jump: Option<String>,
    /// The proxy that the first connection is made through, as [`Proxy::parse`] reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// `ForwardX11`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_x11: Option<bool>,
    /// How far X11 programs are trusted, where it is said. `hosts.toml` has its word.
    #[serde(skip)]
    pub x11_trust: Option<Trust>,
    /// The local display for X11 programs where it is not `DISPLAY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// `ForwardAgent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_agent: Option<bool>,
    /// `GSSAPIAuthentication`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gssapi_authentication: Option<bool>,
    /// `GSSAPIDelegateCredentials`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gssapi_delegate_credentials: Option<bool>,
    /// `RemoteCommand`, or the name of a subsystem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_command: Option<String>,
    /// `SessionType`. `hosts.toml` has its word.
    #[serde(skip)]
    pub session_type: Option<SessionType>,
    /// `RequestTTY`. `hosts.toml` has its word.
    #[serde(skip)]
    pub request_tty: Option<RequestTty>,
    /// Whether old algorithms are offered too ([`legacy`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub legacy_algorithms: bool,
    /// The jump hosts on the way that they are offered to, each as [`term::ssh::Hop`] names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legacy_jumps: Vec<String>,
    /// The name of the colour scheme of its terminals where it is not the window's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Whether its programs may write the clipboard (OSC 52) without asking; `None` asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clipboard_write: Option<bool>,
    /// Whether its sessions are logged, where that is not as in the settings. `hosts.toml` has its word.
    #[serde(skip)]
    pub log_sessions: Option<LogSessions>,
    /// The folder of their logs, where it is not that of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_folder: Option<String>,
    /// The pattern of the logs' names, where it is not that of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_name: Option<String>,
}

impl Host {
    /// A host of which only the name and the address are set.
    #[must_use]
    pub fn new(name: impl Into<String>, host_name: impl Into<String>) -> Self {
        Self {
            id: Id::random(),
            name: name.into(),
            host_name: host_name.into(),
            user: None,
            port: None,
            identity_file: Vec::new(),
            proxy_jump: None,
            proxy: None,
            forward_x11: None,
            x11_trust: None,
            display: None,
            forward_agent: None,
            gssapi_authentication: None,
            gssapi_delegate_credentials: None,
            remote_command: None,
            session_type: None,
            request_tty: None,
            legacy_algorithms: false,
            legacy_jumps: Vec::new(),
            scheme: None,
            clipboard_write: None,
            log_sessions: None,
            log_folder: None,
            log_name: None,
        }
    }

    /// Where this host is, as it would be typed.
    #[must_use]
    pub fn destination(&self) -> Destination {
        Destination { host: self.host_name.clone(), user: self.user.clone(), port: self.port }
    }

    /// What else the user set, as `Keyword=value` options of ssh_config(5) that win over the configuration files.
    #[must_use]
    pub fn options(&self) -> Vec<String> {
        let mut options: Vec<_> = self.identity_file.iter().map(|path| option("IdentityFile", path)).collect();
        // The rest of the line as it stands, without quotes; what could need them was refused.
        let jumps = self.proxy_jump.iter().map(|jumps| jumps.replace(' ', ""));
        options.extend(jumps.map(|jumps| format!("ProxyJump={jumps}")));
        options.extend(self.forward_x11.map(|forward| option("ForwardX11", if forward { "yes" } else { "no" })));
        for (keyword, answer) in [
            ("ForwardAgent", self.forward_agent),
            ("GSSAPIAuthentication", self.gssapi_authentication),
            ("GSSAPIDelegateCredentials", self.gssapi_delegate_credentials),
        ] {
            options.extend(answer.map(|yes| option(keyword, if yes { "yes" } else { "no" })));
        }
        options.extend(self.session_type.map(|kind| option("SessionType", word(&SESSION_TYPES, kind))));
        options.extend(self.request_tty.map(|wanted| option("RequestTTY", word(&REQUEST_TTY, wanted))));
        // The rest of the line as it stands, for the shell at the other end.
        options.extend(self.remote_command.iter().map(|command| format!("RemoteCommand={command}")));
        if self.legacy_algorithms {
            options.extend(legacy::options());
        }
        options
    }

    /// How far X11 programs are trusted: guarded, unless it is said or forwarding itself is left to `~/.ssh/config`.
    #[must_use]
    pub fn x11_trust_in_force(&self) -> Option<Trust> {
        self.x11_trust.or_else(|| (self.forward_x11 == Some(true)).then_some(Trust::Guarded))
    }

    /// The address as the list shows it: `user@host:port`, each part where it is set.
    #[must_use]
    pub fn address(&self) -> String {
        self.destination().to_string()
    }

    /// The first thing that keeps this host from being saved.
    ///
    /// # Errors
    /// The field and what is wrong with it.
    pub fn check(&self) -> Result<(), (Field, Error)> {
        check_name(&self.name).map_err(|error| (Field::Name, error))?;
        check_host_name(&self.host_name).map_err(|error| (Field::HostName, error))?;
        self.user.as_deref().map_or(Ok(()), check_user).map_err(|error| (Field::User, error))?;
        if self.port == Some(0) {
            return Err((Field::Port, Error::Port));
        }
        for path in &self.identity_file {
            check_identity_file(path).map_err(|error| (Field::IdentityFile, error))?;
        }
        self.proxy_jump.as_deref().map_or(Ok(()), check_proxy_jump).map_err(|error| (Field::ProxyJump, error))?;
        self.proxy.as_deref().map_or(Ok(()), check_proxy).map_err(|error| (Field::Proxy, error))?;
        check_remote_command(self.remote_command.as_deref(), self.session_type)
            .map_err(|error| (Field::RemoteCommand, error))?;
        self.display.as_deref().map_or(Ok(()), check_display).map_err(|error| (Field::Display, error))
    }
}

/// The words of `SessionType`.
pub const SESSION_TYPES: [(&str, SessionType); 3] =
    [("default", SessionType::Default), ("subsystem", SessionType::Subsystem), ("none", SessionType::None)];

/// The words of `RequestTTY`.
pub const REQUEST_TTY: [(&str, RequestTty); 4] =
    [("auto", RequestTty::Auto), ("yes", RequestTty::Yes), ("force", RequestTty::Force), ("no", RequestTty::No)];

/// The words of `x11_trust`.
pub const X11_TRUST: [(&str, Trust); 3] =
    [("guarded", Trust::Guarded), ("full", Trust::Full), ("untrusted", Trust::Untrusted)];

/// The word for a choice.
#[must_use]
pub fn word<T: PartialEq>(words: &[(&'static str, T)], choice: T) -> &'static str {
    words.iter().find(|(_, other)| *other == choice).map_or("", |(word, _)| word)
}

/// What a saved host allows for good, answered once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// [`Host::clipboard_write`].
    Clipboard(bool),
    /// [`Host::legacy_algorithms`].
    LegacyAlgorithms,
    /// One of [`Host::legacy_jumps`].
    LegacyJump(String),
}

/// A field of a host, as the form shows it and `hosts.toml` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// [`Host::name`].
    Name,
    /// [`Host::host_name`].
    HostName,
    /// [`Host::user`].
    User,
    /// [`Host::port`].
    Port,
    /// [`Host::identity_file`].
    IdentityFile,
    /// [`Host::proxy_jump`].
    ProxyJump,
    /// [`Host::proxy`].
    Proxy,
    /// [`Host::display`].
    Display,
    /// [`Host::remote_command`].
    RemoteCommand,
    /// [`Host::log_folder`].
    LogFolder,
    /// [`Host::log_name`].
    LogName,
}

impl Field {
    /// The key in `hosts.toml`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::HostName => "host_name",
            Self::User => "user",
            Self::Port => "port",
            Self::IdentityFile => "identity_file",
            Self::ProxyJump => "proxy_jump",
            Self::Proxy => "proxy",
            Self::Display => "display",
            Self::RemoteCommand => "remote_command",
            Self::LogFolder => "log_folder",
            Self::LogName => "log_name",
        }
    }
}

/// What is wrong with one field; the message is shown beside it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No name.
    #[error("give the host a name; the list and the tab show it")]
    NameMissing,
    /// Characters that cannot be shown.
    #[error("control characters such as a line break cannot be part of this")]
    ControlCharacter,
    /// No address.
    #[error("enter a host name, an IP address or an alias of ~/.ssh/config")]
    HostNameMissing,
    /// What OpenSSH refuses as a host or user name.
    #[error(transparent)]
    Destination(#[from] destination::Error),
    /// No port number.
    #[error("a port is a number from 1 to 65535; leave this empty for 22")]
    Port,
    /// No jump host.
    #[error("\"{name}\" is no jump host: {error}")]
    ProxyJump {
        /// What was written.
        name: String,
        /// What is wrong with it.
        error: destination::Error,
    },
    /// No proxy.
    #[error(transparent)]
    Proxy(#[from] proxy::ParseError),
    /// A subsystem without a name.
    #[error("name the subsystem that is to run, such as netconf")]
    SubsystemMissing,
    /// No display name.
    #[error("{0}")]
    Display(String),
}

/// Checks a command, or the name of a subsystem.
///
/// # Errors
/// [`Error::ControlCharacter`], [`Error::SubsystemMissing`].
pub fn check_remote_command(command: Option<&str>, session_type: Option<SessionType>) -> Result<(), Error> {
    match command {
        Some(command) if command.contains(char::is_control) => Err(Error::ControlCharacter),
        None if session_type == Some(SessionType::Subsystem) => Err(Error::SubsystemMissing),
        _ => Ok(()),
    }
}

/// Checks a name.
///
/// # Errors
/// [`Error::NameMissing`], [`Error::ControlCharacter`].
pub fn check_name(name: &str) -> Result<(), Error> {
    if name.trim().is_empty() {
        return Err(Error::NameMissing);
    }
    if name.contains(char::is_control) { Err(Error::ControlCharacter) } else { Ok(()) }
}

/// Checks an address by the rules of [`Destination::new`], which keep shell characters and options out of commands.
///
/// # Errors
/// [`Error::HostNameMissing`], [`Error::Destination`].
pub fn check_host_name(host_name: &str) -> Result<(), Error> {
    if host_name.is_empty() {
        return Err(Error::HostNameMissing);
    }
    let _ = Destination::new(host_name, None, None)?;
    Ok(())
}

/// Checks a user name by the rules of [`Destination::new`].
///
/// # Errors
/// [`Error::Destination`].
pub fn check_user(user: &str) -> Result<(), Error> {
    let _ = Destination::new("host", Some(user), None)?;
    Ok(())
}

/// Reads a port; an empty text is none.
///
/// # Errors
/// [`Error::Port`].
pub fn check_port(text: &str) -> Result<Option<u16>, Error> {
    match text.trim() {
        "" => Ok(None),
        text => destination::parse_port(text).map(Some).map_err(|_| Error::Port),
    }
}

/// Checks a key file's path. Whether the file is there is asked when it is used: it may be on a stick.
///
/// # Errors
/// [`Error::ControlCharacter`].
pub fn check_identity_file(path: &str) -> Result<(), Error> {
    if path.contains(char::is_control) { Err(Error::ControlCharacter) } else { Ok(()) }
}

/// Checks a list of jump hosts, as `ProxyJump` of ssh_config(5) has it.
///
/// # Errors
/// [`Error::ProxyJump`].
pub fn check_proxy_jump(jumps: &str) -> Result<(), Error> {
    if jumps.eq_ignore_ascii_case("none") {
        return Ok(());
    }
    for name in jumps.split(',') {
        let _ = Destination::parse(name.trim())
            .map_err(|error| Error::ProxyJump { name: name.trim().to_owned(), error })?;
    }
    Ok(())
}

/// Checks a proxy.
///
/// # Errors
/// [`Error::Proxy`].
pub fn check_proxy(proxy: &str) -> Result<(), Error> {
    let _ = Proxy::parse(proxy)?;
    Ok(())
}

/// Checks a display name.
///
/// # Errors
/// [`Error::Display`].
pub fn check_display(display: &str) -> Result<(), Error> {
    x11::Display::parse(display).map(|_| ()).map_err(|error| Error::Display(error.to_string()))
}
