//! What values are allowed and what they mean.

use std::time::Duration;

use super::keyword::{Keyword, Kind};
use super::line::Line;
use crate::ssh::destination;

/// Checks a line's arguments. The message of an error is OpenSSH's, followed by what would be right where that is not
/// obvious.
pub(super) fn check(keyword: &Keyword, line: &Line) -> Result<(), String> {
    let first = line.arguments.first().map(String::as_str).unwrap_or_default();
    let several = match keyword.kind {
        Kind::Ignored | Kind::Host | Kind::Match | Kind::Include => return Ok(()),
        Kind::Command | Kind::Jump => return Ok(()),
        Kind::Files | Kind::Words | Kind::Names | Kind::Assignments => true,
        Kind::Forward(_) => true,
        _ => false,
    };
    match keyword.kind {
        _ if line.arguments.is_empty() && several => return Err(format!("no {} specified", keyword.name)),
        Kind::Integer if first.is_empty() => return Err("integer value missing.".to_owned()),
        Kind::Time if first.is_empty() => return Err("missing time value.".to_owned()),
        _ if first.is_empty() => return Err("missing argument.".to_owned()),
        Kind::Flag => choice(first, &["yes", "no", "true", "false"])?,
        Kind::Choice(words) => choice(first, words)?,
        Kind::Time => {
            let _ = time(first)?;
        }
        Kind::Integer => {
            let _ = integer(first)?;
        }
        Kind::Port => {
            let _ = destination::parse_port(first).map_err(|_| bad_port(first))?;
        }
        Kind::Files => files(keyword, &line.arguments)?,
        Kind::Names => names(&line.arguments)?,
        Kind::Assignments => assignments(&line.arguments)?,
        Kind::Escape => escape(first)?,
        Kind::Agent => agent(first)?,
        Kind::Forward(true) if line.arguments.len() < 2 => return Err("Missing target argument.".to_owned()),
        _ => {}
    }
    let most = if let Kind::Forward(_) = keyword.kind { 2 } else { 1 };
    if line.arguments.len() > most
        && !matches!(keyword.kind, Kind::Files | Kind::Words | Kind::Names | Kind::Assignments)
    {
        return Err(format!("keyword {} extra arguments at end of line", keyword.name.to_ascii_lowercase()));
    }
    Ok(())
}

/// Whether a checked flag says yes.
pub(super) fn is_yes(text: &str) -> bool {
    text.eq_ignore_ascii_case("yes") || text.eq_ignore_ascii_case("true")
}

/// A time as in sshd_config(5), "TIME FORMATS": numbers with `s`, `m`, `h`, `d` or `w`, added up. `none` is `None`.
pub(super) fn time(text: &str) -> Result<Option<Duration>, String> {
    if text == "none" {
        return Ok(None);
    }
    let invalid = || "invalid time value.".to_owned();
    let mut total: u64 = 0;
    let mut rest = text;
    let mut plain_seconds = false;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits).ok_or_else(invalid)?;
        let number: u64 = number.parse().map_err(|_| invalid())?;
        let unit = after.chars().next().unwrap_or('s').to_ascii_lowercase();
        let seconds: u64 = match unit {
            's' if plain_seconds => return Err(invalid()),
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            'w' => 7 * 24 * 60 * 60,
            _ => return Err(invalid()),
        };
        plain_seconds |= unit == 's';
        total = number.checked_mul(seconds).and_then(|part| total.checked_add(part)).ok_or_else(invalid)?;
        rest = after.get(1..).unwrap_or_default();
    }
    // OpenSSH counts in an int.
    if total > i32::MAX.unsigned_abs().into() { Err(invalid()) } else { Ok(Some(Duration::from_secs(total))) }
}

/// A whole number from 0, as `atoi_err` in misc.c reads it.
pub(super) fn integer(text: &str) -> Result<u32, String> {
    match text.parse::<i64>() {
        Ok(number) if number < 0 => Err("integer value too small.".to_owned()),
        Ok(number) => match u32::try_from(number) {
            Ok(number) if number <= i32::MAX.unsigned_abs() => Ok(number),
            _ => Err("integer value too large.".to_owned()),
        },
        Err(_) => Err("integer value invalid.".to_owned()),
    }
}

fn choice(text: &str, words: &[&str]) -> Result<(), String> {
    if words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(());
    }
    let offered: Vec<&str> = words.iter().filter(|word| !matches!(**word, "true" | "false")).copied().collect();
    Err(format!("unsupported option \"{text}\"; use {}", offered.join(", ")))
}

fn bad_port(text: &str) -> String {
    format!("Bad port '{text}'; a port is a number from 1 to 65535")
}

fn files(keyword: &Keyword, arguments: &[String]) -> Result<(), String> {
    let name = keyword.name.to_ascii_lowercase();
    if arguments.iter().any(String::is_empty) {
        return Err(format!("keyword {name} empty argument"));
    }
    if arguments.len() > 1 && arguments.iter().any(|argument| argument.eq_ignore_ascii_case("none")) {
        return Err(format!("keyword {name} \"none\" argument must appear alone."));
    }
    Ok(())
}

fn names(arguments: &[String]) -> Result<(), String> {
    let valid = arguments.iter().all(|name| !name.is_empty() && !name.contains('='));
    if valid { Ok(()) } else { Err("Invalid environment name.".to_owned()) }
}

fn assignments(arguments: &[String]) -> Result<(), String> {
    let valid = arguments.iter().all(|assignment| assignment.contains('='));
    if valid { Ok(()) } else { Err("Invalid SetEnv; write NAME=value.".to_owned()) }
}

fn escape(text: &str) -> Result<(), String> {
    let valid = match text.as_bytes() {
        b"none" | [_] => true,
        [b'^', letter] => (64..128).contains(letter),
        _ => false,
    };
    if valid { Ok(()) } else { Err("Bad escape character.".to_owned()) }
}

fn agent(text: &str) -> Result<(), String> {
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

    #[test]
    fn times_are_read_as_sshd_config_describes_them() {
        let seconds = |text| time(text).map(|time| time.map(|time| time.as_secs()));
        for (text, expected) in
            [("600", 600), ("10m", 600), ("1h30m", 5400), ("1w2d3h4m5s", 788_645), ("0", 0), ("1M", 60), ("1m30", 90)]
        {
            assert_eq!(seconds(text), Ok(Some(expected)), "{text}");
        }
        assert_eq!(seconds("none"), Ok(None));
        for text in ["x", "1y", "-1", "1s1s", "s", "1 m", "2147483648", "99999999999999999999w", "1ü"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn integers_are_read_as_openssh_reads_them() {
        assert_eq!(integer("3"), Ok(3));
        assert_eq!(integer("-1"), Err("integer value too small.".to_owned()));
        assert_eq!(integer("2147483648"), Err("integer value too large.".to_owned()));
        assert_eq!(integer("x"), Err("integer value invalid.".to_owned()));
    }
}
