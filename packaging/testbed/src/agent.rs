//! A throwaway `ssh-agent`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::sshd::Error;

/// A running `ssh-agent` with a socket of its own. It ends with this value.
#[derive(Debug)]
pub struct Agent {
    folder: TempDir,
    child: Child,
}

impl Agent {
    /// Starts an agent that holds no keys.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn start() -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("agent-").tempdir()?;
        let child = Command::new("ssh-agent")
            .arg("-D")
            .arg("-a")
            .arg(folder.path().join("socket"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|_| Error::Missing { program: "ssh-agent", package: "openssh-client" })?;
        let agent = Self { folder, child };
        let deadline = Instant::now() + Duration::from_secs(30);
        while std::os::unix::net::UnixStream::connect(agent.socket()).is_err() {
            if Instant::now() > deadline {
                return Err(Error::Failed { program: "ssh-agent", output: "it does not listen".to_owned() });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(agent)
    }

    /// The socket, what `SSH_AUTH_SOCK` would name.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// Puts an unencrypted key file's key into the agent.
    ///
    /// # Errors
    /// [`Error::Failed`] when `ssh-add` refuses.
    pub fn add(&self, key: &Path) -> Result<(), Error> {
        let output = Command::new("ssh-add").arg("-q").arg(key).env("SSH_AUTH_SOCK", self.socket()).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(Error::Failed { program: "ssh-add", output: String::from_utf8_lossy(&output.stderr).into_owned() })
    }
}

impl Agent {
    /// What `ssh-add -l` prints: a line for each key, with size, fingerprint, name and type.
    ///
    /// # Errors
    /// [`Error::Io`] when `ssh-add` cannot be started.
    pub fn list(&self) -> Result<String, Error> {
        let output = Command::new("ssh-add").arg("-l").env("SSH_AUTH_SOCK", self.socket()).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
