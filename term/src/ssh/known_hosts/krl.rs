//! OpenSSH's key revocation lists (PROTOCOL.krl), as `ssh-keygen -k` writes them.

use std::ops::RangeInclusive;

use russh::keys::ssh_encoding::Decode;
use russh::keys::ssh_key::public::KeyData;
use russh::keys::{Certificate, PublicKey};
use sha1::{Digest, Sha1};
use sha2::Sha256;

/// What a list begins with.
const MAGIC: &[u8] = b"SSHKRL\n\0";

/// The one version of the format.
const VERSION: u32 = 1;

/// Types of sections.
const CERTIFICATES: u8 = 1;
const EXPLICIT_KEY: u8 = 2;
const FINGERPRINT_SHA1: u8 = 3;
const SIGNATURE: u8 = 4;
const FINGERPRINT_SHA256: u8 = 5;

/// Types of sections within [`CERTIFICATES`].
const SERIAL_LIST: u8 = 0x20;
const SERIAL_RANGE: u8 = 0x21;
const SERIAL_BITMAP: u8 = 0x22;
const KEY_ID: u8 = 0x23;

/// A key revocation list.
#[derive(Debug, Default)]
pub(super) struct Krl {
    keys: Vec<Vec<u8>>,
    sha1: Vec<Vec<u8>>,
    sha256: Vec<Vec<u8>>,
    certificates: Vec<Certificates>,
}

/// Revoked certificates of one authority.
#[derive(Debug)]
struct Certificates {
    /// The authority's key; empty for every authority.
    authority: Vec<u8>,
    serials: Vec<RangeInclusive<u64>>,
    /// A number and the bits that count on from it, the lowest last.
    bitmaps: Vec<(u64, Vec<u8>)>,
    ids: Vec<Vec<u8>>,
}

impl Krl {
    /// Whether a file's content is a list at all; else it is keys, one a line.
    pub(super) fn is_one(content: &[u8]) -> bool {
        content.starts_with(MAGIC)
    }

    /// Reads a list. A signature on it is passed over, as OpenSSH does without `ssh-keygen`'s help: the file is the
    /// user's own.
    pub(super) fn parse(content: &[u8]) -> Result<Self, String> {
        let broken = |_| "the key revocation list is broken".to_owned();
        let mut rest = content.strip_prefix(MAGIC).ok_or("it is no key revocation list")?;
        let version = u32::decode(&mut rest).map_err(broken)?;
        if version != VERSION {
            return Err(format!("the key revocation list has the unknown format {version}"));
        }
        // Its own number, the date it was made, flags; then a reserved field and a comment.
        for _ in 0..3 {
            let _ = u64::decode(&mut rest).map_err(broken)?;
        }
        for _ in 0..2 {
            let _ = Vec::<u8>::decode(&mut rest).map_err(broken)?;
        }
        let mut krl = Self::default();
        while !rest.is_empty() {
            let kind = u8::decode(&mut rest).map_err(broken)?;
            let data = Vec::<u8>::decode(&mut rest).map_err(broken)?;
            match kind {
                CERTIFICATES => krl.certificates.push(Certificates::parse(&data)?),
                EXPLICIT_KEY => krl.keys.extend(strings(&data)?),
                FINGERPRINT_SHA1 => krl.sha1.extend(strings(&data)?),
                FINGERPRINT_SHA256 => krl.sha256.extend(strings(&data)?),
                // The key that signed; the signature itself follows.
                SIGNATURE => drop(Vec::<u8>::decode(&mut rest).map_err(broken)?),
                // What is not understood may revoke the very key that is asked about.
                other => return Err(format!("the key revocation list has a section of the unknown type {other}")),
            }
        }
        Ok(krl)
    }

    /// Whether the list revokes a key, or a certificate by itself, by its key or by the authority that signed it.
    pub(super) fn revokes(&self, key: &PublicKey) -> bool {
        match key.key_data() {
            KeyData::Certificate(certificate) => {
                self.revokes_key(certificate.public_key())
                    || self.revokes_key(certificate.signature_key())
                    || self.revokes_certificate(certificate)
            }
            plain => self.revokes_key(plain),
        }
    }

    fn revokes_key(&self, key: &KeyData) -> bool {
        // A key that cannot be encoded was never in a list either, but it must not pass for that reason.
        let Some(blob) = blob(key) else { return true };
        self.keys.contains(&blob)
            || (!self.sha1.is_empty() && self.sha1.iter().any(|hash| hash[..] == Sha1::digest(&blob)[..]))
            || (!self.sha256.is_empty() && self.sha256.iter().any(|hash| hash[..] == Sha256::digest(&blob)[..]))
    }

    fn revokes_certificate(&self, certificate: &Certificate) -> bool {
        let authority = blob(certificate.signature_key());
        self.certificates
            .iter()
            .filter(|section| section.authority.is_empty() || Some(&section.authority) == authority.as_ref())
            .any(|section| section.names(certificate))
    }
}

impl Certificates {
    fn parse(mut rest: &[u8]) -> Result<Self, String> {
        let broken = |_| "a section of the key revocation list is broken".to_owned();
        let authority = Vec::<u8>::decode(&mut rest).map_err(broken)?;
        let _reserved = Vec::<u8>::decode(&mut rest).map_err(broken)?;
        let mut section = Self { authority, serials: Vec::new(), bitmaps: Vec::new(), ids: Vec::new() };
        while !rest.is_empty() {
            let kind = u8::decode(&mut rest).map_err(broken)?;
            let data = Vec::<u8>::decode(&mut rest).map_err(broken)?;
            let mut data = data.as_slice();
            match kind {
                SERIAL_LIST => {
                    while !data.is_empty() {
                        let serial = u64::decode(&mut data).map_err(broken)?;
                        section.serials.push(serial..=serial);
                    }
                }
                SERIAL_RANGE => {
                    let first = u64::decode(&mut data).map_err(broken)?;
                    section.serials.push(first..=u64::decode(&mut data).map_err(broken)?);
                }
                SERIAL_BITMAP => {
                    let offset = u64::decode(&mut data).map_err(broken)?;
                    section.bitmaps.push((offset, Vec::<u8>::decode(&mut data).map_err(broken)?));
                }
                KEY_ID => section.ids.extend(strings(data)?),
                other => {
                    return Err(format!("the key revocation list revokes certificates in the unknown way {other}"));
                }
            }
        }
        Ok(section)
    }

    fn names(&self, certificate: &Certificate) -> bool {
        if self.ids.iter().any(|id| id == certificate.key_id().as_bytes()) {
            return true;
        }
        // Zero is the number of every certificate whose authority does not count.
        let serial = certificate.serial();
        serial != 0
            && (self.serials.iter().any(|range| range.contains(&serial))
                || self.bitmaps.iter().any(|(offset, bits)| is_set(bits, serial.checked_sub(*offset))))
    }
}

/// Whether a bit is set in a number that is written with its highest byte first.
fn is_set(bits: &[u8], index: Option<u64>) -> bool {
    let Some(index) = index else { return false };
    let byte = usize::try_from(index / 8).ok().and_then(|byte| bits.iter().rev().nth(byte));
    byte.is_some_and(|byte| byte & (1 << (index % 8)) != 0)
}

fn strings(mut rest: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut strings = Vec::new();
    while !rest.is_empty() {
        let string = Vec::<u8>::decode(&mut rest).map_err(|_| "a section of the key revocation list is broken")?;
        strings.push(string);
    }
    Ok(strings)
}

fn blob(key: &KeyData) -> Option<Vec<u8>> {
    PublicKey::new(key.clone(), "").to_bytes().ok()
}
