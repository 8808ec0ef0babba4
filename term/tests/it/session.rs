//! Shells and commands on a real server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use term::session::{Ended, Options as How};
use term::ssh::channel::{Message, Program, Request};
use term::ssh::{Connection, Secrets};
use term::terminal::{Palette, Rgb, Size};
use term::{Session, Terminal};
use testbed::Sshd;

use crate::user::{LIMIT, host, nobody, open};

fn size(columns: u16, lines: u16) -> Size {
    Size { columns, lines, width: columns * 8, height: lines * 16 }
}

fn terminal() -> Arc<Terminal> {
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
async fn shows(terminal: &Terminal, text: &str) {
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
async fn exec(connection: &Connection, command: &str) -> (String, String, Vec<Message>) {
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
