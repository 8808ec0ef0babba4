//! A password or the passphrase of a key file.

use iced::widget::{column, row};
use iced::{Alignment, Element};
use term::ssh::Secret;
use term::ssh::prompt::Question;

use super::{Message, Prompt};
use crate::store::secrets::Status;
use crate::theme::{size, space};
use crate::widget::button::Button;
use crate::widget::checkbox::checkbox;
use crate::widget::{Icon, field, label, tooltip};

pub(super) fn view<'a>(prompt: &'a Prompt, keeper: Option<&'a Status>) -> Element<'a, Message> {
    let (title, detail, refused, placeholder) = match prompt.question() {
        Question::Passphrase { path, fingerprint, retry } => {
            let fingerprint = fingerprint.as_ref().map(|print| format!(" ({print})")).unwrap_or_default();
            let detail =
                format!("The key {}{fingerprint} is encrypted. It is to log in to {}.", path.display(), prompt.hop());
            (
                "Passphrase for a key",
                detail,
                retry.then_some("That passphrase does not open the key. Try again."),
                "Passphrase",
            )
        }
        Question::Password { retry } => {
            let detail = format!("The password of {} goes to that server and nowhere else.", prompt.hop());
            ("Password", detail, retry.then_some("The server refused that password. Try again."), "Password")
        }
        Question::ProxyPassword { proxy, retry } => {
            let detail = format!(
                "The password for {proxy}. It goes to that proxy, unencrypted as both kinds of proxies want it, and \
                 nowhere else."
            );
            let refused = retry.then_some("The proxy refused that password. Try again.");
            ("Password for a proxy", detail, refused, "Password")
        }
        _ => return column![].into(),
    };
    let submit = Button::text(if placeholder == "Password" { "Log in" } else { "Unlock" }).primary();
    column![
        row![Icon::Key.sized(size::TITLE).style(label::accent_style), label::title(title)]
            .spacing(space::M)
            .align_y(Alignment::Center),
        // A path or a fingerprint may need a break inside.
        label::body(detail).wrapping(iced::widget::text::Wrapping::WordOrGlyph),
        column![entry(prompt, placeholder), refused.map(label::error)].spacing(space::XS),
        remember(prompt, keeper),
        row![
            Button::text("Cancel").on_press(Message::Cancelled),
            iced::widget::space::horizontal(),
            submit.on_press(Message::Answered),
        ],
    ]
    .spacing(space::L)
    .into()
}

/// The field and the eye beside it.
fn entry<'a>(prompt: &'a Prompt, placeholder: &str) -> Element<'a, Message> {
    let field = field::field(placeholder, prompt.typed(0))
        .secure(!prompt.revealed)
        .id(prompt.first.clone())
        .on_input(|text| Message::Typed(0, Secret::new(text)))
        .on_submit(Message::Entered(0));
    let (icon, tip) = if prompt.revealed { (Icon::EyeOff, "Hide") } else { (Icon::Eye, "Show") };
    let eye = Button::icon(icon).on_press(Message::Reveal(!prompt.revealed));
    row![field, tooltip::below(eye, tip)].spacing(space::XS).align_y(Alignment::Center).into()
}

/// The offer to remember, which says where, and below it why not for longer.
fn remember<'a>(prompt: &'a Prompt, keeper: Option<&'a Status>) -> Element<'a, Message> {
    const SESSION: &str = "Remember until Tetherm ends";
    let (text, reason) = match keeper {
        Some(Status::Available { store }) => (format!("Remember in {store}"), None),
        Some(Status::Locked { store }) => (SESSION.to_owned(), Some(format!("{store} is locked"))),
        Some(Status::Absent { .. }) => (SESSION.to_owned(), Some("There is no keyring".to_owned())),
        Some(Status::Silent) => (SESSION.to_owned(), Some("The keyring does not answer".to_owned())),
        None => ("Remember (asking the keyring…)".to_owned(), None),
    };
    let toggle = keeper.is_some().then_some(Message::Remember(!prompt.remember));
    let reason = reason.map(|reason| -> Element<'a, Message> {
        match keeper.and_then(Status::reason) {
            Some(detail) => tooltip::below(label::hint(reason), detail).into(),
            None => label::hint(reason).into(),
        }
    });
    column![checkbox(prompt.remember, text).on_press_maybe(toggle), reason].spacing(space::XS).into()
}
