//! Whether the key that a server presents is its host's (`verify_host_key` and `check_host_key` in sshconnect.c).

mod evidence;
mod offer;
mod taken;
#[cfg(test)]
mod tests;
mod update;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use russh::keys::ssh_key::public::KeyData;
use russh::keys::{PublicKey, PublicKeyOrCertificate};

use super::inquiry::Inquiry;
use crate::ssh::fingerprint::Fingerprint;
use crate::ssh::host::{Algorithms, FingerprintHash, StrictHostKeyChecking, YesNoAsk};
use crate::ssh::known_hosts::{self, OtherName, Place, Status};
use crate::ssh::prompt::{Answer, Question};
use crate::ssh::{Error, Host, KnownHosts};
use evidence::{Address, Evidence};
pub(super) use offer::Offer;
pub use taken::KeyTaken;

/// What decides about a host's key.
#[derive(Debug, Clone)]
pub(super) struct HostKey {
    /// The name and port that known_hosts knows the host by.
    name: String,
    port: u16,
    /// `HostKeyAlias`, which also stands for the name in certificates.
    alias: bool,
    host_name: String,
    address: Option<IpAddr>,
    strict: StrictHostKeyChecking,
    batch: bool,
    hashed: bool,
    known: KnownHosts,
    command: Option<known_hosts::Command>,
    revoked: Option<PathBuf>,
    /// `NoHostAuthenticationForLocalhost`.
    except_localhost: bool,
    check_host_ip: bool,
    fingerprint_hash: FingerprintHash,
    visual: bool,
    algorithms: Vec<String>,
    /// The order of the algorithms is the user's own.
    ordered: bool,
    signatures: Vec<String>,
    required_rsa_size: u32,
    update: YesNoAsk,
}

/// What becomes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the host's: the user's own files say so, or the user did. What the server says of its other keys is to be
    /// believed too.
    Known,
    /// It is believed to be the host's.
    Trusted,
    /// It is not the known one and `StrictHostKeyChecking no` goes on without it: no password may be sent, and nothing
    /// of this machine may be forwarded.
    Unverified,
}

/// A key that is another than the known one.
struct Changed {
    /// The host, or its address, as known_hosts writes it.
    name: String,
    expected: Fingerprint,
    place: Place,
    /// Whether it is the address that another key is known for.
    of_address: bool,
}

impl Verdict {
    /// Whether the server may be told secrets.
    pub(super) fn is_trusted(self) -> bool {
        self != Self::Unverified
    }
}

impl HostKey {
    /// What decides for `host`: under `HostKeyAlias`, where it has one, and then without the port (ssh_config(5)).
    pub(super) fn of(host: &Host) -> Result<Self, Error> {
        let (name, port) = host.known_as();
        Ok(Self {
            name: name.to_owned(),
            port,
            alias: host.host_key_alias.is_some(),
            host_name: host.host_name.clone(),
            address: None,
            strict: host.strict_host_key_checking,
            batch: host.batch_mode,
            hashed: host.hash_known_hosts,
            known: KnownHosts::of(host),
            command: known_hosts::Command::of(host)?,
            revoked: host.revoked_host_keys.clone(),
            except_localhost: host.no_host_authentication_for_localhost && host.host_key_alias.is_none(),
            check_host_ip: host.check_host_ip,
            fingerprint_hash: host.fingerprint_hash,
            visual: host.visual_host_key,
            algorithms: offer::algorithms(&host.host_key_algorithms),
            ordered: matches!(host.host_key_algorithms, Algorithms::Only(_) | Algorithms::Prepend(_)),
            signatures: offer::signatures(&host.ca_signature_algorithms),
            required_rsa_size: host.required_rsa_size,
            update: host.update_host_keys,
        })
    }

    /// The same, for a server at this address; without one where something else makes the connection.
    pub(super) fn at(self, address: Option<IpAddr>) -> Self {
        Self { address, ..self }
    }

    /// Decides about what a server presents, asking the user where that is the rule.
    pub(super) async fn check(&self, presented: &PublicKeyOrCertificate, inquiry: &Inquiry) -> Result<Verdict, Error> {
        if self.except_localhost && self.is_local() {
            return Ok(Verdict::Trusted);
        }
        let presented = Arc::new(match presented.certificate() {
            Some(certificate) => PublicKey::from(KeyData::Certificate(Box::new(certificate.clone()))),
            None => presented.public_key(),
        });
        let (this, shown) = (self.clone(), Arc::clone(&presented));
        let evidence = blocking(move || this.evidence(&shown)).await?;
        let key = Arc::new(match presented.key_data() {
            KeyData::Certificate(certificate) => PublicKey::from(certificate.public_key().clone()),
            _ => (*presented).clone(),
        });
        let fingerprint = Fingerprint::with(&key, self.fingerprint_hash);
        self.decide(evidence, key, fingerprint, inquiry).await
    }

    async fn decide(
        &self,
        evidence: Evidence,
        key: Arc<PublicKey>,
        fingerprint: Fingerprint,
        inquiry: &Inquiry,
    ) -> Result<Verdict, Error> {
        if let Some(cause) = evidence.unacceptable {
            return Err(Error::KeyExchange { host: self.name(), cause });
        }
        if let Some(place) = evidence.revoked {
            return Err(Error::HostKeyRevoked { name: self.name(), fingerprint: Box::new(fingerprint), place });
        }
        if evidence.certified {
            return Ok(Verdict::Trusted);
        }
        if let Some(refusal) = &evidence.refusal {
            let name = self.name();
            inquiry
                .notice(format!("The certificate of {name} is not accepted: {refusal}. Its key is checked instead."))
                .await;
        }
        let matching = match &evidence.status {
            Status::Known(place) => Some(place.clone()),
            _ => None,
        };
        let verdict = match evidence.status {
            // Told by `revoked`.
            Status::Revoked(place) => {
                return Err(Error::HostKeyRevoked { name: self.name(), fingerprint: Box::new(fingerprint), place });
            }
            Status::Known(place) => {
                // To a question the picture belongs already.
                if self.visual {
                    let taken = KeyTaken::Pictured { name: self.name(), fingerprint: fingerprint.clone() };
                    inquiry.tell(taken).await;
                }
                let is_own = self.known.is_own(&place) && !evidence.elsewhere;
                if is_own { Verdict::Known } else { Verdict::Trusted }
            }
            Status::Changed { place, expected } => {
                let changed = Changed { name: self.name(), expected, place, of_address: false };
                return self.changed(changed, fingerprint, inquiry).await;
            }
            Status::Unknown { elsewhere } => {
                let with_address = evidence.address.as_ref().is_some_and(|address| address.is_unknown());
                self.unknown(&key, &fingerprint, elsewhere, with_address, inquiry).await?
            }
        };
        match evidence.address {
            Some(Address { name, status: Status::Changed { place, expected } }) => {
                if self.strict == StrictHostKeyChecking::Ask && !self.batch {
                    self.ask_about_address(name, &fingerprint, expected, (place, matching), inquiry).await?;
                    return Ok(verdict);
                }
                let changed = Changed { name, expected, place, of_address: true };
                self.changed(changed, fingerprint, inquiry).await.map(|_| Verdict::Trusted)
            }
            Some(address) if address.is_unknown() && verdict == Verdict::Known => {
                if let Some(address) = self.save_address(&key, &fingerprint, inquiry).await {
                    inquiry.tell(KeyTaken::AddressSaved { address, fingerprint }).await;
                }
                Ok(verdict)
            }
            _ => Ok(verdict),
        }
    }

    /// A key that is another than the known one is never a question: with `StrictHostKeyChecking no` the connection goes
    /// on unverified, else it ends.
    async fn changed(&self, changed: Changed, offered: Fingerprint, inquiry: &Inquiry) -> Result<Verdict, Error> {
        let Changed { name, expected, place, of_address } = changed;
        if self.strict != StrictHostKeyChecking::No {
            let (offered, expected) = (Box::new(offered), Box::new(expected));
            return Err(Error::HostKeyChanged { name, offered, expected, place });
        }
        inquiry.tell(KeyTaken::Unverified { name, offered, expected, place, of_address }).await;
        Ok(Verdict::Unverified)
    }

    /// The host's key is the right one, and its address is known by another: as ssh(1), the user is asked.
    async fn ask_about_address(
        &self,
        address: String,
        fingerprint: &Fingerprint,
        expected: Fingerprint,
        (place, matching): (Place, Option<Place>),
        inquiry: &Inquiry,
    ) -> Result<(), Error> {
        let question = Question::AddressKeyDiffers {
            name: self.name(),
            address: address.clone(),
            key_type: fingerprint.key_type().to_owned(),
            fingerprint: fingerprint.to_string(),
            expected: expected.to_string(),
            place: place.clone(),
            matching,
        };
        match inquiry.ask(question, "an answer about the key of its address").await {
            Ok(Answer::Yes) => Ok(()),
            Ok(_) | Err(Error::Cancelled) => Err(Error::HostKeyChanged {
                name: address,
                offered: Box::new(fingerprint.clone()),
                expected: Box::new(expected),
                place,
            }),
            Err(error) => Err(error),
        }
    }

    async fn unknown(
        &self,
        key: &Arc<PublicKey>,
        fingerprint: &Fingerprint,
        elsewhere: Vec<OtherName>,
        with_address: bool,
        inquiry: &Inquiry,
    ) -> Result<Verdict, Error> {
        let refused =
            |strict| Error::HostKeyRefused { name: self.name(), fingerprint: Box::new(fingerprint.clone()), strict };
        let save = match self.strict {
            StrictHostKeyChecking::Yes => return Err(refused(true)),
            StrictHostKeyChecking::Ask if self.batch => return Err(refused(true)),
            StrictHostKeyChecking::AcceptNew | StrictHostKeyChecking::No => true,
            StrictHostKeyChecking::Ask => {
                match inquiry.ask(self.question(fingerprint, elsewhere), "an answer about its host key").await {
                    Ok(Answer::TrustAndSave) => true,
                    Ok(Answer::TrustOnce) => false,
                    Ok(_) | Err(Error::Cancelled) => return Err(refused(false)),
                    Err(error) => return Err(error),
                }
            }
        };
        let asked = self.strict == StrictHostKeyChecking::Ask;
        if save {
            self.save(key, fingerprint, (asked, with_address), inquiry).await;
        }
        Ok(if asked && save { Verdict::Known } else { Verdict::Trusted })
    }

    fn question(&self, fingerprint: &Fingerprint, elsewhere: Vec<OtherName>) -> Question {
        Question::UnknownHostKey {
            name: self.name(),
            address: self.address.map(|address| address.to_string()).filter(|address| *address != self.host_name),
            key_type: fingerprint.key_type().to_owned(),
            fingerprint: fingerprint.to_string(),
            randomart: fingerprint.randomart().to_owned(),
            path: self.known.path().map(ToOwned::to_owned).unwrap_or_default(),
            elsewhere,
        }
    }

    /// A key that cannot be saved is asked about again the next time: no reason to refuse the connection.
    async fn save(
        &self,
        key: &Arc<PublicKey>,
        fingerprint: &Fingerprint,
        (asked, with_address): (bool, bool),
        inquiry: &Inquiry,
    ) {
        let (this, copy) = (self.clone(), Arc::clone(key));
        let saved = blocking(move || Ok(this.known.add(&this.name, this.port, &copy, this.hashed)?)).await;
        let fingerprint = fingerprint.clone();
        inquiry
            .tell(match saved {
                Ok(place) => {
                    let address = if with_address { self.save_address(key, &fingerprint, inquiry).await } else { None };
                    KeyTaken::Saved { name: self.name(), address, fingerprint, place, asked }
                }
                Err(error) => self.not_saved(None, fingerprint, &error),
            })
            .await;
    }

    /// `CheckHostIP`: the key is also the address's, which is returned where it was saved.
    async fn save_address(&self, key: &Arc<PublicKey>, fingerprint: &Fingerprint, inquiry: &Inquiry) -> Option<String> {
        let address = self.checked_address()?;
        let (this, host, key) = (self.clone(), address.clone(), Arc::clone(key));
        let saved = blocking(move || Ok(this.known.add(&host, this.port, &key, this.hashed)?)).await;
        let name = known_hosts::name(&address, self.port);
        match saved {
            Ok(_) => Some(name),
            Err(error) => {
                inquiry.tell(self.not_saved(Some(name), fingerprint.clone(), &error)).await;
                None
            }
        }
    }

    fn not_saved(&self, address: Option<String>, fingerprint: Fingerprint, error: &Error) -> KeyTaken {
        let path = self.known.path().map(ToOwned::to_owned);
        KeyTaken::NotSaved { path, address, fingerprint, reason: error.to_string() }
    }

    /// The host as known_hosts writes it.
    fn name(&self) -> String {
        known_hosts::name(&self.name, self.port)
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
