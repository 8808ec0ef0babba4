//! Workers against a real sshd, as panes run them.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use futures::StreamExt;
use term::ssh::Destination;
use term::terminal::Size;
use testbed::Sshd;
use testbed::sshd::Options;

use super::*;
use crate::theme::Mode;

/// How long anything may take on a loaded machine.
const LIMIT: Duration = Duration::from_secs(60);

const X11: [&str; 2] = ["ForwardX11=yes", "ForwardX11Trusted=yes"];

/// A pane's worker, driven by hand.
struct Running {
    events: Pin<Box<dyn Stream<Item = Event>>>,
    heard: VecDeque<Event>,
    terminal: Arc<Terminal>,
}

impl Running {
    fn start(server: &Sshd, pool: &Arc<Pool>, options: &[&str]) -> Self {
        Self::on_display(None, server, pool, options)
    }

    fn on_display(display: Option<&str>, server: &Sshd, pool: &Arc<Pool>, options: &[&str]) -> Self {
        let settings = [
            format!("Port={}", server.port()),
            format!("User={}", server.user()),
            format!("IdentityFile={}", server.client_key().display()),
            format!("UserKnownHostsFile={}", server.known_hosts().unwrap().display()),
            "IdentitiesOnly=yes".to_owned(),
            "IdentityAgent=none".to_owned(),
        ];
        let options = options.iter().map(|option| (*option).to_owned()).chain(settings).collect();
        let destination = Destination { host: "127.0.0.1".to_owned(), user: None, port: None };
        let size = Size { columns: 80, lines: 24, width: 0, height: 0 };
        let terminal = Terminal::new(size, 100, Mode::Dark.palette());
        let worker = Worker {
            target: Target { display: display.map(str::to_owned), ..Target::typed(destination, options) },
            terminal: terminal.clone(),
            pool: pool.clone(),
            secrets: Secrets::new(),
            log: Target::typed(Destination { host: String::new(), user: None, port: None }, Vec::new())
                .wanted_log(&Default::default()),
        };
        Self { events: Box::pin(worker.run()), heard: VecDeque::new(), terminal }
    }

    /// Runs until `pick` finds what it looks for.
    async fn until<T>(&mut self, what: &str, pick: impl Fn(&Event) -> Option<T>) -> T {
        let wait = async {
            loop {
                let event = self.events.next().await.unwrap_or_else(|| panic!("no {what}: {:?}", self.heard));
                let found = pick(&event);
                self.heard.push_back(event);
                if let Some(found) = found {
                    return found;
                }
            }
        };
        tokio::time::timeout(LIMIT, wait).await.unwrap_or_else(|_| panic!("no {what} in time"))
    }

    async fn opened(&mut self) -> Arc<Session> {
        self.until("shell", |event| match event {
            Event::Opened(session, _) => Some(session.clone()),
            Event::Failed(failure) => panic!("{failure}"),
            _ => None,
        })
        .await
    }

    /// Waits for a notice with `text`; those that came already count.
    async fn notice(&mut self, text: &str) -> String {
        let pick = |event: &Event| match event {
            Event::Ssh(ssh::Event::Notice(notice) | ssh::Event::Remark(notice)) if notice.contains(text) => {
                Some(notice.clone())
            }
            _ => None,
        };
        match self.heard.iter().find_map(pick) {
            Some(notice) => notice,
            None => self.until("notice", pick).await,
        }
    }

    /// Waits until the terminal shows `text`, which keeps the worker running.
    async fn shows(&mut self, text: &str) {
        let terminal = self.terminal.clone();
        let shown = async {
            while !terminal.visible_text().contains(text) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(LIMIT, shown).await.unwrap_or_else(|_| panic!("{text}: {}", self.terminal.visible_text()));
    }
}

fn logins(server: &Sshd) -> usize {
    server.log().matches("Accepted publickey").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_more_sessions_of_a_connection_gets_another_connection() {
    let server = Sshd::start_with(Options::default().line("MaxSessions 2")).unwrap();
    let pool = Arc::default();
    let mut panes: Vec<_> = (0..4).map(|_| Running::start(&server, &pool, &[])).collect();
    let mut sessions = Vec::new();
    for pane in &mut panes {
        sessions.push(pane.opened().await);
    }
    assert_eq!(logins(&server), 2, "two connections of two sessions each");
    for (session, pane) in sessions.iter().zip(&mut panes) {
        session.write(b"echo al''ive\r");
        pane.shows("alive").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x11_that_cannot_be_forwarded_is_told_in_each_pane_that_wants_it() {
    let server = Sshd::start_with(Options::default().line("X11Forwarding no")).unwrap();
    let (pool, mut kept) = (Arc::default(), Vec::new());
    let mut plain = Running::start(&server, &pool, &["ForwardX11=no"]);
    let _plain = plain.opened().await;

    // Untrusted forwarding is never trusted forwarding instead, whoever opened the connection (CVE-2016-1908).
    let options = ["ForwardX11=yes", "ForwardX11Trusted=no"];
    let mut untrusted = Running::on_display(Some("/nonexistent/X1"), &server, &pool, &options);
    let _untrusted = untrusted.opened().await;
    let notice = untrusted.notice("X11 forwarding is off").await;
    assert!(notice.contains("/nonexistent/X1"), "{notice}");

    let mut missing = Running::on_display(Some("no display"), &server, &pool, &X11);
    let _missing = missing.opened().await;
    let notice = missing.notice("X11 forwarding is off").await;
    assert!(notice.contains("no display"), "{notice}");

    // Both share a connection, and each hears of its own channel.
    for _ in 0..2 {
        let mut refused = Running::on_display(Some(":7"), &server, &pool, &X11);
        kept.push((refused.opened().await, refused.notice("The server refused X11 forwarding").await, refused));
    }
    assert!(
        !plain.heard.iter().any(|event| matches!(event, Event::Ssh(ssh::Event::Notice(_) | ssh::Event::Remark(_))))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_that_send_env_names_are_sent() {
    let server = Sshd::start_with(Options::default().line("AcceptEnv CARGO_*")).unwrap();
    let mut pane = Running::start(&server, &Arc::default(), &["SendEnv=CARGO_PKG_NAME"]);
    let session = pane.opened().await;
    session.write(b"echo name=$CARGO_PKG_NAME.\r");
    pane.shows("name=tetherm.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_that_the_configuration_forwards_come_up_once_for_all_panes_of_a_connection() {
    let server = Sshd::start().unwrap();
    let port = testbed::sshd::free_port().unwrap();
    // To the server itself, which greets whoever connects.
    let forward = format!("LocalForward={port} 127.0.0.1:{}", server.port());
    let pool = Arc::default();
    let mut first = Running::start(&server, &pool, &[&forward]);
    let _session = first.opened().await;
    let mut second = Running::start(&server, &pool, &[&forward]);
    let _other = second.opened().await;
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut greeting = [0; 4];
    let _ = tokio::io::AsyncReadExt::read_exact(&mut stream, &mut greeting).await.unwrap();
    assert_eq!(&greeting, b"SSH-");
    assert!(
        !second.heard.iter().any(|event| matches!(event, Event::Ssh(ssh::Event::Notice(_) | ssh::Event::Remark(_))))
    );

    let taken = Running::start(&server, &Arc::default(), &[&forward]).notice("Port forwarding").await;
    assert!(taken.contains("Address already in use"), "{taken}");
}
