//! A server for what OpenSSH's does not do: rounds of questions, passwords without PAM, channels that nobody asked for.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::keys::PrivateKey;
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
            ..Config::default()
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Heard::default();
        let handles: Arc<Mutex<Vec<Handle>>> = Arc::default();
        let (log, all) = (Arc::clone(&heard), Arc::clone(&handles));
        drop(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let one = One { wants: wants.clone(), heard: Arc::clone(&log), round: 0 };
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
        if self.key_first { MethodSet::from(&[MethodKind::PublicKey][..]) } else { MethodSet::from(&self.methods[..]) }
    }
}

/// One connection.
struct One {
    wants: Wants,
    heard: Heard,
    round: usize,
}

impl One {
    fn hear(&self, text: String) {
        self.heard.lock().unwrap().push(text);
    }

    /// Refuses an answer; like sshd it lets the same method be tried again.
    fn refuse(&self) -> Auth {
        let again = MethodSet::from(&self.wants.methods[..]);
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
        Ok(if self.wants.methods.is_empty() { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_publickey(&mut self, _: &str, _: VerifiedPublicKey<'_>) -> Result<Auth, russh::Error> {
        self.hear("key".to_owned());
        let then = MethodSet::from(&self.wants.methods[..]);
        Ok(Auth::Reject { proceed_with_methods: Some(then), partial_success: true })
    }

    async fn auth_password(&mut self, _: &str, password: &str) -> Result<Auth, russh::Error> {
        self.hear(format!("password {password}"));
        Ok(if password == self.wants.password { Auth::Accept } else { self.refuse() })
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
        Ok(if self.round == self.wants.rounds.len() { Auth::Accept } else { self.ask() })
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
