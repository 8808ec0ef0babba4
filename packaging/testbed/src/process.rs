//! Tests that need a process of their own: one with another environment, or one that can be killed.
#![expect(clippy::expect_used, reason = "it is part of the tests that use it: one that cannot go on has failed")]

use std::ffi::OsString;
use std::process::{Command, Output};

/// Set in such a process; holds what it was told.
const TOLD: &str = "TETHERM_TEST_PROCESS";

/// What this process was told by the test that started it; `None` in the test itself.
#[must_use]
pub fn told() -> Option<String> {
    std::env::var(TOLD).ok()
}

/// The test `test` once more, in a process of its own in which [`told`] answers `text`.
///
/// # Panics
/// If `test` is no function in a module, or the running program has no file.
#[must_use]
pub fn again<F: Fn()>(test: F, text: &str) -> Command {
    let (_crate, test) = std::any::type_name_of_val(&test).split_once("::").expect("a test stands in a module");
    let mut command = Command::new(std::env::current_exe().expect("a running program has a file"));
    let _ = command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(TOLD, text);
    command
}

/// Runs a test's body where `environment` is in force, and fails as it fails.
///
/// # Panics
/// If the body does, or its process cannot be started.
pub fn within<F: Fn(), const N: usize>(test: F, environment: [(&'static str, OsString); N], text: &str) {
    finish(&again(test, text).envs(environment).output().expect("this test can be started again"));
}

/// Passes the failure of such a process on.
///
/// # Panics
/// If that process ran no test or its test failed.
pub fn finish(output: &Output) {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(output.status.success() && text.contains("test result: ok. 1 passed"), "{text}");
}
