//! The clients that are measured.

use std::process::Command;

use super::site::Site;

/// A client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Client {
    /// `tetherm exec`.
    Tetherm,
    /// ssh(1).
    OpenSsh,
}

impl Client {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Tetherm, Self::OpenSsh];

    /// What the table calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tetherm => "tetherm",
            Self::OpenSsh => "openssh",
        }
    }

    /// How it is started, up to the configuration that says which servers there are.
    pub(super) fn command(self, site: &Site) -> Command {
        let mut command = match self {
            Self::Tetherm => {
                let mut command = Command::new(site.program());
                let _ = command.arg("exec");
                command
            }
            Self::OpenSsh => Command::new("ssh"),
        };
        let _ = site.apply(&mut command).arg("-F").arg(site.config());
        command
    }
}
