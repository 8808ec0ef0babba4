//! A channel as a stream of bytes: one that the server opened, or that leads on from it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use russh::client::Msg;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::reader::End;
use super::{Channel, Message, Writer};
use crate::ssh::connection::State;

/// Bytes of one write; a packet's worth.
const CHUNK: usize = 32 * 1024;

/// A channel as a stream of bytes: its data, without what else a channel can carry. Like every channel it is read at
/// once by its own task, whether or not anyone reads this.
pub struct Stream {
    writer: Writer,
    reading: Option<BoxFuture<'static, (Channel, Option<Message>)>>,
    channel: Option<Channel>,
    rest: Vec<u8>,
    ended: bool,
    writing: Option<(BoxFuture<'static, bool>, usize)>,
    closing: Option<BoxFuture<'static, bool>>,
}

impl Stream {
    pub(in crate::ssh) fn new(channel: russh::Channel<Msg>, state: &Arc<State>) -> Self {
        let channel = Channel::new(channel, state, String::new());
        let writer = channel.writer();
        Self {
            writer,
            reading: None,
            channel: Some(channel),
            rest: Vec::new(),
            ended: false,
            writing: None,
            closing: None,
        }
    }

    /// Waits until the channel is closed, by either side or with the connection.
    pub(in crate::ssh) fn closed(&self) -> impl Future<Output = ()> + use<> {
        let mut end = self.writer.end.clone();
        async move {
            let _ = end.wait_for(|end| *end != End::Open).await;
        }
    }

    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        if let Some(message) = self.channel.as_ref().and_then(Channel::try_next) {
            return Poll::Ready(Some(message));
        }
        let reading = match (&mut self.reading, self.channel.take()) {
            (Some(reading), _) => reading,
            (None, None) => return Poll::Ready(None),
            (reading @ None, Some(mut channel)) => reading.insert(Box::pin(async move {
                let message = channel.next().await;
                (channel, message)
            })),
        };
        let (channel, message) = std::task::ready!(reading.as_mut().poll(cx));
        self.reading = None;
        self.channel = Some(channel);
        Poll::Ready(message)
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
        while self.rest.is_empty() && !self.ended {
            match std::task::ready!(self.poll_message(cx)) {
                Some(Message::Data(bytes)) => self.rest = bytes,
                Some(Message::Eof) | None => self.ended = true,
                Some(_) => {}
            }
        }
        let length = self.rest.len().min(buf.remaining());
        buf.put_slice(self.rest.get(..length).unwrap_or_default());
        let _ = self.rest.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.writing.is_none() {
            let chunk: Vec<u8> = bytes.iter().take(CHUNK).copied().collect();
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
