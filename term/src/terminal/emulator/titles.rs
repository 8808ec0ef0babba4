//! The titles of the window and of its icon (OSC 0, 1, 2; XTWINOPS 20 to 23).

use super::super::event::clean_title;
use super::{Emulator, Params};

/// Titles that `CSI 22 t` remembers.
const DEPTH: usize = 10;

/// What a program calls the window and its icon, and what was put aside.
#[derive(Debug, Default)]
pub(super) struct Titles {
    pub(super) window: Option<String>,
    icon: Option<String>,
    stack: Vec<(Option<String>, Option<String>)>,
}

impl Emulator {
    /// OSC 0, 1 and 2; an empty title is none.
    pub(super) fn title_command(&mut self, command: &str, title: &str) {
        let title = Some(clean_title(title)).filter(|title| !title.is_empty());
        if command != "2" {
            self.titles.icon.clone_from(&title);
        }
        if command != "1" {
            self.set_title(title);
        }
    }

    /// `CSI 22 ; what t`: both are kept, whatever is asked for, and the end takes what it wants (xterm).
    pub(super) fn push_titles(&mut self) {
        if self.titles.stack.len() < DEPTH {
            let titles = (self.titles.window.clone(), self.titles.icon.clone());
            self.titles.stack.push(titles);
        }
    }

    /// `CSI 23 ; what t`: 0 for both, 1 for the icon's, 2 for the window's.
    pub(super) fn pop_titles(&mut self, params: &Params) {
        let Some((window, icon)) = self.titles.stack.pop() else { return };
        let what = params.get(1);
        if what != 2 {
            self.titles.icon = icon;
        }
        if what != 1 {
            self.set_title(window);
        }
    }

    /// A title is a text that the other side chose: it is told only where the user lets programs read what is shown.
    /// Else the answer is an empty one, for whoever waits for it.
    pub(super) fn report_title(&mut self, letter: char) {
        let title = if letter == 'L' { &self.titles.icon } else { &self.titles.window };
        let title = title.as_deref().filter(|_| self.permissions.read_screen).unwrap_or_default();
        let answer = format!("\x1b]{letter}{title}\x1b\\");
        self.reply(&answer);
    }
}
