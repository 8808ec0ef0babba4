//! What a double click takes.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Where words end besides at blanks, unless the user says otherwise: `/`, `.`, `-`, `~`, `@`, `=` and `%` are parts of words, so that paths,
/// addresses and options are taken whole.
pub const SEPARATORS: &str = ",│`|:;\"'()[]{}<>";

/// Quotation marks, of which the opening and the closing one look the same.
const QUOTES: [char; 3] = ['"', '\'', '`'];

/// What is one word although it has separators in it: addresses with a scheme, IPv6 addresses, times and MAC addresses.
static WHOLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let url = r#"[A-Za-z][A-Za-z0-9+.-]{1,31}://[^\s<>"'`│{}|\\^]+"#;
    let colons = r"(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}|::[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6})(?:%[0-9A-Za-z]+)?(?:/[0-9]{1,3})?";
    Regex::new(&format!("{url}|{colons}")).ok()
});

/// The word of `text` at a byte, which must begin a character: what is between two quotation marks if it is one of them,
/// an address with its punctuation, or what lies between separators. A separator is a word with those like it.
pub(in super::super) fn at(text: &str, byte: usize, separators: &str) -> Range<usize> {
    let Some(character) = text.get(byte..).and_then(|rest| rest.chars().next()) else { return byte..byte };
    quoted(text, byte, character)
        .or_else(|| whole(text, byte))
        .unwrap_or_else(|| run(text, byte, character, separators))
}

/// From one quotation mark to its other half, in the same line: pairs are counted from its begin.
fn quoted(text: &str, byte: usize, mark: char) -> Option<Range<usize>> {
    if !QUOTES.contains(&mark) {
        return None;
    }
    let marks: Vec<usize> = text.match_indices(mark).map(|(at, _)| at).collect();
    let index = marks.iter().position(|at| *at == byte)?;
    let (open, close) = if index % 2 == 0 { (index, index + 1) } else { (index - 1, index) };
    Some(*marks.get(open)?..*marks.get(close)? + mark.len_utf8())
}

fn whole(text: &str, byte: usize) -> Option<Range<usize>> {
    let found = WHOLE.as_ref()?.find_iter(text).map(|found| found.range());
    let mut found = found.skip_while(|range| range.end <= byte);
    let range = found.next().filter(|range| range.contains(&byte))?;
    let address = text.get(range.clone())?;
    // The colons after a file's name are those of a line and a column.
    let before = text.get(..range.start)?.chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':'))
        && !address.contains("://")
    {
        return None;
    }
    Some(range.start..range.start + unpunctuated(address).len()).filter(|range| range.contains(&byte))
}

/// An address without the punctuation of the sentence that it stands in, and without a bracket that it does not open.
fn unpunctuated(address: &str) -> &str {
    let mut address = address;
    while let Some(last) = address.chars().next_back() {
        let opening = match last {
            ')' => '(',
            ']' => '[',
            '.' | ',' | ';' | ':' | '!' | '?' => '\0',
            _ => break,
        };
        let balanced = opening != '\0' && address.matches(opening).count() >= address.matches(last).count();
        if balanced {
            break;
        }
        address = address.strip_suffix(last).unwrap_or_default();
    }
    address
}

/// Whether a word ends at a character; at blanks it always does.
pub(super) fn is_separator(character: char, separators: &str) -> bool {
    character.is_whitespace() || separators.contains(character)
}

/// Characters of the same kind around a byte.
fn run(text: &str, byte: usize, character: char, separators: &str) -> Range<usize> {
    let separates = is_separator(character, separators);
    let same = |c: &char| if separates { *c == character } else { !is_separator(*c, separators) };
    let (before, after) = text.split_at_checked(byte).unwrap_or((text, ""));
    let left: usize = before.chars().rev().take_while(same).map(char::len_utf8).sum();
    let right: usize = after.chars().take_while(same).map(char::len_utf8).sum();
    byte - left..byte + right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_click_takes_what_belongs_together() {
        // The click is where the | is.
        let table = [
            ("hello br|ave world", "brave"),
            ("ls /usr/li|b/x.so -l", "/usr/lib/x.so"),
            ("ls --col|or=auto", "--color=auto"),
            ("from 192.168.|0.1 port", "192.168.0.1"),
            ("from fe80::|1%eth0 port", "fe80::1%eth0"),
            ("at 12:|34:56 it", "12:34:56"),
            ("see https://ex|ample.org/a?b=c&d=(e). Then", "https://example.org/a?b=c&d=(e)"),
            ("(see https://ex|ample.org/a)", "https://example.org/a"),
            ("user@ho|st:path", "user@host"),
            ("src/main.rs:1|2:5: error", "12"),
            ("src/main.c:1|2:5: error", "12"),
            ("to ::1|/128 via", "::1/128"),
            ("echo \"a |b c\" d", "b"),
            ("echo |\"a b c\" d", "\"a b c\""),
            ("echo \"a b c|\" d", "\"a b c\""),
            ("it|'s", "'"),
            ("a  |  b", "    "),
            ("größe|r 漢字", "größer"),
            ("größer 漢|字", "漢字"),
            ("|", ""),
        ];
        for (text, expected) in table {
            let byte = text.find('|').expect("a click");
            let text = text.replacen('|', "", 1);
            assert_eq!(&text[at(&text, byte, SEPARATORS)], expected, "{text}");
        }
    }

    #[test]
    fn separators_are_the_users() {
        assert_eq!(at("a/b-c", 2, "/"), 2..5);
        assert_eq!(at("a/b-c", 2, "/-"), 2..3);
    }
}
