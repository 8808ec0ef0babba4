//! Keys: the window's shortcuts first, then scrolling and the clipboard, and whatever remains is the shell's.

use std::time::Instant;

use iced::advanced::Shell;
use iced::keyboard::{Event, Key, Modifiers, key::Named};
use term::terminal::Scroll;

use super::state::State;
use super::{Action, Terminal, keys};

impl<Message> Terminal<'_, Message> {
    pub(super) fn key(&self, state: &mut State, event: &Event, shell: &mut Shell<'_, Message>) {
        match event {
            Event::ModifiersChanged(modifiers) => state.modifiers = *modifiers,
            Event::KeyPressed { modifiers, .. } | Event::KeyReleased { modifiers, .. } => state.modifiers = *modifiers,
        }
        if !self.has_keyboard(state) || shell.is_event_captured() {
            return;
        }
        if let Some(message) = self.shortcut.as_ref().and_then(|shortcut| shortcut(event)) {
            shell.publish(message);
            shell.capture_event();
            return;
        }
        // What is being composed belongs to the input method until it commits.
        if state.preedit.is_some() {
            return;
        }
        if let Event::KeyPressed { key, modifiers, .. } = event
            && self.own_key(state, key, *modifiers, shell)
        {
            shell.capture_event();
            return;
        }
        let Some(stroke) = stroke(event) else {
            return;
        };
        // The modes of the last frame, without the lock: the terminal may be parsing.
        let modes = state.num_lock.observe(stroke, state.content.modes);
        let Some(bytes) = keys::encode_stroke(stroke, modes) else {
            return;
        };
        if stroke.kind == keys::Kind::Release {
            self.input(bytes);
        } else {
            self.type_bytes(state, bytes, shell);
        }
        shell.capture_event();
    }

    /// Sends what was typed. Typing shows the newest line and drops the selection.
    pub(super) fn type_bytes(&self, state: &mut State, bytes: Vec<u8>, shell: &mut Shell<'_, Message>) {
        self.input(bytes);
        state.typed = Instant::now();
        if state.content.scrolled > 0 {
            self.terminal.scroll(Scroll::Bottom);
            shell.request_redraw();
        }
        if std::mem::take(&mut state.selected) {
            self.terminal.clear_selection();
            shell.request_redraw();
        }
        if self.blink {
            shell.request_redraw();
        }
    }

    /// The keys that every terminal window has. Returns whether it was one of them.
    fn own_key(&self, state: &mut State, key: &Key, modifiers: Modifiers, shell: &mut Shell<'_, Message>) -> bool {
        if let Some(scroll) = scroll(key, modifiers).filter(|_| !state.content.modes.alternate_screen) {
            self.terminal.scroll(scroll);
            shell.request_redraw();
            return true;
        }
        let Some(wish) = wish(key, modifiers) else {
            return false;
        };
        match wish {
            Wish::Copy => {
                if let Some(text) = self.terminal.selected_text().filter(|text| !text.is_empty()) {
                    self.act(Action::Copy(text), shell);
                }
            }
            Wish::Paste => self.act(Action::Paste, shell),
            Wish::PastePrimary => self.act(Action::PastePrimary, shell),
            Wish::FontSize(step) => self.act(Action::FontSize(step), shell),
        }
        true
    }
}

/// What the encoder needs of an event; `None` for one that is no key's.
fn stroke(event: &Event) -> Option<keys::Stroke<'_>> {
    match event {
        Event::KeyPressed { key, physical_key, location, modifiers, text, repeat, .. } => Some(keys::Stroke {
            key,
            physical: *physical_key,
            location: *location,
            modifiers: *modifiers,
            text: text.as_deref(),
            kind: if *repeat { keys::Kind::Repeat } else { keys::Kind::Press },
        }),
        Event::KeyReleased { key, physical_key, location, modifiers, .. } => Some(keys::Stroke {
            key,
            physical: *physical_key,
            location: *location,
            modifiers: *modifiers,
            text: None,
            kind: keys::Kind::Release,
        }),
        Event::ModifiersChanged(_) => None,
    }
}

/// What a key asks of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Copy,
    Paste,
    PastePrimary,
    FontSize(i8),
}

fn scroll(key: &Key, modifiers: Modifiers) -> Option<Scroll> {
    if modifiers != Modifiers::SHIFT {
        return None;
    }
    match key {
        Key::Named(Named::PageUp) => Some(Scroll::PageUp),
        Key::Named(Named::PageDown) => Some(Scroll::PageDown),
        Key::Named(Named::Home) => Some(Scroll::Top),
        Key::Named(Named::End) => Some(Scroll::Bottom),
        _ => None,
    }
}

/// The clipboard and zoom keys: with Command on macOS, elsewhere with Ctrl+Shift (or Ctrl alone for zooming), since
/// Ctrl+C is the shell's.
fn wish(key: &Key, modifiers: Modifiers) -> Option<Wish> {
    let command = if cfg!(target_os = "macos") { Modifiers::LOGO } else { Modifiers::CTRL | Modifiers::SHIFT };
    match key {
        Key::Named(Named::Copy) => Some(Wish::Copy),
        Key::Named(Named::Paste) => Some(Wish::Paste),
        Key::Named(Named::Insert) if modifiers == Modifiers::CTRL => Some(Wish::Copy),
        Key::Named(Named::Insert) if modifiers == Modifiers::SHIFT => Some(Wish::PastePrimary),
        Key::Character(text) if modifiers == command && text.eq_ignore_ascii_case("c") => Some(Wish::Copy),
        Key::Character(text) if modifiers == command && text.eq_ignore_ascii_case("v") => Some(Wish::Paste),
        Key::Character(text) if modifiers.difference(Modifiers::SHIFT) == Modifiers::COMMAND => match text.as_str() {
            "+" | "=" => Some(Wish::FontSize(1)),
            "-" => Some(Wish::FontSize(-1)),
            "0" => Some(Wish::FontSize(0)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn character(text: &str) -> Key {
        Key::Character(text.into())
    }

    #[test]
    fn control_c_stays_the_shells() {
        assert_eq!(wish(&character("c"), Modifiers::CTRL), None);
        assert_eq!(wish(&character("v"), Modifiers::CTRL), None);
        assert_eq!(wish(&character("_"), Modifiers::CTRL | Modifiers::SHIFT), None);
    }

    #[test]
    fn only_shift_and_a_page_key_scroll() {
        assert_eq!(scroll(&Key::Named(Named::PageUp), Modifiers::SHIFT), Some(Scroll::PageUp));
        assert_eq!(scroll(&Key::Named(Named::PageUp), Modifiers::empty()), None);
        assert_eq!(scroll(&Key::Named(Named::PageUp), Modifiers::SHIFT | Modifiers::CTRL), None);
        assert_eq!(scroll(&Key::Named(Named::ArrowUp), Modifiers::SHIFT), None);
    }
}
