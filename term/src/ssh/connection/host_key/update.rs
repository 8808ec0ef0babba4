//! `UpdateHostKeys`: what the server says of its other keys after the login (`client_input_hostkeys` in clientloop.c).

use std::time::Duration;

use russh::client::Handle;
use russh::keys::PublicKey;
use tokio::sync::oneshot;

use super::{HostKey, blocking};
use crate::ssh::Error;
use crate::ssh::connection::handler::Handler;
use crate::ssh::connection::inquiry::Inquiry;
use crate::ssh::fingerprint::Fingerprint;
use crate::ssh::host::YesNoAsk;
use crate::ssh::known_hosts::Update;
use crate::ssh::prompt::{Answer, Question};

/// How long the server may take to prove that it has the keys.
const PROOF: Duration = Duration::from_secs(20);

/// How long a server may take after the login to say which keys it has, where the user is to be asked. It says so at
/// once or never.
const ANNOUNCEMENT: Duration = Duration::from_secs(1);

/// The most keys a server may announce; it has one of each type, or two while it changes them.
const MOST_KEYS: usize = 32;

impl HostKey {
    /// Whether the user is to be asked about the server's other keys, which has to be done before a shell is shown.
    pub(in crate::ssh::connection) fn asks_about_updates(&self) -> bool {
        self.update == YesNoAsk::Ask && !self.batch
    }

    /// Waits for the server to say which keys it has and brings known_hosts in line with it, after it has proved that
    /// it has the new ones. Failing costs the user nothing: it is told in the log.
    pub(in crate::ssh::connection) async fn update(
        self,
        announced: oneshot::Receiver<Vec<PublicKey>>,
        handle: &Handle<Handler>,
        inquiry: &Inquiry,
    ) {
        if self.update == YesNoAsk::No || (self.update == YesNoAsk::Ask && self.batch) {
            return;
        }
        let announced = if self.asks_about_updates() {
            tokio::time::timeout(ANNOUNCEMENT, announced).await.ok().and_then(Result::ok)
        } else {
            announced.await.ok()
        };
        let Some(announced) = announced else { return };
        if let Err(error) = self.bring_in_line(announced, handle, inquiry).await {
            log::info!("{}: the server's other host keys were not saved: {error}", self.name());
        }
    }

    async fn bring_in_line(
        &self,
        announced: Vec<PublicKey>,
        handle: &Handle<Handler>,
        inquiry: &Inquiry,
    ) -> Result<(), Error> {
        let (this, announced) = (self.clone(), self.acceptable(announced));
        let plan = blocking(move || Ok(this.known.update(&this.name, this.port, &announced)?)).await?;
        let Some(plan) = plan else { return Ok(()) };
        let unproven = |cause: String| Error::Protocol { host: self.name(), cause };
        tokio::time::timeout(PROOF, handle.hostkeys_prove(plan.new.clone()))
            .await
            .map_err(|_| unproven("the server does not prove that it has the keys it announced".to_owned()))?
            .map_err(|error| unproven(format!("the server cannot prove that it has the keys it announced: {error}")))?;
        if self.update == YesNoAsk::Ask && !self.agreed(&plan, inquiry).await? {
            return Ok(());
        }
        for (what, keys) in [("learned", &plan.new), ("removed", &plan.obsolete)] {
            for key in keys {
                let print = Fingerprint::with(key, self.fingerprint_hash);
                log::info!("{}: {what} the host key {} {print}", self.name(), print.key_type());
            }
        }
        let hashed = self.hashed;
        blocking(move || Ok(plan.apply(hashed)?)).await
    }

    /// The announced keys of types that may be used, each once.
    fn acceptable(&self, announced: Vec<PublicKey>) -> Vec<PublicKey> {
        let mut keys: Vec<PublicKey> = Vec::new();
        for key in announced.into_iter().take(MOST_KEYS) {
            let (rsa, algorithm) = (key.key_data().is_rsa(), key.algorithm());
            let allowed = self.algorithms.iter().any(|name| match rsa {
                true => name.starts_with("rsa-sha2-") || name == "ssh-rsa",
                false => name == algorithm.as_str(),
            });
            let known = keys.iter().any(|other| other.key_data() == key.key_data());
            if allowed && !known && !key.key_data().is_certificate() {
                keys.push(key);
            }
        }
        keys
    }

    async fn agreed(&self, plan: &Update, inquiry: &Inquiry) -> Result<bool, Error> {
        let told = |keys: &[PublicKey]| {
            let told = |key| {
                let print = Fingerprint::with(key, self.fingerprint_hash);
                format!("{} {print}", print.key_type())
            };
            keys.iter().map(told).collect()
        };
        let question = Question::UpdatedHostKeys {
            name: self.name(),
            new: told(&plan.new),
            obsolete: told(&plan.obsolete),
            path: self.known.path().map(ToOwned::to_owned).unwrap_or_default(),
        };
        Ok(matches!(inquiry.ask(question, "an answer about its host keys").await?, Answer::Yes))
    }
}
