//! Programs that are as untrusted as the display's SECURITY extension has it.

use std::time::Duration;

use testbed::Xvfb;
use x11::Trust;
use x11::bridge::Error;

use crate::remote::{RemoteDisplay, bridge};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_display_itself_restricts_an_untrusted_program() {
    let local = Xvfb::start(640, 480).unwrap();
    let remote = RemoteDisplay::untrusted(&local, Duration::from_secs(1200)).await;
    assert_eq!(remote.bridge().trust(), Trust::Untrusted);
    let output = remote.program("xdpyinfo").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("BIG-REQUESTS") && !text.contains("RENDER") && !text.contains("XTEST"), "{text}");
    let output = remote.program("xwd").args(["-root", "-silent"]).output().unwrap();
    assert!(!output.status.success());
    // The display's own cookie opens everything, and is not the one that this bridge uses.
    assert!(!remote.heard().windows(16).any(|window| window == local.cookie()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_untrusted_program_is_let_in_only_within_the_time() {
    let local = Xvfb::start(640, 480).unwrap();
    let remote = RemoteDisplay::untrusted(&local, Duration::from_nanos(1)).await;
    let output = remote.program("xdpyinfo").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains("ForwardX11Timeout"), "{text}");
    assert_eq!((remote.counts().accepted, remote.counts().refused), (0, 1));
    // Zero is for ever.
    let remote = RemoteDisplay::untrusted(&local, Duration::ZERO).await;
    assert!(remote.program("xdpyinfo").output().unwrap().status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_display_that_cannot_restrict_programs_is_said_to_be_one() {
    let local = Xvfb::start_without("SECURITY", 640, 480).unwrap();
    let error = bridge(&local).untrusted(Duration::ZERO).await.unwrap_err();
    assert!(matches!(error, Error::Display { .. }));
    assert!(error.to_string().contains("no SECURITY extension"), "{error}");
}
