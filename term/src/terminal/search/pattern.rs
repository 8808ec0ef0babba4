//! What is looked for.

use regex::{Regex, RegexBuilder};

/// The memory that a compiled pattern may take, in bytes: `a{1000}{1000}` would take a thousand times as much.
const SIZE_LIMIT: usize = 2 * 1024 * 1024;

/// Whether capital letters are told from small ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Case {
    /// Only if what is looked for has a capital letter.
    #[default]
    Smart,
    /// Always.
    Sensitive,
    /// Never.
    Insensitive,
}

/// What the user looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The text, or the regular expression.
    pub text: String,
    /// Whether it is a regular expression, in the `regex` crate's syntax: nothing that could take more than linear time.
    pub regex: bool,
    /// Whether capital letters are told from small ones.
    pub case: Case,
}

/// Why a regular expression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It breaks the syntax; what the parser says.
    #[error("Not a regular expression: {0}")]
    Malformed(String),
    /// It would take too much memory.
    #[error("The regular expression is too large; use smaller repetitions")]
    TooLarge,
}

/// A compiled [`Query`]: matching takes time linear in the text, whatever the query.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles `query`; `None` for an empty one.
    ///
    /// # Errors
    /// [`Error`], only for regular expressions.
    pub fn new(query: &Query) -> Result<Option<Self>, Error> {
        if query.text.is_empty() {
            return Ok(None);
        }
        let source = if query.regex { query.text.clone() } else { regex::escape(&query.text) };
        let regex = RegexBuilder::new(&source).case_insensitive(query.ignores_case()).size_limit(SIZE_LIMIT).build();
        regex.map(|regex| Some(Self(regex))).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => Error::TooLarge,
            error => Error::Malformed(reason(&error.to_string())),
        })
    }

    /// The byte ranges of `text` that match, from the left, none empty and none overlapping.
    pub(super) fn find(&self, text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
        self.0.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty())
    }
}

impl Query {
    fn ignores_case(&self) -> bool {
        match self.case {
            Case::Sensitive => false,
            Case::Insensitive => true,
            Case::Smart => !self.has_capital(),
        }
    }

    /// Whether the user typed a capital letter; that of a class such as `\S` is none.
    fn has_capital(&self) -> bool {
        let mut escaped = false;
        self.text.chars().any(|c| {
            let counts = !escaped && c.is_uppercase();
            escaped = self.regex && c == '\\' && !escaped;
            counts
        })
    }
}

/// The last line of what the parser says, which is the reason; the lines before draw an arrow below the expression.
fn reason(text: &str) -> String {
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or(text).trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, regex: bool, case: Case, haystack: &str) -> Vec<String> {
        let query = Query { text: text.to_owned(), regex, case };
        let pattern = Pattern::new(&query).expect("a pattern").expect("not empty");
        pattern.find(haystack).map(|range| haystack[range].to_owned()).collect()
    }

    #[test]
    fn case_matters_when_a_capital_is_typed_unless_chosen_otherwise() {
        let table: &[(&str, bool, Case, &[&str])] = &[
            ("err", false, Case::Smart, &["err", "Err", "ERR"]),
            ("Err", false, Case::Smart, &["Err"]),
            ("err", false, Case::Sensitive, &["err"]),
            ("ERR", false, Case::Insensitive, &["err", "Err", "ERR"]),
            ("\\Serr|err", true, Case::Smart, &["err", "Err", "ERR"]),
            ("[E]rr", true, Case::Smart, &["Err"]),
        ];
        for (text, regex, case, expected) in table {
            assert_eq!(found(text, *regex, *case, "err Err ERR"), *expected, "{text} {case:?}");
        }
    }

    #[test]
    fn plain_text_means_itself_and_empty_matches_are_none() {
        assert_eq!(found("a.b*", false, Case::Smart, "axbb a.b*"), ["a.b*"]);
        assert_eq!(found("x*", true, Case::Smart, "a xx b"), ["xx"]);
        assert_eq!(found("ÄÖ", false, Case::Insensitive, "äö"), ["äö"]);
        assert!(Pattern::new(&Query::default()).expect("no error").is_none());
    }

    #[test]
    fn a_bad_expression_says_why() {
        let pattern = |text: &str| Pattern::new(&Query { text: text.to_owned(), regex: true, case: Case::Smart });
        assert_eq!(pattern("a(b").expect_err("bad"), Error::Malformed("unclosed group".to_owned()));
        assert_eq!(pattern("a{1000}{1000}{10}").expect_err("large"), Error::TooLarge);
    }
}
