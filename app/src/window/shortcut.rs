//! The window's own keys. Everything else belongs to the shell.
//!
//! No bare Ctrl+letter is taken, a chord follows the printed key and not its place, and a shortcut that would do
//! nothing where it is pressed falls through to the shell ([`Shortcut::applies`]).

use iced::keyboard::key::{Key, Named};
use iced::keyboard::{Event, Modifiers};

/// What a key asks of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// Shows the hosts, to open another tab.
    NewTab,
    /// Closes the tab that is shown.
    CloseTab,
    /// Shows the next tab, after the last the first.
    NextTab,
    /// Shows the previous tab, before the first the last.
    PreviousTab,
    /// Shows the tab with this number, counted from 1; 9 shows the last.
    Tab(u8),
    /// Moves the tab that is shown one place to the left.
    MoveTabLeft,
    /// Moves the tab that is shown one place to the right.
    MoveTabRight,
    /// Shows the hosts with the quick-connect field focused.
    QuickConnect,
    /// Copies the selected text.
    Copy,
    /// Pastes the clipboard.
    Paste,
    /// Pastes PRIMARY.
    PastePrimary,
    /// Enlarges the terminal's text.
    Larger,
    /// Shrinks the terminal's text.
    Smaller,
    /// Gives the terminal's text its size back.
    OriginalSize,
    /// Fills the screen with the window, or gives it back.
    FullScreen,
    /// Connects a closed tab again.
    Reconnect,
    /// Drops the scrollback.
    ClearScrollback,
    /// Leaves whatever asks, without an answer.
    Escape,
    /// Gives the keyboard to the strips above the terminal.
    Strips,
}

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// How many tabs the window has, the hosts not counted.
    pub tabs: usize,
    /// Whether a terminal takes the keys.
    pub terminal: bool,
    /// Whether a tab is shown, and not the hosts.
    pub tab: bool,
    /// Whether that tab's session is over.
    pub closed: bool,
    /// Whether strips above its terminal wait for the user.
    pub strips: bool,
}

impl Shortcut {
    /// The shortcut that a key press is, whether or not it applies.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        let Event::KeyPressed { key, modified_key, physical_key, modifiers, .. } = event else { return None };
        match key {
            Key::Named(named) => Self::of_named(*named, *modifiers),
            Key::Character(_) => {
                let printed = key.to_latin(*physical_key)?.to_ascii_lowercase();
                Self::of_character(printed, modified_key.as_ref(), *modifiers)
            }
            Key::Unidentified => None,
        }
    }

    fn of_named(key: Named, modifiers: Modifiers) -> Option<Self> {
        let control_shift = Modifiers::CTRL | Modifiers::SHIFT;
        match (key, modifiers) {
            (Named::Tab | Named::PageDown, Modifiers::CTRL) => Some(Self::NextTab),
            (Named::PageUp, Modifiers::CTRL) => Some(Self::PreviousTab),
            (Named::Tab, modifiers) if modifiers == control_shift => Some(Self::PreviousTab),
            (Named::PageUp, modifiers) if modifiers == control_shift => Some(Self::MoveTabLeft),
            (Named::PageDown, modifiers) if modifiers == control_shift => Some(Self::MoveTabRight),
            (Named::ArrowUp, modifiers) if modifiers == control_shift => Some(Self::Strips),
            (Named::Insert, Modifiers::CTRL) => Some(Self::Copy),
            (Named::Insert, Modifiers::SHIFT) => Some(Self::PastePrimary),
            (Named::Copy, modifiers) if modifiers.is_empty() => Some(Self::Copy),
            (Named::Paste, modifiers) if modifiers.is_empty() => Some(Self::Paste),
            (Named::F11, modifiers) if modifiers.is_empty() => Some(Self::FullScreen),
            (Named::Escape, modifiers) if modifiers.is_empty() => Some(Self::Escape),
            _ => None,
        }
    }

    fn of_character(printed: char, modified: Key<&str>, modifiers: Modifiers) -> Option<Self> {
        if modifiers == chord() {
            let shortcut = match printed {
                't' => Some(Self::NewTab),
                'w' => Some(Self::CloseTab),
                'o' => Some(Self::QuickConnect),
                'c' => Some(Self::Copy),
                'v' => Some(Self::Paste),
                'r' => Some(Self::Reconnect),
                'k' => Some(Self::ClearScrollback),
                _ => None,
            };
            if shortcut.is_some() {
                return shortcut;
            }
        }
        let digit = printed.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
        if let (Modifiers::ALT, Some(digit @ 1..=9)) = (modifiers, digit) {
            return Some(Self::Tab(digit));
        }
        // Ctrl+Shift+- is Ctrl+_, the shell's undo; a plus may need Shift to be typed.
        match (printed, modified) {
            (_, Key::Character("+")) if modifiers - Modifiers::SHIFT == zoom() => Some(Self::Larger),
            ('=', _) if modifiers == zoom() => Some(Self::Larger),
            ('-', _) if modifiers == zoom() => Some(Self::Smaller),
            ('0', _) if modifiers == zoom() => Some(Self::OriginalSize),
            _ => None,
        }
    }

    /// Whether it does anything where it is pressed; if not, the key is the shell's.
    #[must_use]
    pub fn applies(self, context: Context) -> bool {
        match self {
            Self::NewTab | Self::QuickConnect | Self::FullScreen => true,
            Self::CloseTab => context.tab,
            Self::NextTab | Self::PreviousTab => context.tabs > 1 || (context.tabs == 1 && !context.tab),
            Self::Tab(9) => context.tabs > 0,
            Self::Tab(number) => usize::from(number) <= context.tabs,
            Self::MoveTabLeft | Self::MoveTabRight => context.tab && context.tabs > 1,
            // Copying nothing must not become the interrupt that Ctrl+C is to the shell.
            Self::Copy | Self::Paste | Self::PastePrimary => context.terminal,
            Self::Larger | Self::Smaller | Self::OriginalSize | Self::ClearScrollback => context.terminal,
            Self::Reconnect => context.closed,
            Self::Strips => context.strips,
            Self::Escape => !context.terminal,
        }
    }
}

/// Command on macOS, Ctrl+Shift elsewhere.
fn chord() -> Modifiers {
    if cfg!(target_os = "macos") { Modifiers::LOGO } else { Modifiers::CTRL | Modifiers::SHIFT }
}

/// Command on macOS, Ctrl elsewhere.
fn zoom() -> Modifiers {
    if cfg!(target_os = "macos") { Modifiers::LOGO } else { Modifiers::CTRL }
}

#[cfg(test)]
mod tests;
