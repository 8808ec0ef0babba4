//! Which keys are offered in which order, beside ssh(1), and chains of methods.

use std::path::{Path, PathBuf};
use std::process::Command;

use russh::MethodKind;
use term::ssh::host::{IdentityAgent, StrictHostKeyChecking};
use term::ssh::prompt::Question;
use term::ssh::{Error, Fingerprint, Host, Secrets};
use testbed::sshd::{self, KeyType, Options, generate_key};
use testbed::{Agent, Sshd};

use super::admitted_key;
use crate::server::Wants;
use crate::user::{beside, host, nobody, open, run, secret, stranger, user};

/// The fingerprints of the keys that a server was offered and refused, in order, taken from its log since `from`.
fn refused(server: &Sshd, from: usize) -> Vec<String> {
    let log = server.log();
    let lines = log[from..].lines().filter(|line| line.contains("Failed publickey for"));
    lines.map(|line| line.split_whitespace().last().unwrap().to_owned()).collect()
}

/// What ssh(1) has offered by the time that it gives up, as the server saw it.
fn ssh(server: &Sshd, host: &Host) -> Vec<String> {
    let from = server.log().len();
    let mut command = Command::new("ssh");
    let _ = command.args(["-F", "none", "-p", &server.port().to_string()]);
    for identity in &host.identity_file {
        let _ = command.arg("-i").arg(identity);
    }
    for certificate in &host.certificate_file {
        let _ = command.arg("-o").arg(format!("CertificateFile={}", certificate.display()));
    }
    let agent = match &host.identity_agent {
        IdentityAgent::Socket(path) => path.display().to_string(),
        _ => "none".to_owned(),
    };
    let only = if host.identities_only { "yes" } else { "no" };
    let known = host.user_known_hosts_file[0].display();
    let output = command
        .args(["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=none"])
        .args(["-o", &format!("IdentityAgent={agent}"), "-o", &format!("IdentitiesOnly={only}")])
        .args(["-o", &format!("UserKnownHostsFile={known}")])
        .args([&format!("{}@127.0.0.1", server.user()), "true"])
        .output()
        .unwrap();
    assert!(!output.status.success(), "{output:?}");
    let offered = settled(server, from);
    assert!(!offered.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    offered
}

/// The refused keys once the server has written its last line about the connection.
fn settled(server: &Sshd, from: usize) -> Vec<String> {
    let ended = || {
        let log = server.log();
        log[from..].contains("Connection closed by authenticating")
            || log[from..].contains("Connection reset by authenticating")
            || log[from..].contains("Disconnected from authenticating")
    };
    testbed::Deadline::generous().wait_until("the end of the connection", ended).unwrap();
    refused(server, from)
}

async fn ours(server: &Sshd, host: &Host) -> Vec<String> {
    let from = server.log().len();
    let (events, _) = nobody();
    let error = open(host, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(error, Error::AuthenticationFailed { .. }), "{error}");
    settled(server, from)
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_offered_in_the_order_of_ssh() {
    let server = Sshd::start_with(Options::default().line("MaxAuthTries 30")).unwrap();
    std::fs::write(server.authorized_keys(), "").unwrap();
    let path = |name: &str| server.folder().join(name);
    for (name, key_type) in [
        ("a", KeyType::Ed25519),
        ("b", KeyType::Ecdsa),
        ("c", KeyType::Rsa),
        ("d", KeyType::Ed25519),
        ("certified", KeyType::Ed25519),
        ("authority", KeyType::Ed25519),
    ] {
        generate_key(&path(name), key_type).unwrap();
    }
    let (ca, public) = (path("authority").display().to_string(), path("certified.pub").display().to_string());
    let _ = run("ssh-keygen", &["-q", "-s", &ca, "-I", "test", "-n", "nobody", &public]);
    let agent = Agent::start().unwrap();
    for name in ["d", "b", "certified"] {
        agent.add(&path(name)).unwrap();
    }
    let base = host(&server);
    let with_agent = IdentityAgent::Socket(agent.socket());
    let files = |names: &[&str]| names.iter().map(|name| path(name)).collect::<Vec<_>>();
    let certificate = vec![beside(&path("certified"), "-cert.pub")];
    for (identities, agent, only, certificates) in [
        (files(&["a", "b", "c"]), IdentityAgent::None, false, Vec::new()),
        (files(&["a", "b", "c"]), with_agent.clone(), false, Vec::new()),
        (files(&["a", "b", "c"]), with_agent.clone(), true, Vec::new()),
        (files(&["c", "b", "d"]), with_agent.clone(), true, Vec::new()),
        (files(&["certified", "a"]), with_agent.clone(), false, Vec::new()),
        (files(&["certified", "a"]), IdentityAgent::None, false, Vec::new()),
        (files(&["certified", "a"]), IdentityAgent::None, false, certificate.clone()),
        (files(&["a"]), with_agent.clone(), true, certificate.clone()),
        (files(&["a.pub", "b.pub"]), with_agent, false, certificate),
    ] {
        let mut host = base.clone();
        (host.identity_file, host.identity_agent) = (identities, agent);
        (host.identities_only, host.certificate_file) = (only, certificates);
        host.batch_mode = true;
        let mut theirs = ssh(&server, &host);
        let ours = ours(&server, &host).await;
        // ssh(1) also offers a public key whose private half nobody has, which can come to nothing.
        let lonely = std::fs::read_to_string(path("a.pub")).unwrap();
        let lonely = Fingerprint::of(&russh::keys::PublicKey::from_openssh(&lonely).unwrap()).to_string();
        if host.identity_file[0].ends_with("a.pub") {
            theirs.retain(|offered| *offered != lonely);
        }
        assert_eq!(ours, theirs, "{:?} {:?}", host.identity_file, host.certificate_file);
    }
}

const PASSWORD: &str = "geheim";

/// A server with a password, and a user of whom it knows nothing but that: one within the test, and as root OpenSSH's too.
enum Server {
    Own(crate::server::Server, tempfile::TempDir),
    Real(Sshd),
}

impl Server {
    async fn both(wants: Wants, options: Options) -> Vec<Self> {
        let rounds = vec![vec![("Password: ", false, PASSWORD)]];
        let own = crate::server::Server::start(Wants { password: PASSWORD, rounds, ..wants }).await;
        let mut servers = vec![Self::Own(own, tempfile::tempdir().unwrap())];
        match Sshd::start_with(options.password(PASSWORD)) {
            Ok(server) => servers.push(Self::Real(server)),
            Err(sshd::Error::NeedsRoot) => {}
            Err(error) => panic!("{error}"),
        }
        servers
    }

    fn folder(&self) -> &Path {
        match self {
            Self::Own(_, folder) => folder.path(),
            Self::Real(server) => server.folder(),
        }
    }

    /// The user, with no key yet.
    fn host(&self) -> Host {
        match self {
            Self::Own(server, _) => {
                Host { strict_host_key_checking: StrictHostKeyChecking::No, ..stranger(server.port) }
            }
            Self::Real(server) => Host { identity_file: Vec::new(), ..host(server) },
        }
    }

    /// A new key; where it is `admitted`, one of the user's.
    fn key(&self, name: &str, key_type: KeyType, admitted: bool) -> PathBuf {
        match self {
            Self::Real(server) if admitted => admitted_key(server, name, key_type),
            _ => {
                let path = self.folder().join(name);
                generate_key(&path, key_type).unwrap();
                path
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_kept_back_before_the_server_loses_patience_so_that_the_password_can_be_asked() {
    let chains = vec![vec![MethodKind::PublicKey], vec![MethodKind::Password]];
    let wants = Wants { chains, refuses_keys: true, ..Wants::default() };
    for server in Server::both(wants, Options::default()).await {
        let mut host = server.host();
        host.identity_file =
            (0..8).map(|index| server.key(&format!("stranger{index}"), KeyType::Ed25519, false)).collect();
        host.preferred_authentications = vec!["publickey".to_owned(), "password".to_owned()];
        let (events, seen) = user(|_| secret(PASSWORD));
        let connection = open(&host, Secrets::default(), &events).await.unwrap();
        assert_eq!(connection.login().methods, ["password"]);
        let _ = seen.notice("refused 5 keys; 3 more were not offered").await;
        // Where nothing else is left, every key gets its chance, and the error names the cure.
        host.batch_mode = true;
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        assert!(matches!(&error, Error::TooManyFailures { .. }), "{error}");
        assert!(error.next_step().unwrap().contains("IdentitiesOnly"));
    }
}

/// What `AuthenticationMethods` says.
fn chains_of(text: &str) -> Vec<Vec<MethodKind>> {
    text.split(' ').map(|chain| chain.split(',').map(|method| method.parse().unwrap()).collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn chains_of_methods_are_walked_to_their_end() {
    for (chain, expected) in [
        ("publickey,publickey", &["publickey", "publickey"][..]),
        ("publickey,keyboard-interactive", &["publickey", "keyboard-interactive"]),
        ("publickey,password publickey,keyboard-interactive", &["publickey", "keyboard-interactive"]),
        ("password,publickey", &["password", "publickey"]),
        ("publickey,publickey,password", &["publickey", "publickey", "password"]),
    ] {
        let wants = Wants { chains: chains_of(chain), ..Wants::default() };
        for server in Server::both(wants, Options::default().line(format!("AuthenticationMethods {chain}"))).await {
            let mut host = server.host();
            host.identity_file = [("first", KeyType::Ed25519), ("second", KeyType::Ecdsa)]
                .map(|(name, key)| server.key(name, key, true))
                .to_vec();
            let (events, seen) = user(|question| match question {
                Question::KeyboardInteractive { challenges, .. } => Some(term::ssh::prompt::Answer::Responses(
                    challenges.iter().map(|_| term::ssh::Secret::new(PASSWORD.to_owned())).collect(),
                )),
                _ => secret(PASSWORD),
            });
            let connection = open(&host, Secrets::default(), &events).await.unwrap_or_else(|e| panic!("{chain}: {e}"));
            assert_eq!(connection.login().methods, expected, "{chain}");
            assert!(seen.questions().len() <= 1, "{chain}: {:?}", seen.questions());
        }
    }
}
