//! The hosts screen in its window.

use super::{Action, Frame, Message, Request};
use crate::pane::Target;
use crate::screen::hosts;
use crate::tab::Tab;
use crate::window::library::{self, Library};

impl Frame {
    pub(super) fn obey_hosts(&mut self, action: hosts::Action, library: &Library) -> Action {
        match action {
            hosts::Action::None => Action::None,
            hosts::Action::Run(task) => Action::Run(task.map(Message::Hosts)),
            hosts::Action::Connect(hosts::Target::Saved(id)) => match library.data().hosts.get(&id) {
                Some(host) => Action::Run(self.open(host.into())),
                None => Action::Ask(Request::Reload),
            },
            hosts::Action::Connect(hosts::Target::Typed { destination, options }) => {
                Action::Run(self.open(Target::typed(destination, options)))
            }
            hosts::Action::Save { host, connect } => Action::Ask(Request::Save { host, connect }),
            hosts::Action::Delete(id) => Action::Ask(Request::Delete(id)),
            hosts::Action::Restore(deleted) => Action::Ask(Request::Restore(deleted)),
            hosts::Action::Guide => self.toggle_guide(),
            hosts::Action::Reload => Action::Ask(Request::Reload),
            hosts::Action::Unlock => Action::Ask(Request::Unlock),
            hosts::Action::RetryKeyring => Action::Ask(Request::RetryKeyring),
        }
    }

    /// Takes in what came of a request, its own or another window's.
    pub fn library(&mut self, message: library::Message, own: bool, library: &Library) -> Action {
        let data = library.data();
        for pane in self.tabs.iter_mut().flat_map(Tab::panes_mut) {
            if let Some(host) = pane.target().saved.as_ref().and_then(|id| data.hosts.get(id)) {
                pane.set_clipboard_permission(host.clipboard_write);
            }
        }
        let action = match message {
            library::Message::Permitted(Err(error)) if own => {
                let notice = format!("Your answer could not be saved, so you will be asked again: {error}");
                self.tabs.iter_mut().flat_map(Tab::panes_mut).for_each(|pane| pane.tell_if_shown(&notice));
                hosts::Action::None
            }
            library::Message::Saved { host, connect, outcome } if own => {
                let saved = outcome.is_ok();
                let action = self.hosts.saved(outcome.map(drop), data);
                if saved && connect {
                    return Action::Run(self.open((&*host).into()));
                }
                action
            }
            library::Message::Deleted(outcome) if own => self.hosts.deleted(outcome.map(|(_, deleted)| deleted), data),
            library::Message::Restored(outcome) if own => self.hosts.restored(outcome.map(drop), data),
            _ => {
                self.hosts.refresh(data);
                hosts::Action::None
            }
        };
        self.obey_hosts(action, library)
    }

    /// Shows the hosts with `text` in the quick-connect field; nothing connects before the user says so.
    pub(super) fn prefill(&mut self, text: String, library: &Library) -> Action {
        let home = self.show(None);
        let action = self.hosts.prefill(text, library.data());
        match self.obey_hosts(action, library) {
            Action::Run(fill) => Action::Run(home.chain(fill)),
            other => other,
        }
    }
}
