//! What the tab bar shows of a tab beside its title.

use iced::Theme;
use iced::widget::Text;
use iced::widget::text::Style;

use crate::theme::{Colors, size};
use crate::widget::Icon;

/// What the tab bar shows of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It wants an answer.
    Asks,
    /// It is connecting.
    Connecting,
    /// A shell runs.
    Open,
    /// The bell rang since it was last looked at.
    Rang,
    /// The shell is over, or there never was one.
    Closed,
}

impl Mark {
    /// It in words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Asks => "Waits for your answer",
            Self::Connecting => "Connecting",
            Self::Open => "Connected",
            Self::Rang => "Connected; the bell rang",
            Self::Closed => "Not connected",
        }
    }

    /// It by shape and colour: colour alone does not tell everybody.
    #[must_use]
    pub fn icon<'a>(self) -> Text<'a> {
        let icon = match self {
            Self::Asks => Icon::CircleAlert,
            Self::Connecting => Icon::Loader,
            Self::Open => Icon::SquareTerminal,
            Self::Rang => Icon::Bell,
            Self::Closed => Icon::Unplug,
        };
        icon.sized(size::BODY).style(move |theme: &Theme| Style { color: Some(self.color(Colors::of(theme))) })
    }

    fn color(self, colors: &Colors) -> iced::Color {
        match self {
            Self::Asks | Self::Rang => colors.warning_text,
            Self::Connecting => colors.info_text,
            Self::Open => colors.success_text,
            Self::Closed => colors.muted,
        }
    }
}
