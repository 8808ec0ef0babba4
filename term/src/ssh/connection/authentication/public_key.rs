//! Method `publickey` (RFC 4252 section 7).

mod algorithms;
mod candidates;
mod signer;

use std::sync::Arc;

use russh::MethodKind;
use russh::client::AuthResult;
use russh::keys::{HashAlg, PrivateKey, PublicKey};

use super::{Authentication, Key, Outcome, accepts};
use crate::ssh::agent::{self, Client, Constraints};
use crate::ssh::error::Problem;
use crate::ssh::fingerprint::Fingerprint;
use crate::ssh::host::AddKeysToAgent;
use crate::ssh::identity;
use crate::ssh::prompt::{Answer, Question};
use crate::ssh::{Error, Host};
use candidates::{Candidate, Candidates, Holder};
use signer::{Failure, Signer};

/// How many refusals are borne before the keys that are left are kept back for the sake of a password. OpenSSH's server
/// ends the connection at the sixth (`MaxAuthTries` of sshd_config(5)).
const REFUSALS: usize = 5;

impl Authentication<'_> {
    /// Offers the agent's keys and the key files, in ssh(1)'s order, until one is accepted.
    pub(super) async fn public_key(&mut self) -> Result<Outcome, Error> {
        self.stage("publickey").await;
        let Candidates { mut list, mut agent, problems } =
            candidates::of(self.host, self.handle.agent_session_binding()).await;
        self.problems.extend(problems);
        // Where the server wants another key after one that it took, the turn is first of all of those that had none.
        list.sort_by_key(|candidate| {
            self.offered.iter().position(|offered| *offered == candidate.mark()).map_or(0, |at| at + 1)
        });
        let mut left = list.len();
        for candidate in list {
            if !accepts(&self.accepted, MethodKind::PublicKey) {
                break;
            }
            if self.tried.len() >= REFUSALS && self.can_ask() {
                self.problems.push(Problem::NotOffered { refused: self.tried.len(), left });
                break;
            }
            left -= 1;
            self.offered.push(candidate.mark());
            match self.offer(candidate, &mut agent).await? {
                Outcome::Exhausted => {}
                outcome => return Ok(outcome),
            }
        }
        Ok(Outcome::Exhausted)
    }

    async fn offer(&mut self, candidate: Candidate, agent: &mut Option<Client>) -> Result<Outcome, Error> {
        self.stage(&format!("publickey {}", candidate.name())).await;
        let mut signer = match (&candidate.holder, agent.take()) {
            (Holder::Agent(held), Some(client)) => Signer::agent(client, Arc::clone(held)),
            (Holder::Agent(_), None) => return Ok(Outcome::Exhausted),
            (Holder::File(identity), kept) => {
                *agent = kept;
                let path = identity.path().to_owned();
                let saved = self.secrets.passphrases.get(&path).cloned();
                let prompts = if self.host.batch_mode { 0 } else { self.host.number_of_password_prompts };
                Signer::file(identity.clone(), saved, self.inquiry.clone(), prompts)
            }
        };
        let result = self.try_key(&candidate, &mut signer).await;
        let opened = signer.opened();
        if let Some(path) = opened.as_ref().and_then(|opened| opened.unlocked.clone()) {
            self.login.unlocked.push(path);
        }
        if let Some(opened) = opened
            && matches!(result, Ok(Outcome::Success | Outcome::Partial(_)))
        {
            self.keep(&opened.key, &opened.path.display().to_string()).await;
        }
        if let Signer::Agent(held) = signer {
            *agent = Some(held.client);
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
        let hash = match self.hash(&key, candidate.certificate.is_some()).await {
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

    /// The hash to sign with: RSA's best that both sides allow (RFC 8332), nothing for other keys. An error where only
    /// SHA-1 is left and not allowed.
    async fn hash(&self, key: &PublicKey, certified: bool) -> Result<Option<HashAlg>, ()> {
        if !key.key_data().is_rsa() {
            return Ok(None);
        }
        let server = self.handle.best_supported_rsa_hash().await.unwrap_or_default();
        algorithms::hash(&algorithms::of(key, certified, self.host), server)
    }

    /// `AddKeysToAgent`: gives a key that was read from a file to the agent.
    async fn keep(&mut self, key: &Arc<PrivateKey>, name: &str) {
        let Some(path) = agent::socket(&self.host.identity_agent) else { return };
        if !self.may_keep(key, name).await {
            return;
        }
        let comment = key.comment().as_str_lossy();
        let comment = if comment.is_empty() { name } else { comment };
        let added = async {
            let refused = |cause| agent::Error::NotAdded { key: name.to_owned(), cause };
            agent::connect(&path).await?.add(key, comment, constraints(self.host)).await.map_err(refused)
        };
        if let Err(error) = added.await {
            self.problems.push(error.into());
        }
    }

    async fn may_keep(&self, key: &PrivateKey, name: &str) -> bool {
        match self.host.add_keys_to_agent {
            AddKeysToAgent::No => false,
            AddKeysToAgent::Yes | AddKeysToAgent::Confirm => true,
            AddKeysToAgent::Ask if self.host.batch_mode => false,
            AddKeysToAgent::Ask => {
                let fingerprint = Fingerprint::with(key.public_key(), self.host.fingerprint_hash).to_string();
                let question = Question::AddKeyToAgent { path: name.into(), fingerprint };
                matches!(self.inquiry.ask(question, "an answer about the agent").await, Ok(Answer::Yes))
            }
        }
    }
}

fn constraints(host: &Host) -> Constraints {
    Constraints {
        lifetime: host.add_keys_to_agent_lifetime,
        confirm: host.add_keys_to_agent == AddKeysToAgent::Confirm,
    }
}

impl From<identity::Error> for Failure {
    fn from(error: identity::Error) -> Self {
        Self::Problem(error.into())
    }
}
