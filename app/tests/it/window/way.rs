//! A host behind another in the real window.

use testbed::{Deadline, Sshd};

use super::desk::Desk;

#[test]
fn each_host_on_the_way_asks_in_the_tab_and_the_shell_is_the_last_ones() {
    let mut desk = Desk::sit_down();
    let inner = Sshd::start().unwrap();
    desk.configure(&format!(
        "Host inner\n    HostName 127.0.0.1\n    Port {}\n    IdentityFile {}\n    ProxyJump {}\n",
        inner.port(),
        inner.client_key().display(),
        desk.destination(),
    ));
    std::fs::write(inner.home().join(".profile"), "PS1='inner$ '\n").unwrap();
    desk.type_text("inner\n");
    for _ in 0..2 {
        desk.wait_for_states(&["prompt"]);
        assert_eq!(desk.active_tab().prompt, "host-key");
        let known = std::fs::read(desk.known_hosts()).unwrap_or_default().len();
        desk.trust_and_save();
        let saved = || std::fs::read(desk.known_hosts()).is_ok_and(|bytes| bytes.len() > known);
        Deadline::generous().wait_until("the key in known_hosts", saved).unwrap();
    }
    desk.wait_for_states(&["open"]);
    desk.wait_for_text("inner$");
    desk.type_text("echo port-${SSH_CONNECTION##* }\n");
    desk.wait_for_text(&format!("port-{}", inner.port()));
    assert_eq!(desk.logins(), 1, "through the other one");
}
