//! The lines that `ssh -G` prints, in its order.

use super::special;
use super::{Printer, Values};
use crate::ssh::config::Error;

/// How a value is printed. The argument is what is printed where nothing is set.
pub(super) enum Form {
    /// `yes` or `no`.
    Flag(&'static str),
    /// A word in lower case; yes and no are `true` and `false`.
    Word(&'static str),
    /// A word in upper case.
    Upper(&'static str),
    /// A time.
    Seconds(&'static str),
    /// A number.
    Number(&'static str),
    /// The value as it is.
    Text(&'static str),
    /// All values on one line.
    Words(&'static str),
    /// All values on one line; no line where there is none.
    IfSet,
    /// The value; no line where there is none or it is `none`.
    UnlessNone,
    /// A list of algorithms.
    Algorithms,
    /// Each value on a line of its own.
    Lines(&'static [&'static str]),
    /// Something else.
    Special(fn(&Printer<'_>) -> Result<Values, Error>),
}

/// One line, or several.
pub(super) struct Row {
    /// The keyword as `ssh -G` spells it.
    pub(super) name: &'static str,
    /// The keyword as ssh_config(5) spells it.
    pub(super) keyword: &'static str,
    pub(super) form: Form,
}

const fn row(name: &'static str, keyword: &'static str, form: Form) -> Row {
    Row { name, keyword, form }
}

use Form::{Algorithms, Flag, IfSet, Lines, Number, Seconds, Special, Text, UnlessNone, Upper, Word, Words};

/// As `dump_client_config` in readconf.c of OpenSSH 9.2 has them, with the GSSAPI lines of Debian's. What later versions
/// have more is printed where it is set.
pub(super) const ROWS: &[Row] = &[
    row("host", "", Special(special::alias)),
    row("user", "User", Special(special::user)),
    row("hostname", "Hostname", Special(special::host_name)),
    row("port", "Port", Special(special::port)),
    row("addressfamily", "AddressFamily", Word("any")),
    row("batchmode", "BatchMode", Flag("no")),
    row("canonicalizefallbacklocal", "CanonicalizeFallbackLocal", Flag("yes")),
    row("canonicalizehostname", "CanonicalizeHostname", Word("false")),
    row("checkhostip", "CheckHostIP", Flag("no")),
    row("compression", "Compression", Flag("no")),
    row("controlmaster", "ControlMaster", Word("false")),
    row("enablesshkeysign", "EnableSSHKeysign", Flag("no")),
    row("clearallforwardings", "ClearAllForwardings", Flag("no")),
    row("exitonforwardfailure", "ExitOnForwardFailure", Flag("no")),
    row("fingerprinthash", "FingerprintHash", Upper("SHA256")),
    row("forwardx11", "ForwardX11", Flag("no")),
    row("forwardx11trusted", "ForwardX11Trusted", Flag("yes")),
    row("gatewayports", "GatewayPorts", Flag("no")),
    row("gssapiauthentication", "GSSAPIAuthentication", Flag("no")),
    row("gssapikeyexchange", "GSSAPIKeyExchange", Flag("no")),
    row("gssapidelegatecredentials", "GSSAPIDelegateCredentials", Flag("no")),
    row("gssapitrustdns", "GSSAPITrustDns", Flag("no")),
    row("gssapirenewalforcesrekey", "GSSAPIRenewalForcesRekey", Flag("no")),
    row("gssapiclientidentity", "GSSAPIClientIdentity", IfSet),
    row("gssapiserveridentity", "GSSAPIServerIdentity", IfSet),
    row("gssapikexalgorithms", "GSSAPIKexAlgorithms", IfSet),
    row("hashknownhosts", "HashKnownHosts", Flag("no")),
    row("hostbasedauthentication", "HostbasedAuthentication", Flag("no")),
    row("identitiesonly", "IdentitiesOnly", Flag("no")),
    row("kbdinteractiveauthentication", "KbdInteractiveAuthentication", Flag("yes")),
    row("nohostauthenticationforlocalhost", "NoHostAuthenticationForLocalhost", Flag("no")),
    row("passwordauthentication", "PasswordAuthentication", Flag("yes")),
    row("permitlocalcommand", "PermitLocalCommand", Flag("no")),
    row("proxyusefdpass", "ProxyUseFdpass", Special(special::proxy_use_fdpass)),
    row("pubkeyauthentication", "PubkeyAuthentication", Word("true")),
    row("requesttty", "RequestTTY", Word("auto")),
    row("sessiontype", "SessionType", Word("default")),
    row("stdinnull", "StdinNull", Flag("no")),
    row("forkafterauthentication", "ForkAfterAuthentication", Flag("no")),
    row("streamlocalbindunlink", "StreamLocalBindUnlink", Flag("no")),
    row("stricthostkeychecking", "StrictHostKeyChecking", Word("ask")),
    row("tcpkeepalive", "TCPKeepAlive", Flag("yes")),
    row("tunnel", "Tunnel", Special(special::tunnel)),
    row("verifyhostkeydns", "VerifyHostKeyDNS", Word("false")),
    row("visualhostkey", "VisualHostKey", Flag("no")),
    row("updatehostkeys", "UpdateHostKeys", Special(special::update_host_keys)),
    row("enableescapecommandline", "EnableEscapeCommandline", Flag("no")),
    row("warnweakcrypto", "WarnWeakCrypto", IfSet),
    row("canonicalizemaxdots", "CanonicalizeMaxDots", Number("1")),
    row("connectionattempts", "ConnectionAttempts", Number("1")),
    row("forwardx11timeout", "ForwardX11Timeout", Seconds("1200")),
    row("numberofpasswordprompts", "NumberOfPasswordPrompts", Number("3")),
    row("serveralivecountmax", "ServerAliveCountMax", Number("3")),
    row("serveraliveinterval", "ServerAliveInterval", Seconds("0")),
    row("requiredrsasize", "RequiredRSASize", Number("1024")),
    row("obscurekeystroketiming", "ObscureKeystrokeTiming", IfSet),
    row("bindaddress", "BindAddress", IfSet),
    row("bindinterface", "BindInterface", IfSet),
    row("ciphers", "Ciphers", Algorithms),
    row("controlpath", "ControlPath", Special(special::control_path)),
    row("hostkeyalgorithms", "HostKeyAlgorithms", Algorithms),
    row("hostkeyalias", "HostKeyAlias", Special(special::host_key_alias)),
    row("hostbasedacceptedalgorithms", "HostbasedAcceptedAlgorithms", Algorithms),
    row("identityagent", "IdentityAgent", Special(special::identity_agent)),
    row("ignoreunknown", "IgnoreUnknown", IfSet),
    row("kbdinteractivedevices", "KbdInteractiveDevices", IfSet),
    row("kexalgorithms", "KexAlgorithms", Algorithms),
    row("casignaturealgorithms", "CASignatureAlgorithms", Algorithms),
    row("localcommand", "LocalCommand", UnlessNone),
    row("remotecommand", "RemoteCommand", Special(special::remote_command)),
    row("loglevel", "LogLevel", Special(special::log_level)),
    row("macs", "MACs", Algorithms),
    row("pkcs11provider", "PKCS11Provider", UnlessNone),
    row("securitykeyprovider", "SecurityKeyProvider", UnlessNone),
    row("preferredauthentications", "PreferredAuthentications", IfSet),
    row("pubkeyacceptedalgorithms", "PubkeyAcceptedAlgorithms", Algorithms),
    row("revokedhostkeys", "RevokedHostKeys", UnlessNone),
    row("xauthlocation", "XAuthLocation", Text("/usr/bin/xauth")),
    row("knownhostscommand", "KnownHostsCommand", UnlessNone),
    row("tag", "Tag", IfSet),
    row("versionaddendum", "VersionAddendum", IfSet),
    row("dynamicforward", "DynamicForward", Special(special::dynamic_forward)),
    row("localforward", "LocalForward", Special(special::local_forward)),
    row("remoteforward", "RemoteForward", Special(special::remote_forward)),
    row("identityfile", "IdentityFile", Lines(special::IDENTITY_FILES)),
    row("canonicaldomains", "CanonicalDomains", Special(special::canonical_domains)),
    row("certificatefile", "CertificateFile", Lines(&[])),
    row("globalknownhostsfile", "GlobalKnownHostsFile", Words("/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2")),
    row("userknownhostsfile", "UserKnownHostsFile", Special(special::user_known_hosts_file)),
    row("sendenv", "SendEnv", Lines(&[])),
    row("setenv", "SetEnv", Special(special::set_env)),
    row("logverbose", "LogVerbose", Words("none")),
    row("channeltimeout", "ChannelTimeout", IfSet),
    row("permitremoteopen", "PermitRemoteOpen", Words("any")),
    row("addkeystoagent", "AddKeysToAgent", Special(special::add_keys_to_agent)),
    row("forwardagent", "ForwardAgent", Special(special::forward_agent)),
    row("connecttimeout", "ConnectTimeout", Seconds("none")),
    row("tunneldevice", "TunnelDevice", Special(special::tunnel_device)),
    // OpenSSH spells this one so.
    row("canonicalizePermittedcnames", "CanonicalizePermittedCNAMEs", Special(special::permitted_cnames)),
    row("controlpersist", "ControlPersist", Special(special::control_persist)),
    row("escapechar", "EscapeChar", Special(special::escape_char)),
    row("ipqos", "IPQoS", Special(special::ip_qos)),
    row("rekeylimit", "RekeyLimit", Special(special::rekey_limit)),
    row("streamlocalbindmask", "StreamLocalBindMask", Special(special::stream_local_bind_mask)),
    row("syslogfacility", "SyslogFacility", Upper("USER")),
    row("proxycommand", "ProxyCommand", Special(special::proxy_command)),
    row("proxyjump", "ProxyJump", Special(special::proxy_jump)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssh::config::keyword;

    #[test]
    fn every_row_is_of_a_keyword() {
        for Row { name, keyword, .. } in ROWS.iter().skip(1) {
            assert_eq!(keyword::find(keyword).map(|keyword| keyword.name), Some(*keyword), "{name}");
            assert!(name.eq_ignore_ascii_case(keyword), "{name}");
        }
    }
}
