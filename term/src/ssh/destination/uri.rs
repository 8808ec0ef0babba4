//! `ssh://` addresses (draft-ietf-secsh-scp-sftp-ssh-uri, as far as ssh(1) takes them).

use super::{Destination, Error, split_port};

const SCHEME: &str = "ssh://";

/// What follows `ssh://`, in any letter case.
pub(super) fn strip_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(rest)
}

/// Reads what follows `ssh://`.
pub(super) fn parse(rest: &str) -> Result<Destination, Error> {
    let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    if !matches!(path, "" | "/") {
        // A password holding a slash would end up here: say nothing of what precedes the last @.
        let shown = path.rsplit_once('@').map_or(path, |(_, after)| after);
        return Err(Error::Path { rest: shown.to_owned() });
    }
    let (user, place) = match authority.rsplit_once('@') {
        Some((info, place)) => (Some(user(info)?), place),
        None => (None, authority),
    };
    let place = decode(place)?;
    let (host, port) = split_port(&place)?;
    Destination::new(host, user.as_deref(), port)
}

/// Encodes everything but what no part of a URI gives a meaning to.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn user(info: &str) -> Result<String, Error> {
    let (user, parameters) = info.split_once(';').map_or((info, None), |(user, rest)| (user, Some(rest)));
    if user.contains(':') {
        return Err(Error::Password);
    }
    if let Some(parameters) = parameters {
        let name = parameters.split(['=', ',', ';']).next().unwrap_or_default();
        return Err(Error::Parameter { name: name.to_owned() });
    }
    match decode(user)? {
        user if user.is_empty() => Err(Error::NoUser),
        user => Ok(user),
    }
}

fn decode(text: &str) -> Result<String, Error> {
    let broken = || Error::Encoding { text: text.to_owned() };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2).ok_or_else(broken)?;
        let digits = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        bytes.push(digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or_else(broken)?);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| broken())
}
