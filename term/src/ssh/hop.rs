//! One machine on the way to a host, the host itself included.

use std::fmt;

use super::host::PORT;

/// Who is logged in where: what asks, and what a password belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Hop {
    /// The user there.
    pub user: String,
    /// The machine's name or address.
    pub host_name: String,
    /// Its port.
    pub port: u16,
    /// The host that this one is a jump host for, as the user named it; `None` for that host itself.
    pub toward: Option<String>,
}

impl Hop {
    /// A host that is not on the way to another.
    #[must_use]
    pub fn new(user: &str, host_name: &str, port: u16) -> Self {
        Self { user: user.to_owned(), host_name: host_name.to_owned(), port, toward: None }
    }

    /// Whether both are the same account, wherever they lead.
    #[must_use]
    pub fn is_account(&self, user: &str, host_name: &str, port: u16) -> bool {
        // Host names are compared without regard to case, as the DNS does (RFC 4343).
        self.user == user && self.port == port && self.host_name.eq_ignore_ascii_case(host_name)
    }
}

impl fmt::Display for Hop {
    /// `user@host`, with `:port` where it is not 22 and brackets around an IPv6 address that has one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, host_name, port, .. } = self;
        match *port {
            PORT => write!(f, "{user}@{host_name}"),
            port if host_name.contains(':') => write!(f, "{user}@[{host_name}]:{port}"),
            port => write!(f, "{user}@{host_name}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hop_names_user_host_and_an_uncommon_port() {
        let name = |host: &str, port| Hop::new("me", host, port).to_string();
        assert_eq!(name("h", 22), "me@h");
        assert_eq!(name("h", 2222), "me@h:2222");
        assert_eq!(name("::1", 22), "me@::1");
        assert_eq!(name("::1", 2222), "me@[::1]:2222");
    }
}
