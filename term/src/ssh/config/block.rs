//! A `Host` block as text, to be changed line by line.
//!
//! Only the lines of what is changed are written anew, and of those only the value: keyword, indentation and comment
//! stay, and so does every other byte of the file.

mod line_text;

use std::collections::HashMap;
use std::ops::Range;

use super::keyword::{self, Kind};
use super::line::{self, Line};
use super::value;
use crate::ssh::pattern::{List, Verdict};
use line_text::LineText;

/// What a block's lines are indented by where it has none to go by.
const INDENTATION: &str = "    ";

/// The text of a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The lines with their ends.
    lines: Vec<String>,
}

/// A value that is set in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The keyword as ssh_config(5) spells it.
    pub keyword: &'static str,
    /// The value as it would be typed: without quotes where it is one argument.
    pub value: String,
    /// The line, counted from 1.
    pub line: usize,
}

impl Text {
    /// Takes a text apart.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { lines: text.split_inclusive('\n').map(str::to_owned).collect() }
    }

    /// The patterns of the `Host` line with this number, counted from 1; `None` where there is no such line.
    #[must_use]
    pub fn patterns(&self, host: usize) -> Option<Vec<String>> {
        let line = self.parsed(host.checked_sub(1)?)?;
        (keyword::find(&line.keyword)?.kind == Kind::Host).then_some(line.arguments)
    }

    /// The values that are set in the block of that line, in order.
    #[must_use]
    pub fn values(&self, host: usize) -> Vec<Value> {
        let read = |at: usize| {
            let line = self.parsed(at)?;
            let keyword = keyword::find(&line.keyword)?;
            let value = match keyword.kind {
                Kind::Command | Kind::Jump | Kind::Addendum => line.rest,
                _ => line.arguments.join(" "),
            };
            Some(Value { keyword: keyword.name, value, line: at + 1 })
        };
        self.block(host).filter_map(read).collect()
    }

    /// Sets a keyword in the block of that line to these values, one line each: lines that are there take new values,
    /// further ones are added behind them, and those that are left over go. What has its value already is not touched.
    pub fn set(&mut self, host: usize, keyword: &str, values: &[String]) {
        let block = self.block(host);
        let own = |at: &usize| {
            let found = self.parsed(*at).and_then(|line| keyword::find(&line.keyword));
            found.is_some_and(|found| found.name == keyword)
        };
        let found: Vec<usize> = block.clone().filter(own).collect();
        for (at, value) in found.iter().zip(values) {
            if let Some(line) = self.lines.get_mut(*at) {
                *line = LineText::new(line).with_value(value);
            }
        }
        let surplus: Vec<usize> = found.iter().skip(values.len()).copied().collect();
        for at in surplus.into_iter().rev() {
            let _ = self.lines.remove(at);
        }
        let added: Vec<_> = values.iter().skip(found.len()).collect();
        if !added.is_empty() {
            let after = found.last().copied().unwrap_or_else(|| self.last_setting(host));
            self.insert(after, host, keyword, &added);
        }
    }

    /// Adds a block for one host, and gives its `Host` line, counted from 1. It stands behind all others, but before the
    /// first that has a say about the host too: of several values the first wins.
    pub fn add_host(&mut self, name: &str) -> usize {
        let end = if self.lines.iter().any(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
        if let Some(last) = self.lines.last_mut().filter(|last| !last.ends_with('\n')) {
            last.push_str(end);
        }
        let matches = |at: &usize| match self.parsed(*at) {
            Some(line) => match keyword::find(&line.keyword).map(|keyword| keyword.kind) {
                Some(Kind::Host) => {
                    List::new(line.arguments.join(",").as_bytes()).verdict(name.as_bytes()) == Verdict::Match
                }
                Some(Kind::Match) => true,
                _ => false,
            },
            None => false,
        };
        let at = (0..self.lines.len()).find(matches).map_or(self.lines.len(), |at| self.comments_above(at));
        let blank = |at: Option<usize>| {
            at.and_then(|at| self.lines.get(at)).is_none_or(|line| line.trim().is_empty()).then(String::new)
        };
        let before = blank(at.checked_sub(1)).is_none().then(|| end.to_owned());
        let after = blank(Some(at)).is_none().then(|| end.to_owned());
        let line = format!("Host {}{end}", line_text::written(name));
        let host = at + usize::from(before.is_some());
        let _ = self.lines.splice(at..at, before.into_iter().chain([line]).chain(after));
        host + 1
    }

    /// Whether a `Host` line names this host and not only a pattern for it.
    #[must_use]
    pub fn has_host(&self, name: &str) -> bool {
        (1..=self.lines.len()).filter_map(|line| self.patterns(line)).flatten().any(|pattern| pattern == name)
    }

    /// The first of the comments that belong to the block which begins there.
    fn comments_above(&self, at: usize) -> usize {
        let comment = |at: &usize| self.lines.get(*at).is_some_and(|line| line.trim_start().starts_with('#'));
        (0..at).rev().take_while(comment).last().unwrap_or(at)
    }

    fn insert(&mut self, after: usize, host: usize, keyword: &str, values: &[&String]) {
        let indentation = self.indentation(host);
        let end = if self.lines.iter().any(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
        // The last line of a file may lack its end.
        if let Some(last) = self.lines.get_mut(after).filter(|last| !last.ends_with('\n')) {
            last.push_str(end);
        }
        let lines: Vec<String> =
            values.iter().map(|value| format!("{indentation}{keyword} {}{end}", line_text::written(value))).collect();
        let _ = self.lines.splice(after + 1..after + 1, lines);
    }

    /// The lines between a `Host` line and the next block, counted from 0.
    fn block(&self, host: usize) -> Range<usize> {
        let begins = |at: usize| {
            let line = self.parsed(at)?;
            matches!(keyword::find(&line.keyword)?.kind, Kind::Host | Kind::Match).then_some(())
        };
        let end = (host..self.lines.len()).find(|at| begins(*at).is_some()).unwrap_or(self.lines.len());
        host..end.max(host)
    }

    /// The last line of a block that is neither empty nor a comment; the `Host` line where there is none.
    fn last_setting(&self, host: usize) -> usize {
        let says = |at: &usize| self.lines.get(*at).is_some_and(|text| !matches!(Line::parse(text), Ok(None)));
        self.block(host).rev().find(says).unwrap_or_else(|| host.saturating_sub(1))
    }

    fn indentation(&self, host: usize) -> String {
        let first = self.block(host).find(|at| self.parsed(*at).is_some()).and_then(|at| self.lines.get(at));
        match first {
            Some(line) => line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect(),
            None => INDENTATION.to_owned(),
        }
    }

    fn parsed(&self, at: usize) -> Option<Line> {
        Line::parse(self.lines.get(at)?).ok()?
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.lines.iter().try_for_each(|line| f.write_str(line))
    }
}

/// Checks a value that is to be written for a keyword.
///
/// # Errors
/// What is wrong with it, in OpenSSH's words.
pub fn check(keyword: &str, value: &str, environment: &HashMap<String, String>) -> Result<(), String> {
    let found = keyword::find(keyword).ok_or_else(|| format!("Bad configuration option: {keyword}"))?;
    if value.contains(char::is_control) {
        return Err("a value holds no control characters".to_owned());
    }
    let text = format!("{keyword} {}", line_text::written(value));
    let line = Line::parse(&text).map_err(|broken| broken.message)?.ok_or("missing argument.")?;
    value::check(found, &line, environment).map_err(|wrong| wrong.to_string())
}

/// Whether the words of a value are written apart, as most keywords with several arguments have them.
fn is_whole(value: &str) -> bool {
    line::split_arguments(value).is_some_and(|arguments| arguments == [value])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILE: &str = "# mine\nUser all\n\nHost web  www # two names\n\tHostName = web.example.org # the new one\n  \
                        port 2222\n\n\t# keys\n\tIdentityFile ~/.ssh/one\n\tIdentityFile \"~/a key\"   # second\n\n\
                        # the database\nHost db\n\nMatch all\n  Port 5\n";

    fn changed(host: usize, keyword: &str, values: &[&str]) -> String {
        let mut text = Text::new(FILE);
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        text.set(host, keyword, &values);
        text.to_string()
    }

    #[test]
    fn a_block_tells_its_values() {
        let text = Text::new(FILE);
        assert_eq!(text.patterns(4), Some(vec!["web".to_owned(), "www".to_owned()]));
        assert_eq!((text.patterns(5), text.patterns(0), text.patterns(99)), (None, None, None));
        let values: Vec<_> = text.values(4).into_iter().map(|it| (it.line, it.keyword, it.value)).collect();
        let expected = [
            (5, "Hostname", "web.example.org"),
            (6, "Port", "2222"),
            (9, "IdentityFile", "~/.ssh/one"),
            (10, "IdentityFile", "~/a key"),
        ];
        assert_eq!(values, expected.map(|(line, keyword, value)| (line, keyword, value.to_owned())));
        assert!(text.values(13).is_empty());
    }

    #[test]
    fn only_the_value_of_a_line_is_written() {
        let expected = FILE.replace("web.example.org", "10.0.0.1");
        assert_eq!(changed(4, "Hostname", &["10.0.0.1"]), expected);
        assert_eq!(changed(4, "Port", &["22"]), FILE.replace("port 2222", "port 22"));
        assert_eq!(changed(4, "Port", &["2222"]), FILE);
        let expected = FILE.replace("\"~/a key\"   # second", "~/plain   # second");
        assert_eq!(changed(4, "IdentityFile", &["~/.ssh/one", "~/plain"]), expected);
    }

    #[test]
    fn lines_are_added_where_their_like_stand_and_removed() {
        let expected = FILE.replace("  # second\n", "  # second\n\tIdentityFile \"/c d\"\n");
        assert_eq!(changed(4, "IdentityFile", &["~/.ssh/one", "~/a key", "/c d"]), expected);
        // A new keyword stands behind the last setting, indented as the first.
        let expected = FILE.replace("  # second\n", "  # second\n\tUser deploy\n");
        assert_eq!(changed(4, "User", &["deploy"]), expected);
        assert_eq!(changed(4, "Port", &[]), FILE.replace("  port 2222\n", ""));
        // A block without settings gets its first.
        assert_eq!(changed(13, "User", &["root"]), FILE.replace("Host db\n", "Host db\n    User root\n"));
        // A line that was never there is not removed elsewhere.
        assert_eq!(changed(13, "Port", &[]), FILE);
    }

    #[test]
    fn files_keep_the_ends_of_their_lines() {
        let mut text = Text::new("Host a\r\n  Port 1\r\nHost b");
        text.set(1, "User", &["x".to_owned()]);
        text.set(4, "User", &["y".to_owned()]);
        assert_eq!(text.to_string(), "Host a\r\n  Port 1\r\n  User x\r\nHost b\r\n    User y\r\n");
    }

    #[test]
    fn a_new_block_stands_where_its_values_win_and_nothing_else_changes() {
        let added = |file: &str, name: &str| {
            let mut text = Text::new(file);
            let host = text.add_host(name);
            assert_eq!(text.patterns(host), Some(vec![name.to_owned()]));
            text.set(host, "Port", &["22".to_owned()]);
            text.to_string()
        };
        let new = "Host new\n    Port 22\n";
        assert_eq!(added("", "new"), new);
        assert_eq!(added("User me", "new"), format!("User me\n\n{new}"));
        // Behind the others, before what is for all, with whose comments it does not mingle.
        let expected = FILE.replace("Match all\n", &format!("{new}\nMatch all\n"));
        assert_eq!(added(FILE, "new"), expected);
        let general = "Host a\n  Port 1\n# for the rest\nHost *\n  User me\n";
        let expected = general.replace("# for", &format!("\n{new}\n# for"));
        assert_eq!(added(general, "new"), expected);
        let negated = "Host !new *\n  User me\nHost n?w\n";
        assert_eq!(added(negated, "new"), negated.replace("Host n?w", &format!("\n{new}\nHost n?w")));
        assert_eq!(added("Host a\r\n", "new"), "Host a\r\n\r\nHost new\r\n    Port 22\r\n");
        assert!(
            Text::new(FILE).has_host("www") && !Text::new(FILE).has_host("new") && !Text::new(general).has_host("n")
        );
    }

    #[test]
    fn values_are_checked_before_they_are_written() {
        let none = HashMap::new();
        assert_eq!(check("Port", "22", &none), Ok(()));
        assert_eq!(check("IdentityFile", "~/with \"blank", &none), Ok(()));
        assert!(check("Port", "x", &none).unwrap_err().starts_with("Bad port 'x'"));
        assert!(check("User", "a\nPort 1", &none).is_err());
        assert!(check("Nonsense", "a", &none).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read_back_and_nothing_else_changes(value in "[ -~]{1,20}", other in "[ -~äß]{0,12}") {
            prop_assume!(value.trim() == value);
            let file = format!("# {other}\nHost h\n  User old # {other}\n  Port 1\n");
            let mut text = Text::new(&file);
            text.set(2, "User", std::slice::from_ref(&value));
            let found = text.values(2);
            prop_assert_eq!(&found.first().unwrap().value, &value);
            prop_assert_eq!(&found.get(1).unwrap().value, "1");
            let (text, end) = (text.to_string(), format!(" # {other}\n  Port 1\n"));
            prop_assert_eq!(text.lines().count(), 4);
            prop_assert!(text.ends_with(&end));
        }
    }
}
