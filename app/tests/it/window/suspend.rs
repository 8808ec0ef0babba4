//! A program that was stopped for a while, as by a laptop that slept: whose server lives goes on, whose server died is
//! told.

use std::time::{Duration, Instant};

use super::desk::Desk;

/// Longer than the server may be silent with the settings of these tests.
const ASLEEP: Duration = Duration::from_secs(4);

/// Lets the time pass that is the matter here.
fn sleep_through(desk: &Desk, meanwhile: impl FnOnce(&Desk)) {
    desk.signal("STOP");
    meanwhile(desk);
    std::thread::sleep(ASLEEP);
    desk.signal("CONT");
}

fn connected(count_max: u32) -> Desk {
    let mut desk = Desk::sit_down();
    desk.configure(&format!("    ServerAliveInterval 1\n    ServerAliveCountMax {count_max}\n"));
    desk.log_in();
    desk
}

#[test]
fn a_session_survives_a_sleep_that_is_longer_than_the_server_may_be_silent() {
    // With 1, a program that is stopped between a question and its answer may, once awake, look at the clock first.
    let mut desk = connected(2);
    let tab = desk.active_tab().id;
    desk.type_text("X=before\n");
    for round in 0..2 {
        sleep_through(&desk, |_| {});
        desk.type_text(&format!("echo $X-$((40 + {round}))\n"));
        desk.wait_for_text(&format!("before-4{round}"));
    }
    assert_eq!((desk.active_tab().id, desk.logins()), (tab, 1), "the same shell on the same connection");
}

#[test]
fn a_server_that_fell_silent_meanwhile_is_noticed_after_the_sleep() {
    let desk = connected(1);
    // Its sockets stay open, and nobody answers.
    sleep_through(&desk, |desk| desk.sshd.freeze());
    let awake = Instant::now();
    desk.wait_for_states(&["closed"]);
    // Two intervals, and what a loaded machine takes.
    assert!(awake.elapsed() < Duration::from_secs(20), "{:?}", awake.elapsed());
    assert!(desk.active_tab().reason.contains("no answer for 2 s"), "{}", desk.active_tab().reason);
}
