//! The conditions of `Match`.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::cidr;
use super::context::Context;
use super::tokens::Tokens;
use crate::ssh::pattern::{List, Verdict};

/// What a criterion looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    All,
    Canonical,
    Final,
    Host,
    OriginalHost,
    User,
    LocalUser,
    LocalNetwork,
    Tagged,
    Command,
    SessionType,
    Version,
    Exec,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Criterion {
    negated: bool,
    subject: Subject,
    argument: String,
}

/// The criteria of one `Match` line, all of which have to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Criteria(Vec<Criterion>);

/// What the criteria are held against.
pub(super) struct Facts<'a> {
    pub(super) context: &'a Context,
    pub(super) host: &'a str,
    pub(super) original: &'a str,
    pub(super) user: &'a str,
    pub(super) tag: &'a str,
    /// The command of the command line; empty for a shell.
    pub(super) command: &'a str,
    /// `shell`, `exec`, `subsystem` or `none`.
    pub(super) session_type: &'a str,
    pub(super) is_final: bool,
    pub(super) may_execute: bool,
    pub(super) tokens: Tokens,
}

impl Criteria {
    /// Reads the arguments of `Match`. The messages of errors are OpenSSH's.
    pub(super) fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut criteria = Vec::new();
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            let (negated, word) = word.strip_prefix('!').map_or((false, word.as_str()), |word| (true, word));
            let (name, inline) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
            let subject = Subject::parse(name).ok_or_else(|| format!("Unsupported Match attribute {name}"))?;
            let argument = match (subject.takes_argument(), inline) {
                (true, Some(value)) => value.to_owned(),
                (true, None) => rest.next().cloned().ok_or_else(|| format!("Missing Match criteria for {word}"))?,
                (false, Some(_)) => return Err(format!("Unsupported Match attribute {word}")),
                (false, None) => String::new(),
            };
            if subject.takes_argument() && argument.is_empty() && !matches!(subject, Subject::Tagged | Subject::Command)
            {
                return Err(format!("Missing Match criteria for {name}"));
            }
            criteria.push(Criterion { negated, subject, argument });
        }
        // "all" stands alone or after one other; the manual allows that for "canonical" and "final" only.
        let all = criteria.iter().position(|criterion| criterion.subject == Subject::All);
        if all.is_some_and(|at| at > 1 || at + 1 < criteria.len()) {
            return Err("'all' cannot be combined with other Match attributes".to_owned());
        }
        if criteria.is_empty() {
            Err("One or more attributes required for Match".to_owned())
        } else {
            Ok(Self(criteria))
        }
    }

    /// Whether these criteria ask for a second reading of the configuration.
    pub(super) fn want_final(&self) -> bool {
        self.0.iter().any(|criterion| criterion.subject == Subject::Final && !criterion.negated)
    }

    /// Whether all criteria hold. A command is run only when everything before it holds.
    pub(super) fn hold(&self, facts: &Facts<'_>) -> Result<bool, String> {
        for criterion in &self.0 {
            if criterion.is_met(facts)? == criterion.negated {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Criterion {
    fn is_met(&self, facts: &Facts<'_>) -> Result<bool, String> {
        let argument = self.argument.as_str();
        Ok(match self.subject {
            Subject::All => true,
            Subject::Canonical | Subject::Final => facts.is_final,
            Subject::Host => List::new(argument.as_bytes()).names_host(facts.host),
            Subject::OriginalHost => List::new(argument.as_bytes()).names_host(facts.original),
            Subject::User => lists(argument, facts.user),
            Subject::LocalUser => lists(argument, &facts.context.user),
            Subject::Tagged => lists_or_both_empty(argument, facts.tag),
            Subject::Command => lists_or_both_empty(argument, facts.command),
            Subject::SessionType => lists(argument, facts.session_type),
            Subject::Version => lists(argument, concat!("Tetherm_", env!("CARGO_PKG_VERSION"))),
            Subject::LocalNetwork => cidr::holds(argument, &facts.context.network.addresses())?,
            Subject::Exec => {
                let command = facts.tokens.expand(argument, None)?;
                facts.may_execute && succeeds(&command, facts.context)?
            }
        })
    }
}

impl Subject {
    fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "all" => Self::All,
            "canonical" => Self::Canonical,
            "final" => Self::Final,
            "host" => Self::Host,
            "originalhost" => Self::OriginalHost,
            "user" => Self::User,
            "localuser" => Self::LocalUser,
            "localnetwork" => Self::LocalNetwork,
            "tagged" => Self::Tagged,
            "command" => Self::Command,
            "sessiontype" => Self::SessionType,
            "version" => Self::Version,
            "exec" => Self::Exec,
            _ => return None,
        })
    }

    fn takes_argument(self) -> bool {
        !matches!(self, Self::All | Self::Canonical | Self::Final)
    }
}

fn lists(patterns: &str, text: &str) -> bool {
    List::new(patterns.as_bytes()).verdict(text.as_bytes()) == Verdict::Match
}

fn lists_or_both_empty(patterns: &str, text: &str) -> bool {
    if text.is_empty() { patterns.is_empty() } else { lists(patterns, text) }
}

/// Runs a command in the user's shell, without input or output, and ends it when it takes too long.
fn succeeds(command: &str, context: &Context) -> Result<bool, String> {
    let shell = context.environment.get("SHELL").filter(|shell| !shell.is_empty()).map_or("/bin/sh", String::as_str);
    let mut process = Command::new(shell);
    let _ = process.arg("-c").arg(command).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A group of its own, so that what the command started ends with it.
    #[cfg(unix)]
    let _ = std::os::unix::process::CommandExt::process_group(&mut process, 0);
    let mut child = process.spawn().map_err(|error| format!("match exec '{command}' error: {shell}: {error}"))?;
    let deadline = Instant::now() + context.exec_limit;
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(pause),
            Ok(None) => {
                end(&mut child);
                let limit = context.exec_limit.as_secs_f32();
                return Err(format!("match exec '{command}' error: it did not end within {limit} s"));
            }
            Err(error) => return Err(format!("match exec '{command}' error: {error}")),
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn end(child: &mut std::process::Child) {
    // Each may fail because the process has just ended by itself.
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}
