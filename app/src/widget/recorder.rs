//! Takes the next chord instead of doing what it does.

use iced::advanced::{Shell, mouse};
use iced::keyboard::{self, Key, key::Named};
use iced::{Element, Event};

use super::gate::{Gate, Gated, Passage};

/// What becomes of a pressed key.
struct Recorder<F>(F);

/// Hands every key press but those of modifiers to `record`, and no key to `content`.
pub fn recorder<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
    record: impl Fn(keyboard::Event) -> Message + 'a,
) -> Element<'a, Message> {
    Gated::new(content, Recorder(record)).into()
}

impl<Message, F: Fn(keyboard::Event) -> Message> Gate<Message> for Recorder<F> {
    fn pass(
        &self,
        event: &Event,
        _cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
        _has_keyboard: &mut dyn FnMut() -> bool,
    ) -> Passage {
        let Event::Keyboard(key) = event else { return Passage::Open };
        if let keyboard::Event::KeyPressed { key: pressed, repeat: false, .. } = key
            && !is_modifier(pressed)
        {
            shell.publish((self.0)(key.clone()));
        }
        shell.capture_event();
        Passage::Shut
    }
}

/// Whether a key only changes what others mean.
fn is_modifier(key: &Key) -> bool {
    let Key::Named(named) = key else { return false };
    matches!(
        named,
        Named::Control
            | Named::Shift
            | Named::Alt
            | Named::AltGraph
            | Named::Super
            | Named::Meta
            | Named::Hyper
            | Named::CapsLock
            | Named::NumLock
            | Named::Fn
    )
}
