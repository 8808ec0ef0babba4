//! X11 forwarding through a real sshd to a real X server, with real programs.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use ::x11::bridge::Limits;
use ::x11::{Bridge, Display, Trust};
use term::session::Options as How;
use term::ssh::channel::{Message, Program, Request};
use term::ssh::{Connection, Events, Host, Secrets};
use term::{Session, Terminal};
use testbed::sshd::Options;
use testbed::{Deadline, Sshd, Xvfb, process};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::rogue::Rogue;
use crate::session::{shows, terminal};
use crate::user::{LIMIT, Seen, host, nobody, open};

/// A server whose programs find no desktop but the forwarded one.
fn sshd(forwarding: &str) -> Sshd {
    let options = Options::default()
        .line(format!("X11Forwarding {forwarding}"))
        .environment("GDK_BACKEND", "x11")
        .environment("NO_AT_BRIDGE", "1");
    Sshd::start_with(options).unwrap()
}

fn xvfb() -> Xvfb {
    Xvfb::start(1024, 768).unwrap()
}

fn bridge(local: &Xvfb) -> Arc<Bridge> {
    let display = Display::parse(&local.name()).unwrap();
    Arc::new(Bridge::with(display, Some(local.xauthority()), Limits::default()))
}

/// A shell that asks for X11 forwarding through `bridge`.
async fn shell(connection: &Connection, bridge: Option<&Arc<Bridge>>, events: &Events) -> (Session, Arc<Terminal>) {
    let terminal = terminal();
    let how = How { x11: bridge.cloned(), ..How::default() };
    (Session::open(connection, Arc::clone(&terminal), how, events.clone()).await.unwrap(), terminal)
}

/// Shows that a shell works, by a word that does not stand in what is typed.
async fn works(shell: &(Session, Arc<Terminal>), word: &str) {
    let (start, end) = word.split_at(1);
    shell.0.write(format!("echo {start}''{end}\r").as_bytes());
    shows(&shell.1, &format!("\n{word}")).await;
}

/// Runs a command with X11 forwarding to its end: standard output, standard error, status.
async fn run(connection: &Connection, bridge: &Arc<Bridge>, events: &Events, command: &str) -> (String, String, u32) {
    let program = Program::Exec(command.to_owned());
    let request = Request { x11: Some(Arc::clone(bridge)), program, ..Request::default() };
    let mut channel = connection.channel(request, events).await.unwrap();
    let (mut out, mut err, mut status) = (Vec::new(), Vec::new(), u32::MAX);
    while let Some(message) = timeout(LIMIT, channel.next()).await.expect("the command does not end") {
        match message {
            Message::Data(bytes) => out.extend(bytes),
            Message::Extended(bytes) => err.extend(bytes),
            Message::ExitStatus(code) => status = code,
            Message::Eof | Message::ExitSignal(_) => {}
        }
    }
    (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap(), status)
}

struct User {
    connection: Arc<Connection>,
    events: Events,
    seen: Seen,
}

async fn user(host: &Host) -> User {
    let (events, seen) = nobody();
    let connection = open(host, Secrets::default(), &events).await.unwrap();
    User { connection, events, seen }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_started_in_the_shell_show_on_the_local_display() {
    let (server, local) = (sshd("yes"), xvfb());
    let user = user(&host(&server)).await;
    let bridge = bridge(&local);
    let shell = shell(&user.connection, Some(&bridge), &user.events).await;
    shell.0.write(b"xeyes & xclock & xterm & zenity --info --text hello &\r");
    for class in ["XEyes", "XClock", "XTerm", "zenity"] {
        let _ =
            local.wait_for_window(class, LIMIT).unwrap_or_else(|error| panic!("{error}\n{}", shell.1.visible_text()));
    }
    let counts = bridge.counts();
    assert!(counts.open >= 4 && counts.refused == 0, "{counts:?}");
    works(&shell, "alive").await;
    assert_eq!(user.seen.notices(), [""; 0]);
    assert!(!server.log().contains(&bridge.cookie().to_hex()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_never_learns_the_real_cookie() {
    let (server, local) = (sshd("yes"), xvfb());
    let user = user(&host(&server)).await;
    let bridge = bridge(&local);
    let (out, err, _) = run(&user.connection, &bridge, &user.events, "xauth list; env; xdpyinfo >/dev/null").await;
    let hex: String = local.cookie().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(out.contains(&bridge.cookie().to_hex()), "xauth knows the fake cookie: {out}{err}");
    assert!(!out.contains(&hex) && !err.contains(&hex) && !server.log().contains(&hex));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_with_a_wrong_cookie_is_refused_and_the_user_told_once() {
    let (server, local) = (sshd("yes"), xvfb());
    let user = user(&host(&server)).await;
    let bridge = bridge(&local);
    let command = "xauth -q add $DISPLAY . 00112233445566778899aabbccddeeff; xeyes; xeyes; xdpyinfo";
    let (out, err, status) = run(&user.connection, &bridge, &user.events, command).await;
    assert_eq!((out.as_str(), status), ("", 1), "{err}");
    assert_eq!(err.matches("X11 forwarding: an X11 program was refused").count(), 3, "{err}");
    assert!(local.windows().unwrap().is_empty());
    assert_eq!((bridge.counts().accepted, bridge.counts().refused), (0, 3));
    let notice = user.seen.notice("did not present this connection's cookie").await;
    assert_eq!(user.seen.notices(), [notice]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_forwarding_costs_a_notice_and_not_the_shell() {
    let (server, local) = (sshd("no"), xvfb());
    let user = user(&host(&server)).await;
    let shell = shell(&user.connection, Some(&bridge(&local)), &user.events).await;
    let _ = user.seen.notice("The server refused X11 forwarding").await;
    works(&shell, "alive").await;
    shell.0.write(b"xeyes\r");
    shows(&shell.1, "Can't open display").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sessions_of_a_connection_share_its_bridge() {
    let (server, local) = (sshd("yes"), xvfb());
    let user = user(&host(&server)).await;
    let bridge = bridge(&local);
    let one = shell(&user.connection, Some(&bridge), &user.events).await;
    let two = shell(&user.connection, Some(&bridge), &user.events).await;
    one.0.write(b"xeyes &\r");
    two.0.write(b"xclock &\r");
    for class in ["XEyes", "XClock"] {
        let _ = local.wait_for_window(class, LIMIT).unwrap();
    }
    assert_eq!((bridge.counts().open, bridge.counts().refused), (2, 0));
    // The end of one session leaves the other its programs.
    one.0.write(b"kill %1; exit\r");
    let _ = timeout(LIMIT, one.0.ended()).await.expect("the first shell ends");
    works(&two, "alive").await;
    let windows = local.windows().unwrap();
    assert!(windows.iter().any(|window| window.is("XClock")), "{windows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shell_outlives_the_local_x_server() {
    let (server, mut local) = (sshd("yes"), xvfb());
    let user = user(&host(&server)).await;
    let bridge = bridge(&local);
    let shell = shell(&user.connection, Some(&bridge), &user.events).await;
    shell.0.write(b"xeyes &\r");
    let _ = local.wait_for_window("XEyes", LIMIT).unwrap();
    local.kill();
    Deadline::generous().wait_until("the end of the channel", || bridge.counts().open == 0).unwrap();
    works(&shell, "alive").await;
    assert!(user.connection.is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shell_answers_beside_a_local_x_server_that_hangs() {
    let (server, local) = (sshd("yes"), xvfb());
    let user = user(&host(&server)).await;
    let bridge = bridge(&local);
    let shell = shell(&user.connection, Some(&bridge), &user.events).await;
    shell.0.write(b"x11perf -repeat 1000 -time 1 -putimage500 >/dev/null 2>&1 &\r");
    Deadline::generous().wait_until("images", || bridge.counts().up > 1_000_000).unwrap();
    local.suspend().unwrap();
    for word in ["one", "two", "three"] {
        let started = std::time::Instant::now();
        works(&shell, word).await;
        assert!(started.elapsed() < Duration::from_secs(10), "the shell hung for {:?}", started.elapsed());
    }
    local.resume().unwrap();
    shell.0.write(b"kill %1\r");
    works(&shell, "alive").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_that_were_not_asked_for_are_refused_however_many() {
    let mut server = Rogue::start().await;
    let user = user(&server.host()).await;
    let channel = user.connection.channel(Request::default(), &user.events).await.unwrap();
    let session = server.session().await;
    let opening: Vec<_> = (0..2_000)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.channel_open_x11("127.0.0.1", 1).await.map(drop) })
        })
        .collect();
    for open in opening {
        let result = timeout(LIMIT, open).await.expect("each is answered").unwrap();
        assert!(matches!(result, Err(russh::Error::ChannelOpenFailure(_))), "{result:?}");
    }
    let _ = user.seen.notice("x11). They were refused").await;
    assert!(user.seen.notices().len() <= 5, "one notice for many: {:?}", user.seen.notices());
    echoes(channel).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_beyond_number_and_without_a_word_leave_the_shell_alone() {
    let mut server = Rogue::start().await;
    let user = user(&server.host()).await;
    let display = Display::parse("/nonexistent/folder/X3").unwrap();
    let bridge = Arc::new(Bridge::with(display, None, Limits::default()));
    let shell = Request { x11: Some(Arc::clone(&bridge)), ..Request::default() };
    let channel = user.connection.channel(shell, &user.events);
    let (channel, session) = tokio::join!(channel, server.session());
    let opening: Vec<_> = (0..1_000)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.channel_open_x11("127.0.0.1", 1).await })
        })
        .collect();
    let mut open = Vec::new();
    for opened in opening {
        open.extend(timeout(LIMIT, opened).await.expect("each is answered").unwrap());
    }
    assert_eq!(open.len(), 1_000, "they were asked for");
    Deadline::generous().wait_until("the refusal of what is too many", || bridge.counts().refused == 744).unwrap();
    assert_eq!(bridge.counts().accepted, 0);
    echoes(channel.unwrap()).await;
    let _ = user.seen.notice("at the same time").await;
    assert_eq!(user.seen.notices().len(), 1, "one for all of them: {:?}", user.seen.notices());
}

/// Shows that the rogue's shell, which echoes, still does.
async fn echoes(mut channel: term::ssh::Channel) {
    channel.writer().data(b"alive".to_vec()).await.unwrap();
    let answer = timeout(LIMIT, channel.next()).await.expect("the shell is alive");
    assert_eq!(answer, Some(Message::Data(b"alive".to_vec())));
}

/// Runs a test's body in a process of its own, started by `command`: only there can the environment be altered.
fn in_an_environment<F: Fn()>(test: F, alter: impl FnOnce(&mut Command)) {
    let mut command = process::again(test, "to run");
    alter(&mut command);
    process::finish(&command.output().unwrap());
}

#[test]
fn without_a_display_the_user_is_told_what_to_do_and_has_a_shell() {
    if process::told().is_some() {
        return Runtime::new().unwrap().block_on(with_display_unset());
    }
    in_an_environment(without_a_display_the_user_is_told_what_to_do_and_has_a_shell, |command| {
        let _ = command.env_remove("DISPLAY");
    });
}

async fn with_display_unset() {
    let server = sshd("yes");
    let user = user(&Host { forward_x11: true, ..host(&server) }).await;
    let forwarded = user.connection.forwarded_display(user.connection.host(), &user.events).await;
    assert!(forwarded.is_none());
    let shell = shell(&user.connection, forwarded.as_ref(), &user.events).await;
    let notice = user.seen.notice("X11 forwarding is off").await;
    assert!(notice.contains("DISPLAY is not set") && notice.contains("Start an X server"), "{notice}");
    works(&shell, "alive").await;
}

#[test]
fn the_display_and_cookie_of_the_environment_are_used() {
    if process::told().is_some() {
        return Runtime::new().unwrap().block_on(with_display_set());
    }
    let local = xvfb();
    in_an_environment(the_display_and_cookie_of_the_environment_are_used, |command| {
        let _ = local.apply(command);
    });
}

async fn with_display_set() {
    let server = sshd("yes");
    let user = user(&Host { forward_x11: true, ..host(&server) }).await;
    let bridge = user.connection.forwarded_display(user.connection.host(), &user.events).await.unwrap();
    let again = user.connection.forwarded_display(user.connection.host(), &user.events).await.unwrap();
    assert!(Arc::ptr_eq(&bridge, &again), "a connection has one bridge");
    let (out, err, status) = run(&user.connection, &bridge, &user.events, "xdpyinfo").await;
    assert!(status == 0 && out.contains("1024x768 pixels"), "{out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn untrusted_forwarding_is_never_trusted_instead() {
    // Neither by a display that has no such thing, nor by one that cannot be asked.
    let (server, local) = (sshd("yes"), Xvfb::start_without("SECURITY", 640, 480).unwrap());
    for display in [local.name(), "/nonexistent/X1".to_owned()] {
        let asked = Host { forward_x11: true, forward_x11_trusted: false, display: Some(display), ..host(&server) };
        let user = user(&asked).await;
        assert!(user.connection.forwarded_display(user.connection.host(), &user.events).await.is_none());
        let _ = user.seen.notice("X11 forwarding is off").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_has_one_level_of_trust() {
    let (server, local) = (sshd("yes"), xvfb());
    let asked = Host { forward_x11: true, display: Some(local.name()), ..host(&server) };
    let asked = Host { x11_trust: Some(Trust::Guarded), ..asked };
    let user = user(&asked).await;
    let bridge = user.connection.forwarded_display(&asked, &user.events).await.unwrap();
    assert_eq!(bridge.trust(), Trust::Guarded);
    let laxer = Host { x11_trust: None, ..asked.clone() };
    assert_eq!(laxer.x11_trust_in_force(), Trust::Full, "ForwardX11Trusted is yes unless it is said");
    assert!(user.connection.forwarded_display(&laxer, &user.events).await.is_none());
    let _ = user.seen.notice("guarded").await;
    assert!(Arc::ptr_eq(&bridge, &user.connection.forwarded_display(&asked, &user.events).await.unwrap()));
}
