//! Logging in (RFC 4252), in ssh(1)'s order.

mod gssapi;
mod interactive;
mod password;
mod public_key;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use russh::client::{AuthResult, Handle};
use russh::{MethodKind, MethodSet};

use super::handler::Handler;
use super::host_key::Verdict;
use super::inquiry::Inquiry;
use super::state::State;
use super::{Event, Stage};
use crate::ssh::error::Problem;
use crate::ssh::{Error, Hop, Host, Secret, Secrets};

/// How long the server may take to answer an attempt. PAM delays wrong passwords by seconds, and some modules ask
/// other machines.
const ANSWER: Duration = Duration::from_secs(60);

/// How a login succeeded, so that what is remembered is only what worked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Login {
    /// Whose login it is.
    pub hop: Hop,
    /// The login at the jump host before this one.
    pub before: Option<Box<Login>>,
    /// The methods that the server accepted, in order; more than one where it demands several.
    pub methods: Vec<String>,
    /// The key that was accepted.
    pub key: Option<Key>,
    /// Whether a password was accepted: the saved one, or the last answer to a password question.
    pub password: bool,
    /// Whether a proxy on the way accepted a password.
    pub proxy: bool,
    /// The key files whose passphrases were right.
    pub unlocked: Vec<PathBuf>,
}

impl Login {
    /// This login and those on the way to it, the last one first.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |login| login.before.as_deref())
    }
}

/// A key that a server accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `SHA256:` and unpadded base64.
    pub fingerprint: String,
    /// Its file; `None` for a key that only the agent has.
    pub path: Option<PathBuf>,
}

/// What came of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// Logged in.
    Success,
    /// Accepted, and the server wants another method too.
    Partial(MethodSet),
    /// Nothing (more) to try with this method.
    Exhausted,
}

/// One login.
pub(super) struct Authentication<'a> {
    pub(super) handle: &'a mut Handle<Handler>,
    pub(super) host: &'a Host,
    pub(super) secrets: Secrets,
    pub(super) inquiry: &'a Inquiry,
    pub(super) events: &'a super::Events,
    pub(super) state: &'a Arc<State>,
    pub(super) verdict: Verdict,
    login: Login,
    accepted: MethodSet,
    tried: Vec<String>,
    /// The keys that were offered, in order.
    offered: Vec<String>,
    problems: Vec<Problem>,
    /// How many of the problems were told.
    told: usize,
    /// The saved password was tried already.
    saved_password_used: bool,
    /// Attempts at keyboard-interactive and password so far; `NumberOfPasswordPrompts` limits each.
    interactive_attempts: u32,
    password_attempts: u32,
}

impl<'a> Authentication<'a> {
    pub(super) fn new(
        handle: &'a mut Handle<Handler>,
        host: &'a Host,
        secrets: Secrets,
        inquiry: &'a Inquiry,
        events: &'a super::Events,
        state: &'a Arc<State>,
        verdict: Verdict,
    ) -> Self {
        Self {
            handle,
            host,
            secrets,
            inquiry,
            events,
            state,
            verdict,
            login: Login { hop: host.hop(), ..Login::default() },
            accepted: MethodSet::empty(),
            tried: Vec::new(),
            offered: Vec::new(),
            problems: Vec::new(),
            told: 0,
            saved_password_used: false,
            interactive_attempts: 0,
            password_attempts: 0,
        }
    }

    /// Logs in.
    pub(super) async fn run(mut self) -> Result<Login, Error> {
        self.log_in().await?;
        // What kept a key from being offered is of no interest where others have done.
        self.problems.retain(|problem| !problem.is_quiet());
        self.told = self.told.min(self.problems.len());
        self.tell_problems().await;
        Ok(self.login)
    }

    async fn log_in(&mut self) -> Result<(), Error> {
        self.stage("none").await;
        let result = self.handle.authenticate_none(&self.host.user);
        let answer = answered(self.inquiry, result).await;
        let result = self.settle(answer).await?;
        if self.judge("none", result).await? == Outcome::Success {
            return Ok(());
        }
        let mut exhausted: HashSet<String> = HashSet::new();
        while let Some(method) = self.next_method(&exhausted) {
            let outcome = match method.as_str() {
                gssapi::NAME => self.gssapi().await?,
                "publickey" => self.public_key().await?,
                "keyboard-interactive" => self.interactive().await?,
                _ => self.password().await?,
            };
            match outcome {
                Outcome::Success => return Ok(()),
                // A second factor may be a method that failed before: ssh(1) begins anew too.
                Outcome::Partial(_) => exhausted.clear(),
                Outcome::Exhausted => {
                    let _ = exhausted.insert(method);
                }
            }
        }
        Err(self.denied())
    }

    /// The first preferred method that the server accepts, the host allows and that is not exhausted.
    fn next_method(&self, exhausted: &HashSet<String>) -> Option<String> {
        // What the user types is out of reach with BatchMode, and StrictHostKeyChecking no connects to a host with a
        // changed key but tells it no secret (ssh_config(5)).
        let may_ask = !self.host.batch_mode && self.verdict.is_trusted();
        let allowed = |method: &str| match method {
            gssapi::NAME => self.host.gssapi_authentication,
            "publickey" => self.host.pubkey_authentication,
            "keyboard-interactive" => self.host.kbd_interactive_authentication && may_ask,
            "password" => self.host.password_authentication && may_ask,
            _ => false,
        };
        let accepted = self.accepted_names();
        self.host
            .preferred_authentications
            .iter()
            .find(|method| accepted.contains(method) && allowed(method) && !exhausted.contains(*method))
            .cloned()
    }

    /// Whether the user can be asked for something that the server takes.
    fn can_ask(&self) -> bool {
        let without = HashSet::from([gssapi::NAME.to_owned(), "publickey".to_owned()]);
        self.next_method(&without).is_some()
    }

    fn accepted_names(&self) -> Vec<String> {
        self.accepted.iter().map(String::from).collect()
    }

    /// Takes the server's answer to an attempt that is named `what` where it failed.
    async fn judge(&mut self, what: &str, result: AuthResult) -> Result<Outcome, Error> {
        let (method, _) = what.split_once(' ').unwrap_or((what, ""));
        match result {
            AuthResult::Success => {
                self.login.methods.push(method.to_owned());
                Ok(Outcome::Success)
            }
            AuthResult::Failure { remaining_methods, partial_success } => {
                self.still_there(&remaining_methods).await?;
                self.accepted = remaining_methods.clone();
                if partial_success {
                    self.login.methods.push(method.to_owned());
                    return Ok(Outcome::Partial(remaining_methods));
                }
                if method != "none" {
                    self.tried.push(what.to_owned());
                }
                Ok(Outcome::Exhausted)
            }
        }
    }

    /// russh tells a lost connection as a failure that leaves no methods; the reason follows on another way.
    async fn still_there(&self, remaining: &MethodSet) -> Result<(), Error> {
        if !remaining.is_empty() && !self.handle.is_closed() {
            return Ok(());
        }
        let ended = tokio::time::timeout(Duration::from_secs(1), self.state.closed()).await;
        match ended {
            Err(_) if remaining.is_empty() => Err(self.denied()),
            Err(_) => Ok(()),
            Ok(error) => Err(self.explain(&error)),
        }
    }

    /// Why the connection ended while logging in.
    fn explain(&self, error: &Error) -> Error {
        let (user, host) = (self.host.user.clone(), self.host.alias.clone());
        match error {
            Error::Disconnected { message, .. } if message.to_lowercase().contains("too many") => {
                Error::TooManyFailures { user, host, message: message.clone(), tried: self.tried.clone() }
            }
            // russh gives up by itself where the server leaves no method.
            Error::Protocol { cause, .. } if cause.contains("No authentication method") => self.denied(),
            other => other.clone(),
        }
    }

    /// The answer, or why there is none.
    async fn settle<T>(&self, answer: Answered<T>) -> Result<T, Error> {
        match answer {
            Answered::Answer(answer) => Ok(answer),
            Answered::Nothing => Err(Error::Unresponsive { host: self.host.alias.clone(), silence: ANSWER }),
            Answered::Lost => match tokio::time::timeout(Duration::from_secs(1), self.state.closed()).await {
                Ok(error) => Err(self.explain(&error)),
                Err(_) => Err(Error::Lost { host: self.host.alias.clone(), cause: "the server closed it".to_owned() }),
            },
        }
    }

    fn denied(&self) -> Error {
        let mut problems = self.problems.clone();
        let accepted = self.accepted_names();
        if accepted.iter().any(|method| method != gssapi::NAME && method != "hostbased") {
            problems.retain(|problem| !problem.is_without_kerberos());
        }
        Error::AuthenticationFailed {
            user: self.host.user.clone(),
            host: self.host.alias.clone(),
            tried: self.tried.clone(),
            accepted,
            problems,
        }
    }

    /// Tells what kept keys from being tried, before the user is asked for something else and when another method has
    /// succeeded; where none does, the error tells it.
    async fn tell_problems(&mut self) {
        for problem in self.problems.iter().skip(self.told).filter(|problem| !problem.is_without_kerberos()) {
            let text = sentence(&problem.to_string());
            if problem.is_remark() { self.inquiry.remark(text).await } else { self.inquiry.notice(text).await }
        }
        self.told = self.problems.len();
    }

    async fn stage(&self, method: &str) {
        let _ = self.events.send(Event::Stage(Stage::Authenticating(method.to_owned()))).await;
    }

    /// The saved password, the first time it is asked for.
    fn saved_password(&mut self) -> Option<Secret> {
        if std::mem::replace(&mut self.saved_password_used, true) { None } else { self.secrets.password.clone() }
    }
}

/// What came of waiting for the server.
enum Answered<T> {
    Answer(T),
    /// The connection ended.
    Lost,
    /// Nothing came within [`ANSWER`].
    Nothing,
}

/// Waits for the server's answer to an attempt.
async fn answered<T>(inquiry: &Inquiry, attempt: impl Future<Output = Result<T, russh::Error>>) -> Answered<T> {
    match inquiry.within(ANSWER, attempt).await {
        Some(Ok(answer)) => Answered::Answer(answer),
        Some(Err(_)) => Answered::Lost,
        None => Answered::Nothing,
    }
}

/// A message as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).chain(std::iter::once('.')).collect()
}

/// Whether a method is among those a server accepts.
fn accepts(methods: &MethodSet, kind: MethodKind) -> bool {
    methods.contains(&kind)
}
