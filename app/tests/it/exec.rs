//! `tetherm exec` against a real sshd, beside the real ssh where that can say what is right.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use testbed::Deadline;
use testbed::deadline::GENEROUS;
use testbed::sshd::{KeyType, Options, generate_key};
use tetherm::store::{Folders, Host, Hosts};

use crate::client::{Bench, feed, text};

#[test]
fn commands_print_and_exit_as_through_ssh() {
    let bench = Bench::new();
    for arguments in [
        &["box", "echo out; echo err >&2; exit 3"][..],
        &["box", "true"],
        &["box", "false"],
        &["box", "exit 255"],
        &["box", "kill -9 $$"],
        &["box", "printf 'a\\000b\\377'"],
        &["box", "echo", "two  words", "$HOME"],
        &["box", "echo $LC_TETHERM"],
        &["box", "-o", "SetEnv=LC_SET=1", "echo $LC_SET"],
        &["-o", "SendEnv=-LC_*", "box", "echo [$LC_TETHERM]"],
        &["-T", "box", "no-such-command-here"],
        &["box", "--", "echo -v"],
        &["box", "test -t 0 || echo no terminal"],
        &["-tt", "box", "test -t 0 && echo terminal"],
        &["-o", "RemoteCommand=echo remote %n", "box"],
        &["-o", "RemoteCommand=x", "box", "y"],
        &["-o", "Nonsense=x", "box", "true"],
        &["-p", "1", "-o", "Port=2", "box", "true"],
        &["-l", "no-such-user-here", "-o", "BatchMode=yes", "box", "true"],
        &["-o", "IdentityFile=/nowhere", "-o", "BatchMode=yes", "box", "true"],
        &["-Z", "box"],
        &[],
    ] {
        let ours = bench.ours(arguments);
        let theirs = bench.command("ssh").args(arguments).output().unwrap();
        assert_eq!(ours.status.code(), theirs.status.code(), "{arguments:?}: {}", text(&ours.stderr));
        assert_eq!(text(&ours.stdout), text(&theirs.stdout), "{arguments:?}");
        if !arguments.is_empty() && !arguments.contains(&"-Z") {
            assert_eq!(text(&ours.stderr), text(&theirs.stderr), "{arguments:?}");
        }
    }
    // What the list of options says is this program's own.
    for (arguments, words) in [(&[][..], ""), (&["-Z", "box"], "unknown option -- Z\r\n")] {
        let ours = text(&bench.ours(arguments).stderr);
        let theirs = text(&bench.command("ssh").args(arguments).output().unwrap().stderr);
        assert!(theirs.starts_with(&format!("{words}usage: ssh")), "{theirs}");
        assert!(ours.starts_with(&format!("{words}usage: tetherm exec")), "{ours}");
    }
}

#[test]
fn the_login_shell_reads_its_commands_from_standard_input() {
    let bench = Bench::new();
    let mut command = bench.command("tetherm");
    let _ = command.args(["-q", "box"]);
    let output = feed(command, b"echo from shell\nexit 7\n".to_vec());
    assert_eq!(output.status.code(), Some(7));
    assert!(text(&output.stdout).contains("from shell"));
}

#[test]
fn ten_megabytes_go_there_and_back_unchanged() {
    let bench = Bench::new();
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_le_bytes()[3]
    };
    let input: Vec<u8> = (0..10 * 1024 * 1024).map(|_| random()).collect();
    let mut command = bench.command("tetherm");
    let _ = command.args(["box", "cat"]);
    let output = feed(command, input.clone());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(output.stdout == input, "{} of {} bytes", output.stdout.len(), input.len());
}

#[test]
fn input_that_the_command_does_not_want_holds_nothing_up() {
    let bench = Bench::new();
    let mut command = bench.command("tetherm");
    let _ = command.args(["box", "head -c 5; exit 4"]);
    let output = feed(command, vec![b'x'; 8 * 1024 * 1024]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(4), "xxxxx"));
}

#[test]
fn minus_n_reads_nothing() {
    let bench = Bench::new();
    let mut command = bench.command("tetherm");
    // The pipe stays open until the program has ended: only without reading it does cat come to its end.
    let mut child =
        command.args(["-n", "box", "cat; echo end"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let pipe = child.stdin.take();
    let mut output = String::new();
    let _ = child.stdout.take().unwrap().read_to_string(&mut output).unwrap();
    assert_eq!(output, "end\n");
    assert!(child.wait().unwrap().success());
    drop(pipe);
}

#[test]
fn output_that_nobody_reads_ends_the_command() {
    let bench = Bench::new();
    let mut child = bench.command("tetherm").args(["box", "yes"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut some = [0; 1024];
    output.read_exact(&mut some).unwrap();
    drop(output);
    assert_eq!(child.wait().unwrap().code(), Some(255));
}

#[test]
fn a_command_that_ends_by_itself_keeps_its_status_though_nobody_reads_it() {
    let bench = Bench::new();
    for program in ["tetherm", "ssh"] {
        let mut child = bench
            .command(program)
            .args(["box", "read line; echo one; exit 3"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        // Only now may it go on, so that its output meets a closed pipe however fast it is.
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(3), "{program}");
    }
}

#[test]
fn log_level_quiets_notices_and_errors_as_with_ssh() {
    let bench = Bench::new();
    for (arguments, said) in [
        (&["-tt", "box", "exit 5"][..], true),
        (&["-q", "-tt", "box", "exit 5"], false),
        (&["-o", "LogLevel=ERROR", "-tt", "box", "exit 5"], false),
        (&["-o", "LogLevel=ERROR", "-t", "box", "exit 5"], false),
        (&["-o", "LogLevel=ERROR", "-p", "1", "box", "true"], true),
        (&["-o", "LogLevel=QUIET", "-p", "1", "box", "true"], false),
    ] {
        let ours = bench.ours(arguments);
        let theirs = bench.command("ssh").args(arguments).output().unwrap();
        assert_eq!(ours.status.code(), theirs.status.code(), "{arguments:?}: {}", text(&ours.stderr));
        for output in [ours, theirs] {
            assert_eq!(!output.stderr.is_empty(), said, "{arguments:?}: {}", text(&output.stderr));
        }
    }
}

#[test]
fn a_forced_terminal_leaves_the_local_one_alone_where_input_comes_from_elsewhere() {
    let bench = Bench::new();
    let out = bench.path("out");
    let out = out.display();
    let line = format!(
        "-tt box 'echo ready; sleep 1000' </dev/null >{out} & until grep -q ready {out}; do :; done; stty -a; kill $!"
    );
    let shown = bench.in_terminal(&line, "");
    assert!(shown.contains("\nisig icanon "), "Ctrl+C still ends it: {shown}");
}

#[test]
fn what_keeps_a_connection_from_opening_is_named() {
    let bench = Bench::new();
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let other = deaf.local_addr().unwrap().port();
    let _ = std::thread::spawn(move || {
        if let Ok((mut stream, _)) = deaf.accept() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let port = |port: u16| vec!["-p".to_owned(), port.to_string()];
    let option = |text: &str| vec!["-o".to_owned(), text.to_owned()];
    for (arguments, compared) in [
        (port(closed), true),
        (vec!["-p".to_owned(), "70000".to_owned()], true),
        // Each program is the one that this port answers.
        (port(other), false),
        (option("HostName=no-such-host.invalid"), true),
        (vec!["-F".to_owned(), "/nowhere".to_owned()], true),
        (vec!["-l".to_owned(), "-x".to_owned()], true),
        (option("UserKnownHostsFile=/dev/null"), true),
        ([option("UserKnownHostsFile=/dev/null"), option("StrictHostKeyChecking=yes")].concat(), true),
        (vec!["-6".to_owned()], true),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["box", "true"]).collect();
        let output = bench.ours(&arguments);
        assert_eq!(output.status.code(), Some(255), "{arguments:?}");
        if compared {
            let theirs = bench.command("ssh").args(&arguments).output().unwrap();
            assert_eq!(text(&output.stderr), text(&theirs.stderr), "{arguments:?}");
        } else {
            assert!(text(&output.stderr).starts_with("kex_exchange_identification: "), "{}", text(&output.stderr));
        }
        let quiet = bench.ours(&[&["-q"], &arguments[..]].concat());
        assert_eq!(quiet.status.code(), Some(255));
    }
}

#[test]
fn an_unknown_host_is_refused_where_nobody_can_be_asked() {
    let bench = Bench::new();
    let known = bench.path("known");
    bench.configure(&known, &bench.sshd.client_key());
    let output = bench.ours(&["box", "true"]);
    assert_eq!(output.status.code(), Some(255));
    assert_eq!(text(&output.stderr), "Host key verification failed.\r\n");
    let told = bench.ours(&["-v", "box", "true"]);
    assert!(text(&told.stderr).contains("there is nobody to ask"), "{}", text(&told.stderr));
    assert!(!known.exists());

    let output = bench.ours(&["-o", "StrictHostKeyChecking=accept-new", "box", "echo in"]);
    assert_eq!(text(&output.stdout), "in\n", "{}", text(&output.stderr));
    let added = format!(
        "Warning: Permanently added '[127.0.0.1]:{}' (ED25519) to the list of known hosts.\r\n",
        bench.sshd.port()
    );
    assert_eq!(text(&output.stderr), added);
    assert!(fs::read_to_string(&known).unwrap().contains(&format!("[127.0.0.1]:{}", bench.sshd.port())));
    // ssh agrees with what was saved.
    let theirs = bench.command("ssh").args(["-o", "BatchMode=yes", "box", "true"]).output().unwrap();
    assert!(theirs.status.success(), "{}", text(&theirs.stderr));
}

#[test]
fn what_becomes_of_a_host_key_is_told_as_by_ssh() {
    let bench = Bench::new();
    let other = bench.path("other");
    generate_key(&other, KeyType::Ed25519).unwrap();
    let right = fs::read_to_string(bench.sshd.known_hosts().unwrap()).unwrap();
    let public = fs::read_to_string(other.with_extension("pub")).unwrap();
    let wrong = format!("[127.0.0.1]:{} {public}", bench.sshd.port());
    let known = bench.path("known");
    for (before, options) in [
        ("", &["-o", "StrictHostKeyChecking=no", "-o", "VisualHostKey=yes"][..]),
        ("", &["-o", "StrictHostKeyChecking=yes"]),
        ("", &["-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"]),
        ("", &["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/proc/known"]),
        ("", &["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=none"]),
        ("", &["-o", "UserKnownHostsFile=none"]),
        (&right, &["-o", "VisualHostKey=yes"]),
        (&wrong, &["-o", "StrictHostKeyChecking=no", "-A", "-o", "KbdInteractiveAuthentication=no"]),
        (&wrong, &["-o", "StrictHostKeyChecking=no", "-o", "UpdateHostKeys=yes", "-L", "1:localhost:2"]),
        (&wrong, &["-o", "StrictHostKeyChecking=accept-new"]),
    ] {
        let [ours, theirs] = ["tetherm", "ssh"].map(|program| {
            bench.configure(&known, &bench.sshd.client_key());
            fs::write(&known, before).unwrap();
            bench.command(program).args(options).args(["box", "echo in"]).output().unwrap()
        });
        assert_eq!(text(&ours.stderr), text(&theirs.stderr), "{options:?}");
        assert_eq!((ours.stdout, ours.status.code()), (theirs.stdout, theirs.status.code()), "{options:?}");
    }
}

#[test]
fn a_changed_host_key_is_refused_with_its_place() {
    let bench = Bench::new();
    let other = bench.path("other");
    generate_key(&other, KeyType::Ed25519).unwrap();
    let known = bench.path("known");
    let public = fs::read_to_string(other.with_extension("pub")).unwrap();
    fs::write(&known, format!("# first\n[127.0.0.1]:{} {public}", bench.sshd.port())).unwrap();
    bench.configure(&known, &bench.sshd.client_key());
    let output = bench.ours(&["box", "true"]);
    assert_eq!(output.status.code(), Some(255));
    let theirs = bench.command("ssh").args(["box", "true"]).output().unwrap();
    assert!(text(&theirs.stderr).contains(&format!("{}:2", known.display())), "{}", text(&theirs.stderr));
    assert_eq!(text(&output.stderr), text(&theirs.stderr));
}

#[test]
fn a_host_key_is_asked_about_on_the_terminal_and_saved() {
    let bench = Bench::new();
    let known = bench.path("known");
    bench.configure(&known, &bench.sshd.client_key());
    let refused = bench.in_terminal("box true", "maybe\nno\n");
    assert!(refused.contains("Please type 'yes', 'no' or the fingerprint: "), "{refused}");
    assert!(refused.contains("status 255"), "{refused}");
    assert!(!known.exists());

    let shown = bench.in_terminal("box echo in", "yes\n");
    assert!(shown.contains(&bench.sshd.fingerprint().unwrap()), "{shown}");
    assert!(shown.contains("in\nstatus 0"), "{shown}");
    assert!(bench.in_terminal("box echo again", "").contains("again\nstatus 0"));
}

#[test]
fn a_terminal_there_has_the_size_of_the_one_here() {
    let bench = Bench::new();
    let shown = bench.in_terminal("-t box 'stty size; echo $TERM; exit 5'", "");
    assert!(shown.contains("33 77\nxterm-256color\n"), "{shown}");
    assert!(shown.contains("Connection to 127.0.0.1 closed.") && shown.contains("status 5"), "{shown}");
}

#[test]
fn a_session_that_answers_no_key_is_left_by_the_escape_character() {
    let bench = Bench::new();
    // Raw on the other side too, where neither Ctrl+C nor anything else helps.
    let typed = "~?\r~.\n";
    let shown = bench.in_terminal("-t box 'stty raw -echo; printf \"ready: \"; sleep 1000'", typed);
    assert!(shown.contains("~.   - terminate connection"), "{shown}");
    assert!(shown.contains("Connection to 127.0.0.1 closed.") && shown.contains("status 255"), "{shown}");
    let shown = bench.in_terminal("-t -o EscapeChar=none box 'printf \"type: \"; read line; echo \"[$line]\"'", "~.\n");
    assert!(shown.contains("[~.]\nConnection to 127.0.0.1 closed."), "{shown}");
}

#[test]
fn a_password_is_asked_for_without_echo() {
    let bench = Bench::with(Options::default().password("open sesame"));
    bench.configure(&bench.sshd.known_hosts().unwrap(), Path::new("/nowhere"));
    let shown = bench.in_terminal("-o NumberOfPasswordPrompts=2 box echo in", "wrong\nopen sesame\n");
    assert!(shown.contains("in\nstatus 0"), "{shown}");
    assert!(!shown.contains("sesame") && !shown.contains("wrong\n"), "{shown}");
}

#[test]
fn the_askpass_program_is_asked_where_there_is_no_terminal() {
    let bench = Bench::new();
    let key = bench.path("locked");
    let _ = fs::copy(bench.sshd.client_key(), &key).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let locked = Command::new("ssh-keygen").args(["-q", "-p", "-P", "", "-N", "pass phrase", "-f"]).arg(&key).status();
    assert!(locked.unwrap().success());
    bench.configure(&bench.sshd.known_hosts().unwrap(), &key);
    let askpass = bench.path("askpass");
    fs::write(&askpass, format!("#!/bin/sh\necho \"$1\" >>{}\necho pass phrase\n", bench.path("asked").display()))
        .unwrap();
    fs::set_permissions(&askpass, fs::Permissions::from_mode(0o700)).unwrap();

    let run = |require: &str| {
        let mut command = bench.command("tetherm");
        let _ =
            command.env("SSH_ASKPASS", &askpass).env("SSH_ASKPASS_REQUIRE", require).args(["-vv", "box", "echo in"]);
        command.output().unwrap()
    };
    let output = run("force");
    assert_eq!(text(&output.stdout), "in\n", "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("debug2: ") || text(&output.stderr).contains("debug1: "),
        "-vv tells nothing"
    );
    assert!(!text(&output.stderr).contains("pass phrase"), "{}", text(&output.stderr));
    let asked = fs::read_to_string(bench.path("asked")).unwrap();
    assert_eq!(asked, format!("Enter passphrase for key '{}': \n", key.display()));
    assert_eq!(run("never").status.code(), Some(255));
}

#[test]
fn minus_upper_n_runs_nothing_and_stays_until_it_is_ended() {
    let bench = Bench::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tetherm"));
    let template = bench.command("tetherm");
    let _ = command.arg("exec").arg("-F").arg(bench.path("config")).args(["-N", "box"]).stdin(Stdio::null());
    for (name, value) in template.get_envs() {
        let _ = match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child: Child = command.stderr(Stdio::piped()).spawn().unwrap();
    assert!(bench.sshd.wait_for_log("Accepted publickey", GENEROUS), "{}", bench.sshd.log());
    assert!(child.try_wait().unwrap().is_none());
    let killed = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(killed.success());
    let status = Deadline::generous().wait_for("the end", || child.try_wait().unwrap()).unwrap();
    // The connection was all there was, and to end it is no failure; ssh says the same.
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_lost_connection_is_a_failure_that_is_named() {
    let mut bench = Bench::new();
    let mut command = bench.command("tetherm");
    let mut child =
        command.args(["box", "echo up; sleep 1000"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut up = [0; 3];
    child.stdout.as_mut().unwrap().read_exact(&mut up).unwrap();
    bench.sshd.stop();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(255));
    assert_eq!(text(&output.stderr), "Connection to 127.0.0.1 closed by remote host.\r\n");
}

#[test]
fn x11_programs_are_shown_when_asked_for_and_only_then() {
    let bench = Bench::with(Options::default().line("X11Forwarding yes"));
    let display = testbed::Xvfb::start(640, 480).unwrap();
    let run = |switch: &str| {
        let mut command = bench.command("tetherm");
        let _ = command.env("DISPLAY", display.name()).env("XAUTHORITY", display.xauthority());
        let _ = command.args([switch, "box", "xdpyinfo | grep -c dimensions"]);
        command.output().unwrap()
    };
    for switch in ["-X", "-Y"] {
        let output = run(switch);
        assert_eq!(text(&output.stdout), "1\n", "{switch}: {}", text(&output.stderr));
    }
    assert_eq!(text(&run("-x").stdout), "0\n");
}

#[test]
fn x11_programs_are_trusted_as_far_as_is_said_and_no_further() {
    let bench = Bench::with(Options::default().line("X11Forwarding yes"));
    let display = testbed::Xvfb::start(640, 480).unwrap();
    let plain = testbed::Xvfb::start_without("SECURITY", 640, 480).unwrap();
    let run = |display: &testbed::Xvfb, switch: &[&str]| {
        let mut command = bench.command("tetherm");
        let _ = command.env("DISPLAY", display.name()).env("XAUTHORITY", display.xauthority()).args(switch);
        // Whether there is a display, whether RENDER and XTEST are there, whether a picture of the screen can be had.
        let words = "xdpyinfo > info 2>&1 && echo shown; grep -ow 'RENDER\\|XTEST' info; xwd -root -silent \
                     > picture 2>&1 && echo seen; rm -f info picture";
        let output = command.args(["box", words]).output().unwrap();
        (text(&output.stdout).split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" "), text(&output.stderr))
    };
    for (switch, expected) in [
        (&["--x11=guarded"][..], "shown RENDER"),
        (&["--x11=full"], "shown RENDER XTEST seen"),
        (&["-Y"], "shown RENDER XTEST seen"),
        (&["--x11=untrusted"], "shown"),
        (&["-X", "-o", "ForwardX11Trusted=no"], "shown"),
    ] {
        let (shown, said) = run(&display, switch);
        assert_eq!(shown.replace("XTEST RENDER", "RENDER XTEST"), expected, "{switch:?}: {said}");
    }
    let (shown, said) = run(&plain, &["--x11=untrusted"]);
    assert_eq!(shown, "", "never laxer than was asked for");
    assert!(said.contains("X11 forwarding is off") && said.contains("SECURITY"), "{said}");
    let (shown, said) = run(&display, &["--x11=lax"]);
    assert!(shown.is_empty() && said.contains("--x11 level 'lax'"), "{said}");
}

#[test]
fn x11_without_a_display_costs_a_notice_and_not_the_command() {
    let bench = Bench::new();
    let output = bench.ours(&["-X", "box", "echo in"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), "in\n"));
    assert!(text(&output.stderr).contains("DISPLAY"), "{}", text(&output.stderr));
}

#[test]
fn a_saved_host_is_found_by_its_name() {
    let bench = Bench::new();
    let mut host = Host::new("My box", "127.0.0.1");
    host.port = Some(bench.sshd.port());
    host.user = Some(bench.sshd.user());
    let folders = Folders::within(&bench.path("tetherm"));
    let _ = Hosts::load(folders.hosts()).unwrap().save(&host).unwrap();
    let output = bench.ours(&["My box", "echo in"]);
    assert_eq!(text(&output.stdout), "in\n", "{}", text(&output.stderr));
}

#[test]
fn the_version_the_help_and_wrong_words_are_answered() {
    let tetherm = |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_tetherm")).args(arguments).output().unwrap();
    let version = tetherm(&["--version"]);
    assert_eq!(text(&version.stdout), format!("tetherm {}\n", env!("CARGO_PKG_VERSION")));
    for (arguments, expected) in
        [(&["--help"][..], "tetherm ctl"), (&["exec", "--help"], "-tt"), (&["ctl", "--help"], "screenshot")]
    {
        let help = tetherm(arguments);
        assert!(help.status.success() && text(&help.stdout).contains(expected), "{}", text(&help.stdout));
    }
    let wrong = tetherm(&["--no-such-option"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("--no-such-option"));
}
