//! A key until its pixel.

use std::time::{Duration, Instant};

use testbed::{Deadline, Input, Screenshot};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT};
use x11rb::protocol::xtest::ConnectionExt as _;

use super::contender::Contender::{self, Alacritty, Tetherm, Xterm};
use super::report::{Figure, Row, Target, Unit};
use super::sample::Kind;
use super::stage::{Mark, Stage};
use super::terminal::Terminal;
use super::watch::{Area, Watch};
use super::{Error, statistics};

/// Keys that are pressed in each run.
const KEYS: usize = 120;

/// How long a key may take before it counts as lost.
const LIMIT: Duration = Duration::from_secs(20);

/// What must be still for so long before anything is measured.
const QUIET: Duration = Duration::from_millis(300);

/// What else goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Load {
    Idle,
    /// Another tab of the window, or another window of the same program, swallows output.
    Flood,
}

/// Presses keys in all terminals in turn, first with nothing else going on, then beside a flood of output.
pub(super) fn measure(stage: &Stage, runs: usize) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    let flood = stage.sample(Kind::Color, 20_000_000)?;
    for (load, name) in [(Load::Idle, "idle"), (Load::Flood, "beside a flood")] {
        let mut samples = [(Tetherm, Vec::new()), (Alacritty, Vec::new()), (Xterm, Vec::new())];
        for _ in 0..runs {
            for (contender, samples) in &mut samples {
                samples.push(run(stage, *contender, load, &flood)?);
            }
        }
        rows.push(row(&format!("key to pixel, {name}, median"), 0.5, &samples));
        rows.push(row(&format!("key to pixel, {name}, p99"), 0.99, &samples));
    }
    Ok(rows)
}

/// The share of all samples together, and of each run for the record.
fn row(name: &str, share: f64, samples: &[(Contender, Vec<Vec<f64>>)]) -> Row {
    let figure = |(contender, runs): &(Contender, Vec<Vec<f64>>)| Figure {
        contender: contender.name(),
        value: statistics::percentile(&runs.concat(), share).unwrap_or(f64::NAN),
        runs: runs.iter().filter_map(|run| statistics::percentile(run, share)).collect(),
    };
    let figures = samples.iter().map(figure).collect();
    Row { part: "latency", name: name.to_owned(), unit: Unit::Milliseconds, target: Target::BetterPeer, figures }
}

/// The milliseconds that each key of one run took.
fn run(stage: &Stage, contender: Contender, load: Load, flood: &str) -> Result<Vec<f64>, Error> {
    let terminal = Terminal::open(stage, contender)?;
    let _flood = match load {
        Load::Idle => None,
        Load::Flood => start_flood(stage, &terminal, contender, flood)?,
    };
    terminal.focus()?;
    let mark = Mark::of_turn(0);
    terminal.type_text(&format!("e {}\n", mark.index))?;
    let _when = terminal.wait_for(mark)?;
    let area = place(stage, &terminal)?;
    let watch = Watch::new(stage.connect()?, terminal.window().id)?;
    let keys = [keycode(stage, 'x')?, keycode(stage, '\u{8}')?];
    let mut pause = 0_u64;
    let mut times = Vec::with_capacity(KEYS);
    for key in keys.iter().cycle().take(KEYS) {
        times.push(press(&watch, stage, *key, area)?.as_secs_f64() * 1000.0);
        // Never in step with anything that has a period.
        pause = (pause * 31 + 17) % 29;
        std::thread::sleep(Duration::from_millis(20 + pause));
    }
    Ok(times)
}

/// Has another tab, or another window, print without end.
fn start_flood<'a>(
    stage: &'a Stage,
    terminal: &Terminal<'_>,
    contender: Contender,
    file: &str,
) -> Result<Option<Terminal<'a>>, Error> {
    if contender == Tetherm {
        let control = terminal.control();
        let id = control.ask(&["open", Stage::HOST])?.trim().to_owned();
        control.wait_for_tabs(Deadline::generous(), "a second shell", |tabs| {
            tabs.iter().filter(|tab| tab.state == "open").count() == 2
        })?;
        let _when = terminal.wait_for(Mark::first())?;
        let _sent = control.ask(&["send", &id, &format!("l {file}\r")])?;
        Input::new(stage.desktop())?.chord("alt+1")?;
        control.wait_for_tabs(Deadline::generous(), "the first tab in front", |tabs| {
            tabs.first().is_some_and(|tab| tab.active)
        })?;
        return Ok(None);
    }
    let mut other = Terminal::open(stage, contender)?;
    other.move_aside()?;
    other.type_text(&format!("l {file}\n"))?;
    Ok(Some(other))
}

/// Where a typed character shows: what differs after a key, which is taken back then.
pub(super) fn place(stage: &Stage, terminal: &Terminal<'_>) -> Result<Area, Error> {
    let window = terminal.window();
    let settled = || Screenshot::settled(stage.desktop(), window, QUIET, Deadline::generous());
    let mut input = Input::new(stage.desktop())?;
    let before = settled()?;
    input.type_text("x")?;
    let changed = || Screenshot::of(stage.desktop(), window).is_ok_and(|now| now != before);
    Deadline::generous().wait_until("a typed character", changed)?;
    let after = settled()?;
    input.chord("BackSpace")?;
    let restored = || Screenshot::of(stage.desktop(), window).is_ok_and(|now| now == before);
    Deadline::generous().wait_until("the character to be erased", restored)?;
    let differs = |x: u16, y: u16| before.pixel(x, y) != after.pixel(x, y);
    let points = (0..before.height()).flat_map(|y| (0..before.width()).map(move |x| (x, y)));
    let points: Vec<(u16, u16)> = points.filter(|(x, y)| differs(*x, *y)).collect();
    let xs = points.iter().map(|(x, _)| *x);
    let ys = points.iter().map(|(_, y)| *y);
    let (Some(left), Some(right), Some(top), Some(bottom)) = (xs.clone().min(), xs.max(), ys.clone().min(), ys.max())
    else {
        return Err(Error::NotShown("a typed character".to_owned()));
    };
    let (x, y) = window.at(left.into(), top.into());
    Ok(Area { x, y, width: right - left + 1, height: bottom - top + 1 })
}

/// Presses a key; how long it took until the area showed something else.
pub(super) fn press(watch: &Watch, stage: &Stage, key: u8, area: Area) -> Result<Duration, Error> {
    watch.drain()?;
    let before = watch.pixels(area)?;
    let started = Instant::now();
    event(stage, KEY_PRESS_EVENT, key)?;
    let end = started + LIMIT;
    let seen = loop {
        let Some(drawn) = watch.next(end)? else {
            return Err(Error::NotShown("a pressed key".to_owned()));
        };
        if watch.pixels(area)? != before {
            break drawn;
        }
    };
    event(stage, KEY_RELEASE_EVENT, key)?;
    Ok(seen.duration_since(started))
}

fn event(stage: &Stage, kind: u8, key: u8) -> Result<(), Error> {
    let desktop = stage.desktop();
    let lost = |error: x11rb::errors::ConnectionError| Error::Desktop(error.into());
    let connection = desktop.connection();
    let cookie = connection.xtest_fake_input(kind, key, x11rb::CURRENT_TIME, desktop.root(), 0, 0, 0).map_err(lost)?;
    cookie.ignore_error();
    connection.flush().map_err(lost)
}

/// The key that carries a character of Latin-1, or Backspace.
pub(super) fn keycode(stage: &Stage, character: char) -> Result<u8, Error> {
    let connection = stage.desktop().connection();
    let (first, last) = (connection.setup().min_keycode, connection.setup().max_keycode);
    let keysym = if character == '\u{8}' { 0xff08 } else { u32::from(character) };
    let mapping = connection.get_keyboard_mapping(first, last - first + 1);
    let mapping = mapping.map_err(|error| Error::Desktop(error.into()))?.reply();
    let mapping = mapping.map_err(|error| Error::Desktop(error.into()))?;
    let per_key = usize::from(mapping.keysyms_per_keycode).max(1);
    let index = mapping.keysyms.chunks(per_key).position(|key| key.first() == Some(&keysym));
    let code = index.and_then(|index| u8::try_from(index).ok()).and_then(|index| first.checked_add(index));
    code.ok_or_else(|| Error::NotShown(format!("a key for {character:?}")))
}
