//! Old algorithms: what is weak about them, and how they are allowed for one host.

use super::Host;
use super::host::Algorithms;

/// An algorithm that is offered only where somebody asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weakness {
    /// The algorithm's name in the protocol.
    pub name: &'static str,
    /// The keyword of ssh_config(5) that lists algorithms of its kind.
    pub keyword: &'static str,
    /// What is weak about it, as the rest of a sentence.
    pub why: &'static str,
}

const fn weakness(keyword: &'static str, name: &'static str, why: &'static str) -> Weakness {
    Weakness { name, keyword, why }
}

const SHA1: &str = "rests on SHA-1, for which collisions can be bought";
const CBC: &str = "is CBC, which tells parts of the text to who tampers with packets (CVE-2008-5161)";

/// Every such algorithm that is built here, the least bad of each kind first.
pub static WEAK: &[Weakness] = &[
    weakness("KexAlgorithms", "diffie-hellman-group14-sha1", SHA1),
    weakness("KexAlgorithms", "diffie-hellman-group-exchange-sha1", SHA1),
    weakness(
        "KexAlgorithms",
        "diffie-hellman-group1-sha1",
        "uses a group of 1024 bits, which states are thought able to break, and what is recorded today with it (Logjam)",
    ),
    weakness("HostKeyAlgorithms", "ssh-rsa", "signs with SHA-1: who can make collisions may pass for the server"),
    weakness("Ciphers", "aes256-cbc", CBC),
    weakness("Ciphers", "aes192-cbc", CBC),
    weakness("Ciphers", "aes128-cbc", CBC),
    weakness("MACs", "hmac-sha1-etm@openssh.com", SHA1),
    weakness("MACs", "hmac-sha1", SHA1),
];

/// What is weak about an algorithm, if anything is.
#[must_use]
pub fn weakness_of(name: &str) -> Option<&'static Weakness> {
    WEAK.iter().find(|weakness| weakness.name == name)
}

/// `Keyword=value` options of ssh_config(5) that allow old algorithms, after all others.
#[must_use]
pub fn options() -> Vec<String> {
    let mut options: Vec<String> = ["KexAlgorithms", "HostKeyAlgorithms", "Ciphers", "MACs"]
        .into_iter()
        .map(|keyword| {
            let names: Vec<_> = WEAK.iter().filter(|weak| weak.keyword == keyword).map(|weak| weak.name).collect();
            format!("{keyword}=+{}", names.join(","))
        })
        .collect();
    // Servers of that age know no other signatures of RSA keys.
    options.push("PubkeyAcceptedAlgorithms=+ssh-rsa".to_owned());
    options
}

impl Host {
    /// Allows old algorithms for those of the jump hosts that are named as [`Hop`](super::Hop) names them.
    pub fn allow_legacy_jumps(&mut self, names: &[String]) {
        let weak = |keyword| Algorithms::Append(WEAK.iter().filter(|weak| weak.keyword == keyword).map(name).collect());
        for jump in self.jumps.iter_mut().filter(|jump| names.contains(&jump.hop().to_string())) {
            jump.kex_algorithms = weak("KexAlgorithms");
            jump.host_key_algorithms = weak("HostKeyAlgorithms");
            jump.ciphers = weak("Ciphers");
            jump.macs = weak("MACs");
            jump.pubkey_accepted_algorithms = Algorithms::Append(vec!["ssh-rsa".to_owned()]);
        }
    }
}

fn name(weakness: &Weakness) -> String {
    weakness.name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_host_that_is_named_is_allowed_what_a_host_is_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        std::fs::write(&file, "Host t\n User me\n ProxyJump you@one,me@two:2222\n").unwrap();
        let context = crate::ssh::config::Context::of_process();
        let config = crate::ssh::Config::load_from(context, Some(&file)).unwrap();
        let destination = |name| crate::ssh::Destination::parse(name).unwrap();
        let mut host = config.reach(&destination("t"), &[]).unwrap();
        host.allow_legacy_jumps(&["me@two:2222".to_owned(), "me@t".to_owned()]);
        let lists = |host: &Host| {
            let Host { kex_algorithms, host_key_algorithms, ciphers, macs, pubkey_accepted_algorithms, .. } =
                host.clone();
            [kex_algorithms, host_key_algorithms, ciphers, macs, pubkey_accepted_algorithms]
        };
        let [one, two] = &host.jumps[..] else { panic!("{:?}", host.jumps) };
        assert_eq!(lists(two), lists(&config.reach(&destination("any"), &options()).unwrap()));
        assert!([one, &host].into_iter().all(|host| lists(host).iter().all(|list| *list == Algorithms::Default)));
    }

    #[test]
    fn the_options_are_ones_of_ssh_config() {
        let destination = crate::ssh::Destination::parse("h").unwrap();
        let host = crate::ssh::Config::default().resolve(&destination, &options()).unwrap();
        assert_ne!(host.ciphers, crate::ssh::host::Algorithms::Default);
        assert_eq!(options().len(), 5);
        assert!(options().contains(&"MACs=+hmac-sha1-etm@openssh.com,hmac-sha1".to_owned()));
        assert_eq!(weakness_of("aes128-ctr"), None);
    }
}
