//! `cargo xtask demo`: a newcomer is in a shell in one click.
//!
//! ```text
//!   packages ──► release build ──► Stage: sshd on loopback, home folder with the host `demo`
//!                                    ├── a display: the window is the user's until they close it
//!                                    └── none: Tour drives it on an Xvfb and takes pictures
//! ```

mod stage;
mod tour;

use std::process::{ExitCode, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use testbed::{control, desktop, display, input, screenshot, sshd};

use crate::packages::{self, Need};
use crate::workspace;
use stage::Stage;
use tour::Tour;

/// Why there was no demo, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// System packages are missing.
    #[error(transparent)]
    Packages(#[from] packages::Error),
    /// The release build failed; cargo has said why.
    #[error(transparent)]
    Build(#[from] workspace::Error),
    /// The throwaway server did not start.
    #[error(transparent)]
    Sshd(#[from] sshd::Error),
    /// The X server of the demo did not start or has gone.
    #[error(transparent)]
    Display(#[from] display::Error),
    /// The X server of the demo did not answer.
    #[error(transparent)]
    Desktop(#[from] desktop::Error),
    /// A key or a click could not be made.
    #[error(transparent)]
    Input(#[from] input::Error),
    /// A picture could not be taken or written.
    #[error(transparent)]
    Screenshot(#[from] screenshot::Error),
    /// A file or a process.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// The operating system's reason.
        error: std::io::Error,
    },
    /// The window did not do what it was asked through its control socket, or does not show what it should.
    #[error(transparent)]
    Control(#[from] control::Error),
    /// The window ended by itself.
    #[error("the window ended: {0}")]
    Ended(ExitStatus),
    /// Something did not show what it should.
    #[error("{0}")]
    NotShown(String),
    /// A step of the tour failed.
    #[error("step {number} ({name}) failed: {error}\nthe screen at that moment: {picture}")]
    Step {
        /// Its number.
        number: usize,
        /// Its name.
        name: &'static str,
        /// Why.
        error: Box<Error>,
        /// Where the screen was saved, or why it could not be.
        picture: String,
    },
    /// The user pressed Ctrl+C.
    #[error("interrupted")]
    Interrupted,
    /// An argument that the task does not know.
    #[error("there is no argument '{0}'; the only one is --headless")]
    Argument(String),
}

impl From<testbed::deadline::Expired> for Error {
    fn from(error: testbed::deadline::Expired) -> Self {
        Self::NotShown(error.to_string())
    }
}

fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Error {
    move |error| Error::Io { what, error }
}

/// Runs the demo: on the user's display where there is one, else on a display of its own.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, Error> {
    let headless = is_headless(arguments, |name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))?;
    packages::ensure(if headless { Need::HeadlessDemo } else { Need::Demo })?;
    let program = workspace::build_release()?;
    // With a handler in place Ctrl+C ends the window and not this task, which still has a server to stop.
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        let _ = signal_hook::flag::register(signal, Arc::clone(&interrupted)).map_err(io("catching Ctrl+C"))?;
    }
    let stage = Stage::set(program)?;
    if headless {
        Tour::start(&stage, interrupted)?.take_all()?;
    } else {
        show(&stage, &interrupted)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn is_headless(arguments: &[String], is_set: impl Fn(&str) -> bool) -> Result<bool, Error> {
    match arguments {
        [] => Ok(!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")),
        [argument] if argument == "--headless" => Ok(true),
        [first, ..] => Err(Error::Argument(first.clone())),
    }
}

/// Opens the window for the user and waits until they close it.
fn show(stage: &Stage, interrupted: &AtomicBool) -> Result<(), Error> {
    println!(
        "\nTetherm opens with one saved host, 'demo': an sshd on 127.0.0.1:{} that runs as you and ends with this\n\
         demo. Click it (or press Enter on it): you are in a shell. Then try\n\n    xeyes &\n\n\
         Nothing of yours is read or written: the window has a home folder of its own. Close it to end the demo.",
        stage.port()
    );
    let mut window = stage.window().spawn().map_err(io("starting the window"))?;
    loop {
        if let Some(status) = window.try_wait().map_err(io("waiting for the window"))? {
            return if status.success() || interrupted.load(Ordering::Relaxed) {
                Ok(())
            } else {
                Err(Error::Ended(status))
            };
        }
        if interrupted.load(Ordering::Relaxed) {
            // Ctrl+C has reached it too, a signal to this task alone has not.
            let _ = window.kill();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_of_either_kind_is_used_unless_told_otherwise() {
        assert!(!is_headless(&[], |name| name == "DISPLAY").unwrap());
        assert!(!is_headless(&[], |name| name == "WAYLAND_DISPLAY").unwrap());
        assert!(is_headless(&[], |_| false).unwrap());
        assert!(is_headless(&["--headless".to_owned()], |_| true).unwrap());
    }

    #[test]
    fn an_unknown_argument_is_refused() {
        let error = is_headless(&["--fast".to_owned()], |_| true).unwrap_err();
        assert!(error.to_string().contains("'--fast'"), "{error}");
    }
}
