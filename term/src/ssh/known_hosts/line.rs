//! One line of a known_hosts file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use russh::keys::{Algorithm, PublicKey};
use sha1::Sha1;

use crate::ssh::pattern::List;

/// What begins a hashed name.
const HASHED: &[u8] = b"|1|";

/// What a line's key is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// It is the host's key.
    None,
    /// It signs the certificates of hosts. Never a host's own key.
    CertAuthority,
    /// It must never be accepted.
    Revoked,
}

/// A line that names hosts; its key is only taken apart when it is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) marker: Marker,
    pub(super) names: &'a [u8],
    key: &'a [u8],
}

impl<'a> Line<'a> {
    /// Takes a line apart. Empty lines, comments and broken lines are `None`, as OpenSSH skips them
    /// (`hostkeys_foreach_file` in hostfile.c).
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            return None;
        }
        let (first, rest) = word(line)?;
        let (marker, names, key) = match first {
            [b'@', marker @ ..] => {
                let (names, key) = word(rest)?;
                (Marker::parse(marker)?, names, key)
            }
            names => (Marker::None, names, rest),
        };
        // A second marker is an error.
        (!names.starts_with(b"@") && !key.is_empty()).then_some(Self { marker, names, key })
    }

    /// Whether the line is about `name`, as [`super::name`] makes it.
    pub(super) fn is_about(&self, name: &str) -> bool {
        match self.names.strip_prefix(HASHED) {
            Some(hashed) => is_hash_of(hashed, name).unwrap_or(false),
            None => List::new(self.names).names_host(name),
        }
    }

    /// Whether somebody wrote the names by hand: programs write one name, or a name and an address, and no patterns.
    pub(super) fn is_by_hand(&self) -> bool {
        self.names.iter().any(|byte| b"*?!".contains(byte)) && !self.names.starts_with(HASHED)
            || self.names.iter().filter(|byte| **byte == b',').count() > 1
    }

    /// The base64 of the key as the file has it.
    pub(super) fn key_text(&self) -> &'a [u8] {
        word(self.key).and_then(|(_, rest)| word(rest)).map_or(&[], |(text, _)| text)
    }

    /// The key; `None` where it is broken, of a type this program does not know, or of another type than the line says.
    pub(super) fn key(&self) -> Option<PublicKey> {
        let (kind, _) = word(self.key)?;
        let said = Algorithm::new(std::str::from_utf8(kind).ok()?).ok()?;
        let blob = STANDARD.decode(self.key_text()).ok()?;
        let key = russh::keys::key::parse_public_key(&blob).ok()?;
        same_type(&said, &key.algorithm()).then_some(key)
    }
}

impl Marker {
    fn parse(text: &[u8]) -> Option<Self> {
        match text {
            b"cert-authority" => Some(Self::CertAuthority),
            b"revoked" => Some(Self::Revoked),
            _ => None,
        }
    }
}

/// Whether two algorithms use the same type of key: RSA has one type and several signatures.
pub(in crate::ssh) fn same_type(one: &Algorithm, other: &Algorithm) -> bool {
    one == other || matches!((one, other), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }))
}

/// The hashed form of a name under a 20-byte salt, as `HashKnownHosts` writes it.
pub(super) fn hash(salt: &[u8; 20], name: &str) -> Option<String> {
    let digest = hmac(salt, name)?.finalize().into_bytes();
    Some(format!("|1|{}|{}", STANDARD.encode(salt), STANDARD.encode(digest)))
}

fn is_hash_of(hashed: &[u8], name: &str) -> Option<bool> {
    let mut parts = hashed.splitn(2, |byte| *byte == b'|');
    let salt = STANDARD.decode(parts.next()?).ok().filter(|salt| salt.len() == 20)?;
    let digest = STANDARD.decode(parts.next()?).ok()?;
    Some(hmac(&salt, name)?.verify_slice(&digest).is_ok())
}

fn hmac(salt: &[u8], name: &str) -> Option<Hmac<Sha1>> {
    let mut hmac = Hmac::<Sha1>::new_from_slice(salt).ok()?;
    hmac.update(name.as_bytes());
    Some(hmac)
}

/// The first word and what follows the blanks after it.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.trim_ascii_start();
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    (!word.is_empty()).then_some((word, rest.trim_ascii_start()))
}
