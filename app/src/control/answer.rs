//! What a window answers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a window answers.
#[derive(Clone, PartialEq)]
pub enum Answer {
    /// To `Ls`.
    Listing(Listing),
    /// To `Text`: a line each.
    Text(String),
    /// To `Send`.
    Sent,
    /// To `Open`: the new tab.
    Opened {
        /// Its id.
        tab: u64,
    },
    /// To `Screenshot`.
    Screenshot {
        /// Width in physical pixels.
        width: u32,
        /// Height in physical pixels.
        height: u32,
        /// Four bytes a pixel, sRGB.
        rgba: Vec<u8>,
    },
    /// It cannot be done: what is wrong and what to do.
    Refused(String),
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listing(listing) => f.debug_tuple("Listing").field(listing).finish(),
            // What a screen shows may be secret.
            Self::Text(_) => f.write_str("Text"),
            Self::Sent => f.write_str("Sent"),
            Self::Opened { tab } => f.debug_struct("Opened").field("tab", tab).finish(),
            Self::Screenshot { width, height, .. } => write!(f, "Screenshot {width}x{height}"),
            Self::Refused(reason) => f.debug_tuple("Refused").field(reason).finish(),
        }
    }
}

/// The windows of the program.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Listing {
    /// The windows, oldest first.
    pub windows: Vec<Window>,
}

/// A window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Names it for as long as the program runs.
    pub id: u64,
    /// Its title.
    pub title: String,
    /// Width of its content in logical pixels.
    pub width: f32,
    /// Height of its content in logical pixels.
    pub height: f32,
    /// Physical pixels per logical pixel.
    pub scale: f32,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// Its tabs from the left.
    pub tabs: Vec<Tab>,
}

/// A tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tab {
    /// Names it for as long as the program runs.
    pub id: u64,
    /// How its session stands.
    #[serde(flatten)]
    pub state: State,
    /// What the tab bar shows.
    pub title: String,
    /// Where it is connected to, or tries to be.
    pub host: String,
    /// Columns of its terminal.
    pub columns: u16,
    /// Lines of its terminal.
    pub lines: u16,
    /// Whether it is the one that the window shows.
    pub active: bool,
    /// Its panes, oldest first. What stands above is told of the one with the keyboard.
    #[serde(default)]
    pub panes: Vec<Pane>,
}

/// A pane of a tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pane {
    /// Names it for as long as the program runs; no tab has the same.
    pub id: u64,
    /// How its session stands.
    #[serde(flatten)]
    pub state: State,
    /// What it is called.
    pub title: String,
    /// Where it is connected to, or tries to be.
    pub host: String,
    /// Columns of its terminal.
    pub columns: u16,
    /// Lines of its terminal.
    pub lines: u16,
    /// Whether it has the tab's keyboard.
    pub focused: bool,
}

/// How a session stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// On its way.
    Connecting,
    /// It waits for an answer that only the user can give.
    Prompt {
        /// What is asked for: `host-key`, `password`, `passphrase`, `keyboard-interactive` …; never what was answered.
        prompt: String,
    },
    /// A shell runs.
    Open,
    /// It ended.
    Closed {
        /// Why.
        reason: String,
    },
}
