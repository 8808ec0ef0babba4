//! A server with old algorithms only, in the real window.

use std::fs;

use testbed::sshd::{KeyType, Options};
use testbed::{Deadline, Sshd};

use super::desk::Desk;

/// A server of long ago.
fn old() -> Sshd {
    let options = Options::default()
        .host_keys(&[KeyType::Rsa])
        .line("KexAlgorithms diffie-hellman-group14-sha1")
        .line("HostKeyAlgorithms ssh-rsa")
        .line("Ciphers aes128-cbc")
        .line("MACs hmac-sha1");
    let server = Sshd::start_with(options).unwrap();
    fs::write(server.home().join(".profile"), "PS1='old$ '\n").unwrap();
    server
}

/// Lets the user of the desk in.
fn admit(server: &Sshd, desk: &Desk) {
    let _ = fs::copy(desk.sshd.authorized_keys(), server.authorized_keys()).unwrap();
}

/// From "Try again", which has the keyboard, back past "Close" to the button that allows.
fn allow(desk: &mut Desk, buttons: usize) {
    desk.wait_for_states(&["closed"]);
    assert!(desk.active_tab().reason.contains("key exchange"), "{}", desk.active_tab().reason);
    desk.settle();
    desk.press(&vec!["shift+Tab"; buttons]);
    desk.press(&["Return"]);
    desk.wait_for_states(&["prompt"]);
    assert_eq!(desk.active_tab().prompt, "host-key");
    desk.trust_and_save();
    desk.wait_for_states(&["open"]);
    desk.wait_for_text("old$");
}

#[test]
fn the_button_allows_old_algorithms_for_the_saved_host_and_saves_that() {
    let server = old();
    let hosts = format!(
        "# mine\n[[host]]\nid = \"old\"\nname = \"relic\"\nhost_name = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\n",
        server.port(),
        server.user()
    );
    let mut desk = Desk::sit_down_among(&[("hosts.toml", &hosts)]);
    admit(&server, &desk);
    let path = desk.home().join("config/hosts.toml");
    desk.type_text("relic\n");
    allow(&mut desk, 3);
    let saved = format!("{hosts}legacy_algorithms = true\n");
    Deadline::generous()
        .wait_until("the permission in hosts.toml", || fs::read_to_string(&path).unwrap() == saved)
        .unwrap();
}

#[test]
fn on_the_way_the_button_allows_them_for_the_jump_host_that_failed() {
    let (jump, inner) = (old(), Sshd::start().unwrap());
    fs::write(inner.home().join(".profile"), "PS1='old$ '\n").unwrap();
    let bastion = format!("{}@127.0.0.1:{}", jump.user(), jump.port());
    let hosts = format!(
        "[[host]]\nid = \"in\"\nname = \"inner\"\nhost_name = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\nproxy_jump = \"{bastion}\"\n",
        inner.port(),
        inner.user()
    );
    let mut desk = Desk::sit_down_among(&[("hosts.toml", &hosts)]);
    // The one question is about the jump host.
    fs::write(desk.home().join(".ssh/known_hosts"), inner.known_hosts_line().unwrap() + "\n").unwrap();
    admit(&jump, &desk);
    admit(&inner, &desk);
    desk.type_text("inner\n");
    allow(&mut desk, 3);
    let path = desk.home().join("config/hosts.toml");
    let saved = format!("{hosts}legacy_jumps = [\"{bastion}\"]\n");
    Deadline::generous()
        .wait_until("the permission in hosts.toml", || fs::read_to_string(&path).unwrap() == saved)
        .unwrap();
}

#[test]
fn the_button_allows_old_algorithms_for_this_tab_of_a_quick_connection() {
    let mut desk = Desk::sit_down();
    let server = old();
    admit(&server, &desk);
    let destination = format!("{}@127.0.0.1:{}", server.user(), server.port());
    desk.type_text(&format!("{destination}\n"));
    allow(&mut desk, 2);
    // Connecting again needs no second answer; another tab has not been allowed anything.
    desk.type_text("exit\n");
    desk.wait_for_states(&["closed"]);
    desk.press(&["Return"]);
    desk.wait_for_states(&["open"]);
    desk.press(&["ctrl+shift+t"]);
    desk.wait_for_front(None);
    desk.type_text(&format!("{destination}\n"));
    desk.wait_for_states(&["open", "closed"]);
    assert!(!desk.home().join("config/hosts.toml").exists());
}
