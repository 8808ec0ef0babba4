//! How the end of a connection is noticed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use term::ssh::channel::{Program, Request};
use term::ssh::{Connection, Error, Secrets};
use testbed::Sshd;

use crate::relay::Relay;
use crate::user::{LIMIT, host, nobody, open};

async fn closed(connection: &Connection) -> Arc<Error> {
    tokio::time::timeout(LIMIT, connection.closed()).await.expect("the end is not noticed")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_is_noticed_within_a_second_and_can_be_reached_again() {
    let mut server = Sshd::start().unwrap();
    let host = host(&server);
    let (events, _) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(connection.is_open());
    server.stop();
    let start = Instant::now();
    let error = closed(&connection).await;
    assert!(start.elapsed() < Duration::from_secs(1));
    assert!(matches!(&*error, Error::Lost { .. }), "{error}");
    assert!(!connection.is_open());
    let request = Request { program: Program::Exec("true".to_owned()), ..Request::default() };
    let refused = connection.channel(request, &events).await.unwrap_err();
    assert!(matches!(&refused, Error::Lost { .. }), "{refused}");
    server.restart().unwrap();
    let again = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(again.is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_went_away_is_noticed_by_keepalives() {
    let server = Sshd::start().unwrap();
    let relay = Relay::to(server.port()).await;
    let mut host = host(&server);
    host.port = relay.port;
    let line = server.known_hosts_line().unwrap().replace(&server.port().to_string(), &relay.port.to_string());
    std::fs::write(&host.user_known_hosts_file[0], line).unwrap();
    host.server_alive_interval = Duration::from_secs(1);
    host.server_alive_count_max = 1;
    let (events, _) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    relay.stop();
    let start = Instant::now();
    let error = closed(&connection).await;
    assert!(matches!(&*error, Error::Unresponsive { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_last_owner_says_goodbye() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let other = Arc::clone(&connection);
    drop(connection);
    assert!(other.is_open());
    drop(other);
    let waiting = tokio::task::spawn_blocking(move || {
        assert!(server.wait_for_log("disconnected by user", LIMIT), "{}", server.log());
    });
    waiting.await.unwrap();
}
