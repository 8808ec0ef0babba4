//! The parts of a line as it is written.

use super::is_whole;
use crate::ssh::config::line;

/// A line in three parts: up to its value, the value, and the comment and the end behind it.
pub(super) struct LineText<'a> {
    before: &'a str,
    value: &'a str,
    after: &'a str,
}

impl<'a> LineText<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let start = value_start(text);
        let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
        let end = value_end(rest);
        let (value, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        Self { before, value, after }
    }

    /// The line with another value; the same where it is the value already.
    pub(super) fn with_value(&self, value: &str) -> String {
        let Self { before, value: old, after } = self;
        let same = line::split_arguments(old).is_some_and(|arguments| arguments == [value]);
        let value = if same { (*old).to_owned() } else { written(value) };
        format!("{before}{value}{after}")
    }
}

/// A value as it is written: in quotes where it could be read otherwise.
pub(super) fn written(value: &str) -> String {
    // A backslash would take the blank behind it for its own.
    let plain = is_whole(value) && !value.starts_with('=') && !value.contains('\\');
    if plain { value.to_owned() } else { line::quote(value) }
}

/// Where the value begins: behind the keyword, blanks and an equals sign.
fn value_start(text: &str) -> usize {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let keyword = text.trim_start_matches(blank);
    let keyword_length = match keyword.strip_prefix('"') {
        Some(quoted) => quoted.find('"').map_or(keyword.len(), |at| at + 2),
        None => keyword.find(|c| c == '=' || c == '"' || blank(c)).unwrap_or(keyword.len()),
    };
    let rest = keyword.get(keyword_length..).unwrap_or_default().trim_start_matches(blank);
    let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start_matches(blank);
    text.len() - rest.len()
}

/// Where it ends: before the blanks that lead to a comment or to the end of the line.
fn value_end(rest: &str) -> usize {
    let mut quote = None;
    let mut escaped = false;
    let mut end = 0;
    let mut between = true;
    for (at, c) in rest.char_indices() {
        match (c, quote) {
            _ if escaped => escaped = false,
            (' ' | '\t' | '\r' | '\n' | '\u{c}', None) => {
                between = true;
                continue;
            }
            ('#', None) if between => return end,
            ('\\', _) => escaped = true,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
        between = false;
        end = at + c.len_utf8();
    }
    end
}
