//! What a configuration asks of the network: names, and the addresses of this machine.

use std::net::IpAddr;

use crate::ssh::host::AddressFamily;

/// What answers questions about the network. Asking may block for as long as the system's resolver takes.
pub trait Network: std::fmt::Debug + Send + Sync {
    /// Looks a host name up: `None` where it has no address of that family, else the name that it is an alias of, where
    /// the resolver tells one.
    fn lookup(&self, name: &str, family: AddressFamily) -> Option<Found>;

    /// The addresses of this machine's interfaces.
    fn addresses(&self) -> Vec<IpAddr>;
}

/// A name that has an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The name that an alias leads to (CNAME), or the name itself.
    pub canonical_name: Option<String>,
}

/// The network of this machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct System;

impl Network for System {
    fn lookup(&self, name: &str, family: AddressFamily) -> Option<Found> {
        // Not in Rust's standard library: the family, and the canonical name.
        let hints = dns_lookup::AddrInfoHints {
            socktype: dns_lookup::SockType::Stream.into(),
            flags: CANONICAL_NAME,
            ..dns_lookup::AddrInfoHints::default()
        };
        let wanted = |address: IpAddr| match family {
            AddressFamily::Any => true,
            AddressFamily::Inet => address.is_ipv4(),
            AddressFamily::Inet6 => address.is_ipv6(),
        };
        let answers: Vec<_> = dns_lookup::getaddrinfo(Some(name), None, Some(hints)).ok()?.flatten().collect();
        let canonical_name = answers.iter().find_map(|answer| answer.canonname.clone());
        answers.iter().any(|answer| wanted(answer.sockaddr.ip())).then_some(Found { canonical_name })
    }

    fn addresses(&self) -> Vec<IpAddr> {
        match if_addrs::get_if_addrs() {
            Ok(interfaces) => interfaces.iter().map(if_addrs::Interface::ip).collect(),
            Err(error) => {
                log::warn!("Match localnetwork: the addresses of this machine are not known: {error}");
                Vec::new()
            }
        }
    }
}

/// `AI_CANONNAME` of netdb.h: the same on every system.
const CANONICAL_NAME: i32 = 2;
