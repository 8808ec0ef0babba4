//! The formats of private keys: OpenSSH's own, PKCS#8, OpenSSL's old one and PuTTY's. Pure: text in, keys out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use russh::keys::{Certificate, PrivateKey, PublicKey};

use super::pem::Pem;
use super::{limit, short};

/// What a key file tells without a passphrase.
#[derive(Debug)]
pub(super) enum Opened {
    /// A private key.
    Plain(Box<PrivateKey>),
    /// An encrypted private key, and its public half where the format leaves it readable.
    Encrypted(Option<PublicKey>),
    /// A public key alone, as it is named for a private one that the agent holds.
    Public(PublicKey),
    /// A certificate alone: of a private key that the agent holds too.
    Certificate(Box<Certificate>),
    /// None of these, and why.
    Not(String),
}

/// Looks into a file.
pub(super) fn open(text: &str) -> Opened {
    if let Some(public) = public(text) {
        return Opened::Public(public);
    }
    if let Ok(certificate) = Certificate::from_openssh(text.trim()) {
        return Opened::Certificate(Box::new(certificate));
    }
    if let Err(cause) = limit::check(text) {
        return Opened::Not(cause);
    }
    match (Pem::parse(text), decode(text, None)) {
        (Some(Ok(_)), _) => Opened::Encrypted(None),
        (Some(Err(cause)), _) => Opened::Not(cause),
        (None, Ok(key)) => Opened::Plain(Box::new(key)),
        (None, Err(_)) if is_encrypted(text) => Opened::Encrypted(readable_half(text)),
        (None, Err(cause)) => Opened::Not(cause),
    }
}

/// The private key of a file. An error tells why there is none; where the file is encrypted, that is nearly always the
/// passphrase.
pub(super) fn decrypt(text: &str, passphrase: Option<&str>) -> Result<PrivateKey, String> {
    limit::check(text)?;
    match (Pem::parse(text), passphrase) {
        (Some(pem), Some(passphrase)) => {
            let plain = pem?.decrypt(passphrase).ok_or("the passphrase is wrong")?;
            decode(&plain, None)
        }
        _ => decode(text, passphrase),
    }
}

/// Reads a key. The parsers below russh have panicked on malformed PKCS#8 before; such a file is a malformed file.
fn decode(text: &str, passphrase: Option<&str>) -> Result<PrivateKey, String> {
    match std::panic::catch_unwind(|| russh::keys::decode_secret_key(text, passphrase)) {
        Ok(Ok(key)) if key.is_encrypted() => Err("it is encrypted".to_owned()),
        Ok(Ok(key)) => Ok(key),
        Ok(Err(error)) => match short::widened(text, passphrase) {
            // One that is widened is not widened again.
            Some(wide) => decode(&wide, None),
            None => Err(error.to_string().to_lowercase()),
        },
        Err(_) => Err("it cannot be parsed".to_owned()),
    }
}

/// A public key on a line of its own, as `ssh-keygen` writes it beside a private one.
fn public(text: &str) -> Option<PublicKey> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let key = PublicKey::from_openssh(lines.next()?).ok()?;
    (lines.next().is_none() && !key.key_data().is_certificate()).then_some(key)
}

fn is_encrypted(text: &str) -> bool {
    // RFC 7468 (PKCS#8), PuTTY's format and OpenSSH's, in this order.
    text.contains("BEGIN ENCRYPTED PRIVATE KEY")
        || putty(text, "Encryption").is_some_and(|cipher| cipher != "none")
        || PrivateKey::from_openssh(text).is_ok_and(|key| key.is_encrypted())
}

/// The public half of an encrypted key: OpenSSH's format and PuTTY's leave it readable.
fn readable_half(text: &str) -> Option<PublicKey> {
    if let Ok(key) = PrivateKey::from_openssh(text) {
        return Some(key.public_key().clone());
    }
    let count: usize = putty(text, "Public-Lines")?.parse().ok()?;
    let lines = text.lines().skip_while(|line| !line.starts_with("Public-Lines:")).skip(1).take(count);
    let blob = STANDARD.decode(lines.collect::<String>()).ok()?;
    russh::keys::key::parse_public_key(&blob).ok()
}

/// A header of PuTTY's format.
pub(super) fn putty<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    if !text.trim_start().starts_with("PuTTY-User-Key-File-") {
        return None;
    }
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::trim)
}
