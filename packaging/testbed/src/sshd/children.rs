//! The processes below a process.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// Every descendant of `root`, found in `/proc`.
pub(super) fn of(root: u32) -> Vec<u32> {
    let pairs: Vec<(u32, u32)> = processes();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(pairs.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    found.split_off(1)
}

/// Kills a process that was found by [`of`]; one that ended meanwhile is no error.
pub(super) fn kill(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
    }
}

/// Stops a process that was found by [`of`], as [`kill`] ends one.
pub(super) fn freeze(pid: u32) {
    signal(pid, Signal::STOP);
}

/// Lets it go on.
pub(super) fn thaw(pid: u32) {
    signal(pid, Signal::CONT);
}

fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // It may have ended by itself.
        let _ = kill_process(pid, signal);
    }
}

/// Each process with its parent.
fn processes() -> Vec<(u32, u32)> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .filter_map(|entry| {
            let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // proc(5): "pid (comm) state ppid"; the name may hold blanks and parentheses, so count from its end.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((pid, parent))
        })
        .collect()
}
