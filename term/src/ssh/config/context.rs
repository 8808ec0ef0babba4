//! Who asks, and where from: everything a configuration depends on besides its files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::network::{Network, System};

/// Everything the meaning of a configuration depends on besides its files. An argument, so that tests need neither an
/// environment nor a home folder.
#[derive(Debug, Clone)]
pub struct Context {
    /// The local user's home folder.
    pub home: PathBuf,
    /// The local user's name.
    pub user: String,
    /// The local user's number.
    pub uid: u32,
    /// This machine's name.
    pub local_host: String,
    /// The environment variables. Those that are not Unicode are left out.
    pub environment: HashMap<String, String>,
    /// What relative paths are relative to.
    pub working_folder: PathBuf,
    /// The system's file; what it includes by a relative path lies beside it.
    pub system_file: PathBuf,
    /// How long a command of `Match exec` may take.
    pub exec_limit: Duration,
    /// What looks up names, and knows the addresses of this machine.
    pub network: Arc<dyn Network>,
}

impl Context {
    /// The context of this process.
    ///
    /// The home folder is `HOME` where it is set, as nearly every program has it, while ssh(1) reads the user database;
    /// the two differ only where somebody means them to.
    #[must_use]
    pub fn of_process() -> Self {
        let environment: HashMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let uid = rustix::process::getuid().as_raw();
        let account = Account::find(|account| account.uid == uid);
        let variable = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let home = variable("HOME").map(PathBuf::from).or_else(|| account.as_ref().map(|account| account.home.clone()));
        let user = account.map(|account| account.name).or_else(|| variable("USER")).or_else(|| variable("LOGNAME"));
        Self {
            home: home.unwrap_or_else(|| PathBuf::from("/")),
            user: user.unwrap_or_else(|| uid.to_string()),
            uid,
            local_host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
            environment,
            working_folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/")),
            system_file: PathBuf::from("/etc/ssh/ssh_config"),
            exec_limit: Duration::from_secs(10),
            network: Arc::new(System),
        }
    }

    /// The user's configuration file.
    #[must_use]
    pub fn user_file(&self) -> PathBuf {
        self.home.join(".ssh/config")
    }

    /// The folder of the system's file.
    pub(super) fn system_folder(&self) -> &Path {
        self.system_file.parent().unwrap_or(Path::new("/"))
    }

    /// Replaces a leading `~` or `~user`; a home folder alone ends with a slash (`tilde_expand` in misc.c).
    pub(super) fn expand_tilde(&self, path: &str) -> Result<PathBuf, String> {
        let Some(rest) = path.strip_prefix('~') else { return Ok(PathBuf::from(path)) };
        let (user, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let home = if user.is_empty() || user == self.user {
            self.home.clone()
        } else {
            let account = Account::find(|account| account.name == user);
            account.ok_or_else(|| format!("No such user {user}"))?.home
        };
        Ok(home.join(rest.trim_start_matches('/')))
    }
}

/// A line of `/etc/passwd`. Accounts that only a directory service knows are found by their environment instead.
struct Account {
    name: String,
    uid: u32,
    home: PathBuf,
}

impl Account {
    fn find(wanted: impl Fn(&Self) -> bool) -> Option<Self> {
        let text = std::fs::read("/etc/passwd").ok()?;
        String::from_utf8_lossy(&text).lines().filter_map(Self::parse).find(wanted)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let home = PathBuf::from(fields.nth(2)?);
        Some(Self { name, uid, home })
    }
}
