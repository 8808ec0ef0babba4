//! `tetherm config` beside `ssh -G`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use tetherm::store::{Folders, Host, Hosts};

/// Lines that differ where they are defaults, as the guide says.
const OUR_DEFAULTS: &[&str] = &[
    "gssapikexalgorithms",
    "ciphers",
    "macs",
    "kexalgorithms",
    "hostkeyalgorithms",
    "hostbasedacceptedalgorithms",
    "pubkeyacceptedalgorithms",
    "casignaturealgorithms",
    "identityfile",
    "securitykeyprovider",
];

/// A configuration that both programs read.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new(content: &str) -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        fs::write(bench.path("config"), content).unwrap();
        fs::set_permissions(bench.path("config"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(bench.path("key"), "").unwrap();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, program: &[&str], words: &[&str]) -> Output {
        let (name, rest) = program.split_first().unwrap();
        let mut command = Command::new(name);
        let _ = command.env("TETHERM_CONFIG_DIR", self.path("tetherm")).current_dir(self.0.path());
        command.args(rest).arg("-F").arg(self.path("config")).args(words).output().unwrap()
    }

    fn ours(&self, words: &[&str]) -> Output {
        self.run(&[env!("CARGO_BIN_EXE_tetherm"), "config"], words)
    }

    /// Holds the two against each other, leaving out the defaults that differ.
    fn compare(&self, words: &[&str]) {
        let (ours, theirs) = (self.ours(words), self.run(&["ssh", "-G"], words));
        let failure = String::from_utf8_lossy(&ours.stderr).into_owned();
        assert_eq!(ours.status.code(), theirs.status.code(), "{words:?}: {failure}");
        let why = self.ours(&[&["--why"], words].concat());
        let why = String::from_utf8(why.stdout).unwrap();
        let is_default = |name: &str| {
            why.lines().any(|line| line.starts_with(&format!("{name} ")) && line.ends_with("\tdefault"))
                || !why.lines().any(|line| line.starts_with(&format!("{name} ")))
        };
        let lines = |output: &Output| -> Vec<String> {
            let text = String::from_utf8(output.stdout.clone()).unwrap();
            let is_compared = |line: &&str| {
                let name = line.split(' ').next().unwrap();
                !OUR_DEFAULTS.contains(&name) || !is_default(name)
            };
            text.lines().filter(is_compared).map(str::to_owned).collect()
        };
        assert_eq!(lines(&ours), lines(&theirs), "{words:?}");
    }
}

const CONFIG: &str = "Host web*\n  HostName %h.example.org\n  User deploy\n  LocalForward 8080 localhost:80\n\
                      Host *\n  Port 2222\n  ServerAliveInterval 1m\n  SendEnv LANG\n";

#[test]
fn config_prints_what_ssh_prints() {
    let bench = Bench::new(CONFIG);
    for words in [
        &["web"][..],
        &["me@web", "-p", "7"],
        &["ssh://me@web:9"],
        &["-o", "Port=1", "-oUser=x", "web"],
        &["-4", "-x", "-X", "-C", "web"],
        &["-Y", "-6", "-A", "-a", "-g", "web"],
        &["-K", "-k", "-M", "-n", "-s", "web", "sftp"],
        &["-tt", "web"],
        &["-T", "-N", "web"],
        &["-N", "-f", "web"],
        &["-M", "-M", "web"],
        &["-q", "web"],
        &["-v", "web"],
        &["-vvv", "web"],
        &["-L", "80:h:81", "-L", "[::1]:82:h:83", "-L", "/a:h:1", "-D", "1080", "-D", "*:1081", "h"],
        &["-R", "80:h:81", "-R", "1080", "-R", "[::1]:1081", "-R", "/s:h:1", "h"],
        &["-J", "me@j:22,k", "web"],
        &["-i", "key", "-o", "IdentityFile=/other", "web"],
        &["-b", "10.0.0.1", "-B", "eth0", "-S", "/s-%h", "-I", "/p", "-e", "^a", "-w", "1:any", "web"],
        &["-c", "aes128-ctr", "-m", "hmac-sha2-256", "-o", "Ciphers=aes256-ctr", "web"],
        &["web", "uptime", "-p", "5"],
        // What ssh refuses.
        &["-o", "Nonsense=1", "web"],
        &["-o", "Port=x", "web"],
        &["-J", "x:0", "web"],
        &["-Z", "web"],
        &[],
    ] {
        bench.compare(words);
    }
}

#[test]
fn config_says_where_each_value_comes_from() {
    let bench = Bench::new(CONFIG);
    let output = bench.ours(&["--why", "-o", "SendEnv=LC_ALL", "me@web1"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let file = bench.path("config");
    for (line, place) in [
        ("host web1", "command line".to_owned()),
        ("user me", "command line".to_owned()),
        ("hostname web1.example.org", format!("{}:2", file.display())),
        ("port 2222", format!("{}:6", file.display())),
        ("localforward 8080 [localhost]:80", format!("{}:4", file.display())),
        ("sendenv LC_ALL", "command line".to_owned()),
        ("sendenv LANG", format!("{}:8", file.display())),
        ("compression no", "default".to_owned()),
    ] {
        assert!(text.lines().any(|found| found == format!("{line}\t{place}")), "{line}: {place} in\n{text}");
    }
}

#[test]
fn config_knows_saved_hosts() {
    let bench = Bench::new(CONFIG);
    let hosts = Hosts::load(Folders::within(&bench.path("tetherm")).hosts()).unwrap();
    let saved = Host { user: Some("root".to_owned()), forward_x11: Some(true), ..Host::new("My server", "web1") };
    let _ = hosts.save(&saved).unwrap();
    let text = String::from_utf8(bench.ours(&["--why", "-p", "5", "My server"]).stdout).unwrap();
    for line in [
        "user root\tsaved host \"My server\"".to_owned(),
        "forwardx11 yes\tsaved host \"My server\"".to_owned(),
        "port 5\tcommand line".to_owned(),
        format!("hostname web1.example.org\t{}:2", bench.path("config").display()),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
}

#[test]
fn a_bad_configuration_is_told_with_file_and_line() {
    let bench = Bench::new("Host x\n  FowardX11 yes\n");
    let output = bench.ours(&["web"]);
    let expected = format!(
        "{0}: line 2: Bad configuration option: fowardx11\r\n{0}: terminating, 1 bad configuration options\r\n",
        bench.path("config").display()
    );
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(255), expected));
    assert!(output.stdout.is_empty());
}
