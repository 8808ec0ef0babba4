//! `hosts.toml` as people, editors and crashes leave it.

use std::fs;

use super::*;

const SAMPLE: &str = "\
# My machines, kept in a repository.

# The one at work.
[[host]]
id = \"a1\"
name = \"web\" # public
host_name = 'www.example.org'
user = \"root\"
port = 2_222
colour = \"red\"

# At home.
[[host]]
id = \"b2\"
name = \"nas\"
host_name = \"192.168.1.5\"
identity_file = [\"~/.ssh/id_nas\"]
forward_x11 = true
[host.later]
key = 1

[[host]]
id = \"c3\"
name = \"router\"
host_name = \"fe80::1\"
# The end.
";

struct Sample {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn sample(text: impl AsRef<[u8]>) -> Sample {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("hosts.toml");
    fs::write(&path, text).expect("written");
    Sample { _folder: folder, path }
}

impl Sample {
    fn text(&self) -> String {
        fs::read_to_string(&self.path).expect("readable")
    }

    fn load(&self) -> Hosts {
        Hosts::load(&self.path).expect("understood")
    }

    fn copies(&self) -> usize {
        let folder = self.path.parent().expect("a folder").read_dir().expect("readable");
        folder.flatten().filter(|entry| entry.file_name().to_string_lossy().contains(".broken-")).count()
    }
}

fn id(id: &str) -> host::Id {
    host::Id(id.to_owned())
}

#[test]
fn what_the_file_says_is_what_the_list_shows() {
    let hosts = sample(SAMPLE).load();
    let names: Vec<_> = hosts.iter().map(|host| (host.name.as_str(), host.address())).collect();
    let expected = [("web", "root@www.example.org:2222"), ("nas", "192.168.1.5"), ("router", "fe80::1")];
    assert_eq!(names, expected.map(|(name, address)| (name, address.to_owned())));
    let nas = hosts.get(&id("b2")).expect("there");
    assert_eq!((nas.identity_file.as_slice(), nas.forward_x11), (&["~/.ssh/id_nas".to_owned()][..], Some(true)));
}

#[test]
fn a_change_touches_its_own_lines_only() {
    let sample = sample(SAMPLE);
    let mut web = sample.load().get(&id("a1")).expect("there").clone();
    web.user = None;
    web.host_name = "web.example.org".to_owned();
    web.forward_x11 = Some(true);
    web.x11_trust = Some(x11::Trust::Untrusted);
    let hosts = sample.load().save(&web).expect("saved");
    assert_eq!(hosts.get(&id("a1")), Some(&web));
    let expected = SAMPLE
        .replace("'www.example.org'", "\"web.example.org\"")
        .replace("user = \"root\"\n", "")
        .replace("colour = \"red\"\n", "colour = \"red\"\nforward_x11 = true\nx11_trust = \"untrusted\"\n");
    assert_eq!(sample.text(), expected);
}

#[test]
fn a_new_host_is_added_at_the_end() {
    let sample = sample(SAMPLE);
    let host = Host { id: id("d4"), user: Some("me".to_owned()), ..Host::new("new \"one\"", "h") };
    let hosts = sample.load().save(&host).expect("saved");
    assert_eq!(hosts.iter().last(), Some(&host));
    let added = "\n[[host]]\nid = \"d4\"\nname = 'new \"one\"'\nhost_name = \"h\"\nuser = \"me\"\n# The end.\n";
    assert_eq!(sample.text(), SAMPLE.replace("# The end.\n", added));
}

#[test]
fn the_first_host_goes_below_the_header() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("new/hosts.toml");
    let hosts = Hosts::load(&path).expect("a missing file is an empty list");
    assert!(hosts.is_empty() && !path.exists());
    let hosts = hosts.save(&Host { id: id("a"), ..Host::new("n", "h") }).expect("saved");
    let expected = format!("{}[[host]]\nid = \"a\"\nname = \"n\"\nhost_name = \"h\"\n", edit::HEADER);
    assert_eq!(fs::read_to_string(&path).expect("there"), expected);
    let (hosts, _) = hosts.delete(&id("a")).expect("deleted");
    assert_eq!(fs::read_to_string(&path).expect("there").trim_end(), edit::HEADER.trim_end());
    let _ = hosts.save(&Host { id: id("a"), ..Host::new("n", "h") }).expect("saved");
    assert_eq!(fs::read_to_string(&path).expect("there"), expected);
}

#[cfg(unix)]
#[test]
fn new_files_are_the_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("tetherm/hosts.toml");
    let _ = Hosts::none(&path).save(&Host::new("n", "h")).expect("saved");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
}

#[test]
fn deleting_is_undone_to_the_byte() {
    for (deleted, gone) in [("a1", "colour"), ("b2", "[host.later]"), ("c3", "fe80")] {
        let sample = sample(SAMPLE);
        let (hosts, undo) = sample.load().delete(&id(deleted)).expect("deleted");
        assert_eq!((hosts.len(), hosts.get(&id(deleted))), (2, None));
        assert!(!sample.text().contains(gone), "{}", sample.text());
        assert!(sample.text().starts_with("# My machines"), "{}", sample.text());
        let hosts = hosts.restore(undo).expect("restored");
        assert_eq!((sample.text().as_str(), hosts.len()), (SAMPLE, 3));
    }
}

#[test]
fn a_host_deleted_elsewhere_is_reported() {
    let sample = sample(SAMPLE);
    let hosts = sample.load();
    let _ = hosts.delete(&id("a1")).expect("deleted");
    let error = hosts.delete(&id("a1")).expect_err("gone");
    assert_eq!(error, Error::NoSuchHost { id: id("a1"), path: sample.path.clone() });
}

#[test]
fn windows_line_ends_stay() {
    let sample = sample(SAMPLE.replace('\n', "\r\n"));
    let mut nas = sample.load().get(&id("b2")).expect("there").clone();
    nas.port = Some(22);
    let hosts = sample.load().save(&nas).expect("saved");
    let (hosts, undo) = hosts.delete(&id("a1")).expect("deleted");
    let _ = hosts.restore(undo).expect("restored");
    let expected = SAMPLE.replace("forward_x11 = true\n", "forward_x11 = true\nport = 22\n").replace('\n', "\r\n");
    assert_eq!(sample.text(), expected);
}

#[test]
fn hosts_without_or_with_equal_identities_are_told_apart() {
    let text = "[[host]]\nhost_name = \"h\"\n[[host]]\nhost_name = \"h\"\n[[host]]\nid = \"x\"\nhost_name = \"i\"\n\
                [[host]]\nid = \"x\"\nhost_name = \"j\"\n";
    let sample = sample(text);
    let hosts = sample.load();
    let ids: HashSet<_> = hosts.iter().map(|host| &host.id).collect();
    assert_eq!((ids.len(), &hosts), (4, &sample.load()));
    let second = hosts.iter().nth(1).expect("there").clone();
    let (hosts, _) = hosts.delete(&second.id).expect("deleted");
    assert_eq!((hosts.len(), hosts.get(&second.id)), (3, None));
    assert_eq!(hosts.iter().next().expect("there").name, "h");
}

#[test]
fn a_list_written_inline_can_be_changed() {
    let sample = sample("host = [{ host_name = \"h\", name = \"one\" }]\n");
    let hosts = sample.load().save(&Host::new("two", "i")).expect("saved");
    let names: Vec<_> = hosts.iter().map(|host| host.name.as_str()).collect();
    assert_eq!((names, sample.load()), (vec!["one", "two"], hosts.clone()));
}

#[test]
fn a_broken_file_is_reported_copied_and_left_alone() {
    let cases = [
        ("[[host]]\nname = \"x\n", 2, "invalid"),
        ("[[host]]\nname = \"x\"\n", 1, "this host has no 'host_name'"),
        ("[[host]]\nhost_name = \"h\"\nport = 70000\n", 3, "'port' must be a whole number from 1 to 65535"),
        ("[[host]]\nhost_name = \"h\"\nport = \"ssh\"\n", 3, "'port' must be"),
        ("[[host]]\nhost_name = \"$(reboot)\"\n", 2, "hostname contains invalid characters: \"$(reboot)\""),
        ("[[host]]\nhost_name = \"-oProxyCommand=x\"\n", 2, "hostname contains invalid characters"),
        ("[[host]]\nhost_name = \"h\"\nuser = \"a;b\"\n", 3, "remote username contains invalid characters"),
        ("[[host]]\nhost_name = \"h\"\nname = \"\"\n", 3, "give the host a name"),
        ("\nhost = 3\n", 2, "'host' must be a list of tables"),
    ];
    for (text, line, message) in cases {
        let sample = sample(text);
        let error = Hosts::load(&sample.path).expect_err("broken");
        let Error::Malformed { line: at, .. } = error else { panic!("{error}") };
        assert!(at == line && error.to_string().contains(message), "{text}: {error}");
        assert_eq!(Hosts::none(&sample.path).save(&Host::new("n", "h")), Err(error.clone()));
        assert_eq!(Hosts::load(&sample.path), Err(error));
        assert_eq!((sample.text().as_str(), sample.copies()), (text, 1));
    }
}

#[test]
fn each_different_broken_content_is_kept_once() {
    let sample = sample("a = ");
    let broken = || Hosts::load(&sample.path).expect_err("broken");
    let _ = (broken(), broken());
    fs::write(&sample.path, "b = ").expect("written");
    let _ = (broken(), broken());
    assert_eq!(sample.copies(), 2);
}

#[test]
fn no_flipped_byte_and_no_cut_costs_the_user_anything() {
    let sample = sample("");
    let extra = Host::new("extra", "h");
    let mut refused = 0;
    let mut try_with = |bytes: &[u8]| {
        fs::write(&sample.path, bytes).expect("written");
        match Hosts::load(&sample.path) {
            Ok(hosts) => {
                let saved = hosts.save(&extra).expect("what can be read can be saved");
                assert_eq!(saved.len(), hosts.len() + 1, "{}", String::from_utf8_lossy(bytes));
            }
            Err(Error::Malformed { line, column, .. }) => {
                refused += 1;
                assert!((1..=27).contains(&line) && column >= 1);
                assert!(hosts_untouched(&sample, bytes, &extra));
            }
            Err(other) => panic!("{other}"),
        }
        for copy in sample.path.parent().expect("a folder").read_dir().expect("readable").flatten() {
            fs::remove_file(copy.path()).expect("removed");
        }
    };
    for cut in 0..SAMPLE.len() {
        try_with(SAMPLE.as_bytes().get(..cut).expect("within"));
    }
    for position in 0..SAMPLE.len() {
        // Every bit once, spread over the positions.
        let mut bytes = SAMPLE.as_bytes().to_vec();
        bytes[position] ^= 1 << (position % 8);
        try_with(&bytes);
        bytes[position] = SAMPLE.as_bytes()[position] ^ 0xff;
        try_with(&bytes);
    }
    assert!(refused > SAMPLE.len(), "{refused}");
}

fn hosts_untouched(sample: &Sample, bytes: &[u8], extra: &Host) -> bool {
    Hosts::none(&sample.path).save(extra).is_err() && fs::read(&sample.path).expect("there") == bytes
}

#[cfg(unix)]
#[test]
fn a_file_linked_from_elsewhere_stays_linked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let repository = folder.path().join("dotfiles");
    let config = folder.path().join("config");
    fs::create_dir_all(&repository).expect("made");
    fs::create_dir_all(&config).expect("made");
    fs::write(repository.join("hosts.toml"), SAMPLE).expect("written");
    let path = config.join("hosts.toml");
    std::os::unix::fs::symlink("../dotfiles/hosts.toml", &path).expect("linked");
    let hosts = Hosts::load(&path).expect("understood").save(&Host::new("n", "h")).expect("saved");
    assert_eq!(hosts.len(), 4);
    assert!(fs::symlink_metadata(&path).expect("there").is_symlink());
    assert!(fs::read_to_string(repository.join("hosts.toml")).expect("there").contains("name = \"n\""));
}

#[test]
fn ten_thousand_hosts_are_no_burden() {
    use std::fmt::Write as _;
    let mut text = String::new();
    for n in 0..10_000 {
        let _ = write!(
            text,
            "[[host]]\nid = \"{n:016x}\"\nname = \"host {n}\"\nhost_name = \"h{n}.example.org\"\nuser = \"me\"\nport = 22\n\n"
        );
    }
    let sample = sample(text);
    let start = std::time::Instant::now();
    let hosts = sample.load();
    let loaded = start.elapsed();
    let hosts = hosts.save(&Host::new("n", "h")).expect("saved");
    let saved = start.elapsed() - loaded;
    assert_eq!(hosts.len(), 10_001);
    // An unoptimised build is ten times slower than what the user has; this catches what grows with the square.
    assert!(loaded.as_secs() < 5 && saved.as_secs() < 10, "load {loaded:?}, save {saved:?}");
}

#[test]
fn an_answer_about_the_clipboard_changes_nothing_else() {
    let sample = sample(SAMPLE);
    let hosts = sample.load().permit(&id("b2"), Permission::Clipboard(false)).expect("saved");
    let answers: Vec<_> = hosts.iter().map(|host| host.clipboard_write).collect();
    assert_eq!(answers, [None, Some(false), None]);
    assert_eq!(sample.text(), SAMPLE.replace("forward_x11 = true\n", "forward_x11 = true\nclipboard_write = false\n"));
    for _ in 0..2 {
        let hosts = hosts.permit(&id("b2"), Permission::LegacyJump("me@bastion".to_owned())).expect("saved");
        assert_eq!(hosts.get(&id("b2")).expect("it is there").legacy_jumps, ["me@bastion"]);
    }
    assert!(matches!(hosts.permit(&id("gone"), Permission::LegacyAlgorithms), Err(Error::NoSuchHost { .. })));
}
