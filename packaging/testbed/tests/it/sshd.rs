//! The throwaway server, seen by OpenSSH's own client.

use std::net::TcpStream;
use std::process::{Command, Output};

use testbed::Sshd;
use testbed::sshd::{KeyType, Options};

/// Runs a command on the server through ssh(1), trusting exactly the server's own host key.
fn ssh(server: &Sshd, command: &str) -> Output {
    Command::new("ssh")
        .args(["-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-i"])
        .arg(server.client_key())
        .arg("-o")
        .arg(format!("UserKnownHostsFile={}", server.known_hosts().unwrap().display()))
        .args(["-p", &server.port().to_string()])
        .arg(format!("{}@127.0.0.1", server.user()))
        .arg(command)
        .output()
        .unwrap()
}

#[test]
fn ssh_logs_in_with_the_client_key_and_trusts_the_known_hosts_line() {
    let server = Sshd::start_with(Options::default().environment("GREETING", "good morning")).unwrap();
    let output = ssh(&server, "echo $GREETING; echo $HOME");
    let expected = format!("good morning\n{}\n", server.home().display());
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{output:?} {}", server.log());
    assert!(server.log().contains("Accepted publickey"));
    assert!(server.fingerprint().unwrap().starts_with("SHA256:"));
}

#[test]
fn a_stopped_server_leaves_no_session_and_comes_back_on_its_port() {
    let mut server = Sshd::start_with(Options::default().host_keys(&[KeyType::Rsa])).unwrap();
    let port = server.port();
    let key = server.client_key();
    let known_hosts = server.known_hosts().unwrap();
    let mut client = Command::new("ssh")
        .args(["-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-i"])
        .arg(key)
        .arg("-o")
        .arg(format!("UserKnownHostsFile={}", known_hosts.display()))
        .args(["-p", &port.to_string()])
        .arg(format!("{}@127.0.0.1", server.user()))
        .args(["echo started; sleep 600"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 8];
    std::io::Read::read_exact(client.stdout.as_mut().unwrap(), &mut start).unwrap();
    server.stop();
    // The session's own process is gone, so the client sees its connection end instead of waiting for ten minutes.
    assert_eq!(client.wait().unwrap().code(), Some(255));
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    server.restart().unwrap();
    assert_eq!(server.port(), port);
    assert_eq!(ssh(&server, "exit 3").status.code(), Some(3), "{}", server.log());
}

#[test]
fn a_server_with_a_password_leaves_the_systems_own_alone() {
    let before = std::fs::read("/etc/shadow");
    match Sshd::start_with(Options::default().password("it's secret")) {
        Ok(server) => {
            let helper = server.folder().join("askpass");
            std::fs::write(&helper, "#!/bin/sh\necho \"it's secret\"\n").unwrap();
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(&helper, mode).unwrap();
            for method in ["password", "keyboard-interactive"] {
                let output = Command::new("ssh")
                    .args(["-F", "none", "-o", &format!("PreferredAuthentications={method}")])
                    .arg("-o")
                    .arg(format!("UserKnownHostsFile={}", server.known_hosts().unwrap().display()))
                    .args(["-p", &server.port().to_string()])
                    .arg(format!("{}@127.0.0.1", server.user()))
                    .arg("echo in")
                    .env("SSH_ASKPASS", &helper)
                    .env("SSH_ASKPASS_REQUIRE", "force")
                    .output()
                    .unwrap();
                assert_eq!(output.stdout, b"in\n", "{method}: {output:?} {}", server.log());
            }
        }
        Err(error) => assert!(matches!(error, testbed::sshd::Error::NeedsRoot), "{error}"),
    }
    assert_eq!(before.ok(), std::fs::read("/etc/shadow").ok());
}
