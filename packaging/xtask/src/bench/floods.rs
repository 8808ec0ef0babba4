//! What a window does for its user while a pane of it is flooded: how soon it answers, and how much memory it takes.
//!
//! ```text
//!   ┌─ window ──────────┬──────────────┐
//!   │ keys, echoed here │ the flood    │ ◄── cat /dev/urandom, a line without an end, titles, pictures, other sizes
//!   └───────────────────┴──────────────┘
//!     └── a key until its pixel          `ls` through the control socket until its answer
//! ```

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use testbed::{Deadline, Input};

use super::contender::Contender::Tetherm;
use super::latency::{keycode, place, press};
use super::report::{Figure, Row, Target, Unit};
use super::sample::Kind;
use super::stage::{Mark, Stage};
use super::terminal::Terminal;
use super::watch::Watch;
use super::{Error, io, statistics, usage};

/// Milliseconds within which every answer should come.
const SOON: f64 = 100.0;

/// Lines of scrollback, with those that a grid keeps in reserve, and the bytes of a cell.
const LINES: u64 = 10_000 + 2_536;
const CELL: u64 = 24;

/// Megabytes that a flood may take beside the scrollback, and those of all pictures of a terminal.
const BESIDE: f64 = 20.0;
const PICTURES: f64 = 64.0 * 1.048_576;

/// The sizes that a window is given in a storm of them, in pixels: up to 500 by 200 cells.
const SIZES: [(u32, u32); 8] =
    [(1, 1), (4020, 3660), (200, 1100), (3800, 60), (1640, 980), (480, 320), (1, 1100), (2200, 700)];

/// Frees a shell of its flood.
const INTERRUPT: &str = "\u{3}";

/// What floods a pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flood {
    /// Bytes without sense: text in all scripts, broken sequences, bells.
    Noise,
    /// 100 MB without a line's end, again and again.
    Line,
    /// Titles, a million and more.
    Titles,
    /// Sixel pictures of many sizes.
    Pictures,
    /// Coloured text, while the window gets other sizes.
    Sizes,
}

impl Flood {
    const ALL: [Self; 5] = [Self::Noise, Self::Line, Self::Titles, Self::Pictures, Self::Sizes];

    fn name(self) -> &'static str {
        match self {
            Self::Noise => "urandom",
            Self::Line => "endless line",
            Self::Titles => "titles",
            Self::Pictures => "sixel",
            Self::Sizes => "sizes",
        }
    }

    /// What the shell in the pane is told.
    fn command(self, stage: &Stage) -> Result<String, Error> {
        Ok(match self {
            Self::Noise => "cat /dev/urandom".to_owned(),
            Self::Line => "while :; do head -c 100000000 /dev/zero | tr '\\0' x; done".to_owned(),
            Self::Titles => {
                "while :; do yes | head -n 1000000 | awk '{ printf \"\\033]0;title %d\\007\", NR }'; done".to_owned()
            }
            Self::Pictures => format!("l {}", stage.sample(Kind::Sixel, 1_000_000)?),
            Self::Sizes => format!("l {}", stage.sample(Kind::Color, 20_000_000)?),
        })
    }

    /// Megabytes that it may leave behind in a terminal of so many columns.
    fn allowance(self, columns: u64) -> f64 {
        let pictures = if self == Self::Pictures { PICTURES } else { 0.0 };
        (columns * CELL * LINES) as f64 / 1e6 + BESIDE + pictures
    }
}

/// What was measured beside one flood.
#[derive(Debug, Default)]
struct Answers {
    calls: Vec<f64>,
    keys: Vec<f64>,
    /// Megabytes that are still there afterwards.
    growth: f64,
    columns: u64,
}

/// Floods a window in each way for `time`.
pub(super) fn measure(stage: &Stage, time: Duration) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for flood in Flood::ALL {
        rows.extend(rows_of(flood, &run(stage, flood, time)?));
    }
    Ok(rows)
}

fn rows_of(flood: Flood, answers: &Answers) -> Vec<Row> {
    let row = |what: &str, unit: Unit, target: Target, value: f64, runs: &[f64]| {
        let figures = vec![Figure { contender: Tetherm.name(), value, runs: runs.to_vec() }];
        Row { part: "floods", name: format!("{}, {what}", flood.name()), unit, target, figures }
    };
    let mut rows = Vec::new();
    for (what, samples) in [("ctl", &answers.calls), ("key", &answers.keys)] {
        for (name, share, target) in
            [("median", 0.5, Target::None), ("p99", 0.99, Target::None), ("max", 1.0, Target::Most(SOON))]
        {
            if let Some(value) = statistics::percentile(samples, share) {
                rows.push(row(&format!("{what}, {name}"), Unit::Milliseconds, target, value, samples));
            }
        }
    }
    let most = Target::Most(flood.allowance(answers.columns).round());
    rows.push(row("memory left", Unit::Megabytes, most, answers.growth, &[answers.growth]));
    rows
}

/// Opens a window with two panes, floods one and types into the other.
fn run(stage: &Stage, flood: Flood, time: Duration) -> Result<Answers, Error> {
    let command = flood.command(stage)?;
    let terminal = Terminal::open(stage, Tetherm)?;
    let control = terminal.control();
    Input::new(stage.desktop())?.chord("ctrl+shift+d")?;
    let panes = |tabs: &[testbed::control::Tab]| tabs.first().map(|tab| tab.panes.clone()).unwrap_or_default();
    control.wait_for_tabs(Deadline::generous(), "a second pane", |tabs| {
        panes(tabs).len() == 2 && panes(tabs).iter().all(|pane| pane.state == "open")
    })?;
    let flooded = panes(&control.tabs()?).last().cloned().ok_or_else(|| Error::NotShown("a second pane".to_owned()))?;
    Input::new(stage.desktop())?.chord("ctrl+shift+Left")?;
    control.wait_for_tabs(Deadline::generous(), "the keyboard in the first pane", |tabs| {
        panes(tabs).first().is_some_and(|pane| pane.focused)
    })?;
    terminal.type_text(&format!("e {}\n", Mark::of_turn(0).index))?;
    let area = place(stage, &terminal)?;
    let watch = Watch::new(stage.connect()?, terminal.window().id)?;
    let keys = [keycode(stage, 'x')?, keycode(stage, '\u{8}')?];
    let before = usage::memory(terminal.id()).rss;

    let pane = flooded.id.to_string();
    let _sent = control.ask(&["send", &pane, &format!("{command}\r")])?;
    let mut caller = Caller::connect(control.socket())?;
    let mut answers = Answers { columns: flooded.columns, ..Answers::default() };
    let end = Instant::now() + time;
    let mut turns = (0_usize..).zip(keys.iter().cycle()).zip(SIZES.iter().cycle());
    while let Some(((turn, key), size)) = turns.next().filter(|_| Instant::now() < end) {
        answers.calls.push(caller.call()?.as_secs_f64() * 1000.0);
        if flood == Flood::Sizes {
            stage.desktop().resize(terminal.window(), size.0, size.1)?;
        } else {
            answers.keys.push(press(&watch, stage, *key, area)?.as_secs_f64() * 1000.0);
        }
        // Never in step with anything that has a period.
        std::thread::sleep(Duration::from_millis(10 + (turn as u64 * 17) % 29));
    }
    if flood == Flood::Sizes {
        stage.desktop().resize(terminal.window(), terminal.window().width.into(), terminal.window().height.into())?;
    }
    let _sent = control.ask(&["send", &pane, INTERRUPT])?;
    // What was on its way is shown before this is.
    let _sent = control.ask(&["send", &pane, &format!("m {}\r", Mark::first().index)])?;
    while watch.count(Duration::from_secs(1))? > 0 {}
    answers.growth = (usage::memory(terminal.id()).rss.saturating_sub(before)) as f64 / 1e6;
    Ok(answers)
}

/// Asks a window through its socket, without a process for each question.
struct Caller {
    stream: BufReader<UnixStream>,
}

impl Caller {
    fn connect(socket: &std::path::Path) -> Result<Self, Error> {
        let stream = UnixStream::connect(socket).map_err(io("connecting to the window's control socket"))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// How long the window takes to list its tabs.
    fn call(&mut self) -> Result<Duration, Error> {
        let started = Instant::now();
        self.stream.get_mut().write_all(b"{\"request\":\"ls\"}\n").map_err(io("asking the window"))?;
        let mut answer = String::new();
        let _length = self.stream.read_line(&mut answer).map_err(io("reading the window's answer"))?;
        match answer.starts_with("{\"ok\"") {
            true => Ok(started.elapsed()),
            false => Err(Error::NotShown(format!("an answer of the window; it said {}", answer.trim()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_answer_and_the_memory_are_held_to_something_and_the_others_printed() {
        let answers = Answers { calls: vec![1.0, 2.0, 101.0], keys: vec![5.0], growth: 60.0, columns: 100 };
        let rows = rows_of(Flood::Pictures, &answers);
        let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names[..3], ["sixel, ctl, median", "sixel, ctl, p99", "sixel, ctl, max"]);
        assert_eq!((rows.len(), names[6]), (7, "sixel, memory left"));
        assert_eq!((rows[2].target, rows[2].figures[0].value), (Target::Most(SOON), 101.0));
        assert_eq!(rows[6].target, Target::Most(117.0));
        let sizes = rows_of(Flood::Sizes, &Answers { keys: Vec::new(), ..answers });
        assert_eq!(sizes.len(), 4, "no key has a place in a window without one");
    }
}
