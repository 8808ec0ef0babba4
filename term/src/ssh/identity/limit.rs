//! What an encrypted key file may cost to have its passphrase tried. Each format lets the file say: one could take all
//! memory, which cannot be caught, or a week.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf as Derivation;
use russh::keys::PrivateKey;
use russh::keys::ssh_key::Kdf;

use super::format::putty;

/// Memory in KiB. PuTTY's own default is 8 MiB.
const MOST_MEMORY: u64 = 1024 * 1024;

/// Memory in KiB times how often it is filled: some seconds.
const MOST_FILLED: u64 = 64 * MOST_MEMORY;

/// Rounds of bcrypt. ssh-keygen's default is 16 (24 of late); each takes some milliseconds.
const MOST_ROUNDS: u64 = 10_000;

/// Iterations of PBKDF2, in PKCS#8. OpenSSL's default is 2,048, and 600,000 is advised; this many take some seconds.
const MOST_ITERATIONS: u64 = 5_000_000;

/// Checks what a file asks for.
///
/// # Errors
/// What it asks for too much of, as the rest of a sentence about the file.
pub(super) fn check(text: &str) -> Result<(), String> {
    check_putty(text)?;
    check_pkcs8(text)?;
    match PrivateKey::from_openssh(text) {
        Ok(key) => match key.kdf() {
            Kdf::Bcrypt { rounds, .. } => within("rounds of bcrypt", u64::from(*rounds), MOST_ROUNDS),
            _ => Ok(()),
        },
        Err(_) => Ok(()),
    }
}

fn check_putty(text: &str) -> Result<(), String> {
    let number = |name: &str| putty(text, name).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
    check_memory(number("Argon2-Memory"), number("Argon2-Passes").max(number("Argon2-Parallelism")))
}

fn check_memory(kibibytes: u64, times: u64) -> Result<(), String> {
    within("KiB of memory", kibibytes, MOST_MEMORY)?;
    within("KiB to be filled", kibibytes.max(1).saturating_mul(times), MOST_FILLED)
}

/// PKCS#8 (RFC 5958) under PBES2 (RFC 8018).
fn check_pkcs8(text: &str) -> Result<(), String> {
    const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    let Some((body, _)) = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once("-----END")) else {
        return Ok(());
    };
    // What is no base64, or nothing of this kind, is told by those who read the key.
    let Ok(bytes) = STANDARD.decode(body.split_whitespace().collect::<String>()) else { return Ok(()) };
    let Ok(info) = EncryptedPrivateKeyInfoRef::try_from(bytes.as_slice()) else {
        return Err(format!(
            "how it is encrypted is not supported, or asks for more than {MOST_ITERATIONS} iterations of PBKDF2"
        ));
    };
    let EncryptionScheme::Pbes2(parameters) = &info.encryption_algorithm else { return Ok(()) };
    match &parameters.kdf {
        Derivation::Pbkdf2(pbkdf2) => {
            within("iterations of PBKDF2", u64::from(pbkdf2.iteration_count), MOST_ITERATIONS)
        }
        Derivation::Scrypt(scrypt) => {
            // Each of its blocks is 128 bytes.
            let memory = scrypt.cost_parameter.saturating_mul(u64::from(scrypt.block_size)) / 8;
            check_memory(memory, u64::from(scrypt.parallelization))
        }
        _ => Ok(()),
    }
}

fn within(what: &str, asked: u64, most: u64) -> Result<(), String> {
    if asked > most {
        return Err(format!("it asks for {asked} {what} to have its passphrase tried; {most} is the most here"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_counts_as_often_as_it_is_filled() {
        // The defaults of PuTTY and OpenSSL, and more than anyone has asked for.
        for (kibibytes, times) in [(8192, 13), (16_384, 1), (MOST_MEMORY, 64), (0, 0)] {
            assert_eq!(check_memory(kibibytes, times), Ok(()));
        }
        for (kibibytes, times) in [(MOST_MEMORY + 1, 1), (MOST_MEMORY, 65), (1, MOST_FILLED + 1), (u64::MAX, u64::MAX)]
        {
            assert!(check_memory(kibibytes, times).is_err());
        }
    }
}
