//! `tetherm exec`: one command on one host, without a window, with ssh(1)'s options and exit statuses.
//!
//! ```text
//!   words ─► Options ─► saved host, ssh_config ─► ssh::Host ─► Connection ─► Channel ◄─► stdin, stdout, stderr
//!                                                     └─ questions ─► Console: terminal or SSH_ASKPASS
//! ```

mod askpass;
mod console;
mod logger;
mod session;
mod tty;

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use term::ssh::config::{self, Context, option};
use term::ssh::host::RequestTty;
use term::ssh::{self, Config, Connection, Host};
use tokio::signal::unix::{SignalKind, signal};

use super::options::{self, Options, Tty};
use super::{complain, help, print_error};
use crate::store::{Folders, Hosts, Secrets};
use console::Console;
use session::Session;

/// What ssh(1) exits with when the failure is its own.
const FAILED: u8 = 255;

/// Why nothing was run.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Options(#[from] options::Error),
    #[error(transparent)]
    Config(#[from] config::Error),
    #[error("Cannot execute command-line and remote command; leave the command out, or set RemoteCommand none")]
    TwoCommands,
    #[error("{0}")]
    Ssh(#[from] Arc<ssh::Error>),
    #[error("the program cannot start: {0}")]
    Runtime(#[from] std::io::Error),
}

/// Does what the words after `tetherm exec` say.
#[must_use]
pub fn run(words: &[String]) -> ExitCode {
    if matches!(words.first().map(String::as_str), Some("--help" | "-h")) {
        return super::print(help::EXEC);
    }
    let options = match Options::parse(words) {
        Ok(options) => options,
        Err(error) => {
            complain(&error);
            let _ = print_error(help::EXEC_USAGE);
            return ExitCode::from(FAILED);
        }
    };
    logger::start(options.verbosity, options.quiet);
    let quiet = options.quiet;
    match execute(options) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            if !quiet {
                explain(&error);
            }
            ExitCode::from(FAILED)
        }
    }
}

/// Says what went wrong and, where it is known, what to do about it.
fn explain(error: &Error) {
    let next_step = match error {
        Error::Ssh(error) => error.next_step(),
        _ => None,
    };
    complain(error);
    if let Some(next_step) = next_step {
        let _ = print_error(&format!("{next_step}\n"));
    }
}

fn execute(options: Options) -> Result<u8, Error> {
    let host = resolve(&options)?;
    if options.command.is_some() && host.remote_command.is_some() {
        return Err(Error::TwoCommands);
    }
    if !options.quiet {
        warn_of_missing_keys(&host);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let result = runtime.block_on(until_interrupted(connect(&options, host)));
    // A thread may still wait for input that never comes; it ends with the process.
    runtime.shutdown_background();
    tty::restore();
    result
}

/// The settings in force: what the words say, then what is saved for a host of that name, then the configuration.
fn resolve(options: &Options) -> Result<Host, Error> {
    let config = Config::load_from(Context::of_process(), options.config_file.as_deref())?;
    let missing = missing_keys(options);
    let saved = saved_hosts().and_then(|hosts| hosts.iter().find(|host| host.name == options.place).cloned());
    let Some(saved) = saved else {
        let (destination, mut settings) = options.destination()?;
        settings.retain(|setting| !missing.contains(setting));
        return Ok(config.resolve(&destination, &settings)?);
    };
    let mut settings = [options.settings(), saved.options()].concat();
    settings.retain(|setting| !missing.contains(setting));
    let mut host = config.resolve(&saved.destination(), &settings)?;
    host.display.clone_from(&saved.display);
    Ok(host)
}

/// The settings of `-i` that name no file: ssh(1) says so and goes on as if they had not been given.
fn missing_keys(options: &Options) -> Vec<String> {
    let mut missing = Vec::new();
    for path in &options.identity_files {
        if let Err(error) = std::fs::metadata(path) {
            if !options.quiet {
                let reason = reason(&error);
                let _ = print_error(&format!("Warning: Identity file {} not accessible: {reason}.\n", path.display()));
            }
            missing.push(option("IdentityFile", &path.to_string_lossy()));
        }
    }
    missing
}

/// Says which of the keys that the configuration names are not there. Of those that are tried by default none has to
/// be.
fn warn_of_missing_keys(host: &Host) {
    let usual = Host::new(&host.alias, &host.user, &Context::of_process().home).identity_file;
    for path in host.identity_file.iter().filter(|path| !usual.contains(path)) {
        if let Err(error) = std::fs::metadata(path) {
            let _ = print_error(&format!("no such identity: {}: {}\r\n", path.display(), reason(&error)));
        }
    }
}

/// The system's words without Rust's number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// The saved hosts; none where they cannot be read, which the window reports.
fn saved_hosts() -> Option<Hosts> {
    let folders = Folders::user().map_err(|error| log::info!("no saved hosts: {error}")).ok()?;
    Hosts::load(folders.hosts()).map_err(|error| log::warn!("{error}")).ok()
}

async fn connect(options: &Options, host: Host) -> Result<u8, Error> {
    let (events, received) = tokio::sync::mpsc::channel(32);
    let console = Console::new(&host, options.quiet);
    // Ends with the last sender of events.
    drop(tokio::spawn(console.serve(received)));
    let secrets = if host.batch_mode { ssh::Secrets::default() } else { saved_secrets(&host).await };
    let connection = Connection::open(host, secrets, events.clone()).await.map_err(Arc::new)?;
    if options.no_command {
        let ended = connection.closed().await;
        complain(&ended);
        return Ok(FAILED);
    }
    let tty = wants_tty(options, connection.host());
    Ok(Session { connection, tty, no_input: options.no_input, command: options.command.clone(), events }.run().await?)
}

/// What the keyring holds for this host; it is no failure if there is none.
async fn saved_secrets(host: &Host) -> ssh::Secrets {
    let (secrets, missing) = Secrets::new().for_host(host).await;
    if let Some(error) = missing {
        log::info!("no secrets from the keyring: {error}");
    }
    secrets
}

/// Whether to ask for a pseudo-terminal (`main` in ssh.c).
fn wants_tty(options: &Options, host: &Host) -> bool {
    let asked = match options.tty {
        Tty::Unsaid => host.request_tty,
        Tty::Yes => RequestTty::Yes,
        Tty::Force => RequestTty::Force,
        Tty::No => RequestTty::No,
    };
    let is_shell = options.command.is_none() && host.remote_command.is_none();
    let wanted = match asked {
        RequestTty::No => false,
        RequestTty::Force => return true,
        RequestTty::Yes => true,
        RequestTty::Auto => is_shell,
    };
    if wanted && (options.no_input || !std::io::stdin().is_terminal()) {
        if !options.quiet {
            let _ = print_error("Pseudo-terminal will not be allocated because stdin is not a terminal.\n");
        }
        return false;
    }
    wanted
}

/// Ends early, as a failure, when the user or the system wants the program to end.
async fn until_interrupted(work: impl Future<Output = Result<u8, Error>>) -> Result<u8, Error> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        result = work => result,
        _ = interrupt.recv() => Ok(FAILED),
        _ = terminate.recv() => Ok(FAILED),
        _ = hangup.recv() => Ok(FAILED),
    }
}

/// The program that asks where there is no terminal, as ssh(1) finds it.
fn askpass_program(variable: Option<String>) -> std::path::PathBuf {
    variable.filter(|path| !path.is_empty()).map_or_else(|| Path::new("/usr/bin/ssh-askpass").to_owned(), Into::into)
}
