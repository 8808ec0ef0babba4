//! `cargo xtask bench`: how fast the terminal is beside Alacritty and xterm, and the SSH engine beside OpenSSH's client, on
//! the same machine.
//!
//! ```text
//!   packages ──► release build ──► Stage: sshd, Xvfb with shared memory, home folder
//!                                    └── parts, each with the programs in turn ──► Row ──► table, JSON
//! ```
//!
//! Nothing here passes or fails a build: times depend on the machine and on what else it does. Where a share of the
//! processor is all that a terminal gets, the processor's time says more than the clock's, so both are printed.

mod arguments;
mod contender;
mod floods;
mod idle;
mod latency;
mod memory;
mod report;
mod sample;
mod ssh;
mod stage;
mod start;
mod statistics;
mod terminal;
mod throughput;
mod usage;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};
use testbed::{control, desktop, display, input, screenshot, sshd};

use crate::packages::{self, Need};
use crate::workspace;
use arguments::{Arguments, Part, Subject};
use contender::Contender;
use report::{Figure, Row, Target, Unit};
use stage::Stage;

/// Why nothing was measured, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// An argument that makes no sense.
    #[error(
        "{0}; usage: cargo xtask bench terminal|ssh [--runs N] [--only PART,…] [--size MIB] [--seconds N] [--json FILE] [--program PATH]"
    )]
    Argument(String),
    /// System packages are missing.
    #[error(transparent)]
    Packages(#[from] packages::Error),
    /// The release build failed; cargo has said why.
    #[error(transparent)]
    Build(#[from] workspace::Error),
    /// The throwaway server did not start.
    #[error(transparent)]
    Sshd(#[from] sshd::Error),
    /// The X server did not start or has gone.
    #[error(transparent)]
    Display(#[from] display::Error),
    /// The X server did not answer.
    #[error(transparent)]
    Desktop(#[from] desktop::Error),
    /// A key could not be pressed.
    #[error(transparent)]
    Input(#[from] input::Error),
    /// A picture could not be taken.
    #[error(transparent)]
    Screenshot(#[from] screenshot::Error),
    /// Tetherm's window did not do what it was asked through its control socket.
    #[error(transparent)]
    Control(#[from] control::Error),
    /// Something did not come in time.
    #[error(transparent)]
    Expired(#[from] testbed::deadline::Expired),
    /// A client did not do what it should.
    #[error("{client}: {what}")]
    Client {
        /// Its name.
        client: &'static str,
        /// What it did, or not.
        what: String,
    },
    /// A terminal did not show what it should.
    #[error("this was not shown: {0}")]
    NotShown(String),
    /// A file or a process.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// The operating system's reason.
        error: std::io::Error,
    },
}

fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Error {
    move |error| Error::Io { what, error }
}

/// Measures, prints the table and writes the JSON.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, Error> {
    let arguments = Arguments::parse(arguments)?;
    packages::ensure(Need::Bench)?;
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => workspace::build_release()?,
    };
    let rows = match arguments.subject {
        Subject::Terminal => terminals(program, &arguments)?,
        Subject::Ssh => ssh::measure(program, &arguments)?,
    };
    print!("\n{}", report::table(&rows));
    if let Some(path) = &arguments.json {
        let text = format!("{:#}\n", report::json(&rows, &machine(arguments.runs)));
        std::fs::write(path, text).map_err(io("writing the JSON"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn terminals(program: PathBuf, arguments: &Arguments) -> Result<Vec<Row>, Error> {
    let stage = Stage::set(program)?;
    let mut rows = Vec::new();
    for part in &arguments.parts {
        println!("measuring {} …", part.name());
        rows.extend(match part {
            Part::Throughput => throughput::measure(&stage, arguments.runs)?,
            Part::Latency => latency::measure(&stage, arguments.runs)?,
            Part::Start => start::measure(&stage, arguments.runs)?,
            Part::Memory => memory::measure(&stage)?,
            Part::Idle => idle::measure(&stage)?,
            Part::Floods => floods::measure(&stage, Duration::from_secs(arguments.seconds))?,
            _ => Vec::new(),
        });
    }
    Ok(rows)
}

/// A row whose figures are the medians of what was measured.
fn row(part: &'static str, name: String, unit: Unit, target: Target, measured: &[(Contender, Vec<f64>)]) -> Row {
    let figure = |(contender, runs): &(Contender, Vec<f64>)| Figure {
        contender: contender.name(),
        value: statistics::median(runs).unwrap_or(f64::NAN),
        runs: runs.clone(),
    };
    Row { part, name, unit, target, figures: measured.iter().map(figure).collect() }
}

/// What the figures were measured on.
fn machine(runs: usize) -> Value {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    json!({
        "processor": model.map(|(_, name)| name),
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
        "load": read("/proc/loadavg").trim(),
        "system": rustix::system::uname().release().to_string_lossy(),
        "runs": runs,
    })
}
