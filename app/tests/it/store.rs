//! The user's files under what happens to files: kills, full disks, two windows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tetherm::store::{Error, Host, Hosts};

use testbed::process::{again, finish, told};

fn path(folder: &Path) -> PathBuf {
    folder.join("hosts.toml")
}

#[test]
fn a_save_that_is_killed_leaves_the_old_hosts_or_the_new() {
    if let Some(folder) = told() {
        // Saves until it is killed; the last host's name counts the saves.
        let mut hosts = Hosts::load(path(folder.as_ref())).unwrap();
        let mut host = hosts.iter().last().unwrap().clone();
        loop {
            host.name = format!("{}", host.name.parse::<u64>().unwrap() + 1);
            hosts = hosts.save(&host).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut hosts = Hosts::none(path(folder.path()));
    for _ in 0..200 {
        hosts = hosts.save(&Host::new("0", "h")).unwrap();
    }
    let mut saves = 0;
    for round in 0..100 {
        let mut child = again(a_save_that_is_killed_leaves_the_old_hosts_or_the_new, folder.path().to_str().unwrap())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let before = saves;
        let deadline = testbed::Deadline::generous();
        // The first saves are surely under way; each round is killed at another point of one.
        let moved = deadline.wait_until("a save", || count(folder.path()) > before);
        std::thread::sleep(std::time::Duration::from_micros(97 * round));
        child.kill().unwrap();
        let _ = child.wait().unwrap();
        moved.unwrap();
        saves = count(folder.path());
    }
    let _ = Hosts::load(path(folder.path())).unwrap().save(&Host::new("0", "h")).unwrap();
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 2, "a killed save left more than hosts.toml and .lock behind");
}

/// How often the last host was saved; all 200 hosts must be there.
fn count(folder: &Path) -> u64 {
    let hosts = Hosts::load(path(folder)).unwrap();
    assert_eq!(hosts.len(), 200);
    hosts.iter().last().unwrap().name.parse().unwrap()
}

#[test]
fn a_full_disk_costs_no_host() {
    if let Some(folder) = told() {
        let hosts = Hosts::load(path(folder.as_ref())).unwrap();
        let before = fs::read(hosts.path()).unwrap();
        let error = hosts.save(&Host::new("x".repeat(100_000), "h")).unwrap_err();
        assert!(matches!(&error, Error::Unwritable { .. }), "{error}");
        assert_eq!(fs::read(hosts.path()).unwrap(), before);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "a failed save left its temporary file behind");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let _ = Hosts::none(path(folder.path())).save(&Host::new("n", "h")).unwrap();
    // Files of more than 32 KiB cannot be written, as on a disk that has no more room. The signal that comes with that
    // limit would end the process before it sees the error.
    let test = again(a_full_disk_costs_no_host, folder.path().to_str().unwrap());
    let mut shell = Command::new("sh");
    let _ = shell.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]).arg(test.get_program());
    let _ = shell.args(test.get_args()).envs(test.get_envs().filter_map(|(name, value)| Some((name, value?))));
    finish(&shell.output().unwrap());
}

#[test]
fn two_windows_that_add_hosts_at_once_lose_none() {
    if let Some(folder) = told() {
        let hosts = Hosts::none(path(folder.as_ref()));
        for n in 0..100 {
            let _ = hosts.save(&Host::new(format!("{} {n}", std::process::id()), "h")).unwrap();
        }
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        again(two_windows_that_add_hosts_at_once_lose_none, folder.path().to_str().unwrap())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    };
    let windows = [start().unwrap(), start().unwrap()];
    let _ = windows.map(|window| finish(&window.wait_with_output().unwrap()));
    let hosts = Hosts::load(path(folder.path())).unwrap();
    let names: std::collections::HashSet<_> = hosts.iter().map(|host| &host.name).collect();
    assert_eq!((hosts.len(), names.len()), (200, 200));
}
