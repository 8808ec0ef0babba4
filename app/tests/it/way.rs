//! The way to a host as `~/.ssh/config` and saved hosts describe it, beside the real ssh.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use testbed::Sshd;
use tetherm::store::{Folders, Host, Hosts};

/// Two servers and a configuration in which one is reached through the other.
struct Bench {
    bastion: Sshd,
    inner: Sshd,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let (bastion, inner) = (Sshd::start().unwrap(), Sshd::start().unwrap());
        let bench = Self { bastion, inner, folder: tempfile::tempdir().unwrap() };
        let mut config = format!(
            "Host direct inner\n HostKeyAlias inner\n Port {}\n IdentityFile {}\nHost inner\n ProxyJump bastion\n\
             Host bastion\n HostKeyAlias bastion\n Port {}\n IdentityFile {}\n",
            bench.inner.port(),
            bench.inner.client_key().display(),
            bench.bastion.port(),
            bench.bastion.client_key().display(),
        );
        config += &format!(
            "Host *\n HostName 127.0.0.1\n User {}\n UserKnownHostsFile {}\n GlobalKnownHostsFile none\n \
             IdentitiesOnly yes\n IdentityAgent none\n BatchMode yes\n",
            bench.inner.user(),
            bench.path("known_hosts").display(),
        );
        fs::write(bench.path("config"), config).unwrap();
        let key = |server: &Sshd| server.known_hosts_line().unwrap().split_once(' ').unwrap().1.to_owned();
        let known = format!("bastion {}\ninner {}\n", key(&bench.bastion), key(&bench.inner));
        fs::write(bench.path("known_hosts"), known).unwrap();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, program: &[&str], arguments: &[&str]) -> Output {
        let mut command = Command::new("setsid");
        let _ = command.arg("--wait").args(program).arg("-F").arg(self.path("config")).args(arguments);
        let _ = command.env("HOME", self.folder.path()).env("TETHERM_CONFIG_DIR", self.path("tetherm"));
        for variable in ["DISPLAY", "WAYLAND_DISPLAY", "SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE"] {
            let _ = command.env_remove(variable);
        }
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere").stdin(Stdio::null()).output().unwrap()
    }

    fn ours(&self, arguments: &[&str]) -> Output {
        self.run(&[env!("CARGO_BIN_EXE_tetherm"), "exec"], arguments)
    }
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(255), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn proxy_jump_of_the_configuration_leads_where_it_leads_ssh() {
    let bench = Bench::new();
    let command = ["inner", "echo $SSH_CONNECTION | cut -d' ' -f3,4; head -c 1000000 /dev/zero | wc -c"];
    let expected = printed(&bench.run(&["ssh"], &command));
    let logins = || bench.bastion.log().matches("Accepted publickey").count();
    assert_eq!(logins(), 1);
    assert_eq!(printed(&bench.ours(&command)), expected);
    assert_eq!(logins(), 2, "it went through the bastion too");
}

#[test]
fn proxy_command_of_the_configuration_may_be_ssh_itself() {
    let bench = Bench::new();
    let ssh = format!("ProxyCommand=ssh -F {} -W %h:%p bastion", bench.path("config").display());
    assert_eq!(printed(&bench.ours(&["-o", &ssh, "direct", "echo hi"])), "hi\n");
    assert!(bench.bastion.log().contains("Accepted publickey"));
    let failing = bench.ours(&["-o", "ProxyCommand=sh -c 'echo no way >&2; exit 3'", "direct", "true"]);
    let text = said(&failing);
    assert!(text.starts_with("no way\n"), "{text}");
    assert!(text.contains("direct: the ProxyCommand did not connect: it ended with status 3"), "{text}");
}

#[test]
fn a_local_command_writes_where_it_writes_under_ssh() {
    let bench = Bench::new();
    let local = "LocalCommand=echo to %n; echo not >&2; printf end";
    let words = ["-o", "PermitLocalCommand=yes", "-o", local, "direct", "echo there"];
    let (ours, ssh) = (bench.ours(&words), bench.run(&["ssh"], &words));
    assert_eq!(printed(&ours), "to direct\nendthere\n");
    assert_eq!((printed(&ours), &ours.stderr), (printed(&ssh), &ssh.stderr));
}

#[test]
fn what_fails_on_the_way_names_the_host_it_failed_at() {
    let mut bench = Bench::new();
    bench.bastion.stop();
    let text = said(&bench.ours(&["inner", "true"]));
    let hop = format!("on the way to inner, at jump host {}@127.0.0.1:{}", bench.inner.user(), bench.bastion.port());
    assert!(text.contains(&hop) && text.contains("connection refused"), "{text}");
    let text = said(&bench.ours(&["-o", "ProxyJump=inner", "inner", "true"]));
    assert!(text.contains("jumphost loop via inner"), "{text}");
}

#[test]
fn a_saved_hosts_jump_host_and_proxy_win_over_the_configuration() {
    let bench = Bench::new();
    let path = Folders::within(&bench.path("tetherm")).hosts();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let saved = Host { proxy_jump: Some("bastion".to_owned()), ..Host::new("through the bastion", "direct") };
    let _ = Hosts::load(&path).unwrap().save(&saved).unwrap();
    assert_eq!(printed(&bench.ours(&["through the bastion", "echo hi"])), "hi\n");
    assert!(bench.bastion.log().contains("Accepted publickey"));

    // No proxy is there, and it is not passed by.
    let port = testbed::sshd::free_port().unwrap();
    let proxy = Some(format!("socks5://127.0.0.1:{port}"));
    let saved = Host { proxy, ..Host::new("behind a proxy", "direct") };
    let _ = Hosts::load(&path).unwrap().save(&saved).unwrap();
    let text = said(&bench.ours(&["behind a proxy", "true"]));
    assert!(text.contains(&format!("at proxy socks5://127.0.0.1:{port}")), "{text}");
}
