//! TOML as the user wrote it: read with the place of every mistake, changed without touching what is not Tetherm's.

use std::ops::{Range, RangeInclusive};
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::Error;

/// A file's text, parsed, that knows where in it everything stands.
pub(super) struct Document<'a> {
    path: &'a Path,
    text: &'a str,
    toml: toml_edit::Document<&'a str>,
}

impl<'a> Document<'a> {
    /// Parses a file's bytes.
    ///
    /// # Errors
    /// [`Error::Malformed`] where they are not UTF-8 or not TOML.
    pub(super) fn parse(path: &'a Path, bytes: &'a [u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            malformed(path, valid, valid.len(), "this is not UTF-8 text".to_owned())
        })?;
        let toml = toml_edit::Document::parse(text).map_err(|error| {
            let offset = error.span().map_or(text.len(), |span| span.start);
            malformed(path, text.as_bytes(), offset, error.message().trim().to_owned())
        })?;
        Ok(Self { path, text, toml })
    }

    /// The keys outside all tables.
    pub(super) fn root(&self) -> Table<'_> {
        Table { document: self, table: self.toml.as_table(), span: None }
    }

    /// The same text, to be changed.
    pub(super) fn into_mut(self) -> DocumentMut {
        self.toml.into_mut()
    }

    fn error(&self, span: Option<Range<usize>>, message: String) -> Error {
        malformed(self.path, self.text.as_bytes(), span.map_or(0, |span| span.start), message)
    }
}

/// The text of a changed document, with the line ends that the file had before.
pub(super) fn print(document: &DocumentMut, before: &[u8]) -> Vec<u8> {
    let text = document.to_string();
    if before.windows(2).any(|pair| pair == b"\r\n") {
        text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()
    } else {
        text.into_bytes()
    }
}

/// Comments that something can be written below: the last line of a file may lack its end.
pub(super) fn ending_a_line(mut comments: String) -> String {
    if !comments.is_empty() && !comments.ends_with('\n') {
        comments.push('\n');
    }
    comments
}

/// Sets or removes one key. A value that is right already keeps its spelling, and every value the comment beside it.
pub(super) fn set(table: &mut dyn TableLike, key: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        let _ = table.remove(key);
        return;
    };
    match table.get_mut(key) {
        Some(Item::Value(old)) if same(old, &value) => {}
        Some(Item::Value(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        _ => {
            let _ = table.insert(key, Item::Value(value));
        }
    }
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) => left.value() == right.value(),
        (Value::Integer(left), Value::Integer(right)) => left.value() == right.value(),
        (Value::Float(left), Value::Float(right)) => left.value() == right.value(),
        (Value::Boolean(left), Value::Boolean(right)) => left.value() == right.value(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| same(left, right))
        }
        _ => false,
    }
}

/// A table of the document whose values are asked for by key and kind.
pub(super) struct Table<'a> {
    document: &'a Document<'a>,
    table: &'a dyn TableLike,
    span: Option<Range<usize>>,
}

impl<'a> Table<'a> {
    /// The tables of `[[key]]`, none when there is no such key.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Table<'a>>, Error> {
        let expected = || format!("'{key}' must be a list of tables, each under a line [[{key}]]");
        match self.table.get(key) {
            None => Ok(Vec::new()),
            Some(Item::ArrayOfTables(tables)) => {
                Ok(tables.iter().map(|table| self.child(table, table.span())).collect())
            }
            Some(Item::Value(Value::Array(values))) => values
                .iter()
                .map(|value| match value.as_inline_table() {
                    Some(table) => Ok(self.child(table, value.span())),
                    None => Err(self.document.error(value.span(), expected())),
                })
                .collect(),
            Some(other) => Err(self.document.error(other.span(), expected())),
        }
    }

    /// The table `[key]`.
    pub(super) fn table(&self, key: &str) -> Result<Option<Table<'a>>, Error> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        match item.as_table_like() {
            Some(table) => Ok(Some(self.child(table, item.span()))),
            None => Err(self.document.error(item.span(), format!("'{key}' must be a table, under a line [{key}]"))),
        }
    }

    /// A string.
    pub(super) fn string(&self, key: &str) -> Result<Option<&'a str>, Error> {
        self.value(key, "a text in quotes", Value::as_str)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, key: &str) -> Result<Option<bool>, Error> {
        self.value(key, "true or false", Value::as_bool)
    }

    /// A whole number within a range.
    pub(super) fn integer(&self, key: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, Error> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        self.value(key, &expected, |value| value.as_integer().filter(|number| range.contains(number)))
    }

    /// A number within a range, a whole one or with a fraction; `or` says what else is expected.
    pub(super) fn number_or(
        &self,
        key: &str,
        range: RangeInclusive<f64>,
        whole: bool,
        or: &str,
    ) -> Result<Option<f64>, Error> {
        let kind = if whole { "a whole number" } else { "a number" };
        let expected = format!("{kind} from {} to {}{or}", range.start(), range.end());
        let number = |value: &Value| match value.as_integer() {
            Some(whole) => Some(whole as f64),
            None => value.as_float().filter(|_| !whole),
        };
        self.value(key, &expected, |value| number(value).filter(|number| range.contains(number)))
    }

    /// The keys of this table, in the order of the file.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.table.iter().map(|(key, _)| key)
    }

    /// A list of strings; one string alone counts as a list of one.
    pub(super) fn strings(&self, key: &str) -> Result<Vec<String>, Error> {
        let strings = |value: &Value| match value {
            Value::Array(values) => values.iter().map(|value| value.as_str().map(str::to_owned)).collect(),
            _ => value.as_str().map(|text| vec![text.to_owned()]),
        };
        Ok(self.value(key, "a list of texts in quotes", strings)?.unwrap_or_default())
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, Error> {
        let words: Vec<_> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let find = |value: &Value| {
            let text = value.as_str()?;
            choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice)
        };
        self.value(key, &format!("one of {}", words.join(", ")), find)
    }

    /// An error at one key of this table, or at the table where it has no such key.
    pub(super) fn error(&self, key: &str, message: String) -> Error {
        let span = self.table.get(key).and_then(Item::span).or_else(|| self.span.clone());
        self.document.error(span, message)
    }

    fn value<T>(
        &self,
        key: &str,
        expected: &str,
        convert: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        match item.as_value().and_then(convert) {
            Some(value) => Ok(Some(value)),
            None => Err(self.error(key, format!("'{key}' must be {expected}"))),
        }
    }

    fn child(&self, table: &'a dyn TableLike, span: Option<Range<usize>>) -> Table<'a> {
        Table { document: self.document, table, span }
    }
}

/// An error at a byte of the text. Columns count characters, as editors do.
pub(super) fn malformed(path: &Path, text: &[u8], offset: usize, message: String) -> Error {
    let before = text.get(..offset.min(text.len())).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count() + 1;
    Error::Malformed { path: path.to_owned(), line, column, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &[u8]) -> (usize, usize, String) {
        match Document::parse(Path::new("x.toml"), text).map(|_| ()) {
            Err(Error::Malformed { line, column, message, .. }) => (line, column, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_mistake_is_placed_by_line_and_character() {
        assert_eq!(place(b"a = 1\nb = \n").0, 2);
        let (line, column, message) = place("# käse\n'ü' = \"\u{1}\"\n".as_bytes());
        assert_eq!((line, column), (2, 8), "{message}");
        assert_eq!(place(b"a = 1\nb = \"\xff\"\n"), (2, 6, "this is not UTF-8 text".to_owned()));
    }

    #[test]
    fn a_value_of_the_wrong_kind_says_what_is_expected() {
        let document = Document::parse(Path::new("x.toml"), b"a = 1\nb = [1, 2]\n").expect("this is TOML");
        let error = document.root().string("b").expect_err("a list is no text").to_string();
        assert!(error.starts_with("x.toml: line 2, column 5: 'b' must be a text in quotes."), "{error}");
        assert_eq!(document.root().integer("a", 0..=3), Ok(Some(1)));
        let error = document.root().integer("a", 2..=3).expect_err("1 is too small").to_string();
        assert!(error.contains("'a' must be a whole number from 2 to 3"), "{error}");
    }
}
