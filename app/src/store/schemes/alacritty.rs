//! Alacritty's schemes: the `colors` of its configuration, as TOML and as the YAML that it used before.

use std::collections::HashMap;
use std::path::Path;

use term::terminal::{Palette, Rgb};

use super::text::{self, COLORS};
use super::{Error, Ground, Scheme};
use crate::store::document::{Table, malformed};

/// Reads the table `[colors]`.
pub(super) fn read_toml(path: &Path, colors: &Table, stem: &str) -> Result<Scheme, Error> {
    let mut found = HashMap::new();
    for section in SECTIONS {
        let Some(table) = colors.table(section)? else { continue };
        for key in table.keys() {
            // Alacritty has words for "as the cell" too: those count as not given.
            if table.string(key).ok().flatten().is_some_and(|text| text.starts_with(['#', '0'])) {
                let color = text::color(&table, key)?;
                found.extend(color.map(|color| (format!("{section}.{key}"), color)));
            }
        }
    }
    scheme(path, &found, stem)
}

/// The parts of `colors` that are looked at.
const SECTIONS: [&str; 5] = ["primary", "cursor", "selection", "normal", "bright"];

/// Reads a whole YAML configuration: of that format only what Alacritty's schemes are written in, keys that are nested by
/// their indentation.
pub(super) fn read_yaml(path: &Path, bytes: &[u8], stem: &str) -> Result<Scheme, Error> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = HashMap::new();
    let mut parents: Vec<(usize, &str)> = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let indent = line.len() - line.trim_start().len();
        let Some((key, value)) = entry(line) else { continue };
        parents.retain(|(outer, _)| *outer < indent);
        if value.is_empty() {
            parents.push((indent, key));
            continue;
        }
        let names: Vec<_> = parents.iter().map(|(_, name)| *name).collect();
        let [.., "colors", section] = names.as_slice() else { continue };
        if SECTIONS.contains(section) && value.starts_with(['#', '0']) {
            let wrong = || {
                let place = start + line.find(value).unwrap_or_default();
                malformed(path, bytes, place, format!("'{key}' must be a colour such as \"#1e90ff\""))
            };
            let _ = found.insert(format!("{section}.{key}"), text::parse(value).ok_or_else(wrong)?);
        }
    }
    scheme(path, &found, stem)
}

/// `key: value` of a line, without quotes, anchors and comments.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (key, value) = line.split_once(':').filter(|_| !line.starts_with('#'))?;
    let value = value.trim();
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.get(1..)?.split(quote).next()?,
        Some('&' | '#') | None => "",
        Some(_) => value.split_whitespace().next()?,
    };
    Some((key.trim(), value))
}

fn scheme(path: &Path, found: &HashMap<String, Rgb>, stem: &str) -> Result<Scheme, Error> {
    let get = |key: &str| found.get(key).copied();
    let required = |key: &str| {
        get(key).ok_or_else(|| Error::NotImported {
            path: path.to_owned(),
            message: format!("it has no colors.{key}; Tetherm imports Alacritty's, iTerm2's and its own schemes"),
        })
    };
    let (foreground, background) = (required("primary.foreground")?, required("primary.background")?);
    let mut ansi = [Rgb::default(); 16];
    let (normal, bright) = ansi.split_at_mut(8);
    for ((name, dim), light) in COLORS.iter().zip(normal).zip(bright) {
        *dim = required(&format!("normal.{name}"))?;
        *light = get(&format!("bright.{name}")).unwrap_or(*dim);
    }
    let palette = Palette {
        foreground,
        background,
        cursor: get("cursor.cursor").unwrap_or(foreground),
        cursor_text: get("cursor.text").unwrap_or(background),
        selection: get("selection.background").unwrap_or_else(|| text::between(background, foreground)),
        ansi,
    };
    let title = text::title(&stem.replace(['_', '-'], " "));
    Ok(Scheme { name: stem.to_owned(), title, ground: Ground::of(background), palette, own: true })
}
