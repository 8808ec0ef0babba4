//! Method `publickey` (RFC 4252 section 7).

mod candidates;
mod signer;

use russh::MethodKind;
use russh::client::AuthResult;
use russh::keys::HashAlg;

use super::{Authentication, Key, Outcome, accepts};
use crate::ssh::Error;
use crate::ssh::error::Problem;
use crate::ssh::fingerprint::Fingerprint;
use candidates::{Candidate, Holder};
use signer::{Failure, Signer};

impl Authentication<'_> {
    /// Offers the agent's keys and the key files, in ssh(1)'s order, until one is accepted.
    pub(super) async fn public_key(&mut self) -> Result<Outcome, Error> {
        self.stage("publickey").await;
        let (candidates, problems) = candidates::of(self.host).await;
        self.problems.extend(problems);
        let mut agent = None;
        for candidate in candidates {
            if !accepts(&self.accepted, MethodKind::PublicKey) {
                break;
            }
            match self.offer(candidate, &mut agent).await? {
                Outcome::Exhausted => {}
                outcome => return Ok(outcome),
            }
        }
        Ok(Outcome::Exhausted)
    }

    async fn offer(&mut self, candidate: Candidate, agent: &mut Option<Signer>) -> Result<Outcome, Error> {
        self.stage(&format!("publickey {}", candidate.name())).await;
        let mut signer = match (&candidate.holder, agent.take()) {
            (Holder::Agent(_), Some(signer)) => signer,
            (Holder::Agent(path), None) => match Signer::agent(path, self.handle.agent_session_binding()).await {
                Ok(signer) => signer,
                Err(error) => {
                    self.problems.push(error.into());
                    return Ok(Outcome::Exhausted);
                }
            },
            (Holder::File(identity), kept) => {
                *agent = kept;
                let path = identity.path().to_owned();
                let saved = self.secrets.passphrases.get(&path).cloned();
                let prompts = if self.host.batch_mode { 0 } else { self.host.number_of_password_prompts };
                Signer::file(identity.clone(), saved, self.inquiry.clone(), prompts)
            }
        };
        let result = self.try_key(&candidate, &mut signer).await;
        if let Some(path) = signer.unlocked() {
            self.login.unlocked.push(path);
        }
        if signer.is_agent() {
            *agent = Some(signer);
        }
        result
    }

    /// A key whose public half nobody knows must be decrypted before it can be offered.
    async fn try_key(&mut self, candidate: &Candidate, signer: &mut Signer) -> Result<Outcome, Error> {
        let key = match &candidate.key {
            Some(key) => key.clone(),
            None => match signer.public_key().await {
                Ok(key) => key,
                Err(failure) => return self.unusable(failure).await,
            },
        };
        let hash = match self.hash(&key.algorithm()).await {
            Ok(hash) => hash,
            Err(()) => {
                self.problems.push(Problem::Sha1Only { key: candidate.name() });
                return Ok(Outcome::Exhausted);
            }
        };
        let user = self.host.user.clone();
        let attempt = async {
            match &candidate.certificate {
                Some(certificate) => {
                    self.handle.authenticate_certificate_with(user, certificate.clone(), hash, signer).await
                }
                None => self.handle.authenticate_publickey_with(user, key.clone(), hash, signer).await,
            }
        };
        // No time limit: an agent may wait for a touch, and the server ends what takes too long.
        let result: Result<AuthResult, Failure> = attempt.await;
        let result = match result {
            Ok(result) => result,
            Err(failure) => return self.unusable(failure).await,
        };
        let outcome = self.judge(&format!("publickey {}", candidate.name()), result).await?;
        if outcome != Outcome::Exhausted {
            let fingerprint = Fingerprint::of(&key).to_string();
            self.login.key = Some(Key { fingerprint, path: candidate.path.clone() });
        }
        Ok(outcome)
    }

    async fn unusable(&mut self, failure: Failure) -> Result<Outcome, Error> {
        match failure {
            Failure::Problem(problem) => {
                self.problems.push(problem);
                Ok(Outcome::Exhausted)
            }
            Failure::Error(error) => Err(error),
            Failure::Gone => {
                let ended = self.state.closed().await;
                Err(self.explain(&ended))
            }
        }
    }

    /// The hash to sign with: RSA's best that the server accepts (RFC 8332), nothing for other keys. An error where
    /// only SHA-1 is left.
    async fn hash(&self, algorithm: &russh::keys::Algorithm) -> Result<Option<HashAlg>, ()> {
        if !matches!(algorithm, russh::keys::Algorithm::Rsa { .. }) {
            return Ok(None);
        }
        match self.handle.best_supported_rsa_hash().await {
            Ok(Some(Some(hash))) => Ok(Some(hash)),
            Ok(Some(None)) => Err(()),
            // A server that does not tell: SHA-2 is what every server that still runs understands.
            Ok(None) | Err(_) => Ok(Some(HashAlg::Sha512)),
        }
    }
}
