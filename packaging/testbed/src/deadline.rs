//! Waiting for a condition, with a limit that names what was waited for.

use std::time::{Duration, Instant};

/// How long a condition that nearly always comes within a second may take before it counts as missing: generous, so
/// that a loaded machine does not fail a test.
pub const GENEROUS: Duration = Duration::from_secs(60);

/// Nothing came within the limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("waited {}.{:01} s in vain for {what}", limit.as_secs(), limit.subsec_millis() / 100)]
pub struct Expired {
    /// What was waited for.
    pub what: String,
    /// For how long.
    pub limit: Duration,
}

/// A point in time by which a condition must have come true.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    started: Instant,
    limit: Duration,
}

impl Deadline {
    /// A deadline that is `limit` away from now.
    #[must_use]
    pub fn after(limit: Duration) -> Self {
        Self { started: Instant::now(), limit }
    }

    /// A deadline [`GENEROUS`] away from now.
    #[must_use]
    pub fn generous() -> Self {
        Self::after(GENEROUS)
    }

    /// Asks `probe` every few milliseconds until it has an answer. It is asked at least once.
    ///
    /// # Errors
    /// [`Expired`], naming `what`, when the deadline passes first.
    pub fn wait_for<T>(&self, what: &str, mut probe: impl FnMut() -> Option<T>) -> Result<T, Expired> {
        loop {
            if let Some(answer) = probe() {
                return Ok(answer);
            }
            if self.started.elapsed() >= self.limit {
                return Err(Expired { what: what.to_owned(), limit: self.limit });
            }
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// [`Deadline::wait_for`] for a condition that is only true or false.
    ///
    /// # Errors
    /// [`Expired`], naming `what`, when the deadline passes first.
    pub fn wait_until(&self, what: &str, mut condition: impl FnMut() -> bool) -> Result<(), Expired> {
        self.wait_for(what, || condition().then_some(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_the_wait() {
        let mut asked = 0;
        let answer = Deadline::generous().wait_for("the third question", || {
            asked += 1;
            (asked == 3).then_some("here")
        });
        assert_eq!(answer, Ok("here"));
        assert_eq!(asked, 3);
    }

    #[test]
    fn a_wait_in_vain_says_what_was_missing() {
        let error = Deadline::after(Duration::from_millis(100)).wait_until("a window", || false).unwrap_err();
        assert_eq!(error.to_string(), "waited 0.1 s in vain for a window");
    }

    #[test]
    fn a_condition_that_holds_already_is_seen_after_the_deadline_too() {
        assert_eq!(Deadline::after(Duration::ZERO).wait_until("nothing", || true), Ok(()));
    }
}
