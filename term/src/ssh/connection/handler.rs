//! What russh calls when the server sends something.
//!
//! russh runs these calls inside the loop that moves every channel's data. Nothing here waits for anything but the
//! question about an unknown host key, which comes before there are channels, and where a channel's queue says so.

use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, ChannelOpenHandle, DisconnectReason, Msg, Session};
use russh::keys::{PublicKey, PublicKeyOrCertificate};
use russh::{ChannelId, ChannelOpenFailure, Names};
use tokio::sync::oneshot;

use super::agent::Uses;
use super::host_key::{HostKey, Verdict};
use super::inquiry::Inquiry;
use super::state::State;
use super::{Event, algorithms};
use crate::ssh::channel::{Message, Stream};
use crate::ssh::forward::Remotes;
use crate::ssh::visible::Visible;
use crate::ssh::{Error, failure};

/// How much of a server's banners is shown: as much as a packet of OpenSSH's holds. Who sends more does not mean well.
const BANNER: usize = 256 * 1024;

/// How much of a server's reason is shown.
const REASON: usize = 500;

/// Answers russh's calls.
pub(super) struct Handler {
    pub(super) host: String,
    pub(super) host_key: HostKey,
    pub(super) inquiry: Inquiry,
    pub(super) state: Arc<State>,
    /// How long the server may be silent: `ServerAliveInterval` times `ServerAliveCountMax`.
    pub(super) silence: Duration,
    /// How much of the banners was shown.
    pub(super) banner: usize,
    /// Takes the server's list of its host keys, once.
    pub(super) announce: Option<oneshot::Sender<Vec<PublicKey>>>,
    /// Whether it was told that what was agreed on is weak.
    pub(super) weakness_told: bool,
    /// Set once the host key was decided about.
    pub(super) verdict: Arc<std::sync::OnceLock<Verdict>>,
}

/// Why a call fails, and with it the connection.
#[derive(Debug)]
pub(super) enum Failure {
    /// russh's own reason.
    Russh(russh::Error),
    /// Ours.
    Ours(Error),
}

impl From<russh::Error> for Failure {
    fn from(error: russh::Error) -> Self {
        Self::Russh(error)
    }
}

impl Handler {
    fn error(&self, failure: Failure) -> Error {
        match failure {
            Failure::Ours(error) => error,
            Failure::Russh(error) => failure::of(&self.host, self.silence, error),
        }
    }

    /// Hands over what came on a channel.
    async fn deliver(&self, id: ChannelId, message: Message, session: &mut Session) -> Result<(), Failure> {
        if !self.state.inboxes().deliver(id, message).await {
            session.close(id)?;
        }
        Ok(())
    }

    async fn refuse(&self, channel_type: &'static str, reply: ChannelOpenHandle) -> Result<(), Failure> {
        self.state.refused(channel_type);
        reply.reject(ChannelOpenFailure::AdministrativelyProhibited).await;
        Ok(())
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        // Only the first reason counts: this is for a task that ended without telling any.
        self.state.end(Error::Lost { host: self.host.clone(), cause: "it ended without a reason".to_owned() });
        self.state.inboxes().end();
    }
}

impl client::Handler for Handler {
    type Error = Failure;

    async fn auth_banner(&mut self, banner: &str, _: &mut Session) -> Result<(), Failure> {
        let left = BANNER.saturating_sub(self.banner);
        if left > 0 {
            self.banner += banner.len();
            self.state.audience().tell(&Event::Banner(Visible::lines(banner, left).to_string()));
        }
        Ok(())
    }

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Failure> {
        let verdict = self.host_key.check(key, &self.inquiry).await.map_err(Failure::Ours)?;
        let _ = self.verdict.set(verdict);
        Ok(true)
    }

    async fn kex_done(&mut self, _: Option<&[u8]>, names: &Names, _: &mut Session) -> Result<(), Failure> {
        // What scripts count to see new keys agreed on: each side has sent its own by now.
        log::debug!("SSH2_MSG_NEWKEYS sent");
        log::debug!("SSH2_MSG_NEWKEYS received");
        let weak = algorithms::weaknesses(names);
        if !weak.is_empty() && !std::mem::replace(&mut self.weakness_told, true) {
            let weak: Vec<_> = weak.iter().map(|weakness| format!("{} {}", weakness.name, weakness.why)).collect();
            let text = format!("The connection to {} is weak: {}.", self.host, weak.join("; "));
            self.state.audience().tell(&Event::Notice(text));
        }
        Ok(())
    }

    async fn channel_open_confirmation(
        &mut self,
        id: ChannelId,
        _: u32,
        _: u32,
        _: &mut Session,
    ) -> Result<(), Failure> {
        self.state.inboxes().opened(id);
        Ok(())
    }

    fn adjust_window(&mut self, id: ChannelId, window: u32) -> u32 {
        self.state.inboxes().grant(id);
        window
    }

    async fn data(&mut self, id: ChannelId, data: &[u8], session: &mut Session) -> Result<(), Failure> {
        self.deliver(id, Message::Data(data.to_vec()), session).await
    }

    async fn extended_data(
        &mut self,
        id: ChannelId,
        _: u32,
        data: &[u8],
        session: &mut Session,
    ) -> Result<(), Failure> {
        // There is no other kind of extended data (RFC 4254 section 5.2).
        self.deliver(id, Message::Extended(data.to_vec()), session).await
    }

    async fn channel_eof(&mut self, id: ChannelId, session: &mut Session) -> Result<(), Failure> {
        self.deliver(id, Message::Eof, session).await
    }

    async fn exit_status(&mut self, id: ChannelId, status: u32, session: &mut Session) -> Result<(), Failure> {
        self.deliver(id, Message::ExitStatus(status), session).await
    }

    async fn exit_signal(
        &mut self,
        id: ChannelId,
        signal: russh::Sig,
        _: bool,
        _: &str,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Failure> {
        let name = match signal {
            russh::Sig::Custom(name) => Visible::line(&name, 64).to_string(),
            known => format!("{known:?}"),
        };
        self.deliver(id, Message::ExitSignal(name), session).await
    }

    async fn channel_success(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Failure> {
        self.state.inboxes().reply(id, true);
        Ok(())
    }

    async fn channel_failure(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Failure> {
        self.state.inboxes().reply(id, false);
        Ok(())
    }

    async fn channel_close(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Failure> {
        self.state.inboxes().closed(id);
        Ok(())
    }

    async fn openssh_ext_host_keys_announced(&mut self, keys: Vec<PublicKey>, _: &mut Session) -> Result<(), Failure> {
        // A second list has nobody who waits for it: ssh(1) takes one only, too.
        if let Some(announce) = self.announce.take() {
            let _ = announce.send(keys);
        }
        Ok(())
    }

    async fn channel_open_failure(
        &mut self,
        _: ChannelId,
        reason: ChannelOpenFailure,
        description: &str,
        _: &str,
        _: &mut Session,
    ) -> Result<(), Failure> {
        let words = if description.is_empty() { format!("{reason:?}") } else { description.to_owned() };
        self.state.open_failed(Visible::line(&words, REASON).to_string());
        Ok(())
    }

    async fn server_channel_open_x11(
        &mut self,
        channel: russh::Channel<Msg>,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Failure> {
        let Some(bridge) = self.state.bridge().cloned() else { return self.refuse("x11", reply).await };
        // Before the answer, which lets the server send.
        let stream = Stream::new(channel, &self.state);
        reply.accept().await;
        let state = Arc::clone(&self.state);
        // Ends with the channel, which ends with the connection.
        drop(tokio::spawn(async move {
            if let Err(error) = bridge.serve(stream).await {
                state.audience().x11_failed(&error);
            }
        }));
        Ok(())
    }

    async fn server_channel_open_forwarded_tcpip(
        &mut self,
        channel: russh::Channel<Msg>,
        address: &str,
        port: u32,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Failure> {
        Remotes::serve_port(&self.state, channel, reply, address, port);
        Ok(())
    }

    async fn server_channel_open_forwarded_streamlocal(
        &mut self,
        channel: russh::Channel<Msg>,
        path: &str,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Failure> {
        Remotes::serve_socket(&self.state, channel, reply, path);
        Ok(())
    }

    async fn server_channel_open_agent_forward(
        &mut self,
        channel: russh::Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Failure> {
        let Some(uses) = self.state.agent().and_then(Uses::begin) else {
            return self.refuse("auth-agent@openssh.com", reply).await;
        };
        reply.accept().await;
        let stream = Stream::new(channel, &self.state);
        let (state, host) = (Arc::clone(&self.state), self.host.clone());
        // Ends with the channel, which ends with the connection.
        drop(tokio::spawn(uses.serve(stream, state, host)));
        Ok(())
    }

    async fn server_channel_open_session(
        &mut self,
        _: russh::Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Failure> {
        self.refuse("session", reply).await
    }

    async fn server_channel_open_direct_tcpip(
        &mut self,
        _: russh::Channel<Msg>,
        _: &str,
        _: u32,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Failure> {
        self.refuse("direct-tcpip", reply).await
    }

    async fn server_channel_open_direct_streamlocal(
        &mut self,
        _: russh::Channel<Msg>,
        _: &str,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Failure> {
        self.refuse("direct-streamlocal@openssh.com", reply).await
    }

    async fn should_accept_unknown_server_channel(&mut self, _: ChannelId, _: &str) -> bool {
        self.state.refused("an unknown type");
        false
    }

    async fn disconnected(&mut self, reason: DisconnectReason<Failure>) -> Result<(), Failure> {
        let error = match reason {
            DisconnectReason::ReceivedDisconnect(info) => Error::Disconnected {
                host: self.host.clone(),
                code: info.reason_code as u32,
                message: Visible::line(&info.message, REASON).to_string(),
            },
            DisconnectReason::Error(failure) => self.error(failure),
        };
        // What the connection went through may know better.
        self.state.end(self.inquiry.explain(error).await);
        Ok(())
    }
}
