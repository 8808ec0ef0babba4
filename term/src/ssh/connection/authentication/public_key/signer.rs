//! Who signs: the agent, or a key file that may have to be decrypted first.
//!
//! russh asks for a signature only after the server has said that it would accept the key, so nobody types a
//! passphrase for a key that is of no use.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::keys::agent::{AgentIdentity, AgentSessionBinding};
use russh::keys::{HashAlg, PrivateKey, PublicKey};

use crate::ssh::agent::{self, Client};
use crate::ssh::connection::inquiry::Inquiry;
use crate::ssh::error::Problem;
use crate::ssh::fingerprint::Fingerprint;
use crate::ssh::identity::{self, Identity};
use crate::ssh::prompt::{Answer, Question};
use crate::ssh::{Error, Secret};

/// Why there is no signature.
#[derive(Debug)]
pub(super) enum Failure {
    /// This key cannot be used; others may.
    Problem(Problem),
    /// The login is over.
    Error(Error),
    /// The connection is gone.
    Gone,
}

impl From<russh::SendError> for Failure {
    fn from(_: russh::SendError) -> Self {
        Self::Gone
    }
}

impl From<identity::Error> for Failure {
    fn from(error: identity::Error) -> Self {
        Self::Problem(error.into())
    }
}

/// Signs for one login.
pub(super) enum Signer {
    Agent(Box<Client>),
    File(Box<FileSigner>),
}

/// Signs with a key file.
pub(super) struct FileSigner {
    identity: Arc<Identity>,
    saved: Option<Secret>,
    inquiry: Inquiry,
    prompts: u32,
    key: Option<Arc<PrivateKey>>,
    unlocked: bool,
}

impl Signer {
    /// Connects to the agent and tells it which session it signs for, which keys with destination constraints need.
    pub(super) async fn agent(path: &Path, session: Option<&AgentSessionBinding>) -> Result<Self, agent::Error> {
        let (mut client, _) = agent::connect(path).await?;
        if let Some(session) = session
            && let Err(error) = client.bind_session(session, false).await
        {
            // Agents other than OpenSSH's do not know it; only constrained keys miss it.
            log::debug!("the agent does not bind sessions: {error}");
        }
        Ok(Self::Agent(Box::new(client)))
    }

    pub(super) fn file(identity: Arc<Identity>, saved: Option<Secret>, inquiry: Inquiry, prompts: u32) -> Self {
        Self::File(Box::new(FileSigner { identity, saved, inquiry, prompts, key: None, unlocked: false }))
    }

    pub(super) fn is_agent(&self) -> bool {
        matches!(self, Self::Agent(_))
    }

    /// The key file that a passphrase opened.
    pub(super) fn unlocked(&self) -> Option<PathBuf> {
        match self {
            Self::File(file) if file.unlocked => Some(file.identity.path().to_owned()),
            _ => None,
        }
    }

    /// The public key of a file that tells it only once it is decrypted.
    pub(super) async fn public_key(&mut self) -> Result<PublicKey, Failure> {
        match self {
            Self::File(file) => Ok(file.private_key().await?.public_key().clone()),
            Self::Agent(_) => Err(Failure::Gone),
        }
    }
}

impl russh::Signer for Signer {
    type Error = Failure;

    /// Returns `data` followed by the signature as SSH encodes it (RFC 4252 section 7).
    async fn auth_sign(
        &mut self,
        key: &AgentIdentity,
        hash: Option<HashAlg>,
        mut data: Vec<u8>,
    ) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Agent(client) => {
                let public = key.public_key().into_owned();
                client.sign_request(key, hash, data).await.map_err(|error| {
                    let (key, cause) = (Fingerprint::of(&public).to_string(), error.to_string().to_lowercase());
                    Failure::Problem(agent::Error::Refused { key, cause }.into())
                })
            }
            Self::File(file) => {
                let signature = file.sign(hash, data.clone()).await?;
                data.extend(u32::try_from(signature.len()).unwrap_or(u32::MAX).to_be_bytes());
                data.extend(signature);
                Ok(data)
            }
        }
    }
}

impl FileSigner {
    async fn sign(&mut self, hash: Option<HashAlg>, data: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let key = self.private_key().await?;
        let path = self.identity.path().to_owned();
        let signed = tokio::task::spawn_blocking(move || identity::sign(&key, hash, &data)).await;
        match signed {
            Ok(Ok(signature)) => Ok(signature),
            Ok(Err(cause)) => Err(identity::Error::Signing { path, cause }.into()),
            Err(error) => Err(identity::Error::Signing { path, cause: error.to_string() }.into()),
        }
    }

    /// The private key, decrypted with the saved passphrase, else with one that the user is asked for.
    async fn private_key(&mut self) -> Result<Arc<PrivateKey>, Failure> {
        if let Some(key) = &self.key {
            return Ok(Arc::clone(key));
        }
        let key = if self.identity.is_encrypted() { self.ask().await? } else { self.unlock(None).await? };
        Ok(Arc::clone(self.key.insert(Arc::new(key))))
    }

    async fn ask(&mut self) -> Result<PrivateKey, Failure> {
        let mut retry = false;
        if let Some(saved) = self.saved.take() {
            match self.unlock(Some(saved)).await {
                Err(Failure::Problem(_)) => retry = true,
                result => return result,
            }
        }
        for _ in 0..self.prompts {
            let question = Question::Passphrase {
                path: self.identity.path().to_owned(),
                fingerprint: self.identity.fingerprint(),
                retry,
            };
            let answer = self.inquiry.ask(question, "a signature").await.map_err(Failure::Error)?;
            let Answer::Secret(passphrase) = answer else { return Err(Failure::Error(Error::Cancelled)) };
            // As in ssh(1): no passphrase means not this key.
            if passphrase.expose().is_empty() {
                break;
            }
            match self.unlock(Some(passphrase)).await {
                Err(Failure::Problem(_)) => retry = true,
                result => return result,
            }
        }
        let path = self.identity.path().to_owned();
        Err(if retry { identity::Error::WrongPassphrase { path } } else { identity::Error::NoPassphrase { path } }
            .into())
    }

    /// Key derivation takes a good part of a second by design, so it has a thread of its own.
    async fn unlock(&mut self, passphrase: Option<Secret>) -> Result<PrivateKey, Failure> {
        let identity = Arc::clone(&self.identity);
        let unlocked = tokio::task::spawn_blocking(move || identity.unlock(passphrase.as_ref())).await;
        let key = unlocked.map_err(|_| Failure::Gone)??;
        self.unlocked = self.identity.is_encrypted();
        Ok(key)
    }
}
