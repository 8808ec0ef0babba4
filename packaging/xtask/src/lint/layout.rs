//! House style that can be counted: sizes and names of files, and paths that lead off this workspace.

use std::path::Path;

use super::Finding;
use super::source::Source;

/// The longest a source file may be, in lines.
const LONGEST: usize = 600;

/// Names that say nothing about what a file holds.
const EMPTY_NAMES: &[&str] = &["mod", "util", "utils", "helper", "helpers", "common", "manager", "misc"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = source.text.lines().count();
    if lines > LONGEST {
        let message = format!("{lines} lines, more than {LONGEST}: look for the noun that wants out");
        findings.push(Finding::new(&source.path, 0, message));
    }
    let stem = source.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).unwrap_or_default();
    if EMPTY_NAMES.contains(&stem) {
        let message = "a file is a noun and exports the type of that name";
        findings.push(Finding::new(&source.path, 0, message));
    }
    findings
}

/// No file may name the folder that this checkout happens to lie in.
pub(super) fn check_paths(file: &Source, root: &Path) -> Vec<Finding> {
    let Some(root) = root.to_str().filter(|root| root.len() > 1) else { return Vec::new() };
    let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(root));
    lines
        .map(|(index, _)| Finding::new(&file.path, index + 1, format!("names {root}, a path of this machine")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_found() {
        assert_eq!(check(&sample("a.rs", &"\n".repeat(LONGEST))), []);
        assert_eq!(check(&sample("a.rs", &"\n".repeat(LONGEST + 1))).len(), 1);
    }

    #[test]
    fn a_file_with_an_empty_name_is_found() {
        assert_eq!(check(&sample("x11/src/bridge/mod.rs", "")).len(), 1);
        assert_eq!(check(&sample("app/src/utils.rs", "")).len(), 1);
        assert_eq!(check(&sample("app/src/tab.rs", "")), []);
    }

    #[test]
    fn a_path_of_this_machine_is_found() {
        let file = sample("README.md", "run\n/somewhere/tetherm/target/release/tetherm\n");
        assert_eq!(check_paths(&file, Path::new("/somewhere/tetherm"))[0].line, 2);
        assert_eq!(check_paths(&file, Path::new("/elsewhere")), []);
        assert_eq!(check_paths(&file, Path::new("/")), []);
    }
}
