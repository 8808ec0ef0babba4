//! The settings that are one of a few words.

/// One of a few words in `settings.toml`.
pub trait Choice: Copy + PartialEq + Default + 'static {
    /// Every choice: the word in the file and what the settings screen calls it.
    const WORDS: &'static [Word];
    /// The choices in the order of [`Choice::WORDS`].
    const ALL: &'static [Self];

    /// The word in the file.
    fn word(self) -> &'static str {
        let index = Self::ALL.iter().position(|choice| *choice == self);
        index.and_then(|index| Self::WORDS.get(index)).map_or("", |word| word.word)
    }

    /// Every choice with its word.
    fn words() -> Vec<(&'static str, Self)> {
        Self::WORDS.iter().map(|word| word.word).zip(Self::ALL.iter().copied()).collect()
    }

    /// The choice of this word.
    fn of(word: &str) -> Option<Self> {
        let index = Self::WORDS.iter().position(|other| other.word == word)?;
        Self::ALL.get(index).copied()
    }
}

/// A choice as the file and as the settings screen name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// In the file.
    pub word: &'static str,
    /// On the screen.
    pub label: &'static str,
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.label)
    }
}

/// Declares such settings: each choice once, with its word and its label. The first is the default.
macro_rules! choices {
    ($($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $choice:ident $word:literal $label:literal,)* })*) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $name {
                $($(#[$meaning])* $choice,)*
            }

            #[expect(clippy::indexing_slicing, reason = "every setting has a first choice, or this does not compile")]
            impl Default for $name {
                fn default() -> Self {
                    const FIRST: $name = $name::ALL[0];
                    FIRST
                }
            }

            impl Choice for $name {
                const WORDS: &'static [Word] = &[$(Word { word: $word, label: $label }),*];
                const ALL: &'static [Self] = &[$(Self::$choice),*];
            }
        )*
    };
}

choices! {
    /// Which colours the window has.
    Theme {
        /// What the desktop asks for.
        System "system" "As the desktop",
        /// Dark on light.
        Light "light" "Light",
        /// Light on dark.
        Dark "dark" "Dark",
    }

    /// What draws the window. Takes effect at the next start.
    Renderer {
        /// The graphics card where there is one, the processor otherwise.
        Auto "auto" "Automatic",
        /// The processor.
        Software "software" "Processor",
        /// The graphics card.
        Gpu "gpu" "Graphics card",
    }

    /// What the cursor looks like until a program chooses another (DECSCUSR).
    CursorShape {
        /// The whole cell.
        Block "block" "Block",
        /// A line at the left edge of the cell.
        Bar "bar" "Bar",
        /// A line below the character.
        Underline "underline" "Underline",
    }

    /// Whether the cursor blinks.
    CursorBlink {
        /// Where a program asks for it (DECSCUSR, mode 12).
        Program "program" "As programs ask",
        /// Always.
        Always "always" "Always",
        /// Never, whatever programs ask for.
        Never "never" "Never",
    }

    /// What the bell character does.
    Bell {
        /// A short flash of the terminal; a mark on a tab behind.
        Visual "visual" "Flash",
        /// The desktop's sound.
        Audible "audible" "Sound",
        /// The window asks for attention.
        Urgent "urgent" "Attention",
        /// Nothing.
        None "none" "Nothing",
    }

    /// What a right click on a terminal does.
    RightClick {
        /// Opens a menu.
        Menu "menu" "Open the menu",
        /// Pastes at once, as PuTTY does; with Shift it opens the menu.
        Paste "paste" "Paste",
    }

    /// When text of several lines or with control characters is shown before it is pasted.
    PasteGuard {
        /// Where the program would take each line as typed: one that does not know bracketed paste.
        Unbracketed "unbracketed" "Where lines would run",
        /// In every program.
        Always "always" "Always",
        /// Nowhere.
        Never "never" "Never",
    }

    /// Whether sessions are written to files from their beginning.
    LogSessions {
        /// Only where the user starts it.
        Off "off" "Only when I start it",
        /// All, as text.
        Text "text" "As text",
        /// All, as asciinema recordings.
        Recording "recording" "As recordings",
    }

    /// Which notifications of programs and finished commands the desktop shows.
    Notifications {
        /// Those of terminals that are not in sight.
        Hidden "hidden" "When out of sight",
        /// All.
        Always "always" "Always",
        /// None.
        Never "never" "Never",
    }
}
