//! Each method of authentication against a real server.

use std::path::{Path, PathBuf};

use term::ssh::prompt::Question;
use term::ssh::{Error, Secrets};
use testbed::Sshd;
use testbed::sshd::{KeyType, Options, generate_key};

use crate::user::{beside, host, nobody, open, run, secret, user};

/// Makes a key pair in the server's folder that the server admits.
fn admitted_key(server: &Sshd, name: &str, key_type: KeyType) -> PathBuf {
    let path = server.folder().join(name);
    generate_key(&path, key_type).unwrap();
    admit(server, &path);
    path
}

fn admit(server: &Sshd, key: &Path) {
    let public = std::fs::read_to_string(beside(key, ".pub")).unwrap();
    let known = std::fs::read_to_string(server.authorized_keys()).unwrap();
    std::fs::write(server.authorized_keys(), known + &public).unwrap();
}

fn encrypt(key: &Path, passphrase: &str, format: &[&str]) {
    let path = key.display().to_string();
    let arguments = [&["-q", "-p", "-P", "", "-N", passphrase], format, &["-f", &path]].concat();
    let _ = run("ssh-keygen", &arguments);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_file_of_each_type_and_format_logs_in() {
    let server = Sshd::start().unwrap();
    for (name, key_type, format) in [
        ("openssh_ed25519", KeyType::Ed25519, None),
        ("openssh_ecdsa", KeyType::Ecdsa, None),
        ("openssh_rsa", KeyType::Rsa, None),
        ("pem_rsa", KeyType::Rsa, Some("PEM")),
        ("pem_ecdsa", KeyType::Ecdsa, Some("PEM")),
        ("pkcs8_rsa", KeyType::Rsa, Some("PKCS8")),
        ("pkcs8_ecdsa", KeyType::Ecdsa, Some("PKCS8")),
    ] {
        let key = admitted_key(&server, name, key_type);
        if let Some(format) = format {
            encrypt(&key, "", &["-m", format]);
        }
        let mut host = host(&server);
        host.identity_file = vec![key.clone()];
        let (events, seen) = nobody();
        let connection = open(&host, Secrets::default(), &events).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(connection.login().methods, ["publickey"]);
        assert_eq!(connection.login().key.as_ref().unwrap().path.as_deref(), Some(key.as_path()));
        assert!(seen.questions().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_key_asks_again_after_a_wrong_passphrase() {
    let server = Sshd::start().unwrap();
    for (name, key_type, format) in [
        ("openssh", KeyType::Ed25519, &[] as &[&str]),
        ("pkcs8", KeyType::Ecdsa, &["-m", "PKCS8"]),
        ("pem", KeyType::Rsa, &["-m", "PEM"]),
    ] {
        let key = admitted_key(&server, name, key_type);
        encrypt(&key, "open sesame", format);
        let mut host = host(&server);
        host.identity_file = vec![key.clone()];
        let mut answers = ["wrong", "open sesame"].into_iter();
        let (events, seen) = user(move |_| secret(answers.next().unwrap()));
        let connection = open(&host, Secrets::default(), &events).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(connection.login().unlocked, std::slice::from_ref(&key));
        let retries: Vec<bool> = seen
            .questions()
            .iter()
            .map(|question| match question {
                Question::Passphrase { path, fingerprint, retry } if *path == key && fingerprint.is_some() => *retry,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(retries, [false, true], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_passphrase_is_asked_for_a_key_that_the_server_does_not_know() {
    let server = Sshd::start().unwrap();
    let stranger = server.folder().join("stranger");
    generate_key(&stranger, KeyType::Ed25519).unwrap();
    encrypt(&stranger, "secret", &[]);
    let mut host = host(&server);
    host.identity_file = vec![stranger.clone()];
    let (events, seen) = nobody();
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(seen.questions().is_empty());
    let Error::AuthenticationFailed { tried, accepted, .. } = &error else { panic!("{error}") };
    assert_eq!(*tried, [format!("publickey {}", stranger.display())]);
    assert_eq!(*accepted, ["publickey"]);
    assert!(error.next_step().unwrap().contains("authorized_keys"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_banner_cannot_send_control_characters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("banner");
    std::fs::write(&path, "Welcome \u{1b}]0;owned\u{7}\nsecond line\u{202e}\n").unwrap();
    let server = Sshd::start_with(Options::default().line(format!("Banner {}", path.display()))).unwrap();
    let (events, seen) = nobody();
    let _ = open(&host(&server), Secrets::default(), &events).await.unwrap();
    // sshd itself has made the override of the second line visible already, byte by byte.
    let banner = seen.banners().concat();
    assert!(banner.starts_with("Welcome \\033]0;owned\\007\nsecond line\\342\\200\\256\n"), "{banner:?}");
}
