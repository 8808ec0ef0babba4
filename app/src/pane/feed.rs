//! Where else goes what is typed in a pane: to the other panes of a broadcast.

use std::sync::Arc;

use term::{Session, Terminal};

use super::pasting::LONG;
use super::{Id, secrecy};
use crate::widget::terminal::Typed;
use crate::widget::terminal::paste::{Clip, Prepared};

/// The panes that get what is typed in one of them.
#[derive(Debug, Default)]
pub struct Feed {
    members: Vec<Member>,
}

/// One of them.
#[derive(Debug)]
pub struct Member {
    /// The pane.
    pub id: Id,
    /// What it shows.
    pub terminal: Arc<Terminal>,
    /// Its shell.
    pub session: Arc<Session>,
    /// Whether it was held back when the user was last told.
    pub held: bool,
    /// Whether the user wants it fed although it seems to ask for a secret.
    pub allowed: bool,
}

impl Member {
    /// Whether it seems to ask for a secret now, and the user has not allowed to send one.
    fn holds(&self) -> bool {
        !self.allowed && secrecy::asks(&self.terminal.cursor_line())
    }
}

impl Feed {
    /// A feed of these panes.
    #[must_use]
    pub fn new(members: Vec<Member>) -> Self {
        Self { members }
    }

    /// Sends what was typed in the pane that shows `from` to all others, each as its own modes have it. Says whether the
    /// user has to be told of other panes that are held back than before.
    ///
    /// Where the pane itself is held back, what is typed there is a secret: nobody else gets it.
    pub fn send(&self, from: &Arc<Terminal>, typed: &Typed<'_>) -> bool {
        self.each(from, |member| typed.encode(member.terminal.modes()))
    }

    /// The same for a text that is pasted, perhaps as one line.
    pub fn paste(&self, from: &Arc<Terminal>, clip: &Clip, one_line: bool) {
        let _told = self.each(from, |member| {
            let modes = member.terminal.modes();
            let Prepared { bytes, end } = if one_line { clip.prepare_one_line(modes) } else { clip.prepare(modes) };
            if bytes.len() < LONG {
                return Some([bytes.as_slice(), end].concat());
            }
            if !member.session.paste(bytes, end) {
                log::warn!("a pane did not get a long paste: too much waits already for the other side to take it");
            }
            None
        });
    }

    /// Whether every one takes a paste as one piece, so that no line of it runs by itself.
    #[must_use]
    pub fn is_bracketed(&self) -> bool {
        self.members.iter().all(|member| member.terminal.modes().bracketed_paste)
    }

    fn each(&self, from: &Arc<Terminal>, bytes: impl Fn(&Member) -> Option<Vec<u8>>) -> bool {
        let own = |member: &&Member| Arc::ptr_eq(&member.terminal, from);
        let secret = self.members.iter().find(own).is_some_and(Member::holds);
        let mut news = false;
        for member in &self.members {
            let held = member.holds();
            news |= held != member.held;
            if own(&member) || held || secret {
                continue;
            }
            if let Some(bytes) = bytes(member) {
                member.session.write(&bytes);
            }
        }
        news
    }
}
