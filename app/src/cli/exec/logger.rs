//! What `-v` shows: the log of this program's own parts on standard error.

use std::io::Write;

use log::{Level, LevelFilter, Log, Metadata, Record};
use term::ssh::host::LogLevel;

/// The parts whose log is shown; what the libraries log could hold what passes through them.
const PARTS: [&str; 3] = ["tetherm", "term", "x11"];

struct Logger;

static LOGGER: Logger = Logger;

/// Starts logging, or goes on with another level: warnings, with [`LogLevel::Debug`] more, with [`LogLevel::Quiet`]
/// nothing.
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

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let part = metadata.target().split("::").next().unwrap_or_default();
        PARTS.contains(&part)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = match record.level() {
                Level::Error | Level::Warn => "warning",
                Level::Info => "info",
                Level::Debug => "debug",
                Level::Trace => "trace",
            };
            // A raw terminal needs the carriage return; elsewhere it does no harm.
            let _ = write!(std::io::stderr(), "{level}: {}\r\n", record.args());
        }
    }

    fn flush(&self) {}
}
