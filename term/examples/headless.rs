//! Runs a command on a terminal that nobody sees: a throwaway sshd, a connection, a session, all as in the window.
//!
//! `cargo run -p tetherm-term --example headless -- [--columns N] [--lines N] COMMAND…` for what tests a terminal by
//! asking it (`cargo xtask conformance`): programs may read the screen and change its size here. Prints what the terminal
//! shows at the end and exits as the command did.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its purpose is to print")]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use term::session::{Ended, Options};
use term::ssh::host::IdentityAgent;
use term::ssh::{Connection, Host, Secrets};
use term::terminal::{Palette, Permissions, Rgb, Size};
use term::{Session, Terminal};
use testbed::Sshd;

/// Pixels of a cell.
const CELL: (u16, u16) = (8, 16);

/// xterm's own colours.
const PALETTE: Palette = Palette {
    foreground: Rgb::hex(0x000000),
    background: Rgb::hex(0xffffff),
    cursor: Rgb::hex(0x000000),
    cursor_text: Rgb::hex(0xffffff),
    selection: Rgb::hex(0x404040),
    ansi: [Rgb::hex(0x808080); 16],
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("headless: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(arguments: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let (size, command) = parse(arguments)?;
    let server = Sshd::start()?;
    let (events, mut heard) = tokio::sync::mpsc::channel(64);
    // Nothing is asked: the key and the host are known. Dropping a question would mean no.
    drop(tokio::spawn(async move { while heard.recv().await.is_some() {} }));
    let connection = Connection::open(host(&server)?, Secrets::default(), events.clone()).await?;
    let terminal = Terminal::new(size, 1000, PALETTE);
    terminal.permit(Permissions { read_screen: true, resize: true });
    let options = Options { command: Some(command), ..Options::default() };
    let session = Session::open(&connection, terminal.clone(), options, events).await?;
    let ended = session.ended().await;
    print!("{}", terminal.visible_text());
    Ok(match ended {
        Ended::Exited(status) => ExitCode::from(u8::try_from(status).unwrap_or(u8::MAX)),
        Ended::Signalled(_) | Ended::Interrupted | Ended::Disconnected(_) => ExitCode::FAILURE,
    })
}

/// The size and the command.
fn parse(arguments: &[String]) -> Result<(Size, String), String> {
    let (mut columns, mut lines) = (80, 25);
    let mut rest = arguments;
    loop {
        rest = match rest {
            [name, value, after @ ..] if name == "--columns" || name == "--lines" => {
                let value = value.parse().map_err(|_| format!("{name} wants a number, not '{value}'"))?;
                *(if name == "--columns" { &mut columns } else { &mut lines }) = value;
                after
            }
            [] => return Err("there is no command to run".to_owned()),
            command => {
                let size = Size { columns, lines, width: columns * CELL.0, height: lines * CELL.1 };
                return Ok((size, command.join(" ")));
            }
        };
    }
}

fn host(server: &Sshd) -> Result<Host, Box<dyn Error>> {
    Ok(Host {
        port: server.port(),
        identity_file: vec![server.client_key()],
        identity_agent: IdentityAgent::None,
        user_known_hosts_file: vec![server.known_hosts()?],
        global_known_hosts_file: Vec::new(),
        server_alive_interval: Duration::ZERO,
        connect_timeout: None,
        ..Host::new("127.0.0.1", &server.user(), Path::new("/nonexistent"))
    })
}
