//! Questions on the way to a shell, answered with real keys in the real window.

use std::fs;
use std::process::Command;

use testbed::foreign::Foreign;
use testbed::sshd::{KeyType, Options, generate_key};
use testbed::{Agent, Deadline, Sshd};

use super::desk::Desk;

/// A server that admits the user of the desk.
fn server(desk: &Desk, options: Options) -> Sshd {
    let server = Sshd::start_with(options).unwrap();
    let _ = fs::copy(desk.sshd.authorized_keys(), server.authorized_keys()).unwrap();
    server
}

/// Types the destination into the quick-connect field.
fn go(desk: &mut Desk, user: &str, port: u16) {
    desk.type_text(&format!("{user}@127.0.0.1:{port}\n"));
}

fn wait_for_question(desk: &Desk, kind: &str) {
    let asked = |tabs: &[testbed::control::Tab]| tabs.iter().any(|tab| tab.state == "prompt" && tab.prompt == kind);
    desk.control.wait_for_tabs(Deadline::generous(), &format!("the question {kind}"), asked).unwrap();
}

/// From the harmless answer, which has the keyboard, to the other one.
fn agree(desk: &mut Desk) {
    desk.press(&["Tab", "Return"]);
}

fn known_keys(desk: &Desk) -> usize {
    let text = fs::read_to_string(desk.known_hosts()).unwrap_or_default();
    text.lines().filter(|line| line.contains(" ssh-") || line.contains(" ecdsa-")).count()
}

#[test]
fn a_new_key_that_is_known_under_other_names_is_trusted_by_keyboard() {
    let mut desk = Desk::sit_down();
    let line = desk.sshd.known_hosts_line().unwrap();
    let (_, key) = line.trim().split_once(' ').unwrap();
    let others: String = (0..5).map(|n| format!("other{n}.example.org,192.0.2.{n} {key}\n")).collect();
    fs::write(desk.known_hosts(), &others).unwrap();
    let destination = desk.destination();
    desk.type_text(&format!("{destination}\n"));
    wait_for_question(&desk, "host-key");
    assert_eq!(desk.logins(), 0);
    desk.trust_and_save();
    desk.wait_for_states(&["open"]);
    let known = fs::read_to_string(desk.known_hosts()).unwrap();
    assert!(known.starts_with(&others) && known.lines().count() == 6, "{known}");
}

#[test]
fn no_key_press_gets_past_a_changed_host_key() {
    let mut desk = Desk::sit_down();
    let other = desk.home().join("other");
    generate_key(&other, KeyType::Ed25519).unwrap();
    let public = fs::read_to_string(other.with_extension("pub")).unwrap();
    let line = format!("[127.0.0.1]:{} {public}", desk.sshd.port());
    fs::write(desk.known_hosts(), &line).unwrap();
    let destination = desk.destination();
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["closed"]);
    assert!(desk.active_tab().reason.contains("changed"), "{}", desk.active_tab().reason);
    // Every control of the page by keyboard; "Check again" comes to the same end.
    for _ in 0..2 {
        desk.press(&["Tab", "Tab", "Return"]);
        desk.settle();
        desk.wait_for_states(&["closed"]);
    }
    assert_eq!(desk.logins(), 0);
    assert_eq!(fs::read_to_string(desk.known_hosts()).unwrap(), line, "the file is left alone");
}

#[test]
fn the_servers_other_keys_are_saved_by_keyboard() {
    let mut desk = Desk::sit_down();
    let server = server(&desk, Options::default().host_keys(&[KeyType::Ed25519, KeyType::Ecdsa]));
    desk.configure("    UpdateHostKeys ask\n");
    go(&mut desk, &server.user(), server.port());
    wait_for_question(&desk, "host-key");
    desk.trust_and_save();
    wait_for_question(&desk, "updated-host-keys");
    assert_eq!(known_keys(&desk), 1);
    agree(&mut desk);
    desk.wait_for_states(&["open"]);
    Deadline::generous().wait_until("both keys in known_hosts", || known_keys(&desk) == 2).unwrap();
}

#[test]
fn a_passphrase_is_typed_and_the_key_given_to_the_agent_by_keyboard() {
    let mut desk = Desk::sit_down();
    let agent = Agent::start().unwrap();
    desk.configure(&format!("    AddKeysToAgent ask\n    IdentityAgent {}\n", agent.socket().display()));
    let key = desk.home().join(".ssh/id_ed25519");
    let encrypted =
        Command::new("ssh-keygen").args(["-q", "-p", "-a", "1", "-N", "open sesame", "-f"]).arg(&key).status();
    assert!(encrypted.unwrap().success());
    let destination = desk.destination();
    desk.type_text(&format!("{destination}\n"));
    wait_for_question(&desk, "host-key");
    desk.trust_and_save();
    wait_for_question(&desk, "passphrase");
    desk.type_text("open sesame\n");
    wait_for_question(&desk, "add-key-to-agent");
    agree(&mut desk);
    desk.wait_for_states(&["open"]);
    let listed = Command::new("ssh-add").arg("-L").env("SSH_AUTH_SOCK", agent.socket()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&listed.stdout).lines().count(), 1, "{listed:?}");
    // What the agent has needs no passphrase.
    desk.press(&["ctrl+shift+t"]);
    desk.wait_for_front(None);
    desk.sshd.stop();
    desk.wait_for_states(&["closed"]);
    desk.sshd.restart().unwrap();
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["closed", "open"]);
}

#[test]
fn rounds_of_questions_with_shown_and_hidden_answers_are_answered_by_keyboard() {
    let mut desk = Desk::sit_down();
    let server = Foreign::asyncssh().unwrap();
    go(&mut desk, "rounds", server.port());
    wait_for_question(&desk, "host-key");
    desk.trust_and_save();
    wait_for_question(&desk, "keyboard-interactive");
    // Enter leads from one field to the next, and from the last to the server.
    desk.type_text("open\n1234\n");
    Deadline::generous().wait_until("the second round", || server.log().contains("second round")).unwrap();
    wait_for_question(&desk, "keyboard-interactive");
    desk.type_text("5678\n");
    desk.wait_for_states(&["open"]);
}

#[test]
fn a_password_is_asked_for_each_host_on_the_way_and_typed() {
    let mut desk = Desk::sit_down();
    let jump = Sshd::start_with(Options::default().password("first")).unwrap();
    fs::write(jump.authorized_keys(), "").unwrap();
    let inner = Sshd::start_with(Options::default().password("second")).unwrap();
    fs::write(inner.authorized_keys(), "").unwrap();
    desk.configure(&format!(
        "Host inner\n    HostName 127.0.0.1\n    Port {}\n    ProxyJump 127.0.0.1:{}\nHost *\n    PreferredAuthentications password\n",
        inner.port(),
        jump.port()
    ));
    desk.type_text("inner\n");
    for password in ["first", "second"] {
        wait_for_question(&desk, "host-key");
        desk.trust_and_save();
        wait_for_question(&desk, "password");
        desk.type_text(&format!("{password}\n"));
    }
    desk.wait_for_states(&["open"]);
    assert_eq!([&jump, &inner].map(|server| server.log().matches("Accepted password").count()), [1, 1]);
}
