//! Keys that a group of widgets takes before its widgets do, while one of them has the keyboard.
//!
//! A text field takes Escape for itself and knows no Shift+Enter; a bar around it means something else by them.

use iced::advanced::{Shell, mouse};
use iced::{Element, Event, keyboard};

use super::gate::{Gate, Gated, Passage};

/// What a key means; `None` leaves it to the content.
struct Keys<F>(F);

/// Takes keys before `content` does while the keyboard is in it.
pub fn keys<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
    meaning: impl Fn(&keyboard::Event) -> Option<Message> + 'a,
) -> Element<'a, Message> {
    Gated::new(content, Keys(meaning)).into()
}

impl<Message, F: Fn(&keyboard::Event) -> Option<Message>> Gate<Message> for Keys<F> {
    fn pass(
        &self,
        event: &Event,
        _cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
        has_keyboard: &mut dyn FnMut() -> bool,
    ) -> Passage {
        if let Event::Keyboard(key) = event
            && !shell.is_event_captured()
            && let Some(message) = (self.0)(key)
            && has_keyboard()
        {
            shell.publish(message);
            shell.capture_event();
            return Passage::Shut;
        }
        Passage::Open
    }
}

#[cfg(test)]
mod tests {
    use iced::Element;
    use iced::advanced::widget::Id;
    use iced::keyboard::key::{Key, Named};
    use iced::widget::row;
    use iced_test::simulator;

    use super::*;
    use crate::widget::{Focus, field};

    fn messages(home: &'static str) -> Vec<String> {
        let inside = keys(field::field("", "").id("inside").on_input(|text| text), |event| match event {
            keyboard::Event::KeyPressed { key: Key::Named(Named::Escape), .. } => Some("left".to_owned()),
            _ => None,
        });
        let outside = field::field("", "").id("outside").on_input(|text| text);
        let content: Element<'_, String> = row![inside, outside].into();
        let mut ui = simulator(Focus::new(content).home(Some(Id::new(home))));
        let _ = ui.tap_key(Named::Escape);
        ui.into_messages().collect()
    }

    #[test]
    fn keys_are_taken_only_while_the_keyboard_is_inside() {
        assert_eq!(messages("inside"), ["left"]);
        assert!(messages("outside").is_empty());
    }
}
