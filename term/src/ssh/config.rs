//! `ssh_config(5)`: read live, never written.
//!
//! ```text
//!   files ──► lines (+ what they include)      once, when loaded
//!   destination + options ──► Match, Host ──► settings, each with its place ──► Host      for each destination
//! ```
//!
//! The files are read as OpenSSH 9.2 to 10 reads them, and tested against `ssh -G`. Left out are destination tokens in
//! `Include`: what is included is read once, for all destinations.

mod algorithms;
mod bad_line;
pub mod block;
mod canonical;
mod cidr;
mod context;
mod criteria;
mod effective;
mod evaluation;
mod file;
pub(in crate::ssh) mod forwarding;
mod glob;
mod jump;
mod keyword;
mod line;
mod network;
mod resolution;
mod settings;
#[cfg(test)]
mod tests;
mod tokens;
mod value;
mod way;

use std::path::{Path, PathBuf};

use super::known_hosts::Place;
use super::{Destination, Host, destination};
pub use bad_line::{BadLine, Wrong};
use canonical::Canonical;
pub use context::Context;
pub use effective::Effective;
use effective::Printer;
use evaluation::Evaluation;
use file::{File, Owner};
pub use network::{Found, Network};
use resolution::Resolution;
use settings::Settings;
pub use settings::{Setting, Source};
pub(in crate::ssh) use tokens::Tokens;

/// Why a configuration cannot be used. Messages are worded as OpenSSH words them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A line or an option that ssh_config(5) does not allow, or that means nothing for this destination.
    #[error("{0}")]
    Line(Box<BadLine>),
    /// The lines of a file that ssh_config(5) does not allow: all of them.
    #[error("{}", lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Lines {
        /// Where they stand, in order. Those of a file that is included are the last.
        lines: Vec<BadLine>,
        /// The file that ssh(1) gives up with and how many of the lines it counts to it; none where it gives up in the
        /// middle.
        file: Option<(PathBuf, usize)>,
    },
    /// A file that exists and cannot be read, or one that was asked for and does not exist.
    #[error("Can't open user config file {}: {message}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        message: String,
    },
    /// A file that somebody else could have written.
    #[error("Bad owner or permissions on {}; it has to belong to you and be writable by you alone", path.display())]
    Permissions {
        /// The file.
        path: PathBuf,
    },
    /// A short name for which no domain of `CanonicalDomains` has a host.
    #[error(
        "Could not resolve host \"{host}\" in any of CanonicalDomains; write its full name, or set \
         CanonicalizeFallbackLocal yes"
    )]
    NotCanonical {
        /// The name.
        host: String,
    },
    /// A name that has to be looked up for `CanonicalizePermittedCNAMEs`, and has no address.
    #[error("Could not resolve hostname {host}; check its spelling and the network")]
    NotFound {
        /// The name.
        host: String,
    },
    /// A destination that could do harm.
    #[error(transparent)]
    Destination(#[from] destination::Error),
}

impl Error {
    /// What ssh(1) says of it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Line(line) => line.words(),
            Self::Lines { lines, file } => {
                let mut words: Vec<String> = lines.iter().map(BadLine::words).collect();
                words.extend(file.as_ref().map(|(path, count)| {
                    format!("{}: terminating, {count} bad configuration options", path.display())
                }));
                words.join("\n")
            }
            Self::Permissions { path } => format!("Bad owner or permissions on {}", path.display()),
            error => error.to_string(),
        }
    }
}

/// The `ssh_config` files in force, read and parsed.
#[derive(Debug, Clone)]
pub struct Config {
    context: Context,
    files: Vec<File>,
    command: String,
}

impl Default for Config {
    /// No files: defaults and options only.
    fn default() -> Self {
        Self { context: Context::of_process(), files: Vec::new(), command: String::new() }
    }
}

impl Config {
    /// Reads the user's `~/.ssh/config` and the system's `/etc/ssh/ssh_config`, with what they include. Missing files
    /// are empty ones.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn load() -> Result<Self, Error> {
        Self::load_from(Context::of_process(), None)
    }

    /// Reads the files of `context`, or with `file` that one alone as `-F` has it: it has to exist, and `none` means
    /// no file at all.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn load_from(context: Context, file: Option<&Path>) -> Result<Self, Error> {
        let files = match file {
            Some(path) if path.as_os_str().eq_ignore_ascii_case("none") => Vec::new(),
            Some(path) => {
                let missing =
                    || Error::Unreadable { path: path.to_owned(), message: "No such file or directory".to_owned() };
                let path = context.working_folder.join(path);
                vec![File::load(&path, Owner::User, false, &context)?.ok_or_else(missing)?]
            }
            None => {
                let user = File::load(&context.user_file(), Owner::User, true, &context)?;
                let system = File::load(&context.system_file, Owner::System, false, &context)?;
                user.into_iter().chain(system).collect()
            }
        };
        Ok(Self { context, files, command: String::new() })
    }

    /// The same for a command instead of a shell, as `Match command` and `Match sessiontype` ask.
    #[must_use]
    pub fn for_command(mut self, command: &str) -> Self {
        command.clone_into(&mut self.command);
        self
    }

    /// The files that were read, those that would be if they were there, and the folders in which `Include` looks: when
    /// none of them changes, the configuration has not changed.
    #[must_use]
    pub fn sources(&self) -> Vec<PathBuf> {
        let mut sources = vec![self.context.user_file(), self.context.system_file.clone()];
        self.files.iter().for_each(|file| file.sources(&mut sources));
        sources.sort();
        sources.dedup();
        sources
    }

    /// The aliases that `Host` lines name without wildcards, in the order of the files.
    #[must_use]
    pub fn aliases(&self) -> Vec<String> {
        self.alias_places().into_iter().map(|(name, _)| name).collect()
    }

    /// [`Config::aliases`] with the lines that name them first.
    #[must_use]
    pub fn alias_places(&self) -> Vec<(String, Place)> {
        let mut aliases = Vec::new();
        for file in &self.files {
            collect_aliases(file, &mut aliases);
        }
        aliases
    }

    /// The settings in force for a destination; `options` are `Keyword=value` pairs as of `-o`, which win.
    ///
    /// This may run the commands of `Match exec`, for up to ten seconds each: keep it off the thread of a window.
    ///
    /// # Errors
    /// [`Error::Lines`] and [`Error::Line`] when lines or an option are not of ssh_config(5), [`Error::Destination`] when the
    /// destination holds what OpenSSH refuses.
    pub fn resolve(&self, destination: &Destination, options: &[String]) -> Result<Host, Error> {
        self.resolve_alone(destination, options).map(|(host, _)| host)
    }

    /// [`Config::resolve`] for a host that is to be connected to: with the hosts on the way ([`Host::jumps`]).
    ///
    /// # Errors
    /// As [`Config::resolve`]; [`Error::Line`] also where a host would be its own jump host.
    pub fn reach(&self, destination: &Destination, options: &[String]) -> Result<Host, Error> {
        let (host, jump) = self.resolve_alone(destination, options)?;
        self.with_jumps(host, jump.as_ref(), 0)
    }

    /// The settings without those of the hosts on the way, and where these were named.
    fn resolve_alone(&self, destination: &Destination, options: &[String]) -> Result<(Host, Option<Source>), Error> {
        let (settings, host_name) = self.evaluate(destination, options)?;
        let (context, original) = (&self.context, destination.host.as_str());
        let jump = settings.get("ProxyJump").map(|setting| setting.source.clone());
        Ok((Resolution { context, settings: &settings, original, host_name }.host()?, jump))
    }

    /// Every setting in force for a destination as `ssh -G` prints it, in its order and spelling, defaults included.
    ///
    /// # Errors
    /// As [`Config::resolve`].
    pub fn effective(&self, destination: &Destination, options: &[String]) -> Result<Vec<Effective>, Error> {
        let (settings, host_name) = self.evaluate(destination, options)?;
        let (context, original) = (&self.context, destination.host.as_str());
        let resolution = Resolution { context, settings: &settings, original, host_name };
        let host = resolution.host()?;
        Printer::new(&resolution, &host).print()
    }

    /// What was set for a destination and where, in the order in which it was found. What is missing is left to its
    /// default.
    ///
    /// # Errors
    /// As [`Config::resolve`].
    pub fn settings(&self, destination: &Destination, options: &[String]) -> Result<Vec<Setting>, Error> {
        self.evaluate(destination, options).map(|(settings, _)| settings.into_vec())
    }

    fn evaluate(&self, destination: &Destination, options: &[String]) -> Result<(Settings, String), Error> {
        let Destination { host: original, user, port } = destination;
        let _ = Destination::new(original, user.as_deref(), *port)?;
        let mut first = self.evaluation(original, original, false, Settings::default());
        for option in options {
            first.option(option)?;
        }
        if let Some(user) = user {
            first.option(&option("User", user))?;
        }
        if let Some(port) = port {
            first.option(&option("Port", &port.to_string()))?;
        }
        self.files.iter().try_for_each(|file| first.file(file))?;

        let host_name = resolution::host_name(original, &first.settings)?;
        let canonical = Canonical { context: &self.context, settings: &first.settings };
        let host_name = canonical.name(host_name)?;
        if !first.wants_final && !canonical.is_wanted() {
            return Ok((first.settings, host_name));
        }
        // What is set stays set; the second reading adds what applies to the resolved name.
        let mut second = self.evaluation(original, &host_name, true, first.settings);
        self.files.iter().try_for_each(|file| second.file(file))?;
        Ok((second.settings, host_name))
    }

    fn evaluation<'a>(
        &'a self,
        original: &'a str,
        host: &'a str,
        is_final: bool,
        settings: Settings,
    ) -> Evaluation<'a> {
        let command = self.command.as_str();
        Evaluation { context: &self.context, original, host, command, is_final, wants_final: false, settings }
    }
}

/// An option for [`Config::resolve`] whose value may hold blanks and quotes.
#[must_use]
pub fn option(keyword: &str, value: &str) -> String {
    format!("{keyword}={}", line::quote(value))
}

fn collect_aliases(file: &File, aliases: &mut Vec<(String, Place)>) {
    for entry in &file.lines {
        if let Ok(line) = entry.line.as_ref()
            && line.keyword.eq_ignore_ascii_case("host")
        {
            for name in &line.arguments {
                let known = aliases.iter().any(|(alias, _)| alias == name);
                if !name.is_empty() && !name.contains(['*', '?', '!']) && !known {
                    aliases.push((name.clone(), Place { path: file.path.clone(), line: entry.number }));
                }
            }
        }
        for included in &entry.included {
            collect_aliases(included, aliases);
        }
    }
}
