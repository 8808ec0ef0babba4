//! Where the demo plays: a throwaway server, and a home folder that knows it.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use testbed::Sshd;
use testbed::sshd::Options;

use super::{Error, io};

/// What the shell reads when it starts; a login shell's prompt cannot be set from outside.
const PROFILE: &str = "\
cd
if [ -n \"$BASH_VERSION\" ]; then
    PS1='\\[\\e[1;36m\\]demo\\[\\e[0m\\]:\\w\\$ '
else
    PS1='demo$ '
fi
";

/// A server and a home folder with one saved host, `demo`. Both end with this value.
#[derive(Debug)]
pub(super) struct Stage {
    program: PathBuf,
    home: TempDir,
    sshd: Sshd,
}

impl Stage {
    /// Starts the server and writes the home folder; `program` is the window.
    pub(super) fn set(program: PathBuf) -> Result<Self, Error> {
        let sshd = Sshd::start_with(Options::default().line("X11Forwarding yes"))?;
        let home =
            tempfile::Builder::new().prefix("tetherm-demo-").tempdir().map_err(io("making a temporary folder"))?;
        let stage = Self { program, home, sshd };
        stage.write_home()?;
        Ok(stage)
    }

    fn write_home(&self) -> Result<(), Error> {
        let write = |path: PathBuf, text: String| {
            let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            folder.and_then(|()| std::fs::write(&path, text)).map_err(io("writing the demo's home folder"))
        };
        // The server's key is known, as it would be for a host that the user has been on before.
        let known_hosts = format!("{}\n", self.sshd.known_hosts_line()?);
        write(self.home.path().join(".ssh/known_hosts"), known_hosts)?;
        write(self.sshd.home().join(".profile"), PROFILE.to_owned())?;
        // sshd's xauth remarks on a file that it has to make.
        write(self.sshd.folder().join("Xauthority"), String::new())?;
        write(self.config().join("hosts.toml"), hosts(&self.sshd.user(), self.port(), &self.sshd.client_key()))
    }

    fn config(&self) -> PathBuf {
        self.home.path().join("config")
    }

    /// The server's port on 127.0.0.1.
    pub(super) fn port(&self) -> u16 {
        self.sshd.port()
    }

    /// The program.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// The program started in a home folder that holds nothing of the user's.
    pub(super) fn window(&self) -> Command {
        let mut command = Command::new(&self.program);
        // The cookie of the user's display is still theirs, and lies in their home unless the variable says where.
        let cookies = std::env::home_dir().map(|home| home.join(".Xauthority")).filter(|file| file.exists());
        if let (None, Some(file)) = (std::env::var_os("XAUTHORITY"), cookies) {
            let _ = command.env("XAUTHORITY", file);
        }
        let _ = command
            .env("HOME", self.home.path())
            .env("TETHERM_CONFIG_DIR", self.config())
            .env_remove("SSH_AUTH_SOCK")
            .env_remove("XDG_CONFIG_HOME");
        command
    }

    /// Has the window open in this size, in logical pixels.
    pub(super) fn size_window(&self, width: u16, height: u16) -> Result<(), Error> {
        let folder = self.config().join("state");
        let text = format!("size = [{width}.0, {height}.0]\n");
        let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join("window.toml"), text));
        written.map_err(io("writing the window's size"))
    }

    /// A path for the window's control socket.
    pub(super) fn socket(&self) -> PathBuf {
        self.home.path().join("control")
    }
}

/// The text of a `hosts.toml` with the one host. Literal strings (`'…'`) need no escaping; neither a path of
/// [`tempfile`] nor a user's name holds a quote.
fn hosts(user: &str, port: u16, key: &Path) -> String {
    format!(
        "[[host]]\nid = 'demo'\nname = 'demo'\nhost_name = '127.0.0.1'\nuser = '{user}'\nport = {port}\n\
         identity_file = ['{}']\nforward_x11 = true\n",
        key.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_saved_host_leads_to_the_server_with_x11_on() {
        let text = hosts("ada", 2222, Path::new("/tmp/key"));
        for line in
            ["name = 'demo'", "user = 'ada'", "port = 2222", "identity_file = ['/tmp/key']", "forward_x11 = true"]
        {
            assert!(text.lines().any(|there| there == line), "{line} in\n{text}");
        }
    }

    #[test]
    fn the_window_sees_a_home_folder_that_knows_the_server() {
        let stage = Stage::set("tetherm".into()).unwrap();
        let window = stage.window();
        let home = window.get_envs().find(|(name, _)| *name == "HOME").and_then(|(_, value)| value).unwrap();
        let known = std::fs::read_to_string(Path::new(home).join(".ssh/known_hosts")).unwrap();
        assert!(known.starts_with(&format!("[127.0.0.1]:{} ssh-ed25519 ", stage.port())), "{known}");
        assert!(stage.config().join("hosts.toml").is_file());
    }
}
