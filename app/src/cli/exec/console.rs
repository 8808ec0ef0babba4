//! Asks the user what only the user can answer, in ssh(1)'s words.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Once, PoisonError};

use term::ssh::connection::Stage;
use term::ssh::host::LogLevel;
use term::ssh::prompt::{Answer, Challenge, Prompt, Question};
use term::ssh::{Event, Host, Secret};
use tokio::sync::mpsc::Receiver;

use super::askpass::{self, Asker};
use super::descriptor::Descriptor;
use super::{askpass_program, host_key, logger, tell_of_missing_keys, tty};
use crate::cli::print_error;

/// Asks on the terminal, or by the program that `SSH_ASKPASS` names.
#[derive(Debug, Clone)]
pub(super) struct Console {
    asker: Asker,
    program: PathBuf,
    host: Arc<Host>,
    /// The address that was connected to last.
    peer: Arc<Mutex<Option<SocketAddr>>>,
    /// Keys have had their turn.
    keys: Arc<Once>,
}

impl Console {
    pub(super) fn new(host: &Host) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let has_display = variable("DISPLAY").or_else(|| variable("WAYLAND_DISPLAY")).is_some();
        let asker = if host.batch_mode {
            Asker::Nobody
        } else {
            Asker::choose(variable("SSH_ASKPASS_REQUIRE").as_deref(), has_display, tty::open().is_some())
        };
        let program = askpass_program(variable("SSH_ASKPASS"));
        Self { asker, program, host: Arc::new(host.clone()), peer: Arc::default(), keys: Arc::new(Once::new()) }
    }

    /// The address that was connected to last; none behind a proxy.
    pub(super) fn peer(&self) -> Option<SocketAddr> {
        *self.peer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does `work`, shows what the connection says meanwhile and answers what it asks. What was said before the end is
    /// shown before the end.
    pub(super) async fn beside<T>(&self, events: &mut Receiver<Event>, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let result = loop {
            tokio::select! {
                Some(event) = events.recv() => match event {
                    Event::Prompt(prompt) => {
                        let console = self.clone();
                        // Reading blocks, and the connection may end first. A question that failed is dropped, which
                        // means "no".
                        let answering = tokio::task::spawn_blocking(move || console.answer(prompt));
                        tokio::select! {
                            _ = answering => {}
                            result = &mut work => break result,
                        }
                    }
                    event => self.show(event),
                },
                result = &mut work => break result,
            }
        };
        while let Ok(event) = events.try_recv() {
            self.show(event);
        }
        result
    }

    fn show(&self, event: Event) {
        match event {
            Event::Stage(stage) => {
                if matches!(&stage, Stage::Authenticating(method) if method == "publickey") {
                    self.keys.call_once(|| tell_of_missing_keys(&self.host));
                }
                if let Some(words) = self.words(&stage) {
                    log::debug!("{words}");
                }
                if let Stage::Connecting(address) = stage {
                    *self.peer.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
                }
            }
            Event::Banner(text) if self.host.log_level < LogLevel::Info => log::debug!("{text}"),
            Event::Banner(text) => {
                let _ = print_error(&format!("{}\n", text.trim_end_matches('\n')));
            }
            // As if the program had these descriptors itself, as it has under ssh(1). Where they are closed nobody listens.
            Event::Said(said) if said.output => {
                let _ = Descriptor::Output.write_all(&said.bytes);
            }
            Event::Said(said) => {
                let _ = Descriptor::Error.write_all(&said.bytes);
            }
            Event::Notice(text) => logger::info(&text),
            Event::Remark(text) => log::debug!("{text}"),
            Event::X11Denied(denied) => logger::info(&denied.notice()),
            Event::HostKey(taken) => host_key::tell(&taken, &self.host),
            // Nobody waits for the answer any more.
            Event::Prompt(_) => {}
        }
    }

    /// What ssh(1) says when it comes so far.
    fn words(&self, stage: &Stage) -> Option<String> {
        Some(match stage {
            Stage::Connecting(at) => format!("Connecting to {} [{}] port {}.", self.host.host_name, at.ip(), at.port()),
            Stage::KeyExchange => "Connection established.".to_owned(),
            Stage::Authenticating(method) => match method.split_once(' ') {
                Some((_, key)) => format!("Offering public key: {key}"),
                None => format!("Next authentication method: {method}"),
            },
            Stage::Open => "Entering interactive session.".to_owned(),
            Stage::Hop(_) | Stage::Resolving | Stage::LocalCommand => return None,
        })
    }

    fn answer(&self, prompt: Prompt) {
        let hop = prompt.hop().to_string();
        let answer = match prompt.question() {
            Question::UnknownHostKey { .. } => self.host_key(prompt.question()),
            Question::AddressKeyDiffers { .. } => self.address_key(prompt.question()),
            Question::UpdatedHostKeys { new, obsolete, .. } => self.host_keys(new, obsolete),
            Question::AddKeyToAgent { path, .. } => {
                self.yes_or_no(&format!("Add key {} to the agent? (yes/no): ", path.display()))
            }
            Question::Password { retry } => {
                self.sorry(*retry, "Permission denied, please try again.");
                self.secret(&format!("{hop}'s password: ")).map(Answer::Secret)
            }
            Question::ProxyPassword { proxy, retry } => {
                self.sorry(*retry, "The proxy refused the password, please try again.");
                self.secret(&format!("Password for the proxy {proxy}: ")).map(Answer::Secret)
            }
            Question::Passphrase { path, retry, .. } => {
                self.sorry(*retry, "Wrong passphrase, please try again.");
                self.secret(&format!("Enter passphrase for key '{}': ", path.display())).map(Answer::Secret)
            }
            Question::KeyboardInteractive { name, instruction, challenges } => {
                self.say(name);
                self.say(instruction);
                self.responses(&hop, challenges)
            }
        };
        match answer {
            Some(answer) => prompt.answer(answer),
            None => self.explain(&hop),
        }
    }

    fn host_key(&self, question: &Question) -> Option<Answer> {
        let Question::UnknownHostKey { name, address, key_type, fingerprint, elsewhere, .. } = question else {
            return None;
        };
        let address = address.as_ref().map(|address| format!(" ({address})")).unwrap_or_default();
        let names: String = elsewhere
            .iter()
            .map(|other| format!("    {}: {}\n", other.place, other.names.as_deref().unwrap_or("[hashed name]")))
            .collect();
        let names = if names.is_empty() {
            "This key is not known by any other names.\n".to_owned()
        } else {
            format!("This host key is known by the following other names/addresses:\n{names}")
        };
        let mut question = format!(
            "The authenticity of host '{name}{address}' can't be established.\n{key_type} key fingerprint is \
             {fingerprint}.\n{names}Are you sure you want to continue connecting (yes/no/[fingerprint])? "
        );
        loop {
            let answer = self.ask(&question, true, true)?;
            match answer.expose().trim() {
                "" => return None,
                no if no.eq_ignore_ascii_case("no") => return None,
                yes if yes.eq_ignore_ascii_case("yes") || yes == fingerprint => return Some(Answer::TrustAndSave),
                _ => "Please type 'yes', 'no' or the fingerprint: ".clone_into(&mut question),
            }
        }
    }

    fn address_key(&self, question: &Question) -> Option<Answer> {
        let Question::AddressKeyDiffers { name, address, key_type, place, matching, .. } = question else {
            return None;
        };
        let matching = matching.as_ref().map(|place| format!("\nMatching host key in {place}")).unwrap_or_default();
        self.yes_or_no(&format!(
            "Warning: the {key_type} host key for '{name}' differs from the key for the IP address '{address}'\nOffending \
             key for IP in {place}{matching}\nAre you sure you want to continue connecting (yes/no)? "
        ))
    }

    fn host_keys(&self, new: &[String], obsolete: &[String]) -> Option<Answer> {
        self.say("The server has updated its host keys.");
        self.say("These changes were verified by the server's existing trusted key.");
        new.iter().for_each(|key| self.say(&format!("Learned new hostkey: {key}")));
        obsolete.iter().for_each(|key| self.say(&format!("Deprecating obsolete hostkey: {key}")));
        self.yes_or_no("Accept updated hostkeys? (yes/no): ")
    }

    /// No answer at all is no answer to give the connection up for.
    fn yes_or_no(&self, question: &str) -> Option<Answer> {
        let answer = self.ask(question, true, true);
        let yes = answer.is_some_and(|answer| answer.expose().trim().eq_ignore_ascii_case("yes"));
        Some(if yes { Answer::Yes } else { Answer::No })
    }

    /// The server's questions say whose they are, as in ssh(1), so that none can pass for one of this program.
    fn responses(&self, hop: &str, challenges: &[Challenge]) -> Option<Answer> {
        let ask = |challenge: &Challenge| self.ask(&format!("({hop}) {}", challenge.text), challenge.echo, false);
        challenges.iter().map(ask).collect::<Option<Vec<Secret>>>().map(Answer::Responses)
    }

    fn secret(&self, question: &str) -> Option<Secret> {
        self.ask(question, false, false)
    }

    fn ask(&self, question: &str, echo: bool, confirm: bool) -> Option<Secret> {
        match self.asker {
            Asker::Terminal => tty::ask(&mut tty::open()?, question, echo).ok(),
            Asker::Program => askpass::ask(&self.program, question, confirm),
            Asker::Nobody => None,
        }
    }

    fn say(&self, text: &str) {
        if !text.is_empty() && self.asker == Asker::Terminal {
            let _ = print_error(&format!("{}\n", text.trim_end_matches('\n')));
        }
    }

    fn sorry(&self, retry: bool, text: &str) {
        if retry {
            self.say(text);
        }
    }

    /// Why a question got no answer, where the user did not give it.
    fn explain(&self, hop: &str) {
        if self.asker == Asker::Nobody {
            log::debug!(
                "{hop} has a question, and there is nobody to ask: no terminal, no SSH_ASKPASS, or BatchMode is set; \
                 run it in a terminal, or use a key that needs no passphrase and a host that is known"
            );
        }
    }
}
