//! The demo without anybody watching: a window on an Xvfb, driven by keys, looked at after each step.

use std::path::PathBuf;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use testbed::control::Tab;
use testbed::{Control, Deadline, Desktop, Input, Screenshot, Window, Xvfb};

use super::stage::Stage;
use super::{Error, io};
use crate::workspace;

/// The screen's size in pixels: a common laptop's.
const SCREEN: (u16, u16) = (1280, 800);

/// How long what is on the screen must stay as it is before a picture is taken.
const QUIET: Duration = Duration::from_millis(400);

/// A window on a display of its own, and what drives and watches it.
#[derive(Debug)]
pub(super) struct Tour {
    // The order is that in which they end: the window before the display that it is on.
    window: Process,
    control: Control,
    input: Input,
    desktop: Desktop,
    _display: Xvfb,
    pictures: PathBuf,
    step: usize,
    interrupted: Arc<AtomicBool>,
}

/// A process that ends with its value.
#[derive(Debug)]
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Tour {
    /// Starts the display and the window.
    pub(super) fn start(stage: &Stage, interrupted: Arc<AtomicBool>) -> Result<Self, Error> {
        let display = Xvfb::start(SCREEN.0, SCREEN.1)?;
        let desktop = display.desktop()?;
        stage.size_window(SCREEN.0, SCREEN.1)?;
        let mut command = stage.window();
        let command = display.apply(&mut command).arg("--control").arg(stage.socket());
        let window = Process(command.spawn().map_err(io("starting the window"))?);
        Ok(Self {
            window,
            control: Control::new(stage.program().to_owned(), stage.socket()),
            input: Input::new(&desktop)?,
            desktop,
            _display: display,
            pictures: workspace::root().join("target").join("demo"),
            step: 0,
            interrupted,
        })
    }

    /// Takes every step; the first that does not show what it should ends the tour.
    pub(super) fn take_all(mut self) -> Result<(), Error> {
        self.clear_pictures()?;
        println!("Driving the window on a display of its own; pictures go to {}", self.pictures.display());
        self.take("hosts", Self::see_the_hosts)?;
        self.take("find", |tour| tour.type_and_see_change("demo"))?;
        self.take("shell", Self::open_the_host)?;
        self.take("uname", Self::run_uname)?;
        self.take("display", |tour| tour.run("echo \"DISPLAY is $DISPLAY\"", "DISPLAY is localhost:1"))?;
        self.take("xclock", |tour| tour.start_program("LC_ALL=C xclock -geometry 200x200-40+90", "XClock"))?;
        self.take("xeyes", |tour| tour.start_program("xeyes -geometry 240x150-40+340", "XEyes"))?;
        self.take("closed", Self::leave_the_shell)?;
        println!("All {} steps showed what they should.", self.step);
        Ok(())
    }

    /// Takes one step and a picture of what came of it, also when it failed.
    fn take(&mut self, name: &'static str, step: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        self.step += 1;
        let done = step(self).and_then(|()| self.settle());
        let suffix = if done.is_ok() { "" } else { "-failed" };
        let path = self.pictures.join(format!("{:02}-{name}{suffix}.png", self.step));
        let saved = Screenshot::take(&self.desktop).and_then(|picture| picture.save(&path));
        match (done, saved) {
            (Ok(()), Ok(())) => {
                println!("  {:02} {name}", self.step);
                Ok(())
            }
            (Ok(()), Err(error)) => Err(error.into()),
            (Err(error), saved) => Err(Error::Step {
                number: self.step,
                name,
                error: Box::new(self.cause(error)),
                picture: saved.map_or_else(|error| error.to_string(), |()| path.display().to_string()),
            }),
        }
    }

    /// What lies behind a failure: an interruption or a window that has ended explains everything that follows.
    fn cause(&mut self, error: Error) -> Error {
        match self.window.0.try_wait() {
            _ if self.interrupted.load(Ordering::Relaxed) => Error::Interrupted,
            Ok(Some(status)) => Error::Ended(status),
            _ => error,
        }
    }

    fn clear_pictures(&self) -> Result<(), Error> {
        match std::fs::remove_dir_all(&self.pictures) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io("removing older pictures")(error)),
            _ => std::fs::create_dir_all(&self.pictures).map_err(io("making the folder for the pictures")),
        }
    }

    fn see_the_hosts(&mut self) -> Result<(), Error> {
        let window = self.tetherm()?;
        self.desktop.focus(&window)?;
        let picture = Screenshot::settled(&self.desktop, &window, QUIET, Deadline::generous())?;
        // Text is smoothed into many shades; a window that has not drawn has one or two.
        let colors = picture.colors();
        if colors < 20 {
            return Err(Error::NotShown(format!("the window shows only {colors} colours: nothing is drawn in it")));
        }
        self.control.wait_until_ready(Deadline::generous())?;
        Ok(())
    }

    fn type_and_see_change(&mut self, text: &str) -> Result<(), Error> {
        let window = self.tetherm()?;
        let before = Screenshot::of(&self.desktop, &window)?;
        self.input.type_text(text)?;
        let changed = || Screenshot::of(&self.desktop, &window).is_ok_and(|now| now != before);
        Ok(Deadline::generous().wait_until("the typed text", changed)?)
    }

    fn open_the_host(&mut self) -> Result<(), Error> {
        self.input.chord("Return")?;
        self.wait_for_state("open")?;
        Ok(self.control.wait_for_text(Deadline::generous(), "demo:~")?)
    }

    fn run_uname(&mut self) -> Result<(), Error> {
        let uname = std::process::Command::new("uname").arg("-a").output().map_err(io("running uname"))?;
        let expected = String::from_utf8_lossy(&uname.stdout).trim().to_owned();
        self.run("uname -a", &expected)
    }

    /// Types a command into the shell and waits for its output.
    fn run(&mut self, command: &str, expected: &str) -> Result<(), Error> {
        self.input.type_text(&format!("{command}\n"))?;
        Ok(self.control.wait_for_text(Deadline::generous(), expected)?)
    }

    /// Starts an X11 program in the shell; its window must come up on our display, over the connection.
    fn start_program(&mut self, command: &str, class: &str) -> Result<(), Error> {
        self.input.type_text(&format!("{command} &\n"))?;
        let window = self.desktop.wait_for_window(class, Deadline::generous())?;
        let picture = Screenshot::settled(&self.desktop, &window, QUIET, Deadline::generous())?;
        if picture.colors() < 2 {
            return Err(Error::NotShown(format!("the window of {class} is empty")));
        }
        Ok(())
    }

    fn leave_the_shell(&mut self) -> Result<(), Error> {
        self.input.type_text("kill %1 %2; exit\n")?;
        self.wait_for_state("closed")?;
        let gone =
            || self.desktop.find(|window| window.is("XClock") || window.is("XEyes")).is_ok_and(|found| found.is_none());
        Ok(Deadline::generous().wait_until("the programs' windows to go", gone)?)
    }

    fn wait_for_state(&self, state: &str) -> Result<(), Error> {
        let what = format!("one tab that is {state}");
        let one = |tabs: &[Tab]| matches!(tabs, [tab] if tab.state == state);
        Ok(self.control.wait_for_tabs(Deadline::generous(), &what, one)?)
    }

    fn tetherm(&self) -> Result<Window, Error> {
        Ok(self.desktop.wait_for_window("tetherm", Deadline::generous())?)
    }

    fn settle(&self) -> Result<(), Error> {
        let _picture = Screenshot::settled(&self.desktop, &self.tetherm()?, QUIET, Deadline::generous())?;
        Ok(())
    }
}
