//! What is said beside the command's own output: messages in ssh(1)'s form, on standard error, in a file or in the
//! system's log.

use std::fs::File;
use std::io::Write;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use log::{Level, LevelFilter, Log, Metadata, Record};
use term::ssh::host::LogLevel;

/// The parts whose log is shown; what the libraries log could hold what passes through them.
const PARTS: [&str; 3] = ["tetherm", "term", "x11"];

/// Where the system's log listens.
const SYSLOG: &str = "/dev/log";

/// `user`, the facility that ssh(1) logs to (RFC 5424 section 6.2.1).
const FACILITY: u8 = 1 << 3;

/// A line end within a message: ssh(1) ends messages otherwise than lines.
pub(super) const BREAK: char = '\u{2028}';

struct Logger;

static LOGGER: Logger = Logger;

/// Where messages go.
#[derive(Debug)]
enum Output {
    StandardError,
    File(File),
    System(UnixDatagram),
}

static OUTPUT: Mutex<Output> = Mutex::new(Output::StandardError);

/// Starts logging, or goes on with another level: messages from [`LogLevel::Info`] on, with [`LogLevel::Debug`] more,
/// with [`LogLevel::Quiet`] nothing.
pub(super) fn start(level: LogLevel) {
    let level = match level {
        LogLevel::Quiet => LevelFilter::Off,
        LogLevel::Error => LevelFilter::Error,
        LogLevel::Info => LevelFilter::Warn,
        LogLevel::Debug => LevelFilter::Debug,
        LogLevel::Trace => LevelFilter::Trace,
    };
    // Only the first logger of a process counts; it is this one.
    let _ = log::set_logger(&LOGGER);
    log::set_max_level(level);
}

/// Sends everything to a file from now on, at its end (`-E`).
pub(super) fn to_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    let file = File::options().append(true).create(true).mode(0o600).open(path)?;
    send_to(Output::File(file));
    Ok(())
}

/// Sends everything to the system's log from now on (`-y`); where there is none, nothing is said, as with ssh(1).
pub(super) fn to_system() {
    if let Ok(socket) = UnixDatagram::unbound()
        && socket.connect(SYSLOG).is_ok()
    {
        send_to(Output::System(socket));
    }
}

/// Says more from now on, or less; the name of the level then.
pub(super) fn change(more: bool) -> &'static str {
    const LEVELS: [(LevelFilter, &str); 6] = [
        (LevelFilter::Off, "QUIET"),
        (LevelFilter::Error, "ERROR"),
        (LevelFilter::Warn, "INFO"),
        (LevelFilter::Info, "VERBOSE"),
        (LevelFilter::Debug, "DEBUG1"),
        (LevelFilter::Trace, "DEBUG2"),
    ];
    let now = LEVELS.iter().position(|(level, _)| *level == log::max_level()).unwrap_or_default();
    let then = if more { (now + 1).min(LEVELS.len() - 1) } else { now.saturating_sub(1) };
    let (level, name) = LEVELS.get(then).copied().unwrap_or((LevelFilter::Warn, "INFO"));
    log::set_max_level(level);
    name
}

fn send_to(output: Output) {
    *OUTPUT.lock().unwrap_or_else(PoisonError::into_inner) = output;
}

/// Whether messages are for a person who sits in front of this program's terminal.
pub(super) fn is_read() -> bool {
    use std::io::IsTerminal;

    let output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    matches!(*output, Output::StandardError) && std::io::stderr().is_terminal()
}

/// Something that went wrong: everything but `LogLevel quiet` tells it.
pub(super) fn error(text: &str) {
    if log::max_level() >= LevelFilter::Error {
        write(Level::Error, text);
    }
}

/// Something that should be known, from `LogLevel info` on.
pub(super) fn info(text: &str) {
    if log::max_level() >= LevelFilter::Warn {
        write(Level::Info, text);
    }
}

/// Something that helps to understand, from `LogLevel verbose` on.
pub(super) fn verbose(text: &str) {
    if log::max_level() >= LevelFilter::Info {
        write(Level::Info, text);
    }
}

fn write(level: Level, text: &str) {
    let mut output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    for line in text.lines().map(|line| line.replace(BREAK, "\n")) {
        // There is nobody else to tell that it cannot be told. A raw terminal needs the carriage return.
        let _ = match &mut *output {
            Output::StandardError => write!(std::io::stderr(), "{line}\r\n"),
            Output::File(file) => file.write_all(format!("{line}\r\n").as_bytes()),
            Output::System(socket) => {
                let severity = match level {
                    Level::Error => 3,
                    Level::Warn | Level::Info => 6,
                    Level::Debug | Level::Trace => 7,
                };
                socket
                    .send(format!("<{}>tetherm[{}]: {line}", FACILITY | severity, std::process::id()).as_bytes())
                    .map(drop)
            }
        };
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let part = metadata.target().split("::").next().unwrap_or_default();
        PARTS.contains(&part)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let text = record.args();
            match record.level() {
                level @ (Level::Error | Level::Warn) => write(level, &text.to_string()),
                level @ (Level::Info | Level::Debug) => write(level, &format!("debug1: {text}")),
                level @ Level::Trace => write(level, &format!("debug2: {text}")),
            }
        }
    }

    fn flush(&self) {}
}
