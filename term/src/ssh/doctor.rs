//! Whether the programs of a host can be shown on the local display: the links of the chain beyond this machine. Those
//! before them are [`x11::doctor::local`].

use std::time::Duration;

use tokio::sync::mpsc;

use x11::doctor::{self, Link};

use super::channel::{Message, Program, Request};
use super::forward::Endpoint;
use super::{Channel, Connection, Event, Events, Host};

/// Display N of a host that listens on TCP has port 6000 + N (X(7)).
const FIRST_PORT: u16 = 6000;

/// The most that the questions' answers may have, in bytes.
const ANSWERS: usize = 64 * 1024;

/// How long the server's shell may take for that.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is asked of the server's shell, whichever that is. It stays until its input ends: the server's end of the display
/// lives as long as the session.
const QUESTIONS: &str = "sh -c 'echo \"display=$DISPLAY\"; \
    xauth=$(command -v xauth || ls /usr/bin/xauth /usr/X11R6/bin/xauth /usr/local/bin/xauth 2>/dev/null | head -n 1); \
    echo \"xauth=$xauth\"; \
    test -n \"$xauth\" && test -n \"$DISPLAY\" && echo \"cookies=$($xauth list \"$DISPLAY\" 2>/dev/null | wc -l)\"; \
    for rc in \"$HOME/.ssh/rc\" /etc/ssh/sshrc; do test -e \"$rc\" && echo \"rc=$rc\"; done; \
    echo end; cat >/dev/null'";

/// What the server's shell answered.
#[derive(Debug, Default, PartialEq, Eq)]
struct Answers {
    display: String,
    xauth: String,
    cookies: Option<usize>,
    rc: Option<String>,
}

impl Answers {
    fn parse(text: &str) -> Self {
        let mut answers = Self::default();
        for line in text.lines() {
            let Some((name, value)) = line.trim().split_once('=') else { continue };
            let value: String = value.chars().filter(|c| !c.is_control()).take(200).collect();
            match name {
                "display" => answers.display = value,
                "xauth" => answers.xauth = value,
                "cookies" => answers.cookies = value.trim().parse().ok(),
                "rc" => answers.rc = answers.rc.or(Some(value)),
                _ => {}
            }
        }
        answers
    }
}

/// Checks the links from the server's answer to `x11-req` to a program there that is let in, and tells each as soon as it
/// is known. Nothing stays behind at the server.
pub async fn x11(connection: &Connection, tell: &mut (dyn FnMut(Link) + Send)) {
    let host = Host { forward_x11: true, ..connection.host().clone() };
    let (events, mut heard) = mpsc::channel(16);
    let Some(bridge) = connection.forwarded_display(&host, &events).await else {
        let cure = "Choose a level of trust that this display has, in the host's X11 settings or with --x11=LEVEL.";
        return tell(Link::broken("Forwarding", notices(&mut heard), cure));
    };
    let program = Program::Exec(QUESTIONS.to_owned());
    let request = Request { x11: Some(bridge.clone()), program, ..Request::default() };
    let mut channel = match ask(connection, request, &events).await {
        Ok(channel) => channel,
        Err(link) => return tell(*link),
    };
    let Ok(text) = tokio::time::timeout(PATIENCE, read(&mut channel)).await else {
        let cure = "See what the login there waits for: does 'tetherm exec HOST true' end?";
        return tell(Link::broken("A command there", format!("no answer within {} s", PATIENCE.as_secs()), cure));
    };
    let answers = Answers::parse(&text);
    let refused = notices(&mut heard);
    if !refused.is_empty() {
        return tell(refusal(&answers));
    }
    tell(Link::holds("Server's answer to x11-req", "granted"));
    for link in environment(&answers) {
        let broken = link.is_broken();
        tell(link);
        if broken {
            return;
        }
    }
    tell(match endpoint(&answers.display) {
        None => Link::note("A program there", format!("not tried: '{}' names no port of the server", answers.display)),
        Some(endpoint) => match connection.direct(&endpoint).await {
            Ok(stream) => doctor::program(stream, bridge.cookie()).await,
            Err(reason) => Link::note(
                "A program there",
                format!("not tried: the server lets nobody connect to its ports ({reason})"),
            ),
        },
    });
}

async fn ask(connection: &Connection, request: Request, events: &Events) -> Result<Channel, Box<Link>> {
    connection.channel(request, events).await.map_err(|error| {
        let cure = error.next_step().unwrap_or_else(|| "See whether this login may run commands.".to_owned());
        Box::new(Link::broken("A command there", error.to_string(), cure))
    })
}

/// What the command printed, to its last line.
async fn read(channel: &mut Channel) -> String {
    let mut text = String::new();
    while !text.lines().any(|line| line.trim() == "end") && text.len() < ANSWERS {
        match channel.next().await {
            Some(Message::Data(bytes)) => text.push_str(&String::from_utf8_lossy(&bytes)),
            Some(Message::Eof | Message::ExitStatus(_) | Message::ExitSignal(_)) | None => break,
            Some(Message::Extended(_)) => {}
        }
    }
    text
}

/// What was said of X11 meanwhile.
fn notices(heard: &mut mpsc::Receiver<Event>) -> String {
    let mut said = Vec::new();
    while let Ok(event) = heard.try_recv() {
        if let Event::Notice(text) = event
            && text.contains("X11")
        {
            said.push(text);
        }
    }
    said.join(" ")
}

/// Why the server may have refused. OpenSSH's does so where it finds no xauth, too.
fn refusal(answers: &Answers) -> Link {
    const NAME: &str = "Server's answer to x11-req";
    if answers.xauth.is_empty() {
        let cure =
            "Install xauth on the server (Debian and Ubuntu: xauth; Fedora and RHEL: xorg-x11-xauth) and try again.";
        return Link::broken(NAME, "refused, and there is no xauth on the server", cure);
    }
    let cure = "Its administrator can allow it with 'X11Forwarding yes' in /etc/ssh/sshd_config. For keys that are \
                restricted in authorized_keys, 'X11-forwarding' must be among what they may.";
    Link::broken(NAME, format!("refused, although xauth is there ({})", answers.xauth), cure)
}

fn environment(answers: &Answers) -> Vec<Link> {
    let mut links = Vec::new();
    if answers.display.is_empty() {
        let cure = "Something there removes it: look for DISPLAY in the login scripts of this account (~/.bashrc, \
                    ~/.profile, ~/.ssh/environment).";
        links.push(Link::broken("$DISPLAY there", "not set, although forwarding was granted", cure));
        return links;
    }
    links.push(Link::holds("$DISPLAY there", &answers.display));
    match (&answers.rc, answers.cookies) {
        (_, Some(1..)) => links.push(Link::holds("Cookie there", format!("stored by {}", answers.xauth))),
        (Some(rc), _) => {
            let cure = "Where that file is, sshd leaves xauth to it (sshd(8), SSHRC): let it call xauth, or remove it.";
            links.push(Link::broken("Cookie there", format!("none, and there is {rc}"), cure));
        }
        (None, _) => {
            let cure = "xauth could not write its file: see whether the home folder there is full or read-only, and who \
                        owns ~/.Xauthority.";
            links.push(Link::broken("Cookie there", "none", cure));
        }
    }
    links
}

/// Where the server's end of the display listens.
fn endpoint(display: &str) -> Option<Endpoint> {
    let (host, number) = display.rsplit_once(':')?;
    let number: u16 = number.split('.').next()?.parse().ok()?;
    let port = FIRST_PORT.checked_add(number)?;
    (!host.is_empty() && !host.contains('/') && host != "unix").then(|| Endpoint::port(host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_between_whatever_else_the_shell_says() {
        let text =
            "Welcome to a=b\r\ndisplay=localhost:10.0\nxauth=/usr/bin/xauth\ncookies=  1\nrc=/root/.ssh/rc\nend\n";
        let answers = Answers::parse(text);
        assert_eq!((answers.display.as_str(), answers.xauth.as_str()), ("localhost:10.0", "/usr/bin/xauth"));
        assert_eq!((answers.cookies, answers.rc.as_deref()), (Some(1), Some("/root/.ssh/rc")));
    }

    #[test]
    fn each_break_has_its_cure() {
        let there = Answers { xauth: "/usr/bin/xauth".to_owned(), ..Answers::default() };
        let cure = |link: &Link| match &link.finding {
            doctor::Finding::Broken { cure, .. } => cure.clone(),
            other => panic!("{other:?}"),
        };
        assert!(cure(&refusal(&Answers::default())).contains("Install xauth"));
        assert!(cure(&refusal(&there)).contains("X11Forwarding yes"));
        assert!(cure(&environment(&there)[0]).contains(".bashrc"));
        let shown = Answers { display: "localhost:10.0".to_owned(), cookies: Some(0), ..there };
        assert!(cure(&environment(&shown)[1]).contains("home folder"));
        let with_rc = Answers { rc: Some("/root/.ssh/rc".to_owned()), ..shown };
        assert!(cure(&environment(&with_rc)[1]).contains("SSHRC"));
        let good = Answers { cookies: Some(1), ..with_rc };
        assert!(environment(&good).iter().all(|link| !link.is_broken()));
    }

    #[test]
    fn a_display_of_the_server_has_a_port() {
        for (display, port) in [("localhost:10.0", Some(6010)), ("host.example:11", Some(6011))] {
            assert_eq!(endpoint(display), port.map(|port| Endpoint::port(display.split(':').next().unwrap(), port)));
        }
        for display in [":0", "unix:0", "/tmp/x:0", "localhost:70000", "localhost", ""] {
            assert_eq!(endpoint(display), None, "{display}");
        }
    }
}
