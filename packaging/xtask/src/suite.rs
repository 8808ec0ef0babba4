//! `cargo xtask test`: every test of the workspace, with what it needs around it.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};

use crate::packages::{self, Need};
use crate::workspace;

/// Why the tests did not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// System packages are missing.
    #[error(transparent)]
    Packages(#[from] packages::Error),
    /// The server in Python cannot be installed.
    #[error(transparent)]
    Foreign(#[from] testbed::foreign::Error),
    /// The folder for the tests' sockets, or cargo itself.
    #[error("cannot run the tests: {0}")]
    Io(#[from] std::io::Error),
}

/// What of the user's session no test may reach: their display, bus, keyring and keys.
const HIDDEN: &[&str] =
    &["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK", "SSH_ASKPASS"];

/// Installs what the tests need, then runs them. With `arguments`, what `cargo test` makes of those; without any, the
/// documentation's tests first and the tests proper last, so that the last lines are their summary.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, Error> {
    packages::ensure(Need::Test)?;
    testbed::foreign::prepare_asyncssh()?;
    let runtime = tempfile::Builder::new().prefix("runtime-").tempdir()?;
    std::fs::set_permissions(runtime.path(), std::fs::Permissions::from_mode(0o700))?;
    for line in command_lines(arguments) {
        let status = prepare(workspace::cargo().args(line), runtime.path()).status()?;
        if !status.success() {
            return Ok(exit_code(status));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn command_lines(arguments: &[String]) -> Vec<Vec<String>> {
    let line = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).chain(arguments.iter().cloned()).collect();
    let packages = |argument: &String| {
        argument == "-p" || ["--package", "--workspace"].iter().any(|option| argument.starts_with(option))
    };
    if arguments.is_empty() {
        vec![line(&["test", "--workspace", "--doc"]), line(&["test", "--workspace", "--lib", "--bins", "--tests"])]
    } else if arguments.iter().take_while(|argument| *argument != "--").any(packages) {
        vec![line(&["test"])]
    } else {
        vec![line(&["test", "--workspace"])]
    }
}

/// A bare machine has neither a locale nor a runtime folder, a desktop has more of both than a test should see.
fn prepare<'a>(command: &'a mut Command, runtime: &Path) -> &'a mut Command {
    for name in HIDDEN {
        let _ = command.env_remove(name);
    }
    if std::env::var_os("HOME").is_none_or(|home| home.is_empty()) {
        let _ = command.env("HOME", runtime);
    }
    command
        .env("XDG_RUNTIME_DIR", runtime)
        .env("LC_ALL", "C.UTF-8")
        .env("ICED_TEST_BACKEND", "tiny-skia")
        .env("PATH", with_servers(std::env::var_os("PATH").unwrap_or_default()))
}

/// Servers live in folders that a user's PATH may leave out.
fn with_servers(path: OsString) -> OsString {
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    std::env::join_paths(folders).unwrap_or(path)
}

/// Cargo's own status; a signal counts as failure.
fn exit_code(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn lines(arguments: &[&str]) -> Vec<String> {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        command_lines(&arguments).iter().map(|line| line.join(" ")).collect()
    }

    #[test]
    fn the_tests_proper_come_last() {
        assert_eq!(lines(&[]), ["test --workspace --doc", "test --workspace --lib --bins --tests"]);
    }

    #[test]
    fn arguments_go_to_cargo_test() {
        assert_eq!(lines(&["reconnect"]), ["test --workspace reconnect"]);
        assert_eq!(lines(&["-p", "xtask", "--", "--nocapture"]), ["test -p xtask -- --nocapture"]);
        assert_eq!(lines(&["--", "-p"]), ["test --workspace -- -p"]);
    }

    #[test]
    fn a_test_sees_neither_the_users_display_nor_their_keys() {
        let mut command = Command::new("cargo");
        let _ = prepare(&mut command, Path::new("/runtime"));
        let value = |name: &str| command.get_envs().find(|(key, _)| *key == name).map(|(_, value)| value);
        assert_eq!(value("DISPLAY"), Some(None));
        assert_eq!(value("SSH_AUTH_SOCK"), Some(None));
        assert_eq!(value("XDG_RUNTIME_DIR"), Some(Some("/runtime".as_ref())));
    }

    #[test]
    fn the_exit_status_of_cargo_is_passed_on() {
        assert_eq!(exit_code(ExitStatus::from_raw(101 << 8)), ExitCode::from(101));
        assert_eq!(exit_code(ExitStatus::from_raw(9)), ExitCode::FAILURE);
    }
}
