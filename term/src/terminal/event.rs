//! What the remote program asks of the window.

/// The longest title that is shown, in characters.
const TITLE_LIMIT: usize = 256;

/// What the remote program asks of the window. Everything else it asks, the terminal answers by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// OSC 0 and 2, cleaned of control and bidi characters, at most 256 characters; `None` resets it.
    Title(Option<String>),
    /// BEL.
    Bell,
    /// OSC 52 write to the clipboard (`primary` false) or to PRIMARY; at most 100 kB.
    Clipboard {
        /// PRIMARY instead of the clipboard.
        primary: bool,
        /// The text.
        text: String,
    },
}

/// The events nobody took yet: of each kind only the newest, so that a flood of them takes no memory.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) title: Option<Option<String>>,
    pub(super) bell: bool,
    pub(super) clipboard: Option<String>,
    pub(super) primary: Option<String>,
}

impl Pending {
    /// Takes them all.
    pub(super) fn take(&mut self) -> Vec<Event> {
        let Self { title, bell, clipboard, primary } = std::mem::take(self);
        let title = title.map(Event::Title);
        let bell = bell.then_some(Event::Bell);
        let clipboard = clipboard.map(|text| Event::Clipboard { primary: false, text });
        let primary = primary.map(|text| Event::Clipboard { primary: true, text });
        [title, bell, clipboard, primary].into_iter().flatten().collect()
    }
}

/// A title as it may be shown: without controls and bidi controls, which could make it read as something else.
pub(super) fn clean_title(title: &str) -> String {
    title.chars().filter(|c| !is_deceptive(*c)).take(TITLE_LIMIT).collect::<String>().trim().to_owned()
}

/// C0, C1, DEL, the bidi controls (Unicode Standard Annex 9), line and paragraph separators, zero-width characters.
pub(super) fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
