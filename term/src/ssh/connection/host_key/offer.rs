//! The host key algorithms that are offered to a server, and their order (`order_hostkeyalgs` in sshconnect2.c).

use std::str::FromStr;

use russh::keys::Algorithm;

use super::{HostKey, blocking};
use crate::ssh::Error;
use crate::ssh::host::Algorithms;
use crate::ssh::known_hosts::{self, Invocation, same_type};
use crate::ssh::supported::{AUTHORITIES, CERTIFICATE, HOST_KEYS, LEGACY_KEYS};

/// What is offered to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ssh::connection) struct Offer {
    /// Plain keys, best first.
    pub(in crate::ssh::connection) keys: Vec<Algorithm>,
    /// Certificates, best first; they come before the plain keys.
    pub(in crate::ssh::connection) certificates: Vec<Algorithm>,
}

/// `HostKeyAlgorithms` in force.
pub(super) fn algorithms(setting: &Algorithms) -> Vec<String> {
    setting.assemble(HOST_KEYS, &[HOST_KEYS, &LEGACY_KEYS].concat())
}

/// `CASignatureAlgorithms` in force.
pub(super) fn signatures(setting: &Algorithms) -> Vec<String> {
    setting.assemble(AUTHORITIES, &[AUTHORITIES, &["ssh-rsa"]].concat())
}

impl HostKey {
    /// The algorithms to offer: those first whose keys are known, so that the server shows a key that can be checked,
    /// and certificates first of all where known_hosts names an authority for the host. A list of the user's own keeps
    /// its order (`ssh_kex2` in sshconnect2.c).
    pub(in crate::ssh::connection) async fn offer(&self) -> Result<Offer, Error> {
        let this = self.clone();
        blocking(move || {
            let plain_keys = plain(&this.algorithms, |name| !name.ends_with(CERTIFICATE));
            if this.ordered {
                let authority = this.known.has_authority(&this.name, this.port)?;
                return Ok(Offer { keys: plain_keys, certificates: certificates(&this.algorithms, &[], authority) });
            }
            let order = |command: &known_hosts::Command| command.run(Invocation::Order, &this.host_name, None);
            let printed = this.command.as_ref().map(order).transpose()?;
            let known = this.known.clone().with(printed);
            let types = known.algorithms(&this.name, this.port)?;
            let keys = known.order(&this.name, this.port, &plain_keys)?;
            let authority = known.has_authority(&this.name, this.port)?;
            Ok(Offer { keys, certificates: certificates(&this.algorithms, &types, authority) })
        })
        .await
    }
}

/// The certificates to offer. They all come before the plain keys, so where ssh(1) would put a known plain key before
/// them, they are left out: the same key is in both.
fn certificates(names: &[String], known: &[Algorithm], authority: bool) -> Vec<Algorithm> {
    let certificates = plain(names, |name| name.ends_with(CERTIFICATE));
    let is_known = |algorithm: &Algorithm| known.iter().any(|known| same_type(known, algorithm));
    let first = names.first().is_some_and(|name| name.ends_with(CERTIFICATE));
    if authority {
        certificates
    } else if !first {
        Vec::new()
    } else if certificates.first().is_some_and(is_known) || !certificates.iter().any(is_known) {
        certificates
    } else {
        certificates.into_iter().filter(is_known).collect()
    }
}

/// The algorithms of these names, those of certificates by the algorithm of their key.
fn plain(names: &[String], wanted: impl Fn(&str) -> bool) -> Vec<Algorithm> {
    let names = names.iter().filter(|name| wanted(name));
    names.filter_map(|name| Algorithm::from_str(name.strip_suffix(CERTIFICATE).unwrap_or(name)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_offered_where_ssh_would_offer_them_first() {
        let algorithm = |name: &str| Algorithm::from_str(name).unwrap();
        let offered = |setting: &str, known: &[&str], authority| -> Vec<String> {
            let known: Vec<Algorithm> = known.iter().map(|name| algorithm(name)).collect();
            let names = algorithms(&Algorithms::parse(setting));
            certificates(&names, &known, authority).iter().map(|algorithm| algorithm.as_str().to_owned()).collect()
        };
        assert_eq!(offered("", &[], false).len(), 6);
        assert_eq!(offered("", &["ssh-rsa"], true).len(), 6);
        assert_eq!(offered("", &["ssh-rsa"], false), ["rsa-sha2-512", "rsa-sha2-256"]);
        assert_eq!(offered("", &["ssh-rsa", "ssh-ed25519"], false).len(), 6);
        assert!(offered("ssh-ed25519,ssh-ed25519-cert-v01@openssh.com", &[], false).is_empty());
        assert_eq!(offered("ssh-ed25519,ssh-ed25519-cert-v01@openssh.com", &[], true), ["ssh-ed25519"]);
        assert!(offered("-*-cert-*", &[], true).is_empty());
        assert!(algorithms(&Algorithms::Default).iter().all(|name| !name.starts_with("ssh-rsa")));
        assert_eq!(algorithms(&Algorithms::parse("ssh-rsa")), ["ssh-rsa"]);
    }
}
