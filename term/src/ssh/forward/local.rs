//! Local and dynamic forwardings: connections that come in here and go on from the server.

use std::sync::Arc;
use std::time::Duration;

use super::listener::{Accepted, Listener};
use super::socks::{self, Reply, Version};
use super::{Endpoint, relay};
use crate::ssh::connection::{NotOpened, Opener};

/// How long a machine without free file descriptors waits for one.
const PAUSE: Duration = Duration::from_secs(1);

/// Accepts connections until it is dropped. With a `target` all lead there, without one each says where by SOCKS.
pub(super) async fn serve(listener: Listener, target: Option<Endpoint>, opener: Arc<Opener>) {
    loop {
        match listener.accept().await {
            Ok(accepted) => {
                let (target, opener) = (target.clone(), Arc::clone(&opener));
                // Ends with either side of the connection, or with the SSH connection.
                drop(tokio::spawn(async move { carry(accepted, target, &opener).await }));
            }
            Err(error) => {
                log::warn!("accept: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn carry(mut accepted: Accepted, target: Option<Endpoint>, opener: &Opener) {
    // Counted before it is open: who waits for the last connection is to wait for this one.
    let leads = target.as_ref().map_or_else(|| "SOCKS".to_owned(), ToString::to_string);
    let from = (&accepted.address, accepted.port);
    let _counted = opener.count(format!("direct-tcpip: for {leads}, connect from {} port {}", from.0, from.1));
    let (target, version) = match target {
        Some(target) => (target, None),
        None => match socks::request(&mut accepted.socket).await {
            Some((target, version)) => (target, Some(version)),
            None => return,
        },
    };
    log::debug!("connection from {} port {} to {target}", accepted.address, accepted.port);
    let channel = match opener.direct(&target, accepted.address, accepted.port).await {
        Ok(channel) => channel,
        Err(not_opened) => {
            refuse(&mut accepted.socket, version, &not_opened).await;
            return opener.tell(format!("{target}: open failed: {not_opened}"));
        }
    };
    if let Some(version) = version
        && !socks::reply(&mut accepted.socket, version, Reply::Connected).await
    {
        return;
    }
    let (reader, writer) = tokio::io::split(accepted.socket);
    relay::join(channel, reader, writer).await;
}

async fn refuse(socket: &mut (impl super::listener::Socket + ?Sized), version: Option<Version>, why: &NotOpened) {
    let reply = match why {
        NotOpened::Forbidden(_) => Reply::Forbidden,
        NotOpened::ConnectFailed(_) => Reply::Refused,
        NotOpened::Other(_) => Reply::Failed,
    };
    if let Some(version) = version {
        let _ = socks::reply(&mut &mut *socket, version, reply).await;
    }
}
