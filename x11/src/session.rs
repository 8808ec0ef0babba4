//! The display of the user's session, for a program that was started without being told which: by a service manager, or by
//! whatever keeps no variables.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::timeout;

use crate::client::Client;
use crate::display::Stream;
use crate::{Display, Xauthority};

/// Where the sockets of this machine's displays are.
const SOCKETS: &str = "/tmp/.X11-unix";

/// How long a display may take to let this program in.
const PATIENCE: Duration = Duration::from_secs(2);

/// Files with cookies that are tried, and displays: more than a machine with many users has.
const MOST: usize = 64;

/// What the names of files with cookies begin with that session managers put into `XDG_RUNTIME_DIR`: KDE's and sddm's, and
/// those of GNOME's Xwayland.
const BEGINNINGS: [&str; 3] = ["xauth_", ".mutter-Xwaylandauth.", "Xauthority"];

/// A display that lets this user in, and the file with its cookie, if it wants one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The display.
    pub display: Display,
    /// The file that the cookie is in.
    pub xauthority: Option<PathBuf>,
}

impl Session {
    /// Looks for a display on this machine that is run by this user, or by the system, and lets this program in: with a cookie
    /// of one of the files where sessions keep them, or without. The user's own go first, and lower numbers.
    pub async fn find() -> Option<Self> {
        let variable = std::env::var_os;
        let runtime = variable("XDG_RUNTIME_DIR").map(PathBuf::from);
        let files = tokio::task::spawn_blocking(move || {
            let user = Xauthority::path(variable("XAUTHORITY"), std::env::home_dir());
            user.into_iter().chain(runtime.iter().flat_map(|folder| cookie_files(folder))).collect()
        });
        Self::find_among(Path::new(SOCKETS), files.await.unwrap_or_default()).await
    }

    /// Looks among the displays whose sockets are in a folder, with the cookies of these files.
    ///
    /// Only what root or this user runs is shown a cookie.
    pub async fn find_among(sockets: &Path, files: Vec<PathBuf>) -> Option<Self> {
        let folder = sockets.to_owned();
        let numbers = tokio::task::spawn_blocking(move || numbers(&folder)).await.ok()?;
        let mut others = Vec::new();
        for number in numbers {
            let display = named(sockets, number)?;
            match owner(&display).await {
                Some(Owner::User) => {
                    if let Some(found) = Self::let_in(display, &files).await {
                        return Some(found);
                    }
                }
                Some(Owner::System) => others.push(display),
                None => {}
            }
        }
        for display in others {
            if let Some(found) = Self::let_in(display, &files).await {
                return Some(found);
            }
        }
        None
    }

    async fn let_in(display: Display, files: &[PathBuf]) -> Option<Self> {
        for file in files.iter().map(Some).chain([None]) {
            if let Ok(Ok(true)) = timeout(PATIENCE, is_let_in(&display, file)).await {
                return Some(Self { display, xauthority: file.cloned() });
            }
        }
        None
    }
}

/// Who runs a display.
enum Owner {
    User,
    System,
}

/// Who runs a display; none where that is somebody else, or nobody answers.
async fn owner(display: &Display) -> Option<Owner> {
    let stream = timeout(PATIENCE, display.connect()).await.ok()?.ok()?;
    match stream.owner()? {
        user if user == rustix::process::geteuid().as_raw() => Some(Owner::User),
        0 => Some(Owner::System),
        _ => None,
    }
}

/// Whether a display lets this program in with its cookie of a file; without one if there is no file.
async fn is_let_in(display: &Display, file: Option<&PathBuf>) -> io::Result<bool> {
    let stream: Stream = display.connect().await?;
    let cookie = match file {
        Some(file) => {
            let hostname = gethostname::gethostname();
            let read = Xauthority::read(file.clone()).await.map_err(io::Error::other)?;
            let cookie = read.cookie(stream.peer()?, display.number(), hostname.as_encoded_bytes());
            match cookie.map_err(io::Error::other)? {
                Some(cookie) => Some(cookie),
                // Without a cookie it is asked once, and not for each file.
                None => return Ok(false),
            }
        }
        None => None,
    };
    Ok(Client::new(stream, cookie.as_ref()).await.is_ok())
}

/// The name of display `number` whose socket is in a folder.
fn named(sockets: &Path, number: u16) -> Option<Display> {
    let name = if sockets == Path::new(SOCKETS) {
        format!(":{number}")
    } else {
        sockets.join(format!("X{number}")).to_str()?.to_owned()
    };
    Display::parse(&name).ok()
}

/// The numbers of the displays whose sockets are in a folder, in order.
fn numbers(sockets: &Path) -> Vec<u16> {
    let Ok(entries) = std::fs::read_dir(sockets) else { return Vec::new() };
    let number = |name: &str| name.strip_prefix('X')?.parse().ok();
    let mut numbers: Vec<u16> = entries.flatten().filter_map(|entry| number(entry.file_name().to_str()?)).collect();
    numbers.sort_unstable();
    numbers.truncate(MOST);
    numbers
}

/// The files of a session's folder in which cookies are kept.
fn cookie_files(runtime: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in [runtime.to_owned(), runtime.join("gdm")] {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let wanted = entries.flatten().filter(|entry| {
            let name = entry.file_name();
            name.to_str().is_some_and(|name| BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)))
        });
        files.extend(wanted.map(|entry| entry.path()));
    }
    files.sort();
    files.truncate(MOST);
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_displays_and_files_with_cookies_are_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["X10", "X2", "X", "Xy", "socket", "xauth_a1", ".mutter-Xwaylandauth.B2", "other"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("gdm")).unwrap();
        std::fs::write(folder.path().join("gdm/Xauthority"), "").unwrap();
        assert_eq!(numbers(folder.path()), [2, 10]);
        let expected = [".mutter-Xwaylandauth.B2", "gdm/Xauthority", "xauth_a1"].map(|name| folder.path().join(name));
        assert_eq!(cookie_files(folder.path()), expected);
        assert_eq!(numbers(&folder.path().join("none")), [0; 0]);
    }
}
