//! Notifications, shown by a desktop of the test's own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use testbed::Keyring;
use testbed::process::{told, within};
use tetherm::notification::{Error, Note, Outcome, Place, show};
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::time::{Duration, timeout};
use zbus::zvariant::Value;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A notification as the desktop got it.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    id: u32,
    replaced: u32,
    program: String,
    summary: String,
    body: String,
    actions: Vec<String>,
}

/// The part of a desktop that shows notifications.
#[derive(Clone, Default)]
struct Daemon {
    shown: Arc<Mutex<Vec<Shown>>>,
    came: Arc<Notify>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["body", "body-markup", "actions"]
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        program: String,
        replaced: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, Value<'_>>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().unwrap();
        let id = if replaced == 0 { 40 + u32::try_from(shown.len()).unwrap() } else { replaced };
        shown.push(Shown { id, replaced, program, summary, body, actions });
        self.came.notify_one();
        id
    }
}

#[test]
fn a_notification_is_shown_as_text_and_a_click_on_it_is_told() {
    if told().is_some() {
        return Runtime::new().unwrap().block_on(notify());
    }
    // Of this bus only the absence of everything else is wanted.
    let bus = Keyring::absent().unwrap();
    within(a_notification_is_shown_as_text_and_a_click_on_it_is_told, bus.environment(), "to notify");
}

async fn notify() {
    let limit = Duration::from_secs(20);
    let nobody = show(Note::new("web", "", "x"), Place::default());
    assert!(matches!(timeout(limit, nobody).await.unwrap(), Err(Error::NoDesktop(_))));

    let daemon = Daemon::default();
    let serve = zbus::connection::Builder::session().unwrap().name(NAME).unwrap();
    let bus = serve.serve_at(PATH, daemon.clone()).unwrap().build().await.unwrap();
    let signal = async |name: &'static str, id: u32, body: Option<&str>| match body {
        Some(action) => bus.emit_signal(None::<&str>, PATH, NAME, name, &(id, action)).await.unwrap(),
        None => bus.emit_signal(None::<&str>, PATH, NAME, name, &(id, 2_u32)).await.unwrap(),
    };
    let place = Place::default();

    let clicked = tokio::spawn(show(Note::new("web", "Mail", "<b>bold</b> & more"), place.clone()));
    timeout(limit, daemon.came.notified()).await.unwrap();
    signal("ActionInvoked", 7, Some("default")).await;
    signal("NotificationClosed", 7, None).await;
    signal("ActionInvoked", 40, Some("default")).await;
    assert_eq!(timeout(limit, clicked).await.unwrap().unwrap(), Ok(Outcome::Clicked));

    let closed = tokio::spawn(show(Note::new("web", "", "second"), place));
    timeout(limit, daemon.came.notified()).await.unwrap();
    signal("NotificationClosed", 40, None).await;
    assert_eq!(timeout(limit, closed).await.unwrap().unwrap(), Ok(Outcome::Closed));

    let text = |text: &str| text.to_owned();
    let actions = vec![text("default"), text("Show")];
    let (summary, body) = (text("web: Mail"), text("&lt;b&gt;bold&lt;/b&gt; &amp; more"));
    let first = Shown { id: 40, replaced: 0, program: text("Tetherm"), summary, body, actions };
    let second = Shown { replaced: 40, summary: text("web"), body: text("second"), ..first.clone() };
    assert_eq!(*daemon.shown.lock().unwrap(), [first, second], "the second takes the place of the first");
}
