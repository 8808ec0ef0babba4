//! Configurations nobody would write.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::compare;

/// Keywords with values that are right, and some that are not.
const VALUES: &[(&[&str], &[&str])] = &[
    (
        &[
            "BatchMode",
            "canonicalizefallbacklocal",
            "CheckHostIP",
            "ClearAllForwardings",
            "EnableSSHKeysign",
            "ForwardX11",
            "ForwardX11Trusted",
            "GatewayPorts",
            "GSSAPIAuthentication",
            "GSSAPIDelegateCredentials",
            "HashKnownHosts",
            "HOSTBASEDAUTHENTICATION",
            "IdentitiesOnly",
            "KbdInteractiveAuthentication",
            "ChallengeResponseAuthentication",
            "NoHostAuthenticationForLocalhost",
            "PasswordAuthentication",
            "PermitLocalCommand",
            "ProxyUseFdpass",
            "StdinNull",
            "StreamLocalBindUnlink",
            "TCPKeepAlive",
            "KeepAlive",
            "VisualHostKey",
            "EnableEscapeCommandline",
            "PubkeyAuthentication",
            "NoSuchKeyword",
        ],
        &["yes", "no", "true", "FALSE", "Yes", "maybe", "", "yes no", "1"],
    ),
    (&["AddressFamily"], &["any", "inet", "INET6", "yes"]),
    (&["CanonicalizeHostname"], &["yes", "no", "always", "true", "ask"]),
    (&["ControlMaster"], &["yes", "no", "ask", "auto", "autoask", "x"]),
    (&["RequestTTY"], &["yes", "no", "force", "auto", "x"]),
    (&["SessionType"], &["none", "subsystem", "default", "x"]),
    (&["StrictHostKeyChecking"], &["yes", "no", "off", "ask", "accept-new", "new"]),
    (&["Tunnel"], &["yes", "no", "ethernet", "point-to-point", "x"]),
    (&["VerifyHostKeyDNS", "UpdateHostKeys"], &["yes", "no", "ask", "x"]),
    (&["Compression"], &["yes", "no", "true"]),
    (&["FingerprintHash"], &["md5", "SHA1", "sha256", "sha512", "x"]),
    (&["LogLevel"], &["QUIET", "fatal", "Info", "verbose", "DEBUG", "debug1", "debug3", "x", ""]),
    (&["SyslogFacility"], &["USER", "auth", "LOCAL3", "x"]),
    (
        &[
            "CanonicalizeMaxDots",
            "NumberOfPasswordPrompts",
            "ServerAliveCountMax",
            "ConnectionAttempts",
            "RequiredRSASize",
        ],
        &["0", "1", "17", "2147483647", "2147483648", "-1", "x", "99999999999999999999", "", "0x1"],
    ),
    (
        &["ConnectTimeout", "ServerAliveInterval", "ForwardX11Timeout"],
        &["0", "5", "1h", "1h30m", "2W", "none", "1y", "", "99999999999", "1m5", "s"],
    ),
    (&["Port"], &["1", "22", "65535", "65536", "0", "-1", "ssh", "x", ""]),
    (&["HostName"], &["%h.example.com", "10.0.0.1", "Www.Example.COM", "::1", "a%%b", "%x", "2001:DB8::0:1", "%"]),
    (
        &["User", "HostKeyAlias", "BindAddress", "BindInterface", "PreferredAuthentications"],
        &["a", "ABC", "x y", "", "#c"],
    ),
    (&["IgnoreUnknown"], &["no*", "NoSuch*,x", "*", "x"]),
    (&["IdentityFile", "IdentityFile2", "CertificateFile"], &["~/a", "/b", "none", "%d/c", "", "a b"]),
    (&["UserKnownHostsFile"], &["~/a /b-%h", "none", "a none", "~/.ssh/known_hosts", "${KEYS}/k", "${NOT_SET}", "%x"]),
    (&["GlobalKnownHostsFile"], &["/a /b", "none", "~/x", "none b"]),
    (&["IdentityAgent"], &["none", "SSH_AUTH_SOCK", "$KEYS", "${KEYS}", "~/a-%r", "$a-", "${NOT_SET}", "${x", "%z"]),
    (&["ForwardAgent"], &["yes", "no", "FOLDER/included", "$KEYS", "$-", "${NOT_SET}"]),
    (&["ControlPath"], &["~/%h-%p-%r", "none", "/%n%u%i%l%L%k", "%q", "${KEYS}"]),
    (&["ControlPersist"], &["yes", "no", "5m", "0", "Yes", "x"]),
    (&["RemoteCommand", "LocalCommand"], &["ls -l # %h", "\"quoted\" 'x'", "none", "echo %u%%", "=x"]),
    (&["ProxyCommand"], &["nc %h %p", "none", "= nc"]),
    (&["ProxyJump"], &["j", "me@j:22,k", "none", "ssh://u@j:1", "10.0.0.1", "[::1]:22", "j:x", "@j", "j,", "j # c"]),
    (&["SendEnv"], &["A B_*", "-A", "-*", "A=1", "LANG LANG", "C"]),
    (&["SetEnv"], &["A=1", "A=1 B=2 A=3", "\"A=x y\"", "A"]),
    (&["EscapeChar"], &["~", "none", "^]", "^a", "^", "ab", "^ab", "%"]),
    (&["IPQoS"], &["ef", "af21 cs1", "none", "0x10 8", "AF13", "x", "ef x", "256"]),
    (&["RekeyLimit"], &["default", "1G", "1G 1h", "16", "15", "1K none", "2m 5x", "-1", "1.5M"]),
    (&["TunnelDevice"], &["any", "1:2", "any:3", "x", "1:"]),
    (&["StreamLocalBindMask"], &["0177", "0", "777", "1000", "x", "08"]),
    (&["AddKeysToAgent"], &["yes", "no", "ask", "confirm", "confirm 1h", "5m", "yes 1h", "x", "confirm x"]),
    (
        &["LocalForward"],
        &["80 a:1", "a:80 [::1]:1", "/s b:2", "80 /t-%h", "80", "0 a:1", "80 a", "${KEYS} a:1", "1 2 3"],
    ),
    (&["RemoteForward"], &["80 a:1", "0 b:2", "1080", "[::1]:1080", "/r", "x", "80 a:0"]),
    (&["DynamicForward"], &["1080", "*:1080", "[::1]:1", "0", "a:b:c", "/x"]),
    (&["PermitRemoteOpen"], &["any", "none", "a:1 b:*", "a", "any a:1", "[::1]:5", "a:99999"]),
    (&["Ciphers"], &["aes128-ctr", "aes256-ctr,aes128-ctr,aes256-ctr", "x", "aes*", "aes128-ctr,,x"]),
    (&["MACs"], &["hmac-sha1", "hmac-sha2-256,umac-64@openssh.com", "x"]),
    (&["KexAlgorithms"], &["curve25519-sha256", "ecdh-sha2-nistp256,curve25519-sha256", "+x", "x"]),
    (
        &["HostKeyAlgorithms", "PubkeyAcceptedAlgorithms", "CASignatureAlgorithms", "HostbasedAcceptedAlgorithms"],
        &["ssh-ed25519", "ssh-*,rsa*", "x", "*", "ssh-rsa"],
    ),
    (&["XAuthLocation", "PKCS11Provider", "SecurityKeyProvider", "RevokedHostKeys"], &["/x", "none", "~/y", ""]),
    (&["KnownHostsCommand"], &["/k %H", "none"]),
    (&["CanonicalDomains"], &["none", "a..b", "-a", "a none"]),
    (&["CanonicalizePermittedCNAMEs"], &["none", "a", "none a:b", "a:"]),
    (&["Protocol", "UseRoaming", "Cipher"], &["2", "x y", "\"a"]),
    (&["Include"], &["FOLDER/included", "FOLDER/inc*", "FOLDER/none", "FOLDER/included FOLDER/included", "\"\""]),
];

const PATTERNS: &[&str] =
    &["a", "b", "*", "?", "!a", "!b", "www.example.com", "*.com", "!*.com", "\"a\"", "\"b\"", "A", "w*m", "10.0.0.?"];

/// The criteria of `Match` that every version knows. OpenSSH before 9.9 splits them by other rules, so they are not quoted.
const CRITERIA: &[&str] = &[
    "host a",
    "host *.com,b",
    "!host a",
    "originalhost a",
    "!originalhost b,a",
    "user me",
    "!user x*",
    "localuser nobody",
    "!localuser nobody",
    "host 10.0.0.*",
    "exec true",
    "exec false",
    "!exec false",
    "canonical",
    "!canonical",
    "exec \"test %h = a -a %p = 22\"",
    "exec \"test %n = a\"",
];

/// What may stand between a keyword and its value.
const SEPARATORS: &[&str] = &[" ", " ", " ", "\t", "=", " = ", "= ", " =", "  "];

fn setting() -> impl Strategy<Value = String> {
    let separator = || select(SEPARATORS.to_vec());
    let settings = VALUES.iter().map(move |(names, values)| {
        let (names, values) = (select(names.to_vec()), select(values.to_vec()));
        let decoration =
            select(vec!["{}", "{}", "{}", "{}", "\"{}\"", "'{}'", "{} # comment", "{}\r", "{} \t", "{}\u{c}", "\"{}"]);
        (names, separator(), values, decoration)
            .prop_map(|(name, separator, value, form)| format!("{name}{separator}{}", form.replace("{}", value)))
            .boxed()
    });
    Union::new(settings)
}

fn block() -> impl Strategy<Value = String> {
    let patterns = prop::collection::vec(select(PATTERNS.to_vec()), 1..4);
    let criteria = prop::collection::vec(select(CRITERIA.to_vec()), 1..3);
    prop_oneof![
        4 => patterns.prop_map(|patterns| format!("Host {}", patterns.join(" "))),
        3 => criteria.prop_map(|criteria| format!("Match {}", criteria.join(" "))),
        1 => select(vec!["Match all", "Match final all", "Match final", "Match canonical all", "Host", "Match", "Match host", "Host \"\"", "Match x y", "Match host a all", "Match !all"]).prop_map(str::to_owned),
    ]
}

fn lines(most: usize) -> impl Strategy<Value = String> {
    let line = prop_oneof![
        6 => setting(),
        3 => block(),
        1 => select(vec!["", "# comment", "\t# x", "   ", "\u{c}"]).prop_map(str::to_owned),
    ];
    let indent = select(vec!["", "", " ", "\t", "    "]);
    let line = (indent, line).prop_map(|(indent, line)| format!("{indent}{line}\n"));
    prop::collection::vec(line, 0..most).prop_map(|lines| lines.concat())
}

/// Settings alone that are all right: with them the whole of what is printed is compared.
fn good_lines() -> impl Strategy<Value = String> {
    let settings = VALUES.iter().filter(|(names, _)| !names.contains(&"Include")).map(|(names, values)| {
        let names: Vec<&str> = names.iter().copied().filter(|name| *name != "NoSuchKeyword").collect();
        (select(names), select(values.get(..values.len().min(3)).unwrap().to_vec()))
            .prop_filter("right", |(name, value)| good(name, value))
            .prop_map(|(name, value)| format!("  {name} {value}\n"))
            .boxed()
    });
    let line = prop_oneof![5 => Union::new(settings), 1 => block().prop_filter("right", |line| right(line)).prop_map(|line| format!("{line}\n"))];
    prop::collection::vec(line, 0..24).prop_map(|lines| lines.concat())
}

fn good(name: &str, value: &str) -> bool {
    !(value.is_empty()
        || value == "a..b"
        || value == "-a"
        || value == "a"
        || (name == "CanonicalizePermittedCNAMEs" && value != "none")
        || (name == "CanonicalDomains" && value != "none")
        || (name == "ConnectionAttempts" && value == "0")
        || (name == "UserKnownHostsFile" && value == "a none"))
}

fn right(line: &str) -> bool {
    !matches!(line, "Host" | "Match" | "Match host" | "Host \"\"" | "Match x y" | "Match host a all")
}

/// What OpenSSH 9.2 reads otherwise than later versions, which are followed here.
fn is_the_same_everywhere(content: &str) -> bool {
    let lower = content.to_ascii_lowercase();
    // "ProxyJump none" was no answer to a ProxyCommand that follows.
    let jumps = lower.contains("proxyjump") && lower.contains("none") && lower.contains("proxycommand");
    // A negated "final" asked for a second reading.
    !jumps && !lower.contains("!final")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_configuration_means_what_it_means_to_ssh(
        content in lines(7).prop_filter("same", |content| is_the_same_everywhere(content)),
        included in prop_oneof![Just(String::new()), lines(3)],
        destination in select(vec!["a", "b", "www.example.com", "me@a", "10.0.0.1"]),
    ) {
        prop_assume!(is_the_same_everywhere(&format!("{content}{included}")));
        compare(&content, &included, &[], destination);
    }

    #[test]
    fn right_configurations_print_what_ssh_prints(
        content in good_lines().prop_filter("same", |content| is_the_same_everywhere(content)),
        options in prop::collection::vec(select(vec!["Port=7", "User x", "SendEnv=Z", "LocalForward=9 c:1", "Ciphers=aes128-ctr"]), 0..3),
        destination in select(vec!["a", "b", "www.example.com", "me@a", "10.0.0.1"]),
    ) {
        compare(&content, "", &options, destination);
    }
}
