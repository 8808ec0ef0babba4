//! What stands in the form's fields, and the host that it makes.

use term::ssh::Destination;
use term::ssh::host::{RequestTty, SessionType};
use x11::Trust;

use crate::store::host::{self, Error, Field, Host};
use crate::store::settings::LogSessions;

/// The fields' texts.
#[derive(Debug, Clone)]
pub(super) struct Input {
    id: host::Id,
    name: String,
    host_name: String,
    user: String,
    port: String,
    identity_file: String,
    proxy_jump: String,
    proxy: String,
    display: String,
    remote_command: String,
    log_folder: String,
    log_name: String,
    /// Whether sessions are logged; `None` leaves it to the settings.
    pub(super) log_sessions: Option<LogSessions>,
    /// `None` leaves it to `~/.ssh/config`.
    pub(super) forward_x11: Option<bool>,
    /// How far X11 programs are trusted, where it is said.
    pub(super) x11_trust: Option<Trust>,
    /// `None` leaves it to `~/.ssh/config`.
    pub(super) forward_agent: Option<bool>,
    /// Whether a Kerberos ticket logs in, and whether it is handed on; `None` leaves it to `~/.ssh/config`.
    pub(super) kerberos: (Option<bool>, Option<bool>),
    /// `None` leaves it to `~/.ssh/config`.
    pub(super) session_type: Option<SessionType>,
    /// `None` leaves it to `~/.ssh/config`.
    pub(super) request_tty: Option<RequestTty>,
    /// Whether old algorithms are offered.
    pub(super) legacy_algorithms: bool,
    /// The jump hosts on the way that they are offered to.
    pub(super) legacy_jumps: Vec<String>,
    /// The name of a colour scheme; `None` for the window's.
    pub(super) scheme: Option<String>,
    /// Whether programs may write the clipboard; `None` asks.
    pub(super) clipboard_write: Option<bool>,
}

impl Input {
    /// The fields of a saved host.
    pub(super) fn of(host: &Host) -> Self {
        Self {
            id: host.id.clone(),
            name: host.name.clone(),
            host_name: host.host_name.clone(),
            user: host.user.clone().unwrap_or_default(),
            port: host.port.map(|port| port.to_string()).unwrap_or_default(),
            identity_file: host.identity_file.join(", "),
            proxy_jump: host.proxy_jump.clone().unwrap_or_default(),
            proxy: host.proxy.clone().unwrap_or_default(),
            display: host.display.clone().unwrap_or_default(),
            remote_command: host.remote_command.clone().unwrap_or_default(),
            log_folder: host.log_folder.clone().unwrap_or_default(),
            log_name: host.log_name.clone().unwrap_or_default(),
            log_sessions: host.log_sessions,
            forward_x11: host.forward_x11,
            x11_trust: host.x11_trust,
            forward_agent: host.forward_agent,
            kerberos: (host.gssapi_authentication, host.gssapi_delegate_credentials),
            session_type: host.session_type,
            request_tty: host.request_tty,
            legacy_algorithms: host.legacy_algorithms,
            legacy_jumps: host.legacy_jumps.clone(),
            scheme: host.scheme.clone(),
            clipboard_write: host.clipboard_write,
        }
    }

    /// The fields of a new host of which the address may have been typed already.
    pub(super) fn typed(text: &str) -> Self {
        let mut input = Self::of(&Host::new("", text.trim()));
        input.spread_address();
        input
    }

    pub(super) fn text(&self, field: Field) -> &str {
        match field {
            Field::Name => &self.name,
            Field::HostName => &self.host_name,
            Field::User => &self.user,
            Field::Port => &self.port,
            Field::IdentityFile => &self.identity_file,
            Field::ProxyJump => &self.proxy_jump,
            Field::Proxy => &self.proxy,
            Field::Display => &self.display,
            Field::RemoteCommand => &self.remote_command,
            Field::LogFolder => &self.log_folder,
            Field::LogName => &self.log_name,
        }
    }

    pub(super) fn text_mut(&mut self, field: Field) -> &mut String {
        match field {
            Field::Name => &mut self.name,
            Field::HostName => &mut self.host_name,
            Field::User => &mut self.user,
            Field::Port => &mut self.port,
            Field::IdentityFile => &mut self.identity_file,
            Field::ProxyJump => &mut self.proxy_jump,
            Field::Proxy => &mut self.proxy,
            Field::Display => &mut self.display,
            Field::RemoteCommand => &mut self.remote_command,
            Field::LogFolder => &mut self.log_folder,
            Field::LogName => &mut self.log_name,
        }
    }

    /// Where it leads and with which options, as far as that is known; `None` without an address.
    pub(super) fn asked(&self) -> Option<(Destination, Vec<String>)> {
        let typed = Destination::parse(self.host_name.trim()).ok()?;
        let host = Host {
            user: optional(&self.user).or(typed.user),
            port: host::check_port(&self.port).ok().flatten().or(typed.port),
            identity_file: self.identity_files(),
            forward_x11: self.forward_x11,
            ..Host::new("", typed.host)
        };
        Some((host.destination(), host.options()))
    }

    /// What was typed of its address, as it is typed in one go.
    pub(super) fn address(&self) -> String {
        let (user, port) = (optional(&self.user), host::check_port(&self.port).ok().flatten());
        match Destination::parse(self.host_name.trim()) {
            Ok(typed) => Destination { user: user.or(typed.user), port: port.or(typed.port), ..typed }.to_string(),
            Err(_) => self.host_name.trim().to_owned(),
        }
    }

    /// The name that a host without one gets.
    pub(super) fn suggested_name(&self) -> String {
        let address = self.host_name.trim();
        Destination::parse(address).map_or_else(|_| address.to_owned(), |destination| destination.host)
    }

    /// The host, or everything that keeps it from being one, in the order of the form.
    pub(super) fn host(&mut self) -> Result<Host, Vec<(Field, Error)>> {
        self.spread_address();
        let host = Host {
            id: self.id.clone(),
            name: optional(&self.name).unwrap_or_else(|| self.suggested_name()),
            host_name: self.host_name.trim().to_owned(),
            user: optional(&self.user),
            port: host::check_port(&self.port).unwrap_or_default(),
            identity_file: self.identity_files(),
            proxy_jump: optional(&self.proxy_jump),
            proxy: optional(&self.proxy),
            forward_x11: self.forward_x11,
            x11_trust: self.x11_trust,
            display: optional(&self.display),
            forward_agent: self.forward_agent,
            gssapi_authentication: self.kerberos.0,
            gssapi_delegate_credentials: self.kerberos.1,
            // What is not started has no name.
            remote_command: optional(&self.remote_command).filter(|_| self.session_type != Some(SessionType::None)),
            session_type: self.session_type,
            request_tty: self.request_tty,
            legacy_algorithms: self.legacy_algorithms,
            legacy_jumps: self.legacy_jumps.clone(),
            scheme: self.scheme.clone(),
            clipboard_write: self.clipboard_write,
            log_sessions: self.log_sessions,
            log_folder: optional(&self.log_folder),
            log_name: optional(&self.log_name),
        };
        let mut errors = Vec::new();
        let mut check = |field, outcome: Result<(), Error>| errors.extend(outcome.err().map(|error| (field, error)));
        // Without an address there is no name to suggest, and one error says enough.
        if !host.host_name.is_empty() {
            check(Field::Name, host::check_name(&host.name));
        }
        check(Field::HostName, host::check_host_name(&host.host_name));
        check(Field::User, host.user.as_deref().map_or(Ok(()), host::check_user));
        check(Field::Port, host::check_port(&self.port).map(|_| ()));
        check(Field::IdentityFile, host.identity_file.iter().try_for_each(|path| host::check_identity_file(path)));
        check(Field::ProxyJump, host.proxy_jump.as_deref().map_or(Ok(()), host::check_proxy_jump));
        check(Field::Proxy, host.proxy.as_deref().map_or(Ok(()), host::check_proxy));
        let command = host::check_remote_command(host.remote_command.as_deref(), host.session_type);
        check(Field::RemoteCommand, command);
        check(Field::Display, host.display.as_deref().map_or(Ok(()), host::check_display));
        if errors.is_empty() { Ok(host) } else { Err(errors) }
    }

    /// Someone who pastes `user@host:port` or `ssh://…` as the address means all of it.
    fn spread_address(&mut self) {
        let Ok(destination) = Destination::parse(self.host_name.trim()) else { return };
        self.host_name = destination.host;
        if let Some(user) = destination.user {
            self.user = user;
        }
        if let Some(port) = destination.port {
            self.port = port.to_string();
        }
    }

    /// What is in the folded section; what is left empty is the port and the key file that are inherited.
    pub(super) fn connection_summary(&self, inherited_port: Option<&str>, inherited_key: Option<&str>) -> String {
        let port = optional(&self.port).or(inherited_port.map(str::to_owned));
        let port = port.map_or_else(|| "default port".to_owned(), |port| format!("port {port}"));
        let keys = match (self.identity_files().as_slice(), inherited_key) {
            ([], Some(key)) => format!("key {key}"),
            ([], None) => "usual keys".to_owned(),
            ([one], _) => format!("key {one}"),
            (several, _) => format!("{} key files", several.len()),
        };
        let ticket = if self.kerberos.0 == Some(true) { ", Kerberos" } else { "" };
        format!("{port}, {keys}{ticket}")
    }

    /// What is in the folded section.
    pub(super) fn way_summary(&self) -> String {
        let jump = optional(&self.proxy_jump).map(|jumps| match jumps.as_str() {
            none if none.eq_ignore_ascii_case("none") => "no jump host".to_owned(),
            jumps => format!("through {}", jumps.replace(',', ", ")),
        });
        let proxy = optional(&self.proxy).map(|proxy| format!("proxy {proxy}"));
        match (jump, proxy) {
            (None, None) => "direct, unless ~/.ssh/config says otherwise".to_owned(),
            (jump, proxy) => jump.into_iter().chain(proxy).collect::<Vec<_>>().join(", "),
        }
    }

    /// What is in the folded section.
    pub(super) fn session_summary(&self) -> String {
        let command = optional(&self.remote_command);
        let what = match (self.session_type, command) {
            (Some(SessionType::None), _) => return "nothing: the connection is for forwardings alone".to_owned(),
            (Some(SessionType::Subsystem), Some(name)) => format!("the subsystem {name}"),
            (Some(SessionType::Subsystem), None) => "a subsystem".to_owned(),
            (_, Some(command)) => command,
            (Some(SessionType::Default), None) => "a shell".to_owned(),
            (None, None) => "a shell, unless ~/.ssh/config says otherwise".to_owned(),
        };
        match self.request_tty {
            Some(RequestTty::No) => format!("{what}, without a terminal"),
            Some(RequestTty::Yes | RequestTty::Force) => format!("{what}, with a terminal"),
            Some(RequestTty::Auto) | None => what,
        }
    }

    /// What is in the folded section.
    pub(super) fn agent_summary(&self) -> &'static str {
        match self.forward_agent {
            None => "off, unless ~/.ssh/config says otherwise",
            Some(true) => "on: programs there can sign with your keys",
            Some(false) => "off",
        }
    }

    /// What is in the folded section.
    pub(super) fn x11_summary(&self) -> String {
        match (self.forward_x11, optional(&self.display)) {
            (Some(true), None) => format!("on, {}", self.x11_trust.unwrap_or_default()),
            (Some(true), Some(display)) => format!("on, {}, display {display}", self.x11_trust.unwrap_or_default()),
            (Some(false), _) => "off".to_owned(),
            (None, _) => "off, unless ~/.ssh/config says otherwise".to_owned(),
        }
    }

    /// What is in the folded section.
    pub(super) fn log_summary(&self) -> String {
        let what = match self.log_sessions {
            None => "as in the settings",
            Some(LogSessions::Off) => return "only when I start it".to_owned(),
            Some(LogSessions::Text) => "as text",
            Some(LogSessions::Recording) => "as recordings",
        };
        optional(&self.log_folder).map_or_else(|| what.to_owned(), |folder| format!("{what}, into {folder}"))
    }

    /// What is in the folded section.
    pub(super) fn clipboard_summary(&self) -> &'static str {
        match self.clipboard_write {
            None => "programs ask before they write it",
            Some(true) => "programs may write it",
            Some(false) => "programs may not write it",
        }
    }

    fn identity_files(&self) -> Vec<String> {
        self.identity_file.split(',').filter_map(optional).collect()
    }
}

fn optional(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_for_fills_the_form() {
        let host = Input::typed(" me@web.example.org:2200 ").host().expect("a host");
        let expected = ("web.example.org", "web.example.org", Some("me"), Some(2200));
        assert_eq!((host.name.as_str(), host.host_name.as_str(), host.user.as_deref(), host.port), expected);
    }

    #[test]
    fn a_form_that_is_not_touched_changes_nothing() {
        let host = Host {
            user: Some("me".to_owned()),
            port: Some(22),
            identity_file: vec!["~/a key".to_owned(), "/b".to_owned()],
            proxy_jump: Some("me@bastion,two".to_owned()),
            proxy: Some("socks5://me@proxy:1080".to_owned()),
            forward_x11: Some(false),
            forward_agent: Some(true),
            gssapi_authentication: Some(true),
            gssapi_delegate_credentials: Some(false),
            remote_command: Some("netconf".to_owned()),
            session_type: Some(SessionType::Subsystem),
            request_tty: Some(RequestTty::Force),
            legacy_algorithms: true,
            legacy_jumps: vec!["me@bastion:2222".to_owned()],
            log_sessions: Some(LogSessions::Recording),
            log_folder: Some("~/logs".to_owned()),
            log_name: Some("{host}/{date}".to_owned()),
            ..Host::new("a name", "fe80::1%eth0")
        };
        assert_eq!(Input::of(&host).host(), Ok(host));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut input = Input::typed("");
        *input.text_mut(Field::HostName) = "a b".to_owned();
        *input.text_mut(Field::Port) = "0".to_owned();
        *input.text_mut(Field::ProxyJump) = "one,,two".to_owned();
        *input.text_mut(Field::Proxy) = "http://me:secret@proxy".to_owned();
        input.session_type = Some(SessionType::Subsystem);
        *input.text_mut(Field::Display) = "nonsense".to_owned();
        let fields: Vec<_> = input.host().expect_err("wrong").into_iter().map(|(field, _)| field).collect();
        let expected =
            [Field::HostName, Field::Port, Field::ProxyJump, Field::Proxy, Field::RemoteCommand, Field::Display];
        assert_eq!(fields, expected);
    }

    #[test]
    fn folded_sections_say_what_is_in_them() {
        let mut input = Input::typed("h");
        assert_eq!(input.connection_summary(None, None), "default port, usual keys");
        assert_eq!(input.connection_summary(Some("7"), Some("~/k")), "port 7, key ~/k");
        assert_eq!(input.x11_summary(), "off, unless ~/.ssh/config says otherwise");
        *input.text_mut(Field::Port) = "2222".to_owned();
        *input.text_mut(Field::IdentityFile) = "~/.ssh/id_web".to_owned();
        input.forward_x11 = Some(true);
        assert_eq!(input.way_summary(), "direct, unless ~/.ssh/config says otherwise");
        *input.text_mut(Field::ProxyJump) = "one,me@two:2222".to_owned();
        assert_eq!(input.way_summary(), "through one, me@two:2222");
        *input.text_mut(Field::Proxy) = "http://proxy".to_owned();
        assert_eq!(input.way_summary(), "through one, me@two:2222, proxy http://proxy");
        assert_eq!(input.connection_summary(Some("7"), Some("~/k")), "port 2222, key ~/.ssh/id_web");
        input.kerberos = (Some(true), None);
        assert_eq!(input.connection_summary(None, None), "port 2222, key ~/.ssh/id_web, Kerberos");
        assert_eq!(input.x11_summary(), "on, guarded");
        assert_eq!(input.session_summary(), "a shell, unless ~/.ssh/config says otherwise");
        *input.text_mut(Field::RemoteCommand) = "tmux new -A".to_owned();
        input.request_tty = Some(RequestTty::Yes);
        assert_eq!(input.session_summary(), "tmux new -A, with a terminal");
        input.session_type = Some(SessionType::None);
        assert_eq!(input.session_summary(), "nothing: the connection is for forwardings alone");
        assert_eq!(input.agent_summary(), "off, unless ~/.ssh/config says otherwise");
        assert_eq!(input.log_summary(), "as in the settings");
        input.log_sessions = Some(LogSessions::Text);
        *input.text_mut(Field::LogFolder) = "~/logs".to_owned();
        assert_eq!(input.log_summary(), "as text, into ~/logs");
    }
}
