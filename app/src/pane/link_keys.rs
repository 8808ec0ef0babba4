//! Opening a link by its label: what the keys mean meanwhile, and what the pane says of them.

use std::time::Duration;

use iced::keyboard::{Event, Modifiers, key, key::Named};
use iced::widget::container;
use iced::{Alignment, Element, Length, Task};

use super::{Action, Message, Pane};
use crate::theme::space;
use crate::widget::terminal::link_labels::{Choice, LinkLabels};
use crate::widget::{card, label};

/// How long it is said that there is nothing to open.
const SAID: Duration = Duration::from_secs(2);

/// Whether the keys choose a link.
#[derive(Debug, Default)]
pub enum LinkKeys {
    /// They do not.
    #[default]
    Off,
    /// It was asked for, but there is none in sight; the keys are the shell's.
    NoLink,
    /// They do.
    On(LinkLabels),
}

/// What a key means while links have labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter of a label; with `true` the address is to be copied and not opened.
    Letter(char, bool),
    /// The labels go away.
    Leave,
    /// Nothing; the shell does not get it either.
    Nothing,
    /// It was said long enough that there is no link.
    Said,
}

/// What a key means.
pub(super) fn key(event: &Event) -> Key {
    // Releases of keys that the shell never heard of are not its business.
    let Event::KeyPressed { key, physical_key, modifiers, .. } = event else { return Key::Nothing };
    match key {
        key::Key::Named(Named::Control | Named::Shift | Named::Alt | Named::Super | Named::CapsLock) => Key::Nothing,
        key::Key::Character(_) if (*modifiers - Modifiers::SHIFT).is_empty() => match key.to_latin(*physical_key) {
            Some(letter) => Key::Letter(letter.to_ascii_lowercase(), modifiers.shift()),
            None => Key::Leave,
        },
        _ => Key::Leave,
    }
}

impl LinkKeys {
    /// The labels to draw.
    pub(super) fn labels(&self) -> Option<&LinkLabels> {
        match self {
            Self::On(labels) => Some(labels),
            Self::Off | Self::NoLink => None,
        }
    }

    /// What is said at the lower edge of the pane.
    pub(super) fn view<'a>(&self) -> Option<Element<'a, Message>> {
        match self {
            Self::Off => None,
            Self::NoLink => Some(note("No link in sight")),
            Self::On(_) => Some(note("Type a label to open its link · Shift: copy its address · Esc leaves")),
        }
    }
}

impl Pane {
    /// Gives each link in sight a label, or takes the labels away.
    pub(super) fn label_links(&mut self) -> Action {
        if self.link_keys.labels().is_some() {
            self.link_keys = LinkKeys::Off;
            return Action::None;
        }
        let focus = self.focus();
        if let Some(labels) = LinkLabels::new(&self.terminal.links()) {
            self.link_keys = LinkKeys::On(labels);
            return Action::Run(focus);
        }
        self.link_keys = LinkKeys::NoLink;
        let said = Task::perform(async { tokio::time::sleep(SAID).await }, |()| Message::Link(Key::Said));
        Action::Run(Task::batch([focus, said]))
    }

    /// A key while links have labels.
    pub(super) fn link_key(&mut self, key: Key) -> Action {
        let (letter, copies) = match (key, &self.link_keys) {
            (Key::Letter(letter, copies), _) => (letter, copies),
            (Key::Leave, _) | (Key::Said, LinkKeys::NoLink) => {
                self.link_keys = LinkKeys::Off;
                return Action::None;
            }
            (Key::Nothing | Key::Said, _) => return Action::None,
        };
        let LinkKeys::On(labels) = &mut self.link_keys else { return Action::None };
        let choice = labels.choose(letter);
        if choice != Choice::Open {
            self.link_keys = LinkKeys::Off;
        }
        match choice {
            Choice::Link(address) if copies => Self::copy_link(&address),
            Choice::Link(address) => self.open_link(&address),
            Choice::Open | Choice::Nothing => Action::None,
        }
    }
}

/// What keys do, or why they do nothing, at the lower edge of a pane.
pub(super) fn note<'a>(text: &'a str) -> Element<'a, Message> {
    let note = container(label::body(text)).padding([space::XS, space::M]).style(card::floating);
    container(note).padding(space::S).align_x(Alignment::Center).width(Length::Fill).align_bottom(Length::Fill).into()
}

#[cfg(test)]
mod tests {
    use iced::keyboard::Location;
    use iced::keyboard::key::{Code, Physical};

    use super::*;

    fn press(key: key::Key, modifiers: Modifiers) -> Key {
        super::key(&Event::KeyPressed {
            modified_key: key.clone(),
            key,
            physical_key: Physical::Code(Code::F35),
            location: Location::Standard,
            modifiers,
            text: None,
            repeat: false,
        })
    }

    #[test]
    fn letters_choose_shift_copies_and_any_other_key_leaves() {
        let typed = |text: &str, modifiers| press(key::Key::Character(text.into()), modifiers);
        let named = |key| press(key::Key::Named(key), Modifiers::empty());
        assert_eq!(typed("a", Modifiers::empty()), Key::Letter('a', false));
        assert_eq!(typed("A", Modifiers::SHIFT), Key::Letter('a', true));
        assert_eq!(typed("c", Modifiers::CTRL), Key::Leave);
        assert_eq!(named(Named::Shift), Key::Nothing);
        assert_eq!([named(Named::Escape), named(Named::Enter), named(Named::Space)], [Key::Leave; 3]);
    }
}
