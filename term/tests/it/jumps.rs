//! Through other hosts: chains of real servers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use term::ssh::channel::{Message, Program, Request};
use term::ssh::host::StrictHostKeyChecking;
use term::ssh::prompt::{Answer, Question};
use term::ssh::{Connection, Error, Event, Events, Host, Secrets};
use testbed::Sshd;
use testbed::sshd::{Options, free_port};

use crate::user::{LIMIT, host, nobody, open, user};

/// `target`, reached through `jumps`.
fn through(target: Host, jumps: &[&Host]) -> Host {
    let toward = Some(target.alias.clone());
    let jumps = jumps.iter().map(|jump| Host { toward: toward.clone(), ..(*jump).clone() }).collect();
    Host { jumps, ..target }
}

fn named(alias: &str, server: &Sshd) -> Host {
    Host { alias: alias.to_owned(), ..host(server) }
}

/// Runs a command and returns what it prints.
pub(crate) async fn output(connection: &Connection, command: &str, events: &Events) -> String {
    let request = Request { program: Program::Exec(command.to_owned()), ..Request::default() };
    let mut channel = connection.channel(request, events).await.unwrap();
    let mut output = Vec::new();
    let read = async {
        while let Some(message) = channel.next().await {
            if let Message::Data(bytes) = message {
                output.extend(bytes);
            }
        }
    };
    tokio::time::timeout(LIMIT, read).await.expect("the command takes too long");
    String::from_utf8(output).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_jump_hosts_leads_to_the_host() {
    let servers: Vec<_> = (0..3).map(|_| Sshd::start().unwrap()).collect();
    let [first, second, last] = &servers[..] else { panic!() };
    let host = through(named("target", last), &[&named("first", first), &named("second", second)]);
    let (events, seen) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    // Each is reached from the one before it, and only the last one runs anything.
    let said = output(&connection, "echo $SSH_CONNECTION; echo hi", &events).await;
    assert!(said.ends_with(&format!("{}\nhi\n", last.port())), "{said}");
    for server in [first, second] {
        assert!(server.log().contains("Accepted publickey") && !server.log().contains("Starting session"));
    }
    // Much more than a window's worth, both ways.
    let bytes = output(&connection, "head -c 20000000 /dev/zero | wc -c; head -c 3000000 /dev/zero", &events).await;
    assert_eq!((bytes.len(), &bytes[..9]), (3_000_009, "20000000\n"));
    assert!(seen.questions().is_empty());
    assert_eq!(connection.login().all().count(), 3);
    // The chain ends with its last owner.
    drop(connection);
    for server in &servers {
        assert!(server.wait_for_log("Disconnected from", LIMIT), "{}", server.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_question_and_stage_names_its_hop() {
    let servers: Vec<_> = (0..2).map(|_| Sshd::start().unwrap()).collect();
    let ask = |server: &Sshd, alias: &str| Host {
        user_known_hosts_file: Vec::new(),
        strict_host_key_checking: StrictHostKeyChecking::Ask,
        ..named(alias, server)
    };
    let host = through(ask(&servers[1], "target"), &[&ask(&servers[0], "bastion")]);
    let (sender, mut events) = tokio::sync::mpsc::channel(64);
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&told);
    drop(tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            let line = match event {
                Event::Prompt(prompt) => {
                    let line = format!("asks {} {:?}", prompt.hop(), prompt.hop().toward);
                    prompt.answer(Answer::TrustOnce);
                    line
                }
                Event::Stage(term::ssh::connection::Stage::Hop(hop)) => format!("hop {hop} {:?}", hop.toward),
                _ => continue,
            };
            log.lock().unwrap().push(line);
        }
    }));
    let _connection = open(&host, Secrets::default(), &sender).await.unwrap();
    let (bastion, target) = (host.jumps[0].hop(), host.hop());
    let expected = [
        format!("hop {bastion} Some(\"target\")"),
        format!("asks {bastion} Some(\"target\")"),
        format!("hop {target} None"),
        format!("asks {target} None"),
    ];
    assert_eq!(*told.lock().unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_names_the_hop_it_is_about() {
    let servers: Vec<_> = (0..2).map(|_| Sshd::start().unwrap()).collect();
    let (first, target) = (named("first", &servers[0]), named("target", &servers[1]));
    let closed = free_port().unwrap();
    let (events, _) = nobody();
    let fail = async |host: Host| open(&host, Secrets::default(), &events).await.unwrap_err();

    let gone = Host { alias: "gone".to_owned(), port: closed, ..first.clone() };
    let error = fail(through(target.clone(), &[&gone])).await;
    assert!(matches!(error.root(), Error::Refused { .. }), "{error}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("on the way to target, at jump host {}: ", gone.hop())), "{text}");

    let error = fail(through(target.clone(), &[&first, &gone])).await;
    assert!(matches!(error.root(), Error::JumpRefused { jump, .. } if jump == "first"), "{error}");
    assert!(error.to_string().contains("Connection refused"), "{error}");

    let error = fail(through(Host { port: closed, ..target.clone() }, &[&first])).await;
    let Error::JumpRefused { jump, port, .. } = &error else { panic!("{error}") };
    assert_eq!((jump.as_str(), *port), ("first", closed));

    let stranger = Host { identity_file: Vec::new(), batch_mode: true, ..first.clone() };
    let error = fail(through(target.clone(), &[&stranger])).await;
    assert!(matches!(error.root(), Error::AuthenticationFailed { .. }), "{error}");
    assert!(error.next_step().is_some());

    // A host key that is not the known one is one wherever on the way it is.
    let wrong = Host { user_known_hosts_file: target.user_known_hosts_file.clone(), ..first.clone() };
    let other = servers[1].known_hosts_line().unwrap();
    let line = format!("[127.0.0.1]:{} {}\n", servers[0].port(), other.split_once(' ').unwrap().1);
    std::fs::write(&wrong.user_known_hosts_file[0], line).unwrap();
    let error = fail(through(target, &[&wrong])).await;
    assert!(matches!(error.root(), Error::HostKeyChanged { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forwards_nothing_is_no_jump_host() {
    let closed = Sshd::start_with(Options::default().line("AllowTcpForwarding no")).unwrap();
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let host = through(named("target", &server), &[&named("bastion", &closed)]);
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    let Error::JumpRefused { reason, .. } = &error else { panic!("{error}") };
    assert!(reason.contains("administratively prohibited"), "{reason}");
    assert!(error.next_step().unwrap().contains("AllowTcpForwarding"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_host_that_dies_is_named_as_the_reason() {
    let mut bastion = Sshd::start().unwrap();
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let host = through(named("target", &server), &[&named("bastion", &bastion)]);
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    bastion.stop();
    let error = tokio::time::timeout(LIMIT, connection.closed()).await.expect("the end is not noticed");
    assert!(matches!(&*error, Error::OnTheWay { at, .. } if at.starts_with("jump host")), "{error}");
    assert!(!connection.is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_at_the_second_hop_ends_the_first() {
    let servers: Vec<_> = (0..2).map(|_| Sshd::start().unwrap()).collect();
    let unknown = Host {
        user_known_hosts_file: Vec::new(),
        strict_host_key_checking: StrictHostKeyChecking::Ask,
        ..named("target", &servers[1])
    };
    let host = through(unknown, &[&named("bastion", &servers[0])]);
    let (events, seen) = user(|question| match question {
        Question::UnknownHostKey { .. } => None,
        other => panic!("{other:?}"),
    });
    let error = open(&host, Secrets::default(), &events).await.unwrap_err();
    assert!(matches!(error.root(), Error::HostKeyRefused { .. }), "{error}");
    assert_eq!(seen.questions().len(), 1);
    assert!(servers[0].wait_for_log("Disconnected from", Duration::from_secs(20)), "{}", servers[0].log());
}
