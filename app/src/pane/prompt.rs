//! A question of the connection, shown inside the pane that it belongs to and nowhere else.
//!
//! What the server says stands in a box of its own and is named as the server's words; everything outside is the
//! program's. Nothing is answered by accident: a host key has no default answer but "no".

mod agreement;
mod host_key;
mod interactive;
mod secret;

use iced::widget::{Id, column, row};
use iced::{Alignment, Element, Task};
use term::ssh::prompt::{Answer, Question};
use term::ssh::{self, Secret};

use crate::clipboard::{self, Selection};
use crate::store::secrets;
use crate::theme::space;
use crate::widget::{Icon, elided, label};

/// What the user is asked.
#[derive(Debug)]
pub struct Prompt {
    prompt: ssh::Prompt,
    /// What is typed, one for each field.
    typed: Vec<Secret>,
    /// Whether the fields show what is typed.
    revealed: bool,
    remember: bool,
    /// The first control to focus.
    first: Id,
}

/// What happens in a prompt.
#[derive(Debug, Clone)]
pub enum Message {
    /// The field with this index holds this now.
    Typed(usize, Secret),
    /// Enter in this field: on to the next, or answer.
    Entered(usize),
    /// What is typed is the answer.
    Answered,
    /// The host key is trusted, once or for good.
    Trusted {
        /// For good.
        save: bool,
    },
    /// A question of yes or no is answered.
    Agreed(bool),
    /// The secret is to be remembered, or not.
    Remember(bool),
    /// Show what is typed, or hide it.
    Reveal(bool),
    /// The fingerprint goes to the clipboard.
    CopyFingerprint(String),
    /// No answer.
    Cancelled,
}

/// What a prompt wants of its pane.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// It is answered; the secret is to be remembered once the login has succeeded.
    Answered(Option<Secret>),
    /// It is not going to be answered.
    Cancelled,
}

impl Prompt {
    /// Shows a question. Remembering is on offer where the answer can be kept, and never chosen beforehand.
    #[must_use]
    pub fn new(prompt: ssh::Prompt) -> Self {
        let fields = match prompt.question() {
            Question::UnknownHostKey { .. }
            | Question::AddressKeyDiffers { .. }
            | Question::UpdatedHostKeys { .. }
            | Question::AddKeyToAgent { .. } => 0,
            Question::Password { .. } | Question::ProxyPassword { .. } | Question::Passphrase { .. } => 1,
            Question::KeyboardInteractive { challenges, .. } => challenges.len(),
        };
        let typed = vec![Secret::new(String::new()); fields];
        Self { prompt, typed, revealed: false, remember: false, first: Id::unique() }
    }

    /// The question.
    #[must_use]
    pub fn question(&self) -> &Question {
        self.prompt.question()
    }

    /// Who asks: the host, or one on the way to it.
    #[must_use]
    pub fn hop(&self) -> &ssh::Hop {
        self.prompt.hop()
    }

    /// Where the keyboard belongs: in the first field, or on the harmless answer where there is none.
    #[must_use]
    pub fn home(&self) -> Id {
        self.first.clone()
    }

    /// Handles what happened.
    pub fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Typed(index, text) => {
                if let Some(typed) = self.typed.get_mut(index) {
                    *typed = text;
                }
                Action::None
            }
            Message::Entered(index) if index + 1 < self.typed.len() => {
                Action::Run(iced::widget::operation::focus_next())
            }
            Message::Entered(_) | Message::Answered => self.answer(),
            Message::Trusted { save } => {
                self.prompt.clone().answer(if save { Answer::TrustAndSave } else { Answer::TrustOnce });
                Action::Answered(None)
            }
            Message::Agreed(yes) => {
                self.prompt.clone().answer(if yes { Answer::Yes } else { Answer::No });
                Action::Answered(None)
            }
            Message::Remember(remember) => {
                self.remember = remember;
                Action::None
            }
            Message::Reveal(revealed) => {
                self.revealed = revealed;
                Action::None
            }
            Message::CopyFingerprint(text) => Action::Run(clipboard::write(Selection::Clipboard, text)),
            Message::Cancelled => Action::Cancelled,
        }
    }

    fn answer(&mut self) -> Action {
        let mut typed = std::mem::take(&mut self.typed);
        let kept = match self.question() {
            Question::Password { .. } | Question::ProxyPassword { .. } | Question::Passphrase { .. } => {
                let Some(secret) = typed.pop() else { return Action::None };
                self.prompt.clone().answer(Answer::Secret(secret.clone()));
                self.remember.then_some(secret)
            }
            Question::KeyboardInteractive { .. } => {
                self.prompt.clone().answer(Answer::Responses(typed));
                None
            }
            Question::UnknownHostKey { .. }
            | Question::AddressKeyDiffers { .. }
            | Question::UpdatedHostKeys { .. }
            | Question::AddKeyToAgent { .. } => return Action::None,
        };
        Action::Answered(kept)
    }

    /// The question and its controls. `keeper` says what keeps secrets.
    pub fn view<'a>(&'a self, keeper: Option<&'a secrets::Status>) -> Element<'a, Message> {
        column![self.way(), self.controls(keeper)].spacing(space::L).into()
    }

    /// Says that it is not the host itself that asks, where it is not.
    fn way<'a>(&'a self) -> Option<Element<'a, Message>> {
        let toward = self.hop().toward.as_ref()?;
        let text = format!("Jump host {} on the way to {toward}", self.hop());
        let line = row![Icon::ChevronRight.text().style(label::muted_style), elided::strong(text)].spacing(space::S);
        Some(line.align_y(Alignment::Center).into())
    }

    fn controls<'a>(&'a self, keeper: Option<&'a secrets::Status>) -> Element<'a, Message> {
        match self.question() {
            Question::UnknownHostKey { .. } => host_key::view(self),
            Question::Password { .. } | Question::ProxyPassword { .. } | Question::Passphrase { .. } => {
                secret::view(self, keeper)
            }
            Question::KeyboardInteractive { .. } => interactive::view(self),
            Question::AddressKeyDiffers { .. } | Question::UpdatedHostKeys { .. } | Question::AddKeyToAgent { .. } => {
                agreement::view(self)
            }
        }
    }

    /// What is typed in a field.
    fn typed(&self, index: usize) -> &str {
        self.typed.get(index).map_or("", Secret::expose)
    }
}

#[cfg(test)]
mod tests;
