//! The agent as the server of a connection uses it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::state::State;
use super::{Connection, Event, Events};
use crate::ssh::agent;
use crate::ssh::channel::Stream;
use crate::ssh::forward_agent::{Relay, Use};
use crate::ssh::host::ForwardAgent;

/// How many channels to the agent a server may have at once; programs use one at a time.
const MOST: usize = 32;

/// How many different signatures are told; a server that has thousands made is told once more.
const TOLD: usize = 200;

/// A forwarded agent, and what was told of its use.
#[derive(Debug)]
pub(super) struct Agent {
    relay: Relay,
    open: AtomicUsize,
    listed: AtomicBool,
    refused: AtomicBool,
    told: Mutex<usize>,
}

/// One channel to the agent.
pub(super) struct Uses(Arc<Agent>);

impl Agent {
    pub(super) fn new(relay: Relay) -> Self {
        Self {
            relay,
            open: AtomicUsize::new(0),
            listed: AtomicBool::new(false),
            refused: AtomicBool::new(false),
            told: Mutex::new(0),
        }
    }

    /// What to tell of a use: each signature, the rest once.
    fn notice(&self, used: Use, host: &str) -> Option<String> {
        match used {
            Use::Listed => (!self.listed.swap(true, Ordering::Relaxed))
                .then(|| format!("{host} asked which keys your agent has (ForwardAgent).")),
            Use::Refused => (!self.refused.swap(true, Ordering::Relaxed)).then(|| {
                format!("{host} asked your agent for something else than to sign, and was refused (ForwardAgent).")
            }),
            Use::Signed { key, user } => {
                let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                *told += 1;
                let purpose = user.map(|user| format!(", to log in as {user} elsewhere")).unwrap_or_default();
                match *told {
                    TOLD => Some(format!("{host} goes on using your agent; further uses are not told.")),
                    count if count > TOLD => None,
                    _ => Some(format!("{host} used your agent to sign with the key {key}{purpose}.")),
                }
            }
        }
    }
}

impl Uses {
    /// One channel more, unless there are too many.
    pub(super) fn begin(agent: &Arc<Agent>) -> Option<Self> {
        let uses = Self(Arc::clone(agent));
        (agent.open.fetch_add(1, Ordering::Relaxed) < MOST).then_some(uses)
    }

    /// Serves the channel to its end.
    pub(super) async fn serve(self, stream: Stream, state: Arc<State>, host: String) {
        let tell = |used| {
            if let Some(text) = self.0.notice(used, &host) {
                state.audience().tell(&Event::Remark(text));
            }
        };
        if let Err(error) = self.0.relay.serve(stream, tell).await {
            log::info!("a channel of {host} to the agent ended: {error}");
        }
    }
}

impl Drop for Uses {
    fn drop(&mut self) {
        let _ = self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connection {
    /// Makes the agent that the host's `ForwardAgent` names ready for the server; whether there is one. That there is none
    /// costs a remark, never the session.
    pub(super) async fn announce_agent(&self, events: &Events) -> bool {
        // Nothing of this machine goes to a host whose key is not the known one; as ssh(1).
        if !self.is_verified() {
            return false;
        }
        if self.state.agent().is_some() {
            return true;
        }
        let socket = match &self.host.forward_agent {
            ForwardAgent::No => return false,
            ForwardAgent::Yes => agent::socket(&self.host.identity_agent),
            ForwardAgent::Socket(path) => Some(path.clone()),
        };
        let problem = match socket {
            None => "there is no agent (SSH_AUTH_SOCK is not set)".to_owned(),
            Some(socket) => match self.reach_agent(socket).await {
                Ok(()) => return true,
                Err(problem) => problem,
            },
        };
        // Nobody to tell is no reason to lose the session.
        let _ = events.send(Event::Remark(format!("Agent forwarding is off: {problem}."))).await;
        false
    }

    async fn reach_agent(&self, socket: PathBuf) -> Result<(), String> {
        let reached = tokio::net::UnixStream::connect(&socket).await;
        let _ = reached.map_err(|error| {
            format!("the agent at {} cannot be reached: {}", socket.display(), crate::ssh::failure::words(&error))
        })?;
        let binding = self.handle.as_ref().and_then(|handle| handle.agent_session_binding().cloned());
        self.state.announce_agent(Agent::new(Relay::new(socket, binding)));
        Ok(())
    }
}
