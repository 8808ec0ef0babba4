//! What values are allowed and what they mean.

mod network;
mod number;

use std::collections::HashMap;
use std::time::Duration;

use super::bad_line::Wrong;
use super::keyword::{Direction, Keyword, Kind};
use super::line::Line;
use super::{forwarding, jump, tokens};
use crate::ssh::host::{AddKeysToAgent, ControlPersist};
pub(super) use network::{channel_timeout, check_domain, cname, service, service_name, split_host, tunnel_device};
pub(super) use number::{integer, mask, port, time};

/// Checks a line's arguments. The message of an error is OpenSSH's, followed by what would be right where that is not
/// obvious.
pub(super) fn check(keyword: &Keyword, line: &Line, environment: &HashMap<String, String>) -> Result<(), Wrong> {
    let arguments = line.arguments.as_slice();
    let first = arguments.first().map(String::as_str).unwrap_or_default();
    let most = match keyword.kind {
        Kind::Ignored | Kind::Host | Kind::Match | Kind::Include | Kind::Command | Kind::Addendum => return Ok(()),
        Kind::Jump => return Ok(jump(line)?),
        Kind::Files | Kind::Names | Kind::Assignments | Kind::Domains | Kind::Cnames => usize::MAX,
        Kind::Opens | Kind::ChannelTimeouts => usize::MAX,
        Kind::Forward(Direction::Local | Direction::Remote) | Kind::AddKeys | Kind::IpQos | Kind::Rekey => 2,
        _ => 1,
    };
    present(keyword, first).map_err(|message| match keyword.kind {
        // OpenSSH goes on with what is not there.
        Kind::Flag | Kind::Choice(_) => {
            let argument = arguments.first().map_or("(null)", String::as_str);
            Wrong::from(message).followed_by(&format!("unsupported option \"{argument}\"."))
        }
        Kind::AddKeys => Wrong::from(message).followed_by("unsupported option"),
        _ => message.into(),
    })?;
    match keyword.kind {
        Kind::Flag => choice(first, &["yes", "no", "true", "false"])?,
        Kind::Choice(words) => choice(first, words)?,
        Kind::Time => drop(time(first)?),
        Kind::Integer => drop(integer(first)?),
        Kind::Port => drop(port(first).filter(|port| *port > 0).ok_or_else(|| bad_port(first))?),
        Kind::Algorithms(family) => family.check(first).map_err(|message| match family.unknown(first) {
            Some(name) => Wrong::from(message).preceded_by(format!("Unsupported KEX algorithm \"{name}\"")),
            None => message.into(),
        })?,
        Kind::Forward(direction) => {
            let parsed = forwarding::parse(direction, arguments, environment);
            drop(parsed.map_err(|message| unexpanded(message, arguments, environment))?);
        }
        Kind::FlagOrSocket if is_flag(first) => {}
        Kind::FlagOrSocket | Kind::Socket => {
            socket(first, environment).map_err(|message| unexpanded(message, arguments, environment))?;
        }
        Kind::LogLevel | Kind::LogFacility | Kind::Digest | Kind::Escape | Kind::Mask => {
            word(keyword.kind, arguments.first().map_or("<NONE>", String::as_str))?;
        }
        Kind::Persist => drop(persist(first).ok_or("Bad ControlPersist argument.")?),
        Kind::TunnelDevice => drop(tunnel_device(first).ok_or("Bad tun device.")?),
        Kind::Obscure => drop(obscure(arguments)?),
        Kind::Rekey => drop(rekey(arguments)?),
        Kind::AddKeys => drop(add_keys(arguments)?),
        Kind::Assignments => assignments(arguments)?,
        // Here OpenSSH gives up at once, unless it is about a word that has to stand alone.
        Kind::Opens => several(keyword, arguments).map_err(|message| match message.ends_with("alone.") {
            true => Wrong::from(message),
            false => Wrong::from(message).last(),
        })?,
        _ => several(keyword, arguments)?,
    }
    if arguments.len() > most {
        return Err(format!("keyword {} extra arguments at end of line", line.keyword.to_ascii_lowercase()).into());
    }
    Ok(())
}

/// An error that may come from a variable, of which OpenSSH says what is wrong before.
fn unexpanded(message: String, arguments: &[String], environment: &HashMap<String, String>) -> Wrong {
    let cause = arguments.iter().find_map(|argument| tokens::variables(argument, environment).err());
    match cause.filter(|_| !message.starts_with("Missing")) {
        Some(cause) => Wrong::from(message).preceded_by(format!("vdollar_percent_expand: {cause}")),
        None => message.into(),
    }
}

/// Whether there is a first argument, where the keyword wants one.
fn present(keyword: &Keyword, first: &str) -> Result<(), String> {
    if !first.is_empty() {
        return Ok(());
    }
    Err(match keyword.kind {
        Kind::Integer => "integer value missing.".to_owned(),
        Kind::Time => "missing time value.".to_owned(),
        Kind::Flag | Kind::Choice(_) | Kind::AddKeys => "missing argument.".to_owned(),
        Kind::Obscure => "missing argument".to_owned(),
        Kind::Persist => "Missing ControlPersist argument.".to_owned(),
        Kind::Mask => "Missing StreamLocalBindMask argument.".to_owned(),
        // What takes several arguments looks at each by itself.
        Kind::Files | Kind::Names | Kind::Assignments | Kind::Domains | Kind::Cnames | Kind::Opens => return Ok(()),
        Kind::ChannelTimeouts | Kind::LogLevel | Kind::LogFacility => return Ok(()),
        _ => "Missing argument.".to_owned(),
    })
}

/// Keywords that take any number of arguments.
fn several(keyword: &Keyword, arguments: &[String]) -> Result<(), String> {
    match keyword.kind {
        Kind::Files => files(keyword, arguments),
        Kind::Names => names(arguments),
        Kind::Domains => {
            files(keyword, arguments)?;
            arguments.iter().try_for_each(|name| check_domain(name))
        }
        Kind::Cnames => {
            alone(keyword, arguments, &["none"])?;
            let others = arguments.iter().filter(|argument| !is_none(argument));
            others.into_iter().try_for_each(|argument| cname(argument).map(drop))
        }
        Kind::Opens => {
            alone(keyword, arguments, &["none", "any"])?;
            if arguments.is_empty() {
                return Err("missing permitremoteopen specification".to_owned());
            }
            let word = |argument: &&String| !is_none(argument) && !argument.eq_ignore_ascii_case("any");
            arguments.iter().filter(word).try_for_each(|argument| network::check_open(argument))
        }
        Kind::ChannelTimeouts => {
            alone(keyword, arguments, &["none"])?;
            if arguments.is_empty() {
                return Err("no channeltimeout specified".to_owned());
            }
            let others = arguments.iter().filter(|argument| !is_none(argument));
            others.into_iter().try_for_each(|argument| channel_timeout(argument).map(drop))
        }
        Kind::IpQos => arguments.iter().take(2).try_for_each(|argument| service(argument).map(drop)),
        _ => Ok(()),
    }
}

/// Whether a checked flag says yes.
pub(super) fn is_yes(text: &str) -> bool {
    text.eq_ignore_ascii_case("yes") || text.eq_ignore_ascii_case("true")
}

/// Whether a value is one of a flag.
pub(super) fn is_flag(text: &str) -> bool {
    is_yes(text) || text.eq_ignore_ascii_case("no") || text.eq_ignore_ascii_case("false")
}

/// Whether a value takes back what it stands for.
pub(super) fn is_none(text: &str) -> bool {
    text.eq_ignore_ascii_case("none")
}

fn choice(text: &str, words: &[&str]) -> Result<(), Wrong> {
    if words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(());
    }
    let offered: Vec<&str> = words.iter().filter(|word| !matches!(**word, "true" | "false")).copied().collect();
    let wrong = Wrong::from(format!("unsupported option \"{text}\"."));
    Err(wrong.hint(format!("; use {}", offered.join(", "))))
}

fn bad_port(text: &str) -> Wrong {
    Wrong::from(format!("Bad port '{text}'.")).hint("; a port is a number from 1 to 65535")
}

fn files(keyword: &Keyword, arguments: &[String]) -> Result<(), String> {
    if arguments.iter().any(String::is_empty) {
        return Err(format!("keyword {} empty argument", keyword.name.to_ascii_lowercase()));
    }
    alone(keyword, arguments, &["none"])
}

fn alone(keyword: &Keyword, arguments: &[String], words: &[&str]) -> Result<(), String> {
    let word = arguments.iter().find(|argument| words.iter().any(|word| word.eq_ignore_ascii_case(argument)));
    match word.filter(|_| arguments.len() > 1) {
        Some(word) => {
            let name = keyword.name.to_ascii_lowercase();
            Err(format!("keyword {name} \"{}\" argument must appear alone.", word.to_ascii_lowercase()))
        }
        None => Ok(()),
    }
}

fn jump(line: &Line) -> Result<(), String> {
    let good = is_none(&line.rest) || jump::Jump::parse(&line.rest).is_some();
    if good { Ok(()) } else { Err(format!("Invalid ProxyJump \"{}\"", line.rest)) }
}

const LEVELS: &[&str] =
    &["silent", "quiet", "fatal", "error", "info", "verbose", "debug", "debug1", "debug2", "debug3"];

const FACILITIES: &[&str] = &[
    "daemon", "user", "auth", "authpriv", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
    "local7",
];

const DIGESTS: &[&str] = &["md5", "sha1", "sha256", "sha384", "sha512"];

fn word(kind: Kind, text: &str) -> Result<(), String> {
    let among = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match kind {
        Kind::LogLevel if !among(LEVELS) => Err(format!("unsupported log level '{text}'")),
        Kind::LogFacility if !among(FACILITIES) => Err(format!("unsupported log facility '{text}'")),
        Kind::Digest if !among(DIGESTS) => Err(format!("Invalid hash algorithm \"{text}\".")),
        Kind::Mask if mask(text).is_none() => Err("Bad mask.".to_owned()),
        Kind::Escape => escape(text),
        _ => Ok(()),
    }
}

/// `ControlPersist`. Unlike elsewhere, ssh(1) takes its words in lower case only.
pub(super) fn persist(text: &str) -> Option<ControlPersist> {
    Some(match text {
        "no" | "false" => ControlPersist::No,
        "yes" | "true" => ControlPersist::Forever,
        time => match number::seconds(time)? {
            Duration::ZERO => ControlPersist::Forever,
            time => ControlPersist::For(time),
        },
    })
}

/// `ObscureKeystrokeTiming`: the time between packets, `None` for off.
pub(super) fn obscure(arguments: &[String]) -> Result<Option<Duration>, String> {
    // SSH_KEYSTROKE_DEFAULT_INTERVAL_MS in ssh.h.
    const USUAL: Duration = Duration::from_millis(20);
    let [argument] = arguments else { return Err("invalid arguments".to_owned()) };
    match (argument.as_str(), argument.strip_prefix("interval:")) {
        ("yes" | "true", _) => Ok(Some(USUAL)),
        ("no" | "false", _) => Ok(None),
        (_, Some(number)) => match integer(number)? {
            number @ 1..=1000 => Ok(Some(Duration::from_millis(number.into()))),
            _ => Err("value out of range.".to_owned()),
        },
        _ => Err(format!("unsupported argument \"{argument}\"")),
    }
}

/// `RekeyLimit`: bytes, 0 for the usual, and seconds where they are named.
pub(super) fn rekey(arguments: &[String]) -> Result<(u64, Option<Duration>), String> {
    let mut arguments = arguments.iter().map(String::as_str);
    let amount = arguments.next().unwrap_or_default();
    let negative = amount.strip_prefix('-');
    let bytes = match amount {
        "default" => 0,
        amount => match number::scaled(negative.unwrap_or(amount)) {
            Ok(bytes) if bytes > 0 && (bytes < 16 || negative.is_some()) => {
                return Err("RekeyLimit too small".to_owned());
            }
            Ok(bytes) => bytes,
            Err(reason) => return Err(format!("Bad number '{amount}': {reason}")),
        },
    };
    let interval = match arguments.next() {
        None => None,
        Some("") => return Err("missing time value.".to_owned()),
        Some(interval) => time(interval)?,
    };
    Ok((bytes, interval))
}

/// `AddKeysToAgent`, and how long the agent is to keep a key.
pub(super) fn add_keys(arguments: &[String]) -> Result<(AddKeysToAgent, Option<Duration>), String> {
    let unsupported = || "unsupported option".to_owned();
    let mut arguments = arguments.iter().map(String::as_str);
    let (word, time) = (arguments.next().unwrap_or_default(), arguments.next());
    let lifetime = |time: Duration| Some(time).filter(|time| !time.is_zero());
    let choice = match word.to_ascii_lowercase().as_str() {
        "yes" | "true" => AddKeysToAgent::Yes,
        "no" | "false" => AddKeysToAgent::No,
        "ask" => AddKeysToAgent::Ask,
        "confirm" => AddKeysToAgent::Confirm,
        _ if time.is_some() => return Err(unsupported()),
        _ => return Ok((AddKeysToAgent::Yes, lifetime(number::seconds(word).ok_or_else(unsupported)?))),
    };
    match time {
        None => Ok((choice, None)),
        Some(time) if choice == AddKeysToAgent::Confirm => {
            Ok((choice, lifetime(number::seconds(time).ok_or("invalid time value.")?)))
        }
        Some(_) => Err(unsupported()),
    }
}

fn names(arguments: &[String]) -> Result<(), String> {
    let valid = arguments.iter().all(|name| !name.is_empty() && !name.contains('='));
    if valid { Ok(()) } else { Err("Invalid environment name.".to_owned()) }
}

fn assignments(arguments: &[String]) -> Result<(), Wrong> {
    let valid = arguments.iter().all(|assignment| assignment.contains('='));
    if valid { Ok(()) } else { Err(Wrong::from("Invalid SetEnv.").hint("; write NAME=value.")) }
}

fn escape(text: &str) -> Result<(), String> {
    let valid = match text.as_bytes() {
        b"none" | [_] => true,
        [b'^', letter] => (64..128).contains(letter),
        _ => false,
    };
    if valid { Ok(()) } else { Err("Bad escape character.".to_owned()) }
}

/// Checks the path of an agent's socket.
fn socket(text: &str, environment: &HashMap<String, String>) -> Result<(), String> {
    if tokens::variables(text, environment).is_err() {
        return Err(format!("Invalid environment expansion {text}."));
    }
    match text.strip_prefix('$') {
        Some(name) if !name.starts_with('{') && !is_variable(name) => Err(format!("Invalid environment name {text}.")),
        _ => Ok(()),
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn keys_are_added_always_or_on_demand_and_for_a_time() {
        let minutes = |number: u64| Some(Duration::from_secs(60 * number));
        for (text, expected) in [
            ("yes", Ok((AddKeysToAgent::Yes, None))),
            ("ASK", Ok((AddKeysToAgent::Ask, None))),
            ("confirm 5m", Ok((AddKeysToAgent::Confirm, minutes(5)))),
            ("10m", Ok((AddKeysToAgent::Yes, minutes(10)))),
            ("yes 5m", Err("unsupported option".to_owned())),
            ("confirm x", Err("invalid time value.".to_owned())),
            ("x", Err("unsupported option".to_owned())),
        ] {
            assert_eq!(add_keys(&words(text)), expected, "{text}");
        }
    }

    #[test]
    fn new_keys_are_due_after_bytes_and_time() {
        for (text, expected) in [
            ("default", Ok((0, None))),
            ("1G 1h", Ok((1 << 30, Some(Duration::from_secs(3600))))),
            ("16 none", Ok((16, None))),
            ("15", Err("RekeyLimit too small".to_owned())),
            ("x", Err("Bad number 'x': Invalid argument".to_owned())),
            ("1K x", Err("invalid time value.".to_owned())),
        ] {
            assert_eq!(rekey(&words(text)), expected, "{text}");
        }
    }

    #[test]
    fn keystrokes_are_hidden_in_intervals() {
        assert_eq!(obscure(&words("interval:80")), Ok(Some(Duration::from_millis(80))));
        assert_eq!(obscure(&words("yes")), Ok(Some(Duration::from_millis(20))));
        assert_eq!(obscure(&words("no")), Ok(None));
        assert_eq!(obscure(&words("interval:0")), Err("value out of range.".to_owned()));
        assert_eq!(obscure(&words("x")), Err("unsupported argument \"x\"".to_owned()));
    }
}
