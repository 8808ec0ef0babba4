//! Bytes down and up.

use std::process::Stdio;
use std::time::{Duration, Instant};

use testbed::Sshd;

use super::super::report::{Row, Target, Unit};
use super::super::{Error, io};
use super::client::Client;
use super::delay::Delay;
use super::finished::{self, Finished};
use super::site::Site;
use super::{empty, row};

/// The ciphers that are measured; each has a server that takes no other.
const CIPHERS: [&str; 3] = ["chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr"];

/// How much longer the way to the far server is, there and back.
const DISTANCE: Duration = Duration::from_millis(50);

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

/// Each cipher, both ways.
pub(super) fn near(site: &Site, runs: usize, size: u64) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for cipher in CIPHERS {
        let server = site.server(cipher)?;
        let short = cipher.split('@').next().unwrap_or(cipher);
        rows.extend(both(site, &server, server.port(), "bulk", short, runs, size)?);
    }
    Ok(rows)
}

/// The first cipher, both ways, from far away.
pub(super) fn far(site: &Site, runs: usize, size: u64) -> Result<Vec<Row>, Error> {
    let [cipher, ..] = CIPHERS;
    let server = site.server(cipher)?;
    let delay = Delay::start(server.port(), DISTANCE / 2)?;
    both(site, &server, delay.port(), "far", &format!("{} ms away", DISTANCE.as_millis()), runs, size)
}

fn both(
    site: &Site,
    _server: &Sshd,
    port: u16,
    part: &'static str,
    name: &str,
    runs: usize,
    size: u64,
) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for way in [Way::Down, Way::Up] {
        let (mut times, mut processor) = (empty(), empty());
        for _ in 0..runs {
            for ((client, times), (_, processor)) in times.iter_mut().zip(&mut processor) {
                let finished = transfer(site, *client, port, way, size * 1024 * 1024)?;
                times.push(finished.time.as_secs_f64());
                processor.push(finished.processor.as_secs_f64());
            }
        }
        let name = format!("{size} MiB {}, {name}", if way == Way::Down { "down" } else { "up" });
        let target = Target::BetterPeer;
        rows.push(row(part, name.clone(), Unit::Seconds, target, &times));
        rows.push(row(part, format!("{name}, processor"), Unit::Seconds, target, &processor));
    }
    Ok(rows)
}

fn transfer(site: &Site, client: Client, port: u16, way: Way, bytes: u64) -> Result<Finished, Error> {
    let mut command = client.command(site);
    let _ = command.arg("-p").arg(port.to_string()).arg(Site::HOST);
    let _ = match way {
        Way::Down => command.arg(format!("head -c {bytes} /dev/zero")).stdin(Stdio::null()),
        Way::Up => command.arg("cat >/dev/null").stdin(site.zeros(bytes)?),
    };
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().map_err(io("starting a client"))?;
    finished::wait(client, &mut child, started)
}
