//! Key files of every format, of other programs too.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use term::ssh::error::Problem;
use term::ssh::host::Algorithms;
use term::ssh::prompt::Question;
use term::ssh::{Error, Secrets, identity};
use testbed::Sshd;
use testbed::sshd::KeyType;

use super::{admitted_key, encrypt};
use crate::user::{host, nobody, open, run, secret, user};

const PASSPHRASE: &str = "open sesame";

/// Converts a key with puttygen; a passphrase is read from a file, never from the command line.
fn putty(key: &Path, version: u8, passphrase: Option<&str>) -> PathBuf {
    let target = key.with_extension(format!("v{version}.{}.ppk", passphrase.is_some()));
    let (from, to) = (key.display().to_string(), target.display().to_string());
    let parameters = format!("version={version}");
    let secret = key.with_extension("passphrase");
    std::fs::write(&secret, passphrase.unwrap_or_default()).unwrap();
    let secret = secret.display().to_string();
    let _ =
        run("puttygen", &[&from, "-O", "private", "-o", &to, "--ppk-param", &parameters, "--new-passphrase", &secret]);
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).unwrap();
    target
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_putty_log_in_in_both_versions_of_its_format() {
    let server = Sshd::start().unwrap();
    for (name, key_type) in [("ed25519", KeyType::Ed25519), ("ecdsa", KeyType::Ecdsa), ("rsa", KeyType::Rsa)] {
        let key = admitted_key(&server, name, key_type);
        for version in [2, 3] {
            for passphrase in [None, Some(PASSPHRASE)] {
                let mut host = host(&server);
                host.identity_file = vec![putty(&key, version, passphrase)];
                let (events, seen) = user(|_| secret(PASSPHRASE));
                let opened = open(&host, Secrets::default(), &events).await;
                let connection = opened.unwrap_or_else(|error| panic!("{name} v{version}: {error}"));
                assert_eq!(connection.login().methods, ["publickey"]);
                // The public half is readable, so the key is offered before its passphrase is asked for.
                let told: Vec<bool> = seen
                    .questions()
                    .iter()
                    .map(|question| matches!(question, Question::Passphrase { fingerprint: Some(_), .. }))
                    .collect();
                assert_eq!(told, vec![true; usize::from(passphrase.is_some())], "{name} v{version}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_openssls_old_format_log_in_under_each_cipher() {
    let server = Sshd::start().unwrap();
    for (name, key_type, program) in [("rsa", KeyType::Rsa, "rsa"), ("ecdsa", KeyType::Ecdsa, "ec")] {
        let key = admitted_key(&server, name, key_type);
        encrypt(&key, "", &["-m", "PEM"]);
        for cipher in ["-aes128", "-aes192", "-aes256", "-des3"] {
            let target = server.folder().join(format!("{name}{cipher}"));
            let (from, to) = (key.display().to_string(), target.display().to_string());
            let passphrase = format!("pass:{PASSPHRASE}");
            let mut arguments = vec![program, "-in", &from, "-out", &to, cipher, "-passout", &passphrase];
            if program == "rsa" {
                arguments.push("-traditional");
            }
            let _ = run("openssl", &arguments);
            assert!(std::fs::read_to_string(&target).unwrap().contains("Proc-Type: 4,ENCRYPTED"));
            std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).unwrap();
            let mut host = host(&server);
            host.identity_file = vec![target];
            let mut answers = ["wrong", PASSPHRASE].into_iter();
            let (events, seen) = user(move |_| secret(answers.next().unwrap()));
            let opened = open(&host, Secrets::default(), &events).await;
            let _ = opened.unwrap_or_else(|error| panic!("{name} {cipher}: {error}"));
            assert_eq!(seen.questions().len(), 2);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cipher_of_the_past_is_named_with_what_to_do() {
    let server = Sshd::start().unwrap();
    let path = server.folder().join("old");
    let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,0123456789ABCDEF\n\n\
                AAAA\n-----END RSA PRIVATE KEY-----\n";
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut host = host(&server);
    host.identity_file = vec![path];
    let (events, _) = nobody();
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(error.to_string().contains("DES-CBC") && error.to_string().contains("ssh-keygen -p"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_the_configuration_does_not_accept_are_not_offered() {
    let server = Sshd::start().unwrap();
    let rsa = admitted_key(&server, "rsa", KeyType::Rsa);
    let mut host = host(&server);
    host.identity_file = vec![server.client_key(), rsa.clone()];
    host.pubkey_accepted_algorithms = Algorithms::parse("rsa-sha2-256");
    let (events, _) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(connection.login().key.as_ref().unwrap().path.as_ref(), Some(&rsa));
    assert!(server.log().contains("RSA SHA256:"), "{}", server.log());
    host.required_rsa_size = 4096;
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    let Error::AuthenticationFailed { tried, problems, .. } = &error else { panic!("{error}") };
    assert!(tried.is_empty());
    assert!(
        matches!(&problems[..], [Problem::Identity(identity::Error::TooSmall { bits: 2048, required: 4096, .. })]),
        "{problems:?}"
    );
}
