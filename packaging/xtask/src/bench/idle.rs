//! What a window does when nothing happens.

use std::time::Duration;

use super::contender::Contender;
use super::report::{Row, Target, Unit};
use super::stage::Stage;
use super::terminal::Terminal;
use super::watch::Watch;
use super::{Error, row, usage};

/// How long nothing happens.
const TIME: Duration = Duration::from_secs(10);

/// How long the window must have been still before.
const QUIET: Duration = Duration::from_secs(2);

/// Milliseconds of the processor that are too many; the system counts in tens.
const MOST: f64 = 9.0;

/// Leaves every terminal alone for a while. Only its own process counts, not its ssh.
pub(super) fn measure(stage: &Stage) -> Result<Vec<Row>, Error> {
    let (mut frames, mut times) = (Vec::new(), Vec::new());
    for contender in Contender::ALL {
        let terminal = Terminal::open(stage, contender)?;
        let watch = Watch::new(stage.connect()?, terminal.window().id)?;
        while watch.count(QUIET)? > 0 {}
        let before = usage::own_processor_time(terminal.id());
        let drawn = watch.count(TIME)?;
        let taken = usage::own_processor_time(terminal.id()).saturating_sub(before);
        frames.push((contender, vec![drawn as f64]));
        times.push((contender, vec![taken.as_secs_f64() * 1000.0]));
    }
    Ok(vec![
        row("idle", "frames in 10 s".to_owned(), Unit::Frames, Target::Most(0.0), &frames),
        row("idle", "processor in 10 s".to_owned(), Unit::Milliseconds, Target::Most(MOST), &times),
    ])
}
