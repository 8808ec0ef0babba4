//! The words that ssh_config(5) lets one choose between, each as a type.

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

/// `yes`, `no` or `ask`, as `UpdateHostKeys` and `VerifyHostKeyDNS` have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum YesNoAsk {
    /// No.
    #[default]
    No,
    /// Yes, without a question.
    Yes,
    /// Yes, when the user agrees.
    Ask,
}

/// `AddKeysToAgent` of ssh_config(5): whether a key that was read from a file is given to the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddKeysToAgent {
    /// It is not.
    #[default]
    No,
    /// It is, for as long as [`super::Host::add_keys_to_agent_lifetime`] says.
    Yes,
    /// It is, when the user agrees.
    Ask,
    /// It is, and the agent asks for each use.
    Confirm,
}

/// `ForwardAgent` of ssh_config(5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ForwardAgent {
    /// No agent is forwarded.
    #[default]
    No,
    /// The agent that is used for logging in.
    Yes,
    /// The agent at this socket.
    Socket(PathBuf),
}

/// `SessionType` of ssh_config(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionType {
    /// A shell or a command.
    #[default]
    Default,
    /// Nothing is started; for forwarding alone.
    None,
    /// The command is the name of a subsystem.
    Subsystem,
}

/// `ControlMaster` of ssh_config(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ControlMaster {
    /// Connections are not offered to other programs.
    #[default]
    No,
    /// They are.
    Yes,
    /// They are, when the user agrees to each.
    Ask,
    /// One that is offered already is used, else this one offered.
    Auto,
    /// The same, when the user agrees.
    AutoAsk,
}

/// `ControlPersist` of ssh_config(5): how long an offered connection outlives its first session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ControlPersist {
    /// Not at all.
    #[default]
    No,
    /// Until it is ended.
    Forever,
    /// This long without a session.
    For(Duration),
}

/// `FingerprintHash` of ssh_config(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FingerprintHash {
    /// MD5, printed in hexadecimal.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256, printed in base64.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// `Tunnel` of ssh_config(5): forwarding of network packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tunnel {
    /// None.
    #[default]
    No,
    /// IP packets (layer 3).
    PointToPoint,
    /// Ethernet frames (layer 2).
    Ethernet,
}

/// `RekeyLimit` of ssh_config(5): when new keys are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RekeyLimit {
    /// After this many bytes in either direction, 16 at least; `None` leaves it to the cipher.
    pub bytes: Option<u64>,
    /// After this time; `None` where time does not count.
    pub interval: Option<Duration>,
}

/// `IPQoS` of ssh_config(5): the type-of-service byte of IP packets; `None` leaves it to the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpQos {
    /// Of sessions with a terminal.
    pub interactive: Option<u8>,
    /// Of other sessions.
    pub bulk: Option<u8>,
}

impl IpQos {
    /// What Debian's ssh(1) sets: `lowdelay` and `throughput`, which every switch knows. Upstream's `af21 cs1` makes some
    /// virtual machines' network cards drop the connection.
    pub const DEFAULT: Self = Self { interactive: Some(0x10), bulk: Some(0x08) };
}
