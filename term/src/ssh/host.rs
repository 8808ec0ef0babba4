//! The effective settings for one destination.

mod algorithms;
mod choice;
mod defaults;
mod forward;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::pattern::Pattern;
use super::{Hop, Proxy};
pub use algorithms::Algorithms;
pub use choice::{
    AddKeysToAgent, AddressFamily, ControlMaster, ControlPersist, FingerprintHash, ForwardAgent, IdentityAgent, IpQos,
    LogLevel, RekeyLimit, RequestTty, SessionType, StrictHostKeyChecking, Tunnel, YesNoAsk,
};
pub use forward::{Endpoint, Forward};

/// The port of SSH (RFC 4253 section 4.1).
pub const PORT: u16 = 22;

/// How long the window waits for a connection where `ConnectTimeout` does not say. ssh(1) leaves it to the system,
/// which takes minutes to tell that a host is gone.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How often the window asks whether the server is still there where `ServerAliveInterval` does not say. ssh(1) never
/// asks, so a shell on a network that went away looks alive.
pub const SERVER_ALIVE_INTERVAL: Duration = Duration::from_secs(20);

/// What ssh_config calls a Host, resolved: every field is ssh_config's keyword in snake case and holds the value in
/// force, defaults included. Paths are absolute and tokens expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The name as given on the command line or in the list of hosts; what tabs and prompts show.
    pub alias: String,
    /// `HostName`: what is looked up and connected to.
    pub host_name: String,
    /// `Port`.
    pub port: u16,
    /// `User`.
    pub user: String,
    /// `HostKeyAlias`.
    pub host_key_alias: Option<String>,
    /// `IdentityFile`, in order.
    pub identity_file: Vec<PathBuf>,
    /// `IdentitiesOnly`.
    pub identities_only: bool,
    /// `IdentityAgent`.
    pub identity_agent: IdentityAgent,
    /// `PreferredAuthentications`, in order.
    pub preferred_authentications: Vec<String>,
    /// `PubkeyAuthentication`.
    pub pubkey_authentication: bool,
    /// `PasswordAuthentication`.
    pub password_authentication: bool,
    /// `KbdInteractiveAuthentication`.
    pub kbd_interactive_authentication: bool,
    /// `BatchMode`: ask the user nothing.
    pub batch_mode: bool,
    /// `NumberOfPasswordPrompts`.
    pub number_of_password_prompts: u32,
    /// `UserKnownHostsFile`, in order; new keys go into the first.
    pub user_known_hosts_file: Vec<PathBuf>,
    /// `GlobalKnownHostsFile`, in order.
    pub global_known_hosts_file: Vec<PathBuf>,
    /// `StrictHostKeyChecking`.
    pub strict_host_key_checking: StrictHostKeyChecking,
    /// `HashKnownHosts`.
    pub hash_known_hosts: bool,
    /// `AddressFamily`.
    pub address_family: AddressFamily,
    /// `ConnectTimeout`; `None` leaves it to the program, see [`CONNECT_TIMEOUT`].
    pub connect_timeout: Option<Duration>,
    /// `ConnectionAttempts`.
    pub connection_attempts: u32,
    /// `ServerAliveInterval`; zero means none are sent.
    pub server_alive_interval: Duration,
    /// `ServerAliveCountMax`.
    pub server_alive_count_max: u32,
    /// `TCPKeepAlive`.
    pub tcp_keep_alive: bool,
    /// `Compression`.
    pub compression: bool,
    /// `ForwardX11`.
    pub forward_x11: bool,
    /// `ForwardX11Trusted`.
    pub forward_x11_trusted: bool,
    /// The local display that X11 programs are shown on, when it is not `DISPLAY`; Tetherm's own.
    pub display: Option<String>,
    /// Whether X11 programs are shown on the display of the user's session, if one is found, where `DISPLAY` names none;
    /// Tetherm's own.
    pub finds_display: bool,
    /// How far X11 programs are trusted; Tetherm's own. `None` leaves it to `ForwardX11Trusted`.
    pub x11_trust: Option<x11::Trust>,
    /// `SendEnv` patterns.
    pub send_env: Vec<String>,
    /// `SetEnv`.
    pub set_env: Vec<(String, String)>,
    /// `RequestTTY`.
    pub request_tty: RequestTty,
    /// `LogLevel`.
    pub log_level: LogLevel,
    /// `EscapeChar`; `None` where it is `none`.
    pub escape_char: Option<u8>,
    /// `RemoteCommand`.
    pub remote_command: Option<String>,
    /// `ProxyJump`, unparsed.
    pub proxy_jump: Option<String>,
    /// The hosts to go through, in order, each with its own settings: those that `ProxyJump` names, before them those
    /// that the settings of the first of them name ([`super::Config::reach`]).
    pub jumps: Vec<Host>,
    /// The proxy that the first connection is made through; Tetherm's own.
    pub proxy: Option<Proxy>,
    /// The host that this one is a jump host for; `None` for that host itself.
    pub toward: Option<String>,
    /// `ProxyCommand`, unexpanded.
    pub proxy_command: Option<String>,
    /// `ProxyUseFdpass`.
    pub proxy_use_fdpass: bool,
    /// `BindAddress`.
    pub bind_address: Option<String>,
    /// `BindInterface`.
    pub bind_interface: Option<String>,
    /// `IPQoS`.
    pub ip_qos: IpQos,
    /// `Ciphers`.
    pub ciphers: Algorithms,
    /// `MACs`.
    pub macs: Algorithms,
    /// `KexAlgorithms`.
    pub kex_algorithms: Algorithms,
    /// `HostKeyAlgorithms`.
    pub host_key_algorithms: Algorithms,
    /// `PubkeyAcceptedAlgorithms`.
    pub pubkey_accepted_algorithms: Algorithms,
    /// `HostbasedAcceptedAlgorithms`.
    pub hostbased_accepted_algorithms: Algorithms,
    /// `CASignatureAlgorithms`.
    pub ca_signature_algorithms: Algorithms,
    /// `RequiredRSASize`: the fewest bits of an RSA key that is accepted.
    pub required_rsa_size: u32,
    /// `RekeyLimit`.
    pub rekey_limit: RekeyLimit,
    /// `WarnWeakCrypto`.
    pub warn_weak_crypto: bool,
    /// `CheckHostIP`.
    pub check_host_ip: bool,
    /// `UpdateHostKeys`.
    pub update_host_keys: YesNoAsk,
    /// `VerifyHostKeyDNS`.
    pub verify_host_key_dns: YesNoAsk,
    /// `NoHostAuthenticationForLocalhost`.
    pub no_host_authentication_for_localhost: bool,
    /// `VisualHostKey`.
    pub visual_host_key: bool,
    /// `FingerprintHash`.
    pub fingerprint_hash: FingerprintHash,
    /// `RevokedHostKeys`.
    pub revoked_host_keys: Option<PathBuf>,
    /// `KnownHostsCommand`, unexpanded.
    pub known_hosts_command: Option<String>,
    /// `CertificateFile`, in order.
    pub certificate_file: Vec<PathBuf>,
    /// `AddKeysToAgent`.
    pub add_keys_to_agent: AddKeysToAgent,
    /// How long the agent is to keep such a key, of `AddKeysToAgent`; `None` is until it ends.
    pub add_keys_to_agent_lifetime: Option<Duration>,
    /// `ForwardAgent`.
    pub forward_agent: ForwardAgent,
    /// `HostbasedAuthentication`.
    pub hostbased_authentication: bool,
    /// `EnableSSHKeysign`.
    pub enable_ssh_keysign: bool,
    /// `GSSAPIAuthentication`.
    pub gssapi_authentication: bool,
    /// `GSSAPIDelegateCredentials`.
    pub gssapi_delegate_credentials: bool,
    /// `GSSAPIClientIdentity`: the principal to log in with; `None` is that of the default ticket.
    pub gssapi_client_identity: Option<String>,
    /// `GSSAPIServerIdentity`: the server's name in its realm; `None` is the host's name.
    pub gssapi_server_identity: Option<String>,
    /// `KbdInteractiveDevices`.
    pub kbd_interactive_devices: Option<String>,
    /// `PKCS11Provider`.
    pub pkcs11_provider: Option<PathBuf>,
    /// `SecurityKeyProvider`.
    pub security_key_provider: Option<String>,
    /// `ForwardX11Timeout`; zero is for as long as the connection lasts.
    pub forward_x11_timeout: Duration,
    /// `XAuthLocation`; `None` where it is not set.
    pub xauth_location: Option<PathBuf>,
    /// `LocalForward`, in order.
    pub local_forward: Vec<Forward>,
    /// `RemoteForward`, in order.
    pub remote_forward: Vec<Forward>,
    /// `DynamicForward`, in order.
    pub dynamic_forward: Vec<Forward>,
    /// `ClearAllForwardings`; where it is set, the lists of forwardings are empty.
    pub clear_all_forwardings: bool,
    /// `ExitOnForwardFailure`.
    pub exit_on_forward_failure: bool,
    /// `GatewayPorts`.
    pub gateway_ports: bool,
    /// `PermitRemoteOpen`: the `host:port` that a remote dynamic forwarding may lead to; `None` is any.
    pub permit_remote_open: Option<Vec<String>>,
    /// `StreamLocalBindMask`: the permissions that a Unix socket does not get.
    pub stream_local_bind_mask: u32,
    /// `StreamLocalBindUnlink`.
    pub stream_local_bind_unlink: bool,
    /// `ChannelTimeout`: types of channels, as patterns, and how long one may be idle.
    pub channel_timeout: Vec<(String, Duration)>,
    /// `Tunnel`.
    pub tunnel: Tunnel,
    /// `TunnelDevice`, local and remote; `None` is any.
    pub tunnel_device: (Option<u32>, Option<u32>),
    /// `SessionType`.
    pub session_type: SessionType,
    /// `StdinNull`.
    pub stdin_null: bool,
    /// `ForkAfterAuthentication`.
    pub fork_after_authentication: bool,
    /// `LocalCommand`, unexpanded.
    pub local_command: Option<String>,
    /// `PermitLocalCommand`.
    pub permit_local_command: bool,
    /// `EnableEscapeCommandline`.
    pub enable_escape_commandline: bool,
    /// `ObscureKeystrokeTiming`: the time between packets of keystrokes; `None` where it is off or not set.
    pub obscure_keystroke_timing: Option<Duration>,
    /// `ControlMaster`.
    pub control_master: ControlMaster,
    /// `ControlPath`.
    pub control_path: Option<PathBuf>,
    /// `ControlPersist`.
    pub control_persist: ControlPersist,
    /// `VersionAddendum`.
    pub version_addendum: Option<String>,
    /// `Tag`.
    pub tag: Option<String>,
}

impl Host {
    /// What names this host to people, and its account to those who keep its password.
    #[must_use]
    pub fn hop(&self) -> Hop {
        Hop { toward: self.toward.clone(), ..Hop::new(&self.user, &self.host_name, self.port) }
    }

    /// The host and port that known_hosts knows this host's key by: `HostKeyAlias` stands for itself, without port.
    #[must_use]
    pub fn known_as(&self) -> (&str, u16) {
        match &self.host_key_alias {
            Some(alias) => (alias, PORT),
            None => (&self.host_name, self.port),
        }
    }

    /// What is asked of the server's environment: those of `variables` that `SendEnv` names, then `SetEnv`. What is no
    /// UTF-8 is left out: `env` requests carry text (RFC 4254 section 6.4).
    #[must_use]
    pub fn environment(&self, variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<(String, String)> {
        let is_sent =
            |name: &str| self.send_env.iter().any(|pattern| Pattern::new(pattern.as_bytes()).matches(name.as_bytes()));
        variables
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| is_sent(name))
            .chain(self.set_env.iter().cloned())
            .collect()
    }

    /// Sets what ssh(1) leaves to the system to what suits a window: [`CONNECT_TIMEOUT`] where none is set, and
    /// [`SERVER_ALIVE_INTERVAL`] where there is no interval. A window that a service manager started may know no display.
    #[must_use]
    pub fn for_window(mut self) -> Self {
        let _ = self.connect_timeout.get_or_insert(CONNECT_TIMEOUT);
        if self.server_alive_interval.is_zero() {
            self.server_alive_interval = SERVER_ALIVE_INTERVAL;
        }
        self.finds_display = true;
        self.jumps = self.jumps.into_iter().map(Self::for_window).collect();
        self
    }

    /// Makes the first connection on the way through `proxy`, in place of a `ProxyCommand` that the configuration may
    /// name for it.
    #[must_use]
    pub fn through(mut self, proxy: Proxy) -> Self {
        let first = match self.jumps.first_mut() {
            Some(jump) => jump,
            None => &mut self,
        };
        first.proxy_command = None;
        first.proxy = Some(proxy);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn host(name: &str, port: u16) -> Host {
        Host { port, ..Host::new(name, "me", Path::new("/home/me")) }
    }

    #[test]
    fn a_host_key_alias_stands_for_host_and_port() {
        let mut host = host("h", 2222);
        assert_eq!(host.known_as(), ("h", 2222));
        host.host_key_alias = Some("same".into());
        assert_eq!(host.known_as(), ("same", 22));
    }

    #[test]
    fn only_named_variables_are_sent() {
        let mut host = host("h", 22);
        host.send_env = vec!["LC_*".into(), "LANG".into()];
        host.set_env = vec![("SET".into(), "1".into())];
        let variables = [("LC_ALL", "C"), ("LANGUAGE", "x"), ("SECRET", "y"), ("LANG", "C.UTF-8")];
        let sent = host.environment(variables.iter().map(|(name, value)| (name.into(), value.into())));
        let sent: Vec<_> = sent.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(sent, ["LC_ALL=C", "LANG=C.UTF-8", "SET=1"]);
    }

    #[test]
    fn the_window_has_time_limits_where_the_configuration_has_none() {
        let host = host("h", 22).for_window();
        assert_eq!((host.connect_timeout, host.server_alive_interval), (Some(CONNECT_TIMEOUT), SERVER_ALIVE_INTERVAL));
        let set = Host {
            connect_timeout: Some(Duration::from_secs(3)),
            server_alive_interval: Duration::from_secs(60),
            ..host.clone()
        };
        assert_eq!(set.clone().for_window(), set);
    }
}
