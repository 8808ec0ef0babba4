//! Content that hears of no key that another widget took.
//!
//! A widget sees by the shell's event status that an event was taken by one before it. iced's `map` gives what is in it
//! a new shell, so behind a `map` that cannot be seen; this stands in front of it.

use iced::advanced::{Shell, mouse};
use iced::keyboard::Event::KeyPressed;
use iced::{Element, Event};

use super::gate::{Gate, Gated, Passage};

/// Everything but pressed keys goes through as it is.
struct UnlessTaken;

/// Keeps keys that were taken from `content`.
pub fn unless_taken<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    Gated::new(content, UnlessTaken).into()
}

impl<Message> Gate<Message> for UnlessTaken {
    fn pass(
        &self,
        event: &Event,
        _cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
        _has_keyboard: &mut dyn FnMut() -> bool,
    ) -> Passage {
        let taken = matches!(event, Event::Keyboard(KeyPressed { .. })) && shell.is_event_captured();
        if taken { Passage::Shut } else { Passage::Open }
    }
}
