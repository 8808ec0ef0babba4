//! The same configuration, read here and by `ssh -G`, line by line.
//!
//! `PROPTEST_CASES=5000` compares more configurations than the usual 256.

mod generated;

use std::path::Path;
use std::process::Command;

use super::*;

/// Lines that differ where they are defaults: ssh knows other algorithms and kinds of keys.
const OUR_DEFAULTS: &[&str] = &[
    "ciphers",
    "macs",
    "kexalgorithms",
    "hostkeyalgorithms",
    "hostbasedacceptedalgorithms",
    "pubkeyacceptedalgorithms",
    "casignaturealgorithms",
    "identityfile",
    "gssapikexalgorithms",
    "securitykeyprovider",
    // Debian's ssh sets it where BatchMode is on.
    "serveraliveinterval",
];

/// A variable that is set for both.
const VARIABLE: (&str, &str) = ("KEYS", "/keys");

/// What ssh(1) says when it refuses a configuration.
#[derive(Debug)]
struct Refusal {
    stderr: String,
}

/// What `ssh -G` prints.
fn by_ssh(file: &Path, options: &[&str], destination: &str) -> Result<Vec<String>, Refusal> {
    let mut command = Command::new("ssh");
    let _ = command.env(VARIABLE.0, VARIABLE.1).env_remove("NOT_SET").arg("-G").arg("-F").arg(file);
    for option in options {
        let _ = command.args(["-o", option]);
    }
    let output = command.arg("--").arg(destination).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        return Ok(stdout.lines().map(str::to_owned).collect());
    }
    Err(Refusal { stderr: stderr.into_owned() })
}

fn by_us(file: &Path, options: &[&str], destination: &str) -> Result<Vec<Effective>, Error> {
    let mut context = Context::of_process();
    context.home = home();
    let _ = context.environment.insert(VARIABLE.0.to_owned(), VARIABLE.1.to_owned());
    let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
    let (user, host) = destination.rsplit_once('@').map_or((None, destination), |(user, host)| (Some(user), host));
    let destination = Destination { host: host.into(), user: user.map(str::to_owned), port: None };
    Config::load_from(context, Some(file))?.effective(&destination, &options)
}

/// The home folder that ssh(1) uses, whatever `HOME` says.
fn home() -> PathBuf {
    let output = Command::new("sh").args(["-c", "getent passwd \"$(id -u)\" | cut -d: -f6"]).output().unwrap();
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

/// Compares everything that is printed, and where something is refused, the line and the reason.
fn compare(content: &str, included: &str, options: &[&str], destination: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    let place = folder.path().to_str().unwrap();
    for (path, content) in [(&file, content), (&folder.path().join("included"), included)] {
        fs::write(path, content.replace("FOLDER", place)).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let what = format!("{options:?} {destination} in\n{content}\nwith\n{included}");
    match (by_us(&file, options, destination), by_ssh(&file, options, destination)) {
        (Ok(ours), Ok(theirs)) => compare_lines(ours, theirs, &what),
        (Err(ours), Err(theirs)) => compare_refusals(&ours, &theirs, &what),
        (Err(ours), Ok(_)) => panic!("only we refuse: {ours}\n{what}"),
        (Ok(_), Err(theirs)) => panic!("only ssh refuses: {}\n{what}", theirs.stderr),
    }
}

fn compare_lines(ours: Vec<Effective>, mut theirs: Vec<String>, what: &str) {
    let set: Vec<&str> = ours.iter().filter(|line| line.source != Source::Default).map(|line| line.keyword).collect();
    // ssh prints a local forwarding to a socket as a dynamic one too.
    let to_socket = ours.iter().any(|line| line.keyword == "localforward" && line.value.contains(" /"));
    let is_compared = |keyword: &str| match keyword {
        "dynamicforward" => !to_socket,
        keyword => set.contains(&keyword) || !OUR_DEFAULTS.contains(&keyword),
    };
    theirs.retain(|line| is_compared(line.split(' ').next().unwrap()));
    let ours: Vec<String> = ours.iter().filter(|line| is_compared(line.keyword)).map(ToString::to_string).collect();
    let differ: Vec<_> = ours.iter().filter(|line| !theirs.contains(line)).collect();
    let missing: Vec<_> = theirs.iter().filter(|line| !ours.contains(line)).collect();
    assert!(ours == theirs, "ours {differ:?}\ntheirs {missing:?}\n{what}");
}

fn compare_refusals(ours: &Error, theirs: &Refusal, what: &str) {
    // What is wrong with the meaning of a value, and not with its line, each says in words of its own.
    let is_compared = match ours {
        Error::Lines { .. } => true,
        Error::Line(_) => theirs.stderr.contains("command-line"),
        _ => false,
    };
    if is_compared {
        let theirs = theirs.stderr.replace("\r\n", "\n");
        assert_eq!(ours.words() + "\n", theirs, "{what}");
    }
}

const INCLUDED: &str = "Port 77\nHost a\n User included\n";

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
        "ProxyJump none # nobody means this\nProxyCommand nc\n",
        "ProxyJump None\t\nPort 3\n",
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
        "Ciphers aes128-ctr,aes256-ctr,aes128-ctr\nMACs hmac-sha1,umac-64@openssh.com\nKexAlgorithms curve25519-sha256\n",
        "HostKeyAlgorithms ssh-*,rsa-sha2-512\nCASignatureAlgorithms ssh-ed25519\nPubkeyAcceptedKeyTypes ssh-rsa\n",
        "HostKeyAlgorithms *\nHostbasedKeyTypes ecdsa*\n",
        "Ciphers aes*\n",
        "MACs !x\n",
        "KexAlgorithms nonsense\n",
        "LocalForward 8080 localhost:80\nLocalForward [::1]:81 [fe80::1]:82\nLocalForward *:1 /socket-%h\n",
        "LocalForward /a%p /b%r\nLocalForward ${KEYS} a:1\nLocalForward 8080 localhost:80\nLocalForward 8080 [localhost]:80\n",
        "RemoteForward 9090\nRemoteForward 0 a:1\nRemoteForward [*]:1080\nRemoteForward /r b:2\nDynamicForward a:1080\nDynamicForward 1081\n",
        "LocalForward 80 a:1\nTunnel yes\nClearAllForwardings yes\nRemoteForward 1 b:2\n",
        "LocalForward a:b:1 c\n",
        "LocalForward ${NOT_SET} a:1\n",
        "RemoteForward a b\n",
        "DynamicForward 0\n",
        "DynamicForward 1 2\n",
        "ProxyJump a:2222\n",
        "ProxyJump me@10.0.0.1,ssh://you@b:44\n",
        "ProxyJump x:0\n",
        "ProxyJump x,,y\n",
        "ProxyJump www.example.com\nProxyUseFdpass yes\n",
        "ProxyJump ssh://a/path\n",
        "ProxyCommand == nc %h\nProxyUseFdpass yes\n",
        "AddKeysToAgent confirm 5m\n",
        "AddKeysToAgent 1h30m\nForwardAgent no\nForwardAgent FOLDER/included\n",
        "AddKeysToAgent yes 5\n",
        "ForwardAgent $KEYS\n",
        "ForwardAgent ${NOT_SET}\n",
        "ForwardAgent $a-b\n",
        "IdentityAgent $KEYS\n",
        "IdentityAgent ${KEYS}/%h-%p-%r-%n-%u-%d-%i-%l-%L-%k-%C-%%\n",
        "ControlPath ~/%C\nControlPersist 0\nControlMaster ask\n",
        "ControlPersist 5x\n",
        "ControlPath ~\nIdentityAgent ~\nForwardAgent ~\nIdentityFile ~/\nCertificateFile ~//a\nUserKnownHostsFile ~ ~/x\n",
        "ControlPath %x\n",
        "UpdateHostKeys ask\nRequestTTY no\n",
        "UpdateHostKeys ask\nLogLevel error\n",
        "UpdateHostKeys ask\nControlPath /x\nControlPersist yes\n",
        "UserKnownHostsFile ~/.ssh/known_hosts\nVerifyHostKeyDNS ask\n",
        "UserKnownHostsFile ~/.ssh/known_hosts\n",
        "RekeyLimit default 1h\n",
        "RekeyLimit 1G\nRekeyLimit 2G 2h\n",
        "RekeyLimit 1.5K none\nRekeyLimit 5M 10\n",
        "RekeyLimit 15\n",
        "RekeyLimit 9E\n",
        "RekeyLimit 1Q\n",
        "IPQoS 0x20\nIPQoS ef\n",
        "IPQoS 07 255\n",
        "IPQoS 256\n",
        "TunnelDevice 3:any\nTunnel point-to-point\n",
        "TunnelDevice 3:x\n",
        "StreamLocalBindMask 0111\nStreamLocalBindUnlink yes\nHost nobody\n StreamLocalBindMask 022\n",
        "StreamLocalBindMask 888\n",
        "Host nobody\n SyslogFacility AUTH\nHost *\n SyslogFacility local7\n",
        "SyslogFacility x\n",
        "LogLevel debug1\nLogVerbose a b\nLogVerbose c\n",
        "LogLevel loud\n",
        "EscapeChar none\n",
        "EscapeChar ^?\nFingerprintHash md5\n",
        "EscapeChar \" \"\n",
        "EscapeChar \"\\\\\"\n",
        "FingerprintHash crc\n",
        "PermitRemoteOpen a:1 [::1]:* *:80\n",
        "PermitRemoteOpen none\n",
        "PermitRemoteOpen a:1 any\n",
        "PermitRemoteOpen a\n",
        "SecurityKeyProvider /x\nPKCS11Provider none\nRevokedHostKeys ~/k\nKnownHostsCommand /k %H\nLocalCommand a # b\n",
        "SecurityKeyProvider none\nKnownHostsCommand none\nLocalCommand none\nXAuthLocation /x y\n",
        "CanonicalizeHostname yes\nCanonicalizeMaxDots 3\nSendEnv A\nCanonicalizeFallbackLocal no\nProxyJump j\n",
        "CanonicalDomains One.Example. two.example\nProxyJump j\nCanonicalizePermittedCNAMEs a:b *.X:y,z *\n",
        "CanonicalDomains a..b\n",
        "CanonicalDomains .a\n",
        "CanonicalDomains a none\n",
        "CanonicalizePermittedCNAMEs a\n",
        "CanonicalizePermittedCNAMEs none\n",
        "CertificateFile ~/c\nCertificateFile ~/d\nCertificateFile ~/c\n",
        "ServerAliveInterval none\nServerAliveInterval 7\nForwardX11Timeout none\n",
        "KbdInteractiveDevices a,b\nBindAddress ::1\nBindInterface eth0\nRequiredRSASize 2048\n",
        "GSSAPIClientIdentity a\nGSSAPIServerIdentity b\nGSSAPITrustDns yes\n",
        "Port ssh\n",
        "Port 022\n",
        "Port +22\n",
        "SendEnv A A\nSendEnv A\nSendEnv -B\n",
        "IdentityFile \"~/with blank\"\nIdentityFile ~/%d\n",
        "Nonsense \"x\n",
        "Port x\nUser \"open\n",
        "User \"open\nPort x\n",
        "Port x\nInclude \"\"\n",
        "HostName %h.%x\n",
        "UserKnownHostsFile ~/%x\n",
        "RemoteCommand %x\n",
    ] {
        for destination in ["a", "www.example.com", "me@b"] {
            compare(content, INCLUDED, &[], destination);
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
        compare("Port 1\nIdentityFile /file\nSendEnv C\nProxyJump j\n", "", options, "a");
    }
}
