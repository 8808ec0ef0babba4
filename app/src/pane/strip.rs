//! Strips above a terminal: what the connection tells, and what must be asked before it happens.
//!
//! They stand outside the grid, so that no output can imitate them, and take no room when there are none.

mod denials;
mod paste;

use std::sync::Arc;

use iced::widget::{Column, Id, column, container, operation, row, text};
use iced::{Alignment, Element, Length, Task};
use term::session::PasteProgress;
use term::ssh::connection::X11Denied;
use term::terminal::Modes;

use denials::Denials;
use paste::Paste;

use crate::clipboard::{self, Selection};
use crate::store::settings::PasteGuard;
use crate::theme::{font, size, space};
use crate::widget::banner::{Banner, Kind};
use crate::widget::button::Button;
use crate::widget::terminal::paste::Clip;
use crate::widget::{Icon, label, scroll, tooltip};
use crate::window::{Bindings, Shortcut};

/// How many notices are kept; older ones make room.
const NOTICES: usize = 4;
/// Height in logical pixels that a banner scrolls beyond.
const BANNER: f32 = 140.0;

/// The strips of one pane.
#[derive(Debug)]
pub struct Strips {
    banner: Option<String>,
    notices: Vec<String>,
    /// What X11 programs were refused.
    denials: Denials,
    paste: Option<Paste>,
    /// How far a long paste is that is on its way.
    pasting: Option<PasteProgress>,
    offer: Offer,
    /// The answer to a paste that does nothing, which has the focus first.
    refuse: Id,
    /// The way out of the first strip, by which the keyboard reaches them.
    first: Id,
}

impl Default for Strips {
    fn default() -> Self {
        let (refuse, first) = (Id::unique(), Id::unique());
        Self {
            banner: None,
            notices: Vec::new(),
            denials: Denials::default(),
            paste: None,
            pasting: None,
            offer: None,
            refuse,
            first,
        }
    }
}

/// A text that the remote program wants to put on the clipboard (OSC 52), while the user is asked.
type Offer = Option<(Selection, String)>;

/// What happens in a strip.
#[derive(Debug, Clone)]
pub enum Message {
    /// The banner is read.
    BannerRead,
    /// The notice with this index is read.
    NoticeRead(usize),
    /// What an X11 program was refused is allowed to it from now on, or is not; by its index.
    Denied(usize, bool),
    /// The paste that waits is wanted.
    Paste,
    /// It is wanted, with blanks for its line ends.
    PasteOneLine,
    /// No paste is to be asked about once this one is pasted, or it is.
    NeverAsk(bool),
    /// The paste on its way is to be broken off.
    BreakOff,
    /// What is asked is not wanted.
    Refused,
    /// The user was asked whether the remote program may write the clipboard.
    Clipboard(Permission),
}

/// What the user answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// This time.
    Once,
    /// Whenever a program on this host wants to.
    Always,
    /// Not now, and never again for this host.
    Never,
}

/// What a strip wants of its pane.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// This is to be pasted.
    Paste {
        /// The text.
        clip: Arc<Clip>,
        /// Whether its line ends become blanks.
        one_line: bool,
        /// Whether the user wants to be asked no more.
        never: bool,
    },
    /// The paste on its way is to be broken off.
    BreakOff,
    /// The terminal takes the keys again.
    Focus,
    /// Programs on this host may write the clipboard from now on, or may not.
    Permit {
        /// Whether they may.
        allowed: bool,
        /// What is to be written now.
        write: Option<(Selection, String)>,
    },
}

impl Strips {
    /// Forgets what an earlier connection told; what the user allowed stays.
    pub(super) fn clear(&mut self) {
        self.banner = None;
        self.notices.clear();
        self.denials.clear();
        self.paste = None;
        self.offer = None;
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

    /// An X11 program was refused something.
    pub(super) fn denied(&mut self, denied: X11Denied) {
        self.denials.push(denied);
    }

    /// The remote program wants to write the clipboard, which its host may or may not; `None` asks the user.
    pub(super) fn offer<T: Send + 'static>(
        &mut self,
        selection: Selection,
        text: String,
        permission: Option<bool>,
    ) -> Task<T> {
        match permission {
            Some(true) => return clipboard::write(selection, text),
            Some(false) => {}
            None => self.offer = Some((selection, text)),
        }
        Task::none()
    }

    /// Takes a text to paste: it goes to the shell, or the user must look at it first.
    pub(super) fn paste(&mut self, clip: Arc<Clip>, modes: Modes, guard: PasteGuard) -> Action {
        match clip.doubt(modes, guard) {
            None => {
                self.paste = None;
                Action::Paste { clip, one_line: false, never: false }
            }
            Some(doubt) => {
                self.paste = Some(Paste { clip, doubt, never: false });
                Action::None
            }
        }
    }

    /// How far a long paste is, or that none is on its way.
    pub(super) fn pasting(&mut self, progress: Option<PasteProgress>) {
        self.pasting = progress;
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
        let told = self.banner.is_some() || !self.notices.is_empty() || !self.denials.is_empty();
        match (told, &self.paste, &self.offer) {
            (true, ..) => Some(&self.first),
            (false, Some(_), _) => Some(&self.refuse),
            (false, None, Some(_)) => Some(&self.first),
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
            Message::Denied(index, allow) => self.denials.answer(index, allow),
            Message::Paste => return self.confirmed(false),
            Message::PasteOneLine => return self.confirmed(true),
            Message::NeverAsk(never) => {
                if let Some(paste) = &mut self.paste {
                    paste.never = never;
                }
                return Action::None;
            }
            Message::BreakOff => return Action::BreakOff,
            Message::Refused => self.paste = None,
            Message::Clipboard(permission) => {
                let Some((selection, text)) = self.offer.take() else { return Action::Focus };
                return match permission {
                    Permission::Once => Action::Run(clipboard::write(selection, text)),
                    Permission::Always => Action::Permit { allowed: true, write: Some((selection, text)) },
                    Permission::Never => Action::Permit { allowed: false, write: None },
                };
            }
        }
        Action::Focus
    }

    fn confirmed(&mut self, one_line: bool) -> Action {
        let Some(Paste { clip, never, .. }) = self.paste.take() else { return Action::None };
        Action::Paste { clip, one_line, never }
    }

    /// The strips, none when there is nothing to tell.
    pub(super) fn view<'a>(&'a self, host: &str, bindings: &Bindings) -> Option<Element<'a, Message>> {
        let notices = self.notices.iter().enumerate().map(|(index, notice)| {
            let read = Button::icon(Icon::X).on_press(Message::NoticeRead(index));
            let read = if index == 0 && self.banner.is_none() { read.id(self.first.clone()) } else { read };
            let read = tooltip::below(read, dismiss(bindings));
            Banner::new(Kind::Info, notice).action(read).into()
        });
        let alone = self.banner.is_none() && self.notices.is_empty();
        let strips: Vec<_> = self
            .banner
            .iter()
            .map(|text| self.greeting(host, text, bindings))
            .chain(notices)
            .chain(self.denials.view(alone.then_some(&self.first), dismiss(bindings)))
            .chain(self.paste.iter().map(|paste| paste.view(self.refuse.clone())))
            .chain(self.pasting.map(paste::progress))
            .chain(self.offered(host))
            .collect();
        // In a low pane they are higher than that.
        let strips = (!strips.is_empty()).then(|| Column::with_children(strips).spacing(space::XS).padding(space::S));
        strips.map(|strips| scroll::vertical(strips).into())
    }

    /// The server's banner, in a box that says whose words they are.
    fn greeting<'a>(&self, host: &str, words: &'a str, bindings: &Bindings) -> Element<'a, Message> {
        let read = Button::icon(Icon::X).id(self.first.clone()).on_press(Message::BannerRead);
        let read = tooltip::below(read, dismiss(bindings));
        let words = text(words).font(font::MONO).size(size::SMALL).wrapping(text::Wrapping::WordOrGlyph);
        let words = container(scroll::vertical(container(words).width(Length::Fill))).max_height(BANNER);
        let content = column![label::hint(format!("{host} says:")), words].spacing(space::XS).width(Length::Fill);
        container(row![Icon::Server.text(), content, read].spacing(space::M).align_y(Alignment::Start))
            .padding([space::S, space::M])
            .style(Kind::Info.style())
            .into()
    }

    fn offered<'a>(&'a self, host: &str) -> Option<Element<'a, Message>> {
        let (selection, text) = self.offer.as_ref()?;
        let target = if *selection == Selection::Primary { "the selection" } else { "the clipboard" };
        let characters = text.chars().count();
        let answer = |name, permission| Button::text(name).on_press(Message::Clipboard(permission));
        let refuse = answer("Never", Permission::Never);
        let refuse = if self.first() == Some(&self.first)
            && self.notices.is_empty()
            && self.denials.is_empty()
            && self.banner.is_none()
        {
            refuse.id(self.first.clone())
        } else {
            refuse
        };
        Some(
            Banner::new(
                Kind::Warning,
                format!("A program on {host} wants to write {characters} characters to {target}"),
            )
            .detail("Always and Never hold for this host. Reading the clipboard is never allowed.")
            .action(refuse)
            .action(answer("Allow once", Permission::Once))
            .action(answer("Always", Permission::Always))
            .into(),
        )
    }
}

/// What a cross at a strip's end does, and how the keyboard gets there.
fn dismiss(bindings: &Bindings) -> String {
    match bindings.chords(Shortcut::Strips).first() {
        Some(chord) => format!("Dismiss ({chord}, Enter)"),
        None => "Dismiss".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cross_names_the_key_that_leads_to_it() {
        let chosen = |chords| Bindings::new(&[("notices".to_owned(), chords)].into());
        assert_eq!(dismiss(&Bindings::default()), "Dismiss (Shift+F6, Enter)");
        let f8 = crate::store::keys::Chord::parse("F8").expect("a chord");
        assert_eq!(dismiss(&chosen(vec![f8])), "Dismiss (F8, Enter)");
        assert_eq!(dismiss(&chosen(Vec::new())), "Dismiss");
    }

    fn texts(strips: &Strips) -> usize {
        usize::from(strips.banner.is_some()) + strips.notices.len()
    }

    #[test]
    fn nothing_to_tell_takes_no_room() {
        assert!(Strips::default().view("host", &Bindings::default()).is_none());
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
        let _ = strips.offer::<()>(Selection::Clipboard, "text".to_owned(), None);
        assert_eq!(strips.first(), Some(&strips.first));
        let _ = paste(&mut strips, "a\nb\n");
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
    fn the_clipboard_is_asked_about_unless_the_host_has_an_answer() {
        let offer = |permission| {
            let mut strips = Strips::default();
            let _ = strips.offer::<()>(Selection::Clipboard, "text".to_owned(), permission);
            strips
        };
        assert!(offer(None).offered("host").is_some());
        assert!(offer(Some(true)).offered("host").is_none());
        assert!(offer(Some(false)).offered("host").is_none());
        let mut strips = offer(None);
        strips.clear();
        assert!(strips.offered("host").is_none(), "a reconnect forgets what an old program wanted");
        assert!(
            matches!(strips.update(Message::Clipboard(Permission::Always)), Action::Focus),
            "nothing is written then"
        );
    }

    #[test]
    fn each_answer_does_what_it_says() {
        let answer = |permission| {
            let mut strips = Strips::default();
            let _ = strips.offer::<()>(Selection::Primary, "old".to_owned(), None);
            let _ = strips.offer::<()>(Selection::Primary, "new".to_owned(), None);
            let action = strips.update(Message::Clipboard(permission));
            assert!(strips.offered("host").is_none());
            action
        };
        assert!(matches!(answer(Permission::Once), Action::Run(_)));
        assert!(matches!(answer(Permission::Never), Action::Permit { allowed: false, write: None }));
        let always = answer(Permission::Always);
        let Action::Permit { allowed: true, write: Some((Selection::Primary, text)) } = always else { panic!() };
        assert_eq!(text, "new");
    }

    fn paste(strips: &mut Strips, text: &str) -> Action {
        strips.paste(Arc::new(Clip::new(text)), Modes::default(), PasteGuard::default())
    }

    /// What is to be pasted, and whether the user wants to be asked no more.
    fn pasted(action: Action) -> Option<(Vec<u8>, bool)> {
        match action {
            Action::Paste { clip, one_line: false, never } => Some((clip.prepare(Modes::default()).bytes, never)),
            Action::Paste { clip, one_line: true, never } => {
                Some((clip.prepare_one_line(Modes::default()).bytes, never))
            }
            _ => None,
        }
    }

    #[test]
    fn one_line_is_pasted_at_once_and_several_wait_for_the_user() {
        let mut strips = Strips::default();
        assert_eq!(pasted(paste(&mut strips, "ls -l")), Some((b"ls -l".to_vec(), false)));
        assert_eq!(pasted(paste(&mut strips, "rm -r a\nrm -r b\n")), None);
        assert!(strips.asks());
        assert_eq!(pasted(strips.update(Message::Paste)), Some((b"rm -r a\rrm -r b\r".to_vec(), false)));
        assert_eq!(pasted(strips.update(Message::Paste)), None, "it is pasted once");
    }

    #[test]
    fn several_lines_are_pasted_as_one_and_never_asked_about_again_if_wanted() {
        let mut strips = Strips::default();
        let _ = paste(&mut strips, "a\nb\n");
        let _ = strips.update(Message::NeverAsk(true));
        assert_eq!(pasted(strips.update(Message::PasteOneLine)), Some((b"a b".to_vec(), true)));
    }

    #[test]
    fn a_refused_paste_is_gone() {
        let mut strips = Strips::default();
        let _ = paste(&mut strips, "a\u{1b}[31mb");
        assert!(strips.asks());
        assert!(matches!(strips.update(Message::Refused), Action::Focus));
        assert!(!strips.asks());
    }

    #[test]
    fn the_question_shows_the_text_and_has_all_the_answers() {
        let mut strips = Strips::default();
        let _ = paste(&mut strips, "rm -r a\nb\u{1b}c\n");
        let mut ui = iced_test::simulator(strips.view("host", &Bindings::default()).expect("a strip"));
        assert!(ui.find("Paste this? A control character will be left out.").is_ok());
        assert!(ui.find("rm -r a⏎\nb␛c⏎\n").is_ok());
        for answer in ["Cancel", "Paste as one line", "Paste", "Do not ask again"] {
            let _ = ui.click(answer).unwrap_or_else(|_| panic!("{answer} cannot be pressed"));
        }
        let messages: Vec<_> = ui.into_messages().map(|message| format!("{message:?}")).collect();
        assert_eq!(messages, ["Refused", "PasteOneLine", "Paste", "NeverAsk(true)"]);
    }
}
