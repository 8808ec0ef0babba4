//! What can be asked of a window.

use serde::{Deserialize, Serialize};

/// What can be asked of a window. Tabs, panes and windows are named by the `id` that [`Request::Ls`] tells, and a tab
/// stands for its pane with the keyboard; without one the focused window and its active tab are meant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// The windows and their tabs.
    Ls,
    /// What a tab's screen shows.
    Text {
        /// The tab or pane.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tab: Option<u64>,
    },
    /// Types text into a tab.
    Send {
        /// The tab or pane.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tab: Option<u64>,
        /// The text, sent as it is.
        text: String,
    },
    /// Opens a tab, as the quick-connect field does.
    Open {
        /// `user@host:port`, `ssh://…`, an alias of `~/.ssh/config` or a saved host's name.
        destination: String,
    },
    /// A picture of a window.
    Screenshot {
        /// The window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<u64>,
    },
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ls => f.write_str("Ls"),
            Self::Text { tab } => f.debug_struct("Text").field("tab", tab).finish(),
            // What is typed may be a password.
            Self::Send { tab, .. } => f.debug_struct("Send").field("tab", tab).finish_non_exhaustive(),
            Self::Open { destination } => f.debug_struct("Open").field("destination", destination).finish(),
            Self::Screenshot { window } => f.debug_struct("Screenshot").field("window", window).finish(),
        }
    }
}
