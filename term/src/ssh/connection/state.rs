//! What a connection's parts share: its task, its channels, its owner.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::agent::Agent;
use super::audience::Audience;
use super::{Event, Events};
use crate::ssh::Error;
use crate::ssh::channel::{Counted, Inboxes};
use crate::ssh::forward::Remotes;

/// How long refusals are gathered before they are told, so that a burst of them is one notice.
const GATHER: Duration = Duration::from_secs(1);

/// What a connection's parts share.
#[derive(Debug)]
pub(in crate::ssh) struct State {
    audience: Audience,
    ended: watch::Sender<Option<Arc<Error>>>,
    inboxes: Inboxes,
    bridge: OnceLock<Arc<x11::Bridge>>,
    agent: OnceLock<Arc<Agent>>,
    refusals: Mutex<BTreeMap<&'static str, u64>>,
    open_failure: watch::Sender<Option<String>>,
    remotes: Remotes,
}

impl State {
    pub(super) fn new(events: Events) -> Arc<Self> {
        Arc::new(Self {
            audience: Audience::new(events),
            ended: watch::Sender::new(None),
            inboxes: Inboxes::default(),
            bridge: OnceLock::new(),
            agent: OnceLock::new(),
            refusals: Mutex::default(),
            open_failure: watch::Sender::new(None),
            remotes: Remotes::default(),
        })
    }

    /// Notes why the connection is over; the first reason counts.
    pub(super) fn end(&self, error: Error) {
        let _ = self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            if first {
                *ended = Some(Arc::new(error));
            }
            first
        });
    }

    pub(super) fn ended(&self) -> Option<Arc<Error>> {
        self.ended.borrow().clone()
    }

    /// Waits until the connection is over.
    pub(in crate::ssh) async fn closed(&self) -> Arc<Error> {
        let mut ended = self.ended.subscribe();
        match ended.wait_for(Option::is_some).await.map(|error| error.clone()) {
            Ok(Some(error)) => error,
            // Neither can happen: the sender lives in `self`, and the value was waited for.
            Ok(None) | Err(_) => Arc::new(Error::Cancelled),
        }
    }

    /// Counts a channel that is being opened.
    pub(super) fn count(&self) -> Counted {
        self.inboxes.load().count()
    }

    /// Where what comes on the channels goes.
    pub(in crate::ssh) fn inboxes(&self) -> &Inboxes {
        &self.inboxes
    }

    /// The bridge that was announced to the server; X11 channels are refused before there is one.
    pub(super) fn bridge(&self) -> Option<&Arc<x11::Bridge>> {
        self.bridge.get()
    }

    /// The agent that the server was told of; its channels are refused before there is one.
    pub(super) fn agent(&self) -> Option<&Arc<Agent>> {
        self.agent.get()
    }

    /// Announces an agent. There is one for each connection.
    pub(super) fn announce_agent(&self, agent: Agent) {
        let _ = self.agent.get_or_init(|| Arc::new(agent));
    }

    /// Announces a bridge. There is one for each connection.
    pub(super) fn announce(&self, bridge: &Arc<x11::Bridge>) {
        let _ = self.bridge.get_or_init(|| Arc::clone(bridge));
    }

    /// The remote forwardings.
    pub(in crate::ssh) fn remotes(&self) -> &Remotes {
        &self.remotes
    }

    /// Tells the connection's owners something that should be known.
    pub(in crate::ssh) fn notice(&self, text: String) {
        self.audience.tell(&Event::Notice(text));
    }

    /// Whom the connection talks to.
    pub(super) fn audience(&self) -> &Audience {
        &self.audience
    }

    /// Notes that a channel of a type that was not asked for was refused.
    pub(in crate::ssh) fn refused(self: &Arc<Self>, channel_type: &'static str) {
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        let first = refusals.is_empty();
        *refusals.entry(channel_type).or_default() += 1;
        drop(refusals);
        if first {
            let state = Arc::clone(self);
            // Ends by itself after one notice.
            drop(tokio::spawn(async move {
                tokio::time::sleep(GATHER).await;
                state.tell_refusals();
            }));
        }
    }

    fn tell_refusals(&self) {
        let refusals = std::mem::take(&mut *self.refusals.lock().unwrap_or_else(PoisonError::into_inner));
        let counts: Vec<_> = refusals.iter().map(|(name, count)| format!("{count} × {name}")).collect();
        let text =
            format!("The server opened channels that nobody asked for ({}). They were refused.", counts.join(", "));
        self.audience.tell(&Event::Notice(text));
    }

    /// Notes the server's words for refusing a channel.
    pub(super) fn open_failed(&self, description: String) {
        let _ = self.open_failure.send_replace(Some(description));
    }

    /// The server's words for refusing the channel that was opened last. russh tells them right after the refusal.
    pub(super) async fn open_failure(&self) -> Option<String> {
        let mut failure = self.open_failure.subscribe();
        let told = tokio::time::timeout(Duration::from_millis(500), failure.wait_for(Option::is_some)).await;
        drop(told);
        self.open_failure.send_replace(None)
    }
}
