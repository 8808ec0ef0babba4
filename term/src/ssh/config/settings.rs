//! The values in force, each with the place it comes from.

use std::path::PathBuf;

use super::bad_line::{BadLine, Wrong};
use super::jump;
use super::keyword::{Keyword, Kind};
use super::line::Line;
use super::value::is_none;
use crate::ssh::known_hosts::Place;
use crate::ssh::pattern::Pattern;

/// At most this many `IdentityFile`s and `CertificateFile`s (`SSH_MAX_IDENTITY_FILES` in ssh.h).
const MOST_FILES: usize = 100;

/// Where a value was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// On the command line or by the program.
    Option,
    /// In a file.
    File(Place),
    /// Nowhere: it is what is in force without being said.
    Default,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Option => f.write_str("command line"),
            Self::File(place) => place.fmt(f),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Source {
    /// An error about what was set there.
    pub(super) fn error(&self, wrong: impl Into<Wrong>) -> super::Error {
        let (path, line) = match self {
            Self::Option | Self::Default => (PathBuf::from("command-line"), 0),
            Self::File(place) => (place.path.clone(), place.line),
        };
        super::Error::Line(Box::new(BadLine { path, line, wrong: wrong.into() }))
    }
}

/// One value in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The keyword as ssh_config(5) spells it.
    pub keyword: &'static str,
    /// Its arguments; a command is one argument.
    pub values: Vec<String>,
    /// Where it was set.
    pub source: Source,
}

impl Setting {
    /// The first argument, which is the only one for most keywords.
    #[must_use]
    pub fn value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }
}

/// The values in force so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings(Vec<Setting>);

impl Settings {
    /// The value of a keyword, if it was set.
    pub(super) fn get(&self, keyword: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.keyword == keyword)
    }

    /// All values of a keyword that adds.
    pub(super) fn all(&self, keyword: &str) -> impl Iterator<Item = &Setting> {
        self.0.iter().filter(move |setting| setting.keyword == keyword)
    }

    /// The first argument of a keyword, if it was set.
    pub(super) fn value(&self, keyword: &str) -> Option<&str> {
        self.get(keyword).map(Setting::value)
    }

    pub(super) fn into_vec(self) -> Vec<Setting> {
        self.0
    }

    /// Takes in a line that was checked: the first value of a keyword stays, unless the keyword adds.
    pub(super) fn apply(&mut self, keyword: &'static Keyword, line: &Line, source: &Source) -> Result<(), String> {
        let values = match keyword.kind {
            // `=` may be written as often as one likes here (`parse_command` in readconf.c).
            Kind::Command => vec![line.rest.trim_start_matches([' ', '\t', '\r', '=']).to_owned()],
            // As OpenSSH has it: "none" with a comment behind it names a host.
            Kind::Jump if is_none(jump::trim(&line.rest)) => vec![line.rest.clone()],
            Kind::Addendum | Kind::Jump => vec![jump::trim(&line.rest).to_owned()],
            // "none" leaves the time to the lines that follow, and to the default.
            Kind::Time if line.arguments.first().is_some_and(|first| first == "none") => return Ok(()),
            // OpenSSH keeps the first of its patterns.
            _ if keyword.name == "LogVerbose" => line.arguments.iter().take(1).cloned().collect(),
            _ => line.arguments.clone(),
        };
        let setting = Setting { keyword: keyword.name, values, source: source.clone() };
        match keyword.name {
            "SendEnv" => self.send(setting),
            // The last one counts, in OpenSSH too.
            "StreamLocalBindMask" => {
                self.0.retain(|old| old.keyword != "StreamLocalBindMask");
                self.0.push(setting);
            }
            // Whichever of the two is named first wins over the other (`parse_jump` in readconf.c).
            "ProxyJump" if self.get("ProxyCommand").is_some() => {}
            "ProxyCommand" if self.get("ProxyJump").is_some_and(|jump| !jump.value().eq_ignore_ascii_case("none")) => {}
            _ if keyword.adds => return self.add(setting),
            name if self.get(name).is_none() => self.0.push(setting),
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, setting: Setting) -> Result<(), String> {
        let kind = match setting.keyword {
            "IdentityFile" => "identity",
            "CertificateFile" => "certificate",
            _ => "",
        };
        if !kind.is_empty() && self.all(setting.keyword).count() >= MOST_FILES {
            return Err(format!("Too many {kind} files specified (max {MOST_FILES})."));
        }
        if self.0.iter().any(|old| old.keyword == setting.keyword && old.values == setting.values) {
            return Ok(());
        }
        self.0.push(setting);
        Ok(())
    }

    /// `SendEnv` adds names, also those that are there already, and removes those that match a pattern after a `-`.
    fn send(&mut self, setting: Setting) {
        for name in setting.values {
            if let Some(pattern) = name.strip_prefix('-') {
                let pattern = Pattern::new(pattern.as_bytes());
                self.0.retain(|old| old.keyword != "SendEnv" || !pattern.matches(old.value().as_bytes()));
            } else {
                self.0.push(Setting { keyword: "SendEnv", values: vec![name], source: setting.source.clone() });
            }
        }
    }
}
