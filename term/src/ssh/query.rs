//! What `ssh -Q` lists: the algorithms that a connection can use.

use super::supported::{self, CIPHERS, KEY_EXCHANGES, MACS};

/// Public keys that a server or a user can have. Those with `sk-` sign through the agent.
const KEYS: [&str; 7] = [
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
];

/// Signatures that are verified and made.
const SIGNATURES: [&str; 8] = [
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "rsa-sha2-256",
    "rsa-sha2-512",
];

/// The certificate that goes with a kind of key or signature.
fn certificate(name: &str) -> String {
    format!("{}-cert-v01@openssh.com", name.strip_suffix("@openssh.com").unwrap_or(name))
}

/// Answers a query as ssh(1) names them; `None` where it is none.
#[must_use]
pub fn answer(query: &str) -> Option<Vec<String>> {
    let keyword = query.to_ascii_lowercase();
    let plain = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let certificates = |names: &[&str]| names.iter().map(|name| certificate(name)).collect::<Vec<_>>();
    Some(match (query, keyword.as_str()) {
        ("cipher", _) | (_, "ciphers") => ciphers(|_| true),
        ("cipher-auth", _) => ciphers(|name| name.contains("gcm") || name.contains("poly1305")),
        ("mac", _) | (_, "macs") => plain(&supported::with_weak(MACS, "MACs")),
        ("kex", _) | (_, "kexalgorithms") => plain(&supported::with_weak(KEY_EXCHANGES, "KexAlgorithms")),
        ("key", _) => [plain(&KEYS), certificates(&KEYS)].concat(),
        ("key-cert", _) => certificates(&KEYS),
        ("key-plain", _) => plain(&KEYS),
        ("sig", _) => plain(&SIGNATURES),
        ("key-sig", _)
        | (
            _,
            "pubkeyacceptedkeytypes"
            | "pubkeyacceptedalgorithms"
            | "hostkeyalgorithms"
            | "hostbasedkeytypes"
            | "hostbasedacceptedkeytypes"
            | "hostbasedacceptedalgorithms",
        ) => [plain(&SIGNATURES), certificates(&SIGNATURES)].concat(),
        ("protocol-version", _) => plain(&["2"]),
        ("compression", _) => plain(&["none", "zlib@openssh.com"]),
        ("help", _) => plain(&[
            "cipher",
            "cipher-auth",
            "compression",
            "kex",
            "key",
            "key-cert",
            "key-plain",
            "key-sig",
            "mac",
            "protocol-version",
            "sig",
        ]),
        _ => return None,
    })
}

fn ciphers(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let all = supported::with_weak(CIPHERS, "Ciphers");
    all.into_iter().filter(|name| wanted(name)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_what_there_is_and_not_nothing() {
        let ciphers = answer("cipher").unwrap();
        assert!(ciphers.contains(&"chacha20-poly1305@openssh.com".to_owned()), "{ciphers:?}");
        assert!(!ciphers.iter().any(|name| name == "none" || name == "clear"), "{ciphers:?}");
        // What is listed can be asked for, here and of OpenSSH's own programs.
        for (query, keyword) in [("cipher", "Ciphers"), ("mac", "MACs"), ("kex", "KexAlgorithms")] {
            let list = answer(query).unwrap().join(",");
            let destination = crate::ssh::Destination::parse("h").unwrap();
            let option = crate::ssh::config::option(keyword, &list);
            assert!(crate::ssh::Config::default().resolve(&destination, &[option]).is_ok(), "{list}");
        }
        assert_eq!(answer("Ciphers"), answer("cipher"));
        let sealed = answer("cipher-auth").unwrap();
        assert!(sealed.len() == 3 && sealed.iter().all(|name| ciphers.contains(name)), "{sealed:?}");
        let certificates = answer("key-cert").unwrap();
        assert!(certificates.contains(&"sk-ssh-ed25519-cert-v01@openssh.com".to_owned()), "{certificates:?}");
        assert_eq!(answer("CIPHER"), None);
        for query in answer("help").unwrap() {
            assert!(!answer(&query).unwrap().is_empty(), "{query}");
        }
    }
}
