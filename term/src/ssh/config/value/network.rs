//! Values about networks: types of service, tunnel devices, domains, hosts with ports.

use std::time::Duration;

use super::number;

/// The names of types of service (`ipqos` in misc.c) with their bytes; `none` is left to the system.
const SERVICES: &[(&str, Option<u8>)] = &[
    ("none", None),
    ("af11", Some(0x28)),
    ("af12", Some(0x30)),
    ("af13", Some(0x38)),
    ("af21", Some(0x48)),
    ("af22", Some(0x50)),
    ("af23", Some(0x58)),
    ("af31", Some(0x68)),
    ("af32", Some(0x70)),
    ("af33", Some(0x78)),
    ("af41", Some(0x88)),
    ("af42", Some(0x90)),
    ("af43", Some(0x98)),
    ("cs0", Some(0x00)),
    ("cs1", Some(0x20)),
    ("cs2", Some(0x40)),
    ("cs3", Some(0x60)),
    ("cs4", Some(0x80)),
    ("cs5", Some(0xa0)),
    ("cs6", Some(0xc0)),
    ("cs7", Some(0xe0)),
    ("ef", Some(0xb8)),
    ("le", Some(0x04)),
    ("va", Some(0xb0)),
    ("lowdelay", Some(0x10)),
    ("throughput", Some(0x08)),
    ("reliability", Some(0x04)),
];

/// A type of service by name or number. The message of an error is OpenSSH's.
pub(in crate::ssh::config) fn service(text: &str) -> Result<Option<u8>, String> {
    if let Some((_, byte)) = SERVICES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        return Ok(*byte);
    }
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let number = match (hexadecimal, text.strip_prefix('0').filter(|rest| !rest.is_empty())) {
        (Some(digits), _) => u8::from_str_radix(digits, 16),
        (None, Some(octal)) => u8::from_str_radix(octal, 8),
        (None, None) => text.parse(),
    };
    number.map(Some).map_err(|_| format!("Bad IPQoS value: {text}"))
}

/// The first name of a type of service, or its number.
pub(in crate::ssh::config) fn service_name(service: Option<u8>) -> String {
    match SERVICES.iter().find(|(_, byte)| *byte == service) {
        Some((name, _)) => (*name).to_owned(),
        None => format!("0x{:02x}", service.unwrap_or_default()),
    }
}

/// The numbers of tunnel devices, here and there; `None` is any.
pub(in crate::ssh::config) fn tunnel_device(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    // SSH_TUNID_MAX in misc.h.
    const LAST: u32 = 0x7fff_ffff - 3;
    let device = |text: &str| match text {
        any if any.eq_ignore_ascii_case("any") => Some(None),
        number => number::integer(number).ok().filter(|number| *number <= LAST).map(Some),
    };
    match text.split_once(':') {
        None => Some((device(text)?, None)),
        Some((local, remote)) => Some((device(local)?, device(remote)?)),
    }
}

/// Checks a domain name, as `valid_domain` in misc.c does.
pub(in crate::ssh::config) fn check_domain(name: &str) -> Result<(), String> {
    let Some(first) = name.chars().next() else { return Err("empty domain name".to_owned()) };
    if !first.is_ascii_alphanumeric() {
        return Err(format!("domain name \"{name}\" starts with invalid character"));
    }
    if name.contains("..") {
        return Err(format!("domain name \"{name}\" contains consecutive separators"));
    }
    if name.chars().any(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_')) {
        return Err(format!("domain name \"{name}\" contains invalid characters"));
    }
    Ok(())
}

/// The patterns of aliases, and of what they may stand for, of one argument of `CanonicalizePermittedCNAMEs`.
pub(in crate::ssh::config) fn cname(text: &str) -> Result<(String, String), String> {
    if text == "*" {
        return Ok(("*".to_owned(), "*".to_owned()));
    }
    let lower = text.to_ascii_lowercase();
    match lower.split_once(':').filter(|(_, targets)| !targets.is_empty()) {
        Some((sources, targets)) => Ok((sources.to_owned(), targets.to_owned())),
        None => Err(format!("Invalid permitted CNAME \"{lower}\"")),
    }
}

/// Checks one argument of `PermitRemoteOpen`: a host and a port, either of which may be `*`.
pub(super) fn check_open(text: &str) -> Result<(), String> {
    let (host, port) = split_host(text).ok_or("missing host in permitremoteopen")?;
    let _ = host;
    match port {
        Some("*") => Ok(()),
        Some(port) if number::port(port).is_some_and(|port| port > 0) => Ok(()),
        _ => Err("bad port number in permitremoteopen".to_owned()),
    }
}

/// A host, without its brackets, and what follows a colon (`hpdelim` and `cleanhostname` in misc.c).
pub(in crate::ssh::config) fn split_host(text: &str) -> Option<(&str, Option<&str>)> {
    let (host, rest) = match text.strip_prefix('[') {
        Some(inside) => inside.split_once(']')?,
        None => text.find([':', '/']).map_or((text, ""), |at| text.split_at(at)),
    };
    match rest.split_at_checked(1) {
        None => Some((host, None)),
        Some((":", port)) => Some((host, Some(port))),
        Some(_) => None,
    }
}

/// One argument of `ChannelTimeout`: a type of channel and a time.
pub(in crate::ssh::config) fn channel_timeout(text: &str) -> Result<(String, Duration), String> {
    let parsed = text.split_once('=').and_then(|(kind, time)| Some((kind.to_owned(), number::seconds(time)?)));
    parsed.ok_or_else(|| format!("invalid channel timeout {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_have_names_and_numbers() {
        for (text, byte, name) in [
            ("EF", Some(0xb8), "ef"),
            ("none", None, "none"),
            ("0x10", Some(16), "lowdelay"),
            ("07", Some(7), "0x07"),
            ("255", Some(255), "0xff"),
            ("reliability", Some(4), "le"),
        ] {
            assert_eq!(service(text), Ok(byte), "{text}");
            assert_eq!(service_name(byte), name);
        }
        for text in ["256", "x", "", "-1"] {
            assert_eq!(service(text), Err(format!("Bad IPQoS value: {text}")));
        }
    }

    #[test]
    fn tunnel_devices_are_numbers_or_any() {
        assert_eq!(tunnel_device("any"), Some((None, None)));
        assert_eq!(tunnel_device("3"), Some((Some(3), None)));
        assert_eq!(tunnel_device("3:ANY"), Some((Some(3), None)));
        assert_eq!(tunnel_device("0:7"), Some((Some(0), Some(7))));
        assert_eq!((tunnel_device("x"), tunnel_device("1:"), tunnel_device("-1")), (None, None, None));
    }

    #[test]
    fn hosts_end_at_a_colon_unless_in_brackets() {
        assert_eq!(split_host("a"), Some(("a", None)));
        assert_eq!(split_host("a:1"), Some(("a", Some("1"))));
        assert_eq!(split_host("[::1]:1"), Some(("::1", Some("1"))));
        assert_eq!((split_host("[::1"), split_host("[::1]x"), split_host("a/b")), (None, None, None));
    }
}
