//! Whose keys are believed, and which keys the user has.

use std::path::PathBuf;

use super::Resolution;
use crate::ssh::Host;
use crate::ssh::config::value::{self, is_flag, is_yes};
use crate::ssh::config::{Error, tokens::Tokens};
use crate::ssh::host::{FingerprintHash, ForwardAgent, YesNoAsk};

/// The one file of known hosts beside which new keys of a server are taken over without being asked for.
const USUAL_KNOWN_HOSTS: &str = "~/.ssh/known_hosts";

impl Resolution<'_> {
    pub(super) fn host_keys(&self, host: &mut Host) {
        host.verify_host_key_dns = self.settings.value("VerifyHostKeyDNS").map(yes_no_ask).unwrap_or_default();
        host.update_host_keys = match self.settings.value("UpdateHostKeys") {
            Some(word) => yes_no_ask(word),
            None => self.usual_update(host.verify_host_key_dns),
        };
        if let Some(word) = self.settings.value("FingerprintHash").map(str::to_ascii_lowercase) {
            host.fingerprint_hash = match word.as_str() {
                "md5" => FingerprintHash::Md5,
                "sha1" => FingerprintHash::Sha1,
                "sha384" => FingerprintHash::Sha384,
                "sha512" => FingerprintHash::Sha512,
                _ => FingerprintHash::Sha256,
            };
        }
    }

    /// New keys of a server are taken over unless the user has chosen files or another source of keys.
    pub(in crate::ssh::config) fn usual_update(&self, verify_host_key_dns: YesNoAsk) -> YesNoAsk {
        let usual = self.settings.get("UserKnownHostsFile").is_none_or(|files| files.values == [USUAL_KNOWN_HOSTS]);
        if usual && verify_host_key_dns == YesNoAsk::No { YesNoAsk::Yes } else { YesNoAsk::No }
    }

    pub(super) fn keys(&self, host: &mut Host, tokens: &Tokens) -> Result<(), Error> {
        host.certificate_file = self
            .settings
            .all("CertificateFile")
            .filter(|setting| !value::is_none(setting.value()))
            .map(|setting| self.path(setting, setting.value(), Some(tokens)))
            .collect::<Result<_, _>>()?;
        host.revoked_host_keys = self
            .some("RevokedHostKeys")
            .map(|setting| self.path(setting, setting.value(), Some(tokens)))
            .transpose()?;
        if let Some(setting) = self.settings.get("AddKeysToAgent")
            && let Ok((choice, lifetime)) = value::add_keys(&setting.values)
        {
            (host.add_keys_to_agent, host.add_keys_to_agent_lifetime) = (choice, lifetime);
        }
        host.kbd_interactive_devices = self.settings.value("KbdInteractiveDevices").map(str::to_owned);
        host.gssapi_client_identity = self.settings.value("GSSAPIClientIdentity").map(str::to_owned);
        host.gssapi_server_identity = self.settings.value("GSSAPIServerIdentity").map(str::to_owned);
        host.pkcs11_provider = self.some("PKCS11Provider").map(|setting| PathBuf::from(setting.value()));
        host.xauth_location = self.settings.value("XAuthLocation").map(PathBuf::from);
        host.security_key_provider =
            self.some("SecurityKeyProvider").and_then(|setting| match self.variable(setting.value()) {
                Some(path) => path.map(|path| path.to_string_lossy().into_owned()),
                None => Some(setting.value().to_owned()),
            });
        host.forward_agent = self.forward_agent(tokens)?;
        Ok(())
    }

    /// Whether and which agent are set apart: the first line decides whether, the first path is the agent.
    fn forward_agent(&self, tokens: &Tokens) -> Result<ForwardAgent, Error> {
        let first = self.settings.value("ForwardAgent");
        if first.is_none_or(|first| is_flag(first) && !is_yes(first)) {
            return Ok(ForwardAgent::No);
        }
        let Some(setting) = self.settings.all("ForwardAgent").find(|setting| !is_flag(setting.value())) else {
            return Ok(ForwardAgent::Yes);
        };
        Ok(match self.variable(setting.value()) {
            Some(path) => path.map_or(ForwardAgent::No, ForwardAgent::Socket),
            None => ForwardAgent::Socket(self.path(setting, setting.value(), Some(tokens))?),
        })
    }
}

fn yes_no_ask(word: &str) -> YesNoAsk {
    match word {
        word if is_yes(word) => YesNoAsk::Yes,
        word if word.eq_ignore_ascii_case("ask") => YesNoAsk::Ask,
        _ => YesNoAsk::No,
    }
}
