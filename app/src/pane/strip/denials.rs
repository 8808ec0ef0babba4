//! What guarded X11 programs were refused, and may be allowed.

use iced::Element;
use iced::widget::Id;
use term::ssh::connection::X11Denied;

use super::{Message, NOTICES};
use crate::widget::banner::{Banner, Kind};
use crate::widget::button::Button;
use crate::widget::{Icon, tooltip};

/// What guarded X11 programs were refused, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Denials(Vec<X11Denied>);

impl Denials {
    pub(super) fn push(&mut self, denied: X11Denied) {
        if self.0.len() == NOTICES {
            let _oldest = self.0.remove(0);
        }
        self.0.push(denied);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The user has read the one at `index`, and allows it or does not.
    pub(super) fn answer(&mut self, index: usize, allow: bool) {
        if index < self.0.len() {
            let denied = self.0.remove(index);
            if allow {
                denied.allow();
            }
        }
    }

    /// A strip for each; `first` is what the cross of the first is called where no other strip stands before it, and `dismiss`
    /// says what a cross does.
    pub(super) fn view<'a>(
        &'a self,
        first: Option<&'a Id>,
        dismiss: String,
    ) -> impl Iterator<Item = Element<'a, Message>> {
        self.0.iter().enumerate().map(move |(index, denied)| {
            let read = Button::icon(Icon::X).on_press(Message::Denied(index, false));
            let read = match first.filter(|_| index == 0) {
                Some(id) => read.id(id.clone()),
                None => read,
            };
            let banner = Banner::new(Kind::Warning, denied.notice());
            let banner = if denied.may_be_allowed() {
                let (allow, whom) = match denied.has_name() {
                    true => ("Allow for this program", "every program of the host that calls itself so"),
                    false => ("Allow for such programs", "every program of the host that does not say its name"),
                };
                let allow = Button::text(allow).on_press(Message::Denied(index, true));
                banner.detail(format!("It would hold until the connection ends, for {whom}.")).action(allow)
            } else {
                banner
            };
            banner.action(tooltip::below(read, dismiss.clone())).into()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use x11::guard::{Denial, Rule};

    use super::*;

    #[test]
    fn what_an_x11_program_was_refused_is_allowed_by_one_press() {
        let display = x11::Display::parse(":0").expect("a display");
        let bridge = Arc::new(x11::Bridge::with(display, None, x11::bridge::Limits::default()).guarded());
        let mut denials = Denials::default();
        for rule in [Rule::Access, Rule::Clipboard] {
            denials.push(X11Denied::new(Denial { program: Some("Editor".to_owned()), rule }, &bridge));
        }
        let notices: Vec<_> = denials.0.iter().map(X11Denied::notice).collect();
        assert!(notices.concat().contains("The X11 program 'Editor' wanted to read the clipboard"), "{notices:?}");
        let mut allowed = |index, allow| {
            denials.answer(index, allow);
            let rules = bridge.programs().iter().flat_map(|program| program.allowed.clone()).collect::<Vec<_>>();
            (denials.0.len(), rules)
        };
        assert_eq!(allowed(7, true), (2, vec![]), "one that is gone");
        assert_eq!(allowed(1, true), (1, vec![Rule::Clipboard]));
        assert_eq!(allowed(0, true), (0, vec![Rule::Clipboard]), "some things nobody may allow");
    }
}
