//! How people recognise a key.

mod randomart;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use russh::keys::ssh_key::public::KeyData;
use russh::keys::{Algorithm, EcdsaCurve, PublicKey};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::host::FingerprintHash;

/// What is shown of a public key so that people can compare it. `Display` gives `SHA256:` and unpadded base64, or
/// what another hash gives, as `ssh-keygen -l` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    key_type: String,
    bits: Option<u32>,
    digest: String,
    randomart: String,
}

impl Fingerprint {
    /// The fingerprint of `key`.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        Self::with(key, FingerprintHash::Sha256)
    }

    /// The fingerprint of `key` by another hash (`FingerprintHash`).
    #[must_use]
    pub fn with(key: &PublicKey, hash: FingerprintHash) -> Self {
        let blob = key.to_bytes().unwrap_or_default();
        let (name, digest) = digest(hash, &blob);
        let (key_type, bits) = (type_name(&key.algorithm()), bits(key.key_data()));
        let full = match bits {
            Some(bits) => format!("[{key_type} {bits}]"),
            None => format!("[{key_type}]"),
        };
        // The frame is 17 characters wide; `ssh-keygen` drops the size where the title would not fit into it.
        let title = if full.len() > 17 { format!("[{key_type}]") } else { full };
        let randomart = randomart::draw(&title, name, &digest);
        Self { key_type, bits, digest: written(hash, name, &digest), randomart }
    }

    /// The key's type as people say it: `ED25519`, `ECDSA`, `RSA`, `ED25519-SK` …
    #[must_use]
    pub fn key_type(&self) -> &str {
        &self.key_type
    }

    /// The key's size in bits, where the type is one this program can take apart.
    #[must_use]
    pub fn bits(&self) -> Option<u32> {
        self.bits
    }

    /// The picture that `ssh-keygen -lv` draws (the "drunken bishop"): 11 lines of 19 characters, no final newline.
    #[must_use]
    pub fn randomart(&self) -> &str {
        &self.randomart
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.digest)
    }
}

/// OpenSSH's short names (`sshkey_type` in sshkey.c).
fn type_name(algorithm: &Algorithm) -> String {
    let name = algorithm.as_str();
    let certificate = if name.contains("-cert-v0") { "-CERT" } else { "" };
    let short = match name.trim_start_matches("sk-").split(['-', '@']).nth(1).unwrap_or(name) {
        _ if name.contains("ed25519") => "ED25519",
        "sha2" if name.contains("ecdsa") => "ECDSA",
        "rsa" | "sha2" => "RSA",
        "dss" => "DSA",
        _ => return name.to_owned(),
    };
    let token = if name.starts_with("sk-") { "-SK" } else { "" };
    format!("{short}{token}{certificate}")
}

/// A hash's name and the digest by it.
fn digest(hash: FingerprintHash, blob: &[u8]) -> (&'static str, Vec<u8>) {
    match hash {
        FingerprintHash::Md5 => ("MD5", md5::compute(blob).to_vec()),
        FingerprintHash::Sha1 => ("SHA1", Sha1::digest(blob).to_vec()),
        FingerprintHash::Sha256 => ("SHA256", Sha256::digest(blob).to_vec()),
        FingerprintHash::Sha384 => ("SHA384", Sha384::digest(blob).to_vec()),
        FingerprintHash::Sha512 => ("SHA512", Sha512::digest(blob).to_vec()),
    }
}

/// A digest as `ssh-keygen -l` prints it: hexadecimal for MD5, else unpadded base64.
fn written(hash: FingerprintHash, name: &str, digest: &[u8]) -> String {
    match hash {
        FingerprintHash::Md5 => {
            let bytes: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{name}:{}", bytes.join(":"))
        }
        _ => format!("{name}:{}", STANDARD_NO_PAD.encode(digest)),
    }
}

/// The size of a key in bits, where the type is one this program can take apart.
pub(super) fn bits(key: &KeyData) -> Option<u32> {
    match key {
        KeyData::Ed25519(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => Some(256),
        KeyData::Ecdsa(key) => Some(match key.curve() {
            EcdsaCurve::NistP256 => 256,
            EcdsaCurve::NistP384 => 384,
            EcdsaCurve::NistP521 => 521,
        }),
        KeyData::Rsa(key) => {
            let modulus = key.n().as_positive_bytes()?;
            let unused = modulus.first().map_or(0, |byte| byte.leading_zeros());
            Some(u32::try_from(modulus.len()).ok()?.saturating_mul(8).saturating_sub(unused))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn run(command: &mut Command) -> String {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn fingerprints_and_pictures_are_those_of_ssh_keygen() {
        let folder = tempfile::tempdir().unwrap();
        for (index, (kind, bits)) in
            [("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "2048"), ("rsa", "3071")]
                .into_iter()
                .enumerate()
        {
            let path = folder.path().join(index.to_string());
            let _ = run(Command::new("ssh-keygen").args(["-q", "-N", "", "-t", kind, "-b", bits, "-f"]).arg(&path));
            let public = path.with_extension("pub");
            let shown = run(Command::new("ssh-keygen").args(["-lv", "-f"]).arg(&public));
            let key = PublicKey::from_openssh(&std::fs::read_to_string(&public).unwrap()).unwrap();

            let fingerprint = Fingerprint::of(&key);

            let (line, picture) = shown.split_once('\n').unwrap();
            assert_eq!(fingerprint.randomart(), picture.trim_end());
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(fingerprint.bits().unwrap().to_string(), words[0]);
            assert_eq!(fingerprint.to_string(), words[1]);
            assert_eq!(format!("({})", fingerprint.key_type()), *words.last().unwrap());
            for (hash, name) in [
                (FingerprintHash::Md5, "md5"),
                (FingerprintHash::Sha1, "sha1"),
                (FingerprintHash::Sha384, "sha384"),
                (FingerprintHash::Sha512, "sha512"),
            ] {
                let shown = run(Command::new("ssh-keygen").args(["-lv", "-E", name, "-f"]).arg(&public));
                let (line, picture) = shown.split_once('\n').unwrap();
                let fingerprint = Fingerprint::with(&key, hash);
                assert_eq!(fingerprint.to_string(), line.split(' ').nth(1).unwrap());
                assert_eq!(fingerprint.randomart(), picture.trim_end());
            }
        }
    }

    #[test]
    fn token_keys_are_named_as_ssh_names_them() {
        for (name, expected) in [
            ("sk-ssh-ed25519@openssh.com", "ED25519-SK"),
            ("sk-ecdsa-sha2-nistp256@openssh.com", "ECDSA-SK"),
            ("rsa-sha2-512", "RSA"),
            ("ssh-ed25519", "ED25519"),
        ] {
            assert_eq!(type_name(&Algorithm::new(name).unwrap()), expected);
        }
    }
}
