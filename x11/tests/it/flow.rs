//! Bytes in both directions once a program is in, and how a channel ends.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncWriteExt as _, DuplexStream};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use x11::Bridge;
use x11::bridge::{Counts, Error, Limits};
use x11::setup::ByteOrder;

use crate::server::{
    FakeServer, GENEROUS, MIT, REAL, channel, exactly, good_setup, greeting, no_operation, setup, the_end,
};

/// A program that was let in.
struct Joined {
    program: DuplexStream,
    display: UnixStream,
    bridge: Arc<Bridge>,
    serving: JoinHandle<Result<(), Error>>,
    setup: u64,
}

impl Joined {
    async fn new(limits: Limits) -> Self {
        let server = FakeServer::start();
        let bridge = Arc::new(server.bridge_with(limits));
        let (mut program, end) = channel();
        let sent = good_setup(&bridge, ByteOrder::Little);
        program.write_all(&sent).await.unwrap();
        let serving = tokio::spawn({
            let bridge = Arc::clone(&bridge);
            async move { bridge.serve(end).await }
        });
        let mut display = server.accept().await;
        let expected = setup(ByteOrder::Little, MIT, REAL);
        assert_eq!(exactly(&mut display, expected.len()).await, expected);
        let greeting = greeting(ByteOrder::Little);
        display.write_all(&greeting).await.unwrap();
        assert_eq!(exactly(&mut program, greeting.len()).await, greeting);
        Self { program, display, bridge, serving, setup: sent.len() as u64 }
    }

    async fn ended(self) -> Counts {
        timeout(GENEROUS, self.serving).await.expect("the channel ends").unwrap().unwrap();
        self.bridge.counts()
    }
}

#[tokio::test]
async fn requests_and_replies_pass_at_once_and_are_counted() {
    let mut joined = Joined::new(Limits::default()).await;
    for round in 0..100_u8 {
        let request = no_operation(ByteOrder::Little, 8, round);
        joined.program.write_all(&request).await.unwrap();
        assert_eq!(exactly(&mut joined.display, 8).await, request);
        joined.display.write_all(&[round; 32]).await.unwrap();
        assert_eq!(exactly(&mut joined.program, 32).await, [round; 32]);
    }
    let up = joined.setup + 800;
    let down = greeting(ByteOrder::Little).len() as u64 + 3200;
    assert_eq!(joined.bridge.counts(), Counts { open: 1, accepted: 1, refused: 0, up, down });
    joined.display.shutdown().await.unwrap();
    let _ = the_end(&mut joined.program).await;
    joined.program.shutdown().await.unwrap();
    assert_eq!(joined.ended().await, Counts { open: 0, accepted: 1, refused: 0, up, down });
}

#[tokio::test]
async fn much_passes_both_ways_at_once_unaltered() {
    const MUCH: usize = 8 << 20;
    let joined = Joined::new(Limits::default()).await;
    let Joined { program, display, bridge, serving, setup } = joined;
    let down = bridge.counts().down;
    // Requests of 64 KiB, and in the other direction something that needs no more sense than they have.
    let images = (0..MUCH >> 16).flat_map(|_| {
        let mut request = no_operation(ByteOrder::Little, 1 << 16, 0);
        for (at, byte) in request.iter_mut().enumerate().skip(4) {
            *byte = (at * 31 % 251) as u8;
        }
        request
    });
    let images: Arc<Vec<u8>> = Arc::new(images.collect());
    let pass = |mut reader: Box<dyn tokio::io::AsyncRead + Unpin + Send>,
                mut writer: Box<dyn tokio::io::AsyncWrite + Unpin + Send>| {
        let images = Arc::clone(&images);
        async move {
            let send = async {
                writer.write_all(&images).await.unwrap();
                writer.shutdown().await.unwrap();
            };
            let ((), got) = tokio::join!(send, the_end(&mut reader));
            assert!(got == *images, "{} bytes arrived, altered", got.len());
        }
    };
    let (program_reader, program_writer) = tokio::io::split(program);
    let (display_reader, display_writer) = tokio::io::split(display);
    tokio::join!(
        pass(Box::new(program_reader), Box::new(program_writer)),
        pass(Box::new(display_reader), Box::new(display_writer)),
    );
    timeout(GENEROUS, serving).await.unwrap().unwrap().unwrap();
    assert_eq!((bridge.counts().up, bridge.counts().down), (setup + MUCH as u64, down + MUCH as u64));
}

#[tokio::test]
async fn a_program_that_ends_its_requests_still_hears_the_replies() {
    let mut joined = Joined::new(Limits::default()).await;
    let request = no_operation(ByteOrder::Little, 12, b'l');
    joined.program.write_all(&request).await.unwrap();
    joined.program.shutdown().await.unwrap();
    assert_eq!(the_end(&mut joined.display).await, request);
    joined.display.write_all(b"last reply").await.unwrap();
    joined.display.shutdown().await.unwrap();
    assert_eq!(the_end(&mut joined.program).await, b"last reply");
    let _ = joined.ended().await;
}

#[tokio::test]
async fn a_display_that_ends_ends_the_program() {
    let mut joined = Joined::new(Limits::default()).await;
    joined.display.write_all(b"last event").await.unwrap();
    let Joined { mut program, display, bridge, serving, .. } = joined;
    drop(display);
    assert_eq!(the_end(&mut program).await, b"last event");
    drop(program);
    timeout(GENEROUS, serving).await.unwrap().unwrap().unwrap();
    assert_eq!(bridge.counts().open, 0);
}

#[tokio::test]
async fn a_display_that_neither_answers_nor_closes_does_not_keep_a_dead_programs_channel() {
    let limits = Limits { linger: Duration::from_millis(200), ..Limits::default() };
    let mut joined = Joined::new(limits).await;
    joined.program.shutdown().await.unwrap();
    let started = std::time::Instant::now();
    // The display's end stays open until the channel has been let go.
    let Joined { display, serving, .. } = joined;
    timeout(GENEROUS, serving).await.expect("the channel is let go").unwrap().unwrap();
    assert!(started.elapsed() >= Duration::from_millis(150), "it was not given its time");
    drop(display);
}

#[tokio::test]
async fn a_program_that_still_receives_is_not_cut_off() {
    let limits = Limits { linger: Duration::from_secs(1), ..Limits::default() };
    let mut joined = Joined::new(limits).await;
    joined.program.shutdown().await.unwrap();
    // In all twice as long as silence may last, but never silent for nearly as long.
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        joined.display.write_all(b"an event that has thirty-two byt").await.unwrap();
        assert_eq!(exactly(&mut joined.program, 32).await, b"an event that has thirty-two byt");
    }
    let Joined { display, serving, .. } = joined;
    drop(display);
    timeout(GENEROUS, serving).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn giving_up_a_channel_disconnects_its_program_from_the_display() {
    let Joined { mut program, mut display, bridge, serving, .. } = Joined::new(Limits::default()).await;
    serving.abort();
    assert_eq!(the_end(&mut display).await, b"");
    assert_eq!(the_end(&mut program).await, b"");
    let _ = serving.await;
    assert_eq!(bridge.counts().open, 0);
}
