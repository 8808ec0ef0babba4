//! Text until its last line is on the screen.

use std::time::Duration;

use testbed::Input;

use super::contender::Contender::{self, Alacritty, Tetherm};
use super::report::{Row, Target, Unit};
use super::sample::Kind;
use super::stage::{Mark, Stage};
use super::terminal::Terminal;
use super::{Error, row, usage};

/// What one run takes: of the clock, and of the processor by the terminal and its ssh.
struct Run {
    time: Duration,
    processor: Duration,
}

/// Prints every kind in both terminals in turn.
pub(super) fn measure(stage: &Stage, runs: usize) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for kind in Kind::JUDGED.into_iter().chain(Kind::OTHERS) {
        let megabytes = kind.megabytes();
        let file = stage.sample(kind, megabytes * 1_000_000)?;
        let mut alacritty = Terminal::open(stage, Alacritty)?;
        alacritty.move_aside()?;
        let terminals = [Terminal::open(stage, Tetherm)?, alacritty];
        let mut times: [(Contender, Vec<f64>); 2] = [(Tetherm, Vec::new()), (Alacritty, Vec::new())];
        let mut processor = times.clone();
        for turn in 0..runs {
            let measured = terminals.iter().zip(times.iter_mut().zip(&mut processor));
            for (terminal, ((_, times), (_, processor))) in measured {
                let run = print(stage, terminal, &file, Mark::of_turn(turn))?;
                times.push(run.time.as_secs_f64());
                processor.push(run.processor.as_secs_f64());
            }
        }
        let target = if Kind::JUDGED.contains(&kind) { Target::BetterPeer } else { Target::None };
        let name = format!("{megabytes} MB {}", kind.name());
        rows.push(row("throughput", name.clone(), Unit::Seconds, target, &times));
        rows.push(row("throughput", format!("{name}, processor"), Unit::Seconds, Target::None, &processor));
    }
    Ok(rows)
}

fn print(stage: &Stage, terminal: &Terminal<'_>, file: &str, mark: Mark) -> Result<Run, Error> {
    terminal.focus()?;
    terminal.type_text(&format!("t {file} {}", mark.index))?;
    let before = usage::processor_time(terminal.id());
    let started = std::time::Instant::now();
    Input::new(stage.desktop())?.chord("Return")?;
    let time = terminal.wait_for(mark)?.duration_since(started);
    Ok(Run { time, processor: usage::processor_time(terminal.id()).saturating_sub(before) })
}
