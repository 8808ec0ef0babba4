//! What the worker tells, and what becomes of the pane by it.

use std::sync::Arc;

use iced::Task;
use term::{Session, ssh};

use super::{Action, Message, Pane, Prompt, Reason, State, worker};
use crate::store::secrets;

impl Pane {
    /// Takes in what the worker tells.
    pub(super) fn hear(&mut self, event: worker::Event) -> Action {
        match event {
            worker::Event::Resolved(host) => self.host = Some(host),
            worker::Event::Keeper(status) => self.keeper = Some(status),
            worker::Event::Waiting => {
                if let State::Connecting(connecting) = &mut self.state {
                    connecting.wait();
                }
            }
            worker::Event::Ssh(event) => return self.hear_connection(event),
            worker::Event::Opened(session, login) => return self.opened(session, &login),
            worker::Event::Logged(log) => {
                let action = self.log.begun(log);
                return self.obey_log(action);
            }
            worker::Event::Failed(failure) => return self.close(Reason::Failed(failure)),
            worker::Event::Ended { ended, programs } => {
                let worker = self.worker.take().filter(|_| programs);
                let action = self.close(Reason::Ended(ended));
                if worker.is_some() {
                    self.terminal.note("Its X11 programs go on until this tab is closed");
                }
                self.programs = worker;
                return action;
            }
            worker::Event::ProgramsEnded => self.programs = None,
        }
        Action::None
    }

    fn hear_connection(&mut self, event: ssh::Event) -> Action {
        match (event, &mut self.state) {
            (ssh::Event::Stage(stage), State::Connecting(connecting)) => connecting.advance(stage),
            (ssh::Event::Prompt(prompt), State::Connecting(connecting)) => {
                connecting.ask(Prompt::new(prompt));
            }
            // Nothing else asks: dropping a question that nobody can see answers it with "no".
            (ssh::Event::Prompt(_) | ssh::Event::Stage(_), _) => {}
            (ssh::Event::Banner(text), _) => self.strips.banner(text),
            (ssh::Event::Notice(text) | ssh::Event::Remark(text), _) => self.strips.notice(text),
            (ssh::Event::X11Denied(denied), _) => self.strips.denied(denied),
            (ssh::Event::HostKey(taken), _) => taken.notice().into_iter().for_each(|text| self.strips.notice(text)),
            (ssh::Event::Said(said), _) => said.notice().into_iter().for_each(|text| self.strips.notice(text)),
        }
        Action::None
    }

    fn opened(&mut self, session: Arc<Session>, login: &ssh::connection::Login) -> Action {
        // The widget may have laid the terminal out while the shell was being asked for.
        session.resize(self.terminal.size());
        self.state = State::Open(session);
        self.was_open = true;
        // From here on this attempt keeps the connection up, for programs of an earlier shell as well.
        self.programs = None;
        let worked = std::mem::take(&mut self.pending).into_iter().filter(|(key, _)| match key {
            secrets::Key::Password { user, host, port } => {
                login.all().any(|login| login.password && login.hop.is_account(user, host, *port))
            }
            secrets::Key::Proxy { .. } => login.all().any(|login| login.proxy),
            secrets::Key::Passphrase { path } => login.all().any(|login| login.unlocked.contains(path)),
        });
        let secrets = worked.map(|(key, secret)| {
            let store = self.services.secrets.clone();
            Task::perform(async move { store.remember(key, secret).await }, Message::Kept)
        });
        Action::Run(Task::batch(secrets))
    }
}
