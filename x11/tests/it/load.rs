//! A server that opens channels by the thousand.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;
use tokio::time::timeout;
use x11::bridge::{Error, Limits};
use x11::setup::ByteOrder;

use crate::server::{FakeServer, GENEROUS, MIT, REAL, channel, exactly, good_setup, setup};

#[tokio::test]
async fn thousands_of_silent_channels_are_bounded_and_pass() {
    let limits = Limits { setup: Duration::from_secs(2), ..Limits::default() };
    assert_eq!(limits.half_open, 256);
    let server = FakeServer::start();
    let bridge = Arc::new(server.bridge_with(limits));
    let mut programs = Vec::new();
    let mut serving = JoinSet::new();
    for _ in 0..5_000 {
        let (program, end) = tokio::io::duplex(64);
        programs.push(program);
        let bridge = Arc::clone(&bridge);
        let _ = serving.spawn(async move { bridge.serve(end).await });
    }
    let (mut too_many, mut timed_out) = (0, 0);
    while let Some(result) = timeout(GENEROUS, serving.join_next()).await.expect("all are let go") {
        match result.unwrap() {
            Err(Error::TooMany(256)) => too_many += 1,
            Err(Error::TimedOut(_)) => timed_out += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((too_many, timed_out), (4_744, 256));
    assert_eq!(bridge.counts().refused, 5_000);
    server.assert_nobody_came();

    // The flood has left room for a program that means it.
    let (mut program, end) = channel();
    program.write_all(&good_setup(&bridge, ByteOrder::Big)).await.unwrap();
    let task = tokio::spawn(async move { bridge.serve(end).await });
    let mut display = server.accept().await;
    let expected = setup(ByteOrder::Big, MIT, REAL);
    assert_eq!(exactly(&mut display, expected.len()).await, expected);
    drop((display, program));
    task.await.unwrap().unwrap();
}

#[tokio::test]
async fn programs_that_are_in_do_not_count_as_half_open() {
    let server = FakeServer::start();
    let bridge = Arc::new(server.bridge_with(Limits { half_open: 1, ..Limits::default() }));
    let mut ends = Vec::new();
    let mut serving = JoinSet::new();
    for _ in 0..20 {
        let (mut program, end) = channel();
        program.write_all(&good_setup(&bridge, ByteOrder::Little)).await.unwrap();
        let bridge = Arc::clone(&bridge);
        let _ = serving.spawn(async move { bridge.serve(end).await });
        let mut display = server.accept().await;
        let expected = setup(ByteOrder::Little, MIT, REAL);
        assert_eq!(exactly(&mut display, expected.len()).await, expected);
        ends.push((program, display));
    }
    assert_eq!((bridge.counts().open, bridge.counts().refused), (20, 0));
    drop(ends);
    while let Some(result) = timeout(GENEROUS, serving.join_next()).await.unwrap() {
        result.unwrap().unwrap();
    }
}
