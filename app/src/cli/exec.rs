//! `tetherm exec`: one command on one host, without a window, with ssh(1)'s options and exit statuses.
//!
//! ```text
//!   words ─► Options ─► saved host, ssh_config ─► ssh::Host ─► Connection ─► Channel ◄─► stdin, stdout, stderr
//!                                                     │             └─► Forwards
//!                                                     └─ questions ─► Console: terminal or SSH_ASKPASS
//! ```

mod askpass;
mod complaint;
mod console;
mod descriptor;
mod escape;
mod forwards;
mod host_key;
mod logger;
mod session;
mod sink;
mod source;
mod tty;
mod visit;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use term::ssh::channel::Program;
use term::ssh::config::{self, Context, option};
use term::ssh::forward::Endpoint;
use term::ssh::host::{ControlMaster, LogLevel, RequestTty, SessionType, StrictHostKeyChecking};
use term::ssh::{self, Config, Connection, Destination, Host, Proxy, query};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::signal::unix::{SignalKind, signal};

use super::options::{self, Options, Query};
use super::{config as settings, help, print_error};
use crate::store::{Folders, Hosts, Secrets};
use console::Console;
use descriptor::Descriptor;
use forwards::{Fatal, Forwards};
use session::Session;
use sink::Sink;
use source::Source;
pub(super) use visit::{settings_of, visit};

/// What ssh(1) exits with when the failure is its own.
const FAILED: u8 = 255;

/// Bytes that `-W` takes from the channel at a time.
const PIECE: usize = 32 * 1024;

/// Why nothing was run, or not to its end.
#[derive(Debug)]
enum Failure {
    Config(config::Error),
    Ssh(Arc<ssh::Error>),
    /// The connection was lost while a command ran.
    Lost(Arc<ssh::Error>),
    /// What is to be said of it.
    Said(String),
    Runtime(std::io::Error),
}

impl From<options::Error> for Failure {
    fn from(error: options::Error) -> Self {
        Self::Said(error.words().trim_end().to_owned())
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        Self::Config(error)
    }
}

impl From<settings::Error> for Failure {
    fn from(error: settings::Error) -> Self {
        match error {
            settings::Error::Options(error) => error.into(),
            settings::Error::Config(error) => error.into(),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Runtime(error)
    }
}

impl From<Fatal> for Failure {
    fn from(Fatal(words): Fatal) -> Self {
        Self::Said(words)
    }
}

/// Does what the words after `tetherm exec` say.
#[must_use]
pub fn run(words: &[String]) -> ExitCode {
    if words.first().map(String::as_str) == Some("--help") {
        return super::print(help::EXEC);
    }
    let options = match Options::parse(words).and_then(|options| match options.query {
        Some(_) => Ok(options),
        // What is no destination is told like an option that is none.
        None if saved_host(&options).is_some() => Ok(options),
        None => options.destination().map(|_| options),
    }) {
        Ok(options) => options,
        Err(error) => {
            let usage = if error.wants_usage() { help::EXEC_USAGE } else { "" };
            let _ = print_error(&(error.words() + usage));
            return ExitCode::from(FAILED);
        }
    };
    match &options.query {
        Some(Query::Version) => {
            let _ = print_error(&format!("{}\n", help::VERSION));
            return ExitCode::SUCCESS;
        }
        Some(Query::Algorithms(kind)) => return algorithms(kind),
        None => {}
    }
    match execute(&options) {
        Ok(status) => ExitCode::from(status),
        Err(status) => status,
    }
}

/// `-Q`.
fn algorithms(kind: &str) -> ExitCode {
    match query::answer(kind) {
        Some(names) => super::print(&names.join("\n")),
        None => {
            let _ = print_error(&format!("Unsupported query \"{kind}\"\r\n"));
            ExitCode::from(FAILED)
        }
    }
}

/// Says what went wrong in ssh(1)'s words and, to a person at a terminal, what to do about it.
fn explain(failure: &Failure, host: Option<&Host>, peer: Option<SocketAddr>) -> ExitCode {
    let (words, next_step) = match (failure, host) {
        (Failure::Ssh(error), Some(host)) => (complaint::words(error, host, peer), error.next_step()),
        (Failure::Lost(error), Some(host)) => (complaint::lost(error, host, peer), error.next_step()),
        (Failure::Ssh(error) | Failure::Lost(error), None) => (error.to_string(), None),
        (Failure::Config(error), _) => (error.words(), None),
        (Failure::Said(words), _) => (words.clone(), None),
        (Failure::Runtime(error), _) => (format!("the program cannot start: {error}"), None),
    };
    logger::error(&words);
    if let (Failure::Ssh(error) | Failure::Lost(error), Some(next_step)) = (failure, next_step) {
        log::debug!("{error}");
        if logger::is_read() {
            logger::error(&next_step);
        }
    }
    ExitCode::from(FAILED)
}

fn execute(options: &Options) -> Result<u8, ExitCode> {
    // Until the configuration has its say.
    logger::start(log_level(options, LogLevel::Info));
    redirect(options)?;
    log::debug!("{}", help::VERSION);
    let plain = |failure: Failure| explain(&failure, None, None);
    if options.print_settings {
        let _ = super::print(&settings::lines(options, false).map_err(|error| plain(error.into()))?);
        return Ok(0);
    }
    let mut host = resolve(options).map_err(plain)?;
    host.log_level = log_level(options, host.log_level);
    // Where there is no file to save into, ssh(1) takes no key that is not known, whatever is said about it.
    if host.user_known_hosts_file.is_empty() {
        host.strict_host_key_checking = StrictHostKeyChecking::Yes;
    }
    logger::start(host.log_level);
    // Only now the user is known for sure.
    let checked = Destination::new(&host.alias, Some(&host.user), None).map_err(options::Error::from);
    let _ = checked.map_err(|error| plain(error.into()))?;
    let program = program(options, &host).map_err(plain)?;
    control(options, &host).map_err(plain)?;
    if host.fork_after_authentication {
        let words = "ForkAfterAuthentication (-f) is not supported; leave it out, or use ssh";
        return Err(plain(Failure::Said(words.to_owned())));
    }
    tell_of_ignored(&host);
    if !options.quiet {
        warn_of_missing_keys(options);
    }
    let tty = wants_tty(&host, &program);
    // One thread: a command's bytes pass it with no other to be woken on their way.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| plain(error.into()))?;
    let console = Console::new(&host);
    let work = connect(options.clone(), host.clone(), (program, tty), console.clone());
    let result = runtime.block_on(until_interrupted(work, &host));
    // A thread may still wait for input that never comes; it ends with the process.
    runtime.shutdown_background();
    tty::restore();
    result.map_err(|failure| explain(&failure, Some(&host), console.peer()))
}

/// `-E` and `-y`.
fn redirect(options: &Options) -> Result<(), ExitCode> {
    match &options.log_file {
        Some(_) if options.syslog => {
            logger::error("Can't specify both -y and -E");
            return Err(ExitCode::from(FAILED));
        }
        Some(path) => {
            if let Err(error) = logger::to_file(path) {
                let text = format!("Couldn't open logfile {}: {}\n", path.display(), reason(&error));
                let _ = print_error(&text);
                return Err(ExitCode::FAILURE);
            }
        }
        None if options.syslog => logger::to_system(),
        None => {}
    }
    Ok(())
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
fn resolve(options: &Options) -> Result<Host, Failure> {
    let config = Config::load_from(Context::of_process(), options.config_file.as_deref())?;
    let missing = missing_keys(options);
    let Some(saved) = saved_host(options) else {
        let (destination, mut settings) = options.destination()?;
        settings.retain(|setting| !missing.contains(setting));
        return Ok(Host { x11_trust: options.x11_trust, ..config.reach(&destination, &settings)? });
    };
    let mut settings = [options.settings(), saved.options()].concat();
    settings.retain(|setting| !missing.contains(setting));
    let mut host = config.reach(&saved.destination(), &settings)?;
    host.display.clone_from(&saved.display);
    // -Y says what it says to ssh(1).
    let saved_trust = saved.x11_trust_in_force().filter(|_| !options.sets("ForwardX11Trusted"));
    host.x11_trust = options.x11_trust.or(saved_trust);
    host.allow_legacy_jumps(&saved.legacy_jumps);
    // What is no proxy was refused when it was read.
    let proxy = saved.proxy.as_deref().and_then(|proxy| Proxy::parse(proxy).ok());
    Ok(match proxy {
        Some(proxy) => host.through(proxy),
        None => host,
    })
}

/// What is to run at the other end.
fn program(options: &Options, host: &Host) -> Result<Program, Failure> {
    let command = match (&options.command, &host.remote_command) {
        (Some(_), Some(_)) => {
            return Err(Failure::Said("Cannot execute command-line and remote command.".to_owned()));
        }
        (Some(command), None) | (None, Some(command)) => Some(command.clone()),
        (None, None) => None,
    };
    Ok(match command {
        Some(name) if host.session_type == SessionType::Subsystem => Program::Subsystem(name),
        Some(command) => Program::Exec(command),
        None => Program::Shell,
    })
}

/// `-O`: there is never a connection of another program to be found.
fn control(options: &Options, host: &Host) -> Result<(), Failure> {
    match (&options.control, &host.control_path) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Failure::Said("No ControlPath specified for \"-O\" command".to_owned())),
        (Some(_), Some(path)) => {
            Err(Failure::Said(format!("Control socket connect({}): No such file or directory", path.display())))
        }
    }
}

/// What programs that drive ssh(1) often ask for and what makes no difference here is passed over, and `-v` says so.
fn tell_of_ignored(host: &Host) {
    let shares = host.control_master != ControlMaster::No || host.control_path.is_some();
    if shares {
        log::debug!(
            "ControlMaster and ControlPath are passed over: this program shares no connection with others, and makes one \
             of its own for each command"
        );
    }
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

/// Says which of the keys that the words name are not there.
fn warn_of_missing_keys(options: &Options) {
    for path in &options.identity_files {
        if let Err(error) = std::fs::metadata(path) {
            let reason = reason(&error);
            let _ = print_error(&format!("Warning: Identity file {} not accessible: {reason}.\n", path.display()));
        }
    }
}

/// Says which of the keys that the configuration names are not there, once keys have their turn. Of those that are tried
/// by default none has to be.
fn tell_of_missing_keys(host: &Host) {
    if host.log_level < LogLevel::Info {
        return;
    }
    let usual = Host::new(&host.alias, &host.user, &Context::of_process().home).identity_file;
    for path in host.identity_file.iter().filter(|path| !usual.contains(path)) {
        if let Err(error) = std::fs::metadata(path) {
            logger::info(&format!("no such identity: {}: {}", path.display(), reason(&error)));
        }
    }
}

/// The system's words without Rust's number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// The saved host of that name; none where they cannot be read, which the window reports.
fn saved_host(options: &Options) -> Option<crate::store::Host> {
    let folders = Folders::user().map_err(|error| log::info!("no saved hosts: {error}")).ok()?;
    let hosts = Hosts::load(folders.hosts()).map_err(|error| log::info!("no saved hosts: {error}")).ok()?;
    hosts.iter().find(|host| host.name == options.place).cloned()
}

async fn connect(options: Options, host: Host, wanted: (Program, bool), console: Console) -> Result<u8, Failure> {
    let (events, mut received) = tokio::sync::mpsc::channel(32);
    console.beside(&mut received, converse(&options, host, wanted, events, &console)).await
}

async fn converse(
    options: &Options,
    host: Host,
    (program, tty): (Program, bool),
    events: ssh::Events,
    console: &Console,
) -> Result<u8, Failure> {
    let secrets = if host.batch_mode { ssh::Secrets::default() } else { saved_secrets(&host).await };
    let opened = Connection::open(host, secrets, events.clone()).await;
    let connection = opened.map_err(|error| Failure::Ssh(Arc::new(error)))?;
    let host = connection.host();
    let at = console.peer().map_or_else(|| "via proxy".to_owned(), |peer| format!("[{}]:{}", peer.ip(), peer.port()));
    let method = connection.login().methods.last().map_or("none", String::as_str);
    logger::verbose(&format!("Authenticated to {} ({at}) using \"{method}\".", host.host_name));
    if let Some(target) = &options.stdio_forward {
        let _forwards = Forwards::start(&connection).await?;
        let result = lead_on(&connection, target).await;
        connection.disconnect().await;
        return result;
    }
    let forwards = Forwards::start(&connection).await?;
    if host.session_type == SessionType::None {
        return Err(Failure::Lost(connection.closed().await));
    }
    let session = Session { connection: Arc::clone(&connection), forwards, tty, program, events };
    let result = session.run().await;
    connection.disconnect().await;
    result
}

/// `-W`: joins standard input and output to a port of the server.
async fn lead_on(connection: &Connection, target: &Endpoint) -> Result<u8, Failure> {
    let channel = connection
        .direct(target)
        .await
        .map_err(|reason| Failure::Said(format!("channel 0: open failed: {reason}\nstdio forwarding failed")))?;
    let (mut from_channel, mut to_channel) = tokio::io::split(channel);
    let up = async {
        let mut input = Source::start();
        while let Some(piece) = input.next().await {
            if to_channel.write_all(&piece).await.is_err() {
                return;
            }
        }
        // One that is closed needs no end.
        let _ = to_channel.shutdown().await;
    };
    let down = async {
        let mut out = Sink::new(Descriptor::Output);
        let mut piece = vec![0; PIECE];
        while let Ok(length @ 1..) = from_channel.read(&mut piece).await {
            if !out.write(vec![piece.get(..length).unwrap_or_default().to_vec()]).await {
                return;
            }
        }
    };
    // When the other end has nothing more to say, nothing that is still read here could be of use.
    let mut down = std::pin::pin!(down);
    tokio::select! {
        () = &mut down => {}
        () = up => down.await,
    }
    Ok(0)
}

/// What the keyring holds for this host; it is no failure if there is none.
async fn saved_secrets(host: &Host) -> ssh::Secrets {
    let (secrets, missing) = Secrets::new().for_host(host).await;
    if let Some(error) = missing {
        log::debug!("no secrets from the keyring: {error}");
    }
    secrets
}

/// Whether to ask for a pseudo-terminal (`main` in ssh.c).
fn wants_tty(host: &Host, program: &Program) -> bool {
    let wanted = match host.request_tty {
        RequestTty::No => false,
        RequestTty::Force => return true,
        RequestTty::Yes => true,
        RequestTty::Auto => matches!(program, Program::Shell) && host.session_type != SessionType::None,
    };
    if wanted && (host.stdin_null || !std::io::stdin().is_terminal()) {
        if host.log_level >= LogLevel::Info {
            logger::info("Pseudo-terminal will not be allocated because stdin is not a terminal.");
        }
        return false;
    }
    wanted
}

/// Ends early, as a failure, when the user or the system wants the program to end. Without a command the connection is
/// all there is, and to end it is no failure (`client_loop` in clientloop.c).
async fn until_interrupted(
    work: impl Future<Output = Result<u8, Failure>> + Send + 'static,
    host: &Host,
) -> Result<u8, Failure> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    // A task of its own: a key wakes it, and nothing of what is here. It ends with the runtime.
    let work = tokio::spawn(work);
    let number = tokio::select! {
        result = work => return result.map_err(|error| Failure::Runtime(error.into()))?,
        _ = interrupt.recv() => 2,
        _ = terminate.recv() => 15,
        _ = hangup.recv() => 1,
    };
    if number == 15 && host.session_type == SessionType::None {
        return Ok(0);
    }
    logger::verbose(&format!("Killed by signal {number}."));
    Ok(FAILED)
}

/// The program that asks where there is no terminal, as ssh(1) finds it.
fn askpass_program(variable: Option<String>) -> PathBuf {
    variable.filter(|path| !path.is_empty()).map_or_else(|| Path::new("/usr/bin/ssh-askpass").to_owned(), Into::into)
}
