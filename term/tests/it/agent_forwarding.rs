//! The user's agent at the other end.

use term::ssh::channel::{Message, Program, Request};
use term::ssh::host::{ForwardAgent, IdentityAgent};
use term::ssh::{Connection, Events, Host, Secrets};
use testbed::sshd::{KeyType, Options, generate_key};
use testbed::{Agent, Sshd};

use crate::user::{LIMIT, host, nobody, open};

/// Runs a command with the agent forwarded, and returns all that it prints.
async fn run(connection: &Connection, command: &str, events: &Events) -> String {
    let program = Program::Exec(format!("{command} 2>&1"));
    let mut channel = connection.channel(Request { agent: true, program, ..Request::default() }, events).await.unwrap();
    let mut printed = Vec::new();
    let read = async {
        while let Some(message) = channel.next().await {
            if let Message::Data(bytes) = message {
                printed.extend(bytes);
            }
        }
    };
    tokio::time::timeout(LIMIT, read).await.expect("the command takes too long");
    String::from_utf8_lossy(&printed).into_owned()
}

/// An agent with a key that another server lets in.
fn agent_for(other: &Sshd) -> Agent {
    let agent = Agent::start().unwrap();
    agent.add(&other.client_key()).unwrap();
    agent
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_is_used_from_the_server_and_each_signature_is_told() {
    let (server, other) = (Sshd::start().unwrap(), Sshd::start().unwrap());
    let agent = agent_for(&other);
    let host = Host { forward_agent: ForwardAgent::Socket(agent.socket()), ..host(&server) };
    let (events, seen) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    assert!(run(&connection, "ssh-add -l", &events).await.contains("ED25519"));
    let notice = seen.notice("asked which keys").await;
    assert!(notice.starts_with("127.0.0.1 "), "{notice}");
    let known = other.known_hosts().unwrap();
    let onward = format!(
        "ssh -F none -o UserKnownHostsFile={} -o IdentitiesOnly=no -o IdentityFile=none -p {} {}@127.0.0.1 echo onward",
        known.display(),
        other.port(),
        other.user()
    );
    let said = run(&connection, &onward, &events).await;
    assert!(said.contains("onward"), "{said} {}", other.log());
    let notice = seen.notice("to sign with the key").await;
    assert!(notice.contains("ED25519 SHA256:") && notice.contains(&format!("to log in as {} ", other.user())));

    // Nothing else passes: neither removing the keys nor locking the agent.
    let _ = run(&connection, "ssh-add -D", &events).await;
    let refusal = seen.notice("was refused (ForwardAgent)").await;
    assert!(refusal.contains("something else than to sign"), "{refusal}");
    assert!(run(&connection, "ssh-add -l", &events).await.contains("ED25519"), "the key is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_learns_which_server_its_channel_comes_from() {
    let (server, other) = (Sshd::start().unwrap(), Sshd::start().unwrap());
    let agent = Agent::start().unwrap();
    // This key may be used from here for the first server alone, and for nothing through it.
    let known = server.known_hosts().unwrap();
    let key = server.folder().join("bound");
    generate_key(&key, KeyType::Ed25519).unwrap();
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    for server in [&server, &other] {
        let path = server.authorized_keys();
        std::fs::write(&path, std::fs::read_to_string(&path).unwrap() + &public).unwrap();
    }
    let place = format!("[127.0.0.1]:{}", server.port());
    let added = std::process::Command::new("ssh-add")
        .args(["-q", "-H", known.to_str().unwrap(), "-h", &place])
        .arg(&key)
        .env("SSH_AUTH_SOCK", agent.socket())
        .output()
        .unwrap();
    assert!(added.status.success(), "{added:?}");
    let host = Host {
        identity_agent: IdentityAgent::Socket(agent.socket()),
        identity_file: Vec::new(),
        forward_agent: ForwardAgent::Yes,
        ..host(&server)
    };
    let (events, _) = nobody();
    let connection = open(&host, Secrets::default(), &events).await.unwrap();
    // The agent hides it there, and would not if it took the channel for one of this machine.
    let said = run(&connection, "ssh-add -l", &events).await;
    assert!(said.contains("no identities"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_forward_agent_there_is_none_and_a_refusal_is_told() {
    let server = Sshd::start().unwrap();
    let (events, seen) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    assert_eq!(run(&connection, "echo agent=$SSH_AUTH_SOCK.", &events).await, "agent=.\n");
    assert!(seen.notices().is_empty());

    let agent = Agent::start().unwrap();
    let closed = Sshd::start_with(Options::default().line("AllowAgentForwarding no")).unwrap();
    let forwarding = Host { forward_agent: ForwardAgent::Socket(agent.socket()), ..host(&closed) };
    let connection = open(&forwarding, Secrets::default(), &events).await.unwrap();
    assert_eq!(run(&connection, "echo agent=$SSH_AUTH_SOCK.", &events).await, "agent=.\n");
    let _ = seen.notice("refused agent forwarding").await;

    let gone = Host { forward_agent: ForwardAgent::Socket("/nonexistent/agent".into()), ..host(&server) };
    let connection = open(&gone, Secrets::default(), &events).await.unwrap();
    assert_eq!(run(&connection, "echo agent=$SSH_AUTH_SOCK.", &events).await, "agent=.\n");
    let _ = seen.notice("Agent forwarding is off: the agent at /nonexistent/agent cannot be reached").await;
}
