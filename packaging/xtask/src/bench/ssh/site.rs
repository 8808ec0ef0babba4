//! Where the clients are measured: servers, and one home folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use testbed::Sshd;
use testbed::sshd::Options;

use super::super::{Error, io};

/// The MAC for ciphers that need one: the first in OpenSSH's order that both clients know. Left to themselves they would
/// be measured at different work: OpenSSH's first choice is UMAC, which nobody else has.
const MAC: &str = "hmac-sha2-256-etm@openssh.com";

/// The home folder, and the server that most parts use; they end with this value.
#[derive(Debug)]
pub(super) struct Site {
    program: PathBuf,
    home: TempDir,
    sshd: Sshd,
}

impl Site {
    /// The name that the configuration knows the server by.
    pub(super) const HOST: &str = "bench";

    /// Starts the server and writes the home folder; `program` is Tetherm.
    pub(super) fn set(program: PathBuf) -> Result<Self, Error> {
        // Prompts are the shell's own, not the machine's.
        let sshd = Sshd::start_with(Options::default())?;
        let home = tempfile::Builder::new().prefix("bench-").tempdir().map_err(io("making a temporary folder"))?;
        let site = Self { program, home, sshd };
        // One configuration for both, in which nothing is asked and nobody's agent or keys are used.
        let text = format!(
            "Host {host}\nHostName 127.0.0.1\nUser {user}\nIdentityFile {key}\nIdentitiesOnly yes\nIdentityAgent none\n\
             StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nGlobalKnownHostsFile /dev/null\nLogLevel ERROR\n",
            host = Self::HOST,
            user = site.sshd.user(),
            key = site.home.path().join("key").display()
        );
        std::fs::write(site.config(), text).map_err(io("writing the configuration"))?;
        let key = std::fs::read(site.sshd.client_key()).map_err(io("reading the key"))?;
        let path = site.home.path().join("key");
        std::fs::write(&path, key).map_err(io("writing the key"))?;
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&path, private).map_err(io("protecting the key"))?;
        Ok(site)
    }

    /// Another server that takes one cipher and one MAC only; it admits the same key.
    pub(super) fn server(&self, cipher: &str) -> Result<Sshd, Error> {
        let options = Options::default().line(format!("Ciphers {cipher}")).line(format!("MACs {MAC}"));
        let sshd = Sshd::start_with(options)?;
        let keys = std::fs::read(self.sshd.authorized_keys()).map_err(io("reading the authorized keys"))?;
        std::fs::write(sshd.authorized_keys(), keys).map_err(io("writing the authorized keys"))?;
        Ok(sshd)
    }

    /// The program.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// The port of the server that most parts use.
    pub(super) fn port(&self) -> u16 {
        self.sshd.port()
    }

    /// The configuration that both clients read.
    pub(super) fn config(&self) -> PathBuf {
        self.home.path().join("ssh_config")
    }

    /// A file of `bytes` zeros, which takes no room.
    pub(super) fn zeros(&self, bytes: u64) -> Result<std::fs::File, Error> {
        let path = self.home.path().join("zeros");
        let file = std::fs::File::create(&path).map_err(io("making a file"))?;
        file.set_len(bytes).map_err(io("making a file"))?;
        std::fs::File::open(path).map_err(io("opening a file"))
    }

    /// Lets a client see this home folder and nothing of the user's.
    pub(super) fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("TETHERM_CONFIG_DIR", self.home.path().join("config"))
            .env("LC_ALL", "C.UTF-8")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("SSH_AUTH_SOCK")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("DISPLAY")
    }
}
