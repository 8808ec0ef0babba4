//! Who signs: the agent, or a key file that may have to be decrypted first.
//!
//! russh asks for a signature only after the server has said that it would accept the key, so nobody types a
//! passphrase for a key that is of no use.

use std::path::PathBuf;
use std::sync::Arc;

use russh::keys::agent::AgentIdentity;
use russh::keys::{HashAlg, PrivateKey, PublicKey};

use crate::ssh::agent::{self, Client, Held};
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

/// Signs for one login.
pub(super) enum Signer {
    Agent(Box<AgentSigner>),
    File(Box<FileSigner>),
}

/// Signs with a key of the agent.
pub(super) struct AgentSigner {
    pub(super) client: Client,
    key: Arc<Held>,
}

/// A key that was read from a file.
pub(super) struct Opened {
    pub(super) key: Arc<PrivateKey>,
    pub(super) path: PathBuf,
    /// The file again, where a passphrase opened it.
    pub(super) unlocked: Option<PathBuf>,
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
    pub(super) fn agent(client: Client, key: Arc<Held>) -> Self {
        Self::Agent(Box::new(AgentSigner { client, key }))
    }

    pub(super) fn file(identity: Arc<Identity>, saved: Option<Secret>, inquiry: Inquiry, prompts: u32) -> Self {
        Self::File(Box::new(FileSigner { identity, saved, inquiry, prompts, key: None, unlocked: false }))
    }

    /// The key of a file, once it was read.
    pub(super) fn opened(&self) -> Option<Opened> {
        let Self::File(file) = self else { return None };
        let path = file.identity.path().to_owned();
        Some(Opened { key: file.key.clone()?, unlocked: file.unlocked.then(|| path.clone()), path })
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
    async fn auth_sign(&mut self, _: &AgentIdentity, hash: Option<HashAlg>, data: Vec<u8>) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Agent(agent) => {
                let signature = agent.client.sign(&agent.key, hash, &data).await.map_err(|cause| {
                    let key = Fingerprint::of(&agent.key.key).to_string();
                    Failure::Problem(agent::Error::Refused { key, cause }.into())
                })?;
                Ok(signed(data, &signature))
            }
            Self::File(file) => {
                let signature = file.sign(hash, data.clone()).await?;
                Ok(signed(data, &signature))
            }
        }
    }
}

/// What was signed, followed by the signature as a string (RFC 4251 section 5).
fn signed(mut data: Vec<u8>, signature: &[u8]) -> Vec<u8> {
    data.extend(u32::try_from(signature.len()).unwrap_or(u32::MAX).to_be_bytes());
    data.extend(signature);
    data
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
