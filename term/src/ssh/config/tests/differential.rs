//! The same configuration, read here and by `ssh -G`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use super::*;
use crate::ssh::host::{AddressFamily, RequestTty, StrictHostKeyChecking};

type Printed = BTreeMap<String, Vec<String>>;

/// What `ssh -G` prints, or that it fails.
fn by_ssh(file: &Path, options: &[&str], destination: &str) -> Option<Printed> {
    let mut command = Command::new("ssh");
    let _ = command.arg("-G").arg("-F").arg(file);
    for option in options {
        let _ = command.args(["-o", option]);
    }
    let output = command.arg("--").arg(destination).output().unwrap();
    let mut printed = Printed::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let (keyword, value) = line.split_once(' ').unwrap_or((line, ""));
        printed.entry(keyword.to_owned()).or_default().push(value.to_owned());
    }
    output.status.success().then_some(printed)
}

fn by_us(file: &Path, options: &[&str], destination: &str) -> Result<Printed, Error> {
    let mut context = Context::of_process();
    context.home = home();
    let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
    let (user, host) = destination.rsplit_once('@').map_or((None, destination), |(user, host)| (Some(user), host));
    let destination = Destination { host: host.into(), user: user.map(str::to_owned), port: None };
    Ok(print(&Config::load_from(context, Some(file))?.resolve(&destination, &options)?))
}

/// The home folder that ssh(1) uses, whatever `HOME` says.
fn home() -> PathBuf {
    let output = Command::new("sh").args(["-c", "getent passwd \"$(id -u)\" | cut -d: -f6"]).output().unwrap();
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

/// A host as `ssh -G` would print it.
fn print(host: &Host) -> Printed {
    let mut printed = Printed::new();
    let mut put = |keyword: &str, values: Vec<String>| {
        if !values.is_empty() {
            let _ = printed.insert(keyword.to_owned(), values);
        }
    };
    let flag = |flag: bool| vec![if flag { "yes" } else { "no" }.to_owned()];
    let word = |word: &str| vec![word.to_owned()];
    let known_hosts = |paths: &[PathBuf]| -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        vec![if paths.is_empty() { "none".to_owned() } else { paths.join(" ") }]
    };
    let paths = |paths: &[PathBuf]| -> Vec<String> { paths.iter().map(|path| path.display().to_string()).collect() };
    put("hostname", word(&host.host_name));
    put("port", word(&host.port.to_string()));
    put("user", word(&host.user));
    put("hostkeyalias", host.host_key_alias.iter().cloned().collect());
    put("identityfile", paths(&host.identity_file));
    put("identitiesonly", flag(host.identities_only));
    put("pubkeyauthentication", flag(host.pubkey_authentication));
    put("passwordauthentication", flag(host.password_authentication));
    put("kbdinteractiveauthentication", flag(host.kbd_interactive_authentication));
    put("batchmode", flag(host.batch_mode));
    put("numberofpasswordprompts", word(&host.number_of_password_prompts.to_string()));
    put("userknownhostsfile", known_hosts(&host.user_known_hosts_file));
    put("globalknownhostsfile", known_hosts(&host.global_known_hosts_file));
    put(
        "stricthostkeychecking",
        word(match host.strict_host_key_checking {
            StrictHostKeyChecking::Yes => "true",
            StrictHostKeyChecking::No => "false",
            StrictHostKeyChecking::Ask => "ask",
            StrictHostKeyChecking::AcceptNew => "accept-new",
        }),
    );
    put("hashknownhosts", flag(host.hash_known_hosts));
    put(
        "addressfamily",
        word(match host.address_family {
            AddressFamily::Any => "any",
            AddressFamily::Inet => "inet",
            AddressFamily::Inet6 => "inet6",
        }),
    );
    let timeout = host.connect_timeout.map_or("none".to_owned(), |timeout| timeout.as_secs().to_string());
    put("connecttimeout", vec![timeout]);
    put("connectionattempts", word(&host.connection_attempts.to_string()));
    put("serveraliveinterval", word(&host.server_alive_interval.as_secs().to_string()));
    put("serveralivecountmax", word(&host.server_alive_count_max.to_string()));
    put("tcpkeepalive", flag(host.tcp_keep_alive));
    put("compression", flag(host.compression));
    put("forwardx11", flag(host.forward_x11));
    put("forwardx11trusted", flag(host.forward_x11_trusted));
    put("sendenv", host.send_env.clone());
    put("setenv", host.set_env.iter().map(|(name, value)| format!("{name}={value}")).collect());
    put(
        "requesttty",
        word(match host.request_tty {
            RequestTty::Auto => "auto",
            RequestTty::No => "false",
            RequestTty::Yes => "true",
            RequestTty::Force => "force",
        }),
    );
    put("remotecommand", host.remote_command.iter().cloned().collect());
    put("proxyjump", host.proxy_jump.iter().cloned().collect());
    put("proxycommand", host.proxy_command.iter().cloned().collect());
    put(
        "identityagent",
        match &host.identity_agent {
            IdentityAgent::Environment => vec![],
            IdentityAgent::Socket(path) => word(path.to_str().unwrap()),
            IdentityAgent::None => word("none"),
        },
    );
    printed
}

/// Brings what `ssh -G` prints into the form of [`print`].
fn normalise(mut printed: Printed) -> Printed {
    let home = home().display().to_string();
    if let Some(files) = printed.get_mut("identityfile") {
        // ssh prints them as written; keys of these types are not built here.
        files.retain(|file| !file.ends_with("/id_xmss") && !file.ends_with("/id_dsa") && file != "none");
        files.iter_mut().for_each(|file| {
            *file = match file.strip_prefix("~/") {
                Some(rest) => format!("{home}/{rest}"),
                None => std::env::current_dir().unwrap().join(&*file).display().to_string(),
            };
        });
    }
    for flag in printed.get_mut("pubkeyauthentication").into_iter().flatten() {
        *flag = if flag == "false" { "no" } else { "yes" }.to_owned();
    }
    // Debian's ssh lets an interval follow from BatchMode.
    if printed.get("batchmode").is_some_and(|values| values == &["yes"]) {
        for interval in printed.get_mut("serveraliveinterval").into_iter().flatten().filter(|seconds| *seconds == "300")
        {
            *interval = "0".to_owned();
        }
    }
    // A time-out of nothing is none.
    for timeout in printed.get_mut("connecttimeout").into_iter().flatten().filter(|timeout| *timeout == "0") {
        *timeout = "none".to_owned();
    }
    for agent in printed.remove("identityagent").into_iter().filter(|agent| agent != &["SSH_AUTH_SOCK"]) {
        let _ = printed.insert("identityagent".to_owned(), agent);
    }
    // The final pass names them twice.
    if let Some(names) = printed.get_mut("sendenv") {
        let mut seen = Vec::new();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
    }
    printed.retain(|_, values| !values.is_empty());
    printed
}

fn compare(content: &str, options: &[&str], destination: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, content.replace("FOLDER", folder.path().to_str().unwrap())).unwrap();
    fs::write(folder.path().join("included"), "Port 77\nHost a\n User included\n").unwrap();
    match (by_us(&file, options, destination), by_ssh(&file, options, destination).map(normalise)) {
        (Ok(ours), Some(mut theirs)) => {
            theirs.retain(|keyword, _| ours.contains_key(keyword) || OPTIONAL.contains(&keyword.as_str()));
            let differ: Vec<_> = ours.iter().filter(|(keyword, values)| theirs.get(*keyword) != Some(values)).collect();
            assert!(ours == theirs, "{differ:?}\n{theirs:?}\n{options:?} {destination} in\n{content}");
        }
        (Err(_), None) => {}
        (ours, theirs) => panic!("{ours:?}\n{theirs:?}\n{options:?} {destination} in\n{content}"),
    }
}

/// What is printed only where it is set, so that its absence here is a difference too.
const OPTIONAL: &[&str] = &[
    "hostkeyalias",
    "identityfile",
    "identityagent",
    "sendenv",
    "setenv",
    "remotecommand",
    "proxyjump",
    "proxycommand",
];

#[test]
fn configurations_mean_what_they_mean_to_ssh() {
    for content in [
        "",
        "Host a\n Port 1\nHost b\n Port 2\nHost *\n Port 3\n User x\n",
        "Host *.example.com !www.example.com\n Port 5\nHost ?\n User single\n",
        "Host !a *\n Port 9\n",
        "Port=4\nUser = \"with blank\"\nHost a\nPort 5\n",
        "HostName %h.Example.COM\nMatch host *.example.com\n Port 6\nMatch originalhost a\n User orig\n",
        "Match user me\n Port 8\nMatch localuser nobody\n Port 9\nMatch all\n User all\n",
        "User u\nMatch user u host a\n Port 3\nMatch !user u\n Port 4\nMatch !host b,c\n BatchMode yes\n",
        "Match exec true\n Port 3\nMatch exec \"test %h = a\"\n User a\nMatch !exec false\n Compression yes\n",
        "Match final\n User final\nMatch final host a.example.com\n Port 4\nHost a\n HostName a.example.com\n",
        "Match canonical all\n User no\nMatch all\n Port 5\n",
        "Match !final host a\n Port 3\nMatch final all\n SendEnv X\nSendEnv Y\n",
        "Include FOLDER/included\nPort 1\n",
        "Host b\n Include FOLDER/included\nHost *\n Port 1\n",
        "Include FOLDER/inc* FOLDER/none\nUser later\n",
        "IdentityFile ~/.ssh/one\nIdentityFile /two\nIdentityFile ~/.ssh/one\nIdentityFile none\n",
        "IdentityFile none\n",
        "IdentityAgent ~/agent\n",
        "IdentityAgent none\n",
        "IdentityAgent SSH_AUTH_SOCK\n",
        "UserKnownHostsFile ~/a /b/%h \"/c d\"\nGlobalKnownHostsFile none\n",
        "UserKnownHostsFile none\n",
        "StrictHostKeyChecking accept-new\nHashKnownHosts TRUE\nAddressFamily INET6\n",
        "StrictHostKeyChecking off\nRequestTTY force\nBatchMode true\n",
        "SendEnv LANG LC_* FOO_A FOO_B\nSendEnv -FOO_*\nSendEnv LANG\n",
        "SetEnv A=1 \"B=two words\" A=2\nSetEnv C=3\n",
        "ConnectTimeout 1h30m\nServerAliveInterval 2m\nServerAliveCountMax 9\nConnectionAttempts 4\n",
        "ConnectTimeout none\nServerAliveInterval 0\n",
        "ConnectTimeout 0\n",
        "RemoteCommand echo \"a b\" # not a comment\n",
        "RemoteCommand none\nRequestTTY yes\n",
        "ProxyJump u@jump:2222,second\nProxyCommand nc %h %p\n",
        "ProxyCommand nc %h %p\nProxyJump jump\n",
        "ProxyJump none\nProxyCommand none\n",
        "HostKeyAlias FOO\nPubkeyAuthentication unbound\nPreferredAuthentications password\n",
        "ChallengeResponseAuthentication no\nKeepAlive no\nUseRoaming yes\nProtocol 2\nCompressionLevel 6\n",
        "IgnoreUnknown foo*\nFooBar x y z\nPort 3\n",
        "GSSAPIAuthentication yes\nGSSAPIKeyExchange no\nCanonicalizeHostname no\nCheckHostIP yes\n",
        "Port 1 # comment\n#Port 2\n   # x\n\t\n",
        "ForwardX11 yes\nForwardX11Trusted no\nForwardX11Timeout 1h\nXAuthLocation /x\n",
        "ForwardAgent yes\nForwardAgent ~/sock\nControlMaster auto\nControlPath ~/%C\nControlPersist 10m\n",
        "LocalForward 8080 localhost:80\nRemoteForward 9090\nDynamicForward 1080\n",
        "EscapeChar ^]\nLogLevel DEBUG2\nIPQoS af21 cs1\nRekeyLimit 1G 1h\nTunnel ethernet\n",
        // What ssh refuses has to be refused.
        "Nonsense yes\n",
        "Port\n",
        "Port 0\n",
        "Port 65536\n",
        "Port ssh x\n",
        "Host b\n Port x\n",
        "User \"open\n",
        "User a b\n",
        "ForwardX11 maybe\n",
        "ConnectTimeout 1y\n",
        "ConnectTimeout\n",
        "ConnectionAttempts 0\n",
        "ConnectionAttempts -1\n",
        "NumberOfPasswordPrompts x\n",
        "Match\n",
        "Match host\n",
        "Match all host a\n",
        "Match host a all\n",
        "Match bogus a\n",
        "SendEnv A=1\n",
        "SetEnv A\n",
        "UserKnownHostsFile /a none\n",
        "EscapeChar ab\n",
        "Host \"\"\n",
        "IdentityAgent $1x-\n",
        "LocalForward 80\n",
    ] {
        for destination in ["a", "www.example.com", "me@b"] {
            compare(content, &[], destination);
        }
    }
}

#[test]
fn options_mean_what_they_mean_to_ssh() {
    for options in [
        &["Port=7", "Port=8"][..],
        &["User x", "SendEnv A B"],
        &["SetEnv=A=1", "setenv B=2"],
        &["IdentityFile=/x y"],
        &["IdentityFile=\"/x y\""],
        &["ForwardX11"],
        &["Include=/x"],
        &["Host=a"],
        &["ProxyJump=none", "ConnectTimeout=3"],
    ] {
        compare("Port 1\nIdentityFile /file\nSendEnv C\nProxyJump j\n", options, "a");
    }
}

fn a_line() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec!["a", "b", "*", "?", "!a", "www.example.com", "*.com", "\"a\"", "'b c'", "#x"]);
    // OpenSSH before 9.9 knows no single quotes here.
    let criterion = word.clone().prop_filter("quotes", |word| !word.contains('\''));
    let yes = prop::sample::select(vec!["yes", "no", "TRUE", "false", "maybe", "\"yes\"", ""]);
    let number = prop::sample::select(vec!["1", "22", "0", "70000", "3m", "1h2", "x", "none"]);
    prop_oneof![
        prop::collection::vec(word.clone(), 1..4).prop_map(|words| format!("Host {}", words.join(" "))),
        (any::<bool>(), prop::sample::select(vec!["host", "originalhost", "user"]), criterion)
            .prop_map(|(negated, name, word)| format!("Match {}{name} {word}", if negated { "!" } else { "" })),
        Just("Match all".to_owned()),
        Just("Match final".to_owned()),
        Just("Include FOLDER/included".to_owned()),
        (prop::sample::select(vec!["ForwardX11", "batchmode", "HashKnownHosts=", "TCPKeepAlive = ", "NoSuch"]), yes)
            .prop_map(|(name, value)| format!("{name} {value}")),
        (prop::sample::select(vec!["Port", "ConnectTimeout", "ServerAliveInterval", "ConnectionAttempts"]), number)
            .prop_map(|(name, value)| format!(" {name} {value}")),
        (prop::sample::select(vec!["User", "HostKeyAlias", "IdentityFile", "HostName", "RemoteCommand"]), word)
            .prop_map(|(name, value)| format!("\t{name} {value}\r")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_configurations_mean_what_they_mean_to_ssh(
        lines in prop::collection::vec(a_line(), 0..8),
        destination in prop::sample::select(vec!["a", "b", "www.example.com", "me@a"]),
    ) {
        compare(&lines.join("\n"), &[], destination);
    }
}
