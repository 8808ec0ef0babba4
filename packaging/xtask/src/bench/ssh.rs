//! `cargo xtask bench ssh`: `tetherm exec` beside OpenSSH's client, on the same machine, to the same sshd, with the same
//! options, in turns.
//!
//! What the server does is the same for both, and so is what this program does: the ratio is the clients'. On a machine
//! with few processors the server takes its share of them.

mod backlog;
mod beside;
mod bulk;
mod client;
mod connect;
mod delay;
mod echo;
mod finished;
mod flood;
mod site;

use std::path::PathBuf;

use super::arguments::{Arguments, Part};
use super::report::{Figure, Row, Target, Unit};
use super::{Error, statistics};
use client::Client;
use site::Site;

/// Measures the parts that are asked for.
pub(super) fn measure(program: PathBuf, arguments: &Arguments) -> Result<Vec<Row>, Error> {
    let site = Site::set(program)?;
    let mut rows = Vec::new();
    for part in &arguments.parts {
        println!("measuring {} …", part.name());
        rows.extend(match part {
            Part::Bulk => bulk::near(&site, arguments.runs, arguments.size)?,
            Part::Far => bulk::far(&site, arguments.runs, arguments.size.div_ceil(4))?,
            Part::Echo => echo::measure(&site, arguments.runs)?,
            Part::Connect => connect::measure(&site, arguments.runs)?,
            Part::Backlog => backlog::measure(&site, arguments.runs)?,
            Part::Beside => beside::measure(&site, arguments.runs)?,
            _ => Vec::new(),
        });
    }
    Ok(rows)
}

/// What was measured of each client, run by run.
type Measured = [(Client, Vec<f64>)];

/// A row whose figures are the medians of what was measured.
fn row(part: &'static str, name: String, unit: Unit, target: Target, measured: &Measured) -> Row {
    let figure = |(client, runs): &(Client, Vec<f64>)| Figure {
        contender: client.name(),
        value: statistics::median(runs).unwrap_or(f64::NAN),
        runs: runs.clone(),
    };
    Row { part, name, unit, target, figures: measured.iter().map(figure).collect() }
}

/// A list for each client.
fn empty<T>() -> Vec<(Client, Vec<T>)> {
    Client::ALL.into_iter().map(|client| (client, Vec::new())).collect()
}
