//! `cargo xtask lint`: the rules of `.github/ARCHITECTURE.md` that neither the compiler nor clippy knows.

mod assets;
mod graph;
mod layout;
mod names;
mod secrets;
mod source;

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::workspace;
use source::Source;

/// Why the rules could not be checked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A file or folder of the workspace cannot be read.
    #[error("cannot read {path}: {error}")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        error: std::io::Error,
    },
    /// Cargo did not tell the dependencies.
    #[error("cargo metadata failed: {0}")]
    Metadata(String),
}

/// A place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file, from the workspace's folder.
    path: String,
    /// The line, counted from 1; 0 where the file as a whole is meant.
    line: usize,
    /// What is wrong and what would be right.
    message: String,
}

impl Finding {
    fn new(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// Checks every rule and prints what breaks one.
pub(crate) fn run() -> Result<ExitCode, Error> {
    let root = workspace::root();
    let files = source::files(&root)?;
    let sources: Vec<&Source> = files.iter().filter(|file| file.path.ends_with(".rs")).collect();

    let mut findings = graph::check(&graph::read()?);
    findings.extend(sources.iter().flat_map(|source| names::check(source)));
    findings.extend(sources.iter().flat_map(|source| secrets::check(source)));
    findings.extend(sources.iter().flat_map(|source| layout::check(source)));
    findings.extend(files.iter().flat_map(|file| layout::check_paths(file, &root)));
    findings.extend(assets::check(&files));
    findings.sort();

    for finding in &findings {
        eprintln!("{finding}");
    }
    println!("lint: {} files, {} findings", files.len(), findings.len());
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
