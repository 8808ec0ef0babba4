//! `tetherm exec`: one command on one host, without a window, with ssh(1)'s options and exit statuses.
//!
//! ```text
//!   words ─► Options ─► saved host, ssh_config ─► ssh::Host ─► Connection ─► Channel ◄─► stdin, stdout, stderr
//!                                                     └─ questions ─► Console: terminal or SSH_ASKPASS
//! ```

mod askpass;
mod console;
mod escape;
mod logger;
mod session;
mod sink;
mod tty;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use log::LevelFilter;
use term::ssh::config::{self, Context, option};
use term::ssh::host::{LogLevel, RequestTty};
use term::ssh::{self, Config, Connection, Host, Proxy};
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
    match execute(&options) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            if log::max_level() > LevelFilter::Off {
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

fn execute(options: &Options) -> Result<u8, Error> {
    // Until the configuration has its say.
    logger::start(log_level(options, LogLevel::Info));
    let mut host = resolve(options)?;
    host.log_level = log_level(options, host.log_level);
    logger::start(host.log_level);
    if options.command.is_some() && host.remote_command.is_some() {
        return Err(Error::TwoCommands);
    }
    if !options.quiet {
        warn_of_missing_keys(options, &host);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let result = runtime.block_on(until_interrupted(connect(options, host)));
    // A thread may still wait for input that never comes; it ends with the process.
    runtime.shutdown_background();
    tty::restore();
    result
}

/// How much is said: what `-q` and `-v` ask for, else what the configuration does.
fn log_level(options: &Options, configured: LogLevel) -> LogLevel {
    match (options.quiet, options.verbosity) {
        (true, _) => LogLevel::Quiet,
        (false, 0) => configured,
        (false, 1) => LogLevel::Debug,
        (false, _) => LogLevel::Trace,
    }
}

/// The settings in force: what the words say, then what is saved for a host of that name, then the configuration.
fn resolve(options: &Options) -> Result<Host, Error> {
    let config = Config::load_from(Context::of_process(), options.config_file.as_deref())?;
    let missing = missing_keys(options);
    let saved = saved_hosts().and_then(|hosts| hosts.iter().find(|host| host.name == options.place).cloned());
    let Some(saved) = saved else {
        let (destination, mut settings) = options.destination()?;
        settings.retain(|setting| !missing.contains(setting));
        return Ok(config.reach(&destination, &settings)?);
    };
    let mut settings = [options.settings(), saved.options()].concat();
    settings.retain(|setting| !missing.contains(setting));
    let mut host = config.reach(&saved.destination(), &settings)?;
    host.display.clone_from(&saved.display);
    // What is no proxy was refused when it was read.
    let proxy = saved.proxy.as_deref().and_then(|proxy| Proxy::parse(proxy).ok());
    Ok(match proxy {
        Some(proxy) => host.through(proxy),
        None => host,
    })
}

/// The settings of `-i` that name no file: ssh(1) says so and goes on as if they had not been given.
fn missing_keys(options: &Options) -> Vec<String> {
    let is_missing = |path: &&PathBuf| std::fs::metadata(path).is_err();
    options
        .identity_files
        .iter()
        .filter(is_missing)
        .map(|path| option("IdentityFile", &path.to_string_lossy()))
        .collect()
}

/// Says which of the keys that the words and the configuration name are not there. Of those that are tried by default
/// none has to be.
fn warn_of_missing_keys(options: &Options, host: &Host) {
    for path in &options.identity_files {
        if let Err(error) = std::fs::metadata(path) {
            let reason = reason(&error);
            let _ = print_error(&format!("Warning: Identity file {} not accessible: {reason}.\n", path.display()));
        }
    }
    if host.log_level < LogLevel::Info {
        return;
    }
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
    let (events, mut received) = tokio::sync::mpsc::channel(32);
    let console = Console::new(&host);
    console.beside(&mut received, converse(options, host, events)).await
}

async fn converse(options: &Options, host: Host, events: ssh::Events) -> Result<u8, Error> {
    let secrets = if host.batch_mode { ssh::Secrets::default() } else { saved_secrets(&host).await };
    let connection = Connection::open(host, secrets, events.clone()).await.map_err(Arc::new)?;
    if options.no_command {
        return Err(connection.closed().await.into());
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
        if host.log_level >= LogLevel::Info {
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
fn askpass_program(variable: Option<String>) -> PathBuf {
    variable.filter(|path| !path.is_empty()).map_or_else(|| Path::new("/usr/bin/ssh-askpass").to_owned(), Into::into)
}
