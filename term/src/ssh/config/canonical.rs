//! `CanonicalizeHostname`: which of the names that a short one may stand for it stands for.

use super::Error;
use super::context::Context;
use super::network::Found;
use super::settings::Settings;
use super::value::{self, is_none, is_yes};
use crate::ssh::host::AddressFamily;
use crate::ssh::pattern::{List, Verdict};

/// What the settings that were found so far say about names.
pub(super) struct Canonical<'a> {
    pub(super) context: &'a Context,
    pub(super) settings: &'a Settings,
}

/// Whether names are canonicalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    No,
    /// Only those that this program looks up itself.
    Direct,
    Always,
}

impl Canonical<'_> {
    /// Whether a second reading of the configuration has to follow.
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted() != Wanted::No
    }

    /// The name that `host` stands for, by the rules of `resolve_canonicalize` and `main` in ssh.c.
    pub(super) fn name(&self, host: String) -> Result<String, Error> {
        if is_address(&host) {
            return Ok(host);
        }
        let applies = match self.wanted() {
            Wanted::No => false,
            Wanted::Direct => self.is_direct(),
            Wanted::Always => true,
        };
        if applies {
            if let Some(found) = self.search(&host) {
                return Ok(found);
            }
            if self.is_searched(&host) && self.settings.value("CanonicalizeFallbackLocal").is_some_and(|it| !is_yes(it))
            {
                return Err(Error::NotCanonical { host });
            }
        }
        let follows = self.has_cnames() && (self.is_direct() || self.wanted() == Wanted::Always);
        if !follows {
            return Ok(host);
        }
        match self.lookup(&host) {
            Some(found) => Ok(self.follow(host, &found)),
            None if self.is_direct() => Err(Error::NotFound { host }),
            None => Ok(host),
        }
    }

    /// Whether the name is short enough to be searched for at all.
    fn is_searched(&self, host: &str) -> bool {
        let most = self.settings.value("CanonicalizeMaxDots").and_then(|dots| value::integer(dots).ok()).unwrap_or(1);
        host.ends_with('.') || host.matches('.').count() <= most as usize
    }

    fn search(&self, host: &str) -> Option<String> {
        if !self.is_searched(host) {
            return None;
        }
        let candidate = |name: String| {
            let found = self.lookup(&name)?;
            // The dot that ends a complete name is not part of it.
            let name = name.strip_suffix('.').unwrap_or(&name).to_owned();
            Some(self.follow(name, &found))
        };
        if host.ends_with('.') {
            return candidate(host.to_owned());
        }
        let domains = self.settings.get("CanonicalDomains")?;
        let domains = domains.values.iter().take_while(|domain| !is_none(domain));
        domains.into_iter().find_map(|domain| {
            let domain = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
            candidate(format!("{host}.{domain}."))
        })
    }

    /// Takes the name that an alias leads to where `CanonicalizePermittedCNAMEs` lets it (`check_follow_cname`).
    fn follow(&self, name: String, found: &Found) -> String {
        let Some(cname) = &found.canonical_name else { return name };
        let cname = cname.strip_suffix('.').unwrap_or(cname);
        let trusted = match self.wanted() {
            Wanted::No => false,
            Wanted::Direct => self.is_direct(),
            Wanted::Always => true,
        };
        if !trusted || cname == name || value::check_domain(cname).is_err() {
            return name;
        }
        let lists = |list: &str, text: &str| {
            let (list, text) = (list.to_ascii_lowercase(), text.to_ascii_lowercase());
            List::new(list.as_bytes()).verdict(text.as_bytes()) == Verdict::Match
        };
        let rules = self.settings.get("CanonicalizePermittedCNAMEs");
        let mut rules = rules.iter().flat_map(|setting| &setting.values).filter_map(|rule| value::cname(rule).ok());
        let permitted = rules.any(|(sources, targets)| lists(&sources, &name) && lists(&targets, cname));
        if permitted { cname.to_owned() } else { name }
    }

    fn lookup(&self, name: &str) -> Option<Found> {
        let family = match self.settings.value("AddressFamily").map(str::to_ascii_lowercase).as_deref() {
            Some("inet") => AddressFamily::Inet,
            Some("inet6") => AddressFamily::Inet6,
            _ => AddressFamily::Any,
        };
        self.context.network.lookup(name, family)
    }

    fn has_cnames(&self) -> bool {
        self.settings.get("CanonicalizePermittedCNAMEs").is_some_and(|cnames| !is_none(cnames.value()))
    }

    /// Whether no proxy looks the name up.
    fn is_direct(&self) -> bool {
        ["ProxyCommand", "ProxyJump"].iter().all(|keyword| self.settings.value(keyword).is_none_or(is_none))
    }

    fn wanted(&self) -> Wanted {
        match self.settings.value("CanonicalizeHostname") {
            Some(word) if word.eq_ignore_ascii_case("always") => Wanted::Always,
            Some(word) if is_yes(word) => Wanted::Direct,
            _ => Wanted::No,
        }
    }
}

/// Whether a name can only be an address (`is_addr_fast` in ssh.c).
fn is_address(name: &str) -> bool {
    name.contains(['%', ':']) || name.chars().all(|c| c.is_ascii_digit() || c == '.')
}
