//! The effective settings for one destination.

use std::path::PathBuf;
use std::time::Duration;

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
    /// `ConnectTimeout`; `None` leaves it to the program (15 s) .
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
    /// `RemoteCommand`.
    pub remote_command: Option<String>,
    /// `ProxyJump`, unparsed.
    pub proxy_jump: Option<String>,
    /// `ProxyCommand`, unexpanded.
    pub proxy_command: Option<String>,
}
