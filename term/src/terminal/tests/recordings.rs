//! What real programs wrote, replayed into the screen that a terminal must show (`term/tests/recordings/README.md`).

use std::fmt::Write as _;
use std::path::PathBuf;

use alacritty_terminal::term::cell::{Cell as GridCell, Flags};
use alacritty_terminal::vte::ansi::{Color, NamedColor};

use super::*;
use crate::terminal::attributes::Attributes;
use crate::terminal::content::Underline;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")
}

fn recording(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names of all recordings.
fn names() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = files.filter_map(|file| file.strip_suffix(".bytes").map(str::to_owned)).collect();
    names.sort();
    names
}

/// Feeds a recording in pieces of `size` bytes.
fn replay(name: &str, size: usize) -> Arc<Terminal> {
    let terminal = terminal(80, 24);
    for chunk in recording(&format!("{name}.bytes")).chunks(size) {
        let _ = terminal.advance(chunk);
    }
    // What a synchronized update still holds would show in a moment.
    let _ = terminal.end_sync();
    terminal
}

/// What the terminal shows, in the form of a `.screen` file.
fn screen(terminal: &Terminal) -> String {
    let shown = content(terminal);
    let cursor = shown.cursor.map(|cursor| (cursor.line, cursor.column)).unwrap_or_default();
    let alternate = u8::from(shown.modes.alternate_screen);
    let mut text = format!("{}cursor {} {} alternate {alternate}\n", terminal.visible_text(), cursor.0, cursor.1);
    let inner = terminal.inner.lock();
    for line in 0..24 {
        let row = &inner.emulator.term.grid()[alacritty_terminal::index::Line(line)];
        let styles: Vec<String> = row.into_iter().map(style).collect();
        let mut from = 0;
        for run in styles.chunk_by(PartialEq::eq) {
            let to = from + run.len();
            if run[0] != "- -" {
                let _ = writeln!(text, "{line} {from}-{} {}", to - 1, run[0]);
            }
            from = to;
        }
    }
    text
}

/// Colours and attributes of a cell.
fn style(cell: &GridCell) -> String {
    let attributes = Attributes::of(cell.flags);
    let underline = match attributes.underline {
        Underline::None => None,
        Underline::Single => Some("underline"),
        Underline::Double => Some("underline2"),
        Underline::Curly => Some("underline3"),
        Underline::Dotted => Some("underline4"),
        Underline::Dashed => Some("underline5"),
    };
    let mut words = vec![color(cell.fg), color(cell.bg)];
    let flags = [
        (attributes.blink, "blink"),
        (cell.flags.contains(Flags::BOLD), "bold"),
        (cell.flags.contains(Flags::DIM), "dim"),
        (cell.flags.contains(Flags::HIDDEN), "hidden"),
        (cell.flags.contains(Flags::ITALIC), "italic"),
        (attributes.overline, "overline"),
        (cell.flags.contains(Flags::INVERSE), "reverse"),
        (cell.flags.contains(Flags::STRIKEOUT), "strike"),
    ];
    words.extend(flags.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).to_owned()));
    words.extend(underline.map(str::to_owned));
    words.join(" ")
}

fn color(color: Color) -> String {
    match color {
        Color::Named(NamedColor::Foreground | NamedColor::Background) => "-".to_owned(),
        Color::Named(name) => (name as usize).to_string(),
        Color::Indexed(index) => index.to_string(),
        Color::Spec(rgb) => format!("#{:02x}{:02x}{:02x}", rgb.r, rgb.g, rgb.b),
    }
}

#[test]
fn every_recording_ends_in_the_screen_that_other_terminals_show() {
    let names = names();
    assert!(names.len() >= 30, "{names:?}");
    for name in names {
        let expected = String::from_utf8(recording(&format!("{name}.screen"))).expect("a screen is UTF-8");
        for size in [usize::MAX, 1, 7] {
            let shown = screen(&replay(&name, size));
            assert!(shown == expected, "{name} in pieces of {size}:\n{}", difference(&shown, &expected));
        }
    }
}

/// The lines that differ.
fn difference(shown: &str, expected: &str) -> String {
    let (shown, expected): (Vec<_>, Vec<_>) = (shown.lines().collect(), expected.lines().collect());
    let gone = expected.iter().filter(|line| !shown.contains(line)).map(|line| format!("- {line}\n"));
    let new = shown.iter().filter(|line| !expected.contains(line)).map(|line| format!("+ {line}\n"));
    gone.chain(new).collect()
}

#[test]
fn frames_taken_on_the_way_end_in_the_same_picture() {
    for name in names() {
        let (terminal, mut by_damage) = (terminal(80, 24), Content::default());
        for chunk in recording(&format!("{name}.bytes")).chunks(64) {
            let _ = terminal.advance(chunk);
            terminal.snapshot(&mut by_damage);
        }
        let whole = content(&terminal);
        for (line, (damaged, drawn)) in by_damage.rows.iter().zip(&whole.rows).enumerate() {
            assert_eq!(damaged.cells, drawn.cells, "{name}, line {line}");
        }
    }
}
