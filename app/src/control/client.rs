//! The other end of the socket, used by `tetherm ctl`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Error, Request};

/// Longer than the window may take, so that its own "no answer" arrives.
const PATIENCE: Duration = Duration::from_secs(15);

/// A conversation with a window. Blocks: for the command line.
#[derive(Debug)]
pub struct Client {
    path: PathBuf,
    #[cfg(unix)]
    stream: std::os::unix::net::UnixStream,
}

#[cfg(unix)]
impl Client {
    /// Connects to the window that listens at `path`.
    ///
    /// # Errors
    /// [`Error::NoWindow`].
    pub fn connect(path: &Path) -> Result<Self, Error> {
        let connect = || {
            let stream = std::os::unix::net::UnixStream::connect(path)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_write_timeout(Some(PATIENCE))?;
            Ok(stream)
        };
        let stream = connect().map_err(|source| Error::NoWindow { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), stream })
    }

    /// Asks, and waits for what the window answers with `ok`.
    ///
    /// # Errors
    /// [`Error::Refused`] with the window's reason, [`Error::NoAnswer`], [`Error::Garbled`].
    pub fn ask(&mut self, request: &Request) -> Result<serde_json::Value, Error> {
        use std::io::{BufRead as _, BufReader, Write as _};
        let broken = |source| Error::NoAnswer { path: self.path.clone(), source };
        let garbled = |reason: String| Error::Garbled { path: self.path.clone(), reason };
        let mut line = serde_json::to_string(request).map_err(|error| garbled(error.to_string()))?;
        line.push('\n');
        (&self.stream).write_all(line.as_bytes()).map_err(broken)?;
        let mut reply = String::new();
        let read = BufReader::new(&self.stream).read_line(&mut reply).map_err(broken)?;
        if read == 0 {
            return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
        }
        let mut reply: serde_json::Value = serde_json::from_str(&reply).map_err(|error| garbled(error.to_string()))?;
        if let Some(reason) = reply.get("error").and_then(serde_json::Value::as_str) {
            return Err(Error::Refused(reason.to_owned()));
        }
        reply.get_mut("ok").map(serde_json::Value::take).ok_or_else(|| garbled("neither ok nor error".to_owned()))
    }
}

#[cfg(not(unix))]
impl Client {
    /// Says that it cannot be done.
    ///
    /// # Errors
    /// Always [`Error::Unsupported`].
    pub fn connect(_path: &Path) -> Result<Self, Error> {
        let _ = PATIENCE;
        Err(Error::Unsupported)
    }

    /// Says that it cannot be done.
    ///
    /// # Errors
    /// Always [`Error::Unsupported`].
    pub fn ask(&mut self, _request: &Request) -> Result<serde_json::Value, Error> {
        let _ = &self.path;
        Err(Error::Unsupported)
    }
}
