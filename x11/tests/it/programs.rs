//! Real programs on a real server, Xvfb, through a bridge.

use std::time::Duration;

use testbed::{Deadline, Xvfb};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use x11::Display;
use x11::setup::ByteOrder;

use crate::remote::{RemoteDisplay, Running};
use crate::server::{GENEROUS, MIT, setup};

fn xvfb() -> Xvfb {
    Xvfb::start(1024, 768).unwrap()
}

/// Starts a program on the remote display and sees its window on the local one.
async fn shows(name: &str, arguments: &[&str], class: &str) {
    let local = xvfb();
    let remote = RemoteDisplay::new(&local).await;
    let program = Running::start(remote.program(name).args(arguments));
    let window = local.wait_for_window(class, GENEROUS).unwrap();
    assert!(window.width > 50 && window.height > 20, "{window}");
    assert!(remote.counts().open >= 1 && remote.counts().refused == 0, "{:?}", remote.counts());
    assert!(remote.counts().up > 500 && remote.counts().down > 500, "{:?}", remote.counts());

    drop(program);
    Deadline::generous().wait_until("the channels end with the program", || remote.counts().open == 0).unwrap();
    assert!(local.windows().unwrap().is_empty());
    let heard = remote.heard();
    assert_eq!(heard.len() as u64, remote.counts().down);
    assert!(!heard.windows(16).any(|window| window == local.cookie()), "the real cookie went to the channel");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn xeyes_shows() {
    shows("xeyes", &[], "XEyes").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn xclock_shows() {
    shows("xclock", &["-update", "1"], "XClock").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn xterm_shows() {
    shows("xterm", &["-e", "cat"], "XTerm").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gtk_program_shows() {
    shows("zenity", &["--info", "--text", "hello"], "zenity").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_reads_what_the_display_is() {
    let local = xvfb();
    let remote = RemoteDisplay::new(&local).await;
    let output = remote.program("xdpyinfo").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1024x768 pixels"), "{text}");
    assert!(!text.contains("MIT-SHM"), "shared memory would flatter this test");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_programs_share_a_bridge() {
    let local = xvfb();
    let remote = RemoteDisplay::new(&local).await;
    let outputs: Vec<_> =
        (0..20).map(|_| remote.program("xdpyinfo").stdout(std::process::Stdio::piped()).spawn().unwrap()).collect();
    for output in outputs {
        assert!(output.wait_with_output().unwrap().status.success());
    }
    assert_eq!((remote.counts().accepted, remote.counts().refused), (20, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_with_a_wrong_cookie_is_told_why_and_shows_nothing() {
    let local = xvfb();
    let remote = RemoteDisplay::new(&local).await;
    remote.forget_the_cookie();
    for name in ["xdpyinfo", "xeyes"] {
        let output = remote.program(name).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(text.contains("X11 forwarding: an X11 program was refused"), "{name}: {text}");
    }
    assert!(local.windows().unwrap().is_empty());
    assert_eq!((remote.counts().accepted, remote.counts().refused), (0, 2));
    assert!(!remote.heard().windows(16).any(|window| window == local.cookie()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_hears_that_there_is_no_local_server() {
    // A socket's path and not a number: the number of a server that has ended may be another test's by now.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("X9");
    let remote = RemoteDisplay::to(Display::parse(path.to_str().unwrap()).unwrap(), None).await;
    let output = remote.program("xdpyinfo").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains(&format!("the local X11 display '{}' cannot be reached", path.display())), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_ends_with_the_local_server() {
    let mut local = xvfb();
    let remote = RemoteDisplay::new(&local).await;
    let mut xeyes = remote.program("xeyes").spawn().unwrap();
    let _ = local.wait_for_window("XEyes", GENEROUS).unwrap();
    local.kill();
    let ended = Deadline::generous().wait_for("the end of xeyes", || xeyes.try_wait().unwrap());
    if ended.is_err() {
        xeyes.kill().unwrap();
        let _ = xeyes.wait().unwrap();
    }
    assert!(!ended.unwrap().success());
    Deadline::generous().wait_until("the end of its channel", || remote.counts().open == 0).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_local_server_understands_the_set_up_of_either_byte_order() {
    let local = xvfb();
    let remote = RemoteDisplay::new(&local).await;
    for (order, read) in [
        (ByteOrder::Little, u16::from_le_bytes as fn([u8; 2]) -> u16),
        (ByteOrder::Big, u16::from_be_bytes as fn([u8; 2]) -> u16),
    ] {
        let mut program = TcpStream::connect(("127.0.0.1", remote.port())).await.unwrap();
        program.write_all(&setup(order, MIT, &remote.cookie())).await.unwrap();
        let mut reply = [0; 8];
        let read_all = program.read_exact(&mut reply);
        let _ = tokio::time::timeout(Duration::from_secs(60), read_all).await.unwrap().unwrap();
        assert_eq!(read([reply[2], reply[3]]), 11, "{order:?}: {reply:?}");
        if reply[0] != 1 {
            // Newer servers admit programs of the other order only when told to, and say so.
            let mut reason = vec![0; usize::from(reply[1])];
            let _ = program.read_exact(&mut reason).await.unwrap();
            assert!(String::from_utf8_lossy(&reason).contains("endian"), "{order:?}: {reason:?}");
        }
    }
}
