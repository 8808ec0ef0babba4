//! A wire as russh sees it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{FusedFuture, Shared};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::oneshot;
use tokio::time::Sleep;

use super::Error;
use super::silence::Silence;
use super::wire::Wire;

/// How long the server may take to close a connection that we said goodbye to.
const LINGER: Duration = Duration::from_secs(1);

/// Resolves once the connection's owner is gone.
pub(super) type Hangup = Shared<oneshot::Receiver<()>>;

/// A wire whose identification strings were exchanged already: the server's is replayed, ours is swallowed. It
/// fails once its owner hangs up, whatever russh is waiting for, and when nothing comes, or can be written, for as long as
/// the server may be silent.
#[derive(Debug)]
pub(super) struct Stream {
    wire: Arc<Wire>,
    replay: Vec<u8>,
    swallow: usize,
    hangup: Hangup,
    silence: Option<Silence>,
    stalled: Option<Pin<Box<Sleep>>>,
}

/// Watches the wire of a [`Stream`] while nobody reads it.
#[derive(Debug, Clone)]
pub(super) struct Watch(Arc<Wire>);

impl Stream {
    pub(super) fn new(wire: Wire, server: Vec<u8>, client: &str, hangup: Hangup, silence: Option<Silence>) -> Self {
        let swallow = client.len() + "\r\n".len();
        Self { wire: Arc::new(wire), replay: server, swallow, hangup, silence, stalled: None }
    }

    pub(super) fn watch(&self) -> Watch {
        Watch(Arc::clone(&self.wire))
    }

    fn check_owner(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        // It is asked again after it has told: russh still flushes and shuts down a stream that has failed.
        if self.hangup.is_terminated() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        match self.hangup.poll_unpin(cx) {
            Poll::Ready(_) => Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Pending => Ok(()),
        }
    }

    fn check_patience(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Some(patience) = self.silence.as_ref().map(Silence::limit) else { return Ok(()) };
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        match stalled.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl Watch {
    /// Waits until the server has closed its side. Bytes that wait to be read do not hide that.
    pub(super) async fn closed(&self) {
        loop {
            match self.0.is_ended().await {
                Ok(false) => tokio::time::sleep(Duration::from_millis(200)).await,
                _ => return,
            }
        }
    }

    /// The wire, for who must not keep it open.
    pub(super) fn wire(&self) -> Weak<Wire> {
        Arc::downgrade(&self.0)
    }

    /// Why the wire has ended, where what carries it knows better than `error`.
    pub(super) async fn explain(&self, host: &str, error: Error) -> Error {
        self.0.explain(host, error).await
    }
}

/// Reads and forgets until the server has closed its side.
async fn linger(wire: Arc<Wire>) {
    let read = async {
        let mut rest = vec![0; 16 * 1024];
        while wire.readable().await.is_ok() {
            match wire.try_read(&mut rest) {
                Ok(1..) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                _ => return,
            }
        }
    };
    // Whatever came of it, the socket is closed now.
    let _ = tokio::time::timeout(LINGER, read).await;
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check_owner(cx)?;
        if !self.replay.is_empty() {
            let length = self.replay.len().min(buf.remaining());
            let first: Vec<u8> = self.replay.drain(..length).collect();
            buf.put_slice(&first);
            return Poll::Ready(Ok(()));
        }
        loop {
            if self.wire.poll_read_ready(cx)?.is_pending() {
                let this = &mut *self;
                this.silence.as_mut().map_or(Ok(()), |silence| silence.poll(cx, || this.wire.has_something()))?;
                return Poll::Pending;
            }
            match self.wire.try_read(buf.initialize_unfilled()) {
                Ok(length) => {
                    buf.advance(length);
                    if let Some(silence) = &mut self.silence {
                        silence.broken();
                    }
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check_owner(cx)?;
        if self.swallow > 0 {
            let length = self.swallow.min(bytes.len());
            self.swallow -= length;
            return Poll::Ready(Ok(length));
        }
        loop {
            if self.wire.poll_write_ready(cx)?.is_pending() {
                self.check_patience(cx)?;
                return Poll::Pending;
            }
            match self.wire.try_write(bytes) {
                Ok(length) => {
                    self.stalled = None;
                    return Poll::Ready(Ok(length));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Leaves the socket open for a moment: closed while the server's last packets are unread, TCP would reset it, and
    /// the server might never read our goodbye. A failure here would hide from russh's handler why the connection
    /// ended.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.check_owner(cx).is_ok() {
            // Ends by itself after LINGER at the latest.
            drop(tokio::spawn(linger(Arc::clone(&self.wire))));
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::ssh::connection::wire::{Carrier, Line};

    #[tokio::test]
    async fn a_stream_whose_owner_is_gone_fails_as_often_as_it_is_asked() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (hold, hangup) = oneshot::channel();
        let mut stream =
            Stream::new(Wire::new(Line::Tcp(socket), Carrier::Network), Vec::new(), "", hangup.shared(), None);
        drop(hold);
        for _ in 0..3 {
            let error = stream.write_all(b"too late").await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
        }
        stream.shutdown().await.unwrap();
    }
}
