//! The settings: `settings.toml`, which the user may edit too.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Value};

pub use super::Error;
use super::document::{Document, Table, ending_a_line, print, set};
use super::file;

/// Which colours the window has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// What the desktop asks for.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What draws the window. Takes effect at the next start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Renderer {
    /// The graphics card where there is one, the processor otherwise.
    #[default]
    Auto,
    /// The processor.
    Software,
    /// The graphics card.
    Gpu,
}

/// What the user chose; each default is what a new user gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `theme`.
    pub theme: Theme,
    /// `renderer`.
    pub renderer: Renderer,
    /// `terminal.font_size`, in logical pixels, within [`Settings::FONT_SIZES`].
    pub font_size: f32,
    /// `terminal.scrollback`, in lines, within [`Settings::SCROLLBACKS`].
    pub scrollback: usize,
    /// `terminal.cursor_blink`.
    pub cursor_blink: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            renderer: Renderer::default(),
            font_size: 14.0,
            scrollback: 10_000,
            cursor_blink: false,
        }
    }
}

const THEMES: [(&str, Theme); 3] = [("system", Theme::System), ("light", Theme::Light), ("dark", Theme::Dark)];
const RENDERERS: [(&str, Renderer); 3] =
    [("auto", Renderer::Auto), ("software", Renderer::Software), ("gpu", Renderer::Gpu)];

const HEADER: &str = "\
# Tetherm's settings. You may edit this file: comments and keys that Tetherm does not know are kept. A setting that is
# left out has its default value.
#
# theme = \"system\"          \"system\", \"light\" or \"dark\"
# renderer = \"auto\"         \"auto\", \"software\" or \"gpu\"; read at the start
#
# [terminal]
# font_size = 14            6 to 72
# scrollback = 10000        lines kept of each terminal, 0 to 1000000
# cursor_blink = false

";

impl Settings {
    /// The font sizes that can be set.
    pub const FONT_SIZES: std::ops::RangeInclusive<f32> = 6.0..=72.0;
    /// The lengths of scrollback that can be set.
    pub const SCROLLBACKS: std::ops::RangeInclusive<usize> = 0..=1_000_000;

    /// Reads the file; a missing one has the defaults. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Malformed`], after a copy was put beside the file as `settings.toml.broken-N`; [`Error::Unreadable`].
    pub fn load(path: &Path) -> Result<Self, Error> {
        let Some(bytes) = file::read(path)? else { return Ok(Self::default()) };
        Document::parse(path, &bytes).and_then(|document| read(&document)).inspect_err(|_| {
            if let Err(reason) = file::keep_aside(path, &bytes) {
                log::warn!("no copy of the broken {} could be kept: {reason}", path.display());
            }
        })
    }

    /// Writes what differs from the file into it. Blocks on the disk.
    ///
    /// # Errors
    /// See [`Error`]; the file is as it was. One that is not understood is never written to.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        file::update(path, |before| {
            let before = before.unwrap_or_else(|| HEADER.as_bytes().to_vec());
            let document = Document::parse(path, &before)?;
            let current = read(&document)?;
            let mut document = document.into_mut();
            self.write(&current, &mut document);
            let after = print(&document, &before);
            let _ = read(&Document::parse(path, &after)?)?;
            Ok((after, ()))
        })
    }

    /// Only what changed is written: a default that nobody chose may become a better one in a later version.
    fn write(&self, current: &Self, document: &mut DocumentMut) {
        let header = ending_a_line(document.trailing().as_str().unwrap_or_default().to_owned());
        let empty = document.is_empty();
        if self.theme != current.theme {
            set(document.as_table_mut(), "theme", word(&THEMES, self.theme));
        }
        if self.renderer != current.renderer {
            set(document.as_table_mut(), "renderer", word(&RENDERERS, self.renderer));
        }
        let terminal = self.terminal_changes(current);
        if !terminal.is_empty() {
            let table = document.entry("terminal").or_insert_with(toml_edit::table);
            if let Some(table) = table.as_table_like_mut() {
                terminal.into_iter().for_each(|(key, value)| set(table, key, Some(value)));
            }
        }
        if empty && !document.is_empty() {
            put_first(document, &header);
        }
    }

    fn terminal_changes(&self, current: &Self) -> Vec<(&'static str, Value)> {
        let mut changes = Vec::new();
        if self.font_size != current.font_size {
            changes.push(("font_size", Value::from(f64::from(self.font_size))));
        }
        if self.scrollback != current.scrollback {
            changes.push(("scrollback", Value::from(i64::try_from(self.scrollback).unwrap_or(i64::MAX))));
        }
        if self.cursor_blink != current.cursor_blink {
            changes.push(("cursor_blink", Value::from(self.cursor_blink)));
        }
        changes
    }
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

fn word<T: PartialEq>(choices: &[(&str, T)], choice: T) -> Option<Value> {
    choices.iter().find(|(_, other)| *other == choice).map(|(word, _)| Value::from(*word))
}

fn read(document: &Document) -> Result<Settings, Error> {
    let default = Settings::default();
    let root = document.root();
    let terminal = root.table("terminal")?;
    let terminal = terminal.as_ref();
    Ok(Settings {
        theme: root.choice("theme", &THEMES)?.unwrap_or_default(),
        renderer: root.choice("renderer", &RENDERERS)?.unwrap_or_default(),
        font_size: terminal.map_or(Ok(None), read_font_size)?.unwrap_or(default.font_size),
        scrollback: terminal.map_or(Ok(None), read_scrollback)?.unwrap_or(default.scrollback),
        cursor_blink: terminal.map_or(Ok(None), |table| table.boolean("cursor_blink"))?.unwrap_or(default.cursor_blink),
    })
}

fn read_font_size(table: &Table) -> Result<Option<f32>, Error> {
    let range = f64::from(*Settings::FONT_SIZES.start())..=f64::from(*Settings::FONT_SIZES.end());
    Ok(table.number("font_size", range)?.map(|size| size as f32))
}

fn read_scrollback(table: &Table) -> Result<Option<usize>, Error> {
    let end = i64::try_from(*Settings::SCROLLBACKS.end()).unwrap_or(i64::MAX);
    Ok(table.integer("scrollback", 0..=end)?.and_then(|lines| usize::try_from(lines).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_read_back_and_nothing_else_is_written() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("settings.toml");
        let chosen = Settings { theme: Theme::Dark, font_size: 15.5, ..Settings::default() };
        chosen.save(&path).expect("saved");
        assert_eq!(Settings::load(&path), Ok(chosen));
        let text = std::fs::read_to_string(&path).expect("there");
        assert_eq!(text, format!("{HEADER}theme = \"dark\"\n\n[terminal]\nfont_size = 15.5\n"));
    }

    #[test]
    fn comments_and_unknown_keys_are_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("settings.toml");
        let text = "# mine\nlater = 1\ntheme = 'light' # bright\n\n[terminal] # the grid\nscrollback = 5_000\n# end\n";
        std::fs::write(&path, text).expect("written");
        let mut settings = Settings::load(&path).expect("understood");
        assert_eq!((settings.theme, settings.scrollback), (Theme::Light, 5_000));
        settings.theme = Theme::Dark;
        settings.cursor_blink = true;
        settings.save(&path).expect("saved");
        let expected = text.replace("'light'", "\"dark\"").replace("5_000\n", "5_000\ncursor_blink = true\n");
        assert_eq!(std::fs::read_to_string(&path).expect("there"), expected);
    }

    #[test]
    fn a_value_out_of_range_is_refused_with_its_place() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "[terminal]\nfont_size = 400\n").expect("written");
        let error = Settings::load(&path).expect_err("too large");
        assert!(error.to_string().contains("line 2, column 13: 'font_size' must be a number from 6 to 72"), "{error}");
        assert_eq!(Settings::default().save(&path), Err(error));
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "[terminal]\nfont_size = 400\n");
        assert!(path.with_file_name("settings.toml.broken-1").exists());
    }
}
