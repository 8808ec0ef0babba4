//! The directory that the shell says it is in (OSC 7).

use super::event::is_deceptive;

/// The longest path and host name that are taken, in bytes (PATH_MAX, and RFC 1035).
const PATH_LIMIT: usize = 4096;
const HOST_LIMIT: usize = 255;

/// A directory of the remote host, as its shell tells it: nothing says that it is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingDirectory {
    host: String,
    path: String,
}

impl WorkingDirectory {
    /// Reads `file://host/path`, percent-encoded; kitty's `kitty-shell-cwd://` is not encoded. `None` if it is no
    /// absolute path, is too long, is no UTF-8 or holds control characters, which no path needs and no shell should be
    /// given.
    pub(super) fn parse(uri: &str) -> Option<Self> {
        let (rest, encoded) = match uri.strip_prefix("file://") {
            Some(rest) => (rest, true),
            None => (uri.strip_prefix("kitty-shell-cwd://")?, false),
        };
        let (host, path) = rest.split_at_checked(rest.find('/')?)?;
        if path.len() > 3 * PATH_LIMIT || host.len() > HOST_LIMIT {
            return None;
        }
        let path = if encoded { decode(path)? } else { path.to_owned() };
        let fine = path.len() <= PATH_LIMIT && !path.chars().chain(host.chars()).any(char::is_control);
        fine.then(|| Self { host: host.chars().filter(|c| !is_deceptive(*c)).collect(), path })
    }

    /// The host that the shell named; may be empty.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path as it is: absolute, without control characters.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path as it may be shown in the window's own parts: without what makes it read as something else.
    #[must_use]
    pub fn shown(&self) -> String {
        self.path.chars().filter(|c| !is_deceptive(*c)).collect()
    }
}

/// Undoes percent-encoding (RFC 3986 section 2.1); a `%` that begins no pair of digits stands for itself.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let pair = after.first_chunk::<2>().filter(|_| first == b'%');
        let value = pair.and_then(|pair| str::from_utf8(pair).ok()).filter(|pair| !pair.starts_with('+'));
        match value.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(uri: &str) -> Option<String> {
        WorkingDirectory::parse(uri).map(|directory| directory.path)
    }

    #[test]
    fn a_uri_gives_host_and_path() {
        let directory = WorkingDirectory::parse("file://web.example/srv/my%20site/%E6%BC%A2").unwrap();
        assert_eq!((directory.host(), directory.path()), ("web.example", "/srv/my site/漢"));
        assert_eq!(path("file:///tmp").as_deref(), Some("/tmp"));
        assert_eq!(path("file:///100%/a%2").as_deref(), Some("/100%/a%2"));
        assert_eq!(path("file:///a%+1b").as_deref(), Some("/a%+1b"));
        assert_eq!(path("kitty-shell-cwd://host/a%20b").as_deref(), Some("/a%20b"));
    }

    #[test]
    fn what_no_path_is_like_is_not_taken() {
        let long = format!("file:///{}", "a".repeat(PATH_LIMIT));
        let host = format!("file://{}/", "a".repeat(HOST_LIMIT + 1));
        let refused =
            ["", "file://", "file://host", "/tmp", "http://host/tmp", "file:///a%0ab", "file:///a%1bb", "file:///%ff"];
        for uri in refused.into_iter().chain([long.as_str(), host.as_str(), "file://a\u{85}b/"]) {
            assert_eq!(path(uri), None, "{}", uri.escape_debug());
        }
    }

    #[test]
    fn what_would_deceive_is_not_shown() {
        let directory = WorkingDirectory::parse("file://h\u{202e}ost/a%E2%80%AEb\u{200b}c").unwrap();
        assert_eq!((directory.host(), directory.shown().as_str()), ("host", "/abc"));
        assert_eq!(directory.path(), "/a\u{202e}b\u{200b}c");
    }
}
