//! How long a server may say nothing (`ServerAliveInterval`, `ServerAliveCountMax`).
//!
//! russh asks for an answer when nothing came for an interval; whether the server is gone is decided here. russh would
//! decide it in a loop that looks at its clock and at the wire in an order left to chance: a program that was stopped
//! between a question and its answer, as by a laptop that slept, could find the time up with the answer in its hands.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use crate::ssh::Host;

/// A clock that is looked at so much too late, or a quarter of the interval, says nothing of the server: this program was
/// stopped, or too busy to ask.
const LATE: Duration = Duration::from_millis(500);

/// How long nothing came.
#[derive(Debug)]
pub(super) struct Silence {
    interval: Duration,
    count_max: u32,
    /// The questions without an answer.
    count: u32,
    /// When something came last, or was to come.
    since: Instant,
    begun: Begun,
    timer: Option<Pin<Box<Sleep>>>,
}

/// Whether the server is asked: after the login. Before it, it waits for the user.
#[derive(Debug, Clone, Default)]
pub(super) struct Begun(Arc<AtomicBool>);

impl Begun {
    pub(super) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Silence {
    /// What the host's settings bear; `None` where the server is not asked.
    pub(super) fn of(host: &Host, begun: Begun) -> Option<Self> {
        let (interval, count_max) = (host.server_alive_interval, host.server_alive_count_max);
        let silence = Self { interval, count_max, count: 0, since: Instant::now(), begun, timer: None };
        (!interval.is_zero()).then_some(silence)
    }

    /// All of it: the questions, each an interval after the one before, and the interval after the last.
    pub(super) fn limit(&self) -> Duration {
        self.interval.saturating_mul(self.count_max.saturating_add(1))
    }

    /// Something came.
    pub(super) fn broken(&mut self) {
        (self.since, self.count) = (Instant::now(), 0);
    }

    /// Nothing has come, unless there is something on the wire by now. Wakes the task when it is to be asked again.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] when the server is taken for gone.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, on_the_wire: impl Fn() -> bool) -> io::Result<()> {
        loop {
            let due = self.since + self.interval;
            let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
            if timer.deadline() != due {
                // Set only here, not with each packet.
                if timer.as_mut().poll(cx).is_pending() {
                    return Ok(());
                }
                timer.as_mut().reset(due);
            }
            if timer.as_mut().poll(cx) == Poll::Pending {
                return Ok(());
            }
            self.passed(Instant::now(), &on_the_wire)?;
        }
    }

    /// An interval has passed.
    fn passed(&mut self, now: Instant, on_the_wire: impl Fn() -> bool) -> io::Result<()> {
        let late = now.saturating_duration_since(self.since + self.interval) > LATE.min(self.interval / 4);
        self.since = now;
        if on_the_wire() {
            self.count = 0;
        } else if self.begun.has_begun() && !late {
            self.count += 1;
        }
        if self.count > self.count_max { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn silence(count_max: u32) -> Silence {
        let host = Host {
            server_alive_interval: Duration::from_secs(10),
            server_alive_count_max: count_max,
            ..Host::new("host", "me", Path::new("/nowhere"))
        };
        let begun = Begun::default();
        let silence = Silence::of(&host, begun.clone()).unwrap();
        begun.begin();
        silence
    }

    /// What becomes of intervals that are noticed so many seconds after the one before, with something on the wire or not.
    fn ends(count_max: u32, intervals: &[(u64, bool)]) -> bool {
        let mut silence = silence(count_max);
        intervals.iter().any(|(seconds, on_the_wire)| {
            let now = silence.since + Duration::from_secs(*seconds);
            silence.passed(now, || *on_the_wire).is_err()
        })
    }

    #[test]
    fn a_server_is_gone_after_the_interval_that_follows_the_last_question() {
        for (count_max, intervals, expected) in [
            (0, &[(10, false)][..], true),
            (1, &[(10, false)], false),
            (1, &[(10, false), (10, false)], true),
            (3, &[(10, false), (10, false), (10, false)], false),
            (3, &[(10, false), (10, false), (10, false), (10, false)], true),
            // An answer that was not taken yet.
            (1, &[(10, false), (10, true), (10, false)], false),
            (0, &[(10, true), (10, true)], false),
            // Stopped between the question and its answer, or before the question.
            (1, &[(10, false), (4_000, false)], false),
            (1, &[(4_000, false), (10, false)], false),
            // One that is gone is noticed afterwards.
            (1, &[(10, false), (4_000, false), (10, false)], true),
        ] {
            assert_eq!(ends(count_max, intervals), expected, "{count_max}: {intervals:?}");
        }
    }

    #[test]
    fn an_answer_makes_all_questions_forgotten_and_none_counts_before_the_login() {
        let mut silence = silence(1);
        for _ in 0..5 {
            assert!(silence.passed(silence.since + Duration::from_secs(10), || false).is_ok());
            silence.broken();
        }
        silence.begun = Begun::default();
        for _ in 0..5 {
            assert!(silence.passed(silence.since + Duration::from_secs(10), || false).is_ok());
        }
    }
}
