//! The task that takes everything off a channel as it comes.

use std::sync::Arc;

use russh::client::Msg;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf};
use tokio::sync::{mpsc, oneshot, watch};

use super::Message;
use super::queue::{Queue, Refused};
use crate::ssh::connection::Counted;

/// How a channel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Not yet.
    Open,
    /// Closed by either side, or with the connection.
    Closed,
    /// Closed because its queue was full.
    Overflow,
}

/// Takes everything off a channel until it is closed.
pub(super) struct Reader {
    pub(super) half: ChannelReadHalf,
    pub(super) write: Arc<ChannelWriteHalf<Msg>>,
    pub(super) queue: Arc<Queue>,
    /// Answers to requests, in order.
    pub(super) replies: mpsc::UnboundedSender<bool>,
    /// Resolves once the channel's user is gone.
    pub(super) abandoned: oneshot::Receiver<()>,
    pub(super) end: watch::Sender<End>,
    pub(super) counted: Counted,
}

impl Reader {
    pub(super) async fn run(mut self) {
        let overflow = loop {
            let message = tokio::select! {
                message = self.half.wait() => message,
                _ = &mut self.abandoned => break false,
            };
            let Some(message) = message.filter(|message| !matches!(message, ChannelMsg::Close)) else {
                // Closed by the server; russh has answered with our own close already.
                return self.over(End::Closed);
            };
            match self.take(message).await {
                Ok(()) => {}
                Err(refused) => break refused == Refused::Full,
            }
        };
        self.over(if overflow { End::Overflow } else { End::Closed });
        self.close().await;
    }

    async fn take(&self, message: ChannelMsg) -> Result<(), Refused> {
        let message = match message {
            ChannelMsg::Data { data } => Message::Data(data.into()),
            // There is no other kind of extended data (RFC 4254 section 5.2).
            ChannelMsg::ExtendedData { data, .. } => Message::Extended(data.into()),
            ChannelMsg::Eof => Message::Eof,
            ChannelMsg::ExitStatus { exit_status } => Message::ExitStatus(exit_status),
            ChannelMsg::ExitSignal { signal_name, .. } => Message::ExitSignal(signal(&signal_name)),
            ChannelMsg::Success => return self.reply(true),
            ChannelMsg::Failure => return self.reply(false),
            _ => return Ok(()),
        };
        self.queue.push(message).await
    }

    fn reply(&self, granted: bool) -> Result<(), Refused> {
        // Nobody waits for replies any more once the channel is set up.
        let _ = self.replies.send(granted);
        Ok(())
    }

    fn over(&self, end: End) {
        self.queue.finish();
        let _ = self.end.send_replace(end);
    }

    /// Closes our side and takes what still comes until the server closes its own: unread, it would hold back the
    /// connection.
    async fn close(mut self) {
        if self.write.close().await.is_ok() {
            while let Some(message) = self.half.wait().await {
                if matches!(message, ChannelMsg::Close) {
                    break;
                }
            }
        }
        drop(self.counted);
    }
}

fn signal(signal: &russh::Sig) -> String {
    match signal {
        russh::Sig::Custom(name) => crate::ssh::visible::Visible::line(name, 64).to_string(),
        known => format!("{known:?}"),
    }
}
