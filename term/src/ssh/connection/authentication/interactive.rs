//! Method `keyboard-interactive` (RFC 4256).

use russh::MethodKind;
use russh::client::{AuthResult, KeyboardInteractiveAuthResponse as Response, Prompt};

use super::{Authentication, Outcome, accepts, answered};
use crate::ssh::prompt::{Answer, Challenge, Question};
use crate::ssh::visible::Visible;
use crate::ssh::{Error, Secret};

/// How much of a server's words is shown.
const NAME: usize = 256;
const INSTRUCTION: usize = 16 * 1024;
const CHALLENGE: usize = 1024;

/// Questions of one round that are shown; no real server comes near.
const CHALLENGES: usize = 64;

/// Rounds of one attempt.
const ROUNDS: usize = 64;

impl Authentication<'_> {
    /// Answers the server's rounds, `NumberOfPasswordPrompts` times at most.
    pub(super) async fn interactive(&mut self) -> Result<Outcome, Error> {
        self.stage("keyboard-interactive").await;
        while self.interactive_attempts < self.host.number_of_password_prompts {
            let saved = self.secrets.password.is_some() && !self.saved_password_used;
            let (outcome, asked) = self.interactive_attempt().await?;
            // The saved password is not one of the user's attempts.
            if !(saved && self.saved_password_used) {
                self.interactive_attempts += 1;
            }
            // A server that refuses without a question would do so again.
            if outcome != Outcome::Exhausted || !asked || !accepts(&self.accepted, MethodKind::KeyboardInteractive) {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Exhausted)
    }

    /// One attempt, and whether the server asked anything.
    async fn interactive_attempt(&mut self) -> Result<(Outcome, bool), Error> {
        let devices = self.host.kbd_interactive_devices.clone();
        let start = self.handle.authenticate_keyboard_interactive_start(&self.host.user, devices);
        let answer = answered(self.inquiry, start).await;
        let mut response = self.settle(answer).await?;
        let (mut asked, mut password) = (false, false);
        for _ in 0..ROUNDS {
            let result = match response {
                Response::Success => AuthResult::Success,
                Response::Failure { remaining_methods, partial_success } => {
                    AuthResult::Failure { remaining_methods, partial_success }
                }
                Response::InfoRequest { name, instructions, prompts } => {
                    let is_password = only_a_password(&prompts);
                    password |= is_password;
                    asked |= !prompts.is_empty();
                    let answers = self.answers(name, instructions, prompts, is_password).await?;
                    let texts = answers.iter().map(|secret| secret.expose().to_owned()).collect();
                    let respond = self.handle.authenticate_keyboard_interactive_respond(texts);
                    let answer = answered(self.inquiry, respond).await;
                    response = self.settle(answer).await?;
                    continue;
                }
            };
            let outcome = self.judge("keyboard-interactive", result).await?;
            if outcome != Outcome::Exhausted {
                self.login.password |= password;
            }
            return Ok((outcome, asked));
        }
        Err(Error::Protocol { host: self.host.alias.clone(), cause: "the server does not stop asking".to_owned() })
    }

    async fn answers(
        &mut self,
        name: String,
        instruction: String,
        prompts: Vec<Prompt>,
        is_password: bool,
    ) -> Result<Vec<Secret>, Error> {
        let (name, instruction) =
            (Visible::line(&name, NAME).to_string(), Visible::lines(&instruction, INSTRUCTION).to_string());
        if prompts.is_empty() {
            // A round without questions carries a message at most, and wants an empty answer.
            if !instruction.trim().is_empty() {
                self.inquiry.notice(instruction).await;
            }
            return Ok(Vec::new());
        }
        if is_password && let Some(secret) = self.saved_password() {
            return Ok(vec![secret]);
        }
        let count = prompts.len();
        if count > CHALLENGES {
            let cause = format!("the server asks {count} questions at once");
            return Err(Error::Protocol { host: self.host.alias.clone(), cause });
        }
        let challenges = prompts
            .into_iter()
            .map(|prompt| Challenge { text: Visible::lines(&prompt.prompt, CHALLENGE).to_string(), echo: prompt.echo })
            .collect();
        self.tell_problems().await;
        let question = Question::KeyboardInteractive { name, instruction, challenges };
        match self.inquiry.ask(question, "the answers to its questions").await? {
            Answer::Responses(responses) if responses.len() == count => Ok(responses),
            Answer::Secret(secret) if count == 1 => Ok(vec![secret]),
            _ => Err(Error::Cancelled),
        }
    }
}

/// Whether a round asks for the password and nothing else, as PAM does it: then the saved one is an answer.
fn only_a_password(prompts: &[Prompt]) -> bool {
    match prompts {
        [prompt] => !prompt.echo && prompt.prompt.to_lowercase().contains("password"),
        _ => false,
    }
}
