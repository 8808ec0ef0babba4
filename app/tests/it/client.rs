//! A server, and a configuration that our program and ssh read alike.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use testbed::Sshd;
use testbed::deadline::GENEROUS;
use testbed::sshd::Options;

/// A server, and a configuration that both programs read.
pub(crate) struct Bench {
    pub(crate) sshd: Sshd,
    pub(crate) folder: tempfile::TempDir,
    /// Further variables of both programs.
    pub(crate) environment: Vec<(&'static str, std::ffi::OsString)>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let (sshd, folder) = (Sshd::start_with(options).unwrap(), tempfile::tempdir().unwrap());
        let bench = Self { sshd, folder, environment: Vec::new() };
        bench.configure(&bench.sshd.known_hosts().unwrap(), &bench.sshd.client_key());
        bench
    }

    pub(crate) fn configure(&self, known_hosts: &Path, key: &Path) {
        let config = format!(
            "Host box\n HostName 127.0.0.1\n Port {}\n User {}\nHost *\n UserKnownHostsFile {}\n GlobalKnownHostsFile none\n \
             IdentityFile {}\n IdentitiesOnly yes\n IdentityAgent none\n SendEnv LC_TETHERM\n",
            self.sshd.port(),
            self.sshd.user(),
            known_hosts.display(),
            key.display()
        );
        fs::write(self.path("config"), config).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Our program or ssh, without a terminal, a keyring or anything of the user's.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setsid");
        let _ = command.arg("--wait");
        let _ = match program {
            "tetherm" => command.args([env!("CARGO_BIN_EXE_tetherm"), "exec"]),
            "doctor" => command.args([env!("CARGO_BIN_EXE_tetherm"), "doctor", "--x11"]),
            ssh => command.arg(ssh),
        };
        let _ = command.arg("-F").arg(self.path("config"));
        let _ = command.env("HOME", self.folder.path()).env("TETHERM_CONFIG_DIR", self.path("tetherm"));
        for variable in ["DISPLAY", "WAYLAND_DISPLAY", "SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE"] {
            let _ = command.env_remove(variable);
        }
        let _ = command.envs(self.environment.iter().cloned());
        let _ = command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere").env("LC_TETHERM", "sent");
        let _ = command.stdin(Stdio::null());
        command
    }

    pub(crate) fn ours(&self, arguments: &[&str]) -> Output {
        self.command("tetherm").args(arguments).output().unwrap()
    }

    /// Our program inside a terminal of its own that is `typed` into.
    pub(crate) fn in_terminal(&self, arguments: &str, typed: &str) -> String {
        let line = format!(
            "stty rows 33 cols 77; {} exec -F {} {arguments}; echo status $?",
            env!("CARGO_BIN_EXE_tetherm"),
            self.path("config").display()
        );
        let template = self.command("tetherm");
        let mut command = Command::new("script");
        let _ = command
            .args(["-qec", &line, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, value) in template.get_envs() {
            let _ = match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut child = command.env("TERM", "xterm-256color").spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut output = child.stdout.take().unwrap();
        let (sender, received) = std::sync::mpsc::channel();
        let _ = std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut piece) {
                if sender.send(piece.iter().take(length).copied().collect::<Vec<u8>>()).is_err() {
                    return;
                }
            }
        });
        let (mut shown, mut asked) = (String::new(), 0);
        let mut answers = typed.split_inclusive('\n');
        let deadline = Instant::now() + GENEROUS;
        while let Ok(piece) = received.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            shown.push_str(&String::from_utf8_lossy(&piece));
            // Every question ends with one of these and a blank.
            if [": ", "? ", "> "].iter().any(|end| shown[asked..].ends_with(end)) {
                asked = shown.len();
                if let Some(answer) = answers.next() {
                    input.write_all(answer.as_bytes()).unwrap();
                }
            }
            if shown.contains("status ") && shown.ends_with('\n') {
                break;
            }
        }
        drop(input);
        assert!(child.wait().is_ok());
        shown.replace('\r', "")
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(crate) fn feed(mut command: Command, input: Vec<u8>) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        // The command may not want all of it.
        let _ = pipe.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}
