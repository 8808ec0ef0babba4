//! Where this workspace is, and its cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace's folder: cargo sets the manifest's folder when it runs the task, two levels below.
pub(crate) fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    manifest.ancestors().nth(2).map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// The cargo that runs this task, in the workspace's folder and with the environment that the task was started in:
/// build scripts that look at what cargo told this task of itself would build their crates, and all above, anew.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_of_this_package) {
            let _ = command.env_remove(name);
        }
    }
    let _ = command.current_dir(root());
    command
}

/// Whether cargo sets this variable for the package that it runs, and not its user.
fn is_of_this_package(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_PACKAGE"]
        .iter()
        .any(|prefix| variable.starts_with(prefix))
}

/// Why there is no release build.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// cargo failed, and has said why.
    #[error("the release build failed")]
    Build,
    /// cargo could not be run.
    #[error("running cargo: {0}")]
    Cargo(#[from] std::io::Error),
}

/// Builds the program in release mode and returns where it lies.
pub(crate) fn build_release() -> Result<PathBuf, Error> {
    println!("Building Tetherm in release mode; the first time this takes some minutes.");
    let status = cargo().args(["build", "--release", "--locked", "--package", "tetherm"]).status()?;
    if status.success() { Ok(target().join("release").join("tetherm")) } else { Err(Error::Build) }
}

/// The folder that cargo builds into: this task lies in `debug` or `release` inside it.
pub(crate) fn target() -> PathBuf {
    let own = std::env::current_exe().ok();
    let target = own.as_deref().and_then(|own| own.ancestors().nth(2)).map(Path::to_path_buf);
    target.unwrap_or_else(|| root().join("target"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_tells_of_this_package_is_not_passed_on() {
        assert!(is_of_this_package("CARGO_PKG_NAME") && is_of_this_package("CARGO_MANIFEST_DIR"));
        assert!(!is_of_this_package("CARGO_TARGET_DIR") && !is_of_this_package("CARGO_HOME"));
        let manifest = "CARGO_MANIFEST_DIR";
        assert!(cargo().get_envs().any(|(name, value)| name == manifest && value.is_none()));
    }

    #[test]
    fn the_root_is_the_folder_of_the_lock_file() {
        assert!(root().join("Cargo.lock").is_file());
    }
}
