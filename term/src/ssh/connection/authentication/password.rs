//! Method `password` (RFC 4252 section 8).

use std::time::Duration;

use russh::MethodKind;

use super::super::inquiry::Inquiry;
use super::{ANSWER, Answered, Authentication, Outcome, accepts, answered};
use crate::ssh::prompt::{Answer, Question};
use crate::ssh::{Error, Secret};

/// How long an answer may take before the user is told what it may be.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits for the answer to a password, and tells what it may be where it takes long.
async fn patiently<T>(inquiry: &Inquiry, host: &str, answer: impl Future<Output = T>) -> T {
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        answer = &mut answer => return answer,
        () = tokio::time::sleep(PATIENCE) => {}
    }
    inquiry
        .notice(format!(
            "{host} has not said for {} s what it makes of the password. It is slow, or the password has expired and it \
             wants a new one: Tetherm cannot set that. Change it with another program, such as ssh.",
            PATIENCE.as_secs()
        ))
        .await;
    answer.await
}

impl Authentication<'_> {
    /// Tries the saved password once, then asks, `NumberOfPasswordPrompts` times at most.
    pub(super) async fn password(&mut self) -> Result<Outcome, Error> {
        self.stage("password").await;
        loop {
            let retry = self.saved_password_used && self.secrets.password.is_some() || self.password_attempts > 0;
            let secret = match self.saved_password() {
                Some(secret) => secret,
                None if self.password_attempts >= self.host.number_of_password_prompts => {
                    return Ok(Outcome::Exhausted);
                }
                None => {
                    self.password_attempts += 1;
                    self.ask_password(retry).await?
                }
            };
            let attempt = self.handle.authenticate_password(&self.host.user, secret.expose());
            let result = match patiently(self.inquiry, &self.host.alias, answered(self.inquiry, attempt)).await {
                // A server that wants a new password (SSH_MSG_USERAUTH_PASSWD_CHANGEREQ) has answered, but russh drops
                // that message, for its number is also the one of others.
                Answered::Nothing => {
                    let (user, host) = (self.host.user.clone(), self.host.alias.clone());
                    return Err(Error::PasswordUnanswered { user, host, silence: ANSWER });
                }
                answer => self.settle(answer).await?,
            };
            match self.judge("password", result).await? {
                Outcome::Exhausted if accepts(&self.accepted, MethodKind::Password) => {}
                Outcome::Exhausted => return Ok(Outcome::Exhausted),
                outcome => {
                    self.login.password = true;
                    return Ok(outcome);
                }
            }
        }
    }

    async fn ask_password(&mut self, retry: bool) -> Result<Secret, Error> {
        self.tell_problems().await;
        match self.inquiry.ask(Question::Password { retry }, "the password").await? {
            Answer::Secret(secret) => Ok(secret),
            _ => Err(Error::Cancelled),
        }
    }
}
