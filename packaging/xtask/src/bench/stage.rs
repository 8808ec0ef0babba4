//! Where the terminals are measured: one server, one display, one home folder.

use std::ffi::OsString;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use testbed::sshd::Options;
use testbed::{Desktop, Sshd, Xvfb};

use super::contender::Inside;
use super::sample::Kind;
use super::{Error, io};
use crate::workspace;

/// The only cipher that the server takes, so that all clients decrypt the same: OpenSSH's and our own first choice.
const CIPHER: &str = "Ciphers chacha20-poly1305@openssh.com";

/// What the shells on the server read when they start.
///
/// `m N` fills the screen with colour N of the 256, which shows from outside that all before it was drawn. `t FILE N`
/// prints a file and then does that. `e N` leaves the echo to the server's terminal driver, which has the least to do
/// for a key. `l FILE` prints a file again and again.
const PROFILE: &str = "\
cd
PS1='$ '
m() { printf '\\033[48;5;%dm\\033[2J\\033[m\\033[H' \"$1\"; }
t() { cat \"$1\"; m \"$2\"; }
e() { stty erase '^?'; m \"$1\"; printf '\\033[10;20H'; cat >/dev/null; }
l() { while :; do cat \"$1\"; done; }
m 17
";

/// The colours of [`PROFILE`]'s `m`, in turn. The first is that of a shell that has just started.
const MARKS: [(u8, [u8; 3]); 4] = [(17, [0, 0, 95]), (22, [0, 95, 0]), (52, [95, 0, 0]), (53, [95, 0, 95])];

/// Wide enough for two windows side by side: a covered one would draw nothing.
const SCREEN: (u16, u16) = (3800, 1100);

/// A colour that a shell can fill its screen with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Its index among the 256.
    pub(super) index: u8,
    /// Red, green and blue.
    pub(super) color: [u8; 3],
}

impl Mark {
    /// That of a shell that has just started.
    pub(super) fn first() -> Self {
        Self::of(0)
    }

    /// Another one than the first, and than that of `turn` before and after.
    pub(super) fn of_turn(turn: usize) -> Self {
        Self::of(1 + turn % (MARKS.len() - 1))
    }

    fn of(place: usize) -> Self {
        let (index, color) = MARKS.get(place).copied().unwrap_or((17, [0, 0, 95]));
        Self { index, color }
    }
}

/// The server, the display and the home folder; they end with this value.
#[derive(Debug)]
pub(super) struct Stage {
    program: PathBuf,
    desktop: Desktop,
    display: Xvfb,
    home: TempDir,
    sshd: Sshd,
}

impl Stage {
    /// The saved host that leads to the server.
    pub(super) const HOST: &str = "bench";
    /// The font of all terminals: the one that Tetherm brings.
    pub(super) const FONT: &str = "JetBrains Mono";

    /// Starts the server and the display and writes the home folder; `program` is Tetherm.
    pub(super) fn set(program: PathBuf) -> Result<Self, Error> {
        let sshd = Sshd::start_with(Options::default().line(CIPHER))?;
        let display = Xvfb::start_with_shared_memory(SCREEN.0, SCREEN.1)?;
        let home = tempfile::Builder::new().prefix("bench-").tempdir().map_err(io("making a temporary folder"))?;
        let stage = Self { program, desktop: display.desktop()?, display, home, sshd };
        stage.write_home()?;
        Ok(stage)
    }

    /// The program.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// The display from outside.
    pub(super) fn desktop(&self) -> &Desktop {
        &self.desktop
    }

    /// A connection of its own to the display, with nobody else's events in it.
    pub(super) fn connect(&self) -> Result<Desktop, Error> {
        Ok(self.display.desktop()?)
    }

    /// A file in the home folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Lets a terminal see this display and this home folder and nothing of the user's.
    pub(super) fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        self.display
            .apply(command)
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("XDG_CACHE_HOME", self.file("cache"))
            .env("TETHERM_CONFIG_DIR", self.file("config"))
            .env("FONTCONFIG_FILE", self.file("fonts.conf"))
            .env("LC_ALL", "C.UTF-8")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("SSH_AUTH_SOCK")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
    }

    /// What a terminal that is not ours runs.
    pub(super) fn inside(&self, inside: Inside) -> Vec<OsString> {
        match inside {
            Inside::First => vec!["sh".into()],
            Inside::Remote => vec!["ssh".into(), "-F".into(), self.file("ssh_config").into(), Self::HOST.into()],
        }
    }

    /// Writes a sample beside the server's shells and returns the name that they know it by.
    pub(super) fn sample(&self, kind: Kind, bytes: usize) -> Result<String, Error> {
        let name = format!("{}-{bytes}", kind.name());
        let path = self.sshd.home().join(&name);
        if !path.exists() {
            let file = std::fs::File::create(path).map_err(io("making a sample"))?;
            kind.write(bytes, &mut BufWriter::with_capacity(1 << 20, file)).map_err(io("writing a sample"))?;
        }
        Ok(name)
    }

    fn write_home(&self) -> Result<(), Error> {
        let write = |path: PathBuf, text: String| {
            let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            folder.and_then(|()| std::fs::write(&path, text)).map_err(io("writing the home folder"))
        };
        let known_hosts = self.file(".ssh/known_hosts");
        write(known_hosts.clone(), format!("{}\n", self.sshd.known_hosts_line()?))?;
        write(self.sshd.home().join(".profile"), PROFILE.to_owned())?;
        let (user, port, key) = (self.sshd.user(), self.sshd.port(), self.sshd.client_key());
        let key = key.display();
        let hosts = format!(
            "[[host]]\nid = 'bench'\nname = '{name}'\nhost_name = '127.0.0.1'\nuser = '{user}'\nport = {port}\n\
             identity_file = ['{key}']\n",
            name = Self::HOST
        );
        write(self.file("config/hosts.toml"), hosts)?;
        // About 200 by 50 cells; the window is given the exact size once it is there.
        write(self.file("config/state/window.toml"), "size = [1640.0, 980.0]\n".to_owned())?;
        let ssh = format!(
            "Host {name}\nHostName 127.0.0.1\nUser {user}\nPort {port}\nIdentityFile {key}\nIdentitiesOnly yes\n\
             UserKnownHostsFile {known_hosts}\n",
            name = Self::HOST,
            known_hosts = known_hosts.display()
        );
        write(self.file("ssh_config"), ssh)?;
        let fonts = format!(
            "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>\
             <include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include><dir>{}</dir></fontconfig>\n",
            workspace::root().join("assets/fonts").display()
        );
        write(self.file("fonts.conf"), fonts)
    }
}
