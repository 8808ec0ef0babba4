//! When the cursor and blinking text are shown and when not. Each frame costs the machine a wake-up, so both stop by
//! themselves: an idle window draws nothing.

use std::time::{Duration, Instant};

use crate::store::settings::CursorBlink;

/// Half a period.
const HALF: Duration = Duration::from_millis(530);

/// A cursor stops blinking when nothing was typed for this long.
const CURSOR: Duration = Duration::from_secs(10);

/// Text stops blinking when none of it changed and nothing was typed for this long.
const TEXT: Duration = Duration::from_secs(30);

/// Whether the cursor blinks now; `asked` is what the program asks for (DECSCUSR 1, 3 and 5, mode 12).
#[must_use]
pub fn cursor_blinks(choice: CursorBlink, asked: bool) -> bool {
    match choice {
        CursorBlink::Program => asked,
        CursorBlink::Always => true,
        CursorBlink::Never => false,
    }
}

/// Which half of a period it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phase {
    /// Nothing is shown.
    pub dark: bool,
    /// When this half ends; `None` when there is no further one.
    pub next: Option<Instant>,
}

impl Phase {
    /// Shown, for good.
    pub const STEADY: Self = Self { dark: false, next: None };

    /// The cursor's, when a key was last typed at `typed`: a cursor that is being typed at is shown.
    #[must_use]
    pub fn of_cursor(typed: Instant, now: Instant) -> Self {
        if now.saturating_duration_since(typed) < CURSOR { Self::at(typed, now) } else { Self::STEADY }
    }

    fn at(start: Instant, now: Instant) -> Self {
        let halves = u32::try_from(now.saturating_duration_since(start).as_millis() / HALF.as_millis()).unwrap_or(0);
        Self { dark: halves % 2 == 1, next: Some(start + HALF * (halves + 1)) }
    }
}

/// The blinking text of a terminal.
#[derive(Debug, Default)]
pub struct Text {
    /// The newest line that blinks, and when it was first seen.
    seen: Option<(u64, Instant)>,
}

impl Text {
    /// Takes note of what blinks in this frame: the newest revision of a line that does. New text is shown at once.
    pub fn observe(&mut self, newest: Option<u64>, now: Instant) {
        self.seen = match (newest, self.seen) {
            (Some(newest), Some((known, since))) if newest == known => Some((known, since)),
            (newest, _) => newest.map(|newest| (newest, now)),
        };
    }

    /// The half it is; steady when nothing blinks or nothing changed for long.
    #[must_use]
    pub fn phase(&self, typed: Instant, now: Instant) -> Phase {
        match self.seen {
            Some((_, since)) if now.saturating_duration_since(since.max(typed)) < TEXT => Phase::at(since, now),
            _ => Phase::STEADY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_decides_unless_the_user_did() {
        assert!(cursor_blinks(CursorBlink::Program, true) && !cursor_blinks(CursorBlink::Program, false));
        assert!(cursor_blinks(CursorBlink::Always, false) && !cursor_blinks(CursorBlink::Never, true));
    }

    #[test]
    fn a_cursor_is_shown_after_a_key_and_for_good_after_ten_seconds() {
        let typed = Instant::now();
        let at = |milliseconds| Phase::of_cursor(typed, typed + Duration::from_millis(milliseconds));
        assert!(!at(0).dark && !at(529).dark && at(530).dark && !at(1060).dark);
        assert_eq!(at(530).next, Some(typed + 2 * HALF));
        assert_eq!(at(10_000), Phase::STEADY);
    }

    #[test]
    fn text_blinks_from_when_it_came_until_long_after_the_last_change_or_key() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut text = Text::default();
        assert_eq!(text.phase(start, start), Phase::STEADY);
        text.observe(Some(7), start);
        assert_eq!(text.phase(start, start), Phase { dark: false, next: Some(start + HALF) });
        text.observe(Some(7), after(1));
        assert!(text.phase(start, start + HALF).dark);
        assert_eq!(text.phase(start, after(30)), Phase::STEADY);
        assert_ne!(text.phase(after(29), after(30)), Phase::STEADY, "a key was typed");
        text.observe(Some(8), after(40));
        assert!(!text.phase(start, after(40)).dark, "new text is shown");
        text.observe(None, after(41));
        assert_eq!(text.phase(start, after(41)), Phase::STEADY);
    }
}
