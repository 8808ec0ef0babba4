//! How far the programs of a connection are trusted with the display.

use std::fmt;

/// What remote programs can do on the local display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Trust {
    /// What concerns themselves, by the rules of [`crate::guard`].
    #[default]
    Guarded,
    /// What local programs can do (`ForwardX11Trusted yes`).
    Full,
    /// What the display's SECURITY extension lets untrusted programs do (`ForwardX11Trusted no`).
    Untrusted,
}

impl Trust {
    /// All levels.
    pub const ALL: [Self; 3] = [Self::Guarded, Self::Full, Self::Untrusted];

    /// The level's name, as command lines and files have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Guarded => "guarded",
            Self::Full => "full",
            Self::Untrusted => "untrusted",
        }
    }

    /// The level of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trust| trust.name() == name)
    }

    /// What the level means, in one sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Guarded => {
                "Programs run as usual, but cannot see other windows or their keys, type for you, or read the clipboard \
                 unless you have just used one of their windows."
            }
            Self::Full => {
                "Programs can do what local ones can: see every window and key, type for you, and change your display. \
                 For hosts that you trust as this machine."
            }
            Self::Untrusted => {
                "The display's own SECURITY extension restricts programs: many do not run, and all lose the display \
                 after 20 minutes. They can still read the clipboard."
            }
        }
    }
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
