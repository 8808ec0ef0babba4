//! Where the log of a session goes: a folder, and a name made of the host and the moment.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, NaiveDateTime};
use term::terminal::recording::Format;

/// Longest that a part of a path gets, in characters: file systems take 255 bytes, and a number may be added.
const PART: usize = 60;

/// A place for logs, as the user wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder; `~/` is the home folder.
    pub folder: String,
    /// The file's name in it, without its ending: `{host}`, `{address}`, `{date}` and `{time}` stand for what they say.
    /// A `/` in it makes folders.
    pub name: String,
}

impl Place {
    /// The file for a session that begins now.
    #[must_use]
    pub fn file(&self, host: &str, address: &str, format: Format) -> PathBuf {
        self.file_at(host, address, format, Local::now())
    }

    fn file_at(&self, host: &str, address: &str, format: Format, now: DateTime<Local>) -> PathBuf {
        let name = name(&self.name, host, address, now.naive_local());
        let mut file = expanded(&self.folder).join(name).into_os_string();
        // Not with_extension: a host's name may have dots of its own.
        file.push(".");
        file.push(format.extension());
        file.into()
    }
}

/// The name, below the folder, that a pattern makes of these facts. Whatever they are, it stays below the folder.
fn name(pattern: &str, host: &str, address: &str, moment: NaiveDateTime) -> PathBuf {
    let (date, time) = (moment.format("%Y-%m-%d").to_string(), moment.format("%H%M%S").to_string());
    let fill = |part: &str| {
        let facts = [("{host}", host), ("{address}", address), ("{date}", &date), ("{time}", &time)];
        safe(&filled(part, &facts))
    };
    let parts: PathBuf = pattern.split('/').filter(|part| !part.trim().is_empty()).map(fill).collect();
    if parts.as_os_str().is_empty() { PathBuf::from(format!("{}-{date}-{time}", safe(host))) } else { parts }
}

/// The text with each fact in its place, once: what a fact holds is no place for another.
fn filled(part: &str, facts: &[(&str, &str)]) -> String {
    let (mut text, mut rest) = (String::new(), part);
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        text.push_str(before);
        match facts.iter().find(|(place, _)| after.starts_with(place)) {
            Some((place, fact)) => {
                text.push_str(fact);
                rest = after.get(place.len()..).unwrap_or_default();
            }
            None => {
                text.push('{');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    text + rest
}

/// What of a text can be a file's name: no separators, nothing hidden, nothing endless.
fn safe(text: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | ' ' | '+') { c } else { '_' };
    let name: String = text.trim().chars().take(PART).map(kept).collect();
    let name = name.trim_start_matches('.').trim().to_owned();
    if name.is_empty() { "session".to_owned() } else { name }
}

/// A path as a shell reads it: `~` is the home folder, and so is what a relative path begins at.
pub(super) fn expanded(path: &str) -> PathBuf {
    let home = || directories::BaseDirs::new().map_or_else(PathBuf::new, |folders| folders.home_dir().to_owned());
    let path = path.trim();
    match path.strip_prefix("~/") {
        Some(rest) => home().join(rest),
        None if path == "~" => home(),
        None if Path::new(path).is_absolute() => PathBuf::from(path),
        None => home().join(path),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone as _};

    use super::*;

    fn moment() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 3, 29).and_then(|date| date.and_hms_opt(2, 5, 9)).expect("a moment")
    }

    #[test]
    fn names_are_made_of_the_host_and_the_local_time() {
        let table = [
            ("{host}-{date}-{time}", "web", "web-2026-03-29-020509"),
            ("{address}_{date}", "web", "ada@www.example.org_2026-03-29"),
            ("{host}/{date}/{time}", "my web", "my web/2026-03-29/020509"),
            ("log of {nobody} {host", "web", "log of _nobody_ _host"),
            ("", "web", "web-2026-03-29-020509"),
        ];
        for (pattern, host, expected) in table {
            assert_eq!(name(pattern, host, "ada@www.example.org", moment()), PathBuf::from(expected), "{pattern}");
        }
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for host in ["../../x", "/etc/passwd", "..", "", "a\0b\nc", "{time}{host}", &"x".repeat(1000)] {
            for pattern in ["{host}", "{host}/{host}", "../{host}", "/{host}", "../../..", "./{host}"] {
                let name = name(pattern, host, "address", moment());
                let inside = |part: std::path::Component<'_>| matches!(part, std::path::Component::Normal(_));
                assert!(name.components().all(inside), "{pattern} of {host}: {name:?}");
                assert!(name.components().all(|part| part.as_os_str().len() <= PART), "{name:?}");
            }
        }
        assert_eq!(name("{host}", "{time}", "", moment()), PathBuf::from("_time_"), "a fact is no pattern");
    }

    #[test]
    fn the_ending_tells_the_format_and_no_dot_of_the_name_is_lost() {
        let place = Place { folder: "/logs".to_owned(), name: "{host}".to_owned() };
        let now = Local.timestamp_opt(0, 0).single().expect("a moment");
        let file = |format| place.file_at("www.example.org", "", format, now);
        assert_eq!(file(Format::Text), PathBuf::from("/logs/www.example.org.log"));
        assert_eq!(file(Format::Cast), PathBuf::from("/logs/www.example.org.cast"));
    }

    #[test]
    fn a_folder_is_read_as_a_shell_would() {
        let home = expanded("~");
        assert_eq!(expanded("~/logs"), home.join("logs"));
        assert_eq!(expanded("logs"), home.join("logs"), "not wherever the program was started");
        assert_eq!(expanded(" /var/log "), PathBuf::from("/var/log"));
    }
}
