//! Room for new pictures: what is dropped for them, and where the cells that showed it are looked for.

use alacritty_terminal::index::Line;

use super::super::image::MEMORY;
use super::super::lines::Scrollback;
use super::*;

const LINES: u16 = 30;

/// A sixel picture of 4 MB.
fn picture() -> String {
    format!("\x1bPq\"1;1;1000;1000#1;2;100;0;0#1{}\x1b\\", "!1000~-".repeat(166))
}

/// The lines, counted from the screen's first, whose cells show pictures that are there, and those of which are gone.
fn marked(terminal: &Terminal) -> (Vec<i32>, Vec<i32>) {
    let inner = terminal.inner.lock();
    let (grid, images) = (inner.emulator.term.grid(), &inner.emulator.graphics.images);
    let slots = |line: &i32| grid[Line(*line)][..].iter().flat_map(image::cells::marks).map(|mark| mark.slot);
    let lines = -i32::try_from(grid.history_size()).unwrap()..i32::from(LINES);
    let with = |there: bool| {
        let shows = |line: &i32| slots(line).any(|slot| images.slot(slot).is_some() == there);
        lines.clone().filter(shows).collect()
    };
    (with(true), with(false))
}

#[test]
fn cells_forget_dropped_pictures_wherever_text_moved_them() {
    let terminal = terminal(20, LINES);
    terminal.set_scrollback(Scrollback::Lines(5_000));
    let _ = terminal.advance("text\r\n".repeat(3_000).as_bytes());
    for round in 0_u16..60 {
        let _ = terminal.advance(format!("\x1b[{}H{}", 1 + round % 25, picture()).as_bytes());
        match round % 6 {
            // Up and down within margins, as text that is edited moves.
            0 => drop(terminal.advance(b"\x1b[3;20r\x1b[3H\x1b[9M\x1b[r")),
            1 => drop(terminal.advance(b"\x1b[1;28r\x1b[H\x1b[6L\x1b[r")),
            // Lines come back from the scrollback, and are scrolled over.
            2 => {
                terminal.resize(Size { columns: 20, lines: LINES + 40, width: 160, height: 0 });
                let _ = terminal.advance(b"\x1b[H\x1b[20M");
                terminal.resize(Size { columns: 20, lines: LINES, width: 160, height: 0 });
            }
            // A copy of it further down, and cells of it overwritten.
            3 => drop(terminal.advance(b"\x1b[1;1;4;9;1;20;2;1$v\x1b[2;3Htext")),
            4 if round > 30 => {
                terminal.resize(Size { columns: 13, lines: LINES, width: 104, height: 0 });
                terminal.resize(Size { columns: 20, lines: LINES, width: 160, height: 0 });
            }
            _ => drop(terminal.advance(b"\x1b[?1049h\x1b[Hx\x1b[?1049l")),
        }
        let mut inner = terminal.inner.lock();
        let images = &mut inner.emulator.graphics.images;
        assert!(images.bytes() + images.spares.bytes() <= MEMORY, "round {round}");
        drop(inner);
        let (there, gone) = marked(&terminal);
        assert!(!there.is_empty() && gone.is_empty(), "round {round}: {gone:?}");
    }
}

#[test]
fn a_long_scrollback_is_not_looked_through_for_pictures_that_came_late() {
    let terminal = terminal(20, LINES);
    terminal.set_scrollback(Scrollback::Lines(5_000));
    let _ = terminal.advance("text\r\n".repeat(3_000).as_bytes());
    let first = |terminal: &Terminal| {
        let inner = terminal.inner.lock();
        (inner.emulator.graphics.images.first_marked(), inner.emulator.span().top)
    };
    assert_eq!(first(&terminal), (None, 2_971));
    for _ in 0..40 {
        let _ = terminal.advance(format!("{}\r\n", picture()).as_bytes());
    }
    let (first, top) = first(&terminal);
    let covered = 17 * 63 + u64::from(LINES);
    assert!(first.is_some_and(|first| first + covered >= top), "{first:?} of {top}");
}
