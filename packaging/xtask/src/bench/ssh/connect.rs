//! A process until the first prompt.

use std::io::Read;
use std::process::Stdio;
use std::time::Instant;

use super::super::report::{Row, Target, Unit};
use super::super::{Error, io};
use super::client::Client;
use super::site::Site;
use super::{empty, row};

/// Connections of each client in a run.
const CONNECTIONS: usize = 10;

/// Connects both in turn.
pub(super) fn measure(site: &Site, runs: usize) -> Result<Vec<Row>, Error> {
    let mut times = empty();
    for _ in 0..runs * CONNECTIONS {
        for (client, times) in &mut times {
            times.push(first_prompt(site, *client)?);
        }
    }
    Ok(vec![row("connect", "start to first prompt".to_owned(), Unit::Milliseconds, Target::BetterPeer, &times)])
}

fn first_prompt(site: &Site, client: Client) -> Result<f64, Error> {
    let mut command = client.command(site);
    let _ = command.args(["-tt", "-p", &site.port().to_string(), Site::HOST]);
    let started = Instant::now();
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = spawned.map_err(io("starting a client"))?;
    let mut first = [0];
    let read = child.stdout.as_mut().map_or(Ok(0), |output| output.read(&mut first));
    let time = started.elapsed().as_secs_f64() * 1000.0;
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
    match read.map_err(io("reading a prompt"))? {
        0 => Err(Error::Client { client: client.name(), what: "no prompt came".to_owned() }),
        _ => Ok(time),
    }
}
