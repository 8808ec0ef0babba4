//! The keys in force: each command's own, or those that the user chose.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use iced::keyboard::Event;

use super::{Command, Context, Shortcut, press};
use crate::store::keys::{Chord, Key, Modifiers};

/// Which chords the commands have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bindings {
    /// The commands in the order of the table, each with its chords.
    commands: Vec<(Shortcut, Vec<Chord>)>,
    /// What a chord may mean, in the order of the table.
    chords: HashMap<Chord, Vec<Shortcut>>,
}

impl Default for Bindings {
    fn default() -> Self {
        Self::new(&BTreeMap::new())
    }
}

impl Hash for Bindings {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.commands.hash(state);
    }
}

impl Bindings {
    /// The commands' own keys, but for the commands that `chosen` names. Names that no command has are ignored.
    #[must_use]
    pub fn new(chosen: &BTreeMap<String, Vec<Chord>>) -> Self {
        let keys = |command: &Command| chosen.get(command.name).cloned().unwrap_or_else(|| defaults(command));
        let commands: Vec<_> = Command::all().map(|command| (command.shortcut, keys(command))).collect();
        let mut chords: HashMap<Chord, Vec<Shortcut>> = HashMap::new();
        for (shortcut, chord) in commands.iter().flat_map(|(command, keys)| keys.iter().map(move |key| (command, key)))
        {
            chords.entry(*chord).or_default().push(*shortcut);
        }
        Self { commands, chords }
    }

    /// The chords of a command, the one to show first.
    #[must_use]
    pub fn chords(&self, shortcut: Shortcut) -> &[Chord] {
        self.commands.iter().find(|(other, _)| *other == shortcut).map_or(&[], |(_, chords)| chords)
    }

    /// The first chord of a command, as menus show it; empty where it has none.
    #[must_use]
    pub fn hint(&self, shortcut: Shortcut) -> String {
        self.chords(shortcut).first().map(Chord::to_string).unwrap_or_default()
    }

    /// A tooltip: `name`, and the first chord of the command if it has one.
    #[must_use]
    pub fn label(&self, shortcut: Shortcut, name: &str) -> String {
        match self.chords(shortcut).first() {
            Some(chord) => format!("{name} ({chord})"),
            None => name.to_owned(),
        }
    }

    /// The commands that have this chord.
    #[must_use]
    pub fn with(&self, chord: Chord) -> &[Shortcut] {
        self.chords.get(&chord).map_or(&[], Vec::as_slice)
    }

    /// What a key press may mean, whether or not that applies where it was pressed.
    #[must_use]
    pub fn of(&self, event: &Event) -> &[Shortcut] {
        press::chords(event)
            .into_iter()
            .flatten()
            .map(|chord| self.with(chord))
            .find(|all| !all.is_empty())
            .unwrap_or(&[])
    }

    /// What a key press means in this place; `None` leaves it to the shell.
    #[must_use]
    pub fn find(&self, event: &Event, context: Context) -> Option<Shortcut> {
        self.of(event).iter().copied().find(|shortcut| shortcut.applies(context))
    }
}

/// The chord that a key press is, as the editor of the bindings records it.
#[must_use]
pub fn pressed(event: &Event) -> Option<Chord> {
    press::chords(event).into_iter().flatten().next()
}

/// A command's own chords on this platform.
#[must_use]
pub fn defaults(command: &Command) -> Vec<Chord> {
    static DEFAULTS: LazyLock<HashMap<&'static str, Chord>> = LazyLock::new(|| {
        let keys = Command::all().flat_map(|command| command.keys);
        keys.filter_map(|text| Some((*text, parse(text)?))).collect()
    });
    command.keys.iter().filter_map(|text| DEFAULTS.get(text).copied()).collect()
}

/// Reads a chord of the table, where `Main` and `Zoom` stand for what the platform uses.
fn parse(text: &str) -> Option<Chord> {
    let macos = cfg!(target_os = "macos");
    let (logo, rest) = match text.split_once('+') {
        Some(("Main", rest)) => (macos, if macos { rest.to_owned() } else { format!("Ctrl+Shift+{rest}") }),
        Some(("Zoom", rest)) => (macos, if macos { rest.to_owned() } else { format!("Ctrl+{rest}") }),
        _ => (false, text.to_owned()),
    };
    let Chord { modifiers, key } = Chord::parse(&rest).ok()?;
    let key: Key = key;
    Some(Chord::new(Modifiers { logo: logo || modifiers.logo, ..modifiers }, key))
}
