//! Each method of authentication against a real server.

mod agents;
mod formats;
mod order;

use std::path::{Path, PathBuf};

use term::ssh::error::Problem;
use term::ssh::host::IdentityAgent;
use term::ssh::prompt::Question;
use term::ssh::{Error, Secret, Secrets, identity};
use testbed::sshd::{KeyType, Options, generate_key};
use testbed::{Agent, Sshd};

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
async fn a_key_that_hides_its_public_half_is_opened_before_it_is_offered() {
    let server = Sshd::start().unwrap();
    let key = admitted_key(&server, "hidden", KeyType::Ecdsa);
    encrypt(&key, "open sesame", &["-m", "PKCS8"]);
    std::fs::remove_file(beside(&key, ".pub")).unwrap();
    let mut host = host(&server);
    host.identity_file = vec![key.clone()];
    let (events, seen) = user(|_| secret("open sesame"));
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(connection.login().key.is_some());
    let question = Question::Passphrase { path: key, fingerprint: None, retry: false };
    assert_eq!(seen.questions(), [question], "it is asked once for both the offer and the signature");
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

#[tokio::test(flavor = "multi_thread")]
async fn the_agents_keys_come_first_and_need_no_file() {
    let server = Sshd::start().unwrap();
    let agent = Agent::start().unwrap();
    for (index, key_type) in [KeyType::Ed25519, KeyType::Ecdsa, KeyType::Rsa].into_iter().enumerate() {
        let key = admitted_key(&server, &format!("agent{index}"), key_type);
        agent.add(&key).unwrap();
        let mut host = host(&server);
        host.identity_file = Vec::new();
        host.identity_agent = IdentityAgent::Socket(agent.socket());
        let (events, _) = nobody();
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        let used = connection.login().key.as_ref().unwrap();
        assert_eq!(used.path, None);
        assert!(server.log().contains(&used.fingerprint));
        let _ = run_add(&agent, &["-q", "-D"]);
    }
}

fn run_add(agent: &Agent, arguments: &[&str]) -> bool {
    let status = std::process::Command::new("ssh-add").args(arguments).env("SSH_AUTH_SOCK", agent.socket()).status();
    status.unwrap().success()
}

#[tokio::test(flavor = "multi_thread")]
async fn identities_only_offers_no_other_key_of_the_agent() {
    let server = Sshd::start().unwrap();
    let agent = Agent::start().unwrap();
    let key = admitted_key(&server, "other", KeyType::Ed25519);
    agent.add(&key).unwrap();
    let stranger = server.folder().join("stranger");
    generate_key(&stranger, KeyType::Ed25519).unwrap();
    let mut host = host(&server);
    host.identity_file = vec![stranger.clone()];
    host.identity_agent = IdentityAgent::Socket(agent.socket());
    host.identities_only = true;
    let (events, _) = nobody();
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    let Error::AuthenticationFailed { tried, .. } = &error else { panic!("{error}") };
    assert_eq!(*tried, [format!("publickey {}", stranger.display())]);
    // The agent's copy of a named key is used, so that its passphrase is not asked for.
    encrypt(&key, "not asked", &[]);
    host.identity_file = vec![key.clone()];
    let (events, seen) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(connection.login().key.as_ref().unwrap().path.as_deref(), Some(key.as_path()));
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_gone_is_told_and_the_key_file_logs_in() {
    let server = Sshd::start().unwrap();
    let mut host = host(&server);
    host.identity_agent = IdentityAgent::Socket(server.folder().join("no agent"));
    let (events, seen) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(connection.login().methods, ["publickey"]);
    let _ = seen.notice("The agent at").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_key_file_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let server = Sshd::start().unwrap();
    let open_to_all = server.folder().join("open to all");
    let _ = std::fs::copy(server.client_key(), &open_to_all).unwrap();
    std::fs::set_permissions(&open_to_all, std::fs::Permissions::from_mode(0o644)).unwrap();
    let broken = server.folder().join("broken");
    std::fs::write(&broken, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").unwrap();
    std::fs::set_permissions(&broken, std::fs::Permissions::from_mode(0o600)).unwrap();
    let folder = server.folder().join("folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    let missing = server.folder().join("missing");
    let mut host = host(&server);
    host.identity_file = vec![missing, open_to_all.clone(), broken.clone(), folder.clone()];
    let (events, _) = nobody();
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    let Error::AuthenticationFailed { tried, problems, .. } = &error else { panic!("{error}") };
    assert!(tried.is_empty());
    assert!(
        matches!(&problems[0], Problem::Identity(identity::Error::Permissions { path, mode: 0o644 }) if *path == open_to_all)
    );
    assert!(matches!(&problems[1], Problem::Identity(identity::Error::Malformed { path, .. }) if *path == broken));
    assert!(matches!(&problems[2], Problem::Identity(identity::Error::Unreadable { path, .. }) if *path == folder));
    assert_eq!(problems.len(), 3, "a key file that does not exist is no problem");
    assert!(error.next_step().unwrap().contains("chmod 600"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_passphrase_is_used_and_three_wrong_ones_are_enough() {
    let server = Sshd::start().unwrap();
    let key = admitted_key(&server, "locked", KeyType::Ed25519);
    encrypt(&key, "open sesame", &[]);
    let mut host = host(&server);
    host.identity_file = vec![key.clone()];
    let saved = |text: &str| {
        let passphrases = [(key.clone(), Secret::new(text.to_owned()))].into();
        Secrets { passphrases, ..Secrets::default() }
    };
    let (events, seen) = nobody();
    let connection = open(&host, saved("open sesame"), &events).await.unwrap();
    assert_eq!(connection.login().unlocked, std::slice::from_ref(&key));
    assert!(seen.questions().is_empty());
    let (events, seen) = user(|_| secret("wrong"));
    let error = open(&host, saved("wrong too"), &events).await.unwrap_err();
    assert_eq!(seen.questions().len(), 3);
    assert!(matches!(&seen.questions()[0], Question::Passphrase { retry: true, .. }));
    let Error::AuthenticationFailed { problems, .. } = &error else { panic!("{error}") };
    assert_eq!(problems[..], [Problem::Identity(identity::Error::WrongPassphrase { path: key.clone() })]);
    // No is no: the whole login is given up.
    let (events, _) = nobody();
    assert!(matches!(open(&host, Secrets::default(), &events).await, Err(Error::Cancelled)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_loses_patience_is_quoted() {
    let server = Sshd::start_with(Options::default().line("MaxAuthTries 2")).unwrap();
    let mut host = host(&server);
    host.identity_file = (0..4)
        .map(|index| {
            let path = server.folder().join(format!("stranger{index}"));
            generate_key(&path, KeyType::Ed25519).unwrap();
            path
        })
        .collect();
    let (events, _) = nobody();
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    let Error::TooManyFailures { message, tried, .. } = &error else { panic!("{error}") };
    assert!(message.contains("Too many authentication failures"), "{message}");
    assert!(!tried.is_empty());
    assert!(error.next_step().unwrap().contains("IdentitiesOnly"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_beside_the_key_logs_in() {
    let server = Sshd::start().unwrap();
    let authority = server.folder().join("authority");
    generate_key(&authority, KeyType::Ed25519).unwrap();
    let public = std::fs::read_to_string(beside(&authority, ".pub")).unwrap();
    std::fs::write(server.authorized_keys(), format!("cert-authority {public}")).unwrap();
    for (name, key_type) in [("certified", KeyType::Ed25519), ("certified_rsa", KeyType::Rsa)] {
        let key = server.folder().join(name);
        generate_key(&key, key_type).unwrap();
        let (ca, file, user) =
            (authority.display().to_string(), beside(&key, ".pub").display().to_string(), server.user());
        let _ = run("ssh-keygen", &["-q", "-s", &ca, "-I", "test", "-n", &user, &file]);
        let mut host = host(&server);
        host.identity_file = vec![key];
        let (events, _) = nobody();
        let connection = open(&host, Secrets::default(), &events).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(connection.login().methods, ["publickey"]);
    }
    assert!(server.log().contains("ED25519-CERT") && server.log().contains("RSA-CERT"), "{}", server.log());
}
