//! The task runner behind `cargo xtask`: what the README's commands do.
//!
//! ```text
//!   cargo xtask demo ──► packages ──► cargo build --release ──► testbed::Sshd ──► the window, for the user or driven
//!   cargo xtask test ──► packages ──► cargo test
//!   cargo xtask bench ─► packages ──► cargo build --release ──► testbed, beside other terminals ──► a table
//!   cargo xtask conformance ──► esctest2 on a terminal that nobody sees ──► what fails, against the list
//!   cargo xtask lint ──► the rules that neither the compiler nor clippy knows
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task runner talks to whoever runs it")]

mod bench;
mod conformance;
mod demo;
mod lint;
mod packages;
mod suite;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <task>

  demo [--headless]  Start a throwaway server and open the window on it; without a display, or with
                     --headless, drive the window on a display of its own and save pictures of each step.
  test [arguments]   Install what the tests need, then run them; arguments go to `cargo test`.
  bench terminal [--runs N] [--only throughput,latency,start,memory,idle,floods] [--seconds N] [--json FILE]
                 [--program PATH]
                     Measure the terminal beside Alacritty and xterm; prints a table.
  bench ssh [--runs N] [--only bulk,far,echo,connect,backlog,beside] [--size MIB] [--json FILE] [--program PATH]
                     Measure `tetherm exec` beside OpenSSH's client; prints a table.
  conformance --esctest FOLDER
                     Run the esctest2 suite on the terminal and compare with .github/CONFORMANCE.md.
  lint               Check the rules of direction, the sizes of files and the licences of fonts.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    let outcome: Result<ExitCode, Box<dyn std::error::Error>> = match task {
        "demo" => demo::run(rest).map_err(Into::into),
        "conformance" => conformance::run(rest).map_err(Into::into),
        "test" => suite::run(rest).map_err(Into::into),
        "bench" => bench::run(rest).map_err(Into::into),
        "lint" => lint::run().map_err(Into::into),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => {
            eprint!("cargo xtask: there is no task '{unknown}'\n\n{USAGE}");
            Ok(ExitCode::from(2))
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("cargo xtask {task}: {error}");
        ExitCode::FAILURE
    })
}
