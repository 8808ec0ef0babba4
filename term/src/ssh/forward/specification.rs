//! What `-L`, `-R`, `-D` and `-W` are told, as a line of ssh_config(5) has it too.

use std::collections::HashMap;

use super::{Endpoint, Forward};
use crate::ssh::config::forwarding::{Field, fields, specification};
use crate::ssh::{config, host};

/// A text that describes no forwarding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no forwarding: [address:]port:host:hostport, with paths in place of ports for Unix sockets")]
pub struct Invalid;

impl Forward {
    /// `[bind_address:]port:host:hostport`, `[bind_address:]port:remote_socket`, `local_socket:host:hostport` or
    /// `local_socket:remote_socket`, as `-L` takes it. IPv6 addresses stand in brackets.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn local(text: &str) -> Result<Self, Invalid> {
        match read(text, false, false)? {
            host::Forward { listen, target: Some(target) } => Ok(Self::Local { listen, target }),
            _ => Err(Invalid),
        }
    }

    /// The same with the ends exchanged, or `[bind_address:]port` for a SOCKS server at the other end, as `-R` takes it.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn remote(text: &str) -> Result<Self, Invalid> {
        let host::Forward { listen, target } = read(text, false, true).or_else(|_| read(text, true, true))?;
        Ok(Self::Remote { listen, target })
    }

    /// `[bind_address:]port`, or the path of a socket, as `-D` takes it.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn dynamic(text: &str) -> Result<Self, Invalid> {
        Ok(Self::Dynamic { listen: read(text, true, false)?.listen })
    }

    /// The line of ssh_config(5) that says the same, as `Keyword=arguments`.
    #[must_use]
    pub fn option(&self) -> String {
        let keyword = match self {
            Self::Local { .. } => "LocalForward",
            Self::Remote { .. } => "RemoteForward",
            Self::Dynamic { .. } => "DynamicForward",
        };
        let listen = config::option(keyword, &bracketed(self.listen()));
        match self.target() {
            // The second argument is quoted like the first.
            Some(target) => listen + config::option("", &bracketed(target)).replacen('=', " ", 1).as_str(),
            None => listen,
        }
    }
}

impl Endpoint {
    /// `host:port` or the path of a socket, as `-W` takes it.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn target(text: &str) -> Result<Self, Invalid> {
        // Only the target counts; where it would be listened at is made up.
        match read(&format!("1:{text}"), false, false)? {
            host::Forward { target: Some(target), .. } if fields(text).is_some_and(|fields| is_target(&fields)) => {
                Ok(target)
            }
            _ => Err(Invalid),
        }
    }
}

fn is_target(fields: &[Field]) -> bool {
    match fields {
        [path] => path.is_path,
        [host, port] => !host.is_path && !port.is_path,
        _ => false,
    }
}

fn read(text: &str, is_dynamic: bool, is_remote: bool) -> Result<host::Forward, Invalid> {
    let environment: HashMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    specification(text, is_dynamic, is_remote, &environment).ok_or(Invalid)
}

/// With what may hold a colon in brackets.
fn bracketed(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Port { host: None, port } => port.to_string(),
        Endpoint::Port { host: Some(host), port } if host.is_empty() => format!(":{port}"),
        Endpoint::Port { host: Some(host), port } => format!("[{host}]:{port}"),
        Endpoint::Socket(path) => format!("[{}]", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(host: Option<&str>, port: u16) -> Endpoint {
        Endpoint::Port { host: host.map(str::to_owned), port }
    }

    #[test]
    fn every_form_of_a_local_forwarding_is_read() {
        for (text, listen, target) in [
            ("8080:host:80", at(None, 8080), at(Some("host"), 80)),
            ("  8080:host:80", at(None, 8080), at(Some("host"), 80)),
            (":8080:host:80", at(Some(""), 8080), at(Some("host"), 80)),
            ("*:8080:host:80", at(Some("*"), 8080), at(Some("host"), 80)),
            ("[::1]:8080:[fe80::1]:80", at(Some("::1"), 8080), at(Some("fe80::1"), 80)),
            ("8080:/run/s", at(None, 8080), Endpoint::socket("/run/s")),
            ("127.0.0.1:8080:/run/s", at(Some("127.0.0.1"), 8080), Endpoint::socket("/run/s")),
            ("/run/l:host:80", Endpoint::socket("/run/l"), at(Some("host"), 80)),
            ("/run/l:/run/s", Endpoint::socket("/run/l"), Endpoint::socket("/run/s")),
            ("[/run/a:b]:/run/s", Endpoint::socket("/run/a:b"), Endpoint::socket("/run/s")),
            (r"/run/a\:b:/run/s", Endpoint::socket("/run/a:b"), Endpoint::socket("/run/s")),
        ] {
            assert_eq!(Forward::local(text), Ok(Forward::Local { listen, target }), "{text}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        for text in [
            "",
            "8080",
            "0:host:80",
            "8080:host:0",
            "8080:host",
            "8080:host:80:more:still",
            "x:host:80",
            "8080:host:80x",
            "[::1:8080:host:80",
            "[::1]x:8080:host:80",
            "70000:host:80",
            "-1:host:80",
            r"8080:host:80\",
        ] {
            assert_eq!(Forward::local(text), Err(Invalid), "{text}");
        }
        for text in ["", "0", "a:b:c", "host:80:x", "8080:/run/s"] {
            assert_eq!(Forward::dynamic(text), Err(Invalid), "{text}");
        }
        assert_eq!(Forward::local(&format!("8080:/{}", "x".repeat(107))), Err(Invalid));
    }

    #[test]
    fn a_remote_forwarding_may_leave_port_and_target_open() {
        let remote = |listen, target| Ok(Forward::Remote { listen, target });
        assert_eq!(Forward::remote("0:host:80"), remote(at(None, 0), Some(at(Some("host"), 80))));
        assert_eq!(Forward::remote("0"), remote(at(None, 0), None));
        assert_eq!(Forward::remote("*:1080"), remote(at(Some("*"), 1080), None));
        assert_eq!(Forward::remote("/run/s:host:80"), remote(Endpoint::socket("/run/s"), Some(at(Some("host"), 80))));
        assert_eq!(Forward::remote("host:80:x"), Err(Invalid));
        assert_eq!(Forward::dynamic("[::1]:1080"), Ok(Forward::Dynamic { listen: at(Some("::1"), 1080) }));
    }

    #[test]
    fn the_configuration_can_say_the_same() {
        let context = config::Context::of_process();
        let config = crate::ssh::Config::load_from(context, Some(std::path::Path::new("none"))).unwrap();
        let all = [
            Forward::local("*:8080:[::1]:80").unwrap(),
            Forward::local(r"/run/a\:b:/run/it's").unwrap(),
            Forward::local(":1:h:2").unwrap(),
            Forward::dynamic("localhost:1080").unwrap(),
            Forward::remote("0:h:1").unwrap(),
            Forward::remote("/run/s").unwrap(),
        ];
        let options: Vec<String> = all.iter().map(Forward::option).collect();
        let destination = crate::ssh::Destination::parse("h").unwrap();
        let host = config.resolve(&destination, &options).unwrap();
        assert_eq!(Forward::of(&host), all, "{options:?}");
    }

    #[test]
    fn standard_input_leads_to_a_port_or_a_socket() {
        assert_eq!(Endpoint::target("host:80"), Ok(at(Some("host"), 80)));
        assert_eq!(Endpoint::target("[::1]:80"), Ok(at(Some("::1"), 80)));
        assert_eq!(Endpoint::target("/run/s"), Ok(Endpoint::socket("/run/s")));
        for text in ["", "host", "80", "host:", "host:0", "a:b:80"] {
            assert_eq!(Endpoint::target(text), Err(Invalid), "{text}");
        }
    }
}
