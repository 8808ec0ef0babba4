//! `tetherm exec` in the place of ssh, under the programs that drive it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use testbed::sshd::{Options, free_port};
use testbed::{Agent, Deadline};

use crate::client::{Bench, feed, text};

impl Bench {
    /// A program named like ssh that is ours, as scripts are given one.
    fn wrapper(&self) -> PathBuf {
        let path = self.path("ssh");
        let script = format!(
            "#!/bin/sh\nexec {} exec -F {} \"$@\"\n",
            env!("CARGO_BIN_EXE_tetherm"),
            self.path("config").display()
        );
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    /// A program that drives ssh, in the folder of this bench, without anything of the user's.
    fn driver(&self, program: &str) -> Command {
        let template = self.command("tetherm");
        let mut command = Command::new(program);
        for (name, value) in template.get_envs() {
            let _ = match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let _ = command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    fn git(&self, arguments: &[&str]) -> Output {
        let mut command = self.driver("git");
        // As a user writes it: two words and options, so git has to find out what kind of ssh this is.
        let ssh = format!("{} exec -F {}", env!("CARGO_BIN_EXE_tetherm"), self.path("config").display());
        let _ = command.env("GIT_SSH_COMMAND", ssh).env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            let _ = command.env(format!("GIT_{who}_NAME"), "me").env(format!("GIT_{who}_EMAIL"), "me@example.org");
        }
        success(command.args(arguments))
    }
}

fn success(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
    output
}

/// A file of a size that takes many packets, each of another content.
fn file(path: &Path, seed: u8) -> Vec<u8> {
    let bytes: Vec<u8> =
        (0..3_000_000_u32).map(|index| index.to_le_bytes()[1] ^ index.to_le_bytes()[0] ^ seed).collect();
    fs::write(path, &bytes).unwrap();
    bytes
}

#[test]
fn git_clones_pushes_and_fetches() {
    let bench = Bench::new();
    let far = bench.path("far.git");
    let _ = bench.git(&["init", "-q", "--bare", "-b", "main", far.to_str().unwrap()]);
    let url = format!("ssh://{}@127.0.0.1:{}{}", bench.sshd.user(), bench.sshd.port(), far.display());
    let _ = bench.git(&["clone", "-q", &url, "one"]);
    let _ = file(&bench.path("one/big"), 7);
    let _ = bench.git(&["-C", "one", "checkout", "-q", "-b", "main"]);
    let _ = bench.git(&["-C", "one", "add", "big"]);
    let _ = bench.git(&["-C", "one", "commit", "-qm", "first"]);
    let _ = bench.git(&["-C", "one", "push", "-q", "origin", "main"]);
    // The other form of an address, by an alias.
    let _ = bench.git(&["clone", "-q", &format!("box:{}", far.display()), "two"]);
    assert_eq!(fs::read(bench.path("one/big")).unwrap(), fs::read(bench.path("two/big")).unwrap());
    fs::write(bench.path("two/small"), "more").unwrap();
    let _ = bench.git(&["-C", "two", "add", "small"]);
    let _ = bench.git(&["-C", "two", "commit", "-qm", "second"]);
    let _ = bench.git(&["-C", "two", "push", "-q"]);
    let _ = bench.git(&["-C", "one", "fetch", "-q", "origin"]);
    let log = bench.git(&["-C", "one", "log", "--format=%s", "origin/main"]);
    assert_eq!(text(&log.stdout), "second\nfirst\n");
}

#[test]
fn rsync_copies_both_ways() {
    let bench = Bench::new();
    let ssh = format!("{} exec -F {}", env!("CARGO_BIN_EXE_tetherm"), bench.path("config").display());
    fs::create_dir_all(bench.path("here/deep")).unwrap();
    let bytes = file(&bench.path("here/deep/big"), 3);
    fs::write(bench.path("here/a name"), "with a blank").unwrap();
    let there = format!("box:{}/", bench.path("there").display());
    let rsync = |arguments: &[&str]| success(bench.driver("rsync").args(["-a", "-e", &ssh]).args(arguments));
    let _ = rsync(&["here/", &there]);
    let _ = rsync(&[&there, "back/"]);
    assert_eq!(fs::read(bench.path("back/deep/big")).unwrap(), bytes);
    assert_eq!(fs::read_to_string(bench.path("back/a name")).unwrap(), "with a blank");
    // A second time there is nothing to do.
    let output = rsync(&["-i", "here/", &there]);
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn scp_and_sftp_run_over_it() {
    let bench = Bench::new();
    let ssh = bench.wrapper();
    let bytes = file(&bench.path("here"), 5);
    let there = |name: &str| format!("box:{}", bench.path(name).display());
    let scp = |arguments: &[&str]| success(bench.driver("scp").arg("-S").arg(&ssh).args(arguments));
    // By SFTP, and by the older protocol.
    for (mode, name) in [("-s", "new"), ("-O", "old")] {
        let _ = scp(&["-q", mode, "here", &there(name)]);
        let _ = scp(&["-q", mode, &there(name), "back"]);
        assert_eq!(fs::read(bench.path("back")).unwrap(), bytes, "{mode}");
    }
    let mut sftp = bench.driver("sftp");
    let _ = sftp.arg("-S").arg(&ssh).args(["-q", "-b", "-", "box"]);
    let commands = format!("cd {}\nput here put\nget put got\nls put\n", bench.folder.path().display());
    let output = feed(sftp, commands.into_bytes());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(fs::read(bench.path("got")).unwrap(), bytes);
}

#[test]
fn what_scripts_ask_for_besides_is_passed_over_or_answered_as_ssh_does() {
    let bench = Bench::new();
    let path = format!("ControlPath={}", bench.path("c").display());
    for arguments in [
        // Ansible.
        &["-C", "-o", "ControlMaster=auto", "-o", "ControlPersist=no", "-o", &path, "box", "echo in"][..],
        &["-M", "-S", "none", "box", "echo in"],
        &["-O", "check", "box"],
        &["-O", "exit", "-S", "/nowhere/socket", "box"],
        // autossh, borg, restic and others that look at what a signal or an end of input leaves.
        &["-n", "-T", "box", "cat; echo end"],
        &["-x", "-a", "-k", "-2", "-4", "-e", "none", "box", "echo in"],
        &["-s", "box", "no-such-subsystem"],
        &["-A", "-o", "IdentityAgent=/nowhere/agent", "box", "echo ${SSH_AUTH_SOCK+agent}"],
        &["-W", "127.0.0.1:1", "box"],
        &["-L", "/nowhere/s:h:1", "box", "echo in"],
        &["-R", "/nowhere/s:h:1", "box", "echo in"],
        &["-R", "/nowhere/s:h:1", "-o", "ExitOnForwardFailure=yes", "box", "echo in"],
        &["-o", "RequestTTY=yes", "box"],
        &["-c", "none-such", "box"],
        &["-e", "xx", "box"],
        &["-L", "x", "box"],
        &["-Q", "protocol-version"],
        &["-Q", "none-such"],
    ] {
        let ours = bench.ours(arguments);
        let theirs = bench.command("ssh").args(arguments).output().unwrap();
        let words = |output: &Output| (output.status.code(), text(&output.stdout), text(&output.stderr));
        assert_eq!(words(&ours), words(&theirs), "{arguments:?}");
    }
    let told = bench.ours(&["-v", "-o", "ControlMaster=auto", "box", "true"]);
    assert!(text(&told.stderr).contains("ControlMaster and ControlPath are passed over"), "{}", text(&told.stderr));
}

#[test]
fn what_uses_a_forwarded_agent_is_told_only_where_more_is_asked_for() {
    let agent = Agent::start().unwrap();
    for options in [Options::default(), Options::default().line("AllowAgentForwarding no")] {
        let bench = Bench::with(options);
        agent.add(&bench.sshd.client_key()).unwrap();
        let socket = format!("IdentityAgent={}", agent.socket().display());
        let arguments = ["-A", "-o", &socket, "box", "ssh-add -l; ssh-add -D; echo end"];
        let words = |program| {
            let output = bench.command(program).args(arguments).output().unwrap();
            assert!(text(&output.stdout).ends_with("end\n"), "{}", text(&output.stdout));
            // What ssh-add says of not being let is the agent's business.
            let said = text(&output.stderr);
            said.lines().filter(|line| !line.contains("dentities")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(words("tetherm"), words("ssh"));
        agent.add(&bench.sshd.client_key()).unwrap();
        let told = bench.command("tetherm").arg("-v").args(arguments).output().unwrap();
        let told = text(&told.stderr);
        assert!(
            told.contains("asked which keys your agent has") || told.contains("refused agent forwarding"),
            "{told}"
        );
    }
}

#[test]
fn a_subsystem_without_a_name_is_told_as_by_ssh() {
    let bench = Bench::new();
    for arguments in [&["-s", "box"][..], &["-o", "SessionType=subsystem", "box"]] {
        let words = |program| {
            let output = bench.command(program).args(arguments).output().unwrap();
            let said = text(&output.stderr);
            // The list of options that follows is each program's own.
            (
                output.status.code(),
                said.split("usage: ").next().unwrap_or_default().to_owned(),
                said.contains("usage: "),
            )
        };
        assert_eq!(words("tetherm"), words("ssh"), "{arguments:?}");
    }
}

#[test]
fn messages_go_to_a_file_when_asked_to() {
    let bench = Bench::new();
    let log = bench.path("log");
    fs::write(&log, "before\n").unwrap();
    let output = bench.ours(&["-v", "-E", log.to_str().unwrap(), "box", "echo out; echo err >&2"]);
    assert_eq!((text(&output.stdout), text(&output.stderr)), ("out\n".to_owned(), "err\n".to_owned()));
    let written = fs::read_to_string(&log).unwrap();
    assert!(written.starts_with("before\n") && written.contains("Authenticated to 127.0.0.1"), "{written}");
    let output = bench.ours(&["-E", "/nowhere/log", "box", "true"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "Couldn't open logfile /nowhere/log: No such file or directory\n");
}

/// Ends with the test that started it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// Answers each connection with what it says, once that has ended.
fn service() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let _ = std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = std::thread::spawn(move || {
                let mut said = Vec::new();
                let _ = stream.read_to_end(&mut said);
                let _ = stream.write_all(&said);
            });
        }
    });
    port
}

fn talk(port: u16, words: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.write_all(words.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[test]
fn ports_are_forwarded_both_ways_by_options_and_by_the_configuration() {
    let bench = Bench::new();
    let (service, local, remote, configured) =
        (service(), free_port().unwrap(), free_port().unwrap(), free_port().unwrap());
    let mut config = fs::read_to_string(bench.path("config")).unwrap();
    config.push_str(&format!(" LocalForward {configured} 127.0.0.1:{service}\n"));
    fs::write(bench.path("config"), config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tetherm"));
    let _ = command.arg("exec").arg("-F").arg(bench.path("config"));
    let _ = command.envs(bench.command("tetherm").get_envs().filter_map(|(name, value)| Some((name, value?))));
    let _ = command
        .args(["-N", "-L", &format!("{local}:127.0.0.1:{service}")])
        .args(["-R", &format!("{remote}:127.0.0.1:{service}"), "-R", &format!("0:127.0.0.1:{service}"), "box"])
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    let mut running = Running(command.spawn().unwrap());
    let mut said = String::new();
    let _ = BufReader::new(running.0.stderr.take().unwrap()).read_line(&mut said).unwrap();
    let words = format!(" for remote forward to 127.0.0.1:{service}\r\n");
    let chosen = said.strip_prefix("Allocated port ").and_then(|rest| rest.strip_suffix(&words)).expect(&said);
    for port in [local, configured, remote, chosen.parse().unwrap()] {
        Deadline::generous().wait_until("listening", || listens(port)).unwrap();
        assert_eq!(talk(port, "words"), "words", "{port}");
    }
    drop(running);
    assert!(!listens(local));

    let cleared = bench.ours(&["-o", "ClearAllForwardings=yes", "-o", "ExitOnForwardFailure=yes", "box", "echo in"]);
    assert_eq!(text(&cleared.stdout), "in\n");
    let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, local)).unwrap();
    let taken = format!("127.0.0.1:{local}:127.0.0.1:1");
    let refused = bench.ours(&["-o", "ExitOnForwardFailure=yes", "-L", &taken, "box", "echo in"]);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(255), String::new()));
    assert!(text(&refused.stderr).ends_with("Could not request local forwarding.\r\n"), "{}", text(&refused.stderr));
    drop(holder);
}

#[test]
fn standard_input_and_output_lead_to_a_port() {
    let bench = Bench::new();
    let mut command = bench.command("tetherm");
    let _ = command.args(["-W", &format!("127.0.0.1:{}", service()), "box"]);
    let words = "x".repeat(1_000_000);
    let output = feed(command, words.clone().into_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout) == words, "{} bytes", output.stdout.len());
}

#[test]
fn the_end_waits_for_connections_that_are_still_carried() {
    let bench = Bench::new();
    let far = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (service, local) = (far.local_addr().unwrap().port(), free_port().unwrap());
    let mut command = bench.command("tetherm");
    let mut child = command
        .args(["-L", &format!("{local}:127.0.0.1:{service}"), "box", "echo up; read line"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let _ = output.read_line(&mut String::new()).unwrap();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, local)).unwrap();
    // A connection that nobody has taken yet ends with the command, as under ssh: this one is carried.
    let (mut far, _) = far.accept().unwrap();
    far.write_all(b"hello").unwrap();
    stream.read_exact(&mut [0; 5]).unwrap();
    stream.write_all(b"half").unwrap();
    child.stdin.take().unwrap().write_all(b"done\n").unwrap();
    // The command has ended when nothing more can come from it; the connection goes on.
    let _ = output.read_to_end(&mut Vec::new());
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let (mut heard, mut answer) = (String::new(), String::new());
    let _ = far.read_to_string(&mut heard).unwrap();
    far.write_all(heard.as_bytes()).unwrap();
    drop(far);
    let _ = stream.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "half");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_forwarding_is_asked_for_and_given_up_at_the_escape_command_line() {
    let bench = Bench::new();
    let (service, local) = (service(), free_port().unwrap());
    // Each line is typed when something asks for it: the shell there, or the command line here.
    let close = format!("~C\n-KL {local}\n");
    let typed = format!("~C\n-L {local}:127.0.0.1:{service}\n{close}{close}~#~R~.\n");
    let asking = "'stty -echo; printf \"ready: \"; while read line; do printf \"next: \"; done'";
    let shown = bench.in_terminal(&format!("-t -o EnableEscapeCommandline=yes box {asking}"), &typed);
    for words in
        ["ssh> ", "Forwarding port.", "Canceled forwarding.", "Unknown port forwarding.", "connections are open"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(shown.contains("status 255"), "{shown}");
    let off = bench.in_terminal(&format!("-t box {asking}"), "~C~.\n");
    assert!(off.contains("commandline disabled"), "{off}");
}

#[test]
fn a_server_that_gives_no_terminal_is_told_as_by_ssh() {
    let bench = Bench::with(Options::default().line("PermitTTY no"));
    for program in ["tetherm", "ssh"] {
        let output = bench.command(program).args(["-tt", "box", "echo in"]).output().unwrap();
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(255), String::new()), "{program}");
        assert_eq!(text(&output.stderr), "PTY allocation request failed on channel 0\r\n", "{program}");
    }
}
