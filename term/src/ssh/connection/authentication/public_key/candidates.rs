//! The keys that are offered, and in which order.

use std::path::PathBuf;
use std::sync::Arc;

use russh::keys::agent::AgentIdentity;
use russh::keys::{Certificate, PublicKey};

use crate::ssh::error::Problem;
use crate::ssh::fingerprint::Fingerprint;
use crate::ssh::identity::Identity;
use crate::ssh::{Host, agent};

/// Who can sign with a key.
#[derive(Debug, Clone)]
pub(super) enum Holder {
    /// The agent on this socket.
    Agent(PathBuf),
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
    /// What errors and progress call it: its file, else its fingerprint.
    pub(super) fn name(&self) -> String {
        match (&self.path, &self.key) {
            (Some(path), _) => path.display().to_string(),
            (None, Some(key)) => Fingerprint::of(key).to_string(),
            (None, None) => String::new(),
        }
    }
}

/// A key of the agent.
struct Held {
    key: PublicKey,
    certificate: Option<Certificate>,
}

/// The keys to offer for `host`, in the order of `pubkey_prepare` in sshconnect2.c: the agent's keys that
/// `IdentityFile` names, the agent's other keys unless `IdentitiesOnly`, then the files.
pub(super) async fn of(host: &Host) -> (Vec<Candidate>, Vec<Problem>) {
    let mut problems = Vec::new();
    let files = load(host.identity_file.clone(), &mut problems).await;
    let socket = agent::socket(&host.identity_agent);
    let held = match &socket {
        Some(path) => held(path, &mut problems).await,
        None => Vec::new(),
    };
    (order(files, held, socket.unwrap_or_default(), host.identities_only), problems)
}

async fn load(paths: Vec<PathBuf>, problems: &mut Vec<Problem>) -> Vec<Arc<Identity>> {
    let loaded = tokio::task::spawn_blocking(move || {
        paths.iter().filter_map(|path| Identity::load(path).transpose()).collect::<Vec<_>>()
    });
    let mut identities = Vec::new();
    for loaded in loaded.await.unwrap_or_default() {
        match loaded {
            Ok(identity) => identities.push(Arc::new(identity)),
            Err(error) => problems.push(error.into()),
        }
    }
    identities
}

async fn held(path: &std::path::Path, problems: &mut Vec<Problem>) -> Vec<Held> {
    match agent::connect(path).await {
        Ok((_, keys)) => keys.into_iter().map(Held::from).collect(),
        Err(error) => {
            problems.push(error.into());
            Vec::new()
        }
    }
}

impl From<AgentIdentity> for Held {
    fn from(identity: AgentIdentity) -> Self {
        match identity {
            AgentIdentity::PublicKey { key, .. } => Self { key, certificate: None },
            AgentIdentity::Certificate { certificate, .. } => {
                let key = PublicKey::new(certificate.public_key().clone(), "");
                Self { key, certificate: Some(certificate) }
            }
        }
    }
}

fn order(files: Vec<Arc<Identity>>, held: Vec<Held>, socket: PathBuf, only_named: bool) -> Vec<Candidate> {
    let file_of = |key: &PublicKey| {
        files.iter().find(|file| file.public_key().is_some_and(|known| known.key_data() == key.key_data()))
    };
    let by_agent = |held: &Held| Candidate {
        key: Some(held.key.clone()),
        certificate: held.certificate.clone(),
        holder: Holder::Agent(socket.clone()),
        path: file_of(&held.key).map(|file| file.path().to_owned()),
    };
    let by_file = |file: &Arc<Identity>, certificate: Option<Certificate>| Candidate {
        key: file.public_key().cloned(),
        certificate,
        holder: Holder::File(Arc::clone(file)),
        path: Some(file.path().to_owned()),
    };
    let certified = files.iter().filter_map(|file| Some(by_file(file, Some(file.certificate()?.clone()))));
    let named = files.iter().filter_map(|file| held.iter().find(|held| Some(held.key.key_data()) == key_data(file)));
    let others = held.iter().filter(|held| !only_named && file_of(&held.key).is_none());
    let is_held = |file: &&Arc<Identity>| held.iter().any(|held| Some(held.key.key_data()) == key_data(file));
    let mut candidates: Vec<Candidate> = certified.collect();
    candidates.extend(named.map(by_agent));
    candidates.extend(others.map(by_agent));
    candidates.extend(files.iter().filter(|file| !is_held(file)).map(|file| by_file(file, None)));
    candidates
}

fn key_data(file: &Arc<Identity>) -> Option<&russh::keys::ssh_key::public::KeyData> {
    file.public_key().map(PublicKey::key_data)
}
