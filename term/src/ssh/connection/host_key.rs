//! Whether the key that a server presents is its host's.

use std::sync::Arc;

use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PublicKey};

use super::inquiry::Inquiry;
use crate::ssh::fingerprint::Fingerprint;
use crate::ssh::host::StrictHostKeyChecking;
use crate::ssh::known_hosts::{self, Status};
use crate::ssh::prompt::{Answer, Question};
use crate::ssh::{Error, Host, KnownHosts};

/// The host key algorithms that are offered, best first. RSA with SHA-1 is not among them, as in OpenSSH.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
    Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
    Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
];

/// What decides about a host's key.
#[derive(Debug, Clone)]
pub(super) struct HostKey {
    name: String,
    port: u16,
    strict: StrictHostKeyChecking,
    batch: bool,
    hashed: bool,
    known: KnownHosts,
}

/// What becomes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the host's.
    Trusted,
    /// It is not the known one and `StrictHostKeyChecking no` goes on without it: no password may be sent.
    Unverified,
}

impl HostKey {
    /// What decides for `host`: under `HostKeyAlias`, where it has one, and then without the port (ssh_config(5)).
    pub(super) fn of(host: &Host) -> Self {
        let (name, port) = host.known_as();
        let (strict, hashed) = (host.strict_host_key_checking, host.hash_known_hosts);
        Self { name: name.to_owned(), port, strict, batch: host.batch_mode, hashed, known: KnownHosts::of(host) }
    }

    /// The algorithms to offer: those first whose keys are known, so that the server shows a key that can be checked.
    pub(super) async fn algorithms(&self) -> Result<Vec<Algorithm>, Error> {
        let this = self.clone();
        blocking(move || Ok(this.known.order(&this.name, this.port, &ALGORITHMS)?)).await
    }

    /// Decides about `key`, asking the user where that is the rule.
    pub(super) async fn check(&self, key: PublicKey, inquiry: &Inquiry) -> Result<Verdict, Error> {
        let key = Arc::new(key);
        let (this, offered) = (self.clone(), Arc::clone(&key));
        let status = blocking(move || Ok(this.known.check(&this.name, this.port, &offered)?)).await?;
        let fingerprint = Box::new(Fingerprint::of(&key));
        let name = known_hosts::name(&self.name, self.port);
        match status {
            Status::Known(_) => Ok(Verdict::Trusted),
            Status::Revoked(place) => Err(Error::HostKeyRevoked { name, fingerprint, place }),
            Status::Changed { place, expected } => {
                let error = Error::HostKeyChanged { name, offered: fingerprint, expected: Box::new(expected), place };
                if self.strict != StrictHostKeyChecking::No {
                    return Err(error);
                }
                inquiry
                    .notice(format!("{error}. StrictHostKeyChecking no connects all the same, without a password."))
                    .await;
                Ok(Verdict::Unverified)
            }
            Status::Unknown { .. } => self.unknown(key, *fingerprint, inquiry).await,
        }
    }

    async fn unknown(
        &self,
        key: Arc<PublicKey>,
        fingerprint: Fingerprint,
        inquiry: &Inquiry,
    ) -> Result<Verdict, Error> {
        let name = known_hosts::name(&self.name, self.port);
        let refused =
            |strict| Error::HostKeyRefused { name: name.clone(), fingerprint: Box::new(fingerprint.clone()), strict };
        let save = match self.strict {
            StrictHostKeyChecking::Yes => return Err(refused(true)),
            StrictHostKeyChecking::Ask if self.batch => return Err(refused(true)),
            StrictHostKeyChecking::AcceptNew | StrictHostKeyChecking::No => true,
            StrictHostKeyChecking::Ask => {
                let question = Question::UnknownHostKey {
                    name: name.clone(),
                    key_type: fingerprint.key_type().to_owned(),
                    fingerprint: fingerprint.to_string(),
                    randomart: fingerprint.randomart().to_owned(),
                    path: self.known.path().map(ToOwned::to_owned).unwrap_or_default(),
                };
                match inquiry.ask(question, "an answer about its host key").await {
                    Ok(Answer::TrustAndSave) => true,
                    Ok(Answer::TrustOnce) => false,
                    Ok(_) | Err(Error::Cancelled) => return Err(refused(false)),
                    Err(error) => return Err(error),
                }
            }
        };
        if save {
            let asked = self.strict == StrictHostKeyChecking::Ask;
            self.save(key, &fingerprint, asked, inquiry).await;
        }
        Ok(Verdict::Trusted)
    }

    /// A key that cannot be saved is asked about again the next time: no reason to refuse the connection.
    async fn save(&self, key: Arc<PublicKey>, fingerprint: &Fingerprint, asked: bool, inquiry: &Inquiry) {
        let this = self.clone();
        let saved = blocking(move || Ok(this.known.add(&this.name, this.port, &key, this.hashed)?)).await;
        match saved {
            Ok(_) if asked => {}
            Ok(place) => {
                let name = known_hosts::name(&self.name, self.port);
                let key_type = fingerprint.key_type();
                inquiry
                    .notice(format!("The new host key of {name} was saved in {place}: {key_type} {fingerprint}."))
                    .await;
            }
            Err(error) => {
                inquiry.notice(format!("The host key is trusted for this connection only: {error}.")).await;
            }
        }
    }
}

/// Runs what reads and writes files where it may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        // It panicked or the program is ending: never a reason to trust a key.
        Err(_) => Err(Error::Cancelled),
    }
}
