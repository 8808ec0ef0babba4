//! A channel as a stream of bytes: one that the server opened, or that leads on from it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use russh::client::Msg;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::inbox::End;
use super::{Channel, Message, Writer};
use crate::ssh::connection::State;

/// Bytes of one write; a packet's worth.
const CHUNK: usize = 32 * 1024;

/// A channel as a stream of bytes: its data, without what else a channel can carry. Like every channel it is read at
/// once, whether or not anyone reads this.
pub struct Stream {
    channel: Channel,
    writer: Writer,
    /// What was taken of the channel, and how much of it was read.
    taken: Vec<u8>,
    read: usize,
    ended: bool,
    writing: Option<(BoxFuture<'static, bool>, usize)>,
    closing: Option<BoxFuture<'static, bool>>,
}

impl Stream {
    pub(in crate::ssh) fn new(channel: russh::Channel<Msg>, state: &Arc<State>) -> Self {
        let channel = Channel::new(channel, state, String::new());
        let writer = channel.writer();
        Self { channel, writer, taken: Vec::new(), read: 0, ended: false, writing: None, closing: None }
    }

    /// Waits until the channel is closed, by either side or with the connection.
    pub(in crate::ssh) fn closed(&self) -> impl Future<Output = ()> + use<> {
        let mut end = self.writer.end.clone();
        async move {
            let _ = end.wait_for(|end| *end != End::Open).await;
        }
    }

    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let Some((writing, length)) = &mut self.writing else { return Poll::Ready(Ok(0)) };
        let length = *length;
        let sent = std::task::ready!(writing.as_mut().poll(cx));
        self.writing = None;
        Poll::Ready(if sent { Ok(length) } else { Err(io::ErrorKind::BrokenPipe.into()) })
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.read == self.taken.len() && !self.ended {
            match std::task::ready!(self.channel.poll_next(cx)) {
                Some(Message::Data(bytes)) => (self.taken, self.read) = (bytes, 0),
                Some(Message::Eof) | None => self.ended = true,
                Some(_) => {}
            }
        }
        let rest = self.taken.get(self.read..).unwrap_or_default();
        let length = rest.len().min(buf.remaining());
        buf.put_slice(rest.get(..length).unwrap_or_default());
        self.read += length;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.writing.is_none() {
            let chunk = bytes.get(..bytes.len().min(CHUNK)).unwrap_or_default().to_vec();
            let (writer, length) = (self.writer.clone(), chunk.len());
            self.writing = Some((Box::pin(async move { writer.data(chunk).await.is_ok() }), length));
        }
        self.poll_send(cx)
    }

    /// Nothing to do: a write is done only when the connection has taken it.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.writing.is_some() {
            let _ = std::task::ready!(self.poll_send(cx))?;
        }
        if self.closing.is_none() {
            let writer = self.writer.clone();
            self.closing = Some(Box::pin(async move { writer.eof().await.is_ok() }));
        }
        let Some(closing) = &mut self.closing else { return Poll::Ready(Ok(())) };
        let sent = std::task::ready!(closing.as_mut().poll(cx));
        self.closing = Some(Box::pin(std::future::ready(sent)));
        Poll::Ready(if sent { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) })
    }
}
