//! A private X server: Xvfb on a free display, with a cookie of its own.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use x11rb::rust_connection::{DefaultStream, RustConnection};

use crate::{Deadline, Desktop, Window, desktop};

/// The authorization protocol of the cookie (Xsecurity(7)).
const PROTOCOL: &[u8] = b"MIT-MAGIC-COOKIE-1";

/// How long a server may take to start on a machine that is busy with other tests.
const START: Duration = Duration::from_secs(60);

/// How long a server may take to end after SIGTERM before it gets SIGKILL.
const END: Duration = Duration::from_secs(5);

/// Why there is no X server, or what it did not do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Xvfb is not installed or cannot be run.
    #[error("cannot run Xvfb: {0} (it comes with the package 'xvfb')")]
    Missing(#[source] io::Error),
    /// Xvfb ended, or named no display in time.
    #[error("Xvfb did not start; it said: {0}")]
    NotStarted(String),
    /// A file or socket of the server cannot be used.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The server refused the connection.
    #[error("the X server refused the connection: {0}")]
    Protocol(String),
    /// The server failed a request, or no such window came up in time.
    #[error(transparent)]
    Desktop(#[from] desktop::Error),
}

/// A running Xvfb that admits nobody without its cookie. It ends with this value.
///
/// It has no MIT-SHM unless asked for: shared memory works when both ends are one machine and would flatter every test
/// of forwarding.
#[derive(Debug)]
pub struct Xvfb {
    server: Child,
    number: u16,
    cookie: [u8; 16],
    folder: TempDir,
}

impl Xvfb {
    /// Starts a server with one screen of `width` × `height` pixels and 24 bits, on a display that is free.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn start(width: u16, height: u16) -> Result<Self, Error> {
        Self::launch(width, height, &["-extension", "MIT-SHM"])
    }

    /// Starts a server as [`Xvfb::start`] does, with shared memory, as the server of a desktop has: for measuring what
    /// a user of this machine would wait for.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn start_with_shared_memory(width: u16, height: u16) -> Result<Self, Error> {
        Self::launch(width, height, &[])
    }

    /// Starts a server as [`Xvfb::start`] does that lacks one more extension.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn start_without(extension: &str, width: u16, height: u16) -> Result<Self, Error> {
        Self::launch(width, height, &["-extension", "MIT-SHM", "-extension", extension])
    }

    fn launch(width: u16, height: u16, options: &[&str]) -> Result<Self, Error> {
        let folder = TempDir::with_prefix("xvfb-").map_err(io_error("making a temporary folder"))?;
        let cookie = random_cookie().map_err(io_error("reading /dev/urandom"))?;
        // The server takes every cookie in its file, whatever display the entry names; its own number is not known yet.
        let authority = folder.path().join("server-authority");
        write_authority(&authority, 0, &cookie).map_err(io_error("writing the server's authority file"))?;
        let log = folder.path().join("log");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp"])
            .args(options)
            .args(["-screen", "0", &format!("{width}x{height}x24")])
            .arg("-auth")
            .arg(&authority)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).map_err(io_error("creating the server's log"))?)
            .spawn()
            .map_err(Error::Missing)?;
        let number = read_number(&mut server);
        let mut display = Self { server, number: 0, cookie, folder };
        let Some(number) = number else {
            display.end();
            return Err(Error::NotStarted(fs::read_to_string(&log).unwrap_or_default()));
        };
        display.number = number;
        write_authority(&display.xauthority(), number, &cookie).map_err(io_error("writing the Xauthority file"))?;
        Ok(display)
    }

    /// The display's name for `DISPLAY`: `:N`.
    #[must_use]
    pub fn name(&self) -> String {
        format!(":{}", self.number)
    }

    /// The display's number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }

    /// The file for `XAUTHORITY`, which holds this display's cookie and nothing else.
    #[must_use]
    pub fn xauthority(&self) -> PathBuf {
        self.folder.path().join("Xauthority")
    }

    /// The cookie that opens this display.
    #[must_use]
    pub fn cookie(&self) -> [u8; 16] {
        self.cookie
    }

    /// The socket that the server listens on.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        PathBuf::from(format!("/tmp/.X11-unix/X{}", self.number))
    }

    /// Lets a program use this display, and nothing of the desktop that the tests may run on.
    pub fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        use_display(command, &self.name(), &self.xauthority())
    }

    /// A connection of the test's own, with the cookie.
    ///
    /// # Errors
    /// [`Error::Io`] when the server is gone, [`Error::Protocol`] when it refuses the connection.
    pub fn connect(&self) -> Result<RustConnection, Error> {
        let socket = UnixStream::connect(self.socket()).map_err(io_error("connecting to the X server"))?;
        let (stream, _) = DefaultStream::from_unix_stream(socket).map_err(io_error("connecting to the X server"))?;
        RustConnection::connect_to_stream_with_auth_info(stream, 0, PROTOCOL.to_vec(), self.cookie.to_vec())
            .map_err(|error| Error::Protocol(error.to_string()))
    }

    /// A connection to look at this display and act on it from outside.
    ///
    /// # Errors
    /// As [`Xvfb::connect`].
    pub fn desktop(&self) -> Result<Desktop, Error> {
        Ok(Desktop::new(self.connect()?)?)
    }

    /// The windows that programs show on this display, the topmost last.
    ///
    /// # Errors
    /// As [`Xvfb::connect`].
    pub fn windows(&self) -> Result<Vec<Window>, Error> {
        Ok(self.desktop()?.windows()?)
    }

    /// Waits until a window shows whose class or instance is `class`, in any case of letters.
    ///
    /// # Errors
    /// [`Error::Desktop`], naming the windows there are, when none did in time; else as [`Xvfb::connect`].
    pub fn wait_for_window(&self, class: &str, limit: Duration) -> Result<Window, Error> {
        Ok(self.desktop()?.wait_for_window(class, Deadline::after(limit))?)
    }

    /// Stops the server at once, as a crash would; its clients are cut off.
    pub fn kill(&mut self) {
        // It may have ended by itself; then there is nothing to kill and nothing to report.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }

    /// Stops the server in its tracks, as one that hangs; [`Xvfb::resume`] lets it go on.
    ///
    /// # Errors
    /// When the server has ended.
    pub fn suspend(&self) -> io::Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets a suspended server go on.
    ///
    /// # Errors
    /// When the server has ended.
    pub fn resume(&self) -> io::Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        let pid = i32::try_from(self.server.id()).ok().and_then(Pid::from_raw);
        Ok(kill_process(pid.ok_or(io::ErrorKind::NotFound)?, signal)?)
    }

    /// SIGTERM first: only then does the server remove its socket and its lock file.
    fn end(&mut self) {
        if let Ok(None) = self.server.try_wait() {
            // It may end between the question and the signals; the wait below sees that. A suspended server hears
            // nothing before it goes on.
            let _ = self.resume();
            let _ = self.signal(Signal::TERM);
            let deadline = Instant::now() + END;
            while matches!(self.server.try_wait(), Ok(None)) && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(5));
            }
        }
        self.kill();
    }
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        self.end();
    }
}

/// Sets what a program needs to use the display `name` and nothing of the desktop that the tests may run on.
pub fn use_display<'a>(command: &'a mut Command, name: &str, xauthority: &Path) -> &'a mut Command {
    command
        .env("DISPLAY", name)
        .env("XAUTHORITY", xauthority)
        // GTK would choose Wayland where it finds one, and wait for an accessibility bus.
        .env("GDK_BACKEND", "x11")
        .env("NO_AT_BRIDGE", "1")
        .env_remove("WAYLAND_DISPLAY")
}

/// Writes an Xauthority file with `cookie` for display `number` of this machine, as a display manager does: one entry
/// under the host's name and one that holds whatever the host is called.
///
/// # Errors
/// The operating system's, from writing the file.
pub fn write_authority(path: &Path, number: u16, cookie: &[u8]) -> io::Result<()> {
    const LOCAL: u16 = 256;
    const WILD: u16 = 65535;
    let uname = rustix::system::uname();
    let number = number.to_string();
    let mut bytes = Vec::new();
    for (family, address) in [(LOCAL, uname.nodename().to_bytes()), (WILD, &b""[..])] {
        bytes.extend(family.to_be_bytes());
        for field in [address, number.as_bytes(), PROTOCOL, cookie] {
            let length = u16::try_from(field.len()).map_err(io::Error::other)?;
            bytes.extend(length.to_be_bytes());
            bytes.extend(field);
        }
    }
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?.write_all(&bytes)
}

/// The display number that the server writes to its standard output once it listens; `None` when it ends or is mute.
fn read_number(server: &mut Child) -> Option<u16> {
    let output = server.stdout.take()?;
    let (sender, receiver) = std::sync::mpsc::channel();
    // A pipe has no read with a time limit; the thread ends with the server at the latest.
    let _ = thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        // Nobody listens any more once the time is over.
        let _ = sender.send(read.ok().and_then(|_| line.trim().parse().ok()));
    });
    receiver.recv_timeout(START).ok().flatten()
}

fn random_cookie() -> io::Result<[u8; 16]> {
    let mut cookie = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut cookie)?;
    Ok(cookie)
}

fn io_error(what: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::Io { what, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_with_the_cookie_shows_its_window() {
        let display = Xvfb::start(640, 480).unwrap();
        let mut xeyes = display.apply(Command::new("xeyes").args(["-geometry", "120x90+10+20"])).spawn().unwrap();
        let window = display.wait_for_window("xeyes", Duration::from_secs(30));
        xeyes.kill().unwrap();
        let _ = xeyes.wait().unwrap();
        let window = window.unwrap();
        assert_eq!((window.width, window.height), (120, 90));
    }

    #[test]
    fn a_program_without_the_cookie_is_refused() {
        let display = Xvfb::start(640, 480).unwrap();
        let output = display
            .apply(&mut Command::new("xdpyinfo"))
            .env("XAUTHORITY", display.folder.path().join("absent"))
            .output()
            .unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("unable to open display"));
    }

    #[test]
    fn the_server_ends_with_its_value_and_leaves_no_socket() {
        let display = Xvfb::start(640, 480).unwrap();
        let (socket, server) = (display.socket(), format!("/proc/{}", display.server.id()));
        assert!(socket.exists() && Path::new(&server).exists());
        drop(display);
        assert!(!Path::new(&server).exists());
        // Another test's server may have taken the freed display already; a socket left behind would refuse.
        let left_behind = UnixStream::connect(&socket).is_err_and(|e| e.kind() == io::ErrorKind::ConnectionRefused);
        assert!(!left_behind);
    }

    #[test]
    fn two_servers_take_two_displays() {
        let (one, two) = (Xvfb::start(640, 480).unwrap(), Xvfb::start(640, 480).unwrap());
        assert_ne!(one.name(), two.name());
        assert_ne!(one.cookie(), two.cookie());
    }
}
