//! Keys: the window's shortcuts first, and whatever remains is the shell's.

use std::collections::HashSet;
use std::time::Instant;

use iced::advanced::Shell;
use iced::keyboard::Event;
use iced::keyboard::key::Physical;
use term::terminal::{Modes, Scroll};

use super::blink::cursor_blinks;
use super::state::State;
use super::{Terminal, keys};

impl<Message> Terminal<'_, Message> {
    pub(super) fn key(&self, state: &mut State, event: &Event, shell: &mut Shell<'_, Message>) {
        match event {
            Event::ModifiersChanged(modifiers) => state.modifiers = *modifiers,
            Event::KeyPressed { modifiers, .. } | Event::KeyReleased { modifiers, .. } => state.modifiers = *modifiers,
        }
        let heard = state.held.turn(event);
        if !self.has_keyboard(state) || shell.is_event_captured() {
            return;
        }
        if heard {
            return self.send_key(state, event, shell);
        }
        if let Some(message) = self.shortcut.as_ref().and_then(|shortcut| shortcut(event, &state.content)) {
            shell.publish(message);
            shell.capture_event();
            return;
        }
        // What is being composed belongs to the input method until it commits.
        if state.preedit.is_some() || matches!(event, Event::KeyReleased { .. }) {
            return;
        }
        state.held.sent(event);
        self.send_key(state, event, shell);
    }

    /// Sends what a key sends in the modes in force, if it sends anything.
    fn send_key(&self, state: &mut State, event: &Event, shell: &mut Shell<'_, Message>) {
        let Some(stroke) = stroke(event) else {
            return;
        };
        let modes = state.num_lock.observe(stroke, state.content.modes);
        let Some(bytes) = keys::encode_stroke(stroke, modes) else {
            return;
        };
        self.tell_typed(&Typed::Key(stroke, state.num_lock), shell);
        if stroke.kind == keys::Kind::Release {
            self.input(bytes);
        } else {
            self.type_bytes(state, bytes, shell);
        }
        shell.capture_event();
    }

    /// Tells what was typed to who wants it for other terminals.
    pub(super) fn tell_typed(&self, typed: &Typed<'_>, shell: &mut Shell<'_, Message>) {
        if let Some(message) = self.on_typed.as_ref().and_then(|on_typed| on_typed(typed)) {
            shell.publish(message);
        }
    }

    /// Sends what was typed. Typing shows the newest line and drops the selection.
    pub(super) fn type_bytes(&self, state: &mut State, bytes: Vec<u8>, shell: &mut Shell<'_, Message>) {
        self.input(bytes);
        state.typed = Instant::now();
        if state.content.scrolled > 0 && self.scroll_on_key {
            self.terminal.scroll(Scroll::Bottom);
            shell.request_redraw();
        }
        if std::mem::take(&mut state.selected) {
            self.terminal.clear_selection();
            shell.request_redraw();
        }
        if state.content.cursor.is_some_and(|cursor| cursor_blinks(self.cursor_blink, cursor.blinking)) {
            shell.request_redraw();
        }
    }
}

/// The keys that are down and whose presses went to the shell. A program that asked for releases is told of these alone:
/// the release of a shortcut's last key, of a link label's letter or of the Enter that answered a question would be that
/// of a key which never went down.
#[derive(Debug, Default)]
pub(super) struct Held(HashSet<Physical>);

impl Held {
    /// A key goes down, of which it is not yet known whom it is for, or up: then whether the shell heard its press.
    fn turn(&mut self, event: &Event) -> bool {
        match event {
            Event::KeyPressed { physical_key, repeat: false, .. } => {
                let _ = self.0.remove(physical_key);
                false
            }
            Event::KeyReleased { physical_key, .. } => self.0.remove(physical_key),
            Event::KeyPressed { .. } | Event::ModifiersChanged(_) => false,
        }
    }

    /// The press went to the shell.
    fn sent(&mut self, event: &Event) {
        if let Event::KeyPressed { physical_key, .. } = event {
            let _ = self.0.insert(*physical_key);
        }
    }

    /// The window lost the keyboard, and will not be told what goes up meanwhile.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

/// What was typed, before the modes of a terminal make bytes of it.
#[derive(Debug, Clone, Copy)]
pub enum Typed<'a> {
    /// A key, and what is known of NumLock.
    Key(keys::Stroke<'a>, keys::NumLock),
    /// Text of an input method.
    Text(&'a str),
}

impl Typed<'_> {
    /// The bytes that it sends to a terminal with these modes; `None` if it sends none.
    #[must_use]
    pub fn encode(&self, modes: Modes) -> Option<Vec<u8>> {
        match *self {
            Self::Key(stroke, mut num_lock) => keys::encode_stroke(stroke, num_lock.observe(stroke, modes)),
            Self::Text(text) => Some(text.as_bytes().to_vec()),
        }
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
