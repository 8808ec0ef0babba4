//! `RevokedHostKeys`: keys that are refused whatever known_hosts says (ssh_config(5)).

use std::io::{self, Read};
use std::path::Path;

use russh::keys::PublicKey;
use russh::keys::ssh_key::public::KeyData;

use super::krl::Krl;
use super::{Error, Place};
use crate::ssh::failure;

/// A list of a hundred thousand keys is smaller; this keeps a wrong path, such as a device, from filling the memory.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// Where `key` is revoked, in a file of public keys, one a line, or a key revocation list. Blocks.
///
/// # Errors
/// [`Error::Revocations`] where the file is missing, cannot be read or holds something else: then no key is accepted,
/// as ssh_config(5) has it.
pub fn revocation(path: &Path, key: &PublicKey) -> Result<Option<Place>, Error> {
    let fail = |reason: String| Error::Revocations { path: path.to_owned(), reason };
    let content = read(path).map_err(|error| fail(failure::words(&error)))?;
    if Krl::is_one(&content) {
        let revoked = Krl::parse(&content).map_err(fail)?.revokes(key);
        // A list has no lines.
        return Ok(revoked.then(|| Place { path: path.to_owned(), line: 0 }));
    }
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let number = index + 1;
        let listed = std::str::from_utf8(line).ok().and_then(|text| PublicKey::from_openssh(text).ok());
        let listed = listed.ok_or_else(|| fail(format!("line {number} holds no public key")))?;
        if is_same(key, &listed) {
            return Ok(Some(Place { path: path.to_owned(), line: number }));
        }
    }
    Ok(None)
}

/// Whether the listed key is this one, the one in this certificate, or the one that signed it.
fn is_same(key: &PublicKey, listed: &PublicKey) -> bool {
    match key.key_data() {
        KeyData::Certificate(certificate) => {
            [certificate.public_key(), certificate.signature_key()].contains(&listed.key_data())
        }
        plain => plain == listed.key_data(),
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let _ = std::fs::File::open(path)?.take(FILE_LIMIT).read_to_end(&mut content)?;
    Ok(content)
}
