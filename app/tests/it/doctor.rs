//! What `tetherm doctor` says of a chain that holds, and of each link that does not, with real servers and real displays.

use testbed::Xvfb;
use testbed::sshd::Options;

use crate::client::{Bench, text};

/// A server that forwards, with these lines besides.
fn forwarding(lines: &[&str]) -> Bench {
    Bench::with(lines.iter().fold(Options::default().line("X11Forwarding yes"), |options, line| options.line(*line)))
}

/// What is said with these words, on a machine with this display; the exit status first.
fn said(bench: &Bench, display: Option<&Xvfb>, words: &[&str]) -> (Option<i32>, String) {
    let mut command = bench.command("doctor");
    if let Some(display) = display {
        let _ = command.env("DISPLAY", display.name()).env("XAUTHORITY", display.xauthority());
    }
    let output = command.args(words).arg("box").output().unwrap();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

fn xvfb() -> Xvfb {
    Xvfb::start(640, 480).unwrap()
}

#[test]
fn a_chain_that_holds_ends_with_a_program_that_is_let_in() {
    let (bench, display) = (forwarding(&[]), xvfb());
    for level in ["guarded", "full", "untrusted"] {
        let (status, said) = said(&bench, Some(&display), &[&format!("--x11={level}")]);
        assert_eq!(status, Some(0), "{said}");
        assert!(!said.contains("BROKEN") && said.contains("640x480") && said.contains("ok      Cookie: in "), "{said}");
        assert!(said.contains(&format!("Level of trust: {level}.")), "{said}");
        assert!(said.contains("$DISPLAY there: localhost:") && said.contains("a round trip takes"), "{said}");
    }
}

#[test]
fn a_server_that_refuses_is_told_from_one_that_has_no_shell_for_it() {
    let (bench, display) = (Bench::with(Options::default().line("X11Forwarding no")), xvfb());
    let (status, said_of_it) = said(&bench, Some(&display), &[]);
    assert_eq!(status, Some(1), "{said_of_it}");
    assert!(said_of_it.contains("refused, although xauth is there"), "{said_of_it}");
    assert!(said_of_it.contains("X11Forwarding yes"), "{said_of_it}");
    let (_, said) = said(&forwarding(&["ForceCommand true"]), Some(&display), &[]);
    assert!(said.contains("BROKEN  $DISPLAY there"), "{said}");
}

#[test]
fn a_server_whose_ports_are_closed_is_not_called_broken() {
    let (bench, display) = (forwarding(&["AllowTcpForwarding no"]), xvfb());
    let (status, said) = said(&bench, Some(&display), &["--x11=full"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("note    A program there: not tried"), "{said}");
    assert!(said.contains("ok      Cookie there"), "{said}");
}

#[test]
fn a_login_that_takes_the_display_away_is_found() {
    let (bench, display) = (forwarding(&["ForceCommand DISPLAY= sh -c \"$SSH_ORIGINAL_COMMAND\""]), xvfb());
    let (status, said) = said(&bench, Some(&display), &[]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("BROKEN  $DISPLAY there: not set") && said.contains("~/.profile"), "{said}");
}

#[test]
fn this_machine_is_looked_at_first() {
    let bench = forwarding(&[]);
    let mut command = bench.command("doctor");
    let output = command.env("DISPLAY", "nonsense").arg("box").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said_of_nonsense = text(&output.stdout);
    assert!(said_of_nonsense.contains("BROKEN  Local display: 'nonsense' is not"), "{said_of_nonsense}");

    let display = Xvfb::start_without("SECURITY", 640, 480).unwrap();
    let (status, said_untrusted) = said(&bench, Some(&display), &["--x11=untrusted"]);
    assert_eq!(status, Some(1), "{said_untrusted}");
    assert!(
        said_untrusted.contains("BROKEN  Level of trust") && said_untrusted.contains("--x11=guarded"),
        "{said_untrusted}"
    );

    let mut command = bench.command("doctor");
    let _ = command.env("DISPLAY", display.name()).env("XAUTHORITY", bench.folder.path().join("none"));
    let said_refused = text(&command.arg("box").output().unwrap().stdout);
    assert!(
        said_refused.contains("BROKEN  Display answers: it refused") && said_refused.contains("XAUTHORITY"),
        "{said_refused}"
    );
}

#[test]
fn the_sessions_display_is_found_where_no_variable_names_it() {
    let (bench, display) = (forwarding(&[]), xvfb());
    let mut command = bench.command("doctor");
    let output = command.env("XAUTHORITY", display.xauthority()).arg("box").output().unwrap();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("your session's") && said.contains("a round trip takes"), "{said}");
}

#[test]
fn words_that_mean_nothing_are_told_and_nothing_is_tried() {
    let bench = forwarding(&[]);
    let (status, said) = said(&bench, None, &["-Z"]);
    assert_eq!(status, Some(255), "{said}");
    assert!(said.contains("unknown option -- Z") && said.contains("usage: tetherm doctor"), "{said}");
    assert!(!said.contains("This machine"), "{said}");
}
