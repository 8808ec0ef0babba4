//! Every setting once: its place in the file and on the settings screen, its values, and one line that explains it.
//!
//! The file's reader, its writer, its header and the settings screen all go by this table. A setting is added by a
//! field of [`Settings`] or [`super::Terminal`] with its default, and a line here.

use super::choice::{
    Bell, Choice, CursorBlink, CursorShape, LogSessions, Notifications, PasteGuard, Renderer, RightClick, Theme, Word,
};
use super::field::{Field, Type};
use super::{Scrollback, Settings};

/// A part of the settings screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// Colours, fonts, the cursor.
    Appearance,
    /// Scrolling and selecting.
    Terminal,
    /// The mouse, the clipboard, what asks for attention.
    Behaviour,
}

/// What values a setting can have.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// On or off.
    Switch,
    /// One of a few words.
    Choice(&'static [Word]),
    /// A number, or the word beside it.
    Number {
        /// The smallest.
        least: f64,
        /// The largest.
        most: f64,
        /// Whether it is a whole number.
        whole: bool,
        /// What it counts; may be empty.
        unit: &'static str,
        /// A word that may stand in its place.
        word: Option<&'static str>,
    },
    /// A text.
    Text,
    /// The name of a font family; empty for the bundled one.
    Family,
    /// The name of a colour scheme.
    Scheme,
}

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Where it is on the screen.
    pub section: Section,
    /// Its table in the file; empty for the keys above all tables.
    pub table: &'static str,
    /// Its key in the table.
    pub key: &'static str,
    /// Its name on the screen.
    pub title: &'static str,
    /// What it is for, in a line.
    pub explanation: &'static str,
    /// Its values.
    pub kind: Kind,
    /// Its place in [`Settings`].
    pub field: Field,
}

impl Setting {
    /// `table.key`, which names it in the whole program.
    #[must_use]
    pub fn path(&self) -> String {
        if self.table.is_empty() { self.key.to_owned() } else { format!("{}.{}", self.table, self.key) }
    }

    /// The setting with this path.
    #[must_use]
    pub fn find(path: &str) -> Option<&'static Self> {
        ALL.iter().find(|setting| setting.path() == path)
    }

    /// Whether these settings have another value than a new user's.
    #[must_use]
    pub fn is_changed(&self, settings: &Settings) -> bool {
        (self.field.get)(settings) != (self.field.get)(&Settings::default())
    }

    /// Gives it the value that a new user has.
    pub fn reset(&self, settings: &mut Settings) {
        (self.field.set)(settings, &(self.field.get)(&Settings::default()));
    }
}

/// A whole number from `least` to `most` of what `unit` says.
const fn whole(least: u32, most: u32, unit: &'static str) -> Kind {
    Kind::Number { least: least as f64, most: most as f64, whole: true, unit, word: None }
}

/// The words of a choice.
const fn choice<T: Choice>() -> Kind {
    Kind::Choice(T::WORDS)
}

const FONT_SIZE: Kind = Kind::Number {
    least: *Settings::FONT_SIZES.start() as f64,
    most: *Settings::FONT_SIZES.end() as f64,
    whole: false,
    unit: "px",
    word: None,
};
const CONTRAST: Kind = Kind::Number { least: 1.0, most: 21.0, whole: false, unit: "to 1", word: None };
const SCROLLBACK: Kind = Kind::Number {
    least: *Settings::SCROLLBACKS.start() as f64,
    most: *Settings::SCROLLBACKS.end() as f64,
    whole: true,
    unit: "lines",
    word: Some(Scrollback::UNLIMITED),
};

/// A line of the table: `SECTION TABLE.KEY: TITLE, KIND, EXPLANATION`.
macro_rules! settings {
    ($($section:ident $first:ident $(. $second:ident)?: $title:literal, $kind:expr, $explanation:literal;)*) => {
        /// Every setting, in the order of the file and of the screen.
        pub const ALL: &[Setting] = &[$(Setting {
            section: Section::$section,
            table: settings!(@table $first $($second)?),
            key: settings!(@key $first $($second)?),
            title: $title,
            explanation: $explanation,
            kind: $kind,
            field: Field {
                get: |settings| settings.$first $(.$second)?.value(),
                set: |settings, value| settings.$first $(.$second)?.take(value),
            },
        }),*];
    };
    (@table $key:ident) => { "" };
    (@table $table:ident $key:ident) => { stringify!($table) };
    (@key $key:ident) => { stringify!($key) };
    (@key $table:ident $key:ident) => { stringify!($key) };
}

settings! {
    Appearance theme: "Theme", choice::<Theme>(), "Light or dark, for the window and the terminals in it.";
    Appearance renderer: "Drawn by", choice::<Renderer>(), "What draws the window. Takes effect at the next start.";
    Appearance scheme.dark: "Dark colours", Kind::Scheme, "The terminals' colour scheme while the window is dark.";
    Appearance scheme.light: "Light colours", Kind::Scheme, "The terminals' colour scheme while the window is light.";
    Appearance terminal.font_family: "Font", Kind::Family,
        "The terminals' font, a monospace one. Left empty, it is the bundled JetBrains Mono.";
    Appearance terminal.font_size: "Text size", FONT_SIZE, "Size of the terminals' text.";
    Appearance terminal.ligatures: "Ligatures", Kind::Switch,
        "Draws signs such as => and != as one, where the font has a drawing for them.";
    Appearance terminal.minimum_contrast: "Text contrast", CONTRAST,
        "Text is made lighter or darker until it stands out at least this much. 1 leaves colours alone; 4.5 is easy to read.";
    Appearance terminal.bold_is_bright: "Bold is bright", Kind::Switch,
        "Shows bold text of the first eight colours in their bright versions.";
    Appearance terminal.blinking_text: "Blinking text", Kind::Switch,
        "Lets text blink where a program asks for it; off, it is shown steadily.";
    Appearance terminal.cursor_shape: "Cursor", choice::<CursorShape>(),
        "The cursor's shape until a program chooses another.";
    Appearance terminal.cursor_blink: "Cursor blinks", choice::<CursorBlink>(),
        "Whether the cursor blinks while you type.";
    Appearance terminal.padding: "Padding", whole(0, 64, "px"), "Space between the text and the terminal's edge.";
    Terminal terminal.scrollback: "Scrollback", SCROLLBACK,
        "Lines kept of each terminal, 0 to 1000000; \"unlimited\" keeps all that the memory below holds.";
    Terminal terminal.scrollback_memory: "Memory for unlimited scrollback", whole(16, 65_536, "MiB"),
        "What an unlimited scrollback may take in each terminal; then the oldest lines go.";
    Terminal terminal.scroll_on_output: "Scroll on output", Kind::Switch,
        "Goes to the newest line whenever something is printed.";
    Terminal terminal.scroll_on_key: "Scroll on a key", Kind::Switch, "Goes to the newest line when you type.";
    Terminal terminal.word_separators: "Word separators", Kind::Text,
        "Where a word ends that a double click selects, besides at blanks.";
    Terminal terminal.copy_on_select: "Copy on select", Kind::Switch,
        "Puts selected text on the clipboard at once. A middle click pastes it either way.";
    Behaviour terminal.right_click: "Right click", choice::<RightClick>(), "What a right click on a terminal does.";
    Behaviour terminal.paste_guard: "Ask before pasting", choice::<PasteGuard>(),
        "When several lines or control characters are shown to you before they are pasted.";
    Behaviour terminal.bell: "Bell", choice::<Bell>(), "What happens when a program rings the bell.";
    Behaviour terminal.notifications: "Notifications", choice::<Notifications>(),
        "Which messages of programs the desktop shows.";
    Behaviour terminal.command_finished_after: "Tell of commands longer than", whole(0, 86_400, "s"),
        "Notifies when a command that took so long has finished. 0 never does. The shell must mark its prompts (OSC 133).";
    Behaviour terminal.log_sessions: "Log sessions", choice::<LogSessions>(),
        "Writes what every session shows to a file of its own. A host can have it otherwise.";
    Behaviour terminal.log_folder: "Folder of the logs", Kind::Text, "Where they go. ~/ is your home folder.";
    Behaviour terminal.log_name: "Names of the logs", Kind::Text,
        "{host}, {address}, {date} and {time} stand for what they say, / makes folders. Existing files are left alone.";
}
