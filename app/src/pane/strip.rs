//! Strips above a terminal: what the connection tells, and what must be asked before it happens.
//!
//! They stand outside the grid, so that no output can imitate them, and take no room when there are none.

use iced::widget::{Column, Id, column, container, operation, row, text};
use iced::{Alignment, Element, Length, Task};
use term::terminal::Modes;

use crate::clipboard::{self, Selection};
use crate::theme::{font, size, space};
use crate::widget::banner::{Banner, Kind};
use crate::widget::button::Button;
use crate::widget::terminal::paste::{self, Doubt};
use crate::widget::{Icon, label, scroll, tooltip};

/// How many notices are kept; older ones make room.
const NOTICES: usize = 4;
/// Height in logical pixels that a banner scrolls beyond.
const BANNER: f32 = 140.0;

/// What a cross at a strip's end does, and how the keyboard gets there.
const DISMISS: &str = "Dismiss (Shift+F6, Enter)";

/// How much of a doubtful paste is shown, in characters.
const PREVIEW: usize = 160;

/// The strips of one pane.
#[derive(Debug)]
pub struct Strips {
    banner: Option<String>,
    notices: Vec<String>,
    paste: Option<Paste>,
    offer: Offer,
    /// The answer to a paste that does nothing, which has the focus first.
    refuse: Id,
    /// The way out of the first strip, by which the keyboard reaches them.
    first: Id,
}

impl Default for Strips {
    fn default() -> Self {
        let (refuse, first) = (Id::unique(), Id::unique());
        Self { banner: None, notices: Vec::new(), paste: None, offer: Offer::default(), refuse, first }
    }
}

/// A paste that the user must look at first.
#[derive(Debug)]
struct Paste {
    bytes: Vec<u8>,
    doubt: Doubt,
    preview: String,
}

/// Whether the remote program may write the clipboard (OSC 52). Asked once for each pane.
#[derive(Debug, Default)]
enum Offer {
    /// It never wanted to.
    #[default]
    Unasked,
    /// It wants to; the user is asked.
    Asked(Selection, String),
    /// It may.
    Allowed,
    /// It may not.
    Denied,
}

/// What happens in a strip.
#[derive(Debug, Clone)]
pub enum Message {
    /// The banner is read.
    BannerRead,
    /// The notice with this index is read.
    NoticeRead(usize),
    /// The paste that waits is wanted.
    Paste,
    /// What is asked is not wanted.
    Refused,
    /// The remote program may write the clipboard, or not.
    Clipboard(bool),
}

/// What a strip wants of its pane.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// This goes to the shell.
    Write(Vec<u8>),
    /// The terminal takes the keys again.
    Focus,
}

impl Strips {
    /// Forgets what an earlier connection told; what the user allowed stays.
    pub(super) fn clear(&mut self) {
        self.banner = None;
        self.notices.clear();
        self.paste = None;
        if let Offer::Asked(..) = self.offer {
            self.offer = Offer::Unasked;
        }
    }

    /// The server greets (RFC 4252 section 5.4): its own words, shown as such.
    pub(super) fn banner(&mut self, text: String) {
        let text = text.trim_end();
        match &mut self.banner {
            Some(banner) => {
                banner.push('\n');
                banner.push_str(text);
            }
            None if !text.is_empty() => self.banner = Some(text.to_owned()),
            None => {}
        }
    }

    /// Something should be known.
    pub(super) fn notice(&mut self, text: String) {
        if self.notices.contains(&text) {
            return;
        }
        if self.notices.len() == NOTICES {
            let _oldest = self.notices.remove(0);
        }
        self.notices.push(text);
    }

    /// The remote program wants to write the clipboard.
    pub(super) fn offer<T: Send + 'static>(&mut self, selection: Selection, text: String) -> Task<T> {
        match self.offer {
            Offer::Allowed => return clipboard::write(selection, text),
            Offer::Denied => {}
            Offer::Unasked | Offer::Asked(..) => self.offer = Offer::Asked(selection, text),
        }
        Task::none()
    }

    /// Takes a text to paste: it goes to the shell, or the user must look at it first.
    pub(super) fn paste(&mut self, text: &str, modes: Modes) -> Action {
        let bytes = paste::prepare(text, modes);
        match paste::doubt(text, modes) {
            None => {
                self.paste = None;
                Action::Write(bytes)
            }
            Some(doubt) => {
                let preview = text.chars().take(PREVIEW).map(visible).collect();
                self.paste = Some(Paste { bytes, doubt, preview });
                Action::None
            }
        }
    }

    /// Where the keyboard belongs while [`Strips::asks`]: on the harmless answer.
    pub(super) fn home(&self) -> Id {
        self.refuse.clone()
    }

    /// Whether something waits for an answer, so that keys are no longer the terminal's.
    pub(super) fn asks(&self) -> bool {
        self.paste.is_some()
    }

    /// The harmless answer of the first strip; none without strips.
    pub(super) fn first(&self) -> Option<&Id> {
        let told = self.banner.is_some() || !self.notices.is_empty();
        match (told, &self.paste, &self.offer) {
            (true, ..) => Some(&self.first),
            (false, Some(_), _) => Some(&self.refuse),
            (false, None, Offer::Asked(..)) => Some(&self.first),
            (false, None, _) => None,
        }
    }

    /// Gives the keyboard to the first strip.
    pub(super) fn focus<T: Send + 'static>(&self) -> Task<T> {
        self.first().cloned().map_or_else(Task::none, operation::focus)
    }

    pub(super) fn update(&mut self, message: Message) -> Action {
        match message {
            Message::BannerRead => self.banner = None,
            Message::NoticeRead(index) => {
                if index < self.notices.len() {
                    let _read = self.notices.remove(index);
                }
            }
            Message::Paste => return self.paste.take().map_or(Action::None, |paste| Action::Write(paste.bytes)),
            Message::Refused => self.paste = None,
            Message::Clipboard(allowed) => {
                let answer = if allowed { Offer::Allowed } else { Offer::Denied };
                if let (Offer::Asked(selection, text), true) = (std::mem::replace(&mut self.offer, answer), allowed) {
                    return Action::Run(clipboard::write(selection, text));
                }
            }
        }
        Action::Focus
    }

    /// The strips, none when there is nothing to tell.
    pub(super) fn view<'a>(&'a self, host: &str) -> Option<Element<'a, Message>> {
        let notices = self.notices.iter().enumerate().map(|(index, notice)| {
            let read = Button::icon(Icon::X).on_press(Message::NoticeRead(index));
            let read = if index == 0 && self.banner.is_none() { read.id(self.first.clone()) } else { read };
            let read = tooltip::below(read, DISMISS);
            Banner::new(Kind::Info, notice).action(read).into()
        });
        let strips: Vec<_> = self
            .banner
            .iter()
            .map(|text| self.greeting(host, text))
            .chain(notices)
            .chain(self.paste.iter().map(|paste| self.confirm(paste)))
            .chain(self.offered(host))
            .collect();
        (!strips.is_empty())
            .then(|| container(Column::with_children(strips).spacing(space::XS)).padding(space::S).into())
    }

    /// The server's banner, in a box that says whose words they are.
    fn greeting<'a>(&self, host: &str, words: &'a str) -> Element<'a, Message> {
        let read = Button::icon(Icon::X).id(self.first.clone()).on_press(Message::BannerRead);
        let read = tooltip::below(read, DISMISS);
        let words = text(words).font(font::MONO).size(size::SMALL).wrapping(text::Wrapping::WordOrGlyph);
        let words = container(scroll::vertical(container(words).width(Length::Fill))).max_height(BANNER);
        let content = column![label::hint(format!("{host} says:")), words].spacing(space::XS).width(Length::Fill);
        container(row![Icon::Server.text(), content, read].spacing(space::M).align_y(Alignment::Start))
            .padding([space::S, space::M])
            .style(Kind::Info.style())
            .into()
    }

    fn confirm<'a>(&'a self, paste: &'a Paste) -> Element<'a, Message> {
        let question = match paste.doubt {
            Doubt::Lines(1) => "Paste this line with its line end? It may run as a command at once.".to_owned(),
            Doubt::Lines(lines) => format!("Paste {lines} lines? Each may run as a command."),
            Doubt::ControlCharacters(1) => "Paste this? A control character was taken out of it.".to_owned(),
            Doubt::ControlCharacters(count) => format!("Paste this? {count} control characters were taken out of it."),
        };
        Banner::new(Kind::Warning, question)
            .detail(paste.preview.as_str())
            .action(Button::text("Cancel").id(self.refuse.clone()).on_press(Message::Refused))
            .action(Button::text("Paste").on_press(Message::Paste))
            .into()
    }

    fn offered<'a>(&'a self, host: &str) -> Option<Element<'a, Message>> {
        let Offer::Asked(selection, text) = &self.offer else { return None };
        let target = if *selection == Selection::Primary { "the selection" } else { "the clipboard" };
        let characters = text.chars().count();
        let refuse = Button::text("Refuse").on_press(Message::Clipboard(false));
        let refuse = if self.first() == Some(&self.first) && self.notices.is_empty() && self.banner.is_none() {
            refuse.id(self.first.clone())
        } else {
            refuse
        };
        Some(
            Banner::new(
                Kind::Warning,
                format!("A program on {host} wants to write {characters} characters to {target}"),
            )
            .detail("Your answer holds for this tab. Reading the clipboard is never allowed.")
            .action(refuse)
            .action(Button::text("Allow").on_press(Message::Clipboard(true)))
            .into(),
        )
    }
}

/// Line ends and control characters as what can be seen.
fn visible(character: char) -> char {
    match character {
        '\n' | '\r' => '⏎',
        '\t' => ' ',
        character if character.is_control() => '\u{fffd}',
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(strips: &Strips) -> usize {
        usize::from(strips.banner.is_some()) + strips.notices.len()
    }

    #[test]
    fn nothing_to_tell_takes_no_room() {
        assert!(Strips::default().view("host").is_none());
    }

    #[test]
    fn the_same_notice_is_told_once_and_old_ones_make_room() {
        let mut strips = Strips::default();
        for number in [1, 1, 2, 3, 4, 5] {
            strips.notice(format!("notice {number}"));
        }
        assert_eq!(strips.notices, ["notice 2", "notice 3", "notice 4", "notice 5"]);
    }

    #[test]
    fn the_keyboard_reaches_the_first_strip_whichever_it_is() {
        let mut strips = Strips::default();
        assert_eq!(strips.first(), None);
        let _ = strips.offer::<()>(Selection::Clipboard, "text".to_owned());
        assert_eq!(strips.first(), Some(&strips.first));
        let _ = strips.paste("a\nb\n", Modes::default());
        assert_eq!(strips.first(), Some(&strips.refuse));
        strips.banner("Welcome".to_owned());
        assert_eq!(strips.first(), Some(&strips.first));
    }

    #[test]
    fn a_reconnect_forgets_what_the_old_connection_told() {
        let mut strips = Strips::default();
        strips.banner("Welcome".to_owned());
        strips.notice("X11 was refused".to_owned());
        assert_eq!(texts(&strips), 2);
        strips.clear();
        assert_eq!(texts(&strips), 0);
    }

    #[test]
    fn the_clipboard_is_asked_about_once_and_a_refusal_holds() {
        let mut strips = Strips::default();
        let _ = strips.offer::<()>(Selection::Clipboard, "first".to_owned());
        assert!(strips.offered("host").is_some());
        assert!(matches!(strips.update(Message::Clipboard(false)), Action::Focus));
        let _ = strips.offer::<()>(Selection::Clipboard, "second".to_owned());
        assert!(strips.offered("host").is_none());
        strips.clear();
        assert!(matches!(strips.offer, Offer::Denied), "a reconnect does not ask again");
    }

    #[test]
    fn an_allowed_program_writes_what_it_wanted_to() {
        let mut strips = Strips::default();
        let _ = strips.offer::<()>(Selection::Clipboard, "text".to_owned());
        assert!(matches!(strips.update(Message::Clipboard(true)), Action::Run(_)));
        assert!(strips.offered("host").is_none());
    }

    #[test]
    fn one_line_is_pasted_at_once_and_several_wait_for_the_user() {
        let mut strips = Strips::default();
        assert!(matches!(strips.paste("ls -l", Modes::default()), Action::Write(bytes) if bytes == b"ls -l"));
        assert!(matches!(strips.paste("rm -r a\nrm -r b\n", Modes::default()), Action::None));
        assert!(strips.asks());
        assert!(matches!(strips.update(Message::Paste), Action::Write(bytes) if bytes == b"rm -r a\rrm -r b\r"));
        assert!(matches!(strips.update(Message::Paste), Action::None), "it is pasted once");
    }

    #[test]
    fn a_refused_paste_is_gone_and_its_preview_shows_what_is_hidden() {
        let mut strips = Strips::default();
        let _ = strips.paste("a\u{1b}[201~b", Modes::default());
        assert_eq!(strips.paste.as_ref().map(|paste| paste.preview.as_str()), Some("a\u{fffd}[201~b"));
        assert!(matches!(strips.update(Message::Refused), Action::Focus));
        assert!(!strips.asks());
    }
}
