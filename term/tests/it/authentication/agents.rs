//! Agents: which of their keys are used, what they are given, and keys on security tokens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use russh::keys::signature::Signer;
use russh::keys::ssh_encoding::Encode;
use russh::keys::{Algorithm, PrivateKey};
use sha2::{Digest, Sha256};
use term::ssh::error::Problem;
use term::ssh::host::{AddKeysToAgent, IdentityAgent};
use term::ssh::prompt::{Answer, Question};
use term::ssh::{Error, Host, Secrets, identity};
use testbed::sshd::{KeyType, generate_key};
use testbed::{Agent, Sshd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{admitted_key, encrypt, run_add};
use crate::user::{beside, host, nobody, open, run, secret, user};

fn with(agent: &Agent, host: Host) -> Host {
    Host { identity_agent: IdentityAgent::Socket(agent.socket()), ..host }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_key_file_names_the_agents_key() {
    let server = Sshd::start().unwrap();
    let agent = Agent::start().unwrap();
    let key = admitted_key(&server, "held", KeyType::Ecdsa);
    agent.add(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let public = beside(&key, ".pub");
    // Named by its public file, or by the private one that is not there any more.
    for named in [public.clone(), key] {
        let mut host = with(&agent, host(&server));
        host.identity_file = vec![named.clone()];
        host.identities_only = true;
        let (events, _) = nobody();
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        assert_eq!(connection.login().key.as_ref().unwrap().path.as_ref(), Some(&named));
    }
    assert!(run_add(&agent, &["-q", "-D"]));
    let mut host = with(&agent, host(&server));
    host.identity_file = vec![public.clone()];
    let (events, _) = nobody();
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    let Error::AuthenticationFailed { problems, .. } = &error else { panic!("{error}") };
    assert_eq!(problems[..], [Problem::Identity(identity::Error::NotPrivate { path: public })]);
    assert!(error.next_step().unwrap().contains("ssh-add"));
}

/// Certifies a key for the server's user by an authority that the server believes.
fn certify(server: &Sshd, key: &Path, target: &Path) {
    let authority = server.folder().join("authority");
    if !authority.exists() {
        generate_key(&authority, KeyType::Ed25519).unwrap();
        let public = std::fs::read_to_string(beside(&authority, ".pub")).unwrap();
        std::fs::write(server.authorized_keys(), format!("cert-authority {public}")).unwrap();
    }
    let (ca, public, user) =
        (authority.display().to_string(), beside(key, ".pub").display().to_string(), server.user());
    let _ = run("ssh-keygen", &["-q", "-s", &ca, "-I", "test", "-n", &user, &public]);
    std::fs::rename(beside(key, "-cert.pub"), target).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_file_logs_in_with_whoever_has_its_key() {
    for key_type in [KeyType::Ed25519, KeyType::Rsa] {
        let server = Sshd::start().unwrap();
        let agent = Agent::start().unwrap();
        let key = server.folder().join("key");
        generate_key(&key, key_type).unwrap();
        let certificate = server.folder().join("elsewhere.pub");
        certify(&server, &key, &certificate);
        // The key is in a file.
        let mut host = with(&agent, host(&server));
        host.identity_file = vec![key.clone()];
        host.certificate_file = vec![server.folder().join("missing"), certificate.clone()];
        let (events, _) = nobody();
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        assert_eq!(connection.login().key.as_ref().unwrap().path.as_ref(), Some(&certificate));
        // The agent has the plain key alone.
        agent.add(&key).unwrap();
        host.identity_file = Vec::new();
        host.identities_only = true;
        let _ = open(&host, Secrets::default(), &events).await.unwrap();
        // The agent has the certificate too, and nothing is named.
        assert!(run_add(&agent, &["-q", "-D"]));
        std::fs::rename(&certificate, beside(&key, "-cert.pub")).unwrap();
        agent.add(&key).unwrap();
        let host = with(&agent, Host { certificate_file: Vec::new(), identities_only: false, ..host });
        let _ = open(&host, Secrets::default(), &events).await.unwrap();
        let log = server.log();
        assert!(log.matches("CERT SHA256:").count() >= 3, "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_to_be_a_certificate_and_is_none_is_told() {
    let server = Sshd::start().unwrap();
    let host = Host { certificate_file: vec![beside(&server.client_key(), ".pub")], ..host(&server) };
    let (events, seen) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    let _ = seen.notice("holds no certificate").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_added_to_the_agent_as_the_configuration_says() {
    let server = Sshd::start().unwrap();
    let key = admitted_key(&server, "locked", KeyType::Ed25519);
    encrypt(&key, "open sesame", &[]);
    for (setting, lifetime, answer, added) in [
        (AddKeysToAgent::No, None, Answer::Yes, false),
        (AddKeysToAgent::Yes, None, Answer::Yes, true),
        (AddKeysToAgent::Yes, Some(Duration::from_secs(3600)), Answer::Yes, true),
        (AddKeysToAgent::Ask, None, Answer::No, false),
        (AddKeysToAgent::Ask, None, Answer::Yes, true),
        (AddKeysToAgent::Confirm, None, Answer::Yes, true),
    ] {
        let agent = Agent::start().unwrap();
        let mut host = with(&agent, host(&server));
        host.identity_file = vec![key.clone()];
        host.add_keys_to_agent = setting;
        host.add_keys_to_agent_lifetime = lifetime;
        let (events, seen) = user(move |question| match question {
            Question::Passphrase { .. } => secret("open sesame"),
            Question::AddKeyToAgent { .. } => Some(answer.clone()),
            _ => None,
        });
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        let listed = agent.list().unwrap();
        let fingerprint = &connection.login().key.as_ref().unwrap().fingerprint;
        assert_eq!(listed.contains(fingerprint), added, "{setting:?}: {listed}");
        // The key's own comment is its name there.
        assert_eq!(listed.contains("testbed"), added, "{listed}");
        let asked = seen.questions().iter().any(|question| matches!(question, Question::AddKeyToAgent { .. }));
        assert_eq!(asked, setting == AddKeysToAgent::Ask);
        if added && setting != AddKeysToAgent::Confirm {
            // From now on nobody is asked for the passphrase.
            let (events, seen) = nobody();
            let _ = open(&host, Secrets::default(), &events).await.unwrap();
            assert!(seen.questions().is_empty());
        }
        if setting == AddKeysToAgent::Confirm {
            // There is nobody to confirm it: the agent refuses, and the file is asked for.
            let (events, seen) = user(|_| None);
            let error = open(&host, Secrets::default(), &events).await.unwrap_err();
            assert!(matches!(error, Error::AuthenticationFailed { .. } | Error::Cancelled), "{error}");
            drop(seen);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_agent_is_no_obstacle() {
    let server = Sshd::start().unwrap();
    let agent = Agent::start().unwrap();
    agent.add(&server.client_key()).unwrap();
    let (events, _) = nobody();
    let host = with(&agent, host(&server));
    lock(&agent);
    // It lists no keys, so the file logs in.
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(connection.login().key.as_ref().unwrap().path.is_some());
}

/// Locks an agent as `ssh-add -x` does, which wants a terminal for its passphrase.
fn lock(agent: &Agent) {
    use std::io::{Read, Write};
    let mut stream = std::os::unix::net::UnixStream::connect(agent.socket()).unwrap();
    stream.write_all(&[0, 0, 0, 6, 22, 0, 0, 0, 1, b'x']).unwrap();
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [0, 0, 0, 1, 6], "it is locked");
}

/// An agent with one key of a security token: the signature is what a token makes of an Ed25519 key and a touch.
struct Token {
    folder: tempfile::TempDir,
    public: String,
}

const APPLICATION: &[u8] = b"ssh:";
const TOKEN_TYPE: &[u8] = b"sk-ssh-ed25519@openssh.com";

fn string(text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    text.encode(&mut encoded).unwrap();
    encoded
}

impl Token {
    async fn start() -> Self {
        use base64::Engine;
        let folder = tempfile::tempdir().unwrap();
        let key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).unwrap();
        let point = key.public_key().key_data().ed25519().unwrap().0;
        let blob = [string(TOKEN_TYPE), string(&point), string(APPLICATION)].concat();
        let public =
            format!("sk-ssh-ed25519@openssh.com {} a token", base64::engine::general_purpose::STANDARD.encode(&blob));
        let listener = tokio::net::UnixListener::bind(folder.path().join("agent")).unwrap();
        let key = Arc::new(key);
        drop(tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (key, blob) = (Arc::clone(&key), blob.clone());
                drop(tokio::spawn(async move {
                    while let Ok(length) = stream.read_u32().await {
                        let mut request = vec![0; usize::try_from(length).unwrap()];
                        let _ = stream.read_exact(&mut request).await.unwrap();
                        let answer = answer(&key, &blob, &request);
                        stream.write_all(&string(&answer)).await.unwrap();
                    }
                }));
            }
        }));
        Self { folder, public }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("agent")
    }
}

fn answer(key: &PrivateKey, blob: &[u8], request: &[u8]) -> Vec<u8> {
    match request[0] {
        11 => [&[12, 0, 0, 0, 1][..], &string(blob), &string(b"a token")].concat(),
        13 => {
            // The key, then the data, then flags.
            let data = &request[1 + 4 + blob.len()..];
            let length = usize::try_from(u32::from_be_bytes(data[..4].try_into().unwrap())).unwrap();
            let (data, touched, counter) = (&data[4..4 + length], 1_u8, 7_u32.to_be_bytes());
            let signed = [&Sha256::digest(APPLICATION)[..], &[touched], &counter, &Sha256::digest(data)[..]].concat();
            let signature = key.try_sign(&signed).unwrap();
            let made = [&string(TOKEN_TYPE), &string(signature.as_bytes()), &[touched][..], &counter].concat();
            [&[14][..], &string(&made)].concat()
        }
        // Such as session-bind@openssh.com.
        _ => vec![5],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_on_a_security_token_logs_in_through_the_agent() {
    let server = Sshd::start().unwrap();
    let token = Token::start().await;
    std::fs::write(server.authorized_keys(), format!("{}\n", token.public)).unwrap();
    let mut host = host(&server);
    host.identity_file = Vec::new();
    host.identity_agent = IdentityAgent::Socket(token.socket());
    let (events, _) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(server.log().contains("ED25519-SK"), "{}", server.log());
    // Without the agent the error says where the key is.
    let path = server.folder().join("id_token.pub");
    std::fs::write(&path, &token.public).unwrap();
    host.identity_file = vec![path.clone()];
    host.identity_agent = IdentityAgent::None;
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(error.to_string().contains("security token"), "{error}");
    assert!(error.next_step().unwrap().contains("ssh-add"));
}
