//! The keys of the commands: press a chord to give it to one, and decide where two want the same.

use std::collections::BTreeMap;

use iced::widget::{Column, Row, column, container, row};
use iced::{Alignment, Element, Length, keyboard};
use term::terminal::event::is_deceptive;

use super::Data;
use super::parts::hairline;
use crate::store::keys::Chord;
use crate::theme::space;
use crate::widget::banner::Kind;
use crate::widget::recorder::recorder;
use crate::widget::{Banner, Button, Icon, card, chip, label, tooltip};
use crate::window::shortcut::{Command, Group, bindings};

/// How many names that no command has are told, and how many letters of each.
const NAMES: usize = 8;
const NAME: usize = 40;

/// What the settings say of the commands' keys.
pub type Keys = BTreeMap<String, Vec<Chord>>;

/// The list of commands.
#[derive(Debug, Default)]
pub struct Editor {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    /// The next chord is this command's; what was pressed before was refused for this reason.
    Recording { command: &'static Command, refused: Option<String> },
    /// The chord is another command's.
    Conflict { command: &'static Command, chord: Chord, other: &'static Command },
    /// The command got a chord that costs programs something.
    Told { command: &'static Command, costs: &'static str },
}

/// What happens in the list.
#[derive(Debug, Clone)]
pub enum Message {
    /// The next chord is to be this command's, beside those that it has.
    Record(&'static str),
    /// A key was pressed meanwhile.
    Pressed(keyboard::Event),
    /// The chord is to be taken away from the other command.
    Move,
    /// Both are to have it.
    Share,
    /// Neither.
    Leave,
    /// A chord is to be taken away from a command.
    Remove(&'static str, Chord),
    /// A command is to have its own keys again.
    Reset(&'static str),
    /// All commands are.
    ResetAll,
}

impl Editor {
    /// Ends a recording or a question, if there is one.
    pub fn stop(&mut self) -> bool {
        let stopped = matches!(self.state, State::Recording { .. } | State::Conflict { .. });
        self.state = State::Idle;
        stopped
    }

    /// Does what a message asks for; returns the keys if they change.
    pub fn update(&mut self, message: Message, data: Data) -> Option<Keys> {
        match message {
            Message::Record(name) => {
                let command = Command::find(name)?;
                self.state = State::Recording { command, refused: None };
                None
            }
            Message::Pressed(event) => self.press(&event, data),
            Message::Move => match std::mem::take(&mut self.state) {
                State::Conflict { command, chord, other } => {
                    let keys = without(data.settings.keys.clone(), other, chord, data);
                    Some(self.give(keys, command, chord, data))
                }
                _ => None,
            },
            Message::Share => match std::mem::take(&mut self.state) {
                State::Conflict { command, chord, .. } => {
                    Some(self.give(data.settings.keys.clone(), command, chord, data))
                }
                _ => None,
            },
            Message::Leave => {
                let _ = self.stop();
                None
            }
            Message::Remove(name, chord) => {
                let command = Command::find(name)?;
                self.state = State::Idle;
                Some(without(data.settings.keys.clone(), command, chord, data))
            }
            Message::Reset(name) => {
                self.state = State::Idle;
                let mut keys = data.settings.keys.clone();
                let _ = keys.remove(name);
                Some(keys)
            }
            Message::ResetAll => {
                self.state = State::Idle;
                // Names that no command of this version has are not ours to drop.
                let mut keys = data.settings.keys.clone();
                keys.retain(|name, _| Command::find(name).is_none());
                Some(keys)
            }
        }
    }

    fn press(&mut self, event: &keyboard::Event, data: Data) -> Option<Keys> {
        let State::Recording { command, .. } = self.state else { return None };
        let chord = bindings::pressed(event)?;
        if chord.to_string() == "Esc" {
            self.state = State::Idle;
            return None;
        }
        if let Some(reason) = chord.is_the_shells() {
            self.state = State::Recording { command, refused: Some(format!("{chord}: {reason}.")) };
            return None;
        }
        if data.bindings.chords(command.shortcut).contains(&chord) {
            self.state = State::Idle;
            return None;
        }
        let other = data.bindings.with(chord).iter().find_map(|other| other.command());
        match other {
            Some(other) => {
                self.state = State::Conflict { command, chord, other };
                None
            }
            None => Some(self.give(data.settings.keys.clone(), command, chord, data)),
        }
    }

    fn give(&mut self, mut keys: Keys, command: &'static Command, chord: Chord, data: Data) -> Keys {
        let mut chords = chords(&keys, command, data);
        chords.push(chord);
        store(&mut keys, command, chords);
        self.state = chord.costs().map_or(State::Idle, |costs| State::Told { command, costs });
        keys
    }

    /// Whether a search finds a command.
    pub fn finds(words: &[String], data: Data) -> bool {
        Command::all().any(|command| matches(command, words, data))
    }

    /// The commands that a search finds, by their groups.
    pub fn view<'a>(&'a self, data: Data<'a>, words: &[String], narrow: bool) -> Element<'a, Message> {
        let changed = Command::all().any(|command| data.settings.keys.contains_key(command.name));
        let all = Button::labelled(Icon::Undo2, "Reset all").on_press_maybe(changed.then_some(Message::ResetAll));
        let hint =
            "A key that does nothing where you press it goes to the shell. Ctrl with a letter is always the shell's.";
        let head =
            row![container(label::hint(hint)).width(Length::Fill), all].spacing(space::M).align_y(Alignment::Center);
        let groups = Group::ALL.into_iter().filter_map(|group| {
            let found: Vec<_> = Command::all()
                .filter(|command| command.group == group && matches(command, words, data))
                .map(|command| self.line(command, data, narrow))
                .collect();
            (!found.is_empty()).then(|| group_view(group, found))
        });
        let content = column![unknown(&data.settings.keys), head, Column::with_children(groups).spacing(space::L)]
            .spacing(space::M);
        match self.state {
            State::Recording { .. } => recorder(content, Message::Pressed),
            _ => content.into(),
        }
    }

    fn line<'a>(&'a self, command: &'static Command, data: Data<'a>, narrow: bool) -> Element<'a, Message> {
        let name = command.name;
        let reset = data.settings.keys.contains_key(name).then(|| {
            let button = Button::new(Icon::Undo2.sized(14.0)).ghost().padding(space::XS).on_press(Message::Reset(name));
            tooltip::below(button, "Back to its own keys")
        });
        let title = row![label::body(command.title), reset].spacing(space::XS).align_y(Alignment::Center);
        let chords = data.bindings.chords(command.shortcut).iter().map(|chord| self::chord(name, *chord));
        let add = Button::new(Icon::Plus.sized(14.0)).ghost().padding(space::XS).on_press(Message::Record(name));
        let add = tooltip::below(add, "Add a key: press it");
        let recording = matches!(self.state, State::Recording { command: other, .. } if other.name == name);
        let add: Element<'a, Message> = if recording { recording_chip() } else { add.into() };
        let chords = Row::with_children(chords).push(add).spacing(space::XS).align_y(Alignment::Center);
        let line: Element<'a, Message> = if narrow {
            column![title, chords.wrap()].spacing(space::XS).into()
        } else {
            row![title, iced::widget::space::horizontal(), chords].spacing(space::M).align_y(Alignment::Center).into()
        };
        column![line, self.word(command)].spacing(space::S).into()
    }

    /// What is to be said below a command.
    fn word<'a>(&'a self, command: &'static Command) -> Option<Element<'a, Message>> {
        let here = |other: &Command| other.name == command.name;
        match &self.state {
            State::Recording { command, refused: Some(reason) } if here(command) => {
                Some(Banner::new(Kind::Warning, reason.as_str()).into())
            }
            State::Conflict { command, chord, other } if here(command) => {
                let text = format!("{chord} is the key of \"{}\".", other.title);
                let banner = Banner::new(Kind::Warning, text)
                    .detail("With both, it is the first one's that applies where it is pressed.")
                    .action(Button::text("Move it here").on_press(Message::Move))
                    .action(Button::text("Both").on_press(Message::Share))
                    .action(Button::text("Cancel").ghost().on_press(Message::Leave));
                Some(banner.into())
            }
            State::Told { command, costs } if here(command) => Some(Banner::new(Kind::Info, *costs).into()),
            _ => None,
        }
    }
}

/// Says which names in the file no command has: a slip of the pen would otherwise be a key that does nothing.
fn unknown<'a>(keys: &Keys) -> Option<Element<'a, Message>> {
    let clean = |name: &String| name.chars().filter(|c| !is_deceptive(*c)).take(NAME).collect::<String>();
    let names: Vec<_> = keys.keys().filter(|name| Command::find(name).is_none()).map(clean).collect();
    let (first, more) = (names.iter().take(NAMES), names.len().saturating_sub(NAMES));
    let mut list = first.map(|name| format!("\u{201c}{name}\u{201d}")).collect::<Vec<_>>().join(", ");
    if more > 0 {
        list.push_str(&format!(" and {more} more"));
    }
    (!names.is_empty()).then(|| {
        Banner::new(Kind::Warning, format!("No command is called {list}"))
            .detail("settings.toml gives keys to it under [keys]. They do nothing, and stay in the file.")
            .into()
    })
}

fn group_view<'a>(group: Group, lines: Vec<Element<'a, Message>>) -> Element<'a, Message> {
    let rows = lines
        .into_iter()
        .enumerate()
        .flat_map(|(index, line)| [(index > 0).then(hairline), Some(container(line).padding([space::S, 0.0]).into())]);
    let list = container(Column::with_children(rows.flatten())).padding([space::XS, space::L]).style(card::style);
    column![label::hint(group.title()), list.width(Length::Fill)].spacing(space::S).into()
}

/// A chord, and what takes it away.
fn chord<'a>(name: &'static str, chord: Chord) -> Element<'a, Message> {
    let remove = Button::new(Icon::X.sized(12.0)).ghost().padding(2).on_press(Message::Remove(name, chord));
    let remove = tooltip::below(remove, "Take this key away");
    let content = row![label::mono(chord.to_string()).size(12.0), remove].spacing(space::XS).align_y(Alignment::Center);
    container(content).padding([2.0, space::S]).style(chip::style).into()
}

fn recording_chip<'a>() -> Element<'a, Message> {
    let cancel = Button::new(label::hint("Cancel")).ghost().padding([2.0, space::XS]).on_press(Message::Leave);
    let content = row![label::hint("Press the new key…").style(label::accent_style), cancel];
    container(content.spacing(space::XS).align_y(Alignment::Center)).padding([2.0, space::S]).style(chip::style).into()
}

fn matches(command: &Command, words: &[String], data: Data) -> bool {
    let chords: Vec<_> = data.bindings.chords(command.shortcut).iter().map(Chord::to_string).collect();
    let text = format!("{} {} {}", command.name, command.title, chords.join(" ")).to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

fn chords(keys: &Keys, command: &Command, data: Data) -> Vec<Chord> {
    let own = || data.bindings.chords(command.shortcut).to_vec();
    keys.get(command.name).cloned().unwrap_or_else(own)
}

fn without(mut keys: Keys, command: &Command, chord: Chord, data: Data) -> Keys {
    let mut chords = chords(&keys, command, data);
    chords.retain(|other| *other != chord);
    store(&mut keys, command, chords);
    keys
}

/// A command that has its own keys again needs no line in the file.
fn store(keys: &mut Keys, command: &Command, chords: Vec<Chord>) {
    if chords == bindings::defaults(command) {
        let _ = keys.remove(command.name);
    } else {
        let _ = keys.insert(command.name.to_owned(), chords);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_command_has_are_told_and_others_are_not() {
        let keys = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), Vec::new())).collect::<Keys>();
        assert!(unknown(&keys(&["copy", "open-link"])).is_none());
        let warning = unknown(&keys(&["copy", "coppy", "past\u{202e}e"])).expect("a warning");
        let mut ui = iced_test::simulator(warning);
        assert!(ui.find("No command is called \u{201c}coppy\u{201d}, \u{201c}paste\u{201d}").is_ok());
    }
}
