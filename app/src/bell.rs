//! The desktop's bell.

use iced::Task;

/// Rings it, where there is one to ring: an X server's, whose sound and loudness are the user's (`xset b`). Anywhere
/// else nothing is heard.
pub fn ring<T: Send + 'static>() -> Task<T> {
    let ring = async {
        if let Ok(Err(reason)) = tokio::task::spawn_blocking(platform::ring).await {
            log::debug!("the bell does not ring: {reason}");
        }
    };
    Task::future(ring).discard()
}

#[cfg(all(unix, not(target_os = "macos")))]
mod platform {
    use x11rb::connection::Connection as _;
    use x11rb::protocol::xproto::ConnectionExt as _;

    pub(super) fn ring() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let (connection, _) = x11rb::connect(None)?;
        // As loud as the user has set it.
        connection.bell(0)?.check()?;
        connection.flush()?;
        Ok(())
    }
}

#[cfg(any(not(unix), target_os = "macos"))]
mod platform {
    pub(super) fn ring() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Err("there is no X server".into())
    }
}
