//! Every setting in force, as `ssh -G` prints it, with where it comes from.

mod row;
mod special;

use super::Error;
use super::jump::Jump;
use super::keyword::{self, Kind};
use super::resolution::{Resolution, expand};
use super::settings::{Setting, Source};
use super::tokens::Tokens;
use super::value::{self, is_none, is_yes};
use crate::ssh::Host;
use row::{Form, ROWS, Row};

/// One line of what `ssh -G` prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// The keyword as `ssh -G` spells it.
    pub keyword: &'static str,
    /// The value as `ssh -G` prints it.
    pub value: String,
    /// Where it was set.
    pub source: Source,
}

impl std::fmt::Display for Effective {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.keyword, self.value)
    }
}

/// What the rows are made of.
pub(super) struct Printer<'a> {
    resolution: &'a Resolution<'a>,
    host: &'a Host,
    tokens: Tokens,
}

/// The values of a row, each with its source.
type Values = Vec<(String, Source)>;

impl<'a> Printer<'a> {
    pub(super) fn new(resolution: &'a Resolution<'a>, host: &'a Host) -> Self {
        Self { resolution, host, tokens: resolution.tokens(host) }
    }

    /// All rows, in the order of `ssh -G`.
    pub(super) fn print(&self) -> Result<Vec<Effective>, Error> {
        self.check()?;
        let mut lines = Vec::with_capacity(ROWS.len());
        for Row { name, keyword, form } in ROWS {
            let values = self.values(keyword, form)?;
            lines.extend(values.into_iter().map(|(value, source)| Effective { keyword: name, value, source }));
        }
        Ok(lines)
    }

    /// What ssh(1) refuses before it prints anything.
    fn check(&self) -> Result<(), Error> {
        let Host { host_name, port, user, .. } = self.host;
        if let Some(setting) = self.jump() {
            let jump = Jump::parse(setting.value());
            let same = |jump: &Jump| {
                jump.host == *host_name
                    && jump.port.unwrap_or(crate::ssh::host::PORT) == *port
                    && jump.user.as_ref().unwrap_or(user) == user
            };
            if let Some(jump) = jump.filter(same) {
                return Err(setting.source.error(format!("jumphost loop via {}", jump.host)));
            }
        }
        Ok(())
    }

    fn get(&self, keyword: &str) -> Option<&Setting> {
        self.resolution.settings.get(keyword)
    }

    fn jump(&self) -> Option<&Setting> {
        self.get("ProxyJump").filter(|jump| !is_none(jump.value()))
    }

    fn values(&self, keyword: &'static str, form: &Form) -> Result<Values, Error> {
        let setting = self.get(keyword);
        let or_default = |print: &dyn Fn(&Setting) -> String, default: &str| match setting {
            Some(setting) => vec![(print(setting), setting.source.clone())],
            None => vec![(default.to_owned(), Source::Default)],
        };
        let optional = |print: &dyn Fn(&Setting) -> String| {
            setting.map(|setting| vec![(print(setting), setting.source.clone())]).unwrap_or_default()
        };
        Ok(match form {
            Form::Flag(default) => or_default(&|setting| flag(setting.value()).to_owned(), default),
            Form::Word(default) => or_default(&|setting| word(setting.value()), default),
            Form::Upper(default) => or_default(&|setting| setting.value().to_ascii_uppercase(), default),
            Form::Seconds(default) => or_default(&|setting| seconds(setting.value()), default),
            Form::Number(default) => {
                or_default(&|setting| value::integer(setting.value()).unwrap_or_default().to_string(), default)
            }
            Form::Text(default) => or_default(&|setting| setting.value().to_owned(), default),
            Form::Words(default) => or_default(&|setting| setting.values.join(" "), default),
            Form::IfSet => optional(&|setting| setting.values.join(" ")),
            Form::UnlessNone => match setting {
                Some(setting) if is_none(setting.value()) => Vec::new(),
                _ => optional(&|setting| setting.value().to_owned()),
            },
            Form::Algorithms => vec![self.algorithms(keyword)?],
            Form::Lines(default) => self.lines(keyword, default),
            Form::Special(print) => print(self)?,
        })
    }

    /// A list of algorithms; what is offered is what the value is added to or taken from.
    fn algorithms(&self, keyword: &'static str) -> Result<(String, Source), Error> {
        let family = match keyword::find(keyword).map(|keyword| keyword.kind) {
            Some(Kind::Algorithms(family)) => family,
            _ => return Ok((String::new(), Source::Default)),
        };
        let Some(setting) = self.get(keyword) else {
            return Ok((family.offered().join(","), Source::Default));
        };
        let list = family.assemble(setting.value());
        let list = list.map_err(|message| setting.source.error(format!("{keyword}: {message}")))?;
        Ok((list.join(","), setting.source.clone()))
    }

    /// Each value on a line of its own.
    fn lines(&self, keyword: &str, default: &[&str]) -> Values {
        let settings = self.resolution.settings.all(keyword);
        let mut values: Values = settings
            .flat_map(|setting| setting.values.iter().map(|value| (value.clone(), setting.source.clone())))
            .collect();
        if values.is_empty() {
            values = default.iter().map(|value| ((*value).to_owned(), Source::Default)).collect();
        }
        values
    }

    fn expanded(&self, setting: &Setting, text: &str) -> Result<String, Error> {
        self.resolution.expanded(setting, text, &self.tokens)
    }

    fn expand(&self, setting: &Setting) -> Result<String, Error> {
        expand(setting, setting.value(), &self.tokens)
    }
}

fn flag(value: &str) -> &'static str {
    if is_yes(value) { "yes" } else { "no" }
}

/// A word as OpenSSH prints it: by the first of those with the same meaning.
fn word(value: &str) -> String {
    match value.to_ascii_lowercase().as_str() {
        "yes" => "true".to_owned(),
        "no" | "off" => "false".to_owned(),
        other => other.to_owned(),
    }
}

fn seconds(value: &str) -> String {
    let time = value::time(value).ok().flatten().unwrap_or_default();
    time.as_secs().to_string()
}
