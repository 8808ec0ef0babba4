//! Secrets in a real gnome-keyring, in each state that users meet one in.

use std::future::Future;
use std::time::{Duration, Instant};

use term::ssh::{self, Secret};
use testbed::Keyring;
use testbed::process::{self, told, within};
use tetherm::store::secrets::{Error, Kept, Key, Secrets, Status};

/// The figure to hold: longer than this no user waits for a keyring before being asked.
const AT_MOST: Duration = Duration::from_secs(3);

fn key() -> Key {
    Key::password("me", "web.example.org", 22)
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn timed<T>(future: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let answer = block_on(future);
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    answer
}

fn signal(name: &str, pid: &str) {
    assert!(std::process::Command::new("kill").args([name, pid]).status().unwrap().success());
}

#[test]
fn a_secret_comes_back_from_the_keyring_until_it_is_forgotten() {
    if told().is_none() {
        let keyring = Keyring::unlocked().unwrap();
        within(a_secret_comes_back_from_the_keyring_until_it_is_forgotten, keyring.environment(), "");
        let attributes = [("service", "tetherm"), ("username", "password:me@web.example.org:22")];
        assert_eq!(keyring.look_up(&attributes).unwrap(), "sécret two");
        return;
    }
    block_on(async {
        let secrets = Secrets::new();
        assert_eq!(secrets.get(&key()).await, Ok(None));
        assert_eq!(secrets.remember(key(), secret("one")).await, Kept::Keyring);
        assert_eq!(secrets.remember(key(), secret("sécret two")).await, Kept::Keyring);
        // Another instance sees what the keyring holds, not what this one remembers.
        let other = Secrets::new();
        assert_eq!(other.get(&key()).await, Ok(Some(secret("sécret two"))));
        let passphrase = Key::passphrase("/home/me/.ssh/id".into());
        assert_eq!(other.get(&passphrase).await, Ok(None));
        assert_eq!(other.remember(passphrase.clone(), secret("")).await, Kept::Keyring);
        assert_eq!(secrets.get(&passphrase).await, Ok(Some(secret(""))));
        assert_eq!(secrets.forget(&passphrase).await, Ok(()));
        assert_eq!(secrets.forget(&passphrase).await, Ok(()));
        assert_eq!(other.get(&passphrase).await, Ok(None));
        assert_eq!(secrets.status().await.to_string(), "Secrets are kept in GNOME Keyring, unlocked");
    });
}

#[test]
fn everything_a_connection_needs_comes_at_once() {
    if told().is_none() {
        return within(everything_a_connection_needs_comes_at_once, Keyring::unlocked().unwrap().environment(), "");
    }
    block_on(async {
        let secrets = Secrets::new();
        let file = std::path::PathBuf::from("/home/me/.ssh/id");
        assert_eq!(secrets.remember(key(), secret("word")).await, Kept::Keyring);
        secrets.remember_for_session(Key::passphrase(file.clone()), secret("phrase"));
        let proxy: ssh::Proxy = "socks5://me@proxy:1080".parse().unwrap();
        assert_eq!(secrets.remember(Key::proxy(&proxy), secret("of the proxy")).await, Kept::Keyring);
        secrets.remember_for_session(Key::password("me", "bastion", 22), secret("of the bastion"));
        let to = |name: &str| ssh::Host {
            identity_file: vec![file.clone()],
            ..ssh::Host::new(name, "me", std::path::Path::new("/home/me"))
        };
        let host = ssh::Host { jumps: vec![to("bastion")], ..to("WEB.example.org") }.through(proxy);
        let (found, problem) = secrets.for_host(&host).await;
        assert_eq!((found.password.clone(), problem), (Some(secret("word")), None));
        assert_eq!(found.passphrases.get(&file), Some(&secret("phrase")));
        // What the hosts on the way need comes with it, and goes to no other.
        let [bastion] = &found.jumps[..] else { panic!("{found:?}") };
        assert_eq!(
            (&bastion.password, &bastion.proxy),
            (&Some(secret("of the bastion")), &Some(secret("of the proxy")))
        );
        assert_eq!((found.proxy, bastion.passphrases.len()), (None, 1));
    });
}

#[test]
fn a_locked_keyring_is_named_and_loses_nothing() {
    if told().is_none() {
        let mut keyring = Keyring::unlocked().unwrap();
        within(a_locked_keyring_is_named_and_loses_nothing, keyring.environment(), "save");
        keyring.lock().unwrap();
        within(a_locked_keyring_is_named_and_loses_nothing, keyring.environment(), "locked");
        keyring.unlock().unwrap();
        return within(a_locked_keyring_is_named_and_loses_nothing, keyring.environment(), "again");
    }
    let locked = Error::Locked { store: "GNOME Keyring".to_owned() };
    let secrets = Secrets::new();
    match told().unwrap().as_str() {
        "save" => assert_eq!(block_on(secrets.remember(key(), secret("one"))), Kept::Keyring),
        "locked" => {
            // It says "no such entry" itself, which would be wrong.
            assert_eq!(timed(secrets.get(&key())), Err(locked.clone()));
            assert_eq!(timed(secrets.forget(&key())), Err(locked.clone()));
            assert_eq!(timed(secrets.status()), Status::Locked { store: "GNOME Keyring".to_owned() });
            assert_eq!(timed(secrets.remember(key(), secret("two"))), Kept::Session(locked.clone()));
            assert_eq!(timed(secrets.get(&key())), Ok(Some(secret("two"))));
            // There is no one here to type its password.
            assert_eq!(timed(secrets.unlock()), Err(locked));
        }
        _ => assert_eq!(block_on(secrets.get(&key())), Ok(Some(secret("one")))),
    }
}

#[test]
fn a_hanging_keyring_is_given_up_and_used_again_when_it_answers() {
    if told().is_none() {
        let keyring = Keyring::unlocked().unwrap();
        return within(
            a_hanging_keyring_is_given_up_and_used_again_when_it_answers,
            keyring.environment(),
            &keyring.pid().to_string(),
        );
    }
    let pid = told().unwrap();
    let secrets = Secrets::new();
    assert_eq!(block_on(secrets.remember(key(), secret("one"))), Kept::Keyring);
    signal("-STOP", &pid);
    assert_eq!(timed(secrets.get(&key())), Err(Error::Silent));
    assert_eq!(timed(secrets.status()), Status::Silent);
    assert_eq!(block_on(secrets.remember(key(), secret("two"))), Kept::Session(Error::Silent));
    assert_eq!(timed(secrets.get(&key())), Ok(Some(secret("two"))));
    assert_eq!(timed(secrets.retry()), Status::Silent);
    signal("-CONT", &pid);
    let available = Status::Available { store: "GNOME Keyring".to_owned() };
    assert_eq!(block_on(secrets.retry()), available);
    assert_eq!(block_on(Secrets::new().get(&key())), Ok(Some(secret("two"))), "what waited was not saved");
}

#[test]
fn a_keyring_that_was_started_anew_is_used_at_once() {
    if told().is_none() {
        let mut keyring = Keyring::unlocked().unwrap();
        let environment = keyring.environment();
        let gate = tempfile::tempdir().unwrap();
        let (asked, answered) = (gate.path().join("asked"), gate.path().join("answered"));
        let mut child =
            process::again(a_keyring_that_was_started_anew_is_used_at_once, &gate.path().display().to_string())
                .envs(environment)
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap();
        let deadline = testbed::Deadline::generous();
        deadline.wait_until("the first save", || asked.exists() || child.try_wait().unwrap().is_some()).unwrap();
        keyring.lock().unwrap();
        keyring.unlock().unwrap();
        std::fs::write(answered, "").unwrap();
        return process::finish(&child.wait_with_output().unwrap());
    }
    let gate = std::path::PathBuf::from(told().unwrap());
    let secrets = Secrets::new();
    assert_eq!(block_on(secrets.remember(key(), secret("one"))), Kept::Keyring);
    std::fs::write(gate.join("asked"), "").unwrap();
    testbed::Deadline::generous().wait_until("the new keyring", || gate.join("answered").exists()).unwrap();
    assert_eq!(block_on(secrets.get(&key())), Ok(Some(secret("one"))));
}

#[test]
fn without_a_keyring_secrets_last_for_the_session() {
    if told().is_none() {
        within(without_a_keyring_secrets_last_for_the_session, Keyring::absent().unwrap().environment(), "nobody");
        let nowhere = "unix:path=/nonexistent/bus".into();
        return within(
            without_a_keyring_secrets_last_for_the_session,
            [("DBUS_SESSION_BUS_ADDRESS", nowhere), ("XDG_RUNTIME_DIR", "/nonexistent".into())],
            "no bus",
        );
    }
    let secrets = Secrets::new();
    let status = timed(secrets.status());
    let Status::Absent { reason } = &status else { panic!("{status}") };
    let expected =
        if told().unwrap() == "nobody" { "no program offers the Secret Service" } else { "no D-Bus session" };
    assert!(reason.contains(expected), "{reason}");
    assert_eq!(status.to_string(), "No keyring: secrets last for this session only");
    let absent = Error::Absent { reason: reason.clone() };
    assert_eq!(timed(secrets.get(&key())), Err(absent.clone()));
    assert_eq!(timed(secrets.remember(key(), secret("one"))), Kept::Session(absent));
    assert_eq!(timed(secrets.get(&key())), Ok(Some(secret("one"))));
    assert!(timed(secrets.forget(&key())).is_err());
    assert!(timed(secrets.get(&key())).is_err());
}

#[test]
fn a_keyring_that_appears_takes_what_waited_for_it() {
    if told().is_none() {
        let mut keyring = Keyring::absent().unwrap();
        let gate = tempfile::tempdir().unwrap();
        let mut child =
            process::again(a_keyring_that_appears_takes_what_waited_for_it, &gate.path().display().to_string())
                .envs(keyring.environment())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap();
        let asked = gate.path().join("asked");
        let deadline = testbed::Deadline::generous();
        deadline.wait_until("the first try", || asked.exists() || child.try_wait().unwrap().is_some()).unwrap();
        keyring.unlock().unwrap();
        std::fs::write(gate.path().join("answered"), "").unwrap();
        process::finish(&child.wait_with_output().unwrap());
        let attributes = [("service", "tetherm"), ("username", "password:me@web.example.org:22")];
        assert_eq!(keyring.look_up(&attributes).unwrap(), "one");
        return;
    }
    let gate = std::path::PathBuf::from(told().unwrap());
    let secrets = Secrets::new();
    assert!(matches!(block_on(secrets.remember(key(), secret("one"))), Kept::Session(Error::Absent { .. })));
    std::fs::write(gate.join("asked"), "").unwrap();
    testbed::Deadline::generous().wait_until("a keyring", || gate.join("answered").exists()).unwrap();
    assert!(matches!(block_on(secrets.retry()), Status::Available { .. }));
}

#[test]
fn no_secret_is_shown_by_debug() {
    let secrets = Secrets::new();
    secrets.remember_for_session(key(), secret("hunter2"));
    assert!(!format!("{secrets:?}").contains("hunter2"));
}
