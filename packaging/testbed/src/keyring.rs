//! A throwaway keyring: a D-Bus session of its own with a gnome-keyring on it, or with nothing on it.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::deadline::{Deadline, Expired};

/// What the keyring itself is locked with.
const MASTER_PASSWORD: &str = "open sesame";

/// Why a keyring did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program that it needs is not installed.
    #[error("{program} is missing: install {package} (cargo xtask test does)")]
    Missing {
        /// The program.
        program: &'static str,
        /// Debian's package that holds it.
        package: &'static str,
    },
    /// It never came up.
    #[error("{expired}; it logged: {log}")]
    Expired {
        /// What was waited for.
        expired: Expired,
        /// What its programs printed.
        log: String,
    },
    /// A program failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// The program.
        program: &'static str,
        /// What it printed.
        output: String,
    },
    /// The file system or the process table said no.
    #[error("the throwaway keyring cannot be started: {0}")]
    Io(#[from] std::io::Error),
}

/// A D-Bus session with or without a gnome-keyring, its own home and runtime folder. Everything ends with this value.
///
/// Programs find it by [`Keyring::environment`]. A process that has looked for a keyring before keeps the one it found,
/// so tests start a process of their own.
#[derive(Debug)]
pub struct Keyring {
    folder: TempDir,
    bus: Child,
    daemon: Option<Child>,
}

impl Keyring {
    /// An unlocked, empty keyring.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn unlocked() -> Result<Self, Error> {
        let mut keyring = Self::absent()?;
        keyring.unlock()?;
        Ok(keyring)
    }

    /// A locked, empty keyring.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn locked() -> Result<Self, Error> {
        let mut keyring = Self::unlocked()?;
        keyring.lock()?;
        Ok(keyring)
    }

    /// A session on which nobody offers to keep secrets.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn absent() -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("keyring-").tempdir()?;
        for name in ["home", "run"] {
            fs::DirBuilder::new().mode(0o700).create(folder.path().join(name))?;
        }
        let config = folder.path().join("bus.conf");
        fs::write(&config, bus_config(&folder.path().join("run/bus")))?;
        let mut command = Command::new("dbus-daemon");
        let _ = command.arg("--nofork").arg("--config-file").arg(config);
        let bus = spawn(command, folder.path(), Stdio::null(), "dbus-daemon", "dbus-daemon")?;
        let keyring = Self { folder, bus, daemon: None };
        keyring.wait_until("the D-Bus session", || keyring.socket().exists())?;
        Ok(keyring)
    }

    /// Starts the keyring again, unlocked, with what it held.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn unlock(&mut self) -> Result<(), Error> {
        let (reader, mut writer) = std::io::pipe()?;
        writer.write_all(MASTER_PASSWORD.as_bytes())?;
        drop(writer);
        self.start(&["--unlock"], reader.into())
    }

    /// Starts the keyring again, locked, with what it holds.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn lock(&mut self) -> Result<(), Error> {
        self.start(&[], Stdio::null())
    }

    /// Ends the keyring; the session stays.
    pub fn stop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            // A stopped process is killed all the same; one that has ended is no error.
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }

    /// Lets the keyring hang: it takes calls and answers none.
    pub fn hang(&self) {
        self.signal(Signal::STOP);
    }

    /// Ends what [`Keyring::hang`] began.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    /// The process of the keyring, 0 where there is none.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.daemon.as_ref().map_or(0, Child::id)
    }

    /// The variables that lead a program to this session.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, OsString); 2] {
        [
            ("DBUS_SESSION_BUS_ADDRESS", address(self.folder.path())),
            ("XDG_RUNTIME_DIR", self.folder.path().join("run").into_os_string()),
        ]
    }

    /// Looks a secret up as another program would, by what the keyring itself calls attributes.
    ///
    /// # Errors
    /// [`Error::Missing`] without `secret-tool`, [`Error::Failed`] when it finds nothing.
    pub fn look_up(&self, attributes: &[(&str, &str)]) -> Result<String, Error> {
        let mut command = Command::new("secret-tool");
        let _ = command.arg("lookup").envs(self.environment());
        for (name, value) in attributes {
            let _ = command.args([name, value]);
        }
        let output =
            command.output().map_err(|_| Error::Missing { program: "secret-tool", package: "libsecret-tools" })?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Error::Failed { program: "secret-tool", output: String::from_utf8_lossy(&output.stderr).into_owned() })
    }

    fn start(&mut self, arguments: &[&str], input: Stdio) -> Result<(), Error> {
        self.stop();
        self.wait_until("the former keyring's end", || !self.has_owner())?;
        let mut command = Command::new("gnome-keyring-daemon");
        let _ = command.args(["--foreground", "--components=secrets"]).args(arguments);
        let daemon = spawn(command, self.folder.path(), input, "gnome-keyring-daemon", "gnome-keyring")?;
        self.daemon = Some(daemon);
        self.wait_until("gnome-keyring-daemon", || self.has_owner())
    }

    fn has_owner(&self) -> bool {
        let output = Command::new("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
            .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
            .envs(self.environment())
            .output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("boolean true"))
    }

    fn wait_until(&self, what: &str, condition: impl FnMut() -> bool) -> Result<(), Error> {
        Deadline::generous().wait_until(what, condition).map_err(|expired| {
            let log = fs::read_to_string(log_path(self.folder.path())).unwrap_or_default();
            Error::Expired { expired, log }
        })
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("run/bus")
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.pid()).ok().and_then(Pid::from_raw) {
            // It has ended then, which the test will see.
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        self.stop();
        // It may have ended by itself.
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// A session without service folders: nothing is started by being asked for.
fn bus_config(socket: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    )
}

fn address(folder: &Path) -> OsString {
    let mut address = OsString::from("unix:path=");
    address.push(folder.join("run/bus"));
    address
}

fn log_path(folder: &Path) -> PathBuf {
    folder.join("log")
}

/// Without a display, so that no dialogue of this keyring can ever appear before the person who runs the tests.
fn spawn(
    mut command: Command,
    folder: &Path,
    input: Stdio,
    program: &'static str,
    package: &'static str,
) -> Result<Child, Error> {
    let log = fs::File::options().create(true).append(true).open(log_path(folder))?;
    let spawned = command
        .env("DBUS_SESSION_BUS_ADDRESS", address(folder))
        .env("XDG_RUNTIME_DIR", folder.join("run"))
        .env("HOME", folder.join("home"))
        .env_remove("XDG_DATA_HOME")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(input)
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn();
    spawned.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::Missing { program, package },
        _ => Error::Io(error),
    })
}
