//! iTerm2's schemes: `.itermcolors`, a property list in XML whose dictionaries give each colour's parts from 0 to 1.

use std::collections::HashMap;
use std::path::Path;

use quick_xml::events::Event;
use quick_xml::reader::Reader;
use term::terminal::{Palette, Rgb};

use super::text;
use super::{Error, Ground, Scheme};
use crate::store::document::malformed;

/// Reads a file.
pub(super) fn read(path: &Path, bytes: &[u8], stem: &str) -> Result<Scheme, Error> {
    let colors = colors(path, bytes)?;
    let get = |name: &str| colors.get(&format!("{name} Color")).copied();
    let required = |name: &str| {
        get(name).ok_or_else(|| Error::NotImported {
            path: path.to_owned(),
            message: format!("it has no '{name} Color', so it is no colour scheme of iTerm2"),
        })
    };
    let (foreground, background) = (required("Foreground")?, required("Background")?);
    let mut ansi = [Rgb::default(); 16];
    for (number, color) in ansi.iter_mut().enumerate() {
        *color = required(&format!("Ansi {number}"))?;
    }
    let palette = Palette {
        foreground,
        background,
        cursor: get("Cursor").unwrap_or(foreground),
        cursor_text: get("Cursor Text").unwrap_or(background),
        selection: get("Selection").unwrap_or_else(|| text::between(background, foreground)),
        ansi,
    };
    Ok(Scheme { name: stem.to_owned(), title: text::title(stem), ground: Ground::of(background), palette, own: true })
}

/// The colours by their names. Of the outer dictionary each key is followed by a dictionary of its own.
fn colors(path: &Path, bytes: &[u8]) -> Result<HashMap<String, Rgb>, Error> {
    let mut reader = Reader::from_reader(bytes);
    let wrong =
        |place: u64, message: String| malformed(path, bytes, usize::try_from(place).unwrap_or(bytes.len()), message);
    let mut colors = HashMap::new();
    let (mut depth, mut name, mut key, mut text) = (0_usize, String::new(), String::new(), String::new());
    let mut parts = [None::<f64>; 3];
    loop {
        let event = reader.read_event().map_err(|error| wrong(reader.error_position(), error.to_string()))?;
        match event {
            Event::Start(tag) => {
                text.clear();
                if tag.name().as_ref() == b"dict" {
                    depth += 1;
                    name = std::mem::take(&mut key);
                    parts = [None; 3];
                }
            }
            Event::Text(content) => text.push_str(&String::from_utf8_lossy(&content)),
            Event::End(tag) => match tag.name().as_ref() {
                b"key" => key = text.trim().to_owned(),
                b"real" | b"integer" if depth > 1 => {
                    if let Some(part) = part(&key).and_then(|index| parts.get_mut(index)) {
                        let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
                        let expected =
                            || wrong(reader.buffer_position(), format!("'{key}' must be a number from 0 to 1"));
                        *part = Some(number.ok_or_else(expected)?);
                    }
                }
                b"dict" => {
                    depth = depth.saturating_sub(1);
                    if let [Some(r), Some(g), Some(b)] = parts {
                        let _ = colors.insert(std::mem::take(&mut name), Rgb { r: byte(r), g: byte(g), b: byte(b) });
                    }
                    parts = [None; 3];
                }
                _ => {}
            },
            Event::Eof if depth > 0 => {
                return Err(wrong(bytes.len() as u64, "the file ends before its dictionaries do".to_owned()));
            }
            Event::Eof => return Ok(colors),
            _ => {}
        }
    }
}

fn part(key: &str) -> Option<usize> {
    ["Red Component", "Green Component", "Blue Component"].iter().position(|name| *name == key)
}

fn byte(part: f64) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}
