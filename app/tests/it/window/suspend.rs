//! A program that was stopped for a while, as by a laptop that slept: whose server lives goes on, whose server died is
//! told.

use std::time::{Duration, Instant};

use testbed::Deadline;

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

/// A desk whose server is asked after so many seconds of silence, once.
fn connected(interval: u32) -> Desk {
    let mut desk = Desk::sit_down();
    desk.configure(&format!("    ServerAliveInterval {interval}\n    ServerAliveCountMax 1\n"));
    desk.log_in();
    desk
}

#[test]
fn a_session_survives_a_sleep_that_is_longer_than_the_server_may_be_silent() {
    let mut desk = connected(1);
    let tab = desk.active_tab().id;
    desk.type_text("X=before\n");
    for round in 0..2 {
        sleep_through(&desk, |_| {});
        desk.type_text(&format!("echo $X-$((40 + {round}))\n"));
        desk.wait_for_text(&format!("before-4{round}"));
    }
    assert_eq!((desk.active_tab().id, desk.logins()), (tab, 1), "the same shell on the same connection");
}

/// Whether something lies unread at the server's end of a connection (proc_net_tcp(5)).
fn has_unread(port: u16) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let local = format!(":{port:04X}");
    table.lines().any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let unread = fields.get(4).and_then(|queues| queues.split_once(':')).map(|(_, unread)| unread);
        // State 1 is an established connection.
        fields.get(1).is_some_and(|address| address.ends_with(&local))
            && fields.get(3) == Some(&"01")
            && unread.is_some_and(|unread| unread != "00000000")
    })
}

#[test]
fn a_program_that_is_stopped_between_a_question_and_its_answer_looks_for_the_answer_first() {
    // Long enough to be stopped in time, and shorter than the sleep.
    let mut desk = connected(3);
    desk.type_text("X=before\n");
    for round in 0..3 {
        desk.type_text(&format!("echo $X-$((40 + {round}))\n"));
        desk.wait_for_text(&format!("before-4{round}"));
        // The question is there, and so is, when the program wakes up, the answer.
        desk.sshd.freeze();
        let asked = Deadline::generous().wait_until("a question", || has_unread(desk.sshd.port()));
        sleep_through(&desk, |desk| {
            asked.unwrap();
            desk.sshd.thaw();
        });
    }
    desk.type_text("echo $X-end\n");
    desk.wait_for_text("before-end");
    assert_eq!(desk.logins(), 1, "the same shell on the same connection");
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
