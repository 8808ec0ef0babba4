//! Against the real `ssh-keygen`, and where it cannot be asked, against what hostfile.c does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::LazyLock;

use super::*;

/// Keys made once by `ssh-keygen`: two of ed25519, one of ecdsa, one of rsa.
static KEYS: LazyLock<Vec<PublicKey>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let make = |(index, kind): (usize, &str)| {
        let path = folder.path().join(index.to_string());
        let _ = run(Command::new("ssh-keygen").args(["-q", "-N", "", "-C", "", "-t", kind, "-f"]).arg(&path));
        PublicKey::from_openssh(&fs::read_to_string(path.with_extension("pub")).unwrap()).unwrap()
    };
    ["ed25519", "ed25519", "ecdsa", "rsa"].into_iter().enumerate().map(make).collect()
});

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn text(key: &PublicKey) -> String {
    key.to_openssh().unwrap().trim().to_owned()
}

struct Files {
    folder: tempfile::TempDir,
    known: KnownHosts,
}

impl Files {
    fn with(content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known_hosts");
        fs::write(&path, content).unwrap();
        let known = KnownHosts::new(vec![path], vec![folder.path().join("global")]);
        Self { folder, known }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("known_hosts")
    }

    fn place(&self, line: usize) -> Place {
        Place { path: self.path(), line }
    }

    fn check(&self, host: &str, port: u16, key: usize) -> Status {
        self.known.check(host, port, &KEYS[key]).unwrap()
    }

    fn is_unknown(&self, host: &str, port: u16, key: usize) -> bool {
        matches!(self.check(host, port, key), Status::Unknown { .. })
    }
}

fn keygen(files: &Files, arguments: &[&str]) -> std::process::Output {
    Command::new("ssh-keygen").args(arguments).arg("-f").arg(files.path()).output().unwrap()
}

#[test]
fn a_known_key_is_known_in_every_way_of_naming_its_host() {
    let (a, b) = (text(&KEYS[0]), text(&KEYS[1]));
    let files = Files::with(format!(
        "# comment\n\n  \t{}\nplain,other.example {a} a comment\n[plain]:2222 {b}\n*.wild.example,!not.wild.example {a}\n\
         192.0.2.? {a}\r\n2001:db8::1 {a}\n",
        "#indented comment"
    ));
    for (host, port, line) in [
        ("plain", 22, 4),
        ("PLAIN", 22, 4),
        ("other.example", 22, 4),
        ("www.wild.example", 22, 6),
        ("192.0.2.7", 22, 7),
        ("2001:db8::1", 22, 8),
        // Unknown on that port, known by the bare name, as "found matching key w/out port" in sshconnect.c.
        ("other.example", 2200, 4),
    ] {
        assert_eq!(files.check(host, port, 0), Status::Known(files.place(line)), "{host} {port}");
    }
    assert_eq!(files.check("plain", 2222, 1), Status::Known(files.place(5)));
    for (host, port) in [("not.wild.example", 22), ("wild.example", 22), ("elsewhere", 22), ("elsewhere", 2222)] {
        assert!(files.is_unknown(host, port, 0), "{host} {port}");
    }
}

#[test]
fn a_changed_key_names_the_line_and_the_key_that_was_expected() {
    let files = Files::with(format!("h {}\nh {}\n", text(&KEYS[2]), text(&KEYS[0])));
    let Status::Changed { place, expected } = files.check("h", 22, 1) else { panic!() };
    assert_eq!(place, files.place(2));
    assert_eq!(expected, Fingerprint::of(&KEYS[0]));
    assert_eq!(place.to_string(), format!("{}:2", files.path().display()));
}

#[test]
fn a_key_of_a_type_not_seen_before_is_a_change_as_in_openssh() {
    let files = Files::with(format!("h {}\n", text(&KEYS[0])));
    assert!(matches!(files.check("h", 22, 2), Status::Changed { .. }));
    // The bare name's other key says nothing about a server on another port.
    assert!(files.is_unknown("h", 2222, 2));
}

#[test]
fn a_revoked_key_is_revoked_wherever_else_it_is_listed() {
    let key = text(&KEYS[0]);
    for content in [
        format!("h {key}\n@revoked h {key}\n"),
        format!("@revoked * {key}\nh {key}\n"),
        format!("@revoked\th\t{key}\n"),
    ] {
        let files = Files::with(&content);
        assert!(matches!(files.check("h", 22, 0), Status::Revoked(_)), "{content}");
        assert!(matches!(files.check("h", 2222, 0), Status::Revoked(_)), "{content}");
        assert!(!matches!(files.check("h", 22, 1), Status::Revoked(_)));
    }
}

#[test]
fn the_key_of_an_authority_is_nobodys_own() {
    let files = Files::with(format!("@cert-authority * {}\n", text(&KEYS[0])));
    assert!(files.is_unknown("h", 22, 0));
    assert!(files.is_unknown("h", 22, 1));
    assert!(files.known.algorithms("h", 22).unwrap().is_empty());
}

#[test]
fn broken_lines_are_skipped_and_hide_nothing_after_them() {
    let key = text(&KEYS[0]);
    let cut = &key[..key.len() - 10];
    let mut content = Vec::new();
    for line in [
        "h",
        "h ssh-ed25519",
        "h ssh-ed25519 ",
        "h ssh-ed25519 !!!!",
        &format!("h {cut}"),
        "h ssh-rsa AAAA",
        &format!("h {}", key.replace("ssh-ed25519", "ssh-rsa")),
        &format!("@unknown h {key}"),
        &format!("@revoked @revoked h {key}"),
        "@revoked",
        "|1|x|y",
        &format!("|1|AAAA|AAAA {key}"),
        &format!("|1|| {key}"),
        "h no-such-type AAAA",
        "\u{feff}",
    ] {
        content.extend_from_slice(line.as_bytes());
        content.push(b'\n');
    }
    content.extend_from_slice(b"h \xff\xfe\x00\n");
    content.extend(std::iter::repeat_n(b'x', 3 * 1024 * 1024));
    content.push(b'\n');
    assert!(Files::with(&content).is_unknown("h", 22, 0));
    content.extend_from_slice(format!("h {key}").as_bytes());
    let files = Files::with(&content);
    assert_eq!(files.check("h", 22, 0), Status::Known(files.place(18)));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_and_a_missing_one_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let missing = KnownHosts::new(vec![folder.path().join("none")], vec![]);
    assert!(matches!(missing.check("h", 22, &KEYS[0]).unwrap(), Status::Unknown { .. }));
    // A folder: even root cannot read it as a file.
    let unreadable = KnownHosts::new(vec![folder.path().join("none")], vec![folder.path().to_owned()]);
    let error = unreadable.check("h", 22, &KEYS[0]).unwrap_err();
    assert!(matches!(&error, Error::Unreadable { path, .. } if path == folder.path()), "{error}");
    assert!(unreadable.algorithms("h", 22).is_err());
}

#[test]
fn the_same_key_under_other_names_is_told() {
    let key = text(&KEYS[0]);
    let files = Files::with(format!("old,192.0.2.1 {key}\nanother {}\n", text(&KEYS[1])));
    let hashed = files.known.add("secret", 22, &KEYS[0], true).unwrap();
    let Status::Unknown { elsewhere } = files.check("new", 22, 0) else { panic!() };
    let names: Vec<_> = elsewhere.iter().map(|other| (other.place.line, other.names.as_deref())).collect();
    assert_eq!(names, [(1, Some("old,192.0.2.1")), (hashed.line, None)]);
}

#[test]
fn algorithms_whose_keys_are_known_come_first() {
    let files = Files::with(format!("h {}\nh {}\nother {}\n", text(&KEYS[3]), text(&KEYS[2]), text(&KEYS[0])));
    let names = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"];
    let preferred = names.map(|name| Algorithm::new(name).unwrap());
    let order = |host| -> Vec<String> {
        files.known.order(host, 22, &preferred).unwrap().iter().map(|algorithm| algorithm.as_str().to_owned()).collect()
    };
    assert_eq!(
        order("h"),
        ["ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519", "ecdsa-sha2-nistp521"]
    );
    assert_eq!(order("other"), names);
    assert_eq!(order("nobody"), names);
}

#[test]
fn what_is_added_is_found_by_ssh_keygen_and_what_it_hashes_is_found_here() {
    let files = Files::with(format!("first {}", text(&KEYS[1])));
    for (hashed, host, port, line) in [
        (false, "Plain.example", 22, 2),
        (true, "hashed.example", 22, 3),
        (false, "::1", 2222, 4),
        (true, "p", 2200, 5),
    ] {
        let place = files.known.add(host, port, &KEYS[0], hashed).unwrap();
        assert_eq!(place, files.place(line));
        let shown = keygen(&files, &["-F", &name(host, port)]);
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert!(shown.contains(&format!("found: line {line}")), "{host}: {shown}");
        assert!(shown.contains(&text(&KEYS[0])), "{shown}");
        assert_eq!(files.check(host, port, 0), Status::Known(files.place(line)));
    }
    let content = fs::read_to_string(files.path()).unwrap();
    assert!(!content.contains("hashed.example") && !content.contains("[p]:2200"), "{content}");

    assert!(keygen(&files, &["-H"]).status.success());

    assert!(!fs::read_to_string(files.path()).unwrap().contains("plain"), "ssh-keygen -H hashed nothing");
    assert_eq!(files.check("plain.example", 22, 0), Status::Known(files.place(2)));
    assert_eq!(files.check("::1", 2222, 0), Status::Known(files.place(4)));
    assert!(files.is_unknown("plain", 22, 1));

    assert!(keygen(&files, &["-R", "plain.example"]).status.success());
    assert!(files.is_unknown("plain.example", 22, 0));
}

#[test]
fn adding_keeps_every_byte_that_was_there() {
    let before = format!("# mine\r\n\r\nfirst {}\nbroken line without end", text(&KEYS[1]));
    let files = Files::with(&before);
    let place = files.known.add("h", 2222, &KEYS[0], false).unwrap();
    let after = fs::read_to_string(files.path()).unwrap();
    assert_eq!(after, format!("{before}\n[h]:2222 {}\n", text(&KEYS[0])));
    assert_eq!(place.line, 5);
}

#[test]
fn a_missing_folder_and_file_are_made_for_the_user_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".ssh/known_hosts");
    let known = KnownHosts::new(vec![path.clone()], vec![]);
    assert_eq!(known.add("h", 22, &KEYS[0], false).unwrap().line, 1);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
}

#[test]
fn many_at_once_lose_nothing() {
    let files = Files::with("");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let known = files.known.clone();
            let _ = scope.spawn(move || {
                for host in 0..50 {
                    let _ = known.add(&format!("h{thread}-{host}"), 22, &KEYS[0], host % 2 == 0).unwrap();
                }
            });
        }
    });
    let content = fs::read_to_string(files.path()).unwrap();
    assert_eq!(content.lines().count(), 200);
    for (thread, host) in [(0, 0), (1, 17), (3, 49)] {
        assert!(matches!(files.check(&format!("h{thread}-{host}"), 22, 0), Status::Known(_)));
    }
}

#[test]
fn names_that_mean_something_else_in_the_file_are_not_saved() {
    let files = Files::with("");
    for host in ["*", "a,b", "!a", "|1|x", "#a", "a b", "a\nb", "@revoked", "[a]", "", "a\0"] {
        assert!(matches!(files.known.add(host, 22, &KEYS[0], false), Err(Error::Name { .. })), "{host:?}");
    }
    assert!(fs::read(files.path()).unwrap().is_empty());
    assert_eq!(KnownHosts::default().add("h", 22, &KEYS[0], false), Err(Error::NoFile));
}

#[test]
fn a_failed_save_says_where_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let known = KnownHosts::new(vec![folder.path().to_owned()], vec![]);
    let error = known.add("h", 22, &KEYS[0], false).unwrap_err();
    assert!(error.to_string().contains(folder.path().to_str().unwrap()), "{error}");
    // A device takes what it is given and keeps nothing: `UserKnownHostsFile /dev/null` is a habit.
    assert!(KnownHosts::new(vec!["/dev/null".into()], vec![]).add("h", 22, &KEYS[0], false).is_ok());
    assert!(KnownHosts::new(vec!["/dev/full".into()], vec![]).add("h", 22, &KEYS[0], false).is_err());
}

#[test]
fn adding_while_lines_are_taken_out_loses_nothing() {
    let key = text(&KEYS[0]);
    let files = Files::with((0..60).map(|host| format!("old{host} {key}\n")).collect::<String>());
    std::thread::scope(|scope| {
        let _ = scope.spawn(|| {
            for host in 0..60 {
                let name = format!("old{host} ");
                file::retain(&files.path(), |line| !line.starts_with(name.as_bytes())).unwrap();
            }
        });
        for thread in 0..2 {
            let known = files.known.clone();
            let _ = scope.spawn(move || {
                for host in 0..40 {
                    let _ = known.add(&format!("new{thread}-{host}"), 22, &KEYS[0], false).unwrap();
                }
            });
        }
    });
    let content = fs::read_to_string(files.path()).unwrap();
    assert!(!content.contains("old"), "{content}");
    assert_eq!(content.lines().count(), 80);
    for thread in 0..2 {
        for host in 0..40 {
            assert!(content.contains(&format!("new{thread}-{host} ")), "{thread} {host}");
        }
    }
    // Nothing is left beside it.
    assert_eq!(fs::read_dir(files.folder.path()).unwrap().count(), 1);
}

#[test]
fn taking_lines_out_keeps_permissions_and_every_other_byte() {
    let key = text(&KEYS[0]);
    let files = Files::with(format!("# mine\r\n\nh {key}\r\n  b {key}\nh {key}"));
    fs::set_permissions(files.path(), fs::Permissions::from_mode(0o644)).unwrap();
    file::retain(&files.path(), |line| !line.starts_with(b"h ")).unwrap();
    assert_eq!(fs::read_to_string(files.path()).unwrap(), format!("# mine\r\n\n  b {key}\n"));
    assert_eq!(fs::metadata(files.path()).unwrap().permissions().mode() & 0o777, 0o644);
    file::retain(&files.folder.path().join("missing"), |_| false).unwrap();
    assert!(!files.folder.path().join("missing").exists());
}
