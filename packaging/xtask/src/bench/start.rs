//! A process until its first picture that a user can do something with.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::contender::Contender::{self, Alacritty, Tetherm, Xterm};
use super::report::{Row, Target, Unit};
use super::stage::Stage;
use super::watch::{Area, Watch};
use super::{Error, row, terminal};

/// How long a start may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Starts all terminals in turn.
pub(super) fn measure(stage: &Stage, runs: usize) -> Result<Vec<Row>, Error> {
    let mut times: [(Contender, Vec<f64>); 3] = [(Tetherm, Vec::new()), (Alacritty, Vec::new()), (Xterm, Vec::new())];
    // The first start of each reads its files from the disk.
    for (contender, _) in &times {
        let _cold = start(stage, *contender)?;
    }
    for _ in 0..runs * 2 {
        for (contender, times) in &mut times {
            times.push(start(stage, *contender)?.as_secs_f64() * 1000.0);
        }
    }
    let name = "process to first usable frame".to_owned();
    Ok(vec![row("start", name, Unit::Milliseconds, Target::Peer(Alacritty.name()), &times)])
}

/// How long it takes until text is on the screen: of the hosts in ours, of a shell's prompt in the others.
fn start(stage: &Stage, contender: Contender) -> Result<Duration, Error> {
    let desktop = stage.connect()?;
    let root = desktop.root();
    let watch = Watch::new(desktop, root)?;
    let settled = Instant::now() + Duration::from_millis(300);
    while watch.next(settled)?.is_some() {}
    let started = Instant::now();
    let _process = terminal::spawn_first(stage, contender)?;
    loop {
        let Some(drawn) = watch.next(started + LIMIT)? else {
            return Err(Error::NotShown(format!("the first picture of {}", contender.name())));
        };
        // Smoothed text has many shades. The upper left quarter holds some of every window.
        let picture = watch.pixels(Area { x: 0, y: 0, width: 820, height: 490 })?;
        if colors(&picture) >= shades(contender) {
            return Ok(drawn.duration_since(started));
        }
    }
}

/// Colours that a picture has at least when there is text in it: a prompt is one character.
fn shades(contender: Contender) -> usize {
    if contender == Tetherm { 24 } else { 4 }
}

fn colors(picture: &[u8]) -> usize {
    let (pixels, _) = picture.as_chunks::<4>();
    let mut last = None;
    let mut colors = HashSet::new();
    for pixel in pixels {
        // Most of a picture is one colour.
        if last != Some(pixel) {
            let _new = colors.insert(*pixel);
            last = Some(pixel);
        }
    }
    colors.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_counted_once() {
        assert_eq!(colors(&[]), 0);
        assert_eq!(colors(&[1, 2, 3, 0, 1, 2, 3, 0, 9, 2, 3, 0, 1, 2, 3, 0]), 2);
    }
}
