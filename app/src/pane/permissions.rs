//! What hosts that are not saved may do, for as long as the program runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Whether programs on a host may write the clipboard, by the host's destination; shared by all panes.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    clipboard: Arc<Mutex<HashMap<String, bool>>>,
}

impl Permissions {
    /// What the user answered for this destination; `None` if they were not asked.
    #[must_use]
    pub fn clipboard(&self, destination: &str) -> Option<bool> {
        self.clipboard.lock().unwrap_or_else(PoisonError::into_inner).get(destination).copied()
    }

    /// Remembers an answer.
    pub fn set_clipboard(&self, destination: String, allowed: bool) {
        let mut answers = self.clipboard.lock().unwrap_or_else(PoisonError::into_inner);
        let _before = answers.insert(destination, allowed);
    }
}
