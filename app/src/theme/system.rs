//! Follows the system's choice between dark and light without holding up the start.
//!
//! iced could ask the desktop portal by itself, but does so before the first window and waits for the answer, up to
//! 200 ms on a slow bus. Here the window opens in the default mode and the answer arrives when it does.

use futures::Stream;

use super::Mode;

/// The system's mode, now and whenever it changes. Ends, or says nothing, where the system has no opinion: then the
/// mode that was in force stays.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn modes() -> impl Stream<Item = Mode> {
    iced::stream::channel(4, async |output| {
        if let Err(error) = portal::follow(output).await {
            log::debug!("the desktop portal tells no colour scheme: {error}");
        }
    })
}

/// The system's mode, now and whenever it changes.
#[cfg(any(not(unix), target_os = "macos"))]
pub fn modes() -> impl Stream<Item = Mode> {
    futures::stream::empty()
}

/// `org.freedesktop.portal.Settings`, key `color-scheme` of `org.freedesktop.appearance`.
#[cfg(all(unix, not(target_os = "macos")))]
mod portal {
    use futures::SinkExt as _;
    use futures::StreamExt as _;
    use futures::channel::mpsc::Sender;
    use zbus::zvariant::{OwnedValue, Value};

    use super::Mode;

    const NAMESPACE: &str = "org.freedesktop.appearance";
    const KEY: &str = "color-scheme";

    pub(super) async fn follow(mut output: Sender<Mode>) -> zbus::Result<()> {
        let bus = zbus::Connection::session().await?;
        let settings = zbus::Proxy::new(
            &bus,
            "org.freedesktop.portal.Desktop",
            "/org/freedesktop/portal/desktop",
            "org.freedesktop.portal.Settings",
        )
        .await?;
        // Listen before asking, so that a change in between is not lost.
        let mut changes = settings.receive_signal("SettingChanged").await?;
        let value = read(&settings).await?;
        if let Some(mode) = mode(&value) {
            // The window is gone when nobody listens: the next send fails as well and nothing is left to do.
            let _ = output.send(mode).await;
        }
        while let Some(change) = changes.next().await {
            let (namespace, key, value): (String, String, OwnedValue) = change.body().deserialize()?;
            if namespace == NAMESPACE
                && key == KEY
                && let Some(mode) = mode(&value)
                && output.send(mode).await.is_err()
            {
                break;
            }
        }
        Ok(())
    }

    /// `ReadOne` came with version 2 of the portal; `Read`, which wraps its answer twice, is everywhere.
    async fn read(settings: &zbus::Proxy<'_>) -> zbus::Result<OwnedValue> {
        match settings.call("ReadOne", &(NAMESPACE, KEY)).await {
            Ok(value) => Ok(value),
            Err(_) => settings.call("Read", &(NAMESPACE, KEY)).await,
        }
    }

    /// 1 prefers dark, 2 prefers light; 0, no preference, is what a desktop answers whose own programs are light.
    pub(super) fn mode(value: &Value<'_>) -> Option<Mode> {
        match value {
            Value::U32(1) => Some(Mode::Dark),
            Value::U32(0 | 2) => Some(Mode::Light),
            Value::Value(inner) => mode(inner),
            _ => None,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_portals_numbers_are_understood_however_deep_they_are_wrapped() {
            let wrap = |number: u32| Value::Value(Box::new(Value::Value(Box::new(Value::U32(number)))));
            assert_eq!(mode(&Value::U32(1)), Some(Mode::Dark));
            assert_eq!(mode(&wrap(1)), Some(Mode::Dark));
            assert_eq!(mode(&wrap(2)), Some(Mode::Light));
            assert_eq!(mode(&Value::U32(0)), Some(Mode::Light));
            assert_eq!(mode(&Value::U32(7)), None);
            assert_eq!(mode(&Value::from("dark")), None);
        }
    }
}
