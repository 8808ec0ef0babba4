//! What a throwaway server is started with.

use std::fmt::Write;
use std::path::Path;

/// The type of a key, as `ssh-keygen -t` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// Ed25519.
    Ed25519,
    /// ECDSA on the NIST curve P-256.
    Ecdsa,
    /// RSA of 2,048 bits: the smallest that OpenSSH accepts by default, and quick to make.
    Rsa,
}

impl KeyType {
    /// The name that `ssh-keygen -t` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Ecdsa => "ecdsa",
            Self::Rsa => "rsa",
        }
    }

    /// The arguments of `ssh-keygen` that ask for this type.
    pub(super) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Ed25519 => &["-t", "ed25519"],
            Self::Ecdsa => &["-t", "ecdsa", "-b", "256"],
            Self::Rsa => &["-t", "rsa", "-b", "2048"],
        }
    }
}

/// What a throwaway server is started with.
#[derive(Debug, Clone)]
pub struct Options {
    pub(super) lines: Vec<String>,
    pub(super) host_keys: Vec<KeyType>,
    pub(super) password: Option<String>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) own_environment: Vec<(String, String)>,
    pub(super) real_home: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            host_keys: vec![KeyType::Ed25519],
            password: None,
            environment: Vec::new(),
            own_environment: Vec::new(),
            real_home: false,
        }
    }
}

impl Options {
    /// Adds a line of sshd_config(5). The first value of a keyword wins, so it also overrides the defaults of this
    /// type.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// The types of the host keys, in place of one Ed25519 key.
    #[must_use]
    pub fn host_keys(mut self, types: &[KeyType]) -> Self {
        self.host_keys = types.to_vec();
        self
    }

    /// Gives the invoking user this password on this server, through PAM, for `password` and `keyboard-interactive`.
    /// Only root can have such a server: it sees an `/etc/shadow` of its own in a mount namespace, the system's file
    /// stays as it is.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Sets a variable in the sessions' environment (`SetEnv`).
    #[must_use]
    pub fn environment(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Sets a variable in the server's own environment.
    #[must_use]
    pub fn own_environment(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.own_environment.push((name.into(), value.into()));
        self
    }

    /// Lets sessions have the user's real `HOME`, with their shell's start-up files, instead of an empty folder.
    #[must_use]
    pub fn real_home(mut self) -> Self {
        self.real_home = true;
        self
    }

    pub(super) fn first_host_key(&self) -> KeyType {
        self.host_keys.first().copied().unwrap_or(KeyType::Ed25519)
    }

    /// The text of `sshd_config`.
    pub(super) fn config(&self, folder: &Path, port: u16) -> String {
        let folder = folder.display();
        let mut text = self.lines.iter().fold(String::new(), |text, line| text + line + "\n");
        for key_type in &self.host_keys {
            text += &format!("HostKey {folder}/host_key_{}\n", key_type.name());
        }
        let pam = if self.password.is_some() { "yes" } else { "no" };
        text += &format!(
            "Port {port}\nListenAddress 127.0.0.1\nAuthorizedKeysFile {folder}/authorized_keys\nUsePAM {pam}\n\
             PasswordAuthentication {pam}\nKbdInteractiveAuthentication {pam}\n"
        );
        text += "PermitRootLogin yes\nStrictModes no\nPidFile none\nUseDNS no\nPrintMotd no\nPrintLastLog no\n\
                 LogLevel VERBOSE\nMaxStartups 100\nAcceptEnv LANG LC_* TETHERM_*\nSubsystem sftp internal-sftp\n";
        text + &self.set_env(&folder.to_string())
    }

    /// One line: sshd takes only the first `SetEnv`. xauth's file is kept out of the user's home too.
    fn set_env(&self, folder: &str) -> String {
        let mut line = format!("SetEnv XAUTHORITY={folder}/Xauthority");
        if !self.real_home {
            // A session's shell must not read the start-up files of whoever runs the tests.
            let _ = write!(line, " HOME={folder}/home");
        }
        for (name, value) in &self.environment {
            let _ = write!(line, " \"{name}={value}\"");
        }
        line + "\n"
    }
}

/// Debian's package that holds a program.
pub(super) fn package_of(program: &str) -> &'static str {
    match program {
        "perl" => "perl-base",
        _ => "openssh-client",
    }
}
