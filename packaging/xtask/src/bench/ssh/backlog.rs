//! What a client takes whose output nobody reads, while the server sends as fast as it can.

use std::process::Stdio;
use std::time::Duration;

use super::super::report::{Row, Target, Unit};
use super::super::{Error, io, usage};
use super::client::Client;
use super::site::Site;
use super::{empty, row};

/// How long nobody reads.
const TIME: Duration = Duration::from_secs(5);

/// Megabytes that are too many: a program, a window, and what a channel may hold in memory.
const MOST: f64 = 48.0;

/// Leaves both alone with a flood.
pub(super) fn measure(site: &Site, runs: usize) -> Result<Vec<Row>, Error> {
    let mut taken = empty();
    for _ in 0..runs {
        for (client, taken) in &mut taken {
            taken.push(unread(site, *client)?);
        }
    }
    let name = format!("nobody reads for {} s, RSS", TIME.as_secs());
    Ok(vec![row("backlog", name, Unit::Megabytes, Target::Most(MOST), &taken)])
}

fn unread(site: &Site, client: Client) -> Result<f64, Error> {
    let mut command = client.command(site);
    let _ = command.args(["-p", &site.port().to_string(), Site::HOST, "cat /dev/zero"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(io("starting a client"))?;
    std::thread::sleep(TIME);
    let memory = usage::memory(child.id()).rss as f64 / 1e6;
    let ended = child.try_wait().map_err(io("asking for a client"))?;
    let _ = child.kill();
    let _ = child.wait();
    match ended {
        Some(status) => Err(Error::Client { client: client.name(), what: format!("it ended with {status}") }),
        None => Ok(memory),
    }
}
