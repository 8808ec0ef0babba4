//! What a guarded program may not do, in words.

use std::fmt;

/// Something that a guarded program may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rule {
    /// See other programs' windows.
    Screen,
    /// Hear the keys and clicks of other programs' windows.
    Keystrokes,
    /// Take the keyboard or the mouse for itself.
    Grabs,
    /// Type and click in the user's place.
    Input,
    /// Close, move, hide or steer other programs' windows.
    Windows,
    /// Draw into other programs' windows.
    Drawing,
    /// Change what other programs or the desktop have noted.
    Properties,
    /// Read what other programs have noted.
    Titles,
    /// Read the clipboard unasked.
    Clipboard,
    /// Become a part of the desktop.
    Desktop,
    /// Change the keyboard, the mouse or the screen.
    Devices,
    /// Let others in.
    Access,
    /// Use extensions that nobody has thought about.
    Extensions,
}

/// How many rules there are.
pub(crate) const RULES: usize = 13;

impl Rule {
    /// All of them, in the order of the guide.
    pub const ALL: [Self; RULES] = [
        Self::Screen,
        Self::Keystrokes,
        Self::Grabs,
        Self::Input,
        Self::Windows,
        Self::Drawing,
        Self::Properties,
        Self::Titles,
        Self::Clipboard,
        Self::Desktop,
        Self::Devices,
        Self::Access,
        Self::Extensions,
    ];

    /// The rule's name, as settings and logs have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Keystrokes => "keystrokes",
            Self::Grabs => "grabs",
            Self::Input => "input",
            Self::Windows => "windows",
            Self::Drawing => "drawing",
            Self::Properties => "properties",
            Self::Titles => "titles",
            Self::Clipboard => "clipboard",
            Self::Desktop => "desktop",
            Self::Devices => "devices",
            Self::Access => "access",
            Self::Extensions => "extensions",
        }
    }

    /// What a program wanted to do, behind the words "wanted to".
    #[must_use]
    pub fn wish(self) -> &'static str {
        match self {
            Self::Screen => "look at your screen",
            Self::Keystrokes => "listen to the keys of other windows",
            Self::Grabs => "take the whole keyboard or mouse",
            Self::Input => "type or click for you",
            Self::Windows => "close, move or steer other windows",
            Self::Drawing => "draw into other windows",
            Self::Properties => "change what other programs or the desktop have noted",
            Self::Titles => "read other windows' titles and data",
            Self::Clipboard => "read the clipboard",
            Self::Desktop => "become a part of your desktop",
            Self::Devices => "change the keyboard, the mouse or the screen",
            Self::Access => "open your display to others",
            Self::Extensions => "use an unknown extension of the display",
        }
    }

    /// One sentence for the guide: what happens to it.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Screen => {
                "Pictures of the screen, of other windows and of the pointer are refused, and its own windows begin \
                 black and not with what was there before."
            }
            Self::Keystrokes => {
                "Keys, clicks and movements in other windows are not told, shortcuts that work everywhere cannot be \
                 set, and the state of the keys cannot be asked for."
            }
            Self::Grabs => {
                "The keyboard and the mouse can be taken, as menus do, only within ten seconds of a key or a click in \
                 one of its windows."
            }
            Self::Input => {
                "Made-up keys and clicks do not arrive, XTEST does not exist, the pointer can be moved only to its own \
                 windows, and so can the keyboard."
            }
            Self::Windows => {
                "Other windows cannot be closed, moved, hidden, taken over or killed, and the window manager is asked \
                 only about its own."
            }
            Self::Drawing => "What is drawn into other windows, the desktop's background and the pointer is left out.",
            Self::Properties => {
                "Other windows' properties and the desktop's resources are not changed, except where a program asked \
                 for what was copied."
            }
            Self::Titles => {
                "Titles, names, icons and data of other windows read as if there were none; how windows take part in \
                 the desktop may be read."
            }
            Self::Clipboard => {
                "The clipboard and the selection are given out only within ten seconds of a key or a click in one of \
                 its windows, and what is dragged only after it came over one; writing them is allowed."
            }
            Self::Desktop => {
                "It may own the clipboard and the selections, but no other: it cannot pose as the window manager, the \
                 tray, the settings or an input method, and cannot stop the display for others."
            }
            Self::Devices => {
                "The keyboard's layout and repeat, the mouse's buttons and speed, the screen's size, the screen saver \
                 and the font path stay as they are."
            }
            Self::Access => {
                "The list of hosts that may use the display stays as it is, and nothing of it stays behind."
            }
            Self::Extensions => {
                "RENDER, GLX, XKEYBOARD, XInputExtension, RANDR, SHAPE, SYNC, XFIXES, DAMAGE, Composite, Present, \
                 XINERAMA, DOUBLE-BUFFER, BIG-REQUESTS, XC-MISC and generic events are there; every other extension, \
                 such as RECORD, XTEST and SECURITY, does not exist for it."
            }
        }
    }

    /// Whether a user should hear of it. The others are done in passing by programs that mean no harm, and miss nothing.
    #[must_use]
    pub fn is_worth_telling(self) -> bool {
        !matches!(self, Self::Drawing | Self::Properties | Self::Titles | Self::Desktop | Self::Extensions)
    }

    /// Whether a user may allow it to a program. The others would let the program reach beyond itself for good.
    #[must_use]
    pub fn may_be_allowed(self) -> bool {
        matches!(self, Self::Screen | Self::Keystrokes | Self::Grabs | Self::Titles | Self::Clipboard)
    }

    /// The rule of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_has_every_rule_in_its_words() {
        let guide = include_str!("../../../assets/guide/x11.md");
        let (_, table) = guide.split_once("| rule |").unwrap();
        let (table, _) = table.split_once("\n\n").unwrap();
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
        let expected: Vec<String> =
            Rule::ALL.iter().map(|rule| format!("| `{}` | {} |", rule.name(), rule.sentence())).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_rule_is_found_by_its_name() {
        for (at, rule) in Rule::ALL.into_iter().enumerate() {
            assert_eq!((Rule::of_name(rule.name()), rule as usize), (Some(rule), at));
        }
        assert_eq!(Rule::of_name("Screen"), None);
    }
}
