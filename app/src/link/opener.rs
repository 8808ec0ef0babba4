//! Gives an address to the desktop, which knows the user's browser and mail program.

use std::process::Stdio;

use tokio::process::Command;

/// Why an address was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The desktop's opener did not start.
    #[error("{program} cannot be started ({reason}); install xdg-utils, or copy the address instead")]
    NotStarted {
        /// The program.
        program: &'static str,
        /// What the system says.
        reason: String,
    },
    /// It knows no program for such an address, or that one failed.
    #[error("{program} could not open it ({status}); does this desktop know a program for it?")]
    Failed {
        /// The program.
        program: &'static str,
        /// How it ended.
        status: String,
    },
}

#[cfg(all(unix, not(target_os = "macos")))]
const PROGRAM: &str = "xdg-open";
#[cfg(target_os = "macos")]
const PROGRAM: &str = "open";
#[cfg(windows)]
const PROGRAM: &str = "rundll32";

/// Shows a folder in the desktop's file manager. Waits for the opener.
///
/// # Errors
/// [`Error`].
pub async fn open_folder(folder: std::path::PathBuf) -> Result<(), Error> {
    // An absolute path is no option.
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    start(folder.as_os_str()).await
}

/// Opens an address that [`super::judge`] allowed: it begins with a scheme, so that it is no option and no file, and no
/// shell reads it. Waits for the opener, which may be the browser itself.
///
/// # Errors
/// [`Error`].
pub async fn open(address: String) -> Result<(), Error> {
    start(address.as_ref()).await
}

async fn start(what: &std::ffi::OsStr) -> Result<(), Error> {
    let mut command = Command::new(PROGRAM);
    #[cfg(windows)]
    let _ = command.arg("url.dll,FileProtocolHandler");
    let _ = command.arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A browser goes on when a terminal's Ctrl+C ends this program.
    #[cfg(unix)]
    let _ = command.process_group(0);
    let not_started = |error: std::io::Error| Error::NotStarted { program: PROGRAM, reason: error.to_string() };
    let status = command.spawn().map_err(not_started)?.wait().await.map_err(not_started)?;
    if status.success() { Ok(()) } else { Err(Error::Failed { program: PROGRAM, status: status.to_string() }) }
}
