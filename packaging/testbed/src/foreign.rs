//! SSH servers of other makers, to see that ours is not the only one that is understood.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::Deadline;
use crate::deadline::Expired;
use crate::sshd::{KeyType, free_port, generate_key, greets};

/// The server in Python; its command line is the port, the host key and the authorized keys.
const ASYNCSSH: &str = include_str!("foreign/asyncssh_server.py");

/// The version of asyncssh that is tested against.
const ASYNCSSH_VERSION: &str = "2.24.1";

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program is missing or failed.
    #[error("{program}: {reason}")]
    Program {
        /// The program.
        program: String,
        /// What it said.
        reason: String,
    },
    /// dropbear and tinysshd look for keys in the home folder of whoever logs in.
    #[error("this server needs root, which may give it a home folder of its own in a mount namespace")]
    NeedsRoot,
    /// It does not listen.
    #[error(transparent)]
    Silent(#[from] Expired),
    /// OpenSSH's tools failed.
    #[error(transparent)]
    Sshd(#[from] crate::sshd::Error),
    /// The file system said no.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// A running server on loopback. It and its folder end with this value.
#[derive(Debug)]
pub struct Foreign {
    folder: TempDir,
    port: u16,
    child: Option<Child>,
}

impl Foreign {
    /// dropbear, of routers and small machines.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn dropbear() -> Result<Self, Error> {
        let server = Self::new()?;
        let key = server.folder.path().join("host_key");
        succeed(Command::new("dropbearkey").args(["-t", "ed25519", "-f"]).arg(&key))?;
        let mut command = server.at_home()?;
        let _ = command.args(["dropbear", "-F", "-E", "-r"]).arg(&key);
        let _ = command.args(["-p", &format!("127.0.0.1:{}", server.port), "-P"]).arg(server.folder.path().join("pid"));
        server.run(command)
    }

    /// tinysshd, which has one algorithm of each kind.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn tinysshd() -> Result<Self, Error> {
        let server = Self::new()?;
        let keys = server.folder.path().join("host_keys");
        succeed(Command::new("tinysshd-makekey").arg(&keys))?;
        let mut command = server.at_home()?;
        let _ =
            command.args(["tcpserver", "-HRDl0", "127.0.0.1", &server.port.to_string(), "tinysshd", "-v"]).arg(&keys);
        server.run(command)
    }

    /// asyncssh, a server in Python; [`prepare_asyncssh`] has to have been there.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn asyncssh() -> Result<Self, Error> {
        prepare_asyncssh()?;
        let server = Self::new()?;
        let key = server.folder.path().join("host_key");
        generate_key(&key, KeyType::Ed25519)?;
        let mut command = Command::new(python_folder().join("bin/python"));
        let _ = command.args(["-c", ASYNCSSH, &server.port.to_string()]).arg(&key).arg(server.authorized_keys());
        server.run(command)
    }

    /// The port it listens on, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The private key that is let in.
    #[must_use]
    pub fn client_key(&self) -> PathBuf {
        self.folder.path().join("client_key")
    }

    /// What it said.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn new() -> Result<Self, Error> {
        let server =
            Self { folder: tempfile::Builder::new().prefix("foreign-").tempdir()?, port: free_port()?, child: None };
        generate_key(&server.client_key(), KeyType::Ed25519)?;
        fs::create_dir_all(server.home().join(".ssh"))?;
        for folder in [server.home(), server.home().join(".ssh")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
        let _ = fs::copy(server.client_key().with_extension("pub"), server.authorized_keys())?;
        fs::set_permissions(server.authorized_keys(), fs::Permissions::from_mode(0o600))?;
        Ok(server)
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn authorized_keys(&self) -> PathBuf {
        self.home().join(".ssh/authorized_keys")
    }

    /// A command for which root's home folder is this server's.
    fn at_home(&self) -> Result<Command, Error> {
        if !rustix::process::geteuid().is_root() {
            return Err(Error::NeedsRoot);
        }
        let script = "mount --bind \"$1\" /root && shift && exec \"$@\"";
        let mut command = Command::new("unshare");
        let _ = command.args(["--mount", "--propagation", "private", "sh", "-c", script, "sh"]).arg(self.home());
        Ok(command)
    }

    fn run(mut self, mut command: Command) -> Result<Self, Error> {
        let log = fs::File::create(self.folder.path().join("log"))?;
        let _ = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        let child = command.spawn().map_err(|error| failed(&command, &error.to_string()))?;
        self.child = Some(child);
        Deadline::generous()
            .wait_until(&format!("a greeting; the server said {:?}", self.log()), || greets(self.port))?;
        Ok(self)
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // The group is this server's: it was started as its leader. What serves a connection is in it too.
        if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = child.wait();
    }
}

/// Installs asyncssh into a folder of its own, unless it is there.
///
/// # Errors
/// [`Error::Program`] when Python or its package index do not do it.
pub fn prepare_asyncssh() -> Result<(), Error> {
    let folder = python_folder();
    let wanted = folder.join(format!("asyncssh-{ASYNCSSH_VERSION}"));
    if wanted.exists() {
        return Ok(());
    }
    // Made beside its place and moved there whole: two tests may do this at once, and the later one finds it done.
    let parent = folder.parent().unwrap_or(Path::new("/tmp"));
    fs::create_dir_all(parent)?;
    let lock = fs::File::create(parent.join("asyncssh.lock"))?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).map_err(std::io::Error::from)?;
    if wanted.exists() {
        return Ok(());
    }
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let package = format!("asyncssh=={ASYNCSSH_VERSION}");
    succeed(Command::new(folder.join("bin/pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        &package,
    ]))?;
    fs::write(wanted, "")?;
    Ok(())
}

fn python_folder() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let home = || std::env::home_dir().unwrap_or_else(|| "/tmp".into()).join(".cache");
    cache.unwrap_or_else(home).join("tetherm-tests/python")
}

fn succeed(command: &mut Command) -> Result<(), Error> {
    let output = command.output().map_err(|error| failed(command, &error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(command, &String::from_utf8_lossy(&output.stderr)))
}

fn failed(command: &Command, reason: &str) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    Error::Program { program, reason: format!("{reason} (cargo xtask test installs what is missing)") }
}
