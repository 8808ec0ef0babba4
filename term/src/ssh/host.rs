//! The effective settings for one destination.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::pattern::Pattern;

/// The port of SSH (RFC 4253 section 4.1).
pub const PORT: u16 = 22;

/// How long the window waits for a connection where `ConnectTimeout` does not say. ssh(1) leaves it to the system,
/// which takes minutes to tell that a host is gone.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How often the window asks whether the server is still there where `ServerAliveInterval` does not say. ssh(1) never
/// asks, so a shell on a network that went away looks alive.
pub const SERVER_ALIVE_INTERVAL: Duration = Duration::from_secs(20);

/// Default identity files in `~/.ssh`, in ssh(1)'s order.
const IDENTITY_FILES: [&str; 5] = ["id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk"];

/// Default authentication methods, in ssh(1)'s order, of those that are built here.
const AUTHENTICATIONS: [&str; 3] = ["publickey", "keyboard-interactive", "password"];

/// `StrictHostKeyChecking` of ssh_config(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StrictHostKeyChecking {
    /// Unknown keys are refused.
    Yes,
    /// Unknown keys are accepted and saved, changed ones refused.
    AcceptNew,
    /// Unknown keys are asked about.
    #[default]
    Ask,
    /// Unknown keys are accepted and saved; changed ones too, without password authentication (ssh_config(5)).
    No,
}

/// `IdentityAgent` of ssh_config(5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum IdentityAgent {
    /// The socket that `SSH_AUTH_SOCK` names.
    #[default]
    Environment,
    /// This socket.
    Socket(PathBuf),
    /// No agent.
    None,
}

/// `AddressFamily` of ssh_config(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressFamily {
    /// IPv4 and IPv6.
    #[default]
    Any,
    /// IPv4 only.
    Inet,
    /// IPv6 only.
    Inet6,
}

/// `RequestTTY` of ssh_config(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RequestTty {
    /// A terminal for a shell, none for a command.
    #[default]
    Auto,
    /// Never.
    No,
    /// When standard input is a terminal.
    Yes,
    /// Always.
    Force,
}

/// `LogLevel` of ssh_config(5): what is said beside the command's own output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// Nothing, not even errors.
    Quiet,
    /// Errors.
    Error,
    /// Notices too.
    #[default]
    Info,
    /// What happens inside, too.
    Debug,
    /// All of it.
    Trace,
}

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
    /// `ProxyCommand`, unexpanded.
    pub proxy_command: Option<String>,
}

impl Host {
    /// A host with the settings that are in force where no configuration says otherwise: ssh_config(5)'s defaults,
    /// for the local user `user` whose home folder is `home`.
    #[must_use]
    pub fn new(alias: &str, user: &str, home: &Path) -> Self {
        let folder = home.join(".ssh");
        Self {
            alias: alias.to_owned(),
            host_name: alias.to_owned(),
            port: PORT,
            user: user.to_owned(),
            host_key_alias: None,
            identity_file: IDENTITY_FILES.iter().map(|name| folder.join(name)).collect(),
            identities_only: false,
            identity_agent: IdentityAgent::Environment,
            preferred_authentications: AUTHENTICATIONS.map(str::to_owned).to_vec(),
            pubkey_authentication: true,
            password_authentication: true,
            kbd_interactive_authentication: true,
            batch_mode: false,
            number_of_password_prompts: 3,
            user_known_hosts_file: vec![folder.join("known_hosts"), folder.join("known_hosts2")],
            global_known_hosts_file: vec!["/etc/ssh/ssh_known_hosts".into(), "/etc/ssh/ssh_known_hosts2".into()],
            strict_host_key_checking: StrictHostKeyChecking::Ask,
            hash_known_hosts: false,
            address_family: AddressFamily::Any,
            connect_timeout: None,
            connection_attempts: 1,
            server_alive_interval: Duration::ZERO,
            server_alive_count_max: 3,
            tcp_keep_alive: true,
            compression: false,
            forward_x11: false,
            // Debian's and Ubuntu's default. Upstream's is "no", which asks for the X server's SECURITY extension.
            forward_x11_trusted: true,
            display: None,
            send_env: Vec::new(),
            set_env: Vec::new(),
            request_tty: RequestTty::Auto,
            log_level: LogLevel::Info,
            escape_char: Some(b'~'),
            remote_command: None,
            proxy_jump: None,
            proxy_command: None,
        }
    }

    /// What names this host to people: `user@host`, with `:port` where it is not 22 and brackets around an IPv6
    /// address that has one.
    #[must_use]
    pub fn hop(&self) -> String {
        let Self { user, host_name, port, .. } = self;
        match *port {
            PORT => format!("{user}@{host_name}"),
            port if host_name.contains(':') => format!("{user}@[{host_name}]:{port}"),
            port => format!("{user}@{host_name}:{port}"),
        }
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
    /// [`SERVER_ALIVE_INTERVAL`] where there is no interval.
    #[must_use]
    pub fn for_window(mut self) -> Self {
        let _ = self.connect_timeout.get_or_insert(CONNECT_TIMEOUT);
        if self.server_alive_interval.is_zero() {
            self.server_alive_interval = SERVER_ALIVE_INTERVAL;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str, port: u16) -> Host {
        Host { port, ..Host::new(name, "me", Path::new("/home/me")) }
    }

    #[test]
    fn a_hop_names_user_host_and_an_uncommon_port() {
        assert_eq!(host("h", 22).hop(), "me@h");
        assert_eq!(host("h", 2222).hop(), "me@h:2222");
        assert_eq!(host("::1", 22).hop(), "me@::1");
        assert_eq!(host("::1", 2222).hop(), "me@[::1]:2222");
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
