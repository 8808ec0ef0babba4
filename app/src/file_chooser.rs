//! The desktop's own dialog to choose a file.
//!
//! It is asked for through the desktop portal, so that it is the one that the user knows, and runs in a process of the
//! desktop's. Where there is no portal the caller says what else the user can do.

use std::path::PathBuf;

/// Which files are offered.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// What they are called.
    pub name: &'static str,
    /// Their names, with `*` for anything.
    pub patterns: &'static [&'static str],
}

/// Why no dialog is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No desktop that has one.
    #[error("the desktop offers no file chooser: {0}")]
    NoDesktop(String),
    /// What was chosen is not on this computer.
    #[error("{0} is not a file of this computer; copy it here first")]
    NoFile(String),
}

/// Shows the dialog and waits for the user; `None` where they chose nothing.
///
/// # Errors
/// [`Error`].
#[cfg(all(unix, not(target_os = "macos")))]
pub async fn choose(title: &'static str, filter: Filter) -> Result<Option<PathBuf>, Error> {
    let address = portal::choose(title, filter).await.map_err(|error| Error::NoDesktop(error.to_string()))?;
    address.map(|address| path(&address).ok_or(Error::NoFile(address))).transpose()
}

/// Shows the dialog and waits for the user; `None` where they chose nothing.
///
/// # Errors
/// [`Error::NoDesktop`], always: this platform's dialog is not spoken yet.
#[cfg(any(not(unix), target_os = "macos"))]
pub async fn choose(_title: &'static str, _filter: Filter) -> Result<Option<PathBuf>, Error> {
    Err(Error::NoDesktop("not supported on this system".to_owned()))
}

/// The file of a `file:` address (RFC 8089) of this computer.
#[cfg(all(unix, not(target_os = "macos")))]
fn path(address: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;

    let rest = address.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let bytes = decoded(rest)?;
    let absolute = bytes.first() == Some(&b'/') && !bytes.contains(&0);
    absolute.then(|| PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

/// The octets that percent-encoding stands for (RFC 3986, section 2.1).
#[cfg(all(unix, not(target_os = "macos")))]
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut octets = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(octet) = octets.next() {
        if octet != b'%' {
            decoded.push(octet);
            continue;
        }
        let digit = |octet: Option<u8>| char::from(octet?).to_digit(16);
        let value = 16 * digit(octets.next())? + digit(octets.next())?;
        decoded.push(u8::try_from(value).ok()?);
    }
    Some(decoded)
}

/// `org.freedesktop.portal.FileChooser`.
#[cfg(all(unix, not(target_os = "macos")))]
mod portal {
    use std::collections::HashMap;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::StreamExt as _;
    use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

    use super::Filter;

    const NAME: &str = "org.freedesktop.portal.Desktop";
    const PATH: &str = "/org/freedesktop/portal/desktop";
    const REQUEST: &str = "org.freedesktop.portal.Request";

    /// The address of the file that was chosen.
    pub(super) async fn choose(title: &str, filter: Filter) -> zbus::Result<Option<String>> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let bus = zbus::Connection::session().await?;
        let token = format!("tetherm_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let sender = bus.unique_name().map(|name| name.trim_start_matches(':').replace('.', "_")).unwrap_or_default();
        // The request's path is known beforehand, so that an answer that comes at once is not lost.
        let request = format!("{PATH}/request/{sender}/{token}");
        let request = zbus::Proxy::new(&bus, NAME, request, REQUEST).await?;
        let mut answers = request.receive_signal("Response").await?;
        let chooser = zbus::Proxy::new(&bus, NAME, PATH, "org.freedesktop.portal.FileChooser").await?;
        let patterns: Vec<(u32, &str)> = filter.patterns.iter().map(|pattern| (0, *pattern)).collect();
        let options = HashMap::from([
            ("handle_token", Value::from(token.as_str())),
            ("modal", Value::from(true)),
            ("filters", Value::from(vec![(filter.name, patterns)])),
        ]);
        let _handle: OwnedObjectPath = chooser.call("OpenFile", &("", title, options)).await?;
        let Some(answer) = answers.next().await else { return Ok(None) };
        let (response, mut results): (u32, HashMap<String, OwnedValue>) = answer.body().deserialize()?;
        // 1 is a user who changed their mind.
        if response != 0 {
            return Ok(None);
        }
        let addresses = results.remove("uris").map(Vec::<String>::try_from).transpose()?;
        Ok(addresses.and_then(|addresses| addresses.into_iter().next()))
    }
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_file_is_read_as_it_was_written() {
        let table = [
            ("file:///home/ada/one.toml", Some("/home/ada/one.toml")),
            ("file:///home/ada/my%20sch%C3%A8mes/%25.yml", Some("/home/ada/my schèmes/%.yml")),
            ("file://localhost/tmp/x", Some("/tmp/x")),
            ("file://server/share/x", None),
            ("sftp://server/x", None),
            ("file:///tmp/%00", None),
            ("file:///tmp/%zz", None),
            ("file:///tmp/%4", None),
            ("file://relative", None),
        ];
        for (address, expected) in table {
            assert_eq!(path(address), expected.map(PathBuf::from), "{address}");
        }
    }
}
