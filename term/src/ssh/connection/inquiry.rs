//! How a connection asks its user.

use std::time::Duration;

use tokio::sync::watch;

use super::stream::{Hangup, Watch};
use super::{Event, Events, KeyTaken};
use crate::ssh::prompt::{Answer, Question};
use crate::ssh::{Error, Hop, Host, Prompt};

/// Asks the user and knows when the server, or the user, stopped waiting.
#[derive(Debug, Clone)]
pub(super) struct Inquiry {
    host: String,
    hop: Hop,
    events: Events,
    socket: Watch,
    hangup: Hangup,
    open: watch::Sender<bool>,
}

/// Tells that a question is open for as long as it lives, so that the user's time is not the server's.
struct Open<'a>(&'a watch::Sender<bool>);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let _ = self.0.send_replace(false);
    }
}

impl Inquiry {
    pub(super) fn new(host: &Host, events: Events, socket: Watch, hangup: Hangup) -> Self {
        Self { host: host.alias.clone(), hop: host.hop(), events, socket, hangup, open: watch::Sender::new(false) }
    }

    /// Asks and waits for the answer. `waiting_for` names what the server waits for meanwhile.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the prompt is dropped or nobody is there to see it, [`Error::PromptTimedOut`] when the
    /// server closes the connection first.
    pub(super) async fn ask(&self, question: Question, waiting_for: &'static str) -> Result<Answer, Error> {
        let (prompt, answer) = Prompt::new(self.hop.clone(), question);
        let _ = self.open.send_replace(true);
        let _open = Open(&self.open);
        self.events.send(Event::Prompt(prompt)).await.map_err(|_| Error::Cancelled)?;
        tokio::select! {
            biased;
            answer = answer => answer.map_err(|_| Error::Cancelled),
            _ = self.hangup.clone() => Err(Error::Cancelled),
            () = self.socket.closed() => Err(Error::PromptTimedOut { host: self.host.clone(), waiting_for }),
        }
    }

    /// Asks before there is a connection, such as for a proxy's password.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the prompt is dropped or nobody is there to see it.
    pub(super) async fn before(host: &Host, events: Events, question: Question) -> Result<Answer, Error> {
        let (prompt, answer) = Prompt::new(host.hop(), question);
        events.send(Event::Prompt(prompt)).await.map_err(|_| Error::Cancelled)?;
        answer.await.map_err(|_| Error::Cancelled)
    }

    /// Why the connection has ended, where what carries it knows better than `error`.
    pub(super) async fn explain(&self, error: Error) -> Error {
        self.socket.explain(&self.host, error).await
    }

    /// Tells the user something.
    pub(super) async fn notice(&self, text: String) {
        // An owner that is gone misses nothing that it could still use.
        let _ = self.events.send(Event::Notice(text)).await;
    }

    /// Tells the user something that ssh(1) is silent about.
    pub(super) async fn remark(&self, text: String) {
        // As above.
        let _ = self.events.send(Event::Remark(text)).await;
    }

    /// Tells the user what became of the server's key.
    pub(super) async fn tell(&self, taken: KeyTaken) {
        let _ = self.events.send(Event::HostKey(Box::new(taken))).await;
    }

    /// Runs `future`, at most for `limit` not counting the time that questions are open; `None` when it took longer.
    pub(super) async fn within<T>(&self, limit: Duration, future: impl Future<Output = T>) -> Option<T> {
        let mut open = self.open.subscribe();
        let mut future = std::pin::pin!(future);
        loop {
            let asking = *open.borrow_and_update();
            tokio::select! {
                biased;
                value = &mut future => return Some(value),
                () = tokio::time::sleep(limit), if !asking => return None,
                // Never an error: this value holds the sender.
                _ = open.changed() => {}
            }
        }
    }
}
