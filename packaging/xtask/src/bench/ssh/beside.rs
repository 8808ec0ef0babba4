//! An echo beside other channels of its connection.

use testbed::Deadline;
use testbed::sshd::free_port;

use super::super::report::{Figure, Row, Target, Unit};
use super::super::{Error, statistics};
use super::client::Client;
use super::echo::Typist;
use super::empty;
use super::flood::{self, Reader, Reading};
use super::site::Site;

/// Echoes of each client for each kind of neighbour in a run.
const ECHOES: usize = 300;

/// Times its own idle p99 that an echo may take at the most, in 99 of 100 cases.
const MOST: f64 = 2.0;

/// What is beside the echo.
type Neighbours = &'static [Reading];

/// Types into both in turn, beside nothing, beside each kind, and beside all.
pub(super) fn measure(site: &Site, runs: usize) -> Result<Vec<Row>, Error> {
    let [unread, paused, slow, fast] =
        [&Reading::ALL[..1], &Reading::ALL[1..2], &Reading::ALL[2..3], &Reading::ALL[3..]];
    let cases: [Neighbours; 6] = [&[], unread, paused, slow, fast, &Reading::ALL];
    let source = flood::source()?;
    let mut samples: Vec<Vec<(Client, Vec<Vec<f64>>)>> = cases.iter().map(|_| empty()).collect();
    for _ in 0..runs {
        for (neighbours, samples) in cases.iter().zip(&mut samples) {
            for (client, samples) in samples {
                samples.push(once(site, *client, source, neighbours)?);
            }
        }
    }
    let idle: Vec<f64> =
        samples.first().map(|idle| idle.iter().map(|(_, runs)| p99(runs)).collect()).unwrap_or_default();
    let rows = cases.iter().zip(&samples).map(|(neighbours, samples)| {
        let name = match neighbours {
            [] => "alone, p99".to_owned(),
            [one] => format!("beside {} channel, p99", one.name()),
            _ => "beside all four, p99".to_owned(),
        };
        let (unit, target) =
            if neighbours.is_empty() { (Unit::Milliseconds, Target::None) } else { (Unit::Times, Target::Most(MOST)) };
        let figures = samples.iter().zip(&idle).map(|((client, runs), idle)| {
            let scale = if neighbours.is_empty() { 1.0 } else { *idle };
            let runs: Vec<f64> =
                runs.iter().filter_map(|run| Some(statistics::percentile(run, 0.99)? / scale)).collect();
            Figure { contender: client.name(), value: statistics::median(&runs).unwrap_or(f64::NAN), runs }
        });
        Row { part: "beside", name, unit, target, figures: figures.collect() }
    });
    Ok(rows.collect())
}

fn p99(runs: &[Vec<f64>]) -> f64 {
    let each: Vec<f64> = runs.iter().filter_map(|run| statistics::percentile(run, 0.99)).collect();
    statistics::median(&each).unwrap_or(f64::NAN)
}

fn once(site: &Site, client: Client, source: u16, neighbours: Neighbours) -> Result<Vec<f64>, Error> {
    let port = free_port()?;
    let forwarding = ["-L".to_owned(), format!("127.0.0.1:{port}:127.0.0.1:{source}")];
    let mut typist = Typist::start(site, client, &forwarding)?;
    let mut readers = Vec::new();
    for reading in neighbours {
        // The client listens before its session is there, or a moment after.
        let reader = Deadline::generous().wait_for("a forwarding", || Reader::start(port, *reading).ok())?;
        readers.push(reader);
    }
    typist.type_some(ECHOES)
}
