//! The keywords of ssh_config(5) and what each takes.

use super::algorithms::Family;

/// What a keyword's arguments have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `yes` or `no`, `true` or `false`.
    Flag,
    /// One of these words, in any letter case.
    Choice(&'static [&'static str]),
    /// A time as in sshd_config(5), "TIME FORMATS", or `none`.
    Time,
    /// A whole number from 0.
    Integer,
    /// A port.
    Port,
    /// One argument.
    Text,
    /// A word of [`Kind::Flag`] or what [`Kind::Socket`] takes.
    FlagOrSocket,
    /// The path of an agent's socket, which may name an environment variable.
    Socket,
    /// One or more arguments, or `none` alone.
    Files,
    /// The rest of the line as it stands.
    Command,
    /// The same, up to a comment.
    Addendum,
    /// Jump hosts, the rest of the line as it stands.
    Jump,
    /// Names of environment variables.
    Names,
    /// Assignments to environment variables.
    Assignments,
    /// A single character, `^` and a letter, or `none`.
    Escape,
    /// A port or address to listen on and a target, as far as the direction has one.
    Forward(Direction),
    /// Algorithms of this family.
    Algorithms(Family),
    /// How much is said.
    LogLevel,
    /// A syslog facility.
    LogFacility,
    /// A hash algorithm.
    Digest,
    /// An amount of data, and a time.
    Rekey,
    /// One or two types of service.
    IpQos,
    /// A tunnel device here and one there.
    TunnelDevice,
    /// File permissions, in octal.
    Mask,
    /// A flag or a time.
    Persist,
    /// A flag, `ask`, `confirm`, and a time.
    AddKeys,
    /// Domain names, or `none` alone.
    Domains,
    /// Patterns for aliases and what they may stand for, or `none` alone.
    Cnames,
    /// Hosts with ports, or `any` or `none` alone.
    Opens,
    /// Types of channels with times, or `none` alone.
    ChannelTimeouts,
    /// A flag or `interval:` and milliseconds.
    Obscure,
    /// Words that begin a block.
    Host,
    /// Criteria that begin a block.
    Match,
    /// Other files.
    Include,
    /// A refusal to connect at all.
    Refuse,
    /// Nothing: accepted and without effect.
    Ignored,
}

/// Which way a forwarding goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Local,
    Remote,
    Dynamic,
}

/// A keyword of ssh_config(5).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Keyword {
    /// As ssh_config(5) spells it.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether each line adds a value; else the first one stays.
    pub(super) adds: bool,
}

const fn one(name: &'static str, kind: Kind) -> Keyword {
    Keyword { name, kind, adds: false }
}

const fn many(name: &'static str, kind: Kind) -> Keyword {
    Keyword { name, kind, adds: true }
}

use Kind::{
    AddKeys, Addendum, Algorithms, Assignments, ChannelTimeouts, Choice, Cnames, Command, Digest, Domains, Escape,
    Files, Flag, FlagOrSocket, Forward, Ignored, Integer, IpQos, Jump, LogFacility, LogLevel, Mask, Names, Obscure,
    Opens, Persist, Port, Rekey, Socket, Text, Time, TunnelDevice,
};

const ASK: &[&str] = &["yes", "no", "true", "false", "ask"];
const MASTER: &[&str] = &["yes", "no", "true", "false", "ask", "auto", "autoask"];
const TUNNEL: &[&str] = &["yes", "no", "true", "false", "ethernet", "point-to-point"];
/// Every keyword that ssh_config(5) describes, those of Debian's patches included.
static KEYWORDS: &[Keyword] = &[
    one("AddKeysToAgent", AddKeys),
    one("AddressFamily", Choice(&["any", "inet", "inet6"])),
    one("BatchMode", Flag),
    one("BindAddress", Text),
    one("BindInterface", Text),
    one("CanonicalDomains", Domains),
    one("CanonicalizeFallbackLocal", Flag),
    one("CanonicalizeHostname", Choice(&["yes", "no", "true", "false", "always"])),
    one("CanonicalizeMaxDots", Integer),
    one("CanonicalizePermittedCNAMEs", Cnames),
    one("CASignatureAlgorithms", Algorithms(Family::Signature)),
    many("CertificateFile", Text),
    one("ChannelTimeout", ChannelTimeouts),
    one("CheckHostIP", Flag),
    one("Ciphers", Algorithms(Family::Cipher)),
    one("ClearAllForwardings", Flag),
    one("Compression", Choice(&["yes", "no"])),
    one("ConnectionAttempts", Integer),
    one("ConnectTimeout", Time),
    one("ControlMaster", Choice(MASTER)),
    one("ControlPath", Text),
    one("ControlPersist", Persist),
    many("DynamicForward", Forward(Direction::Dynamic)),
    one("EnableEscapeCommandline", Flag),
    one("EnableSSHKeysign", Flag),
    one("EscapeChar", Escape),
    one("ExitOnForwardFailure", Flag),
    one("FingerprintHash", Digest),
    one("ForkAfterAuthentication", Flag),
    many("ForwardAgent", FlagOrSocket),
    one("ForwardX11", Flag),
    one("ForwardX11Timeout", Time),
    one("ForwardX11Trusted", Flag),
    one("GatewayPorts", Flag),
    one("GlobalKnownHostsFile", Files),
    one("GSSAPIAuthentication", Flag),
    one("GSSAPIClientIdentity", Text),
    one("GSSAPIDelegateCredentials", Flag),
    one("GSSAPIKexAlgorithms", Text),
    one("GSSAPIKeyExchange", Flag),
    one("GSSAPIRenewalForcesRekey", Flag),
    one("GSSAPIServerIdentity", Text),
    one("GSSAPITrustDns", Flag),
    one("HashKnownHosts", Flag),
    one("Host", Kind::Host),
    one("HostbasedAcceptedAlgorithms", Algorithms(Family::UserKey)),
    one("HostbasedAuthentication", Flag),
    one("HostKeyAlgorithms", Algorithms(Family::HostKey)),
    one("HostKeyAlias", Text),
    one("Hostname", Text),
    one("IdentitiesOnly", Flag),
    one("IdentityAgent", Socket),
    many("IdentityFile", Text),
    one("IgnoreUnknown", Text),
    one("Include", Kind::Include),
    one("IPQoS", IpQos),
    one("KbdInteractiveAuthentication", Flag),
    one("KbdInteractiveDevices", Text),
    one("KexAlgorithms", Algorithms(Family::KeyExchange)),
    one("KnownHostsCommand", Command),
    one("LocalCommand", Command),
    many("LocalForward", Forward(Direction::Local)),
    one("LogLevel", LogLevel),
    one("LogVerbose", Files),
    one("MACs", Algorithms(Family::Mac)),
    one("Match", Kind::Match),
    one("NoHostAuthenticationForLocalhost", Flag),
    one("NumberOfPasswordPrompts", Integer),
    one("ObscureKeystrokeTiming", Obscure),
    one("PasswordAuthentication", Flag),
    one("PermitLocalCommand", Flag),
    one("PermitRemoteOpen", Opens),
    one("PKCS11Provider", Text),
    one("Port", Port),
    one("PreferredAuthentications", Text),
    one("ProxyCommand", Command),
    one("ProxyJump", Jump),
    one("ProxyUseFdpass", Flag),
    one("PubkeyAcceptedAlgorithms", Algorithms(Family::UserKey)),
    one("PubkeyAuthentication", Choice(&["yes", "no", "true", "false", "unbound", "host-bound"])),
    one("RefuseConnection", Kind::Refuse),
    many("RekeyLimit", Rekey),
    one("RemoteCommand", Command),
    many("RemoteForward", Forward(Direction::Remote)),
    one("RequestTTY", Choice(&["yes", "no", "true", "false", "force", "auto"])),
    one("RequiredRSASize", Integer),
    one("RevokedHostKeys", Text),
    one("SecurityKeyProvider", Text),
    many("SendEnv", Names),
    one("ServerAliveCountMax", Integer),
    one("ServerAliveInterval", Time),
    one("SessionType", Choice(&["none", "subsystem", "default"])),
    one("SetEnv", Assignments),
    one("StdinNull", Flag),
    one("StreamLocalBindMask", Mask),
    one("StreamLocalBindUnlink", Flag),
    one("StrictHostKeyChecking", Choice(&["yes", "no", "true", "false", "ask", "off", "accept-new"])),
    one("SyslogFacility", LogFacility),
    one("Tag", Text),
    one("TCPKeepAlive", Flag),
    one("Tunnel", Choice(TUNNEL)),
    one("TunnelDevice", TunnelDevice),
    one("UpdateHostKeys", Choice(ASK)),
    one("User", Text),
    one("UserKnownHostsFile", Files),
    one("VerifyHostKeyDNS", Choice(ASK)),
    one("VersionAddendum", Addendum),
    one("VisualHostKey", Flag),
    one("WarnWeakCrypto", Choice(&["yes", "no", "true", "false", "no-pq-kex"])),
    one("XAuthLocation", Text),
];

/// Older spellings that ssh(1) still takes.
static ALIASES: &[(&str, &str)] = &[
    ("challengeresponseauthentication", "KbdInteractiveAuthentication"),
    ("skeyauthentication", "KbdInteractiveAuthentication"),
    ("tisauthentication", "KbdInteractiveAuthentication"),
    ("dsaauthentication", "PubkeyAuthentication"),
    ("hostbasedkeytypes", "HostbasedAcceptedAlgorithms"),
    ("identityfile2", "IdentityFile"),
    ("keepalive", "TCPKeepAlive"),
    ("pubkeyacceptedkeytypes", "PubkeyAcceptedAlgorithms"),
    ("smartcarddevice", "PKCS11Provider"),
    ("protocolkeepalives", "ServerAliveInterval"),
    ("setuptimeout", "ConnectTimeout"),
];

/// What ssh(1) used to know and now passes over.
static OBSOLETE: &[&str] = &[
    "afstokenpassing",
    "cipher",
    "compressionlevel",
    "fallbacktorsh",
    "globalknownhostsfile2",
    "kerberosauthentication",
    "kerberostgtpassing",
    "protocol",
    "rhostsauthentication",
    "rhostsrsaauthentication",
    "rsaauthentication",
    "userknownhostsfile2",
    "useprivilegedport",
    "useroaming",
    "usersh",
    // Apple's; its own ssh(1) knows it, and configurations are carried from machine to machine.
    #[cfg(target_os = "macos")]
    "usekeychain",
];

static NOTHING: Keyword = one("", Ignored);

/// The keyword of this name, in any letter case.
pub(super) fn find(name: &str) -> Option<&'static Keyword> {
    let canonical = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map_or(name, |(_, name)| name);
    let keyword = KEYWORDS.iter().find(|keyword| keyword.name.eq_ignore_ascii_case(canonical));
    keyword.or_else(|| OBSOLETE.iter().any(|old| old.eq_ignore_ascii_case(name)).then_some(&NOTHING))
}

/// The keyword that somebody who wrote `name` most likely meant.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let distance = |keyword: &&Keyword| distance(&name, &keyword.name.to_ascii_lowercase());
    let nearest = KEYWORDS.iter().min_by_key(distance)?;
    (distance(&nearest) <= 2.min(name.len() / 3)).then_some(nearest.name)
}

/// How many characters have to be inserted, removed or replaced (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, c) in one.chars().enumerate() {
        let mut left = index + 1;
        let mut diagonal = index;
        for (cell, d) in row.iter_mut().skip(1).zip(other.chars()) {
            let best = (left + 1).min(*cell + 1).min(diagonal + usize::from(c != d));
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_found_in_any_letter_case_and_old_spelling() {
        assert_eq!(find("FORWARDx11").unwrap().name, "ForwardX11");
        assert_eq!(find("ChallengeResponseAuthentication").unwrap().name, "KbdInteractiveAuthentication");
        assert_eq!(find("UseRoaming").unwrap().kind, Ignored);
        assert_eq!(find("NoSuchThing"), None);
    }

    #[test]
    fn a_misspelt_keyword_is_recognised() {
        assert_eq!(nearest("FowardX11"), Some("ForwardX11"));
        assert_eq!(nearest("HostNames"), Some("Hostname"));
        assert_eq!(nearest("UseKeychain"), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn every_keyword_that_ssh_prints_is_known() {
        let output = std::process::Command::new("ssh").args(["-G", "-F", "none", "host"]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.lines().count() > 50, "{printed}");
        for name in printed.lines().filter_map(|line| line.split(' ').next()) {
            assert!(find(name).is_some(), "{name}");
        }
    }
}
