//! Who is let in and who is not, byte by byte.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use x11::bridge::{Counts, Error, Limits};
use x11::setup::ByteOrder;
use x11::{Bridge, Display};

use crate::server::{
    FakeServer, GENEROUS, MIT, ORDERS, REAL, channel, exactly, fake, good_setup, greeting, no_operation, reason, serve,
    setup, the_end,
};

/// Lets a program in that sends `bytes`, and returns what the display got within the first `expected` bytes.
async fn let_in(server: &FakeServer, bridge: &Bridge, bytes: &[u8], expected: usize) -> Vec<u8> {
    let (mut program, end) = channel();
    program.write_all(bytes).await.unwrap();
    let display = async {
        let mut stream = server.accept().await;
        let got = exactly(&mut stream, expected).await;
        drop((stream, program));
        got
    };
    let (result, got) = tokio::join!(bridge.serve(end), display);
    result.unwrap();
    got
}

#[tokio::test]
async fn the_right_cookie_becomes_the_real_one() {
    for order in ORDERS {
        let server = FakeServer::start();
        let bridge = server.bridge();
        let expected = setup(order, MIT, REAL);
        let got = let_in(&server, &bridge, &good_setup(&bridge, order), expected.len()).await;
        assert_eq!(got, expected, "{order:?}");
        assert_eq!((bridge.counts().accepted, bridge.counts().refused), (1, 0));
    }
}

#[tokio::test]
async fn a_real_cookie_of_another_length_is_padded_anew() {
    for real in [&b"short"[..], b"a cookie of twenty-three"] {
        let server = FakeServer::start();
        testbed::display::write_authority(&server.xauthority(), 7, real).unwrap();
        let bridge = server.bridge();
        let expected = setup(ByteOrder::Big, MIT, real);
        assert_eq!(let_in(&server, &bridge, &good_setup(&bridge, ByteOrder::Big), expected.len()).await, expected);
    }
}

#[tokio::test]
async fn a_set_up_may_come_byte_by_byte() {
    let server = FakeServer::start();
    let bridge = server.bridge();
    // A channel of one byte: not even two can arrive together.
    let (mut program, end) = tokio::io::duplex(1);
    let bytes = good_setup(&bridge, ByteOrder::Little);
    let expected = setup(ByteOrder::Little, MIT, REAL);
    let display = async {
        program.write_all(&bytes).await.unwrap();
        let mut stream = server.accept().await;
        let got = exactly(&mut stream, expected.len()).await;
        drop((stream, program));
        got
    };
    let (result, got) = tokio::join!(bridge.serve(end), display);
    result.unwrap();
    assert_eq!(got, expected);
}

#[tokio::test]
async fn what_comes_with_the_set_up_is_passed_on_behind_it() {
    let server = FakeServer::start();
    let bridge = server.bridge();
    let request = no_operation(ByteOrder::Big, 12, b'r');
    let (mut program, end) = channel();
    program.write_all(&[good_setup(&bridge, ByteOrder::Big), request.clone()].concat()).await.unwrap();
    let display = async {
        let mut stream = server.accept().await;
        let expected = setup(ByteOrder::Big, MIT, REAL);
        assert_eq!(exactly(&mut stream, expected.len()).await, expected);
        // Its first words say which ids are the program's, so no request is passed on before them.
        stream.write_all(&greeting(ByteOrder::Big)).await.unwrap();
        assert_eq!(exactly(&mut stream, request.len()).await, request);
        drop((stream, program));
    };
    let (result, ()) = tokio::join!(bridge.serve(end), display);
    result.unwrap();
}

#[tokio::test]
async fn a_display_without_a_cookie_gets_an_empty_authorization() {
    for order in ORDERS {
        let server = FakeServer::start();
        std::fs::remove_file(server.xauthority()).unwrap();
        let bridge = server.bridge();
        let expected = setup(order, b"", b"");
        assert_eq!(let_in(&server, &bridge, &good_setup(&bridge, order), expected.len()).await, expected);
    }
}

#[tokio::test]
async fn a_cookie_that_changed_since_is_looked_up_again() {
    let server = FakeServer::start();
    let bridge = server.bridge();
    for real in [b"one-one-one-one-", b"two-two-two-two-"] {
        testbed::display::write_authority(&server.xauthority(), 7, real).unwrap();
        let expected = setup(ByteOrder::Little, MIT, real);
        assert_eq!(let_in(&server, &bridge, &good_setup(&bridge, ByteOrder::Little), expected.len()).await, expected);
    }
}

#[tokio::test]
async fn a_wrong_cookie_or_protocol_is_refused_before_the_display_hears_of_it() {
    for order in ORDERS {
        let server = FakeServer::start();
        let bridge = server.bridge();
        let fake = fake(&bridge);
        let mut close = fake.clone();
        close[15] ^= 1;
        for (name, data) in [
            (MIT, &close[..]),
            (MIT, &fake[..15]),
            (MIT, &[fake.clone(), vec![0]].concat()),
            (MIT, b""),
            (MIT, REAL),
            (b"MIT-MAGIC-COOKIE-2", &fake),
            (b"XDM-AUTHORIZATION-1", &fake),
            (b"", b""),
        ] {
            let (result, reply) = serve(&bridge, &setup(order, name, data)).await;
            assert!(matches!(result, Err(Error::WrongCookie)), "{name:?} {data:?}: {result:?}");
            assert!(reason(&reply, order).contains("did not present this connection's cookie"));
        }
        server.assert_nobody_came();
        assert_eq!(bridge.counts(), Counts { refused: 8, ..Counts::default() });
    }
}

#[tokio::test]
async fn a_set_up_longer_than_any_real_one_is_refused_by_its_header() {
    for order in ORDERS {
        let server = FakeServer::start();
        let bridge = server.bridge();
        for (name, data) in [(65_535, 0), (65, 16), (18, 257), (65_535, 65_535)] {
            let bytes = setup(order, &vec![b'n'; name], &vec![b'd'; data]);
            let (result, reply) = serve(&bridge, &bytes[..12]).await;
            assert!(matches!(result, Err(Error::Setup(_))), "{name}, {data}: {result:?}");
            assert!(reason(&reply, order).contains("too long"));
        }
        server.assert_nobody_came();
    }
}

#[tokio::test]
async fn what_is_not_x11_is_closed_without_a_word() {
    let server = FakeServer::start();
    let bridge = server.bridge();
    for bytes in [&b"GET / HTTP/1.0\r\n"[..], b"\0", b"SSH-2.0-x"] {
        let (result, reply) = serve(&bridge, bytes).await;
        assert!(matches!(result, Err(Error::Setup(_))), "{result:?}");
        assert_eq!(reply, b"");
    }
    server.assert_nobody_came();
}

#[tokio::test]
async fn a_program_that_goes_away_within_its_set_up_frees_its_channel() {
    let server = FakeServer::start();
    let bridge = server.bridge();
    let whole = good_setup(&bridge, ByteOrder::Big);
    for length in [0, 1, 11, 12, 30, whole.len() - 1] {
        for half_close in [true, false] {
            let (mut program, end) = channel();
            program.write_all(&whole[..length]).await.unwrap();
            // Either it ends what it sends and goes on listening, or it is gone altogether.
            let listening = if half_close {
                program.shutdown().await.unwrap();
                Some(program)
            } else {
                drop(program);
                None
            };
            let result = tokio::time::timeout(GENEROUS, bridge.serve(end)).await.expect("the channel is freed");
            assert!(matches!(result, Err(Error::Ended)), "{length}: {result:?}");
            drop(listening);
        }
    }
    server.assert_nobody_came();
    assert_eq!(bridge.counts().refused, 12);
}

#[tokio::test]
async fn a_silent_program_is_given_up_after_the_deadline() {
    assert_eq!(Limits::default().setup, Duration::from_secs(10));
    let server = FakeServer::start();
    let bridge = server.bridge_with(Limits { setup: Duration::from_millis(200), ..Limits::default() });
    let whole = good_setup(&bridge, ByteOrder::Little);
    for length in [0, 5, 12, whole.len() - 1] {
        let started = std::time::Instant::now();
        let (result, _) = serve(&bridge, &whole[..length]).await;
        assert!(matches!(result, Err(Error::TimedOut(_))), "{length}: {result:?}");
        assert!(started.elapsed() >= Duration::from_millis(200));
    }
    server.assert_nobody_came();
}

#[tokio::test]
async fn an_absent_display_is_named_to_the_program() {
    for order in ORDERS {
        let display = Display::parse("/nonexistent/folder/X3").unwrap();
        let bridge = Bridge::with(display, None, Limits::default());
        let (result, reply) = serve(&bridge, &good_setup(&bridge, order)).await;
        assert!(matches!(result, Err(Error::Display { .. })), "{result:?}");
        assert!(reason(&reply, order).contains("'/nonexistent/folder/X3' cannot be reached: No such file"));
        assert_eq!(bridge.counts(), Counts { refused: 1, ..Counts::default() });
    }
}

#[tokio::test]
async fn a_display_that_is_not_listening_is_reached_again_when_it_is() {
    let mut server = FakeServer::start();
    let bridge = server.bridge();
    server.stop();
    let (result, _) = serve(&bridge, &good_setup(&bridge, ByteOrder::Big)).await;
    assert!(matches!(result, Err(Error::Display { .. })), "{result:?}");
    server.listen();
    let expected = setup(ByteOrder::Big, MIT, REAL);
    assert_eq!(let_in(&server, &bridge, &good_setup(&bridge, ByteOrder::Big), expected.len()).await, expected);
}

#[tokio::test]
async fn a_display_on_tcp_is_reached_at_port_6000_and_its_number() {
    let (listener, number) = loop {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        if let Some(number) = listener.local_addr().unwrap().port().checked_sub(6000) {
            break (listener, number);
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Xauthority");
    testbed::display::write_authority(&file, number, REAL).unwrap();
    let display = Display::parse(&format!("127.0.0.1:{number}.0")).unwrap();
    let bridge = Bridge::with(display, Some(file), Limits::default());
    let (mut program, end) = channel();
    program.write_all(&good_setup(&bridge, ByteOrder::Big)).await.unwrap();
    let expected = setup(ByteOrder::Big, MIT, REAL);
    let display = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let got = exactly(&mut stream, expected.len()).await;
        drop((stream, program));
        got
    };
    let (result, got) = tokio::join!(bridge.serve(end), display);
    result.unwrap();
    assert_eq!(got, expected);
}

#[tokio::test]
async fn the_real_cookie_never_goes_to_the_channel() {
    let server = FakeServer::start();
    let bridge = server.bridge();
    let hex: String = REAL.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut heard = Vec::new();
    for order in ORDERS {
        heard.extend(serve(&bridge, &setup(order, MIT, b"wrong")).await.1);
        heard.extend(serve(&bridge, &setup(order, &[b'n'; 65], b"")).await.1);
        let (mut program, end) = channel();
        program.write_all(&good_setup(&bridge, order)).await.unwrap();
        let display = async {
            let mut stream = server.accept().await;
            let expected = setup(order, MIT, REAL);
            assert_eq!(exactly(&mut stream, expected.len()).await, expected);
            stream.write_all(b"what the display says").await.unwrap();
            drop(stream);
            heard.extend(the_end(&mut program).await);
            drop(program);
        };
        let (result, ()) = tokio::join!(bridge.serve(end), display);
        result.unwrap();
    }
    assert!(heard.len() > 300, "the test heard nothing");
    assert!(!heard.windows(REAL.len()).any(|window| window == REAL));
    assert!(!String::from_utf8_lossy(&heard).contains(&hex));
    assert_ne!(bridge.cookie().to_hex(), hex);
}
