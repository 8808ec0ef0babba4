//! Who vouches for keys, and who takes that back: certificates' authorities, lists of revoked keys, commands.

use std::path::{Path, PathBuf};

use term::ssh::host::{Algorithms, StrictHostKeyChecking};
use term::ssh::{Error, Host, Secrets};
use testbed::Sshd;
use testbed::sshd::{KeyType, Options, generate_key};

use crate::user::{host, nobody, open, run};

/// A server with one key that an authority has certified.
struct Certified {
    server: Sshd,
    folder: tempfile::TempDir,
}

impl Certified {
    fn start(authority: KeyType, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, key_type) in [("authority", authority), ("host", KeyType::Ed25519)] {
            generate_key(&folder.path().join(name), key_type).unwrap();
        }
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (ca, public) = (path("authority"), path("host.pub"));
        let sign = ["-q", "-s", &ca, "-I", "the host", "-z", "77", "-h"];
        let _ = run("ssh-keygen", &[&sign, arguments, &[&public]].concat());
        let options = Options::default()
            .host_keys(&[])
            .line(format!("HostKey {}", path("host")))
            .line(format!("HostCertificate {}", path("host-cert.pub")));
        Self { server: Sshd::start_with(options).unwrap(), folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A host that believes the authority.
    fn host(&self) -> Host {
        let known = self.path("known_hosts");
        let authority = std::fs::read_to_string(self.path("authority.pub")).unwrap();
        std::fs::write(&known, format!("@cert-authority * {authority}")).unwrap();
        Host {
            user_known_hosts_file: vec![known],
            strict_host_key_checking: StrictHostKeyChecking::Yes,
            user: self.server.user(),
            identity_file: vec![self.server.client_key()],
            ..crate::user::stranger(self.server.port())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn authorities_of_each_type_vouch_for_a_host_without_a_question() {
    for authority in [KeyType::Ed25519, KeyType::Ecdsa, KeyType::Rsa] {
        let certified = Certified::start(authority, &["-n", "127.0.0.1"]);
        let (events, seen) = nobody();
        let _ =
            open(&certified.host(), Secrets::default(), &events).await.unwrap_or_else(|e| panic!("{authority:?}: {e}"));
        assert!(seen.questions().is_empty() && seen.notices().is_empty(), "{:?}", seen.notices());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_certificate_is_not_accepted_is_told() {
    for (arguments, told) in [
        (&["-n", "other.example"] as &[&str], "it is for other.example and not for 127.0.0.1"),
        (&["-V", "20200101:20210101"], "it was valid until 20"),
        (&["-V", "20900101:20910101"], "it is valid only from 20"),
        (&["-O", "critical:new-rule=x"], "unknown critical option new-rule"),
    ] {
        let certified = Certified::start(KeyType::Ed25519, arguments);
        let (events, seen) = nobody();
        let error = open(&certified.host(), Secrets::default(), &events).await.unwrap_err();
        assert!(matches!(error, Error::HostKeyRefused { strict: true, .. }), "{error}");
        let notice = seen.notice("is not accepted").await;
        assert!(notice.contains(told), "{notice}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn authorities_sign_only_with_the_algorithms_that_are_allowed() {
    let certified = Certified::start(KeyType::Ecdsa, &["-n", "127.0.0.1"]);
    let mut host = certified.host();
    host.ca_signature_algorithms = Algorithms::parse("ssh-ed25519");
    let (events, seen) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap_err();
    let notice = seen.notice("CASignatureAlgorithms").await;
    assert!(notice.contains("ecdsa-sha2-nistp256"), "{notice}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_names_a_host_by_its_alias_where_it_has_one() {
    let certified = Certified::start(KeyType::Ed25519, &["-n", "the-alias"]);
    let (events, _) = nobody();
    let host = certified.host();
    assert!(open(&host, Secrets::default(), &events).await.is_err());
    let host = Host { host_key_alias: Some("the-alias".to_owned()), ..host };
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
}

/// Makes a key revocation list of what is written in `specification`, as `ssh-keygen -k` reads it.
fn krl(certified: &Certified, name: &str, specification: &str) -> PathBuf {
    let (list, text) = (certified.path(name), certified.path(&format!("{name}.txt")));
    std::fs::write(&text, specification).unwrap();
    let path = |path: &Path| path.display().to_string();
    let authority = certified.path("authority.pub");
    let _ = run("ssh-keygen", &["-q", "-k", "-f", &path(&list), "-s", &path(&authority), &path(&text)]);
    list
}

#[tokio::test(flavor = "multi_thread")]
async fn key_revocation_lists_revoke_what_ssh_keygen_says_they_revoke() {
    let certified = Certified::start(KeyType::Ed25519, &["-n", "127.0.0.1"]);
    let stranger = certified.path("stranger");
    generate_key(&stranger, KeyType::Rsa).unwrap();
    let text = |name: &str| std::fs::read_to_string(certified.path(name)).unwrap();
    let fingerprint = run("ssh-keygen", &["-lf", &certified.path("host.pub").display().to_string()]);
    let fingerprint = fingerprint.split(' ').nth(1).unwrap().to_owned();
    let (key, authority, other) = (text("host.pub"), text("authority.pub"), text("stranger.pub"));
    let many: String = (1..300).map(|serial| format!("serial: {}\n", serial * 2 + 1)).collect();
    for (index, (specification, revoked)) in [
        (String::new(), false),
        (format!("key: {key}"), true),
        (format!("key: {authority}"), true),
        (format!("key: {other}"), false),
        (format!("sha1: {key}"), true),
        (format!("sha256: {key}"), true),
        (format!("sha256: {other}"), false),
        (format!("hash: {fingerprint}"), true),
        ("serial: 77".to_owned(), true),
        ("serial: 76".to_owned(), false),
        ("serial: 70-80".to_owned(), true),
        ("serial: 78-90".to_owned(), false),
        ("serial: 18446744073709551615".to_owned(), false),
        (many, true),
        ("id: the host".to_owned(), true),
        ("id: another".to_owned(), false),
    ]
    .into_iter()
    .enumerate()
    {
        let list = krl(&certified, &format!("list{index}"), &specification);
        let asked = std::process::Command::new("ssh-keygen")
            .args(["-Q", "-f", &list.display().to_string(), &certified.path("host-cert.pub").display().to_string()])
            .output()
            .unwrap();
        assert_eq!(!asked.status.success(), revoked, "ssh-keygen on {specification}: {asked:?}");
        let host = Host { revoked_host_keys: Some(list.clone()), ..certified.host() };
        let (events, _) = nobody();
        match open(&host, Secrets::default(), &events).await {
            Ok(_) => assert!(!revoked, "{specification}"),
            Err(Error::HostKeyRevoked { place, .. }) => assert!(revoked && place.path == list, "{specification}"),
            Err(error) => panic!("{specification}: {error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_accepted_while_the_list_of_revoked_keys_cannot_be_read() {
    let certified = Certified::start(KeyType::Ed25519, &["-n", "127.0.0.1"]);
    let list = krl(&certified, "list", "serial: 5");
    let whole = std::fs::read(&list).unwrap();
    let broken = certified.path("broken");
    let contents: Vec<Vec<u8>> = vec![
        b"no key at all".to_vec(),
        whole[..whole.len() - 3].to_vec(),
        [&whole[..], &[9, 0, 0, 0, 0]].concat(),
        [&whole[..11], &[7], &whole[12..]].concat(),
    ];
    for content in &contents {
        std::fs::write(&broken, content).unwrap();
        let host = Host { revoked_host_keys: Some(broken.clone()), ..certified.host() };
        let (events, seen) = nobody();
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        assert!(error.to_string().contains("RevokedHostKeys"), "{error}");
        assert!(seen.questions().is_empty());
    }
    for missing in [certified.path("missing"), certified.folder.path().to_owned()] {
        let host = Host { revoked_host_keys: Some(missing), ..certified.host() };
        let (events, _) = nobody();
        assert!(matches!(open(&host, Secrets::default(), &events).await, Err(Error::KnownHosts(_))));
    }
}

/// A program that prints known hosts, and writes down what it was asked.
fn command(folder: &Path, prints: &str) -> (String, PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let (script, asked) = (folder.join("known hosts"), folder.join("asked"));
    let text = format!("#!/bin/sh\necho \"$@\" >> '{}'\ncat <<'END'\n{prints}\nEND\n", asked.display());
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    (format!("'{}' %I %H %t %f", script.display()), asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_hosts_command_tells_keys_and_is_asked_as_ssh_asks_it() {
    let server = Sshd::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (line, asked) = command(folder.path(), &server.known_hosts_line().unwrap());
    let mut host = host(&server);
    host.user_known_hosts_file = vec![folder.path().join("none yet")];
    host.strict_host_key_checking = StrictHostKeyChecking::Yes;
    host.known_hosts_command = Some(line.clone());
    let (events, _) = nobody();
    let _ = open(&host, Secrets::default(), &events).await.unwrap();
    let ours = std::fs::read_to_string(&asked).unwrap();
    std::fs::remove_file(&asked).unwrap();
    let option = |text: String| ["-o".to_owned(), text];
    let status = std::process::Command::new("ssh")
        .args(["-F", "none", "-p", &server.port().to_string(), "-i", &server.client_key().display().to_string()])
        .args(option("UserKnownHostsFile=none".to_owned()))
        .args(option("GlobalKnownHostsFile=none".to_owned()))
        .args(option("StrictHostKeyChecking=yes".to_owned()))
        .args(option(format!("KnownHostsCommand={line}")))
        .args([&format!("{}@127.0.0.1", server.user()), "true"])
        .status()
        .unwrap();
    assert!(status.success());
    let theirs = std::fs::read_to_string(&asked).unwrap();
    // ssh(1) asks for "none" types of keys as "NONE" too; the order of the questions is the same.
    assert_eq!(ours, theirs);
    assert!(ours.starts_with("ORDER 127.0.0.1 NONE NONE\nHOSTNAME [127.0.0.1]:"), "{ours}");
    assert!(!folder.path().join("none yet").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_hosts_command_that_fails_ends_the_connection() {
    let server = Sshd::start().unwrap();
    for command in ["/bin/false", "/no/such/program", "relative", "/bin/echo 'x"] {
        let host = Host { known_hosts_command: Some(command.to_owned()), ..host(&server) };
        let (events, _) = nobody();
        let error = open(&host, Secrets::default(), &events).await.unwrap_err();
        assert!(matches!(&error, Error::KnownHosts(_)) && error.to_string().contains("KnownHostsCommand"), "{error}");
        assert!(error.next_step().is_some());
    }
}
