//! The keys that are offered, and in which order (`pubkey_prepare` in sshconnect2.c).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::keys::agent::AgentSessionBinding;
use russh::keys::{Certificate, PublicKey};

use super::algorithms;
use crate::ssh::Host;
use crate::ssh::agent::{self, Client, Held};
use crate::ssh::error::Problem;
use crate::ssh::fingerprint::{self, Fingerprint};
use crate::ssh::identity::{self, Identity};

/// Who can sign with a key.
#[derive(Debug, Clone)]
pub(super) enum Holder {
    /// The agent, by this key: the very one, or the plain one of a certificate that the agent does not know.
    Agent(Arc<Held>),
    /// A key file.
    File(Arc<Identity>),
}

/// A key that can be offered.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The public key; `None` where only the passphrase can tell it.
    pub(super) key: Option<PublicKey>,
    pub(super) certificate: Option<Certificate>,
    pub(super) holder: Holder,
    /// The key's file, where it has one.
    pub(super) path: Option<PathBuf>,
}

impl Candidate {
    /// What tells it from the others, its certificate from its plain key too.
    pub(super) fn mark(&self) -> String {
        let kind = if self.certificate.is_some() { "certificate" } else { "key" };
        format!("{kind} {}", self.name())
    }

    /// What errors and progress call it: its file, else its fingerprint and what the agent calls it.
    pub(super) fn name(&self) -> String {
        match (&self.path, &self.key, &self.holder) {
            (Some(path), _, _) => path.display().to_string(),
            (None, Some(key), Holder::Agent(held)) if !held.comment.is_empty() => {
                format!("{} ({})", Fingerprint::of(key), held.comment)
            }
            (None, Some(key), _) => Fingerprint::of(key).to_string(),
            (None, None, _) => String::new(),
        }
    }
}

/// All that can be offered to a host.
#[derive(Default)]
pub(super) struct Candidates {
    /// In the order in which they are offered.
    pub(super) list: Vec<Candidate>,
    /// The agent that some of them are held by.
    pub(super) agent: Option<Client>,
    /// What kept keys out of the list.
    pub(super) problems: Vec<Problem>,
}

/// What the configuration names: a key file, or one with its certificate.
struct Named {
    identity: Arc<Identity>,
    certificate: Option<Certificate>,
}

/// The keys to offer for `host`: certificates of `CertificateFile`, the agent's keys that `IdentityFile` names, the
/// agent's other keys unless `IdentitiesOnly`, then the files, each followed by the certificate beside it.
pub(super) async fn of(host: &Host, session: Option<&AgentSessionBinding>) -> Candidates {
    let mut found = Candidates::default();
    let (identities, certificates) = load(host, &mut found.problems).await;
    let mut held = Vec::new();
    if let Some(path) = agent::socket(&host.identity_agent) {
        match ask_agent(&path, session).await {
            Ok((client, keys)) => {
                held = keys.into_iter().map(Arc::new).collect();
                found.agent = Some(client);
            }
            Err(error) => found.problems.push(error.into()),
        }
    }
    let list = order(&identities, certificates, &held, host);
    found.list = list.into_iter().filter(|candidate| found_fit(candidate, host, &mut found.problems)).collect();
    for identity in identities {
        let offered = found.list.iter().any(|candidate| candidate.path.as_deref() == Some(identity.path()));
        if !offered && identity.is_on_token() {
            found.problems.push(identity::Error::OnToken { path: identity.path().to_owned() }.into());
        } else if !offered && !identity.is_private() {
            found.problems.push(identity::Error::NotPrivate { path: identity.path().to_owned() }.into());
        }
    }
    found
}

async fn ask_agent(path: &Path, session: Option<&AgentSessionBinding>) -> Result<(Client, Vec<Held>), agent::Error> {
    let mut client = agent::connect(path).await?;
    // First of all: an agent shows keys with destination constraints only to whom they are for.
    if let Some(session) = session
        && let Err(error) = client.bind(session).await
    {
        // Agents other than OpenSSH's do not know it; only constrained keys miss it.
        log::debug!("the agent does not bind sessions: {error}");
    }
    let keys = agent::keys(&mut client, path).await?;
    Ok((client, keys))
}

async fn load(host: &Host, problems: &mut Vec<Problem>) -> (Vec<Arc<Identity>>, Vec<(Certificate, PathBuf)>) {
    let (paths, certificates) = (host.identity_file.clone(), host.certificate_file.clone());
    let loaded = tokio::task::spawn_blocking(move || {
        let identities: Vec<_> = paths.iter().filter_map(|path| Identity::load(path).transpose()).collect();
        let read = |path: &PathBuf| identity::certificate(path).map(|found| found.map(|found| (found, path.clone())));
        let certificates: Vec<_> = certificates.iter().filter_map(|path| read(path).transpose()).collect();
        (identities, certificates)
    });
    let (identities, certificates) = loaded.await.unwrap_or_default();
    let mut problem = |error: identity::Error| problems.push(error.into());
    let identities =
        identities.into_iter().filter_map(|loaded| loaded.map_err(&mut problem).ok()).map(Arc::new).collect();
    let certificates = certificates.into_iter().filter_map(|loaded| loaded.map_err(&mut problem).ok()).collect();
    (identities, certificates)
}

fn order(
    identities: &[Arc<Identity>],
    certificates: Vec<(Certificate, PathBuf)>,
    held: &[Arc<Held>],
    host: &Host,
) -> Vec<Candidate> {
    let mut named = named(identities, host.certificate_file.is_empty());
    let mut candidates: Vec<Candidate> = Vec::new();
    for (certificate, path) in certificates {
        candidates.extend(certified(certificate, &path, identities, held));
    }
    let mut others = Vec::new();
    for key in held {
        let candidate = |path| Candidate {
            key: Some(key.key.clone()),
            certificate: key.certificate.clone(),
            holder: Holder::Agent(Arc::clone(key)),
            path,
        };
        match named.iter().position(|named| named.is(key)) {
            Some(index) => candidates.push(candidate(Some(named.remove(index).identity.path().to_owned()))),
            None if !host.identities_only => others.push(candidate(None)),
            None => {}
        }
    }
    candidates.extend(others);
    candidates.extend(named.into_iter().filter_map(|named| named.candidate(held)));
    candidates
}

/// What the configuration names: each key followed by the certificate beside it unless `CertificateFile` names others,
/// or the certificate alone where that is what the file stands for.
fn named(identities: &[Arc<Identity>], beside: bool) -> Vec<Named> {
    let mut named = Vec::new();
    for identity in identities {
        let alone = identity.is_certificate_alone();
        if !alone {
            named.push(Named { identity: Arc::clone(identity), certificate: None });
        }
        if let Some(certificate) = identity.certificate().filter(|_| beside || alone) {
            named.push(Named { identity: Arc::clone(identity), certificate: Some(certificate.clone()) });
        }
    }
    named
}

impl Named {
    /// Whether the agent holds the very same: a key is not its certificate.
    fn is(&self, held: &Held) -> bool {
        let certified = match (&self.certificate, &held.certificate) {
            (Some(one), Some(other)) => is_same(one, other),
            (None, None) => true,
            _ => false,
        };
        certified && key_data(&self.identity) == Some(held.key.key_data())
    }

    /// What is offered of it where the agent does not hold it: what the file can sign, or for a certificate the agent's
    /// plain key.
    fn candidate(self, held: &[Arc<Held>]) -> Option<Candidate> {
        let by_agent = self.certificate.as_ref().and_then(|certificate| plain(held, certificate));
        let holder = match by_agent {
            Some(held) => Holder::Agent(held),
            None if self.identity.is_private() && !self.identity.is_on_token() => {
                Holder::File(Arc::clone(&self.identity))
            }
            None => return None,
        };
        let path = Some(self.identity.path().to_owned());
        Some(Candidate { key: self.identity.public_key().cloned(), certificate: self.certificate, holder, path })
    }
}

/// A certificate of `CertificateFile`, signed with by whoever has its key: the agent, a file with the key, or a file of
/// the same name whose key is not known yet.
fn certified(
    certificate: Certificate,
    path: &Path,
    identities: &[Arc<Identity>],
    held: &[Arc<Held>],
) -> Option<Candidate> {
    let key = PublicKey::from(certificate.public_key().clone());
    let usable = || identities.iter().filter(|identity| identity.is_private() && !identity.is_on_token());
    let by_key = || usable().find(|identity| key_data(identity) == Some(key.key_data()));
    let by_name = || usable().find(|identity| identity.public_key().is_none() && is_named_after(path, identity.path()));
    let is_it = |held: &&Arc<Held>| held.certificate.as_ref().is_some_and(|other| is_same(other, &certificate));
    let held_itself = || held.iter().find(is_it).cloned();
    let holder = match plain(held, &certificate).or_else(held_itself) {
        Some(held) => Holder::Agent(held),
        None => Holder::File(Arc::clone(by_key().or_else(by_name)?)),
    };
    Some(Candidate { key: Some(key), certificate: Some(certificate), holder, path: Some(path.to_owned()) })
}

/// Whether two certificates are the same; a file's has a comment that the agent's lacks.
fn is_same(one: &Certificate, other: &Certificate) -> bool {
    one.to_bytes().is_ok_and(|one| other.to_bytes().is_ok_and(|other| one == other))
}

/// The agent's plain key of a certificate.
fn plain(held: &[Arc<Held>], certificate: &Certificate) -> Option<Arc<Held>> {
    let is_it = |held: &&Arc<Held>| held.certificate.is_none() && held.key.key_data() == certificate.public_key();
    held.iter().find(is_it).cloned()
}

/// Whether a certificate's file is called after a key's.
fn is_named_after(certificate: &Path, key: &Path) -> bool {
    let name = certificate.to_string_lossy();
    let stem = name.strip_suffix("-cert.pub").or_else(|| name.strip_suffix("-cert"));
    stem.is_some_and(|stem| Path::new(stem) == key)
}

/// Whether a key may be offered: `PubkeyAcceptedAlgorithms` and `RequiredRSASize`.
fn found_fit(candidate: &Candidate, host: &Host, problems: &mut Vec<Problem>) -> bool {
    let Some(key) = &candidate.key else { return true };
    if algorithms::of(key, candidate.certificate.is_some(), host).is_empty() {
        log::debug!("{}: its type is not among PubkeyAcceptedAlgorithms", candidate.name());
        return false;
    }
    let bits = if key.key_data().is_rsa() { fingerprint::bits(key.key_data()) } else { None };
    let Some(bits) = bits.filter(|bits| *bits < host.required_rsa_size) else { return true };
    let path = candidate.path.clone().unwrap_or_else(|| candidate.name().into());
    problems.push(identity::Error::TooSmall { path, bits, required: host.required_rsa_size }.into());
    false
}

fn key_data(identity: &Identity) -> Option<&russh::keys::ssh_key::public::KeyData> {
    identity.public_key().map(PublicKey::key_data)
}
