//! Method `gssapi-with-mic` (RFC 4462 section 3).

use russh::client::AuthResult;
use russh::{GssapiAuthenticator, GssapiError, GssapiStep, SendError};

use super::{ANSWER, Answered, Authentication, Outcome};
use crate::ssh::Error;
use crate::ssh::gssapi::{self, Exchange, Step};
use crate::ssh::visible::Visible;

/// The method's name.
pub(super) const NAME: &str = "gssapi-with-mic";

/// How much of a server's words is shown.
const WORDS: usize = 512;

impl Authentication<'_> {
    /// Logs in with the user's ticket. Without one the method is not offered, as with ssh(1).
    pub(super) async fn gssapi(&mut self) -> Result<Outcome, Error> {
        self.stage(NAME).await;
        let mut side = match Exchange::begin(self.host).await {
            Ok(exchange) => Side { exchange, said: None },
            Err(error) => return Ok(self.no_ticket(error)),
        };
        let user = self.host.user.clone();
        let attempt = self.handle.authenticate_gssapi_with_mic(user, Exchange::mechanisms(), &mut side);
        let answer = match self.inquiry.within(ANSWER, attempt).await {
            Some(Ok(result)) => Answered::Answer(result),
            // The next method's request ends this one for the server too.
            Some(Err(Failure::Gssapi(error))) => return Ok(self.no_ticket(error)),
            Some(Err(Failure::Gone)) => Answered::Lost,
            None => Answered::Nothing,
        };
        if let Some(error) = side.said {
            self.problems.push(error.into());
        }
        let result: AuthResult = self.settle(answer).await?;
        self.judge(NAME, result).await
    }

    fn no_ticket(&mut self, error: gssapi::Error) -> Outcome {
        log::debug!("{error}");
        self.problems.push(error.into());
        Outcome::Exhausted
    }
}

/// This side of an exchange.
struct Side {
    exchange: Exchange,
    /// What the server said of a failure.
    said: Option<gssapi::Error>,
}

enum Failure {
    Gssapi(gssapi::Error),
    /// The connection is gone.
    Gone,
}

impl From<SendError> for Failure {
    fn from(_: SendError) -> Self {
        Self::Gone
    }
}

impl GssapiAuthenticator for Side {
    type Error = Failure;

    async fn gssapi_step(
        &mut self,
        selected_mechanism: Option<Vec<u8>>,
        input_token: Option<Vec<u8>>,
        mic_data: Vec<u8>,
    ) -> Result<GssapiStep, Failure> {
        let step = match selected_mechanism {
            Some(mechanism) => self.exchange.chosen(&mechanism, mic_data).await,
            None => self.exchange.answered(input_token.unwrap_or_default(), mic_data).await,
        };
        match step.map_err(Failure::Gssapi)? {
            Step::Continue(token) => Ok(GssapiStep::Continue { token }),
            Step::Complete { token, mic } => Ok(GssapiStep::Complete { token: Some(token), mic }),
        }
    }

    async fn gssapi_error(&mut self, error: GssapiError) {
        self.said = Some(match error {
            GssapiError::Status { message, .. } => {
                gssapi::Error::Server { words: Visible::line(message.trim(), WORDS).to_string() }
            }
            GssapiError::ErrorToken(token) => self.exchange.explain(token).await,
        });
    }
}
