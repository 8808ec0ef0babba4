//! The settings: `settings.toml`, which the user may edit too.

pub mod choice;
pub mod field;
pub mod table;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

pub use choice::{Bell, CursorBlink, CursorShape, LogSessions, Notifications, PasteGuard, Renderer, RightClick, Theme};
pub use field::Value;
pub use table::Setting;

pub use super::Error;
use super::document::{Document, print};
use super::file;
use super::keys::Chord;

/// What the user chose; each default is what a new user gets. [`table::ALL`] says what each setting is for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// `theme`.
    pub theme: Theme,
    /// `renderer`.
    pub renderer: Renderer,
    /// `[scheme]`.
    pub scheme: Scheme,
    /// `[terminal]`.
    pub terminal: Terminal,
    /// `[keys]`: the chords of the commands that have others than their own. Names that no command has are kept.
    pub keys: BTreeMap<String, Vec<Chord>>,
}

/// `[scheme]`: names of colour schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// While the window is light.
    pub light: String,
    /// While the window is dark.
    pub dark: String,
}

impl Default for Scheme {
    fn default() -> Self {
        Self { light: "tetherm-light".to_owned(), dark: "tetherm-dark".to_owned() }
    }
}

/// `[terminal]`: how terminals look and what they do.
#[derive(Debug, Clone, PartialEq)]
pub struct Terminal {
    /// A monospace family; empty for the bundled one.
    pub font_family: String,
    /// In logical pixels, within [`Settings::FONT_SIZES`].
    pub font_size: f32,
    /// Whether signs are joined where the font has a drawing for that.
    pub ligatures: bool,
    /// The smallest contrast of text and background by WCAG 2.2, 1 (as they are) to 21.
    pub minimum_contrast: f32,
    /// Whether bold text of the first eight colours is shown in their bright versions.
    pub bold_is_bright: bool,
    /// Whether text that is to blink (SGR 5) does.
    pub blinking_text: bool,
    /// The cursor until a program chooses another.
    pub cursor_shape: CursorShape,
    /// Whether it blinks.
    pub cursor_blink: CursorBlink,
    /// Around the text, in logical pixels, 0 to 64.
    pub padding: u32,
    /// What is kept of what has scrolled away.
    pub scrollback: Scrollback,
    /// The bound of an unlimited scrollback, in MiB for each terminal.
    pub scrollback_memory: u32,
    /// Whether output shows the newest line.
    pub scroll_on_output: bool,
    /// Whether a key shows the newest line.
    pub scroll_on_key: bool,
    /// The characters that end a word besides blanks.
    pub word_separators: String,
    /// Whether selecting copies.
    pub copy_on_select: bool,
    /// What a right click does.
    pub right_click: RightClick,
    /// When a paste is shown first.
    pub paste_guard: PasteGuard,
    /// What the bell does.
    pub bell: Bell,
    /// Which notifications are shown.
    pub notifications: Notifications,
    /// The seconds after which a command's end is told of; 0 for never.
    pub command_finished_after: u32,
    /// Whether sessions are logged from their beginning.
    pub log_sessions: LogSessions,
    /// The folder of their logs; `~/` is the home folder.
    pub log_folder: String,
    /// The pattern of the logs' names.
    pub log_name: String,
}

impl Default for Terminal {
    fn default() -> Self {
        Self {
            font_family: String::new(),
            font_size: 14.0,
            ligatures: false,
            minimum_contrast: 1.0,
            bold_is_bright: false,
            blinking_text: true,
            cursor_shape: CursorShape::default(),
            cursor_blink: CursorBlink::default(),
            padding: 8,
            scrollback: Scrollback::default(),
            scrollback_memory: 512,
            scroll_on_output: false,
            scroll_on_key: true,
            word_separators: ",│`|:\"'()[]{}<>;".to_owned(),
            copy_on_select: false,
            right_click: RightClick::default(),
            paste_guard: PasteGuard::default(),
            bell: Bell::default(),
            notifications: Notifications::default(),
            command_finished_after: 30,
            log_sessions: LogSessions::default(),
            log_folder: "~/tetherm-logs".to_owned(),
            log_name: "{host}-{date}-{time}".to_owned(),
        }
    }
}

/// What is kept of what has scrolled away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scrollback {
    /// So many lines, within [`Settings::SCROLLBACKS`].
    Lines(usize),
    /// All that [`Terminal::scrollback_memory`] holds.
    Unlimited,
}

impl Default for Scrollback {
    fn default() -> Self {
        Self::Lines(10_000)
    }
}

impl Terminal {
    /// How many lines are kept: as many as the file can say where there is no limit.
    #[must_use]
    pub fn scrollback_lines(&self) -> usize {
        match self.scrollback {
            Scrollback::Lines(lines) => lines,
            Scrollback::Unlimited => *Settings::SCROLLBACKS.end(),
        }
    }
}

impl Scrollback {
    /// The word for [`Scrollback::Unlimited`].
    pub const UNLIMITED: &str = "unlimited";
}

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
        Document::parse(path, &bytes).and_then(|document| text::read(&document)).inspect_err(|_| {
            if let Err(reason) = file::keep_aside(path, &bytes) {
                log::warn!("no copy of the broken {} could be kept: {reason}", path.display());
            }
        })
    }

    /// Writes what differs from `base`, which the file held when it was read last, into the file. What it holds of
    /// other changes stays. Returns what it holds then. Blocks on the disk.
    ///
    /// # Errors
    /// See [`Error`]; the file is as it was. One that is not understood is never written to.
    pub fn save(&self, base: &Self, path: &Path) -> Result<Self, Error> {
        file::update(path, |before| {
            let before = before.unwrap_or_else(|| text::header().into_bytes());
            let document = Document::parse(path, &before)?;
            let current = text::read(&document)?;
            let mut document = document.into_mut();
            text::write(&current.with_changes(base, self), &current, &mut document);
            let after = print(&document, &before);
            let settings = text::read(&Document::parse(path, &after)?)?;
            Ok((after, settings))
        })
    }

    /// These settings with what differs between two others: a change that was made to a copy.
    #[must_use]
    pub fn with_changes(&self, before: &Self, after: &Self) -> Self {
        let mut settings = self.clone();
        for setting in table::ALL {
            let value = (setting.field.get)(after);
            if value != (setting.field.get)(before) {
                (setting.field.set)(&mut settings, &value);
            }
        }
        for (command, chords) in &after.keys {
            if before.keys.get(command) != Some(chords) {
                let _ = settings.keys.insert(command.clone(), chords.clone());
            }
        }
        settings.keys.retain(|command, _| after.keys.contains_key(command) || !before.keys.contains_key(command));
        settings
    }
}

#[cfg(test)]
mod tests;
