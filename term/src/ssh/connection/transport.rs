//! What leads to a host: the network, a proxy, a proxy command, or a jump host.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::copy_bidirectional_with_sizes;
use tokio::net::UnixStream;
use tokio::time::Instant;

use super::address::{self, Target};
use super::command::Command;
use super::wire::{Carrier, Line, Wire};
use super::{Connection, Event, Events, Inquiry};
use crate::ssh::config::Tokens;
use crate::ssh::error::Peer;
use crate::ssh::forward::Endpoint;
use crate::ssh::host::CONNECT_TIMEOUT;
use crate::ssh::prompt::{Answer, Question};
use crate::ssh::proxy::{self, Proxy};
use crate::ssh::{Destination, Error, Host, Secret, failure};

/// Bytes that a jump host's channel is copied by.
const PIECE: usize = 64 * 1024;

/// How often a proxy's password is asked for.
const ATTEMPTS: u32 = 3;

/// A way to a server, before anything was said to it.
#[derive(Debug)]
pub(super) struct Connected {
    pub(super) wire: Wire,
    pub(super) peer: Peer,
    /// How long it took to answer: the way there and back, where that is known.
    pub(super) distance: Duration,
}

/// Finds a way to a host: through the jump host that was reached last, where there is one, else as its settings say.
pub(super) async fn connect(
    host: &Host,
    jump: Option<Arc<Connection>>,
    proxy_password: Option<Secret>,
    events: &Events,
) -> Result<Connected, Error> {
    if let Some(jump) = jump {
        return through_jump(host, jump).await;
    }
    if let Some(command) = &host.proxy_command {
        return through_command(host, command, events).await;
    }
    if let Some(proxy) = &host.proxy {
        return through_proxy(host, proxy, proxy_password, events).await;
    }
    let target = Target { name: &host.host_name, port: host.port, host };
    let address::Connected { socket, address, distance } = target.connect(events).await?;
    // What a loopback takes says how busy this machine is.
    let distance = if address.ip().is_loopback() { Duration::ZERO } else { distance };
    Ok(Connected { wire: Wire::new(Line::Tcp(socket), Carrier::Network), peer: Peer::Address(address), distance })
}

/// Through a channel of a jump host. It is copied to and from a socket, so that a wire is a socket in every case.
async fn through_jump(host: &Host, jump: Arc<Connection>) -> Result<Connected, Error> {
    let started = Instant::now();
    let limit = host.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
    let refused = |reason: String| Error::JumpRefused {
        jump: jump.host().alias.clone(),
        host: host.host_name.clone(),
        port: host.port,
        reason,
    };
    let target = Endpoint::Port { host: Some(host.host_name.clone()), port: host.port };
    let mut channel = match tokio::time::timeout(limit, jump.direct(&target)).await {
        Ok(Ok(channel)) => channel,
        Ok(Err(reason)) if jump.is_open() => return Err(refused(reason)),
        Ok(Err(_)) => return Err(jump.gone().await.at(jump.host(), &host.alias)),
        Err(_) => return Err(refused(format!("no answer within {} s", limit.as_secs()))),
    };
    let distance = started.elapsed();
    let (ours, mut theirs) = UnixStream::pair().map_err(|error| refused(failure::words(&error)))?;
    // Ends with the channel, which ends with the connection to the jump host, which ends with the wire.
    drop(tokio::spawn(async move {
        // Both ends see for themselves that it is over, and why.
        let _ = copy_bidirectional_with_sizes(&mut channel, &mut theirs, PIECE, PIECE).await;
    }));
    let peer = Peer::Through(format!("jump host {}", jump.host().hop()));
    Ok(Connected { wire: Wire::new(Line::Socket(ours), Carrier::Jump(jump)), peer, distance })
}

/// Through a program of the user's. What it is given cannot be taken for shell code (CVE-2023-51385): its names are
/// checked even where they come from the configuration.
async fn through_command(host: &Host, command: &str, events: &Events) -> Result<Connected, Error> {
    let failed = |how: String| Error::ProxyCommand { host: host.alias.clone(), how };
    let _ = Destination::new(&host.host_name, Some(&host.user), Some(host.port))
        .map_err(|error| failed(format!("it was not run: {error}")))?;
    let command = Tokens::proxy(host).expand(command, None).map_err(failed)?;
    let (line, command) = Command::start(&command, host, events).await.map_err(failed)?;
    let peer = Peer::Through("ProxyCommand".to_owned());
    // How far the server is cannot be told from here: a long way is the safer guess for the window.
    let distance = Duration::from_millis(50);
    Ok(Connected { wire: Wire::new(line, Carrier::Command(command)), peer, distance })
}

/// Through a proxy; its password is asked for where it wants one that is not known.
async fn through_proxy(
    host: &Host,
    proxy: &Proxy,
    mut password: Option<Secret>,
    events: &Events,
) -> Result<Connected, Error> {
    let failed = |error| Error::Proxy { host: host.alias.clone(), proxy: Box::new(proxy.clone()), error };
    let limit = host.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
    let (mut asked, mut retry) = (0, password.is_some());
    if proxy.user.is_some() && password.is_none() {
        password = Some(ask(host, proxy, false, events).await?);
        asked = 1;
        retry = true;
    }
    loop {
        let target = Target { name: &proxy.host, port: proxy.port, host };
        let connected = target.connect(events).await.map_err(|error| error.at_proxy(proxy, &host.alias))?;
        let address::Connected { mut socket, distance, .. } = connected;
        let started = Instant::now();
        let connecting = proxy.connect(&mut socket, &host.host_name, host.port, password.as_ref());
        let slow = proxy::Error::NotConnected { reason: format!("no answer within {} s", limit.as_secs()) };
        match tokio::time::timeout(limit, connecting).await.unwrap_or(Err(slow)) {
            Ok(()) => {
                let peer = Peer::Through(format!("proxy {proxy}"));
                let distance = distance.max(started.elapsed());
                return Ok(Connected { wire: Wire::new(Line::Tcp(socket), Carrier::Network), peer, distance });
            }
            Err(proxy::Error::Refused) if asked < ATTEMPTS && !host.batch_mode => {
                password = Some(ask(host, proxy, retry, events).await?);
                asked += 1;
                retry = true;
            }
            Err(error) => return Err(failed(error)),
        }
    }
}

async fn ask(host: &Host, proxy: &Proxy, retry: bool, events: &Events) -> Result<Secret, Error> {
    if host.batch_mode {
        let error = proxy::Error::UserNeeded;
        return Err(Error::Proxy { host: host.alias.clone(), proxy: Box::new(proxy.clone()), error });
    }
    let question = Question::ProxyPassword { proxy: Box::new(proxy.clone()), retry };
    match Inquiry::before(host, events.clone(), question).await? {
        Answer::Secret(password) => Ok(password),
        _ => Err(Error::Cancelled),
    }
}

/// Tells which host it is on the way to one that the following is about.
pub(super) async fn announce(host: &Host, events: &Events) {
    // An owner that is gone has no use for progress.
    let _ = events.send(Event::Stage(super::Stage::Hop(Box::new(host.hop())))).await;
}
