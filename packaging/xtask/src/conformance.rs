//! `cargo xtask conformance`: runs esctest2 on the emulator, over a real server, and compares what fails with the list.
//!
//! ```text
//!   .github/CONFORMANCE.md ──► expected failures ─┐
//!                                                 ├──► the same, or what is new and what passes by now
//!   sshd ──► Session ──► Terminal ◄── esctest.py ─┘
//! ```
//!
//! The suite (github.com/ThomasDickey/esctest2) is GPL: it is run where it lies, and nothing of it is here.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::workspace;

/// The list of cases that fail, each with its reason.
const LIST: &str = ".github/CONFORMANCE.md";

/// What the suite is told of the terminal: a VT420 like xterm, whose checksums and reverse wrap are those of the newer
/// versions, and which takes C1 controls in eight bits after S8C1T.
const ARGUMENTS: &str = "--no-print-logs --expected-terminal=xterm --max-vt-level=4 --xterm-checksum=334 \
                         --xterm-reverse-wrap=383 --options allowC2Controls";

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The arguments say nothing.
    #[error("say where the suite lies: cargo xtask conformance --esctest FOLDER (a clone of ThomasDickey/esctest2)")]
    Usage,
    /// There is no suite.
    #[error("{0} is not there: --esctest wants the folder that holds esctest/esctest.py")]
    NoSuite(PathBuf),
    /// A file or a process.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: String,
        /// The operating system's reason.
        error: std::io::Error,
    },
    /// The suite did not come to its end.
    #[error("the suite did not come to its end; its log ends with:\n{0}")]
    Unfinished(String),
}

/// Runs the suite and compares.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, Error> {
    let [option, folder] = arguments else { return Err(Error::Usage) };
    if option != "--esctest" {
        return Err(Error::Usage);
    }
    let script = PathBuf::from(folder).join("esctest").join("esctest.py");
    let script = script.canonicalize().map_err(|_| Error::NoSuite(script))?;
    let path = workspace::root().join(LIST);
    let list = std::fs::read_to_string(&path).map_err(|error| Error::Io { what: LIST.to_owned(), error })?;
    let result = Outcome::parse(&log_of(&script)?)?;
    println!("{} passed, {} that xterm fails too, {} failed", result.passed, result.known, result.failed.len());
    let surprises = surprises(&result.failed, &expected(&list));
    surprises.iter().for_each(|surprise| println!("{surprise}"));
    if surprises.is_empty() {
        println!("What failed is what {LIST} lists.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("Mend the emulator, or say why in {LIST}.");
    Ok(ExitCode::FAILURE)
}

/// Runs the suite in a terminal that nobody sees and returns its log.
fn log_of(script: &std::path::Path) -> Result<String, Error> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error| Error::Io { what, error }
    };
    let folder = tempfile::tempdir().map_err(failed("a folder for the log"))?;
    let log = folder.path().join("log");
    // XTCHECKSUM 23 has the screen told character by character, without attributes.
    let line = format!("printf '\\033[23#y'; cd '{}'; exec python3", script.with_file_name("").display());
    let mut inside = OsString::from(format!("{line} esctest.py {ARGUMENTS} --logfile='"));
    inside.push(&log);
    inside.push("'");
    let mut command = workspace::cargo();
    let _ = command.args(["run", "--quiet", "--package", "tetherm-term", "--example", "headless", "--"]).arg(inside);
    let _ = command.stdout(std::process::Stdio::null());
    let _ = command.status().map_err(failed("cargo"))?;
    // The suite logs what comes back byte by byte, whatever that is.
    let bytes = std::fs::read(&log).map_err(failed("the suite's log"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// How the suite ended.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    passed: usize,
    /// Cases of which the suite says that xterm fails them.
    known: usize,
    failed: Vec<String>,
}

impl Outcome {
    /// Reads the end of the suite's log: `*** 5 tests passed, 2 known bugs, 1 TEST FAILED ***`, then names.
    fn parse(log: &str) -> Result<Self, Error> {
        let unfinished = || {
            let lines: Vec<&str> = log.lines().collect();
            Error::Unfinished(lines.get(lines.len().saturating_sub(10)..).unwrap_or_default().join("\n"))
        };
        let end = log.rfind("\n*** ").and_then(|at| log.get(at + 1..)).ok_or_else(unfinished)?;
        let mut lines = end.lines();
        let summary = lines.next().filter(|line| line.contains(" passed, ")).ok_or_else(unfinished)?;
        let mut counts = summary.split([' ', ',']).filter_map(|word| word.parse().ok());
        let (passed, known) = (counts.next().ok_or_else(unfinished)?, counts.next().ok_or_else(unfinished)?);
        let failed = lines.filter(|line| line.contains(".test_")).map(str::to_owned).collect();
        Ok(Self { passed, known, failed })
    }
}

/// The cases that the list names: in backquotes, in the first column of its tables; `*` at the end stands for the rest.
fn expected(list: &str) -> Vec<String> {
    let rows = list.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split('|').next());
    cells
        .flat_map(|cell| cell.split('`').step_by(2))
        .filter(|name| name.contains(".test_"))
        .map(str::to_owned)
        .collect()
}

/// What fails and is not listed, and what is listed and does not fail.
fn surprises(failed: &[String], expected: &[String]) -> Vec<String> {
    let is = |case: &str, pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => case.starts_with(start),
        None => case == pattern,
    };
    let new = failed.iter().filter(|case| !expected.iter().any(|pattern| is(case, pattern)));
    let gone = expected.iter().filter(|pattern| !failed.iter().any(|case| is(case, pattern)));
    let new = new.map(|case| format!("  fails and is not listed: {case}"));
    new.chain(gone.map(|pattern| format!("  is listed and does not fail: {pattern}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_log_is_read() {
        let log = "Run test: A.test_b\nPassed.\n\n*** 505 tests passed, 32 known bugs, 2 TESTS FAILED ***\n\
                   Failing tests:\nA.test_x\nB.test_y\n";
        let failed = vec!["A.test_x".to_owned(), "B.test_y".to_owned()];
        assert_eq!(Outcome::parse(log).unwrap(), Outcome { passed: 505, known: 32, failed });
        let log = "*** TEST A.test_b FAILED:\nPassed.\n*** 1 test passed, 0 known bugs, 0 tests failed ***\n";
        assert_eq!(Outcome::parse(log).unwrap(), Outcome { passed: 1, known: 0, failed: Vec::new() });
        assert!(matches!(Outcome::parse("Run test: A.test_b\n"), Err(Error::Unfinished(_))));
        assert!(matches!(Outcome::parse("*** TEST A.test_b FAILED:\nx\n"), Err(Error::Unfinished(_))));
    }

    #[test]
    fn the_list_is_the_first_column_of_its_tables() {
        let list = "# `X.test_no`\n\n| cases | why |\n|---|---|\n| `A.test_a` `B.test_b_*` | `C.test_c` is another |\n";
        assert_eq!(expected(list), ["A.test_a", "B.test_b_*"]);
    }

    #[test]
    fn only_what_is_new_or_gone_is_told() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let list = names(&["A.test_a", "B.test_b_*"]);
        assert!(surprises(&names(&["A.test_a", "B.test_b_1", "B.test_b_2"]), &list).is_empty());
        let told = surprises(&names(&["A.test_a", "A.test_ab"]), &list);
        assert_eq!(told, ["  fails and is not listed: A.test_ab", "  is listed and does not fail: B.test_b_*"]);
    }

    #[test]
    fn every_case_that_is_listed_has_a_reason() {
        let list = std::fs::read_to_string(workspace::root().join(LIST)).unwrap();
        assert!(!expected(&list).is_empty());
        for row in list.lines().filter(|line| line.starts_with("| `")) {
            let reason = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim();
            assert!(reason.len() > 20, "{row}");
        }
    }
}
