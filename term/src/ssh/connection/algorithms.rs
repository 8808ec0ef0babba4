//! Which algorithms are offered, and for how long their keys last.

use std::borrow::Cow;
use std::time::Duration;

use russh::{Limits, Names, Preferred, cipher, compression, kex, mac};

use super::host_key::Offer;
use crate::ssh::host::Algorithms;
use crate::ssh::legacy::{self, Weakness};
use crate::ssh::supported::{self, CIPHERS, KEY_EXCHANGES, MACS};
use crate::ssh::{Error, Host};

/// What stands among the key exchanges and is none: the wish for extensions (RFC 8308) and for OpenSSH's strict key
/// exchange, without which packets can be put in before the keys are there (CVE-2023-48795).
const MARKERS: [kex::Name; 4] = [
    kex::EXTENSION_SUPPORT_AS_CLIENT,
    kex::EXTENSION_SUPPORT_AS_SERVER,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
];

/// What is offered to `host`, with these algorithms of host keys.
///
/// # Errors
/// [`Error::NoSuchAlgorithm`] where a list names nothing that is built here.
pub(super) fn preferred(host: &Host, offer: Offer) -> Result<Preferred, Error> {
    let none = |keyword| move || Error::NoSuchAlgorithm { host: host.alias.clone(), keyword };
    let mut exchanges = names::<kex::Name>(&host.kex_algorithms, KEY_EXCHANGES, "KexAlgorithms");
    if exchanges.is_empty() {
        return Err(none("KexAlgorithms")());
    }
    exchanges.extend(MARKERS);
    let ciphers = names::<cipher::Name>(&host.ciphers, CIPHERS, "Ciphers");
    let macs = names::<mac::Name>(&host.macs, MACS, "MACs");
    if ciphers.is_empty() {
        return Err(none("Ciphers")());
    }
    if macs.is_empty() {
        return Err(none("MACs")());
    }
    Ok(Preferred {
        kex: Cow::Owned(exchanges),
        key: Cow::Owned(offer.keys),
        host_key_certificates: Cow::Owned(offer.certificates),
        cipher: Cow::Owned(ciphers),
        mac: Cow::Owned(macs),
        compression: Cow::Borrowed(compressions(host.compression)),
    })
}

/// The list that a setting makes of the default one. Weak algorithms are there for who names them.
fn names<T: for<'a> TryFrom<&'a str>>(setting: &Algorithms, default: &[&'static str], keyword: &str) -> Vec<T> {
    let list = setting.assemble(default, &supported::with_weak(default, keyword));
    list.iter().filter_map(|name| T::try_from(name.as_str()).ok()).collect()
}

/// Delayed compression first: it begins after authentication, where less code meets strangers.
fn compressions(wanted: bool) -> &'static [compression::Name] {
    if wanted {
        &[compression::ZLIB_LEGACY, compression::ZLIB, compression::NONE]
    } else {
        &[compression::NONE, compression::ZLIB_LEGACY]
    }
}

/// `RekeyLimit`. Where it leaves the bytes to the cipher, and at the most, a gigabyte (RFC 4253 section 9): russh allows
/// no more, so that no nonce is ever used twice.
pub(super) fn limits(host: &Host) -> Limits {
    let default = Limits::default();
    let bytes = host.rekey_limit.bytes.and_then(|bytes| usize::try_from(bytes).ok());
    let bytes = bytes.unwrap_or(default.rekey_write_limit).min(default.rekey_write_limit);
    let interval = host.rekey_limit.interval.filter(|interval| !interval.is_zero());
    Limits {
        rekey_write_limit: bytes,
        rekey_read_limit: bytes,
        rekey_time_limit: interval.unwrap_or(default.rekey_time_limit).max(Duration::from_secs(1)),
    }
}

/// What is weak in what was agreed on.
pub(super) fn weaknesses(names: &Names) -> Vec<&'static Weakness> {
    let key = names.key.to_string();
    let mut agreed = vec![names.kex.as_ref(), key.as_str(), names.cipher.as_ref()];
    agreed.extend([names.client_mac.as_ref(), names.server_mac.as_ref()]);
    agreed.dedup();
    agreed.into_iter().filter_map(legacy::weakness_of).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn host() -> Host {
        Host::new("h", "me", Path::new("/nonexistent"))
    }

    fn offer() -> Offer {
        Offer { keys: Vec::new(), certificates: Vec::new() }
    }

    fn text<T: AsRef<str>>(names: &[T]) -> String {
        names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn every_name_is_one_that_is_built_here() {
        let preferred = preferred(&host(), offer()).unwrap();
        assert_eq!(preferred.kex.len(), KEY_EXCHANGES.len() + MARKERS.len());
        assert_eq!((preferred.cipher.len(), preferred.mac.len()), (CIPHERS.len(), MACS.len()));
        for weakness in legacy::WEAK {
            let known = match weakness.keyword {
                "KexAlgorithms" => kex::Name::try_from(weakness.name).is_ok(),
                "Ciphers" => cipher::Name::try_from(weakness.name).is_ok(),
                "MACs" => mac::Name::try_from(weakness.name).is_ok(),
                _ => weakness.name == "ssh-rsa",
            };
            assert!(known, "{}", weakness.name);
            assert!(![KEY_EXCHANGES, CIPHERS, MACS].concat().contains(&weakness.name));
        }
    }

    #[test]
    fn macs_are_preferred_as_ssh_prefers_them() {
        let output = std::process::Command::new("ssh").args(["-F", "none", "-G", "h"]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let theirs = printed.lines().find_map(|line| line.strip_prefix("macs ")).unwrap();
        let shared: Vec<&str> = theirs.split(',').filter(|name| MACS.contains(name)).collect();
        assert_eq!(shared, MACS);
    }

    #[test]
    fn lists_are_acted_on_and_empty_ones_refused() {
        let lists = |kex: &str, ciphers: &str, macs: &str| {
            let host = Host {
                kex_algorithms: Algorithms::parse(kex),
                ciphers: Algorithms::parse(ciphers),
                macs: Algorithms::parse(macs),
                ..host()
            };
            let preferred = preferred(&host, offer())?;
            let kex = preferred.kex.iter().filter(|name| !MARKERS.contains(name)).copied().collect::<Vec<_>>();
            Ok::<_, Error>([text(&kex), text(&preferred.cipher), text(&preferred.mac)])
        };
        let some = lists("curve25519-sha256,sntrup761x25519-sha512", "-*ctr,*gcm*", "^hmac-sha1").unwrap();
        let macs = format!("hmac-sha1,{}", MACS.join(","));
        assert_eq!(some, ["curve25519-sha256", "chacha20-poly1305@openssh.com", macs.as_str()]);
        let legacy = lists("+diffie-hellman-group1-sha1", "aes128-cbc", "").unwrap();
        assert!(legacy[0].ends_with("group14-sha256,diffie-hellman-group1-sha1"), "{legacy:?}");
        assert_eq!(legacy[1], "aes128-cbc");
        for (kex, ciphers, macs, keyword) in [
            ("sntrup761x25519-sha512", "", "", "KexAlgorithms"),
            ("", "3des-cbc", "", "Ciphers"),
            ("", "", "umac-64@openssh.com", "MACs"),
        ] {
            let error = lists(kex, ciphers, macs).unwrap_err();
            assert!(matches!(error, Error::NoSuchAlgorithm { keyword: told, .. } if told == keyword));
        }
    }

    #[test]
    fn keys_last_as_long_as_rekey_limit_says_and_never_longer_than_is_safe() {
        let limits = |bytes, seconds: Option<u64>| {
            let rekey_limit = crate::ssh::host::RekeyLimit { bytes, interval: seconds.map(Duration::from_secs) };
            let limits = limits(&Host { rekey_limit, ..host() });
            assert_eq!(limits.rekey_read_limit, limits.rekey_write_limit);
            (limits.rekey_read_limit, limits.rekey_time_limit.as_secs())
        };
        assert_eq!(limits(None, None), (1 << 30, 3600));
        assert_eq!(limits(Some(1 << 20), Some(5)), (1 << 20, 5));
        assert_eq!(limits(Some(1 << 40), Some(0)), (1 << 30, 3600));
    }
}
