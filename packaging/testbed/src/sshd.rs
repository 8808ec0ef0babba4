//! A throwaway `sshd`: its own folder, host keys, client key and port, running as whoever started it.

mod children;
mod options;

use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub use options::{KeyType, Options};

/// How long a server may take to listen. Generous: a loaded machine builds and tests at the same time.
const START: Duration = Duration::from_secs(30);

/// Where Debian, Fedora, Arch and macOS keep the server, in this order.
const PROGRAMS: [&str; 3] = ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd"];

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program that the server needs is not installed.
    #[error("{program} is missing: install {package} (cargo xtask test does)")]
    Missing {
        /// The program.
        program: &'static str,
        /// Debian's package that holds it.
        package: &'static str,
    },
    /// Password and PAM authentication need a private view of the system's files.
    #[error(
        "an sshd with a password of its own needs root, which may give it its own /etc/shadow in a mount namespace"
    )]
    NeedsRoot,
    /// A program failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// The program.
        program: &'static str,
        /// What it said.
        output: String,
    },
    /// The server ended or never listened.
    #[error("sshd did not come up on port {port}: {log}")]
    NotListening {
        /// The port.
        port: u16,
        /// What it logged.
        log: String,
    },
    /// The file system said no.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Starting a process or opening a socket failed.
    #[error("the throwaway sshd cannot be started: {0}")]
    Io(#[from] std::io::Error),
}

/// A running `sshd` on loopback. It, its sessions and its folder end with this value.
#[derive(Debug)]
pub struct Sshd {
    folder: TempDir,
    options: Options,
    port: u16,
    child: Option<Child>,
}

impl Sshd {
    /// Starts a server that lets the invoking user in with [`Sshd::client_key`].
    ///
    /// # Errors
    /// See [`Error`].
    pub fn start() -> Result<Self, Error> {
        Self::start_with(Options::default())
    }

    /// Starts a server with other options.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn start_with(options: Options) -> Result<Self, Error> {
        if options.password.is_some() && !rustix::process::geteuid().is_root() {
            return Err(Error::NeedsRoot);
        }
        let folder = tempfile::Builder::new().prefix("sshd-").tempdir()?;
        let mut server = Self { folder, options, port: 0, child: None };
        server.prepare()?;
        server.listen_on_a_free_port()?;
        Ok(server)
    }

    /// The port it listens on, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The user who may log in: whoever runs this.
    #[must_use]
    pub fn user(&self) -> String {
        user_name()
    }

    /// The folder that holds everything of this server; gone with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `HOME` of the sessions, unless [`Options::real_home`] was asked for.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The private key that [`Sshd::authorized_keys`] admits: Ed25519, OpenSSH format, no passphrase. Its public half
    /// is beside it with `.pub`.
    #[must_use]
    pub fn client_key(&self) -> PathBuf {
        self.folder.path().join("client_key")
    }

    /// The server's `authorized_keys`; append lines to admit more keys.
    #[must_use]
    pub fn authorized_keys(&self) -> PathBuf {
        self.folder.path().join("authorized_keys")
    }

    /// The private host key of a type the server was started with; its public half is beside it with `.pub`.
    #[must_use]
    pub fn host_key(&self, key_type: KeyType) -> PathBuf {
        self.folder.path().join(format!("host_key_{}", key_type.name()))
    }

    /// The fingerprint of the first host key: `SHA256:` and unpadded base64.
    ///
    /// # Errors
    /// [`Error::Failed`] when `ssh-keygen` cannot tell.
    pub fn fingerprint(&self) -> Result<String, Error> {
        let key = self.host_key(self.options.first_host_key()).with_extension("pub");
        let text = output("ssh-keygen", Command::new("ssh-keygen").arg("-lf").arg(key))?;
        Ok(text.split_whitespace().nth(1).unwrap_or_default().to_owned())
    }

    /// The line of a `known_hosts` file that knows the first host key, without a line end.
    ///
    /// # Errors
    /// [`Error::File`] when the public key cannot be read.
    pub fn known_hosts_line(&self) -> Result<String, Error> {
        let path = self.host_key(self.options.first_host_key()).with_extension("pub");
        let text = fs::read_to_string(&path).map_err(|error| Error::File { path, error })?;
        let key: Vec<&str> = text.split_whitespace().take(2).collect();
        Ok(format!("[127.0.0.1]:{} {}", self.port, key.join(" ")))
    }

    /// Writes a `known_hosts` file into the folder that knows the first host key.
    ///
    /// # Errors
    /// [`Error::File`] when that fails.
    pub fn known_hosts(&self) -> Result<PathBuf, Error> {
        let path = self.folder.path().join("known_hosts");
        write(&path, &format!("{}\n", self.known_hosts_line()?))?;
        Ok(path)
    }

    /// What the server logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read(self.log_path()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Waits until the log holds `text`; false if it does not within `limit`.
    #[must_use]
    pub fn wait_for_log(&self, text: &str, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            if self.log().contains(text) {
                return true;
            }
            if Instant::now() > deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills the server and every session it holds, as a crash or a reboot would.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // Each connection has a process group of its own (setsid), so they are found by descent while the listener
        // still holds them together.
        let sessions = children::of(child.id());
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
        for pid in sessions {
            children::kill(pid);
        }
    }

    /// Stops every process of the server, sessions included, without ending one: its sockets stay open and nobody answers.
    pub fn freeze(&self) {
        self.processes().for_each(children::freeze);
    }

    /// Lets every process of the server go on, after [`Sshd::freeze`].
    pub fn thaw(&self) {
        self.processes().for_each(children::thaw);
    }

    fn processes(&self) -> impl Iterator<Item = u32> {
        let listener = self.child.as_ref().map(Child::id);
        listener.into_iter().flat_map(|pid| std::iter::once(pid).chain(children::of(pid)))
    }

    /// Starts the server again, after [`Sshd::stop`], with the same keys on the same port.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn restart(&mut self) -> Result<(), Error> {
        self.stop();
        self.spawn()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn prepare(&self) -> Result<(), Error> {
        if rustix::process::geteuid().is_root() {
            privilege_separation_folder()?;
        }
        let home = self.home();
        fs::create_dir(&home).map_err(|error| Error::File { path: home, error })?;
        for key_type in &self.options.host_keys {
            generate_key(&self.host_key(*key_type), *key_type)?;
        }
        generate_key(&self.client_key(), KeyType::Ed25519)?;
        let public = self.client_key().with_extension("pub");
        let _ = fs::copy(&public, self.authorized_keys()).map_err(|error| Error::File { path: public, error })?;
        self.prepare_password()
    }

    /// The files that a mount namespace puts over `/etc/shadow` and sshd's PAM service for this server alone.
    fn prepare_password(&self) -> Result<(), Error> {
        let Some(password) = &self.options.password else { return Ok(()) };
        let hash = output(
            "perl",
            Command::new("perl").args(["-e", "print crypt(<STDIN>, '$6$testbed$')"]).stdin(pipe_holding(password)?),
        )?;
        let shadow = self.folder.path().join("shadow");
        write(&shadow, &format!("{}:{hash}:20000:0:99999:7:::\n", self.user()))?;
        fs::set_permissions(&shadow, fs::Permissions::from_mode(0o600))
            .map_err(|error| Error::File { path: shadow, error })?;
        let pam = "auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n";
        write(&self.folder.path().join("pam"), pam)
    }

    /// Another process may take the port between asking for it and using it, so a few are tried.
    fn listen_on_a_free_port(&mut self) -> Result<(), Error> {
        for _ in 0..5 {
            self.port = free_port()?;
            match self.spawn() {
                Err(Error::NotListening { log, .. }) if log.contains("Address already in use") => {}
                other => return other,
            }
        }
        self.spawn()
    }

    fn spawn(&mut self) -> Result<(), Error> {
        let config = self.folder.path().join("sshd_config");
        write(&config, &self.options.config(self.folder.path(), self.port))?;
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_path())
            .map_err(|error| Error::File { path: self.log_path(), error })?;
        let mut command = self.command()?;
        let child = command
            .arg("-D")
            .arg("-e")
            .arg("-f")
            .arg(&config)
            .envs(self.options.own_environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .process_group(0)
            .spawn()?;
        self.child = Some(child);
        self.wait_until_listening()
    }

    fn command(&self) -> Result<Command, Error> {
        let program = sshd_program()?;
        if self.options.password.is_none() {
            return Ok(Command::new(program));
        }
        let mut command = Command::new("unshare");
        let script = "mount --bind \"$1/shadow\" /etc/shadow && mount --bind \"$1/pam\" /etc/pam.d/sshd && shift \
                      && exec \"$@\"";
        let _ = command
            .args(["--mount", "--propagation", "private", "sh", "-c", script, "sh"])
            .arg(self.folder.path())
            .arg(program);
        Ok(command)
    }

    fn wait_until_listening(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + START;
        loop {
            let ended = match &mut self.child {
                Some(child) => child.try_wait()?.is_some(),
                None => true,
            };
            if !ended && greets(self.port) {
                return Ok(());
            }
            if ended || Instant::now() > deadline {
                let error = Error::NotListening { port: self.port, log: self.log() };
                self.stop();
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Generates a key pair without a passphrase at `path`, the public half beside it with `.pub`.
///
/// # Errors
/// [`Error::Failed`] when `ssh-keygen` refuses.
pub fn generate_key(path: &Path, key_type: KeyType) -> Result<(), Error> {
    let mut command = Command::new("ssh-keygen");
    let _ = command.args(["-q", "-N", "", "-C", "testbed"]).args(key_type.arguments()).arg("-f").arg(path);
    output("ssh-keygen", &mut command).map(drop)
}

/// A loopback port that nobody listened on a moment ago.
///
/// # Errors
/// When no socket can be had.
pub fn free_port() -> Result<u16, Error> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Whether an SSH server answers on this port.
pub(crate) fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return false };
    let mut start = [0; 4];
    stream.set_read_timeout(Some(Duration::from_secs(5))).is_ok()
        && stream.read_exact(&mut start).is_ok()
        && start == *b"SSH-"
}

fn sshd_program() -> Result<&'static str, Error> {
    PROGRAMS
        .into_iter()
        .find(|path| Path::new(path).exists())
        .ok_or(Error::Missing { program: "sshd", package: "openssh-server" })
}

/// sshd of root insists on this folder, which the system makes when it starts its own sshd.
fn privilege_separation_folder() -> Result<(), Error> {
    let path = PathBuf::from("/run/sshd");
    fs::create_dir_all(&path)
        .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o755)))
        .map_err(|error| Error::File { path, error })
}

/// The name of whoever runs this.
#[must_use]
pub fn user_name() -> String {
    let uid = rustix::process::geteuid().as_raw().to_string();
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.get(2) == Some(&uid.as_str()))
        .and_then(|fields| fields.first().map(ToString::to_string))
        .or_else(|| std::env::var("USER").ok())
        .unwrap_or_default()
}

/// Runs a program to its end and returns what it printed.
fn output(program: &'static str, command: &mut Command) -> Result<String, Error> {
    let output = command.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::Missing { program, package: options::package_of(program) },
        _ => Error::Io(error),
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Error::Failed { program, output: String::from_utf8_lossy(&output.stderr).into_owned() })
}

/// A standard input that holds a few bytes: the password must not stand on a command line.
fn pipe_holding(text: &str) -> Result<Stdio, Error> {
    let (reader, mut writer) = std::io::pipe()?;
    std::io::Write::write_all(&mut writer, text.as_bytes())?;
    Ok(Stdio::from(reader))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|error| Error::File { path: path.to_owned(), error })
}
