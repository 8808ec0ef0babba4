//! A server for what OpenSSH's does not do: rounds of questions, passwords without PAM, channels that nobody asked for.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::keys::{PrivateKey, PublicKey};
use russh::server::{Auth, Config, Handle, Handler, Msg, Response, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, MethodKind, MethodSet};
use testbed::sshd::{KeyType, generate_key};
use tokio::net::TcpListener;

/// What the server was told, in order.
pub(crate) type Heard = Arc<Mutex<Vec<String>>>;

/// A server within the test. It accepts connections until the test ends.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) heard: Heard,
    /// The connections' handles, in order.
    pub(crate) handles: Arc<Mutex<Vec<Handle>>>,
}

/// What the server wants of who logs in.
#[derive(Clone, Default)]
pub(crate) struct Wants {
    pub(crate) methods: Vec<MethodKind>,
    pub(crate) password: &'static str,
    /// The rounds of keyboard-interactive: each question with whether it is shown, and its answer.
    pub(crate) rounds: Vec<Vec<(&'static str, bool, &'static str)>>,
    /// A key first, any key, and then one of the methods.
    pub(crate) key_first: bool,
    /// What of it all is wanted one after another, any of these chains, as `AuthenticationMethods` of sshd_config(5) has it;
    /// the methods above are of no interest then. A key counts once in a chain.
    pub(crate) chains: Vec<Vec<MethodKind>>,
    /// No key is one of the user's.
    pub(crate) refuses_keys: bool,
    /// How long it waits for whoever logs in; for ever where it is not set.
    pub(crate) patience: Option<Duration>,
}

impl Server {
    pub(crate) async fn start(wants: Wants) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        generate_key(&path, KeyType::Ed25519).unwrap();
        let key = PrivateKey::from_openssh(std::fs::read_to_string(&path).unwrap()).unwrap();
        let config = Arc::new(Config {
            methods: wants.offers(),
            inactivity_timeout: wants.patience,
            keys: vec![key],
            auth_rejection_time: Duration::ZERO,
            // As many as OpenSSH's takes, which does not count the question what there is.
            max_auth_attempts: if wants.refuses_keys { 7 } else { 10 },
            ..Config::default()
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Heard::default();
        let handles: Arc<Mutex<Vec<Handle>>> = Arc::default();
        let (log, all) = (Arc::clone(&heard), Arc::clone(&handles));
        drop(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let left = wants.chains.clone();
                let one = One { wants: wants.clone(), heard: Arc::clone(&log), round: 0, left, used: Vec::new() };
                let (config, all) = (Arc::clone(&config), Arc::clone(&all));
                drop(tokio::spawn(async move {
                    if let Ok(session) = russh::server::run_stream(config, stream, one).await {
                        all.lock().unwrap().push(session.handle());
                        let _ = session.await;
                    }
                }));
            }
        }));
        Self { port, heard, handles }
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Wants {
    fn offers(&self) -> MethodSet {
        if !self.chains.is_empty() {
            return next_of(&self.chains);
        }
        if self.key_first { MethodSet::from(&[MethodKind::PublicKey][..]) } else { MethodSet::from(&self.methods[..]) }
    }
}

/// One connection.
struct One {
    wants: Wants,
    heard: Heard,
    round: usize,
    /// What is left of the chains.
    left: Vec<Vec<MethodKind>>,
    /// The keys that were used in them.
    used: Vec<PublicKey>,
}

/// What each chain goes on with.
fn next_of(chains: &[Vec<MethodKind>]) -> MethodSet {
    let next: Vec<MethodKind> = chains.iter().filter_map(|chain| chain.first().copied()).collect();
    MethodSet::from(&next[..])
}

impl One {
    /// Takes a method that was right.
    fn pass(&mut self, method: MethodKind) -> Auth {
        if self.wants.chains.is_empty() {
            return Auth::Accept;
        }
        let mut moved = false;
        for chain in self.left.iter_mut().filter(|chain| chain.first() == Some(&method)) {
            let _ = chain.remove(0);
            moved = true;
        }
        if self.left.iter().any(Vec::is_empty) {
            return Auth::Accept;
        }
        Auth::Reject { proceed_with_methods: Some(next_of(&self.left)), partial_success: moved }
    }

    fn hear(&self, text: String) {
        self.heard.lock().unwrap().push(text);
    }

    /// Refuses an answer; like sshd it lets the same method be tried again.
    fn refuse(&self) -> Auth {
        let again = match self.left.as_slice() {
            [] => MethodSet::from(&self.wants.methods[..]),
            chains => next_of(chains),
        };
        Auth::Reject { proceed_with_methods: Some(again), partial_success: false }
    }

    fn ask(&self) -> Auth {
        let questions = self.wants.rounds[self.round].iter().map(|(text, echo, _)| ((*text).into(), *echo));
        Auth::Partial {
            name: "the\u{1b}name".into(),
            instructions: format!("round {}", self.round + 1).into(),
            prompts: questions.collect::<Vec<_>>().into(),
        }
    }
}

impl Handler for One {
    type Error = russh::Error;

    async fn auth_none(&mut self, user: &str) -> Result<Auth, russh::Error> {
        self.hear(format!("none {user}"));
        let open = self.wants.methods.is_empty() && self.wants.chains.is_empty();
        Ok(if open { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_publickey(&mut self, _: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, russh::Error> {
        self.hear("key".to_owned());
        if self.wants.refuses_keys || self.used.contains(key.public_key) {
            return Ok(self.refuse());
        }
        if !self.wants.chains.is_empty() {
            self.used.push(key.public_key.clone());
            return Ok(self.pass(MethodKind::PublicKey));
        }
        let then = MethodSet::from(&self.wants.methods[..]);
        Ok(Auth::Reject { proceed_with_methods: Some(then), partial_success: true })
    }

    async fn auth_password(&mut self, _: &str, password: &str) -> Result<Auth, russh::Error> {
        self.hear(format!("password {password}"));
        Ok(if password == self.wants.password { self.pass(MethodKind::Password) } else { self.refuse() })
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        let Some(response) = response else {
            self.round = 0;
            return Ok(self.ask());
        };
        let answers: Vec<String> = response.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).collect();
        self.hear(format!("answers {answers:?}"));
        let expected: Vec<&str> = self.wants.rounds[self.round].iter().map(|(_, _, answer)| *answer).collect();
        if answers != expected {
            return Ok(self.refuse());
        }
        self.round += 1;
        let done = self.round == self.wants.rounds.len();
        Ok(if done { self.pass(MethodKind::KeyboardInteractive) } else { self.ask() })
    }

    async fn channel_open_session(
        &mut self,
        _: Channel<Msg>,
        reply: russh::server::ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn exec_request(&mut self, id: ChannelId, _: &[u8], session: &mut Session) -> Result<(), russh::Error> {
        session.channel_success(id)
    }

    async fn data(&mut self, id: ChannelId, data: &[u8], session: &mut Session) -> Result<(), russh::Error> {
        session.data(id, data.to_vec())
    }
}
