//! A byte until its echo, through a pseudo-terminal of the server.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use super::super::report::{Figure, Row, Target, Unit};
use super::super::{Error, io, statistics};
use super::client::Client;
use super::empty;
use super::site::Site;

/// Echoes of each client in a run.
const ECHOES: usize = 400;

/// Between two of them: both sides are asleep again, as they are between two keys.
const BETWEEN: Duration = Duration::from_millis(3);

/// The terminal's driver echoes: that is the least that a server can do for a key.
const COMMAND: &str = "stty -icanon min 1; printf ready; exec cat >/dev/null";

/// A client with a terminal at the other end; it ends with this value.
pub(super) struct Typist {
    client: Client,
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Typist {
    /// Starts a client with these options besides; it is ready.
    pub(super) fn start(site: &Site, client: Client, options: &[String]) -> Result<Self, Error> {
        let mut command = client.command(site);
        let _ = command.args(options).args(["-tt", "-p", &site.port().to_string(), Site::HOST, COMMAND]);
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = spawned.map_err(io("starting a client"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::Client { client: client.name(), what: "it has no input or output".to_owned() });
        };
        let mut typist = Self { client, child, input, output };
        let mut said = Vec::new();
        while !said.ends_with(b"ready") {
            said.push(typist.read()?);
        }
        Ok(typist)
    }

    /// The milliseconds that some echoes take.
    pub(super) fn type_some(&mut self, echoes: usize) -> Result<Vec<f64>, Error> {
        let mut times = Vec::with_capacity(echoes);
        for _ in 0..echoes {
            std::thread::sleep(BETWEEN);
            let started = Instant::now();
            self.input.write_all(b"x").map_err(io("typing"))?;
            let _ = self.read()?;
            times.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(times)
    }

    fn read(&mut self) -> Result<u8, Error> {
        let mut byte = [0];
        match self.output.read(&mut byte).map_err(io("reading an echo"))? {
            0 => Err(Error::Client { client: self.client.name(), what: "it ended before its time".to_owned() }),
            _ => Ok(byte[0]),
        }
    }
}

impl Drop for Typist {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Types into both in turn.
pub(super) fn measure(site: &Site, runs: usize) -> Result<Vec<Row>, Error> {
    let mut typists = Vec::new();
    for client in Client::ALL {
        let mut typist = Typist::start(site, client, &[])?;
        let _warm = typist.type_some(50)?;
        typists.push(typist);
    }
    let mut samples: Vec<(Client, Vec<Vec<f64>>)> = empty();
    for _ in 0..runs {
        for (typist, (_, samples)) in typists.iter_mut().zip(&mut samples) {
            samples.push(typist.type_some(ECHOES)?);
        }
    }
    Ok(vec![shares(&samples, "p50", 0.5), shares(&samples, "p99", 0.99)])
}

fn shares(samples: &[(Client, Vec<Vec<f64>>)], name: &str, share: f64) -> Row {
    let figure = |(client, runs): &(Client, Vec<Vec<f64>>)| {
        let runs: Vec<f64> = runs.iter().filter_map(|run| statistics::percentile(run, share)).collect();
        Figure { contender: client.name(), value: statistics::median(&runs).unwrap_or(f64::NAN), runs }
    };
    let figures = samples.iter().map(figure).collect();
    let name = format!("byte to echo, {name}");
    Row { part: "echo", name, unit: Unit::Milliseconds, target: Target::BetterPeer, figures }
}
