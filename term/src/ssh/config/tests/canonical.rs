//! Short names and aliases, with a made-up network.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use super::*;
use crate::ssh::config::network::{Found, Network};
use crate::ssh::host::AddressFamily;

/// Names that have addresses, with what they are aliases of, and what was asked.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: Vec<(&'static str, Option<&'static str>)>,
    addresses: Vec<IpAddr>,
    asked: Mutex<Vec<String>>,
}

impl Network for Names {
    fn lookup(&self, name: &str, _family: AddressFamily) -> Option<Found> {
        self.asked.lock().unwrap().push(name.to_owned());
        let (_, alias_of) = self.known.iter().find(|(known, _)| *known == name)?;
        Some(Found { canonical_name: alias_of.map(str::to_owned) })
    }

    fn addresses(&self) -> Vec<IpAddr> {
        self.addresses.clone()
    }
}

/// What a name becomes, and which names were asked for.
fn resolve(content: &str, host: &str, known: &[(&'static str, Option<&'static str>)]) -> (String, Vec<String>) {
    let network = Arc::new(Names { known: known.to_vec(), ..Names::default() });
    let mut place = Place::new().user("config", content);
    place.context.network = Arc::clone(&network) as Arc<dyn Network>;
    let name = match place.resolve(host) {
        Ok(host) => host.host_name,
        Err(error) => error.to_string(),
    };
    let asked = network.asked.lock().unwrap().clone();
    (name, asked)
}

const YES: &str = "CanonicalizeHostname yes\nCanonicalDomains one.example two.example\n";

#[test]
fn short_names_are_searched_for_in_the_canonical_domains() {
    let known = [("web.two.example.", None), ("www.", None), ("a.b.two.example.", None)];
    for (content, host, expected, asked) in [
        ("", "web", "web", vec![]),
        ("CanonicalDomains two.example\n", "web", "web", vec![]),
        (YES, "WEB", "web.two.example", vec!["web.one.example.", "web.two.example."]),
        (YES, "other", "other", vec!["other.one.example.", "other.two.example."]),
        (YES, "www.", "www", vec!["www."]),
        (YES, "10.0.0.1", "10.0.0.1", vec![]),
        (YES, "x.y.z", "x.y.z", vec![]),
        (
            "CanonicalizeHostname yes\nCanonicalDomains two.example\n",
            "a.b",
            "a.b.two.example",
            vec!["a.b.two.example."],
        ),
        ("CanonicalizeHostname yes\nCanonicalizeMaxDots 0\nCanonicalDomains two.example\n", "a.b", "a.b", vec![]),
        ("CanonicalizeHostname yes\nCanonicalDomains none\n", "web", "web", vec![]),
        ("CanonicalizeHostname yes\nCanonicalDomains Two.Example.\nProxyJump j\n", "web", "web", vec![]),
        (
            "CanonicalizeHostname always\nCanonicalDomains Two.Example.\nProxyJump j\n",
            "web",
            "web.two.example",
            vec!["web.two.example."],
        ),
    ] {
        assert_eq!(
            resolve(content, host, &known),
            (expected.to_owned(), asked.iter().map(|name| (*name).to_owned()).collect()),
            "{content}{host}"
        );
    }
}

#[test]
fn a_name_that_is_nowhere_may_be_refused() {
    let content = format!("{YES}CanonicalizeFallbackLocal no\n");
    let (error, _) = resolve(&content, "web", &[]);
    assert!(error.starts_with("Could not resolve host \"web\""), "{error}");
    // A name with enough dots is not searched for, and so cannot be missed.
    assert_eq!(resolve(&content, "x.y.z", &[]).0, "x.y.z");
}

#[test]
fn aliases_are_followed_where_the_rules_permit_it() {
    let known = [("web.one.example.", Some("srv.example")), ("bare", Some("srv.example"))];
    for (rules, expected) in [
        ("", "web.one.example"),
        ("CanonicalizePermittedCNAMEs none\n", "web.one.example"),
        ("CanonicalizePermittedCNAMEs *.one.example:*.example\n", "srv.example"),
        ("CanonicalizePermittedCNAMEs *:other.* *.ONE.example:srv.*\n", "srv.example"),
        ("CanonicalizePermittedCNAMEs *.two.example:*\n", "web.one.example"),
    ] {
        assert_eq!(resolve(&format!("{YES}{rules}"), "web", &known).0, expected, "{rules}");
    }
    // A name that no domain has is looked up as it is, and has to be there.
    let rules = "CanonicalizePermittedCNAMEs *:*\n";
    assert_eq!(resolve(&format!("{YES}{rules}"), "bare", &known).0, "srv.example");
    assert!(resolve(rules, "missing", &known).0.starts_with("Could not resolve hostname missing"));
    // Without CanonicalizeHostname the name is looked up, but no alias taken.
    assert_eq!(resolve(rules, "bare", &known).0, "bare");
}

#[test]
fn blocks_for_the_canonical_name_apply_in_the_second_reading() {
    let content = format!(
        "{YES}Host web.two.example\n Port 7\nMatch canonical host *.two.example\n User second\nHost web\n User first\n"
    );
    let mut place = Place::new().user("config", &content);
    place.context.network = Arc::new(Names { known: vec![("web.two.example.", None)], ..Names::default() });
    let host = place.host("web");
    assert_eq!((host.port, host.user.as_str(), host.host_name.as_str()), (7, "first", "web.two.example"));
}

#[test]
fn the_local_network_decides_about_a_block() {
    let content = "Match localnetwork 10.0.0.0/8,fd00::/8\n Port 1\nMatch !localnetwork 10.0.0.0/8\n Port 2\n";
    let mut place = Place::new().user("config", content);
    for (address, expected) in [("10.1.2.3", 1), ("fd00::1", 1), ("192.168.0.1", 2)] {
        place.context.network = Arc::new(Names { addresses: vec![address.parse().unwrap()], ..Names::default() });
        assert_eq!(place.host("h").port, expected, "{address}");
    }
    assert!(Place::error("Match localnetwork home\n").contains("Bad Match condition: Invalid network entry"));
}

#[test]
fn the_kind_of_session_and_its_command_decide_about_a_block() {
    let content = "Match sessiontype exec\n Port 1\nMatch command \"\"\n Port 2\nMatch command top*\n User top\n";
    let place = Place::new().user("config", content);
    let destination = Destination::parse("h").unwrap();
    assert_eq!(place.host("h").port, 2);
    let host = place.load().unwrap().for_command("top -b").resolve(&destination, &[]).unwrap();
    assert_eq!((host.port, host.user.as_str()), (1, "top"));
}

#[test]
fn this_machine_has_names_and_addresses() {
    let network = crate::ssh::config::network::System;
    assert!(network.lookup("localhost", AddressFamily::Any).is_some());
    assert!(network.lookup("no-such-name.invalid.", AddressFamily::Any).is_none());
    assert!(network.addresses().iter().any(IpAddr::is_loopback));
}
