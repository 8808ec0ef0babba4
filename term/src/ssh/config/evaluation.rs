//! Which lines apply to a destination.

use super::bad_line::{BadLine, Wrong};
use super::context::Context;
use super::criteria::{self, Criteria};
use super::file::{Entry, File};
use super::keyword::{self, Keyword, Kind};
use super::line::{Broken, Line};
use super::settings::{Settings, Source};
use super::tokens::{Remote, Tokens};
use super::{Error, value};
use crate::ssh::known_hosts::Place;
use crate::ssh::pattern::{List, Pattern, Verdict};

/// One reading of the configuration for one destination.
pub(super) struct Evaluation<'a> {
    pub(super) context: &'a Context,
    /// The host as the user named it.
    pub(super) original: &'a str,
    /// The host that `Host` lines are matched against: the original one, in the final pass the resolved one.
    pub(super) host: &'a str,
    /// The command of the command line; empty for a shell.
    pub(super) command: &'a str,
    /// Whether this is the second reading that `Match final` or `CanonicalizeHostname` asked for.
    pub(super) is_final: bool,
    /// Set when `Match final` asks for a second reading.
    pub(super) wants_final: bool,
    pub(super) settings: Settings,
}

/// What is true where a line stands.
#[derive(Clone, Copy)]
struct Scope {
    /// Whether the lines of this block apply.
    active: bool,
    /// Whether no block of this file can apply, because the file was included by a block that does not.
    never: bool,
}

impl Evaluation<'_> {
    /// Takes in an option of the command line.
    pub(super) fn option(&mut self, text: &str) -> Result<(), Error> {
        let source = Source::Option;
        let fail = |message: String| source.error(message);
        let Some(line) = Line::parse(text).map_err(|broken| fail(broken.message))? else { return Ok(()) };
        if let Some(structural) =
            ["Host", "Match", "Include"].iter().find(|name| name.eq_ignore_ascii_case(&line.keyword))
        {
            // As it happens, OpenSSH calls a Match a Host.
            let name = if *structural == "Match" { "Host" } else { structural };
            let wrong = Wrong::from(format!("{name} directive not supported as a command-line option"));
            return Err(source.error(wrong.placeless()));
        }
        self.setting(&line, true, &source)
    }

    /// Takes in a file.
    pub(super) fn file(&mut self, file: &File) -> Result<(), Error> {
        self.scoped(file, Scope { active: true, never: false })
    }

    /// Every line that is not right is told of, as in OpenSSH, unless it ends the reading.
    fn scoped(&mut self, file: &File, mut scope: Scope) -> Result<(), Error> {
        let mut bad: Vec<BadLine> = Vec::new();
        for entry in &file.lines {
            let source = Source::File(Place { path: file.path.clone(), line: entry.number });
            match self.entry(entry, &mut scope, &source) {
                Ok(()) => {}
                Err(Error::Line(line)) if line.wrong.is_last() => {
                    bad.push(*line);
                    return Err(Error::Lines { lines: bad, file: None });
                }
                Err(Error::Line(line)) => bad.push(*line),
                // One that is included and not right ends it all.
                Err(Error::Lines { lines, file }) => {
                    bad.extend(lines);
                    return Err(Error::Lines { lines: bad, file });
                }
                Err(error) => return Err(error),
            }
        }
        match bad.len() {
            0 => Ok(()),
            count => Err(Error::Lines { lines: bad, file: Some((file.path.clone(), count)) }),
        }
    }

    fn entry(&mut self, entry: &Entry, scope: &mut Scope, source: &Source) -> Result<(), Error> {
        let line = entry.line.as_ref().map_err(|broken| self.broken(broken, source))?;
        match keyword::find(&line.keyword).map(|keyword| keyword.kind) {
            Some(Kind::Host) => {
                let applies = self.host_applies(line).map_err(|message| source.error(message))?;
                scope.active = applies && !scope.never;
            }
            Some(Kind::Match) => {
                let applies = self.match_applies(line, scope.never).map_err(|wrong| source.error(wrong))?;
                scope.active = applies && !scope.never;
            }
            Some(Kind::Include) => {
                for file in &entry.included {
                    self.scoped(file, Scope { active: scope.active, never: !scope.active })?;
                }
            }
            _ => self.setting(line, scope.active, source)?,
        }
        Ok(())
    }

    fn broken(&self, broken: &Broken, source: &Source) -> Error {
        let unknown = broken.keyword.as_ref().filter(|name| keyword::find(name).is_none() && !self.is_ignored(name));
        let message = broken.message.as_str();
        source.error(unknown.map_or_else(|| message.into(), |name| unknown_keyword(name).followed_by(message)))
    }

    /// A line that sets something is checked wherever it stands, and takes effect where it applies.
    fn setting(&mut self, line: &Line, active: bool, source: &Source) -> Result<(), Error> {
        let Some(keyword) = keyword::find(&line.keyword) else {
            return if self.is_ignored(&line.keyword) {
                Ok(())
            } else {
                Err(source.error(unknown_keyword(&line.keyword)))
            };
        };
        value::check(keyword, line, &self.context.environment).map_err(|wrong| source.error(wrong))?;
        match keyword.kind {
            Kind::Ignored => Ok(()),
            Kind::Refuse if active => {
                let wrong = Wrong::from(format!("RefuseConnection: {}", line.arguments.join(" ")));
                Err(source.error(wrong.last()))
            }
            _ if self.is_final && is_settled(keyword) => Ok(()),
            _ if active || heeds_no_block(keyword) => {
                self.settings.apply(keyword, line, source).map_err(|message| source.error(message))
            }
            _ => Ok(()),
        }
    }

    fn is_ignored(&self, keyword: &str) -> bool {
        let keyword = keyword.to_ascii_lowercase();
        self.settings.value("IgnoreUnknown").is_some_and(|patterns| {
            List::new(patterns.to_ascii_lowercase().as_bytes()).verdict(keyword.as_bytes()) == Verdict::Match
        })
    }

    fn host_applies(&self, line: &Line) -> Result<bool, String> {
        let mut applies = false;
        for argument in &line.arguments {
            if argument.is_empty() {
                return Err("keyword host empty argument".to_owned());
            }
            let (negated, pattern) = argument.strip_prefix('!').map_or((false, argument.as_str()), |rest| (true, rest));
            if Pattern::new(pattern.as_bytes()).matches(self.host.as_bytes()) {
                if negated {
                    return Ok(false);
                }
                applies = true;
            }
        }
        Ok(applies)
    }

    fn match_applies(&mut self, line: &Line, never: bool) -> Result<bool, Wrong> {
        let bad = |message: String| Wrong::from("Bad Match condition").preceded_by(message);
        // Looked at before the criteria, and here OpenSSH gives up at once.
        let host = self.target().map_err(|message| {
            let words = message.split([';', ':']).next().unwrap_or_default();
            let words = format!("vdollar_percent_expand: {words}\npercent_expand: failed");
            Wrong::from(message).instead(words).last()
        })?;
        let criteria = Criteria::parse(&line.arguments).map_err(bad)?;
        self.wants_final |= criteria.want_final();
        let user = self.settings.value("User").unwrap_or(&self.context.user);
        let facts = criteria::Facts {
            context: self.context,
            host: &host,
            original: self.original,
            user,
            tag: self.settings.value("Tag").unwrap_or_default(),
            command: self.command,
            session_type: self.session_type(),
            is_final: self.is_final,
            // A block that cannot apply runs no commands.
            may_execute: !never,
            tokens: self.tokens(&host, user),
        };
        criteria.hold(&facts).map_err(bad)
    }

    fn session_type(&self) -> &'static str {
        match self.settings.value("SessionType").map(str::to_ascii_lowercase).as_deref() {
            Some("subsystem") => "subsystem",
            Some("none") => "none",
            _ if self.command.is_empty() => "shell",
            _ => "exec",
        }
    }

    /// The host that would be connected to, as far as it is known by now.
    fn target(&self) -> Result<String, String> {
        match self.settings.value("Hostname") {
            Some(name) if !self.is_final => Tokens::host(self.original).expand(name, None),
            _ => Ok(self.host.to_owned()),
        }
    }

    fn tokens(&self, host: &str, user: &str) -> Tokens {
        let jump = self.settings.value("ProxyJump").filter(|jump| !jump.eq_ignore_ascii_case("none"));
        let port = self.settings.value("Port").and_then(|port| port.parse().ok());
        Tokens::both(
            self.context,
            Remote {
                original: self.original,
                host,
                key_alias: self.settings.value("HostKeyAlias").unwrap_or(host),
                port: port.unwrap_or(crate::ssh::host::PORT),
                user,
                jump: jump.unwrap_or_default(),
            },
        )
    }
}

/// What led to the second reading is not changed by it.
fn is_settled(keyword: &Keyword) -> bool {
    ["Hostname", "CanonicalizeHostname", "CanonicalizeMaxDots", "CanonicalizeFallbackLocal"].contains(&keyword.name)
}

/// OpenSSH, to this day, takes these from any block, whether it applies or not.
fn heeds_no_block(keyword: &Keyword) -> bool {
    matches!(keyword.name, "StreamLocalBindMask" | "SyslogFacility")
}

fn unknown_keyword(keyword: &str) -> Wrong {
    let wrong = Wrong::from(format!("Bad configuration option: {}", keyword.to_ascii_lowercase()));
    match keyword::nearest(keyword) {
        Some(nearest) => wrong.hint(format!("; did you mean {nearest}?")),
        None => wrong,
    }
}
