//! The arguments of `LocalForward`, `RemoteForward` and `DynamicForward`.

use std::collections::HashMap;
use std::path::PathBuf;

use super::keyword::Direction;
use super::tokens;
use super::value::port;
use crate::ssh::host::{Endpoint, Forward};

/// The longest path of a Unix socket, its end included (`sun_path` in unix(7)).
const LONGEST_SOCKET: usize = 108;

/// One part between colons.
pub(in crate::ssh) struct Field {
    pub(in crate::ssh) text: String,
    pub(in crate::ssh) is_path: bool,
}

/// Reads the checked arguments of a line. The message of an error is OpenSSH's.
pub(super) fn parse(
    direction: Direction,
    arguments: &[String],
    environment: &HashMap<String, String>,
) -> Result<Forward, String> {
    let mut arguments = arguments.iter().filter(|argument| !argument.is_empty());
    let listen = arguments.next().ok_or("Missing argument.")?;
    let target = if direction == Direction::Dynamic { None } else { arguments.next() };
    if target.is_none() && direction == Direction::Local {
        return Err("Missing target argument.".to_owned());
    }
    let text = target.map_or_else(|| listen.clone(), |target| format!("{listen}:{target}"));
    specification(&text, target.is_none(), direction == Direction::Remote, environment)
        .ok_or_else(|| "Bad forwarding specification.".to_owned())
}

/// Reads `[address:]port[:host:port]`, where a path stands for address and port (`parse_forward` in readconf.c).
pub(in crate::ssh) fn specification(
    text: &str,
    is_dynamic: bool,
    is_remote: bool,
    environment: &HashMap<String, String>,
) -> Option<Forward> {
    let text = tokens::variables(text, environment).ok()?;
    let fields = fields(text.trim_start())?;
    let tcp = |host: Option<&Field>, number: &Field| {
        Some(Endpoint::Port { host: host.map(|host| host.text.clone()), port: port(&number.text)? })
    };
    let socket = |field: &Field| Endpoint::Socket(PathBuf::from(&field.text));
    let (listen, target) = match (fields.as_slice(), is_dynamic) {
        ([path], true) if path.is_path => (socket(path), None),
        ([number], true) => (tcp(None, number)?, None),
        ([one, two], _) if one.is_path && two.is_path => (socket(one), Some(socket(two))),
        ([number, path], _) if path.is_path => (tcp(None, number)?, Some(socket(path))),
        ([host, number], true) => (tcp(Some(host), number)?, None),
        ([path, host, number], false) if path.is_path => (socket(path), Some(tcp(Some(host), number)?)),
        ([host, number, path], false) if path.is_path => (tcp(Some(host), number)?, Some(socket(path))),
        ([here, host, number], false) => (tcp(None, here)?, Some(tcp(Some(host), number)?)),
        ([host, number, there, remote], false) => (tcp(Some(host), number)?, Some(tcp(Some(there), remote)?)),
        _ => return None,
    };
    let listens = match &listen {
        Endpoint::Port { port, .. } => *port > 0 || is_remote,
        Endpoint::Socket(path) => fits(path),
    };
    let leads = match &target {
        Some(Endpoint::Port { port, .. }) => *port > 0,
        Some(Endpoint::Socket(path)) => fits(path),
        None => true,
    };
    (listens && leads && target.is_none() == is_dynamic).then_some(Forward { listen, target })
}

fn fits(path: &std::path::Path) -> bool {
    path.as_os_str().len() < LONGEST_SOCKET
}

/// Splits at colons, except in brackets and behind a backslash (`parse_fwd_field` in readconf.c).
pub(in crate::ssh) fn fields(text: &str) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && fields.len() < 5 {
        if let Some(inside) = rest.strip_prefix('[') {
            let (field, after) = inside.split_once(']')?;
            rest = match after.split_at_checked(1) {
                None => "",
                Some((":", after)) => after,
                Some(_) => return None,
            };
            fields.push(Field { text: field.to_owned(), is_path: field.contains('/') });
        } else {
            let mut field = Field { text: String::new(), is_path: false };
            let mut characters = rest.chars();
            while let Some(c) = characters.next().filter(|c| *c != ':') {
                // What a backslash protects is no separator and makes no path.
                let c = if c == '\\' {
                    characters.next()?
                } else {
                    field.is_path |= c == '/';
                    c
                };
                field.text.push(c);
            }
            rest = characters.as_str();
            fields.push(field);
        }
    }
    (rest.is_empty() && fields.len() <= 4).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(direction: Direction, text: &str) -> Option<(Endpoint, Option<Endpoint>)> {
        let environment = HashMap::from([("S".to_owned(), "/run/s".to_owned())]);
        let arguments: Vec<String> = text.split(' ').map(str::to_owned).collect();
        parse(direction, &arguments, &environment).ok().map(|forward| (forward.listen, forward.target))
    }

    fn port(host: Option<&str>, port: u16) -> Endpoint {
        Endpoint::Port { host: host.map(str::to_owned), port }
    }

    #[test]
    fn forwardings_have_addresses_ports_and_sockets() {
        let socket = |path: &str| Endpoint::Socket(path.into());
        for (direction, text, expected) in [
            (Direction::Local, "80 h:81", Some((port(None, 80), Some(port(Some("h"), 81))))),
            (Direction::Local, "*:80 [::1]:81", Some((port(Some("*"), 80), Some(port(Some("::1"), 81))))),
            (Direction::Local, "80 /s", Some((port(None, 80), Some(socket("/s"))))),
            (Direction::Local, "/a /b", Some((socket("/a"), Some(socket("/b"))))),
            (Direction::Local, "${S} h:1", Some((socket("/run/s"), Some(port(Some("h"), 1))))),
            (Direction::Local, "80", None),
            (Direction::Local, "0 h:1", None),
            (Direction::Local, "80 h:0", None),
            (Direction::Local, "80 h", None),
            (Direction::Local, "${NO} h:1", None),
            (Direction::Remote, "0 h:1", Some((port(None, 0), Some(port(Some("h"), 1))))),
            (Direction::Remote, "80", Some((port(None, 80), None))),
            (Direction::Dynamic, "1080", Some((port(None, 1080), None))),
            (Direction::Dynamic, "[::1]:1080", Some((port(Some("::1"), 1080), None))),
            (Direction::Dynamic, "a:1080:b:1", None),
            (Direction::Dynamic, "x", None),
        ] {
            assert_eq!(read(direction, text), expected, "{text}");
        }
    }
}
