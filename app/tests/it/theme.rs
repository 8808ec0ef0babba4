//! The light and the dark theme, chosen by a desktop portal on a bus of the test's own.

use futures::StreamExt as _;
use testbed::Keyring;
use testbed::process::{told, within};
use tetherm::theme::Mode;
use tetherm::theme::system::modes;
use tokio::runtime::Runtime;
use tokio::time::{Duration, timeout};
use zbus::zvariant::Value;

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";

/// The part of a desktop's portal that tells its settings.
struct Portal;

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Portal {
    /// 2 prefers light.
    fn read_one(&self, namespace: &str, key: &str) -> Value<'static> {
        Value::U32(if (namespace, key) == ("org.freedesktop.appearance", "color-scheme") { 2 } else { 0 })
    }
}

#[test]
fn the_window_follows_the_systems_light_and_dark() {
    if told().is_some() {
        return Runtime::new().unwrap().block_on(follow());
    }
    // Of this bus only the absence of everything else is wanted.
    let bus = Keyring::absent().unwrap();
    within(the_window_follows_the_systems_light_and_dark, bus.environment(), "to follow");
}

async fn follow() {
    let serve = zbus::connection::Builder::session().unwrap().name(NAME).unwrap().serve_at(PATH, Portal).unwrap();
    let portal = serve.build().await.unwrap();
    let mut modes = std::pin::pin!(modes());
    let limit = Duration::from_secs(20);
    assert_eq!(timeout(limit, modes.next()).await.expect("an answer in time"), Some(Mode::Light));

    let elsewhere = ("org.gnome.desktop.interface", "color-scheme", Value::U32(1));
    let here = ("org.freedesktop.appearance", "color-scheme", Value::U32(1));
    for change in [elsewhere, here] {
        portal.emit_signal(None::<&str>, PATH, SETTINGS, "SettingChanged", &change).await.unwrap();
    }
    assert_eq!(timeout(limit, modes.next()).await.expect("a change in time"), Some(Mode::Dark));
}
