//! What `ProxyJump` means: the hosts to go through, each with its own settings.

use super::settings::Source;
use super::{Config, Error};
use crate::ssh::{Destination, Host};

/// How many hosts may be on the way. ssh(1) has no such limit and starts itself once for each.
const MOST: usize = 32;

impl Config {
    /// Adds the hosts that are on the way to `host`. As ssh(1) starts itself with `-J` and what stands before the last
    /// name, the first one named may be behind others that its own `ProxyJump` names; the rest are reached through the
    /// one before them whatever theirs says. Options of the command line hold for the host alone.
    pub(super) fn with_jumps(&self, mut host: Host, source: Option<&Source>, depth: usize) -> Result<Host, Error> {
        let Some(list) = &host.proxy_jump else { return Ok(host) };
        let unknown = Source::Option;
        let fail = |message: String| source.unwrap_or(&unknown).error(message);
        let mut jumps: Vec<Host> = Vec::new();
        for name in list.split(',') {
            let bad = |error| fail(format!("Invalid ProxyJump '{name}': {error}"));
            let destination = Destination::parse(name.trim()).map_err(bad)?;
            if depth + jumps.len() >= MOST {
                return Err(fail(format!("jumphost loop via {}", destination.host)));
            }
            let (mut jump, source) = self.resolve_alone(&destination, &[])?;
            if (&jump.host_name, jump.port, &jump.user) == (&host.host_name, host.port, &host.user) {
                return Err(fail(format!("jumphost loop via {}", destination.host)));
            }
            if jumps.is_empty() {
                jump = self.with_jumps(jump, source.as_ref(), depth + 1)?;
                jumps.append(&mut jump.jumps);
            } else {
                (jump.proxy_jump, jump.proxy_command) = (None, None);
            }
            jumps.push(jump);
        }
        for jump in &mut jumps {
            jump.toward = Some(host.alias.clone());
        }
        host.jumps = jumps;
        Ok(host)
    }
}
