//! A connection's stream that knows when its loop has handed over all that came.
//!
//! Waking a channel's user for each packet of a flood costs as much as a fifth of the transfer. So the users that have
//! much to read are woken together when nothing more is there to be handed over, or enough was; see [`Load`]. And what the
//! loop writes to have more of what nobody takes is not sent; see [`Grants`].

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, BufReader, ReadBuf};

use super::grants::Grants;
use crate::ssh::channel::Load;

/// Bytes that are read at a time where less is asked for: russh reads a packet in two pieces, and an echo fits into this.
const READ: usize = 8 * 1024;

/// A connection's stream.
#[derive(Debug)]
pub(super) struct Batched<S> {
    stream: BufReader<S>,
    grants: Grants,
    load: Arc<Load>,
}

impl<S: AsyncRead> Batched<S> {
    pub(super) fn new(stream: S, load: Arc<Load>) -> Self {
        Self { stream: BufReader::with_capacity(READ, stream), grants: Grants::new(Arc::clone(&load)), load }
    }
}

impl<S> Batched<S> {
    /// The loop is about to wait.
    fn wakes_before<T>(&self, poll: Poll<T>) -> Poll<T> {
        if poll.is_pending() {
            self.load.wake();
        }
        poll
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Batched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        // What cannot be sent yet is tried again at the next call: the stream wakes the loop for it.
        if let Poll::Ready(Err(error)) = this.grants.poll_released(&mut this.stream, cx) {
            return Poll::Ready(Err(error));
        }
        let poll = Pin::new(&mut this.stream).poll_read(cx, buf);
        self.wakes_before(poll)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Batched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.grants.keep(bytes, cx) {
            return Poll::Ready(Ok(bytes.len()));
        }
        let poll = match this.grants.poll_all(&mut this.stream, cx) {
            Poll::Ready(Ok(())) => Pin::new(&mut this.stream).poll_write(cx, bytes),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        };
        self.wakes_before(poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_flush(cx);
        self.wakes_before(poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.load.wake();
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Wake, Waker};

    use tokio::io::AsyncWriteExt;

    use super::*;

    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            let _ = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn who_has_something_to_read_is_woken_when_nothing_more_is_there() {
        let count = Arc::new(Count(AtomicUsize::new(0)));
        let woken = || count.0.load(Ordering::Relaxed);
        let load = Arc::new(Load::default());
        let (near, mut far) = tokio::io::duplex(1024);
        let mut stream = Batched::new(near, Arc::clone(&load));
        far.write_all(b"some").await.unwrap();
        let mut cx = Context::from_waker(Waker::noop());
        let mut bytes = [0; 4];
        load.wake_later(Waker::from(Arc::clone(&count)), 20_000);
        assert!(Pin::new(&mut stream).poll_read(&mut cx, &mut ReadBuf::new(&mut bytes)).is_ready());
        assert_eq!(woken(), 0);
        assert!(Pin::new(&mut stream).poll_read(&mut cx, &mut ReadBuf::new(&mut bytes)).is_pending());
        assert_eq!(woken(), 1);
        // What is little is never waited with, and neither is too much.
        load.wake_later(Waker::from(Arc::clone(&count)), 1);
        assert_eq!(woken(), 2);
        for _ in 0..20 {
            load.wake_later(Waker::from(Arc::clone(&count)), 20_000);
        }
        assert!(woken() > 10, "{}", woken());
    }
}
