//! A user who opens connections and answers questions as a script says.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use term::ssh::host::IdentityAgent;
use term::ssh::prompt::{Answer, Question};
use term::ssh::{Connection, Error, Event, Events, Host, Secret, Secrets};
use testbed::Sshd;
use tokio::sync::mpsc;

/// How long anything may take before a test gives up. Generous: builds run beside tests.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// The settings with which a user reaches a server: its known host key, its client key, nothing else.
pub(crate) fn host(server: &Sshd) -> Host {
    Host {
        identity_file: vec![server.client_key()],
        user: server.user(),
        user_known_hosts_file: vec![server.known_hosts().unwrap()],
        ..stranger(server.port())
    }
}

/// The settings for a server on loopback that nothing is known about.
pub(crate) fn stranger(port: u16) -> Host {
    Host {
        port,
        identity_file: Vec::new(),
        identity_agent: IdentityAgent::None,
        user_known_hosts_file: Vec::new(),
        global_known_hosts_file: Vec::new(),
        server_alive_interval: Duration::ZERO,
        connect_timeout: None,
        ..Host::new("127.0.0.1", "nobody", Path::new("/nonexistent"))
    }
}

/// What happened while a user had a connection.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<Event>>>);

impl Seen {
    /// The questions, in order.
    pub(crate) fn questions(&self) -> Vec<Question> {
        self.collect(|event| match event {
            Event::Prompt(prompt) => Some(prompt.question().clone()),
            _ => None,
        })
    }

    /// The notices, in order.
    pub(crate) fn notices(&self) -> Vec<String> {
        self.collect(|event| match event {
            Event::Notice(text) | Event::Remark(text) => Some(text.clone()),
            Event::Said(said) => said.notice(),
            Event::HostKey(taken) => taken.notice(),
            _ => None,
        })
    }

    /// How far the connection came, in order.
    pub(crate) fn stages(&self) -> Vec<String> {
        self.collect(|event| match event {
            Event::Stage(stage) => Some(format!("{stage:?}")),
            _ => None,
        })
    }

    /// The banners, in order.
    pub(crate) fn banners(&self) -> Vec<String> {
        self.collect(|event| match event {
            Event::Banner(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// Waits until a notice holds `text`.
    pub(crate) async fn notice(&self, text: &str) -> String {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(notice) = self.notices().into_iter().find(|notice| notice.contains(text)) {
                return notice;
            }
            assert!(Instant::now() < deadline, "no notice of {text:?}: {:?}", self.notices());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn collect<T>(&self, pick: impl Fn(&Event) -> Option<T>) -> Vec<T> {
        self.0.lock().unwrap().iter().filter_map(pick).collect()
    }
}

/// A user who sees everything and answers with `answer`; `None` drops the question, which means no.
pub(crate) fn user(mut answer: impl FnMut(&Question) -> Option<Answer> + Send + 'static) -> (Events, Seen) {
    let (events, mut receiver) = mpsc::channel(64);
    let seen = Seen::default();
    let log = Arc::clone(&seen.0);
    drop(tokio::spawn(async move {
        while let Some(event) = receiver.recv().await {
            match event {
                Event::Prompt(prompt) => {
                    let reply = answer(prompt.question());
                    // The log keeps the question alone: a prompt that lives on would still wait for its answer.
                    let (copy, _) = term::ssh::Prompt::new(prompt.hop().clone(), prompt.question().clone());
                    log.lock().unwrap().push(Event::Prompt(copy));
                    if let Some(reply) = reply {
                        prompt.answer(reply);
                    }
                }
                event => log.lock().unwrap().push(event),
            }
        }
    }));
    (events, seen)
}

/// A user who is not expected to be asked anything.
pub(crate) fn nobody() -> (Events, Seen) {
    user(|_| None)
}

/// Opens a connection within the time limit.
pub(crate) async fn open(host: &Host, secrets: Secrets, events: &Events) -> Result<Arc<Connection>, Error> {
    tokio::time::timeout(LIMIT, Connection::open(host.clone(), secrets, events.clone()))
        .await
        .expect("it takes too long")
}

/// The answer "this secret".
pub(crate) fn secret(text: &str) -> Option<Answer> {
    Some(Answer::Secret(Secret::new(text.to_owned())))
}

/// Runs a program that must succeed.
pub(crate) fn run(program: &str, arguments: &[&str]) -> String {
    let output = std::process::Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A path with something appended to its name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}
