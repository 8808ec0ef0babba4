use std::collections::HashSet;
use std::process::Command;
use std::sync::LazyLock;

use p521::Scalar;
use p521::elliptic_curve::PrimeField;
use russh::keys::ssh_key::private::{EcdsaKeypair, KeypairData};
use sha2::{Digest, Sha512};

use super::*;

/// Reads a string (RFC 4251 section 5) off the front of `bytes`.
fn string<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let (length, rest) = bytes.split_at(4);
    let length = usize::try_from(u32::from_be_bytes(length.try_into().unwrap())).unwrap();
    let (string, rest) = rest.split_at(length);
    *bytes = rest;
    string
}

/// A number of at most 521 bits, from bytes with leading zeros or without.
fn scalar(bytes: &[u8]) -> Scalar {
    let digits: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut padded = [0; 66];
    padded[66 - digits.len()..].copy_from_slice(&digits);
    Scalar::from_repr(padded.into()).unwrap()
}

/// The nonce of a signature, which whoever has the private key can work out.
fn nonce(private: &Scalar, data: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut rest = signature;
    assert_eq!(string(&mut rest), b"ecdsa-sha2-nistp521");
    let mut numbers = string(&mut rest);
    let (r, s) = (scalar(string(&mut numbers)), scalar(string(&mut numbers)));
    let inverse = s.invert().unwrap();
    (inverse * (scalar(&Sha512::digest(data)) + r * private)).to_repr().to_vec()
}

/// CVE-2024-31497: nine zero bits in each nonce gave the private key away after some sixty signatures.
#[test]
fn nonces_of_p521_signatures_are_distinct_and_of_full_length() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ecdsa", "-b", "521", "-N", "", "-f"]).arg(&path).status();
    assert!(made.unwrap().success());
    let key = Identity::load(&path).unwrap().unwrap().unlock(None).unwrap();
    let KeypairData::Ecdsa(EcdsaKeypair::NistP521 { private, .. }) = key.key_data() else { panic!("a P-521 key") };
    let private = scalar(private.as_slice());
    let nonces: HashSet<Vec<u8>> = (0..200_u32)
        .map(|number| {
            let data = number.to_be_bytes();
            nonce(&private, &data, &sign(&key, None, &data).unwrap())
        })
        .collect();
    assert_eq!(nonces.len(), 200);
    // Of 521 bits the highest nine are in the first two bytes; half of the nonces have the first of them.
    let longest = nonces.iter().filter(|nonce| nonce[0] == 1).count();
    assert!((50..150).contains(&longest), "{longest} of 200 nonces are of full length");
}

/// Files of every format, made once, with the passphrase `secret` where they have one.
static FILES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
    };
    std::fs::write(path("secret"), "secret").unwrap();
    std::fs::write(path("empty"), "").unwrap();
    let mut files = Vec::new();
    let mut add = |name: String| {
        let text = std::fs::read_to_string(path(&name)).unwrap();
        files.push((name, text));
    };
    for (kind, formats) in
        [("ed25519", &["RFC4716"][..]), ("ecdsa", &["RFC4716", "PEM", "PKCS8"]), ("rsa", &["PEM", "PKCS8"])]
    {
        for format in formats {
            for passphrase in ["", "secret"] {
                let name = format!("{kind}-{format}-{passphrase}");
                // Few rounds: each file is opened hundreds of times.
                run("ssh-keygen", &["-q", "-t", kind, "-m", format, "-a", "1", "-N", passphrase, "-f", &path(&name)]);
                add(name);
            }
        }
        for (version, passphrase) in [("2", "empty"), ("2", "secret"), ("3", "empty"), ("3", "secret")] {
            let name = format!("{kind}-{version}-{passphrase}.ppk");
            let parameters = format!("version={version},memory=64,passes=1");
            let from = path(&format!("{kind}-{}-", formats[0]));
            run(
                "puttygen",
                &[
                    &from,
                    "-O",
                    "private",
                    "-o",
                    &path(&name),
                    "--ppk-param",
                    &parameters,
                    "--new-passphrase",
                    &path(passphrase),
                ],
            );
            add(name);
        }
    }
    files
});

/// Whatever the text holds, it is a key or an error.
fn survives(text: &str) {
    let _ = format::open(text);
    for passphrase in [None, Some("secret"), Some("wrong")] {
        let _ = format::decrypt(text, passphrase);
    }
}

#[test]
fn every_format_opens_with_its_passphrase_alone() {
    for (name, text) in FILES.iter() {
        let encrypted = name.contains("secret");
        match (format::open(text), encrypted) {
            (format::Opened::Plain(_), false) | (format::Opened::Encrypted(_), true) => {}
            (other, _) => panic!("{name}: {other:?}"),
        }
        assert!(format::decrypt(text, Some("secret").filter(|_| encrypted)).is_ok(), "{name}");
        assert!(!encrypted || format::decrypt(text, Some("wrong")).is_err(), "{name}");
        assert!(!encrypted || format::decrypt(text, None).is_err(), "{name}");
    }
}

/// A file that is refused before its passphrase is tried, or asked for.
fn is_refused(text: &str, words: &str) {
    let error = format::decrypt(text, Some("secret")).unwrap_err();
    assert!(error.contains(words), "{error}");
    assert!(matches!(format::open(text), format::Opened::Not(cause) if cause == error));
}

#[test]
fn a_file_cannot_ask_for_all_memory_or_an_hour() {
    let text = |name: &str| FILES.iter().find(|(known, _)| known == name).unwrap().1.clone();
    let putty = text("ed25519-3-secret.ppk");
    for (from, to, words) in [
        ("Memory: 64", "Memory: 4294967295", "it asks for 4294967295 KiB of memory"),
        ("Passes: 1", "Passes: 4294967295", "KiB to be filled"),
    ] {
        let asking = putty.replace(from, to);
        assert_ne!(asking, putty);
        is_refused(&asking, words);
    }
    // The number of rounds stands behind the salt, near the beginning.
    let openssh = text("ed25519-RFC4716-secret");
    let body: String = openssh.lines().filter(|line| !line.starts_with("-----")).collect();
    let engine = base64::engine::general_purpose::STANDARD;
    let mut bytes = base64::Engine::decode(&engine, body).unwrap();
    let salt = bytes.windows(4).position(|window| window == [0, 0, 0, 16]).unwrap();
    assert_eq!(bytes[salt + 20..salt + 24], 1_u32.to_be_bytes());
    bytes[salt + 20..salt + 24].copy_from_slice(&0x8000_0000_u32.to_be_bytes());
    let body = base64::Engine::encode(&engine, &bytes);
    let asking = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n");
    is_refused(&asking, "it asks for 2147483648 rounds of bcrypt to have its passphrase tried; 10000 is the most here");
}

#[test]
fn a_file_of_pkcs8_cannot_ask_for_an_hour_either() {
    let folder = tempfile::tempdir().unwrap();
    let text = |arguments: &[&str]| {
        let path = folder.path().join("key");
        let output = Command::new("openssl").args(arguments).arg("-out").arg(&path).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        std::fs::read_to_string(path).unwrap()
    };
    let plain = folder.path().join("plain").display().to_string();
    std::fs::write(&plain, text(&["genpkey", "-algorithm", "ed25519"])).unwrap();
    let encrypted = |more: &[&str]| {
        let common = ["pkcs8", "-topk8", "-in", &plain, "-passout", "pass:secret"];
        text(&[&common[..], more].concat())
    };
    for fine in [&["-iter", "2048"][..], &["-iter", "600000"], &["-scrypt"]] {
        assert!(matches!(format::open(&encrypted(fine)), format::Opened::Encrypted(_)), "{fine:?}");
    }
    assert!(format::decrypt(&encrypted(&["-iter", "2048"]), Some("secret")).is_ok());
    // OpenSSL would take long to write such a file: the number in one that asks for less is changed.
    let asking = |from: &[u8], to: &[u8]| {
        let engine = base64::engine::general_purpose::STANDARD;
        let text = encrypted(&["-iter", "1000000"]);
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        let mut bytes = base64::Engine::decode(&engine, body).unwrap();
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        bytes[at..at + from.len()].copy_from_slice(to);
        let body = base64::Engine::encode(&engine, &bytes);
        format!("-----BEGIN ENCRYPTED PRIVATE KEY-----\n{body}\n-----END ENCRYPTED PRIVATE KEY-----\n")
    };
    let many = asking(&[0x02, 0x03, 0x0f, 0x42, 0x40], &[0x02, 0x03, 0x7f, 0xff, 0xff]);
    is_refused(&many, "it asks for 8388607 iterations of PBKDF2");
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn truncated_and_flipped_key_files_are_errors_and_never_a_panic(
        file in 0_usize..18, at in 0.0_f64..1.0, byte in 0x20_u8..0x7f, cut in proptest::bool::ANY,
    ) {
        let (_, text) = &FILES[file % FILES.len()];
        let at = (text.len() as f64 * at) as usize;
        let changed = if cut {
            text[..at].to_owned()
        } else {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = byte;
            String::from_utf8(bytes).unwrap()
        };
        survives(&changed);
    }

    #[test]
    fn changed_bytes_below_the_base64_are_errors_and_never_a_panic(
        file in 0_usize..18, at in 0.0_f64..1.0, byte in proptest::num::u8::ANY,
    ) {
        use base64::Engine;
        let engine = base64::engine::general_purpose::STANDARD;
        let (_, text) = &FILES[file % FILES.len()];
        // The longest run of lines of base64 is the key.
        let is_body = |line: &&str| line.len() > 20 && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
        let body: Vec<&str> = text.lines().filter(is_body).collect();
        let Ok(mut blob) = engine.decode(body.concat()) else { return Ok(()) };
        let at = (blob.len() as f64 * at) as usize;
        blob[at] = byte;
        let encoded = engine.encode(&blob);
        let mut rest = encoded.as_str();
        let changed: Vec<String> = text.lines().map(|line| {
            if !is_body(&line) { return line.to_owned(); }
            let (part, after) = rest.split_at(line.len().min(rest.len()));
            rest = after;
            part.to_owned()
        }).collect();
        survives(&(changed.join("\n") + "\n"));
    }
}
