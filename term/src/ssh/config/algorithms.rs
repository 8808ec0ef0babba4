//! The names of algorithms that a configuration may hold.

use crate::ssh::host::Algorithms;
use crate::ssh::pattern::Pattern;
use crate::ssh::supported;

/// What kind of algorithms a keyword takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Cipher,
    Mac,
    KeyExchange,
    /// Keys of servers.
    HostKey,
    /// Keys of users, and of machines that log users in.
    UserKey,
    /// Signatures of certificates: keys that are no certificates themselves.
    Signature,
}

/// Every name that some OpenSSH from 8.0 on knows: a configuration may be shared with one that is older or newer.
const CIPHERS: &[&str] = &[
    "3des-cbc",
    "aes128-cbc",
    "aes192-cbc",
    "aes256-cbc",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
];

const MACS: &[&str] = &[
    "hmac-sha1",
    "hmac-sha1-96",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-md5",
    "hmac-md5-96",
    "umac-64@openssh.com",
    "umac-128@openssh.com",
    "hmac-sha1-etm@openssh.com",
    "hmac-sha1-96-etm@openssh.com",
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-md5-etm@openssh.com",
    "hmac-md5-96-etm@openssh.com",
    "umac-64-etm@openssh.com",
    "umac-128-etm@openssh.com",
];

const KEY_EXCHANGES: &[&str] = &[
    "diffie-hellman-group1-sha1",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
    "diffie-hellman-group-exchange-sha1",
    "diffie-hellman-group-exchange-sha256",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "sntrup761x25519-sha512",
    "sntrup761x25519-sha512@openssh.com",
    "mlkem768x25519-sha256",
    "mlkem768nistp256-sha256",
];

const HOST_KEYS: &[&str] = &[
    "ssh-ed25519",
    "ssh-ed25519-cert-v01@openssh.com",
    "sk-ssh-ed25519@openssh.com",
    "sk-ssh-ed25519-cert-v01@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp384-cert-v01@openssh.com",
    "ecdsa-sha2-nistp521",
    "ecdsa-sha2-nistp521-cert-v01@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-dss",
    "ssh-dss-cert-v01@openssh.com",
    "ssh-rsa",
    "ssh-rsa-cert-v01@openssh.com",
    "rsa-sha2-256",
    "rsa-sha2-256-cert-v01@openssh.com",
    "rsa-sha2-512",
    "rsa-sha2-512-cert-v01@openssh.com",
];

impl Family {
    /// Every name that a configuration may hold, in the order in which wildcards find them.
    pub(super) fn known(self) -> &'static [&'static str] {
        match self {
            Self::Cipher => CIPHERS,
            Self::Mac => MACS,
            Self::KeyExchange => KEY_EXCHANGES,
            Self::HostKey | Self::UserKey | Self::Signature => HOST_KEYS,
        }
    }

    /// Checks a value. After `-` stand patterns, and any will do. The message of an error is OpenSSH's.
    pub(super) fn check(self, text: &str) -> Result<(), String> {
        if text.starts_with('-') {
            return Ok(());
        }
        let list = text.strip_prefix(['+', '^']).unwrap_or(text);
        // As in OpenSSH, what follows an empty name is not looked at.
        let mut names = list.split(',').take_while(|name| !name.is_empty());
        if !list.is_empty() && names.all(|name| self.knows(name)) {
            return Ok(());
        }
        Err(match self {
            Self::Cipher => format!("Bad SSH2 cipher spec '{text}'."),
            Self::Mac => format!("Bad SSH2 MAC spec '{text}'."),
            Self::KeyExchange => format!("Bad SSH2 KexAlgorithms '{text}'."),
            Self::HostKey | Self::UserKey | Self::Signature => format!("Bad key types '{text}'."),
        })
    }

    /// The names that are offered where nothing else is asked for, best first.
    pub(super) fn offered(self) -> &'static [&'static str] {
        match self {
            Self::Cipher => supported::CIPHERS,
            Self::Mac => supported::MACS,
            Self::KeyExchange => supported::KEY_EXCHANGES,
            Self::HostKey => supported::HOST_KEYS,
            Self::UserKey => supported::USER_KEYS,
            Self::Signature => supported::AUTHORITIES,
        }
    }

    /// The first name of a value that is none, of the family of which OpenSSH names it.
    pub(super) fn unknown(self, text: &str) -> Option<&str> {
        let list = text.strip_prefix(['+', '^']).unwrap_or(text);
        let mut names = list.split(',').take_while(|name| !name.is_empty());
        names.find(|name| self == Self::KeyExchange && !self.knows(name))
    }

    fn knows(self, name: &str) -> bool {
        let pattern = Pattern::new(name.as_bytes());
        let wild = matches!(self, Self::HostKey | Self::UserKey | Self::Signature);
        self.known().iter().any(|known| *known == name || (wild && pattern.matches(known.as_bytes())))
    }

    /// Makes a list of what is offered and a value. The message of an error is OpenSSH's.
    pub(super) fn assemble(self, text: &str) -> Result<Vec<String>, String> {
        let algorithms = Algorithms::parse(text);
        let is_certificate = |name: &str| self == Self::Signature && name.ends_with("-cert-v01@openssh.com");
        let known: Vec<_> = self.known().iter().copied().filter(|name| !is_certificate(name)).collect();
        let list = algorithms.assemble(self.offered(), &known);
        let removes = matches!(algorithms, Algorithms::Remove(_));
        if list.is_empty() && !removes { Err("invalid argument".to_owned()) } else { Ok(list) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_refused_and_patterns_only_where_ssh_takes_them() {
        assert_eq!(Family::Cipher.check("aes128-ctr,3des-cbc"), Ok(()));
        assert_eq!(Family::Cipher.check("+aes128-cbc"), Ok(()));
        assert_eq!(Family::Cipher.check("-nonsense*"), Ok(()));
        assert_eq!(Family::Cipher.check("aes*"), Err("Bad SSH2 cipher spec 'aes*'.".to_owned()));
        assert_eq!(Family::Mac.check("^x"), Err("Bad SSH2 MAC spec '^x'.".to_owned()));
        assert_eq!(Family::KeyExchange.check(","), Ok(()));
        assert_eq!(Family::KeyExchange.check("+"), Err("Bad SSH2 KexAlgorithms '+'.".to_owned()));
        assert_eq!(Family::HostKey.check("ssh-*,rsa-sha2-512"), Ok(()));
        assert_eq!(Family::HostKey.check("x*"), Err("Bad key types 'x*'.".to_owned()));
    }
}
