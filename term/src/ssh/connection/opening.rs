//! From a host to a login, step by step.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use russh::client::{Config, Handle};
use russh::keys::PublicKey;
use russh::{Preferred, SshId};
use tokio::sync::oneshot;

use futures::FutureExt;

use super::authentication::{Authentication, Login};
use super::batched::Batched;
use super::handler::{Failure, Handler};
use super::host_key::{HostKey, Verdict};
use super::inquiry::Inquiry;
use super::qos::Qos;
use super::silence::{Begun, Silence};
use super::state::State;
use super::stream::Stream;
use super::transport::Connected;
use super::{Connection, Event, Events, Stage, algorithms, identification, transport};
use crate::ssh::host::SessionType;
use crate::ssh::{Error, Host, Secrets, failure};

/// How long the server may take for identification and key exchange, not counting the user's time.
const HANDSHAKE: Duration = Duration::from_secs(15);

/// The largest window of a channel. OpenSSH's 2 MiB limit a transfer to 2 MiB a round trip; with this it is four times as
/// fast on a long link.
const WIDEST: u32 = 8 * 1024 * 1024;

/// The smallest one: four packets, which keep a server next door busy. What is on its way to a terminal is parsed before
/// an echo beside it comes by, and this much takes about a millisecond.
const NARROWEST: u32 = 128 * 1024;

/// The smallest one for a server that is not: more than OpenSSH's.
const FAR: u32 = 4 * 1024 * 1024;

/// From this distance on a server is not next door.
const NEARBY: Duration = Duration::from_millis(5);

/// What a server may need to start the process that greets. A connection to a proxy on this machine is there at once, and
/// only a later greeting tells how far the server behind it is.
const GREETING: Duration = Duration::from_millis(40);

/// Bytes of window for a millisecond of distance: a transfer of 160 MB a second.
const PER_MILLISECOND: u32 = 160_000;

/// Messages of a channel between russh and its user. There is one, the server's answer to opening it: the others come by
/// way of the handler.
const BUFFER: usize = 1;

/// A login, and what its connection lives by.
pub(super) struct Opened {
    pub(super) handle: Arc<Handle<Handler>>,
    pub(super) state: Arc<State>,
    pub(super) login: Login,
    pub(super) hold: oneshot::Sender<()>,
    pub(super) qos: Qos,
    /// The host's key is believed to be its own.
    pub(super) verified: bool,
}

/// Connects and logs in.
pub(super) async fn open(
    host: &Host,
    mut secrets: Secrets,
    jump: Option<Arc<Connection>>,
    events: &Events,
) -> Result<Opened, Error> {
    let host_key = HostKey::of(host)?;
    // Unreadable known hosts end it here, before anything was sent.
    let preferred = algorithms::preferred(host, host_key.offer().await?)?;
    let proxy_password = secrets.proxy.take();
    let proxy_login = jump.is_none() && host.proxy.as_ref().is_some_and(|proxy| proxy.user.is_some());
    let Connected { wire, peer, distance } = transport::connect(host, jump, proxy_password, events).await?;
    // An owner that is gone has no use for progress.
    let _ = events.send(Event::Stage(Stage::KeyExchange)).await;
    let timed_out = |during| Error::HandshakeTimedOut {
        host: host.alias.clone(),
        peer: peer.clone(),
        limit: handshake_limit(host),
        during,
    };
    let greeted = Instant::now();
    let server = tokio::time::timeout(handshake_limit(host), identification::exchange(&wire, &peer, host))
        .await
        .map_err(|_| timed_out("the greeting"))?;
    let server = match server {
        Ok(server) => server,
        Err(error) => return Err(wire.explain(&host.alias, error).await),
    };

    let host_key = host_key.at(peer.address().map(|address| address.ip()));
    let distance = distance.max(Some(greeted.elapsed()).filter(|waited| *waited > GREETING).unwrap_or_default());

    let begun = Begun::default();
    let (hold, hangup) = oneshot::channel();
    let hangup = hangup.shared();
    let stream = Stream::new(wire, server, identification::CLIENT, hangup.clone(), Silence::of(host, begun.clone()));
    let qos = Qos::new(host.ip_qos, stream.watch().wire());
    let inquiry = Inquiry::new(host, events.clone(), stream.watch(), hangup);
    let state = State::new(events.clone());
    let verdict = Arc::new(OnceLock::new());
    let (announce, announced) = oneshot::channel();
    let handler = Handler {
        host: host.alias.clone(),
        host_key: host_key.clone(),
        announce: Some(announce),
        inquiry: inquiry.clone(),
        state: Arc::clone(&state),
        silence: silence(host).unwrap_or_default(),
        banner: 0,
        weakness_told: false,
        verdict: Arc::clone(&verdict),
    };
    let stream = Batched::new(stream, Arc::clone(state.inboxes().load()));
    let connecting = russh::client::connect_stream(Arc::new(config(host, preferred, distance)), stream, handler);
    let mut handle = match inquiry.within(handshake_limit(host), connecting).await {
        None => return Err(timed_out("the key exchange")),
        Some(Ok(handle)) => handle,
        Some(Err(Failure::Ours(error))) => return Err(error),
        Some(Err(Failure::Russh(error))) => return Err(inquiry.explain(key_exchange_failed(host, error)).await),
    };
    let verdict = verdict.get().copied().unwrap_or(Verdict::Unverified);
    let mut login = Authentication::new(&mut handle, host, secrets, &inquiry, events, &state, verdict).run().await?;
    begun.begin();
    login.proxy = proxy_login;
    let handle = Arc::new(handle);
    if verdict == Verdict::Known {
        update_host_keys(host_key, announced, &handle, inquiry).await;
    }
    // What is no session of its own carries those of others; a forwarding alone may be anything.
    if host.toward.is_some() || host.session_type == SessionType::None {
        qos.carries(true);
    }
    Ok(Opened { handle, state, login, hold, qos, verified: verdict.is_trusted() })
}

/// Learns the server's other host keys: beside the session, unless the user is to be asked, which has to be done before
/// there is one.
async fn update_host_keys(
    host_key: HostKey,
    announced: oneshot::Receiver<Vec<PublicKey>>,
    handle: &Arc<Handle<Handler>>,
    inquiry: Inquiry,
) {
    if host_key.asks_about_updates() {
        host_key.update(announced, handle, &inquiry).await;
        return;
    }
    let handle = Arc::clone(handle);
    // Ends with the connection, at the latest: the announcement's other end lives in it.
    drop(tokio::spawn(async move { host_key.update(announced, &handle, &inquiry).await }));
}

/// `ConnectTimeout` also limits how long the handshake may take (ssh_config(5)).
fn handshake_limit(host: &Host) -> Duration {
    host.connect_timeout.unwrap_or(HANDSHAKE)
}

/// How long the server may leave keepalives without an answer; `None` where none are sent.
fn silence(host: &Host) -> Option<Duration> {
    let silence = host.server_alive_interval.saturating_mul(host.server_alive_count_max.saturating_add(1));
    (!host.server_alive_interval.is_zero()).then_some(silence)
}

/// The window of each channel: as much as keeps a transfer going, and no more. What is on its way to one channel is in
/// the way of the others' answers, so a flood in one tab would be felt in the next by what its window holds.
fn window(distance: Duration) -> u32 {
    let milliseconds = u32::try_from(distance.as_millis()).unwrap_or(u32::MAX);
    let narrowest = if distance < NEARBY { NARROWEST } else { FAR };
    milliseconds.saturating_mul(PER_MILLISECOND).clamp(narrowest, WIDEST)
}

fn config(host: &Host, preferred: Preferred, distance: Duration) -> Config {
    Config {
        limits: algorithms::limits(host),
        client_id: SshId::Standard(Cow::Borrowed(identification::CLIENT)),
        window_size: window(distance),
        channel_buffer_size: BUFFER,
        keepalive_interval: (!host.server_alive_interval.is_zero()).then_some(host.server_alive_interval),
        // It only asks: `Silence` decides.
        keepalive_max: 0,
        preferred,
        // The socket has it already; this only tells.
        nodelay: true,
        ..Config::default()
    }
}

/// A connection that ends during the key exchange, with or without words of the server.
fn key_exchange_failed(host: &Host, error: russh::Error) -> Error {
    match failure::of(&host.alias, silence(host).unwrap_or_default(), error) {
        Error::Lost { host, cause } => Error::KeyExchange { host, cause },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_grows_with_the_distance_within_bounds() {
        for (milliseconds, bytes) in
            [(0, NARROWEST), (3, 480_000), (20, FAR), (40, 6_400_000), (60, WIDEST), (90_000, WIDEST)]
        {
            assert_eq!(window(Duration::from_millis(milliseconds)), bytes, "{milliseconds} ms");
        }
    }
}
