//! What real programs wrote, replayed into the grid that a terminal must show.
//!
//! `NAME.bytes` is what the program wrote to a terminal of 80 columns and 24 lines, `NAME.screen` what another emulator
//! (tmux) showed after it: 24 lines, then the cursor's line and column and whether the alternate screen was on.

use std::path::PathBuf;
use std::sync::Arc;

use term::terminal::{Content, Palette, Rgb, Size, Terminal};

const PALETTE: Palette = Palette {
    foreground: Rgb::hex(0xd0d0d0),
    background: Rgb::hex(0x101010),
    cursor: Rgb::hex(0xffffff),
    cursor_text: Rgb::hex(0x000000),
    selection: Rgb::hex(0x404040),
    ansi: [Rgb::hex(0x0000ff); 16],
};

fn recording(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")
}

fn terminal() -> Arc<Terminal> {
    Terminal::new(Size { columns: 80, lines: 24, width: 640, height: 384 }, 1000, PALETTE)
}

/// What the terminal shows, in the form of a `.screen` file.
fn screen(terminal: &Terminal) -> String {
    let mut content = Content::default();
    terminal.snapshot(&mut content);
    let cursor = content.cursor.map(|cursor| (cursor.line, cursor.column)).unwrap_or_default();
    let alternate = u8::from(content.modes.alternate_screen);
    format!("{}cursor {} {} alternate {alternate}\n", terminal.visible_text(), cursor.0, cursor.1)
}

/// Replays a recording in pieces of `size` bytes.
fn replay(name: &str, size: usize) -> String {
    let terminal = terminal();
    for chunk in recording(&format!("{name}.bytes")).chunks(size) {
        let _answers = terminal.advance(chunk);
    }
    // What a synchronized update still holds would show in a moment.
    let _answers = terminal.end_sync();
    screen(&terminal)
}

fn expect(name: &str) {
    let expected = String::from_utf8(recording(&format!("{name}.screen"))).expect("a screen is UTF-8");
    assert_eq!(replay(name, usize::MAX), expected, "{name} at once");
    assert_eq!(replay(name, 1), expected, "{name} byte by byte");
    assert_eq!(replay(name, 7), expected, "{name} in sevens");
}

#[test]
fn a_listing_in_colour() {
    expect("ls");
}

#[test]
fn an_editor_with_two_windows() {
    expect("vim");
}

#[test]
fn an_editor_that_gave_the_screen_back() {
    expect("vim_quit");
}

#[test]
fn a_pager_with_a_search() {
    expect("less");
}

#[test]
fn a_multiplexer_with_three_panes() {
    expect("tmux");
}

#[test]
fn a_shell_with_line_editing() {
    expect("readline");
}

#[test]
fn frames_taken_on_the_way_end_in_the_same_picture() {
    for name in ["ls", "vim", "vim_quit", "less", "tmux", "readline"] {
        let (terminal, mut by_damage) = (terminal(), Content::default());
        for chunk in recording(&format!("{name}.bytes")).chunks(64) {
            let _answers = terminal.advance(chunk);
            terminal.snapshot(&mut by_damage);
        }
        let mut whole = Content::default();
        terminal.snapshot(&mut whole);
        for (line, (damaged, drawn)) in by_damage.rows.iter().zip(&whole.rows).enumerate() {
            assert_eq!(damaged.cells, drawn.cells, "{name}, line {line}");
        }
    }
}

#[test]
fn a_directory_is_blue_and_bold() {
    let terminal = terminal();
    let _answers = terminal.advance(&recording("ls.bytes"));
    let mut content = Content::default();
    terminal.snapshot(&mut content);
    let line = terminal.visible_text();
    let column = line.find("doc/").expect("doc/ is listed in the first line");
    let cell = &content.rows[0].cells[column];
    assert!(cell.bold);
    assert_eq!(cell.foreground, Rgb::hex(0x0000ff));
}
