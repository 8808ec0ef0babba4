//! One line of a configuration: a keyword and its arguments.

const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

/// A keyword and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The keyword as written.
    pub(super) keyword: String,
    /// Everything after it, for keywords that take a whole command.
    pub(super) rest: String,
    /// The same, taken apart.
    pub(super) arguments: Vec<String>,
}

/// A line that cannot be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// The keyword as written, where it has one and something behind it.
    pub(super) keyword: Option<String>,
    /// OpenSSH's message.
    pub(super) message: String,
}

impl Line {
    /// Takes a line apart; `None` for an empty line or a comment.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, Broken> {
        let text = trim_end(text).trim_start_matches(BLANK);
        if text.is_empty() || text.starts_with('#') {
            return Ok(None);
        }
        let invalid = |keyword| Broken { keyword, message: "invalid quotes".to_owned() };
        let (keyword, rest) = split_keyword(text).ok_or_else(|| invalid(None))?;
        if rest.is_empty() {
            let name = keyword.to_ascii_lowercase().replace('\u{c}', "\\014");
            let message = format!("no argument after keyword \"{name}\"");
            return Err(Broken { keyword: None, message });
        }
        match split_arguments(rest) {
            Some(arguments) => Ok(Some(Self { keyword, rest: rest.to_owned(), arguments })),
            None => Err(invalid(Some(keyword))),
        }
    }
}

/// Removes blanks and form feeds from the end; a form feed that begins the line is not at its end.
fn trim_end(text: &str) -> &str {
    let trimmed = text.trim_end_matches(|c| c == '\u{c}' || BLANK.contains(&c));
    if trimmed.is_empty() && text.starts_with('\u{c}') { "\u{c}" } else { trimmed }
}

/// Splits after the keyword, which may be quoted, at blanks and at most one `=` (`strdelim` in misc.c).
fn split_keyword(text: &str) -> Option<(String, &str)> {
    let (keyword, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => text.find(|c| c == '=' || c == '"' || BLANK.contains(&c)).map_or((text, ""), |at| text.split_at(at)),
    };
    let rest = rest.trim_start_matches(BLANK);
    let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start_matches(BLANK);
    Some((keyword.to_owned(), rest))
}

/// Takes arguments apart as OpenSSH's `argv_split` does: blanks separate, quotes of both kinds keep together, a
/// backslash escapes quotes, itself and outside of quotes a space; `#` where an argument would begin starts a comment.
/// `None` where a quote is not closed.
pub(super) fn split_arguments(text: &str) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    let mut characters = text.chars().peekable();
    loop {
        while characters.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
        match characters.peek() {
            None | Some('#') => return Some(arguments),
            Some(_) => arguments.push(argument(&mut characters)?),
        }
    }
}

fn argument(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut argument = String::new();
    let mut quote = None;
    while let Some(c) = characters.next() {
        match (c, quote) {
            ('\\', _) => {
                let escaped = |next: &char| matches!(next, '\'' | '"' | '\\') || (quote.is_none() && *next == ' ');
                argument.push(characters.next_if(escaped).unwrap_or('\\'));
            }
            (' ' | '\t', None) => return Some(argument),
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, _) => argument.push(c),
        }
    }
    quote.is_none().then_some(argument)
}

/// Writes one argument so that [`split_arguments`] reads it back.
pub(super) fn quote(argument: &str) -> String {
    let mut quoted = String::from("\"");
    for c in argument.chars() {
        if matches!(c, '"' | '\'' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keywords_and_arguments_are_separated_as_openssh_separates_them() {
        for (text, keyword, arguments) in [
            ("Port 22", "Port", vec!["22"]),
            ("\t Port=22 ", "Port", vec!["22"]),
            ("Port = 22", "Port", vec!["22"]),
            ("Port == 22", "Port", vec!["=", "22"]),
            ("\"Port\" 22", "Port", vec!["22"]),
            ("Host a b # comment", "Host", vec!["a", "b"]),
            ("Host a#b", "Host", vec!["a#b"]),
            ("User \"a b\"", "User", vec!["a b"]),
            ("User 'a \"b'", "User", vec!["a \"b"]),
            ("User a\\ b", "User", vec!["a b"]),
            ("User a\\nb", "User", vec!["a\\nb"]),
            ("User \"a\\\"b\"", "User", vec!["a\"b"]),
            ("User a\"b c\"d", "User", vec!["ab cd"]),
            ("SetEnv A=\"\" B=", "SetEnv", vec!["A=", "B="]),
            ("User \"\"", "User", vec![""]),
            ("Host\ta\r", "Host", vec!["a"]),
        ] {
            let line = Line::parse(text).unwrap().unwrap();
            assert_eq!(
                (line.keyword.as_str(), line.arguments),
                (keyword, arguments.into_iter().map(String::from).collect()),
                "{text}"
            );
        }
        for text in ["", "   ", "# Port 22", "  # x", " \u{c}"] {
            assert_eq!(Line::parse(text), Ok(None));
        }
    }

    #[test]
    fn unfinished_lines_are_errors() {
        let message = |text| Line::parse(text).unwrap_err().message;
        assert_eq!(message("Port"), "no argument after keyword \"port\"");
        assert_eq!(message("Port="), "no argument after keyword \"port\"");
        assert_eq!(message("User \"a"), "invalid quotes");
        assert_eq!(message("\u{c}"), "no argument after keyword \"\\014\"");
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_refused(text in any::<String>()) {
            let _ = Line::parse(&text);
        }

        #[test]
        fn a_quoted_argument_is_read_back(text in any::<String>()) {
            prop_assert_eq!(split_arguments(&quote(&text)), Some(vec![text]));
        }
    }
}
