//! The same files, the same server, the same settings: ssh(1) and this program come to the same verdict.
//!
//! Three differences are meant. A key that is revoked stays refused here with `StrictHostKeyChecking no` too; a key that
//! is revoked for a host's bare name is refused on its other ports as well; and a key that has changed on a port has
//! changed also where the server wraps it in a certificate that nobody vouches for, while ssh(1) then goes by the key
//! that the bare name has.

use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use russh::keys::PublicKey;
use term::ssh::host::{StrictHostKeyChecking as Strict, YesNoAsk};
use term::ssh::known_hosts::Status;
use term::ssh::{Error, Host, KnownHosts, Secrets};
use testbed::Sshd;
use testbed::sshd::{KeyType, Options, generate_key};

use crate::user::{LIMIT, nobody, run, stranger};

/// What became of a server's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Known, or taken in as new.
    Accepted,
    /// Not the known one, and accepted by `StrictHostKeyChecking no`.
    AcceptedThoughChanged,
    /// Not known, and refused for that.
    RefusedAsNew,
    RefusedAsChanged,
    RefusedAsRevoked,
}

/// A server with keys of three types, of which one has a certificate.
struct Stage {
    server: Sshd,
    folder: tempfile::TempDir,
}

/// What is asked of both programs.
#[derive(Debug, Clone)]
struct Case {
    user: [String; 2],
    global: String,
    strict: Strict,
    alias: bool,
    revoked: Option<String>,
}

const ALIAS: &str = "the-alias.example";

/// The keys of a stage by name, in the files `NAME` and `NAME.pub`: the server's three, others, two authorities.
const KEYS: [(&str, KeyType); 8] = [
    ("ed25519", KeyType::Ed25519),
    ("ecdsa", KeyType::Ecdsa),
    ("rsa", KeyType::Rsa),
    ("other-ed25519", KeyType::Ed25519),
    ("other-ecdsa", KeyType::Ecdsa),
    ("other-rsa", KeyType::Rsa),
    ("authority", KeyType::Ed25519),
    ("other-authority", KeyType::Ecdsa),
];

impl Stage {
    /// `certificate` are ssh-keygen's arguments for the certificate of the Ed25519 key, if it has one.
    fn start(certificate: Option<&[&str]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, key_type) in KEYS {
            generate_key(&folder.path().join(name), key_type).unwrap();
        }
        let path = |name: &str| folder.path().join(name).display().to_string();
        let mut options = Options::default().host_keys(&[]);
        for (name, _) in &KEYS[..3] {
            options = options.line(format!("HostKey {}", path(name)));
        }
        if let Some(arguments) = certificate {
            let (authority, public) = (path("authority"), path("ed25519.pub"));
            let sign = ["-q", "-s", &authority, "-I", "host", "-h"];
            let _ = run("ssh-keygen", &[&sign, arguments, &[&public]].concat());
            options = options.line(format!("HostCertificate {}", path("ed25519-cert.pub")));
        }
        Self { server: Sshd::start_with(options).unwrap(), folder }
    }

    fn key(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.folder.path().join(format!("{name}.pub"))).unwrap();
        text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    }

    fn name(&self) -> String {
        format!("[127.0.0.1]:{}", self.server.port())
    }

    fn case(&self, lines: &str) -> Case {
        let mut text = lines.replace("NAME", &self.name());
        for (name, _) in KEYS.iter().rev() {
            text = text.replace(&format!("<{name}>"), &self.key(name));
        }
        Case { user: [text, String::new()], global: String::new(), strict: Strict::Yes, alias: false, revoked: None }
    }

    fn write(&self, run: &str, case: &Case) -> ([PathBuf; 2], PathBuf, Option<PathBuf>) {
        let folder = self.folder.path().join(run);
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let user = [write("user", &case.user[0]), write("user2", &case.user[1])];
        let revoked = case.revoked.as_ref().map(|text| write("revoked", text));
        (user, write("global", &case.global), revoked)
    }

    /// What ssh(1) makes of it, and its first file afterwards.
    fn ssh(&self, case: &Case) -> (Outcome, String) {
        let ([first, second], global, revoked) = self.write("ssh", case);
        let strict = match case.strict {
            Strict::Yes => "yes",
            Strict::No => "no",
            Strict::Ask => "ask",
            Strict::AcceptNew => "accept-new",
        };
        let mut command = Command::new("ssh");
        let option = |command: &mut Command, text: String| {
            let _ = command.arg("-o").arg(text);
        };
        let _ = command.args(["-F", "none", "-p", &self.server.port().to_string()]);
        option(&mut command, format!("UserKnownHostsFile={} {}", first.display(), second.display()));
        option(&mut command, format!("GlobalKnownHostsFile={}", global.display()));
        option(&mut command, format!("StrictHostKeyChecking={strict}"));
        for text in ["BatchMode=yes", "PreferredAuthentications=none", "UpdateHostKeys=no", "HashKnownHosts=no"] {
            option(&mut command, text.to_owned());
        }
        if case.alias {
            option(&mut command, format!("HostKeyAlias={ALIAS}"));
        }
        if let Some(path) = &revoked {
            option(&mut command, format!("RevokedHostKeys={}", path.display()));
        }
        let output = command.args(["nobody@127.0.0.1", "true"]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let outcome = if told.contains("REVOKED HOST KEY") || told.contains("revoked by file") {
            Outcome::RefusedAsRevoked
        } else if told.contains("Permission denied") && told.contains("IDENTIFICATION HAS CHANGED") {
            Outcome::AcceptedThoughChanged
        } else if told.contains("Permission denied") {
            Outcome::Accepted
        } else if told.contains("IDENTIFICATION HAS CHANGED") {
            Outcome::RefusedAsChanged
        } else if told.contains("Host key verification failed") {
            Outcome::RefusedAsNew
        } else {
            panic!("{case:#?}: {told}")
        };
        (outcome, std::fs::read_to_string(first).unwrap())
    }

    /// What this program makes of it, and its first file afterwards.
    async fn ours(&self, case: &Case) -> (Outcome, String) {
        let (user, global, revoked) = self.write("ours", case);
        let first = user[0].clone();
        let host = Host {
            user_known_hosts_file: user.to_vec(),
            global_known_hosts_file: vec![global],
            strict_host_key_checking: case.strict,
            batch_mode: true,
            preferred_authentications: Vec::new(),
            update_host_keys: YesNoAsk::No,
            host_key_alias: case.alias.then(|| ALIAS.to_owned()),
            revoked_host_keys: revoked,
            ..stranger(self.server.port())
        };
        let (events, seen) = nobody();
        let opened = tokio::time::timeout(LIMIT, term::ssh::Connection::open(host, Secrets::default(), events)).await;
        let outcome = match opened.expect("it takes too long") {
            Err(Error::AuthenticationFailed { .. }) => {
                // The last event was sent before the error; the user reads them in a task of its own.
                while seen.stages().last().is_none_or(|stage| !stage.contains("Authenticating")) {
                    tokio::task::yield_now().await;
                }
                match seen.notices().iter().any(|notice| notice.contains("the host key has changed")) {
                    true => Outcome::AcceptedThoughChanged,
                    false => Outcome::Accepted,
                }
            }
            Err(Error::HostKeyRefused { .. }) => Outcome::RefusedAsNew,
            Err(Error::HostKeyChanged { .. }) => Outcome::RefusedAsChanged,
            Err(Error::HostKeyRevoked { .. }) => Outcome::RefusedAsRevoked,
            other => panic!("{case:#?}: {other:?}"),
        };
        (outcome, std::fs::read_to_string(first).unwrap())
    }

    /// Whether the certificate's key is known for the server's bare name.
    fn known_by_bare_name(&self, case: &Case) -> bool {
        let (user, global, _) = self.write("asked", case);
        let known = KnownHosts::new(user.to_vec(), vec![global]);
        let key = PublicKey::from_openssh(&self.key("ed25519")).unwrap();
        let certified = self.folder.path().join("ed25519-cert.pub").exists();
        certified && matches!(known.check("127.0.0.1", 22, &key).unwrap(), Status::Known(_))
    }

    /// Compares both, and gives the outcome.
    async fn compare(&self, case: &Case) -> Outcome {
        let (theirs, ours) = (self.ssh(case), self.ours(case).await);
        // Deliberately stricter: see the top of this file.
        if theirs.0 == Outcome::RefusedAsRevoked {
            assert_eq!(ours.0, theirs.0, "{case:#?}");
            return ours.0;
        }
        let changed = matches!(ours.0, Outcome::RefusedAsChanged | Outcome::AcceptedThoughChanged);
        if changed && theirs.0 == Outcome::Accepted && self.known_by_bare_name(case) {
            return ours.0;
        }
        assert_eq!(ours, theirs, "{case:#?}");
        ours.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_known_hosts_files_is_judged_as_ssh_judges_it() {
    use Outcome::{Accepted, RefusedAsChanged, RefusedAsNew, RefusedAsRevoked};
    let stage = Stage::start(None);
    for (lines, expected) in [
        ("", RefusedAsNew),
        ("NAME <ed25519>\n", Accepted),
        ("NAME <ecdsa>\n", Accepted),
        ("NAME <rsa>\n", Accepted),
        ("NAME <rsa>", Accepted),
        ("# NAME <ed25519>\n\n", RefusedAsNew),
        ("NAME <ed25519>\r\n", Accepted),
        ("  \tNAME\t<ed25519>  a comment\n", Accepted),
        ("NAME <other-ed25519>\n", RefusedAsChanged),
        ("NAME <other-rsa>\n", RefusedAsChanged),
        ("NAME <other-rsa>\nNAME <rsa>\n", Accepted),
        ("NAME <other-ed25519>\nNAME <rsa>\n", RefusedAsChanged),
        ("NAME <other-ecdsa>\nNAME <rsa>\n", RefusedAsChanged),
        ("127.0.0.1 <ed25519>\n", Accepted),
        ("127.0.0.1 <other-ed25519>\n", RefusedAsNew),
        ("127.0.0.1 <ed25519>\nNAME <other-ed25519>\n", RefusedAsChanged),
        ("127.0.0.1 <other-ed25519>\nNAME <ed25519>\n", Accepted),
        ("other.example,NAME <ed25519>\n", Accepted),
        ("other.example <ed25519>\n", RefusedAsNew),
        ("[127.0.0.*]:* <ed25519>\n", Accepted),
        ("[127.0.0.?]:* <ed25519>\n", Accepted),
        ("* <ed25519>\n", Accepted),
        ("* <other-ed25519>\n", RefusedAsChanged),
        ("*,!NAME <ed25519>\n", Accepted),
        ("*,!127.0.0.1 <ed25519>\n", Accepted),
        ("*,!NAME,!127.0.0.1 <ed25519>\n", RefusedAsNew),
        ("!NAME <ed25519>\n", RefusedAsNew),
        ("@revoked * <ed25519>\n", RefusedAsRevoked),
        ("@revoked NAME <ed25519>\nNAME <ed25519>\n", RefusedAsRevoked),
        ("NAME <ed25519>\n@revoked * <ed25519>\n", RefusedAsRevoked),
        ("NAME <ed25519>\n@revoked * <rsa>\n", Accepted),
        ("NAME <rsa>\n@revoked * <ed25519>\n", Accepted),
        ("@revoked other.example <ed25519>\nNAME <ed25519>\n", Accepted),
        ("@cert-authority * <authority>\n", RefusedAsNew),
        ("@cert-authority * <ed25519>\n", RefusedAsNew),
        ("@unknown NAME <ed25519>\n", RefusedAsNew),
        ("@revoked\n", RefusedAsNew),
        ("NAME\n", RefusedAsNew),
        ("NAME ssh-ed25519\n", RefusedAsNew),
        ("NAME ssh-ed25519 AAAA\nNAME <ed25519>\n", Accepted),
        ("NAME ssh-rsa <ed25519>\nNAME <ecdsa>\n", Accepted),
        ("|1|bad|bad <ed25519>\nNAME <ed25519>\n", Accepted),
        ("NAME 256 65537 1234567890\nNAME <ed25519>\n", Accepted),
    ] {
        assert_eq!(stage.compare(&stage.case(lines)).await, expected, "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_strict_host_key_checking_does_what_ssh_does() {
    use Outcome::{Accepted, AcceptedThoughChanged, RefusedAsChanged, RefusedAsNew, RefusedAsRevoked};
    let stage = Stage::start(None);
    for (lines, outcomes) in [
        ("", [RefusedAsNew, RefusedAsNew, Accepted, Accepted]),
        ("# a comment\n", [RefusedAsNew, RefusedAsNew, Accepted, Accepted]),
        ("NAME <ed25519>\n", [Accepted; 4]),
        ("NAME <other-ed25519>\n", [RefusedAsChanged, RefusedAsChanged, RefusedAsChanged, AcceptedThoughChanged]),
        ("@revoked * <ed25519>\n", [RefusedAsRevoked; 4]),
    ] {
        for (strict, expected) in [Strict::Yes, Strict::Ask, Strict::AcceptNew, Strict::No].into_iter().zip(outcomes) {
            let case = Case { strict, ..stage.case(lines) };
            assert_eq!(stage.compare(&case).await, expected, "{strict:?} {lines:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_files_an_alias_and_revoked_keys_are_taken_as_ssh_takes_them() {
    use Outcome::{Accepted, RefusedAsChanged, RefusedAsNew, RefusedAsRevoked};
    let stage = Stage::start(None);
    let empty = stage.case("");
    let known = stage.case("NAME <ed25519>\n").user[0].clone();
    let wrong = stage.case("NAME <other-ed25519>\n").user[0].clone();
    let second = Case { user: [String::new(), known.clone()], ..empty.clone() };
    let global = Case { global: known.clone(), ..empty.clone() };
    let both = Case { user: [wrong.clone(), known.clone()], ..empty.clone() };
    let against = Case { user: [known.clone(), String::new()], global: wrong, ..empty.clone() };
    for case in [second, global, both, against] {
        assert_eq!(stage.compare(&case).await, Accepted);
    }
    for (lines, expected) in [
        (format!("{ALIAS} <ed25519>\n"), Accepted),
        ("NAME <ed25519>\n127.0.0.1 <ed25519>\n".to_owned(), RefusedAsNew),
        (format!("*.EXAMPLE <ed25519>\n{ALIAS} <other-ed25519>\n"), Accepted),
        (format!("[{ALIAS}]:22 <ed25519>\n"), RefusedAsNew),
        (format!("{ALIAS} <other-ed25519>\n"), RefusedAsChanged),
    ] {
        let case = Case { alias: true, ..stage.case(&lines) };
        assert_eq!(stage.compare(&case).await, expected, "{lines:?}");
    }
    for (list, expected) in [
        ("", Accepted),
        ("# a comment\n\n", Accepted),
        ("<other-ed25519>\n<rsa> comment\n", Accepted),
        ("<other-ed25519>\n  <ed25519>\n", RefusedAsRevoked),
    ] {
        let case = Case { revoked: Some(stage.case(list).user[0].clone()), ..stage.case("NAME <ed25519>\n") };
        assert_eq!(stage.compare(&case).await, expected, "{list:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_judged_as_ssh_judges_them() {
    use Outcome::{Accepted, RefusedAsChanged, RefusedAsNew, RefusedAsRevoked};
    let right: &[&str] = &["-n", "127.0.0.1,another.example", "-V", "-1d:+1d"];
    for (certificate, expected) in [
        (right, Accepted),
        (&["-V", "-1d:+1d"], Accepted),
        (&["-n", "another.example"], RefusedAsNew),
        (&["-n", "127.0.0.1", "-V", "-2d:-1d"], RefusedAsNew),
        (&["-n", "127.0.0.1", "-V", "+1d:+2d"], RefusedAsNew),
        (&["-n", "127.0.0.1", "-O", "critical:unknown=x"], RefusedAsNew),
    ] {
        let stage = Stage::start(Some(certificate));
        let outcome = stage.compare(&stage.case("@cert-authority * <authority>\n")).await;
        assert_eq!(outcome, expected, "{certificate:?}");
    }
    let stage = Stage::start(Some(right));
    for (lines, expected) in [
        ("@cert-authority NAME <authority>\n", Accepted),
        ("@cert-authority 127.0.0.1 <authority>\n", Accepted),
        ("@cert-authority 127.0.0.1 <authority>\n@cert-authority NAME <other-authority>\n", Accepted),
        ("@cert-authority other.example <authority>\n", RefusedAsNew),
        ("@cert-authority * <other-authority>\n", RefusedAsNew),
        ("@cert-authority * <other-authority>\nNAME <ed25519>\n", Accepted),
        ("@cert-authority * <authority>\nNAME <other-ed25519>\n", Accepted),
        ("@cert-authority * <other-authority>\nNAME <other-ed25519>\n", RefusedAsChanged),
        ("@cert-authority * <authority>\n@revoked * <authority>\n", RefusedAsRevoked),
        ("@cert-authority * <authority>\n@revoked * <ed25519>\n", RefusedAsRevoked),
        ("@cert-authority * <authority>\n@revoked * <rsa>\n", Accepted),
        ("NAME <ed25519>\n@revoked * <authority>\n", RefusedAsRevoked),
        ("NAME <rsa>\n@revoked * <authority>\n", Accepted),
        ("NAME <authority>\n", RefusedAsChanged),
    ] {
        assert_eq!(stage.compare(&stage.case(lines)).await, expected, "{lines:?}");
    }
    let listed = |key: &str| Some(stage.key(key) + "\n");
    let trusted = stage.case("@cert-authority * <authority>\n");
    for (revoked, expected) in
        [("authority", RefusedAsRevoked), ("ed25519", RefusedAsRevoked), ("other-authority", Accepted)]
    {
        let case = Case { revoked: listed(revoked), ..trusted.clone() };
        assert_eq!(stage.compare(&case).await, expected, "{revoked}");
    }
}

/// Lines that somebody might have in a file, `NAME` and keys not filled in yet.
fn line() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        4 => Just("NAME"),
        2 => Just("127.0.0.1"),
        1 => Just("*"),
        1 => Just("[127.0.0.1]:*"),
        1 => Just("other.example"),
        1 => Just("*,!NAME"),
        1 => Just("other.example,NAME"),
        1 => Just("NAME,!127.*"),
        1 => Just("!*,NAME"),
        1 => Just("?"),
        1 => Just(ALIAS),
        1 => Just("*.EXAMPLE"),
    ];
    let key = prop::sample::select(KEYS.iter().map(|(name, _)| format!("<{name}>")).collect::<Vec<_>>());
    // A key that is revoked for the bare name alone is one of the differences that are meant.
    let revoked = prop::sample::select(vec!["NAME", "*", "other.example", "[127.0.0.1]:*"]);
    prop_oneof![
        8 => (name.clone(), key.clone()).prop_map(|(name, key)| format!("{name} {key}")),
        2 => (name, key.clone()).prop_map(|(name, key)| format!("@cert-authority {name} {key}")),
        1 => (revoked, key.clone()).prop_map(|(name, key)| format!("@revoked {name} {key}")),
        1 => key.prop_map(|key| format!("NAME {}", key.replace('>', "> trailing words"))),
        1 => prop::sample::select(vec![
            "", "#", "# comment NAME", "NAME", "NAME ssh-ed25519", "@revoked NAME", "@cert-authority", "@other NAME <rsa>",
            "NAME ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA", "|1|abc|def <ed25519>", " \t", "NAME  ecdsa-sha2-nistp256 !",
        ]).prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let end = prop_oneof![4 => Just("\n"), 1 => Just("\r\n")];
    (prop::collection::vec((line(), end), 0..5), any::<bool>()).prop_map(|(lines, ended)| {
        let text: String = lines.iter().flat_map(|(line, end)| [line.as_str(), end]).collect();
        if ended { text } else { text.trim_end_matches(['\r', '\n']).to_owned() }
    })
}

/// The same cases in every run; `PROPTEST_CASES` in the environment asks for that many of others.
#[tokio::test(flavor = "multi_thread")]
async fn generated_known_hosts_files_are_judged_as_ssh_judges_them() {
    let cases: Option<u32> = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let stages = [Stage::start(None), Stage::start(Some(&["-n", "127.0.0.1", "-V", "-1d:+1d"]))];
    let runtime = tokio::runtime::Handle::current();
    let run = move || {
        let strict = prop::sample::select(vec![Strict::Yes, Strict::Ask, Strict::AcceptNew, Strict::No]);
        let strategy = (text(), text(), text(), strict, prop::bool::weighted(0.2), any::<bool>());
        let config = Config { cases: cases.unwrap_or(60), failure_persistence: None, ..Config::default() };
        let mut runner = match cases {
            Some(_) => TestRunner::new(config),
            None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::default())),
        };
        runner.run(&strategy, |(first, second, global, strict, alias, certified)| {
            let stage = &stages[usize::from(certified)];
            let fill = |text: &str| stage.case(text).user[0].clone();
            // Older ssh(1) adds a key to the end of a line that has no end, and both are lost.
            let end = if first.is_empty() || first.ends_with('\n') { "" } else { "\n" };
            let user = [fill(&first) + end, fill(&second)];
            let case = Case { user, global: fill(&global), strict, alias, revoked: None };
            let _ = runtime.block_on(stage.compare(&case));
            Ok(())
        })
    };
    tokio::task::spawn_blocking(run).await.unwrap().unwrap();
}
