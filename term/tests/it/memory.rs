//! What a terminal takes of the system, measured from outside: in a process of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

use term::terminal::lines::Scrollback;
use term::terminal::{Palette, Rgb, Size, Terminal};

const MIB: usize = 1024 * 1024;

const PALETTE: Palette = Palette {
    foreground: Rgb::hex(0xffffff),
    background: Rgb::hex(0),
    cursor: Rgb::hex(0xffffff),
    cursor_text: Rgb::hex(0),
    selection: Rgb::hex(0x333333),
    ansi: [Rgb::hex(0x808080); 16],
};

/// What an unlimited scrollback may take.
const BOUND: usize = 64 * MIB;

/// What else there is: the screen with its marks and links, what one piece of output adds, the allocator's own.
const BESIDE: usize = 40 * MIB;

/// The variable that says what the process is flooded with.
const FLOOD: &str = "TETHERM_TEST_FLOOD";

/// The variable that says where it writes down what that took.
const REPORT: &str = "TETHERM_TEST_REPORT";

/// The memory that this process alone has, in bytes (proc_pid_smaps_rollup(5)).
fn memory() -> usize {
    let rollup = fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap() * 1024
}

/// Floods a terminal and writes down by how many bytes the process grew at most.
fn flood(kind: &str, report: &Path) {
    let before = memory();
    let terminal = Terminal::new(Size { columns: 200, lines: 50, width: 0, height: 0 }, 0, PALETTE);
    terminal.set_scrollback(Scrollback::Memory(BOUND));
    let address = "a".repeat(2000);
    let mut most = 0;
    for round in 0..40 {
        let text: String = match kind {
            "marks" => (format!("x{}", "\u{301}".repeat(40)).repeat(200) + "\r\n").repeat(60),
            _ => (0..4_000).map(|number| format!("\x1b]8;;http://{round}/{number}/{address}\x1b\\x")).collect(),
        };
        for chunk in text.as_bytes().chunks(64 * 1024) {
            let _ = terminal.advance(chunk);
        }
        most = most.max(memory().saturating_sub(before));
    }
    fs::write(report, most.to_string()).unwrap();
}

#[test]
fn a_flood_of_combining_characters_or_links_stays_within_the_stated_memory() {
    if let Ok(kind) = std::env::var(FLOOD) {
        return flood(&kind, Path::new(&std::env::var_os(REPORT).unwrap()));
    }
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("grown");
    for kind in ["marks", "links"] {
        let name = "memory::a_flood_of_combining_characters_or_links_stays_within_the_stated_memory";
        let mut child = Command::new(std::env::current_exe().unwrap());
        let child = child.args(["--exact", name]).env(FLOOD, kind).env(REPORT, &report).output().unwrap();
        assert!(child.status.success(), "{kind}: {}", String::from_utf8_lossy(&child.stdout));
        let grown: usize = fs::read_to_string(&report).unwrap().parse().unwrap();
        assert!((BOUND / 4..BOUND + BESIDE).contains(&grown), "{kind}: {} MiB", grown / MIB);
    }
}
