//! What a process and all that it started take of the machine, from proc(5).

use std::time::Duration;

/// Memory, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Memory {
    /// Proportional set size: pages shared with other processes count in part.
    pub(super) pss: u64,
    /// Resident set size.
    pub(super) rss: u64,
}

/// The memory of `root` and its descendants.
pub(super) fn memory(root: u32) -> Memory {
    let mut sum = Memory::default();
    for pid in tree(root) {
        let rollup = read(&format!("/proc/{pid}/smaps_rollup"));
        sum.pss += kilobytes(&rollup, "Pss:") * 1024;
        sum.rss += kilobytes(&rollup, "Rss:") * 1024;
    }
    sum
}

/// The processor time that `root` and its descendants have taken, in steps of 10 ms; that of ended threads and of
/// children that were waited for is in it.
pub(super) fn processor_time(root: u32) -> Duration {
    tree(root).into_iter().map(own_processor_time).sum()
}

/// The processor time that one process has taken, in steps of 10 ms.
pub(super) fn own_processor_time(pid: u32) -> Duration {
    // A tick is a hundredth of a second on every Linux (sysconf(_SC_CLK_TCK)).
    Duration::from_millis(10 * ticks(&read(&format!("/proc/{pid}/stat"))))
}

/// `root` and its descendants.
fn tree(root: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let all: Vec<(u32, u32)> = entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid: u32| Some((pid, parent(&read(&format!("/proc/{pid}/stat")))?)))
        .collect();
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(above) = tree.get(next).copied() {
        tree.extend(all.iter().filter(|(_, parent)| *parent == above).map(|(pid, _)| *pid));
        next += 1;
    }
    tree
}

/// A process may end while it is asked about; then it takes nothing.
fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Field `number` of proc_pid_stat(5), from the third on: the name before them may hold blanks.
fn field(stat: &str, number: usize) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(number.checked_sub(3)?)?.parse().ok()
}

fn parent(stat: &str) -> Option<u32> {
    field(stat, 4).and_then(|parent| u32::try_from(parent).ok())
}

/// `utime`, `stime`, `cutime` and `cstime`.
fn ticks(stat: &str) -> u64 {
    (14..=17).filter_map(|number| field(stat, number)).sum()
}

fn kilobytes(rollup: &str, name: &str) -> u64 {
    let line = rollup.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "42 (a (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 1 20 0 9 0";

    #[test]
    fn the_fields_after_a_name_with_parentheses_are_found() {
        assert_eq!(parent(STAT), Some(7));
        assert_eq!(ticks(STAT), 124);
        assert_eq!(field("nonsense", 4), None);
    }

    #[test]
    fn a_rollup_is_read_by_name() {
        let rollup = "0-f ---p 0 0 0 [rollup]\nRss:  2048 kB\nPss:  1024 kB\nPss_Dirty: 7 kB\n";
        assert_eq!((kilobytes(rollup, "Pss:"), kilobytes(rollup, "Rss:")), (1024, 2048));
        assert_eq!(kilobytes(rollup, "Swap:"), 0);
    }

    #[test]
    fn a_child_counts_with_its_parent() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let own = std::process::id();
        assert!(tree(own).contains(&child.id()) && !tree(child.id()).contains(&own));
        assert!(memory(own).rss > memory(child.id()).rss);
        child.kill().unwrap();
        let _ = child.wait().unwrap();
    }
}
