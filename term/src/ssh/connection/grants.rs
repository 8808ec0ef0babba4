//! Leave for the server to send more on a channel (SSH_MSG_CHANNEL_WINDOW_ADJUST, RFC 4254 section 5.2), written by russh
//! and not sent yet.
//!
//! russh writes it as soon as half a window has arrived, whether anybody used that or not, in a write of its own. While the
//! channel is held ([`Hold`]) it is kept here, and goes out with whatever is written next, as the order of packets counts,
//! or when the channel is held no longer.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

use crate::ssh::channel::{Hold, Load};

/// Bytes that a grant has at the most: nine and their padding in blocks of 16, with hmac-sha2-512 behind them.
const LONGEST: usize = 96;

/// What is kept, and what has to go out before anything else.
#[derive(Debug)]
pub(super) struct Grants {
    load: Arc<Load>,
    kept: VecDeque<(Hold, Vec<u8>)>,
    due: Vec<u8>,
    /// Bytes that a grant has, as far as is known. What is longer is more than that, and not to be kept.
    length: usize,
}

impl Grants {
    pub(super) fn new(load: Arc<Load>) -> Self {
        Self { load, kept: VecDeque::new(), due: Vec::new(), length: LONGEST }
    }

    /// Keeps what russh writes, if it is leave for a channel that is held.
    pub(super) fn keep(&mut self, bytes: &[u8], cx: &Context<'_>) -> bool {
        let Some(hold) = self.load.take_grant() else { return false };
        if bytes.len() > self.length {
            return false;
        }
        // All have the same, but for other keys.
        self.length = bytes.len();
        if !hold.is_held() {
            return false;
        }
        self.load.tell_of_release(cx.waker());
        // It may have been let go before anybody could be told.
        let held = hold.is_held();
        if held {
            self.kept.push_back((hold, bytes.to_vec()));
        }
        held
    }

    /// Something else is about to be written: everything goes before it.
    pub(super) fn poll_all<W: AsyncWrite + Unpin>(
        &mut self,
        out: &mut W,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        for (_, bytes) in self.kept.drain(..) {
            self.due.extend(bytes);
        }
        self.poll_due(out, cx)
    }

    /// The loop is about to read: sends what belongs to channels that are held no longer, and what stands before it.
    pub(super) fn poll_released<W: AsyncWrite + Unpin>(
        &mut self,
        out: &mut W,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        // A grant whose write never came, as during a key exchange, must not be taken for another write.
        drop(self.load.take_grant());
        if !self.kept.is_empty() {
            self.load.tell_of_release(cx.waker());
            let free = self.kept.iter().rposition(|(hold, _)| !hold.is_held()).map_or(0, |last| last + 1);
            for (_, bytes) in self.kept.drain(..free) {
                self.due.extend(bytes);
            }
        }
        self.poll_due(out, cx)
    }

    fn poll_due<W: AsyncWrite + Unpin>(&mut self, out: &mut W, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.due.is_empty() {
            let written = ready!(Pin::new(&mut *out).poll_write(cx, &self.due))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            drop(self.due.drain(..written.min(self.due.len())));
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Wake, Waker};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            let _ = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes as russh does after it granted more on a channel, or without.
    fn write(grants: &mut Grants, out: &mut Vec<u8>, bytes: &[u8], granted: Option<&Hold>) {
        let mut cx = Context::from_waker(Waker::noop());
        if let Some(hold) = granted {
            grants.load.grant(hold);
        }
        if !grants.keep(bytes, &cx) {
            assert!(grants.poll_all(out, &mut cx).is_ready());
            out.extend(bytes);
        }
    }

    #[test]
    fn leave_for_a_held_channel_goes_out_with_the_next_write_in_order() {
        let (mut grants, mut out, hold) = (Grants::new(Arc::default()), Vec::new(), Hold::default());
        write(&mut grants, &mut out, b"one.", Some(&hold));
        hold.hold();
        write(&mut grants, &mut out, b"two.", Some(&hold));
        assert_eq!(out, b"one.");
        write(&mut grants, &mut out, b"a key.", None);
        assert_eq!(out, b"one.two.a key.");
        // Longer than leave is: new keys may stand behind it.
        write(&mut grants, &mut out, b"three, and a key exchange", Some(&hold));
        assert_eq!(out, b"one.two.a key.three, and a key exchange");
    }

    #[test]
    fn leave_goes_out_when_its_channel_is_let_go() {
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut cx = Context::from_waker(&waker);
        let (mut grants, mut out) = (Grants::new(Arc::default()), Vec::new());
        let (first, second) = (Hold::default(), Hold::default());
        write(&mut grants, &mut out, b"-", Some(&first));
        first.hold();
        second.hold();
        write(&mut grants, &mut out, b"1", Some(&first));
        write(&mut grants, &mut out, b"2", Some(&second));
        assert!(grants.poll_released(&mut out, &mut cx).is_ready());
        assert_eq!(out, b"-");
        grants.load.release(&first);
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
        assert!(grants.poll_released(&mut out, &mut cx).is_ready());
        assert_eq!(out, b"-1");
        // One that is taken for granted although nothing was written is forgotten at the next read.
        grants.load.grant(&second);
        assert!(grants.poll_released(&mut out, &mut cx).is_ready());
        write(&mut grants, &mut out, b"k", None);
        assert_eq!(out, b"-12k");
    }
}
