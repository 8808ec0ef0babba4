//! Tetherm: a graphical SSH terminal.

use std::process::ExitCode;

use tetherm::cli::{self, Invocation};
use tetherm::{allocator, window};

fn main() -> ExitCode {
    match Invocation::parse(std::env::args_os().skip(1)) {
        Ok(Invocation::Exec(words)) => cli::exec::run(&words),
        Ok(Invocation::Config(words)) => cli::config::run(&words),
        Ok(Invocation::Doctor(words)) => cli::doctor::run(&words),
        Ok(Invocation::Print(text)) => cli::print(text),
        Ok(Invocation::Control(words)) => cli::ctl::run(words),
        Ok(Invocation::Window { control, open }) => {
            allocator::settle();
            window::run(window::Options { control, open })
        }
        Err(error) => {
            cli::complain(&error);
            ExitCode::from(2)
        }
    }
}
