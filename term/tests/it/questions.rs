//! Passwords and rounds of questions: against OpenSSH where it can have a password of its own, else against a server
//! within the test, and against the latter for what OpenSSH does not ask.

use std::time::Duration;

use russh::MethodKind;
use term::ssh::host::StrictHostKeyChecking;
use term::ssh::prompt::{Answer, Question};
use term::ssh::{Error, Host, Secret, Secrets};
use testbed::Sshd;
use testbed::foreign::Foreign;
use testbed::sshd::{self, KeyType, Options, generate_key};

use crate::server::{Server, Wants};
use crate::user::{host, nobody, open, secret, stranger, user};

const PASSWORD: &str = "right ünd gut";

/// A server with a password: OpenSSH as root, else one within the test.
enum Password {
    Real(Sshd),
    Own(Server),
}

impl Password {
    async fn start(methods: &[MethodKind], options: Options) -> Self {
        Self::start_as(Wants { methods: methods.to_vec(), ..Wants::default() }, options).await
    }

    async fn start_as(wants: Wants, options: Options) -> Self {
        match Sshd::start_with(options.password(PASSWORD)) {
            Ok(server) => Self::Real(server),
            Err(sshd::Error::NeedsRoot) => {
                let rounds = vec![vec![("Password: ", false, PASSWORD)]];
                Self::Own(Server::start(Wants { password: PASSWORD, rounds, ..wants }).await)
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn host(&self) -> Host {
        match self {
            Self::Real(server) => Host { identity_file: Vec::new(), ..host(server) },
            Self::Own(server) => trusting(server.port),
        }
    }
}

/// A host whose key is believed once: the server's key is new in every test.
fn trusting(port: u16) -> Host {
    Host { strict_host_key_checking: StrictHostKeyChecking::No, ..stranger(port) }
}

fn only(method: &str, host: Host) -> Host {
    Host { preferred_authentications: vec![method.to_owned()], ..host }
}

fn saved(password: &str) -> Secrets {
    Secrets { password: Some(Secret::new(password.to_owned())), ..Secrets::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_asked_again_and_the_right_one_logs_in() {
    let server = Password::start(&[MethodKind::Password], Options::default()).await;
    let mut answers = ["wrong", PASSWORD].into_iter();
    let (events, seen) = user(move |_| secret(answers.next().unwrap()));
    let host = only("password", server.host());
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(connection.login().methods, ["password"]);
    assert!(connection.login().password);
    assert_eq!(seen.questions(), [Question::Password { retry: false }, Question::Password { retry: true }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_password_is_used_without_asking_and_once() {
    let server = Password::start(&[MethodKind::Password], Options::default()).await;
    let host = only("password", server.host());
    let (events, seen) = nobody();
    let _ = open(&host, saved(PASSWORD), &events).await.unwrap();
    assert!(seen.questions().is_empty());
    let (events, seen) = user(|_| secret(PASSWORD));
    let _ = open(&host, saved("an old one"), &events).await.unwrap();
    assert_eq!(seen.questions(), [Question::Password { retry: true }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_asked_as_often_as_the_host_says() {
    let server = Password::start(&[MethodKind::Password], Options::default()).await;
    let mut host = only("password", server.host());
    host.number_of_password_prompts = 2;
    let (events, seen) = user(|_| secret("wrong"));
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert_eq!(seen.questions().len(), 2);
    let Error::AuthenticationFailed { tried, .. } = &error else { panic!("{error}") };
    assert_eq!(*tried, ["password", "password"]);
    let (events, _) = nobody();
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(error, Error::Cancelled), "{error}");
    // With BatchMode nobody is asked.
    host.batch_mode = true;
    let (events, seen) = user(|_| secret(PASSWORD));
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(error, Error::AuthenticationFailed { .. }), "{error}");
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn keyboard_interactive_asks_for_the_password_or_uses_the_saved_one() {
    let server = Password::start(&[MethodKind::KeyboardInteractive], Options::default()).await;
    let host = only("keyboard-interactive", server.host());
    let (events, seen) = user(|_| Some(Answer::Responses(vec![Secret::new(PASSWORD.to_owned())])));
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(connection.login().methods, ["keyboard-interactive"]);
    assert!(connection.login().password);
    let [Question::KeyboardInteractive { challenges, .. }] = &seen.questions()[..] else { panic!("one question") };
    assert!(!challenges[0].echo && challenges[0].text.contains("assword"), "{challenges:?}");
    let (events, seen) = nobody();
    let _ = open(&host, saved(PASSWORD), &events).await.unwrap();
    assert!(seen.questions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_rounds_with_shown_and_hidden_answers_log_in() {
    let rounds =
        vec![vec![("User\u{1b}[31m: ", true, "me"), ("Secret: ", false, "geheim")], vec![("Code: ", true, "123456")]];
    let wants = Wants { methods: vec![MethodKind::KeyboardInteractive], rounds, ..Wants::default() };
    let server = Server::start(wants).await;
    let (events, seen) = user(|question| {
        let Question::KeyboardInteractive { challenges, .. } = question else { return None };
        let answers: &[&str] = if challenges.len() == 2 { &["me", "geheim"] } else { &["123456"] };
        Some(Answer::Responses(answers.iter().map(|text| Secret::new((*text).to_owned())).collect()))
    });
    let connection = open(&trusting(server.port), Secrets::default(), &events).await.unwrap();
    assert!(!connection.login().password, "a code is no password");
    let asked: Vec<_> = seen
        .questions()
        .into_iter()
        .map(|question| match question {
            Question::KeyboardInteractive { name, instruction, challenges } => {
                (name, instruction, challenges.into_iter().map(|c| (c.text, c.echo)).collect::<Vec<_>>())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let name = "the\\033name".to_owned();
    let first = vec![("User\\033[31m: ".to_owned(), true), ("Secret: ".to_owned(), false)];
    let second = vec![("Code: ".to_owned(), true)];
    assert_eq!(asked, [(name.clone(), "round 1".to_owned(), first), (name, "round 2".to_owned(), second)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_only_what_is_not_there_is_told_with_the_reason() {
    for (methods, words) in [
        (
            vec![MethodKind::GssapiWithMic],
            "takes only Kerberos: run kinit, and set GSSAPIAuthentication yes for this host",
        ),
        (vec![MethodKind::HostBased], "only hostbased, which Tetherm does not have"),
        (vec![MethodKind::HostBased, MethodKind::GssapiWithMic], "takes only Kerberos: run kinit"),
    ] {
        let server = Server::start(Wants { methods, ..Wants::default() }).await;
        let (events, seen) = nobody();
        let error = open(&trusting(server.port), Secrets::default(), &events).await.unwrap_err();
        assert!(error.next_step().unwrap().contains(words), "{error}: {:?}", error.next_step());
        assert!(seen.questions().is_empty());
    }
}

/// A server that answers a password with a request for a new one. russh's own cannot.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_a_new_password_is_told_as_such_while_it_is_waited_for() {
    let server = Foreign::asyncssh().unwrap();
    let mut host = only("password", trusting(server.port()));
    host.user = "expired".to_owned();
    host.strict_host_key_checking = StrictHostKeyChecking::No;
    let (events, seen) = user(|_| secret("old"));
    let login = tokio::spawn(async move { open(&host, Secrets::default(), &events).await });
    let notice = seen.notice("wants a new one").await;
    assert!(notice.contains("has not said for 10 s") && notice.contains("such as ssh"), "{notice}");
    login.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_and_then_a_password_where_the_server_wants_both() {
    let options = Options::default().line("AuthenticationMethods publickey,password");
    let wants = Wants { methods: vec![MethodKind::Password], key_first: true, ..Wants::default() };
    let server = Password::start_as(wants, options).await;
    let folder = tempfile::tempdir().unwrap();
    let host = match &server {
        Password::Real(server) => host(server),
        Password::Own(server) => {
            let key = folder.path().join("key");
            generate_key(&key, KeyType::Ed25519).unwrap();
            Host { identity_file: vec![key], ..trusting(server.port) }
        }
    };
    let (events, seen) = user(|_| secret(PASSWORD));
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert_eq!(connection.login().methods, ["publickey", "password"]);
    assert_eq!(seen.questions(), [Question::Password { retry: false }]);
    assert!(connection.login().key.is_some() && connection.login().password);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_waiting_for_an_answer_is_told_as_such() {
    let patience = Some(Duration::from_secs(1));
    let wants = Wants { methods: vec![MethodKind::Password], patience, ..Wants::default() };
    let server = Password::start_as(wants, Options::default().line("LoginGraceTime 1")).await;
    // The user thinks for ever; the prompt lives on.
    let (events, mut prompts) = tokio::sync::mpsc::channel(16);
    let thinking = tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Some(event) = prompts.recv().await {
            kept.push(event);
        }
    });
    let host = only("password", server.host());
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(&error, Error::PromptTimedOut { .. }), "{error}");
    let strict_host_key_checking = StrictHostKeyChecking::Ask;
    let unknown = Host { user_known_hosts_file: Vec::new(), strict_host_key_checking, ..host };
    let error = open(&unknown, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(&error, Error::PromptTimedOut { .. }), "{error}");
    thinking.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_users_time_is_not_the_servers() {
    let wants = Wants { methods: vec![MethodKind::Password], password: PASSWORD, ..Wants::default() };
    let server = Server::start(wants).await;
    let mut host = stranger(server.port);
    host.connect_timeout = Some(Duration::from_secs(1));
    let (events, seen) = user(|question| {
        if let Question::UnknownHostKey { .. } = question {
            // Longer than the handshake may take.
            std::thread::sleep(Duration::from_millis(1500));
            return Some(Answer::TrustOnce);
        }
        secret(PASSWORD)
    });
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(connection.is_open());
    assert_eq!(seen.questions().len(), 2);
    assert_eq!(server.heard(), ["none nobody".to_owned(), format!("password {PASSWORD}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_hears_nothing_before_its_key_is_accepted() {
    let wants = Wants { methods: vec![MethodKind::Password], password: PASSWORD, ..Wants::default() };
    let server = Server::start(wants).await;
    let (events, _) = user(|question| match question {
        Question::UnknownHostKey { .. } => None,
        _ => secret(PASSWORD),
    });
    let error = open(&stranger(server.port), saved(PASSWORD), &events).await.unwrap_err();
    assert!(matches!(error, Error::HostKeyRefused { strict: false, .. }), "{error}");
    assert!(server.heard().is_empty(), "{:?}", server.heard());
}
