//! Every keyword as the type that the rest of the program sees.

use std::time::Duration;

use super::*;
use crate::ssh::host::{
    AddKeysToAgent, Algorithms, ControlMaster, ControlPersist, Endpoint, FingerprintHash, Forward, ForwardAgent, IpQos,
    RekeyLimit, SessionType, Tunnel, YesNoAsk,
};

fn read(content: &str) -> Host {
    Place::new().user("config", content).host("h")
}

#[test]
fn algorithms_and_limits_have_their_types() {
    let host = read(
        "Ciphers aes128-ctr,aes256-ctr\nMACs +hmac-sha1\nKexAlgorithms ^curve25519-sha256\n\
         HostKeyAlgorithms -ssh-*\nRequiredRSASize 2048\nRekeyLimit 1G\nRekeyLimit 5K 2h\nIPQoS ef\n",
    );
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(host.ciphers, Algorithms::Only(names(&["aes128-ctr", "aes256-ctr"])));
    assert_eq!(host.macs, Algorithms::Append(names(&["hmac-sha1"])));
    assert_eq!(host.kex_algorithms, Algorithms::Prepend(names(&["curve25519-sha256"])));
    assert_eq!(host.host_key_algorithms, Algorithms::Remove(names(&["ssh-*"])));
    assert_eq!(host.pubkey_accepted_algorithms, Algorithms::Default);
    assert_eq!(host.required_rsa_size, 2048);
    let limit = RekeyLimit { bytes: Some(1 << 30), interval: Some(Duration::from_secs(7200)) };
    assert_eq!(host.rekey_limit, limit, "the first bytes and the first time count");
    assert_eq!(host.ip_qos, IpQos { interactive: Some(0xb8), bulk: Some(0xb8) });
}

#[test]
fn what_is_forwarded_has_its_types() {
    let host = read("LocalForward 80 [::1]:81\nLocalForward 80 [::1]:81\nLocalForward /run/%h /%p\n");
    let port = |host: Option<&str>, port| Endpoint::Port { host: host.map(str::to_owned), port };
    let first = Forward { listen: port(None, 80), target: Some(port(Some("::1"), 81)) };
    let sockets = Forward { listen: Endpoint::Socket("/run/h".into()), target: Some(Endpoint::Socket("/22".into())) };
    assert_eq!(host.local_forward, [first, sockets]);
}

#[test]
fn forwardings_add_up_and_can_be_cleared() {
    let lines = "RemoteForward 0 a:1\nRemoteForward 9\nDynamicForward 1080\nTunnel yes\nTunnelDevice 3:any\n\
                 GatewayPorts yes\nPermitRemoteOpen a:1 b:*\nStreamLocalBindMask 0111\nForwardAgent yes\n\
                 ForwardAgent ~/agent\n";
    let host = read(lines);
    let target = Endpoint::Port { host: Some("a".into()), port: 1 };
    assert_eq!(host.remote_forward.first().unwrap().target, Some(target));
    assert_eq!((host.remote_forward.len(), host.dynamic_forward.len()), (2, 1));
    assert_eq!((host.tunnel, host.tunnel_device), (Tunnel::PointToPoint, (Some(3), None)));
    assert_eq!((host.gateway_ports, host.stream_local_bind_mask), (true, 0o111));
    assert_eq!(host.permit_remote_open, Some(vec!["a:1".to_owned(), "b:*".to_owned()]));
    assert!(matches!(host.forward_agent, ForwardAgent::Socket(path) if path.ends_with("home/agent")));
    let cleared = read(&format!("ClearAllForwardings yes\n{lines}"));
    assert!(cleared.remote_forward.is_empty() && cleared.dynamic_forward.is_empty());
    assert_eq!(cleared.tunnel, Tunnel::No);
}

#[test]
fn keys_and_sessions_have_their_types() {
    let host = read(
        "AddKeysToAgent confirm 10m\nForwardAgent no\nForwardAgent $KEYS\nUpdateHostKeys ask\n\
         VerifyHostKeyDNS yes\nFingerprintHash md5\nCertificateFile ~/c-%u\nRevokedHostKeys ~/krl\n\
         KnownHostsCommand /k %H\nSessionType subsystem\nControlMaster autoask\nControlPath ~/%h-%p\n\
         ControlPersist 5m\nChannelTimeout session=5m direct-*=1h\nObscureKeystrokeTiming interval:80\nTag t\n\
         VersionAddendum x # y\nLocalCommand = ls %d\nConnectTimeout none\nConnectTimeout 5\n",
    );
    let minutes = |number: u64| Duration::from_secs(60 * number);
    assert_eq!(host.add_keys_to_agent, AddKeysToAgent::Confirm);
    assert_eq!(host.add_keys_to_agent_lifetime, Some(minutes(10)));
    assert_eq!(host.forward_agent, ForwardAgent::No, "the first line decides whether");
    assert_eq!((host.update_host_keys, host.verify_host_key_dns), (YesNoAsk::Ask, YesNoAsk::Yes));
    assert_eq!(host.fingerprint_hash, FingerprintHash::Md5);
    assert!(host.certificate_file.first().unwrap().ends_with("home/c-me"));
    assert!(host.revoked_host_keys.unwrap().ends_with("home/krl"));
    assert_eq!(host.known_hosts_command.as_deref(), Some("/k %H"));
    assert_eq!(host.session_type, SessionType::Subsystem);
    assert_eq!((host.control_master, host.control_persist), (ControlMaster::AutoAsk, ControlPersist::For(minutes(5))));
    assert!(host.control_path.unwrap().ends_with("home/h-22"));
    assert_eq!(host.channel_timeout, [("session".to_owned(), minutes(5)), ("direct-*".to_owned(), minutes(60))]);
    assert_eq!(host.obscure_keystroke_timing, Some(Duration::from_millis(80)));
    assert_eq!((host.tag.as_deref(), host.version_addendum.as_deref()), (Some("t"), Some("x")));
    assert_eq!(host.local_command.as_deref(), Some("ls %d"));
    assert_eq!(host.connect_timeout, Some(Duration::from_secs(5)), "none leaves it to the next line");
}

#[test]
fn new_host_keys_are_taken_over_where_only_the_usual_file_is_read() {
    for (content, expected) in [
        ("", YesNoAsk::Yes),
        ("UserKnownHostsFile ~/.ssh/known_hosts\n", YesNoAsk::Yes),
        ("UserKnownHostsFile ~/.ssh/others\n", YesNoAsk::No),
        ("VerifyHostKeyDNS ask\n", YesNoAsk::No),
        ("UserKnownHostsFile ~/x\nUpdateHostKeys yes\n", YesNoAsk::Yes),
    ] {
        assert_eq!(read(content).update_host_keys, expected, "{content}");
    }
}

#[test]
fn bad_values_are_refused_in_openssh_s_words() {
    for (content, expected) in [
        ("Ciphers rot13", "Bad SSH2 cipher spec 'rot13'."),
        ("MACs +x", "Bad SSH2 MAC spec '+x'."),
        ("KexAlgorithms x", "Bad SSH2 KexAlgorithms 'x'."),
        ("HostKeyAlgorithms x", "Bad key types 'x'."),
        ("RekeyLimit 3", "RekeyLimit too small"),
        ("IPQoS fast", "Bad IPQoS value: fast"),
        ("LogLevel LOUD", "unsupported log level 'LOUD'"),
        ("SyslogFacility x", "unsupported log facility 'x'"),
        ("FingerprintHash crc", "Invalid hash algorithm \"crc\"."),
        ("StreamLocalBindMask 1000", "Bad mask."),
        ("TunnelDevice x", "Bad tun device."),
        ("ControlPersist maybe", "Bad ControlPersist argument."),
        ("AddKeysToAgent yes 1h", "unsupported option"),
        ("CanonicalDomains -x", "domain name \"-x\" starts with invalid character"),
        ("CanonicalizePermittedCNAMEs x", "Invalid permitted CNAME \"x\""),
        ("PermitRemoteOpen any a:1", "keyword permitremoteopen \"any\" argument must appear alone."),
        ("PermitRemoteOpen a", "bad port number in permitremoteopen"),
        ("ProxyJump a:x", "Invalid ProxyJump \"a:x\""),
        ("LocalForward 80 x", "Bad forwarding specification."),
        ("DynamicForward 0", "Bad forwarding specification."),
        ("ForwardAgent $a-", "Invalid environment name $a-."),
        ("IdentityAgent ${NOT_SET}", "Invalid environment expansion ${NOT_SET}."),
        ("ChannelTimeout session", "invalid channel timeout session"),
        ("ObscureKeystrokeTiming interval:5000", "value out of range."),
    ] {
        assert_eq!(Place::error(content), format!("/home/.ssh/config: line 1: {expected}"), "{content}");
    }
}
