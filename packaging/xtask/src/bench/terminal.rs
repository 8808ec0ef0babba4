//! A terminal that runs: its process, its window, and what is typed into it.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testbed::{Control, Deadline, Input, Window};
use x11rb::protocol::xproto::{ConfigureWindowAux, ConnectionExt as _};

use super::contender::{Contender, Inside};
use super::stage::{Mark, Stage};
use super::watch::{Area, pixels};
use super::{Error, io};

/// The grid that all terminals have.
const COLUMNS: u64 = 200;
const LINES: u64 = 50;

/// The size of a cell of Tetherm's at its default size; a guess that is corrected when it is wrong.
const CELL: (i64, i64) = (8, 18);

/// Right of a window that stands at the left edge of the screen.
const ASIDE: i16 = 1900;

/// How long what was asked for may take.
const LIMIT: Duration = Duration::from_secs(120);

/// A terminal with a window of 200 by 50 cells. The process ends with this value.
#[derive(Debug)]
pub(super) struct Terminal<'a> {
    stage: &'a Stage,
    contender: Contender,
    child: Process,
    window: Window,
    control: Control,
}

#[derive(Debug)]
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl<'a> Terminal<'a> {
    /// Starts a terminal with a shell on the server and waits until that is there, with the keyboard in it.
    pub(super) fn open(stage: &'a Stage, contender: Contender) -> Result<Self, Error> {
        let terminal = Self::start(stage, contender)?;
        if !contender.opens_in_size() {
            terminal.control.wait_until_ready(Deadline::after(LIMIT))?;
            terminal.fit()?;
            // A screen that is full of colour wraps when it becomes narrower.
            terminal.focus()?;
            terminal.type_text(&format!("m {}\n", Mark::first().index))?;
        }
        let _when = terminal.wait_for(Mark::first())?;
        terminal.focus()?;
        Ok(terminal)
    }

    fn start(stage: &'a Stage, contender: Contender) -> Result<Self, Error> {
        let known: Vec<u32> = stage.desktop().windows()?.iter().map(|window| window.id).collect();
        let socket = stage.file(&format!("socket-{}-{}", contender.name(), known.len()));
        // A socket left behind by one that was killed.
        let _ = std::fs::remove_file(&socket);
        let child = spawn(stage, contender.command(stage, Inside::Remote, &socket))?;
        let window = appeared(stage, contender, &known)?;
        Ok(Self { stage, contender, child, window, control: Control::new(stage.program(), socket) })
    }

    /// Another window of the same process, with a shell of its own.
    pub(super) fn another_window(&self) -> Result<Window, Error> {
        let known: Vec<u32> = self.stage.desktop().windows()?.iter().map(|window| window.id).collect();
        let mut command = Command::new("alacritty");
        let socket = self.stage.file("socket-alacritty-0");
        let _ = command.arg("msg").arg("--socket").arg(socket).args(["create-window", "--command"]);
        let _ = command.args(self.stage.inside(Inside::Remote));
        let _status = self.stage.apply(&mut command).status().map_err(io("running alacritty msg"))?;
        appeared(self.stage, self.contender, &known)
    }

    /// The process.
    pub(super) fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Drives Tetherm's window from outside.
    pub(super) fn control(&self) -> &Control {
        &self.control
    }

    /// Where the window is.
    pub(super) fn window(&self) -> &Window {
        &self.window
    }

    /// Gives it the keyboard.
    pub(super) fn focus(&self) -> Result<(), Error> {
        Ok(self.stage.desktop().focus(&self.window)?)
    }

    /// Moves the window to where it covers none of the size of all.
    pub(super) fn move_aside(&mut self) -> Result<(), Error> {
        let x = ASIDE;
        let place = ConfigureWindowAux::new().x(i32::from(x)).y(0);
        let lost = |error: testbed::desktop::Error| Error::Desktop(error);
        let request = self.stage.desktop().connection().configure_window(self.window.id, &place);
        request.map_err(|error| lost(error.into()))?.check().map_err(|error| lost(error.into()))?;
        (self.window.x, self.window.y) = (x, 0);
        Ok(())
    }

    /// Types a line into the shell, without its end.
    pub(super) fn type_text(&self, text: &str) -> Result<(), Error> {
        Ok(Input::new(self.stage.desktop())?.type_text(text)?)
    }

    /// Waits until the screen has been filled with a colour, and says when that was seen.
    pub(super) fn wait_for(&self, mark: Mark) -> Result<Instant, Error> {
        wait_for(self.stage, &self.window, mark)
    }

    /// Gives a window of Tetherm's the size in which its terminal has the wanted grid.
    fn fit(&self) -> Result<(), Error> {
        let deadline = Deadline::after(LIMIT);
        let mut size = (i64::from(self.window.width), i64::from(self.window.height));
        for _ in 0..10 {
            let tab = deadline.wait_for("a tab with a size", || {
                let tabs = self.control.tabs().ok()?;
                tabs.into_iter().find(|tab| tab.active && tab.state == "open" && tab.columns > 2)
            })?;
            if (tab.columns, tab.lines) == (COLUMNS, LINES) {
                return Ok(());
            }
            size.0 += (COLUMNS.cast_signed() - tab.columns.cast_signed()) * CELL.0;
            size.1 += (LINES.cast_signed() - tab.lines.cast_signed()) * CELL.1;
            let pixels = |length: i64| u32::try_from(length).unwrap_or(1);
            self.stage.desktop().resize(&self.window, pixels(size.0), pixels(size.1))?;
            let before = (tab.columns, tab.lines);
            let changed = |tabs: &[testbed::control::Tab]| tabs.iter().any(|tab| (tab.columns, tab.lines) != before);
            self.control.wait_for_tabs(deadline, "a terminal of another size", changed)?;
        }
        Err(Error::NotShown(format!("the window never had {COLUMNS} by {LINES} cells")))
    }
}

/// Starts a terminal on the stage, its words in a file there.
pub(super) fn spawn_first(stage: &Stage, contender: Contender) -> Result<impl Drop + use<>, Error> {
    let socket = stage.file("socket-first");
    let _ = std::fs::remove_file(&socket);
    spawn(stage, contender.command(stage, Inside::First, &socket))
}

fn spawn(stage: &Stage, mut command: Command) -> Result<Process, Error> {
    let log = std::fs::File::options().create(true).append(true).open(stage.file("log")).map_err(io("making a log"))?;
    let command = stage.apply(&mut command).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    Ok(Process(command.spawn().map_err(io("starting a terminal"))?))
}

/// Waits for a window that was not there before.
fn appeared(stage: &Stage, contender: Contender, known: &[u32]) -> Result<Window, Error> {
    let found = Deadline::after(LIMIT).wait_for(&format!("a window of {}", contender.name()), || {
        let new = stage.desktop().find(|window| window.is(contender.name()) && !known.contains(&window.id));
        new.transpose()
    })?;
    Ok(found?)
}

/// Waits until the middle of a window has a colour, looking every millisecond.
pub(super) fn wait_for(stage: &Stage, window: &Window, mark: Mark) -> Result<Instant, Error> {
    let (x, y) = window.middle();
    let area = Area { x, y, width: 1, height: 1 };
    let end = Instant::now() + LIMIT;
    let [red, green, blue] = mark.color;
    loop {
        if pixels(stage.desktop(), area)?.starts_with(&[blue, green, red]) {
            return Ok(Instant::now());
        }
        if Instant::now() > end {
            return Err(Error::NotShown(format!("{window} never showed the colour {:?}", mark.color)));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
