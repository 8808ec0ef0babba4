//! Shells and commands on a real server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use term::session::{Ended, Options as How};
use term::ssh::channel::{Message, Program, Request};
use term::ssh::host::{RequestTty, SessionType};
use term::ssh::{Connection, Secrets};
use term::terminal::recording::{self, Format, Recording, Status};
use term::terminal::{Palette, Rgb, Size};
use term::{Session, Terminal};
use testbed::Sshd;
use testbed::sshd::Options;

use crate::user::{LIMIT, host, nobody, open};

fn size(columns: u16, lines: u16) -> Size {
    Size { columns, lines, width: columns * 8, height: lines * 16 }
}

pub(crate) fn terminal() -> Arc<Terminal> {
    let colour = Rgb::hex(0);
    let palette = Palette {
        foreground: colour,
        background: colour,
        cursor: colour,
        cursor_text: colour,
        selection: colour,
        ansi: [colour; 16],
    };
    Terminal::new(size(80, 24), 1000, palette)
}

/// Waits until the terminal shows `text`.
pub(crate) async fn shows(terminal: &Terminal, text: &str) {
    let deadline = Instant::now() + LIMIT;
    while !terminal.visible_text().contains(text) {
        assert!(Instant::now() < deadline, "{text:?} is not shown:\n{}", terminal.visible_text());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn ended(session: &Session) -> Ended {
    tokio::time::timeout(LIMIT, session.ended()).await.expect("the session does not end")
}

/// Runs a command to its end; standard output, standard error, and what else was told.
pub(crate) async fn exec(connection: &Connection, command: &str) -> (String, String, Vec<Message>) {
    let (events, _) = nobody();
    let request = Request { program: Program::Exec(command.to_owned()), ..Request::default() };
    let mut channel = connection.channel(request, &events).await.unwrap();
    let (mut out, mut err, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(message) = tokio::time::timeout(LIMIT, channel.next()).await.expect("the command does not end") {
        match message {
            Message::Data(bytes) => out.extend(bytes),
            Message::Extended(bytes) => err.extend(bytes),
            other => rest.push(other),
        }
    }
    (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap(), rest)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_tells_its_output_and_its_status() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let (out, err, rest) = exec(&connection, "echo out; echo err >&2; exit 3").await;
    assert_eq!((out.as_str(), err.as_str()), ("out\n", "err\n"));
    assert!(rest.contains(&Message::ExitStatus(3)), "{rest:?}");
    let (_, _, rest) = exec(&connection, "kill -TERM $$").await;
    assert!(rest.contains(&Message::ExitSignal("TERM".to_owned())), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_runs_in_the_terminal_and_ends_with_its_status() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    let session = Session::open(&connection, Arc::clone(&terminal), How::default(), events).await.unwrap();
    session.write(b"echo $TERM in $((6 * 7)); stty size\r");
    shows(&terminal, "xterm-256color in 42").await;
    shows(&terminal, "24 80").await;
    session.resize(size(101, 33));
    session.write(b"stty size\r");
    shows(&terminal, "33 101").await;
    session.write(b"exit 7\r");
    assert!(matches!(ended(&session).await, Ended::Exited(7)));
    assert!(connection.is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_shells_share_a_connection_and_it_outlives_either() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let (one, two) = (terminal(), terminal());
    let first = Session::open(&connection, Arc::clone(&one), How::default(), events.clone()).await.unwrap();
    let second = Session::open(&connection, Arc::clone(&two), How::default(), events).await.unwrap();
    first.write(b"echo first $((1 + 1))\r");
    second.write(b"echo second $((2 + 2))\r");
    shows(&one, "first 2").await;
    shows(&two, "second 4").await;
    drop(first);
    second.write(b"echo still $((3 + 3))\r");
    shows(&two, "still 6").await;
    assert_eq!(server.log().matches("Accepted publickey").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_ends_the_session_and_the_terminal_keeps_what_it_shows() {
    let mut server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let host = host(&server);
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    let session = Session::open(&connection, Arc::clone(&terminal), How::default(), events.clone()).await.unwrap();
    session.write(b"echo before $((1 + 1))\r");
    shows(&terminal, "before 2").await;
    server.stop();
    let start = Instant::now();
    let end = ended(&session).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(matches!(&end, Ended::Disconnected(error) if matches!(**error, term::ssh::Error::Lost { .. })), "{end:?}");
    server.restart().unwrap();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    let session = Session::open(&connection, Arc::clone(&terminal), How::default(), events).await.unwrap();
    session.write(b"echo after $((2 + 2))\r");
    shows(&terminal, "after 4").await;
    assert!(terminal.visible_text().contains("before 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_and_a_command_are_passed_on() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    let how = How {
        command: Some("echo \"got $TETHERM_TEST\"; tty; exit 4".to_owned()),
        request_tty: RequestTty::Yes,
        environment: vec![("TETHERM_TEST".to_owned(), "it".to_owned()), ("REFUSED".to_owned(), "no".to_owned())],
        ..How::default()
    };
    let session = Session::open(&connection, Arc::clone(&terminal), how, events).await.unwrap();
    assert!(matches!(ended(&session).await, Ended::Exited(4)));
    let text = terminal.visible_text();
    assert!(text.contains("got it") && text.contains("/dev/"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_gets_no_terminal_unless_asked_and_its_lines_are_edited_here() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    let command = "tty; echo two; while read line; do echo \"<$line>\"; done; exit 5";
    let how = How { command: Some(command.to_owned()), ..How::default() };
    let session = Session::open(&connection, Arc::clone(&terminal), how.clone(), events.clone()).await.unwrap();
    shows(&terminal, "not a tty\ntwo\n").await;
    session.write(b"thex\x7f line\r");
    shows(&terminal, "the line\n<the line>\n").await;
    session.write(b"\x04");
    assert!(matches!(ended(&session).await, Ended::Exited(5)));
    let session = Session::open(&connection, Arc::clone(&terminal), how, events.clone()).await.unwrap();
    session.write(b"\x03");
    assert!(matches!(ended(&session).await, Ended::Interrupted));
    let how = How { request_tty: RequestTty::No, ..How::default() };
    let session = Session::open(&connection, Arc::clone(&terminal), how, events).await.unwrap();
    session.write(b"tty; exit 6\r");
    assert!(matches!(ended(&session).await, Ended::Exited(6)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_a_channel_lasts_as_long_as_the_connection() {
    let mut server = Sshd::start_with(Options::default().line("MaxSessions 0")).unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let how = How { session_type: SessionType::None, ..How::default() };
    let first = Session::open(&connection, terminal(), how.clone(), events.clone()).await.unwrap();
    first.write(b"ls\r\x03");
    assert!(matches!(ended(&first).await, Ended::Interrupted));
    let second = Session::open(&connection, terminal(), how, events).await.unwrap();
    server.stop();
    assert!(matches!(ended(&second).await, Ended::Disconnected(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subsystem_is_asked_for_by_its_name() {
    let server = Sshd::start_with(Options::default().line("Subsystem echo echo it is $((20 + 3))")).unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    let how = How { session_type: SessionType::Subsystem, command: Some("echo".to_owned()), ..How::default() };
    let session = Session::open(&connection, Arc::clone(&terminal), how, events).await.unwrap();
    shows(&terminal, "it is 23").await;
    assert!(matches!(ended(&session).await, Ended::Exited(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_terminal_answers_goes_back_by_itself() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    // Asks where the cursor is and shows the answer.
    let command = "stty -echo -icanon min 1; printf '\\033[6n'; head -c 6 | tr '\\033' '^'; echo ' end'";
    let how = How { command: Some(command.to_owned()), request_tty: RequestTty::Yes, ..How::default() };
    let session = Session::open(&connection, Arc::clone(&terminal), how, events).await.unwrap();
    assert!(matches!(ended(&session).await, Ended::Exited(0)));
    assert!(terminal.visible_text().contains("^[1;1R end"), "{}", terminal.visible_text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_can_be_interrupted() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    let session = Session::open(&connection, Arc::clone(&terminal), How::default(), events).await.unwrap();
    session.write(b"yes\r");
    shows(&terminal, "y\ny\ny\ny").await;
    session.write(b"\x03");
    session.write(b"echo back $((4 + 4))\r");
    shows(&terminal, "back 8").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_written_to_a_file_while_it_runs() {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    let folder = tempfile::tempdir().unwrap();
    let options = recording::Options {
        path: folder.path().join("host.log"),
        format: Format::Text,
        size: terminal.size(),
        title: String::new(),
        input: false,
    };
    let log = Recording::start(options).unwrap();
    let (path, watch) = (log.path().to_owned(), log.watch());
    terminal.record(Some(log));
    let how = How { command: Some("for i in 1 2 3; do echo line $i; done".to_owned()), ..How::default() };
    let session = Session::open(&connection, Arc::clone(&terminal), how, events).await.unwrap();
    shows(&terminal, "line 3").await;
    assert!(matches!(ended(&session).await, Ended::Exited(0)));
    terminal.record(None);
    assert_eq!(Recording::ended(watch).await, Status::Finished);
    assert_eq!(std::fs::read_to_string(path).unwrap(), "line 1\nline 2\nline 3\n");
}
