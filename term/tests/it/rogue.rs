//! A server that opens channels which nobody asked for.

use std::path::PathBuf;
use std::sync::Arc;

use russh::server::{Auth, ChannelOpenHandle, Config, Handle, Handler, Msg, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, keys};
use tempfile::TempDir;
use term::ssh::Host;
use testbed::sshd::KeyType;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::user::stranger;

/// A server of one connection. It lets everyone in, and its shell echoes.
pub(crate) struct Rogue {
    folder: TempDir,
    port: u16,
    sessions: mpsc::UnboundedReceiver<Handle>,
}

impl Rogue {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::with_prefix("rogue-").unwrap();
        for name in ["host_key", "client_key"] {
            testbed::sshd::generate_key(&folder.path().join(name), KeyType::Ed25519).unwrap();
        }
        let host_key = keys::load_secret_key(folder.path().join("host_key"), None).unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, sessions) = mpsc::unbounded_channel();
        drop(tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let config = Arc::new(Config { keys: vec![host_key], ..Config::default() });
            let running = russh::server::run_stream(config, stream, Side { sender }).await.unwrap();
            // However the connection ends: the test looks at the client's side.
            let _ = running.await;
        }));
        Self { folder, port, sessions }
    }

    /// What a client needs to trust this server and to log in.
    pub(crate) fn host(&self) -> Host {
        let public = std::fs::read_to_string(self.folder.path().join("host_key.pub")).unwrap();
        let known_hosts = self.path("known_hosts");
        std::fs::write(&known_hosts, format!("[127.0.0.1]:{} {public}", self.port)).unwrap();
        Host {
            identity_file: vec![self.path("client_key")],
            user_known_hosts_file: vec![known_hosts],
            ..stranger(self.port)
        }
    }

    /// The server's side of the connection, once there is a shell on it.
    pub(crate) async fn session(&mut self) -> Handle {
        self.sessions.recv().await.unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

struct Side {
    sender: mpsc::UnboundedSender<Handle>,
}

impl Handler for Side {
    type Error = russh::Error;

    async fn auth_publickey(&mut self, _: &str, _: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        Ok(Auth::Accept)
    }

    async fn channel_open_session(
        &mut self,
        _: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        session.channel_success(channel)?;
        self.sender.send(session.handle()).unwrap();
        Ok(())
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_success(channel)
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], session: &mut Session) -> Result<(), Self::Error> {
        session.data(channel, data.to_vec())?;
        Ok(())
    }
}
