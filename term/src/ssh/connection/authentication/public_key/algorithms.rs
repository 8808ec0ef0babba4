//! The algorithms that keys may sign with: `PubkeyAcceptedAlgorithms` and what the server takes.

use russh::keys::{HashAlg, PublicKey};

use crate::ssh::Host;
use crate::ssh::supported::{CERTIFICATE, LEGACY_KEYS, USER_KEYS};

/// The algorithms that a key may sign with, best first; none where `PubkeyAcceptedAlgorithms` leaves its type out.
pub(super) fn of(key: &PublicKey, certified: bool, host: &Host) -> Vec<String> {
    let supported = [USER_KEYS, &LEGACY_KEYS].concat();
    let algorithm = key.algorithm();
    let (rsa, own) = (key.key_data().is_rsa(), algorithm.as_str());
    let fits = |name: &str| {
        let (plain, is_certificate) = match name.strip_suffix(CERTIFICATE) {
            Some(plain) => (plain, true),
            None => (name, false),
        };
        let same = if rsa {
            plain.starts_with("rsa-") || plain == "ssh-rsa"
        } else {
            plain == own.trim_end_matches("@openssh.com") || plain == own
        };
        same && is_certificate == certified
    };
    host.pubkey_accepted_algorithms.assemble(USER_KEYS, &supported).into_iter().filter(|name| fits(name)).collect()
}

/// The hash that an RSA key signs with, of the algorithms it may use, best first: one that the server takes. `server` is
/// the best that the server says it takes, if it says so. An error where there is none.
pub(super) fn hash(allowed: &[String], server: Option<Option<HashAlg>>) -> Result<Option<HashAlg>, ()> {
    let takes = |hash: Option<HashAlg>| match server {
        // A server that takes SHA-512 takes SHA-256 (RFC 8332 section 3 asks for both).
        Some(Some(HashAlg::Sha512)) => true,
        Some(best) => hash == best || hash.is_none(),
        // A server that does not tell: SHA-2 is what every server that still runs understands.
        None => true,
    };
    let hashes = allowed.iter().map(|name| match name.strip_suffix(CERTIFICATE).unwrap_or(name) {
        "rsa-sha2-512" => Some(HashAlg::Sha512),
        "rsa-sha2-256" => Some(HashAlg::Sha256),
        _ => None,
    });
    hashes.into_iter().find(|hash| takes(*hash)).ok_or(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::ssh::host::Algorithms;

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK2pr+Bfus1hvPof4Wb/plZCzSbqadHH0u+/f4ODtKnE";

    #[test]
    fn a_key_may_sign_as_the_configuration_says() {
        let key = PublicKey::from_openssh(ED25519).unwrap();
        let allowed = |setting: &str, certified| {
            let mut host = Host::new("h", "me", Path::new("/home/me"));
            host.pubkey_accepted_algorithms = Algorithms::parse(setting);
            of(&key, certified, &host)
        };
        assert_eq!(allowed("", false), ["ssh-ed25519"]);
        assert_eq!(allowed("", true), ["ssh-ed25519-cert-v01@openssh.com"]);
        assert_eq!(allowed("-*-cert-*", true), [] as [&str; 0]);
        assert_eq!(allowed("rsa-*", false), [] as [&str; 0]);
        assert_eq!(allowed("+ssh-rsa", false), ["ssh-ed25519"]);
    }

    #[test]
    fn rsa_signs_with_the_best_hash_that_both_sides_allow() {
        use HashAlg::{Sha256, Sha512};
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (both, small, legacy) =
            (names(&["rsa-sha2-512", "rsa-sha2-256"]), names(&["rsa-sha2-256"]), names(&["rsa-sha2-512", "ssh-rsa"]));
        for (allowed, server, expected) in [
            (&both, Some(Some(Sha512)), Ok(Some(Sha512))),
            (&both, Some(Some(Sha256)), Ok(Some(Sha256))),
            (&both, Some(None), Err(())),
            (&both, None, Ok(Some(Sha512))),
            (&small, Some(Some(Sha512)), Ok(Some(Sha256))),
            (&legacy, Some(None), Ok(None)),
            (&legacy, Some(Some(Sha512)), Ok(Some(Sha512))),
        ] {
            assert_eq!(hash(allowed, server), expected, "{allowed:?} {server:?}");
        }
        assert_eq!(hash(&names(&["rsa-sha2-256-cert-v01@openssh.com"]), None), Ok(Some(Sha256)));
    }
}
