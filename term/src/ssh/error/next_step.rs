//! What the user can do about each error.

use super::{Error, Problem};
use crate::ssh::legacy::{self, Weakness};
use crate::ssh::{Hop, agent, identity, known_hosts, proxy};

impl Error {
    /// What the user can do about it, one sentence.
    #[must_use]
    pub fn next_step(&self) -> Option<String> {
        match self {
            Self::Cancelled | Self::ChannelClosed => None,
            Self::OnTheWay { error, .. } => error.next_step(),
            Self::Proxy { .. } | Self::ProxyCommand { .. } | Self::JumpRefused { .. } | Self::BindAddress { .. } => {
                Some(self.by_way().to_owned())
            }
            Self::NameNotFound { .. }
            | Self::Refused { .. }
            | Self::ConnectTimedOut { .. }
            | Self::Unreachable { .. }
            | Self::ClosedEarly { .. }
            | Self::TurnedAway { .. }
            | Self::NotSsh { .. }
            | Self::ProtocolVersion { .. }
            | Self::HandshakeTimedOut { .. } => Some(self.reach().to_owned()),
            Self::NoSuchAlgorithm { keyword, .. } => Some(format!(
                "Name one that Tetherm has in {keyword}, or use + to add to the usual ones; the guide lists them."
            )),
            Self::NoCommonAlgorithm { .. } if !self.legacy().is_empty() => Some(self.allow_legacy()),
            Self::NoCommonAlgorithm { .. } | Self::KeyExchange { .. } => Some(
                "Update the server's SSH software, or allow it one of the algorithms that Tetherm offers.".to_owned(),
            ),
            Self::HostKeyRefused { .. }
            | Self::HostKeyChanged { .. }
            | Self::HostKeyRevoked { .. }
            | Self::KnownHosts(_) => Some(self.host_key()),
            Self::PromptTimedOut { .. } => {
                Some("Connect again and answer sooner; servers usually wait two minutes.".to_owned())
            }
            Self::AuthenticationFailed { tried, accepted, problems, .. } => Some(log_in(tried, accepted, problems)),
            Self::TooManyFailures { .. } => Some(
                "Set IdentitiesOnly yes and one IdentityFile for this host, so that fewer keys are tried.".to_owned(),
            ),
            Self::PasswordUnanswered { .. } => {
                Some("Change the password with another program, such as ssh, and connect again.".to_owned())
            }
            Self::ChannelRefused { .. } => {
                Some("Close other sessions to this host (MaxSessions limits them) or ask its administrator.".to_owned())
            }
            Self::RequestRefused { .. } => {
                Some("Ask the server's administrator what this account may do there.".to_owned())
            }
            Self::ChannelSpill { .. } => {
                Some("Make room where temporary files go (TMPDIR), or read its output faster.".to_owned())
            }
            Self::ChannelOverflow { .. } => Some("Read its output faster, or write it to a file.".to_owned()),
            Self::Disconnected { .. } | Self::Lost { .. } | Self::Protocol { .. } | Self::Corrupted { .. } => {
                Some("Connect again; if it happens again, the server's log tells more.".to_owned())
            }
            Self::Unresponsive { .. } => Some("Check the network and connect again.".to_owned()),
        }
    }

    /// The old algorithms with which a server could be reached that has no other in common with this program; none where
    /// that would not help. [`Error::jump`] tells whether it is a jump host that they are for.
    #[must_use]
    pub fn legacy(&self) -> Vec<&'static Weakness> {
        match self {
            Self::OnTheWay { error, .. } => error.legacy(),
            Self::NoCommonAlgorithm { ours, theirs, .. } => {
                let allowed = |weakness: &&Weakness| !ours.iter().any(|name| name == weakness.name);
                theirs.iter().filter_map(|name| legacy::weakness_of(name)).filter(allowed).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The jump host that it is about; `None` for the host itself.
    #[must_use]
    pub fn jump(&self) -> Option<&Hop> {
        match self {
            Self::OnTheWay { hop, .. } => hop.as_deref(),
            _ => None,
        }
    }

    fn allow_legacy(&self) -> String {
        let weak: Vec<_> = self.legacy().iter().map(|weak| format!("{} {}", weak.name, weak.why)).collect();
        let line = self.legacy().first().map(|weak| format!("{} +{}", weak.keyword, weak.name)).unwrap_or_default();
        format!(
            "Update the server's SSH software: {}. If that cannot be, allow it for this host alone, with {line} below its \
             Host line in ~/.ssh/config.",
            weak.join("; ")
        )
    }

    fn by_way(&self) -> &'static str {
        match self {
            Self::Proxy { error: proxy::Error::UserNeeded, .. } => {
                "Name a user in the host's proxy, as in socks5://user@proxy:1080; the password is asked for."
            }
            Self::Proxy { error: proxy::Error::Refused, .. } => "Check the proxy's user and password.",
            Self::Proxy { error: proxy::Error::NotAProxy { .. }, .. } => {
                "Check the proxy's kind and port: socks5:// and http:// are spoken differently."
            }
            Self::Proxy { .. } => "Check the host's name and port, and that the proxy may connect there.",
            Self::ProxyCommand { .. } => "Run the ProxyCommand in a terminal to see what it needs.",
            Self::BindAddress { .. } => "Set BindAddress to an address of this machine, or leave it out.",
            _ => "Check the host's name and port as the jump host knows them; AllowTcpForwarding must be on there.",
        }
    }

    fn reach(&self) -> &'static str {
        match self {
            Self::NameNotFound { .. } => "Check the spelling and that this machine is online.",
            Self::Refused { .. } => "Check the port, and that an SSH server runs on the host.",
            Self::ConnectTimedOut { .. } => "Check the address and the port; a firewall may drop the connection.",
            Self::Unreachable { .. } => "Check that this machine is online and may reach the host's network.",
            Self::ClosedEarly { .. } => "The server may be overloaded or refuse this address; its log tells more.",
            Self::TurnedAway { .. } => "Wait some minutes and try again; the server's log tells more.",
            Self::NotSsh { .. } => "Check the port: SSH servers usually listen on port 22.",
            Self::ProtocolVersion { .. } => "Update the server's SSH software: SSH 1 is not safe.",
            _ => "Check the port and try again; what listens there may not be an SSH server, or be overloaded.",
        }
    }

    fn host_key(&self) -> String {
        match self {
            Self::HostKeyRefused { strict: true, name, .. } => format!(
                "Compare its fingerprint, then add the key of {name} to known_hosts, or connect once with \
                 StrictHostKeyChecking ask and without BatchMode."
            ),
            Self::HostKeyRefused { .. } => {
                "Compare the fingerprint with the one its administrator gives you, then connect again.".to_owned()
            }
            Self::HostKeyChanged { place, .. } => format!(
                "Somebody may be listening in, or the host was set up anew. Ask its administrator for the new \
                 fingerprint; only if it is the one shown, remove line {} of {}.",
                place.line,
                place.path.display()
            ),
            Self::HostKeyRevoked { .. } => {
                "Do not use this host: ask its administrator why its key was revoked.".to_owned()
            }
            Self::KnownHosts(known_hosts::Error::Command { .. }) => {
                "Run the command by hand to see what it lacks, or correct KnownHostsCommand.".to_owned()
            }
            Self::KnownHosts(known_hosts::Error::Revocations { .. }) => {
                "Put the list in order, or correct RevokedHostKeys: without it no key is accepted.".to_owned()
            }
            _ => "Make the file readable, or name another with UserKnownHostsFile.".to_owned(),
        }
    }
}

/// Why a method is not there.
fn lacks(method: &str) -> Option<&'static str> {
    match method {
        "hostbased" => Some(
            "hostbased, which Tetherm does not have: a program of the system's would have to sign with this machine's host key",
        ),
        _ => None,
    }
}

/// What to do where a ticket is all that helps, or where one was to be used.
fn by_kerberos(tried: &[String], accepted: &[String], problems: &[Problem]) -> Option<&'static str> {
    let problem = problems.iter().find_map(|problem| match problem {
        Problem::Gssapi(error) => Some(error.next_step()),
        _ => None,
    });
    if !accepted.iter().all(|method| method == "gssapi-with-mic" || method == "hostbased") {
        // What is the matter with a key is more likely to be new to the user.
        return problem.filter(|_| problems.iter().all(|problem| matches!(problem, Problem::Gssapi(_))));
    }
    problem.or_else(|| {
        let was_tried = tried.iter().any(|method| method == "gssapi-with-mic");
        accepted.iter().any(|method| method == "gssapi-with-mic").then_some(if was_tried {
            "The server knows the ticket but not whose account it opens: check the user name, and ~/.k5login there."
        } else {
            "The server takes only Kerberos: run kinit, and set GSSAPIAuthentication yes for this host."
        })
    })
}

fn log_in(tried: &[String], accepted: &[String], problems: &[Problem]) -> String {
    let lacking: Vec<_> = accepted.iter().filter_map(|method| lacks(method)).collect();
    if !accepted.is_empty() && lacking.len() == accepted.len() {
        return format!(
            "The server takes only {}. Ask its administrator to allow you a key or a password, or use ssh.",
            lacking.join(", or ")
        );
    }
    if let Some(step) = by_kerberos(tried, accepted, problems) {
        return step.to_owned();
    }
    for problem in problems {
        match problem {
            Problem::Identity(identity::Error::Permissions { path, .. }) => {
                return format!("Run chmod 600 {} so that only you can read the key.", path.display());
            }
            Problem::Identity(identity::Error::WrongPassphrase { .. } | identity::Error::NoPassphrase { .. }) => {
                return "Connect again with the right passphrase.".to_owned();
            }
            Problem::Identity(identity::Error::OnToken { .. } | identity::Error::NotPrivate { .. }) => {
                return "Add the key to the agent: ssh-add takes keys on security tokens too.".to_owned();
            }
            Problem::NotOffered { .. } => {
                return "Set IdentitiesOnly yes and one IdentityFile for this host, so that fewer keys are tried."
                    .to_owned();
            }
            Problem::Identity(error) => return format!("Check the key file {}.", error.path().display()),
            Problem::Agent(agent::Error::Unreachable { .. }) => {
                return "Start the agent, or correct SSH_AUTH_SOCK or IdentityAgent.".to_owned();
            }
            _ => {}
        }
    }
    if accepted.iter().any(|method| method == "publickey") {
        return "Check the user name, and that the key is in the host's authorized_keys.".to_owned();
    }
    "Check the user name and the password.".to_owned()
}
