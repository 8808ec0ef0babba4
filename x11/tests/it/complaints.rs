//! What the log says, and what it does not.

use std::sync::{Mutex, Once};

use log::{Level, LevelFilter, Log, Metadata, Record};
use tokio::io::AsyncWriteExt as _;
use x11::bridge::Limits;
use x11::setup::ByteOrder;
use x11::{Bridge, Display};

use crate::server::{FakeServer, MIT, REAL, channel, exactly, fake, good_setup, serve, setup, the_end};

/// All that was logged by all tests of this process, which run at the same time.
static LINES: Mutex<Vec<(Level, String)>> = Mutex::new(Vec::new());

struct Recorder;

impl Log for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        LINES.lock().unwrap().push((record.level(), record.args().to_string()));
    }

    fn flush(&self) {}
}

fn record() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Recorder).unwrap();
        log::set_max_level(LevelFilter::Trace);
    });
}

/// How often a warning and how often something less was logged that holds `part`.
fn logged(part: &str) -> (usize, usize) {
    let lines = LINES.lock().unwrap();
    let count = |warning: bool| {
        lines.iter().filter(|(level, line)| line.contains(part) && (*level == Level::Warn) == warning).count()
    };
    (count(true), count(false))
}

#[tokio::test]
async fn each_kind_of_trouble_is_a_warning_once_per_bridge() {
    record();
    for expected in [1, 2] {
        // The path is this test's alone, so its lines are too.
        let display = Display::parse("/nonexistent/complaints/X1").unwrap();
        let bridge = Bridge::with(display, None, Limits::default());
        for _ in 0..5 {
            let (result, _) = serve(&bridge, &good_setup(&bridge, ByteOrder::Big)).await;
            assert!(result.is_err());
        }
        assert_eq!(logged("/nonexistent/complaints/X1"), (expected, expected * 4));
    }
}

#[tokio::test]
async fn a_damaged_xauthority_file_is_named_and_the_display_decides() {
    record();
    let server = FakeServer::start();
    let path = server.xauthority();
    std::fs::write(&path, [1, 0, 0xff, 0xff, b'x']).unwrap();
    let bridge = server.bridge();
    let (mut program, end) = channel();
    program.write_all(&good_setup(&bridge, ByteOrder::Little)).await.unwrap();
    let display = async {
        let mut stream = server.accept().await;
        let expected = setup(ByteOrder::Little, b"", b"");
        assert_eq!(exactly(&mut stream, expected.len()).await, expected);
        drop(program);
    };
    let (result, ()) = tokio::join!(bridge.serve(end), display);
    result.unwrap();
    assert_eq!(logged(&path.display().to_string()), (1, 0));
}

#[tokio::test]
async fn a_display_that_refuses_is_quoted_to_the_program_and_to_the_log() {
    record();
    let server = FakeServer::start();
    let bridge = server.bridge();
    let (mut program, end) = channel();
    program.write_all(&good_setup(&bridge, ByteOrder::Little)).await.unwrap();
    let refusal = x11::setup::failed(ByteOrder::Little, "\x1b[1mthe quoted reason");
    let display = async {
        let mut stream = server.accept().await;
        let expected = setup(ByteOrder::Little, MIT, REAL);
        assert_eq!(exactly(&mut stream, expected.len()).await, expected);
        stream.write_all(&refusal).await.unwrap();
        drop(stream);
        let heard = the_end(&mut program).await;
        drop(program);
        heard
    };
    let (result, heard) = tokio::join!(bridge.serve(end), display);
    result.unwrap();
    assert_eq!(heard, refusal);
    assert_eq!(logged("the quoted reason"), (1, 0));
    assert_eq!(logged("\x1b["), (0, 0), "control characters of others stay out of the log");
}

#[tokio::test]
async fn no_cookie_is_ever_logged() {
    record();
    let server = FakeServer::start();
    let bridge = server.bridge();
    let (result, _) = serve(&bridge, &setup(ByteOrder::Big, MIT, b"wrong-but-secret")).await;
    assert!(result.is_err());
    let text = format!("{:?} {bridge:?} {result:?}", LINES.lock().unwrap());
    for secret in [&REAL[..], b"wrong-but-secret", &fake(&bridge)] {
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!text.contains(&hex) && !text.contains(&*String::from_utf8_lossy(secret)));
        assert!(!text.contains(&format!("{secret:?}")));
    }
}
