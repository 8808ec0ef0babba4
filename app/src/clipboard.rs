//! The clipboard and PRIMARY, off the GUI thread.
//!
//! iced reads a selection synchronously: an owner that is stopped (a debugger, a laptop's sleeping browser) would
//! freeze the window for seconds. Here every read runs on a thread of its own and answers when it can; arboard gives
//! up after 4 s. Where the compositor offers no data-control protocol, arboard would fall back to XWayland, whose
//! selection is another one most of the time; there iced's own clipboard is used.

use iced::Task;

/// Which selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// What Copy and Paste use.
    Clipboard,
    /// What selecting fills and the middle button pastes; where there is none, nothing is read or written.
    Primary,
}

/// Reads a selection; `None` when it is empty, holds no text or its owner does not answer.
pub fn read(selection: Selection) -> Task<Option<String>> {
    let read = async move { tokio::task::spawn_blocking(move || platform::read(selection)).await };
    Task::future(read).then(move |outcome| match outcome {
        Ok(Outcome::Done(text)) => Task::done(text),
        Ok(Outcome::Elsewhere) => match selection {
            Selection::Clipboard => iced::clipboard::read(),
            Selection::Primary => iced::clipboard::read_primary(),
        },
        Err(error) => {
            log::warn!("reading the clipboard failed: {error}");
            Task::done(None)
        }
    })
}

/// What is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// As plain text.
    pub text: String,
    /// The same as HTML, for programs that take it.
    pub html: Option<String>,
}

/// Fills a selection.
pub fn write<T: Send + 'static>(selection: Selection, text: String) -> Task<T> {
    fill(selection, move || Some(Copied { text, html: None }))
}

/// Fills a selection with what `make` makes on another thread; leaves it as it is for `None`.
pub fn fill<T: Send + 'static>(
    selection: Selection,
    make: impl FnOnce() -> Option<Copied> + Send + 'static,
) -> Task<T> {
    let work = move || {
        let copied = make()?;
        let text = copied.text.clone();
        Some((platform::write(selection, copied), text))
    };
    let write = async move { tokio::task::spawn_blocking(work).await };
    Task::future(write).then(move |outcome| match outcome {
        Ok(None | Some((Outcome::Done(()), _))) => Task::none(),
        Ok(Some((Outcome::Elsewhere, text))) => match selection {
            Selection::Clipboard => iced::clipboard::write(text),
            Selection::Primary => iced::clipboard::write_primary(text),
        },
        Err(error) => {
            log::warn!("writing the clipboard failed: {error}");
            Task::none()
        }
    })
}

/// How an access ended.
enum Outcome<T> {
    /// As well as it can.
    Done(T),
    /// This selection can be reached only through the window's own connection.
    Elsewhere,
}

#[cfg(all(unix, not(target_os = "macos")))]
mod platform {
    use std::sync::{Mutex, OnceLock};

    use arboard::{Clipboard, Error, GetExtLinux as _, LinuxClipboardKind, SetExtLinux as _};

    use super::{Copied, Outcome, Selection};

    /// What writes. The selections belong to it for as long as it lives: dropping it would empty them.
    static OWNER: OnceLock<Option<Mutex<Clipboard>>> = OnceLock::new();

    fn owner() -> Option<&'static Mutex<Clipboard>> {
        let open = || match Clipboard::new() {
            Ok(mut clipboard) => reaches_the_session(&mut clipboard).then(|| Mutex::new(clipboard)),
            Err(error) => {
                log::debug!("no clipboard beside the window's own: {error}");
                None
            }
        };
        OWNER.get_or_init(open).as_ref()
    }

    /// Under Wayland only data-control sees the session's selections. It knows no SECONDARY, which X11 does: that
    /// tells which of the two arboard has found.
    fn reaches_the_session(clipboard: &mut Clipboard) -> bool {
        let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|display| !display.is_empty());
        !wayland || {
            let secondary = clipboard.get().clipboard(LinuxClipboardKind::Secondary).text();
            matches!(secondary, Err(Error::ClipboardNotSupported))
        }
    }

    pub(super) fn read(selection: Selection) -> Outcome<Option<String>> {
        if owner().is_none() {
            return Outcome::Elsewhere;
        }
        // A clipboard of its own: an owner that does not answer must hold up neither copying nor another paste.
        let text = Clipboard::new().and_then(|mut clipboard| clipboard.get().clipboard(selection.into()).text());
        if let Err(error) = &text {
            log::debug!("nothing to paste: {error}");
        }
        Outcome::Done(text.ok())
    }

    pub(super) fn write(selection: Selection, copied: Copied) -> Outcome<()> {
        let Some(owner) = owner() else { return Outcome::Elsewhere };
        // A thread that panicked while it copied left nothing half-done that matters to this copy.
        let mut clipboard = owner.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let set = clipboard.set().clipboard(selection.into());
        let done = match copied.html {
            Some(html) => set.html(html, Some(copied.text)),
            None => set.text(copied.text),
        };
        if let Err(error) = done {
            log::warn!("copying failed: {error}");
        }
        Outcome::Done(())
    }

    impl From<Selection> for LinuxClipboardKind {
        fn from(selection: Selection) -> Self {
            match selection {
                Selection::Clipboard => Self::Clipboard,
                Selection::Primary => Self::Primary,
            }
        }
    }
}

#[cfg(any(not(unix), target_os = "macos"))]
mod platform {
    use arboard::Clipboard;

    use super::{Copied, Outcome, Selection};

    pub(super) fn read(selection: Selection) -> Outcome<Option<String>> {
        match selection {
            Selection::Clipboard => Outcome::Done(Clipboard::new().and_then(|mut clipboard| clipboard.get_text()).ok()),
            Selection::Primary => Outcome::Done(None),
        }
    }

    pub(super) fn write(selection: Selection, copied: Copied) -> Outcome<()> {
        let set = |mut clipboard: Clipboard| match copied.html {
            Some(html) => clipboard.set_html(html, Some(copied.text)),
            None => clipboard.set_text(copied.text),
        };
        if selection == Selection::Clipboard
            && let Err(error) = Clipboard::new().and_then(set)
        {
            log::warn!("copying failed: {error}");
        }
        Outcome::Done(())
    }
}
