//! The text of `settings.toml`: read with the place of every mistake, changed without touching what is not meant.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, TableLike};

use super::choice::Word;
use super::field::Value;
use super::table::{self, Kind, Setting};
use super::{Error, Settings};
use crate::store::document::{Document, Table, ending_a_line, set};
use crate::store::keys::{Chord, NONE};

/// The table of the key bindings.
const KEYS: &str = "keys";

/// The beginning of a new file: every setting with its default value and what it is for.
pub(super) fn header() -> String {
    let mut text = "\
# Tetherm's settings. You may edit this file: comments and keys that Tetherm does not know are kept. A setting that is
# left out has its default value, which is the one shown here.
#
"
    .to_owned();
    let mut inside = "";
    for setting in table::ALL {
        if setting.table != inside {
            inside = setting.table;
            text.push_str(&format!("#\n# [{inside}]\n"));
        }
        let default = spell(setting, &(setting.field.get)(&Settings::default()));
        text.push_str(&format!("# {:<36}   {}\n", format!("{} = {default}", setting.key), summary(setting)));
    }
    text.push_str(
        "#
# [keys]
# new-tab = \"Ctrl+Shift+T\"              a command's keys; [\"…\", \"…\"] for several, \"none\" for none; the settings
#                                       screen and the guide list the commands

",
    );
    text
}

/// A setting's values, and where they do not say enough its name.
fn summary(setting: &Setting) -> String {
    match setting.kind {
        Kind::Choice(words) => words_of(words),
        Kind::Number { least, most, word, unit, .. } => {
            let word = word.map(|word| format!(" or \"{word}\"")).unwrap_or_default();
            format!("{least} to {most} {unit}{word}").replace(" to 1 ", " to 1").trim_end().to_owned()
        }
        Kind::Switch | Kind::Text | Kind::Family | Kind::Scheme => lower(setting.explanation),
    }
}

/// An explanation's first sentence, as a note.
fn lower(explanation: &str) -> String {
    let first = explanation.split_once(". ").map_or(explanation, |(first, _)| first).trim_end_matches('.');
    let mut characters = first.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

fn words_of(words: &[Word]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("\"{}\"", word.word)).collect();
    words.join(", ")
}

/// Reads what the file says.
pub(super) fn read(document: &Document) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    let root = document.root();
    for setting in table::ALL {
        let inner = if setting.table.is_empty() { None } else { root.table(setting.table)? };
        let table = if setting.table.is_empty() { Some(&root) } else { inner.as_ref() };
        if let Some(value) = table.map(|table| read_value(setting, table)).transpose()?.flatten() {
            (setting.field.set)(&mut settings, &value);
        }
    }
    if let Some(table) = root.table(KEYS)? {
        settings.keys = read_keys(&table)?;
    }
    Ok(settings)
}

fn read_value(setting: &Setting, table: &Table) -> Result<Option<Value>, Error> {
    let key = setting.key;
    Ok(match setting.kind {
        Kind::Switch => table.boolean(key)?.map(Value::Switch),
        Kind::Choice(words) => read_word(key, words, table)?,
        Kind::Number { least, most, whole, word, .. } => {
            if let Some(word) = word.filter(|word| table.string(key).is_ok_and(|text| text == Some(word))) {
                return Ok(Some(Value::Word(word)));
            }
            let or = word.map(|word| format!(" or \"{word}\"")).unwrap_or_default();
            table.number_or(key, least..=most, whole, &or)?.map(Value::Number)
        }
        Kind::Text | Kind::Family | Kind::Scheme => table.string(key)?.map(|text| Value::Text(text.to_owned())),
    })
}

fn read_word(key: &str, words: &[Word], table: &Table) -> Result<Option<Value>, Error> {
    // A switch that has become a choice of "always" and "never" is still understood.
    if let Ok(Some(on)) = table.boolean(key) {
        let word = if on { "always" } else { "never" };
        if let Some(word) = words.iter().find(|other| other.word == word) {
            return Ok(Some(Value::Word(word.word)));
        }
    }
    let choices: Vec<_> = words.iter().map(|word| (word.word, word.word)).collect();
    Ok(table.choice(key, &choices)?.map(Value::Word))
}

/// The chords of each command that the file names.
fn read_keys(table: &Table) -> Result<BTreeMap<String, Vec<Chord>>, Error> {
    let mut keys = BTreeMap::new();
    for command in table.keys() {
        let mut chords = Vec::new();
        for text in table.strings(command)? {
            if text == NONE {
                continue;
            }
            let chord = Chord::parse(&text).map_err(|error| table.error(command, error.to_string()))?;
            if let Some(reason) = chord.is_the_shells() {
                return Err(table.error(command, format!("{chord} cannot be used: {reason}")));
            }
            chords.push(chord);
        }
        let _ = keys.insert(command.to_owned(), chords);
    }
    Ok(keys)
}

/// Writes what differs from `current` into the document. Only that: a default that nobody chose may become a better one
/// in a later version, so a value that is the default again is taken out, unless a comment stands beside it.
pub(super) fn write(settings: &Settings, current: &Settings, document: &mut DocumentMut) {
    let header = ending_a_line(document.trailing().as_str().unwrap_or_default().to_owned());
    let empty = document.is_empty();
    let default = Settings::default();
    for setting in table::ALL {
        let value = (setting.field.get)(settings);
        if value != (setting.field.get)(current) {
            let reset = value == (setting.field.get)(&default);
            put(document, setting.table, setting.key, Some(toml(setting, &value)), reset);
        }
    }
    for (command, chords) in &settings.keys {
        if current.keys.get(command) != Some(chords) {
            put(document, KEYS, command, Some(spell_chords(chords)), false);
        }
    }
    for command in current.keys.keys().filter(|command| !settings.keys.contains_key(*command)) {
        put(document, KEYS, command, None, true);
    }
    if empty && !document.is_empty() {
        put_first(document, &header);
    }
}

/// Sets a key of a table. A key that is `reset` is taken out instead, where that costs no comment.
fn put(document: &mut DocumentMut, table: &str, key: &str, value: Option<toml_edit::Value>, reset: bool) {
    let root = document.as_table_mut();
    let table: Option<&mut dyn TableLike> = match table {
        "" => Some(root),
        table => root.entry(table).or_insert_with(toml_edit::table).as_table_like_mut(),
    };
    let Some(table) = table else { return };
    if reset && (value.is_none() || !is_commented(table, key)) {
        return set(table, key, None);
    }
    set(table, key, value);
}

/// Whether a comment stands beside or above a key.
fn is_commented(table: &dyn TableLike, key: &str) -> bool {
    let says = |text: Option<&toml_edit::RawString>| text.and_then(|text| text.as_str()).unwrap_or("").contains('#');
    let above = table.key(key).is_some_and(|key| says(key.leaf_decor().prefix()));
    let value = table.get(key).and_then(Item::as_value);
    above || value.is_some_and(|value| says(value.decor().suffix()))
}

/// In a file without keys all comments stand at its end: what is written first goes behind them.
fn put_first(document: &mut DocumentMut, header: &str) {
    document.set_trailing("");
    let first = document.iter().next().map(|(key, _)| key.to_owned()).unwrap_or_default();
    match document.get_mut(&first) {
        Some(Item::Table(table)) => table.decor_mut().set_prefix(header),
        _ => {
            if let Some(mut key) = document.key_mut(&first) {
                key.leaf_decor_mut().set_prefix(header);
            }
        }
    }
}

fn toml(setting: &Setting, value: &Value) -> toml_edit::Value {
    match value {
        Value::Switch(on) => (*on).into(),
        Value::Number(number) => match setting.kind {
            Kind::Number { whole: true, .. } => (*number as i64).into(),
            _ if number.fract() == 0.0 => (*number as i64).into(),
            // Through text, so that an f32 such as 12.1 is not written with the digits of its f64.
            _ => (*number as f32).to_string().parse::<f64>().unwrap_or(*number).into(),
        },
        Value::Word(word) => (*word).into(),
        Value::Text(text) => text.as_str().into(),
    }
}

fn spell(setting: &Setting, value: &Value) -> String {
    toml(setting, value).to_string()
}

fn spell_chords(chords: &[Chord]) -> toml_edit::Value {
    match chords {
        [] => NONE.into(),
        [chord] => chord.to_string().into(),
        several => several.iter().map(Chord::to_string).collect(),
    }
}
