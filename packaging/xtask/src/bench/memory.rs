//! What windows and tabs take.

use testbed::Deadline;

use super::contender::Contender::{self, Alacritty, Tetherm, Xterm};
use super::report::{Row, Target, Unit};
use super::sample::Kind;
use super::stage::{Mark, Stage};
use super::terminal::{self, Terminal};
use super::usage::{self, Memory};
use super::{Error, row};

/// Tabs that are opened after the first.
const FURTHER: u32 = 4;

/// More than 10,000 lines.
const BYTES: usize = 900_000;

/// Memory of one tab, and of each that comes after it.
struct Taken {
    first: Memory,
    further: Option<Memory>,
}

/// Opens each terminal once: memory hardly differs from run to run.
pub(super) fn measure(stage: &Stage) -> Result<Vec<Row>, Error> {
    let file = stage.sample(Kind::Plain, BYTES)?;
    let mut taken = Vec::new();
    for contender in [Tetherm, Alacritty, Xterm] {
        taken.push((contender, open(stage, contender, &file)?));
    }
    let figures = |of: &dyn Fn(&Taken) -> Option<u64>| -> Vec<(Contender, Vec<f64>)> {
        let figure = |(contender, taken): &(Contender, Taken)| Some((*contender, vec![of(taken)? as f64 / 1e6]));
        taken.iter().filter_map(figure).collect()
    };
    let line = |name: &str, target: Target, of: &dyn Fn(&Taken) -> Option<u64>| {
        row("memory", name.to_owned(), Unit::Megabytes, target, &figures(of))
    };
    let peer = Target::Peer(Alacritty.name());
    Ok(vec![
        line("one idle tab, PSS", peer, &|taken| Some(taken.first.pss)),
        line("one idle tab, RSS", peer, &|taken| Some(taken.first.rss)),
        line("each further tab, full scrollback, PSS", peer, &|taken| taken.further.map(|further| further.pss)),
        line("each further tab, full scrollback, RSS", peer, &|taken| taken.further.map(|further| further.rss)),
    ])
}

fn open(stage: &Stage, contender: Contender, file: &str) -> Result<Taken, Error> {
    let terminal = Terminal::open(stage, contender)?;
    let first = usage::memory(terminal.id());
    if contender == Xterm {
        return Ok(Taken { first, further: None });
    }
    for _ in 0..FURTHER {
        match contender {
            Tetherm => fill_tab(&terminal, file)?,
            _ => fill_window(stage, &terminal, file)?,
        }
    }
    let all = usage::memory(terminal.id());
    let each = |all: u64, first: u64| all.saturating_sub(first) / u64::from(FURTHER);
    let further = Memory { pss: each(all.pss, first.pss), rss: each(all.rss, first.rss) };
    Ok(Taken { first, further: Some(further) })
}

fn fill_tab(terminal: &Terminal<'_>, file: &str) -> Result<(), Error> {
    let control = terminal.control();
    let before = control.tabs()?.len();
    let id = control.ask(&["open", Stage::HOST])?.trim().to_owned();
    control.wait_for_tabs(Deadline::generous(), "another shell", |tabs| {
        tabs.iter().filter(|tab| tab.state == "open").count() == before + 1
    })?;
    let _when = terminal.wait_for(Mark::first())?;
    let mark = Mark::of_turn(0);
    let _sent = control.ask(&["send", &id, &format!("t {file} {}\r", mark.index)])?;
    terminal.wait_for(mark).map(drop)
}

/// Another window of the same process, which is the cheapest that Alacritty has.
fn fill_window(stage: &Stage, terminal: &Terminal<'_>, file: &str) -> Result<(), Error> {
    let window = terminal.another_window()?;
    let _when = terminal::wait_for(stage, &window, Mark::first())?;
    stage.desktop().focus(&window)?;
    let mark = Mark::of_turn(0);
    terminal.type_text(&format!("t {file} {}\n", mark.index))?;
    terminal::wait_for(stage, &window, mark).map(drop)
}
