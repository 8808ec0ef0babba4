//! Notifications of the desktop, on behalf of programs in terminals.
//!
//! What a remote program says is told as its host's words: every notification begins with the host, so that none can
//! pass for one of this program, of the desktop or of another host.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

/// So many come at once; further ones come one by one, this far apart.
const BURST: u32 = 3;
const APART: Duration = Duration::from_secs(10);

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The first line: plain text.
    pub summary: String,
    /// What stands below it: plain text.
    pub body: String,
}

impl Note {
    /// What a program on `host` says; `title` and `body` are cleaned and bounded already, and may be empty.
    #[must_use]
    pub fn new(host: &str, title: &str, body: &str) -> Self {
        let summary = if title.is_empty() { host.to_owned() } else { format!("{host}: {title}") };
        Self { summary, body: body.to_owned() }
    }
}

/// How a notification ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The user clicked it.
    Clicked,
    /// It is gone.
    Closed,
}

/// Why a notification was not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No desktop that shows any.
    #[error("the desktop shows no notifications: {0}")]
    NoDesktop(String),
}

/// How many notifications one terminal may show.
#[derive(Debug)]
pub struct Limit {
    left: u32,
    refilled: Option<Instant>,
}

impl Default for Limit {
    fn default() -> Self {
        Self { left: BURST, refilled: None }
    }
}

impl Limit {
    /// Whether one more may be shown now.
    pub fn admits(&mut self, now: Instant) -> bool {
        let since = self.refilled.map_or(Duration::ZERO, |before| now.saturating_duration_since(before));
        let earned = u32::try_from(since.as_secs() / APART.as_secs()).unwrap_or(u32::MAX);
        if earned > 0 || self.refilled.is_none() {
            self.left = self.left.saturating_add(earned).min(BURST);
            self.refilled = Some(now);
        }
        let admitted = self.left > 0;
        self.left = self.left.saturating_sub(1);
        admitted
    }
}

/// What one terminal shows: its next notification takes the place of its last.
pub type Place = Arc<AtomicU32>;

/// Shows `note` in `place` and waits until it is clicked or gone.
///
/// # Errors
/// [`Error::NoDesktop`].
#[cfg(all(unix, not(target_os = "macos")))]
pub async fn show(note: Note, place: Place) -> Result<Outcome, Error> {
    freedesktop::show(&note, &place).await.map_err(|error| Error::NoDesktop(error.to_string()))
}

/// Shows `note` in `place` and waits until it is clicked or gone.
///
/// # Errors
/// [`Error::NoDesktop`], always: this platform's notifications are not spoken yet.
#[cfg(any(not(unix), target_os = "macos"))]
pub async fn show(_note: Note, _place: Place) -> Result<Outcome, Error> {
    Err(Error::NoDesktop("not supported on this system".to_owned()))
}

/// `org.freedesktop.Notifications`, version 1.2 of the specification.
#[cfg(all(unix, not(target_os = "macos")))]
mod freedesktop {
    use std::collections::HashMap;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::{StreamExt as _, stream};
    use zbus::zvariant::Value;

    use super::{Note, Outcome};

    /// What a click on the notification itself is called.
    const DEFAULT: &str = "default";

    pub(super) async fn show(note: &Note, place: &AtomicU32) -> zbus::Result<Outcome> {
        let bus = zbus::Connection::session().await?;
        let name = "org.freedesktop.Notifications";
        let daemon = zbus::Proxy::new(&bus, name, "/org/freedesktop/Notifications", name).await?;
        // Listen before showing, so that a quick click is not lost.
        let clicks = daemon.receive_signal("ActionInvoked").await?;
        let ends = daemon.receive_signal("NotificationClosed").await?;
        let capabilities: Vec<String> = daemon.call("GetCapabilities", &()).await.unwrap_or_default();
        let marked = capabilities.iter().any(|capability| capability == "body-markup");
        let body = if marked { escape(&note.body) } else { note.body.clone() };
        let hints = HashMap::from([("desktop-entry", Value::from("tetherm")), ("urgency", Value::U8(1))]);
        let before = place.load(Ordering::Relaxed);
        let arguments = ("Tetherm", before, "tetherm", &note.summary, body, vec![DEFAULT, "Show"], hints, -1_i32);
        let id: u32 = daemon.call("Notify", &arguments).await?;
        place.store(id, Ordering::Relaxed);
        let mut signals = stream::select(clicks, ends);
        while let Some(signal) = signals.next().await {
            let header = signal.header();
            let is_click = header.member().is_some_and(|member| member.as_str() == "ActionInvoked");
            let body = signal.body();
            let clicked = is_click && body.deserialize::<(u32, String)>().is_ok_and(|about| about.0 == id);
            if clicked {
                return Ok(Outcome::Clicked);
            }
            if !is_click && body.deserialize::<(u32, u32)>().is_ok_and(|about| about.0 == id) {
                break;
            }
        }
        Ok(Outcome::Closed)
    }

    /// As text where the body is a subset of HTML.
    pub(super) fn escape(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notification_begins_with_its_host() {
        let note = |title, body| Note::new("web.example", title, body).summary;
        assert_eq!(note("", "done"), "web.example");
        assert_eq!(note("Tetherm: your password is needed", ""), "web.example: Tetherm: your password is needed");
    }

    #[test]
    fn a_flood_of_notifications_becomes_a_few() {
        let mut limit = Limit::default();
        let start = Instant::now();
        let shown = |limit: &mut Limit, at: u64| limit.admits(start + Duration::from_secs(at));
        assert_eq!((0..100).filter(|_| shown(&mut limit, 0)).count(), 3);
        assert!(!shown(&mut limit, 9));
        assert!(shown(&mut limit, 10) && !shown(&mut limit, 11));
        assert_eq!((0..100).filter(|_| shown(&mut limit, 1000)).count(), 3);
        let trickle = (0..3600).filter(|second| shown(&mut limit, 2000 + second)).count();
        assert!(trickle <= 363, "{trickle}");
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn markup_of_the_remote_side_is_text() {
        assert_eq!(freedesktop::escape("<a href=\"x\">b</a> & c"), "&lt;a href=&quot;x&quot;&gt;b&lt;/a&gt; &amp; c");
    }
}
